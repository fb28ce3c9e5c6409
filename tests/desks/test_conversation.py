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
from sqlalchemy import select

from portal.accounts.types import Post, Profession, Role
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import AccessPoint, Contract, ContractMunicipality, Offer, Provider, Region
from portal.catalogue.operations import merge_provider, touch
from portal.catalogue.types import AccessPointKind, OfferAccess, ProviderSize
from portal.core.actor import Actor
from portal.desks.conversation.turns import SMALL, in_turn
from tests.accounts.people import Someone
from tests.desks.conftest import NOW, Desk
from tests.inspection import Page

DESK = "/werkplek/verwijzer"
SEARCH, LIST, SHEET = (f"{DESK}/{page}" for page in ("zoeken", "lijst", "gespreksblad"))


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
    assert "Om de beurt: een kleine aanbieder" in page.text and "de eerste drie zijn van verschillende" in page.text
    assert "2 aanbieders passen" in page.text
    assert ticked(samira, f"{SEARCH}?arrangement=begeleiding&gemeente=Kerkrade").keys().isdisjoint({"N0", "N1"})


def test_a_desk_with_one_group_of_pages_has_no_heading_above_it(team: Desk) -> None:
    assert "En verder" not in team.enter("school").page(DESK).texts.get("h3", "")
    assert "En verder" in team.enter("samira").page(DESK).texts["h3"]


def test_what_a_worker_comes_for_is_the_first_that_the_desk_offers(team: Desk) -> None:
    for who in ("samira", "arts", "school"):
        offered = team.enter(who).page(DESK).text.split("Wat u nu kunt doen")[-1]
        assert offered.split("Zoek samen met")[0].strip() == "Zoeken en lijst", who


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
    form = samira.page(samira.client.get(count).headers["Location"])
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


def test_notes_are_wiped_where_the_next_talk_begins(team: Desk) -> None:
    """What static/notes.js looks for: on a search with an empty list, and nowhere within a talk."""
    samira = team.enter("samira")
    pages = {
        path: any("data-next-talk" in names for _, names in samira.page(path).elements)
        for path in (SEARCH, f"{SEARCH}?aanbod=N1", f"{LIST}?aanbod=N1")
    }
    assert pages == {SEARCH: True, f"{SEARCH}?aanbod=N1": False, f"{LIST}?aanbod=N1": False}


def test_who_gets_what(team: Desk) -> None:
    for who, figures, paper, counts in (
        ("samira", True, True, True), ("arts", True, False, False), ("school", False, False, False),
    ):  # fmt: skip
        page = team.enter(who).page(f"{LIST}?aanbod=N0&aanbod=N1")
        hrefs = " ".join(link["href"] for link in page.all("a"))
        assert ("/cijfers/vergelijken" in hrefs, "blad=toegang" in hrefs, "/keuze?" in hrefs) == (
            figures,
            paper,
            counts,
        )
        assert ("weg als u het gesprek telt" in page.text) is counts
        assert ("Gesprekken tellen doet de toegang" in page.text) is not counts
        assert f"{SHEET}?" in hrefs and f"{DESK}/vergelijken?" in hrefs


def main_hrefs(page: Page) -> list[str]:
    """Where the page itself leads, without header, desk bar and footer."""
    around = {"/", "/inloggen", "/uitloggen"}
    return [a["href"] for a in page.all("a") if a.get("href", "").partition("?")[0] not in around]


@pytest.mark.parametrize("who", ["samira", "arts", "school"])
def test_nobody_leaves_the_desk_by_opening_what_was_found(team: Desk, who: str) -> None:
    """Provider, offer and comparison open at the desk, and lead back to the same search and list."""
    someone = team.enter(who)
    case = {"q": ["angst"], "gemeente": ["Heerlen"], "leeftijd": ["14"], "aanbod": ["N0", "N1"]}
    asked = urlencode(case, doseq=True)
    found = someone.page(f"{SEARCH}?{asked}")
    opened = {
        "provider": next(one for one in main_hrefs(found) if re.match(f"{DESK}/aanbieders/[^/]+[?]", one)),
        "offer": next(one for one in main_hrefs(found) if re.match(f"{DESK}/aanbieders/[^/]+/aanbod/", one)),
        "compare": next(
            one for one in main_hrefs(someone.page(f"{LIST}?{asked}")) if one.startswith(f"{DESK}/vergelijken?")
        ),
    }
    for name, href in opened.items():
        page = someone.page(href)
        for start in (LIST, SEARCH):
            back = next(one for one in main_hrefs(page) if one.startswith(f"{start}?"))
            told = parse_qs(urlsplit(back).query)
            assert {key: told[key] for key in case} == case, (name, start)
        public = [one for one in main_hrefs(page) if re.match("/(aanbieders|zoeken|vergelijken|mijn-lijst)", one)]
        assert not [one for one in public if one.startswith("/aanbieders/")], name
        assert not page.all("textarea"), "notes stay on the list, in the browser"
    compared = someone.page(opened["compare"])
    assert "Rust 0" in compared.text and "Rust 1" in compared.text
    without = next(one for one in main_hrefs(compared) if one.startswith(f"{DESK}/vergelijken?"))
    assert parse_qs(urlsplit(without).query)["q"] == ["angst"], "taking one off keeps the search"


