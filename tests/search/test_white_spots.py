"""What families do not find is counted; who asked, and anything asked once, is found nowhere."""

from __future__ import annotations

import csv
import io
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Provider
from portal.core import clock
from portal.core.database import Database
from portal.core.settings import Settings, SettingsError
from portal.search.answers import Answer
from portal.search.criteria import Criteria
from portal.search.question import Question
from portal.search.understanding import TopicGuess
from portal.search.white_spots import counter as counting
from portal.search.white_spots import operations, queries
from portal.search.white_spots.counter import current_counter
from portal.search.white_spots.models import Sighting, SightingKey, WhiteSpot
from portal.search.white_spots.noticing import countable_words, spots_of
from portal.search.white_spots.spool import Spool
from portal.search.white_spots.types import DayCount, Ledger, Rules, Spot, SpotKind, period_before
from tests.conftest import TODAY
from tests.inspection import InspectingClient

MONDAY = date(2026, 11, 2)
WORD = Spot(SpotKind.WORD, "kameel")
OTHER = Spot(SpotKind.WORD, "stofzuiger")
OWN = "the installation's own"
RULES = Rules()
MOST_NEEDED = 2 * RULES.least_sightings - 1
"""Whatever chance its digest gives a spot, it is common after so many sightings."""


# --- what may be counted ---------------------------------------------------------------------------------


KNOWN = frozenset("mijn de een wil zoon gezocht hij heet meneer familie we wonen in en slaapt niet".split())


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("mijn kameel", {"kameel"}),
        ("een kameel gezocht", {"kameel"}),
        ("de kamelen", {"kamelen"}),
        ("wil een kameel.", {"kameel"}),
        # names, in whatever case; a capital inside a sentence is a name whatever the word means
        ("mijn zoon Kameel", set()),
        ("KAMEEL", set()),
        ("kevin slaapt niet", set()),
        ("mohammed en daan", set()),
        ("hij heet kameel", set()),
        ("meneer kameel", set()),
        ("familie bakker", set()),
        ("Kameel gezocht", set()),
        ("kaMeel gezocht", set()),
        # places and addresses
        ("we wonen in landgraaf", set()),
        ("kameelstraat", set()),
        ("bloemstraat", set()),
        ("kameel 12", set()),
        ("12 kameel", set()),
        # numbers, mail, web, signs
        ("kameel@ezel.nl", set()),
        ("www.kameel.nl", set()),
        ("ka-meel", set()),
        ("kameel/ezel", set()),
        ("k4meel", set()),
        ("0612345678", set()),
        ("123456782", set()),
        ("6411AB", set()),
        # no Dutch words at all
        ("wxyzzy", set()),
        ("q" * 41, set()),
        ("", set()),
    ],
)
def test_only_plain_dutch_words_are_counted(text: str, counted: set[str], code_lists: CodeLists) -> None:
    unknown = tuple(word for chunk in text.split() if (word := chunk.strip(".")) not in KNOWN)
    assert countable_words(text, unknown, code_lists) == counted


NAMES_AND_ADDRESSES = [
    "mijn dochter rozemarijn", "Rozemarijn", "rozemarijn", "bloesem", "parel", "iris", "wolf",
    "johannes", "abraham", "rachel", "zacharias", "regenboog", "burgemeester", "wethouder",
    "kerkweg", "kerkpad", "bosweg", "veldweg", "ringbaan", "zeedijk", "hoofdstraat", "kerkhof", "loskade", "grasplein",
]  # fmt: skip


@pytest.mark.parametrize("text", NAMES_AND_ADDRESSES)
def test_names_that_are_words_and_streets_are_not_counted(text: str, code_lists: CodeLists) -> None:
    assert countable_words(text, (text.split()[-1],), code_lists) == set()


