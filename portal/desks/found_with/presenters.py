"""What led families to a provider, ready for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.codelists import CodeLists
from portal.catalogue.wording import listing, month
from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.pages import Option

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic for which the provider was shown."""

    label: str
    href: str
    times: str
    words: str
    """The words with which families asked for it."""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What led to a provider in a month."""

    months: Sequence[Option]
    topics: Sequence[FoundTopic]
    empty: str
    explained: Sequence[str]


def found_page(
    periods: Sequence[str], period: str, shown: Sequence[tuple[str, int]],
    said: Mapping[str, Sequence[tuple[str, int]]], least: int, lists: CodeLists,
) -> FoundPage:  # fmt: skip
    """The topics for which a provider was `shown`, most often first, with what was `said` of each."""
    empty = ""
    if not periods:
        empty = gettext("There is nothing to tell yet. A month is told when it is over.")
    elif not shown:
        empty = gettext("In this month no topic led to you often enough to tell.")
    return FoundPage(
        [Option(one, month(one), one == period) for one in periods],
        [_topic(code, times, said.get(code, ()), lists) for code, times in shown],
        empty,
        [
            gettext("Counted is how often you stood on the first page of results when a family asked for a topic."),
            gettext("Whether somebody opened your page we do not know: we follow nobody."),
            gettext(
                "The words are those of all families that asked for the topic, whoever they found. We count only "
                "words that search knows, never a sentence."
            ),
            gettext(
                "What happened fewer than %(least)s times in a month is not told, and numbers are rounded down. One "
                "day counts for a topic only up to a maximum.", least=least,
            ),
        ],
    )  # fmt: skip


def _topic(code: str, times: int, said: Sequence[tuple[str, int]], lists: CodeLists) -> FoundTopic:
    label = lists.label("topics", code, chosen()).label
    return FoundTopic(
        label,
        link("search.results", onderwerp=code),
        ngettext("at least %(num)s time", "at least %(num)s times", times),
        listing(word for word, _ in said[:MOST_WORDS]),
    )
