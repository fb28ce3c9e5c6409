"""Publishing in batches, counting in steps, and forgetting in time. Run each day; running it twice changes nothing.

What is published, and when, follows from how many experiences there are and how old they are, never from what they say.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalogue.models import Provider
from portal.catalogue.operations import touch
from portal.core.actor import Actor
from portal.outcomes.figures import Counts, tell
from portal.outcomes.types import Rules
from portal.reviews.invitations.queries import invited
from portal.reviews.models import Experience, ExperienceCounts, ExperienceFigure, GoneCount
from portal.reviews.operations import move, withdraw
from portal.reviews.questions import Question, QuestionKind, QuestionSet
from portal.reviews.types import (
    COUNTED_QUARTERS,
    FIGURE_STEP,
    SHOWN_QUARTERS,
    TEXTS_TOGETHER,
    UNNAMED_AFTER,
    GoneBecause,
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
    """Texts of a provider appear when three or more are ready; what waited too long appears without its name."""
    ready = session.scalars(
        select(Experience).where(Experience.region_id == region_id, Experience.status == Status.READY)
    ).all()
    by_provider = defaultdict(list)
    for experience in sorted(ready, key=lambda one: one.id):
        by_provider[experience.provider_id].append(experience)
    actor = Actor.system("daily", region_id)
    named = unnamed = 0
    for found in by_provider.values():
        fresh = [one for one in found if not one.was_released]
        together = sum(bool(one.story or one.advice) for one in fresh) >= TEXTS_TOGETHER
        for one in found:
            if one.was_released:
                named += one.is_named
                unnamed += not one.is_named
            elif together:
                one.is_named = True
                named += 1
            elif Quarter.read(one.quarter) <= now.before(UNNAMED_AFTER):
                one.is_named = False
                unnamed += 1
            else:
                continue
            one.was_released = True
            move(session, actor, one, Status.PUBLISHED, today)
    return named, unnamed


# --- averages --------------------------------------------------------------------------------------------

_Key = tuple[int, str, Voice, ToldFramework]


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
    answers: dict[_Key, dict[str, str]] = defaultdict(dict)
    questions: dict[str, Question] = {}
    for one in counted:
        for key, answer in one.answers.items():
            question = sets[one.question_set].question(key) if one.question_set in sets else None
            if question is not None and (question.counts or question.kind is QuestionKind.MARK):
                questions[key] = question
                answers[one.provider_id, key, one.voice, one.framework][one.id] = answer
    asked, changed = invited(session, region_id, now), 0
    stored = {
        (row.provider_id, row.question, row.voice, row.framework): row
        for row in session.scalars(
            select(ExperienceFigure)
            .join(Provider, Provider.id == ExperienceFigure.provider_id)
            .where(Provider.region_id == region_id)
        )
    }
    for group, given in answers.items():
        row = stored.get(group)
        if row is None and len(given) < rules.least_shown:
            continue
        if row is not None and len(set(row.members) ^ set(given)) < FIGURE_STEP:
            continue
        if row is None:
            provider_id, key, voice, framework = group
            row = ExperienceFigure(
                provider_id=provider_id, question=key, voice=voice, framework=framework, invited=0, members=[]
            )
            session.add(row)
        _fill(row, questions[group[1]], given, asked.get(group[0], 0), rules, now)
        changed += 1
    for group, row in stored.items():
        if group not in answers:
            session.delete(row)
            changed += 1
    session.flush()
    return changed


def _fill(
    row: ExperienceFigure, question: Question, given: Mapping[str, str], asked: int, rules: Rules, now: Quarter
) -> None:
    told = tell(_counts(question, given.values()), rules)
    row.shown, row.n, row.numerator, row.mean = told.shown.value, told.n, told.numerator, told.mean
    row.bound = told.bound
    row.invited = round(max(asked, len(given)) / ABOUT) * ABOUT
    row.quarter = str(now)
    row.members = sorted(given)


def _counts(question: Question, given: Iterable[str]) -> Counts:
    answers = list(given)
    if question.kind is QuestionKind.MARK:
        marks = [int(answer) for answer in answers]
        return Counts(len(marks), mean=statistics.fmean(marks), sd=statistics.pstdev(marks))
    return Counts(len(answers), numerator=sum(answer in question.counts for answer in answers))


# --- counts that add up ----------------------------------------------------------------------------------


def _keep_counts(session: Session, region_id: int, now: Quarter) -> None:
    """Once a quarter, keep how many experiences of each provider there are, by what became of them."""
    providers: Sequence[int] = session.scalars(select(Provider.id).where(Provider.region_id == region_id)).all()
    there: dict[int, Counter[Status]] = defaultdict(Counter)
    for provider_id, status, number in session.execute(
        select(Experience.provider_id, Experience.status, func.count())
        .where(Experience.region_id == region_id)
        .group_by(Experience.provider_id, Experience.status)
    ):
        there[provider_id][status] = number
    gone = {
        (provider_id, because): number
        for provider_id, because, number in session.execute(
            select(GoneCount.provider_id, GoneCount.because, GoneCount.number)
        )
    }
    asked = invited(session, region_id, now)
    for provider_id in providers:
        row = session.get(ExperienceCounts, provider_id)
        if row is not None and row.quarter == str(now):
            continue
        found = there[provider_id]
        lost = {because: gone.get((provider_id, because), 0) for because in GoneBecause}
        if row is None and not found and not any(lost.values()):
            continue
        row = row or ExperienceCounts(provider_id=provider_id)
        row.quarter = str(now)
        row.waiting = found[Status.RECEIVED] + found[Status.READY]
        row.published, row.refused = found[Status.PUBLISHED], found[Status.REFUSED]
        row.removed = found[Status.REMOVED]
        row.withdrawn, row.expired = lost[GoneBecause.WITHDRAWN], lost[GoneBecause.EXPIRED]
        row.received = (
            row.waiting + row.published + row.refused + row.removed + row.withdrawn + row.expired
        )  # fmt: skip
        row.invited = round(asked.get(provider_id, 0) / ABOUT) * ABOUT
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
