"""Two hundred hostile questions: how long each takes and whether any breaks the page.

    python -m benchmarks.hostile_queries [--seconds 15]

Wildcards, brackets, operators, endless words and the like, each asked of the whole page on the fictional region.
The bar is 300 ms a question and no answer of 500 or above.

Then two workers serve that region (granian, as `portal serve`), and a few visitors read, each from an address of its
own (127.0.0.x): each asks an ordinary question and thinks a while. Their waiting is measured for so many seconds alone,
and beside twenty others who each send a question every second, all at the same moment: ordinary ones from twenty
addresses, hostile ones from one address, of which the portal answers what its limits let through, and hostile ones from
twenty. The bar is that hostile ones from one address do not double the p95 of visitors alone; the other two say what
any twenty visitors at once would do. Needs a system where every 127.x.x.x is the own machine (Linux).
"""

from __future__ import annotations

import argparse
import itertools
import re
import resource
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from urllib.parse import quote

from flask import Flask

from benchmarks import search_engine
from benchmarks.pages import served
from benchmarks.region import loaded_region

LIMIT_MS = 300
READERS, READING_SECONDS = 4, 0.25
AT_ONCE, PAUSE_SECONDS = 20, 1.0


def questions() -> list[str]:
    pieces = [
        *("*a* ", "* ", "?* ", "[a TO z] ", "NOT ", "( ", ") ", '"', "AND OR NOT ", "a^1e308 ", "name:x ", "~2 "),
        *("' OR 1=1 -- ", "% _ ", "\\ ", "<script> ", "{{7*7}} ", "${x} ", "\u202e", "e\u0301", "𝔞", "🙈 ", "ß", "\t"),
        *("a", "ab ", "angst ", "schoolweigering ", "gezinsbegeleidingsovereenkomst", "niet ", "12 jaar "),
        *("ﷺ", "in Heerlen ", "zzzzqx ", "aeiou", "-", "é "),
    ]
    return [piece * times for piece in pieces for times in (1, 30, 100, 250, 500, 1000)][:204]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    with loaded_region() as (app, _):
        one_by_one(app)
        twenty_at_once(app, options.seconds)


def one_by_one(app: Flask) -> None:
    client = app.test_client()
    client.get("/zoeken?q=warm")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answers: list[tuple[float, str, int]] = []
    for question in questions():
        began = time.perf_counter()
        status = client.get(address_of(question)).status_code
        answers.append(((time.perf_counter() - began) * 1000, re.sub(r"\s+", " ", question[:30]), status))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    broken = sum(status >= 500 for _, _, status in answers)
    over = sum(milliseconds > LIMIT_MS for milliseconds, _, _ in answers)
    print(f"{len(answers)} questions; broken {broken}; over {LIMIT_MS} ms {over}; memory grown {grown:.0f} MB")
    for milliseconds, question, status in sorted(answers, reverse=True)[:5]:
        print(f"  {milliseconds:6.1f} ms  {status}  {question!r}")


def twenty_at_once(app: Flask, seconds: float) -> None:
    environment = {
        "PORTAL_DATA_DIR": str(app.extensions["portal.settings"].data_dir),
        "PORTAL_DEMONSTRATION": "yes",
        "PORTAL_LOG_LEVEL": "ERROR",
    }
    ordinary, hostile = list(search_engine.questions()), questions()
    with served("granian", "portal.serving:create_serving_app", 2, environment) as site:
        for question in ordinary:
            waited(site, question, f"127.0.1.{next(_numbers) % 250}")
        many = [f"127.0.0.{100 + number}" for number in range(AT_ONCE)]
        beside: dict[str, tuple[Sequence[str], Sequence[str]]] = {
            "alone": ((), many),
            "beside 20 ordinary from 20 addresses": (ordinary, many),
            "beside 20 hostile from one address": (hostile, many[:1] * AT_ONCE),
            "beside 20 hostile from 20 addresses": (hostile, many),
        }
        for kind, (sent, addresses) in beside.items():
            with crowd(site, sent, addresses) as answers:
                times = sorted(read_for(site, ordinary, seconds))
            p95 = times[int(len(times) * 0.95)]
            told = f"{len(times)} answers to visitors {kind}: p50 {statistics.median(times):.0f} ms, p95 {p95:.0f} ms"
            print(f"{told}; of the others {answers[200]} answered, {answers[429]} too quick, {answers[400]} unreadable")


_numbers = itertools.count()


def address_of(question: str) -> str:
    return f"/zoeken?q={quote(question)[:3900]}"


def waited(site: str, question: str, source: str, answers: Counter[int] | None = None) -> float:
    """The milliseconds until a page came whole to this address; each is another, so that no finished page is sent."""
    began = time.perf_counter()
    connection = HTTPConnection(site.removeprefix("http://"), timeout=60, source_address=(source, 0))
    try:
        connection.request("GET", f"{address_of(question)}&round={next(_numbers)}")
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answers is not None:
        answers[answer.status] += 1
    elif answer.status != 200:
        raise SystemExit(f"a visitor got {answer.status}")
    return (time.perf_counter() - began) * 1000


def read_for(site: str, asked: Sequence[str], seconds: float) -> list[float]:
    """What visitors wait who read for a while after each answer."""
    times: list[float] = []
    until = time.monotonic() + seconds

    def read(own: Sequence[str], source: str) -> None:
        for question in itertools.cycle(own):
            if time.monotonic() > until:
                return
            times.append(waited(site, question, source))
            time.sleep(READING_SECONDS)

    run([partial(read, asked[number::READERS], f"127.0.0.{10 + number}") for number in range(READERS)])
    return times


@contextmanager
def crowd(site: str, asked: Sequence[str], addresses: Sequence[str]) -> Iterator[Counter[int]]:
    """Twenty who send a question all at the same moment, again and again; nobody where there is nothing to ask.

    Gives how many of them got which status.
    """
    answers: Counter[int] = Counter()
    stopped = threading.Event()
    moment = threading.Barrier(AT_ONCE)

    def send(own: Sequence[str], source: str) -> None:
        for question in itertools.cycle(own):
            try:
                moment.wait(timeout=60)
            except threading.BrokenBarrierError:
                return
            if stopped.is_set():
                moment.abort()
                return
            waited(site, question, source, answers)
            time.sleep(PAUSE_SECONDS)

    senders = [
        threading.Thread(target=send, args=(asked[number::AT_ONCE], source))
        for number, source in enumerate(addresses)
        if asked
    ]
    for sender in senders:
        sender.start()
    try:
        yield answers
    finally:
        stopped.set()
        for sender in senders:
            sender.join()


def run(readers: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=reader) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
