"""Anybody says that something is not right; the region mends it, and nobody learns who said it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NoReturn

import pytest
from sqlalchemy import delete, select

from portal.accounts.models import Membership
from portal.accounts.types import Post, Role
from portal.catalogue.models import AccessPoint
from portal.catalogue.types import AccessPointKind
from portal.core import migrations, speaking
from portal.core.actor import Actor
from portal.core.mail.models import Mail
from portal.core.throttle.models import ThrottleCount
from portal.core.trail.models import TrailEntry
from portal.daily import forget_corrections
from portal.desks.corrections import operations, routes
from portal.desks.corrections.models import Correction
from portal.desks.corrections.operations import DecidedMeanwhile
from portal.desks.corrections.types import State
from tests.desks.conftest import NOW, TODAY, Desk

SAY, QUEUE, OWN = "/klopt-niet", "/werkplek/regio/klopt-niet", "/werkplek/aanbieder/klopt-niet"
WRONG = {"aanbieder": "zuid-limburg-1", "hulp": "A1", "matter": "waiting", "text": "De wachttijd is veel langer."}


def kept(desk: Desk) -> list[Correction]:
    with desk.database.sessions() as session:
        return list(session.scalars(select(Correction).order_by(Correction.id)))


def say(desk: Desk, **fields: str) -> Correction:
    answer = desk.app.test_client().submit(SAY, {**WRONG, **fields})  # type: ignore[attr-defined]
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return kept(desk)[-1]


def test_a_visitor_comes_from_the_page_and_what_it_says_is_kept_without_who_said_it(desk: Desk) -> None:
    client = desk.app.test_client()
    page = client.page("/aanbieders/zuid-limburg-1/aanbod/A1")  # type: ignore[attr-defined]
    href = next(link["href"] for link in page.all("a") if "klopt-niet" in link.get("href", ""))
    assert "Samen naar school" in client.page(href).text  # type: ignore[attr-defined]
    filled = {field["name"]: field["value"] for field in client.page(f"{href}&lang=en").all("input")}  # type: ignore[attr-defined]
    assert filled == {"aanbieder": "zuid-limburg-1", "hulp": "A1"}
    answer = client.submit(SAY, WRONG)  # type: ignore[attr-defined]
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    (one,) = kept(desk)
    assert (one.text, one.offer_id, one.received_on, one.state) == (WRONG["text"], desk.offer().id, TODAY, State.OPEN)
    assert {column.name for column in Correction.__table__.columns} == {
        "id", "public_id", "region_id", "provider_id", "offer_id", "municipality", "matter", "text", "received_on",
        "state", "decided_on", "reason", "forwarded_on", "provider_says",
    }  # fmt: skip


def test_it_can_be_about_a_provider_or_about_whom_to_turn_to(desk: Desk) -> None:
    with desk.database.transaction() as session:
        session.add(
            AccessPoint(
                region_id=desk.world.regions[0], municipality="GM0917", kind=AccessPointKind.ACCESS_TEAM, name="Toegang"
            )
        )
    assert say(desk, hulp="", text="Ander nummer").offer_id is None
    about_town = say(desk, aanbieder="", hulp="", gemeente="Heerlen", text="Dicht op vrijdag")
    assert about_town.municipality == "GM0917" and about_town.provider_id is None
    for wrong in ({"aanbieder": "bestaat-niet"}, {"hulp": "B1"}, {"aanbieder": "", "gemeente": "Amsterdam"}):
        answer = desk.app.test_client().submit(SAY, {**WRONG, **wrong})  # type: ignore[attr-defined]
        assert answer.status_code == 404
    assert desk.app.test_client().get(SAY).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": " "}, "Schrijf wat er niet klopt"),
        ({"text": "x" * 1001}, "1000"),
        ({"matter": ""}, "Kies wat er niet klopt"),
        ({"text": "Bel mij op 06 12345678"}, "Gaat dit over één gezin?"),
        ({"text": "BSN 123456782 klopt niet", "keep": "ja"}, "Gaat dit over één gezin?"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_in_its_field(desk: Desk, typed: dict[str, str], said: str) -> None:
    answer = desk.app.test_client().submit(SAY, {**WRONG, **typed})  # type: ignore[attr-defined]
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in text and typed.get("text", WRONG["text"]).strip() in text
    assert kept(desk) == []


def test_how_to_reach_a_provider_may_be_told_where_that_is_what_is_not_right(desk: Desk) -> None:
    for text in ("Het is 043-555 21 99", "Het is info@samen.example", "Het is www.samen.example"):
        assert say(desk, matter="contact", text=text).text == text
    for typed in ({"text": "Het is 043-555 21 99"}, {"matter": "contact", "text": "Vraag naar Fatima de Vries"}):
        answer = desk.app.test_client().submit(SAY, {**WRONG, **typed})  # type: ignore[attr-defined]
        assert answer.status_code == 422 and 'name="keep"' in answer.get_data(as_text=True)


def test_another_site_cannot_send_it_and_twice_is_once(desk: Desk) -> None:
    say(desk)
    say(desk)
    assert len(kept(desk)) == 1
    foreign = desk.app.test_client().post(SAY, data=WRONG, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403 and len(kept(desk)) == 1


def test_who_sends_very_much_is_asked_to_wait_and_loses_nothing(desk: Desk) -> None:
    for number in range(5):
        say(desk, text=f"Fout nummer {number}")
    for _ in range(5):
        refused = desk.app.test_client().submit(SAY, {**WRONG, "text": "x" * 1001})  # type: ignore[attr-defined]
        assert refused.status_code == 422, "and counts"
    answer = desk.app.test_client().submit(SAY, {**WRONG, "text": "De elfde"})  # type: ignore[attr-defined]
    text = answer.get_data(as_text=True)
    assert answer.status_code == 429 and "De elfde" in text and "minuten" in text and "account is" not in text
    assert len(kept(desk)) == 5
    with desk.database.sessions() as session:
        counted = session.scalars(select(ThrottleCount)).all()
    assert counted and all(re.fullmatch("[0-9a-f]{64}", count.digest) for count in counted), "nobody's address is kept"


@pytest.mark.parametrize("piece", ["Bel 043-555 21 99 ", "\u0301\n\n\n", "Jan de Vries "])
def test_a_text_of_half_a_megabyte_is_refused_before_anything_looks_at_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, piece: str
) -> None:
    def never(text: str) -> NoReturn:
        pytest.fail(f"looked through {len(text)} characters")

    monkeypatch.setattr(speaking, "find_personal_data", never)
    monkeypatch.setattr(routes, "cleaned", never)
    answer = desk.app.test_client().submit(  # type: ignore[attr-defined]
        SAY, {**WRONG, "text": f"x{piece * (245_000 // len(piece.encode()))}x"}
    )
    assert answer.status_code == 422 and "1000" in answer.get_data(as_text=True)
    monkeypatch.undo()
    one = say(desk)
    monkeypatch.setattr(speaking, "find_personal_data", never)
    stays = f"{QUEUE}/{one.public_id}/blijft"
    assert desk.enter("karim").submit(stays, text=piece * (200_000 // len(piece))).status_code == 422


def test_danger_in_the_text_is_answered_with_whom_to_call(desk: Desk) -> None:
    answer = desk.app.test_client().submit(SAY, {**WRONG, "text": "Ik wil dood"})  # type: ignore[attr-defined]
    assert "113" in answer.get_data(as_text=True)


def test_the_region_mends_and_can_take_it_back(desk: Desk) -> None:
    one, karim = say(desk), desk.enter("karim")
    assert WRONG["text"] in karim.page(QUEUE).text
    assert karim.submit(f"{QUEUE}/{one.public_id}/verbeterd").status_code == 302
    assert kept(desk)[0].state is State.MENDED and "verbeterd op" in karim.page(QUEUE).text
    karim.submit(f"{QUEUE}/{one.public_id}/open")
    assert kept(desk)[0].state is State.OPEN
    with desk.database.sessions() as session:
        entries = session.scalars(select(TrailEntry)).all()
        assert [entry.action for entry in entries] == ["correction.mended", "correction.reopened"]
        assert all(WRONG["text"] not in repr((e.before, e.after, e.reason)) for e in entries), "it must be erased later"


def test_what_stays_needs_a_reason_and_nothing_typed_is_lost(desk: Desk) -> None:
    one, karim = say(desk), desk.enter("karim")
    assert karim.submit(f"{QUEUE}/{one.public_id}/blijft", text="").status_code == 422
    answer = karim.submit(f"{QUEUE}/{one.public_id}/blijft", text="Gebeld met Fatima de Vries, 06-12345678")
    assert answer.status_code == 422 and "Fatima de Vries" in answer.get_data(as_text=True)
    assert karim.submit(f"{QUEUE}/{one.public_id}/blijft", text="Het klopt: nagevraagd.").status_code == 302
    assert (kept(desk)[0].state, kept(desk)[0].reason) == (State.STAYS, "Het klopt: nagevraagd.")


def test_two_colleagues_never_decide_over_each_other(desk: Desk) -> None:
    one, karim = say(desk), desk.enter("karim")
    with desk.database.transaction() as session:
        operations.decide(
            session, one.region_id, one.public_id, State.MENDED, "", Actor.command("test"), NOW
        )  # fmt: skip
    answer = karim.submit(f"{QUEUE}/{one.public_id}/blijft", text="Klopt wel.")
    assert answer.status_code == 409 and "collega" in answer.get_data(as_text=True)
    assert kept(desk)[0].state is State.MENDED
    with desk.database.transaction() as session, pytest.raises(DecidedMeanwhile):
        operations.forward(session, one.region_id, one.public_id, Actor.command("test"), NOW)


def test_a_provider_sees_only_what_was_passed_on_to_it_and_says_that_it_is_mended(desk: Desk) -> None:
    one, karim, daan = say(desk), desk.enter("karim"), desk.enter("daan")
    assert WRONG["text"] not in daan.page(OWN).text
    assert daan.submit(f"{OWN}/{one.public_id}").status_code == 404
    karim.submit(f"{QUEUE}/{one.public_id}/doorgestuurd")
    assert WRONG["text"] in daan.page(OWN).text
    assert desk.enter("elders").submit(f"{OWN}/{one.public_id}").status_code == 404
    assert daan.submit(f"{OWN}/{one.public_id}").status_code == 302
    assert daan.submit(f"{OWN}/{one.public_id}").status_code == 302, "twice is once"
    assert kept(desk)[0].state is State.MENDED and WRONG["text"] not in daan.page(OWN).text
    text = karim.page(QUEUE).text
    assert "de aanbieder zei op 29 november 2026 dat het nu klopt" in text and "verbeterd op" not in text
    karim.submit(f"{QUEUE}/{one.public_id}/open")
    karim.submit(f"{QUEUE}/{one.public_id}/verbeterd")
    assert "verbeterd op" in karim.page(QUEUE).text, "the region says so itself"


def test_what_a_provider_says_was_right_waits_for_the_region_again(desk: Desk) -> None:
    one, karim, daan = say(desk), desk.enter("karim"), desk.enter("daan")
    assert daan.submit(f"{OWN}/{one.public_id}/klopte-al").status_code == 404
    karim.submit(f"{QUEUE}/{one.public_id}/doorgestuurd")
    assert desk.enter("elders").submit(f"{OWN}/{one.public_id}/klopte-al").status_code == 404
    for _ in range(2):
        assert daan.submit(f"{OWN}/{one.public_id}/klopte-al").status_code == 302
    assert daan.submit(f"{OWN}/{one.public_id}").status_code == 409
    assert kept(desk)[0].state is State.OPEN and WRONG["text"] not in daan.page(OWN).text
    assert "De aanbieder zegt dat het al klopte." in karim.page(QUEUE).text
    karim.submit(f"{QUEUE}/{one.public_id}/doorgestuurd")
    assert WRONG["text"] in daan.page(OWN).text and "al klopte" not in karim.page(QUEUE).text
    with desk.database.sessions() as session:
        actions = [entry.action for entry in session.scalars(select(TrailEntry).order_by(TrailEntry.number))]
    assert actions == ["correction.forwarded", "correction.was_right", "correction.forwarded"]


def test_another_region_does_not_know_of_it(desk: Desk) -> None:
    one = say(desk)
    desk.world.add("ander@voorbeeld.example", Post(Role.CONTRACT_MANAGER, desk.world.regions[1]))
    other = desk.enter("ander")
    assert WRONG["text"] not in other.page(QUEUE).text
    for what in ("verbeterd", "doorgestuurd", "open"):
        assert other.submit(f"{QUEUE}/{one.public_id}/{what}").status_code == 404


def test_what_was_written_is_erased_some_time_after_the_decision(desk: Desk) -> None:
    one, karim = say(desk), desk.enter("karim")
    say(desk, text="Dit wacht nog")
    karim.submit(f"{QUEUE}/{one.public_id}/blijft", text="Het klopt.")
    with desk.app.app_context():
        forget_corrections(TODAY + timedelta(days=89))
        assert kept(desk)[0].text
        forget_corrections(TODAY + timedelta(days=90))
        forget_corrections(TODAY + timedelta(days=90))
    assert [(row.text, row.reason) for row in kept(desk)] == [("", ""), ("Dit wacht nog", "")]
    karim.submit(f"{QUEUE}/{one.public_id}/open")
    assert kept(desk)[0].state is State.STAYS, "what is erased cannot wait again"


def test_what_nobody_decides_about_is_erased_and_still_waits(desk: Desk) -> None:
    one, karim = say(desk), desk.enter("karim")
    assert "180 dagen" in karim.page(QUEUE).text
    with desk.app.app_context():
        forget_corrections(TODAY + timedelta(days=179))
        assert kept(desk)[0].text
        forget_corrections(TODAY + timedelta(days=180))
    assert (kept(desk)[0].text, kept(desk)[0].state) == ("", State.OPEN)
    text = karim.page(QUEUE).text
    assert "Wat er stond, is gewist" in text and "Samen naar school" in text and "De wachttijd" in text
    karim.submit(f"{QUEUE}/{one.public_id}/blijft", text="Te lang geleden.")
    assert kept(desk)[0].reason
    with desk.app.app_context():
        forget_corrections(TODAY + timedelta(days=90))
    assert (kept(desk)[0].state, kept(desk)[0].reason) == (State.STAYS, ""), "the reason goes too"


def test_what_was_said_outlives_the_version_before(desk: Desk) -> None:
    one, karim = say(desk), desk.enter("karim")
    karim.submit(f"{QUEUE}/{one.public_id}/doorgestuurd")
    desk.enter("daan").submit(f"{OWN}/{one.public_id}")
    desk.database.engine.dispose()
    migrations.downgrade(desk.database.engine, "0015")
    migrations.upgrade(desk.database.engine)
    (kept_one,) = kept(desk)
    assert (kept_one.text, kept_one.state, kept_one.provider_says) == (WRONG["text"], State.MENDED, None)


def test_what_nobody_would_see_is_not_passed_on_and_the_region_reads_whom_to_call(desk: Desk) -> None:
    with desk.database.transaction() as session:
        session.execute(delete(Membership).where(Membership.provider_id == desk.world.providers[0]))
    one, karim = say(desk), desk.enter("karim")
    page = karim.page(QUEUE)
    assert "heeft hier een account" in page.text and "045-555 01 02" in page.text
    assert not [form for form in page.all("form") if form.get("action", "").endswith("/doorgestuurd")]
    answer = karim.submit(f"{QUEUE}/{one.public_id}/doorgestuurd")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "niet doorgestuurd" in text and "tel:0455550102" in text
    assert kept(desk)[0].forwarded_on is None


def test_who_works_there_gets_a_mail_without_what_was_written(desk: Desk) -> None:
    one = say(desk)
    karim = desk.enter("karim")
    for _ in range(2):
        karim.submit(f"{QUEUE}/{one.public_id}/doorgestuurd")
    with desk.database.sessions() as session:
        mails = [(mail.recipient, mail.body or "") for mail in session.scalars(select(Mail).order_by(Mail.id))]
    assert [to for to, _ in mails] == ["ellen@voorbeeld.example", "daan@voorbeeld.example"]
    assert all(OWN in body and WRONG["text"] not in body for _, body in mails)


@pytest.mark.parametrize(
    ("matter", "href"),
    [
        ("waiting", "/werkplek/aanbieder/wachttijden/A1"),
        ("gone", "/werkplek/aanbieder/wachttijden/A1"),
        ("help", "/werkplek/aanbieder/gegevens/hulp/A1"),
        ("place", "/werkplek/aanbieder/gegevens/hulp/A1#location_ids"),
        ("contact", "/werkplek/aanbieder/gegevens/algemeen#phone"),
        ("other", "/werkplek/aanbieder/gegevens/hulp/A1"),
    ],
)
def test_a_provider_goes_straight_to_where_it_mends_it(desk: Desk, matter: str, href: str) -> None:
    one = say(desk, matter=matter)
    desk.enter("karim").submit(f"{QUEUE}/{one.public_id}/doorgestuurd")
    daan = desk.enter("daan")
    assert href in {link.get("href") for link in daan.page(OWN).all("a")}
    assert daan.client.get(href.partition("#")[0]).status_code == 200
