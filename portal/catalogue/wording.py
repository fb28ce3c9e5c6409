"""The catalogue's values as short sentences in the visitor's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from babel.lists import format_list

from portal.catalogue.types import (
    AccessPointKind,
    Form,
    Framework,
    Gender,
    LocationKind,
    OfferAccess,
    ProviderSize,
    SameWorker,
    Setting,
    WaitingTime,
)
from portal.core.languages import chosen, gettext, ngettext
from portal.core.messages import N_

SETTINGS = {
    Setting.HOME: N_("at home"),
    Setting.SCHOOL: N_("at school"),
    Setting.LOCATION: N_("at the provider's place"),
    Setting.ONLINE: N_("online"),
    Setting.GROUP: N_("in a group"),
    Setting.RESIDENTIAL: N_("staying the night"),
}
LIVING = frozenset({"verblijf", "gezinshuis", "pleegzorg", "jeugdzorgplus"})
"""Arrangements in which a child lives elsewhere, not just for a night or a weekend."""
FRAMEWORKS = {
    Framework.VOLUNTARY: N_("Voluntary help"),
    Framework.MANDATORY: N_("Only when a court decides it"),
    Framework.BOTH: N_("Voluntary, or when a court decides it"),
}
FORMS = {
    Form.INDIVIDUAL: N_("With one child or family at a time"),
    Form.GROUP: N_("In a group"),
    Form.BOTH: N_("Alone or in a group"),
}
GENDERS = {
    Gender.ALL: N_("girls and boys"),
    Gender.GIRLS: N_("girls only"),
    Gender.BOYS: N_("boys only"),
}
SIZES = {
    ProviderSize.SOLO: N_("One person"),
    ProviderSize.SMALL: N_("A small team"),
    ProviderSize.MEDIUM: N_("A middle-sized organisation"),
    ProviderSize.LARGE: N_("A large organisation"),
}
SAME_WORKER = {
    SameWorker.ALWAYS: N_("Yes, always"),
    SameWorker.USUALLY: N_("Usually"),
    SameWorker.NO: N_("No, workers change"),
}
ACCESS = {
    OfferAccess.REFERRAL: N_("With a referral"),
    OfferAccess.FREE: N_("Open to everyone, without a referral"),
}
LOCATION_KINDS = {
    LocationKind.OFFICE: N_("Office"),
    LocationKind.TREATMENT: N_("Place for treatment"),
    LocationKind.DAY_CARE: N_("Day centre"),
    LocationKind.RESIDENTIAL: N_("Residential group"),
    LocationKind.FAMILY_HOME: N_("Family home"),
    LocationKind.SCHOOL: N_("School"),
    LocationKind.OTHER: N_("Other place"),
}
ACCESS_POINT_KINDS = {
    AccessPointKind.ACCESS_TEAM: N_("Your municipality's access point"),
    AccessPointKind.CRISIS: N_("Help in a crisis"),
    AccessPointKind.COUNSELLOR: N_("Confidential counsellor"),
    AccessPointKind.COMPLAINTS: N_("Complaints"),
    AccessPointKind.FREE_HELP: N_("Help without a referral"),
}
YES_NO = {True: N_("Yes"), False: N_("No")}


def day(value: date, today: date) -> str:
    """`3 november`, with the year where it is not this one."""
    return _written(value, "d MMMM" if value.year == today.year else "d MMMM y", chosen())


def full_day(value: date) -> str:
    """`3 november 2026`."""
    return _written(value, "d MMMM y", chosen())


def month(period: str) -> str:
    """`november 2026`, of a period `2026-11`."""
    return _written(date(int(period[:4]), int(period[5:]), 1), "MMMM y", chosen())


@lru_cache(maxsize=5_000)
def _written(value: date, pattern: str, language: str) -> str:
    return format_date(value, pattern, locale=language)


def listing(parts: Iterable[str]) -> str:
    """`thuis, op school en online`."""
    words = list(parts)
    return format_list(words, locale=chosen()) if len(words) > 1 else "".join(words)


def quoted(parts: Iterable[str]) -> str:
    """`“thuis” en “op school”`: what somebody wrote, or what something is called."""
    return listing(f"“{part}”" for part in parts)


def capitalized(text: str) -> str:
    """The first letter as a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def uncapitalized(text: str) -> str:
    """The first letter small, the rest as it is."""
    return text[:1].lower() + text[1:]


