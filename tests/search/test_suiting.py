"""For whom an offer is, what form of help it is, and what that counts for one family."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

import numpy as np
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.catalogue.codelists import load
from portal.catalogue.models import Offer
from portal.core.database import current_database
from portal.search import documents, vocabulary
from portal.search.documents import Document
from portal.search.engine import current_engine
from portal.search.forms import FOR_SOME, Form, Forms, ReadIn
from portal.search.question import Question
from portal.search.suiting import Suiting
from portal.search.understanding import TopicGuess
from tests.inspection import InspectingClient
from tests.search.asking import ask
from tests.search.test_engine import first_offers

LISTS = load()
ROWS = 6
LVB, TESTS, ALSO_TESTS, FOR_PARENTS, AFTER_VIOLENCE, PLAIN = range(ROWS)


@pytest.fixture(scope="module")
def forms() -> Forms:
    return vocabulary.load(LISTS).forms


@pytest.fixture
def read(searchable_app: Flask) -> Iterator[dict[str, Document]]:
    """What is read of each offer of the region, by its name."""
    with searchable_app.app_context(), current_database().sessions() as session:
        reader = current_engine().reader
        yield {text.name: reader.document(text) for text in documents.texts(session, date(2026, 11, 1))}


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("waar kan hij getest worden op adhd", Form.FINDS_OUT),
        ("school denkt aan autisme", Form.FINDS_OUT),
        ("behandeling voor dyslexie", Form.TREATS),
        ("begeleiding na de opname in de kliniek", Form.AFTERCARE),
        ("wij zoeken een crisisplek", Form.ANOTHER_HOME),
        ("ze kan niet meer thuis wonen", Form.ANOTHER_HOME),
        ("dagbehandeling voor een peuter", Form.BY_DAY),
        ("een gastles voor mijn klas", Form.SCHOOL_TEAMS),
        ("mijn ouders begrijpen mij niet", Form.SPEAKS_FOR_ITSELF),
        ("onze zoon is boos", Form.SPEAKS_AS_PARENT),
        ("we zijn gevlucht", "vluchteling"),
    ],
)
def test_a_question_asks_for_a_form(forms: Forms, question: str, asked: str) -> None:
    assert asked in forms.told_in(ReadIn.QUESTION, question.split())


@pytest.mark.parametrize("question", ["mijn zoon is bang", "ruzie thuis over school", "hij wil niet naar zijn vader"])
def test_a_plain_worry_asks_for_no_form_of_help(forms: Forms, question: str) -> None:
    told = set(forms.told_in(ReadIn.QUESTION, question.split())) - {Form.SPEAKS_AS_PARENT, Form.SPEAKS_FOR_ITSELF}
    assert not told


@pytest.mark.parametrize(
    ("offer", "form"),
    [
        ("Psychodiagnostiek (IQ, ADHD, ASS)", Form.FINDS_OUT),
        ("Dyslexieonderzoek", Form.FINDS_OUT),
        ("Nazorg na een crisis", Form.AFTERCARE),
        ("Rouw op school: lesbezoek en advies aan het team", Form.SCHOOL_TEAMS),
        ("Oudercursus ADHD in huis", Form.PARENTS),
        ("Klinische opname adolescenten", Form.ADMISSION),
        ("Individuele steun na de vlucht", Form.UKRAINIAN),  # only its provider's summary says so
        ("Gezinshuis LVB", Form.ANOTHER_HOME),
        ("Gezinshuis LVB", "verstandelijke-beperking"),
        ("Behandeling in gebarentaal", "horen-en-zien"),
    ],
)
def test_an_offer_is_read_for_what_it_is(read: dict[str, Document], offer: str, form: str) -> None:
    assert read[offer].forms[form] == 1


def test_who_tests_and_treats_does_not_only_test(read: dict[str, Document]) -> None:
    both, only = read["Diagnostiek en behandeling ADHD"].forms, read["Psychodiagnostiek (IQ, ADHD, ASS)"].forms
    assert both[Form.FINDS_OUT] < only[Form.FINDS_OUT] == 1
    assert Form.TREATS in both
    assert Form.TREATS not in only


@pytest.fixture
def suiting() -> Suiting:
    nothing = np.empty(0, np.int64), np.empty(0)
    held = dict.fromkeys((*Form, *FOR_SOME), nothing)
    held["verstandelijke-beperking"] = np.array([LVB]), np.ones(1)
    held[Form.FINDS_OUT] = np.array([TESTS, ALSO_TESTS]), np.array([1.0, 0.5])
    held[Form.PARENTS] = np.array([FOR_PARENTS]), np.ones(1)
    clearly_about = {"huiselijk-geweld": np.array([AFTER_VIOLENCE]), "seksueel-misbruik": np.array([LVB])}
    return Suiting(ROWS, held, clearly_about, {"trauma": {"huiselijk-geweld": 0.6}})


def about(*topics: str, forms: tuple[str, ...] = ()) -> Question:
    guesses = tuple(TopicGuess(topic, 1.0, (), 0.9) for topic in topics)
    return Question(topics=guesses, forms=frozenset(forms))


def test_what_is_not_asked_for_counts_less(suiting: Suiting) -> None:
    counts = suiting.counts(about("rouw"))
    assert counts[PLAIN] == counts[FOR_PARENTS] == counts[ALSO_TESTS] == 1
    assert counts[LVB] < counts[AFTER_VIOLENCE] < 1
    assert counts[TESTS] < 1


def test_who_belongs_to_a_group_finds_what_is_made_for_it(suiting: Suiting) -> None:
    assert suiting.counts(about("boosheid", "verstandelijke-beperking"))[LVB] > 1
    assert suiting.counts(about("trauma"))[AFTER_VIOLENCE] == 1, "its neighbour serves it"


def test_a_matter_does_not_make_a_family_one_of_a_group(suiting: Suiting) -> None:
    assert suiting.counts(about("seksueel-misbruik"))[LVB] < suiting.counts(about("rouw"))[PLAIN]


def test_who_asks_for_a_form_finds_it_first(suiting: Suiting) -> None:
    counts = suiting.counts(about("rouw", forms=(Form.FINDS_OUT,)))
    assert counts[TESTS] == counts[ALSO_TESTS] > counts[PLAIN]


def test_a_child_that_asks_is_not_sent_to_a_course_for_parents(suiting: Suiting) -> None:
    itself, parent = (Form.SPEAKS_FOR_ITSELF,), (Form.SPEAKS_FOR_ITSELF, Form.SPEAKS_AS_PARENT)
    assert suiting.counts(about("rouw", forms=itself))[FOR_PARENTS] < 1
    assert suiting.counts(about("rouw", forms=parent))[FOR_PARENTS] == 1


@given(
    topics=st.sets(st.sampled_from(sorted(LISTS.topics)), max_size=4),
    asked=st.sets(st.sampled_from([*Form, *sorted(FOR_SOME)]), max_size=4),
)
def test_one_question_leaves_nothing_behind_for_the_next(topics: set[str], asked: set[str]) -> None:
    held = {form: (np.array([number % ROWS]), np.ones(1)) for number, form in enumerate([*Form, *sorted(FOR_SOME)])}
    suiting = Suiting(ROWS, held, {topic: np.array([0]) for topic in LISTS.topics}, {})
    before = suiting.counts(about("rouw"))
    counts = suiting.counts(about(*topics, forms=tuple(asked)))
    assert (counts > 0).all()
    assert (suiting.counts(about("rouw")) == before).all()


@pytest.mark.parametrize(
    ("question", "first", "not_among"),
    [
        ("EMDR voor meisje 14 na aanranding", "", "LVB"),
        ("sinds het auto ongeluk durft mijn zoontje (6) niet meer in de auto en heeft nachtmerries", "EMDR", "vlucht"),
        ("ernstige dyslexie, waar vind ik behandeling", "ehandeling", "onderzoek"),
        ("vermoeden dyslexie, waar kan ik haar laten testen", "iagnostiek|onderzoek", "behandeling"),
        ("voogd zoekt met spoed crisisplek of pleeggezin voor broertje en zusje 3 en 6", "Crisis", "Nazorg"),
        ("mijn zoon slaat mij", "Als een kind slaat", "delict"),
        ("mijn broer is verongelukt en ik kan er met niemand over praten", "", "lesbezoek"),
    ],
)
def test_the_first_offers_suit_the_family(searchable_app: Flask, question: str, first: str, not_among: str) -> None:
    names = [offer.name for offer in first_offers(searchable_app, question)]
    assert any(wanted in names[0] for wanted in first.split("|"))
    assert not any(not_among in name for name in names)


def test_what_fits_less_exactly_is_said_to(searchable_app: Flask) -> None:
    hits = ask(searchable_app, q="mijn zoon van 10 trekt rare gezichten en maakt keelgeluidjes").hits
    close = [hit.fits_closely for hit in hits]
    assert close[0]
    assert not close[-1]
    assert close == sorted(close, reverse=True), "first what fits closely, then the rest"


def test_nothing_fits_less_exactly_where_that_is_not_what_the_order_is_by(searchable_app: Flask) -> None:
    assert all(hit.fits_closely for hit in ask(searchable_app, q="tics", sort="wachttijd").hits)
    assert all(hit.fits_closely for hit in ask(searchable_app).hits)


def test_where_nothing_fits_that_is_said(searchable_app: Flask) -> None:
    hits = ask(searchable_app, q="niet aangeboren hersenletsel, hulp bij dagstructuur", age=15).hits
    assert hits
    assert not any(hit.fits_closely for hit in hits)


def test_the_page_parts_what_fits_from_what_fits_less_exactly(searchable: InspectingClient) -> None:
    page = searchable.page("/zoeken?q=mijn+zoon+van+10+heeft+tics")
    fits, less = page.text.split("Deze passen minder precies")
    assert "Ticbehandeling aan huis" in fits
    assert "Psychodiagnostiek" in less
    nothing = searchable.page("/zoeken?q=niet+aangeboren+hersenletsel,+dagstructuur").text
    assert "Niets past precies" in nothing
    assert "passen bij uw vraag" not in nothing
    for address in ("/zoeken?q=mijn+zoon+heeft+tics&sorteer=wachttijd", "/zoeken", "/zoeken?q=Driespoor"):
        assert "past precies" not in searchable.page(address).text
        assert "minder precies" not in searchable.page(address).text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("mijn papa en mama maken elke dag ruzie", "Wil je met iemand praten?"),
        ("ik voel niks voor mijn baby", "Gaat het met uzelf niet goed?"),
        ("wij zoeken met spoed een crisisplek", "Gaat het vandaag echt niet meer?"),
    ],
)
def test_what_comes_before_any_provider_is_said(searchable: InspectingClient, question: str, said: str) -> None:
    assert said in searchable.page(f"/zoeken?{urlencode({'q': question})}").text
    assert said not in searchable.page("/zoeken?q=mijn+zoon+heeft+tics").text


def test_where_somebody_is_in_danger_only_that_is_said(searchable: InspectingClient) -> None:
    page = searchable.page("/zoeken?q=mijn+vader+slaat+me")
    assert "Veilig Thuis" in page.text
    assert "Wil je met iemand praten?" not in page.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("ik woon in mijn auto, geen plek om te slapen", "Weet je niet waar je vannacht slaapt?"),
        ("ik ben zwanger en weet niet of ik het wil houden", "Zwanger, en weet je niet wat je wilt?"),
        ("baby huilt de hele nacht, bang ben dat ik haar ga schudden", "Wordt het huilen u te veel?"),
        ("ik blow elke dag en nu hoor ik soms stemmen", "Bel vandaag nog uw huisarts"),
    ],
)
def test_who_cannot_wait_reads_what_to_do_today(searchable: InspectingClient, question: str, said: str) -> None:
    assert said in searchable.page(f"/zoeken?{urlencode({'q': question})}").text


def test_who_takes_nobody_on_does_not_fit_closely(searchable_app: Flask) -> None:
    found = ask(searchable_app, q="angst", per_page=100).hits
    with searchable_app.app_context(), current_database().sessions() as session:
        accepting = {offer.id: offer.accepting_clients for offer in session.scalars(select(Offer))}
    assert not all(accepting[hit.offer_id] for hit in found), "some take nobody on"
    assert all(accepting[hit.offer_id] for hit in found if hit.fits_closely)


def test_help_that_one_of_the_children_is_too_old_for_comes_later(searchable_app: Flask) -> None:
    first = first_offers(searchable_app, "onze meisjes van 4 en 11 zijn bang sinds de inbraak")
    assert all((offer.age_min or 0) <= 4 and (offer.age_max or 99) >= 11 for offer in first[:2])


@pytest.mark.parametrize("question", ["kind van 9 zegt dat hij dood wil", "zoon van 12 hoort stemmen"])
def test_what_is_only_near_the_matter_asks_for_no_place_to_live(searchable_app: Flask, question: str) -> None:
    first = first_offers(searchable_app, question, 5)
    assert not {"gezinshuis", "verblijf"}.intersection(offer.arrangement for offer in first)
