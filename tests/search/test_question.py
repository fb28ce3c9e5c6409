"""What a parent's sentence is understood to say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalogue import codelists
from portal.search import vocabulary
from portal.search.question import MOST_TOPICS, Danger, Question, read_question
from portal.search.understanding import Understander

LISTS = codelists.load()


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander(vocabulary.load(LISTS))


def read(understander: Understander, text: str) -> Question:
    return read_question(text, understander, LISTS)


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("mijn kind wil niet naar school", "schoolweigering"),
        ("hij durft de klas niet meer in", "schoolweigering"),
        ("ze eet bijna niks meer en vindt zichzelf te dik", "eetproblemen"),
        ("plast nog elke nacht in bed", "zindelijkheid"),
        ("hij zit de hele nacht te gamen", "gamen"),
        ("we gaan uit elkaar en de kinderen hebben het er moeilijk mee", "scheiding"),
        ("mijn zoon is gepest en durft niet meer naar buiten", "pesten"),
        ("ze snijdt zichzelf in haar armen", "zelfbeschadiging"),
        ("mijn kleinzoon kan niet stilzitten en luistert niet", "adhd"),
        ("autisime", "autisme"),
        ("schoolweigering en langdurig verzuim", "schoolweigering"),
    ],
)
def test_a_sentence_leads_to_its_topic(understander: Understander, sentence: str, topic: str) -> None:
    assert topic in [guess.topic for guess in read(understander, sentence).topics]


def test_a_denial_matters(understander: Understander) -> None:
    refusing = {guess.topic for guess in read(understander, "wil niet naar school").topics}
    assert "schoolweigering" in refusing


@pytest.mark.parametrize(
    ("sentence", "age", "place", "gender"),
    [
        ("dochter van 14 in Heerlen eet niet", 14, "GM0917", "girls"),
        ("jongen 9 jaar, erg druk", 9, None, "boys"),
        ("mijn 16-jarige zoon uit Sittard-Geleen blowt", 16, "GM1883", "boys"),
        ("zoon en dochter van 4 slapen slecht", 4, None, None),
        ("zit al 3 maanden thuis", None, None, None),
        ("peuter van 2,5 jaar bijt", 2, None, None),
        ("dochter (13) automutileert", 13, None, "girls"),
        ("zoon 4 plast in bed", 4, None, "boys"),
        ("mijn zoon van tien", 10, None, "boys"),
        ("baby van 3 maanden oud huilt", 0, None, None),
        ("opa is 82 jaar", None, None, None),
        ("we wonen in Valkenburg aan de Geul", None, "GM0994", None),
        ("het leek erop dat stein iets zei", None, None, None),
    ],
)
def test_age_place_and_gender_are_read(
    understander: Understander, sentence: str, age: int | None, place: str | None, gender: str | None
) -> None:
    question = read(understander, sentence)
    assert (question.age, question.municipality, question.gender) == (age, place, gender)


@pytest.mark.parametrize(
    ("sentence", "danger"),
    [
        ("mijn dochter wil niet meer leven", Danger.SUICIDE),
        ("hij zegt dat hij liever dood wil", Danger.SUICIDE),
        ("denkt aan zelfmoord", Danger.SUICIDE),
        ("ik kan niet meer ik maak er een eind aan", Danger.SUICIDE),
        ("I want to kill myself", Danger.SUICIDE),
        ("ze snijdt zichzelf", Danger.SUICIDE),
        ("my husband beats me and the kids", Danger.VIOLENCE),
        ("ik word uitgehuwelijkt deze zomer", Danger.VIOLENCE),
        ("ik ben bang dat ik mijn kind iets aandoe", Danger.VIOLENCE),
        ("mijn man slaat de kinderen", Danger.VIOLENCE),
        ("wordt thuis geslagen", Danger.VIOLENCE),
        ("mijn kind kan niet slapen", None),
        ("wil niet naar school", None),
    ],
)
def test_danger_is_heard(understander: Understander, sentence: str, danger: Danger | None) -> None:
    assert read(understander, sentence).dangers == ((danger,) if danger else ())


@pytest.mark.parametrize(
    "sentence", ["somber meisje gulpen", "opgestookt door zijn moeder, maastricht", "Sittard somber"]
)
def test_the_regions_own_places_are_read_wherever_they_stand(understander: Understander, sentence: str) -> None:
    own = [municipality.code for municipality in LISTS.municipalities_of("JZ41")]
    question = read_question(sentence, understander, LISTS, own)
    assert question.municipality is not None
    assert question.corrections == ()


def test_a_question_that_is_mostly_unknown_is_not_guessed_at(understander: Understander) -> None:
    assert read(understander, "xqzvw blorp frundel wikkers").topics == ()


def test_words_that_mean_nothing_to_us_are_named(understander: Understander) -> None:
    assert read(understander, "xqzvw en autisme").unknown == ("xqzvw",)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=500))
def test_any_text_is_read_without_failing(text: str) -> None:
    question = read_question(text, _shared(), LISTS)
    assert len(question.terms) <= 32
    assert len(question.topics) <= MOST_TOPICS


_kept: list[Understander] = []


def _shared() -> Understander:
    if not _kept:
        _kept.append(Understander(vocabulary.load(LISTS)))
    return _kept[0]
