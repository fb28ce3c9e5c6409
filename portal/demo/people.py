"""The people of the demonstration: one of every role, invented, with sign-ins that everybody may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Person
from portal.accounts.people.operations import Acting, invite
from portal.accounts.queries import person_by_email
from portal.accounts.signing_in.operations import accept_invitation, new_recovery_codes
from portal.accounts.signing_in.passwords import Passwords
from portal.accounts.types import Post, Profession, Role
from portal.catalogue.models import Provider
from portal.core.actor import Actor
from portal.core.languages import DEFAULT

PASSWORD = "drie rode fietsen"  # noqa: S105 - of the demonstration, and told on its page
DOMAIN = "voorbeeld.example"
HEERLEN = "GM0917"
WORKPLACE = "B020"
"""Where the people of a provider work: one with figures in every state."""


@dataclass(frozen=True, slots=True)
class ExamplePerson:
    """Somebody who does not exist, and what they are."""

    name: str
    roles: Sequence[Role]
    profession: Profession | None = None

    @property
    def email(self) -> str:
        """An address that no mail can reach."""
        return f"{self.name.lower().replace(' ', '.')}@{DOMAIN}"


PEOPLE = (
    ExamplePerson("Noor Janssen", (Role.ADMINISTRATOR,)),
    ExamplePerson("Karim Haddad", (Role.CONTRACT_MANAGER,)),
    ExamplePerson("Lieke Smeets", (Role.DATA_OFFICER, Role.MODERATOR)),
    ExamplePerson("Ton Vroomen", (Role.MODERATOR,)),
    ExamplePerson("Amina Yildiz", (Role.ACCESS_WORKER,)),
    ExamplePerson("Joost Peeters", (Role.REFERRER,), Profession.GP),
    ExamplePerson("Wilma Dohmen", (Role.REFERRER,), Profession.PRACTICE_NURSE),
    ExamplePerson("Sanne Curfs", (Role.REFERRER,), Profession.YOUTH_DOCTOR),
    ExamplePerson("Ravi Sharma", (Role.REFERRER,), Profession.SPECIALIST),
    ExamplePerson("Marleen Kusters", (Role.REFERRER,), Profession.CERTIFIED),
    ExamplePerson("Bas Hendriks", (Role.PARTNER,), Profession.SCHOOL),
    ExamplePerson("Fatima Amrani", (Role.PARTNER,), Profession.CLIENT_SUPPORTER),
    ExamplePerson("Ellen Ritzen", (Role.PROVIDER_MANAGER,)),
    ExamplePerson("Daan Crutzen", (Role.PROVIDER_EDITOR,)),
)


def make_people(session: Session, passwords: Passwords, region_id: int, at: datetime) -> int:
    """Make those who are not there yet, through the ordinary operations; how many that were."""
    provider_id = session.scalars(
        select(Provider.id)
        .where(Provider.region_id == region_id)
        .order_by(Provider.identifier != WORKPLACE, Provider.name)
        .limit(1)
    ).one()
    new = [example for example in PEOPLE if person_by_email(session, example.email) is None]
    acting = Acting(Actor.command("demo load"))
    for example in new:
        for role in example.roles:
            post = Post(
                role,
                region_id,
                provider_id if role.is_of_provider else None,
                HEERLEN if role.is_of_municipality else "",
                example.profession,
            )
            held, _ = invite(session, acting, example.email, post, DEFAULT, at)
            _establish(session, held.person, example, passwords, at)
            accept_invitation(session, held, at)
    return len(new)


def _establish(session: Session, person: Person, example: ExamplePerson, passwords: Passwords, at: datetime) -> None:
    """As if they had accepted: their phone makes the same codes in every demonstration without a secret key."""
    if person.is_established:
        return
    person.name, person.password_hash = example.name, passwords.hash(PASSWORD)
    person.totp_salt, person.second_factor_since, person.is_established = f"example {example.email}", at, True
    session.flush()
    new_recovery_codes(session, person)
