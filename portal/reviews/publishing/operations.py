"""Publishing in batches, counting in steps, and forgetting in time. Run each day; running it twice changes nothing.

What is published, and when, follows from how many experiences there are and how old they are, never from what they say.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalogue.models import Provider
from portal.catalogue.operations import touch
from portal.core.actor import Actor
from portal.outcomes.figures import Counts, Known, Told, tell, told_mark, told_share
from portal.outcomes.types import Rules, Shown
from portal.reviews.invitations.queries import invited, invited_by
from portal.reviews.models import Experience, ExperienceCounts, ExperienceFigure, GoneCount, Office
from portal.reviews.offices.queries import kinds_that_hide
from portal.reviews.operations import move, withdraw
from portal.reviews.questions import HIGHEST_MARK, LOWEST_MARK, Question, QuestionKind, QuestionSet
from portal.reviews.types import (
    COUNTED_QUARTERS,
    FIGURE_STEP,
    SHOWN_QUARTERS,
    TEXTS_TOGETHER,
    UNNAMED_AFTER,
    About,
    GoneBecause,
    OfficeKind,
    Quarter,
    Status,
    ToldFramework,
    Voice,
)

ABOUT = 10
"""How many families were invited is told in tens."""


@dataclass(frozen=True, slots=True)
class Released:
    """What a day's work did."""

    named: int = 0
    unnamed: int = 0
    expired: int = 0
    figures: int = 0


def keep_up(
    session: Session, region_id: int, sets: Mapping[str, QuestionSet], rules: Rules, refused_days: int, today: date
) -> Released:
    """Publish what is ready, count again, and delete what is too old, for one region."""
    now = Quarter.of(today)
    expired = _expire(session, region_id, now)
    _forget_refused(session, region_id, now, refused_days)
    named, unnamed = _release(session, region_id, now, today)
    figures = _count_again(session, region_id, sets, rules, now)
    _keep_counts(session, region_id, now)
    touch(session)  # what is counted anew stands on every page of a provider
    return Released(named, unnamed, expired, figures)


# --- texts -----------------------------------------------------------------------------------------------


def _release(session: Session, region_id: int, now: Quarter, today: date) -> tuple[int, int]:
    """Texts about somebody appear when three or more are ready; what waited too long appears without the name."""
    ready = session.scalars(
        select(Experience).where(Experience.region_id == region_id, Experience.status == Status.READY)
    ).all()
    waiting: dict[About, list[Experience]] = defaultdict(list)
    for experience in sorted(ready, key=lambda one: one.id):
        waiting[experience.about].append(experience)
    actor, hiding = Actor.system("daily", region_id), kinds_that_hide(session, region_id)
    named = unnamed = 0
    for found in waiting.values():
        fresh = [one for one in found if not one.was_released]
        together = sum(bool(one.story or one.advice) for one in fresh) >= TEXTS_TOGETHER
        for one in found:
            is_old = Quarter.read(one.quarter) <= now.before(UNNAMED_AFTER)
            if one.was_released:
                named += one.is_named
                unnamed += not one.is_named
            elif together:
                one.is_named = True
                named += 1
            elif is_old and (one.office_kind is None or one.office_kind in hiding):
                one.is_named = False
                unnamed += 1
            else:
                continue
            one.was_released = True
            move(session, actor, one, Status.PUBLISHED, today)
    return named, unnamed


# --- averages --------------------------------------------------------------------------------------------

_Key = tuple[About, str, Voice, ToldFramework]
_Answers = dict[_Key, dict[str, str]]
"""By what is counted together: the experiences with what each answered."""


def _count_again(session: Session, region_id: int, sets: Mapping[str, QuestionSet], rules: Rules, now: Quarter) -> int:
    """Renew the figures in which five or more experiences are others; how many those were."""
    counted = session.scalars(
        select(Experience).where(
            Experience.region_id == region_id,
            Experience.status.in_((Status.READY, Status.PUBLISHED)),
            Experience.framework != ToldFramework.UNKNOWN,
            Experience.quarter > str(now.before(COUNTED_QUARTERS)),
        )
    ).all()
    answers: _Answers = defaultdict(dict)
    questions: dict[tuple[OfficeKind | None, str], Question] = {}
    for one in counted:
        for key, answer in one.answers.items():
            question = sets[one.question_set].question(key) if one.question_set in sets else None
            if question is not None and (question.counts or question.kind is QuestionKind.MARK):
                questions[one.office_kind, key] = question
                answers[one.about, key, one.voice, one.framework][one.id] = answer
    figures, asked = Figures(session, region_id, rules, now), invited(session, region_id, now)
    kinds = {one.about: one.office_kind for one in counted}
    for group, given in answers.items():
        figures.renew(group, questions[kinds[group[0]], group[1]], given, asked.get(group[0], 0))
    for office in session.scalars(
        select(Office).where(Office.region_id == region_id, Office.kind == OfficeKind.MUNICIPALITY)
    ):
        own = {one.id for one in counted if one.municipality == office.municipality}
        families = invited_by(session, region_id, office.municipality, now)
        for (key, voice, framework), parts in _by_question(answers).items():
            theirs: dict[str, str] = {}
            for about, of_provider in parts.items():
                public = figures.told_exactly((about, key, voice, framework))
                if public and public <= own & of_provider.keys():
                    theirs |= {one: of_provider[one] for one in public}
            group = About(office_id=office.id), key, voice, framework
            figures.renew(group, questions[None, key], theirs, families)
    return figures.finish()


