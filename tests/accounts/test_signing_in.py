"""Signing in: the two steps, what is said when one is wrong, and what nobody can learn or do twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.accounts.access import safe_path
from portal.accounts.models import MailCode, Person, RecoveryCode, SignIn
from portal.accounts.signing_in import codes
from portal.accounts.signing_in.codes import code_at, read_code, totp_secrets
from portal.accounts.signing_in.devices import device_of
from portal.accounts.signing_in.operations import new_recovery_codes
from portal.accounts.signing_in.passwords import Passwords
from portal.accounts.types import MembershipStatus, Post, Role, Step
from portal.core import clock
from portal.core.database import Database, keys_of
from portal.core.keys import Keys
from portal.core.mail.models import Mail
from portal.core.security_log.models import SecurityEvent
from tests.accounts.people import PASSWORD, Someone, World, form_token, phone_code
from tests.accounts.people import SignIn as SignsIn
from tests.inspection import InspectingClient, Page

EMAIL = "noor@regio.example"
MOMENT = datetime(2026, 11, 27, 9, 0, 5, tzinfo=UTC)


@pytest.fixture
def noor(world: World) -> str:
    """The mail address of an administrator."""
    world.add(EMAIL, Post(Role.ADMINISTRATOR, world.regions[0]), name="Noor Janssen")
    return EMAIL


def posted(client: InspectingClient, path: str, email: str, **fields: object) -> str:
    """The page that answers a form, without the address that was typed."""
    return client.submit(path, {"email": email, **fields}).get_data(as_text=True).replace(email, "")


def text_of(answer: object) -> str:
    return Page(answer.get_data(as_text=True)).text  # type: ignore[attr-defined]


def give_password(client: InspectingClient, email: str = EMAIL, password: str = PASSWORD) -> str:
    """The first step; the token of the forms of the second."""
    assert client.submit("/inloggen", {"email": email, "password": password}).status_code == 302
    return form_token(client.page("/inloggen/code"))


def last_mail(database: Database) -> tuple[str, str]:
    """What the newest mail says, and the code in it."""
    with database.sessions() as session:
        mail = session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
        body = mail.body or ""
    return body, re.findall(r"(?m)^([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})$", body)[0]


# --- the way in --------------------------------------------------------------------------------------------


def test_password_and_code_lead_to_the_own_desk(noor: str, sign_in: SignsIn) -> None:
    assert sign_in(noor).desk == "/werkplek/regio"


def test_the_way_back_leads_to_the_page_that_was_asked(noor: str, client: InspectingClient, world: World) -> None:
    asked = client.get("/werkplek/regio/mensen?rol=referrer&zoek=jan")
    assert asked.headers["Location"] == "/inloggen?verder=/werkplek/regio/mensen?rol%3Dreferrer%26zoek%3Djan"
    page = client.page(asked.headers["Location"])
    onward = next(f["value"] for f in page.all("input") if f["name"] == "verder")
    answer = client.submit("/inloggen", {"email": noor, "password": PASSWORD, "verder": onward})
    token = form_token(client.page(answer.headers["Location"]))
    answer = client.submit(
        "/inloggen/code", {"code": phone_code(world.database, noor), "csrf_token": token, "verder": onward}
    )
    assert answer.headers["Location"] == "/werkplek/regio/mensen?rol=referrer&zoek=jan"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Mailadres en wachtwoord horen niet bij elkaar. Kijk ze allebei na en probeer het opnieuw."),
        ("en", "Mail address and password do not belong together. Look at both, and try again."),
    ],
)
@pytest.mark.parametrize("email", [EMAIL, "niemand@regio.example"])
def test_a_wrong_password_says_the_same_whether_there_is_an_account(
    noor: str, client: InspectingClient, email: str, language: str, words: str
) -> None:
    answer = client.submit(f"/inloggen?lang={language}", {"email": email, "password": "iets heel anders"})
    assert answer.status_code == 422
    page = Page(answer.get_data(as_text=True))
    assert words in page.text
    assert next(f["value"] for f in page.all("input") if f["name"] == "email") == email


def test_known_and_unknown_get_the_same_page(noor: str, client: InspectingClient) -> None:
    nobody = "niemand@regio.example"
    wrong = "fout fout fout"
    assert posted(client, "/inloggen", noor, password=wrong) == posted(client, "/inloggen", nobody, password=wrong)
    assert posted(client, "/wachtwoord-vergeten", noor) == posted(client, "/wachtwoord-vergeten", nobody)


def test_mail_addresses_are_read_as_people_write_them(noor: str, client: InspectingClient) -> None:
    give_password(client, f"  {noor.upper()} ")


def test_a_composed_letter_is_the_same_however_it_was_typed(world: World, client: InspectingClient, app: Flask) -> None:
    world.add("zoe@regio.example", Post(Role.MODERATOR, world.regions[0]))
    with world.database.transaction() as session:
        person = session.scalars(select(Person).where(Person.email == "zoe@regio.example")).one()
        person.password_hash = app.extensions["portal.passwords"].hash("zoe\u0308 eet pannenkoeken")
    give_password(client, "zoe@regio.example", "zo\u00eb eet pannenkoeken")


# --- the second step ---------------------------------------------------------------------------------------


def test_the_same_code_works_once_also_with_spaces_and_after_a_failed_try(
    noor: str, app: Flask, world: World, client: InspectingClient
) -> None:
    with clock.stopped(MOMENT):
        code = phone_code(world.database, noor, MOMENT)
        first = Someone(app, noor)
        first.client.submit("/uitloggen")
        for typed in (code, f" {code[:3]} {code[3:]} "):
            client.submit("/inloggen", {"email": noor, "password": "niet het goede"})
            token = give_password(client)
            answer = client.submit("/inloggen/code", {"code": typed, "csrf_token": token})
            assert answer.status_code == 422
            assert (
                "Deze code is al gebruikt. Wacht tot uw telefoon de volgende laat zien, hooguit een halve minuut."
                in text_of(answer)
            )


def test_a_code_with_spaces_is_right(noor: str, world: World, client: InspectingClient) -> None:
    token = give_password(client)
    code = phone_code(world.database, noor)
    answer = client.submit("/inloggen/code", {"code": f" {code[:3]} {code[3:]}  ", "csrf_token": token})
    assert answer.status_code == 302


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_phone_may_be_half_a_minute_ahead_or_behind(
    noor: str, world: World, client: InspectingClient, steps: int
) -> None:
    with clock.stopped(MOMENT):
        token = give_password(client)
        code = phone_code(world.database, noor, MOMENT + timedelta(seconds=30 * steps))
        assert client.submit("/inloggen/code", {"code": code, "csrf_token": token}).status_code == 302


@pytest.mark.parametrize(
    ("minutes", "nl", "en"),
    [
        (1, "De klok van uw telefoon loopt 1 minuut voor. Hier is het 10:00:05.",
         "Your phone's clock is 1 minute ahead."),
        (-1, "De klok van uw telefoon loopt 1 minuut achter, of dit is een oude code. Hier is het 10:00:05.",
         "Your phone's clock is 1 minute behind, or this is an old code."),
        (7, "De klok van uw telefoon loopt 7 minuten voor.", "Your phone's clock is 7 minutes ahead."),
    ],
)  # fmt: skip
def test_a_wrong_clock_is_named(
    noor: str, world: World, client: InspectingClient, minutes: int, nl: str, en: str
) -> None:
    for language, words in (("nl", nl), ("en", en)):
        with clock.stopped(MOMENT):
            token = give_password(client)
            code = phone_code(world.database, noor, MOMENT + timedelta(minutes=minutes), is_fresh=False)
            answer = client.submit(f"/inloggen/code?lang={language}", {"code": code, "csrf_token": token})
        assert answer.status_code == 422
        assert words in text_of(answer)


def test_a_code_yet_to_come_is_spoilt_by_naming_it(noor: str, world: World, client: InspectingClient) -> None:
    later = MOMENT + timedelta(minutes=2)
    code = phone_code(world.database, noor, later)
    with clock.stopped(MOMENT):
        token = give_password(client)
        assert client.submit("/inloggen/code", {"code": code, "csrf_token": token}).status_code == 422
    with clock.stopped(later):
        assert client.submit("/inloggen/code", {"code": code, "csrf_token": token}).status_code == 422


def test_a_wrong_code_says_what_to_do(noor: str, client: InspectingClient) -> None:
    token = give_password(client)
    for typed, words in (
        ("000000", "Deze code klopt niet. Neem de zes cijfers die uw telefoon nu laat zien, en typ ze hier."),
        ("12345", "Deze code klopt niet."),
        ("٠" * 6, "Deze code klopt niet."),
        ("0" * 5000, "Deze code klopt niet."),
        ("", "Vul de zes cijfers in die uw telefoon laat zien."),
    ):
        answer = client.submit("/inloggen/code", {"code": typed, "csrf_token": token})
        assert answer.status_code == 422
        assert words in text_of(answer)


def test_a_recovery_code_lets_in_once(noor: str, world: World, client: InspectingClient) -> None:
    with world.database.transaction() as session:
        person = session.scalars(select(Person).where(Person.email == noor)).one()
        code = codes.for_people(new_recovery_codes(session, person)[0])
    token = give_password(client)
    answer = client.submit("/inloggen/herstelcode", {"code": code.lower().replace("0", "o"), "csrf_token": token})
    assert answer.status_code == 302
    assert "U logde in met een noodcode. Streep hem door." in client.page(answer.headers["Location"]).text
    assert "U hebt nog 9 noodcodes." in client.page("/werkplek/account").text
    client.submit("/uitloggen")
    token = give_password(client)
    answer = client.submit("/inloggen/herstelcode", {"code": code, "csrf_token": token})
    assert answer.status_code == 422
    assert "Dit is geen noodcode van u, of hij is al gebruikt. Elke code werkt één keer: neem een andere." in text_of(
        answer
    )


def test_a_password_alone_opens_nothing(noor: str, client: InspectingClient) -> None:
    give_password(client)
    for path in ("/werkplek", "/werkplek/regio", "/werkplek/account", "/uitnodiging/telefoon", "/uitnodiging/account"):
        assert client.get(path).headers["Location"].startswith("/inloggen")


# --- passwords ---------------------------------------------------------------------------------------------


def test_a_ten_megabyte_password_gets_a_kind_answer(noor: str, client: InspectingClient) -> None:
    for size in (129, 5_000, 400_000):
        answer = client.submit("/inloggen", {"email": noor, "password": "x" * size})
        assert answer.status_code == 422
    answer = client.submit("/inloggen", {"email": noor, "password": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "Wat u stuurde is veel langer dan een mailadres of wachtwoord kan zijn." in text_of(answer)
    answer = client.submit("/inloggen?lang=en", {"email": noor, "password": "x" * 10_000_000})
    assert "What was sent is far longer than a mail address or a password can be." in text_of(answer)


def test_too_long_is_refused_before_it_is_hashed(
    noor: str, app: Flask, client: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_arguments: object) -> None:
        raise AssertionError("a password of any length reached argon2")

    monkeypatch.setattr(app.extensions["portal.passwords"], "_hasher", type("H", (), {"verify": never, "hash": never}))
    assert client.submit("/inloggen", {"email": noor, "password": "x" * 129}).status_code == 422


def test_passwords_are_kept_as_argon2id_at_the_cost_of_the_norm(noor: str) -> None:
    # OWASP ASVS 5.0, appendix C: argon2id, t=2, m>=19 MiB, p=1.
    assert re.match(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$", Passwords().hash("een heel gewoon voorbeeld"))


def test_a_hash_of_another_cost_is_renewed_at_signing_in(noor: str, app: Flask, world: World, sign_in: SignsIn) -> None:
    app.extensions["portal.passwords"] = Passwords(passes=2, memory_kib=16)
    sign_in(noor)
    with world.database.sessions() as session:
        assert "m=16,t=2" in (session.scalar(select(Person.password_hash)) or "")


# --- a forgotten password ----------------------------------------------------------------------------------


def test_a_reset_skips_nothing_and_ends_every_sign_in(
    noor: str, app: Flask, world: World, client: InspectingClient, sign_in: SignsIn
) -> None:
    elsewhere = sign_in(noor)
    assert client.submit("/wachtwoord-vergeten", {"email": noor}).status_code == 200
    body, code = last_mail(world.database)
    assert f"http://127.0.0.1:8000/nieuw-wachtwoord#{code}" in body
    answer = client.submit("/nieuw-wachtwoord", {"code": code, "password": "vier natte handdoeken"})
    assert answer.headers["Location"] == "/inloggen?gedaan=wachtwoord"
    assert elsewhere.client.get("/werkplek/regio").headers["Location"].startswith("/inloggen")
    assert client.submit("/inloggen", {"email": noor, "password": PASSWORD}).status_code == 422
    give_password(client, noor, "vier natte handdoeken")
    assert client.get("/werkplek/regio").headers["Location"].startswith("/inloggen")  # the phone is still asked
    answer = client.submit("/nieuw-wachtwoord", {"code": code, "password": "vijf natte handdoeken"})
    assert "Deze code kennen we niet, of hij is al gebruikt." in text_of(answer)


def test_looking_for_a_strong_password_is_no_guessing(noor: str, world: World, client: InspectingClient) -> None:
    client.submit("/wachtwoord-vergeten", {"email": noor})
    _, code = last_mail(world.database)
    for _ in range(12):
        answer = client.submit("/nieuw-wachtwoord", {"code": code, "password": "welkom123456"})
        assert answer.status_code == 422
    answer = client.submit("/nieuw-wachtwoord", {"code": code, "password": "vier natte handdoeken"})
    assert answer.status_code == 302


def test_an_expired_reset_says_so(noor: str, world: World, client: InspectingClient) -> None:
    with clock.stopped(MOMENT):
        client.submit("/wachtwoord-vergeten", {"email": noor})
    _, code = last_mail(world.database)
    with clock.stopped(MOMENT + timedelta(hours=2)):
        answer = client.submit("/nieuw-wachtwoord", {"code": code, "password": "vier natte handdoeken"})
    assert answer.status_code == 422
    assert "Deze code werkte tot 27 november, 12:00. Vraag een nieuwe aan; dat duurt een minuut." in text_of(answer)


def test_nobody_gets_mail_who_has_no_account(world: World, client: InspectingClient) -> None:
    client.submit("/wachtwoord-vergeten", {"email": "niemand@regio.example"})
    with world.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Mail)) == 0
        assert session.scalar(select(func.count()).select_from(MailCode)) == 0
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_resets_are_few_a_day(noor: str, world: World, client: InspectingClient) -> None:
    for number in range(6):
        with clock.stopped(MOMENT + timedelta(hours=number)):
            answer = client.submit("/wachtwoord-vergeten", {"email": noor})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    with world.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Mail)) == 5


# --- guessing ----------------------------------------------------------------------------------------------


def test_guessing_is_slowed_down_and_says_how_long(noor: str, client: InspectingClient) -> None:
    with clock.stopped(MOMENT):
        for _ in range(10):
            assert client.submit("/inloggen", {"email": noor, "password": "geraden woord"}).status_code == 422
        answer = client.submit("/inloggen", {"email": noor, "password": PASSWORD})
        assert answer.status_code == 429
        assert "Uw account is niet geblokkeerd, en er is niets kwijt." in text_of(answer)
        english = client.submit("/inloggen?lang=en", {"email": noor, "password": PASSWORD})
        assert "Your account is not blocked, and nothing is lost." in text_of(english)
    with clock.stopped(MOMENT + timedelta(minutes=6)):
        give_password(client)


def test_whoever_guesses_keeps_nobody_out_who_was_here_before(noor: str, app: Flask, client: InspectingClient) -> None:
    with clock.stopped(MOMENT):
        own = Someone(app, noor)
        own.client.submit("/uitloggen")
        for _ in range(11):
            answer = client.submit("/inloggen", {"email": noor, "password": "geraden woord"})
        assert answer.status_code == 429
    with clock.stopped(MOMENT + timedelta(seconds=40)):
        give_password(own.client)


@pytest.mark.parametrize(
    ("step", "path", "wrong", "most"),
    [
        (Step.CODE, "/inloggen/code", {"code": "000000"}, 5),
        (Step.CODE, "/inloggen/herstelcode", {"code": "0000-0000-0000-0000"}, 5),
        (Step.ENROLLING, "/uitnodiging/telefoon", {"code": "000000"}, 5),
        (Step.RENEWING, "/uitnodiging/wachtwoord", {"password": "niet het goede"}, 10),
        (Step.COMPLETE, "/werkplek/account/herstelcodes", {"code": "000000"}, 5),
        (Step.COMPLETE, "/werkplek/account/telefoon", {"password": "niet het goede"}, 10),
        (
            Step.COMPLETE, "/werkplek/account/wachtwoord",
            {"current_password": "niet het goede", "password": "vier natte handdoeken"}, 10,
        ),
        (None, "/uitnodiging", {"code": "0000-0000-0000-0000"}, 10),
        (None, "/nieuw-wachtwoord", {"code": "0000-0000-0000-0000", "password": "vier natte handdoeken"}, 10),
    ],
)  # fmt: skip
def test_guessing_is_slowed_down_wherever_somebody_can_guess(
    noor: str, app: Flask, client: InspectingClient, step: Step | None, path: str, wrong: dict[str, str], most: int
) -> None:
    """Also for who sits at somebody else's open account."""
    with clock.stopped(MOMENT):
        someone = Someone.enter(app, noor, step) if step else None
        for number in range(most + 1):
            answer = someone.submit(path, **wrong) if someone else client.submit(path, wrong)
            assert answer.status_code == (422 if number < most else 429)


