"""A page with nothing on it helps on, and promises nothing that is not there."""

from __future__ import annotations

import re
from html import unescape

import pytest

from portal.catalogue.codelists import CodeLists
from portal.search.alternatives import MOST_NEIGHBOURS, MOST_TAKEN_OFF, MOST_TOPICS_TRIED, Filter, alternatives
from portal.search.answers import FEW, Answer
from portal.search.criteria import Criteria
from portal.search.question import Question
from portal.search.understanding import TopicGuess
from tests.inspection import InspectingClient, Page

HEERLEN = "GM0917"
NARROW = [
    "/zoeken?q=durft+niet+naar+school&gemeente=Simpelveld&leeftijd=3&waar=residential",
    "/zoeken?onderwerp=loverboys&gemeente=Vaals&leeftijd=8",
    "/zoeken?taal=pl&grootte=solo&gemeente=Vaals",
    "/zoeken?q=mijn+zoon+van+14+in+Vaals+eet+niet&taal=ti",
    "/zoeken?q=mijn+zoon+van+14+in+Vaals+eet+niet&taal=ti&lang=en",
    "/zoeken?wachttijd=2&waar=residential&gemeente=Heerlen&leeftijd=1&taal=ti",
]
_LINK = re.compile(r'<li><a href="([^"]+)">([^<]*): (\d+) (?:aanbieders?|providers?)</a>')


def offered(client: InspectingClient, path: str) -> list[tuple[str, str, int]]:
    """Address, words and number of each way on."""
    html = client.get(path).get_data(as_text=True)
    return [(unescape(address), unescape(words), int(count)) for address, words, count in _LINK.findall(html)]


def total(page: Page) -> int:
    found = re.match(r"\d+", page.h1)
    return int(found[0]) if found else 0


@pytest.mark.parametrize("path", NARROW)
def test_every_way_on_finds_just_what_it_promises_and_more_than_this(searchable: InspectingClient, path: str) -> None:
    here = total(searchable.page(path))
    assert here < FEW
    ways = offered(searchable, path)
    assert ways
    for address, words, count in ways:
        assert total(searchable.page(address)) == count > here, words


def test_enough_needs_no_ways_on(searchable: InspectingClient) -> None:
    assert total(searchable.page("/zoeken?q=durft+niet+naar+school")) >= FEW
    assert offered(searchable, "/zoeken?q=durft+niet+naar+school") == []
    assert "U kunt dit proberen" not in searchable.page("/zoeken?q=durft+niet+naar+school").text


def test_words_that_nobody_understands_get_a_kind_answer_and_all_topics(searchable: InspectingClient) -> None:
    page = searchable.page("/zoeken?q=xyzzy+flupke&gemeente=Heerlen")
    assert "Dat ligt aan ons, niet aan u." in page.text
    topics = [link["href"] for link in page.all("a") if link["href"].startswith("/zoeken?gemeente=Heerlen&onderwerp=")]
    assert len(topics) > 50
    assert total(searchable.page(topics[0])) > 0


def test_whoever_finds_nothing_reads_whom_to_call(searchable: InspectingClient) -> None:
    assert "Toegang" in searchable.page("/zoeken?q=xyzzy&gemeente=Heerlen").text


def asked(criteria: Criteria, answer: Answer, filters: list[Filter], lists: CodeLists) -> tuple[int, list[Criteria]]:
    tried: list[Criteria] = []

    def ask(other: Criteria) -> Answer:
        tried.append(other)
        return Answer([], len(tried), {})

    near = [municipality.code for municipality in lists.municipalities_of("JZ31")] or list(lists.municipalities)
    found = alternatives(criteria, answer, filters, near, lists, ask)
    shown = (*found.without, *found.without_any, *found.neighbours, *found.region, *found.topics)
    return len(shown), tried


def test_however_long_an_address_few_alternatives_are_tried(code_lists: CodeLists) -> None:
    languages = tuple(code_lists.languages)
    criteria = Criteria(q="bang", municipality=HEERLEN, languages=languages)
    filters = [Filter("languages", code, code) for code in languages]
    question = Question(topics=tuple(TopicGuess(code, 1.0, ()) for code in list(code_lists.topics)[:40]))
    shown, tried = asked(criteria, Answer([], 0, {}, question), filters, code_lists)
    assert len(tried) <= MOST_TAKEN_OFF + 1 + MOST_NEIGHBOURS + 1 + MOST_TOPICS_TRIED
    assert shown <= 3 + 3 + 1 + 2


def test_nothing_is_tried_where_enough_was_found_or_the_index_is_away(code_lists: CodeLists) -> None:
    criteria = Criteria(q="bang", municipality=HEERLEN)
    assert asked(criteria, Answer([], FEW, {}), [], code_lists) == (0, [])
    assert asked(criteria, Answer([], 0, {}, from_index=False), [], code_lists) == (0, [])


def test_what_a_search_is_about_is_not_taken_off(code_lists: CodeLists) -> None:
    criteria = Criteria(topics=("loverboys",), age=8)
    filters = [Filter("topics", "loverboys", "Loverboys"), Filter("age", None, "8 jaar")]
    _, tried = asked(criteria, Answer([], 0, {}), filters, code_lists)
    assert all(other.topics for other in tried)


def test_wishes_are_dropped_before_facts_about_the_child(code_lists: CodeLists) -> None:
    def ask(other: Criteria) -> Answer:
        return Answer([], 50 if other.age is None else 5, {})

    filters = [Filter("age", None, "8 jaar"), Filter("settings", "home", "thuis")]
    criteria = Criteria(q="bang", age=8, settings=("home",))
    found = alternatives(criteria, Answer([], 0, {}), filters, [], code_lists, ask)
    assert [alternative.label for alternative in found.without] == ["thuis", "8 jaar"]


def test_neighbours_are_the_nearest_of_our_own(code_lists: CodeLists) -> None:
    own = [code_lists.municipality(name) for name in ("Heerlen", "Landgraaf", "Eijsden-Margraten", "Vaals", "Brunssum")]
    codes = [municipality.code for municipality in own if municipality]

    def ask(other: Criteria) -> Answer:
        return Answer([], 1, {})

    found = alternatives(Criteria(municipality=HEERLEN), Answer([], 0, {}), [], codes, code_lists, ask)
    labels = [code_lists.municipalities[alternative.label].name for alternative in found.neighbours]
    assert len(labels) == 3 and set(labels[:2]) == {"Landgraaf", "Brunssum"}
