"""What the catalogue's pages say to a family: nobody is invited who cannot come, and nothing old looks new."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from portal.catalogue.models import AccessPoint, Contract, FormerSlug, Offer, Provider, Region
from portal.catalogue.operations import merge_provider, touch, undo_merger
from portal.catalogue.types import AccessPointKind, LocationKind, OfferAccess
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import Database
from portal.core.text import slugify
from portal.core.trail.models import TrailEntry
from tests.conftest import TODAY, make_app
from tests.inspection import InspectingClient, Page

HEERLEN, BEEK = "GM0917", "GM0888"
Row = dict[str, str]


def rows(package: Path, table: str) -> list[Row]:
    with (package / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def offers(region_package: Path) -> dict[str, Row]:
    """The offers of the region by address."""
    slugs = {row["provider_id"]: slugify(row["name"]) for row in rows(region_package, "providers")}
    return {
        f"/aanbieders/{slugs[row['provider_id']]}/aanbod/{row['offer_id']}": row
        for row in rows(region_package, "offers")
    }


def paths(page: Page) -> list[str]:
    """Where the links in the page's own text lead, in order."""
    return [link["href"] for link in page.all("a") if link.get("href", "").startswith("/")]


# --- a small catalogue, made by hand -----------------------------------------------------------------------


@pytest.fixture
def catalogue(database: Database, tmp_path: Path) -> Iterator[tuple[InspectingClient, Database]]:
    """Two providers in a region; one works for Heerlen, the other nowhere any more."""
    with database.transaction() as session:
        region = Region(name="Zuid-Limburg", youth_region=None)
        session.add(region)
        for number, identifier in enumerate(("linde", "berk")):
            provider = Provider(region=region, identifier=identifier, slug=identifier, name=identifier.capitalize())
            session.add(provider)
            session.flush()
            session.add(
                Offer(
                    region_id=region.id, provider_id=provider.id, identifier=f"{identifier}-1",
                    name=f"Praten bij {identifier}", arrangement="begeleiding", description="-",
                    settings=["home"], waiting_weeks_intake=3, waiting_weeks_start=7, places_free=2,
                    waiting_reported_on=TODAY - timedelta(9), topics=["FASD"],
                )
            )  # fmt: skip
            session.add(
                Contract(
                    region_id=region.id, provider_id=provider.id, identifier=identifier, arrangement="begeleiding",
                    start_date=TODAY - timedelta(400), whole_region=True,
                    end_date=None if number == 0 else TODAY - timedelta(1),
                )
            )  # fmt: skip
        session.flush()
        for code in (HEERLEN, BEEK):
            session.add(
                AccessPoint(
                    region_id=region.id, municipality=code, kind=AccessPointKind.CRISIS, name="Nachtpunt",
                    phone="045-555 00 11",
                )
            )  # fmt: skip
        touch(session)
    app = make_app(database.engine.url.render_as_string(hide_password=False), tmp_path)
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    with clock.frozen(TODAY):
        yield client, database
    app.extensions["portal.database"].engine.dispose()


LINDE, BERK = "/aanbieders/linde/aanbod/linde-1", "/aanbieders/berk/aanbod/berk-1"


def change_offers(database: Database, **values: object) -> None:
    with database.transaction() as session:
        for offer in session.query(Offer):
            for name, value in values.items():
                setattr(offer, name, value)
        touch(session)


def test_an_offer_tells_both_waits_with_one_date(catalogue: tuple[InspectingClient, Database]) -> None:
    client, _ = catalogue
    card = client.page("/zoeken").text
    assert "Eerste gesprek: over ongeveer 3 weken · Hulp begint: over ongeveer 7 weken (van 13 november)" in card
    page = client.page(LINDE).text
    assert page.count("13 november") == 2  # the waiting time, and the free places
    assert "Er zijn nu 2 plekken vrij (van 13 november)" in page


