"""Suggestions while somebody types: what may be meant, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer, Provider
from portal.catalogue.operations import touch
from portal.core import clock
from portal.search import vocabulary
from portal.search.suggestions import (
    MOST_SUGGESTIONS,
    SuggestionKind,
    SuggestionList,
    provider_suggestions,
    suggest,
    topic_suggestions,
)
from tests.conftest import TODAY
from tests.inspection import InspectingClient

NAMES = ["De Springplank", "Café Über", "Het Anker", "Ankerplaats", "Zorg-aan-huis", "Zorgboerderij Het Hof"]


@pytest.fixture(scope="module")
def topics(code_lists: CodeLists) -> SuggestionList:
    return topic_suggestions(code_lists, vocabulary.load(code_lists), "nl")


def uncorrected(_word: str) -> None:
    """Nothing is near anything."""


def names(typed: str) -> list[str]:
    found = suggest(typed, SuggestionList(()), provider_suggestions((name, name) for name in NAMES), uncorrected)
    return [suggestion.label for suggestion in found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("spring", ["De Springplank"]),
        ("de s", ["De Springplank"]),
        ("cafe", ["Café Über"]),
        ("UBER", ["Café Über"]),
        ("anker", ["Ankerplaats", "Het Anker"]),
        ("huis", ["Zorg-aan-huis"]),
        ("hof zorg", ["Zorgboerderij Het Hof"]),
        ("lank", []),
        ("a", []),
        ("", []),
        ("%", []),
        ("s" * 100, []),
    ],
)
def test_names_are_found_from_the_start_of_a_word_without_accents(typed: str, found: list[str]) -> None:
    assert names(typed) == found


def test_a_word_that_is_said_again_costs_nothing_again() -> None:
    asked: list[str] = []

    def correct(word: str) -> None:
        asked.append(word)

    listed = provider_suggestions([("Zorgboerderij Het Hof", "h")])
    assert suggest("hof zorg hof zorg hof zorg hof zorg", SuggestionList(()), listed, correct)
    assert not suggest("s " * 30, SuggestionList(()), listed, correct)
    assert asked == ["s"]
    suggest("qa qb qc qd qe qf qg qh", SuggestionList(()), listed, correct)
    assert asked == ["s", "qa", "qb", "qc", "qd", "qe", "qf"]


def test_a_mistyped_word_is_read_as_the_nearest_one() -> None:
    listed = provider_suggestions([("Autismecentrum", "a")])
    assert suggest("autisme", SuggestionList(()), listed, uncorrected)
    assert suggest("autsime", SuggestionList(()), listed, {"autsime": "autisme"}.get)[0].label == "Autismecentrum"


def test_topics_come_with_what_families_say_and_of_one_topic_no_more_than_two(topics: SuggestionList) -> None:
    found = suggest("durft niet naar", topics, SuggestionList(()), uncorrected)
    assert "durft niet naar school" in [suggestion.label for suggestion in found]
    assert len(found) <= MOST_SUGGESTIONS
    codes = [suggestion.topic for suggestion in found]
    assert max(codes.count(code) for code in codes) <= 2


@pytest.mark.parametrize("typed", ["zelfmoord", "ik wil dood", "wil niet meer leven", "misbruik", "verkracht"])
def test_nobody_gets_hard_words_put_into_their_mouth(topics: SuggestionList, typed: str) -> None:
    for length in range(2, len(typed) + 1):
        for suggestion in suggest(typed[:length], topics, SuggestionList(()), uncorrected):
            assert suggestion.is_name or typed.split()[-1] not in suggestion.label


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("snij", "zelfbeschadiging"),
        ("ze kras", "zelfbeschadiging"),
        ("wil doo", "suicidaliteit"),
        ("zelfm", "suicidaliteit"),
        ("mijn man sl", "huiselijk-geweld"),
        ("verkr", "seksueel-misbruik"),
    ],
)
def test_who_begins_something_hard_is_led_calmly(topics: SuggestionList, typed: str, topic: str) -> None:
    found = suggest(typed, topics, SuggestionList(()), uncorrected)
    assert found[0].topic == topic
    assert all(suggestion.is_name for suggestion in found)


@pytest.mark.parametrize("typed", ["wil niet", "opa is dood", "door", "slaat met deuren"])
def test_nobody_is_led_to_something_hard_who_types_something_else(topics: SuggestionList, typed: str) -> None:
    hard = {"zelfbeschadiging", "suicidaliteit", "huiselijk-geweld", "kindermishandeling"}
    assert not hard & {suggestion.topic for suggestion in suggest(typed, topics, SuggestionList(()), uncorrected)}


def test_a_sentence_leads_to_the_names_of_its_topics(searchable: InspectingClient) -> None:
    found = searchable.get("/zoeken/suggesties?q=onze+zoon+zit+de+hele+nacht+te+gamen+en+spijbelt").get_json()
    assert {entry["label"] for entry in found} >= {"Gamen en gokken"}


def test_a_search_and_a_page(searchable: InspectingClient) -> None:
    found = searchable.get("/zoeken/suggesties?q=auti").get_json()
    assert {"kind": "topic", "label": "Autisme", "about": "", "href": "/zoeken?q=Autisme"} in found
    provider = next(entry for entry in found if entry["kind"] == "provider")
    assert provider["about"] == "Aanbieder"
    assert searchable.page(provider["href"]).h1 == provider["label"]
    for entry in found:
        assert searchable.get(entry["href"]).status_code == 200


def test_a_page_in_another_language_stays_in_it(searchable: InspectingClient) -> None:
    found = searchable.get("/zoeken/suggesties?q=autism&lang=en").get_json()
    assert found and all("lang=en" in entry["href"] for entry in found)
    assert {entry["about"] for entry in found if entry["kind"] == "provider"} <= {"Provider"}


def test_a_provider_without_open_offers_is_not_suggested(searchable: InspectingClient) -> None:
    database = searchable.application.extensions["portal.database"]
    entry = next(e for e in searchable.get("/zoeken/suggesties?q=autisme").get_json() if e["kind"] == "provider")
    slug = entry["href"].rsplit("/", 1)[-1]
    with database.transaction() as session:
        provider = session.query(Provider).filter_by(slug=slug).one()
        session.execute(update(Offer).where(Offer.provider_id == provider.id).values(withdrawn_on=TODAY))
        touch(session)
    assert entry not in searchable.get("/zoeken/suggesties?q=autisme").get_json()


def test_a_provider_that_merged_into_another_is_not_suggested(searchable: InspectingClient) -> None:
    database = searchable.application.extensions["portal.database"]
    entry = next(e for e in searchable.get("/zoeken/suggesties?q=autisme").get_json() if e["kind"] == "provider")
    slug = entry["href"].rsplit("/", 1)[-1]
    with database.transaction() as session:
        provider = session.query(Provider).filter_by(slug=slug).one()
        other = session.query(Provider).filter(Provider.slug != slug).first()
        provider.successor_id = other.id
        touch(session)
    assert entry not in searchable.get("/zoeken/suggesties?q=autisme").get_json()


def test_providers_follow_the_day(searchable: InspectingClient) -> None:
    def providers() -> list[str]:
        found = searchable.get("/zoeken/suggesties?q=de").get_json()
        return [entry["label"] for entry in found if entry["kind"] == SuggestionKind.PROVIDER]

    assert providers()
    with searchable.application.extensions["portal.database"].transaction() as session:
        session.execute(update(Offer).values(withdrawn_on=TODAY + timedelta(1)))
    assert providers()
    with clock.frozen(TODAY + timedelta(1)):
        assert providers() == []


def test_what_was_typed_is_kept_by_nobody(searchable: InspectingClient) -> None:
    response = searchable.get("/zoeken/suggesties?q=auti")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/zoeken"])
def test_the_search_box_says_where_its_suggestions_are(searchable: InspectingClient, path: str) -> None:
    page = searchable.page(path)
    [box] = [field for field in page.all("input") if field.get("name") == "q" and field.get("id") == "q"]
    assert box["data-suggestions"] == "/zoeken/suggesties"
    assert "{number}" in box["data-suggestions-count"]
    assert any("question_field.js" in script["src"] for script in page.all("script"))