def test_an_offer_that_is_gone_or_renamed_is_answered_at_the_desk(team: Desk) -> None:
    samira = team.enter("samira")
    team.change("N1", withdrawn_on=date(2026, 11, 1))
    with team.database.transaction() as session:
        touch(session)
    found = samira.page(f"{LIST}?aanbod=N1")
    href = next(one for one in main_hrefs(found) if "/aanbod/N1" in one)
    gone = samira.page(href, 410)
    assert any(one.startswith(f"{SEARCH}?") for one in main_hrefs(gone))
    assert samira.client.get(f"{DESK}/aanbieders/bestaat-niet").status_code == 404
    assert samira.client.get(f"{DESK}/aanbieders/bestaat-niet/aanbod/N1").status_code == 404


def test_an_offer_that_moved_or_stayed_with_a_merged_provider_is_found_at_the_desk(team: Desk) -> None:
    samira, region = team.enter("samira"), team.world.regions[0]
    old, new = "zuid-limburg-1", "zuid-limburg-2"
    with team.database.transaction() as session:
        merge_provider(session, region, "1", "2", actor=Actor.command("test"), at=NOW)
    gone = samira.page(f"{DESK}/aanbieders/{old}/aanbod/N0?q=angst", 410)
    assert any(one.startswith(f"{DESK}/aanbieders/{new}") for one in main_hrefs(gone)), "to who goes on"
    with team.database.transaction() as session:
        offer = session.scalars(select(Offer).where(Offer.identifier == "N0")).one()
        offer.provider_id = team.world.providers[1]
        touch(session)
    moved = samira.client.get(f"{DESK}/aanbieders/{old}/aanbod/N0?q=angst")
    assert moved.headers["Location"].startswith(f"{DESK}/aanbieders/{new}/aanbod/N0?q=angst")
    assert "Rust 0" in samira.page(moved.headers["Location"]).text
    assert samira.client.get(f"{DESK}/aanbieders/{old}/aanbod/X9").status_code == 404


def test_the_star_at_the_desk_puts_an_offer_on_the_list_of_this_conversation(team: Desk) -> None:
    samira = team.enter("samira")
    page = samira.page(f"{SEARCH}?q=angst&aanbod=N0")
    offer = samira.page(next(one for one in main_hrefs(page) if "/aanbod/N1" in one))
    star = next(a["href"] for a in offer.all("a") if a.get("data-save") == "N1")
    assert star.startswith(f"{LIST}?") and parse_qs(urlsplit(star).query)["aanbod"] == ["N0", "N1"]


def test_phone_and_waiting_time_stand_on_each_result(team: Desk) -> None:
    with team.database.transaction() as session:
        for number in (0, 1):
            session.get_one(Provider, team.world.providers[number]).phone = f"045-555 0{number} 0{number}"
        touch(session)
    team.change("N0", waiting_weeks_intake=2, waiting_weeks_start=5, waiting_reported_on=date(2026, 11, 20))
    page = team.enter("arts").page(f"{SEARCH}?arrangement=begeleiding&gemeente=Heerlen")
    assert {"tel:0455550000", "tel:0455550101"} <= {a["href"] for a in page.all("a")}
    assert "5 weken" in page.text


