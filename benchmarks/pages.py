"""How many pages a second, beside Flask answering "hello" under the same server in the same run.

    python benchmarks/pages.py [--seconds 8] [--rounds 3] [--workers 2]

Loads the fictional region into a temporary database, starts granian twice (hello, and the portal), and lets wrk
(Debian: apt-get install wrk) ask each in turn. Provider pages are asked at random over all providers; nothing is
cached. Prints requests a second, the ratio to hello of the same round, and the median ratio.
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

ROOT = Path(__file__).parents[1]
LUA = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
math.randomseed(7)
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def served(target: str, workers: int, environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--workers", str(workers),
        "--blocking-threads", "1", "--port", str(port), "--no-log", target,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                urllib.request.urlopen(address + "/", timeout=2).read()  # noqa: S310
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def rate(address: str, paths: list[str], seconds: int, folder: Path) -> float:
    """Requests a second over `paths`; anything but 2xx stops the benchmark."""
    listed = folder / "paths.txt"
    listed.write_text("\n".join(paths), encoding="utf-8")
    script = folder / "paths.lua"
    script.write_text(LUA % listed, encoding="utf-8")
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", str(script), address]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        sys.exit(f"not every answer was 200:\n{output}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])  # type: ignore[index]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is needed (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            "PORTAL_DATA_DIR": name,
            "PORTAL_DEMONSTRATION": "yes",
            "PORTAL_LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
        }
        portal = str(Path(sys.executable).with_name("portal"))
        subprocess.run(
            [portal, "demo", "load"], check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
        )
        with (
            served("benchmarks.hello:create_app", options.workers, environment) as hello,
            served("portal:create_app", options.workers, environment) as site,
        ):
            sitemap = urllib.request.urlopen(site + "/sitemap.xml").read().decode()  # noqa: S310
            providers = re.findall(r"<loc>[^<]*?(/aanbieders/[^<]+)</loc>", sitemap)
            kinds = {
                "provider page": providers,
                "provider page, municipality chosen": [f"{path}?gemeente=Heerlen" for path in providers],
                "home": ["/"],
                "search, filters": [f"/zoeken?gemeente=Heerlen&leeftijd={age}&waar=home" for age in range(4, 18)],
            }
            ratios: dict[str, list[float]] = {kind: [] for kind in kinds}
            print(f"{'':38}{'req/s':>10}{'x hello':>10}")
            for _ in range(options.rounds):
                base = rate(hello, ["/"], options.seconds, folder)
                print(f"{'hello':38}{base:10.0f}{1:10.3f}")
                for kind, paths in kinds.items():
                    found = rate(site, paths, options.seconds, folder)
                    ratios[kind].append(found / base)
                    print(f"{kind:38}{found:10.0f}{found / base:10.3f}")
            for kind, values in ratios.items():
                print(f"median {kind}: {statistics.median(values):.3f} x hello")


if __name__ == "__main__":
    main()
