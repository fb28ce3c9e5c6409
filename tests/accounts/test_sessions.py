"""Sign-ins: new at every step, seen and ended by their owner, dead when their time is over or something changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask import session as flask_session
from sqlalchemy import select, update

from portal.accounts.models import Membership, SignIn
from portal.accounts.operations import PEOPLE_KEPT
from portal.accounts.signing_in import sign_ins
from portal.accounts.types import MembershipStatus, Post, Role, Step
from portal.app import create_app
from portal.core import clock
from portal.core.database import Database
from portal.core.security_log.models import SecurityEvent
from portal.core.settings import Settings
from tests.accounts.people import CHEAP, PASSWORD, Someone, World, form_token, make_person, phone_code
from tests.conftest import make_app
from tests.inspection import InspectingClient, Page

OTHER = "vier natte handdoeken"
MOMENT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture
def noor(world: World) -> str:
    """The mail address of an administrator."""
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]), name="Noor Janssen")
    return "noor@regio.example"


def is_in(someone: Someone) -> bool:
    return someone.client.get("/werkplek/regio").status_code == 200


def test_each_step_has_a_new_token(noor: str, client: InspectingClient, world: World) -> None:
    seen = []
    client.submit("/inloggen", {"email": noor, "password": PASSWORD})
    seen.append(client.get_cookie("portal"))
    token = form_token(client.page("/inloggen/code"))
    client.submit("/inloggen/code", {"code": phone_code(world.database, noor), "csrf_token": token})
    seen.append(client.get_cookie("portal"))
    values = [cookie.value for cookie in seen if cookie]
    assert len(set(values)) == 2
    stale = client.application.test_client()
    stale.set_cookie("portal", values[0])
    assert stale.get("/werkplek/regio").status_code == 302
    assert stale.get("/inloggen/code").status_code == 302


def test_half_an_hour_without_a_page_ends_it(noor: str, app: Flask) -> None:
    with clock.stopped(MOMENT):
        someone = Someone.enter(app, noor)
    for minutes in (29, 58, 87):
        with clock.stopped(MOMENT + timedelta(minutes=minutes)):
            assert is_in(someone)
    with clock.stopped(MOMENT + timedelta(minutes=87 + 30)):
        assert not is_in(someone)
        answer = someone.client.get("/werkplek/regio")
        assert answer.headers["Location"] == "/inloggen?verder=/werkplek/regio&gedaan=voorbij"
        assert "U bent niet meer ingelogd." in someone.client.page(answer.headers["Location"]).text


def test_twelve_hours_end_it_anyway(noor: str, app: Flask) -> None:
    with clock.stopped(MOMENT):
        someone = Someone.enter(app, noor)
    for minutes in range(20, 12 * 60, 20):
        with clock.stopped(MOMENT + timedelta(minutes=minutes)):
            assert is_in(someone)
    with clock.stopped(MOMENT + timedelta(hours=12)):
        assert not is_in(someone)


def test_signing_out_ends_it(noor: str, app: Flask) -> None:
    someone = Someone.enter(app, noor)
    cookie = someone.client.get_cookie("portal")
    assert cookie is not None
    answer = someone.client.submit("/uitloggen")
    assert "U bent uitgelogd." in someone.client.page(answer.headers["Location"]).text
    someone.client.set_cookie("portal", cookie.value)
    assert not is_in(someone)


def test_another_password_ends_every_other_sign_in(noor: str, app: Flask) -> None:
    here, elsewhere = Someone.enter(app, noor), Someone.enter(app, noor)
    before = here.client.get_cookie("portal")
    answer = here.submit("/werkplek/account/wachtwoord", current_password=PASSWORD, password=OTHER)
    assert answer.status_code == 302
    after = here.client.get_cookie("portal")
    assert before is not None and after is not None and before.value != after.value
    assert is_in(here) and not is_in(elsewhere)


def test_a_changed_role_and_a_disabled_account_end_it_with_the_next_page(noor: str, app: Flask, world: World) -> None:
    public_id = world.add("ton@regio.example", Post(Role.MODERATOR, world.regions[0]))
    boss, ton = Someone.enter(app, noor), Someone.enter(app, "ton@regio.example")
    base = f"/werkplek/regio/mensen/{public_id}"
    assert boss.submit(f"{base}/rol", role="data_officer", version=1).status_code == 302
    assert not is_in(ton)
    ton = Someone.enter(app, "ton@regio.example")
    assert is_in(ton)
    assert boss.submit(f"{base}/beeindigen", version=2, reason="").status_code == 302
    assert not is_in(ton)
    ton = Someone.enter(app, "ton@regio.example")
    assert ton.page("/werkplek/regio", 403).h1 == "U hebt hier nu geen werkplek"
    own = ton.page("/werkplek/account").text
    assert "actief" not in own and "U hebt hier nu geen werkplek" in own
    assert boss.submit(f"{base}/herstellen", version=3).status_code == 302
    assert is_in(Someone.enter(app, "ton@regio.example"))


def test_a_role_that_ended_past_the_portal_opens_nothing(noor: str, app: Flask, world: World) -> None:
    """Where the database was changed by hand, no sign-in ended with the role."""
    someone = Someone.enter(app, noor)
    with world.database.transaction() as session:
        session.execute(update(Membership).values(status=MembershipStatus.DISABLED))
    for path in ("/werkplek/regio", "/werkplek/regio/mensen"):
        assert someone.client.get(path).status_code == 403
    assert someone.client.get("/werkplek/account").status_code == 200


def test_a_person_sees_and_ends_where_they_are_signed_in(noor: str, app: Flask) -> None:
    here, elsewhere = Someone.enter(app, noor), Someone.enter(app, noor)
    page = here.page("/werkplek/account")
    assert page.text.count("Firefox, Linux") >= 2 and "hier, nu" in page.text
    ends = [button["value"] for button in page.all("button") if button.get("name") == "sign_in"]
    assert len(ends) == 2 and ends[-1] == "andere"
    assert here.submit("/werkplek/account/aanmeldingen", sign_in=ends[0]).status_code == 302
    assert is_in(here) and not is_in(elsewhere)
    third, fourth = Someone.enter(app, noor), Someone.enter(app, noor)
    here.submit("/werkplek/account/aanmeldingen", sign_in="andere")
    assert is_in(here) and not is_in(third) and not is_in(fourth)


def test_nobody_ends_a_sign_in_of_somebody_else(noor: str, app: Flask, world: World) -> None:
    world.add("ton@regio.example", Post(Role.MODERATOR, world.regions[0]))
    here, ton = Someone.enter(app, noor), Someone.enter(app, "ton@regio.example")
    with world.database.sessions() as session:
        theirs = session.scalars(select(SignIn.public_id).order_by(SignIn.id.desc())).first()
    here.submit("/werkplek/account/aanmeldingen", sign_in=theirs)
    assert is_in(ton)
    with world.database.sessions() as session:  # nothing happened, so nothing is told
        assert session.scalars(select(SecurityEvent)).all() == []


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "é", "\x7f", "' OR 1=1 --"])
def test_a_cookie_that_is_none_is_nobody(noor: str, client: InspectingClient, token: str) -> None:
    client.get("/werkplek", headers={"Cookie": f"portal={token.encode().decode('latin-1')}"})
    assert (
        client.get("/werkplek/regio", headers={"Cookie": f"portal={token.encode().decode('latin-1')}"}).status_code
        == 302
    )


def test_the_cookie_of_an_https_site_is_tied_to_its_host(world: World, noor: str, tmp_path: Path) -> None:
    url = world.database.engine.url.render_as_string(hide_password=False)
    app = make_app(url, tmp_path, base_url="https://jeugdhulp.example")
    app.extensions["portal.passwords"] = CHEAP
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    answer = client.submit("/inloggen", {"email": noor, "password": PASSWORD}, base_url="https://jeugdhulp.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie and "Expires" not in cookie
    app.extensions["portal.database"].engine.dispose()


def test_public_pages_look_at_no_cookie(noor: str, app: Flask) -> None:
    someone = Someone.enter(app, noor)
    stranger = app.test_client()
    for path in ("/over", "/", "/aanbieders", "/privacy"):
        answer = someone.client.get(path)
        assert answer.get_data() == stranger.get(path).get_data()
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Cache-Control"] != "no-store"


def test_nothing_is_kept_in_flasks_own_session(app: Flask) -> None:
    with app.test_request_context("/inloggen"), pytest.raises(RuntimeError, match="nothing is kept in a cookie"):
        flask_session["x"] = 1


def test_a_remember_cookie_of_flask_login_means_nothing(noor: str, client: InspectingClient) -> None:
    client.set_cookie("remember_token", "1|abc")
    assert client.get("/werkplek/regio").status_code == 302


def test_signed_in_pages_are_kept_by_nobody(noor: str, app: Flask) -> None:
    someone = Someone.enter(app, noor)
    for path in ("/werkplek/regio", "/werkplek/account", "/werkplek/regio/mensen"):
        answer = someone.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers and "Content-Encoding" not in answer.headers
    for path in ("/werkplek/account/x.css", "/werkplek/account.css", "/werkplek/regio/x.js"):
        assert someone.client.get(path).status_code == 404


# --- a form after the sign-in ended ------------------------------------------------------------------------


def test_nothing_typed_is_lost_when_the_time_is_over(noor: str, app: Flask, world: World) -> None:
    with clock.stopped(MOMENT):
        someone = Someone.enter(app, noor)
    fields = {"email": "nieuw@aanbieder.example", "role": "provider_editor", "provider": "zuid-limburg-1"}
    with clock.stopped(MOMENT + timedelta(minutes=31)):
        answer = someone.submit("/werkplek/regio/mensen/uitnodigen", **fields)
        page = Page(answer.get_data(as_text=True))
        assert answer.status_code == 403 and page.h1 == "Verstuur het nog eens"
        assert "na een half uur zonder pagina loggen we u uit" in page.text
        kept = {f["name"]: f["value"] for f in page.all("input") if f.get("type") == "hidden"}
        assert {name: kept[name] for name in fields} == fields
        # Signed in anew in another tab, the same page asks once more, and then it is done.
        again = Someone.enter(app, noor)
        answer = again.client.submit("/werkplek/regio/mensen/uitnodigen", kept)
        page = Page(answer.get_data(as_text=True))
        assert answer.status_code == 403 and "U hebt opnieuw ingelogd" in page.text
        kept = {f["name"]: f["value"] for f in page.all("input") if f.get("type") == "hidden" and "name" in f}
        assert kept["csrf_token"] == again.token
        assert again.client.submit("/werkplek/regio/mensen/uitnodigen", kept).status_code == 302


def test_passwords_and_codes_are_not_repeated(noor: str, app: Flask) -> None:
    with clock.stopped(MOMENT):
        someone = Someone.enter(app, noor)
    with clock.stopped(MOMENT + timedelta(hours=1)):
        answer = someone.submit("/werkplek/account/wachtwoord", current_password=OTHER, password=OTHER)
    body = answer.get_data(as_text=True)
    assert OTHER not in body


# --- housekeeping ------------------------------------------------------------------------------------------


def test_dead_sign_ins_are_deleted(world: World) -> None:
    with world.database.transaction() as session:
        person = make_person(session, "noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
        for hours, step in ((0, Step.COMPLETE), (13, Step.COMPLETE), (1, Step.CODE)):
            sign_ins.begin(session, person, step, MOMENT - timedelta(hours=hours))
        assert sign_ins.forget_dead(session, MOMENT) == 2
        assert [one.step for one in session.scalars(select(SignIn))] == [Step.COMPLETE]


def test_a_production_start_wants_a_secret_and_has_no_account(tmp_path: Path, world: World) -> None:
    from portal.serving import refuse_without_secret

    with pytest.raises(Exception, match="PORTAL_SECRET_KEY is missing"):
        refuse_without_secret(Settings(data_dir=tmp_path))
    with world.database.sessions() as session:
        assert session.scalars(select(Membership)).all() == []
    app = create_app(Settings(data_dir=tmp_path, secret_key="x" * 40))
    assert app.debug is False
    app.extensions["portal.database"].engine.dispose()


def test_the_privacy_page_says_what_is_kept_of_who_works_here(database: Database, tmp_path: Path) -> None:
    """As long as it is set, not as long as it usually is; and that a name in the trail stays."""
    url = database.engine.url.render_as_string(hide_password=False)
    app = make_app(url, tmp_path, trail_years=5, security_log_days=30)
    text = Page(app.test_client().get("/privacy").get_data(as_text=True)).text
    assert "Dan kan de regio dat 5 jaar lang terugzoeken" in text
    assert "Uw naam staat erbij" in text and "ook niet als u hier niet meer werkt" in text
    assert "We bewaren 30 dagen wanneer iemand inlogde" in text
    assert "Hebt u hier een jaar lang geen rol?" in text and timedelta(days=365) == PEOPLE_KEPT
    app.extensions["portal.database"].engine.dispose()
