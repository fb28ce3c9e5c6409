"""People for tests: made straight in the tables, signed in through the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.models import Membership, Person
from portal.accounts.queries import active_memberships, person_by_email
from portal.accounts.signing_in import codes, sign_ins
from portal.accounts.signing_in.codes import code_at, current_step, new_public_id, totp_secrets
from portal.accounts.signing_in.passwords import Passwords
from portal.accounts.types import MembershipStatus, Post, Step
from portal.catalogue.models import Provider, Region
from portal.core import clock
from portal.core.database import Database, keys_of
from tests.inspection import InspectingClient, Page

PASSWORD = "zeven gele paraplu's"
CHEAP = Passwords(passes=1, memory_kib=8)
"""Hashes in a moment; what they cost in earnest has a test of its own."""
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_HASH = CHEAP.hash(PASSWORD)


def make_person(
    session: Session,
    email: str,
    *posts: Post,
    name: str = "",
    status: MembershipStatus = MembershipStatus.ACTIVE,
    is_established: bool = True,
) -> Person:
    """Somebody with an account who can sign in, or who was only invited."""
    person = Person(
        email=email,
        name=name or email.partition("@")[0].title(),
        password_hash=_HASH if is_established else None,
        totp_salt=email if is_established else None,
        second_factor_since=NOW if is_established else None,
        is_established=is_established,
        created_at=NOW,
    )
    session.add(person)
    for post in posts:
        person.memberships.append(
            Membership(
                public_id=new_public_id(),
                region_id=post.region_id,
                role=post.role,
                provider_id=post.provider_id,
                municipality=post.municipality,
                profession=post.profession,
                status=status,
                changed_at=NOW,
            )
        )
    session.flush()
    return person


@dataclass
class World:
    """Two regions with two providers each."""

    database: Database
    regions: list[int] = field(default_factory=list)
    providers: list[int] = field(default_factory=list)
    """The first two of the first region, the others of the second."""

    @classmethod
    def make(cls, database: Database) -> World:
        world = cls(database)
        with database.transaction() as session:
            for name, code in (("Zuid-Limburg", "JR26"), ("Elders", "JR27")):
                region = Region(name=name, youth_region=code, fictional=True)
                session.add(region)
                session.flush()
                world.regions.append(region.id)
                for number in (1, 2):
                    label = f"{name} {number}"
                    provider = Provider(
                        region=region, identifier=str(number), slug=label.lower().replace(" ", "-"), name=label
                    )
                    session.add(provider)
                    session.flush()
                    world.providers.append(provider.id)
        return world

    def add(self, email: str, *posts: Post, **more: object) -> str:
        """Make somebody; the public id of their first membership."""
        with self.database.transaction() as session:
            person = make_person(session, email, *posts, **more)  # type: ignore[arg-type]
            return person.memberships[0].public_id if person.memberships else ""


def phone_code(database: Database, email: str, now: datetime | None = None, *, is_fresh: bool = True) -> str:
    """What the phone of this person shows; with `is_fresh` the next code where that of now was used."""
    now = now or clock.now()
    with database.sessions() as session:
        person = person_by_email(session, email)
        assert person is not None
        if is_fresh and person.totp_last_step >= current_step(now):
            now = datetime.fromtimestamp((person.totp_last_step + 1) * 30, UTC)
        return code_at(totp_secrets(keys_of(session), person.totp_salt or "")[0], now)


def form_token(page: Page) -> str:
    """What the forms of a page carry along."""
    return next((f["value"] for f in page.all("input") if f.get("name") == "csrf_token"), "")


class Someone:
    """A browser in which somebody is signed in."""

    client: InspectingClient
    email: str
    database: Database
    token: str
    desk: str

    def __init__(self, app: Flask, email: str, password: str = PASSWORD) -> None:
        client = app.test_client()
        assert isinstance(client, InspectingClient)
        self.client, self.email, self.database = client, email, app.extensions["portal.database"]
        answer = client.submit("/inloggen", {"email": email, "password": password})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        self.token = form_token(client.page("/inloggen/code"))
        answer = client.submit("/inloggen/code", {"code": phone_code(self.database, email), "csrf_token": self.token})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        self.desk = answer.headers["Location"]
        self.token = form_token(client.page("/werkplek/account"))

    def submit(self, path: str, **fields: object) -> TestResponse:
        """Send a form from a page of this sign-in."""
        return self.client.submit(path, {"csrf_token": self.token, **fields})

    def page(self, path: str, status: int = 200) -> Page:
        """A page as they see it."""
        return self.client.page(path, status)

    @classmethod
    def enter(cls, app: Flask, email: str, step: Step = Step.COMPLETE) -> Someone:
        """As if they had signed in just now: for tests of what comes after."""
        someone = cls.__new__(cls)
        client = app.test_client()
        assert isinstance(client, InspectingClient)
        someone.client, someone.email, someone.database = client, email, app.extensions["portal.database"]
        with someone.database.transaction() as session:
            person = person_by_email(session, email)
            assert person is not None
            sign_in, token = sign_ins.begin(session, person, step, clock.now(), device="Firefox, Linux")
            if step is Step.COMPLETE:
                sign_in.membership = next(iter(active_memberships(session, person.id)), None)
            if step is Step.ENROLLING:
                sign_in.new_salt = "new"
        client.set_cookie("portal", token)
        someone.token, someone.desk = codes.form_token(token), ""
        return someone


SignIn = Callable[..., Someone]
