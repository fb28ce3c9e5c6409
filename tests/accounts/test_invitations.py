"""From an invitation to a desk, and everything that can go wrong on the way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.accounts.models import MailCode, Membership, Person, RecoveryCode, SignIn
from portal.accounts.signing_in.codes import code_at, totp_secrets
from portal.accounts.types import MembershipStatus, Post, Role
from portal.core import clock
from portal.core.database import Database, keys_of
from portal.core.mail.models import Mail
from tests.accounts.people import PASSWORD, Someone, World, form_token, phone_code
from tests.accounts.people import SignIn as SignsIn
from tests.accounts.test_signing_in import last_mail, text_of
from tests.inspection import InspectingClient, Page

MOMENT = datetime(2026, 11, 27, 9, 0, 5, tzinfo=UTC)


@pytest.fixture
def noor(world: World, app: Flask) -> Someone:
    """An administrator who is signed in."""
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]), name="Noor Janssen")
    return Someone.enter(app, "noor@regio.example")


def invite(noor: Someone, email: str = "piet@aanbieder.example", **fields: str) -> str:
    """Invite somebody at the desk; the code of the mail."""
    fields = fields or {"role": "provider_manager", "provider": "zuid-limburg-1"}
    answer = noor.submit("/werkplek/regio/mensen/uitnodigen", email=email, **fields)
    assert answer.status_code == 302, text_of(answer)
    return last_mail(noor.database)[1]


def invited_id(database: Database) -> str:
    """The public id of the one who was invited."""
    with database.sessions() as session:
        return session.scalars(select(Membership.public_id).where(Membership.status == MembershipStatus.INVITED)).one()


def shown_code(database: Database, moment: datetime) -> str:
    """What the phone shows that is being set up."""
    with database.sessions() as session:
        sign_in = session.scalars(select(SignIn).where(SignIn.new_salt.is_not(None))).one()
        return code_at(totp_secrets(keys_of(session), sign_in.new_salt or "")[0], moment)


def test_from_the_mail_to_the_desk(noor: Someone, client: InspectingClient) -> None:
    code = invite(noor)
    body, _ = last_mail(noor.database)
    assert (
        "Noor Janssen nodigt u uit om te werken met Jeugdhulp kiezen in Zuid-Limburg, "
        "als beheerder van de aanbieder, Zuid-Limburg 1." in body
    )
    assert f"http://127.0.0.1:8000/uitnodiging#{code}" in body
    assert client.submit("/uitnodiging", {"code": code}).headers["Location"] == "/uitnodiging/account"
    page = client.page("/uitnodiging/account")
    assert "beheerder van de aanbieder, Zuid-Limburg 1" in page.text
    fields = {"name": "Piet Pieters", "password": PASSWORD, "csrf_token": form_token(page)}
    assert client.submit("/uitnodiging/account", fields).headers["Location"] == "/uitnodiging/telefoon"
    page = client.page("/uitnodiging/telefoon")
    assert any(path["d"].startswith("M0 0.5h7M") for path in page.all("path"))  # a finder pattern of the QR code
    answer = client.submit(
        "/uitnodiging/telefoon", {"code": shown_code(noor.database, clock.now()), "csrf_token": form_token(page)}
    )
    assert answer.status_code == 200
    codes = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", answer.get_data(as_text=True))
    assert len(set(codes)) == 10
    assert client.page("/werkplek/aanbieder").h1 == "Werkplek van de aanbieder: Zuid-Limburg 1"
    # The code of the mail is used up, and the phone just set up works.
    answer = client.submit("/uitnodiging", {"code": code})
    assert "Deze code kennen we niet." in text_of(answer)
    with noor.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(MailCode)) == 0
        person = session.scalars(select(Person).where(Person.email == "piet@aanbieder.example")).one()
        assert (person.name, person.memberships[0].status) == ("Piet Pieters", MembershipStatus.ACTIVE)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Deze code werkte tot 11 december, 10:00. Vraag wie u uitnodigde om een nieuwe te sturen."),
        ("en", "This code worked until 11 December, 10:00. Ask whoever invited you to send a new one."),
    ],
)
def test_an_expired_invitation_says_until_when_and_whom_to_ask(
    noor: Someone, client: InspectingClient, language: str, words: str
) -> None:
    with clock.stopped(MOMENT):
        noor = Someone.enter(client.application, noor.email)
        code = invite(noor)
    with clock.stopped(MOMENT + timedelta(days=14)):
        answer = client.submit(f"/uitnodiging?lang={language}", {"code": code})
    assert answer.status_code == 422
    page = Page(answer.get_data(as_text=True))
    assert words in page.text.replace("December 11", "11 December")
    assert next(f["value"] for f in page.all("input") if f["name"] == "code") == code


def test_sending_it_again_makes_the_old_code_useless(noor: Someone, client: InspectingClient, world: World) -> None:
    old = invite(noor)
    with world.database.sessions() as session:
        public_id = session.scalars(
            select(Membership.public_id).where(Membership.status == MembershipStatus.INVITED)
        ).one()
    with clock.stopped(clock.now() + timedelta(minutes=2)):
        assert noor.submit(f"/werkplek/regio/mensen/{public_id}/opnieuw").status_code == 302
    new = last_mail(world.database)[1]
    assert new != old
    assert client.submit("/uitnodiging", {"code": old}).status_code == 422
    assert client.submit("/uitnodiging", {"code": new}).status_code == 302


def test_taking_it_back_leaves_nothing_of_who_never_accepted(
    noor: Someone, client: InspectingClient, world: World
) -> None:
    code = invite(noor)
    with world.database.sessions() as session:
        public_id = session.scalars(
            select(Membership.public_id).where(Membership.status == MembershipStatus.INVITED)
        ).one()
    assert noor.submit(f"/werkplek/regio/mensen/{public_id}/intrekken").status_code == 302
    assert client.submit("/uitnodiging", {"code": code}).status_code == 422
    with world.database.sessions() as session:
        assert session.scalars(select(Person.email)).all() == ["noor@regio.example"]
    assert "uitnodiging ingetrokken" in noor.page("/werkplek/regio/logboek").text


@pytest.mark.parametrize("typed", ["", "x", "K7M2-9QXP-4TNB", "K7M2-9QXP-4TNB-0WHC", "🙂" * 16, "0" * 4000])
def test_a_code_that_is_none_gets_a_clear_answer(client: InspectingClient, typed: str) -> None:
    answer = client.submit("/uitnodiging", {"code": typed})
    assert answer.status_code == 422
    expected = "Vul de code uit de mail in" if not typed else "Deze code kennen we niet. Kijk in de nieuwste mail"
    assert expected in text_of(answer)


def test_who_has_an_account_accepts_and_signs_in(
    noor: Someone, app: Flask, client: InspectingClient, world: World
) -> None:
    world.add("lieke@regio.example", Post(Role.DATA_OFFICER, world.regions[1]))
    code = invite(noor, "lieke@regio.example", role="moderator")
    answer = client.submit("/uitnodiging", {"code": code})
    assert answer.headers["Location"] == "/inloggen?gedaan=uitgenodigd"
    assert "De uitnodiging is aangenomen." in client.page(answer.headers["Location"]).text
    lieke = Someone.enter(app, "lieke@regio.example")
    page = lieke.page("/werkplek/regio")
    assert page.h1 == "Werkplek van de regio: Elders"
    other = next(button["value"] for button in page.all("button") if button.get("name") == "role")
    before = lieke.client.get_cookie("portal")
    assert lieke.submit("/werkplek/wissel", role=other).headers["Location"] == "/werkplek/regio"
    after = lieke.client.get_cookie("portal")
    assert before is not None and after is not None and before.value != after.value
    assert lieke.page("/werkplek/regio").h1 == "Werkplek van de regio: Zuid-Limburg"


def test_an_invitation_does_not_tell_who_has_an_account(noor: Someone, world: World) -> None:
    world.add("bekend@elders.example", Post(Role.MODERATOR, world.regions[1]), name="Bekende Naam")
    for email in ("bekend@elders.example", "nieuw@elders.example"):
        answer = noor.submit("/werkplek/regio/mensen/uitnodigen", email=email, role="moderator")
        assert answer.headers["Location"] == "/werkplek/regio/mensen?gedaan=uitgenodigd"
    page = noor.page("/werkplek/regio/mensen?status=invited")
    assert "bekend@elders.example" in page.text and "Bekende Naam" not in page.text


def test_a_mail_alone_does_not_open_an_account_that_was_used(
    noor: Someone, client: InspectingClient, world: World
) -> None:
    """While somebody's phone has to be set up again, an invitation must not become a way around the password."""
    public_id = world.add("ellen@aanbieder.example", Post(Role.PROVIDER_MANAGER, world.regions[0], world.providers[0]))
    assert noor.submit(f"/werkplek/regio/mensen/{public_id}/telefoon").status_code == 302
    code = invite(noor, "ellen@aanbieder.example", role="moderator")
    assert client.submit("/uitnodiging", {"code": code}).headers["Location"] == "/inloggen?gedaan=uitgenodigd"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "", "password": PASSWORD}, "Vul uw naam in, zoals uw collega’s u kennen."),
        ({"name": "x" * 121, "password": PASSWORD}, "Een naam mag hooguit 120 tekens hebben."),
        ({"name": "Piet", "password": "kort"}, "Kies minstens 12 tekens."),
        ({"name": "Piet", "password": "x" * 129}, "Een wachtwoord mag hooguit 128 tekens hebben."),
        ({"name": "Piet", "password": "Wachtwoord2026!"}, "Veel mensen kiezen dit wachtwoord"),
        ({"name": "Pieter Pietersen", "password": "Pietersen-2026"}, "Uw naam, uw mailadres of de naam van deze site"),
        ({"name": "Piet", "password": "zuid-limburg12"}, "Uw naam, uw mailadres of de naam van deze site"),
    ],
)
def test_what_is_wrong_with_name_or_password_is_said_and_nothing_typed_is_lost(
    noor: Someone, client: InspectingClient, fields: dict[str, str], words: str
) -> None:
    client.submit("/uitnodiging", {"code": invite(noor)})
    token = form_token(client.page("/uitnodiging/account"))
    answer = client.submit("/uitnodiging/account", {**fields, "csrf_token": token})
    assert answer.status_code == 422
    page = Page(answer.get_data(as_text=True))
    assert words in page.text
    assert next(f["value"] for f in page.all("input") if f["name"] == "name") == fields["name"]
    assert "value" not in next(f for f in page.all("input") if f["name"] == "password")


