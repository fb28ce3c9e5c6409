"""`portal users`, and the people of the demonstration."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Membership, Person
from portal.accounts.signing_in.passwords import weakness
from portal.accounts.types import MembershipStatus, Post, Profession, Role
from portal.core import clock
from portal.core.mail.models import Mail
from portal.core.trail.models import TrailEntry
from portal.demo.people import PASSWORD, PEOPLE, make_people
from tests.accounts.people import CHEAP, Someone, World, phone_code
from tests.conftest import make_app
from tests.inspection import InspectingClient

Cli = Callable[..., Result]


def test_the_first_administrator_is_invited(world: World, cli: Cli, client: InspectingClient) -> None:
    result = cli("users", "invite", "Noor@Regio.example", "--role", "administrator")
    assert result.exit_code == 0, result.output
    assert "Invited noor@regio.example as beheerder van de regio, Zuid-Limburg." in result.output
    code = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", result.output)[0]
    with world.database.sessions() as session:
        assert code in (session.scalars(select(Mail)).one().body or "")
        assert session.scalars(select(TrailEntry)).one().actor_label == "portal users invite"
    assert client.submit("/uitnodiging", {"code": code}).headers["Location"] == "/uitnodiging/account"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("geen-adres", "--role", "moderator"), "geen-adres is not a mail address"),
        (("a@b.nl", "--role", "access_worker"), "access_worker needs --municipality"),
        (("a@b.nl", "--role", "access_worker", "--municipality", "Nergens"), "there is no municipality Nergens"),
        (("a@b.nl", "--role", "referrer"), "referrer needs --kind"),
        (("a@b.nl", "--role", "referrer", "--kind", "school"), "do not go together"),
        (("a@b.nl", "--role", "moderator", "--kind", "gp"), "--kind does not go with moderator"),
        (("a@b.nl", "--role", "provider_editor", "--provider", "99"), "there is no provider with provider_id 99"),
        (("a@b.nl", "--role", "moderator", "--region", "Nergens"), "there is no region Nergens"),
        (("a@b.nl", "--role", "keizer"), "'keizer' is not one of"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said(
    world: World, cli: Cli, arguments: tuple[str, ...], words: str
) -> None:
    result = cli("users", "invite", *arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_list_disable_enable_and_reset(app: Flask, world: World, cli: Cli, client: InspectingClient) -> None:
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]), name="Noor")
    world.add("joost@praktijk.example", Post(Role.REFERRER, world.regions[1], profession=Profession.GP))
    rows = json.loads(cli("users", "list", "--format", "json").output)
    assert [(row["email"], row["role"], row["kind"], row["of"], row["status"]) for row in rows] == [
        ("joost@praktijk.example", "referrer", "gp", "Elders", "active"),
        ("noor@regio.example", "administrator", None, "Zuid-Limburg", "active"),
    ]
    assert "1 in all." in cli("users", "list", "--region", "Elders").output
    noor = Someone.enter(app, "noor@regio.example")
    assert cli("users", "disable", "noor@regio.example", "--region", "Elders").exit_code == 2
    result = cli("users", "disable", "noor@regio.example", "--reason", "weg")
    assert result.exit_code == 0, result.output
    assert noor.client.get("/werkplek/regio").status_code == 302
    assert cli("users", "enable", "noor@regio.example").exit_code == 0
    result = cli("users", "reset", "NOOR@regio.example")
    assert result.exit_code == 0, result.output
    code = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", result.output)[0]
    assert client.submit("/uitnodiging", {"code": code}).headers["Location"] == "/uitnodiging/account"
    assert cli("users", "reset", "niemand@regio.example").exit_code == 2
    with world.database.sessions() as session:
        actions = [entry.action for entry in session.scalars(select(TrailEntry).order_by(TrailEntry.number))]
    assert actions == ["person.disabled", "person.enabled", "person.reset"]


def test_reset_forgives_what_was_guessed(app: Flask, world: World, cli: Cli, client: InspectingClient) -> None:
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    for number in range(11):
        headers = {"Sec-Fetch-Site": "same-origin"}
        environment = {"REMOTE_ADDR": f"198.51.100.{number}"}
        fields = {"email": "noor@regio.example", "password": "geraden woord"}
        answer = client.post("/inloggen", data=fields, headers=headers, environ_base=environment)
    assert answer.status_code == 429
    assert cli("users", "reset", "noor@regio.example").exit_code == 0
    assert client.submit("/inloggen", {"email": "noor@regio.example", "password": "x" * 12}).status_code == 422


# --- the demonstration -------------------------------------------------------------------------------------


def test_there_is_one_example_of_every_role_and_kind() -> None:
    assert {role for example in PEOPLE for role in example.roles} == set(Role)
    assert {example.profession for example in PEOPLE if example.profession} == set(Profession)
    assert any(len(example.roles) > 1 for example in PEOPLE)
    for example in PEOPLE:
        assert weakness(PASSWORD, [example.name, example.email]) is None


def test_the_examples_are_made_once_and_can_sign_in(app: Flask, world: World, client: InspectingClient) -> None:
    with world.database.transaction() as session:
        assert make_people(session, CHEAP, world.regions[0], clock.now()) == len(PEOPLE)
    with world.database.transaction() as session:
        assert make_people(session, CHEAP, world.regions[0], clock.now()) == 0
        held = session.scalars(select(Membership)).all()
        assert {one.status for one in held} == {MembershipStatus.ACTIVE}
    page = client.page("/voorbeeld-aanmelden")
    assert sum(field.get("name") == "email" for field in page.all("input")) == len(PEOPLE)
    for example in PEOPLE:
        someone = Someone(app, example.email, PASSWORD)
        assert someone.desk.startswith("/werkplek/")
        assert example.name in someone.page(someone.desk).text


def test_the_code_of_an_example_is_shown_where_it_is_asked(app: Flask, world: World, client: InspectingClient) -> None:
    with world.database.transaction() as session:
        make_people(session, CHEAP, world.regions[0], clock.now())
    client.submit("/inloggen", {"email": PEOPLE[0].email, "password": PASSWORD})
    assert phone_code(world.database, PEOPLE[0].email) in client.page("/inloggen/code").text


def test_outside_a_demonstration_nothing_of_it_exists(world: World, tmp_path: Path) -> None:
    with world.database.transaction() as session:
        make_people(session, CHEAP, world.regions[0], clock.now())
    url = world.database.engine.url.render_as_string(hide_password=False)
    app = make_app(url, tmp_path)
    app.extensions["portal.passwords"] = CHEAP
    settings = app.extensions["portal.settings"]
    object.__setattr__(settings, "demonstration", False)
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    assert client.get("/voorbeeld-aanmelden").status_code == 404
    assert "voorbeeld" not in client.page("/inloggen").text
    client.submit("/inloggen", {"email": PEOPLE[0].email, "password": PASSWORD})
    assert not re.search(r"\b\d{6}\b", client.page("/inloggen/code").text)
    app.extensions["portal.database"].engine.dispose()


def test_an_empty_installation_has_nobody(world: World) -> None:
    with world.database.sessions() as session:
        assert session.scalars(select(Person)).all() == []
