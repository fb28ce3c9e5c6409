"""Writing the security log: a line in the log, and where it can be of use a row in the database."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core.security_log.models import SecurityEvent
from portal.core.security_log.types import LONGEST_DETAIL, SecurityKind
from portal.core.text import one_line

logger = logging.getLogger("portal")


def note(
    session: Session,
    kind: SecurityKind,
    at: datetime,
    *,
    person_id: int | None = None,
    region_id: int | None = None,
    detail: str = "",
) -> None:
    """Write down what happened. The line is in the log at once, the row comes with the caller's commit.

    `person_id` is whose account it concerns, whoever it was that tried. `detail` is in words of our own, such as the
    pattern of a route: never what somebody typed.

    The same work is done whether there is an account or not, so that nobody can tell by the clock.
    """
    told = one_line(detail)[:LONGEST_DETAIL]
    fields: dict[str, object] = {"event": kind.value, "person": person_id, "region": region_id, "detail": told}
    level = logging.WARNING if kind.is_refusal else logging.INFO
    logger.log(level, "security", extra={"fields": {name: value for name, value in fields.items() if value}})
    if kind.is_kept and not (kind.is_unbounded and person_id is None):
        session.add(
            SecurityEvent(at=_rounded(at, person_id), kind=kind, person_id=person_id, region_id=region_id, detail=told)
        )
        session.flush()


def forget(session: Session, now: datetime, kept_days: int) -> int:
    """Delete what happened longer ago than it is kept; how much that was."""
    deleted = session.execute(delete(SecurityEvent).where(SecurityEvent.at <= now - timedelta(days=kept_days)))
    return int(deleted.rowcount)  # type: ignore[attr-defined]


def _rounded(at: datetime, person_id: int | None) -> datetime:
    """To the minute where a person is known, who must be able to tell their own; else to the day."""
    moment = at.astimezone(UTC).replace(second=0, microsecond=0)
    return moment if person_id is not None else moment.replace(hour=0, minute=0)