def ages(lowest: int | None, highest: int | None) -> str:
    """`van 12 tot en met 18 jaar`; both ends count."""
    if lowest is None and highest is None:
        return gettext("all ages")
    if lowest is None or (lowest == 0 and highest is not None):
        return gettext("up to and including %(highest)s years", highest=highest)
    if highest is None:
        return gettext("from %(lowest)s years", lowest=lowest)
    if lowest == highest:
        return gettext("%(age)s years", age=lowest)
    return gettext("%(lowest)s to %(highest)s years", lowest=lowest, highest=highest)


def for_whom(lowest: int | None, highest: int | None, gender: Gender) -> str:
    """The ages, and the gender where it is not for all."""
    words = capitalized(ages(lowest, highest))
    return words if gender is Gender.ALL else f"{words} · {gettext(GENDERS[gender])}"


def settings(values: Iterable[str]) -> str:
    """`thuis en op school`; empty for none."""
    chosen_ones = set(values)
    return listing(gettext(SETTINGS[setting]) for setting in Setting if setting in chosen_ones)


def where(values: Iterable[str], arrangement: str | None) -> str:
    """Where help of this arrangement takes place: `Thuis en op school`, or `Uw kind woont hier`."""
    if set(values) != {Setting.RESIDENTIAL}:
        return capitalized(settings(values))
    return gettext("Your child lives here") if arrangement in LIVING else gettext("Your child sleeps here")


def setting(value: str) -> str:
    """`Thuis`."""
    return capitalized(gettext(SETTINGS[Setting(value)]))


def weeks(number: int) -> str:
    """`over ongeveer 3 weken`."""
    if number == 0:
        return gettext("within a week")
    return ngettext("in about %(num)s week", "in about %(num)s weeks", number)


def weeks_between(shortest: int, longest: int) -> str:
    """`over 3 tot 5 weken`."""
    if shortest == longest:
        return weeks(shortest)
    if shortest == 0:
        return ngettext("within a week to in %(num)s week", "within a week to in %(num)s weeks", longest)
    return ngettext(
        "in %(shortest)s to %(num)s week", "in %(shortest)s to %(num)s weeks", longest, shortest=shortest
    )  # fmt: skip


def norm(weeks: int) -> str:
    """The agreed longest waiting time: `Niet langer dan 6 weken`."""
    if weeks == 0:
        return gettext("Help at once")
    return ngettext("No longer than %(num)s week", "No longer than %(num)s weeks", weeks)


def waiting(value: WaitingTime, today: date, *, is_old: bool) -> str:
    """How soon, both talk and start where known, with one date at the end; an old one is told apart (`old`)."""
    parts = []
    if value.intake is not None:
        parts.append(gettext("First talk: %(weeks)s", weeks=weeks(value.intake)))
    if value.start is not None:
        parts.append(gettext("Help begins: %(weeks)s", weeks=weeks(value.start)))
    if not value.is_told:
        return gettext("The provider has not told us how long you wait.")
    told = " · ".join(parts)
    return told if is_old or value.reported_on is None else f"{told} {since(value.reported_on, today)}"


def since(reported_on: date, today: date) -> str:
    """`(van 13 november)`, behind a fact."""
    return gettext("(as of %(day)s)", day=day(reported_on, today))


def old(reported_on: date | None, today: date) -> str:
    """What to do with a fact that nobody confirmed for long."""
    if reported_on is None:
        return gettext("We do not know how old this is. Call to check whether it is still right.")
    return gettext("This dates from %(day)s. Call to check whether it is still right.", day=day(reported_on, today))


def places_free(number: int, reported_on: date | None, today: date, *, is_old: bool) -> str:
    """How many places are free, or were when that was told."""
    if is_old and reported_on is not None:
        told_on = day(reported_on, today)
        if number == 0:
            return gettext("On %(day)s no place was free.", day=told_on)
        return ngettext(
            "On %(day)s %(num)s place was free.", "On %(day)s %(num)s places were free.", number, day=told_on
        )  # fmt: skip
    if number == 0:
        told = gettext("No place is free now")
    else:
        told = ngettext("%(num)s place is free now", "%(num)s places are free now", number)
    return f"{told} {since(reported_on, today)}" if reported_on else told


def teaser(text: str, longest: int = 220) -> str:
    """The first sentences of `text` that fit in `longest` characters, or as many whole words."""
    return beginning(" ".join(text[: 4 * longest].split()), longest)


def beginning(text: str, longest: int = 220) -> str:
    """As `teaser`, of a text in which no more than one space stands between two words."""
    if len(text) <= longest:
        return text
    end = max(text.rfind(mark, 0, longest) for mark in (". ", "! ", "? ")) + 1
    if end >= longest // 3:
        return text[:end]
    return text[:longest].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def paragraphs(text: str | None) -> tuple[str, ...]:
    """`text` in its paragraphs."""
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text or "") if part.strip())
