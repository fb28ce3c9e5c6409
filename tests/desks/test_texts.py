"""What families read changes only when the region agrees, and nobody's text is lost on the way."""

from __future__ import annotations

import re
from itertools import dropwhile

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.types import Post, Role
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import (
    Location,
    Offer,
    OfferSetting,
    OfferTopic,
    Provider,
    ProviderLanguage,
    TextChange,
)
from portal.catalogue.types import Form, LocationKind, ProviderSize, Setting
from portal.core.mail.models import Mail
from portal.core.trail.models import TrailEntry
from portal.desks.texts.models import TextDraft
from portal.desks.texts.types import DraftStatus
from portal.desks.texts.writing_aid import advice_on, plain_words
from tests.accounts.people import Someone
from tests.desks.conftest import NOW, Desk
from tests.inspection import Page

OFFER, ITSELF, QUEUE = (
    "/werkplek/aanbieder/gegevens/hulp/A1",
    "/werkplek/aanbieder/gegevens/algemeen",
    "/werkplek/regio/wijzigingen",
)
FIELDS = {
    "name": "Samen naar school",
    "description": "Wij gaan mee naar school.",
    "approach": "",
    "not_suitable_for": "",
}
SEND = {"naar": "regio"}


def draft(desk: Desk) -> TextDraft | None:
    with desk.database.sessions() as session:
        return session.scalars(select(TextDraft)).one_or_none()


def public(desk: Desk) -> str:
    text: str = desk.app.test_client().get("/aanbieders/zuid-limburg-1/aanbod/A1").get_data(as_text=True)
    return text


def sent(desk: Desk, **fields: str) -> TextDraft:
    """A draft of Daan that waits for the region."""
    assert desk.enter("daan").submit(OFFER, version="0", **FIELDS, **SEND, **fields).status_code == 302
    found = draft(desk)
    assert found is not None
    return found


def mails(desk: Desk) -> list[tuple[str | None, str | None, str | None]]:
    with desk.database.sessions() as session:
        return [(mail.recipient, mail.subject, mail.body) for mail in session.scalars(select(Mail).order_by(Mail.id))]


def unmarked(answer: TestResponse) -> str:
    """A page without the marks of what differs."""
    return re.sub("</?(?:ins|del)>", "", answer.get_data(as_text=True))


def actions(desk: Desk) -> list[str]:
    with desk.database.sessions() as session:
        return list(session.scalars(select(TrailEntry.action).order_by(TrailEntry.number)))


def test_families_read_the_old_text_until_the_region_approves(desk: Desk) -> None:
    waiting = sent(desk)
    assert "Wij helpen." in public(desk) and "Wij gaan mee" not in public(desk)
    karim = desk.enter("karim")
    assert "Samen naar school" in karim.page(QUEUE).text
    page = karim.page(f"{QUEUE}/{waiting.public_id}").text
    assert "Wij helpen." in page and "Wij gaan mee naar school." in page
    answer = karim.submit(f"{QUEUE}/{waiting.public_id}/goed", version=str(waiting.version))
    assert answer.status_code == 302
    assert "Wij gaan mee naar school." in public(desk)
    assert draft(desk) is None and actions(desk) == ["text.approved"]
    assert desk.offer().desk_texts == ["description"]
    ((to, subject, body),) = mails(desk)
    assert (to, subject) == ("daan@voorbeeld.example", "Uw tekst staat op de site")
    assert "/aanbieders/zuid-limburg-1/aanbod/A1" in (body or "")


def test_what_was_approved_can_be_found_by_its_new_words(desk: Desk) -> None:
    waiting = sent(desk)
    before = _revision(desk)
    desk.enter("karim").submit(f"{QUEUE}/{waiting.public_id}/goed", version=str(waiting.version))
    assert _revision(desk) > before


def _revision(desk: Desk) -> int:
    with desk.database.sessions() as session:
        return max(session.scalars(select(TextChange.revision)), default=0)