WHERE_NAMES_STAND = [
    "mijn dochter {}", "onze zoon {} wil niet eten", "het kind {}", "een jongen, {}", "meisje {}", "haar zusje {}",
    "zijn broer heet ook {}", "zij is genaamd {}", "haar naam is {}", "een man {}", "vriendin {}", "juf {}",
    "meester {}", "school {}", "school de {}", "basisschool het {}", "van den {}", "van der {}", "van de {}",
    "burgemeester {}",
    "{} wil niet eten", "{} heeft het moeilijk", "{} is vaak boos", "{} durft niet",
    "ik slaap slecht. {} ook niet? {} is",
    "omdat {} niet eet en {} heeft buikpijn", "die {} heet", "wil {} niet eten", "mijn dochter annelies {}",
    "mijn zonen kevin en {}", "wij wonen op de {}", "ik ben {}",
]  # fmt: skip


@pytest.mark.parametrize("text", WHERE_NAMES_STAND)
def test_no_word_is_counted_where_a_name_may_stand(text: str, code_lists: CodeLists) -> None:
    last = text.rindex("{}")
    asked = text[:last].replace("{}", "xxx") + "kameel" + text[last + 2 :]
    assert countable_words(asked, ("kameel",), code_lists) == set()


@pytest.mark.parametrize(
    "text",
    [
        "een {}", "{} in heerlen", "hulp van een {}", "mijn zoon wil een {}", "mijn dochter is bang voor de {}",
        "mijn kind heeft {} nodig", "een meisje met {}", "mijn {} is weg", "zoekt u een {}?", "een school met een {}",
    ],
)  # fmt: skip
def test_what_is_plainly_a_thing_is_counted(text: str, code_lists: CodeLists) -> None:
    for word in ("kameel", "stofzuiger", "toneelgezelschap", "imker"):
        assert countable_words(text.format(word), (word,), code_lists) == {word}, word


def test_only_words_that_search_does_not_know_are_counted(code_lists: CodeLists) -> None:
    assert countable_words("kameel en stofzuiger", ("stofzuiger",), code_lists) == {"stofzuiger"}


QUESTION = Question(topics=(TopicGuess("angst", 1.0, ()), TopicGuess("paniek", 0.2, ())))


@pytest.mark.parametrize(
    ("criteria", "total", "counted"),
    [
        ({"municipality": "GM0917", "age": 13}, 2, {Spot(SpotKind.TOPIC, "angst", "GM0917")}),
        ({"postcode": "6411 AB"}, 0, {Spot(SpotKind.TOPIC, "angst")}),
        ({"municipality": "GM0917"}, 3, set()),
        ({"municipality": "GM0917", "settings": ("home",)}, 0, set()),
        ({"longest_wait": 2}, 0, set()),
    ],
)
def test_a_topic_counts_where_nothing_else_made_the_choice_small(
    criteria: dict[str, object], total: int, counted: set[Spot], code_lists: CodeLists
) -> None:
    asked = Criteria(q="bang", **criteria)  # type: ignore[arg-type]
    assert spots_of(asked, Answer([], total, {}, QUESTION), code_lists) == counted
    assert spots_of(asked, Answer([], total, {}, QUESTION, from_index=False), code_lists) == set()


# --- from memory to spool to table -----------------------------------------------------------------------


def opened(database: Database, day: date) -> Ledger:
    with database.transaction() as session:
        operations.open_periods(session, day)
        book = queries.ledger(session, f"{day:%Y-%m}", OWN)
    assert book is not None
    return book


def merge(database: Database, day: date, *spots: Spot, times: int = 1) -> None:
    """What `spots` were met on `day`, as the workers would hand it over."""
    with database.transaction() as session:
        book = queries.ledger(session, f"{day:%Y-%m}", OWN)
        assert book is not None
        count = DayCount({book.digest(s): times for s in spots}, {s for s in spots if book.digest(s) in book.common})
        operations.merge(session, {day: count}, RULES)


def close(database: Database, day: date) -> list[str]:
    with database.transaction() as session:
        return operations.close_periods(session, day, OWN, RULES)


