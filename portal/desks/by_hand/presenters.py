"""Providers, offers and contracts at the region's desk, ready for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date

from portal.catalogue.availability import Situation, status_of
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Contract, Location, Offer, Provider, Region
from portal.catalogue.presenters.common import call_or_mail
from portal.catalogue.types import OfferStatus
from portal.catalogue.wording import LOCATION_KINDS, quoted
from portal.core.languages import chosen, gettext, ngettext, translate
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Option, Pager, Tone, by_label
from portal.desks.by_hand.forms import column_of, is_several, options_of, place_name
from portal.desks.by_hand.queries import MOST_OTHERS, Ending, Listed
from portal.desks.by_hand.types import FIELDS, PARTS, Field, Thing
from portal.desks.files import BEGIN, csv_line
from portal.exchange.columns import LABELS, Column, Kind

MONTHS = (3, 6, 12, 24)
_STATUS = {
    OfferStatus.FREE: N_("freely accessible"),
    OfferStatus.CONTRACTED: N_("families can choose it"),
    OfferStatus.UNKNOWN: N_("nobody told us of contracts"),
    OfferStatus.STARTS_LATER: N_("its contract begins later"),
    OfferStatus.ENDED: N_("its contract has ended"),
    OfferStatus.NOT_CONTRACTED: N_("no contract: no family can choose it"),
    OfferStatus.WITHDRAWN: N_("stopped"),
}
_NEW = {
    Thing.PROVIDER: N_("New provider"),
    Thing.OFFER: N_("New offer"),
    Thing.CONTRACT: N_("New contract"),
    Thing.LOCATION: N_("New location"),
}


@dataclass(frozen=True, slots=True)
class ListedProvider:
    """A provider in the list."""

    name: str
    identifier: str
    href: str
    has: str
    merged: str


@dataclass(frozen=True, slots=True)
class ProvidersPage:
    """The providers of a region."""

    text: str
    count: str
    providers: Sequence[ListedProvider]
    new_href: str
    all_href: str
    pager: Pager
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class RowOfProvider:
    """An offer or a contract of a provider, with what can be done with it."""

    name: str
    identifier: str
    told: str
    href: str
    end_href: str
    """Empty where it has ended."""


@dataclass(frozen=True, slots=True)
class ProviderDeskPage:
    """One provider, to be worked on."""

    name: str
    identifier: str
    notice: Notice | None
    public: Link
    change_href: str
    offers: Sequence[RowOfProvider]
    contracts: Sequence[RowOfProvider]
    locations: Sequence[RowOfProvider]
    new_offer_href: str
    new_contract_href: str
    new_location_href: str
    merge_href: str
    merged_into: Link | None
    unmerge_href: str


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Choices that belong together, folded under a name."""

    label: str
    picked: str
    """What is chosen; empty for nothing."""
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form, with what stands in it and what is wrong."""

    name: str
    label: str
    hint: str
    typed: str
    error: str
    kind: str
    """`line`, `text`, `choice`, `several` or `topics`."""
    options: Sequence[Option] = ()
    empty: str = ""
    """The choice of none, where that is possible."""
    groups: Sequence[OptionGroup] = ()
    """Of topics: what can be ticked; what is typed stands beside it."""


@dataclass(frozen=True, slots=True)
class FormPart:
    """Fields that belong together; without a title they are the whole form."""

    title: str
    anchor: str
    fields: Sequence[FormField]


@dataclass(frozen=True, slots=True)
class FormPage:
    """One row in a form."""

    title: str
    back: Link
    action: str
    version: str
    parts: Sequence[FormPart]
    contents: Sequence[Link]
    """Where each part begins on the page; none where there is one."""
    errors: Mapping[str, str]
    """What is wrong with each field, for the head of the form: with what the field is called."""
    reason_error: str
    notice: Notice | None
    remarks: Sequence[str]
    """What is to be said of it as it stands."""
    reason: str = ""
    asks_reason: bool = False
    lead: str = ""
    button: str = ""
    is_danger: bool = False
    kept: Sequence[Option] = ()
    """What no file overwrites, to be ticked where a file is to decide again."""
    leave_href: str = ""


@dataclass(frozen=True, slots=True)
class MergePage:
    """Letting a provider lead to another one: into which, or what that does."""

    name: str
    back: Link
    action: str
    ask_href: str
    text: str
    """What was searched for."""
    found: str
    """How many that found, in words; empty where nothing was searched for."""
    choices: Sequence[Option]
    into: str
    into_slug: str
    along: Option
    """Whether offers, contracts and places go along."""
    effects: Sequence[str] = field(default_factory=tuple)
    error: str = ""


@dataclass(frozen=True, slots=True)
class EndingContract:
    """A contract that ends, and whom to phone."""

    ends: str
    is_soon: bool
    provider: Link
    help: str
    where: str
    identifier: str
    href: str
    contact: Sequence[Link]
    state: str
    goes_on: bool


@dataclass(frozen=True, slots=True)
class EndingPage:
    """Contracts that end soon."""

    lead: str
    months: Sequence[Option]
    contracts: Sequence[EndingContract]
    file_href: str


def providers_page(
    found: Sequence[Listed], total: int, text: str, pager: Pager, notice: Notice | None
) -> ProvidersPage:
    """The list, narrowed by `text`."""
    shown = [
        ListedProvider(
            one.provider.name, one.provider.identifier, _provider_href(one.provider),
            gettext("%(offers)s offers, %(contracts)s contracts", offers=one.offers, contracts=one.contracts),
            gettext("merged into %(name)s", name=one.provider.successor.name) if one.provider.successor else "",
        )
        for one in found
    ]  # fmt: skip
    count = ngettext("%(num)s provider", "%(num)s providers", total)
    new = link("by_hand.new", thing=Thing.PROVIDER.value)
    return ProvidersPage(text, count, shown, new, link("by_hand.index"), pager, notice)


def provider_page(
    provider: Provider, situation: Situation, lists: CodeLists, notice: Notice | None
) -> ProviderDeskPage:
    """One provider with its offers and contracts."""
    successor = provider.successor
    return ProviderDeskPage(
        name=provider.name,
        identifier=provider.identifier,
        notice=notice,
        public=Link(gettext("See it as families do"), link("catalogue.provider", slug=provider.slug)),
        change_href=_change_href(Thing.PROVIDER, provider.identifier),
        offers=[_offer(offer, provider.contracts, situation, lists) for offer in provider.offers],
        contracts=[_contract(contract, lists, situation.today) for contract in _by_end(provider.contracts)],
        locations=[_location(place, lists) for place in provider.locations],
        new_offer_href=_new_href(Thing.OFFER, provider),
        new_contract_href=_new_href(Thing.CONTRACT, provider),
        new_location_href=_new_href(Thing.LOCATION, provider),
        merge_href="" if successor else link("by_hand.merging", slug=provider.slug),
        merged_into=Link(successor.name, _provider_href(successor)) if successor else None,
        unmerge_href=link("by_hand.unmerge", slug=provider.slug) if successor else "",
    )


def _new_href(thing: Thing, provider: Provider) -> str:
    return link("by_hand.new", thing=thing.value, aanbieder=provider.slug)


def _by_end(contracts: Sequence[Contract]) -> Sequence[Contract]:
    return sorted(contracts, key=lambda one: (one.end_date or date.max, one.identifier), reverse=True)


def _offer(offer: Offer, contracts: Sequence[Contract], situation: Situation, lists: CodeLists) -> RowOfProvider:
    status = status_of(offer, contracts, situation)
    is_full = not offer.accepting_clients and status in (OfferStatus.FREE, OfferStatus.CONTRACTED)
    can_choose = gettext("takes no new families now") if is_full else gettext(_STATUS[status])
    told = [_arrangement(offer.arrangement, lists), can_choose]
    if offer.withdrawn_on is not None and status is not OfferStatus.WITHDRAWN:
        told.append(gettext("stops on %(day)s", day=_day(offer.withdrawn_on)))
    end = "" if status is OfferStatus.WITHDRAWN else _end_href(Thing.OFFER, offer.identifier)
    return RowOfProvider(
        offer.name, offer.identifier, " · ".join(filter(None, told)), _change_href(Thing.OFFER, offer.identifier), end
    )


def _contract(contract: Contract, lists: CodeLists, today: date) -> RowOfProvider:
    first = _day(contract.start_date)
    told = (
        gettext("%(first)s to %(last)s", first=first, last=_day(contract.end_date))
        if contract.end_date
        else gettext("from %(first)s, no end agreed", first=first)
    )
    is_over = contract.end_date is not None and contract.end_date < today
    return RowOfProvider(
        _arrangement(contract.arrangement, lists), contract.identifier,
        " · ".join((told, _where(contract, lists))), _change_href(Thing.CONTRACT, contract.identifier),
        "" if is_over else _end_href(Thing.CONTRACT, contract.identifier),
    )  # fmt: skip


def _location(place: Location, lists: CodeLists) -> RowOfProvider:
    kind, municipality = gettext(LOCATION_KINDS[place.kind]), place_name(lists, place.municipality)
    street = " ".join(filter(None, (place.street, place.house_number)))
    told = [kind, municipality] if place.name else [municipality]
    told.append(gettext("secret address") if place.address_confidential else street)
    return RowOfProvider(
        place.name or kind, place.identifier, " · ".join(filter(None, told)),
        _change_href(Thing.LOCATION, place.identifier), "",
    )  # fmt: skip


def form_page(
    thing: Thing,
    cells: Mapping[str, str],
    lists: CodeLists,
    region: Region,
    provider: Provider | None,
    action: str,
    *,
    name: str = "",
    version: str = "",
    errors: Mapping[str, str] | None = None,
    remarks: Sequence[str] = (),
    notice: Notice | None = None,
    kept: Sequence[str] = (),
    leave_href: str = "",
) -> FormPage:
    """A form about one row; without a `version` it is a new one. `kept` are the columns that no file overwrites."""
    is_new, problems = not version, errors or {}
    identifier = FIELDS[thing][0]

    def shown(one: Field) -> FormField:
        column, typed = column_of(thing, one.column), cells.get(one.column, "")
        if is_new and not typed and column.default is not None:
            typed = "yes" if column.default is True else str(column.default)
        options = options_of(column, typed, lists, region, provider)
        return FormField(
            one.column,
            gettext(one.label),
            _hint(one, column) if options or column.kind is not Kind.REFERENCES else _no_places(),
            typed,
            problems.get(one.column, ""),
            field_kind(column, options),
            options,
            _empty(column, typed),
        )

    parts = [
        FormPart(
            gettext(part.title) if part.title else "",
            f"deel-{number}",
            [shown(one) for one in part.fields if is_new or one is not identifier],
        )
        for number, part in enumerate(PARTS[thing], start=1)
    ]
    back = (
        Link(provider.name, _provider_href(provider))
        if provider
        else Link(gettext("All providers"), link("by_hand.index"))
    )
    return FormPage(
        title=gettext(_NEW[thing]) if is_new else name,
        back=back,
        action=action,
        version=version,
        parts=parts,
        contents=[
            *(Link(part.title, f"#{part.anchor}") for part in parts if part.title),
            *([Link(gettext("What no file overwrites"), "#bestand")] if kept else ()),
        ],
        errors=_summary([field for part in parts for field in part.fields], problems),
        reason_error="",
        notice=notice,
        remarks=remarks,
        button=gettext("Keep it"),
        kept=[Option(column, gettext(LABELS[column])) for column in kept],
        leave_href=leave_href,
    )


def field_kind(column: Column, options: Sequence[Option]) -> str:
    """How a column is filled in: `several`, `choice`, `text` or `line`."""
    if is_several(column):
        return "several"
    return "choice" if options else "text" if column.kind is Kind.TEXT else "line"


def _empty(column: Column, typed: str) -> str:
    """What the empty choice of a field is called; empty where it cannot be chosen."""
    if not column.required and column.default is None:
        return gettext("Not known")
    return "" if typed else gettext("Choose")


def _no_places() -> str:
    return gettext(
        "This provider has no locations yet. Make them on the page of the provider; then you choose them here."
    )


def _summary(fields: Sequence[FormField], problems: Mapping[str, str]) -> Mapping[str, str]:
    return by_label({field.name: field.label for field in fields} | {"reason": gettext("Why?")}, problems)


def _hint(field: Field, column: Column) -> str:
    if field.hint is not None:
        return gettext(field.hint) if field.hint else ""
    hint = translate(column.help, chosen())
    return gettext("%(hint)s Write it like 31-12-2026.", hint=hint) if column.kind is Kind.DATE else hint


def end_page(
    thing: Thing, name: str, provider: Provider, version: str, typed: str, reason: str, action: str,
    effects: str, *, errors: Mapping[str, str] | None = None, notice: Notice | None = None,
) -> FormPage:  # fmt: skip
    """The question on which day something ends."""
    label = (
        gettext("From which day is it no longer offered?") if thing is Thing.OFFER else gettext("What is the last day?")
    )
    hint, problems = gettext("Write it like 31-12-2026."), errors or {}
    fields = [FormField(thing.end, label, hint, typed, problems.get(thing.end, ""), "line")]
    title = (
        gettext("%(name)s stops", name=name) if thing is Thing.OFFER else gettext("Contract %(name)s ends", name=name)
    )
    return FormPage(
        title=title,
        back=Link(provider.name, _provider_href(provider)),
        action=action,
        version=version,
        parts=[FormPart("", "", fields)],
        contents=(),
        errors=_summary(fields, problems),
        reason_error=problems.get("reason", ""),
        notice=notice,
        remarks=(),
        reason=reason,
        asks_reason=True,
        lead=effects,
        button=gettext("Let it end on this day"),
        is_danger=True,
    )


def end_effects(thing: Thing, offers: int) -> str:
    """What comes of an end."""
    if thing is Thing.OFFER:
        return gettext(
            "From that day families do not find it any more. Its page stays, says that it stopped, and shows other "
            "help. Agree with the provider what happens to families who get this help now."
        )
    return ngettext(
        "From the day after, %(num)s offer cannot be chosen by this contract any more. Families who get help now will "
        "ask: may we stay? Agree on that before it ends.",
        "From the day after, %(num)s offers cannot be chosen by this contract any more. Families who get help now will "
        "ask: may we stay? Agree on that before it ends.", offers,
    )  # fmt: skip


def merge_page(
    provider: Provider, text: str, others: Sequence[Provider], into: Provider | None, former: Sequence[str],
    people: int, *, takes_along: bool, error: str = "",
) -> MergePage:  # fmt: skip
    """Into which of those found another one merged; where one is chosen, what that does."""
    address = link("by_hand.merging", slug=provider.slug)
    return MergePage(
        name=provider.name,
        back=Link(provider.name, _provider_href(provider)),
        action=address,
        ask_href=address,
        text=text,
        found=_found(len(others)) if text else "",
        choices=[Option(one.slug, f"{one.name} ({one.identifier})", one is into) for one in others[:MOST_OTHERS]],
        into=into.name if into else "",
        into_slug=into.slug if into else "",
        along=Option("ja", gettext("Take offers, contracts and places along"), takes_along),
        effects=_merge_effects(provider, into, former, people, takes_along) if into else (),
        error=error,
    )


def _found(number: int) -> str:
    if not number:
        return gettext("No other provider has this in its name or code. Take fewer letters.")
    if number > MOST_OTHERS:
        return gettext("More than %(most)s fit. Is it not here? Type more of the name.", most=MOST_OTHERS)
    return ngettext("%(num)s provider", "%(num)s providers", number)


def _merge_effects(
    provider: Provider, into: Provider, former: Sequence[str], people: int, takes_along: bool
) -> Sequence[str]:
    addresses = ", ".join(f"/aanbieders/{slug}" for slug in (provider.slug, *former))
    lines = [
        gettext(
            "These addresses go on working and lead to %(into)s: %(addresses)s", into=into.name, addresses=addresses
        ),
        *(_goes_along(provider, into) if takes_along else _stays_behind(provider, into)),
        gettext(
            "Figures and stories about %(name)s are not shown any more, and do not move along. They tell how %(name)s "
            "worked, with its own people; shown with %(into)s they would tell families something that is not true.",
            name=provider.name, into=into.name,
        ),
    ]  # fmt: skip
    if people:
        lines.append(
            ngettext(
                "%(num)s person has an account at %(name)s. Invite them at %(into)s.",
                "%(num)s people have an account at %(name)s. Invite them at %(into)s.", people,
                name=provider.name, into=into.name,
            )
        )  # fmt: skip
    lines.append(
        gettext(
            "You can undo it: then what went along goes back. What was changed of it meanwhile stays as it was changed."
        )
        if takes_along
        else gettext("You can undo it: then everything is there again.")
    )
    return lines


def _goes_along(provider: Provider, into: Provider) -> Sequence[str]:
    counted = gettext(
        "To %(into)s go: offers %(offers)s, contracts %(contracts)s, places %(places)s.", into=into.name,
        offers=len(provider.offers), contracts=len(provider.contracts), places=len(provider.locations),
    )  # fmt: skip
    names = [offer.name for offer in provider.offers]
    told = [gettext("Families find this with %(into)s: %(names)s", into=into.name, names="; ".join(names))]
    return [
        counted,
        *(told if names else ()),
        gettext(
            "In the next file write %(code)s as the code of the provider in these rows. With %(old)s they would go "
            "back, and no family would find them; the report warns of it.",
            code=into.identifier, old=provider.identifier,
        ),
    ]  # fmt: skip


def _stays_behind(provider: Provider, into: Provider) -> Sequence[str]:
    return [
        ngettext(
            "%(num)s offer of %(name)s is not found any more. Does %(into)s go on with it? Then make it there.",
            "%(num)s offers of %(name)s are not found any more. Does %(into)s go on with them? Then make them there.",
            len(provider.offers), name=provider.name, into=into.name,
        ),
        ngettext(
            "%(num)s contract stays with %(name)s. Make the contracts of %(into)s too.",
            "%(num)s contracts stay with %(name)s. Make the contracts of %(into)s too.",
            len(provider.contracts), name=provider.name, into=into.name,
        ),
    ]  # fmt: skip


# --- contracts that end ----------------------------------------------------------------------------------------


def ending_page(found: Sequence[Ending], months: int, lists: CodeLists, today: date) -> EndingPage:
    """The contracts that end within so many months."""
    open_ends = sum(one.next is None for one in found)
    lead = ngettext(
        "%(num)s contract ends without one that goes on.", "%(num)s contracts end without one that goes on.", open_ends
    )
    return EndingPage(
        lead=lead,
        months=[Option(str(one), ngettext("%(num)s month", "%(num)s months", one), one == months) for one in MONTHS],
        contracts=[_ending(one, lists, today) for one in found],
        file_href=link("contracts.file", maanden=str(months)),
    )


def _ending(one: Ending, lists: CodeLists, today: date) -> EndingContract:
    contract, provider = one.contract, one.contract.provider
    assert contract.end_date is not None  # noqa: S101 - it ends
    return EndingContract(
        ends=_day(contract.end_date),
        is_soon=one.next is None and (contract.end_date - today).days <= 92,
        provider=Link(provider.name, _provider_href(provider)),
        help=_arrangement(contract.arrangement, lists),
        where=_where(contract, lists),
        identifier=contract.identifier,
        href=_change_href(Thing.CONTRACT, contract.identifier),
        contact=call_or_mail(provider),
        state=_state(one),
        goes_on=one.next is not None,
    )


def _state(one: Ending) -> str:
    if one.next is not None:
        return gettext(
            "goes on with %(contract)s from %(day)s", contract=one.next.identifier, day=_day(one.next.start_date)
        )
    return ngettext(
        "%(num)s offer ends with it", "%(num)s offers end with it", one.offers
    ) if one.offers else gettext("no offer ends with it")  # fmt: skip


_COLUMNS = (N_("Last day"), N_("Provider"), N_("Your own code"), N_("Contract"), N_("Kind of help"),
            N_("Municipalities"), N_("Who signed"), N_("Phone number"), N_("Mail address"),
            N_("What comes of it"))  # fmt: skip


def ending_file(found: Sequence[Ending], lists: CodeLists) -> str:
    """The same as CSV, for who phones down the list: nothing in it becomes a formula."""
    lines = [BEGIN + csv_line([gettext(name) for name in _COLUMNS])]
    for one in found:
        contract, provider = one.contract, one.contract.provider
        cells = (
            contract.end_date.isoformat() if contract.end_date else "", provider.name, provider.identifier,
            contract.identifier, _arrangement(contract.arrangement, lists), _where(contract, lists), contract.purchaser,
            provider.phone, provider.email, _state(one),
        )  # fmt: skip
        lines.append(csv_line(cells))
    return "".join(lines)


# --- what they share -------------------------------------------------------------------------------------------


def done(what: str | None) -> Notice | None:
    """What was done a moment ago."""
    words = {
        "bewaard": N_("It is kept. Families read it from now on."),
        "gelijk": N_("Nothing has changed: this is what stood there."),
        "gemaakt": N_("It is made."),
        "bestand": N_("From now on a file decides about what you ticked. Until one comes, all stays as it is."),
        "einde": N_("The day on which it ends is kept."),
        "samen": N_("It leads to the other provider from now on."),
        "los": N_("It stands on its own again."),
    }
    return Notice(Tone.INFO, gettext(words[what])) if what in words else None


def with_remarks(
    notice: Notice, offer: Offer, provider: Provider, situation: Situation, lists: CodeLists
) -> Notice:  # fmt: skip
    """What was done with an offer, and what is still to do before families find it and can choose it."""
    said, links = [], []
    if status_of(offer, provider.contracts, situation) is OfferStatus.NOT_CONTRACTED:
        said.append(gettext("No family can choose it yet: there is no contract for this kind of help."))
        links.append(Link(gettext("Make the contract"), _new_href(Thing.CONTRACT, provider)))
    if unknown := lists.unknown_topics(offer.topics):
        said.append(found_by_word_only(unknown))
        links.append(Link(gettext("Change the topics"), f"{_change_href(Thing.OFFER, offer.identifier)}#topics"))
    if not said:
        return notice
    return Notice(Tone.WARNING, notice.title, " ".join((notice.text, *said)).strip(), tuple(links))


def found_by_word_only(words: Sequence[str]) -> str:
    """What it means that the list of topics does not hold these words."""
    return ngettext(
        "Our list of topics does not know %(words)s. Families find it only with the same word.",
        "Our list of topics does not know %(words)s. Families find them only with the same words.",
        len(words), words=quoted(words),
    )  # fmt: skip


def changed_meanwhile() -> Notice:
    """Where somebody else was sooner."""
    return Notice(
        Tone.WARNING, gettext("Somebody changed this just before you"),
        gettext(
            "What you typed still stands in the fields, and nothing of it was kept yet. Fields that differ from what "
            "stands there now are marked. Send it again if it is right."
        ),
    )  # fmt: skip


def other_meanwhile() -> Notice:
    """Where nothing was typed, and somebody else was sooner."""
    return Notice(
        Tone.WARNING, gettext("Somebody changed this just before you"),
        gettext("Below is how it stands now. Nothing else was changed. Look at it once more."),
    )  # fmt: skip


def stands_now(typed: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """For each field in which somebody typed something else than stands there now: what that is."""
    return {
        name: gettext("Now stands here: %(now)s", now=now.get(name) or "–")
        for name, text in typed.items()
        if name in now and text.strip() != now[name]
    }


def which_day() -> str:
    """Where no day was given."""
    return gettext("Fill in a day, such as 31-12-2026.")


def too_long(most: int) -> str:
    """Where a reason is longer than it can be."""
    return gettext("That is long: %(most)s characters at most.", most=most)


def choose_one() -> str:
    """Where no provider was chosen."""
    return gettext("Choose the provider into which it merged.")


def taken(identifier: str) -> str:
    """Where something new has the code of something that is there."""
    return gettext("%(code)s is in use already. Choose another code.", code=identifier[:60])


def _provider_href(provider: Provider) -> str:
    return link("by_hand.provider", slug=provider.slug)


def _change_href(thing: Thing, identifier: str) -> str:
    return link("by_hand.change", thing=thing.value, identifier=identifier)


def _end_href(thing: Thing, identifier: str) -> str:
    return link("by_hand.ending", thing=thing.value, identifier=identifier)


def _arrangement(code: str | None, lists: CodeLists) -> str:
    return lists.label("arrangements", code, chosen()).label if code else ""


def _where(contract: Contract, lists: CodeLists) -> str:
    if contract.whole_region:
        return gettext("the whole region")
    known = lists.municipalities
    return ", ".join(known[code].name if code in known else code for code in contract.municipalities)


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale=chosen())