def test_stopping_half_way_loses_nothing(noor: Someone, app: Flask, client: InspectingClient) -> None:
    code = invite(noor)
    client.submit("/uitnodiging", {"code": code})
    token = form_token(client.page("/uitnodiging/account"))
    client.submit("/uitnodiging/account", {"name": "Piet", "password": PASSWORD, "csrf_token": token})
    later = app.test_client()
    assert isinstance(later, InspectingClient)
    assert later.submit("/uitnodiging", {"code": code}).headers["Location"] == "/uitnodiging/account"
    assert "Piet" in str([f["value"] for f in later.page("/uitnodiging/account").all("input") if f["name"] == "name"])


def test_the_mail_server_may_be_down(noor: Someone, world: World) -> None:
    """The mail waits in the outbox; nothing of the invitation is lost, and nothing waits for the server."""
    invite(noor)
    with world.database.sessions() as session:
        mail = session.scalars(select(Mail)).one()
        assert (mail.state.value, mail.attempts) == ("waiting", 0)


# --- a lost phone ------------------------------------------------------------------------------------------


def test_a_lost_phone_needs_mailbox_and_password(
    noor: Someone, app: Flask, client: InspectingClient, world: World, sign_in: SignsIn
) -> None:
    public_id = world.add("amina@heerlen.example", Post(Role.ACCESS_WORKER, world.regions[0], municipality="GM0917"))
    amina = sign_in("amina@heerlen.example")
    assert noor.submit(f"/werkplek/regio/mensen/{public_id}/telefoon").status_code == 302
    assert amina.client.get("/werkplek/verwijzer").headers["Location"].startswith("/inloggen")
    with world.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    # A password alone does not go on: the mail is asked.
    answer = client.submit("/inloggen", {"email": "amina@heerlen.example", "password": PASSWORD})
    assert answer.headers["Location"] == "/uitnodiging?gedaan=telefoon"
    _, code = last_mail(world.database)
    assert client.submit("/uitnodiging", {"code": code}).headers["Location"] == "/uitnodiging/wachtwoord"
    token = form_token(client.page("/uitnodiging/wachtwoord"))
    answer = client.submit("/uitnodiging/wachtwoord", {"password": "iets heel anders", "csrf_token": token})
    assert "Dit is niet uw wachtwoord. Probeer het opnieuw." in text_of(answer)
    assert client.submit("/uitnodiging/wachtwoord", {"password": PASSWORD, "csrf_token": token}).status_code == 302
    token = form_token(client.page("/uitnodiging/telefoon"))
    answer = client.submit(
        "/uitnodiging/telefoon", {"code": shown_code(world.database, clock.now()), "csrf_token": token}
    )
    assert answer.status_code == 200
    assert client.page("/werkplek/verwijzer").h1 == "Werkplek voor verwijzers: Heerlen"