def written(database: Database) -> dict[str, int | None]:
    with database.sessions() as session:
        return {spot.value: spot.times for spot in session.scalars(select(WhiteSpot))}


def test_what_is_rare_is_never_written_down(database: Database) -> None:
    opened(database, MONDAY)
    for number in range(RULES.least_sightings - 1):
        merge(database, MONDAY + timedelta(number), WORD)
    assert written(database) == {}
    assert close(database, date(2026, 12, 1)) == ["2026-11"]
    assert written(database) == {}


def test_one_day_makes_nothing_common_however_often_it_is_asked(database: Database) -> None:
    opened(database, MONDAY)
    merge(database, MONDAY, WORD, times=1_000)
    merge(database, MONDAY + timedelta(1), WORD)
    merge(database, MONDAY + timedelta(2), OTHER)
    with database.sessions() as session:
        assert not session.scalars(select(Sighting).where(Sighting.is_common)).all()
    assert written(database) == {}


def test_what_is_common_is_written_when_it_is_met_again_and_its_number_told_when_the_month_is_over(
    database: Database,
) -> None:
    opened(database, MONDAY)
    for number in range(12):
        merge(database, MONDAY + timedelta(number), WORD)
    assert written(database) == {"kameel": None}
    with database.sessions() as session:
        assert queries.months(session) == []
    close(database, date(2026, 12, 1))
    assert written(database) == {"kameel": 10}
    with database.sessions() as session:
        assert queries.months(session) == ["2026-11"]


def test_a_spot_must_be_met_on_as_many_days_as_the_region_asks() -> None:
    digest = "0" * 32
    assert [Rules(5, 4).is_common(digest, 100, days) for days in (3, 4)] == [False, True]


def test_how_many_it_takes_cannot_be_told_from_outside() -> None:
    needed = set()
    for number in range(200):
        digest = Ledger("2026-11", bytes([number]) * 32, frozenset()).digest(WORD)
        needed.add(next(n for n in range(100) if RULES.is_common(digest, n, RULES.least_days)))
    assert needed == set(range(RULES.least_sightings, MOST_NEEDED + 1))


def test_the_key_and_all_that_stayed_rare_go_with_their_month(database: Database) -> None:
    before = opened(database, MONDAY)
    merge(database, MONDAY, WORD)
    close(database, date(2026, 12, 1))
    with database.sessions() as session:
        assert session.scalars(select(Sighting)).all() == []
        assert [key.period for key in session.scalars(select(SightingKey))] == ["2026-12"]
        assert queries.ledger(session, "2026-11", OWN) is None
        after = queries.ledger(session, "2026-12", OWN)
        stranger = queries.ledger(session, "2026-12", "another secret")
    assert after is not None and stranger is not None
    assert len({book.digest(WORD) for book in (before, after, stranger)}) == 3


def test_merging_and_closing_twice_changes_nothing(database: Database) -> None:
    opened(database, MONDAY)
    for _ in range(2):
        for number in range(RULES.least_sightings - 1):
            merge(database, MONDAY + timedelta(number), WORD)
    with database.sessions() as session:
        assert session.scalars(select(Sighting.times)).all() == [RULES.least_sightings - 1]
    assert close(database, date(2026, 12, 1)) == ["2026-11"]
    assert close(database, date(2026, 12, 1)) == []


def test_the_region_looks_back_no_further_than_it_keeps(database: Database) -> None:
    with database.transaction() as session:
        for period in ("2024-10", "2024-11", "2026-10"):
            session.add(WhiteSpot(period=period, kind=SpotKind.WORD, value="ezel", municipality="", times=5))
        session.flush()
        operations.forget(session, MONDAY, 24)
    with database.sessions() as session:
        assert queries.months(session) == ["2026-10", "2024-11"]


def test_months_are_counted_over_the_turn_of_a_year() -> None:
    assert [period_before("2026-01", months) for months in (0, 1, 13, -1, -12)] == [
        "2026-01", "2025-12", "2024-12", "2026-02", "2027-01",
    ]  # fmt: skip


