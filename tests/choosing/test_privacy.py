"""Nothing of a family is kept: not in an address, not in the log, not in the database, not in a browser's cache."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, select

from portal.catalogue import codelists
from portal.core import clock
from tests.conftest import TODAY
from tests.inspection import InspectingClient, Page

FORMS = ("/keuzehulp", "/keuzehulp/uitkomst", "/mijn-lijst")
STORY = {"doel": "Kanarie weer thuis eten", "goed": "Kanarie oma Mia helpt", "geprobeerd": "Kanarie cursus"}
POINTS = sorted(codelists.load().points)


def contents(app: Flask) -> str:
    """A digest of every row of every table."""
    engine = app.extensions["portal.database"].engine
    tables = MetaData()
    tables.reflect(engine)
    digest = hashlib.sha256()
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            rows = sorted(map(repr, connection.execute(select(table))))
            digest.update(f"{table.name} {rows}".encode())
    return digest.hexdigest()


@pytest.mark.parametrize("path", FORMS)
def test_what_a_family_writes_is_shown_again_and_kept_nowhere(
    small: InspectingClient, caplog: pytest.LogCaptureFixture, path: str, tmp_path: Path
) -> None:
    before = contents(small.application)
    told = {"aanbod": ["linde-1", "berk-1"], "gemeente": "Heerlen", **STORY}
    response = small.submit(path, told)
    assert response.status_code == 200
    text = response.get_data(as_text=True)
    for words in STORY.values():
        assert words in text
        assert words not in re.sub(r"<(textarea|input)[^>]*>[^<]*", "", text)
    assert response.headers["Cache-Control"] == "no-store"
    assert contents(small.application) == before
    logged = caplog.text + json.dumps([record.__dict__ for record in caplog.records], default=str)
    assert "Kanarie" not in logged
    assert "linde-1" not in logged
    assert not any(b"Kanarie" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    links = [link["href"] for link in Page(text).all("a")]
    assert not any("Kanarie" in href for href in links)
    assert not any(form["method"] == "get" and "Kanarie" in form.get("action", "") for form in Page(text).all("form"))


@pytest.mark.parametrize("path", [*FORMS, "/vergelijken"])
def test_what_stands_in_an_address_is_never_taken_for_what_a_family_writes(small: InspectingClient, path: str) -> None:
    text = small.get(f"{path}?aanbod=linde-1&aanbod=berk-1&doel=Kanarie&goed=Kanarie").get_data(as_text=True)
    assert "Kanarie" not in re.sub(r'hreflang="[^"]*"[^>]*|href="[^"]*lang=[^"]*"[^>]*', "", text)


def test_text_never_stands_in_a_form_that_makes_an_address(small: InspectingClient) -> None:
    for path in FORMS:
        text = small.submit(path, {"aanbod": ["linde-1", "berk-1"], **STORY}).get_data(as_text=True)
        for form in re.findall(r"<form[^>]*method=\"get\".*?</form>", text, flags=re.S):
            assert "Kanarie" not in form, path


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://kwaad.example"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://kwaad.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({}, 403),
    ],
)
@pytest.mark.either_database
def test_a_form_of_another_site_is_refused(
    small: InspectingClient, path: str, headers: dict[str, str], status: int
) -> None:
    assert small.post(path, data={"aanbod": ["linde-1"], **STORY}, headers=headers).status_code == status


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_no_browser_makes_is_a_400(small: InspectingClient, path: str) -> None:
    assert small.submit(path, {"aanbod": "x\x00y"}).status_code == 400
    assert small.submit(path, {"doel": "x" * 2_000_000}).status_code == 413


def test_a_longer_text_than_fits_is_cut_and_not_refused(small: InspectingClient) -> None:
    response = small.submit("/mijn-lijst", {"aanbod": ["linde-1"], "doel": "a" * 1_500})
    assert "a" * 1_000 in response.get_data(as_text=True)
    assert "a" * 1_001 not in response.get_data(as_text=True)


def test_search_engines_keep_out(region: InspectingClient) -> None:
    robots = region.get("/robots.txt").get_data(as_text=True)
    for path in ("/vergelijken", "/mijn-lijst", "/keuzehulp/"):
        assert f"Disallow: {path}\n" in robots


values = st.text(max_size=40) | st.sampled_from(
    ["1", "2", "3", "Heerlen", "6411 AB", "13", "girls", "pl", "angst", "ja"]
)
names = st.sampled_from(
    ["gemeente", "postcode", "leeftijd", "voor", "onderwerp", "taal", "blad", "alle", "q", "lang", "x"]
) | st.sampled_from([f"telt.{code}" for code in POINTS])
keys = st.text(max_size=230) | st.sampled_from(
    ["B001-1", "B001-2", "B002-1", "B027-4", "D016-1", "D008-2", "stap-voor-stoep/B001-1", "x/B001-1", "/", "B001-1/"]
)


UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufffd]")
"""What no address that a person made holds."""


@pytest.mark.parametrize("path", ["/vergelijken", "/mijn-lijst", "/keuzehulp", "/keuzehulp/uitkomst"])
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(listed=st.lists(keys, max_size=16), asked=st.lists(st.tuples(names, values), max_size=8))
def test_no_list_in_an_address_breaks_a_page(
    region_app: Flask, path: str, listed: list[str], asked: list[tuple[str, str]]
) -> None:
    client = region_app.test_client()
    with clock.frozen(TODAY):
        response = client.get(path, query_string=[*(("aanbod", key) for key in listed), *asked])
    assert response.status_code in (200, 400)
    if not any(UNWRITABLE.search(text) for pair in [*asked, *(("", key) for key in listed)] for text in pair):
        assert response.status_code == 200


@pytest.fixture
def two_regions(small: InspectingClient) -> Callable[[], None]:
    """Gives another region an offer with an identifier that ours uses too."""
    from portal.catalogue.models import Offer, Provider, Region
    from portal.catalogue.operations import touch

    def add() -> None:
        with small.application.extensions["portal.database"].transaction() as session:
            region = Region(name="Elders", youth_region=None)
            provider = Provider(region=region, identifier="p", slug="elders", name="Elders")
            session.add(provider)
            session.flush()
            session.add(
                Offer(
                    region_id=region.id,
                    provider_id=provider.id,
                    identifier="linde-1",
                    name="Anders",
                    description="-",
                    arrangement="begeleiding",
                    access="free",
                )
            )
            touch(session)

    return add


def test_a_code_that_two_regions_use_is_told_apart_by_the_provider(
    small: InspectingClient, two_regions: Callable[[], None]
) -> None:
    two_regions()
    stars = {link["data-save"] for link in small.page("/zoeken").all("a") if "data-save" in link}
    assert {"linde/linde-1", "elders/linde-1", "els-1"} <= stars
    page = small.page("/vergelijken?aanbod=linde/linde-1&aanbod=elders/linde-1")
    assert "Praten bij linde" in page.text
    assert "Anders" in page.text
    assert "kennen wij niet" in small.page("/vergelijken?aanbod=linde-1&aanbod=els-1").text