def test_the_region_sends_back_with_a_reason_and_the_provider_goes_on_from_there(desk: Desk) -> None:
    waiting, karim = sent(desk), desk.enter("karim")
    silent = karim.submit(f"{QUEUE}/{waiting.public_id}/terug", version="1", reason="  ")
    assert silent.status_code == 422 and "Zeg de aanbieder waarom" in silent.get_data(as_text=True)
    karim.submit(f"{QUEUE}/{waiting.public_id}/terug", version="1", reason="Wat gebeurt er op dag één?")
    assert "Wat gebeurt er op dag één?" in (mails(desk)[0][2] or "")
    assert "Nu wacht er niets" in karim.page(QUEUE).text
    daan = desk.enter("daan")
    page = daan.page(OFFER)
    assert "Wat gebeurt er op dag één?" in page.text and "Wij gaan mee naar school." in page.text
    again = {**FIELDS, "description": "Op dag één komen wij bij u thuis."}
    assert daan.submit(OFFER, version=_version(daan, OFFER), **again, **SEND).status_code == 302
    assert "Samen naar school" in karim.page(QUEUE).text


def test_a_return_without_a_reason_leads_to_its_field_and_its_address_leads_back(desk: Desk) -> None:
    waiting, karim = sent(desk), desk.enter("karim")
    address = f"{QUEUE}/{waiting.public_id}"
    page = Page(karim.submit(f"{address}/terug", version="1", reason=" ").get_data(as_text=True))
    assert "#reason" in {link.get("href") for link in page.all("a")}
    assert not [one for one in page.all("h1") if "autofocus" in one]
    for decision in ("goed", "terug"):
        assert karim.client.get(f"{address}/{decision}").headers["Location"] == address


def test_a_confirmation_says_that_a_draft_is_no_part_of_it(desk: Desk) -> None:
    daan = desk.enter("daan")
    assert "Alles wat gezinnen nu lezen, klopt nog" in daan.page("/werkplek/aanbieder/gegevens").text
    page = daan.page("/werkplek/aanbieder/gegevens?gedaan=klopt")
    assert "Een concept hoort daar niet bij." in page.text


def _version(someone: Someone, path: str) -> str:
    fields = someone.page(path).all("input")
    return next(field["value"] for field in fields if field.get("name") == "version")


def test_a_draft_is_kept_and_only_its_writer_sees_it(desk: Desk) -> None:
    daan = desk.enter("daan")
    assert daan.submit(OFFER, version="0", **FIELDS).status_code == 302
    assert "Wij gaan mee naar school." in daan.page(OFFER).text
    kept = draft(desk)
    assert kept is not None and kept.status is DraftStatus.BEGUN
    karim, stranger = desk.enter("karim"), desk.enter("elders")
    assert "Samen naar school" not in karim.page(QUEUE).text
    assert stranger.client.get(OFFER).status_code == 404
    assert karim.submit(f"{QUEUE}/{kept.public_id}/goed", version="1").status_code == 409
    assert "Wij helpen." in public(desk)
    assert daan.submit("/werkplek/aanbieder/gegevens/weg/A1", version="1").status_code == 302
    assert draft(desk) is None


def test_two_colleagues_never_overwrite_each_other(desk: Desk) -> None:
    daan, ellen = desk.enter("daan"), desk.enter("ellen")
    assert ellen.submit(OFFER, version="0", **{**FIELDS, "description": "Van Ellen."}).status_code == 302
    answer = daan.submit(OFFER, version="0", **{**FIELDS, "description": "Van Daan."})
    assert answer.status_code == 409 and "Van Daan." in answer.get_data(as_text=True)
    kept = draft(desk)
    assert kept is not None and kept.proposed == {"description": "Van Ellen."}


def test_an_outdated_version_cannot_be_approved(desk: Desk) -> None:
    waiting, karim, daan = sent(desk), desk.enter("karim"), desk.enter("daan")
    again = {**FIELDS, "description": "Nog eens veranderd."}
    assert daan.submit(OFFER, version="1", **again, **SEND).status_code == 302
    answer = karim.submit(f"{QUEUE}/{waiting.public_id}/goed", version="1")
    assert answer.status_code == 409 and "Nog eens veranderd." in unmarked(answer)
    assert "Wij helpen." in public(desk)


