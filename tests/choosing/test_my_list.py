"""The family's list and its sheet: what stands on paper, what is asked, and what is shared."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import segno
from sqlalchemy import delete, select

from portal.catalogue.models import Location, Offer
from portal.catalogue.operations import touch
from portal.core import clock
from portal.core.database import Database
from portal.core.qr import qr_code
from tests.conftest import TODAY
from tests.inspection import InspectingClient, Page

Address = Callable[..., str]


def sheet(client: InspectingClient, path: str) -> str:
    """The text of the sheet."""
    return " ".join(client.page(path).texts["article"])


def shared(page: Page) -> str:
    return next(field["value"] for field in page.all("input") if field.get("id") == "deel")


def test_an_empty_list_says_how_it_fills(small: InspectingClient) -> None:
    page = small.page("/mijn-lijst")
    assert "Er staat nog niets op uw lijst." in page.text
    assert any(link["href"].startswith("/keuzehulp") for link in page.all("a"))


def test_the_sheet_names_the_local_access_point_and_the_facts_with_their_verdicts(
    small: InspectingClient, address: Address
) -> None:
    text = sheet(small, address("/mijn-lijst", "linde", "berk", gemeente="Heerlen", telt__snel="2", telt__dichtbij="1"))
    assert "Voor ons gesprek met Wijkteam Heerlen, 045-555 00 11" in text
    assert "past: Over ongeveer 4 weken" in text
    assert "past niet: Over ongeveer 14 weken" in text
    assert "past: Komt bij u thuis" in text
    assert "Jeugdwet, artikel 2.3" in text


def test_where_tells_how_help_is_given_where_nobody_travels_or_no_place_is_told(
    small: InspectingClient, address: Address, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(delete(Location).where(Location.identifier == "berk-l"))
        session.scalars(select(Offer).where(Offer.identifier == "els-1")).one().settings = ["school"]
        touch(session)
    text = sheet(small, address("/mijn-lijst", "linde", "berk", "els"))
    row = text.split(" Waar ")[1].split("Steeds dezelfde persoon?")[0]
    given = ("Thuis", "Op school", "Bij de aanbieder", "Heerlen", "Niet opgegeven")
    assert [row.count(said) for said in given] == [1, 1, 1, 0, 0], row
    row = small.page(address("/vergelijken", "linde", "berk", "els")).text.split("Waar, en hoe ver")[1]
    assert [row.split("Op welke plek")[0].count(said) for said in given[:3]] == [1, 1, 1], row


def test_questions_come_of_what_is_unknown_long_or_unfit(small: InspectingClient, address: Address) -> None:
    text = sheet(small, address("/mijn-lijst", "linde", "berk", "els", "den", gemeente="Heerlen"))
    assert "Wat kunnen wij doen terwijl wij wachten?" in text  # berk: 14 weeks
    assert "De wachttijd is langer dan afgesproken met de regio." in text  # berk: agreed are 8
    assert "Houden wij steeds dezelfde hulpverlener?" in text  # els did not tell
    assert "U schrijft voor wie dit niet geschikt is." in text  # els
    assert "Wanneer neemt u weer nieuwe gezinnen aan?" in text  # den has an intake stop
    assert "Aan allemaal" in text
    assert text.count("Hoe merken wij samen dat het helpt?") == 1


def test_an_old_waiting_time_is_asked_about(small: InspectingClient, address: Address) -> None:
    with clock.frozen(TODAY + timedelta(200)):
        text = sheet(small, address("/mijn-lijst", "linde", "berk", gemeente="Heerlen", telt__snel="1"))
    assert "De wachttijd is van 13 november 2026. Klopt die nog?" in text
    assert "niet bekend: Over ongeveer 4 weken (van 13 november 2026)" in text


def test_two_families_get_different_sheets_of_the_same_list(small: InspectingClient, address: Address) -> None:
    one = sheet(small, address("/mijn-lijst", "linde", "berk", gemeente="Heerlen", telt__snel="2"))
    other = sheet(small, address("/mijn-lijst", "linde", "berk", gemeente="Heerlen", taal="pl", telt__taal="2"))
    assert "past niet: Over ongeveer 14 weken" in one
    assert "past: Nederlands en Pools" in other
    assert "past niet: Nederlands" in other
    assert "Kan er een tolk bij zijn?" in other
    assert "tolk" not in one


def test_dutch_stands_first_and_the_language_of_the_page_beside_it(small: InspectingClient, address: Address) -> None:
    path = address("/mijn-lijst", "linde", "berk", gemeente="Heerlen", telt__snel="1", lang="en")
    text = sheet(small, path)
    assert "Gespreksblad Conversation sheet" in text
    assert "Snel beginnen Soon" in text
    assert "Over ongeveer 4 weken (van 13 november) In about 4 weeks (as of 13 November)" in text
    html = small.get(path).get_data(as_text=True)
    assert '<span lang="nl">Gespreksblad</span>' in html
    assert "Conversation sheet" not in sheet(small, path.replace("&lang=en", ""))


def test_the_worker_gets_codes_contract_and_room_for_the_choice(small: InspectingClient, address: Address) -> None:
    text = sheet(small, address("/mijn-lijst", "linde", "berk", gemeente="Heerlen", blad="toegang"))
    for words in ("Keuzeregistratie", "linde-1", "Begeleiding (40, 45)", "Zonder einddatum", "Gekozen door het gezin",
                  "Was er een echte keuze?", "Schrijf op dit blad geen naam, geboortedatum of BSN."):  # fmt: skip
        assert words in text
    assert "Dit willen wij vragen" not in text


def test_four_fit_on_the_sheet_and_the_list_can_be_put_in_order(
    small: InspectingClient, address: Address, region: InspectingClient
) -> None:
    page = region.page(address("/mijn-lijst", "B001-1", "B001-2", "B002-1", "B003-1", "B004-1", gemeente="Heerlen"))
    assert "Op het blad passen er vier: de eerste vier van deze lijst." in page.text
    assert sum(header.get("role") == "columnheader" for header in page.all("th")) == 4
    up = [link["href"] for link in page.all("a") if "data-keep" in link and "aanbod=" in link["href"]]
    moved = parse_qs(urlsplit(up[0]).query)["aanbod"]
    assert moved[:2] == ["B001-2", "B001-1"]


def test_what_is_shared_names_nobody_and_tells_nothing_of_the_child(small: InspectingClient, address: Address) -> None:
    page = small.page(
        address("/mijn-lijst", "linde", "berk", gemeente="Heerlen", postcode="6411AB", leeftijd="13", voor="girls",
                onderwerp="schoolweigering", taal="pl", telt__snel="2")
    )  # fmt: skip
    link = shared(page)
    assert link.startswith("https://kies.example/mijn-lijst?")
    assert parse_qs(urlsplit(link).query) == {
        "aanbod": ["linde-1", "berk-1"], "gemeente": ["Heerlen"], "telt.snel": ["2"],
    }  # fmt: skip
    mail = next(link["href"] for link in page.all("a") if link["href"].startswith("mailto:"))
    assert "Linde: Praten bij linde" in unquote(mail)
    for private in ("6411", "13 jaar", "leeftijd", "schoolweigering", "girls", "taal"):
        assert private not in unquote(mail)


def test_the_code_on_paper_leads_to_what_is_shared(small: InspectingClient, address: Address) -> None:
    path = address("/mijn-lijst", "linde", "berk", gemeente="Heerlen", leeftijd="13")
    code = qr_code(shared(small.page(path)))
    assert code is not None
    assert code.path in small.get(path).get_data(as_text=True)
    drawn = {(int(x) + i, int(y)) for x, y, n in re.findall(r"M(\d+) (\d+)\.5h(\d+)", code.path) for i in range(int(n))}
    matrix = segno.make_qr(shared(small.page(path)), error="l", boost_error=True).matrix
    assert drawn == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}


def test_what_is_too_long_for_a_code_is_printed_without() -> None:
    assert qr_code("x" * 3_000) is None


def test_the_way_back_to_the_search_keeps_list_and_question(small: InspectingClient, address: Address) -> None:
    before = "http://localhost/zoeken?q=niet+naar+school&gemeente=Heerlen&aanbod=oud-1&_external=1&_scheme=javascript"
    response = small.get(address("/mijn-lijst", "linde", gemeente="Heerlen"), headers={"Referer": before})
    back = next(
        link["href"] for link in Page(response.get_data(as_text=True)).all("a") if link["href"].startswith("/zoeken?q=")
    )
    assert back.startswith("/zoeken?q=niet+naar+school&gemeente=Heerlen&")
    assert back.endswith("&aanbod=linde-1")


ASKED = "http://localhost/zoeken?q=mijn+zoon+van+13+wil+niet+naar+school&gemeente=Heerlen&telt.snel=2"


def test_without_script_the_list_learns_from_the_search_before_what_it_knew(
    small: InspectingClient, address: Address
) -> None:
    path = address("/mijn-lijst", "linde", gemeente="Heerlen")
    page = Page(small.get(path, headers={"Referer": ASKED}).get_data(as_text=True))
    help_me = next(link["href"] for link in page.all("a") if link["href"].startswith("/keuzehulp?gemeente"))
    told = parse_qs(urlsplit(help_me).query)
    assert (told["leeftijd"], told["voor"], told["telt.snel"]) == (["13"], ["boys"], ["2"])
    assert "schoolweigering" in told["onderwerp"]
    back = next(link["href"] for link in page.all("a") if link["href"].startswith("/zoeken?q="))
    assert parse_qs(urlsplit(back).query)["telt.snel"] == ["2"]
    assert "leeftijd" not in shared(page)


def test_what_the_list_itself_says_wins_from_the_search_before(small: InspectingClient, address: Address) -> None:
    path = address("/mijn-lijst", "linde", gemeente="Heerlen", leeftijd="7", telt__klein="1")
    page = Page(small.get(path, headers={"Referer": ASKED}).get_data(as_text=True))
    help_me = next(link["href"] for link in page.all("a") if link["href"].startswith("/keuzehulp?gemeente"))
    assert parse_qs(urlsplit(help_me).query)["leeftijd"] == ["7"]
    assert "telt.snel" not in help_me


def test_a_page_of_results_tells_the_device_what_the_question_says(small: InspectingClient) -> None:
    page = small.page("/zoeken?q=mijn+zoon+van+13+in+Heerlen+wil+niet+naar+school&gemeente=&postcode=6411AB")
    told = parse_qs(next(main["data-about"] for main in page.all("main")))
    assert (told["gemeente"], told["leeftijd"], told["voor"], told["postcode"]) == (
        ["Heerlen"], ["13"], ["boys"], ["6411"],
    )  # fmt: skip
    assert "schoolweigering" in told["onderwerp"]
    outcome = small.page("/keuzehulp/uitkomst?q=mijn+zoon+van+13+in+Heerlen&telt.snel=1")
    assert parse_qs(next(main["data-about"] for main in outcome.all("main"))) == {
        "gemeente": ["Heerlen"], "leeftijd": ["13"], "voor": ["boys"],
    }  # fmt: skip


def test_of_a_question_that_speaks_of_danger_no_topic_is_carried(small: InspectingClient) -> None:
    """Addresses stay in the history of a device that others at home may read."""
    page = small.page("/zoeken?q=ik+ben+15+en+wil+niet+meer+leven+en+niet+naar+school&gemeente=Heerlen")
    told = parse_qs(next(main["data-about"] for main in page.all("main")))
    assert told == {"gemeente": ["Heerlen"], "leeftijd": ["15"]}


@pytest.mark.parametrize(
    ("postcode", "said"), [("52062", "uit een ander land"), ("0000", "Dit is geen postcode."), ("6411 AB", "")]
)
def test_a_postcode_that_is_none_is_answered_at_its_field(
    small: InspectingClient, address: Address, postcode: str, said: str
) -> None:
    page = small.page(address("/mijn-lijst", "linde", gemeente="Heerlen", postcode=postcode))
    field = next(field for field in page.all("input") if field.get("name") == "postcode" and "autocomplete" in field)
    assert field["value"].replace(" ", "") == postcode.replace(" ", "")
    if said:
        assert said in page.text
    else:
        assert "aria-invalid" not in field


def test_a_list_says_what_does_not_fit(small: InspectingClient, address: Address) -> None:
    path = address("/mijn-lijst", "berk", gemeente="Heerlen", telt__snel="2", telt__taal="1", taal="pl")
    said = "Past bij 1 van uw 2 wensen. Niet: Snel beginnen – Over ongeveer 14 weken (van 13 november)"
    assert said in small.page(path).text
    assert "Past niet bij uw wens." in small.page(address("/mijn-lijst", "berk", telt__snel="2")).text


@pytest.mark.parametrize(
    "before", ["https://elders.example/zoeken?q=x", "http://localhost/privacy?q=x", "//", "http://[::1"]
)
def test_another_page_before_leads_nowhere_odd(small: InspectingClient, address: Address, before: str) -> None:
    text = small.get(address("/mijn-lijst", "linde"), headers={"Referer": before})
    assert text.status_code == 200
    assert "q=x" not in text.get_data(as_text=True)


def test_a_list_goes_along_from_page_to_page_without_script(region: InspectingClient) -> None:
    page = region.page("/zoeken?gemeente=Heerlen&aanbod=B001-1&aanbod=B001-2")
    pages = r"/(zoeken|aanbieders|mijn-lijst|keuzehulp|over|privacy)"
    inside = [link["href"] for link in page.all("a") if re.match(pages, link["href"])]
    assert len(inside) > 40
    assert [href for href in inside if "aanbod=B001-1&aanbod=B001-2" not in href] == []
    carried = [field["value"] for field in page.all("input") if field.get("name") == "aanbod"]
    assert carried == ["B001-1", "B001-2"]
    star = next(link for link in page.all("a") if "data-save" in link)
    assert star["href"].startswith("/mijn-lijst?aanbod=B001-1&aanbod=B001-2&aanbod=")


def test_the_star_of_what_is_on_the_list_takes_it_off(
    region: InspectingClient, region_examples: dict[str, str]
) -> None:
    offer = region_examples["OFFER"]
    key = offer.rpartition("/")[2]
    star = next(link for link in region.page(f"{offer}?aanbod={key}").all("a") if "data-save" in link)
    assert star["href"] == "/mijn-lijst"
    assert star["class"] == "portal-save portal-save--on"


def test_an_api_never_gets_the_list(region: InspectingClient) -> None:
    page = region.page("/data?aanbod=B001-1")
    assert [link["href"] for link in page.all("a") if "/api/" in link["href"] and "aanbod=" in link["href"]] == []