def test_what_was_told_long_ago_says_so_everywhere_in_the_same_words(
    catalogue: tuple[InspectingClient, Database],
) -> None:
    client, database = catalogue
    change_offers(database, waiting_reported_on=TODAY - timedelta(240), places_free=0, arrangement="gezinshuis")
    with database.transaction() as session:
        for contract in session.query(Contract):
            contract.arrangement = "gezinshuis"
        touch(session)
    for path in ("/zoeken", LINDE, "/gezinshuizen", "/aanbieders/linde"):
        text = client.page(path).text
        assert "Dit is van 27 maart. Bel even of het nog klopt." in text, path
        assert "(van 27 maart)" not in text, path
    for path in (LINDE, "/gezinshuizen"):
        assert "Op 27 maart was er geen plek vrij." in client.page(path).text
        assert "Er is nu" not in client.page(path).text


def test_an_offer_that_is_not_open_invites_nobody(catalogue: tuple[InspectingClient, Database]) -> None:
    client, _ = catalogue
    for path in (BERK, f"{BERK}?gemeente=Heerlen"):
        page = client.page(path)
        for invitation in ("Eerste gesprek", "Hulp begint", "Vrije plekken", "Zo komt u bij deze hulp", "Via uw gem"):
            assert invitation not in page.text, invitation
        assert "Nieuwe gezinnen kunnen hier niet terecht" in page.text
        assert any(href.startswith("/zoeken?arrangement=begeleiding") for href in paths(page))
    provider = client.page("/aanbieders/berk")
    for invitation in ("Hoe snel", "Hoe krijgt u dit", "Eerste gesprek"):
        assert invitation not in provider.text
    assert "Hoe snel" in client.page("/aanbieders/linde").text


def test_why_a_provider_cannot_be_chosen_is_what_is_true(catalogue: tuple[InspectingClient, Database]) -> None:
    client, database = catalogue
    assert "Er is op dit moment geen contract. Krijgt uw kind hier al hulp?" not in client.page("/aanbieders/berk").text
    assert "Het contract voor de hulp hier is afgelopen." in client.page("/aanbieders/berk").text
    change_offers(database, withdrawn_on=TODAY)  # the contract of the other still runs
    for provider in ("linde", "berk"):
        text = client.page(f"/aanbieders/{provider}").text
        assert "De hulp die hier was, is gestopt." in text and "geen contract" not in text, provider


def test_an_intake_stop_hides_how_soon(catalogue: tuple[InspectingClient, Database]) -> None:
    client, database = catalogue
    change_offers(database, accepting_clients=False)
    for path in ("/zoeken", LINDE, "/aanbieders/linde"):
        text = client.page(path).text
        assert "Nu geen nieuwe gezinnen" in text
        assert "Eerste gesprek" not in text
        assert "plekken vrij" not in text


def test_in_a_crisis_the_page_says_whom_to_call_and_nobody_waits(
    catalogue: tuple[InspectingClient, Database],
) -> None:
    client, database = catalogue
    change_offers(database, arrangement="crisis")
    with database.transaction() as session:
        for contract in session.query(Contract):
            contract.arrangement = "crisis"
        touch(session)
    for path in ("/zoeken", LINDE, "/aanbieders/linde"):
        page = client.page(path)
        assert "Bel Nachtpunt: 045-555 00 11, dag en nacht" in page.text, path
        assert "Dit kiest u niet zelf" not in page.text
        assert "over ongeveer" not in page.text
    assert "Bel Nachtpunt" in client.page("/hulp-krijgen").text


def test_the_crisis_line_of_the_region_is_on_every_page(catalogue: tuple[InspectingClient, Database]) -> None:
    client, _ = catalogue
    for path in ("/", "/over", "/jongeren", "/woordenlijst", LINDE):
        assert "tel:0455550011" in [link["href"] for link in client.page(path).all("a")]


def test_where_a_court_decides_nobody_chooses(catalogue: tuple[InspectingClient, Database]) -> None:
    client, database = catalogue
    change_offers(database, arrangement="jeugdzorgplus")
    with database.transaction() as session:
        for contract in session.query(Contract):
            contract.arrangement = "jeugdzorgplus"
        touch(session)
    page = client.page(LINDE)
    assert "Dit kiest u niet zelf" in page.text
    assert "dag en nacht" not in page.text


