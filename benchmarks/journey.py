"""Journey 1 on a slow phone: how long until each page is useful.

    python -m benchmarks.journey [--script no]

Serves the fictional region as `portal serve` does and walks the first journey (ask, narrow, look at two, save three,
compare, make the sheet) in Chromium at 360 pixels, with a round trip of 400 ms, 400 kbit/s and a processor four times
slower (DevTools protocol). A page is useful when its whole document was read and something of it was painted, counted
from the beginning of the navigation. The handshakes of TCP and TLS are not modelled. Prints each step with its time,
beside the goal: the first page within 3 s, every next one within 2 s.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.pages import ROOT, served

FIRST_SECONDS, NEXT_SECONDS = 3.0, 2.0
PHONE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER = 4
QUESTION = "mijn dochter van 13 in Heerlen wil niet naar school"
USEFUL = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  return page.domInteractive && painted ? Math.max(page.domInteractive, painted.startTime) / 1000 : 0;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--script", choices=("yes", "no"), default="yes", help="whether the phone runs scripts")
    has_script = parser.parse_args().script == "yes"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("Chromium is needed (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PORTAL_DATA_DIR": folder, "PORTAL_DEMONSTRATION": "yes", "PORTAL_LOG_LEVEL": "WARNING"}
        environment["PYTHONPATH"] = str(ROOT)
        portal = str(Path(sys.executable).with_name("portal"))
        subprocess.run([portal, "demo", "load"], check=True, env={**os.environ, **environment})
        with (
            served("granian", "portal.serving:create_serving_app", 2, environment) as site,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            for _ in range(2):  # what a process remembers until the catalogue changes is part of the program
                context = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=has_script)
                page = context.new_page()
                times = walk(page, site, has_script)
                context.close()
            browser.close()
    for number, (step, seconds) in enumerate(times):
        goal = NEXT_SECONDS if number else FIRST_SECONDS
        print(f"{seconds:6.2f} s  {step:34} {'within' if seconds <= goal else 'OVER'} {goal:.0f} s")


def walk(page: Page, site: str, has_script: bool) -> list[tuple[str, float]]:
    """The journey, step by step, with the seconds until each page was useful."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", PHONE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    times: list[tuple[str, float]] = []

    def useful(step: str) -> None:
        page.wait_for_load_state("load")
        page.wait_for_timeout(300)
        times.append((step, float(page.evaluate(USEFUL))))

    page.goto(site + "/")
    useful("home, first visit")
    page.locator("#q").fill(QUESTION)
    page.locator("#q").press("Enter")
    page.wait_for_url("**/zoeken?*")
    useful("what fits the question")
    page.locator(".portal-chip--add").first.click()
    page.wait_for_url("**waar=home*")
    useful("narrowed to help at home")
    for number in range(2):
        page.locator("article").nth(number).get_by_role("link").nth(1).click()
        page.wait_for_url("**/aanbod/**")
        useful(f"an offer ({number + 1})")
        if has_script:
            page.locator("[data-save]").first.click()
        page.go_back()
    if not has_script:
        page.locator("[data-save]").nth(0).click()
        useful("saved, without script")
        page.get_by_role("link", name="Zoek verder").click()
        useful("back to the search")
    page.locator("article [data-save]").nth(2).click()
    if has_script:
        page.get_by_role("link", name="Vergelijk", exact=True).click()
    else:
        useful("saved another")
        page.get_by_role("link", name="Vergelijk ze").click()
    page.wait_for_url("**/vergelijken?*")
    useful("side by side")
    page.get_by_role("link", name="Naar mijn lijst").click()
    page.wait_for_url("**/mijn-lijst?*")
    useful("the list and its sheet")
    page.goto(site + "/keuzehulp")
    useful("help to choose")
    page.locator("#vraag-q").fill(QUESTION)
    page.get_by_role("button", name="Toon wat past").first.click()
    page.wait_for_url("**/uitkomst?*")
    useful("what fits the answers")
    return times


if __name__ == "__main__":
    main()