def _by_question(answers: _Answers) -> dict[tuple[str, Voice, ToldFramework], dict[About, dict[str, str]]]:
    """What was answered about providers, by question."""
    found: dict[tuple[str, Voice, ToldFramework], dict[About, dict[str, str]]] = defaultdict(dict)
    for (about, key, voice, framework), given in answers.items():
        if about.provider_id is not None:
            found[key, voice, framework][about] = given
    return found


class Figures:
    """The figures of a region, renewed in steps."""

    def __init__(self, session: Session, region_id: int, rules: Rules, now: Quarter) -> None:
        self._session, self._rules, self._now, self._changed = session, rules, now, 0
        self._stored = {
            (row.about, row.question, row.voice, row.framework): row
            for row in session.scalars(
                select(ExperienceFigure)
                .outerjoin(Provider, Provider.id == ExperienceFigure.provider_id)
                .outerjoin(Office, Office.id == ExperienceFigure.office_id)
                .where(func.coalesce(Provider.region_id, Office.region_id) == region_id)
            )
        }
        self._met: set[_Key] = set()

    def told_exactly(self, group: _Key) -> Set[str]:
        """The experiences in a figure that everybody sees exactly; none where there is none, or a bound is told.

        The figure of a municipality is made of such alone, each of them whole: so it tells nothing that they do not.
        With a part of one, or of a hidden one, the difference would tell what single families said.
        """
        row = self._stored.get(group)
        return set(row.members) if row is not None and row.shown == Shown.EXACT.value else set()

    def renew(self, group: _Key, question: Question, given: Mapping[str, str], asked: int) -> None:
        """Let a figure be of these answers, where five or more are others and not all of them chose the same extreme.

        One that is new is made where there are enough.
        """
        row = self._stored.get(group)
        if not given or (row is None and len(given) < self._rules.least_shown):
            return
        self._met.add(group)
        told = tell(_counts(question, given.values()), self._rules)
        if row is not None:
            for before, came, went in _versions(row, question, set(given)):
                if came + went < FIGURE_STEP or gives_away(before, told, came, went):
                    return
            _keep_version(row, set(given), self._now)
        if row is None:
            about, key, voice, framework = group
            row = ExperienceFigure(
                provider_id=about.provider_id, office_id=about.office_id, question=key, voice=voice,
                framework=framework, invited=0, members=[], earlier=[],
            )  # fmt: skip
            self._session.add(row)
            self._stored[group] = row
        _fill(row, told, given, asked, self._now)
        self._changed += 1

    def finish(self) -> int:
        """Delete the figures of which nothing is left; how many figures are others now."""
        for group, row in self._stored.items():
            if group not in self._met:
                self._session.delete(row)
                self._changed += 1
        self._session.flush()
        return self._changed


def _versions(row: ExperienceFigure, question: Question, given: Set[str]) -> Iterator[tuple[Told, int, int]]:
    """What a figure tells and ever told, newest first, and from each how many came and went to make it of `given`."""
    came, went = given - set(row.members), set(row.members) - given
    yield _told_before(question, row.shown, row.n, _value(row)), len(came), len(went)
    for version in row.earlier:
        # Back over a change: who came with it was not there before, and who went was.
        since, gone = set(version["came"]), set(version["went"])
        came, went = (came - gone) | (since & given), (went - since) | (gone - given)
        yield _told_before(question, version["shown"], version["n"], version["value"]), len(came), len(went)


def _keep_version(row: ExperienceFigure, given: Set[str], now: Quarter) -> None:
    """Let a figure that changes remember what it tells, and forget what it told of experiences that count no more."""
    version = {
        "quarter": row.quarter, "shown": row.shown, "n": row.n, "value": _value(row),
        "came": sorted(given - set(row.members)), "went": sorted(set(row.members) - given),
    }  # fmt: skip
    counted = str(now.before(COUNTED_QUARTERS))
    row.earlier = [version, *(one for one in row.earlier if one["quarter"] > counted)]


def _value(row: ExperienceFigure) -> float | None:
    """The number that a figure tells: how many, the mean, or the bound."""
    return next((one for one in (row.numerator, row.mean, row.bound) if one is not None), None)


def _fill(row: ExperienceFigure, told: Told, given: Mapping[str, str], asked: int, now: Quarter) -> None:
    row.shown, row.n, row.numerator, row.mean = told.shown.value, told.n, told.numerator, told.mean
    row.bound = told.bound
    row.invited = round(max(asked, len(given)) / ABOUT) * ABOUT
    row.quarter = str(now)
    row.members = sorted(given)


