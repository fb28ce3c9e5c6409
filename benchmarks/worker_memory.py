"""What a web worker holds in memory, step by step, until it answered all kinds of pages. Linux only.

    python -m benchmarks.worker_memory [--offers 6000] [--workers 2]

Makes a catalogue of so many offers and its index (as `benchmarks.search_engine` does), starts `portal serve`, and asks
each of its workers for every page of a step, over a connection of its own: the questions of the development and fresh
sets, without and with a municipality; filters; every provider page; home. After each step it prints the proportional
share of memory (PSS) of each worker: what processes have in common counts for a part in each. The last lines tell the
same of the process that began them, and what a worker has for itself alone.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks.pages import ROOT, free_port
from benchmarks.search_engine import TODAY, make_catalogue, questions, rebuild
from portal.core import clock

LONGEST_START_SECONDS = 120
MOST_CONNECTIONS = 200
"""So many are opened until each worker has one."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=6_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    folder = Path(tempfile.gettempdir()) / "portal-search-benchmark" / str(options.offers)
    with clock.frozen(TODAY):
        make_catalogue(folder, options.offers)
    if not (folder / "index").exists():
        with clock.frozen(TODAY):
            rebuild(folder)
    port = free_port()
    with serving(folder, port, options.workers) as parent:
        connections = one_to_each(parent, port, options.workers)
        print(f"{'MB (PSS) of each worker':34}" + "".join(f"{f'worker {n + 1}':>10}" for n in range(len(connections))))
        tell("started", connections)
        for step, paths in steps(next(iter(connections.values()))).items():
            for path in paths:  # in turns: a connection that is idle for long is closed
                for connection in connections.values():
                    ask(connection, path)
            tell(f"{step} ({len(paths)})", connections)
        print(f"{'of these alone its own':34}" + "".join(f"{own(pid):10.0f}" for pid in connections))
        print(f"the process that began them {share(parent):.0f}, all together {share(parent, *connections):.0f}")


def steps(connection: http.client.HTTPConnection) -> Mapping[str, Sequence[str]]:
    """The addresses of each step; no question twice."""
    asked = [quote(question) for question in questions()]
    providers = re.findall(r"<loc>[^<]*?(/aanbieders/[^<]+)</loc>", ask(connection, "/sitemap.xml").decode())
    return {
        "questions": [f"/zoeken?q={question}" for question in asked],
        "questions in a municipality": [f"/zoeken?gemeente=Heerlen&q={question}" for question in asked],
        "filters": [f"/zoeken?gemeente=Heerlen&leeftijd={age}&waar=home" for age in range(4, 18)],
        "provider pages": providers,
        "home": ["/"],
    }


@contextmanager
def serving(folder: Path, port: int, workers: int) -> Iterator[int]:
    """`portal serve` on this catalogue; gives the number of its process when it answers."""
    portal = str(Path(sys.executable).with_name("portal"))
    environment = {
        **os.environ, "PORTAL_DATA_DIR": str(folder), "PORTAL_DEMONSTRATION": "yes", "PORTAL_LOG_LEVEL": "WARNING",
        "PORTAL_WORKERS": str(workers), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    subprocess.run([portal, "init"], check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    process = subprocess.Popen([portal, "serve", "--port", str(port)], cwd=ROOT, env=environment)
    try:
        until = time.monotonic() + LONGEST_START_SECONDS
        while True:
            try:
                ask(http.client.HTTPConnection("127.0.0.1", port), "/")
                break
            except OSError:
                if time.monotonic() > until:
                    sys.exit("portal serve does not answer")
                time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def one_to_each(parent: int, port: int, workers: int) -> dict[int, http.client.HTTPConnection]:
    """A connection to each worker, by the number of its process."""
    found: dict[int, http.client.HTTPConnection] = {}
    spare = []  # kept open, so that the next does not come to the same worker for being the only one that is free
    until = time.monotonic() + LONGEST_START_SECONDS
    while len(found) < workers and time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        ask(connection, "/")
        worker = answering(connection, children_of(parent))
        if worker in found or worker is None:
            spare.append(connection)
        else:
            found[worker] = connection
        if len(spare) > MOST_CONNECTIONS:
            spare.pop(0).close()
            time.sleep(0.1)  # a worker may still be starting
    for connection in spare:
        connection.close()
    if len(found) < workers:
        sys.exit("not every worker answers")
    return dict(sorted(found.items()))


def answering(connection: http.client.HTTPConnection, processes: Sequence[int]) -> int | None:
    """Which of these processes holds the other end of a connection."""
    ours, theirs = connection.sock.getsockname()[1], connection.port
    wanted = f":{theirs:04X}", f":{ours:04X}"
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(wanted[0]) and fields[2].endswith(wanted[1]):
            socket = f"socket:[{fields[9]}]"
            for process in processes:
                if any(held(file) == socket for file in Path(f"/proc/{process}/fd").iterdir()):
                    return process
    return None


def held(file: Path) -> str:
    try:
        return str(file.readlink())
    except OSError:
        return ""  # it was closed meanwhile


def children_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(child) for task in children for child in task.read_text(encoding="ascii").split()]


def ask(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.client.OK:
        sys.exit(f"{path} was answered with {answer.status}")
    return body


def tell(step: str, workers: Mapping[int, http.client.HTTPConnection]) -> None:
    print(f"{step:34}" + "".join(f"{share(pid):10.0f}" for pid in workers), flush=True)


def share(*processes: int) -> float:
    """The proportional share of these processes in MB, together."""
    return sum(rollup(process)["Pss"] for process in processes)


def own(process: int) -> float:
    """What no other process has, in MB."""
    figures = rollup(process)
    return figures["Private_Clean"] + figures["Private_Dirty"]


def rollup(process: int) -> dict[str, float]:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    return {name: int(amount.split()[0]) * 1024 / 1e6 for name, _, amount in (line.partition(":") for line in lines)}


if __name__ == "__main__":
    main()
