"""What a page takes of the processor, in one process and without a server, beside Flask answering "hello".

    python -m benchmarks.page_cost [--offers 6000] [--rounds 5]

Makes a catalogue of so many offers and its index (as `benchmarks.search_engine` does), asks the application itself for
pages, no address twice, and prints the least and the median of the milliseconds of the processor that a page took.
Rounds of hello stand between, since times move with what else the machine does. A worker that answers over HTTP takes
some 0.2 ms more for each request, hello too: for requests a second see `benchmarks.pages`.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import hello
from benchmarks.search_engine import TODAY, make_catalogue, questions, rebuild
from portal.core import clock
from portal.serving import create_serving_app

App = Callable[..., Iterable[bytes]]
_numbers = itertools.count()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=6_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder = Path(tempfile.gettempdir()) / "portal-search-benchmark" / str(options.offers)
    os.environ.update(PORTAL_DATA_DIR=str(folder), PORTAL_DEMONSTRATION="yes", PORTAL_LOG_LEVEL="WARNING")
    os.environ["PORTAL_QUESTION_LIMITS"] = "no"
    with clock.frozen(TODAY):
        make_catalogue(folder, options.offers)
        rebuild(folder)
        site, beside = create_serving_app(), hello.create_app()
        sitemap = b"".join(ask(site, "/sitemap.xml", compressed=False)).decode()
        asked = questions()
        kinds: dict[str, tuple[App, list[str]]] = {
            "hello": (beside, ["/"] * 2_000),
            "questions": (site, [f"/zoeken?q={quote(question)}" for question in asked]),
            "questions in a municipality": (site, [f"/zoeken?gemeente=Heerlen&q={quote(q)}" for q in asked]),
            "filters": (site, [f"/zoeken?gemeente=Heerlen&leeftijd={age}&waar=home" for age in range(4, 18)] * 15),
            "provider page": (site, re.findall(r"<loc>[^<]*?(/aanbieders/[^<]+)</loc>", sitemap)),
            "home": (site, ["/"] * 200),
        }
        took: dict[str, list[float]] = {kind: [] for kind in kinds}
        for turn in range(options.rounds + 2):
            for kind, (app, paths) in kinds.items():
                began = time.process_time()
                for path in paths:
                    ask(app, path)
                if turn > 1:  # what a process remembers of the catalogue is part of the program
                    took[kind].append((time.process_time() - began) * 1000 / len(paths))
    for kind, times in took.items():
        print(f"{kind:30} {min(times):8.3f} ms, median {statistics.median(times):.3f}")


def ask(app: App, address: str, compressed: bool = True) -> Iterator[bytes]:
    """The body of the answer, which must be 200."""
    path, _, query = address.partition("?")

    def begin(status: str, _headers: list[tuple[str, str]], _error: Any = None) -> None:
        if not status.startswith("200"):
            sys.exit(f"{address} was answered with {status}")

    body = app(
        {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path,
            "QUERY_STRING": f"{query}&round={next(_numbers)}" if query else "", "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1",
            "HTTP_ACCEPT_ENCODING": "gzip" if compressed else "", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": False,
            "wsgi.multiprocess": True, "wsgi.run_once": False,
        },
        begin,
    )  # fmt: skip
    whole = list(body)
    getattr(body, "close", lambda: None)()
    return iter(whole)


if __name__ == "__main__":
    main()
