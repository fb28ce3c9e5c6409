"""The page of results, ready for a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from portal.catalogue import wording
from portal.catalogue.presenters.common import Context, MunicipalityHelp, OfferCard
from portal.catalogue.types import Framework, OfferAccess, ProviderSize, Setting
from portal.core import languages
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Option, Pager
from portal.search.criteria import WAITING_WEEKS, Criteria, Sort
from portal.search.queries import PAGE_SIZE, Answer


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, with the address of the same page without it."""

    label: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its choices; `name` is the parameter in the address."""

    name: str
    label: str
    options: tuple[Option, ...]
    multiple: bool
    """Check boxes where several make sense, a select box where one is chosen."""
    explanation: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """What was asked, what was found, and how to go on."""

    q: str
    heading: str
    """"12 aanbieders passen bij uw vraag in Heerlen"."""
    chips: tuple[Chip, ...]
    clear_href: str
    municipalities: tuple[Option, ...]
    age: str
    age_error: str
    facets: tuple[Facet, ...]
    sorts: tuple[Option, ...]
    order_explanation: str
    results: tuple[OfferCard, ...]
    pager: Pager
    suggestions: tuple[Link, ...]
    """What to try where nothing, or little, was found."""
    help_nearby: MunicipalityHelp | None
    hidden_fields: tuple[tuple[str, str], ...]
    """Parameters that the form must carry along."""


_SORTS = {
    Sort.RELEVANCE: N_("Fits best"),
    Sort.WAITING: N_("Soonest"),
    Sort.NAME: N_("By name"),
}
_FRAMEWORK_CHOICES = {
    Framework.VOLUNTARY: N_("Voluntary help"),
    Framework.MANDATORY: N_("Help that a court decides about"),
}


def results_page(
    criteria: Criteria,
    answer: Answer,
    cards: tuple[OfferCard, ...],
    municipalities: tuple[Option, ...],
    help_nearby: MunicipalityHelp | None,
    typed_age: str,
    context: Context,
) -> ResultsPage:
    """The page that answers `criteria`; `typed_age` is what stands in the age field, read or not."""
    return ResultsPage(
        q=criteria.q,
        heading=_heading(criteria, answer.total, context),
        chips=_chips(criteria, context),
        clear_href=link("search.results"),
        municipalities=municipalities,
        age=typed_age.strip()[:20],
        age_error=gettext("This is not an age. Fill in a number from 0 to 27, for example 9.")
        if typed_age.strip() and criteria.age is None
        else "",
        facets=_facets(criteria, answer.counts, context),
        sorts=tuple(Option(sort, gettext(label), sort is criteria.sort) for sort, label in _SORTS.items()),
        order_explanation=_order_explanation(criteria),
        results=cards,
        pager=_pager(criteria, answer.total, context),
        suggestions=_suggestions(criteria, answer.total, context),
        help_nearby=help_nearby,
        hidden_fields=(("lang", context.language),) if context.language != languages.DEFAULT else (),
    )


def href(criteria: Criteria, context: Context) -> str:
    """The address of the page for `criteria`."""
    parameters = criteria.parameters(context.code_lists)
    if context.language != languages.DEFAULT:
        parameters.append(("lang", context.language))
    return f"/zoeken?{urlencode(parameters)}" if parameters else "/zoeken"


def _heading(criteria: Criteria, total: int, context: Context) -> str:
    place = context.municipality(criteria.municipality)
    if total == 0:
        return gettext("We found nothing that fits exactly")
    narrowed = criteria.parameters(context.code_lists)
    if not narrowed:
        return ngettext("%(num)s provider you can choose", "%(num)s providers you can choose from", total)
    if place:
        return ngettext("%(num)s provider fits in %(place)s", "%(num)s providers fit in %(place)s", total, place=place)
    return ngettext("%(num)s provider fits", "%(num)s providers fit", total)


def _chips(criteria: Criteria, context: Context) -> tuple[Chip, ...]:
    lists, language = context.code_lists, context.language
    chips: list[tuple[str, str, str | None]] = []
    if criteria.q:
        chips.append((f"“{wording.teaser(criteria.q, 60)}”", "q", None))
    if criteria.municipality:
        chips.append((context.municipality(criteria.municipality), "municipality", None))
    chips += [(context.arrangement(code).label, "arrangements", code) for code in criteria.arrangements]
    chips += [(context.topic(code), "topics", code) for code in criteria.topics]
    if criteria.age is not None:
        chips.append((gettext("%(age)s years", age=criteria.age), "age", None))
    chips += [(wording.setting(code), "settings", code) for code in criteria.settings]
    if criteria.longest_wait is not None:
        chips.append((_wait_label(criteria.longest_wait), "longest_wait", None))
    chips += [(lists.label("languages", code, language).label, "languages", code) for code in criteria.languages]
    chips += [(gettext(wording.SIZES[ProviderSize(code)]), "sizes", code) for code in criteria.sizes]
    if criteria.framework:
        chips.append((gettext(_FRAMEWORK_CHOICES[Framework(criteria.framework)]), "framework", None))
    if criteria.only_free:
        chips.append((gettext("Without a referral"), "only_free", None))
    return tuple(Chip(label, href(criteria.without(field, value), context)) for label, field, value in chips)


def _wait_label(weeks: int) -> str:
    return ngettext("Starts within %(num)s week", "Starts within %(num)s weeks", weeks)


def _facets(criteria: Criteria, counts: Mapping[str, Mapping[str, int]], context: Context) -> tuple[Facet, ...]:
    lists, language = context.code_lists, context.language

    def several(name: str, labels: Mapping[str, str], chosen: tuple[str, ...]) -> tuple[Option, ...]:
        found = counts[name]
        return tuple(
            Option(code, label, code in chosen, found.get(code, 0))
            for code, label in labels.items()
            if code in found or code in chosen
        )

    arrangements = {code: context.arrangement(code).label for code in lists.arrangements}
    tongues = {code: lists.label("languages", code, language).label for code in lists.languages}
    facets = (
        Facet(
            "onderwerp",
            gettext("What is it about?"),
            _topic_options(criteria, counts["onderwerp"], context),
            True,
            is_open=bool(criteria.topics),
        ),
        Facet(
            "arrangement",
            gettext("What kind of help?"),
            several("arrangement", arrangements, criteria.arrangements),
            True,
            is_open=bool(criteria.arrangements),
        ),
        Facet(
            "waar",
            gettext("Where?"),
            several("waar", {s: wording.setting(s) for s in Setting}, criteria.settings),
            True,
            is_open=True,
        ),
        Facet(
            "wachttijd",
            gettext("How soon?"),
            (
                Option("", gettext("Does not matter"), criteria.longest_wait is None),
                *(Option(str(w), _wait_label(w), w == criteria.longest_wait) for w in WAITING_WEEKS),
            ),
            False,
            gettext("Only providers who told us how long you wait, and who take new families."),
            is_open=criteria.longest_wait is not None,
        ),
        Facet(
            "taal", gettext("Which language?"), several("taal", tongues, criteria.languages), True,
            is_open=bool(criteria.languages),
        ),
        Facet(
            "grootte", gettext("How big?"), several("grootte", {s: gettext(wording.SIZES[s]) for s in ProviderSize},
            criteria.sizes), True, is_open=bool(criteria.sizes),
        ),
        Facet(
            "kader",
            gettext("Voluntary or not?"),
            (
                Option("", gettext("Does not matter"), criteria.framework is None),
                *(Option(f, gettext(label), f == criteria.framework) for f, label in _FRAMEWORK_CHOICES.items()),
            ),
            False,
            is_open=criteria.framework is not None,
        ),
        Facet(
            "vrij",
            gettext("With or without a referral?"),
            (Option("ja", gettext("Only help without a referral"), criteria.only_free, counts["vrij"].get(
                OfferAccess.FREE, 0)),),
            True,
            is_open=criteria.only_free,
        ),
    )  # fmt: skip
    return tuple(facet for facet in facets if facet.options)


def _topic_options(criteria: Criteria, found: Mapping[str, int], context: Context) -> tuple[Option, ...]:
    """Main topics; below one that is chosen (or holds a chosen one) also its children."""
    topics = context.code_lists.topics
    unfolded = {topics[code].parent or code for code in criteria.topics}
    options = []
    for code, topic in topics.items():
        shown = topic.parent is None or topic.parent in unfolded
        if shown and (code in found or code in criteria.topics):
            options.append(
                Option(
                    code, context.topic(code), code in criteria.topics, found.get(code, 0),
                    indent=0 if topic.parent is None else 1,
                )
            )  # fmt: skip
    return tuple(options)


def _order_explanation(criteria: Criteria) -> str:
    explanations = {
        Sort.RELEVANCE: gettext(
            "First the providers whose help holds most of your words, then those who can start soonest."
        )
        if criteria.q
        else gettext("First the providers who can start soonest, then by name."),
        Sort.WAITING: gettext("First the providers who can start soonest. Who told us nothing comes last."),
        Sort.NAME: gettext("By name, from A to Z."),
    }
    return explanations[criteria.sort] + " " + gettext("Nobody can pay for a place.")


def _pager(criteria: Criteria, total: int, context: Context) -> Pager:
    pages = max(1, -(-total // PAGE_SIZE))
    page = criteria.page

    def at(number: int) -> str:
        return href(replace(criteria, page=number), context)

    return Pager(
        page=page,
        pages=pages,
        previous_href=at(min(page - 1, pages)) if page > 1 else None,
        next_href=at(page + 1) if page < pages else None,
    )


def _suggestions(criteria: Criteria, total: int, context: Context) -> tuple[Link, ...]:
    """Where nothing was found: the same question with one filter less, and the whole list."""
    if total > 0:
        return ()
    links = [
        Link(gettext("Search without “%(filter)s”", filter=chip.label.strip("“”")), chip.remove_href)
        for chip in _chips(criteria, context)
    ]
    links.append(Link(gettext("See all providers"), link("catalogue.providers")))
    return tuple(links)
