"""Waiting times at the desk, ready for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_time

from portal.catalogue import wording
from portal.catalogue.models import Offer
from portal.core.clock import AMSTERDAM
from portal.core.languages import chosen, gettext, ngettext
from portal.core.pages import Link, Notice, Option, Tone
from portal.core.trail.models import TrailEntry
from portal.desks.waiting.forms import TAKES
from portal.desks.waiting.types import Told, version_of


@dataclass(frozen=True, slots=True)
class ShownWaiting:
    """What families read of one offer now."""

    name: str
    anchor: str
    help: str
    """Its kind of help; empty where that is not told."""
    told: str
    takes: str
    when: str
    is_told: bool
    """Whether there is something that can still be right."""
    is_old: bool
    change_href: str
    public_href: str
    confirmation: str
    """What is sent to say that it is still right."""


@dataclass(frozen=True, slots=True)
class WaitingList:
    """All offers of a provider."""

    groups: Sequence[tuple[str, Sequence[ShownWaiting]]]
    """What was never told; what is old, the oldest first; then the rest by kind of help."""
    to_confirm: Sequence[tuple[str, str]]
    """The fields that say of all that are old that they are still right; none where there is one only."""
    lead: str
    notice: Notice | None
    mails: str
    """Whether they get the mail of each month, and why."""
    mails_button: str
    """To change that; empty where they cannot."""


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """One offer, to confirm or to change."""

    shown: ShownWaiting
    provider: str
    action: str
    version: str
    intake: str
    start: str
    accepting: Sequence[Option]
    errors: Mapping[str, str]
    notice: Notice | None
    onward: Link


def shown_waiting(
    offer: Offer, help_: str, change_href: str, public_href: str, today: date, old_after: int
) -> ShownWaiting:
    """What families read of `offer`; it is old after so many days."""
    day = offer.waiting_reported_on
    is_told = offer.waiting.is_told or not offer.accepting_clients
    return ShownWaiting(
        name=offer.name,
        anchor=anchor_of(offer),
        help=help_,
        told=_told(offer, today),
        takes=gettext("Takes new families") if offer.accepting_clients else gettext("Takes no new families now"),
        when=gettext("Told on %(day)s", day=wording.day(day, today)) if day and is_told else gettext("Never told"),
        is_told=is_told,
        is_old=not is_told or offer.waiting.is_stale(today, old_after),
        change_href=change_href,
        public_href=public_href,
        confirmation=f"{offer.id}:{version_of(offer)}",
    )


def _told(offer: Offer, today: date) -> str:
    if not offer.accepting_clients:
        return gettext("As long as you take nobody, families read no waiting time.")
    if not offer.waiting.is_told:
        return gettext("You have not told how long families wait.")
    return wording.waiting(offer.waiting, today, is_old=True)


def anchor_of(offer: Offer) -> str:
    """Where it stands in the list of waiting times."""
    return f"hulp-{offer.id}"


def _groups(offers: Sequence[ShownWaiting]) -> Sequence[tuple[str, Sequence[ShownWaiting]]]:
    untold = [offer for offer in offers if not offer.is_told]
    old = [offer for offer in offers if offer.is_old and offer.is_told]
    by_help: dict[str, list[ShownWaiting]] = {}
    for offer in offers:
        if not offer.is_old:
            by_help.setdefault(offer.help or gettext("Other help"), []).append(offer)
    first = (
        (gettext("Not told yet (%(number)s)", number=len(untold)), untold),
        (gettext("Older than a month (%(number)s)", number=len(old)), old),
    )
    rest = [(help_, sorted(group, key=lambda one: one.name.lower())) for help_, group in sorted(by_help.items())]
    return [*((title, group) for title, group in first if group), *rest]


def waiting_list(offers: Sequence[ShownWaiting], notice: Notice | None, gets_mail: bool, is_last: bool) -> WaitingList:
    """All offers; `is_last` is who alone gets the mails of a provider, which somebody has to get."""
    stale = [("klopt", offer.confirmation) for offer in offers if offer.is_old and offer.is_told]
    old, untold = len(stale), sum(not offer.is_told for offer in offers)
    if not offers:
        lead = gettext("You offer nothing on this site now. Is that not right? Ask the region.")
    elif untold:
        lead = ngettext(
            "Of %(num)s kind of help you did not tell how long families wait. Fill it in: families choose by it.",
            "Of %(num)s kinds of help you did not tell how long families wait. Fill it in: families choose by it.",
            untold,
        )  # fmt: skip
    elif old:
        lead = ngettext(
            "%(num)s waiting time is older than a month. Is it still right? One press is enough.",
            "%(num)s waiting times are older than a month. Are they still right? One press is enough.", old,
        )  # fmt: skip
    else:
        lead = gettext("Everything was confirmed in the last month. Thank you: families can rely on it.")
    if not gets_mail:
        mails, button = gettext("You get no mail about waiting times. Colleagues do."), gettext("Mail me again")
    elif is_last:
        mails = gettext("You get a mail when a waiting time is a month old. You are the only one, so it goes on.")
        button = ""
    else:
        mails = gettext("You and your colleagues get a mail when a waiting time is a month old.")
        button = gettext("Do not mail me about this")
    to_confirm = stale if old > 1 else ()  # a single one has the same button beside it
    return WaitingList(_groups(offers), to_confirm, lead, notice, mails, button)


def waiting_page(
    offer: Offer,
    shown: ShownWaiting,
    action: str,
    onward: Link,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    notice: Notice | None = None,
) -> WaitingPage:
    """One offer; `typed` is what somebody filled in, else what stands."""
    now = Told.of(offer)
    fields = typed or {
        "intake": "" if now.intake is None else str(now.intake),
        "start": "" if now.start is None else str(now.start),
        "accepting": next(value for value, takes in TAKES.items() if takes is now.is_accepting),
    }
    labels = {"ja": gettext("Yes, we take new families"), "nee": gettext("No, we take no new families now")}
    return WaitingPage(
        shown=shown,
        provider=offer.provider.name,
        action=action,
        version=version_of(offer),
        intake=fields["intake"],
        start=fields["start"],
        accepting=[Option(value, label, value == fields["accepting"]) for value, label in labels.items()],
        errors=errors or {},
        notice=notice,
        onward=onward,
    )


def thanks(offer: Offer, entry: TrailEntry, today: date, *, in_list: bool) -> Notice:
    """After a change or a confirmation: of what, from what to what, and since when families read it."""
    before, after = Told.from_trail(entry.before_values), Told.from_trail(entry.after_values)
    at = entry.moment.astimezone(AMSTERDAM)
    time = format_time(at, "H:mm", locale=chosen())
    when = (
        gettext("Families read this since today, %(time)s.", time=time)
        if at.date() == today
        else gettext("Families read this since %(day)s, %(time)s.", day=wording.day(at.date(), today), time=time)
    )
    changes = _changes(before, after) or [gettext("It is confirmed: nothing else changed.")]
    links = (Link(gettext("To this help in the list"), f"#{anchor_of(offer)}"),) if in_list else ()
    return Notice(Tone.INFO, gettext("Thank you: %(offer)s", offer=offer.name), " ".join((*changes, when)), links)


def _changes(before: Told, after: Told) -> Sequence[str]:
    """What became another thing, each in a sentence."""
    said = []
    if before.is_accepting != after.is_accepting:
        said.append(
            gettext("You take new families again.") if after.is_accepting else gettext("You take no new families now.")
        )
    if before.intake != after.intake:
        said.append(
            gettext("First talk: it was %(before)s, it is now %(after)s.", before=_weeks(before.intake),
                    after=_weeks(after.intake))
        )  # fmt: skip
    if before.start != after.start:
        said.append(
            gettext("Begin of the help: it was %(before)s, it is now %(after)s.", before=_weeks(before.start),
                    after=_weeks(after.start))
        )  # fmt: skip
    return said


def _weeks(number: int | None) -> str:
    return gettext("not told") if number is None else wording.weeks(number)


def changed_meanwhile() -> Notice:
    """Where somebody else was sooner."""
    return Notice(
        Tone.WARNING,
        gettext("A colleague was just before you"),
        gettext(
            "Below stands what families read now. What you filled in still stands in the fields; send it if it is "
            "right."
        ),
    )


def some_changed_meanwhile(confirmed: int, changed: int) -> Notice:
    """After confirming several, some of which are others by now."""
    if not changed:
        return Notice(
            Tone.INFO,
            gettext("Thank you"),
            ngettext("%(num)s waiting time confirmed.", "%(num)s waiting times confirmed.", confirmed),
        )
    return Notice(
        Tone.WARNING,
        gettext("Look at them once more"),
        ngettext(
            "%(num)s waiting time was changed meanwhile, or is no longer offered. It was not confirmed.",
            "%(num)s waiting times were changed meanwhile, or are no longer offered. They were not confirmed.", changed,
        ),
    )  # fmt: skip
