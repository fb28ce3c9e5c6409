"""What offers can be compared on: each fact in words, and when two of them are as good as the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from portal.catalogue import wording
from portal.catalogue.availability import agreed_weeks
from portal.catalogue.presenters.common import Context, can_begin, place_names, places_of, tells_places, waiting_line
from portal.catalogue.queries import CRISIS
from portal.catalogue.types import Measure, OfferAccess, ProviderSize
from portal.choosing.presenters.common import (
    View,
    begins,
    for_whom,
    spoken,
    where_and_how_far,
)
from portal.choosing.types import Subject
from portal.core.languages import gettext, ngettext
from portal.core.messages import N_

SAME_WEEKS = 1
"""Waiting times are round guesses: a week more or less is no difference."""
SAME_KM = 2.0
"""Places are known to the middle of a postcode or municipality: so much more or less is no difference."""

Say = Callable[[Subject, View, Context], str]
Number = Callable[[Subject], float | None]


@dataclass(frozen=True, slots=True)
class FactKind:
    """Something to compare offers on."""

    label: str
    say: Say
    """In words; empty where nobody told."""
    measures: frozenset[Measure] = frozenset()
    """The measures of wishes that say the same: then it stands with the wishes."""
    number: Number | None = None
    tolerance: float = 0.0
    is_dutch: bool = False
    """Whether it is a provider's own text."""
    note: Say | None = None
    explain: Say | None = None
    """What a word of the field means."""


def alike(kind: FactKind, subjects: Sequence[Subject], view: View) -> bool:
    """Whether all offers are (as good as) the same in this: their words, or their numbers to within what is known."""
    if kind.number is not None:
        numbers = [kind.number(subject) for subject in subjects]
        told = [number for number in numbers if number is not None]
        if told and len(told) == len(numbers):
            return max(told) - min(told) <= kind.tolerance
    said: set[Hashable] = {kind.say(subject, view, view.context) for subject in subjects}
    return len(said) == 1


def _arrangement(subject: Subject, _view: View, context: Context) -> str:
    return context.arrangement(subject.offer.arrangement).label


def _what_arrangement_is(subject: Subject, _view: View, context: Context) -> str:
    return context.arrangement(subject.offer.arrangement).explanation


def _description(subject: Subject, _view: View, _context: Context) -> str:
    return wording.teaser(subject.offer.description, 180)


def _not_for(subject: Subject, _view: View, _context: Context) -> str:
    return wording.teaser(subject.offer.not_suitable_for or "", 180)


def _form(subject: Subject, _view: View, _context: Context) -> str:
    return gettext(wording.FORMS[subject.offer.form]) if subject.offer.form else ""


def _setting(subject: Subject, _view: View, _context: Context) -> str:
    return wording.where(subject.offer.settings, subject.offer.arrangement)


def _places(subject: Subject, view: View, context: Context) -> str:
    said = where_and_how_far(subject, view, context)
    names = wording.listing(place_names(places_of(subject.offer, subject.provider), context)[:3])
    return said if names in said else f"{said} ({names})"


def _km(subject: Subject) -> float | None:
    return 0.0 if subject.comes_to_family else subject.km


def first_talk(subject: Subject, _view: View, _context: Context) -> str:
    """`Over ongeveer 3 weken`."""
    weeks = subject.offer.waiting_weeks_intake
    if not can_begin(subject.offer, subject.status) or weeks is None or subject.offer.arrangement == CRISIS:
        return ""
    return wording.capitalized(wording.weeks(weeks))


def help_begins(subject: Subject, _view: View, context: Context) -> str:
    """How soon the help begins, or that nobody can begin."""
    if subject.offer.arrangement == CRISIS or not subject.status.is_open:
        return waiting_line(subject.offer, subject.status, context)
    return begins(subject, context)


def _told_on(subject: Subject, _view: View, context: Context) -> str:
    reported = subject.offer.waiting_reported_on
    if reported is None or not can_begin(subject.offer, subject.status):
        return ""
    if subject.waiting_is_old:
        return gettext("long ago, ask whether it is still right")
    return wording.since(reported, context.today)


def _if_long_ago(subject: Subject, view: View, context: Context) -> str:
    return _told_on(subject, view, context) if subject.waiting_is_old else ""


def _weeks_intake(subject: Subject) -> float | None:
    return subject.offer.waiting_weeks_intake if can_begin(subject.offer, subject.status) else None


def _weeks_start(subject: Subject) -> float | None:
    return subject.offer.waiting_weeks_start if can_begin(subject.offer, subject.status) else None


