"""Help to choose: seven questions, an order that is told, and every odd set of answers helps on."""

from __future__ import annotations

import re

import pytest

from tests.inspection import InspectingClient, Page

OUTCOME = "/keuzehulp/uitkomst"
SCHOOL = f"{OUTCOME}?q=wil+niet+naar+school&gemeente=Heerlen&leeftijd=13"


def sentences(page: Page) -> list[int]:
    """How many wishes each offer fits, in the order of the page."""
    return [int(found) for found in re.findall(r"Past bij (\d+) van uw \d+ wens", page.text)]


def providers(page: Page) -> list[str]:
    return page.texts["h3"]


def test_there_are_seven_questions_and_each_can_be_skipped(region: InspectingClient) -> None:
    page = region.page("/keuzehulp")
    steps = [attributes["id"] for tag, attributes in page.elements if tag == "section"]
    assert steps == [f"vraag-{number}" for number in range(1, 8)]
    assert page.text.count("U mag elke vraag overslaan.") == 6
    assert not any("required" in attributes for _, attributes in page.elements)


def test_nothing_answered_still_shows_help(region: InspectingClient) -> None:
    response = region.submit(OUTCOME, {"q": "", "leeftijd": "", "gemeente": "", "postcode": ""})
    assert response.status_code == 303
    page = region.page(response.headers["Location"])
    assert "aanbieders kunnen helpen" in page.h1
    assert "U hebt niet gezegd wat voor u telt." in page.text


def test_answers_become_an_address_without_what_was_left_empty(region: InspectingClient) -> None:
    told = {"q": "wil niet naar school", "gemeente": "Heerlen", "leeftijd": "13", "postcode": "", "telt.snel": "1"}
    response = region.submit(OUTCOME, told)
    assert response.headers["Location"] == f"{SCHOOL}&telt.snel=1"


def test_who_fits_most_stands_first_and_says_why(searchable: InspectingClient) -> None:
    page = searchable.page(f"{SCHOOL}&telt.snel=1&telt.thuis=1&telt.vaste-persoon=1&alle=ja")
    counted = sentences(page)
    assert len(counted) > 5
    assert counted == sorted(counted, reverse=True)
    assert counted[0] > counted[-1]
    assert "Past bij: Niet naar school durven of willen" in page.text


def test_the_list_moves_with_what_counts(searchable: InspectingClient) -> None:
    soon = providers(searchable.page(f"{SCHOOL}&telt.snel=2&telt.op-school=1"))
    at_school = providers(searchable.page(f"{SCHOOL}&telt.snel=1&telt.op-school=2"))
    assert soon != at_school
    assert providers(searchable.page(f"{SCHOOL}&telt.snel=2&telt.op-school=1")) == soon


def test_the_reason_stands_with_each_wish(searchable: InspectingClient) -> None:
    text = searchable.page(f"{SCHOOL}&telt.snel=1").text
    assert re.search(r"past:\s*Snel beginnen (Over ongeveer [1-6] we|Binnen een week)", text)
    assert re.search(r"Snel beginnen De hulp begint binnen 6 weken. nee ja heel erg \d+ van de \d+ passen", text)


def test_wishes_that_contradict_each_other_are_named_and_help_on(searchable: InspectingClient) -> None:
    everything = "&".join(f"telt.{code}=2" for code in ("klein", "groep", "thuis", "op-school", "rolstoel", "na-18"))
    page = searchable.page(f"{SCHOOL}&{everything}")
    assert "Niemand past bij alles" in page.text
    assert "Niemand past bij meer dan" in page.text
    assert "Laat een van uw wensen minder tellen" in page.text
    assert providers(page)


def test_what_does_not_go_together_is_said_by_name(small: InspectingClient) -> None:
    page = small.page(f"{OUTCOME}?gemeente=Heerlen&telt.thuis=1&telt.taal=1&taal=pl")
    assert "“Bij ons thuis” en “Iemand die onze taal spreekt” gaan hier bij niemand samen." in page.text


def test_a_wish_that_nobody_fits_is_named(small: InspectingClient) -> None:
    page = small.page(f"{OUTCOME}?gemeente=Heerlen&telt.thuis=1&telt.na-18=1")
    assert "Wij weten van niemand dat dit past: “Ook na 18 jaar”." in page.text


def test_danger_comes_first(searchable: InspectingClient) -> None:
    text = searchable.page(f"{OUTCOME}?q=ze+wil+niet+meer+leven").text
    assert text.index("113") < text.index("Wat telt voor u?")


def test_nothing_found_helps_on(region: InspectingClient) -> None:
    page = region.page(f"{OUTCOME}?gemeente=Groningen&leeftijd=13")
    assert page.h1 == "We vonden niets dat precies past"
    assert any(link["href"] == "/aanbieders" for link in page.all("a"))


@pytest.mark.parametrize(
    ("field", "typed", "told", "step"),
    [
        ("leeftijd", "honderd", "Dit is geen leeftijd.", 5),
        ("postcode", "SW1A 1AA", "postcode", 6),
        ("postcode", "52062", "uit een ander land", 6),
        ("postcode", "0000", "Dit is geen postcode.", 6),
    ],
)
def test_what_cannot_be_read_is_asked_again_and_nothing_is_lost(
    region: InspectingClient, field: str, typed: str, told: str, step: int
) -> None:
    answers = {"q": "boos", "goed": "Ze tekent graag", "telt.klein": "1", field: typed}
    response = region.submit(OUTCOME, answers)
    assert response.status_code == 200
    page = Page(response.get_data(as_text=True))
    assert told in page.text
    shown = [a["id"] for tag, a in page.elements if tag == "section" and "portal-helper__step--first" in a["class"]]
    assert shown == [f"vraag-{step}"]
    assert next(a["value"] for a in page.all("input") if a.get("name") == field) == typed
    assert "Ze tekent graag" in page.texts["textarea"]
    assert "boos" in page.texts["textarea"]
    assert any(a.get("name") == "telt.klein" and "checked" in a for a in page.all("input"))


def test_answers_can_be_changed(region: InspectingClient) -> None:
    page = region.page("/keuzehulp?q=boos&leeftijd=9&gemeente=Heerlen&telt.klein=2")
    assert "boos" in page.texts["textarea"]
    assert next(a["value"] for a in page.all("input") if a.get("name") == "leeftijd") == "9"
    assert any(a.get("name") == "telt.klein" and "checked" in a for a in page.all("input"))


def test_english_is_whole(searchable: InspectingClient) -> None:
    page = searchable.page(f"{SCHOOL}&telt.snel=1&lang=en")
    assert "Fits your wish." in page.text
    assert "wens" not in page.text
