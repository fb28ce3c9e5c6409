"""What to ask a provider: made from what nobody told, what does not fit, and what is long or old."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from portal.catalogue import wording
from portal.catalogue.availability import agreed_weeks
from portal.catalogue.presenters.common import Context, can_begin
from portal.catalogue.types import Measure, OfferStatus, SameWorker
from portal.choosing.presenters.common import Both, View, both
from portal.choosing.types import Subject, Verdict
from portal.core.languages import gettext

LONG_WEEKS = 8
"""From so long a wait it matters what happens in the meantime."""
SOON_GROWN_UP = 16
MOST_FOR_ALL = 3

Say = Callable[[Context], str]


def questions(
    subjects: Sequence[Subject], view: View, most_each: int
) -> tuple[tuple[Both, ...], tuple[tuple[Both, ...], ...]]:
    """The questions for all of these offers, and `most_each` at most for each of them, the weightiest first."""
    asked = [list(dict.fromkeys(both(say, view.context) for say in _of(subject, view))) for subject in subjects]
    for_all: list[Both] = []
    if len(subjects) > 1:
        for_all = [question for question in asked[0] if all(question in other for other in asked[1:])][:MOST_FOR_ALL]
    own = (tuple(question for question in each if question not in for_all)[:most_each] for each in asked)
    return tuple(for_all), tuple(own)


def _of(subject: Subject, view: View) -> Iterator[Say]:
    offer, provider = subject.offer, subject.provider
    wished = {wish.point.measure for wish in view.family.wishes}
    begins = can_begin(offer, subject.status)
    if subject.status is OfferStatus.UNKNOWN:
        yield lambda _: gettext("Do you have a contract with our municipality?")
    if not subject.status.is_open:
        yield lambda _: gettext("Can our municipality still pay for this help?")
    if not offer.accepting_clients:
        yield lambda _: gettext("When do you take new families again?")
    if begins and subject.waiting_is_old and offer.waiting_weeks_start is not None and offer.waiting_reported_on:
        reported = offer.waiting_reported_on
        yield lambda context: gettext(
            "The waiting time is of %(day)s. Is it still right?", day=wording.day(reported, context.today)
        )
    yield from _about_wishes(subject, view)
    if begins and offer.waiting_weeks_start is None and Measure.WAITING not in wished:
        yield lambda _: gettext("When can the help begin?")
    if begins and _is_beyond_norm(subject, view):
        yield lambda _: gettext("The wait is longer than agreed with the region. Why is that?")
    if begins and (offer.waiting_weeks_start or 0) >= LONG_WEEKS:
        yield lambda _: gettext("What can we do while we wait? Whom may we call then?")
    if Measure.SAME_WORKER not in wished and provider.same_worker is not SameWorker.ALWAYS:
        yield from _about_workers(provider.same_worker)
    if Measure.FIRST_MEETING not in wished and provider.first_meeting is None:
        yield lambda _: gettext("Can we get acquainted before we decide?")
    if offer.not_suitable_for:
        yield lambda _: gettext("You write for whom this is not suitable. Does it suit our child?")
    is_nearly_grown_up = view.family.age is not None and view.family.age >= SOON_GROWN_UP
    if is_nearly_grown_up and Measure.STAY not in wished and offer.continues_until_age is None:
        yield lambda _: gettext("Can our child stay after turning 18?")
    yield lambda _: gettext("How do we notice together that it helps?")


def _about_workers(same_worker: SameWorker | None) -> Iterator[Say]:
    if same_worker is None:
        yield lambda _: gettext("Will we keep the same worker?")
    else:
        yield lambda _: gettext("How often do workers change, and how do you hand over?")


def _about_wishes(subject: Subject, view: View) -> Iterator[Say]:
    for verdict in (Verdict.NO, Verdict.UNKNOWN):
        for wish in view.fit(subject).of(verdict):
            is_said_already = wish.point.measure is Measure.WAITING and (
                not subject.offer.accepting_clients
                or (verdict is Verdict.UNKNOWN and subject.offer.waiting_weeks_start is not None)
            )
            if not is_said_already:
                yield _asking(wish.point.code, verdict)


def _asking(code: str, verdict: Verdict) -> Say:
    def say(context: Context) -> str:
        words = context.code_lists.words_of_point(code, context.language)
        return words.ask_no if verdict is Verdict.NO else words.ask

    return say


def _is_beyond_norm(subject: Subject, view: View) -> bool:
    norm = agreed_weeks(subject.offer, subject.provider.contracts, view.context.situation)
    return norm is not None and (subject.offer.waiting_weeks_start or 0) > norm
