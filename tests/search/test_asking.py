"""What is typed at the page of results: names, another question, a page that is not there, and next to nothing."""

from __future__ import annotations

import re
from itertools import permutations
from urllib.parse import urlencode

import pytest
from flask import Flask

from portal.catalogue.codelists import CodeLists
from portal.catalogue.queries import region_facts
from portal.core.database import current_database
from portal.search.criteria import Criteria
from portal.search.engine import current_engine
from portal.search.question import Question
from portal.search.understanding import TopicGuess
from tests.conftest import TODAY
from tests.inspection import InspectingClient, Page

FORMER = {
    "gelezen": "mijn zoon van 13 is bang in Heerlen", "gemeente": "Heerlen", "leeftijd": "13", "voor": "boys",
}  # fmt: skip
"""What the form sends along that was filled from a former question."""


def results(client: InspectingClient, **parameters: str) -> Page:
    return client.page(f"/zoeken?{urlencode(parameters)}")


def chips(page: Page) -> list[str]:
    """The filters that are on."""
    return re.findall(r"Verwijder filter: (.+?) (?=Verwijder|Alles wissen)", page.text)


def first_card(page: Page) -> str:
    return page.text.partition("Wat we vonden")[2][:60]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("stapvoorstoep", "Stap voor Stoep"),
        ("stap voor stoep", "Stap voor Stoep"),
        ("zuider loper", "Zuiderloper"),
        ("hoefblad", "Zorggroep Hoefblad"),
    ],
)
def test_a_name_finds_its_provider_and_is_no_worry(searchable: InspectingClient, typed: str, name: str) -> None:
    page = results(searchable, q=typed)
    assert name in first_card(page)
    assert "We zochten ook op" not in page.text and "kennen we niet" not in page.text


@pytest.mark.parametrize("typed", ["wilgenroos", "Zorggroep Wilgenroos"])
def test_a_provider_that_cannot_be_chosen_is_found_with_its_page(searchable: InspectingClient, typed: str) -> None:
    page = results(searchable, q=typed)
    assert "Deze aanbieder kunt u hier nu niet kiezen" in page.text
    assert "/aanbieders/zorggroep-wilgenroos" in [link["href"] for link in page.all("a")]
    assert "Deze woorden begrijpen wij nog niet" not in page.text


def test_a_provider_that_is_found_is_not_said_to_be_missing(searchable: InspectingClient) -> None:
    for sort in ("relevantie", "wachttijd", "naam"):
        page = results(searchable, q="stap voor stoep", sorteer=sort, postcode="6411")
        assert "kunt u hier nu niet kiezen" not in page.text


def test_another_question_is_about_another_child(searchable: InspectingClient) -> None:
    page = results(searchable, q="mijn dochter van 8 is boos in Stein", **FORMER)
    assert chips(page) == ["Stein", "8 jaar", "voor een meisje"]


def test_what_was_chosen_stays_with_another_question(searchable: InspectingClient) -> None:
    page = results(searchable, q="boos", **FORMER | {"gemeente": "Kerkrade", "leeftijd": "9"})
    assert chips(page) == ["Kerkrade", "9 jaar"]


def test_what_was_taken_off_stays_off_with_the_same_question(searchable: InspectingClient) -> None:
    page = results(searchable, q=FORMER["gelezen"], gelezen=FORMER["gelezen"], gemeente="", leeftijd="13", voor="boys")
    assert chips(page) == ["13 jaar", "voor een jongen"]


def test_a_page_after_the_last_is_the_last(searchable: InspectingClient) -> None:
    page = results(searchable, q="boos", pagina="99")
    assert page.all("article") and "Volgende" not in page.text and "Vorige" in page.text


@pytest.mark.parametrize("typed", ["?", "hulp", "!!"])
def test_where_nothing_was_understood_nothing_is_said_to_fit(searchable: InspectingClient, typed: str) -> None:
    page = results(searchable, q=typed)
    assert "waaruit u kunt kiezen" in page.h1 and "We weten nog niet waar het over gaat" in page.text
    assert page.h1 == results(searchable).h1  # all, also where some have such a word in their name