def test_what_a_package_changed_meanwhile_is_not_undone_unseen(desk: Desk) -> None:
    waiting, karim = sent(desk), desk.enter("karim")
    desk.change(description="Nieuw uit het bestand.")
    answer = karim.submit(f"{QUEUE}/{waiting.public_id}/goed", version="1")
    text = unmarked(answer)
    assert answer.status_code == 409 and "Nieuw uit het bestand." in text and "Goedkeuren zou dat terugdraaien" in text
    assert desk.offer().description == "Nieuw uit het bestand."


def test_a_draft_of_an_offer_that_was_withdrawn_is_told_kindly(desk: Desk) -> None:
    daan = desk.enter("daan")
    assert daan.submit(OFFER, version="0", **FIELDS).status_code == 302
    desk.change(withdrawn_on=NOW.date())
    told = daan.client.get(OFFER)
    text = told.get_data(as_text=True)
    assert told.status_code == 410 and "wordt niet meer aangeboden" in text and "Wij gaan mee naar school." in text
    again = daan.submit(OFFER, version="1", **{**FIELDS, "description": "Nog niet verloren."})
    assert again.status_code == 410 and "Nog niet verloren." in again.get_data(as_text=True)
    assert daan.client.get("/werkplek/aanbieder/gegevens/voorbeeld/A1").status_code == 410
    assert "uw concept" in daan.page("/werkplek/aanbieder/gegevens").text
    assert daan.submit("/werkplek/aanbieder/gegevens/weg/A1", version="1").status_code == 302
    assert draft(desk) is None


def test_a_draft_about_what_stopped_cannot_be_approved_and_the_region_reads_why(desk: Desk) -> None:
    waiting, karim = sent(desk), desk.enter("karim")
    desk.change(withdrawn_on=NOW.date())
    page = karim.page(f"{QUEUE}/{waiting.public_id}")
    assert "wordt niet meer aangeboden" in page.text
    assert not [form for form in page.all("form") if form.get("action", "").endswith("/goed")]
    assert karim.submit(f"{QUEUE}/{waiting.public_id}/goed", version="1").status_code == 409
    assert desk.offer().description == "Wij helpen."
    assert karim.submit(f"{QUEUE}/{waiting.public_id}/terug", version="1", reason="Dit stopte.").status_code == 302
    assert "Dit stopte." in desk.enter("daan").client.get(OFFER).get_data(as_text=True)


# --- facts on which families choose ----------------------------------------------------------------------------

FACTS = {
    "topics": "slecht slapen\nruzie thuis", "age_min": "4", "age_max": "12", "continues_until_age": "",
    "gender": "all", "form": "group", "methods": "",
}  # fmt: skip


def test_facts_wait_for_the_region_and_are_then_found_by_filters(desk: Desk, code_lists: CodeLists) -> None:
    desk.change(topics=["heel boos zijn"], age_min=4, age_max=18, settings=["home"], form=Form.INDIVIDUAL)
    daan = desk.enter("daan")
    same = {**FIELDS, "description": "Wij helpen."}
    answer = daan.submit(OFFER, version="0", **same, **FACTS, settings=["school", "home"], **SEND)
    assert answer.status_code == 302
    waiting = draft(desk)
    assert waiting is not None and {**waiting.proposed, "settings": sorted(waiting.proposed["settings"])} == {
        "topics": ["slecht slapen", "ruzie thuis"], "age_max": 12, "form": "group", "settings": ["home", "school"],
    }  # fmt: skip
    assert desk.offer().age_max == 18
    assert "4 tot en met 12 jaar" in daan.page("/werkplek/aanbieder/gegevens/voorbeeld/A1").text
    karim = desk.enter("karim")
    page = unmarked(karim.client.get(f"{QUEUE}/{waiting.public_id}"))
    for words in ("heel boos zijn", "slecht slapen", "ruzie thuis", "18", "12", "In een groep", "Op school"):
        assert words.lower() in page.lower(), words
    assert karim.submit(f"{QUEUE}/{waiting.public_id}/goed", version="1").status_code == 302
    now = desk.offer()
    assert (now.topics, now.age_max, now.form) == (["slecht slapen", "ruzie thuis"], 12, Form.GROUP)
    assert now.desk_texts == ["age_max", "form", "settings", "topics"]
    with desk.database.sessions() as session:
        assert set(session.scalars(select(OfferSetting.setting).where(OfferSetting.offer_id == now.id))) == {
            Setting.HOME, Setting.SCHOOL,
        }  # fmt: skip
        topics = set(session.scalars(select(OfferTopic.topic).where(OfferTopic.offer_id == now.id)))
    assert topics and all(code_lists.topic(word) in topics for word in now.topics if code_lists.topic(word))
    assert actions(desk) == ["text.approved"]


