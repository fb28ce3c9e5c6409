"""Signing in through one's own municipality, at a real provider on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.elsewhere import openid
from portal.accounts.elsewhere.openid import Journey
from portal.accounts.elsewhere.organisations import read_organisations
from portal.accounts.models import ExternalIdentity, Membership, Person, SignIn
from portal.accounts.types import MembershipStatus, Post, Role
from portal.catalogue.codelists import CodeLists
from portal.core import clock
from portal.core.database import Database
from portal.core.settings import SettingsError
from tests.accounts.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, Worker, follow
from tests.accounts.people import CHEAP, Someone, World, form_token, phone_code
from tests.accounts.test_invitations import shown_code
from tests.conftest import make_app
from tests.inspection import InspectingClient, Page

ORGANISATION = """
[[organisation]]
name = "Gemeente Heerlen"
slug = "heerlen"
issuer = "{issuer}"
client_id = "{id}"
client_secret = "{secret}"
region = "Zuid-Limburg"
municipality = "Heerlen"
second_factor = ["mfa"]
"""
EMAIL = "amina@heerlen.example"


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()
    yield provider
    provider.stop()


@pytest.fixture
def municipality(running: IdentityProvider) -> IdentityProvider:
    """The municipality's own sign-in, behaving."""
    running.worker, running.misbehaves, running.says_issuer = Worker(), "", False
    running.codes.clear()
    openid._remembered.clear()
    openid._unreachable.clear()
    return running


@pytest.fixture
def site(database: Database, municipality: IdentityProvider, tmp_path: Path) -> Iterator[Flask]:
    """The portal, with that municipality set."""
    file = tmp_path / "organisations.toml"
    file.write_text(ORGANISATION.format(issuer=municipality.issuer, id=CLIENT_ID, secret=CLIENT_SECRET))
    url = database.engine.url.render_as_string(hide_password=False)
    app = make_app(url, tmp_path, organisations=file)
    app.extensions["portal.passwords"] = CHEAP
    yield app
    app.extensions["portal.database"].engine.dispose()


@pytest.fixture
def limburg(site: Flask) -> World:
    return World.make(site.extensions["portal.database"])


@pytest.fixture
def browser(site: Flask) -> InspectingClient:
    client = site.test_client()
    assert isinstance(client, InspectingClient)
    return client


def access_worker(world: World) -> Post:
    return Post(Role.ACCESS_WORKER, world.regions[0], municipality="GM0917")


def go_and_come_back(browser: InspectingClient, verder: str = "") -> object:
    """Out to the municipality and back, as a browser is sent."""
    sent = browser.get("/inloggen/via/heerlen" + (f"?verder={verder}" if verder else ""))
    assert sent.status_code == 302
    back = urlsplit(follow(sent.headers["Location"]))
    return browser.get(f"{back.path}?{back.query}")


def text_of(answer: object) -> str:
    return Page(answer.get_data(as_text=True)).text  # type: ignore[attr-defined]


def invited(world: World, **more: object) -> None:
    world.add(EMAIL, access_worker(world), status=MembershipStatus.INVITED, is_established=False, **more)


def test_the_sign_in_page_names_the_municipality(browser: InspectingClient) -> None:
    page = browser.page("/inloggen?verder=/werkplek/verwijzer")
    assert any(link["href"].startswith("/inloggen/via/heerlen?verder=/werkplek/verwijzer") for link in page.all("a"))
    assert "Gemeente Heerlen" in page.text


