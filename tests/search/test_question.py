"""What a parent's sentence is understood to say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalogue import codelists
from portal.search import vocabulary
from portal.search.danger import Danger
from portal.search.language import tokens
from portal.search.meaning import MOST_TOPICS, SPEAKS_OF_DANGER
from portal.search.question import Question, read_question
from portal.search.understanding import TopicGuess, Understander

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
        ("mijn vader zit aan mij", "seksueel-misbruik"),
        ("mijn stiefvader zat vannacht aan mij", "seksueel-misbruik"),
        ("mijn vader zit vast", "ouder-in-detentie"),
        ("mijn zoon 17 zit vast in de gevangenis", "criminaliteit"),
        ("mijn zoon zit vast op school", "vastlopen-op-school"),
        ("mijn zoontje viel en ik heb hem geschud", "kindermishandeling"),
        ("iemand op school wil dat ik foto's stuur anders slaat hij mij", "seksueel-misbruik"),
        ("mijn zoon vraagt meisjes om naaktfoto's", "grensoverschrijdend-gedrag"),
        ("mijn ex dreigt ons te vermoorden", "huiselijk-geweld"),
        ("me pa mept me", "kindermishandeling"),
        ("mijn kind slaat mij", "geweld-tegen-ouders"),
        ("ik ben thuis weggegaan en slaap bij een vriend", "weglopen"),
        ("ik wil verdwijnen", "suicidaliteit"),
        ("ik vind jongens leuk en durf het niet te zeggen", "seksualiteit"),
        ("de andere ouder praat slecht over mij tegen ons kind", "scheiding"),
        ("mijn ex zet de kinderen tegen mij op", "scheiding"),
        ("mijn kind praat niet goed, hij 4 jaar", "taalontwikkeling"),
        ("mijn dochter trekt haar haren uit", "dwang"),
        ("kga elke dag kapot op school", "vastlopen-op-school"),
        ("dislexie", "dyslexie"),
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
        ("hea durf neet nao sjoal", "schoolweigering"),
        ("gesjeije en de kinjer höbbe verdreet", "scheiding"),
        ("mie dochter it neet en is zoe maager", "eetproblemen"),
        ("kvoel me depri", "somberheid"),
        ("me pa zit aan de fles", "verslaving-ouder"),
        ("automut. en sombermoet", "zelfbeschadiging"),
        ("MST gevraagd", "gedragsproblemen"),
        ("EMDR wachttijd", "trauma"),
        ("j 9 jr, vd ADHD, graag dx en evt med, wachttijd?", "adhd"),
        ("16 jr v, eetst, BMI 16,2, spoed", "eetproblemen"),
        ("IQ 68 en gedrag", "verstandelijke-beperking"),
        ("zoon met iq van 135", "hoogbegaafdheid"),
        ("bmi van 35", "overgewicht"),
        ("refugee child nightmares arabic", "vluchteling"),
        ("MBT", "persoonlijkheid"),
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
        ("ze snijdt zichzelf", Danger.SELF_HARM),
        ("my husband beats me and the kids", Danger.VIOLENCE),
        ("ik word uitgehuwelijkt deze zomer", Danger.VIOLENCE),
        ("ik ben bang dat ik mijn kind iets aandoe", Danger.VIOLENCE),
        ("mijn man slaat de kinderen", Danger.VIOLENCE),
        ("wordt thuis geslagen", Danger.VIOLENCE),
        ("mijn kind kan niet slapen", None),
        ("wil niet naar school", None),
        ("ik voel me kut en wil niks meer", Danger.SUICIDE),
        ("ik wil niks meer", Danger.SUICIDE),
        ("voelt zich leeg, wil helemaal niets meer.", Danger.SUICIDE),
        ("ik wil niks meer kopen", None),
        ("hij wil niks meer met zijn vader", None),
        ("ik wil niks meer met mijn moeder te maken hebben", None),
        ("hij voelt zich rot en wil niks meer doen", None),
        ("ik kan niet meer", Danger.SUICIDE),
        ("ik kan niet meer slapen", None),
        ("mijn man heeft de baby geschud", Danger.MEDICAL),
        ("de dokter heeft mijn hand geschud", None),
        ("mijn peuter zit aan mij te trekken", None),
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


@pytest.mark.parametrize(
    ("sentence", "topics"),
    [
        ("mijn zoon van 13 wil niet meer naar school en hij gamed hele nacht", {"schoolweigering", "gamen"}),
        ("dochter is bang en slaapt slecht", {"angst", "slaapproblemen"}),
        ("ouders gescheiden en kind slaapt slecht", {"scheiding", "slaapproblemen"}),
        ("mijn kleinzoon kan niet stilzitten en luistert niet", {"gedragsproblemen", "adhd"}),
        ("hij plast in bed, ook wordt hij gepest", {"zindelijkheid", "pesten"}),
        ("mijn zoon is heel boos en zijn zusje eet bijna niets meer", {"boosheid", "eetproblemen"}),
        ("zoon van 12 met adhd en zijn zus van 16 is depressief", {"adhd", "somberheid"}),
    ],
)
def test_each_clause_keeps_its_worry(understander: Understander, sentence: str, topics: set[str]) -> None:
    assert topics <= {guess.topic for guess in read(understander, sentence).topics}


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("ik heb mijn zoon geslagen", "opvoeding"),  # an accusation helps nobody; the page says whom to call
        ("mijn zoon heeft mij geslagen", "geweld-tegen-ouders"),
        ("mijn zoon slaat zijn vader", "geweld-tegen-ouders"),
        ("zijn vader slaat hem", "kindermishandeling"),
        ("mijn man slaat mij", "huiselijk-geweld"),
        ("mijn man slaat onze dochter", "kindermishandeling"),
        ("mijn dochter slaat andere kinderen", "agressie"),
        ("mijn dochter wordt op school geslagen", "pesten"),
        ("mijn dochter wordt thuis geslagen", "kindermishandeling"),
        ("mijn vader drinkt", "verslaving-ouder"),
        ("mijn zoon drinkt", "alcohol-en-drugs"),
        ("mijn zoon zit aan zijn zusje", "grensoverschrijdend-gedrag"),
        ("mijn zoon heeft een meisje aangerand", "grensoverschrijdend-gedrag"),
        ("een man heeft haar aangerand", "seksueel-misbruik"),
        ("mijn vrouw heeft kanker", "zieke-ouder"),
        ("mijn dochter heeft kanker", "chronische-ziekte"),
        ("mijn ex zit in de gevangenis", "ouder-in-detentie"),
        ("mijn zoon zit in de gevangenis", "criminaliteit"),
        ("mijn kleinzoon woont bij mij", "pleegzorg"),
        ("onze dochter zegt dat ze een jongen is", "genderidentiteit"),
        ("ik weet niet of ik een jongen of een meisje ben", "genderidentiteit"),
        ("mijn zoon heeft aan zijn nichtje gezeten", "grensoverschrijdend-gedrag"),
        ("een oom heeft aan haar dochtertje gezeten", "seksueel-misbruik"),
        ("mijn ex laat de kinderen niet komen", "contact-na-scheiding"),
        ("er gaat een naaktfoto van mijn dochter rond", "sociale-media"),
        ("ze trekt haar wimpers uit", "dwang"),
        ("onze zoon is thuis niet meer te houden", "crisis"),
        ("ik heb geen plek om te slapen", "dakloos"),
        ("ik pas op mijn kleinkinderen omdat mijn dochter drinkt", "verslaving-ouder"),
        ("onze zoon wil niet meer naar zijn vader", "contact-na-scheiding"),
        ("mijn dochter heeft naaktfoto's gestuurd", "sociale-media"),
        ("oma hier, mijn dochter drinkt te veel", "verslaving-ouder"),
        ("mijn dochter scheldt ons uit", "gedragsproblemen"),
        ("onze adoptiedochter zoekt haar biologische moeder", "adoptie"),
    ],
)
def test_who_does_what_to_whom_is_told_by_the_order_of_the_words(
    understander: Understander, sentence: str, topic: str
) -> None:
    assert [guess.topic for guess in read(understander, sentence).topics] == [topic]


@pytest.mark.parametrize(
    ("sentence", "topic", "absent"),
    [
        ("op school gaat het goed, maar thuis ontploft ze", "boosheid", "vastlopen-op-school"),
        ("9 jaar en snoept stiekem, gepest wordt ze gelukkig niet", "overgewicht", "pesten"),
        ("hij heeft adhd, maar daar gaat het nu niet om, opa is dood en hij mist hem", "rouw", "adhd"),
        ("de scheiding is ze goed doorgekomen, maar nu wil ze niet meer naar school", "schoolweigering", "scheiding"),
        ("op dyslexie getest, is het niet, hij onthoudt niks van de les", "leerproblemen", "dyslexie"),
    ],
)
def test_what_is_said_to_be_well_is_no_worry(
    understander: Understander, sentence: str, topic: str, absent: str
) -> None:
    question = read(understander, sentence)
    assert question.topics[0].topic == topic
    assert absent not in {guess.topic for guess in (*question.topics, *question.guesses)}


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("op school gaat het niet goed, hij zit alleen in de klas", "vastlopen-op-school"),
        ("mijn zoon doet het goed op school", ""),
        ("hoe komt het weer goed na de scheiding, ze huilt veel", "scheiding"),
        ("het gaat steeds minder goed met eten, ze valt af", "eetproblemen"),
    ],
)
def test_what_is_not_well_stays_a_worry(understander: Understander, sentence: str, topic: str) -> None:
    words = tokens(sentence)
    assert understander.reassurance.parts_of(sentence, words) == frozenset()
    if topic:
        assert topic in {guess.topic for guess in read(understander, sentence).topics}


@pytest.mark.parametrize(
    ("sentence", "topic", "absent"),
    [
        ("mijn kleinzoon van 2 bijt andere kindjes", "driftbuien", "agressie"),
        ("mijn zoon van 12 bijt andere kinderen", "agressie", "driftbuien"),
        ("dochter van 6 jokt en steelt", "liegen-en-stelen", "criminaliteit"),
    ],
)
def test_what_is_meant_depends_on_the_age_of_the_child(
    understander: Understander, sentence: str, topic: str, absent: str
) -> None:
    question = read(understander, sentence)
    assert question.topics[0].topic == topic
    assert absent not in {guess.topic for guess in (*question.topics, *question.guesses)}


@pytest.mark.parametrize(
    ("sentence", "topics"),
    [
        ("meisje 13, eetproblemen, ouders gescheiden", ["eetproblemen", "scheiding"]),
        ("mijn kleinzoon woont bij ons sinds zijn moeder is overleden", ["rouw", "pleegzorg"]),
        ("ik zoek een logeerhuis voor mijn dochter met downsyndroom", ["logeren", "verstandelijke-beperking"]),
        ("onze puber steelt", ["liegen-en-stelen"]),
        ("zoon gameverslaafd", ["gamen"]),
        ("dochter eet bijna niks meer en weegt 41 kilo", ["eetproblemen"]),
        ("sinds mijn ouders zijn overleden aan kanker voel ik me leeg", ["rouw"]),
        ("ons pleegkind van 12 woont bij ons en heeft woedeaanvallen", ["boosheid", "pleegzorg"]),
    ],
)
def test_the_matter_comes_before_what_is_told_along(
    understander: Understander, sentence: str, topics: list[str]
) -> None:
    assert [guess.topic for guess in read(understander, sentence).topics] == topics


@pytest.mark.parametrize(
    ("sentence", "stays"),
    [
        ("ons pleegkind van 6 laat zich niet troosten", True),
        ("mijn kleindochter woont bij mij", True),
        ("onze pleegzoon kan hier niet blijven", False),
        ("we zoeken een gezinshuis voor ons pleegkind", False),
        ("mijn zoon wil niet luisteren", False),
    ],
)
def test_who_lives_with_others_asks_for_no_other_place(understander: Understander, sentence: str, stays: bool) -> None:
    assert read(understander, sentence).lives_elsewhere == stays


@pytest.mark.parametrize(
    "sentence",
    [
        "ik moet weg uit de leefgroep maar heb geen huis",
        "ik heb in pleeggezinnen gezeten en heb nachtmerries over vroeger",
    ],
)
def test_a_place_that_is_left_is_not_looked_for(understander: Understander, sentence: str) -> None:
    question = read(understander, sentence)
    found = {guess.topic for guess in (*question.topics, *question.guesses)}
    assert question.topics and found.isdisjoint({"wonen-op-een-groep", "pleegzorg", "gezinshuis"})


@pytest.mark.parametrize(
    "sentence",
    [
        "ik denk dat de kinderen van de buren geslagen worden",
        "mijn dochter is weer weggelopen",
        "hij heeft gisteren een stoel naar mij gegooid",
        "de zwager van mijn buurvrouw heeft aan haar dochtertje gezeten",
        "ik weet niet of ik er nog wel wil zijn",
        "ik hoor hiernaast elke avond geschreeuw en gebonk",
        "er gaat een naaktfoto van mijn dochter rond",
        "mijn dochter krijgt berichten van een oudere man",
        "het kind van de buren wordt verwaarloosd",
        "ik hoor de ouders vaak schreeuwen tegen hun kind",
        "hij komt vaak zonder eten naar school",
    ],
)
def test_danger_does_not_hang_on_a_word_between(understander: Understander, sentence: str) -> None:
    assert read(understander, sentence).dangers


@pytest.mark.parametrize(
    "sentence",
    [
        "mijn zoon komt 's ochtends zijn bed niet uit",
        "ze is na elk bezoek aan haar moeder dagenlang van slag en plast in bed",
        "de oudste van 10 slaapt slecht en durft niks meer te zeggen tegen zijn vader",
    ],
)
def test_no_danger_is_heard_where_none_is(understander: Understander, sentence: str) -> None:
    question = read(understander, sentence)
    assert not question.dangers and SPEAKS_OF_DANGER.isdisjoint(guess.topic for guess in question.topics)


@pytest.mark.parametrize("sentence", ["mijn dochter heeft tiks met haar ogen", "adoptiedochter kan ons niet loslaten"])
def test_nobody_is_asked_about_violence_beside_what_is_clear(understander: Understander, sentence: str) -> None:
    question = read(understander, sentence)
    assert question.topics and not question.dangers
    assert {guess.topic for guess in (*question.topics, *question.guesses)}.isdisjoint(SPEAKS_OF_DANGER)


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("het ziekenhuis in Maastricht zegt dat hij autisme heeft", False),
        ("mijn zoon heeft autisme, wij wonen in Maastricht", True),
        ("autisme, uit Maastricht", True),
    ],
)
def test_a_place_is_where_the_family_lives(understander: Understander, sentence: str, named: bool) -> None:
    assert bool(read(understander, sentence).municipality) == named


def test_a_dialect_that_a_child_speaks_is_no_wish(understander: Understander) -> None:
    assert read(understander, "ze kletst thuis in het Limburgs maar zegt niets op school").language is None
    assert read(understander, "hulp in het Pools").language == "pl"


@pytest.mark.parametrize(
    "sentence",
    ["ik wil er niet meer zijn", "my friend does not want to be alive anymore", "ik vond een afscheidsbriefje"],
)
def test_danger_that_was_heard_is_looked_for(understander: Understander, sentence: str) -> None:
    assert read(understander, sentence).topics[0].topic == "suicidaliteit"


@pytest.mark.parametrize(
    ("sentence", "absent"),
    [
        ("blowen elke dag 16 jaar", "verslaving-ouder"),
        ("mooie website", "zelfbeeld"),
        ("mijn ex liegt over mij bij jeugdzorg", "liegen-en-stelen"),
        ("springt van de hak op de tak", "suicidaliteit"),
        ("hij snijdt graag hout", "zelfbeschadiging"),
        ("steeds andere hulpverleners", "taal-en-cultuur"),
        ("mijn vader zit aan mij", "ouder-in-detentie"),
        ("mijn dochter wil dood", "rouw"),
        ("I want to kill myself", "rouw"),
        ("14 jr v, anorexia, BMI 15, ggz met spoed", "overgewicht"),
        ("14 jr v, anorexia, BMI 15, ggz met spoed", "gamen"),
        ("IQ 68 en gedrag", "hoogbegaafdheid"),
        ("mijn zoon is heel boos en zijn zusje eet bijna niets meer", "broers-en-zussen"),
        ("zoon van 12 met adhd en zijn zus van 16 is depressief", "ouder-met-psychische-problemen"),
        ("autisme is uitgesloten, wel angstig", "pesten"),
        ("niet naar een instelling, liever thuis hulp", "wonen-op-een-groep"),
    ],
)
def test_a_weak_guess_is_not_told_as_fact(understander: Understander, sentence: str, absent: str) -> None:
    assert absent not in {guess.topic for guess in read(understander, sentence).topics}


def test_what_may_be_meant_is_told_apart_from_what_is_sure(understander: Understander) -> None:
    question = read(understander, "ze heeft veel klachten")
    assert question.topics == ()
    assert question.guesses
    assert question.searched == question.guesses
    sure = read(understander, "mijn zoon is depressief")
    assert sure.searched == sure.topics
    assert not {guess.topic for guess in sure.topics} & {guess.topic for guess in sure.guesses}


def test_a_guess_is_searched_for_where_it_is_nearly_as_likely_as_what_is_sure() -> None:
    near, far = TopicGuess("paniek", 0.5, ()), TopicGuess("dwang", 0.2, ())
    doubtful, clear = TopicGuess("angst", 1.0, (), 0.5), TopicGuess("angst", 1.0, (), 0.8)
    assert Question(topics=(doubtful,), guesses=(near, far)).searched == (doubtful, near)
    assert Question(topics=(clear,), guesses=(near, far)).searched == (clear,)
    assert Question(guesses=(near, far)).searched == (near, far)


@pytest.mark.parametrize(
    ("sentence", "way"),
    [
        ("kost het geld?", "costs"),
        ("wachtlijst te lang wat nu", "waiting"),
        ("pgb", "pgb"),
        ("advocaat", "legal"),
        ("raad voor de kinderbescherming rapport klopt niet", "legal"),
        ("klacht indienen", "complaint"),
        ("do i need a referral from gp", "referral"),
        ("moeten mijn ouders het weten", "consent"),
        ("wie komt er bij ons in huis", "first_visit"),
        ("kan ik hier anoniem chatten", "anonymous_chat"),
        ("steeds andere hulpverleners", "another_helper"),
        ("wie leest mijn dossier", "privacy"),
        ("vertrouwenspersoon", "counsellor"),
    ],
)
def test_a_question_about_the_way_is_no_worry(understander: Understander, sentence: str, way: str) -> None:
    question = read(understander, sentence)
    assert question.ways == (way,)
    assert question.topics == ()


def test_a_worry_beside_the_way_is_still_one(understander: Understander) -> None:
    question = read(understander, "wachtlijst autisme te lang, wat kost het zelf?")
    assert question.ways == ("costs", "waiting")
    assert question.topics[0].topic == "autisme"


@pytest.mark.parametrize(
    ("sentence", "ages"),
    [
        ("my granddaughter of 6 does not sleep", (6,)),
        ("our stepson of twelve hits his sister", (12,)),
        ("een kind of 2 met autisme", ()),
        ("mother of 3 cannot cope", ()),
        ("huis is een puinhoop", ()),
        ("dochter 15 vriend is 22", (15,)),
        ("dochter van 4 en zoon van 9", (4, 9)),
        ("2 kinderen van 5 en 7", (5, 7)),
        ("kinderen (4, 6 en 9)", (4, 6, 9)),
        ("daughter 10 and son 12", (10, 12)),
        ("ten year old boy", (10,)),
        ("mijn zoon wordt 18", (17,)),
        ("bijna 18", (17,)),
        ("wordt in januari 16", (15,)),
        ("zit al 2 jaar thuis", ()),
        ("3 jaar geleden gescheiden", ()),
        ("moeder van 3", ()),
        ("ik ben 19 en heb een dochter van 2", (2,)),
        ("zwanger van mijn vriend ben 16", (16,)),
        ("opa van een meisje van zes", (6,)),
        ("mijn man is 27", ()),
        ("zoon is 3 keer weggelopen", ()),
        ("thuiszitter 13", (13,)),
        ("13 jaar thuiszitter", (13,)),
        ("2 jaar thuiszitter", ()),
        ("13 jaar thuis", ()),
        ("brugklasser twaalf durft niet naar school", (12,)),
        ("negen", (9,)),
        ("dertien", (13,)),
        ("van negen jaar", (9,)),
        ("bijna 5", (4,)),
        ("somber meisje, vijftien, Heerlen", (15,)),
        ("adhd, 9", (9,)),
        ("thuiszitter 13 weken", ()),
        ("negen weken wachten", ()),
        ("bijna 5 weken thuis", ()),
        ("klas 3", (14,)),
        ("groep 7", (10,)),
        ("dyslexie test groep 5", (8,)),
        ("mijn groep 8 kinderen", ()),
        ("een groep van 6", ()),
        ("leerling vmbo 2, thuiszitter", (13,)),
        ("zoon 8 jaar groep 4", (8,)),
        ("groep 6, 7", ()),
        ("havo 3", (14,)),
        ("haalt een vier, vijf op school", ()),
        ("13 weken", ()),
        ("1 op 1", ()),
        ("2 keer per week", ()),
        ("diabetes type 1", ()),
        ("iq 70", ()),
        ("een", ()),
        ("113", ()),
        ("gaat om elf naar bed", ()),
        ("acht slaan op regels", ()),
        ("gezin van vier", ()),
        ("ll 3 havo, somber", (14,)),
        ("mijn man werkt veel en Sem van 9 is nog niet droog", (9,)),
        ("kleuter bijt andere kinderen", (5,)),
        ("foto's van mijn dochter van 14 op snapchat", (14,)),
        ("mijn zoon van 17 van de wiet", (17,)),
        ("dakloos, jongere 19", (19,)),
        ("is 2 van de 3 dagen thuis", ()),
        ("onze pleegzoon van 5 woont nu een jaar bij ons", (5,)),
        ("ik word over drie maanden 18", (17,)),
        ("de kinderen van 5 en 9 praten er nooit over", (5, 9)),
        ("boze buien kleuter", (5,)),
        ("de buurjongen van een jaar of 8", (8,)),
        ("faalangst dochter brugklas", (12,)),
        ("dreumes praat nog niet", (2,)),
        ("peuter van 2,5 slaapt slecht", (2,)),
        ("de wachtlijst bij de ggz is een jaar", ()),
        ("ben 19, net moeder geworden", ()),
        ("ik ben 17 en slaap slecht", (17,)),
        ("onze puber luistert niet", (14,)),
    ],
)
def test_an_age_is_that_of_a_child(understander: Understander, sentence: str, ages: tuple[int, ...]) -> None:
    question = read(understander, sentence)
    assert question.ages == ages
    assert question.age == (ages[0] if len(ages) == 1 else None)


@pytest.mark.parametrize(
    ("sentence", "gender"),
    [
        ("zusje is geboren en hij is jaloers", None),
        ("verkracht door een jongen uit mijn klas", None),
        ("our daughters are bullied", "girls"),
        ("stiefzoon en pleegdochter", None),
        ("mijn schoondochter is overleden en de kinderen praten er niet over", None),
        ("mijn kleinkind praat niet en mijn dochter wil er niets van horen", None),
        ("ik voel me geen meisje", None),
        ("oma hier, mijn dochter drinkt te veel", None),
        ("mijn kleindochter slaapt slecht", "girls"),
    ],
)
def test_only_the_child_itself_tells_for_whom(understander: Understander, sentence: str, gender: str | None) -> None:
    assert read(understander, sentence).gender == gender


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("english speaking therapist", "en"),
        ("arabisch sprekend", "ar"),
        ("poolstalig", "pl"),
        ("Turkse psycholoog gezocht", "tr"),
        ("wij spreken alleen Tigrinya", "ti"),
        ("hulp in het Oekraïens", "uk"),
        ("hulp in gebarentaal", "dse"),
        ("toets engels gaat slecht", None),
        ("ik leer nog nederlands", None),
        ("spreek nederlands en pools", None),
        ("praat nog niet, wij thuis spreken arabisch", None),
        ("thuis spreken wij pools", None),
    ],
)
def test_a_language_is_read_where_help_in_it_is_asked(
    understander: Understander, sentence: str, language: str | None
) -> None:
    assert read(understander, sentence).language == language


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


OURS = ("GM0917", "GM0935", "GM0971", "GM0888")
"""Heerlen, Maastricht, Stein and Beek."""


@pytest.mark.parametrize(
    ("sentence", "municipality"),
    [
        ("hulp voor 8 jarige in Stein", "GM0971"),
        ("Stein faalangst 11 jaar", "GM0971"),
        ("faalangst stein", "GM0971"),
        ("faalangst in Maastricht en Stein", "GM0935"),
        ("hij valt in de beek", None),
        ("zo stil als een muis", None),
    ],
)
def test_a_place_of_ours_stands_at_either_end_too(
    understander: Understander, sentence: str, municipality: str | None
) -> None:
    question = read_question(sentence, understander, LISTS, OURS)
    assert (question.municipality, question.unknown, question.corrections) == (municipality, (), ())


@pytest.mark.parametrize(
    ("sentence", "postcode"),
    [
        ("6211 jongen 11 jaar faalangst", "6211"),
        ("6411, zoon 9 boos", "6411"),
        ("driftbuien 6 jaar 6461", "6461"),
        ("in 2019 is zijn vader overleden", None),
        ("zijn vader overleed in 2019", None),
        ("hij woog 1200 gram bij zijn geboorte", None),
        ("6411", None),
    ],
)
def test_four_digits_at_either_end_are_a_postcode(
    understander: Understander, sentence: str, postcode: str | None
) -> None:
    assert read(understander, sentence).postcode == postcode


@pytest.mark.parametrize(
    ("sentence", "age"),
    [("hulp voor 8 jarige", 8), ("voor mijn 8-jarige zoon", 8), ("al 3 jaar thuis", None), ("voor 2 jaar", None)],
)
def test_jarig_is_always_how_old(understander: Understander, sentence: str, age: int | None) -> None:
    assert read(understander, sentence).age == age


@pytest.mark.parametrize(
    ("sentence", "age"),
    [
        ("onze kleuter bijt en slaat", 5),
        ("mijn drukke peuter slaapt niet", 3),
        ("mijn kleuter van 4 is boos", 4),
        ("twee kleuters en een baby van 2 maanden", 0),
        ("hij wil niet naar de kleuterklas", None),
        ("peuter slaapt slecht", 3),
    ],
)
def test_what_a_child_is_called_tells_its_age(understander: Understander, sentence: str, age: int | None) -> None:
    assert read(understander, sentence).age == age


@pytest.mark.parametrize(
    ("sentence", "matter", "sign"),
    [
        ("mijn kleinzoon is sinds de scheiding zo stil en plast weer in bed", "scheiding", "zindelijkheid"),
        ("mijn man is overleden en de jongste plast weer in bed", "rouw", "zindelijkheid"),
        ("sinds het ongeluk heeft ze nachtmerries en durft ze niet in de auto", "trauma", "slaapproblemen"),
    ],
)
def test_what_a_child_went_through_comes_before_the_signs_of_it(
    understander: Understander, sentence: str, matter: str, sign: str
) -> None:
    told = [guess.topic for guess in read(understander, sentence).topics]
    assert told[0] == matter
    likelihood = {guess.topic: guess.likelihood for guess in read(understander, sentence).topics}
    assert likelihood.get(sign, 0) < 0.5


def test_a_treatment_that_is_named_is_no_worry(understander: Understander) -> None:
    told = read(understander, "tics bij jongen 10, gedragstherapie (exposure / CGT)").topics
    assert [guess.topic for guess in told] == ["tics"]
    assert read(understander, "emdr").topics[0].topic == "trauma", "but where nothing else is told it says what for"


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("mijn dochter van 4 zegt dat papa aan haar zit", "seksueel-misbruik"),
        ("ik ben bang dat mijn ex mijn dochtertje aanraakt", "seksueel-misbruik"),
        ("ik denk dat ik een meisje ben maar mijn ouders snappen er niks van", "genderidentiteit"),
        ("ik schreeuw de hele dag tegen hem", "opvoeding"),
        ("begeleid wonen voor jongen, licht verstandelijk beperkt", "zelfstandig-wonen"),
        ("zoon gamed tot 5 uur en gaat niet meer naar school", "gamen"),
        ("zoon van 22 zit op zijn kamer, geen werk geen vrienden", "thuiszitten"),
        ("mijn dochter bijt en slaat haar broertje", "agressie"),
        ("jongen 9 jr, vermoeden ASS, graag diagnostiek", "autisme"),
        ("durft niet te slapen sinds er bij ons is ingebroken", "trauma"),
    ],
)
def test_the_order_of_the_words_tells_what_it_is_about(understander: Understander, sentence: str, topic: str) -> None:
    assert read(understander, sentence).topics[0].topic == topic


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("ik hoor soms stemmen die zeggen dat ik niks waard ben", "psychose"),
        ("als ik iets gegeten heb ga ik overgeven", "eetproblemen"),
        ("bang voor braken", "angst"),
        ("mijn ex zegt lelijke dingen over mij tegen de kinderen", "scheiding"),
        ("mijn broertje heeft autisme en alles draait om hem", "broers-en-zussen"),
    ],
)
def test_a_stray_word_does_not_take_over(understander: Understander, sentence: str, topic: str) -> None:
    assert read(understander, sentence).topics[0].topic == topic


def test_a_year_at_school_is_no_group_to_live_in(understander: Understander) -> None:
    question = read(understander, "juf zegt dyslexie, groep 5, huilt als hij moet lezen")
    assert "wonen-op-een-groep" not in {guess.topic for guess in (*question.topics, *question.guesses)}
    assert question.age == 8


def test_who_does_it_is_not_the_child(understander: Understander) -> None:
    assert (
        read(understander, "er is een naaktfoto van mij en nu wil een jongen geld, een jongen wil geld").gender is None
    )


def test_nobody_is_told_what_they_did_not_speak_of(understander: Understander) -> None:
    for sentence in (
        "ik ben 19, woon bij mijn moeder maar word er uitgezet",
        "mijn dochter vraagt wanneer papa thuis komt",
    ):
        question = read(understander, sentence)
        told = {guess.topic for guess in (*question.topics, *question.guesses)}
        assert told.isdisjoint({"tienermoeder", "ouder-in-detentie", "adoptie"})
    assert read(understander, "mijn vader zit in de gevangenis").topics[0].topic == "ouder-in-detentie"
    assert read(understander, "zeventien en moeder").topics[0].topic == "tienermoeder", "clearly said, in other words"


def test_what_a_family_speaks_is_no_wish_for_help_in_it(understander: Understander) -> None:
    assert read(understander, "mijn kind praat niet op school. wij spreken arabisch").language is None
    assert read(understander, "ik spreek alleen Arabisch").language == "ar"
    assert read(understander, "hulp in het arabisch").language == "ar"


@pytest.mark.parametrize(
    "sentence",
    [
        "ik ben soms bang dat ik haar door elkaar ga schudden",
        "hij appte dat hij er liever niet meer wil zijn",
        "ik heb suikerziekte en spuit expres niet meer",
        "mijn papa drinkt elke avond en dan wordt hij heel boos op mama",
    ],
)
def test_danger_is_heard_in_other_words(understander: Understander, sentence: str) -> None:
    assert read(understander, sentence).dangers


def test_who_mourns_is_not_asked_about_a_divorce(understander: Understander) -> None:
    question = read(understander, "mijn man is overleden en de jongste vraagt wanneer papa terug komt")
    assert question.topics[0].topic == "rouw"
    assert "scheiding" not in {guess.topic for guess in (*question.topics, *question.guesses)}


def test_where_a_family_comes_from_does_not_outweigh_the_matter(understander: Understander) -> None:
    told = read(understander, "mijn zoon slaat andere kinder op school. ik niet goed Nederlands praten").topics
    assert told[0].topic == "agressie"
    told = read(understander, "mijn dochter praat nog niet goed. Ik ben uit Syrië").topics
    assert told[0].topic == "taalontwikkeling"