def test_free_online_help_begins_on_the_website(catalogue: tuple[InspectingClient, Database]) -> None:
    client, database = catalogue
    change_offers(database, access=OfferAccess.FREE, settings=["online"])
    for path in (LINDE, "/aanbieders/linde"):
        assert "Begin op de website of bel. U heeft geen verwijzing nodig." in client.page(path).text
    change_offers(database, settings=["home", "online"])
    assert "Begin op de website" not in client.page(LINDE).text


def test_a_word_of_the_provider_is_explained_where_the_word_list_knows_it(
    catalogue: tuple[InspectingClient, Database],
) -> None:
    client, _ = catalogue
    assert "alcohol dronk in de zwangerschap" in client.page(LINDE).text
    assert "alcohol during pregnancy" in client.page(f"{LINDE}?lang=en").text


def test_a_former_address_and_a_merged_provider_lead_on(catalogue: tuple[InspectingClient, Database]) -> None:
    client, database = catalogue
    with database.transaction() as session:
        linde = session.query(Provider).filter_by(slug="linde").one()
        session.add(FormerSlug(slug="oude-naam", provider_id=linde.id))
        merge_provider(
            session, linde.region_id, "berk", "linde", actor=Actor.command("providers merge"), at=clock.now()
        )
    for old, new in (
        ("/aanbieders/oude-naam", "/aanbieders/linde"),
        ("/aanbieders/oude-naam/aanbod/linde-1", LINDE),
        ("/aanbieders/berk", "/aanbieders/linde"),
    ):
        response = client.get(old)
        assert (response.status_code, response.headers["Location"]) == (301, new)
    assert "/aanbieders/berk" not in paths(client.page("/aanbieders"))
    with database.transaction() as session:
        undo_merger(session, linde.region_id, "berk", actor=Actor.command("providers unmerge"), at=clock.now())
    assert "/aanbieders/berk" in paths(client.page("/aanbieders"))
    with database.sessions() as session:
        merged, undone = session.scalars(
            select(TrailEntry).where(TrailEntry.subject_kind == "provider").order_by(TrailEntry.number)
        ).all()
    assert (merged.action, merged.subject_id, undone.action) == ("provider.merged", "berk", "provider.unmerged")
    assert merged.after_values["leads_to"] == undone.before_values["leads_to"] != merged.after_values["provider"]


def test_without_words_nothing_fits_best(catalogue: tuple[InspectingClient, Database]) -> None:
    client, _ = catalogue
    orders = [option.strip() for option in client.page("/zoeken").texts["option"]]
    assert "Past het best" not in orders
    assert "Wie het eerst kan beginnen" in orders
    assert "Past het best" in client.page("/zoeken?q=praten").texts["option"]


def test_without_a_contact_nobody_is_asked_to_tell_us(
    catalogue: tuple[InspectingClient, Database], tmp_path: Path
) -> None:
    client, database = catalogue
    url = database.engine.url.render_as_string(hide_password=False)
    reachable: Flask = make_app(url, tmp_path, contact_email="vragen@regio.example")
    other = reachable.test_client()
    assert isinstance(other, InspectingClient)
    for path in ("/over", "/klachten", "/toegankelijkheid"):
        said = client.page(path).text.replace("Vertel wat", "").replace("Vertel hoe het was", "")
        assert "Vertel" not in said
        assert "Vragen? Bel de toegang van uw gemeente" in client.page(path).text
        assert "vragen@regio.example" in other.page(path).text
    assert "nummer" not in client.page("/bestaat-niet", 404).text
    assert "nummer" in other.page("/bestaat-niet", 404).text
    reachable.extensions["portal.database"].engine.dispose()


# --- the fictional region ----------------------------------------------------------------------------------


def test_a_withdrawn_offer_is_gone_but_tells_how_to_go_on(region: InspectingClient, offers: dict[str, Row]) -> None:
    gone = [path for path, row in offers.items() if row["withdrawn_on"]]
    assert gone
    for path in gone:
        page = region.page(path, 410)
        assert "Deze hulp is er niet meer" in page.text
        assert "Bel de toegang van uw gemeente" in page.text
        assert path not in paths(region.page(path.split("/aanbod/")[0]))


