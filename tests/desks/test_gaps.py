"""What families could not find, at the desks of who can do something about it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.types import Post, Role
from portal.catalogue.models import Provider, Region
from portal.core import clock
from portal.core.database import Database
from portal.search.white_spots.models import FoundBy, WhiteSpot
from portal.search.white_spots.types import FoundKind, SpotKind
from tests.accounts.people import CHEAP, Someone, make_person
from tests.conftest import TODAY

GAPS = "/werkplek/regio/witte-vlekken"
FORMULA = "=hyperlink(1)"


@pytest.fixture
def desk(searchable_app: Flask) -> Iterator[Flask]:
    searchable_app.extensions["portal.passwords"] = CHEAP
    database: Database = searchable_app.extensions["portal.database"]
    with database.transaction() as session:
        region = session.scalars(select(Region.id)).one()
        first, second = session.scalars(select(Provider.id).order_by(Provider.id).limit(2)).all()
        make_person(session, "dora@voorbeeld.example", Post(Role.DATA_OFFICER, region))
        make_person(session, "karim@voorbeeld.example", Post(Role.CONTRACT_MANAGER, region))
        make_person(session, "daan@voorbeeld.example", Post(Role.PROVIDER_EDITOR, region, first))
        for period, kind, value, place, times in (
            ("2026-10", SpotKind.WORD, "kameel", "", 10),
            ("2026-10", SpotKind.WORD, FORMULA, "", 5),
            ("2026-10", SpotKind.TOPIC, "loverboys", "GM0917", 5),
            ("2026-10", SpotKind.TOPIC, "rouw", "GM0363", 15),  # Amsterdam is of another region
            ("2026-09", SpotKind.WORD, "ezel", "", 5),
            ("2026-11", SpotKind.WORD, "stofzuiger", "", None),  # not over yet
        ):
            session.add(WhiteSpot(period=period, kind=kind, value=value, municipality=place, times=times))
        for kind, value, beside, times in (
            (FoundKind.SHOWN, "angst", str(first), 25),
            (FoundKind.SHOWN, "rouw", str(second), 5),
            (FoundKind.SAID, "bang", "angst", 15),
            (FoundKind.SAID, "verdriet", "rouw", 5),
        ):
            session.add(FoundBy(period="2026-10", kind=kind, value=value, beside=beside, times=times))
        session.add(FoundBy(period="2026-11", kind=FoundKind.SHOWN, value="slaap", beside=str(first), times=None))
    with clock.frozen(TODAY):
        yield searchable_app


def test_the_latest_month_is_told_with_what_can_be_done(desk: Flask) -> None:
    page = Someone.enter(desk, "dora@voorbeeld.example").page(GAPS)
    assert "kameel" in page.text and "ten minste 10 keer" in page.text
    assert "Heerlen" in page.text and "Loverboys" in page.text
    assert "ezel" not in page.text and "stofzuiger" not in page.text
    assert "Amsterdam" not in page.text
    links = [link["href"] for link in page.all("a")]
    assert any(href.startswith("/werkplek/regio/woorden?woord=kameel") for href in links)


def test_who_may_not_edit_words_is_not_led_there(desk: Flask) -> None:
    page = Someone.enter(desk, "karim@voorbeeld.example").page(GAPS)
    assert "kameel" in page.text
    assert not [link for link in page.all("a") if link["href"].startswith("/werkplek/regio/woorden")]


def test_it_is_narrowed_to_a_month_and_a_municipality(desk: Flask) -> None:
    dora = Someone.enter(desk, "dora@voorbeeld.example")
    assert "ezel" in dora.page(f"{GAPS}?maand=2026-09").text
    narrowed = dora.page(f"{GAPS}?gemeente=GM0917").text
    assert "Loverboys" in narrowed and "kameel" not in narrowed
    assert "Hier past niets bij" in dora.page(f"{GAPS}?maand=2026-09&gemeente=GM0917").text
    assert "kameel" in dora.page(f"{GAPS}?maand=november&gemeente=Atlantis").text  # what cannot be read is left out


def test_the_file_has_what_the_command_prints(desk: Flask) -> None:
    dora = Someone.enter(desk, "dora@voorbeeld.example")
    answer = dora.client.get(f"{GAPS}/witte-vlekken.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))
    assert answer.mimetype == "text/csv"
    assert FORMULA in dora.page(GAPS).text and f"'{FORMULA}" in {row["label"] for row in rows}, "no formula in a file"
    printed = desk.test_cli_runner().invoke(args=["search", "gaps", "--format", "csv"]).output
    assert f"'{FORMULA}" in {row["label"] for row in csv.DictReader(io.StringIO(printed))}
    first = rows[0]
    assert (first["kind"], first["label"], first["at_least"]) == ("word", "kameel", "10")
    assert list(rows[0]) == ["month", "kind", "code", "label", "municipality", "at_least", "providers_now"]


def test_from_a_word_straight_to_a_topic(desk: Flask) -> None:
    dora = Someone.enter(desk, "dora@voorbeeld.example")
    assert 'value="kameel"' in dora.client.get("/werkplek/regio/woorden?woord=kameel").get_data(as_text=True)
    answer = dora.client.get("/werkplek/regio/woorden/bij?woord=kameel&onderwerp=vrije-tijd")
    assert answer.status_code == 302
    assert ">kameel</textarea>" in dora.client.get(answer.headers["Location"]).get_data(as_text=True)


def test_a_provider_sees_what_led_to_itself_and_to_nobody_else(desk: Flask) -> None:
    page = Someone.enter(desk, "daan@voorbeeld.example").page("/werkplek/aanbieder/woorden")
    assert "ten minste 25 keer" in page.text and "bang" in page.text
    assert "verdriet" not in page.text and "ten minste 5 keer" not in page.text
    assert [field.get("value") for field in page.all("option")] == ["2026-10"]


def test_before_anything_is_known_the_desks_say_what_comes(app: Flask) -> None:
    app.extensions["portal.passwords"] = CHEAP
    with app.extensions["portal.database"].transaction() as session:
        region = Region(name="Zuid-Limburg", youth_region="JR26", fictional=True)
        provider = Provider(region=region, identifier="1", slug="een", name="Een")
        session.add(provider)
        session.flush()
        make_person(session, "dora@voorbeeld.example", Post(Role.DATA_OFFICER, region.id))
        make_person(session, "daan@voorbeeld.example", Post(Role.PROVIDER_EDITOR, region.id, provider.id))
    assert "Er is nog niets te vertellen" in Someone.enter(app, "dora@voorbeeld.example").page(GAPS).text
    own = Someone.enter(app, "daan@voorbeeld.example").page("/werkplek/aanbieder/woorden")
    assert "Er is nog niets te vertellen" in own.text