def test_second_steps_are_few(noor: str, client: InspectingClient) -> None:
    with clock.stopped(MOMENT):
        token = give_password(client)
        for _ in range(5):
            assert client.submit("/inloggen/code", {"code": "123456", "csrf_token": token}).status_code == 422
        assert client.submit("/inloggen/code", {"code": "123456", "csrf_token": token}).status_code == 429


# --- what is kept, logged and told -------------------------------------------------------------------------


def test_nothing_secret_is_stored_as_it_is(noor: str, world: World, sign_in: SignsIn, client: InspectingClient) -> None:
    someone = sign_in(noor)
    client.submit("/wachtwoord-vergeten", {"email": noor})
    _, code = last_mail(world.database)
    cookie = someone.client.get_cookie("portal")
    assert cookie is not None
    with world.database.sessions() as session:
        person = session.scalars(select(Person)).one()
        secret = totp_secrets(keys_of(session), person.totp_salt or "")[0]
        stored = " ".join(
            str(value)
            for table in (Person, SignIn, MailCode, RecoveryCode, SecurityEvent)
            for row in session.scalars(select(table))
            for value in vars(row).values()
        )
    for known in (PASSWORD, cookie.value, code, code.replace("-", ""), secret):
        assert known not in stored


def test_signing_in_is_written_into_the_security_log(
    noor: str, world: World, sign_in: SignsIn, client: InspectingClient
) -> None:
    sign_in(noor).client.submit("/uitloggen")
    client.submit("/inloggen", {"email": noor, "password": "geraden woord"})
    token = give_password(client)
    client.submit("/inloggen/code", {"code": "123456", "csrf_token": token})
    client.submit("/wachtwoord-vergeten", {"email": noor})
    with world.database.sessions() as session:
        kinds = [event.kind.value for event in session.scalars(select(SecurityEvent).order_by(SecurityEvent.id))]
    assert kinds == ["signed_in", "signed_out", "sign_in_failed", "code_wrong", "reset_asked"]


