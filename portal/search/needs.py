"""Topics that nobody is to read who did not speak of them: "mijn moeder" makes nobody a young mother.

Such a topic is told beside others, or asked about, only where a phrase of `words/needs.csv` stands in the question,
written as those of `deeds.csv`. What the whole sentence clearly says first of all needs none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.search.phrases import Phrases


class Needs:
    """Knows which topics need certain words, and hears these."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are topics and words."""
        listed = list(phrases)
        self._topics = frozenset(topic for topic, _ in listed)
        self._phrases = Phrases(listed)

    def unmet(self, words: Sequence[str]) -> frozenset[str]:
        """The topics none of whose words is among these (folded)."""
        return self._topics.difference(topic for topic, _ in self._phrases.found_in(words))