def test_the_order_of_what_is_ticked_makes_no_draft(desk: Desk) -> None:
    desk.change(settings=["school", "home"], topics=["boosheid", "angst"])
    same = {**FIELDS, "description": "Wij helpen.", "topics": "boosheid\nangst"}
    answer = desk.enter("daan").submit(OFFER, version="0", **same, settings=["home", "school"], **SEND)
    assert "gedaan=gelijk" in answer.headers["Location"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"age_min": "twaalf"}, "Vanaf welke leeftijd: "),
        ({"age_min": "twaalf"}, "getal"),
        ({"age_min": "14", "age_max": "12"}, "14"),
        ({"age_max": "99"}, "27"),
        ({"settings": ["maan"]}, "Kies uit de lijst"),
        ({"location_ids": ["B1-L1"]}, "Kies uit de lijst"),
        ({"form": "rondje"}, "rondje"),
    ],
)
def test_a_fact_is_checked_as_a_data_package_is_and_stays_in_its_field(
    desk: Desk, typed: dict[str, str | list[str]], said: str
) -> None:
    answer = desk.enter("daan").submit(OFFER, version="0", **{**FIELDS, **typed}, **SEND)
    assert answer.status_code == 422 and said in answer.get_data(as_text=True)
    assert draft(desk) is None
    for value in typed.values():
        assert isinstance(value, list) or value in answer.get_data(as_text=True)


def test_a_word_no_list_knows_is_kept_with_advice(desk: Desk) -> None:
    daan = desk.enter("daan")
    daan.submit(OFFER, version="0", **{**FIELDS, "topics": "qwxyz"})
    assert "kent “qwxyz” niet" in daan.page(OFFER).text


def test_words_of_families_for_a_topic_are_led_to_it(desk: Desk) -> None:
    daan = desk.enter("daan")
    daan.submit(OFFER, version="0", **{**FIELDS, "topics": "bang zijn\nwil niet naar school\nqwxyz"})
    shown = daan.page(OFFER).text
    assert "“bang zijn” staat niet op onze lijst. Bedoelt u “Bang zijn (angst)”?" in shown
    assert "“wil niet naar school” staat niet op onze lijst. Bedoelt u" in shown and "kent “qwxyz” niet" in shown


def test_the_region_reads_small_facts_in_one_table_and_which_topics_no_list_knows(desk: Desk) -> None:
    topics = {"topics": "bang zijn\nqwxyz\nboosheid"}
    waiting = sent(desk, **{**FACTS, **topics})  # type: ignore[arg-type]
    page = Page(unmarked(desk.enter("karim").client.get(f"{QUEUE}/{waiting.public_id}")))
    assert [title for title in page.texts["h2"] if title != "Nog niet goed?"] == ["Feiten", "Wat er hier gebeurt"]
    rows = page.texts["th"]
    assert {"Vanaf welke leeftijd?", "Tot en met welke leeftijd?", "Waar gaat het over?"} <= set(rows)
    assert "“bang zijn” staat niet in de onderwerpenlijst. Misschien is “Bang zijn (angst)” bedoeld." in page.text
    assert "“qwxyz” staat niet in de onderwerpenlijst" in page.text and "“boosheid” staat niet" not in page.text


