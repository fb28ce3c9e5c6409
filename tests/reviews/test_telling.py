"""From a code on paper to an experience: every family gets a kind, exact answer, and nothing typed is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.signing_in.codes import for_people
from portal.core import clock
from portal.core.database import Database
from portal.reviews.models import Draft, Experience, InvitationCode
from portal.reviews.questions import Question
from portal.reviews.types import Rule, Status, Voice
from tests.accounts.people import World
from tests.inspection import Page
from tests.reviews.families import QUESTIONS, Family, all_experiences, make_codes


def test_a_family_tells_and_gets_eight_words(family: Family, codes: Sequence[str], data: Database) -> None:
    page = family.fill_in(codes[0])
    assert "Kijk het nog een keer na" in page.h1
    page = family.send()
    assert len(family.phrase.split()) == 8
    (told,) = all_experiences(data)
    assert (told.story, told.advice) == ("Fijn dat er iemand kwam.", "Vraag wie er komt.")
    assert told.status is Status.RECEIVED and told.voice is Voice.PARENT
    assert told.answers["usefulness"] == "8" and told.answers["respect"] == "always"
    with data.sessions() as session:
        assert session.scalars(select(Draft)).all() == []
        assert session.get_one(InvitationCode, codes[0][:5]).is_spent


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("voice", ["parent", "young_person"])
def test_both_voices_are_asked_in_their_own_words_in_both_languages(
    app: Flask, codes: Sequence[str], language: str, voice: str
) -> None:
    family = Family.at(app)
    for number, question in enumerate(QUESTIONS.questions, start=2):
        family.post(f"/ervaring/vragen?lang={language}", {"code": codes[0]})
        if family.hidden()["vraag"] == "voice":
            family.post(f"/ervaring/vragen?lang={language}", {**family.hidden(), "antwoord": voice})
        assert family.hidden()["vraag"] == question.key
        assert family.page is not None
        wording = question.wording(language, Voice(voice))
        assert wording.title in family.page.h1
        assert f"{number} " in family.page.text
        answer = "Goed." if question.kind == "text" else question.options[0]
        family.post(f"/ervaring/vragen?lang={language}", {**family.hidden(), "antwoord": answer})


def test_nothing_is_required_but_the_code_and_who_tells(family: Family, codes: Sequence[str], data: Database) -> None:
    family.begin(codes[0])
    family.answer("", status=422)
    family.answer("young_person")
    for _ in QUESTIONS.questions:
        family.answer("")
    page = family.send()
    assert "moed" not in page.text and "antwoorden zijn aangekomen" in page.text
    (told,) = all_experiences(data)
    assert told.answers == {} and told.story == "" and told.framework == "unknown"


def test_one_can_stop_and_go_on_on_another_device(app: Flask, codes: Sequence[str]) -> None:
    first, second = Family.at(app), Family.at(app)
    first.begin(codes[0])
    first.answer("parent")
    page = first.answer("voluntary", do="later")
    assert "later verder" in page.h1
    page = second.begin(for_people(codes[0]).lower())
    assert second.hidden()["vraag"] == QUESTIONS.questions[1].key
    page = second.answer("7", do="terug")
    assert second.hidden()["vraag"] == "framework"
    checked = [f for f in page.all("input") if "checked" in f]
    assert [f["value"] for f in checked] == ["voluntary"]


@pytest.mark.parametrize(
    "write",
    [str.lower, lambda code: code.replace("0", "O").replace("1", "I"), lambda code: f"  {' '.join(code)}  ",
     lambda code: for_people(code).replace("-", " – ")],
)  # fmt: skip
def test_a_code_is_read_as_people_type_it(family: Family, codes: Sequence[str], write) -> None:  # type: ignore[no-untyped-def]
    family.begin(write(codes[0]))
    assert family.hidden()["vraag"] == "voice"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Typ de code"), ("ABCD-EFGH", "nog 8 tekens"), ("ABCD-EFGH-JKMN-PQR", "nog 1 teken"),
        ("ABCD-EFGH-JKMN-PQRS-T", "1 teken te veel"), ("UBCD-EFGH-JKMN-PQRS", "“U” komt in onze codes niet voor"),
        ("ABCD-EFGH-JKMN-PQRS", "kennen deze code niet"), ("é" * 16, "“É” komt in onze codes niet voor"),
        ("👩‍👧" * 8, "Typ de code"),
    ],
)  # fmt: skip
def test_a_wrong_code_gets_an_exact_answer(family: Family, typed: str, says: str) -> None:
    page = family.begin(typed, status=422)
    assert says in page.text


def test_a_used_code_says_so_and_gives_back_what_was_typed(
    app: Flask, family: Family, codes: Sequence[str], data: Database
) -> None:
    other = Family.at(app)
    other.begin(codes[0])
    other.answer("parent", naar="story")
    family.begin(codes[0])
    family.change("check")
    family.send()
    page = other.answer("Een heel verhaal dat niet weg mag.", status=409)
    assert "al een verhaal verstuurd" in page.text and "Een heel verhaal dat niet weg mag." in page.text
    assert len(all_experiences(data)) == 1


def test_an_expired_code_says_until_when_it_worked(family: Family, codes: Sequence[str]) -> None:
    with clock.frozen(clock.today() + timedelta(days=366)):
        page = family.begin(codes[0], status=410)
    assert "Deze code werkte tot" in page.text


def test_a_code_of_another_region_is_good_for_its_own_provider_only(
    family: Family, world: World, data: Database
) -> None:
    code = make_codes(data, world.regions[1], world.providers[2])[0]
    page = family.begin(code)
    assert "Elders 1" in page.text


def test_two_devices_lose_nothing(app: Flask, codes: Sequence[str]) -> None:
    one, two = Family.at(app), Family.at(app)
    for device in (one, two):
        device.begin(codes[0])
        device.answer("parent" if device is one else "voluntary", naar="story")
    one.answer("Op mijn telefoon geschreven.")
    page = two.answer("Op de computer geschreven.", status=409)
    assert "Op mijn telefoon geschreven." in page.text and "Op de computer geschreven." in page.text
    two.answer("Allebei samen.")
    assert "Allebei samen." in two.change("check").text


def test_the_same_form_twenty_times_is_one_experience_and_twenty_thanks(
    family: Family, codes: Sequence[str], data: Database
) -> None:
    family.fill_in(codes[0])
    form = family.hidden()
    phrases = set()
    for _ in range(20):
        family.post("/ervaring/versturen", form)
        phrases.add(family.phrase)
    assert len(all_experiences(data)) == 1
    assert len(phrases) == 1 and len(phrases.pop().split()) == 8


@pytest.mark.parametrize(
    "text",
    ["مرحبا بالعالم", "👩‍👩‍👧 was blij 🎉", "een\x00regel\x07 met\u202e tekens\ufffd", "z̷̧̢̛̛̛͇͎̘͚͇̣̑̈́͌̚a",
     "<script>alert(1)</script>",
     "a" * 5_000],
    ids=["arabic", "emoji", "control", "zalgo", "script", "long"],
)  # fmt: skip
def test_any_text_can_be_told(family: Family, codes: Sequence[str], data: Database, text: str) -> None:
    family.fill_in(codes[0], story=text)
    family.send()
    (told,) = all_experiences(data)
    assert told.story and not set(told.story) & set("\x00\x07\u202e\ufffd")
    assert told.story == text or len(told.story) < len(text)


@pytest.mark.parametrize("letter", ["a", "👩"])
def test_a_hundred_thousand_characters_are_given_back(family: Family, codes: Sequence[str], letter: str) -> None:
    family.begin(codes[0])
    family.answer("parent", naar="story")
    text = letter * 100_000
    fields = {**family.hidden(), "antwoord": text}
    response = family.client.post(
        "/ervaring/vragen", data=fields, headers={"Sec-Fetch-Site": "same-origin"}, content_type="multipart/form-data"
    )
    assert response.status_code == 422
    assert "100000 tekens" in response.get_data(as_text=True) and text in response.get_data(as_text=True)


def test_what_could_tell_who_they_are_is_shown_before_sending(family: Family, codes: Sequence[str]) -> None:
    page = family.fill_in(codes[0], story="Bel 06-12345678, vraag naar mevrouw Pieters in de Kerkstraat 12.")
    for what in ("06-12345678 (een telefoonnummer)", "Pieters (een naam)", "Kerkstraat 12 (een adres)"):
        assert what in page.text


def test_what_could_tell_who_they_are_is_said_while_they_type_and_not_kept(
    family: Family, codes: Sequence[str], data: Database
) -> None:
    family.begin(codes[0])
    family.answer("parent", naar="story")
    fields = {**family.hidden(), "antwoord": "Bel 06-12345678, vraag naar mevrouw Pieters."}
    answer = family.client.submit("/ervaring/nalezen", fields)
    assert answer.get_json() == {"found": ["06-12345678 (een telefoonnummer)", "Pieters (een naam)"]}
    assert answer.headers["Cache-Control"] == "no-store"
    assert family.client.submit("/ervaring/nalezen", {**fields, "bewijs": "x"}).status_code == 403
    with data.sessions() as session:
        draft = session.scalars(select(Draft)).one()
        assert "Pieters" not in family.change("check").text and draft.sealed


def test_danger_is_heard_and_the_family_reads_whom_to_call(
    family: Family, codes: Sequence[str], data: Database
) -> None:
    page = family.fill_in(codes[0], story="Mijn zoon wil dood en niemand luistert.")
    assert "0800-0113" in page.text
    page = family.send()
    assert "0800-0113" in page.text
    assert all_experiences(data)[0].danger == "suicide"
    assert "0800-0432" not in called(page)


def called(page: Page) -> str:
    """Whom the notice of danger says to call, in the order of the page."""
    start = page.text.find("Wacht niet op ons")
    return page.text[start : start + 500] if start >= 0 else ""


def test_a_young_person_in_danger_reads_that_the_kindertelefoon_listens(family: Family, codes: Sequence[str]) -> None:
    checked = family.fill_in(
        codes[0], voice="young_person", story="Mijn vader slaat me nog steeds. Ik wil er niet meer zijn."
    )
    for page in (checked, family.send()):
        said = called(page)
        places = [said.find(number) for number in ("0800-0113", "0800-0432", "0800-2000")]
        assert places == sorted(places) and places[0] > 0, said


def test_many_wrong_codes_are_slowed_down_and_a_good_one_is_not(
    app: Flask, family: Family, codes: Sequence[str]
) -> None:
    for _ in range(10):
        family.begin("ABCD-EFGH-JKMN-PQRS", status=422)
    family.begin("ABCD-EFGH-JKMN-PQRS", status=429)
    elsewhere = Family.at(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    for _ in range(30):
        elsewhere.begin(codes[0])


def test_a_flood_from_one_network_stops_no_family_of_another(
    app: Flask, family: Family, codes: Sequence[str], data: Database
) -> None:
    """Dozens of wrong codes with long texts: nothing is kept of them, and an honest family sends at once (I11)."""
    family.client.environ_base["REMOTE_ADDR"] = "198.51.100.9"
    answers = Counter(
        family.client.submit(path, {"code": "ABCD-EFGH-JKMN-PQRS", "antwoord": "koop nu " * 12_500}).status_code
        for path in ("/ervaring/vragen", "/ervaring/versturen")
        for _ in range(40)
    )  # fmt: skip
    assert answers[429] == 70 and set(answers) == {422, 429}
    elsewhere = Family.at(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    elsewhere.fill_in(codes[0])
    elsewhere.send()
    assert elsewhere.phrase and len(all_experiences(data)) == 1
    with data.sessions() as session:
        assert session.scalars(select(Draft)).all() == []


def test_the_proof_of_a_page_is_of_its_own_code_only(family: Family, codes: Sequence[str]) -> None:
    family.begin(codes[0])
    proof = family.hidden()["bewijs"]
    for _ in range(10):
        family.post("/ervaring/vragen", {"code": "ABCD-EFGH-JKMN-PQRS", "bewijs": proof}, 422)
    family.post("/ervaring/vragen", {"code": "ABCD-EFGH-JKMN-PQRS", "bewijs": proof}, 429)


@pytest.mark.parametrize("path", ["/ervaring", "/ervaring/terug", "/huisregels"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pages_around_it_can_be_read(family: Family, path: str, language: str) -> None:
    assert family.client.page(f"{path}?lang={language}").h1


def test_a_form_of_another_site_is_refused(family: Family, codes: Sequence[str], data: Database) -> None:
    family.fill_in(codes[0])
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = family.client.post("/ervaring/versturen", data=family.hidden(), headers=headers)
        assert answer.status_code == 403
    assert all_experiences(data) == []


def test_posts_without_a_code_write_nothing(family: Family, data: Database) -> None:
    for _ in range(30):
        response = family.client.submit("/ervaring/versturen", {"code": "", "antwoord": "koop nu"})
        assert response.status_code in (422, 429)
    assert all_experiences(data) == []
    with data.sessions() as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_young_author_is_spoken_to_as_one(family: Family, codes: Sequence[str], data: Database) -> None:
    """From the last page before sending up to taking it back; "u" is nowhere."""
    formal = re.compile(r"\b(u|uw)\b", re.IGNORECASE)
    page = family.fill_in(codes[0], voice="young_person")
    assert "Die krijg je zo." in page.text and not formal.search(page.text)
    later = family.post("/ervaring/vragen", {"code": codes[0], "vraag": "check", "doe": "later"})
    assert later.h1 == "Je kunt later verder" and not formal.search(later.text)
    assert re.search(r"computer:\s+http", later.text), "an address that can be typed on another device"
    family.begin(codes[0])
    page = family.send()
    assert "moed" in page.text, "a text was written"
    words = family.phrase
    back = next(one["href"] for one in page.all("a") if one.get("href", "").startswith("/ervaring/terug"))
    page = family.client.page(back)
    assert "Je kreeg ze" in page.text and not formal.search(page.text)
    stem = next(field["value"] for field in page.all("input") if field.get("name") == "stem")
    wrong = family.post("/ervaring/terug", {"woorden": " ".join([words.split()[0]] * 8), "stem": stem}, 422)
    assert "kennen deze woorden niet" in wrong.text and not formal.search(wrong.text)
    for status in Status:
        with data.transaction() as session:
            told = session.scalars(select(Experience)).one()
            told.status, told.arrived_on = status, None
        page = family.post("/ervaring/terug", {"woorden": words})
        assert "verhaal" in page.h1 and not formal.search(page.text), status
    for rule in Rule:
        with data.transaction() as session:
            session.scalars(select(Experience)).one().rule = rule
        page = family.post("/ervaring/terug", {"woorden": words})
        assert "Waarom:" in page.text and not formal.search(page.text), rule
    page = family.press("Trek mijn verhaal in")
    assert page.h1 == "Wil je dat je verhaal weg is?" and not formal.search(page.text)
    page = family.press("Ja, haal mijn verhaal weg")
    assert "Je verhaal is weg" in page.text and not formal.search(page.text)
    assert "U kreeg ze" in family.client.page("/ervaring/terug?stem=x").text


def test_withdrawing_leaves_nothing(family: Family, codes: Sequence[str], data: Database) -> None:
    family.fill_in(codes[0])
    family.send()
    words = family.phrase
    page = family.post("/ervaring/terug", {"woorden": words.upper()})
    assert "aangekomen" in page.h1
    page = family.press("Trek mijn verhaal in")
    assert page.h1 == "Wilt u uw verhaal verwijderen?" and "acht woorden" in page.text
    assert len(all_experiences(data)) == 1, "asked once more"
    kept = family.press("Nee, bewaar mijn verhaal")
    assert "aangekomen" in kept.h1
    family.press("Trek mijn verhaal in")
    page = family.press("Ja, verwijder mijn verhaal")
    assert "verhaal is weg" in page.text
    assert all_experiences(data) == []
    family.post("/ervaring/terug/intrekken", {"woorden": words}, 422)


@pytest.mark.parametrize("was", [Status.PUBLISHED, Status.REFUSED])
def test_a_correction_is_read_again(family: Family, codes: Sequence[str], data: Database, was: Status) -> None:
    family.fill_in(codes[0])
    family.send()
    words = family.phrase
    with data.transaction() as session:
        told = session.scalars(select(Experience)).one()
        told.status, told.arrived_on = was, None
    page = family.post("/ervaring/terug/wijzigen", {"woorden": words, "story": "Nieuw.", "advice": ""})
    (told,) = all_experiences(data)
    assert (told.story, told.status) == ("Nieuw.", Status.RECEIVED)
    assert page.h1 == "Uw verhaal is aangekomen" and "Uw wijziging is aangekomen" in page.text
    response = family.response
    assert response is not None and ">Nieuw.</textarea>" in response.get_data(as_text=True)


def test_what_could_tell_who_they_are_is_said_before_a_correction_is_kept(
    family: Family, codes: Sequence[str], data: Database
) -> None:
    family.fill_in(codes[0])
    family.send()
    family.post("/ervaring/terug", {"woorden": family.phrase})
    typed = {"story": "Bel mij op 06-12345678.", "advice": ""}
    page = family.press("Bewaar deze wijziging", **typed)
    assert "06-12345678 (een telefoonnummer)" in page.text and "nog niet bewaard" in page.text
    assert family.response is not None and ">Bel mij op" in family.response.get_data(as_text=True)
    assert all_experiences(data)[0].story == "Fijn dat er iemand kwam."
    more = {**typed, "advice": "Vraag naar mevrouw Pieters."}
    assert "Pieters (een naam)" in family.press("Bewaar deze wijziging", **more).text, "what is new is asked about too"
    assert "is aangekomen" in family.press("Bewaar deze wijziging", **more).text
    assert all_experiences(data)[0].story == typed["story"]


def test_wrong_words_are_slowed_down(family: Family) -> None:
    typed = "aap boom vis tafel stoel lamp fiets trein"
    for _ in range(10):
        family.post("/ervaring/terug", {"woorden": typed}, 422)
    family.post("/ervaring/terug", {"woorden": typed}, 429)


def test_two_devices_that_answer_at_once_lose_nothing(app: Flask, codes: Sequence[str]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    Family.at(app).begin(codes[0])
    first = Family.at(app)
    first.begin(codes[0])
    first.answer("parent")
    keys = [question for question in QUESTIONS.questions if question.kind == "choice"]

    def answer(question: Question) -> None:
        device = Family.at(app)
        device.begin(codes[0])
        fields = {**device.hidden(), "vraag": question.key, "antwoord": question.options[0], "gezien": ""}
        device.post("/ervaring/vragen", fields)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(answer, keys))
    page = first.change("check")
    for question in keys:
        assert question.wording("nl", Voice.PARENT).options[0] in page.text, question.key


@pytest.mark.parametrize("path", ["/ervaring/vragen", "/ervaring/versturen"])
def test_who_comes_back_without_a_form_goes_on_with_the_code(app: Flask, path: str) -> None:
    """The back button of a browser, or a tab that was opened again."""
    answer = app.test_client().get(path, follow_redirects=True)
    assert answer.status_code == 200
    assert "Typ uw code om verder te gaan" in answer.get_data(as_text=True)