def test_logs_hold_no_mail_address_and_no_secret(
    noor: str, app: Flask, world: World, client: InspectingClient, caplog: pytest.LogCaptureFixture
) -> None:
    import logging

    from portal.core.logs import JsonFormatter

    logging.getLogger("portal").addHandler(caplog.handler)
    caplog.handler.setFormatter(JsonFormatter())
    hostile = 'x\r\n{"level": "forged"}\x1b[31m'
    client.submit("/inloggen", {"email": noor, "password": "een geheim woord"})
    client.submit("/inloggen", {"email": hostile, "password": hostile})
    client.submit("/wachtwoord-vergeten", {"email": noor})
    _, code = last_mail(world.database)
    client.submit("/nieuw-wachtwoord", {"code": code, "password": "kort"})
    logging.getLogger("portal").removeHandler(caplog.handler)
    lines = [caplog.handler.format(record) for record in caplog.records]
    assert len(lines) >= 4
    for line in lines:
        assert "\n" not in line and "\x1b" not in line
        for secret in (noor, "een geheim woord", code, "forged", "127.0.0.1"):
            assert secret not in line


def test_the_mail_of_a_reset_has_no_secret_in_path_or_query(noor: str, world: World, client: InspectingClient) -> None:
    client.submit("/wachtwoord-vergeten", {"email": noor})
    body, code = last_mail(world.database)
    for address in re.findall(r"https?://\S+", body):
        assert code not in address.partition("#")[0]


