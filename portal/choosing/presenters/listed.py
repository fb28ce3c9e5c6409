"""The offers of a list: those that can stand side by side, and what became of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from portal.catalogue import wording
from portal.catalogue.presenters.common import (
    Context,
    alternatives,
    can_begin,
    crisis_notice,
    offer_notices,
    somewhere_notice,
    waiting_line,
)
from portal.catalogue.queries import CRISIS
from portal.catalogue.types import OfferStatus
from portal.choosing.criteria import MOST_COMPARED, ListCriteria
from portal.choosing.looking import Looked
from portal.choosing.presenters.common import (
    FitSummary,
    View,
    address,
    age_misfit,
    fit_sentence,
    fit_summary,
    for_whom,
    subject_links,
    where_and_how_far,
)
from portal.choosing.types import Subject, Verdict
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.pages import Link, Notice, Tone


@dataclass(frozen=True, slots=True)
class ListedOffer:
    """An offer on the list, with what can be done with it there."""

    key: str
    provider: Link
    offer: Link
    notices: tuple[Notice, ...]
    for_whom: str
    where: str
    waiting: str
    fit: FitSummary | None
    remove_href: str
    up_href: str
    """The list with it one place up; empty for the first."""
    drop_reason: str = ""
    """Why it might be the one to drop, where there are too many; empty for the others."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of offers."""

    offers: tuple[ListedOffer, ...]
    missing: tuple[Notice, ...]
    """What became of the offers that cannot be chosen any more, or are not chosen by a family."""
    tidy_href: str
    """The list without those; empty where none is missing."""
    too_many: str
    """That one has to be dropped; empty where they fit."""


def comparable(looked: Looked) -> dict[str, Subject]:
    """The offers that can stand side by side, in the order of the list."""
    context = looked.view.context
    return {key: subject for key, subject in looked.subjects.items() if not _is_missing(subject, context)}


def _is_missing(subject: Subject, context: Context) -> bool:
    return subject.status is OfferStatus.WITHDRAWN or context.is_decided_elsewhere(subject.offer.arrangement)


Here = Callable[[ListCriteria], str]
"""The address of the page on which a list stands, for another list."""


def page_at(endpoint: str, context: Context) -> Here:
    """The address of the public page `endpoint`."""
    return lambda criteria: address(endpoint, criteria.parameters(context.code_lists))


def listed(looked: Looked, criteria: ListCriteria, here: Here) -> Listed:
    """The list, with addresses that lead back to the page on which it stands."""
    view, subjects = looked.view, comparable(looked)
    excess = len(subjects) - MOST_COMPARED
    reasons = _to_drop(subjects, view, excess) if excess > 0 else {}
    return Listed(
        tuple(
            _offer(key, subject, criteria, here, number, reasons.get(key, ""), view)
            for number, (key, subject) in enumerate(subjects.items())
        ),
        _missing(looked),
        here(replace(criteria, keys=tuple(subjects))) if len(subjects) < len(criteria.keys) else "",
        ngettext(
            "At most four fit beside each other. Take %(num)s off.",
            "At most four fit beside each other. Take %(num)s off.",
            excess,
        )
        if excess > 0
        else "",
    )


def _offer(
    key: str, subject: Subject, criteria: ListCriteria, here: Here, number: int, drop_reason: str, view: View
) -> ListedOffer:
    context = view.context
    provider, offer = subject_links(subject, context)
    return ListedOffer(
        key=key,
        provider=provider,
        offer=offer,
        notices=(
            *hindrances(subject, view),
            *somewhere_notice(subject.offer, subject.provider, subject.status, context),
        ),
        for_whom=for_whom(subject),
        where=where_and_how_far(subject, view, context),
        waiting=waiting_line(subject.offer, subject.status, context),
        fit=fit_summary(subject, view),
        remove_href=here(criteria.without(key)),
        up_href=here(criteria.moved_up(key)) if number else "",
        drop_reason=drop_reason,
    )


def hindrances(subject: Subject, view: View) -> tuple[Notice, ...]:
    """What stands in the way of choosing this offer."""
    notices = offer_notices(subject.offer, subject.status, view.context)
    misfit = age_misfit(subject, view.family)
    return (*notices, Notice(Tone.WARNING, misfit)) if misfit else notices


def _to_drop(subjects: dict[str, Subject], view: View, how_many: int) -> dict[str, str]:
    """The offers that are likeliest to be dropped, each with the reason: said, and left to the family."""

    def weeks(subject: Subject) -> int:
        told = subject.offer.waiting_weeks_start
        return 10_000 if told is None else told

    def likeliest(key: str) -> tuple[object, ...]:
        subject = subjects[key]
        hindered = not can_begin(subject.offer, subject.status) or bool(age_misfit(subject, view.family))
        fits, fits_not = view.fit(subject).order
        return not hindered, -fits, -fits_not, -weeks(subject)

    chosen = sorted(subjects, key=likeliest)[:how_many]
    return {key: _drop_reason(subjects[key], view) for key in chosen}


def _drop_reason(subject: Subject, view: View) -> str:
    if not subject.status.is_open:
        return gettext("You cannot choose it now.")
    misfit = age_misfit(subject, view.family)
    if misfit:
        return f"{misfit}."
    if not subject.offer.accepting_clients:
        return gettext("No new families for now.")
    fit = view.fit(subject)
    if fit.judged and len(fit.of(Verdict.YES)) < len(fit.judged):
        return fit_sentence(fit)
    if subject.offer.waiting_weeks_start is None:
        return gettext("It did not tell how long you wait.")
    return gettext("Here you wait longest: %(weeks)s.", weeks=wording.weeks(subject.offer.waiting_weeks_start))


def _missing(looked: Looked) -> tuple[Notice, ...]:
    context = looked.view.context
    notices = [_what_became(subject, context) for subject in looked.subjects.values() if _is_missing(subject, context)]
    for key in looked.unknown:
        notices.append(
            Notice(
                Tone.INFO,
                gettext("We do not know one offer of this list"),
                gettext(
                    "Perhaps the address was copied only in part, or the help is not on this site any more. "
                    "Its code: %(code)s.",
                    code=key[:60],
                ),
                (Link(gettext("Search for other help"), context.leads.search(context.place)),),
            )
        )
    return tuple(notices)


def _what_became(subject: Subject, context: Context) -> Notice:
    offer, provider = subject.offer, subject.provider
    name = f"{provider.name}: {offer.name}"
    if subject.status is OfferStatus.WITHDRAWN and offer.withdrawn_on:
        return Notice(
            Tone.WARNING,
            name,
            gettext("The provider stopped this help on %(day)s.", day=wording.full_day(offer.withdrawn_on)),
            (alternatives(offer, context),),
        )
    if offer.arrangement == CRISIS:
        told = crisis_notice(context)
        return Notice(Tone.INFO, name, f"{told.title} {told.text}", told.links)
    return Notice(
        Tone.INFO,
        name,
        gettext("You do not choose this help yourself. Usually a court decides about it, and you are heard first."),
        (Link(gettext("How this goes"), link("catalogue.help_page") + "#besluit"),),
    )
