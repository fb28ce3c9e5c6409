"""What a provider promised, in answer to a story."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.reviews.models import Experience, ProviderAnswer, is_of
from portal.reviews.types import About, Quarter, Status

MOST_ASKED = 2
"""About so many promises a family is asked: the newest."""


def promises_to_notice(session: Session, about: About, now: Quarter) -> Mapping[str, str]:
    """What families can have noticed of these promises by now: their texts, by the id of the story.

    Only what stands on its page, and was to be done by this quarter or is done, as it says.
    """
    found = session.execute(
        select(ProviderAnswer.experience_id, ProviderAnswer.promise)
        .join(Experience, Experience.id == ProviderAnswer.experience_id)
        .where(
            is_of(Experience, about),
            Experience.status == Status.PUBLISHED,
            Experience.is_named,
            ProviderAnswer.status == Status.PUBLISHED,
            ProviderAnswer.promise != "",
            or_(ProviderAnswer.promise_due <= str(now), ProviderAnswer.kept != ""),
        )
        .order_by(ProviderAnswer.promise_due.desc(), ProviderAnswer.experience_id)
        .limit(MOST_ASKED)
    )
    return {row.experience_id: row.promise for row in found}
