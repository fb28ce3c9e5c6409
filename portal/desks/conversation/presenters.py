"""Search and list of a conversation, ready for a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from portal.catalogue import wording
from portal.catalogue.ages import read_age
from portal.catalogue.availability import status_of
from portal.catalogue.criteria import LIST
from portal.catalogue.models import Offer
from portal.catalogue.presenters.common import (
    AccessPointCard,
    Context,
    MunicipalityHelp,
    age_error,
    offer_card,
    only_somewhere,
    phone_href,
)
from portal.catalogue.types import OfferAccess
from portal.choosing.criteria import Pairs
from portal.choosing.presenters.common import address, language_field
from portal.choosing.types import Sheet
from portal.core.languages import gettext, ngettext
from portal.core.pages import Link, Notice, Option, Pager
from portal.desks.conversation.criteria import ALL_MUNICIPALITIES, Conversation
from portal.desks.conversation.leads import COMPARE, LIST_PAGE, REMEMBER, SEARCH, SHEET
from portal.desks.phased_figures.presenters import FigureLine, figure_lines
from portal.outcomes.models import Figure
from portal.outcomes.types import Rules
from portal.search.criteria import READABLE, WAITING_WEEKS, Criteria, Sort, named_by
from portal.search.danger_notices import danger_notice
from portal.search.presenters import Understood, filters_on, understood
from portal.search.question import Question


@dataclass(frozen=True, slots=True)
class FoundOffer:
    """Something that was found, with the figures of that help."""

    key: str
    """What names it in an address."""
    provider: Link
    offer: Link
    about: str
    waiting: str
    """How soon one can begin; empty where nobody can begin now."""
    old: str
    """That the waiting time was told long ago, or empty."""
    only_somewhere: str
    """In which municipalities one can choose it, where that is not in all and none was chosen; else empty."""
    phone: Link | None
    """To refer somebody, or to ask."""
    group: str
    """Small, freely accessible, or bigger: so that one sees whose turn it was."""
    notices: Sequence[Notice]
    figures: Sequence[FigureLine]
    figures_title: str
    """What they stand under where they are folded."""
    is_listed: bool
    remove_href: str
    """The list without it."""


@dataclass(frozen=True, slots=True)
class Remember:
    """The offer to begin each search with the municipality that was chosen."""

    label: str
    value: str
    """CBS code; empty for all municipalities."""
    href: str


def remember(asked: Conversation, context: Context, usual: str) -> Remember | None:
    """For who works in no municipality; `usual` is the one that is remembered, as a CBS code."""
    chosen = context.situation.municipality or ""
    if chosen == usual or not asked.filters:
        return None
    place = context.municipality(chosen) or gettext("all municipalities")
    label = gettext("Begin with %(place)s from now on", place=place)
    return Remember(label, chosen, address(REMEMBER, asked.pairs))


def own_first(options: Sequence[Option], own: str) -> Sequence[Option]:
    """The municipalities with the one called `own` before the others."""
    return sorted(options, key=lambda option: option.value != own)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Search together, and put on the list."""

    q: str
    age: str
    age_error: str
    municipalities: Sequence[Option]
    any_municipality: str
    """The value of no municipality."""
    remember: Remember | None
    """None where this municipality is remembered already, or is theirs by their work."""
    arrangements: Sequence[Option]
    waits: Sequence[Option]
    sorts: Sequence[Option]
    kept: Pairs
    """What the form of the search carries along: the list, and the language."""
    dangers: Sequence[Notice]
    """Whom to call first, where the question speaks of danger."""
    understood: Understood | None
    """How the question was read, and which words say nothing to us; None where nothing was asked in words."""
    said: str
    """Which filters the words themselves set."""
    count: str
    """Empty where nothing was asked yet."""
    order: str
    """How the order comes about."""
    access_teams: Sequence[AccessPointCard]
    """Whom to call in the municipality; empty for who works there."""
    no_team: str
    """Why nobody stands there; else empty."""
    results: Sequence[FoundOffer]
    pager: Pager
    all_href: str
    """Everything that fits, in the order of the search; empty where that is shown."""
    turns_href: str
    """Back to the first ones in turn; empty where these are shown."""
    list_fields: Pairs
    """What the form of the list carries along: the search, and what is on the list but not among the results."""
    list_count: str
    list_href: str
    """Empty where nothing is on the list."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list for a conversation."""

    offers: Sequence[FoundOffer]
    lost: str
    """That something of the list is not there any more."""
    search_href: str
    compare_href: str
    """Beside each other; empty where there is nothing to compare."""
    figures_href: str
    """The figures of their phase beside each other; empty where they see none."""
    sheet_href: str
    """The sheet with the figures of their phase; empty for who may not put them on paper."""
    family_sheet_href: str
    """The sheet with what everybody may know."""
    count_href: str
    """Where a talk is counted; empty for who does not."""