def gives_away(before: Told, after: Told, came: int, went: int) -> bool:
    """Whether two versions of a figure tell together what neither tells alone.

    That is that all who came, and all who went, chose the same extreme: five families of whom everybody sees that all
    were satisfied are five families of whom one knows it. Or that a bound is less than its sentence says. It is decided
    by what is told alone, since whether a figure moved on is seen.
    """
    if before.known is None or after.known is None:
        return False
    was, now = _totals(before, before.known), _totals(after, after.known)
    lowest, highest = (LOWEST_MARK, HIGHEST_MARK) if after.is_mean else (0, 1)
    least, most = lowest * came - highest * went, highest * came - lowest * went  # what the sum can grow by
    if now.high - was.low < least + 1 or now.low - was.high > most - 1:
        return True
    if before.shown is not Shown.EXACT and (was.low + most < now.low or was.high + least > now.high):
        return True
    return after.shown is not Shown.EXACT and (now.low - least < was.low or now.high - most > was.high)


def _totals(told: Told, known: Known) -> Known:
    """Between what the sum lies; of marks, which are whole, the upper end of what rounds to a decimal is not in it."""
    if not told.is_mean:
        return known
    is_rounded = told.shown is Shown.EXACT
    return Known(math.ceil(known.low - 1e-9), math.ceil(known.high - 1e-9) - is_rounded, known.n)


def _told_before(question: Question, shown: str, n: int | None, value: float | None) -> Told:
    """What a stored version of a figure tells."""
    how = Shown(shown)
    if not how.tells_something or n is None or value is None:
        return Told(how)
    if question.kind is QuestionKind.MARK:
        return told_mark(n, how, value, sd=1.0)
    return told_share(n, how, int(value))


def _counts(question: Question, given: Iterable[str]) -> Counts:
    answers = list(given)
    if question.kind is QuestionKind.MARK:
        marks = [int(answer) for answer in answers]
        return Counts(len(marks), mean=statistics.fmean(marks), sd=statistics.pstdev(marks))
    return Counts(len(answers), numerator=sum(answer in question.counts for answer in answers))


# --- counts that add up ----------------------------------------------------------------------------------


def _keep_counts(session: Session, region_id: int, now: Quarter) -> None:
    """Once a quarter, keep how many experiences about each there are, by what became of them."""
    everybody = [
        *(About(one) for one in session.scalars(select(Provider.id).where(Provider.region_id == region_id))),
        *(About(office_id=one) for one in session.scalars(select(Office.id).where(Office.region_id == region_id))),
    ]
    there: dict[About, Counter[Status]] = defaultdict(Counter)
    for provider_id, office_id, status, number in session.execute(
        select(Experience.provider_id, Experience.office_id, Experience.status, func.count())
        .where(Experience.region_id == region_id)
        .group_by(Experience.provider_id, Experience.office_id, Experience.status)
    ):
        there[About(provider_id, office_id)][status] = number
    gone = {(row.about, row.because): row.number for row in session.scalars(select(GoneCount))}
    kept = {row.about: row for row in session.scalars(select(ExperienceCounts))}
    asked = invited(session, region_id, now)
    for about in everybody:
        row = kept.get(about)
        if row is not None and row.quarter == str(now):
            continue
        found = there[about]
        lost = {because: gone.get((about, because), 0) for because in GoneBecause}
        if row is None and not found and not any(lost.values()):
            continue
        row = row or ExperienceCounts(provider_id=about.provider_id, office_id=about.office_id)
        row.quarter = str(now)
        row.waiting = found[Status.RECEIVED] + found[Status.READY]
        row.published, row.refused = found[Status.PUBLISHED], found[Status.REFUSED]
        row.removed = found[Status.REMOVED]
        row.withdrawn, row.expired = lost[GoneBecause.WITHDRAWN], lost[GoneBecause.EXPIRED]
        row.received = (
            row.waiting + row.published + row.refused + row.removed + row.withdrawn + row.expired
        )  # fmt: skip
        row.invited = round(asked.get(about, 0) / ABOUT) * ABOUT
        session.add(row)
    session.flush()


# --- what is too old -------------------------------------------------------------------------------------


def _expire(session: Session, region_id: int, now: Quarter) -> int:
    """Delete what is older than four years; how many that were."""
    old = session.scalars(
        select(Experience).where(
            Experience.region_id == region_id, Experience.quarter <= str(now.before(SHOWN_QUARTERS))
        )
    ).all()
    for one in old:
        withdraw(session, one, GoneBecause.EXPIRED)
    return len(old)


def _forget_refused(session: Session, region_id: int, now: Quarter, refused_days: int) -> None:
    """Erase the texts of what was not published, once there was time enough for a second look.

    No day is kept of it, so it is counted from the end of the quarter in which it came.
    """
    for one in session.scalars(
        select(Experience).where(
            Experience.region_id == region_id,
            Experience.status == Status.REFUSED,
            Experience.wants_second_look.is_(False),
        )
    ):
        over = Quarter(Quarter.read(one.quarter).number + 1).first_day + timedelta(days=refused_days)
        if now.first_day >= over and (one.story or one.advice):
            one.story = one.advice = ""