def newest_mail(database: Database) -> str:
    with database.sessions() as session:
        return session.scalars(select(Mail.body).order_by(Mail.id.desc()).limit(1)).one() or ""


def test_another_phone_works_only_from_its_first_right_code(app: Flask, world: World) -> None:
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    noor = Someone.enter(app, "noor@regio.example")
    elsewhere = Someone.enter(app, "noor@regio.example")
    later = clock.now() + timedelta(hours=1)  # a moment at which no code was used, and one that stays the same
    old = phone_code(world.database, noor.email, later)
    assert noor.submit("/werkplek/account/telefoon", password="niet het goede").status_code == 422
    assert noor.submit("/werkplek/account/telefoon", password=PASSWORD).status_code == 302
    assert noor.submit("/werkplek/account/telefoon/code", code="000000").status_code == 422
    assert phone_code(world.database, noor.email, later) == old
    answer = noor.submit("/werkplek/account/telefoon/code", code=shown_code(world.database, clock.now()))
    assert answer.status_code == 200 and "Uw noodcodes" in text_of(answer)
    assert elsewhere.client.get("/werkplek").headers["Location"].startswith("/inloggen")
    assert noor.page("/werkplek/regio").h1
    assert phone_code(world.database, noor.email, later) != old
    assert "maakt een andere telefoon uw codes" in newest_mail(world.database)