def shown_offer(
    offer: Offer, figures: Iterable[Figure], asked: Conversation, rules: Rules, context: Context
) -> FoundOffer:
    """An offer in the search or on the list."""
    provider = offer.provider
    status = status_of(offer, provider.contracts, context.situation)
    card = offer_card(offer, provider, status, context)
    key, lines = context.key(offer, provider), figure_lines(offer, figures, rules, context)
    without = replace(asked, keys=tuple(other for other in asked.keys if other != key))
    return FoundOffer(
        key,
        Link(provider.name, card.provider_href),
        Link(card.name, card.href),
        " · ".join(filter(None, (card.arrangement.label, card.for_whom, card.places))),
        card.waiting,
        card.old,
        only_somewhere(offer, provider, status, context),
        Link(provider.phone, phone_href(provider.phone)) if provider.phone else None,
        _group(offer),
        card.notices,
        lines,
        ngettext("%(num)s figure", "%(num)s figures", len(lines)),
        key in asked.keys,
        address(LIST_PAGE, without.pairs),
    )


def _group(offer: Offer) -> str:
    if offer.access is OfferAccess.FREE:
        return gettext("Freely accessible, no referral needed")
    size = offer.provider.size
    return gettext(wording.SIZES[size]) if size else ""


def search_page(
    asked: Conversation, case: Conversation, municipalities: Sequence[Option], question: Question, total: int | None,
    results: Sequence[FoundOffer], pages: int, team: Team, offered: Remember | None, context: Context,
) -> SearchPage:  # fmt: skip
    """The page; `question` is what was asked, as it was read, and `total` is None where nothing was asked yet.

    `asked` is what was typed; `case` is that with what its words say, which goes along to the list.
    """
    told = asked.asked
    shown = {one.key for one in results}
    elsewhere = tuple(pair for pair in asked.list_pairs if pair[1] not in shown)
    fitted = () if total is None else (("gepast", str(total)),)
    is_read = bool(told.get("q")) and total is not None
    return SearchPage(
        q=told.get("q", ""),
        age=told.get("leeftijd", ""),
        age_error=age_error(told.get("leeftijd", ""), read_age(told.get("leeftijd"))),
        municipalities=municipalities,
        any_municipality=ALL_MUNICIPALITIES,
        remember=offered,
        arrangements=[
            Option(code, context.arrangement(code).label, code == told.get("arrangement"))
            for code in context.code_lists.arrangements
        ],
        waits=[
            Option(
                str(weeks), ngettext("Within %(num)s week", "Within %(num)s weeks", weeks),
                str(weeks) == told.get("wachttijd"),
            )
            for weeks in WAITING_WEEKS
        ],
        sorts=[Option(Sort.WAITING, gettext("Who can begin soonest"), asked.soonest_first)],
        kept=(*asked.list_pairs, *language_field(context)),
        dangers=[danger_notice(danger) for danger in question.dangers],
        understood=understood(question, context) if is_read else None,
        said=_said(question, asked.chosen, context) if is_read else "",
        count="" if total is None else ngettext("%(num)s provider fits", "%(num)s providers fit", total),
        order=_order(asked),
        access_teams=team.cards,
        no_team=team.why_none,
        results=results,
        pager=_pager(asked, pages),
        all_href="" if asked.shows_all else address(SEARCH, (*asked.pairs, ("alle", "ja"))),
        turns_href=address(SEARCH, asked.pairs) if asked.shows_all else "",
        list_fields=(*case.filters, *fitted, *elsewhere, *language_field(context)),
        list_count=ngettext("%(num)s on your list", "%(num)s on your list", len(asked.keys)),
        list_href=address(LIST_PAGE, case.pairs) if asked.keys else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Team:
    """Whom to call in the municipality that was chosen."""

    cards: Sequence[AccessPointCard] = ()
    why_none: str = ""


def team_of(nearby: MunicipalityHelp | None, *, is_own: bool) -> Team:
    """The access team with its phone and hours; for who works in it (`is_own`) there is nobody to call."""
    if is_own:
        return Team()
    if nearby is None:
        return Team(why_none=gettext("Choose the municipality of the family: then you see here whom you can call."))
    if not nearby.access_teams:
        return Team(
            why_none=gettext(
                "We do not know the access point of %(name)s yet. Call the municipality: 14 and its area code.",
                name=nearby.name,
            )
        )
    return Team(nearby.access_teams)


def said_filters(question: Question, context: Context) -> Mapping[str, str]:
    """The filters of a conversation that the words of the question say themselves, as parameters."""
    age = {} if question.age is None else {"leeftijd": str(question.age)}
    place = context.municipality(question.municipality)
    return age | ({"gemeente": place} if place else {})


def _said(question: Question, chosen: Mapping[str, str], context: Context) -> str:
    named = {field: value for field, value in named_by(question).items() if READABLE[field] not in chosen}
    labels = [one.label for one in filters_on(replace(Criteria(), **named), context)]  # type: ignore[arg-type]
    return gettext("Your words also say: %(filters)s.", filters=wording.listing(labels)) if labels else ""


def _order(asked: Conversation) -> str:
    if asked.shows_all and asked.soonest_first:
        return gettext(
            "Who can begin soonest comes first, whoever told nothing last. Figures, size and money play no part."
        )
    if asked.shows_all:
        return gettext("The order follows the question; figures, size and money play no part in it.")
    if asked.soonest_first:
        return gettext(
            "As many small providers as bigger ones, and as much help without a referral: of each those who can begin "
            "soonest. The soonest stands on top, whoever told nothing below. Figures and money play no part."
        )
    return gettext(
        "In turn: a small provider, help without a referral, a bigger provider. In each, what is closest to the "
        "question comes first, and the first three are of different providers where that can be. Figures and money "
        "play no part."
    )


def _pager(asked: Conversation, pages: int) -> Pager:
    def href(page: int) -> str:
        return address(SEARCH, (*asked.pairs, ("alle", "ja"), ("pagina", str(page))))

    return Pager.at(min(asked.page, pages), pages, href)


def list_page(
    asked: Conversation, offers: Sequence[FoundOffer], arrangement: str,
    *, sees_figures: bool, prints_figures: bool, counts: bool,
) -> ListPage:  # fmt: skip
    """The list of this conversation, and where it leads; the talk is about `arrangement`, as far as one can tell."""
    keys = tuple(pair for pair in asked.list_pairs if pair[1] in {one.key for one in offers})
    case = tuple(pair for pair in asked.pairs if pair[0] != LIST or pair in keys)
    counted: Mapping[str, str] = {
        "arrangement": arrangement, "offered": "" if asked.fitted is None else str(asked.fitted),
        "discussed": str(len(offers)),
    }  # fmt: skip
    return ListPage(
        offers,
        _lost(len(asked.keys) - len(offers)),
        address(SEARCH, asked.pairs),
        address(COMPARE, case) if len(offers) > 1 else "",
        address("phased_figures.compare", case) if sees_figures and len(offers) > 1 else "",
        address(SHEET, (*case, ("blad", Sheet.ACCESS_TEAM))) if prints_figures and offers else "",
        address(SHEET, case) if offers else "",
        address("choice.index", tuple((name, value) for name, value in counted.items() if value)) if counts else "",
    )  # fmt: skip


def ways_back(asked: Conversation) -> Sequence[Link]:
    """From a page that was opened at the desk back to the list and the search."""
    to_list = Link(gettext("Back to the list"), address(LIST_PAGE, asked.pairs))
    to_search = Link(gettext("Back to the search"), address(SEARCH, asked.pairs))
    return (to_list, to_search) if asked.keys else (to_search,)


def _lost(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(num)s of your list is not offered any more.", "%(num)s of your list are not offered any more.", number
    )  # fmt: skip
