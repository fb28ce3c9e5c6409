"""The page of results, ready for a template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote_plus, urlencode

from portal.catalogue import wording
from portal.catalogue.models import Offer
from portal.catalogue.places import Place, Precision
from portal.catalogue.presenters.common import (
    Context,
    MunicipalityHelp,
    age_error,
    crisis_notice,
    offer_link,
    places_of,
    postcode_error,
)
from portal.catalogue.presenters.region_map import Found, RegionMap, views
from portal.catalogue.types import Framework, OfferAccess, ProviderSize, Setting
from portal.core import carried, languages
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.pages import Chip, Link, NavLink, Notice, Pager, Tone
from portal.search.alternatives import Filter
from portal.search.answers import PAGE_SIZE, Answer
from portal.search.cards import ResultCard
from portal.search.criteria import TAKEN_OFF, Criteria, Sort
from portal.search.danger_notices import danger_notice
from portal.search.facets import FRAMEWORKS, facets, municipalities, sorts, wait_label, within_label
from portal.search.meaning import SHOWN_TOPICS
from portal.search.question import Question
from portal.search.suggestions import Suggestion, SuggestionKind
from portal.search.understanding import TopicGuess
from portal.search.way_answers import advice, way_answers
from portal.search.ways_on import WaysOn


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was understood, to be put right where it was not."""

    topics: tuple[Link, ...]
    """What we also searched for; each leads to all help about that topic, and says which words led to it."""
    nearby: tuple[Link, ...]
    """What is like it, and was searched for too where there is little for that itself."""
    others: tuple[Link, ...]
    """What may have been meant instead."""
    corrections: str
    """"Wij lazen “autisime” als “autisme”."; empty where nothing was."""
    unknown: str
    """"Deze woorden kennen wij niet: …"; empty where all were known."""


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What may come before choosing: somebody to talk to, and help for which no referral is needed."""

    name: str
    phone: str
    phone_href: str
    opening_hours: str
    """Of the access point of the municipality; empty where that is not known."""
    without_referral: Link | None
    """To the same question with only that help; None where there is none, or only that is asked."""


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """What was asked, what was found, and how to go on."""

    q: str
    heading: str
    """"12 aanbieders passen bij uw vraag in Heerlen"."""
    chips: tuple[Chip, ...]
    quick: tuple[Link, ...]
    """Filters that many families want, one step away."""
    clear_href: str
    municipalities: str
    """The options of their box, as markup."""
    postcode: str
    postcode_error: str
    age: str
    age_error: str
    facets: str
    """The filters with their choices, as markup."""
    sorts: str
    """The options of their box, as markup."""
    order_explanation: str
    results: tuple[str, ...]
    """The cards of what fits, as markup."""
    further: tuple[str, ...]
    """Those of what fits less exactly."""
    further_heading: str
    map: RegionMap | None
    """In place of `results`, where that was asked."""
    not_on_map: str
    """That there are more than the map shows; empty where there are not."""
    views: tuple[NavLink, ...]
    """As a list, or on the map."""
    pager: Pager
    ways_on: WaysOn | None
    """What to try where nothing, or little, was found."""
    first_steps: FirstSteps | None
    help_nearby: MunicipalityHelp | None
    shows_lighter_help: bool
    """Whether all help without a referral is listed: where nothing was asked that it could fit."""
    hidden_fields: tuple[tuple[str, str], ...]
    """Parameters that the form must carry along."""
    dangers: tuple[Notice, ...]
    """Whom to call first, where the question speaks of danger."""
    answers: tuple[Notice, ...]
    """What comes before any provider, and to what was asked about the way to help."""
    understood: Understood | None
    """None where nothing was asked in words."""
    notice: Notice | None
    """Where only the words themselves could be looked up, nothing was understood, or a provider that was named is not
    among the results."""
    about: str
    """What the question tells of the family, as the parameters of choosing: a list on the device takes it along."""


MOST_ON_MAP = 400


def results_page(
    criteria: Criteria,
    answer: Answer,
    cards: tuple[ResultCard, ...],
    region_map: RegionMap | None,
    help_nearby: MunicipalityHelp | None,
    typed_age: str,
    typed_postcode: str,
    ways_on: WaysOn | None,
    not_among: tuple[Link, ...],
    context: Context,
) -> ResultsPage:
    """The page that answers `criteria`; `typed_…` is what stands in the field, read or not, and `not_among` are the
    pages of providers that the question names and that are not among the results."""
    closely = sum(hit.fits_closely for hit in answer.hits)
    if answer.place is None:
        # What cannot be measured neither narrows nor orders, and the page does not pretend that it does.
        sort = Sort.RELEVANCE if criteria.sort is Sort.DISTANCE else criteria.sort
        criteria = replace(criteria, within_km=None, sort=sort)
    return ResultsPage(
        q=criteria.q,
        heading=_heading(criteria, answer, context),
        chips=_chips(criteria, context),
        quick=tuple(_quick(criteria, answer, context)),
        clear_href=link("search.results"),
        municipalities=municipalities(answer.counts if _counts_hold_elsewhere(criteria, answer.place) else {}, context),
        postcode=typed_postcode.strip()[:20],
        postcode_error=postcode_error(typed_postcode, criteria.postcode, answer.place),
        age=typed_age.strip()[:20],
        age_error=age_error(typed_age, criteria.age),
        facets=facets(criteria, answer.counts, answer.place, context),
        sorts=sorts(criteria, answer.place, context),
        order_explanation=_order_explanation(criteria),
        results=tuple(card.written() for card in cards[:closely]),
        further=tuple(card.written() for card in cards[closely:]),
        further_heading=_further_heading(closely, criteria),
        map=region_map,
        not_on_map=_not_on_map(criteria, answer.total),
        views=_views(criteria, context) if answer.total else (),
        pager=_pager(criteria, answer.total, context),
        ways_on=ways_on,
        first_steps=_first_steps(criteria, answer, help_nearby, context),
        help_nearby=help_nearby,
        shows_lighter_help=not (criteria.q or criteria.topics or criteria.only_free),
        hidden_fields=_hidden_fields(criteria),
        dangers=tuple(danger_notice(danger) for danger in answer.question.dangers),
        answers=tuple(_answers(criteria, answer.question, context)),
        understood=understood(answer.question, context) if criteria.q else None,
        notice=_notice(criteria, answer, not_among),
        about=_about(criteria, answer.question, context),
    )


def _answers(criteria: Criteria, question: Question, context: Context) -> Iterator[Notice]:
    """What comes before any provider, and answers to questions about the way to help."""
    if "crisis" in question.told:
        yield crisis_notice(context)
    yield from advice(question, criteria.age if criteria.q else None)
    yield from way_answers(question.ways)


def _further_heading(closely: int, criteria: Criteria) -> str:
    """What stands above what fits less exactly, where so many before it on the page fit."""
    if closely or criteria.page > 1:
        return gettext("These fit less exactly")
    return gettext("Nothing fits exactly: these come closest")


def _notice(criteria: Criteria, answer: Answer, not_among: tuple[Link, ...]) -> Notice | None:
    question = answer.question
    if not answer.from_index:
        return Notice(
            Tone.INFO,
            gettext("We looked for your words themselves"),
            gettext("Our search by meaning is being made ready. Look again in a few minutes for better results."),
        )
    if not_among:
        return Notice(
            Tone.INFO,
            gettext("You cannot choose this provider here now"),
            gettext("On the provider's own page you read why, or where and for whom it does help."),
            not_among,
        )
    if criteria.q and question.is_empty and answer.total and not (question.ways or question.dangers):
        return Notice(
            Tone.INFO,
            gettext("We do not know yet what it is about"),
            gettext("Write in a few words what is going on. You can also choose what it is about in the filters."),
        )
    return None


def _about(criteria: Criteria, question: Question, context: Context) -> str:
    topics = criteria.topics or question.carried_topics
    pairs = [
        ("gemeente", context.place or ""),
        ("postcode", (criteria.postcode or "")[:4]),
        ("leeftijd", "" if criteria.age is None else str(criteria.age)),
        ("voor", criteria.gender or ""),
        *(("onderwerp", topic) for topic in topics[:SHOWN_TOPICS]),
        ("taal", next(iter(criteria.languages), "")),
    ]
    return urlencode([(name, value) for name, value in pairs if value])


def _counts_hold_elsewhere(criteria: Criteria, place: Place | None) -> bool:
    """Whether another municipality leaves as many as counted: not where distance would be measured from there."""
    return criteria.within_km is None or place is None or place.precision is Precision.POSTCODE


def _first_steps(
    criteria: Criteria, answer: Answer, help_nearby: MunicipalityHelp | None, context: Context
) -> FirstSteps | None:
    teams = help_nearby.access_teams if help_nearby else ()
    team = next((team for team in teams if team.phone), None)
    free = 0 if criteria.only_free else answer.counts.get("vrij", {}).get(OfferAccess.FREE, 0)
    without_referral = (
        Link(
            ngettext("%(num)s provider helps without a referral", "%(num)s providers help without a referral", free),
            href(replace(criteria, only_free=True, page=1), context),
        )
        if free and free < answer.total
        else None
    )
    if team is None and without_referral is None:
        return None
    return FirstSteps(
        name=team.name if team else "",
        phone=(team.phone or "") if team else "",
        phone_href=(team.phone_href or "") if team else "",
        opening_hours=(team.opening_hours or "") if team else "",
        without_referral=without_referral,
    )


def _hidden_fields(criteria: Criteria) -> tuple[tuple[str, str], ...]:
    fields = [("gelezen", criteria.q)] if criteria.q else []
    fields += [("voor", criteria.gender)] if criteria.gender else []
    fields += [(name, TAKEN_OFF) for name in criteria.not_read if name == "voor"]
    fields += [("kaart", "ja")] if criteria.on_map else []
    return (*fields, *carried.parameters())


def understood(question: Question, context: Context) -> Understood:
    """How a question was understood, with the ways to put it right."""

    def topic_link(guess: TopicGuess) -> Link:
        address = context.leads.search(context.place, topic=guess.topic)
        return Link(context.topic(guess.topic), address, ", ".join(guess.words))

    corrections = [
        gettext("We read “%(typed)s” as “%(meant)s”.", typed=typed, meant=meant)
        for typed, meant in question.corrections[:3]
    ]
    is_answered = question.topics or question.ways or question.providers or question.is_empty
    if context.language != languages.DEFAULT and not is_answered:
        corrections.append(gettext("We did not understand this. Try other words, or choose what it is about."))
    unknown = wording.quoted(question.unknown[:5])
    return Understood(
        topics=tuple(topic_link(guess) for guess in question.topics[:SHOWN_TOPICS]),
        # They speak to parents ("De band met uw kind"), and a child that asks is to find itself.
        nearby=() if question.is_of_child else tuple(topic_link(guess) for guess in question.nearby),
        others=tuple(topic_link(guess) for guess in (*question.topics[SHOWN_TOPICS:], *question.guesses)),
        corrections=" ".join(corrections),
        unknown=gettext("We do not know these words: %(words)s.", words=unknown) if unknown else "",
    )


def href(criteria: Criteria, context: Context) -> str:
    """The address of the page for `criteria`."""
    parameters = [*criteria.parameters(context.code_lists), *carried.parameters()]
    # Names are plain, and so are most values.
    asked = "&".join(f"{n}={v if v.isascii() and v.isalnum() else quote_plus(v)}" for n, v in parameters)
    return f"/zoeken?{asked}" if asked else "/zoeken"


def _heading(criteria: Criteria, answer: Answer, context: Context) -> str:
    place, total = context.municipality(criteria.municipality), answer.total
    if total == 0:
        return gettext("We found nothing that fits exactly")
    # Where nothing was understood nothing was looked for, and nothing can be said to fit.
    q = "" if answer.question.is_empty and answer.from_index else criteria.q
    narrowed = replace(criteria, q=q, on_map=False).parameters(context.code_lists)
    if criteria.page == 1 and not any(hit.fits_closely for hit in answer.hits):
        return ngettext("%(num)s provider comes close", "%(num)s providers come close", total)
    if not narrowed:
        return ngettext("%(num)s provider you can choose", "%(num)s providers you can choose from", total)
    if place:
        return ngettext("%(num)s provider fits in %(place)s", "%(num)s providers fit in %(place)s", total, place=place)
    return ngettext("%(num)s provider fits", "%(num)s providers fit", total)


def _chips(criteria: Criteria, context: Context) -> tuple[Chip, ...]:
    return tuple(
        Chip(one.label, href(criteria.without(one.field, one.value), context))
        for one in filters_on(criteria, context)
        if one.field != "q"  # it stands in the search box
    )


_QUICK_SETTINGS = (Setting.HOME, Setting.SCHOOL)
_QUICK_WEEKS = 4


def _quick(criteria: Criteria, answer: Answer, context: Context) -> Iterator[Link]:
    """Where the help is and how soon it begins, so far as that leaves some and not all."""

    def leading(label: str, count: int, narrowed: Criteria) -> Iterator[Link]:
        if 0 < count < answer.total:
            yield Link(f"{label} ({count})", href(replace(narrowed, page=1), context))

    for setting in _QUICK_SETTINGS if not criteria.settings else ():
        count = answer.counts["waar"].get(setting, 0)
        yield from leading(wording.setting(setting), count, replace(criteria, settings=(setting.value,)))
    if criteria.longest_wait is None:
        count = answer.counts.get("wachttijd", {}).get(str(_QUICK_WEEKS), 0)
        yield from leading(wait_label(_QUICK_WEEKS), count, replace(criteria, longest_wait=_QUICK_WEEKS))


def filters_on(criteria: Criteria, context: Context) -> tuple[Filter, ...]:
    """The filters that are on, the question itself first."""
    lists, language = context.code_lists, context.language
    chips: list[tuple[str, str, str | None]] = []
    if criteria.q:
        chips.append((f"“{wording.teaser(criteria.q, 60)}”", "q", None))
    if criteria.municipality:
        chips.append((context.municipality(criteria.municipality), "municipality", None))
    if criteria.postcode:
        chips.append((gettext("postcode %(postcode)s", postcode=criteria.postcode[:4]), "postcode", None))
    if criteria.within_km is not None:
        chips.append((within_label(criteria.within_km), "within_km", None))
    chips += [(context.arrangement(code).label, "arrangements", code) for code in criteria.arrangements]
    chips += [(context.topic(code), "topics", code) for code in criteria.topics]
    if criteria.age is not None:
        chips.append((gettext("%(age)s years", age=criteria.age), "age", None))
    chips += [(wording.setting(code), "settings", code) for code in criteria.settings]
    if criteria.longest_wait is not None:
        chips.append((wait_label(criteria.longest_wait), "longest_wait", None))
    chips += [(lists.label("languages", code, language).label, "languages", code) for code in criteria.languages]
    chips += [(gettext(wording.SIZES[ProviderSize(code)]), "sizes", code) for code in criteria.sizes]
    if criteria.framework:
        chips.append((gettext(FRAMEWORKS[Framework(criteria.framework)]), "framework", None))
    if criteria.gender:
        chips.append((gettext("for a girl") if criteria.gender == "girls" else gettext("for a boy"), "gender", None))
    if criteria.only_free:
        chips.append((gettext("Without a referral"), "only_free", None))
    return tuple(Filter(field, value, label) for label, field, value in chips)


def _order_explanation(criteria: Criteria) -> str:
    soonest = gettext("We look at the start of the help, not at the first talk. Who told us nothing comes last.")
    explanations = {
        Sort.RELEVANCE: gettext(
            "First the providers whose help fits your words best, then those where it begins soonest. "
            "Who takes no new families now comes lower, and so does heavier help, help for one group of children, and "
            "help for which a child lives elsewhere, unless you ask for that. If you told us several things, help for "
            "each of them is among the first three, where there is any."
        )
        if criteria.q
        else soonest,
        Sort.DISTANCE: gettext(
            "First the help that comes to your home or your child's school, then who is nearest in a straight line."
        ),
        Sort.WAITING: soonest,
        Sort.NAME: gettext("By name, from A to Z."),
    }
    return explanations[criteria.sort] + " " + gettext("Nobody can pay for a place.")


def on_map(offer: Offer, context: Context) -> Found:
    """A provider as it stands in the list beside the map, with the offer that fits and where it is given."""
    provider = offer.provider
    told = (offer.name, wording.where(offer.settings, offer.arrangement))
    codes = {place.municipality for place in places_of(offer, provider) if place.municipality}
    explanation = " · ".join(part for part in told if part)
    return Found(Link(provider.name, offer_link(offer, provider, context), explanation), tuple(sorted(codes)))


def _views(criteria: Criteria, context: Context) -> tuple[NavLink, ...]:
    as_list, on_map = (href(replace(criteria, on_map=on_map, page=1), context) for on_map in (False, True))
    return views(as_list, on_map, criteria.on_map)


def _not_on_map(criteria: Criteria, total: int) -> str:
    if not criteria.on_map or total <= MOST_ON_MAP:
        return ""
    return gettext(
        "The map shows %(shown)s of %(total)s. Choose a filter to see the others.", shown=MOST_ON_MAP, total=total
    )


def _pager(criteria: Criteria, total: int, context: Context) -> Pager:
    pages = 1 if criteria.on_map else max(1, -(-total // PAGE_SIZE))
    page = criteria.page

    def at(number: int) -> str:
        return href(replace(criteria, page=number), context)

    return Pager(
        page=page,
        pages=pages,
        previous_href=at(min(page - 1, pages)) if page > 1 else None,
        next_href=at(page + 1) if page < pages else None,
    )


@dataclass(frozen=True, slots=True)
class Suggested:
    """Something that may be meant by what was typed so far."""

    kind: SuggestionKind
    label: str
    about: str
    """What kind of thing it is, in a few words; empty where the label says it."""
    href: str


def suggested(suggestion: Suggestion, context: Context) -> Suggested:
    """The suggestion with where it leads: a topic to a search, a provider to its page."""
    if suggestion.kind is SuggestionKind.PROVIDER:
        address = link("catalogue.provider", slug=suggestion.target)
        return Suggested(suggestion.kind, suggestion.label, gettext("Provider"), address)
    about = "" if suggestion.is_name else context.topic(suggestion.topic)
    return Suggested(suggestion.kind, suggestion.label, about, href(Criteria(q=suggestion.target), context))