def test_lists_show_no_withdrawn_offer(region: InspectingClient, offers: dict[str, Row]) -> None:
    gone = {path for path, row in offers.items() if row["withdrawn_on"]}
    for name in {row["name"] for row in offers.values() if row["withdrawn_on"]}:
        assert gone.isdisjoint(paths(region.page(f"/zoeken?q={quote(name)}")))
    assert gone.isdisjoint(paths(region.page("/gezinshuizen")))


def test_a_municipality_sees_only_what_is_under_contract_there(region: InspectingClient, region_package: Path) -> None:
    contracts = rows(region_package, "contracts")
    there = {
        (row["provider_id"], row["arrangement"])
        for row in contracts
        if row["municipalities"].strip() == "*" or "Vaals" in [m.strip() for m in row["municipalities"].split(";")]
        if row["start_date"] <= TODAY.isoformat() and (not row["end_date"] or row["end_date"] >= TODAY.isoformat())
    }
    by_id = {row["offer_id"]: row for row in rows(region_package, "offers")}
    shown = set()
    for number in range(1, 20):
        page = region.page(f"/zoeken?gemeente=Vaals&pagina={number}")
        shown |= {match[1] for href in paths(page) if (match := re.search(r"/aanbod/([^?]+)", href))}
    assert len(shown) > 50
    for offer in (by_id[identifier] for identifier in shown):
        assert offer["access"] == "free" or (offer["provider_id"], offer["arrangement"]) in there, offer["offer_id"]
        assert not offer["municipalities"] or "Vaals" in offer["municipalities"], offer["offer_id"]


def test_links_carry_the_chosen_municipality_along(region: InspectingClient) -> None:
    for path in ("/zoeken?gemeente=Heerlen", "/gezinshuizen?gemeente=Heerlen", "/aanbieders?gemeente=Heerlen"):
        links = [href for href in paths(region.page(path)) if href.startswith("/aanbieders/")]
        assert len(links) > 10
        assert [href for href in links if "gemeente=Heerlen" not in href] == []
    provider = next(href for href in paths(region.page("/zoeken?gemeente=Heerlen")) if href.startswith("/aanbieders/"))
    onward = [href for href in paths(region.page(provider)) if "/aanbod/" in href]
    assert onward
    assert all("gemeente=Heerlen" in href for href in onward)


@pytest.fixture(scope="module")
def homes(offers: dict[str, Row]) -> dict[str, Row]:
    return {path: row for path, row in offers.items() if row["arrangement"] == "gezinshuis"}


def shown_homes(page: Page) -> list[str]:
    return [href.split("?")[0] for href in paths(page) if "/aanbod/" in href]


def test_the_filters_of_family_homes_do_what_they_say(region: InspectingClient, homes: dict[str, Row]) -> None:
    everything = shown_homes(region.page("/gezinshuizen"))
    girl = shown_homes(region.page("/gezinshuizen?leeftijd=10&voor=girls&plek=vrij"))
    assert 0 < len(girl) < len(everything)
    for path in everything:
        row = homes[path]
        fits = (
            int(row["age_min"] or 0) <= 10 <= int(row["age_max"] or 99)
            and row["gender"] in ("", "all", "girls")
            and int(row["places_free"] or 0) > 0
            and row["accepting_clients"] != "no"
        )
        assert (path in girl) is fits, path


def test_the_form_of_family_homes_keeps_what_was_chosen(region: InspectingClient) -> None:
    page = region.page("/gezinshuizen?gemeente=Heerlen&leeftijd=10&voor=girls&plek=vrij")
    fields = {field["name"] for tag in ("input", "select") for field in page.all(tag)}
    assert fields == {"gemeente", "postcode", "leeftijd", "voor", "plek"}
    assert {option["value"] for option in page.all("option") if "selected" in option} == {"Heerlen", "girls"}
    values = {field["name"]: field for field in page.all("input")}
    assert values["leeftijd"]["value"] == "10"
    assert "checked" in values["plek"]
    without = [href for href in paths(page) if href.startswith("/gezinshuizen?")]
    assert "/gezinshuizen?gemeente=Heerlen&leeftijd=10&plek=vrij" in without


