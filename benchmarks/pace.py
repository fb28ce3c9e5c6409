"""What the limits on questions cost: a place that is taken, and a question that is refused.

    python -m benchmarks.pace [--times 20000]

Takes places in a table of its own, of networks that were there before and of new ones, and lets the whole application
of the fictional region refuse. Prints microseconds of the processor, the least of five rounds, with a look at what was
asked before the limit counts (`network_of`).
"""

from __future__ import annotations

import argparse
import io
import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.region import loaded_region
from portal.app import create_app
from portal.core.pace.table import Table
from portal.core.pace.types import API, QUESTIONS, SUGGESTIONS
from portal.core.throttle.types import network_of

ROUNDS = 5
_numbers = itertools.count()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20_000)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        moments = itertools.count(1, 1_000_000_000)  # a second between two questions: there is always a place
        table = Table(Path(folder) / "places", (QUESTIONS, SUGGESTIONS, API), b"secret", now=lambda: next(moments))
        networks = itertools.count()
        tell("a place of a network that asked before", times, lambda: table.seconds_to_wait(QUESTIONS, "203.0.113.7"))
        tell("a place of a new network", times, lambda: table.seconds_to_wait(QUESTIONS, f"net {next(networks)}"))
        tell("the network of an IPv4 address", times, lambda: network_of("203.0.113.7"))
        tell("the network of an IPv6 address", times, lambda: network_of("2001:db8:0:ab00::1"))
    with loaded_region() as (loaded, _):
        app = create_app(loaded.extensions["portal.settings"], limits_questions=True)
        for path in ("/zoeken", "/api/v1/topics"):
            while ask(app, path) != "429":
                pass
            tell(f"a refusal of {path}", times // 10, lambda path=path: ask(app, path))  # type: ignore[misc]


def tell(what: str, times: int, do: Callable[[], object]) -> None:
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(times):
            do()
        took.append((time.process_time() - began) / times)
    print(f"{what:42}{min(took) * 1_000_000:8.1f} µs")


def ask(app: Callable[..., object], path: str) -> str:
    """The status of the answer; each question is another, so that no finished page is sent again."""
    told: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": f"q=bang{next(_numbers)}",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "203.0.113.7", "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    app(environ, lambda status, _headers, _error=None: told.append(status.partition(" ")[0]))
    return told[0]


if __name__ == "__main__":
    main()
