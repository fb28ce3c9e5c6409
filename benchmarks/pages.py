"""How many pages a second, beside Flask answering "hello" in the same run.

    python -m benchmarks.pages [--seconds 8] [--rounds 3] [--workers 2] [--server gunicorn granian] [--offers 6000]

Loads the fictional region into a temporary database, or makes a catalogue of so many offers (as
`benchmarks.search_engine` does), starts the portal under gunicorn (`pip install --group bench`) and then under granian
(what `portal serve` runs), each beside hello under gunicorn with sync workers (the yardstick, whatever serves the
portal), and lets wrk (Debian: apt-get install wrk) ask each in turn. Provider pages are asked at random over all
providers. Questions are those of the development and fresh sets; a parameter that means nothing makes each address
another, so that no finished page is sent twice, but in the line that says so. What a process remembers of the catalogue
until it changes is part of the program, so a first turn is not counted. Prints requests a second and the ratio to hello
in the same round, then the medians; and the same for requests a second of the processor, which the workers need
whatever else the machine does (Linux only).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks.search_engine import TODAY, make_catalogue, questions
from portal.core import clock

ROOT = Path(__file__).parents[1]
LUA = """
local paths, asked = {}, 0
for line in io.lines("%s") do paths[#paths + 1] = line end
math.randomseed(7)
wrk.headers["Accept-Encoding"] = "gzip"
request = function()
  asked = asked + 1
  local path = paths[math.random(#paths)]
  return wrk.format("GET", %s and path .. "&round=" .. asked or path)
end
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def command_of(server: str, target: str, workers: int, port: int) -> list[str]:
    if server == "gunicorn":
        application = f"{target}()"
        return ["-m", "gunicorn", "--workers", str(workers), "--bind", f"127.0.0.1:{port}", application]
    options = ["--interface", "wsgi", "--factory", "--blocking-threads", "1", "--no-log"]
    return ["-m", "granian", *options, "--workers", str(workers), "--port", str(port), target]


def processor_seconds(address: str) -> float:
    """What the workers behind `address` took of the processor so far."""
    parent = _processes[address]
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[1]) == parent or int(stat.parent.name) == parent:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


_processes: dict[str, int] = {}
"""The process that began the workers, by the address that they serve."""


@contextmanager
def served(server: str, target: str, workers: int, environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *command_of(server, target, workers, port)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _processes[address] = process.pid
        for _ in range(1_200):
            try:
                urllib.request.urlopen(address + "/", timeout=2).read()  # noqa: S310
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def rates(
    address: str, paths: list[str], seconds: int, folder: Path, each_another: bool = False
) -> tuple[float, float]:
    """Requests a second over `paths`, of the clock and of the processor; each made another if so said.

    Anything but 2xx stops the benchmark.
    """
    listed = folder / "paths.txt"
    listed.write_text("\n".join(paths), encoding="utf-8")
    script = folder / "paths.lua"
    script.write_text(LUA % (listed, "true" if each_another else "false"), encoding="utf-8")
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", str(script), address]
    before = processor_seconds(address)
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    took = processor_seconds(address) - before
    if "Non-2xx" in output:
        sys.exit(f"not every answer was 200:\n{output}")
    found = re.search(r"(\d+) requests in[\s\S]*Requests/sec:\s+([\d.]+)", output)
    if found is None:
        sys.exit(f"wrk said something else than expected:\n{output}")
    return float(found[2]), int(found[1]) / took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--server", nargs="+", choices=["gunicorn", "granian"], default=["gunicorn", "granian"])
    parser.add_argument("--offers", type=int)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is needed (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.offers:
            folder = Path(tempfile.gettempdir()) / "portal-search-benchmark" / str(options.offers)
            with clock.frozen(TODAY):
                make_catalogue(folder, options.offers)
        environment = {
            "PORTAL_DATA_DIR": str(folder),
            "PORTAL_DEMONSTRATION": "yes",
            "PORTAL_LOG_LEVEL": "WARNING",
            "PORTAL_QUESTION_LIMITS": "no",
            "PYTHONPATH": str(ROOT),
        }
        portal = str(Path(sys.executable).with_name("portal"))
        command = [portal, "init"] if options.offers else [portal, "demo", "load"]
        subprocess.run(command, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
        for server in options.server:
            compare(server, options, environment, Path(name))


def compare(server: str, options: argparse.Namespace, environment: dict[str, str], folder: Path) -> None:
    with (
        served("gunicorn", "benchmarks.hello:create_app", options.workers, environment) as hello,
        served(server, "portal.serving:create_serving_app", options.workers, environment) as site,
    ):
        sitemap = urllib.request.urlopen(site + "/sitemap.xml").read().decode()  # noqa: S310
        providers = re.findall(r"<loc>[^<]*?(/aanbieders/[^<]+)</loc>", sitemap)
        kinds = {
            "provider page": providers,
            "provider page, municipality chosen": [f"{path}?gemeente=Heerlen" for path in providers],
            "home": ["/"],
            "search, filters": [f"/zoeken?gemeente=Heerlen&leeftijd={age}&waar=home" for age in range(4, 18)],
            "search, questions": [f"/zoeken?q={quote(question)}" for question in questions()],
            "search, questions in a municipality": [f"/zoeken?gemeente=Heerlen&q={quote(q)}" for q in questions()],
            "search, finished pages": [f"/zoeken?q={quote(question)}" for question in questions()[:40]],
        }
        ratios: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
        print(f"{server:38}{'req/s':>10}{'x hello':>10}{'req/cpu s':>12}{'x hello':>10}")
        for turn in range(options.rounds + 1):
            base = rates(hello, ["/"], options.seconds, folder)
            if turn == 0:
                for kind, paths in kinds.items():
                    rates(site, paths, options.seconds, folder, kind.startswith("search"))
                continue
            print(line("hello", base, (1, 1)))
            for kind, paths in kinds.items():
                each_another = kind.startswith("search") and "finished" not in kind
                found = rates(site, paths, options.seconds, folder, each_another)
                ratio = found[0] / base[0], found[1] / base[1]
                ratios[kind].append(ratio)
                print(line(kind, found, ratio))
        for kind, values in ratios.items():
            by_clock, by_processor = (statistics.median(column) for column in zip(*values, strict=True))
            print(f"median under {server}, {kind}: {by_clock:.3f} x hello; of the processor {by_processor:.3f} x hello")


def line(kind: str, found: tuple[float, float], ratio: tuple[float, float]) -> str:
    return f"{kind:38}{found[0]:10.0f}{ratio[0]:10.3f}{found[1]:12.0f}{ratio[1]:10.3f}"


if __name__ == "__main__":
    main()
