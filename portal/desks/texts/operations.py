"""Writing, sending, approving and returning drafts; confirming that all is right. The caller commits."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.catalogue.availability import is_offered
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer, Provider
from portal.catalogue.operations import TEXTS, touch
from portal.core.actor import Actor
from portal.core.trail.operations import record
from portal.core.trail.types import Subject as TrailSubject
from portal.desks.texts.facts import approved_cells
from portal.desks.texts.models import TextDraft
from portal.desks.texts.queries import draft_of, subject_of_draft
from portal.desks.texts.types import DraftStatus, Subject, Values
from portal.exchange import by_hand
from portal.exchange.problems import Problem, Severity


class ChangedMeanwhile(Exception):
    """The draft is another than was shown: a colleague wrote on, the region decided, or it is gone."""


class NotWaiting(Exception):
    """The draft does not wait for the region: it was decided, taken back, or is being changed."""


class Stopped(Exception):
    """The offer is not offered any more: no family would read it."""


class NoLongerRight(Exception):
    """What a fact was to be cannot stand any more: a place went away, or a list changed."""

    def __init__(self, problems: Collection[Problem]) -> None:
        super().__init__(", ".join(problem.column for problem in problems))
        self.problems = tuple(problems)


class LiveChanged(Exception):
    """What families read changed since the draft was written; approving would undo that unseen."""

    def __init__(self, fields: Collection[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = frozenset(fields)


def write(
    session: Session, subject: Subject, values: Values, version: int, is_sent: bool, actor: Actor, at: datetime
) -> TextDraft | None:
    """Keep what a provider wants families to read; `is_sent` asks the region. None where that is what they read.

    `version` is that of the draft that was shown, 0 where there was none. Raises ChangedMeanwhile.
    """
    draft = _locked(session, draft_of(session, subject))
    if (draft.version if draft else 0) != version:
        raise ChangedMeanwhile
    live = subject.live()
    proposed = {name: value for name, value in values.items() if subject.differs(name, value, live[name])}
    if not proposed:
        if draft is not None:
            session.delete(draft)
        return None
    if draft is None:
        draft = TextDraft(
            public_id=secrets.token_urlsafe(16), subject=subject.key, region_id=subject.provider.region_id,
            provider_id=subject.provider.id, offer_id=subject.offer.id if subject.offer else None, version=0,
        )  # fmt: skip
        session.add(draft)
    draft.proposed, draft.replaces = proposed, {name: live[name] for name in proposed}
    draft.status = DraftStatus.SENT if is_sent else DraftStatus.BEGUN
    draft.author_id, draft.author_label, draft.changed_at = actor.person_id, actor.label[:200], at
    draft.version += 1
    session.flush()
    return draft


def throw_away(session: Session, subject: Subject, version: int) -> None:
    """Forget a draft. Raises ChangedMeanwhile."""
    draft = _locked(session, draft_of(session, subject))
    if draft is None or draft.version != version:
        raise ChangedMeanwhile
    session.delete(draft)


def approve(session: Session, draft: TextDraft, version: int, lists: CodeLists, actor: Actor, at: datetime) -> None:
    """Let families read it and choose on it from now on; no data package overwrites it any more.

    Raises NotWaiting, ChangedMeanwhile, Stopped, NoLongerRight, and LiveChanged where a field that it changes was
    changed otherwise since.
    """
    _refuse_undecidable(_locked(session, draft), version)
    subject = subject_of_draft(draft)
    if subject.stopped_on(at.date()):
        raise Stopped
    live = subject.live()
    if overtaken := [name for name, value in draft.replaces.items() if subject.differs(name, live[name], value)]:
        raise LiveChanged(overtaken)
    cells = approved_cells(subject, draft.proposed)
    subject.put({name: value for name, value in draft.proposed.items() if name not in cells})
    subject.row.desk_texts = sorted({*subject.row.desk_texts, *draft.proposed})
    session.flush()
    if cells:
        _put_facts(session, subject, cells, lists, at)
    table = "offers" if subject.offer else "providers"
    touch(session, [draft.provider_id] if TEXTS[table] & draft.proposed.keys() else ())
    _note(session, actor, "text.approved", subject, draft, at)
    session.delete(draft)


def _put_facts(session: Session, subject: Subject, cells: by_hand.Cells, lists: CodeLists, at: datetime) -> None:
    """Store facts as a row of a file is stored: checked once more, with all by which filters find it."""
    row = subject.row
    put = by_hand.put_cells(session, subject.provider.region, subject.thing.table, row.identifier, cells, lists, at)
    if not put.ok:
        raise NoLongerRight(put.problems.of(Severity.ERROR))
    session.refresh(row)


def give_back(session: Session, draft: TextDraft, version: int, reason: str, actor: Actor, at: datetime) -> None:
    """Send it back to its provider, who can change it and send it again. Raises NotWaiting, ChangedMeanwhile."""
    _refuse_undecidable(_locked(session, draft), version)
    draft.status, draft.reason, draft.changed_at = DraftStatus.RETURNED, reason, at
    draft.version += 1
    record(
        session, actor, "text.returned", _in_trail(subject_of_draft(draft)), after=dict(draft.proposed), reason=reason,
        region_id=draft.region_id, at=at,
    )  # fmt: skip


def confirm_all(session: Session, provider_id: int, actor: Actor, today: date, at: datetime) -> int:
    """Say that everything families read of a provider is right today; of how many offers that is."""
    provider = session.get_one(Provider, provider_id)
    mine = select(Offer.id).where(Offer.provider_id == provider_id, is_offered(today))
    confirmed = session.execute(
        update(Offer).where(Offer.id.in_(mine)).values(checked_on=today).execution_options(synchronize_session=False)
    )
    touch(session)
    record(
        session, actor, "profile.confirmed", TrailSubject("provider", provider.identifier),
        after={"provider": provider.name}, region_id=provider.region_id, at=at,
    )  # fmt: skip
    return int(confirmed.rowcount)  # type: ignore[attr-defined]


def _locked(session: Session, draft: TextDraft | None) -> TextDraft | None:
    """The draft as it is now, with nobody else changing it until the commit."""
    if draft is None:
        return None
    return session.scalars(
        select(TextDraft)
        .where(TextDraft.id == draft.id)
        .with_for_update(of=TextDraft)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _refuse_undecidable(draft: TextDraft | None, version: int) -> None:
    if draft is None or draft.status is not DraftStatus.SENT:
        raise NotWaiting
    if draft.version != version:
        raise ChangedMeanwhile


def _note(session: Session, actor: Actor, action: str, subject: Subject, draft: TextDraft, at: datetime) -> None:
    record(
        session, actor, action, _in_trail(subject), before=dict(draft.replaces), after=dict(draft.proposed),
        region_id=draft.region_id, at=at,
    )  # fmt: skip


def _in_trail(subject: Subject) -> TrailSubject:
    return TrailSubject("offer" if subject.offer else "provider", subject.row.identifier)
