"""Who does what to whom: what only the order of the words tells.

"Ik heb mijn zoon geslagen" and "mijn zoon heeft mij geslagen" have the same words and need other help. Phrases of
`words/deeds.csv`, written as those of `danger.csv`; `{kind}` is any word of that group in `words/groups.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from portal.search.phrases import Phrases

_GROUP = re.compile(r"\{(\w+)\}")


class Deeds:
    """Knows which phrases tell a topic by the order of their words."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are topics and words, groups written out."""
        self._phrases = Phrases(phrases)

    def told_in(self, words: Sequence[str]) -> Mapping[str, frozenset[int]]:
        """The topics that these words (folded) tell, in their order, and where the words stand that do it.

        Each word is told once: by the longest phrase, then by the one that leaves the fewest words out, then the first.
        """
        told = sorted(self._phrases.found_in(words), key=lambda one: (-len(one[1]), _left_out(one[1]), one[1]))
        found: dict[str, frozenset[int]] = {}
        for topic, places in told:
            if not any(taken.intersection(places) for taken in found.values()):
                found[topic] = found.get(topic, frozenset()).union(places)
        return dict(sorted(found.items(), key=lambda one: min(one[1])))


def _left_out(places: Sequence[int]) -> int:
    return places[-1] - places[0] + 1 - len(places)


def written_out(phrase: str, groups: Mapping[str, str]) -> str:
    """The phrase with the words of its groups. Raises ValueError for a group that is not there."""
    if unknown := [name for name in _GROUP.findall(phrase) if name not in groups]:
        raise ValueError(f"names a group {unknown[0]!r} that is not in groups.csv")
    return _GROUP.sub(lambda found: groups[found[1]], phrase)
