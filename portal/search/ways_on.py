"""What a page says where it has little or nothing to show: ways on that work, and the tree of topics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.presenters.common import Context
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.pages import Link, Notice, Tone
from portal.search.alternatives import Alternative, Alternatives, Ask, Filter, alternatives
from portal.search.answers import Answer
from portal.search.criteria import Criteria

Href = Callable[[Criteria], str]


@dataclass(frozen=True, slots=True)
class TopicBranch:
    """A main topic with those below it; each label says how many providers there are."""

    topic: Link
    below: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class WaysOn:
    """How to go on from a page with little on it."""

    notice: Notice | None
    """Where no word was understood."""
    links: tuple[Link, ...]
    topics: tuple[TopicBranch, ...]
    """All that can be chosen from, where no word was understood."""


def ways_on(
    criteria: Criteria,
    answer: Answer,
    filters: Sequence[Filter],
    municipalities: Sequence[str],
    ask: Ask,
    href: Href,
    context: Context,
) -> WaysOn | None:
    """Ways on from this answer; None where enough was found, or little and nothing finds more."""
    found = alternatives(criteria, answer, filters, municipalities, context.code_lists, ask)
    links = tuple(_links(found, href, context))
    if answer.total > 0:
        return WaysOn(None, links, ()) if links else None
    links = (*links, Link(gettext("See all providers"), link("catalogue.providers")))
    question = answer.question
    if not criteria.q or question.topics or question.providers or not answer.from_index:
        return WaysOn(None, links, ())
    notice = Notice(
        Tone.INFO,
        gettext("We do not understand these words yet"),
        gettext("That is our fault, not yours. Try it in other words, or choose below what it is about."),
    )
    everything = Criteria(municipality=criteria.municipality)
    return WaysOn(notice, links, tuple(_branches(everything, ask(everything).counts["onderwerp"], href, context)))


def _links(found: Alternatives, href: Href, context: Context) -> Iterator[Link]:
    def leading(label: str, alternative: Alternative, explanation: str = "") -> Link:
        return Link(f"{label}: {_providers(alternative.total)}", href(alternative.criteria), explanation)

    for one in found.without:
        yield leading(gettext("Without “%(filter)s”", filter=one.label), one)
    for one in found.without_any:
        yield leading(gettext("Without all these filters"), one)
    ask_them = gettext("Ask the access point of your municipality whether you can go there.")
    for one in found.neighbours:
        yield leading(gettext("In %(place)s", place=context.municipality(one.label)), one, ask_them)
        ask_them = ""
    for one in found.region:
        yield leading(gettext("In the whole region"), one, ask_them)
    for one in found.topics:
        yield leading(gettext("All about “%(topic)s”", topic=context.topic(one.label)), one)


def _branches(everything: Criteria, counts: Mapping[str, int], href: Href, context: Context) -> Iterator[TopicBranch]:
    """The topics for which there are providers."""
    known = context.code_lists.topics

    def leading(code: str) -> Link:
        criteria = Criteria(municipality=everything.municipality, topics=(code,))
        return Link(context.topic(code), href(criteria), _providers(counts[code]))

    for code, topic in known.items():
        if topic.parent is None and code in counts:
            below = (child for child in known if known[child].parent == code and child in counts)
            yield TopicBranch(leading(code), tuple(leading(child) for child in below))


def _providers(total: int) -> str:
    return ngettext("%(num)s provider", "%(num)s providers", total)