def test_the_spool_shows_neither_order_nor_what_was_met_together(tmp_path: Path) -> None:
    one, other = Spool(tmp_path / "one"), Spool(tmp_path / "other")
    one.add({MONDAY: DayCount({"b": 1, "a": 1})})
    one.add({MONDAY: DayCount({"c": 1})})
    other.add({MONDAY: DayCount({"c": 1})})
    other.add({MONDAY: DayCount({"a": 1})})
    other.add({MONDAY: DayCount({"b": 1})})
    texts = [(tmp_path / name / "white-spots" / "spool.json").read_bytes() for name in ("one", "other")]
    assert texts[0] == texts[1]
    assert (tmp_path / "one" / "white-spots" / "spool.json").stat().st_mode & 0o077 == 0


def test_the_spool_keeps_a_day_until_it_was_taken_up(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add({MONDAY: DayCount({"a": 1}), MONDAY + timedelta(1): DayCount({"b": 1})})
    with pytest.raises(ZeroDivisionError), spool.finished(MONDAY + timedelta(1)) as days:
        assert list(days) == [MONDAY]
        1 / 0  # noqa: B018
    with spool.finished(MONDAY + timedelta(1)) as days:
        assert list(days) == [MONDAY]
    with spool.finished(MONDAY + timedelta(2)) as days:
        assert days == {MONDAY + timedelta(1): DayCount({"b": 1})}


def test_workers_that_hand_over_at_once_lose_nothing(tmp_path: Path) -> None:
    def hand_over() -> None:
        spool = Spool(tmp_path)
        for number in range(10):
            while not spool.add({MONDAY: DayCount({"a": 1, str(number): 1})}):
                time.sleep(0.001)

    threads = [threading.Thread(target=hand_over) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Spool(tmp_path).finished(TODAY) as days:
        assert days[MONDAY].sightings == {"a": 40, **{str(number): 4 for number in range(10)}}


@pytest.mark.parametrize("content", ['{"2026-', "[]", '{"2026-11-01": []}', '{"x": {}}', "\x00"])
def test_a_damaged_spool_is_begun_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / "white-spots").mkdir()
    (tmp_path / "white-spots" / "spool.json").write_text(content)
    assert Spool(tmp_path).add({MONDAY: DayCount({"a": 1})})
    with Spool(tmp_path).finished(TODAY) as days:
        assert list(days) == [MONDAY]


@pytest.mark.parametrize("name", ["PORTAL_WHITE_SPOT_SIGHTINGS", "PORTAL_WHITE_SPOT_DAYS"])
def test_a_region_can_be_stricter_but_not_looser(name: str) -> None:
    Settings.from_environment({name: "9"})
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: "1"})


# --- the whole way ---------------------------------------------------------------------------------------

CANARIES = [
    "kevinjanssen", "zwaluwstaartjes", "jan.jansen@hotmail.com", "0612345678", "dorpstraat 12", "fatima", "stofzuiger",
    "123456782", "wxyzzy",
]  # fmt: skip


