"""What of texts waits, for the page a desk begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.types import Scope
from portal.catalogue.wording import day
from portal.core.clock import AMSTERDAM
from portal.core.languages import ngettext
from portal.core.links import link
from portal.core.pages import Link
from portal.desks.texts.models import TextDraft
from portal.desks.texts.types import DraftStatus


def returned(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """Texts that came back to a provider."""
    number, first = session.execute(
        select(func.count(), func.min(TextDraft.changed_at)).where(
            TextDraft.provider_id == scope.provider_id, TextDraft.status == DraftStatus.RETURNED
        )
    ).one()
    if not number:
        return ()
    words = ngettext(
        "%(num)s text came back on %(day)s, with what would be better",
        "%(num)s texts came back, the first on %(day)s, with what would be better",
        number, day=day(first.astimezone(AMSTERDAM).date(), today),
    )  # fmt: skip
    return [Link(words, link("texts.index"))]


def to_approve(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """Changes of providers that the region decides about."""
    number, first = session.execute(
        select(func.count(), func.min(TextDraft.changed_at)).where(
            TextDraft.region_id == scope.region_id, TextDraft.status == DraftStatus.SENT
        )
    ).one()
    if not number:
        return ()
    words = ngettext(
        "%(num)s change to approve, sent on %(day)s", "%(num)s changes to approve, the first sent on %(day)s", number,
        day=day(first.astimezone(AMSTERDAM).date(), today),
    )  # fmt: skip
    return [Link(words, link("approvals.queue"))]