def test_new_recovery_codes_take_the_place_of_the_old(app: Flask, world: World) -> None:
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    noor = Someone.enter(app, "noor@regio.example")
    assert noor.submit("/werkplek/account/herstelcodes", code="000000").status_code == 422
    answer = noor.submit("/werkplek/account/herstelcodes", code=phone_code(world.database, noor.email))
    first = set(re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", answer.get_data(as_text=True)))
    answer = noor.submit("/werkplek/account/herstelcodes", code=phone_code(world.database, noor.email))
    second = set(re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", answer.get_data(as_text=True)))
    assert (len(first), len(second), first & second) == (10, 10, set())
    with world.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 10
    assert "zijn voor uw account nieuwe noodcodes gemaakt" in newest_mail(world.database)


# --- forgetting --------------------------------------------------------------------------------------------


def test_daily_forgets_who_had_no_role_for_a_year(world: World, app: Flask) -> None:
    from portal.accounts.operations import forget

    left = world.add("weg@regio.example", Post(Role.MODERATOR, world.regions[0]), status=MembershipStatus.LEFT)
    world.add("hier@regio.example", Post(Role.MODERATOR, world.regions[0]))
    now = datetime(2027, 11, 23, tzinfo=UTC)
    unanswered = world.add(
        "nooit@regio.example", Post(Role.MODERATOR, world.regions[0]), status=MembershipStatus.INVITED
    )
    with world.database.transaction() as session:
        gone = update(Membership).where(Membership.public_id.in_((left, unanswered)))
        session.execute(gone.values(changed_at=now - timedelta(days=364)))
        assert forget(session, now) == 0
        assert forget(session, now + timedelta(days=2)) == 2
        assert session.scalars(select(Person.email)).all() == ["hier@regio.example"]