@pytest.fixture
def run(searchable_app: Flask) -> Callable[..., Result]:
    def run(*arguments: str) -> Result:
        result = searchable_app.test_cli_runner().invoke(args=list(arguments))
        assert result.exit_code == 0, result.output
        return result

    return run


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let workers hand over what they have at each search."""
    monkeypatch.setattr(counting, "PAUSE_SECONDS", 0.0)
    yield


ADDRESSES = itertools.count()


def search(client: InspectingClient, day: date, *questions: str) -> None:
    with clock.frozen(day):
        for question in (*questions, ""):  # the empty one makes the worker hand over
            # A page that was made a moment ago is not made again; another address always is.
            asked = {"q": question, "n": str(next(ADDRESSES))}
            assert client.get("/zoeken", query_string=asked).status_code == 200


def everything_kept(app: Flask) -> bytes:
    folder = app.extensions["portal.settings"].data_dir
    kept = [p for p in folder.rglob("*") if p.is_file() and "package" not in p.parts and "index" not in p.parts]
    assert any(path.name.endswith("sqlite3") for path in kept)
    return b"".join(path.read_bytes() for path in kept)


def test_what_one_person_types_is_found_nowhere(
    searchable_app: Flask,
    searchable: InspectingClient,
    run: Callable[..., Result],
    at_once: None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with clock.frozen(MONDAY):
        run("daily")
    questions = [f"mijn zoon {canary} eet alleen wasmachines" for canary in CANARIES]
    for day in range(3):
        search(searchable, MONDAY + timedelta(day), *questions)
        searchable.get("/zoeken/suggesties", query_string={"q": CANARIES[day]})
        kept = everything_kept(searchable_app)
        assert [canary for canary in CANARIES if canary.encode() in kept] == []
        with clock.frozen(MONDAY + timedelta(day + 1)):
            run("daily")
    with clock.frozen(date(2026, 12, 1)):
        said = run("daily").output + run("search", "gaps").output
    said += "".join(capfd.readouterr())
    kept = everything_kept(searchable_app)
    assert [canary for canary in CANARIES if canary.encode() in kept or canary in said] == []


def test_what_many_look_for_is_reported_when_the_month_is_over(
    searchable: InspectingClient, run: Callable[..., Result], at_once: None
) -> None:
    for day in range(12):
        with clock.frozen(MONDAY + timedelta(day)):
            run("daily")
        search(searchable, MONDAY + timedelta(day), "mijn kameel is weg")
        assert "kameel" not in run("search", "gaps").output
    with clock.frozen(date(2026, 12, 1)):
        run("daily")
        rows = json.loads(run("search", "gaps", "--format", "json").output)
        as_csv = run("search", "gaps", "--month", "2026-11", "--format", "csv").output
        text = run("search", "gaps").output
    assert [(row["month"], row["kind"], row["label"], row["at_least"]) for row in rows] == [
        ("2026-11", "word", "kameel", 10)
    ]
    assert [row["label"] for row in csv.DictReader(io.StringIO(as_csv))] == ["kameel"]
    assert "kameel: at least 10" in text


def test_a_topic_is_reported_with_its_municipality_and_what_there_is_now(
    searchable_app: Flask, run: Callable[..., Result]
) -> None:
    with searchable_app.app_context(), searchable_app.extensions["portal.database"].transaction() as session:
        session.add(WhiteSpot(period="2026-10", kind=SpotKind.TOPIC, value="loverboys", municipality="GM0917", times=5))
    with clock.frozen(TODAY):
        [row] = json.loads(run("search", "gaps", "--format", "json").output)
    assert (row["code"], row["municipality"], row["at_least"]) == ("loverboys", "Heerlen", 5)
    assert row["label"].startswith("Loverboys") and isinstance(row["providers_now"], int)


def test_what_led_to_a_provider_is_told_when_the_month_is_over(
    searchable_app: Flask, searchable: InspectingClient, run: Callable[..., Result], at_once: None
) -> None:
    asked = "mijn kameel heet fatima en durft niet naar de bergschool"
    database: Database = searchable_app.extensions["portal.database"]
    for day in range(12):
        with clock.frozen(MONDAY + timedelta(day)):
            run("daily")
        search(searchable, MONDAY + timedelta(day), asked)
        with clock.frozen(MONDAY + timedelta(day)):
            searchable.get("/zoeken", query_string={"q": asked, "pagina": "2", "n": str(next(ADDRESSES))})
        with database.sessions() as session:
            assert queries.found_months(session) == []
    with searchable_app.app_context(), database.sessions() as session, clock.frozen(MONDAY + timedelta(11)):
        (first, *_), period = session.scalars(select(Provider.id).order_by(Provider.id)).all(), "2026-11"
        found = queries_of_first_page(searchable, asked)
    with clock.frozen(date(2026, 12, 1)):
        run("daily")
    with database.sessions() as session:
        assert queries.found_months(session) == [period]
        shown = {
            provider: dict(queries.shown_for(session, provider, period))
            for provider in session.scalars(select(Provider.id))
        }
        said = queries.said_of(session, ["schoolweigering", "kameel"], period)
    assert first in shown
    assert {provider for provider, topics in shown.items() if topics} <= found
    assert any(topics.get("schoolweigering") == 10 for topics in shown.values())
    words = dict(said["schoolweigering"])
    assert words["durft"] == 10
    assert not {"kameel", "fatima", "bergschool"} & words.keys()  # the last would say much, and may be a name
    assert b"bergschool" not in everything_kept(searchable_app)


def queries_of_first_page(client: InspectingClient, asked: str) -> set[int]:
    """The providers (primary keys) of the first page of results."""
    with client.application.app_context(), client.application.extensions["portal.database"].sessions() as session:
        slugs = [
            one["slug"]
            for one in client.get("/api/v1/providers", query_string={"q": asked, "per_page": "20"}).get_json()[
                "results"
            ]
        ]
        return set(session.scalars(select(Provider.id).where(Provider.slug.in_(slugs))))


def test_a_month_that_is_none_is_refused(cli: Callable[..., Result]) -> None:
    result = cli("search", "gaps", "--month", "november")
    assert result.exit_code == 2
    assert "2026-11" in result.output


def test_reading_pages_changes_nothing_in_the_database(
    searchable_app: Flask, searchable: InspectingClient, run: Callable[..., Result], at_once: None
) -> None:
    run("daily")
    file = Path(searchable_app.extensions["portal.settings"].data_dir) / "portal.sqlite3"

    def crawl() -> str:
        search(searchable, TODAY, "mijn kameel is weg", "loverboys in vaals", "bang")
        searchable.get("/zoeken/suggesties?q=kam")
        searchable_app.extensions["portal.database"].sweep()
        return sha256(file.read_bytes()).hexdigest()

    assert crawl() == crawl()


def test_a_page_is_shown_where_nothing_can_be_counted(
    searchable_app: Flask, searchable: InspectingClient, run: Callable[..., Result], at_once: None
) -> None:
    run("daily")
    folder = Path(searchable_app.extensions["portal.settings"].data_dir) / "white-spots"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("in the way")
    search(searchable, TODAY, "mijn kameel is weg", "mijn kameel is weg")


def test_nothing_is_counted_before_a_period_was_opened(
    searchable_app: Flask, searchable: InspectingClient, at_once: None
) -> None:
    search(searchable, TODAY, "mijn kameel is weg")
    assert not (searchable_app.extensions["portal.settings"].data_dir / "white-spots").exists()


def test_loading_a_page_again_adds_nothing(
    searchable_app: Flask, searchable: InspectingClient, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.frozen(TODAY):
        run("daily")
    search(searchable, TODAY, *["mijn kameel is weg"] * 10)
    monkeypatch.setattr(counting, "PAUSE_SECONDS", 0.0)
    with searchable_app.app_context():
        current_counter()._next_turn = 0.0
    search(searchable, TODAY)
    with Spool(searchable_app.extensions["portal.settings"].data_dir).finished(TODAY + timedelta(1)) as days:
        assert list(days[TODAY].sightings.values()) == [1]


def test_the_doctor_says_when_nobody_counts(cli: Callable[..., Result]) -> None:
    assert "warning  daily tasks: did not run" in cli("doctor").output
    cli("daily")
    assert "ok       daily tasks" in cli("doctor").output


def test_a_daily_task_that_fails_does_not_stop_the_others(
    cli: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal import daily

    def broken(_day: date) -> str:
        raise RuntimeError("planted")

    monkeypatch.setattr(daily, "TASKS", {"broken": broken, **daily.TASKS})
    result = cli("daily")
    assert result.exit_code == 1
    assert "white spots: 0 days taken up" in result.output
