"""Staff of a region edit what search understands, see first what it does, and nobody waits for it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.types import Post, Role
from portal.catalogue.edits.models import ListEdit
from portal.catalogue.models import CatalogueRevision, Region
from portal.core import clock
from portal.core.database import Database
from portal.core.trail.models import TrailEntry
from portal.search.engine import Engine, current_engine
from portal.search.following import Follower, current_follower
from tests.accounts.people import CHEAP, Someone, make_person
from tests.conftest import TODAY
from tests.inspection import InspectingClient, Page

WORDS = "/werkplek/regio/woorden"
TOPIC = f"{WORDS}/onderwerp/vrije-tijd"


@pytest.fixture
def desk(searchable_app: Flask) -> Iterator[Flask]:
    """The searchable region with a data officer of it, and one of another region."""
    searchable_app.extensions["portal.passwords"] = CHEAP
    database: Database = searchable_app.extensions["portal.database"]
    with database.transaction() as session:
        region = session.scalars(select(Region.id)).one()
        other = Region(name="Elders", fictional=True)
        session.add(other)
        session.flush()
        make_person(session, "dora@voorbeeld.example", Post(Role.DATA_OFFICER, region))
        make_person(session, "ada@voorbeeld.example", Post(Role.ADMINISTRATOR, region))
        make_person(session, "elders@voorbeeld.example", Post(Role.DATA_OFFICER, other.id))
    with clock.frozen(TODAY):
        yield searchable_app


@pytest.fixture
def dora(desk: Flask) -> Someone:
    return Someone.enter(desk, "dora@voorbeeld.example")


def seen(someone: Someone, path: str = TOPIC) -> str:
    page = someone.page(path)
    return next(field["value"] for field in page.all("input") if field.get("name") == "gezien")


def add(someone: Someone, *words: str, path: str = TOPIC, **more: object) -> int:
    fields = {"doe": "bewaar", "erbij": "\n".join(words), "gezien": seen(someone, path), **more}
    return someone.submit(path, **fields).status_code


def understood(app: Flask, question: str) -> list[str]:
    with app.app_context():
        return [guess.topic for guess in current_engine().question(question).topics]


def follow(app: Flask) -> None:
    """What the indexer does beside the workers, and what a worker does with its next requests."""
    with app.app_context():
        current_follower().catch_up()
    client = app.test_client()
    client.get("/over")
    deadline = time.monotonic() + 60
    while app.extensions["portal.lists"].now().edition != edition(app) and time.monotonic() < deadline:
        time.sleep(0.05)
        client.get("/over")


def edition(app: Flask) -> int:
    with app.extensions["portal.database"].sessions() as session:
        return session.scalars(select(CatalogueRevision.edition)).one()


def trail(app: Flask) -> list[TrailEntry]:
    with app.extensions["portal.database"].sessions() as session:
        ours = select(TrailEntry).where(TrailEntry.action.startswith("words."))
        return list(session.scalars(ours.order_by(TrailEntry.number)))


def test_a_word_that_was_added_is_understood_without_a_restart(desk: Flask, dora: Someone) -> None:
    assert understood(desk, "wij gaan graag naar de zwabberdebap") == []
    assert add(dora, "naar de zwabberdebap") == 302
    assert understood(desk, "wij gaan graag naar de zwabberdebap") == []  # not learned yet
    follow(desk)
    assert understood(desk, "wij gaan graag naar de zwabberdebap") == ["vrije-tijd"]
    with desk.app_context():
        assert current_engine().index() is not None
    (entry,) = trail(desk)
    assert entry.action == "words.set" and entry.after_values["expression"] == "naar de zwabberdebap"
    assert entry.actor_label.startswith("Dora")


def test_search_goes_on_with_the_former_words_until_both_words_and_index_are_new(desk: Flask, dora: Someone) -> None:
    client = desk.test_client()
    assert isinstance(client, InspectingClient)

    def found() -> bool:
        answer = client.get("/api/v1/providers?q=mijn+kind+wil+niet+naar+school").get_json()
        is_from_index = desk.extensions["portal.search"].index() is not None
        return is_from_index and [one["as"] for one in answer["understood"]] != [] and answer["total"] > 0

    assert found()
    add(dora, "naar de zwabberdebap")
    engine = desk.extensions["portal.search"]
    for _ in range(3):
        assert found()  # learned beside this, but there is no index of the new words
        time.sleep(0.3)
    assert desk.extensions["portal.search"] is engine
    with desk.app_context():
        current_follower().catch_up()  # now there is, and the former one is gone from the disk
    assert found()
    follow(desk)
    assert desk.extensions["portal.search"] is not engine
    assert found() and understood(desk, "naar de zwabberdebap") == ["vrije-tijd"]


def test_a_second_process_follows_too(desk: Flask, dora: Someone) -> None:
    with desk.app_context():
        follower = current_follower()
    assert isinstance(follower, Follower)
    follower.catch_up()
    add(dora, "naar de zwabberdebap")
    assert follower.catch_up()
    assert not follower.catch_up()
    with desk.app_context():
        fresh = Engine(desk.extensions["portal.lists"].latest(), current_engine().folder.path.parent, None)
        assert fresh.index() is not None


def test_the_preview_shows_before_and_after_and_keeps_nothing(desk: Flask, dora: Someone) -> None:
    answer = dora.submit(
        TOPIC, doe="bekijk", erbij="naar de zwabberdebap", gezien="0", zinnen="hij wil elke dag naar de zwabberdebap"
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "hij wil elke dag naar de zwabberdebap" in text and "niets zeker" in text
    assert 'value="bewaar"' in text
    assert edition(desk) == 0 and trail(desk) == []
    assert understood(desk, "naar de zwabberdebap") == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("naar de", "zegt op zichzelf niets"),
        ("...", "geen woord"),
        ("x" * 200, "is lang"),
        ("\n".join(f"woord{n} erbij" for n in range(60)), "tegelijk"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_in_its_field(desk: Flask, dora: Someone, typed: str, said: str) -> None:
    for what in ("bekijk", "bewaar"):
        answer = dora.submit(TOPIC, doe=what, erbij=typed, gezien="0")
        text = answer.get_data(as_text=True)
        assert said in text and typed[:30] in text
        assert answer.status_code == 422 or what == "bekijk"
    assert edition(desk) == 0


def test_what_could_tell_who_a_family_is_does_not_become_a_word_of_search(desk: Flask, dora: Someone) -> None:
    sentence = "mijn zoon Jayden Willems wil niet meer, bel 06-12345678"
    for what in ("bekijk", "bewaar"):
        answer = dora.submit(TOPIC, doe=what, erbij=sentence, gezien="0")
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422 and "06-12345678" in text and "Gaat dit over één gezin?" in text
        assert 'name="keep"' in text and sentence in text
    assert edition(desk) == 0
    assert dora.submit(TOPIC, doe="bewaar", erbij="bsn 123456782", keep="ja", gezien="0").status_code == 422
    assert edition(desk) == 0
    assert add(dora, "is als Pietje Bel zo druk", keep="ja") == 302, "about nobody"


def test_words_of_another_topic_are_warned_of_and_the_same_ones_refused(desk: Flask, dora: Someone) -> None:
    elsewhere = "verstopt zich voor school"
    text = dora.submit(TOPIC, doe="bekijk", erbij=elsewhere, gezien="0").get_data(as_text=True)
    assert "Bij allebei zegt het weinig" in text and 'value="bewaar"' in text
    school = f"{WORDS}/onderwerp/schoolweigering"
    for what in ("bekijk", "bewaar"):
        answer = dora.submit(school, doe=what, erbij=elsewhere, gezien="0")
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422 and "staat er al" in text and 'value="bewaar"' not in text
    assert edition(desk) == 0


def test_an_expression_of_the_files_is_switched_off_and_on_again(desk: Flask, dora: Someone) -> None:
    boxes = [field["value"] for field in dora.page(TOPIC).all("input") if field.get("name") == "uit"]
    key, *others = boxes[:3]
    assert dora.submit(TOPIC, doe="bewaar", uit=[key, *others], gezien=seen(dora)).status_code == 302
    page = dora.page(TOPIC)
    off = [field["value"] for field in page.all("input") if field.get("name") == "aan"]
    assert off == [key, *others]
    assert key not in [field["value"] for field in page.all("input") if field.get("name") == "uit"]
    assert dora.submit(TOPIC, doe="bewaar", aan=key, gezien=seen(dora)).status_code == 302
    assert key in [field["value"] for field in dora.page(TOPIC).all("input") if field.get("name") == "uit"]


def test_nobody_overwrites_what_a_colleague_changed_meanwhile(desk: Flask, dora: Someone) -> None:
    ada = Someone.enter(desk, "ada@voorbeeld.example")
    shown = seen(dora)
    assert add(ada, "naar de zwabberdebap") == 302
    answer = dora.submit(TOPIC, doe="bewaar", erbij="naar de blorp\nnaar de zwabberdebap", gezien=shown)
    assert answer.status_code in (409, 422)
    assert "naar de blorp" in answer.get_data(as_text=True)
    row = f"{WORDS}/lijst/soorten-hulp/rij/begeleiding"
    shown = seen(dora, row)
    fields = {"label": "Begeleiding thuis", "explanation": "Iemand komt bij u thuis.", "doe": "bewaar"}
    assert ada.submit(row, **fields, gezien=shown).status_code == 302
    answer = dora.submit(row, **{**fields, "label": "Anders"}, gezien=shown)
    assert answer.status_code == 409 and 'value="Anders"' in answer.get_data(as_text=True)


def test_another_region_cannot_change_what_this_one_wrote(desk: Flask, dora: Someone) -> None:
    add(dora, "naar de zwabberdebap")
    stranger = Someone.enter(desk, "elders@voorbeeld.example")
    key = "vrije-tijd:naar de zwabberdebap"
    answer = stranger.submit(TOPIC, doe="bewaar", uit=key, gezien=seen(stranger))
    assert answer.status_code == 409 and "Een andere regio" in answer.get_data(as_text=True)
    with desk.extensions["portal.database"].sessions() as session:
        (version,) = session.scalars(select(ListEdit))
    assert stranger.submit(f"{WORDS}/geschiedenis/{version.id}").status_code == 404


def test_a_change_that_changes_nothing_says_so_and_why(dora: Someone) -> None:
    page = Page(dora.submit(TOPIC, doe="bekijk", erbij="", gezien="0").get_data(as_text=True))
    assert "Dit verandert nog niets" in page.text and not page.texts.get("h2")
    page = Page(dora.submit(TOPIC, doe="bekijk", erbij="zoekt een hobby", gezien="0").get_data(as_text=True))
    assert "Dit verandert niets aan wat zoeken begrijpt: andere woorden leiden er al naartoe." in page.text
    assert "Wat 1 verandering" not in page.text
    row = f"{WORDS}/lijst/soorten-hulp/rij/begeleiding"
    stands = {one["name"]: one.get("value", "") for one in dora.page(row).all("input") if "name" in one}
    texts = dora.client.get(row).get_data(as_text=True)
    explanation = re.search(r'<textarea[^>]*name="explanation"[^>]*>([^<]*)<', texts)
    easy = re.search(r'<textarea[^>]*name="easy"[^>]*>([^<]*)<', texts)
    assert explanation and easy
    fields = {"label": stands["label"], "explanation": unescape(explanation[1]), "easy": unescape(easy[1])}
    page = Page(dora.submit(row, **fields, doe="bekijk", gezien="0").get_data(as_text=True))
    assert "Dit verandert niets: het staat er al zo." in page.text
    assert not [one for one in page.all("button") if one.get("value") == "bewaar"]


def test_a_word_comes_with_the_topic_that_it_most_likely_belongs_to(dora: Someone) -> None:
    def chosen(query: str) -> list[str]:
        return [one["value"] for one in dora.page(WORDS + query).all("option") if "selected" in one]

    assert chosen("") == []
    assert chosen("?woord=durft+niet+naar+school") == ["schoolweigering"]
    assert chosen("?woord=zwabberdebap") == []
    assert chosen("?onderwerp=vrije-tijd") == ["vrije-tijd"]
    assert any(one["href"] == f"{WORDS}?onderwerp=vrije-tijd" for one in dora.page(TOPIC).all("a"))
    answer = dora.client.get(f"{WORDS}/bij?woord=zwabberdebap")
    assert "Kies er een onderwerp bij" in dora.page(answer.headers["Location"]).text


def test_what_was_kept_can_be_taken_back(desk: Flask, dora: Someone) -> None:
    add(dora, "naar de zwabberdebap")
    follow(desk)
    page = dora.page(f"{WORDS}/geschiedenis")
    (row,) = [text for text in page.texts["p"] if "zwabberdebap" in text]
    assert row.startswith("Dora") and row.endswith("voegde ‘naar de zwabberdebap’ toe aan ‘Sport en vrije tijd’.")
    with desk.extensions["portal.database"].sessions() as session:
        version = session.scalars(select(ListEdit)).one()
    assert dora.submit(f"{WORDS}/geschiedenis/{version.id}").status_code == 302
    assert dora.submit(f"{WORDS}/geschiedenis/{version.id}").status_code == 409
    follow(desk)
    assert understood(desk, "naar de zwabberdebap") == []
    assert [entry.action for entry in trail(desk)] == ["words.set", "words.as_file"]


def test_a_kind_of_help_is_called_otherwise_on_public_pages(desk: Flask, dora: Someone) -> None:
    row = f"{WORDS}/lijst/soorten-hulp/rij/begeleiding"
    fields = {"label": "Hulp aan huis", "explanation": "Iemand komt bij u thuis.", "gezien": "0"}
    preview = dora.submit(row, **fields, doe="bekijk").get_data(as_text=True)
    assert "Hulp aan huis" in preview and edition(desk) == 0
    assert dora.submit(row, **fields, doe="bewaar").status_code == 302
    follow(desk)
    client = desk.test_client()
    assert "Hulp aan huis" in client.get("/zoeken?q=begeleiding").get_data(as_text=True)
    assert client.get("/api/v1/arrangements").get_json()
    assert dora.submit(row, doe="terug", gezien=seen(dora, row)).status_code == 302
    follow(desk)
    assert "Hulp aan huis" not in client.get("/zoeken?q=begeleiding").get_data(as_text=True)


def test_an_own_topic_is_added_found_and_switched_off(desk: Flask, dora: Someone) -> None:
    new = f"{WORDS}/lijst/onderwerpen/erbij"
    fields = {"label": "Vlinderuur", "explanation": "Voor kinderen die rouwen.", "parent": "", "gezien": "0"}
    assert dora.submit(new, **fields, doe="bekijk").status_code == 200
    assert dora.submit(new, **fields, doe="bewaar").status_code == 302
    assert dora.submit(new, **fields, doe="bewaar").status_code == 422  # it is there already
    assert add(dora, "zwabberende vlinders", path=f"{WORDS}/onderwerp/vlinderuur") == 302
    follow(desk)
    assert understood(desk, "mijn kind praat over zwabberende vlinders") == ["vlinderuur"]
    row = f"{WORDS}/lijst/onderwerpen/rij/vlinderuur"
    assert dora.submit(row, doe="uit", gezien=seen(dora, row)).status_code == 302
    follow(desk)
    assert understood(desk, "mijn kind praat over zwabberende vlinders") == []
    assert dora.submit(row, doe="terug", gezien=seen(dora, row)).status_code == 302


def test_a_term_of_the_word_list_is_added_and_read(desk: Flask, dora: Someone) -> None:
    new = f"{WORDS}/lijst/woordenlijst/erbij"
    fields = {"label": "Zwabbertafel", "explanation": "Hier praten scholen met elkaar.", "see": "", "gezien": "0"}
    assert dora.submit(new, **fields, doe="bewaar").status_code == 302
    follow(desk)
    assert "Hier praten scholen met elkaar." in desk.test_client().get("/woordenlijst").get_data(as_text=True)


def test_search_words_tells_of_what_a_desk_added(desk: Flask, dora: Someone) -> None:
    add(dora, "verstopt zich voor school")
    result = desk.test_cli_runner().invoke(args=["search", "words"])
    assert "desk, row 1" in result.output and result.exit_code == 1


@pytest.mark.parametrize("typed", ["\u202e<script>", "otpauth://x y", "a" * 159, "🦋 vlinders", "%s %(x)s {0}"])
def test_nothing_that_can_be_typed_breaks_the_page(desk: Flask, dora: Someone, typed: str) -> None:
    assert dora.submit(TOPIC, doe="bekijk", erbij=typed, zinnen=typed, gezien="x").status_code in (200, 422)
    assert dora.submit(TOPIC, doe="bewaar", erbij=typed, gezien="0").status_code in (302, 409, 422)
    assert dora.page(TOPIC).text
