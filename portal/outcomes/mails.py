"""The mails about figures: to providers, that there is something to look at, and what the region decided."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.mails import MailSite, send
from portal.accounts.models import Membership, Person
from portal.accounts.types import PROVIDER_ROLES, MembershipStatus
from portal.core.messages import N_

LOOK, ONE = "/werkplek/aanbieder/cijfers", "/werkplek/aanbieder/cijfers/{}"


def to_look_at(session: Session, site: MailSite, providers: Collection[int], until: date, at: datetime) -> int:
    """Post to everybody who works at these providers: there are figures to look at. How many mails that are."""
    people = _people(session, providers)
    for person in people:
        send(session, site, person.email, person.language, at, N_("Look at your figures before others do"), (
            N_("There are new figures about what came of your help. You see them before anybody outside the region."),
            N_("Is something not right? You can object until %(until)s. If you do nothing, the figures go on."),
            site.address(LOOK, person.language),
        ), until=format_date(until, "d MMMM y", locale=person.language))  # fmt: skip
    return len(people)


def settled(session: Session, site: MailSite, provider_id: int, figure_id: int, at: datetime) -> int:
    """Post to everybody who works at a provider: the region decided about your objection. How many mails that are."""
    people = _people(session, (provider_id,))
    for person in people:
        send(session, site, person.email, person.language, at, N_("The region answered your objection"), (
            N_("The region looked at your objection to a figure, and decided. Here you read what, and why:"),
            site.address(ONE.format(figure_id), person.language),
        ))  # fmt: skip
    return len(people)


def _people(session: Session, providers: Collection[int]) -> list[Person]:
    """Who works at one of these providers, each once."""
    return list(
        session.scalars(
            select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(
                Membership.provider_id.in_(providers),
                Membership.role.in_(PROVIDER_ROLES),
                Membership.status == MembershipStatus.ACTIVE,
            )
            .distinct()
            .order_by(Person.id)
        )
    )