def test_a_draft_without_any_topic_is_not_said_to_hold_an_unknown_one(desk: Desk) -> None:
    desk.change(topics=["boosheid"])
    waiting = sent(desk, **{**FACTS, "topics": ""})  # type: ignore[arg-type]
    assert waiting.proposed["topics"] == []
    assert "onderwerpenlijst" not in desk.enter("karim").page(f"{QUEUE}/{waiting.public_id}").text


def test_topics_are_ticked_in_a_list_beside_own_words_and_stay_what_they_were(desk: Desk) -> None:
    desk.change(topics=["gedragsproblemen", "Bang zijn (angst)", "heel eigen woord"])
    daan = desk.enter("daan")
    page = daan.page(OFFER)
    topics = [box for box in page.all("input") if box.get("name") == "topics"]
    ticked = [box["value"] for box in topics if "checked" in box]
    assert sorted(ticked) == ["angst", "gedragsproblemen"] and len(topics) > 50
    assert "Moeilijk gedrag✓ Niet luisteren, tegen alles in gaan" in page.texts["summary"], "what is ticked is seen"
    assert [text.strip() for text in page.texts["textarea"] if "eigen woord" in text] == ["heel eigen woord"]
    same = {**FIELDS, "description": "Wij helpen."}
    answer = daan.submit(OFFER, version="0", **same, topics=[*ticked, "heel eigen woord"], **SEND)
    assert "gelijk" in answer.headers["Location"]
    daan.submit(OFFER, version="0", **same, topics=[*ticked, "boosheid", "heel eigen woord\r\neen, twee"], **SEND)
    waiting = draft(desk)
    assert waiting is not None and waiting.proposed["topics"] == [
        "gedragsproblemen", "Bang zijn (angst)", "heel eigen woord", "boosheid", "een", "twee",
    ]  # fmt: skip
    again = daan.page(OFFER)
    assert {"boosheid", "angst"} <= {box["value"] for box in again.all("input") if "checked" in box}


def test_facts_of_a_provider_arrive_as_they_were_meant(desk: Desk) -> None:
    daan = desk.enter("daan")
    assert daan.submit(ITSELF, version="0", languages=["nl", "ar"], size="small", **SEND).status_code == 302
    desk.enter("karim").submit(f"{QUEUE}/{first_of(desk)}/goed", version="1")
    with desk.database.sessions() as session:
        provider = session.get_one(Provider, desk.world.providers[0])
        assert (provider.languages, provider.size) == (["nl", "ar"], ProviderSize.SMALL)
        spoken = session.scalars(
            select(ProviderLanguage.language).where(ProviderLanguage.provider_id == provider.id)
        ).all()
        assert set(spoken) == {"nl", "ar"}
    ticked = {one["value"] for one in daan.page(ITSELF).all("input") if "checked" in one}
    assert ticked == {"nl", "ar"}


def test_a_place_that_went_away_meanwhile_cannot_be_approved(desk: Desk) -> None:
    with desk.database.transaction() as session:
        place = Location(region_id=desk.world.regions[0], provider_id=desk.world.providers[0], identifier="A-L1",
                         name="Praktijk", kind=LocationKind.OFFICE, municipality="GM0917",
                         address_confidential=False)  # fmt: skip
        session.add(place)
    desk.enter("daan").submit(OFFER, version="0", **FIELDS, location_ids=["A-L1"], **SEND)
    with desk.database.transaction() as session:
        session.delete(session.scalars(select(Location).where(Location.identifier == "A-L1")).one())
    answer = desk.enter("karim").submit(f"{QUEUE}/{first_of(desk)}/goed", version="1")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "kan zo niet goedgekeurd worden" in text and "A-L1" in text
    assert desk.offer().description == "Wij helpen."