def test_help_that_is_not_in_all_municipalities_says_so_where_none_is_chosen(team: Desk, code_lists: CodeLists) -> None:
    only = "Niet in alle gemeenten, alleen in Heerlen."
    joost, case = team.enter("arts"), "aanbod=N0&aanbod=N1"
    offer = "/werkplek/verwijzer/aanbieders/{}/aanbod/N1"
    with team.database.transaction() as session:
        slug = session.get_one(Provider, team.world.providers[1]).slug
    pages = [f"{SEARCH}?arrangement=begeleiding&", f"{LIST}?{case}&", f"{DESK}/vergelijken?{case}&", f"{SHEET}?{case}&",
             f"{offer.format(slug)}?"]  # fmt: skip
    for path in pages:
        assert only in joost.page(f"{path}gemeente=alle").text, path
        assert "Niet in alle" not in joost.page(f"{path}gemeente=Heerlen").text, path
    contracts = select(Contract).where(Contract.identifier.in_(("C0", "C1")))
    with team.database.transaction() as session:
        most = [one.code for one in code_lists.municipalities_of("JZ41") if one.name != "Vaals"]
        for contract in session.scalars(contracts):
            contract.municipalities = most
        touch(session)
    assert "Niet in alle gemeenten: niet in Vaals." in joost.page(f"{pages[0]}gemeente=alle").text
    with team.database.transaction() as session:
        for contract in session.scalars(contracts):
            contract.whole_region = True
        touch(session)
    for path in pages:
        assert "Niet in alle" not in joost.page(f"{path}gemeente=alle").text, path


def test_the_soonest_come_first_where_that_is_asked_and_small_and_free_stay_in_view(team: Desk) -> None:
    for number, weeks in ((0, 2), (1, 9)):
        team.change(f"N{number}", waiting_weeks_start=weeks, waiting_reported_on=date(2026, 11, 20))
    with team.database.transaction() as session:
        touch(session)
    samira = team.enter("samira")
    usual, soonest = (
        list(ticked(samira, f"{SEARCH}?q=angst&arrangement=begeleiding{more}")) for more in ("", "&sorteer=wachttijd")
    )
    contracted = [key for key in soonest if key.startswith("N")]
    assert [key for key in usual if key.startswith("N")] == ["N1", "N0"] and contracted == ["N0", "N1"]
    assert set(usual) == set(soonest), "what is free or small is not pushed out by who is soon"
    page = samira.page(f"{SEARCH}?q=angst&sorteer=wachttijd")
    assert "De snelste staat bovenaan" in page.text
    assert "Wie het eerst kan beginnen" in samira.page(f"{SEARCH}?q=angst&sorteer=wachttijd&alle=ja").text


def test_what_the_words_say_and_what_was_not_understood_is_told(team: Desk) -> None:
    page = team.enter("arts").page(f"{SEARCH}?q=jongen+van+13+uit+Kerkrade+durft+niet+naar+school+xqzwv&gemeente=alle")
    assert "Deze woorden kennen we niet: “xqzwv”." in page.text
    said = re.search("We lazen in uw woorden ook: ([^.]*)[.]", page.text)
    assert said and {"13 jaar", "Kerkrade"} <= set(re.split(", | en ", said[1]))
    hidden = {one["name"]: one["value"] for one in page.all("input") if one.get("type") == "hidden"}
    if "leeftijd" in hidden:  # there was something to tick: the list knows the age too
        assert (hidden["leeftijd"], hidden["gemeente"]) == ("13", "Kerkrade")


def test_who_works_in_no_municipality_chooses_one_to_begin_with(team: Desk) -> None:
    gp, samira = team.enter("arts"), team.enter("samira")

    def begins_with(someone: Someone, asked: str = "") -> tuple[str, str]:
        """The municipality that is filled in, and the first one of the list after all of them."""
        options = [one for one in someone.page(SEARCH + asked).all("option") if one.get("value")]
        places = options[[one["value"] for one in options].index("alle") :]
        return next((one["value"] for one in places if "selected" in one), "alle"), places[1]["value"]

    assert begins_with(gp)[0] == "alle"
    page = gp.page(f"{SEARCH}?q=angst&gemeente=Heerlen&aanbod=N1")
    assert "Begin voortaan met Heerlen" in page.text
    action = next(
        one["action"] for one in page.all("form") if one.get("method") == "post" and "gemeente?" in one["action"]
    )
    answer = gp.submit(action, municipality="GM0917")
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (told["q"], told["aanbod"]) == (["angst"], ["N1"]), "back to the search as it was"
    assert begins_with(gp) == ("Heerlen", "Heerlen")
    assert "Begin voortaan met" not in gp.page(f"{SEARCH}?q=angst").text
    assert begins_with(team.enter("school"))[0] == "alle", "of one account, not of the browser or the region"
    assert begins_with(gp, "?gemeente=alle&q=angst")[0] == "alle"
    gp.submit(f"{DESK}/gemeente", municipality="GM9999")
    assert begins_with(gp)[0] == "alle", "what is no municipality here is none"
    assert "Begin voortaan met" not in samira.page(f"{SEARCH}?q=angst&gemeente=Kerkrade").text, "she works in Heerlen"
    assert begins_with(samira)[1] == "Heerlen"


