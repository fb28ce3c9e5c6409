"""What `portal doctor` says about the trail."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from portal.core.database import Database
from portal.core.doctor import Finding, Health
from portal.core.trail.types import Flaw, Verification
from portal.core.trail.verification import verify
from portal.core.trail.witness import Witness

FLAWS = {
    Flaw.ALTERED: "entry {number} was altered, or PORTAL_SECRET_KEY is another one than before",
    Flaw.MISSING: "entry {number} is missing",
    Flaw.OUT_OF_PLACE: "entry {number} does not follow the one before it",
    Flaw.CUT_OFF: "entry {number} and what came after it are gone",
    Flaw.ADDED: "entry {number} was added from outside",
    Flaw.MARK_ALTERED: "where it starts or ends was altered, or PORTAL_SECRET_KEY is another one than before",
    Flaw.REPLACED: "entry {number} is another than this machine saw written",
}


def findings(database: Database, witness: Witness) -> Iterator[Finding]:
    """Read the whole trail, and say where it ends: who writes that down elsewhere can compare it later."""
    try:
        with database.sessions() as session:
            found = verify(session, witness.read())
    except SQLAlchemyError:
        yield Finding("trail", Health.WARNING, "cannot be looked at while the database cannot be read")
        return
    yield Finding("trail", Health.GOOD if found.ok else Health.BAD, said(found))


def said(found: Verification) -> str:
    """What was found, in a sentence."""
    if found.flaw is not None:
        return f"{FLAWS[found.flaw].format(number=found.number)}; {found.entries} entries before it are whole"
    if not found.head.number:
        return "whole: nothing was written yet"
    return f"whole: {found.entries} entries, the last is {found.head.number} {found.head.hash[:16]}"