def test_thirty_changes_are_read_and_approved_one_after_the_other_by_two_keys(desk: Desk) -> None:
    with desk.database.transaction() as session:
        for number in range(30):
            session.add(
                Offer(
                    region_id=desk.world.regions[0], provider_id=desk.world.providers[0], identifier=f"C{number}",
                    name=f"Hulp {number}", description="Oud.",
                )
            )  # fmt: skip
    daan, karim = desk.enter("daan"), desk.enter("karim")
    for number in range(30):
        path = f"/werkplek/aanbieder/gegevens/hulp/C{number}"
        daan.submit(
            path, version="0", name=f"Hulp {number}", description="Nieuw.", approach="", not_suitable_for="", **SEND
        )
    address = f"{QUEUE}/{first_of(desk)}"
    for _ in range(30):
        page = karim.page(address)
        assert [tag for tag, one in page.elements if "autofocus" in one] == ["h1"]  # Enter alone approves nothing
        assert next_stop(page) == ("button", "Goedkeuren: gezinnen lezen het vanaf nu")
        action = next(form["action"] for form in page.all("form") if form.get("action", "").endswith("/goed"))
        address = karim.submit(action, version="1").headers["Location"]
        said = karim.page(address)
        assert f"{page.h1} (Zuid-Limburg 1): goedgekeurd." in said.text
        assert any(one["href"].startswith("/werkplek/regio/aanbieders/wijzigen/aanbod/C") for one in said.all("a"))
    assert address.startswith(f"{QUEUE}?gedaan=")
    with desk.database.sessions() as session:
        changed = session.scalars(select(Offer.description).where(Offer.identifier.startswith("C"))).all()
    assert changed == ["Nieuw."] * 30


def next_stop(page: Page) -> tuple[str, str]:
    """What Tab reaches first from the heading that has the focus."""
    after = dropwhile(lambda one: "autofocus" not in one[1], page.elements)
    reached = (
        tag for tag, one in after
        if tag in ("a", "button", "summary", "textarea") or (tag == "input" and one.get("type") != "hidden")
    )  # fmt: skip
    tag = next(reached)
    return tag, next(text for text in page.texts[tag] if text.startswith("Goedkeuren"))


def first_of(desk: Desk) -> str:
    with desk.database.sessions() as session:
        return session.scalars(select(TextDraft.public_id).order_by(TextDraft.id)).first() or ""


def test_who_may_not_decide_cannot(desk: Desk) -> None:
    waiting = sent(desk)
    for name in ("daan", "ellen", "elders"):
        assert desk.enter(name).submit(f"{QUEUE}/{waiting.public_id}/goed", version="1").status_code == 403
    assert "Wij helpen." in public(desk)


def test_another_region_does_not_see_it(desk: Desk) -> None:
    waiting = sent(desk)
    desk.world.add("ver@voorbeeld.example", Post(Role.CONTRACT_MANAGER, desk.world.regions[1]))
    stranger = desk.enter("ver")
    assert "Samen naar school" not in stranger.page(QUEUE).text
    assert stranger.client.get(f"{QUEUE}/{waiting.public_id}").status_code == 404
    assert stranger.submit(f"{QUEUE}/{waiting.public_id}/goed", version="1").status_code == 409
    assert "Wij helpen." in public(desk)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("email", "geen adres", "naam@voorbeeld.nl"),
        ("phone", "bel maar", "045-555 01 23"),
        ("website", "javascript:alert(1)", "https://www.voorbeeld.nl"),
        ("website", "https://[", "https://www.voorbeeld.nl"),
        ("team_size", "twaalf", "zoals 12"),
        ("team_size", "0", "zoals 12"),
        ("first_meeting", "misschien", "Kies ja of nee"),
        ("same_worker", "soms", "Kies er een uit de lijst"),
        ("summary", "x" * 301, "301"),
        ("about", "x" * 20_001, "20001"),
    ],
)
def test_what_cannot_be_right_is_told_and_stays_in_its_field(desk: Desk, field: str, typed: str, said: str) -> None:
    answer = desk.enter("daan").submit(ITSELF, version="0", **{field: typed})
    assert answer.status_code == 422 and said in answer.get_data(as_text=True)
    assert draft(desk) is None


