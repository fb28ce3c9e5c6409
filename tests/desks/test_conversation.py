"""With a family at the table: three filters to a list in which small and free help are in view, and its sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.types import Post, Profession, Role
from portal.catalogue.models import Contract, ContractMunicipality, Offer, Provider, Region
from portal.catalogue.operations import touch
from portal.catalogue.types import OfferAccess, ProviderSize
from portal.desks.conversation.turns import SMALL, in_turn
from tests.accounts.people import Someone
from tests.desks.conftest import Desk

SEARCH, LIST, SHEET = (f"/werkplek/verwijzer/{page}" for page in ("zoeken", "lijst", "gespreksblad"))


@pytest.fixture
def team(desk: Desk) -> Iterator[Desk]:
    """An access worker of Heerlen, a GP and a school; the providers' help is contracted in Heerlen."""
    region = desk.world.regions[0]
    desk.world.add("samira@voorbeeld.example", Post(Role.ACCESS_WORKER, region, municipality="GM0917"))
    desk.world.add("arts@voorbeeld.example", Post(Role.REFERRER, region, profession=Profession.GP))
    desk.world.add("school@voorbeeld.example", Post(Role.PARTNER, region, profession=Profession.SCHOOL))
    with desk.database.transaction() as session:
        session.get_one(Region, region).youth_region = "JZ41"
        for number, size in enumerate((ProviderSize.LARGE, ProviderSize.SOLO)):
            provider = session.get_one(Provider, desk.world.providers[number])
            provider.size = size
            contract = Contract(
                region_id=region, provider_id=provider.id, identifier=f"C{number}", arrangement="begeleiding",
                municipalities=["GM0917"], whole_region=False, start_date=date(2026, 1, 1),
            )  # fmt: skip
            session.add(contract)
            session.flush()
            session.add(ContractMunicipality(contract_id=contract.id, municipality="GM0917"))
            session.add(
                Offer(
                    region_id=region, provider_id=provider.id, identifier=f"N{number}", name=f"Rust {number}",
                    description="Hulp bij angst.", arrangement="begeleiding", access=OfferAccess.REFERRAL,
                )
            )  # fmt: skip
        touch(session)
    yield desk


def ticked(someone: Someone, path: str) -> dict[str, bool]:
    boxes = (field for field in someone.page(path).all("input") if field.get("name") == "aanbod")
    return {field["value"]: "checked" in field for field in boxes if field.get("type") == "checkbox"}


def test_the_own_municipality_is_filled_in_and_small_comes_beside_big(team: Desk) -> None:
    samira = team.enter("samira")
    page = samira.page(f"{SEARCH}?arrangement=begeleiding")
    assert next(one["value"] for one in page.all("option") if "selected" in one and one["value"] == "Heerlen")
    assert next(iter(ticked(samira, f"{SEARCH}?arrangement=begeleiding"))) == "N1", "the one-person practice first"
    assert "Om de beurt: een kleine aanbieder" in page.text and "2 aanbieders passen" in page.text
    assert ticked(samira, f"{SEARCH}?arrangement=begeleiding&gemeente=Kerkrade").keys().isdisjoint({"N0", "N1"})


def test_what_is_ticked_comes_on_the_list_and_stays_while_one_searches_on(team: Desk) -> None:
    samira = team.enter("samira")
    listed = samira.page(f"{LIST}?aanbod=N1&aanbod=A1&gepast=2&arrangement=begeleiding&leeftijd=12")
    assert "Rust 1" in listed.text and "Samen naar school" in listed.text
    hrefs = [link["href"] for link in listed.all("a")]
    on = next(href for href in hrefs if href.startswith(f"{SEARCH}?"))
    assert ticked(samira, on)["N1"] is True
    hidden = [
        one["value"] for one in samira.page(on).all("input") if one.get("name") == "aanbod" and one["type"] == "hidden"
    ]
    assert hidden.count("N1") == 1, "in the form of the search; in that of the list it would stay where it is unticked"
    assert hidden.count("A1") <= 2
    count = next(href for href in hrefs if href.startswith("/werkplek/verwijzer/keuze?"))
    form = samira.page(count)
    filled = {
        field["name"]: field["value"] for field in form.all("input") if field.get("name") in ("offered", "discussed")
    }
    assert filled == {"offered": "2", "discussed": "2"}
    without = next(href for href in hrefs if href.startswith(f"{LIST}?") and "aanbod=A1" in href and "N1" not in href)
    assert "Rust 1" not in samira.page(without).text


def test_notes_have_no_name_and_no_form_so_that_nothing_of_them_is_sent(team: Desk) -> None:
    page = team.enter("samira").page(f"{LIST}?aanbod=N1")
    boxes = page.all("textarea")
    assert boxes and all("name" not in box and "data-note" in box for box in boxes)
    assert page.all("form") == [one for one in page.all("form") if "uitloggen" in one.get("action", "")]


