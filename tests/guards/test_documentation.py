"""What others rely on is written down: columns, commands, addresses, code lists, tokens; and links lead somewhere."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from portal.app import COMMANDS
from portal.catalogue import codelists
from portal.exchange.columns import TABLES, Table

ROOT = Path(__file__).parents[2]
FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
THEME = (ROOT / "docs" / "theme.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(path for name in ("docs", "benchmarks") for path in (ROOT / name).rglob("*.md"))]
)


def section(heading: str) -> str:
    """What stands in formats.md under `heading`, up to the next heading of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    after = FORMATS.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"^#{{1,{level}}} ", after, maxsplit=1, flags=re.M)[0]


def first_cells(text: str) -> list[tuple[str, ...]]:
    """The rows of the Markdown tables in `text`, cell by cell, without their headers."""
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in text.splitlines() if line[:1] == "|"]
    return [row for row in rows if row[0].startswith("`")]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_of_the_data_package_is_described(table: Table) -> None:
    documented = [
        (name.strip("`"), required == "yes") for name, required, _ in first_cells(section(f"### {table.name}"))
    ]
    assert documented == [(column.name, column.required) for column in table.columns]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_value_and_other_name_of_a_column_is_told(table: Table) -> None:
    told = {row[0].strip("`"): row[2] for row in first_cells(section(f"### {table.name}"))}
    for column in table.columns:
        words = {*(column.choices or ()), *column.aliases}
        assert words <= set(re.findall(r"`([^`]+)`", told[column.name])), column.name


def commands(group: tuple[click.Command, ...], before: str = "portal") -> Iterator[tuple[str, click.Command]]:
    for command in group:
        name = f"{before} {command.name}"
        if isinstance(command, click.Group):
            yield from commands(tuple(command.commands.values()), name)
        else:
            yield name, command


@pytest.mark.parametrize(("name", "command"), list(commands(COMMANDS)))
def test_every_command_is_described_with_its_options(name: str, command: click.Command) -> None:
    rows = first_cells(section("## Commands"))
    own = [" ".join(row) for row in rows if re.match(rf"`{name}[` ]", row[0])]
    assert len(own) == 1
    told = " ".join(own + [row[0] for row in rows])
    options = [parameter.opts[0] for parameter in command.params if isinstance(parameter, click.Option)]
    assert [option for option in options if not re.search(rf"`{option}[` ]", told)] == []


@pytest.mark.either_database
def test_every_address_is_described(region_app: Flask) -> None:
    addresses = {re.sub(r"<\w+:", "<", rule.rule) for rule in region_app.url_map.iter_rules()}
    told = (cell for row in first_cells(section("## Addresses")) for cell in row[:2])
    documented = set(re.findall(r"`(/[^`]*)`", "".join(told)))
    assert documented == addresses


def test_every_code_list_is_described_with_its_columns() -> None:
    described = {
        row[0].strip("`"): re.findall(r"`([^`]+)`", row[1])
        for row in first_cells(section("## Code lists").split("**A region's own rows.**")[0])
    }
    found = {}
    for path in codelists.FOLDER.rglob("*.csv"):
        name = path.name if path.parent == codelists.FOLDER else f"<language>/{path.name}"
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[name] = next(csv.reader(file))
    assert described == found


def test_every_token_of_a_theme_is_described() -> None:
    stylesheet = (ROOT / "static" / "portal.css").read_text(encoding="utf-8")
    tokens = set(re.findall(r"^ +(--[\w-]+):", stylesheet.split(":root {", 1)[1].split("\n}", 1)[0], flags=re.M))
    assert set(re.findall(r"`(--[\w-]+)`", THEME.split("## Tokens", 1)[1])) == tokens


def anchors(document: Path) -> set[str]:
    """The anchors that a reader on the web gives to the headings of `document`."""
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = document.parent / name if name else document
        assert file.exists(), f"{target}: no such file"
        assert not anchor or anchor in anchors(file), f"{target}: no such heading"