def test_the_filters_are_open_for_a_newcomer_and_for_a_wrong_age(region: InspectingClient) -> None:
    def unfolded(path: str) -> bool:
        return "open" in next(d for d in region.page(path).all("details") if "portal-filters" in d.get("class", ""))

    assert unfolded("/gezinshuizen")
    assert not unfolded("/gezinshuizen?leeftijd=10")
    assert unfolded("/gezinshuizen?gemeente=Heerlen&leeftijd=honderd")
    assert "Dit is geen leeftijd." in region.page("/gezinshuizen?leeftijd=honderd").text


def test_family_homes_with_a_place_come_first_then_the_nearest(region: InspectingClient, homes: dict[str, Row]) -> None:
    page = region.page("/gezinshuizen?gemeente=Heerlen")
    assert "daarna wie het dichtst bij Heerlen is" in page.text
    cards = re.split(r"(?=Van Gezinshui)", page.text)[1:]
    free = [bool(re.search(r"Er (is|zijn) nu \d+ plek", card)) for card in cards]
    assert True in free
    assert free == sorted(free, reverse=True)
    with_place = [card for card, is_free in zip(cards, free, strict=True) if is_free]
    distances = [int(match[1]) if (match := re.search(r"ongeveer (\d+) km", card)) else 0 for card in with_place]
    assert distances == sorted(distances)
    assert all(homes[path]["settings"] or homes[path]["places_free"] for path in shown_homes(page))


@pytest.mark.either_database
def test_a_secret_address_is_on_no_page(region: InspectingClient, region_package: Path) -> None:
    places = rows(region_package, "locations")
    secret = [row for row in places if "yes" in row["address_confidential"] or row["kind"] == LocationKind.FAMILY_HOME]
    known = " ".join(f"{row['street']} {row['postcode']}" for row in places if row not in secret)
    words = {row[column] for row in secret for column in ("street", "postcode")} - {""}
    words -= {word for word in words if word in known}
    assert len(words) > 25
    to_visit, seen = ["/", "/zoeken", "/aanbieders", "/gezinshuizen", "/hulp-krijgen?gemeente=Heerlen"], set()
    while to_visit:
        path = to_visit.pop().split("#")[0]
        if path in seen:
            continue
        seen.add(path)
        response = region.get(path)
        html = response.get_data(as_text=True)
        assert [word for word in words if word in html] == [], path
        if response.mimetype == "text/html":
            links = paths(Page(html))
            to_visit += [href for href in links if re.fullmatch(r"/aanbieders/[^?]*|/zoeken\?pagina=\d+", href)]
    assert len(seen) > 700
    assert "adres geheim" in region.page("/gezinshuizen").text


@pytest.mark.parametrize("path", ["/", "/hulp-krijgen", "/over"])
def test_the_page_for_young_people_is_easy_to_find(region: InspectingClient, path: str) -> None:
    assert "/jongeren" in paths(region.page(path))
    page = region.page("/jongeren")
    assert "Ben je 16 of ouder? Dan beslis je zelf." in page.text
    assert not re.search(r"\buw?\b", " ".join(page.texts["p"][1:]).split("Jeugdregio")[0])


def test_on_paper_stands_where_and_when(region: InspectingClient) -> None:
    page = region.page("/gezinshuizen?gemeente=Heerlen")
    assert "Afgedrukt van http://127.0.0.1:8000/gezinshuizen op 22 november 2026." in page.text


@pytest.mark.parametrize("path", ["/zoeken", "/gezinshuizen", "/aanbieders/praatlicht"])
def test_a_page_in_english_says_that_providers_write_in_dutch(region: InspectingClient, path: str) -> None:
    assert "Providers write in Dutch." in region.page(f"{path}?lang=en").text
    assert "schrijven in het Nederlands" not in region.page(path).text
