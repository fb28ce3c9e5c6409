"""Asking providers whether what families read is still right. The caller commits.

Safe to run twice on a day: what was asked is written down with the mails that ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.mails import MailSite
from portal.accounts.models import Membership
from portal.accounts.types import MembershipStatus, Role
from portal.catalogue.availability import Situation
from portal.catalogue.models import Offer, Provider
from portal.core.database import keys_of
from portal.desks.reminders import mails
from portal.desks.reminders.models import Reminder, ReminderRefusal
from portal.desks.reminders.queries import is_only_recipient, old_offers, recipients
from portal.desks.reminders.types import ESCALATED_AFTER, REPEATED_AFTER_DAYS, ReminderKind
from portal.desks.waiting.links import WaitingLink, path


class SomebodyMustGetThem(Exception):
    """The last person at a provider who gets reminders cannot refuse them."""


def ask_about_waiting(
    session: Session,
    region_id: int,
    situation: Situation,
    after_days: int,
    site: MailSite,
    at: datetime,
) -> int:
    """Mail each provider of a region whose waiting times are old, once a month; to how many it was posted.

    With the third mail the contract managers of the region hear of it.
    """

    keys, today = keys_of(session), situation.today

    def mail(offers: Sequence[Offer], to: Membership) -> None:
        named = [(offer.name, path(keys, WaitingLink(offer.id, to.id), today)) for offer in offers]
        mails.still_right(session, site, to.person, offers[0].provider.name, named, at)

    asked, silent = _ask(session, region_id, ReminderKind.WAITING, situation, after_days, mail)
    if silent:
        for manager in _contract_managers(session, region_id):
            mails.no_answer(session, site, manager.person, silent, at)
    return asked


def ask_about_profiles(
    session: Session, region_id: int, situation: Situation, after_days: int, site: MailSite, at: datetime
) -> int:
    """Mail each provider of a region whose page nobody confirmed for long; to how many it was posted."""

    def mail(offers: Sequence[Offer], to: Membership) -> None:
        mails.look_once_more(session, site, to.person, offers[0].provider.name, len(offers), at)

    asked, _ = _ask(session, region_id, ReminderKind.PROFILE, situation, after_days, mail)
    return asked


def refuse(session: Session, membership: Membership) -> None:
    """Send this person no reminders any more. Raises SomebodyMustGetThem for the last one at a provider."""
    if membership.provider_id is None or is_only_recipient(session, membership.provider_id, membership.id):
        raise SomebodyMustGetThem
    session.merge(ReminderRefusal(membership_id=membership.id))


def welcome(session: Session, membership_id: int) -> None:
    """Send them again."""
    session.execute(delete(ReminderRefusal).where(ReminderRefusal.membership_id == membership_id))


def _ask(
    session: Session,
    region_id: int,
    kind: ReminderKind,
    situation: Situation,
    after_days: int,
    mail: Callable[[Sequence[Offer], Membership], None],
) -> tuple[int, list[str]]:
    """How many providers were mailed now, and the names of those for whom it is time that the region knows."""
    old = old_offers(session, region_id, kind, situation, after_days)
    open_reminders = {
        reminder.provider_id: reminder
        for reminder in session.scalars(
            select(Reminder).join(Reminder.provider).where(Reminder.kind == kind, Provider.region_id == region_id)
        )
    }
    for provider_id in open_reminders.keys() - old.keys():
        session.delete(open_reminders.pop(provider_id))  # they answered
    asked, silent = 0, []
    for provider_id, offers in old.items():
        reminder = open_reminders.get(provider_id)
        if reminder is not None and (situation.today - reminder.sent_on).days < REPEATED_AFTER_DAYS:
            continue
        people = recipients(session, provider_id)
        if not people:
            continue  # the region sees that nobody can be asked
        for membership in people:
            mail(offers, membership)
        times = (reminder.times if reminder else 0) + 1
        session.merge(
            Reminder(provider_id=provider_id, kind=kind, sent_on=situation.today, times=times, recipients=len(people))
        )
        asked += 1
        if times == ESCALATED_AFTER:
            silent.append(offers[0].provider.name)
    return asked, sorted(silent)


def _contract_managers(session: Session, region_id: int) -> Sequence[Membership]:
    return session.scalars(
        select(Membership)
        .options(joinedload(Membership.person))
        .where(
            Membership.region_id == region_id,
            Membership.role == Role.CONTRACT_MANAGER,
            Membership.status == MembershipStatus.ACTIVE,
        )
    ).all()
