"""Where little was found: what else to ask, and how much that would find.

Each alternative was really asked, so that no page promises what it does not show; a bounded number of them is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from portal.catalogue.codelists import CodeLists
from portal.catalogue.geography import distance_km
from portal.search.answers import FEW, Answer
from portal.search.criteria import Criteria
from portal.search.question import Question

Ask = Callable[[Criteria], Answer]
"""Answers other criteria on the same day; the words of the question stay as they were understood."""

MOST_SHOWN = 3
MOST_TAKEN_OFF = 8
"""So many filters are tried; an address can hold dozens."""
MOST_NEIGHBOURS = 4
NEAR_KM = 25.0
_OF_THE_CHILD = ("age", "gender")
"""Facts, not wishes: to be dropped last."""
MOST_TOPICS_TRIED = 5
MOST_TOPICS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that is on: a field of the criteria, with one of its values where it has several, in words."""

    field: str
    value: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Other criteria, with how many providers they find."""

    criteria: Criteria
    total: int
    label: str
    """What was taken off; or the code of the municipality or topic that was chosen instead."""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Ways on from a page with little on it; each finds more than that page."""

    without: tuple[Alternative, ...] = ()
    """With one filter taken off: wishes before facts about the child, and what finds most first."""
    without_any: tuple[Alternative, ...] = ()
    """With only the question and the municipality left, where no single filter is to blame."""
    neighbours: tuple[Alternative, ...] = ()
    """In municipalities nearby, nearest first."""
    region: tuple[Alternative, ...] = ()
    """Anywhere in the region."""
    topics: tuple[Alternative, ...] = ()
    """By another topic than the question, nearest first."""


def alternatives(
    criteria: Criteria,
    answer: Answer,
    filters: Sequence[Filter],
    municipalities: Sequence[str],
    code_lists: CodeLists,
    ask: Ask,
) -> Alternatives:
    """What to try instead of `criteria`; nothing where enough was found, or without an index to ask so often.

    `filters` are those that are on, `municipalities` (CBS codes) those of our regions.
    """
    if answer.total >= FEW or not answer.from_index:
        return Alternatives()

    def better(others: Iterable[tuple[Criteria, str]]) -> tuple[Alternative, ...]:
        tried = (Alternative(other, ask(other).total, label) for other, label in others)
        return tuple(alternative for alternative in tried if alternative.total > answer.total)

    def better_without(taken: Sequence[Filter]) -> list[Alternative]:
        found = better((criteria.without(one.field, one.value), one.label) for one in taken)
        return sorted(found, key=lambda alternative: -alternative.total)

    narrowing = [one for one in filters if not _is_the_point(one, criteria)][:MOST_TAKEN_OFF]
    wishes = [one for one in narrowing if one.field not in _OF_THE_CHILD]
    without = better_without(wishes) + better_without([one for one in narrowing if one.field in _OF_THE_CHILD])
    bare = reduce(lambda fewer, one: fewer.without(one.field, one.value), narrowing, criteria)
    near = _nearby(criteria.municipality, municipalities, code_lists)
    related = _related_topics(criteria, answer.question, code_lists)
    return Alternatives(
        without=tuple(without[:MOST_SHOWN]),
        without_any=better([(bare, "")]) if len(narrowing) > 1 and not without else (),
        neighbours=better((_first_page(criteria, municipality=code), code) for code in near)[:MOST_SHOWN],
        region=better([(criteria.without("municipality"), "")]) if criteria.municipality else (),
        topics=better((_first_page(criteria, q="", not_read=(), topics=(code,)), code) for code in related)[
            :MOST_TOPICS_SHOWN
        ],
    )


def _is_the_point(one: Filter, criteria: Criteria) -> bool:
    """Whether nothing of what is asked would be left without this filter, or a wider area is offered for it."""
    only_topic = one.field == "topics" and not criteria.q and len(criteria.topics) == 1
    return only_topic or one.field in ("q", "municipality")


def _first_page(criteria: Criteria, **changes: object) -> Criteria:
    return replace(criteria, page=1, **changes)  # type: ignore[arg-type]


def _nearby(municipality: str | None, municipalities: Sequence[str], code_lists: CodeLists) -> list[str]:
    """The nearest other municipalities of our regions, by their reference points."""
    if municipality is None:
        return []
    here = code_lists.municipalities[municipality].point
    far = {code: distance_km(here, code_lists.municipalities[code].point) for code in municipalities}
    near = [code for code in far if code != municipality and far[code] <= NEAR_KM]
    return sorted(near, key=lambda code: far[code])[:MOST_NEIGHBOURS]


def _related_topics(criteria: Criteria, question: Question, code_lists: CodeLists) -> list[str]:
    """The nearest first: what else the question may be about, then what lies above that, then beside it.

    With a question its own topics come first: its words may have narrowed the search, or a filter on a topic.
    """
    asked = [guess.topic for guess in question.topics] if criteria.q else []
    chosen = asked[:1] or list(criteria.topics[:1])
    parents = [parent for code in chosen if (parent := code_lists.topics[code].parent)]
    beside = [code for code, topic in code_lists.topics.items() if topic.parent in parents]
    related = dict.fromkeys((*asked, *parents, *beside))
    return [code for code in related if code not in criteria.topics][:MOST_TOPICS_TRIED]
