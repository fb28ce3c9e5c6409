"""`portal import` as people and programs use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from portal.core import clock
from portal.core.database import Database
from tests.conftest import make_app
from tests.exchange.packages import everything, sound, write_folder, write_workbook

TODAY = date(2026, 11, 22)
Cli = Callable[..., Result]


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    tables = sound()
    tables["offers"][0]["waiting_weeks_start"] = "ca. 6"
    tables["offers"][0]["topics"] = "iets eigens"
    return write_folder(tmp_path / "spoiled", tables)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "good", sound())


def test_a_good_package_ends_with_0(cli: Cli, good: Path) -> None:
    with clock.frozen(TODAY):
        result = cli("import", str(good))
    assert result.exit_code == 0
    assert "Het pakket is opgeslagen." in result.stdout
    assert "offers: 2 nieuw" in result.stdout


def test_a_check_ends_with_0_and_stores_nothing(cli: Cli, database: Database, good: Path) -> None:
    before = everything(database)
    with clock.frozen(TODAY):
        result = cli("import", str(good), "--check", "--region", "Noord-Limburg")
    assert result.exit_code == 0
    assert "Dit was een controle: er is niets opgeslagen." in result.stdout
    assert "Noord-Limburg" in result.stdout
    assert everything(database) == before


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("nl", "offers, rij 2, waiting_weeks_start: 'ca. 6' is geen getal; schrijf 6"),
        ("en", "offers, row 2, waiting_weeks_start: 'ca. 6' is not a number; write 6"),
    ],
)
def test_errors_end_with_1_and_are_told_in_the_chosen_language(
    cli: Cli, database: Database, spoiled: Path, language: str, line: str
) -> None:
    before = everything(database)
    with clock.frozen(TODAY):
        result = cli("import", str(spoiled), "--lang", language)
    assert result.exit_code == 1
    assert line in result.stdout
    assert everything(database) == before


def test_programs_get_everything_as_json_in_both_languages(cli: Cli, spoiled: Path) -> None:
    with clock.frozen(TODAY):
        result = cli("import", str(spoiled), "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["ok"], report["checked_only"], report["region"]) == (False, False, "Zuid-Limburg")
    assert report["errors"] == [
        {
            "severity": "error", "table": "offers", "row": 2, "column": "waiting_weeks_start", "cell": "",
            "value": "ca. 6",
            "code": "not_a_number",
            "reason": {"nl": "'ca. 6' is geen getal", "en": "'ca. 6' is not a number"},
            "remedy": {"nl": "schrijf 6", "en": "write 6"},
        }
    ]  # fmt: skip
    assert [warning["code"] for warning in report["warnings"]] == ["unknown_topic"]
    assert report["changes"] == {}


def test_json_lists_what_changed(cli: Cli, good: Path) -> None:
    with clock.frozen(TODAY):
        report = json.loads(cli("import", str(good), "--format", "json").stdout)
    assert report["changes"]["methods"] == {
        "added": 1, "changed": 0, "unchanged": 0, "removed": 0,
        "rows": [{"identifier": "geweldloos verzet", "change": "added", "columns": {}}],
    }  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ("import",),
        ("import", "nergens"),
        ("import", "{good}", "--region", "Zuid Limburg"),
        ("import", "{good}", "--format", "xml"),
        ("import", "{good}", "--unknown"),
    ],
)
def test_wrong_use_ends_with_2(cli: Cli, database: Database, good: Path, arguments: tuple[str, ...]) -> None:
    before = everything(database)
    result = cli(*(argument.format(good=good) for argument in arguments))
    assert result.exit_code == 2
    assert result.stderr
    assert everything(database) == before


def test_wrong_use_says_what_was_meant(cli: Cli, good: Path) -> None:
    assert "bedoelt u Zuid-Limburg?" in cli("import", str(good), "--region", "Zuid Limburg").stderr
    assert "nergens" in cli("import", "nergens").stderr


def test_a_long_list_of_problems_is_cut_for_people(cli: Cli, tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"name": f"M{number}", "source": "#REF!"} for number in range(250)]
    folder = write_folder(tmp_path / "x", {"methods": rows})
    result = cli("import", str(folder))
    assert "Fouten: 250" in result.stdout
    assert result.stdout.count("#REF!") == 20
    assert "methods, source: nog 230 keer hetzelfde, van rij 22 tot en met rij 251; in totaal 250" in result.stdout
    report = json.loads(cli("import", str(folder), "--format", "json").stdout)
    assert (len(report["errors"]), report["not_listed"]) == (250, 0)


def test_a_new_region_is_made_only_when_it_is_meant(cli: Cli, good: Path) -> None:
    refused = cli("import", str(good), "--region", "Ergens")
    assert refused.exit_code == 2
    assert "--new-region" in refused.stderr
    with clock.frozen(TODAY):
        assert cli("import", str(good), "--region", "Ergens", "--new-region").exit_code == 0


def test_a_folder_with_one_workbook_says_to_give_the_workbook(cli: Cli, tmp_path: Path) -> None:
    write_workbook(tmp_path / "pakket.xlsx", sound())
    result = cli("import", str(tmp_path))
    assert result.exit_code == 1
    assert "pakket.xlsx" in result.stdout


def test_the_folder_one_stands_in_is_called_by_its_name(cli: Cli, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(good)
    assert "good voor Zuid-Limburg" in cli("import", ".", "--check").stdout


def test_an_installation_that_was_not_made_ready_is_told_how(tmp_path: Path, good: Path) -> None:
    app = make_app(f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path)
    commands = (
        ("import", str(good)),
        ("export", str(tmp_path / "out"), "--as", "csv"),
        ("providers", "merge", "A001", "A002"),
    )
    for command in commands:
        result = app.test_cli_runner().invoke(args=command)
        assert result.exit_code == 2
        assert "portal init" in result.stderr
    app.extensions["portal.database"].engine.dispose()


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("nl", "de database is nog niet klaar; voer uit: portal init"),
        ("en", "the database is not ready; run: portal init"),
    ],
)
def test_a_database_of_another_version_is_told_in_the_chosen_language(
    tmp_path: Path, good: Path, language: str, line: str
) -> None:
    app = make_app(f"sqlite:///{tmp_path}/leeg.sqlite3", tmp_path)
    for command in (["import", str(good)], ["export", str(tmp_path / "uit"), "--as", "csv"]):
        result = app.test_cli_runner().invoke(args=[*command, "--lang", language])
        assert (result.exit_code, line in result.stderr) == (2, True)
    app.extensions["portal.database"].engine.dispose()
