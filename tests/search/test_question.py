"""What a parent's sentence is understood to say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalogue import codelists
from portal.search import vocabulary
from portal.search.danger import Danger
from portal.search.question import MOST_TOPICS, Question, read_question
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
    ("sentence", "absent", "topic"),
    [
        ("geen autisme maar wel heel druk", "autisme", "adhd"),
        ("geen suïcidale gedachten, wel somber", "suicidaliteit", "somberheid"),
        ("hij is niet depressief maar wel erg druk", "somberheid", "adhd"),
        ("steun voor nabestaanden na suïcide", "suicidaliteit", "rouw"),
        ("my daughter is not autistic but she is being bullied", "autisme", "pesten"),
    ],
)
def test_what_is_denied_is_not_the_matter(understander: Understander, sentence: str, absent: str, topic: str) -> None:
    topics = [guess.topic for guess in read(understander, sentence).topics if guess.likelihood > 0.2]
    assert topics[0] == topic
    assert absent not in topics


def test_a_worry_that_is_called_by_its_name_is_always_taken(understander: Understander) -> None:
    topics = {guess.topic for guess in read(understander, "pleegouder zoekt hulp bij hechting").topics}
    assert {"pleegzorg", "hechting"} <= topics


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("heeft geen vrienden", "eenzaamheid"),
        ("kan niet lezen", "dyslexie"),
        ("wil niet naar zijn vader", "contact-na-scheiding"),
    ],
)
def test_a_denial_that_is_the_worry_itself_counts(understander: Understander, sentence: str, topic: str) -> None:
    assert topic in [guess.topic for guess in read(understander, sentence).topics]


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("my son refuses to go to school", "schoolweigering"),
        ("he wets the bed every night", "zindelijkheid"),
        ("our daughter is being bullied", "pesten"),
        ("grief after her grandfather died", "rouw"),
        ("dat jungske van mich wilt neet nao sjoel", "schoolweigering"),
        ("oos meidje sjleep neet", "slaapproblemen"),
        ("automut. en sombermoet", "zelfbeschadiging"),
        ("MST gevraagd", "criminaliteit"),
        ("EMDR wachttijd", "trauma"),
    ],
)
def test_english_dialect_and_shorthand_are_read(understander: Understander, sentence: str, topic: str) -> None:
    question = read(understander, sentence)
    assert topic in [guess.topic for guess in question.topics[:3]]
    assert question.corrections == ()


def test_english_words_are_read_in_english_sentences_only(understander: Understander) -> None:
    # "die" and "was" are words of both languages: a man who does the laundry is no bereavement.
    assert "rouw" not in [guess.topic for guess in read(understander, "die was doet hij elke dag zelf").topics]
    shown = read(understander, "she wets the bed").topics[0].words
    assert "wets the bed" in shown, "the visitor sees the words that she typed"


@pytest.mark.parametrize(
    ("typed", "meant"), [("dogter", "dochter"), ("hooft", "hoofd"), ("hooggbegaaft", "hoogbegaafd"), ("kint", "kind")]
)
def test_a_word_written_as_it_sounds_is_read(understander: Understander, typed: str, meant: str) -> None:
    assert read(understander, f"{typed} autisme").corrections == ((typed, meant),)


def test_a_new_compound_is_read_by_its_parts(understander: Understander) -> None:
    assert read(understander, "zelfmoordpraat").topics[0].topic == "suicidaliteit"


@pytest.mark.parametrize(
    ("sentence", "age", "place", "gender"),
    [
        ("m15 sombermoet", 15, None, None),
        ("11j faalangst", 11, None, None),
        ("our 6 year old girl is afraid", 6, None, "girls"),
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
