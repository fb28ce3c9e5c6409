"""Questions about the way to help get their answer, and worries that only sound like them stay worries."""

from __future__ import annotations

import pytest

from portal.catalogue import codelists
from portal.search import vocabulary
from portal.search.question import Question, read_question
from portal.search.understanding import Understander
from portal.search.way_answers import ANSWERS
from portal.search.ways import Way
from tests.inspection import InspectingClient

LISTS = codelists.load()
ASKED = {
    Way.BEGIN: [
        "hoe vraag ik jeugdhulp aan", "aanmelden jeugdhulp", "jeugdhulp aanvragen", "hoe meld ik mijn kind aan",
        "waar meld ik mijn zoon aan", "ik wil mijn kind aanmelden", "waar moet ik beginnen", "waar begin ik",
        "ik weet niet waar ik moet beginnen", "waar kan ik hulp krijgen", "hoe krijg ik hulp", "wie moet ik bellen",
        "bij wie moet ik zijn", "hulp regelen voor mijn kind", "hoe doe ik een aanvraag", "hoe werkt het",
        "how do I get help", "where do I start", "how to apply", "who do I call",
    ],
    Way.ENDING: [
        "de hulp stopt binnenkort wat nu", "hulp stopt omdat contract afloopt", "stoppen met hulp",
        "wil stoppen met de hulp", "mag ik stoppen met de begeleiding", "onze begeleiding loopt af",
        "de begeleiding houdt op", "de zorg wordt beëindigd", "hulp verlengen", "aanbieder heeft geen contract meer",
        "aanbieder gaat failliet", "contract loopt af", "zomaar gestopt met de hulp", "the help is ending",
        "can I stop the help",
    ],
    Way.CHOICE: [
        "mag ik zelf kiezen of bepaalt de gemeente", "moet ik die aanbieder nemen", "mag ik zelf kiezen",
        "mag ik zelf een aanbieder kiezen", "kunnen wij zelf kiezen wie ons helpt", "wie beslist",
        "beslist de gemeente welke hulp we krijgen", "zelf psycholoog kiezen", "vrije keuze", "heb ik iets te kiezen",
        "ben ik verplicht die aanbieder te nemen", "ik krijg maar een keuze", "can I choose my own therapist",
        "who decides", "do I have to take this provider",
    ],
    Way.COMPLAINT: [
        "klachten", "klacht", "ik heb een klacht", "ik heb een klacht over de hulp", "waar kan ik klagen",
        "waar kan ik terecht met een klacht", "hoe dien ik een klacht in", "ontevreden over de hulp",
        "where can I complain", "I want to complain", "I have a complaint", "complaints",
    ],
    Way.COSTS: [
        "is het gratis", "kost dat wat", "kost dit wat", "kosten", "moet je ervoor betalen", "is jeugdhulp gratis",
        "how much does it cost", "what does it cost", "is it free", "do I have to pay", "costs",
    ],
    Way.WAITING: ["how long is the wait", "how long do I have to wait", "how long does it take", "hoe lang duurt het"],
    Way.REFERRAL: ["do I need a referral", "do I need a letter from the GP", "moet ik eerst naar de huisarts"],
    Way.COUNSELLOR: ["vertrouwenspersoon", "waar moet ik zijn voor een vertrouwenspersoon", "confidential counsellor"],
    Way.CONSENT: ["mag ik zelf hulp zoeken", "mag ik zelf naar een psycholoog"],
}  # fmt: skip
WORRIES = [
    "ik heb buikpijn klachten", "ze heeft veel klachten", "klachten van school", "overal klachten over mijn kind",
    "hoe kan ik mijn klachten verminderen", "lichamelijke klachten hulp", "klachten psycholoog",
    "hij klaagt over buikpijn", "my child complains of stomach ache",
    "mijn kind stopt met eten", "stoppen met blowen", "ze stopt met praten", "wil stoppen met school",
    "zorg stopt nooit", "hulp bij stoppen met drinken", "therapie om te stoppen met roken", "bso stopt want te druk",
    "stopt met zijn medicijnen", "my son stopped eating",
    "beginnen met drinken", "waar moet ik beginnen met opruimen", "weet niet hoe hij moet beginnen aan huiswerk",
    "aanmelden voor voetbal", "durft niet om hulp te vragen", "durft niet te bellen", "hoe krijg ik mijn kind naar bed",
    "hulp nodig hoe om te gaan met driftbuien",
    "mag ik zelf kiezen bij wie ik woon", "mijn kind moet kiezen tussen papa en mama", "moeite met kiezen",
    "mijn vriend bepaalt wat ik aan mag", "wie bepaalt thuis de regels", "can I choose between mum and dad",
    "how long does it take to fall asleep",
]  # fmt: skip


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander(vocabulary.load(LISTS))


def read(understander: Understander, text: str) -> Question:
    return read_question(text, understander, LISTS)


@pytest.mark.parametrize(("way", "sentence"), [(way, one) for way, sentences in ASKED.items() for one in sentences])
def test_a_question_about_the_way_is_heard_as_that_and_nothing_else(
    understander: Understander, way: Way, sentence: str
) -> None:
    question = read(understander, sentence)
    assert question.ways == (way,)
    assert question.topics == ()


@pytest.mark.parametrize("sentence", WORRIES)
def test_a_worry_that_only_sounds_like_it_asks_about_no_way(understander: Understander, sentence: str) -> None:
    assert read(understander, sentence).ways == ()


@pytest.mark.parametrize(
    ("sentence", "way", "topic"),
    [
        ("mijn zoon heeft autisme waar moet ik beginnen", Way.BEGIN, "autisme"),
        ("hoe vraag ik hulp aan voor mijn dochter met een eetstoornis", Way.BEGIN, "eetproblemen"),
        ("de hulp stopt en hij durft niet naar school", Way.ENDING, "schoolweigering"),
    ],
)
def test_the_worry_beside_the_question_stays(understander: Understander, sentence: str, way: Way, topic: str) -> None:
    question = read(understander, sentence)
    assert question.ways == (way,)
    assert topic in [guess.topic for guess in question.topics]


def test_each_way_has_its_answer() -> None:
    assert set(ANSWERS) == set(Way)


@pytest.mark.parametrize(
    ("path", "title", "leads_to"),
    [
        ("/zoeken?q=hoe+meld+ik+mijn+kind+aan", "Zo begint u", "/hulp-krijgen#uw-gemeente"),
        ("/zoeken?q=de+hulp+stopt+binnenkort", "Stopt de hulp, of wilt u stoppen?", "/hulp-krijgen#uw-gemeente"),
        ("/zoeken?q=mag+ik+zelf+kiezen", "Mag u zelf kiezen?", "/hulp-krijgen#stappen"),
        ("/zoeken?q=where+do+i+start", "Zo begint u", "/hulp-krijgen#uw-gemeente"),
        ("/zoeken?q=waar+moet+ik+beginnen&lang=en", "This is how you begin", "/hulp-krijgen"),
    ],
)
def test_the_answer_comes_in_the_language_of_the_page(
    searchable: InspectingClient, path: str, title: str, leads_to: str
) -> None:
    page = searchable.page(path)
    assert title in page.text
    assert any(link["href"].startswith(leads_to) for link in page.all("a"))
