"""What is odd about an experience, for a moderator to look at. A flag refuses nothing and removes nothing."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.signing_in.codes import new_public_id
from portal.core.text import fold
from portal.outcomes.models import Figure
from portal.outcomes.types import Indicator
from portal.reviews.models import Experience, ExperienceFlag, InvitationBatch, InvitationCode, is_of
from portal.reviews.types import FEW_SPENT, Occasion, Status

SHINGLE = 5
"""Texts are compared by so many letters in a row."""
_NO_LETTER = re.compile(r"[\W_]+")
NEAR_DUPLICATE = 0.8
SHORTEST_COMPARED = 40
BURST_SHARE, BURST_LEAST = 0.3, 8
"""Of a provider's experiences of a quarter, so many on one day is odd. With fewer than eight, honest providers that
hand out their codes on one day would be flagged more often than in one of two hundred years
(`benchmarks/campaigns.py`)."""
SAME_LEAST = 5
MARK = "usefulness"
"""The question by whose marks batches are compared."""
VERY_HIGH, VERY_LOW = frozenset({"9", "10"}), frozenset({"1", "2", "3"})
UNLIKE_LEAST, UNLIKE_OTHERS = 5, 10
UNLIKE_TAIL = 0.0001
"""A batch is unlike the others where chance alone makes it so less often. A batch is looked at each time that something
comes in, so this is stricter than the one in a thousand of a single look (`benchmarks/campaigns.py`)."""


def shingles(text: str) -> frozenset[str]:
    """The runs of letters by which texts are compared."""
    letters = _letters(text)
    return frozenset(letters[at : at + SHINGLE] for at in range(len(letters) - SHINGLE + 1))


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", fold(text))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two texts have in common: 1 for the same."""
    return len(one & other) / len(one | other) if one and other else 0.0


def is_nearly(own: frozenset[str], text: str) -> bool:
    """Whether a text is nearly the one of which `own` are the shingles.

    Most texts are far from it, and that is seen after a few: those that are missing cannot be in both.
    """
    letters, may_miss = _letters(text), len(own) * (1 - NEAR_DUPLICATE)
    for one in own:
        if one not in letters:
            may_miss -= 1
            if may_miss < 0:
                return False
    return likeness(own, shingles(text)) >= NEAR_DUPLICATE


def is_burst(same_day: int, of_quarter: int) -> bool:
    """Whether an unlikely part of a quarter's experiences came on one day."""
    return same_day >= BURST_LEAST and same_day > BURST_SHARE * of_quarter