# --- redirects ---------------------------------------------------------------------------------------------

HOSTILE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " //evil.example", "\x01//evil.example",
    "\x00//evil.example", "http://evil.example", "https://evil.example", "HTTP://evil.example", "http:evil.example",
    "http:/evil.example", "http:///evil.example", "https:///evil.example", "ftp://evil.example", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@evil.example",
    "http://127.0.0.1@evil.example", "http://127.0.0.1:8000@evil.example", "//127.0.0.1@evil.example",
    "//evil.example/werkplek", "/werkplek//evil.example", "/werkplek/..//evil.example", "/werkplek/../..//evil.example",
    "/werkplek\\evil.example", "/werkplek@evil.example", "/werkplek.evil.example", "/werkplekevil", "werkplek/regio",
    "evil.example/werkplek", "/%2f%2fevil.example", "/%5cevil.example", "%2f%2fevil.example", "/werkplek/%2f%2fevil",
    "/werkplek/%0d%0aLocation:evil", "/werkplek\r\nLocation: //evil", "/werkplek?x=\r\nSet-Cookie: a=b",
    "/werkplek#//evil.example", "/werkplek;//evil.example", "/werkplek?x=<script>", "/werkplek?next=//evil.example",
    "//\u0435vil.example", "/\u2044/evil.example", "/\uff0f/evil.example", "//xn--vil-hkc.example", "/", "",
    "/inloggen", "/over", "/uitloggen", "/static/portal.css", "/werkplek/é", "/werkplek/ regio", "?verder=/werkplek",
    "/werkplek/" + "a" * 600, "//[::1]/", "//2130706433/", "/./werkplek", "/.//evil.example", "/..//evil.example",
]  # fmt: skip


