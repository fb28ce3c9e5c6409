"""What is odd about an experience, for a moderator to look at. A flag refuses nothing and removes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.signing_in.codes import new_public_id
from portal.core.text import fold
from portal.reviews.models import Experience, ExperienceFlag, is_of
from portal.reviews.types import Status

SHINGLE = 5
"""Texts are compared by so many letters in a row."""
NEAR_DUPLICATE = 0.8
SHORTEST_COMPARED = 40
BURST_SHARE, BURST_LEAST = 0.3, 5
"""Of a provider's experiences of a quarter, so many on one day is odd."""
SAME_LEAST = 5


def shingles(text: str) -> frozenset[str]:
    """The runs of letters by which texts are compared."""
    letters = "".join(c for c in fold(text) if c.isalnum())
    return frozenset(letters[at : at + SHINGLE] for at in range(len(letters) - SHINGLE + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two texts have in common: 1 for the same."""
    return len(one & other) / len(one | other) if one and other else 0.0


def flag(session: Session, experience: Experience) -> Sequence[ExperienceFlag]:
    """Flag what is odd about an experience that came in just now."""
    kinds = []
    if _is_told_before(session, experience):
        kinds.append("duplicate")
    if _is_in_a_burst(session, experience):
        kinds.append("burst")
    if _has_common_answers(session, experience):
        kinds.append("same_answers")
    flags = [ExperienceFlag(id=new_public_id(), experience_id=experience.id, kind=kind) for kind in kinds]
    session.add_all(flags)
    session.flush()
    return flags


def _is_told_before(session: Session, experience: Experience) -> bool:
    """Whether nearly the same text is there already, at any provider of the region."""
    if len(experience.story) < SHORTEST_COMPARED:
        return False
    own = shingles(experience.story)
    others = session.scalars(
        select(Experience.story).where(
            Experience.region_id == experience.region_id,
            Experience.id != experience.id,
            func.length(Experience.story).between(len(experience.story) * 0.7, len(experience.story) * 1.4),
        )
    )
    return any(likeness(own, shingles(other)) >= NEAR_DUPLICATE for other in others)


def _is_in_a_burst(session: Session, experience: Experience) -> bool:
    """Whether an unlikely part of a provider's experiences of this quarter came on the same day."""
    same_day = session.scalar(
        select(func.count())
        .select_from(Experience)
        .where(
            is_of(Experience, experience.about),
            Experience.status == Status.RECEIVED,
            Experience.arrived_on == experience.arrived_on,
        )
    )
    of_quarter = session.scalar(
        select(func.count())
        .select_from(Experience)
        .where(is_of(Experience, experience.about), Experience.quarter == experience.quarter)
    )
    many, all_ = int(same_day or 0), int(of_quarter or 0)
    return many >= BURST_LEAST and many > BURST_SHARE * all_


def _has_common_answers(session: Session, experience: Experience) -> bool:
    """Whether many experiences of this provider have the very same answers to everything."""
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