def is_unlike(own: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the marks of one batch are far higher, or far lower, than those of all others of the same provider.

    An exact test (hypergeometric) of how many are very high, and of how many are very low.
    """
    if len(own) < UNLIKE_LEAST or len(others) < UNLIKE_OTHERS:
        return False
    return any(
        _tail(sum(one in marks for one in own), len(own), sum(one in marks for one in (*own, *others)),
              len(own) + len(others)) < UNLIKE_TAIL
        for marks in (VERY_HIGH, VERY_LOW)
    )  # fmt: skip


def _tail(found: int, drawn: int, marked: int, all_: int) -> float:
    """How likely it is to draw so many marked ones, or more, by chance."""
    ways = sum(math.comb(marked, k) * math.comb(all_ - marked, drawn - k) for k in range(found, min(drawn, marked) + 1))
    return ways / math.comb(all_, drawn)


@dataclass(frozen=True, slots=True)
class Compared:
    """With which experiences (by id) a story was compared, and whether one of them is nearly the same."""

    others: frozenset[str] = frozenset()
    is_told_before: bool = False


def compare(session: Session, region_id: int, story: str, before: Compared = Compared()) -> Compared:
    """Compare a story with all that was told in the region, about anybody, save what it was compared with before.

    It takes longer the more there are: so it is done outside a transaction, and within it for who came meanwhile.
    """
    if before.is_told_before or len(story) < SHORTEST_COMPARED:
        return before
    of_its_length = (
        Experience.region_id == region_id,
        func.length(Experience.story).between(len(story) * 0.7, len(story) * 1.4),
    )
    there = frozenset(session.scalars(select(Experience.id).where(*of_its_length)))
    if not (new := there - before.others):
        return before
    wanted = select(Experience.story).where(*of_its_length)
    others = session.scalars(wanted.where(Experience.id.in_(new)) if before.others else wanted)
    own = shingles(story)
    return Compared(before.others | there, any(is_nearly(own, other) for other in others))


def flag(session: Session, experience: Experience, compared: Compared = Compared()) -> Sequence[ExperienceFlag]:
    """Flag what is odd about an experience that came in just now; `compared` is what its story was before."""
    before = Compared(compared.others | {experience.id}, compared.is_told_before)
    odd: dict[str, Callable[[Session, Experience], bool]] = {
        "duplicate": lambda session, one: compare(session, one.region_id, one.story, before).is_told_before,
        "burst": _is_in_a_burst,
        "same_answers": _has_common_answers,
        "unlike": _is_of_an_unlike_batch,
    }
    flags = [
        ExperienceFlag(id=new_public_id(), experience_id=experience.id, kind=kind)
        for kind, is_odd in odd.items()
        if is_odd(session, experience)
    ]
    session.add_all(flags)
    session.flush()
    return flags


def _is_in_a_burst(session: Session, experience: Experience) -> bool:
    of_them = select(func.count()).select_from(Experience).where(is_of(Experience, experience.about))
    same_day = session.scalar(
        of_them.where(Experience.status == Status.RECEIVED, Experience.arrived_on == experience.arrived_on)
    )
    of_quarter = session.scalar(of_them.where(Experience.quarter == experience.quarter))
    return is_burst(int(same_day or 0), int(of_quarter or 0))


def _has_common_answers(session: Session, experience: Experience) -> bool:
    """Whether many experiences about the same have the very same answers to everything."""
    if len(experience.answers) < SAME_LEAST:
        return False
    others = session.scalars(
        select(Experience.answers).where(
            is_of(Experience, experience.about),
            Experience.id != experience.id,
            Experience.quarter == experience.quarter,
        )
    )
    return sum(other == experience.answers for other in others) >= SAME_LEAST


def _is_of_an_unlike_batch(session: Session, experience: Experience) -> bool:
    """Whether what was told on the same occasion of the same quarter is unlike the rest: as near as one can come to a
    batch, which no experience knows."""
    own, others = list[str](), list[str]()
    for one in session.scalars(
        select(Experience).where(is_of(Experience, experience.about), Experience.voice == experience.voice)
    ):
        mark = one.answers.get(MARK)
        if mark is not None:
            (own if _batch_of(one) == _batch_of(experience) else others).append(mark)
    return MARK in experience.answers and is_unlike(own, others)


def _batch_of(one: Experience) -> tuple[str, ...]:
    return one.quarter, one.occasion, one.arrangement, one.municipality


# --- codes -----------------------------------------------------------------------------------------------


def more_used_than_handed_out(session: Session, region_id: int) -> frozenset[int]:
    """The batches of which more codes were used than were handed out, as who handed them out says."""
    used = (
        select(InvitationCode.batch_id, func.count().label("number"))
        .where(InvitationCode.is_spent)
        .group_by(InvitationCode.batch_id)
        .subquery()
    )
    return frozenset(
        session.scalars(
            select(InvitationBatch.id)
            .join(used, used.c.batch_id == InvitationBatch.id)
            .where(
                InvitationBatch.region_id == region_id,
                used.c.number > InvitationBatch.handed_out,
                used.c.number >= FEW_SPENT,
            )
        )
    )


def more_codes_than_clients(session: Session, region_id: int) -> frozenset[int]:
    """The batches, made for the end of help, of providers that got more codes in a year than clients ended help there.

    How many ended is that of the figures of dropout, which count all who did.
    """
    ended: dict[tuple[int, str], int] = {
        (row.provider_id, row.period): row.number
        for row in session.execute(
            select(Figure.provider_id, Figure.period, func.sum(Figure.n).label("number"))
            .where(
                Figure.region_id == region_id, Figure.indicator == Indicator.DROPOUT, Figure.periods == Figure.period
            )
            .group_by(Figure.provider_id, Figure.period)
            .having(func.count() == func.count(Figure.n))  # where one is hidden, the sum is not all
        )
    }
    given: dict[tuple[int, str], int] = defaultdict(int)
    found = session.scalars(
        select(InvitationBatch).where(
            InvitationBatch.region_id == region_id,
            InvitationBatch.provider_id.isnot(None),
            InvitationBatch.occasion == Occasion.END,
        )
    ).all()
    for batch in found:
        given[batch.provider_id or 0, batch.period[:4]] += batch.handed_out or 0
    return frozenset(
        batch.id
        for batch in found
        if (key := (batch.provider_id or 0, batch.period[:4])) in ended and given[key] > ended[key]
    )
