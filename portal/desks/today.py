"""What waits at a desk: each package says it of its own, and who may not do something does not read of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from portal.accounts.access import Visitor
from portal.accounts.models import Membership
from portal.accounts.permissions import Permission, scope_of
from portal.accounts.signing_in.web import usable_memberships
from portal.accounts.types import Scope
from portal.core.pages import Link
from portal.desks.choice.today import just_told
from portal.desks.corrections.today import passed_on, to_decide
from portal.desks.imports.today import to_bring_in
from portal.desks.own_figures.today import to_look_at
from portal.desks.region_figures.today import doubts, objections
from portal.desks.texts.today import returned, to_approve
from portal.desks.waiting.today import to_confirm
from portal.reviews.answering.today import promised, promised_by_team, to_answer, to_answer_for_team
from portal.reviews.moderating.today import to_read

Waits = Callable[[Session, Scope, date], Sequence[Link]]
"""From how far somebody reaches and the day: what waits, with where it is done. Nothing where nothing waits."""

WAITING: Sequence[tuple[Permission, Waits]] = (
    (Permission.MODERATE, to_read),
    (Permission.PROVIDER_DESK, returned),
    (Permission.PROVIDER_DESK, to_confirm),
    (Permission.OWN_FIGURES, to_look_at),
    (Permission.ANSWER_FAMILIES, to_answer),
    (Permission.ANSWER_FAMILIES, promised),
    (Permission.ANSWER_FOR_TEAM, to_answer_for_team),
    (Permission.ANSWER_FOR_TEAM, promised_by_team),
    (Permission.PROVIDER_DESK, passed_on),
    (Permission.APPROVE_CHANGES, to_approve),
    (Permission.REGION_FIGURES, objections),
    (Permission.HANDLE_CORRECTIONS, to_decide),
    (Permission.REGION_FIGURES, doubts),
    (Permission.IMPORT_FILES, to_bring_in),
    (Permission.RECORD_CHOICE, just_told),
)
"""In the order in which it is told, with what one must be allowed to do it."""


def waiting_for(session: Session, visitor: Visitor, today: date) -> Sequence[Link]:
    """What waits for whoever is signed in."""
    return _waits_as(session, visitor.membership, today) if visitor.membership else ()


def waiting_elsewhere(
    session: Session, visitor: Visitor, here: Sequence[Link], today: date
) -> Sequence[tuple[Membership, Sequence[Link]]]:
    """What waits for the other roles of whoever is signed in, but for what waits `here` too."""
    others = (one for one in usable_memberships(session, visitor.sign_in) if one is not visitor.membership)
    told = ((one, [link for link in _waits_as(session, one, today) if link not in here]) for one in others)
    return [(one, waits) for one, waits in told if waits]


def _waits_as(session: Session, held: Membership, today: date) -> Sequence[Link]:
    if not held.is_active:
        return ()
    scopes = ((scope_of(held.post, permission), waits) for permission, waits in WAITING)
    return [one for scope, waits in scopes if scope is not None for one in waits(session, scope, today)]