@pytest.mark.parametrize("typed", ["?", "wat kost het", "stap voor stoep"])
def test_in_english_too_one_thing_is_said(searchable: InspectingClient, typed: str) -> None:
    assert "We did not understand this" not in results(searchable, q=typed, lang="en").text
    assert "We did not understand this" in results(searchable, q="xyzzy flupke", lang="en").text


@pytest.mark.parametrize(
    "typed", ["wat kost het", "hoe lang duurt het voor we hulp krijgen en wat kost het", "mag ik zelf kiezen"]
)
def test_a_question_of_the_way_is_answered_and_not_looked_for(searchable: InspectingClient, typed: str) -> None:
    page = results(searchable, q=typed)
    assert "waaruit u kunt kiezen" in page.h1 and "Bedoelt u" not in page.text
    assert "We weten nog niet waar het over gaat" not in page.text


def test_a_worry_beside_a_question_of_the_way_is_looked_for(searchable: InspectingClient) -> None:
    assert "passen bij uw vraag" in results(searchable, q="wat kost hulp bij autisme").h1


def test_a_name_beside_a_question_of_the_way_finds_that_provider_alone(searchable: InspectingClient) -> None:
    page = results(searchable, q="wachttijd zuiderloper")
    assert "Zuiderloper" in first_card(page) and page.h1.startswith("1 ")


def test_beside_what_is_clear_one_word_is_no_worry(searchable: InspectingClient) -> None:
    understood = results(searchable, q="dochter wordt gepest en wil nu niet meer naar gym").text
    told = understood.partition("We zochten ook op")[2].partition("Bedoelt u")[0].partition(".")[0]
    assert "Pesten" in told and "zwaar" not in told


def test_help_is_not_warned_of_for_what_is_hardly_meant(searchable_app: Flask, code_lists: CodeLists) -> None:
    with searchable_app.app_context(), current_database().sessions() as session:
        engine, facts = current_engine(), region_facts(session, code_lists)
        situation = facts.situation(code_lists, TODAY, None)

        def warned(meant: str, besides: str, certainty: float) -> set[str]:
            guesses = TopicGuess(meant, 1.0, ()), TopicGuess(besides, 0.9, (), certainty)
            everything = Criteria(q="x", per_page=100)  # what does not suit comes last
            found = engine.answer(session, everything, Question(guesses), situation, facts.revision)
            assert found is not None
            return {topic for hit in found.hits for topic in hit.unsuitable}

        pairs = [(meant, besides) for meant, besides in permutations(code_lists.topics, 2) if besides == "agressie"]
        clear = [pair for pair in pairs if "agressie" in warned(*pair, 0.95)]
        assert clear
        assert all("agressie" not in warned(*pair, 0.5) for pair in clear)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("trauma jongere 21", "18 jaar of ouder?"),
        ("dochter is al 9 kilo kwijt, telt alle calorieën", "Bel vandaag nog uw huisarts"),
        ("mijn zoon hoort stemmen", "Bel vandaag nog uw huisarts"),
    ],
)
def test_what_should_come_before_any_provider_is_said(searchable: InspectingClient, typed: str, advice: str) -> None:
    assert advice in results(searchable, q=typed).text


@pytest.mark.parametrize("typed", ["trauma, 12", "slaapt slecht", "eet niet meer en wil niet meer leven"])
def test_no_advice_where_it_does_not_fit_or_danger_comes_first(searchable: InspectingClient, typed: str) -> None:
    text = results(searchable, q=typed).text
    assert "18 jaar of ouder?" not in text and "Bel vandaag nog uw huisarts" not in text


def test_a_distance_of_ones_own_is_counted_too(searchable: InspectingClient) -> None:
    page = results(searchable, postcode="6411", afstand="100")
    assert f"Binnen 100 km ({page.h1.split()[0]})" in page.text