def _free_places(subject: Subject, _view: View, context: Context) -> str:
    offer = subject.offer
    if offer.places_free is None or not tells_places(offer) or not can_begin(offer, subject.status):
        return ""
    return wording.places_free(
        offer.places_free, offer.waiting_reported_on, context.today, is_old=subject.waiting_is_old
    )


def _norm(subject: Subject, view: View, _context: Context) -> str:
    norm = agreed_weeks(subject.offer, subject.provider.contracts, view.context.situation)
    return "" if norm is None else wording.norm(norm)


def _size(subject: Subject, _view: View, _context: Context) -> str:
    provider = subject.provider
    if provider.size is None:
        return ""
    said = gettext(wording.SIZES[provider.size])
    if not provider.team_size or provider.size is ProviderSize.SOLO:
        return said
    return f"{said} {ngettext('(%(num)s worker)', '(%(num)s workers)', provider.team_size)}"


def _same_worker(subject: Subject, _view: View, _context: Context) -> str:
    return gettext(wording.SAME_WORKER[subject.provider.same_worker]) if subject.provider.same_worker else ""


def _yes_no(value: bool | None) -> str:
    return "" if value is None else gettext(wording.YES_NO[value])


def _methods(subject: Subject, _view: View, _context: Context) -> str:
    return wording.listing(subject.offer.methods)


def _consortia(subject: Subject, _view: View, _context: Context) -> str:
    return wording.listing(consortium.name for consortium in subject.provider.consortia)


def _after_18(subject: Subject, _view: View, _context: Context) -> str:
    until = subject.offer.continues_until_age
    if until is None:
        return ""
    if until > 18:
        return gettext("Yes, until the age of %(age)s", age=until)
    return gettext("No, until the age of %(age)s", age=until)


def _access(subject: Subject, _view: View, _context: Context) -> str:
    if subject.offer.access is OfferAccess.FREE:
        return gettext("Without a referral")
    return gettext("Through your municipality or a doctor; it costs nothing")


def _checked(subject: Subject, _view: View, context: Context) -> str:
    return wording.day(subject.offer.checked_on, context.today) if subject.offer.checked_on else ""


FACTS = (
    FactKind(N_("What they do"), _description, is_dutch=True),
    FactKind(N_("What kind of help"), _arrangement, explain=_what_arrangement_is),
    FactKind(N_("For whom"), lambda subject, _view, _context: for_whom(subject)),
    FactKind(N_("Not suitable for"), _not_for, is_dutch=True),
    FactKind(N_("First talk"), first_talk, number=_weeks_intake, tolerance=SAME_WEEKS, note=_told_on),
    FactKind(N_("Help begins"), help_begins, frozenset({Measure.WAITING}), _weeks_start, SAME_WEEKS, note=_if_long_ago),
    FactKind(N_("Free places"), _free_places),
    FactKind(N_("Where, and how far"), _places, frozenset({Measure.DISTANCE}), _km, SAME_KM),
    FactKind(N_("Where the help takes place"), _setting, frozenset({Measure.SETTING})),
    FactKind(N_("Alone or in a group"), _form, frozenset({Measure.FORM})),
    FactKind(N_("How big"), _size, frozenset({Measure.SIZE})),
    FactKind(N_("Do we keep the same worker?"), _same_worker, frozenset({Measure.SAME_WORKER})),
    FactKind(
        N_("Can we get acquainted first?"),
        lambda subject, _view, _context: _yes_no(subject.provider.first_meeting),
        frozenset({Measure.FIRST_MEETING}),
    ),
    FactKind(
        N_("In the evening or at the weekend?"),
        lambda subject, _view, _context: _yes_no(subject.provider.evening_weekend),
        frozenset({Measure.EVENING_WEEKEND}),
    ),
    FactKind(
        N_("Languages"),
        lambda subject, _view, context: spoken(subject.provider.languages, context),
        frozenset({Measure.LANGUAGE}),
    ),
    FactKind(
        N_("Faith or philosophy"),
        lambda subject, _view, _context: wording.capitalized(subject.provider.identity or ""),
        frozenset({Measure.IDENTITY}),
        is_dutch=True,
    ),
    FactKind(N_("Methods"), _methods, is_dutch=True),
    FactKind(N_("Works together with others in"), _consortia, is_dutch=True),
    FactKind(N_("Can your child stay after 18?"), _after_18, frozenset({Measure.STAY})),
    FactKind(N_("How you get it"), _access),
    FactKind(N_("Agreed with the region"), _norm),
    FactKind(N_("Last checked by the provider"), _checked),
)
"""In the order of the page: what it is, how soon, where, whom one meets, and the rest."""
