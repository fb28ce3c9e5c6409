"""The road to help: advice that a region edits, with local names in it, for each arrangement and municipality."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalogue import codelists
from portal.catalogue.availability import Situation
from portal.catalogue.codelists import CodeListError, CodeLists
from portal.catalogue.guidance import PLACES_TO_FILL, Advice, Part, filled
from portal.catalogue.models import Consortium, Contract, ContractMunicipality, Offer, Provider, Region
from portal.catalogue.queries import supply_of
from portal.catalogue.types import ContractBasis
from portal.core.database import Database
from tests.conftest import TODAY
from tests.inspection import InspectingClient

HEERLEN, BEEK = "GM0917", "GM0888"
ARRANGEMENTS = codelists.load().arrangements


# --- advice as data ---


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_road_is_told_from_the_question_to_the_end(
    code_lists: CodeLists, arrangement: str, language: str
) -> None:
    parts = [advice.part for advice, words in code_lists.advice_about(arrangement, None, language) if words.explanation]
    for part in (Part.DECIDES, Part.STEP, Part.WAITING, Part.STAYING, Part.COSTS, Part.BESIDE):
        if arrangement in ("crisis", "jeugdzorgplus", "jeugdbescherming", "jeugdreclassering") and part is Part.STAYING:
            continue
        assert part in parts, part
    assert len([part for part in parts if part is Part.STEP]) >= 3
    assert Part.EIGHTEEN in parts or arrangement == "crisis"


def test_dutch_and_english_have_the_same_advice_with_the_same_places(code_lists: CodeLists) -> None:
    dutch, english = code_lists.advice_words["nl"], code_lists.advice_words["en"]
    assert dutch.keys() == english.keys() == {advice.code for advice in code_lists.guidance}
    for code in dutch:
        told = [sorted(re.findall(r"\{(\w+)\}", f"{w.label}{w.explanation}{w.term}".lower())) for w in
                (dutch[code], english[code])]  # fmt: skip
        assert told[0] == told[1], code


def test_sentences_are_short(code_lists: CodeLists) -> None:
    for words in code_lists.advice_words["nl"].values():
        for sentence in re.split(r"(?<=[.?!:]) ", words.explanation):
            assert len(sentence.split()) <= 16, sentence


@pytest.mark.parametrize(
    ("named", "names", "holds"),
    [
        (("*",), {"pleegzorg", "choice"}, True),
        (("choice",), {"pleegzorg", "choice"}, True),
        (("choice", "!pleegzorg"), {"pleegzorg", "choice"}, False),
        (("verblijf",), {"gezinshuis", "verblijf", "choice"}, True),
        (("verblijf", "!gezinshuis"), {"gezinshuis", "verblijf", "choice"}, False),
        (("decided",), {"pleegzorg", "choice"}, False),
        (("*", "!crisis"), {"crisis", "decided"}, False),
        ((), {"pleegzorg", "choice"}, False),
    ],
)
def test_to_whom_advice_is_told(named: tuple[str, ...], names: set[str], holds: bool) -> None:
    assert Advice("x", Part.STEP, named, (), "").holds_for(names, None) is holds


def test_advice_of_a_municipality_is_told_there_only() -> None:
    advice = Advice("x", Part.STEP, ("*",), (HEERLEN,), "")
    assert advice.holds_for({"regie"}, HEERLEN)
    assert not advice.holds_for({"regie"}, BEEK)
    assert not advice.holds_for({"regie"}, None)


@given(st.lists(st.sampled_from(["{toegang}", "{Toegang}", "{norm}", "a", " ", "{Crisis}", "{gemeente}"])).map("".join))
def test_every_place_is_filled_and_a_sentence_begins_with_a_capital(text: str) -> None:
    said = filled(text, {name: f"de {name}" for name in PLACES_TO_FILL})
    assert "{" not in said
    assert said.count("De toegang") == text.count("{Toegang}")


# --- a region's own ---

HEADER = ["code", "part", "arrangements", "municipalities", "source", "sort"]


def write(folder: Path, name: str, *rows: list[str]) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_a_region_changes_adds_and_takes_away_advice(tmp_path: Path) -> None:
    write(tmp_path, "guidance.csv", HEADER, ["ours", "waiting", "pleegzorg", HEERLEN, "", "5"],
          ["waiting-ask", "waiting", "", "", "", "20"])  # fmt: skip
    write(tmp_path, "nl/guidance.csv", ["code", "label", "explanation", "term"],
          ["ours", "Kom naar de pleegzorgtafel", "Elke dinsdag bij {toegang}.", ""],
          ["costs-nothing", "Gratis", "Het kost niets.", ""])  # fmt: skip
    lists = codelists.load(tmp_path)
    there = {advice.code: words for advice, words in lists.advice_about("pleegzorg", HEERLEN, "nl")}
    elsewhere = {advice.code for advice, _ in lists.advice_about("pleegzorg", BEEK, "nl")}
    assert there["ours"].explanation == "Elke dinsdag bij {toegang}." and "ours" not in elsewhere
    assert there["costs-nothing"].label == "Gratis"
    assert "waiting-ask" not in there
    assert (
        next(words for advice, words in lists.advice_about("pleegzorg", HEERLEN, "en") if advice.code == "ours")
        == (there["ours"])
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["x", "slot", "*", "", "", "1"], "part 'slot' is not one of lighter"),
        (["x", "step", "hulp", "", "", "1"], "arrangements 'hulp' is not in the list"),
        (["x", "step", "*;!hulp", "", "", "1"], "arrangements 'hulp' is not in the list"),
        (["x", "step", "*", "Heerlen", "", "1"], "municipalities 'Heerlen' is not in the list"),
        (["x", "step", "*", "", "", ""], "sort '' is not a number"),
    ],
)
def test_advice_that_cannot_be_used_is_named_by_file_and_row(tmp_path: Path, row: list[str], told: str) -> None:
    write(tmp_path, "guidance.csv", HEADER, row)
    with pytest.raises(CodeListError, match=r"guidance.csv, row 2: " + re.escape(told)):
        codelists.load(tmp_path)


def test_a_name_that_nothing_fills_is_refused(tmp_path: Path) -> None:
    header = ["code", "label", "explanation", "term"]
    write(tmp_path, "nl/guidance.csv", header, ["step-tell", "Bel", "Bel {wijkteam}.", ""])
    with pytest.raises(CodeListError, match=r"row 2: \{wijkteam\} is no name"):
        codelists.load(tmp_path)


# --- who gives it ---


@pytest.fixture
def supplied(database: Database) -> Database:
    """A and B give foster care in Heerlen, B everywhere else too; C gave it. A, B and C work together; so do A and C.

    In Heerlen B agreed to be sooner.
    """
    with database.transaction() as session:
        region = Region(name="Zuid-Limburg")
        providers = {name: Provider(region=region, identifier=name, slug=name.lower(), name=name) for name in "ABC"}
        session.add_all(providers.values())
        session.flush()
        ends = {"A": None, "B": None, "C": TODAY - timedelta(1)}
        for name, provider in providers.items():
            session.add(Offer(region_id=region.id, provider_id=provider.id, identifier=name, name=name, description="-",
                              arrangement="pleegzorg", settings=[]))  # fmt: skip
            session.add(Contract(
                region_id=region.id, provider_id=provider.id, identifier=name, arrangement="pleegzorg",
                start_date=date(2020, 1, 1), end_date=ends[name], whole_region=name == "B",
                municipalities=[] if name == "B" else [HEERLEN],
                max_waiting_weeks={"A": 6, "B": 10, "C": 2}[name],
            ))  # fmt: skip
        session.add(Contract(
            region_id=region.id, provider_id=providers["A"].id, identifier="A-subsidy", arrangement="pleegzorg",
            start_date=date(2020, 1, 1), municipalities=[HEERLEN], max_waiting_weeks=1, basis=ContractBasis.SUBSIDY,
        ))  # fmt: skip
        session.add(Contract(
            region_id=region.id, provider_id=providers["B"].id, identifier="B-here", arrangement="pleegzorg",
            start_date=date(2020, 1, 1), municipalities=[HEERLEN], max_waiting_weeks=4,
        ))  # fmt: skip
        session.flush()
        for contract in session.query(Contract):
            for code in contract.municipalities:
                session.add(ContractMunicipality(contract_id=contract.id, municipality=code))
        for number, members in enumerate(("ABC", "AC")):
            session.add(Consortium(region_id=region.id, identifier=str(number), name=f"Samen {number}",
                                   providers=[providers[name] for name in members]))  # fmt: skip
    return database


def test_who_gives_a_kind_of_help_within_what_time_and_with_whom(supplied: Database) -> None:
    with supplied.sessions() as session:
        region = session.query(Region).one().id
        here = Situation(TODAY, None, frozenset({region}), frozenset({region}))
        found = supply_of(session, here, ["pleegzorg"])
        assert (found.providers, found.agreed_weeks) == (2, (4, 10))
        assert [(group.name, [m.name for m in members]) for group, members in found.consortia] == [
            ("Samen 0", ["A", "B"])
        ]
        in_beek = supply_of(session, replace(here, municipality=BEEK), ["pleegzorg"])
        assert (in_beek.providers, in_beek.agreed_weeks, in_beek.consortia) == (1, (10, 10), ())
        nobody = supply_of(session, here, ["logeren"])
        assert (nobody.providers, nobody.agreed_weeks, nobody.consortia) == (0, None, ())


# --- pages ---


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
@pytest.mark.either_database
def test_every_arrangement_has_its_road(region: InspectingClient, arrangement: str) -> None:
    for query in ("", "?gemeente=Heerlen", "?gemeente=Vaals&lang=en", "?gemeente=Nergens"):
        page = region.page(f"/hulp-krijgen/{arrangement}{query}")
        assert "{" not in page.text and "None" not in page.text.replace("None in", "")


def test_a_road_that_does_not_exist_is_not_found(region: InspectingClient) -> None:
    assert "Hulp krijgen" in region.page("/hulp-krijgen/toveren", 404).text


def test_the_local_person_has_a_name_on_the_road(region: InspectingClient) -> None:
    here = region.page("/hulp-krijgen/pleegzorg?gemeente=Heerlen").text
    assert "Bel Toegang Jeugd Heerlen of ga naar uw huisarts." in here
    assert "Bel de toegang van uw gemeente of ga naar uw huisarts." in region.page("/hulp-krijgen/pleegzorg").text
    assert "Toegang Jeugd Heerlen bekijkt met u wat nodig is." in here


def test_the_road_knows_the_law(region: InspectingClient) -> None:
    page = region.page("/hulp-krijgen/begeleiding?gemeente=Heerlen").text
    for fact in (
        "huisarts, de jeugdarts en een medisch specialist", "gecertificeerde instelling", "Hoogstens 8 weken",
        "Jeugdhulp kost u niets", "cliëntondersteuner", "vertrouwenspersoon", "binnen 6 weken bezwaar",
        "Awb 4:13", "Jeugdwet 2.3",
    ):  # fmt: skip
        assert fact in page, fact
    assert "kinderrechter" in region.page("/hulp-krijgen/jeugdzorgplus").text
    assert "Hoogstens 8 weken" not in region.page("/hulp-krijgen/crisis").text


def test_what_is_open_to_everyone_is_no_answer_to_a_crisis(region: InspectingClient) -> None:
    assert "Voor iedereen in Heerlen" in region.page("/hulp-krijgen/begeleiding?gemeente=Heerlen").text
    assert "Voor iedereen in Heerlen" not in region.page("/hulp-krijgen/crisis?gemeente=Heerlen").text


def test_the_number_of_providers_is_that_of_the_search_it_leads_to(searchable: InspectingClient) -> None:
    for query in ("arrangement=begeleiding&gemeente=Heerlen", "arrangement=verblijf"):
        arrangement, _, place = query.removeprefix("arrangement=").partition("&")
        told = searchable.page(f"/hulp-krijgen/{arrangement}?{place}").text
        found = searchable.page(f"/zoeken?{query}").h1
        number = re.findall(r"(\d+) aanbieders?", told.split("Wie geeft deze hulp?")[1])[0]
        assert re.findall(r"\d+", found)[0] == number


def test_offers_and_providers_lead_to_their_road(region: InspectingClient, region_examples: dict[str, str]) -> None:
    def roads(path: str) -> list[str]:
        links = [a.get("href", "") for a in region.page(f"{path}?gemeente=Heerlen").all("a")]
        return [href for href in links if href.startswith("/hulp-krijgen/")]

    crisis = region_examples["CRISIS"]
    assert roads(crisis) == ["/hulp-krijgen/crisis?gemeente=Heerlen"]
    assert "/hulp-krijgen/crisis?gemeente=Heerlen" in roads(crisis.partition("/aanbod/")[0])
    assert roads(region_examples["OFFER"]) == []  # freely accessible: one just begins