def test_who_gets_what(team: Desk) -> None:
    for who, figures, paper, counts in (
        ("samira", True, True, True), ("arts", True, False, False), ("school", False, False, False),
    ):  # fmt: skip
        hrefs = " ".join(link["href"] for link in team.enter(who).page(f"{LIST}?aanbod=N0&aanbod=N1").all("a"))
        assert ("/cijfers/vergelijken" in hrefs, SHEET in hrefs, "/keuze?" in hrefs) == (figures, paper, counts), who
        assert "/mijn-lijst?" in hrefs and "/vergelijken?" in hrefs


def test_figures_lead_back_to_the_search_and_the_list_from_which_one_came(team: Desk) -> None:
    samira = team.enter("samira")
    case = {"q": ["boos"], "gemeente": ["Heerlen"], "leeftijd": ["14"], "gepast": ["2"]}

    def on(path: str, start: str) -> str:
        return next(one["href"] for one in samira.page(path).all("a") if one.get("href", "").startswith(start))

    def said(href: str) -> dict[str, list[str]]:
        return parse_qs(urlsplit(href).query)

    asked = urlencode({**case, "aanbod": ["N0", "N1"]}, doseq=True)
    figures = on(f"{LIST}?{asked}", "/werkplek/verwijzer/cijfers/vergelijken?")
    assert said(figures) == {**case, "aanbod": ["N0", "N1"]}
    assert said(on(figures, f"{LIST}?")) == {**case, "aanbod": ["N0", "N1"]}
    totals = on(figures, "/werkplek/verwijzer/cijfers/totalen?")
    assert said(totals) == {**case, "aanbod": ["N0", "N1"]}
    back = samira.client.get(on(totals, "/werkplek/verwijzer/cijfers?")).headers["Location"]
    assert said(back) == {**case, "aanbod": ["N0", "N1"]}
    provider = on(f"{SEARCH}?q=angst&leeftijd=14&aanbod=N1", "/werkplek/verwijzer/cijfers/aanbieders/")
    assert said(on(provider, f"{SEARCH}?")) == {
        "q": ["angst"], "leeftijd": ["14"], "gemeente": ["Heerlen"], "aanbod": ["N1"],
    }  # fmt: skip


def test_the_sheet_is_for_paper_and_its_code_leads_to_the_public_list(team: Desk) -> None:
    samira = team.enter("samira")
    answer = samira.client.get(f"{SHEET}?aanbod=N0&aanbod=N1&blad=toegang&gemeente=Heerlen")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert samira.client.get(SHEET).status_code == 302


def test_what_is_not_told_of_an_offer_leaves_no_gap_on_the_list_of_the_family(team: Desk) -> None:
    text = team.enter("arts").page("/mijn-lijst?aanbod=A1&aanbod=N1").text
    assert "Rust 1" in text and not re.search(r"·\s*·", text)


def test_the_question_is_read_as_on_the_public_page_and_danger_is_heard(team: Desk) -> None:
    page = team.enter("arts").page(f"{SEARCH}?q=wil+niet+naar+school&gemeente=Heerlen")
    assert "We zochten ook op" in page.text
    assert "113" in team.enter("arts").page(f"{SEARCH}?q=mijn+zoon+wil+dood").text


@pytest.mark.parametrize("asked", ["q=" + "x" * 600, "leeftijd=honderd", "pagina=0&q=a&alle=ja", "aanbod=weg&q=angst"])
def test_odd_addresses_are_answered(team: Desk, asked: str) -> None:
    samira = team.enter("samira")
    for path in (SEARCH, LIST):
        assert samira.client.get(f"{path}?{asked}").status_code == 200
    if "leeftijd" in asked:
        assert "Dit is geen leeftijd" in samira.page(f"{SEARCH}?{asked}").text


sizes = st.sampled_from([*ProviderSize, None])
offers = st.lists(st.tuples(sizes, st.sampled_from(OfferAccess)), max_size=40)


@given(offers, st.integers(1, 15))
def test_turns_lose_nothing_and_leave_nobody_out(
    made: list[tuple[ProviderSize | None, OfferAccess]], most: int
) -> None:
    found = [
        SimpleNamespace(id=number, access=access, provider=SimpleNamespace(size=size))
        for number, (size, access) in enumerate(made)
    ]
    shown = in_turn(found, found[:5], most)  # type: ignore[arg-type]
    assert len(shown) == min(most, len(found)) == len({one.id for one in shown})
    if len(shown) >= 3:
        for group in (
            [one for one in found if one.access is OfferAccess.FREE],
            [one for one in found if one.access is not OfferAccess.FREE and one.provider.size in SMALL],
            [one for one in found if one.access is not OfferAccess.FREE and one.provider.size not in SMALL],
        ):
            assert not group or group[0] in shown[:3], "the best of each group is among the first three"
