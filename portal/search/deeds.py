"""Who does what to whom: what only the order of the words tells.

"Ik heb mijn zoon geslagen" and "mijn zoon heeft mij geslagen" have the same words and need other help. Phrases of
`words/deeds.csv`, written as those of `danger.csv`; `{kind}` is any word of that group in `words/groups.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from portal.search.phrases import Phrases, steps_of

_GROUP = re.compile(r"\{(\w+)\}")


class Deeds:
    """Knows which phrases tell a topic by the order of their words."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are topics and words, groups written out; of two that end at one word the longer one tells."""
        self._phrases = Phrases((f"{len(steps_of(words))} {topic}", words) for topic, words in phrases)

    def told_in(self, words: Sequence[str]) -> Mapping[str, frozenset[int]]:
        """The topics that these words (folded) tell, in their order, and where the words stand that do it."""
        best: dict[int, tuple[int, str, tuple[int, ...]]] = {}
        for meaning, places in self._phrases.found_in(words):
            steps, topic = meaning.split(" ", 1)
            if places[-1] not in best or int(steps) > best[places[-1]][0]:
                best[places[-1]] = int(steps), topic, places
        found: dict[str, frozenset[int]] = {}
        for _, topic, places in best.values():
            found[topic] = found.get(topic, frozenset()).union(places)
        return found


def written_out(phrase: str, groups: Mapping[str, str]) -> str:
    """The phrase with the words of its groups. Raises ValueError for a group that is not there."""
    if unknown := [name for name in _GROUP.findall(phrase) if name not in groups]:
        raise ValueError(f"names a group {unknown[0]!r} that is not in groups.csv")
    return _GROUP.sub(lambda found: groups[found[1]], phrase)
