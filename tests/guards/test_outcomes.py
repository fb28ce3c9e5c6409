"""What is said of results: four phrases compare, no word makes a ranking, and every number comes from one function."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.inspection import InspectingClient

ROOT = Path(__file__).parents[2]
FORBIDDEN = re.compile(
    r"\b(beste|slechtste|top(?:aanbieder|score|-?\d+)?|nummer (?:een|één|1)|rangorde|ranglijst|ranking|ranked|rank|"
    r"significant\w*|sterren|stars?|best|worst|league)\b|[★☆⭐]",
    re.IGNORECASE,
)
ALLOWED = re.compile(
    "There are no advertisements, no stars and no list of best and worst."  # says that we do not
    # How well an offer fits a question, not how good a provider is.
    "|Fits best|Past het best|fits your words best|fits? your question best|het best past bij uw woorden"
    "|het best bij uw vraag past?"
    # What a family saves, and where something stands on a page.
    '|with the star|The star that puts|icon\\("star"\\)|set star|"star": star|stands on top|at the top of your desk'
)
"""Where such a word says something else."""


def sentences() -> list[tuple[str, str]]:
    """Every string of the interface in Dutch and English, and what the code lists say of indicators."""
    with (ROOT / "translations" / "nl" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        found = []
        for message in read_po(file, locale="nl"):
            english = message.id if isinstance(message.id, tuple | list) else (message.id,)
            dutch = message.string if isinstance(message.string, tuple) else (message.string,)
            is_allowed = any(ALLOWED.fullmatch(text) for text in english)
            found += [("messages.po", ALLOWED.sub("", text)) for text in (*english, *dutch) if text and not is_allowed]
    for path in (ROOT / "portal" / "catalogue" / "codelists").rglob("indicators.csv"):
        with path.open(encoding="utf-8", newline="") as csv_file:
            found += [(path.name, " ".join(row.values())) for row in csv.DictReader(csv_file)]
    return found


def test_no_string_ranks_anybody() -> None:
    assert len(sentences()) > 1_000
    found = [(place, text) for place, text in sentences() if FORBIDDEN.search(text)]
    assert found == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: p.name)
def test_no_template_ranks_anybody(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    shown = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    assert FORBIDDEN.findall(ALLOWED.sub("", shown)) == []


@pytest.mark.parametrize(
    "path",
    [
        "/resultaten",
        "/aanbieders/stap-voor-stoep",
        "/aanbieders/stichting-kiezelpad",
        "/aanbieders/stichting-parelduiker",
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.either_database
def test_no_served_page_ranks_anybody(region: InspectingClient, path: str, language: str) -> None:
    page = region.page(f"{path}?lang={language}")
    assert FORBIDDEN.findall(page.text) == []


READ_COUNTS = {
    "portal/outcomes/models.py", "portal/outcomes/operations.py", "portal/outcomes/queries.py",
    "portal/exchange/stored.py", "portal/exchange/undoing.py", "portal/demo/figures.py",
}  # fmt: skip
"""The only modules that know the table of counts as delivered: the import and its undoing, what makes figures of it,
and the calendar of deliveries, which counts providers."""


def test_nobody_else_reads_counts_as_delivered() -> None:
    found = set()
    for path in (ROOT / "portal").rglob("*.py"):
        names = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module == "portal.outcomes.models"
            for alias in node.names
        }
        if names & {"Measurement", "Publication"}:
            found.add(str(path.relative_to(ROOT)))
    assert found | {"portal/outcomes/models.py"} == READ_COUNTS


def test_only_desks_ask_who_looks_at_figures() -> None:
    """What is not public never comes onto a page that everybody gets: no public page knows who is signed in."""
    found = {
        path.relative_to(ROOT).parts[:2]
        for path in (ROOT / "portal").rglob("*.py")
        if "portal.outcomes.viewers" in path.read_text(encoding="utf-8")
    }
    assert found == {("portal", "desks")}
    for path in (ROOT / "portal").rglob("routes.py"):
        text = path.read_text(encoding="utf-8")
        is_public = "public(Blueprint(" in text
        assert not (is_public and "current_visitor" in text), path