def test_there_are_enough_hostile_addresses() -> None:
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("address", HOSTILE)
def test_signing_in_never_leads_away(address: str) -> None:
    assert safe_path(address) is None


@given(st.text(max_size=60).map(lambda text: f"/werkplek{text}"))
def test_what_is_safe_stays_at_the_desks(address: str) -> None:
    safe = safe_path(address)
    assert safe is None or re.fullmatch(r"/werkplek[/?A-Za-z0-9=&_.~%+-]*", safe)
    assert safe is None or "//" not in safe


def test_hostile_addresses_lead_nowhere_on_the_pages(noor: str, app: Flask, world: World) -> None:
    for number, address in enumerate(HOSTILE[:12]):
        client = app.test_client()
        assert isinstance(client, InspectingClient)
        with clock.stopped(MOMENT + timedelta(minutes=2 * number)):
            answer = client.submit("/inloggen", {"email": noor, "password": PASSWORD, "verder": address})
            if "\x00" in address:
                assert answer.status_code == 400  # no browser sends such a form
                continue
            assert answer.headers["Location"] == "/inloggen/code"
            token = form_token(client.page("/inloggen/code"))
            fields = {"code": phone_code(world.database, noor), "csrf_token": token, "verder": address}
            assert client.submit("/inloggen/code", fields).headers["Location"] == "/werkplek/regio"


