"""Attempts are counted exactly, whoever counts them, without anything that tells who made them."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import PIPE

import pytest
from flask import request
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.core.database import Database
from portal.core.keys import Keys
from portal.core.throttle import devices
from portal.core.throttle.models import ThrottleCount, ThrottleSalt
from portal.core.throttle.operations import forget, forgive, give_back, refuse_if_too_many
from portal.core.throttle.types import (
    CODE_ENTRY,
    RESET,
    SECOND_STEP,
    SIGN_IN,
    Limit,
    Scope,
    TooManyAttempts,
    Who,
    network_of,
)
from tests.conftest import make_app

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADDRESS = "203.0.113.77"
NOOR = Who("noor@heerlen.example", ADDRESS)
SECRET = "s" * 40
TODAY = NOON.date()


@pytest.fixture
def keyed(new_database_url: Callable[[], str]) -> Iterator[Database]:
    database = Database(new_database_url(), Keys(SECRET))
    yield database
    database.engine.dispose()


def passes(database: Database, limits: tuple[Limit, ...], who: Who, now: datetime = NOON) -> bool:
    try:
        refuse_if_too_many(database, limits, who, now)
    except TooManyAttempts:
        return False
    return True


def passed(database: Database, limits: tuple[Limit, ...], who: Who, times: int, now: datetime = NOON) -> int:
    return sum(passes(database, limits, who, now) for _ in range(times))


def elsewhere(number: int) -> Who:
    """Somebody who tries the same account from another network each time."""
    return Who(NOOR.account, f"198.51.{number // 256}.{number % 256}")


# --- how many -------------------------------------------------------------------------------------------------


def test_the_limits_are_those_that_were_promised() -> None:
    minutes = {limit.name: (limit.most, limit.within / timedelta(minutes=1)) for limit in (*SIGN_IN, *SECOND_STEP)}
    assert minutes == {
        "sign in, account": (10, 5), "sign in, network": (10, 5), "sign in, everybody": (1_000, 5),
        "second step, 5 minutes": (5, 5), "second step, hour": (20, 60), "second step, day": (50, 24 * 60),
    }  # fmt: skip
    assert (RESET[0].most, RESET[0].within) == (5, timedelta(days=1))
    names = [limit.name for limits in (SIGN_IN, SECOND_STEP, RESET, CODE_ENTRY) for limit in limits]
    assert len(names) == len(set(names))


def test_an_account_is_tried_ten_times_from_wherever(keyed: Database) -> None:
    assert sum(passes(keyed, SIGN_IN, elsewhere(number)) for number in range(30)) == 10


def test_a_network_tries_ten_times_on_whatever_account(keyed: Database) -> None:
    assert sum(passes(keyed, SIGN_IN, Who(f"p{number}@x.example", ADDRESS)) for number in range(30)) == 10


def test_who_is_refused_stops_nobody_else(keyed: Database) -> None:
    assert passed(keyed, SIGN_IN, NOOR, 30) == 10
    assert passes(keyed, SIGN_IN, Who("sem@heerlen.example", "192.0.2.1"))


def test_everybody_together_is_a_limit_too(keyed: Database) -> None:
    everybody = (Limit("everybody", Scope.EVERYBODY, 25, timedelta(minutes=5)),)
    assert sum(passes(keyed, everybody, Who(f"p{n}@x.example", f"198.51.100.{n}")) for n in range(40)) == 25


def test_the_second_step_has_three_limits_that_hold_together(keyed: Database) -> None:
    noor, now, counts = Who(account="7"), NOON, list[int]()
    for _ in range(24 * 12):
        counts.append(0)
        while passes(keyed, SECOND_STEP, noor, now):
            counts[-1] += 1
        now += timedelta(minutes=5, seconds=16)
    per_hour = [sum(counts[start : start + 11]) for start in range(len(counts) - 11)]
    assert max(counts) == 5
    assert max(per_hour) == 20
    assert sum(counts[:270]) == 50  # 270 times 5 minutes and 16 seconds are 23.7 hours


def test_it_says_how_long_to_wait_and_then_lets_pass(keyed: Database) -> None:
    assert passed(keyed, SIGN_IN, NOOR, 10) == 10
    with pytest.raises(TooManyAttempts) as refused:
        refuse_if_too_many(keyed, SIGN_IN, NOOR, NOON + timedelta(seconds=40))
    wait = refused.value.retry_after_seconds
    assert 260 <= wait <= 276
    assert refused.value.retry_after_minutes == 5
    assert not passes(keyed, SIGN_IN, NOOR, NOON + timedelta(seconds=40 + wait - 2))
    assert passes(keyed, SIGN_IN, NOOR, NOON + timedelta(seconds=40 + wait))


def test_being_refused_makes_no_wait_longer(keyed: Database) -> None:
    for second in range(0, 315):
        passes(keyed, SIGN_IN, NOOR, NOON + timedelta(seconds=second))
    assert passes(keyed, SIGN_IN, NOOR, NOON + timedelta(seconds=316))


def test_no_stretch_of_time_ever_holds_more(keyed: Database) -> None:
    limit = Limit("some", Scope.ACCOUNT, 4, timedelta(minutes=5))
    dice = random.Random(7)  # noqa: S311 - the same each time
    now, taken, refused = NOON, [], []
    for _ in range(400):
        now += timedelta(seconds=dice.choice((0, 1, 7, 20, 61, 150)))
        (taken if passes(keyed, (limit,), NOOR, now) else refused).append(now)
    for moment in taken:
        assert sum(moment - limit.within < other <= moment for other in taken) <= limit.most
    assert len(refused) > 50
    for moment in refused:
        assert sum(moment - limit.looks_back < other <= moment for other in taken) >= limit.most


WORKER = """
import sys
from datetime import datetime
from portal.core.database import Database
from portal.core.keys import Keys
from portal.core.throttle.operations import refuse_if_too_many
from portal.core.throttle.types import SIGN_IN, TooManyAttempts, Who