def test_who_does_not_work_there_sees_whom_to_call(team: Desk) -> None:
    with team.database.transaction() as session:
        session.add(
            AccessPoint(
                region_id=team.world.regions[0], municipality="GM0917", kind=AccessPointKind.ACCESS_TEAM,
                name="Jeugdteam Heerlen", phone="045-560 50 40", opening_hours="elke werkdag van 9 tot 17 uur",
            )
        )  # fmt: skip
        touch(session)
    for who in ("arts", "school"):
        page = team.enter(who).page(f"{SEARCH}?q=angst&gemeente=Heerlen")
        assert "Jeugdteam Heerlen" in page.text and "elke werkdag van 9 tot 17 uur" in page.text
        assert "tel:0455605040" in {a["href"] for a in page.all("a")}
        assert "Kies de gemeente van het gezin" in team.enter(who).page(f"{SEARCH}?q=angst&gemeente=alle").text
    assert "Jeugdteam Heerlen" not in team.enter("samira").page(f"{SEARCH}?q=angst").text, "that is she herself"


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
    provider = on(f"{SEARCH}?q=angst&leeftijd=14&aanbod=N1", f"{DESK}/aanbieders/")
    told = said(on(provider, f"{SEARCH}?"))
    assert told.pop("gepast")
    assert told == {"q": ["angst"], "leeftijd": ["14"], "gemeente": ["Heerlen"], "aanbod": ["N1"]}
    former = provider.replace("/verwijzer/", "/verwijzer/cijfers/").partition("?")[0]
    assert (
        samira.client.get(f"{former}?q=angst").headers["Location"].startswith(f"{provider.partition('?')[0]}?q=angst")
    )


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


def made_offers(*told: tuple[int, ProviderSize | None, OfferAccess]) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(id=number, provider_id=provider, access=access, provider=SimpleNamespace(size=size))
        for number, (provider, size, access) in enumerate(told)
    ]


@given(offers, st.integers(1, 15))
def test_turns_lose_nothing_and_leave_nobody_out(
    made: list[tuple[ProviderSize | None, OfferAccess]], most: int
) -> None:
    found = made_offers(*((number, size, access) for number, (size, access) in enumerate(made)))
    shown = in_turn(found, found[:5], most)  # type: ignore[arg-type]
    assert len(shown) == min(most, len(found)) == len({one.id for one in shown})
    if len(shown) >= 3:
        for group in (
            [one for one in found if one.access is OfferAccess.FREE],
            [one for one in found if one.access is not OfferAccess.FREE and one.provider.size in SMALL],
            [one for one in found if one.access is not OfferAccess.FREE and one.provider.size not in SMALL],
        ):
            assert not group or group[0] in shown[:3], "the best of each group is among the first three"


SOLO, LARGE, REFERRAL, FREE = ProviderSize.SOLO, ProviderSize.LARGE, OfferAccess.REFERRAL, OfferAccess.FREE


@pytest.mark.parametrize(
    ("told", "order"),
    [
        # the second of the free ones goes before that of the provider that is seen already
        ([(1, SOLO, REFERRAL), (1, SOLO, FREE), (2, SOLO, FREE), (3, LARGE, REFERRAL)], [0, 2, 3, 1]),
        # a group with one provider keeps it, and the other group yields
        ([(1, SOLO, REFERRAL), (1, SOLO, FREE), (2, SOLO, REFERRAL), (3, LARGE, REFERRAL)], [2, 1, 3, 0]),
        # the third turn is again of the first group
        ([(1, SOLO, REFERRAL), (1, SOLO, REFERRAL), (2, SOLO, REFERRAL), (3, LARGE, FREE)], [0, 3, 2, 1]),
        # there is but one provider
        ([(1, SOLO, REFERRAL), (1, SOLO, REFERRAL), (1, SOLO, FREE)], [0, 2, 1]),
    ],
)
def test_the_first_three_are_of_different_providers_where_that_can_be(
    told: list[tuple[int, ProviderSize, OfferAccess]], order: list[int]
) -> None:
    assert [one.id for one in in_turn(made_offers(*told), (), 12)] == order  # type: ignore[arg-type]