# --- small things ------------------------------------------------------------------------------------------


@given(st.text(alphabet=codes.ALPHABET, min_size=16, max_size=16))
def test_a_code_is_read_however_it_is_written(code: str) -> None:
    assert read_code(codes.for_people(code)) == code
    assert read_code(code.lower()) == code
    assert read_code(f" {code[:5]} {code[5:]}.") == code
    assert read_code(code.replace("0", "O").replace("1", "l")) == code


@given(st.text(max_size=300))
def test_what_is_no_code_is_no_code(text: str) -> None:
    found = read_code(text)
    assert found is None or (len(found) == 16 and set(found) <= set(codes.ALPHABET))


def test_codes_have_eighty_bits_and_tokens_256() -> None:
    assert len(codes.ALPHABET) ** codes.CODE_LENGTH == 2**80
    made = {codes.new_token() for _ in range(1_000)} | {codes.new_public_id() for _ in range(1_000)}
    assert len(made) == 2_000
    assert len(codes.new_token()) == 43  # 32 bytes in base64


def test_one_time_codes_are_those_of_the_norm() -> None:
    # RFC 6238, appendix B: the secret "12345678901234567890", SHA-1, last six of the eight digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert code_at(secret, datetime.fromtimestamp(seconds, UTC)) == code


def test_a_phone_works_on_under_another_secret_key_while_the_former_one_is_named(world: World, noor: str) -> None:
    old, new = Keys("the first secret"), Keys("the second secret", ("the first secret",))
    code = code_at(totp_secrets(old, "salt")[0], MOMENT)
    assert any(codes.step_of(secret, code, MOMENT) for secret in totp_secrets(new, "salt"))
    assert not any(codes.step_of(secret, code, MOMENT) for secret in totp_secrets(Keys("the second secret"), "salt"))


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/130 Safari/537 Edg/130", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 Chrome/130 Mobile Safari/537", "Chrome, Android"),
        ("", ""),
    ],
)  # fmt: skip
def test_browsers_are_named_roughly(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_who_was_only_invited_cannot_sign_in(world: World, client: InspectingClient) -> None:
    world.add(
        "nieuw@regio.example",
        Post(Role.MODERATOR, world.regions[0]),
        status=MembershipStatus.INVITED,
        is_established=False,
    )
    assert client.submit("/inloggen", {"email": "nieuw@regio.example", "password": PASSWORD}).status_code == 422