url, secret, now = sys.argv[1:]
database, passed = Database(url, Keys(secret)), 0
database.answers()
print("ready", flush=True)
sys.stdin.readline()
for number in range(15):
    try:
        who = Who("noor@heerlen.example", f"198.51.100.{number}")
        refuse_if_too_many(database, SIGN_IN, who, datetime.fromisoformat(now))
        passed += 1
    except TooManyAttempts:
        pass
print(passed, flush=True)
"""


def test_workers_count_together(keyed: Database) -> None:
    url = keyed.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WORKER, url, SECRET, NOON.isoformat()]
    with ExitStack() as stack:
        workers = [stack.enter_context(subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True)) for _ in range(4)]
        for worker in workers:
            stack.callback(worker.kill)
        # They begin together: else the first to be ready has taken all places before another comes.
        assert [worker.stdout.readline() for worker in workers if worker.stdout] == ["ready\n"] * 4
        for worker in workers:
            assert worker.stdin
            worker.stdin.write("go\n")
            worker.stdin.flush()
        passed = [int(worker.stdout.readline()) for worker in workers if worker.stdout]
    assert sum(passed) == 10


def test_an_attempt_that_succeeded_is_given_back_and_washes_off_no_failure(keyed: Database) -> None:
    for _ in range(50):
        give_back(keyed, refuse_if_too_many(keyed, SIGN_IN, NOOR, NOON))
    assert passed(keyed, SIGN_IN, NOOR, 9) == 9
    counted = refuse_if_too_many(keyed, SIGN_IN, NOOR, NOON)
    give_back(keyed, counted)
    give_back(keyed, counted)
    assert passed(keyed, SIGN_IN, NOOR, 5) <= 2


def test_what_counts_is_not_undone_with_the_request(keyed: Database) -> None:
    with pytest.raises(ZeroDivisionError), keyed.sessions() as session:
        session.execute(text("SELECT 1"))
        refuse_if_too_many(keyed, SIGN_IN, NOOR, NOON)
        1 / 0  # noqa: B018
    assert passed(keyed, SIGN_IN, NOOR, 20) == 9


# --- nobody is locked out -----------------------------------------------------------------------------------------


def test_a_known_device_gets_in_whatever_strangers_do(keyed: Database) -> None:
    token = devices.issue(keyed.keys, NOOR.account, TODAY)
    device = devices.recognised(keyed.keys, NOOR.account, token, TODAY)
    for number in range(10):
        passes(keyed, SIGN_IN, elsewhere(number))
    assert passed(keyed, SIGN_IN, NOOR, 10) == 0
    known = Who(NOOR.account, NOOR.network, device)
    assert passed(keyed, SIGN_IN, known, 30) == 10, "but a device that was stolen guesses no more than a stranger"
    assert passed(keyed, SECOND_STEP, Who("7", device=device), 9) == 5


def test_a_device_spares_no_mailbox(keyed: Database) -> None:
    for number in range(3):
        assert passes(keyed, RESET, Who(NOOR.account, ADDRESS, f"device {number}"))
    assert passed(keyed, RESET, NOOR, 9) == 2


@pytest.mark.parametrize(
    "change", ["another account", "later", "another secret", "altered", "cut", "", "a.b.c", "é.é.é", "."]
)
def test_a_token_that_is_not_ours_makes_no_device(change: str) -> None:
    keys = Keys(SECRET)
    token = devices.issue(keys, "7", TODAY)
    assert devices.recognised(keys, "7", token, TODAY + devices.VALID)
    assert devices.recognised(Keys("n" * 40, (SECRET,)), "7", token, TODAY)
    tried = {
        "another account": (keys, "8", token, TODAY),
        "later": (keys, "7", token, TODAY + devices.VALID + timedelta(days=1)),
        "another secret": (Keys("n" * 40), "7", token, TODAY),
        "altered": (keys, "7", token.replace("2027", "2037"), TODAY),
        "cut": (keys, "7", token[:-1], TODAY),
    }
    assert devices.recognised(*tried.get(change, (keys, "7", change, TODAY))) == ""


def test_whoever_lets_somebody_in_by_hand_forgives(keyed: Database) -> None:
    noor = Who("7")
    assert passed(keyed, SECOND_STEP, noor, 9) == 5
    forgive(keyed, SECOND_STEP, "7")
    assert passed(keyed, SECOND_STEP, noor, 9) == 5


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_a_clock_that_jumped_locks_nobody_out(keyed: Database, jump: timedelta) -> None:
    assert passed(keyed, SIGN_IN, NOOR, 20) == 10
    passed(keyed, SIGN_IN, NOOR, 20, NOON + jump)
    assert passed(keyed, SIGN_IN, NOOR, 20, NOON + timedelta(minutes=6)) == 10


def test_without_a_store_nothing_may_be_tried(keyed: Database) -> None:
    with keyed.engine.begin() as connection:
        connection.execute(text("DROP TABLE throttle_count"))
    with pytest.raises(DBAPIError):
        refuse_if_too_many(keyed, SIGN_IN, NOOR, NOON)


# --- blind ------------------------------------------------------------------------------------------------------


def digests(database: Database) -> set[str]:
    with database.sessions() as session:
        return set(session.scalars(select(ThrottleCount.digest)))


def test_the_same_network_has_another_value_each_day(keyed: Database) -> None:
    network = (SIGN_IN[1],)
    passes(keyed, network, NOOR)
    first = digests(keyed)
    passes(keyed, network, NOOR, NOON + timedelta(days=1))
    second = digests(keyed) - first
    assert (len(first), len(second)) == (1, 1)
    with keyed.sessions() as session:
        assert session.scalars(select(ThrottleSalt.day)).all() == [TODAY + timedelta(days=1)]


def test_the_count_holds_at_midnight_and_the_key_goes_soon_after(keyed: Database) -> None:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert passed(keyed, SIGN_IN, NOOR, 20, midnight - timedelta(minutes=1)) == 10
    other = Who("sem@heerlen.example", ADDRESS)
    assert passed(keyed, SIGN_IN, other, 20, midnight + timedelta(minutes=1)) == 0
    assert passed(keyed, SIGN_IN, other, 20, midnight + timedelta(minutes=6)) == 10
    with keyed.transaction() as session:
        forget(session, midnight + timedelta(hours=3))
        assert session.scalars(select(ThrottleSalt.day)).all() == [midnight.date()]


def test_neither_address_nor_account_is_stored(keyed: Database) -> None:
    for limits in (SIGN_IN, RESET, CODE_ENTRY):
        for who in (NOOR, Who("8", "2001:db8:ab:cd00::/56")):
            passes(keyed, limits, who)
    with keyed.sessions() as session:
        rows = [
            repr(row) for table in (ThrottleCount, ThrottleSalt) for row in session.execute(select(table.__table__))
        ]
    assert len(rows) == 14
    # "2001" alone would now and then stand in a keyed hash by chance.
    for trace in (ADDRESS, "noor", "2001:db8", "heerlen"):
        assert not any(trace in row for row in rows)


def test_nothing_is_kept_longer_than_it_counts(keyed: Database) -> None:
    passes(keyed, SIGN_IN, NOOR)
    passes(keyed, SECOND_STEP, Who("7"))
    for after, left in (
        (timedelta(minutes=5), 6),
        (timedelta(minutes=6), 2),
        (timedelta(hours=2), 1),
        (timedelta(days=2), 0),
    ):
        with keyed.transaction() as session:
            forget(session, NOON + after)
        assert len(digests(keyed)) == left


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.77"),
        ("::ffff:203.0.113.77", "203.0.113.77"),
        ("2001:db8:ab:cd12:1::1", "2001:db8:ab:cd00::/56"),
        ("2001:db8:ab:cdff::9", "2001:db8:ab:cd00::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        (None, "unknown"),
        ("", "unknown"),
        ("203.0.113.77, 1.2.3.4", "unknown"),
        ("<script>", "unknown"),
    ],
)
def test_a_network_is_what_one_subscriber_has(address: str | None, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(("proxies", "seen"), [(0, "203.0.113.77"), (1, "198.51.100.9"), (2, "192.0.2.1")])
def test_an_address_that_a_visitor_makes_up_gains_nothing(
    keyed: Database, tmp_path: Path, proxies: int, seen: str
) -> None:
    app = make_app(keyed.engine.url.render_as_string(hide_password=False), tmp_path, proxies=proxies)
    networks: list[str] = []
    app.before_request(lambda: networks.append(network_of(request.remote_addr)))
    client = app.test_client()
    for made_up in ("10.0.0.1", "10.0.0.2", "10.0.0.3, 10.0.0.4"):
        headers = {"X-Forwarded-For": f"{made_up}, 192.0.2.1, 198.51.100.9", "Forwarded": "for=10.9.9.9",
                   "X-Real-IP": "10.9.9.9", "X-Client-IP": "10.9.9.9"}  # fmt: skip
        client.get("/healthz", headers=headers, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    assert networks == [seen] * 3
    app.extensions["portal.database"].engine.dispose()


def test_the_doctor_warns_where_all_visitors_would_be_one(keyed: Database, tmp_path: Path) -> None:
    url = keyed.engine.url.render_as_string(hide_password=False)
    for proxies, warned in ((0, True), (1, False)):
        app = make_app(url, tmp_path, base_url="https://jeugd.example", proxies=proxies)
        output = app.test_cli_runner().invoke(args=["doctor"]).output
        assert ("PORTAL_PROXIES is 0" in output) is warned
        app.extensions["portal.database"].engine.dispose()


def test_no_limit_remembers_a_network_longer_than_its_key_lasts() -> None:
    with pytest.raises(ValueError):
        Limit("day", Scope.NETWORK, 5, timedelta(days=1))