def test_every_field_of_a_provider_arrives_as_it_was_meant(desk: Desk) -> None:
    given = {
        "summary": "Hulp  voor\nkinderen", "about": "Wij zijn er.\r\n\r\nAltijd.", "identity": "", "team_size": "12",
        "first_meeting": "ja", "same_worker": "usually", "evening_weekend": "nee", "phone": "045-555 01 02",
        "email": "hallo@voorbeeld.example", "website": "https://www.voorbeeld.example", "complaints_url": "",
    }  # fmt: skip
    desk.enter("daan").submit(ITSELF, version="0", **given, **SEND)
    desk.enter("karim").submit(f"{QUEUE}/{first_of(desk)}/goed", version="1")
    with desk.database.sessions() as session:
        provider = session.get_one(Provider, desk.world.providers[0])
        assert provider.summary == "Hulp voor kinderen" and provider.about == "Wij zijn er.\n\nAltijd."
        assert (provider.team_size, provider.first_meeting, provider.evening_weekend) == (12, True, False)
        assert provider.same_worker is not None and provider.same_worker.value == "usually"
        assert provider.desk_texts == sorted(
            ["summary", "about", "team_size", "first_meeting", "same_worker", "evening_weekend", "email", "website"]
        )
    assert desk.app.test_client().get("/aanbieders/zuid-limburg-1").status_code == 200


def test_the_preview_shows_the_draft_and_keeps_nothing(desk: Desk) -> None:
    daan = desk.enter("daan")
    daan.submit(OFFER, version="0", **FIELDS)
    daan.submit(ITSELF, version="0", summary="Wij zijn er voor u.")
    text = daan.page("/werkplek/aanbieder/gegevens/voorbeeld/A1").text
    assert "Wij gaan mee naar school." in text and "Wij helpen." not in text
    assert "Wij zijn er voor u." in daan.page(f"{ITSELF}/voorbeeld").text
    assert "Wij helpen." in public(desk)
    assert "Praten helpt" in desk.enter("ellen").page("/werkplek/aanbieder/gegevens/voorbeeld/A2").text


def test_nothing_different_makes_no_draft(desk: Desk) -> None:
    same = {**FIELDS, "description": "Wij helpen."}
    answer = desk.enter("daan").submit(OFFER, version="0", **same, **SEND)
    assert "gedaan=gelijk" in answer.headers["Location"] and draft(desk) is None


def test_one_press_confirms_everything(desk: Desk) -> None:
    daan = desk.enter("daan")
    assert daan.submit("/werkplek/aanbieder/gegevens/klopt").status_code == 302
    assert desk.offer("A1").checked_on == desk.offer("A2").checked_on == NOW.date()
    assert desk.offer("B1").checked_on is None
    assert actions(desk) == ["profile.confirmed"]


@pytest.mark.parametrize("version", ["", "x", "-1", "\u0661", "9" * 30])
def test_a_junk_version_changes_nothing(desk: Desk, version: str) -> None:
    assert desk.enter("daan").submit(OFFER, version=version, **FIELDS).status_code == 409
    assert draft(desk) is None


# --- plain words ---------------------------------------------------------------------------------------------


def test_long_sentences_and_words_of_the_trade_are_pointed_out() -> None:
    text = "Wij werken systeemgericht. " + " ".join(["woord"] * 21) + ". Kort."
    long, word = advice_on(text)
    assert long.words == 21 and (word.text, word.plain) == ("systeemgericht", "met het hele gezin")


@pytest.mark.parametrize("text", ["", "Wij komen bij u thuis.", "Een contextueel verhaal.", "regiegroep"])
def test_plain_text_gets_no_advice(text: str) -> None:
    assert advice_on(text) == []


def test_every_plain_word_is_found_and_said_otherwise() -> None:
    for word, plain in plain_words().items():
        assert any(advice.plain == plain for advice in advice_on(f"Dit is {word.upper()}.")), word
        assert re.sub(r"\W", "", word.lower()) != re.sub(r"\W", "", plain.lower())
