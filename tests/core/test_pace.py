"""One network cannot ask quicker than the limits say, whoever counts; nobody else notices, and nobody is remembered."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import combinations_with_replacement
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from portal.app import create_app
from portal.core.database import Database
from portal.core.pace import layer
from portal.core.pace.table import SETS, SLOTS_OF_A_SET, Table
from portal.core.pace.types import API, NANOSECONDS, QUESTIONS, SUGGESTIONS, Limit
from portal.core.settings import Settings
from portal.serving import create_serving_app
from tests.core.asking_apart import HOUSE, SECRET, SLOW, answered, ask, hold, hold_without_using
from tests.inspection import InspectingClient, Page

SCHOOL = "203.0.113.8"
APART, FORKED = multiprocessing.get_context("forkserver"), multiprocessing.get_context("fork")
APART.set_forkserver_preload(["tests.core.asking_apart"])


class Clock:
    """A clock in the hand."""

    def __init__(self) -> None:
        self.now = 5 * NANOSECONDS

    def __call__(self) -> int:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += round(seconds * NANOSECONDS)


@pytest.fixture
def watch() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, watch: Clock) -> Table:
    return Table(tmp_path / "places", (QUESTIONS, SUGGESTIONS, API), SECRET, watch)


# --- how quickly -------------------------------------------------------------------------------------------


_SMALL = Limit("small", at_once=3, a_second=2, a_minute=9)
_PAUSES = st.integers(0, NANOSECONDS) | st.integers(0, 40 * NANOSECONDS)
_STEPS = st.lists(st.tuples(_PAUSES, st.sampled_from(["a", "b", "c"]), st.integers(1, 40)), max_size=60)


@given(_STEPS)
def test_no_stretch_of_time_ever_holds_more_than_the_limit_and_nobody_waits_for_nothing(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, int]]
) -> None:
    watch = Clock()
    places = Table(tmp_path_factory.getbasetemp() / f"places-{os.getpid()}", (_SMALL,), SECRET, watch)
    taken: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    bucket = {network: (Fraction(3), watch.now) for network in taken}
    for pause, network, times in steps:
        watch.now += pause
        for _ in range(times):
            left, then = bucket[network]
            left = min(Fraction(3), left + Fraction(2 * (watch.now - then), NANOSECONDS))
            last_minute = sum(watch.now - moment < 60 * NANOSECONDS for moment in taken[network])
            is_free = places.seconds_to_wait(_SMALL, network) == 0
            assert is_free is (left >= 1 and last_minute < 9)
            bucket[network] = left - is_free, watch.now
            if is_free:
                taken[network].append(watch.now)
    for moments in taken.values():
        for first, last in combinations_with_replacement(range(len(moments)), 2):
            assert last - first + 1 <= 3 + Fraction(2 * (moments[last] - moments[first]), NANOSECONDS)


@given(_STEPS)
def test_who_waits_as_long_as_is_said_is_let_through(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, int]]
) -> None:
    watch = Clock()
    places = Table(tmp_path_factory.getbasetemp() / f"places-{os.getpid()}", (_SMALL,), SECRET, watch)
    for pause, network, times in steps:
        watch.now += pause
        waits = [places.seconds_to_wait(_SMALL, network) for _ in range(times)]
        watch.forward(waits[-1])
        assert waits[-1] == 0 or places.seconds_to_wait(_SMALL, network) == 0


def test_the_limits_are_what_is_told(places: Table, watch: Clock) -> None:
    """Twenty at once, five a second in the long run; a hundred a minute for programs; typing apart."""
    assert answered(places, QUESTIONS, HOUSE, 100) == 20
    assert answered(places, SUGGESTIONS, HOUSE, 100) == 60
    assert answered(places, QUESTIONS, SCHOOL, 1) == 1
    asked_each_tenth = dict.fromkeys((QUESTIONS, API), 0)
    for _ in range(600):
        watch.forward(0.1)
        for limit in asked_each_tenth:
            asked_each_tenth[limit] += answered(places, limit, HOUSE, 3)
    assert asked_each_tenth == {QUESTIONS: 300, API: 100}


def test_a_program_that_waits_as_told_reads_on_and_on(places: Table, watch: Clock) -> None:
    began = watch.now
    for _ in range(500):
        while wait := places.seconds_to_wait(API, HOUSE):
            watch.forward(wait)
    assert (watch.now - began) / NANOSECONDS <= 5 * 60


def test_a_clock_that_jumps_locks_nobody_out(places: Table, watch: Clock) -> None:
    watch.forward(60)
    assert answered(places, QUESTIONS, HOUSE, 30) == 20
    for _ in range(2):  # to a moment since the table was begun, and to one before
        watch.forward(-40)
        assert answered(places, QUESTIONS, HOUSE, 1) == 1
    watch.forward(400 * 24 * 60 * 60)
    assert answered(places, QUESTIONS, HOUSE, 30) == 20


def test_more_networks_than_places_forget_who_asked_longest_ago(places: Table, watch: Clock) -> None:
    for number in range(SETS * SLOTS_OF_A_SET * 3):
        assert places.seconds_to_wait(QUESTIONS, f"2001:db8:{number:x}::/56") == 0
        if number % 200 == 0:
            watch.forward(0.001)
            places.seconds_to_wait(QUESTIONS, HOUSE)
    assert answered(places, QUESTIONS, HOUSE, 1) == 0  # used all the while, so never given to another


def test_who_comes_in_the_place_of_another_begins_with_nothing(places: Table, watch: Clock) -> None:
    for number in range(SETS * SLOTS_OF_A_SET):
        answered(places, QUESTIONS, f"198.51.{number // 256}.{number % 256}", 20)
    for number in range(200):
        watch.forward(0.001)
        assert answered(places, QUESTIONS, f"192.0.2.{number}", 30) == 20


# --- nobody is remembered ----------------------------------------------------------------------------------


def test_the_file_does_not_say_who_asked(tmp_path: Path, watch: Clock) -> None:
    path = tmp_path / "places"
    places = Table(path, (QUESTIONS,), SECRET, watch)
    answered(places, QUESTIONS, HOUSE, 3)
    first = path.read_bytes()
    assert HOUSE.encode() not in first and path.stat().st_mode & 0o777 == 0o600
    digest = places._digest(QUESTIONS, HOUSE)
    assert digest.to_bytes(8, "little", signed=True) in first
    watch.forward(24 * 60 * 60)
    answered(places, QUESTIONS, SCHOOL, 1)
    assert places._digest(QUESTIONS, HOUSE) != digest
    assert digest.to_bytes(8, "little", signed=True) not in path.read_bytes()
    assert Table(tmp_path / "other", (QUESTIONS,), b"y" * 32, watch)._digest(QUESTIONS, HOUSE) != digest


@pytest.mark.either_database
def test_any_request_makes_it_forget(limited: InspectingClient, tmp_path: Path) -> None:
    statuses(limited, "/zoeken?q=bang{}", 20)
    places = limited.application.extensions["portal.pace"]
    digest = places._digest(QUESTIONS, HOUSE).to_bytes(8, "little", signed=True)
    assert digest in (tmp_path / layer.FILE).read_bytes()
    places._now.forward(24 * 60 * 60)
    limited.get("/healthz")
    assert digest not in (tmp_path / layer.FILE).read_bytes()


# --- several processes -------------------------------------------------------------------------------------


def test_four_processes_share_one_limit(tmp_path: Path) -> None:
    path, go, results = tmp_path / "places", APART.Event(), APART.SimpleQueue()
    here = Table(path, (SLOW,), SECRET)
    workers = [APART.Process(target=ask, args=(path, 3_000, results, go)) for _ in range(4)]
    for worker in workers:
        worker.start()
    go.set()
    for worker in workers:
        worker.join()
    assert sum(results.get() for _ in workers) == 20
    assert answered(here, SLOW, SCHOOL, 30) == 20


def test_threads_share_one_limit(tmp_path: Path) -> None:
    places = Table(tmp_path / "places", (SLOW,), SECRET)
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda _: answered(places, SLOW, HOUSE, 200), range(8))) == 20


def test_a_fork_shares_the_limit_too(tmp_path: Path) -> None:
    places, results = Table(tmp_path / "places", (SLOW,), SECRET), FORKED.SimpleQueue()
    assert answered(places, SLOW, HOUSE, 5) == 5
    with places._threads:  # a fork must not wait for a thread that it does not have
        workers = [FORKED.Process(target=ask, args=(places, 8, results)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert sum(results.get() for _ in workers) == 15
    assert answered(places, SLOW, HOUSE, 1) == 0


def test_a_process_that_holds_the_table_keeps_nobody_waiting_and_leaves_it_when_it_dies(tmp_path: Path) -> None:
    path, held = tmp_path / "places", APART.Event()
    places = Table(path, (SLOW,), SECRET)
    assert answered(places, SLOW, HOUSE, 20) == 20
    worker = APART.Process(target=hold, args=(path, held))
    worker.start()
    assert held.wait(30)
    with pytest.raises(OSError, match="holds the table"):
        places.seconds_to_wait(SLOW, HOUSE)
    worker.kill()
    worker.join()
    assert places.seconds_to_wait(SLOW, HOUSE) > 0


def test_a_worker_that_is_begun_again_finds_the_table_and_a_new_start_an_empty_one(tmp_path: Path) -> None:
    def by_another_process() -> int:
        results = APART.SimpleQueue()
        worker = APART.Process(target=ask, args=(tmp_path / "places", 30, results))
        worker.start()
        worker.join()
        return results.get()

    assert [by_another_process() for _ in range(2)] == [20, 20]
    places = Table(tmp_path / "places", (SLOW,), SECRET)
    assert answered(places, SLOW, HOUSE, 15) == 15
    assert [by_another_process() for _ in range(2)] == [5, 0]


# --- what visitors get -------------------------------------------------------------------------------------


def limited_app(database: Database, folder: Path, **settings: object) -> Flask:
    url = database.engine.url.render_as_string(hide_password=False)
    app = create_app(
        Settings(database_url=url, data_dir=folder, demonstration=True, **settings),  # type: ignore[arg-type]
        limits_questions=True,
    )
    app.testing = True
    app.test_client_class = InspectingClient
    stop_the_clock(app)
    return app


def stop_the_clock(app: Flask) -> None:
    """Let no place come free by itself."""
    if "portal.pace" in app.extensions:
        app.extensions["portal.pace"]._now = Clock()


@pytest.fixture
def limited(database: Database, tmp_path: Path) -> Iterator[InspectingClient]:
    app = limited_app(database, tmp_path)
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    yield client
    app.extensions["portal.database"].engine.dispose()


def statuses(
    client: FlaskClient, path: str, times: int, address: str = HOUSE, headers: Mapping[str, str] | None = None
) -> Counter[int]:
    """What is answered; with `{}` in the path each time to another question, so that no finished page is sent."""
    asked = {"environ_base": {"REMOTE_ADDR": address}, "headers": headers}
    return Counter(client.get(path.format(number), **asked).status_code for number in range(times))


@pytest.mark.either_database
def test_a_page_says_to_wait_and_whom_to_call(limited: InspectingClient) -> None:
    assert statuses(limited, "/zoeken?q=bang{}", 20) == {200: 20}
    answers = [limited.get(f"/zoeken?q=geheim{lang}", environ_base={"REMOTE_ADDR": HOUSE}) for lang in ("", "&lang=en")]
    for answer, language, words in zip(
        answers, ("nl", "en"), ("Wacht een paar tellen", "Wait a few seconds"), strict=True
    ):
        page = Page(answer.get_data(as_text=True))
        assert answer.status_code == 429 and answer.headers["Retry-After"] == "1"
        assert page.all("html")[0]["lang"] == language and words in page.text and page.problems() == []
        assert answer.headers["Cache-Control"] == "no-store" and "Content-Security-Policy" in answer.headers
    assert answers[0].headers["X-Request-Id"] != answers[1].headers["X-Request-Id"]


@pytest.mark.either_database
def test_the_refusal_repeats_nothing_of_whoever_was_refused_first(limited: InspectingClient) -> None:
    private = {"Cookie": "sign_in=geheim", "Referer": "http://localhost/geheim", "Accept-Language": "geheim"}
    statuses(limited, "/zoeken?q=bang{}", 20)
    first = limited.get("/zoeken?q=geheim&aanbod=geheim", environ_base={"REMOTE_ADDR": HOUSE}, headers=private)
    statuses(limited, "/zoeken?q=bang{}", 20, SCHOOL)
    second = limited.get("/zoeken?q=anders", environ_base={"REMOTE_ADDR": SCHOOL})
    assert (first.status_code, second.status_code) == (429, 429)
    assert b"geheim" not in first.data and second.data == first.data
    assert first.headers["X-Request-Id"].encode() not in first.data


@pytest.mark.either_database
def test_programs_get_problem_details(limited: InspectingClient) -> None:
    assert statuses(limited, "/api/v1/topics?lang=nl&q{}", 25) == {400: 20, 429: 5}
    answer = limited.get("/api/hsds/services?lang=en", environ_base={"REMOTE_ADDR": HOUSE})
    assert answer.status_code == 429 and answer.mimetype == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and int(answer.headers["Retry-After"]) >= 1
    problem = json.loads(answer.data)
    assert problem.pop("detail").startswith("There were very many questions")
    assert problem == {"type": "about:blank", "title": "Too Many Requests", "status": 429}


@pytest.mark.either_database
def test_typing_searching_and_programs_are_counted_apart_and_reading_is_not_counted(limited: InspectingClient) -> None:
    assert statuses(limited, "/zoeken/suggesties?q=a{}", 61) == {200: 60, 429: 1}
    assert statuses(limited, "/zoeken?q=bang{}", 10) == {200: 10}
    assert statuses(limited, "/keuzehulp/uitkomst?leeftijd={}", 12) == {200: 10, 429: 2}
    assert statuses(limited, "/api/v1/topics", 20) == {200: 20}
    for path in ("/", "/aanbieders", "/healthz", "/static/portal.css", "/zoeken/", "/keuzehulp", "/data"):
        assert 429 not in statuses(limited, path, 70)
    refused = limited.head("/zoeken?q=bang", environ_base={"REMOTE_ADDR": HOUSE})
    assert refused.status_code == 429 and refused.data == b""


@pytest.mark.either_database
def test_who_honours_retry_after_is_answered_again(limited: InspectingClient) -> None:
    watch = limited.application.extensions["portal.pace"]._now
    assert statuses(limited, "/zoeken?q=bang{}", 20) == {200: 20}
    assert limited.get("/zoeken?q=weer", environ_base={"REMOTE_ADDR": HOUSE}).headers["Retry-After"] == "1"
    watch.forward(1)
    assert statuses(limited, "/zoeken?q=opnieuw{}", 6) == {200: 5, 429: 1}


@pytest.mark.either_database
def test_a_program_gets_a_hundred_answers_a_minute(limited: InspectingClient) -> None:
    watch = limited.application.extensions["portal.pace"]._now
    for _ in range(5):
        assert statuses(limited, "/api/v1/topics", 21) == {200: 20, 429: 1}
        watch.forward(4)
    assert limited.get("/api/v1/topics", environ_base={"REMOTE_ADDR": HOUSE}).headers["Retry-After"] == "40"
    watch.forward(39)
    assert statuses(limited, "/api/v1/topics", 1) == {429: 1}
    watch.forward(1)
    assert statuses(limited, "/api/v1/topics", 1) == {200: 1}


@pytest.mark.either_database
def test_a_page_that_was_just_made_is_sent_again_without_counting(region_app: Flask, tmp_path: Path) -> None:
    settings = region_app.extensions["portal.settings"]
    app = create_app(
        Settings(database_url=settings.database_url, data_dir=tmp_path, demonstration=True), limits_questions=True
    )
    stop_the_clock(app)
    client = app.test_client()
    same = [client.get("/zoeken?gemeente=Heerlen", environ_base={"REMOTE_ADDR": HOUSE}) for _ in range(50)]
    assert {answer.status_code for answer in same} == {200}
    app.extensions["portal.database"].engine.dispose()


# --- which network -----------------------------------------------------------------------------------------


@pytest.mark.either_database
@pytest.mark.parametrize("proxies", [0, 1])
def test_an_address_that_is_made_up_gains_nothing(database: Database, tmp_path: Path, proxies: int) -> None:
    app = limited_app(database, tmp_path, proxies=proxies)
    client = app.test_client()
    last = f", {HOUSE}" if proxies else ""
    found: Counter[int] = Counter()
    for number in range(25):
        made_up = f"10.0.0.{number}"
        found += statuses(
            client, f"/zoeken?q=bang{number}", 1, "127.0.0.1" if proxies else HOUSE,
            {"X-Forwarded-For": f"{made_up}{last}", "Forwarded": f"for={made_up}", "X-Real-IP": made_up},
        )  # fmt: skip
    assert found == {200: 20, 429: 5}
    other = statuses(client, "/zoeken?q=bang", 1, "127.0.0.1", {"X-Forwarded-For": SCHOOL})
    assert other == {200: 1}  # behind the proxy, or beside it, another network
    app.extensions["portal.database"].engine.dispose()


@pytest.mark.either_database
def test_of_ipv6_a_subscriber_counts_once(limited: InspectingClient) -> None:
    found = sum((statuses(limited, f"/zoeken?q={n}", 1, f"2001:db8:0:aa{n:02x}::{n}") for n in range(25)), Counter())
    assert found == {200: 20, 429: 5}
    assert statuses(limited, "/zoeken?q=bang", 1, "2001:db8:0:ab00::1") == {200: 1}


@pytest.mark.parametrize("path", ["/%2Fzoeken", "/%2F%2Fzoeken"])
def test_slashes_before_a_path_do_not_pass_the_limit(limited: FlaskClient, path: str) -> None:
    found = statuses(limited, path + "?q=bang{}", 30)
    assert found[429] == 10 and sum(found.values()) == 30


@pytest.mark.parametrize("passed_on", ["", '"a, 203.0.113.9', "127.0.0.1"])
def test_what_a_proxy_passes_on_is_never_this_machine(database: Database, tmp_path: Path, passed_on: str) -> None:
    app = limited_app(database, tmp_path, proxies=1)
    found = statuses(app.test_client(), "/zoeken?q=bang{}", 30, "127.0.0.1", {"X-Forwarded-For": passed_on})
    app.extensions["portal.database"].engine.dispose()
    assert found[429] == 10


def test_a_file_that_is_cut_short_stops_nobody(limited: FlaskClient, tmp_path: Path) -> None:
    assert statuses(limited, "/zoeken?q=bang{}", 20) == {200: 20}
    next(tmp_path.rglob(layer.FILE)).write_bytes(b"")
    assert statuses(limited, "/zoeken?q=weer{}", 5) == {200: 5}
    assert limited.get("/").status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_this_machine_is_not_limited(limited: FlaskClient, address: str) -> None:
    assert statuses(limited, "/zoeken?q=bang", QUESTIONS.at_once * 2, address) == {200: QUESTIONS.at_once * 2}


# --- it fails open -----------------------------------------------------------------------------------------


@pytest.mark.either_database
def test_where_there_can_be_no_table_all_are_answered_and_the_log_says_why(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / layer.FILE).mkdir()
    app = limited_app(database, tmp_path)
    assert statuses(app.test_client(), "/zoeken?q=bang{}", 30) == {200: 30}
    told = [line for line in capsys.readouterr().err.splitlines() if "without a limit" in line]
    assert len(told) == 1 and "directory" in json.loads(told[0])["reason"]
    app.extensions["portal.database"].engine.dispose()


@pytest.mark.either_database
def test_where_the_table_cannot_be_locked_all_are_answered_and_the_log_says_why_once(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = limited_app(database, tmp_path)
    held = APART.Event()
    worker = APART.Process(target=hold_without_using, args=(tmp_path / layer.FILE, held))
    worker.start()
    assert held.wait(30)
    assert statuses(app.test_client(), "/zoeken?q=bang{}", 25) == {200: 25}
    worker.kill()
    worker.join()
    told = [line for line in capsys.readouterr().err.splitlines() if "without a limit" in line]
    assert len(told) == 1 and "holds the table" in told[0] and HOUSE not in told[0]
    app.extensions["portal.database"].engine.dispose()


def test_a_table_of_another_shape_in_use_is_left_alone(tmp_path: Path) -> None:
    path, held = tmp_path / "places", APART.Event()
    worker = APART.Process(target=hold, args=(path, held))
    worker.start()
    assert held.wait(30)
    size = path.stat().st_size
    with pytest.raises(OSError, match="another version"):
        Table(path, (QUESTIONS, API), SECRET)
    worker.kill()
    worker.join()
    assert path.stat().st_size == size
    assert answered(Table(path, (QUESTIONS, API), SECRET), QUESTIONS, HOUSE, 30) == 20


@pytest.mark.either_database
def test_the_log_counts_what_was_refused_and_names_nobody(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = limited_app(database, tmp_path)
    statuses(app.test_client(), "/zoeken?q=geheim{}", 120)
    output = capsys.readouterr().err
    told = [json.loads(line) for line in output.splitlines() if "too quickly" in line]
    assert [(line["level"], line["refused"]) for line in told] == [("WARNING", {"questions": 1})]
    assert HOUSE not in output and "geheim" not in output
    app.extensions["portal.database"].engine.dispose()


# --- only where it serves ----------------------------------------------------------------------------------


@pytest.mark.either_database
@pytest.mark.parametrize(("said", "is_limited"), [("yes", True), ("no", False)])
def test_what_serves_visitors_is_limited_unless_the_settings_say_no(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, is_limited: bool
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    given = {"DATA_DIR": str(tmp_path), "DATABASE_URL": url, "DEMONSTRATION": "yes", "QUESTION_LIMITS": said}
    for name, value in given.items():
        monkeypatch.setenv(f"PORTAL_{name}", value)
    app = create_serving_app()
    stop_the_clock(app)
    assert (429 in statuses(app.test_client(), "/zoeken?q=bang{}", 22)) is is_limited
    assert ("PORTAL_QUESTION_LIMITS is off" in app.test_cli_runner().invoke(args=["doctor"]).output) is not is_limited
    app.extensions["portal.database"].engine.dispose()


@pytest.mark.either_database
def test_an_application_that_only_looks_is_not_limited(client: InspectingClient) -> None:
    assert statuses(client, "/zoeken?q=bang{}", 30) == {200: 30}