def test_it_is_the_code_flow_with_state_nonce_and_pkce(browser: InspectingClient) -> None:
    asked = parse_qs(urlsplit(browser.get("/inloggen/via/heerlen").headers["Location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/inloggen/terug"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name][0]) >= 30


def test_an_invited_worker_with_a_second_factor_there_goes_straight_to_the_desk(
    browser: InspectingClient, limburg: World, municipality: IdentityProvider
) -> None:
    invited(limburg)
    municipality.worker.amr = ["pwd", "mfa"]
    answer = go_and_come_back(browser)
    assert answer.headers["Location"] == "/werkplek/verwijzer"  # type: ignore[attr-defined]
    assert browser.page("/werkplek/verwijzer").h1 == "Werkplek voor verwijzers: Heerlen"
    with limburg.database.sessions() as session:
        identity = session.scalars(select(ExternalIdentity)).one()
        assert (identity.issuer, identity.subject) == (municipality.issuer, "worker-1")
        assert session.scalars(select(Membership)).one().status is MembershipStatus.ACTIVE
        assert session.scalars(select(Person)).one().is_established


def test_without_a_second_factor_there_ours_is_set_up_and_asked(
    browser: InspectingClient, site: Flask, limburg: World
) -> None:
    invited(limburg)
    assert go_and_come_back(browser).headers["Location"] == "/uitnodiging/telefoon"  # type: ignore[attr-defined]
    assert browser.get("/werkplek/verwijzer").status_code == 302
    token = form_token(browser.page("/uitnodiging/telefoon"))
    fields = {"code": shown_code(limburg.database, clock.now()), "csrf_token": token}
    assert browser.submit("/uitnodiging/telefoon", fields).status_code == 200
    assert browser.get("/werkplek/verwijzer").status_code == 200
    browser.submit("/uitloggen")
    assert go_and_come_back(browser, "/werkplek/account").headers["Location"].startswith("/inloggen/code")  # type: ignore[attr-defined]
    page = browser.page("/inloggen/code?verder=/werkplek/account")
    fields = {
        "code": phone_code(limburg.database, EMAIL),
        "csrf_token": form_token(page),
        "verder": "/werkplek/account",
    }
    assert browser.submit("/inloggen/code", fields).headers["Location"] == "/werkplek/account"


def test_the_account_stays_with_the_person_when_the_address_moves_on(
    browser: InspectingClient, limburg: World, municipality: IdentityProvider
) -> None:
    invited(limburg)
    municipality.worker.amr = ["mfa"]
    go_and_come_back(browser)
    browser.submit("/uitloggen")
    municipality.worker = Worker(sub="worker-2", amr=["mfa"])  # another person got the address
    assert "U bent nog niet uitgenodigd" in text_of(go_and_come_back(browser))
    municipality.worker = Worker(sub="worker-1", email="amina.nieuw@heerlen.example", amr=["mfa"])
    assert go_and_come_back(browser).headers["Location"] == "/werkplek/verwijzer"  # type: ignore[attr-defined]


@pytest.mark.parametrize("email_verified", [False, None])
def test_an_address_that_is_not_verified_opens_nothing(
    browser: InspectingClient, limburg: World, municipality: IdentityProvider, email_verified: bool | None
) -> None:
    invited(limburg)
    municipality.worker = Worker(email_verified=email_verified, amr=["mfa"])
    answer = go_and_come_back(browser)
    assert answer.status_code == 403  # type: ignore[attr-defined]
    assert "Gemeente Heerlen vertelt ons wie u bent, maar op dat mailadres is niemand uitgenodigd." in text_of(answer)


def test_a_municipality_vouches_for_nobody_else(
    browser: InspectingClient, limburg: World, municipality: IdentityProvider
) -> None:
    """An administrator, a provider's manager, another municipality, another region: all beyond its reach."""
    for number, post in enumerate(
        (
            Post(Role.ADMINISTRATOR, limburg.regions[0]),
            Post(Role.PROVIDER_MANAGER, limburg.regions[0], limburg.providers[0]),
            Post(Role.ACCESS_WORKER, limburg.regions[0], municipality="GM0935"),
            Post(Role.ACCESS_WORKER, limburg.regions[1], municipality="GM0917"),
        )
    ):
        limburg.add(f"doel{number}@elders.example", post)
        municipality.worker = Worker(sub=f"s{number}", email=f"doel{number}@elders.example", amr=["mfa"])
        assert go_and_come_back(browser).status_code == 403  # type: ignore[attr-defined]
    with limburg.database.sessions() as session:
        assert session.scalars(select(SignIn)).all() == []
        assert session.scalars(select(ExternalIdentity)).all() == []


def test_who_is_more_than_the_municipality_covers_works_as_that_alone(
    browser: InspectingClient, site: Flask, limburg: World, municipality: IdentityProvider
) -> None:
    limburg.add(EMAIL, Post(Role.ADMINISTRATOR, limburg.regions[0]), access_worker(limburg))
    limburg.add("noor@regio.example", Post(Role.ADMINISTRATOR, limburg.regions[0]))
    municipality.worker.amr = ["mfa"]
    assert go_and_come_back(browser).headers["Location"] == "/werkplek/verwijzer"  # type: ignore[attr-defined]
    page = browser.page("/werkplek/verwijzer")
    assert [button for button in page.all("button") if button.get("name") == "role"] == []
    with limburg.database.sessions() as session:
        administrator = session.scalars(
            select(Membership).where(Membership.role == Role.ADMINISTRATOR).order_by(Membership.id)
        ).first()
    assert administrator is not None
    fields = {"role": administrator.public_id, "csrf_token": form_token(browser.page("/werkplek/account"))}
    browser.submit("/werkplek/wissel", fields)
    assert browser.get("/werkplek/regio").status_code == 403
    assert [button["value"] for button in browser.page("/werkplek/account").all("button")
            if button.get("name") == "role" and button["value"] == administrator.public_id] == []  # fmt: skip
    assert browser.submit("/werkplek/account/vertrek", fields).status_code == 409
    own = Someone.enter(site, EMAIL)  # with the own password they are both
    assert own.page("/werkplek/regio").h1


@pytest.mark.parametrize("issuer", ["https://elders.example", "", None])
def test_nobody_is_sent_back_by_another_than_who_was_asked(
    browser: InspectingClient, limburg: World, municipality: IdentityProvider, issuer: str | None
) -> None:
    """Else one organisation could get hold of the codes of another (RFC 9207)."""
    invited(limburg)
    municipality.worker.amr, municipality.says_issuer = ["mfa"], True
    sent = browser.get("/inloggen/via/heerlen")
    back = urlsplit(follow(sent.headers["Location"]))
    query = back.query if issuer is None else f"{back.query}&iss={issuer}"
    answer = browser.get(f"{back.path}?{query}")
    assert (answer.status_code, len(municipality.codes)) == (502, 1)


def test_who_says_to_send_somebody_back_is_believed_where_it_was_asked(
    browser: InspectingClient, limburg: World, municipality: IdentityProvider
) -> None:
    invited(limburg)
    municipality.worker.amr, municipality.says_issuer = ["mfa"], True
    sent = browser.get("/inloggen/via/heerlen")
    back = urlsplit(follow(sent.headers["Location"]))
    assert browser.get(f"{back.path}?{back.query}&iss={municipality.issuer}").status_code == 302


def test_a_municipality_that_does_not_answer_is_not_asked_by_everybody(
    browser: InspectingClient, limburg: World, municipality: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for it keeps a worker busy; families would wait too."""
    municipality.misbehaves = "silent"
    asked: list[str] = []
    get = openid._get
    monkeypatch.setattr(openid, "_get", lambda address: asked.append(address) or get(address))
    for _ in range(5):
        assert browser.get("/inloggen/via/heerlen").status_code == 502
    assert len(asked) == 1


@pytest.mark.parametrize("subject", ["", "x" * 256])
def test_a_name_that_could_be_that_of_another_opens_nothing(
    browser: InspectingClient, limburg: World, municipality: IdentityProvider, subject: str
) -> None:
    invited(limburg)
    municipality.worker = Worker(sub=subject, amr=["mfa"])
    assert go_and_come_back(browser).status_code == 502  # type: ignore[attr-defined]
    with limburg.database.sessions() as session:
        assert session.scalars(select(ExternalIdentity)).all() == []


@pytest.mark.parametrize(
    "misbehaves",
    [
        "other key", "other nonce", "no nonce", "other audience", "other issuer in token", "expired", "shared secret",
        "no signature", "no subject", "denied", "down",
    ],
)  # fmt: skip
def test_a_word_that_is_not_right_opens_nothing(
    browser: InspectingClient, limburg: World, municipality: IdentityProvider, misbehaves: str
) -> None:
    invited(limburg)
    municipality.worker.amr = ["mfa"]
    municipality.misbehaves = misbehaves
    answer = go_and_come_back(browser)
    assert answer.status_code == 502  # type: ignore[attr-defined]
    assert "Inloggen via Gemeente Heerlen lukte nu niet. Probeer het opnieuw." in text_of(answer)
    with limburg.database.sessions() as session:
        assert session.scalars(select(SignIn)).all() == []


def test_a_municipality_that_calls_itself_otherwise_is_not_followed(
    browser: InspectingClient, municipality: IdentityProvider
) -> None:
    municipality.misbehaves = "other issuer"
    assert browser.get("/inloggen/via/heerlen").status_code == 502


def test_nobody_comes_back_who_was_not_sent(
    browser: InspectingClient, site: Flask, limburg: World, municipality: IdentityProvider
) -> None:
    """Another browser, another state, twice the same, an old journey: begin once more."""
    invited(limburg)
    municipality.worker.amr = ["mfa"]
    sent = browser.get("/inloggen/via/heerlen")
    back = urlsplit(follow(sent.headers["Location"]))
    stranger = site.test_client()
    for client, query in (
        (stranger, back.query),
        (browser, back.query.replace("state=", "state=x")),
        (browser, back.query),  # its journey was spent by the try before
        (stranger, ""),
    ):
        answer = client.get(f"/inloggen/terug?{query}")
        assert answer.headers["Location"] == "/inloggen?gedaan=verlopen"
    assert "Dat duurde te lang, of de pagina is twee keer geopend." in browser.page("/inloggen?gedaan=verlopen").text
    assert browser.get("/inloggen/via/maastricht").status_code == 404


def test_a_journey_is_sealed() -> None:
    from portal.core.keys import Keys

    keys, journey = Keys("secret"), Journey("heerlen", "state", "nonce", "verifier", "/werkplek")
    sealed = journey.sealed(keys)
    assert Journey.opened(keys, sealed) == journey
    assert Journey.opened(Keys("other"), sealed) is None
    for text in ("", "x", sealed[:-1], sealed + "x", sealed.swapcase()):
        assert Journey.opened(keys, text) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("client_secret", "# client_secret"), "Gemeente Heerlen has no client_secret"),
        (('issuer = "{issuer}"', 'issuer = "http://login.example"'), "issuer must begin with https://"),
        (("municipality =", "gemeente ="), "gemeente is not known"),
        (('"Heerlen"', '"Nergenshuizen"'), "there is no municipality Nergenshuizen"),
        (("[[organisation]]", "[[organisation"), "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    code_lists: CodeLists, tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    file = tmp_path / "organisations.toml"
    text = ORGANISATION.replace(*change).replace("{issuer}", "https://login.example").replace("{id}", "a")
    file.write_text(text.replace("{secret}", "b"))
    with pytest.raises(SettingsError, match=words):
        read_organisations(file, code_lists)


def test_two_organisations_are_told_apart(code_lists: CodeLists, tmp_path: Path) -> None:
    file = tmp_path / "organisations.toml"
    file.write_text(ORGANISATION.format(issuer="https://a.example", id="a", secret="b") * 2)
    with pytest.raises(SettingsError, match="same slug or issuer"):
        read_organisations(file, code_lists)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_organisations(tmp_path / "missing.toml", code_lists)
