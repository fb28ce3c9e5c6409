"""`portal outcomes tally`: client data go in, and nothing but counts comes out."""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.catalogue.codelists import CodeLists
from portal.core import clock
from portal.core.database import Database
from portal.exchange.importing import import_package
from portal.exchange.tally_command import tally_command
from tests.conftest import TODAY
from tests.exchange.packages import csv_text, sound, write_folder, write_workbook

Row = dict[str, object]
Count = Callable[..., tuple[Result, list[dict[str, str]]]]


@pytest.fixture
def count(tmp_path: Path) -> Count:
    """Counts these rows, of provider A001 in `begeleiding` unless they say else."""
    numbers = iter(range(100))

    def count(rows: list[Row], *options: str) -> tuple[Result, list[dict[str, str]]]:
        number = next(numbers)
        usual: Row = {
            "provider_id": "A001", "arrangement": "begeleiding", "framework": "voluntary", "start_date": "2025-01-10",
            "end_date": "2025-09-30", "reason": "01",
        }  # fmt: skip
        source, out = tmp_path / f"trajecten{number}.csv", tmp_path / f"outcomes{number}.csv"
        source.write_text(csv_text([usual | row for row in rows]), encoding="utf-8")
        with clock.frozen(TODAY):
            result = CliRunner().invoke(tally_command, [str(source), "--out", str(out), *options])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result, counted(out) if out.exists() else []

    return count


def counted(out: Path) -> list[dict[str, str]]:
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def short(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    names = ("period", "indicator", "numerator", "denominator", "mean", "n", "invited", "informant")
    return [tuple(row[name] for name in names if row[name]) for row in rows]


@pytest.mark.parametrize(
    ("codes", "dropouts", "ended"),
    [
        ("01 02 03 04 05", 2, 5),
        ("31 32 33 34 35", 2, 5),
        ("31 32 33 34 35 02 20 36 37 38 39", 2, 5),
        ("1 2 3 4 5", 2, 5),
    ],
)
def test_dropout_is_who_one_side_alone_stopped(count: Count, codes: str, dropouts: int, ended: int) -> None:
    _, rows = count([{"reason": code} for code in codes.split()])
    assert short(rows) == [("2025", "dropout", str(dropouts), str(ended), "registration")]


def test_two_lists_in_one_file_are_refused_where_a_code_is_in_both(count: Count) -> None:
    result, rows = count([{"reason": "02"}, {"reason": "32"}, {"reason": "01"}])
    assert (result.exit_code, rows) == (1, [])
    assert "uit twee lijsten" in result.stderr
    assert count([{"reason": "02"}], "--codes", "jz588")[1] == [], "death is no ending of this kind"


def test_answers_and_marks_are_counted_with_the_response(count: Count) -> None:
    _, rows = count(
        [
            {"goals_reached": "yes", "satisfaction": "8", "informant": "parent"},
            {"goals_reached": "ja", "satisfaction": "7", "informant": "ouder"},
            {"goals_reached": "no", "satisfaction": "9,5", "informant": "parent"},
            {"goals_reached": "unknown", "informant": "parent"},
            {"goals_reached": "onbekend", "informant": ""},
        ]
    )
    assert short(rows) == [
        ("2025", "dropout", "0", "5", "registration"),
        ("2025", "goals_reached", "2", "3", "5", "parent"),
        ("2025", "satisfaction", "8,1667", "3", "5", "parent"),
    ]
    assert rows[2]["sd"] == "1,2583"


def test_informants_are_counted_apart(count: Count) -> None:
    _, rows = count([{"without_help": "yes", "informant": who} for who in ("parent", "client", "client")])
    assert short(rows)[1:] == [
        ("2025", "without_help", "2", "2", "client"),
        ("2025", "without_help", "1", "1", "parent"),
    ]


def test_overlapping_help_of_one_form_counts_once_by_its_last_end(count: Count) -> None:
    spans = [
        {"client": "x", "start_date": "2025-01-01", "end_date": "2025-03-31", "reason": "03", "goals_reached": "no"},
        {"client": "x", "start_date": "2025-03-31", "end_date": "2025-06-30", "reason": "01", "goals_reached": "yes"},
        {"client": "x", "start_date": "2025-02-01", "end_date": "2025-02-20", "reason": "04"},
        {"client": "x", "start_date": "2025-08-01", "end_date": "2025-09-01", "reason": "03"},
        {"client": "x", "arrangement": "logeren", "start_date": "2025-02-01", "end_date": "2025-02-20"},
        {"client": "y", "start_date": "2025-02-01", "end_date": "2025-02-20"},
        {"client": "z", "start_date": "2025-01-01", "end_date": "2025-02-01"},
        {"client": "z", "start_date": "2025-01-15", "end_date": ""},
    ]
    result, rows = count(spans)
    assert short([row for row in rows if row["arrangement"] == "begeleiding"]) == [
        ("2025", "dropout", "1", "3", "registration"),
        ("2025", "goals_reached", "1", "1", "3"),
    ]
    assert "3 overlappen" in result.output
    assert "1 lopen nog" in result.output


def test_a_year_that_is_not_over_is_not_counted(count: Count) -> None:
    result, rows = count([{"end_date": "2026-03-01"}, {"end_date": "2025-03-01"}])
    assert [row["period"] for row in rows] == ["2025"]
    assert "1 eindigden in een periode die nog niet voorbij is" in result.output
    assert [row["period"] for row in count([{"end_date": "2026-03-01"}], "--halves")[1]] == ["2026-H1"]


def test_municipalities_only_where_they_are_asked_for(count: Count) -> None:
    rows = [{"municipality": "Heerlen"}, {"municipality": "Kerkrade"}, {"municipality": "Heerlen", "reason": "03"}]
    assert [(r["municipality"], r["numerator"], r["denominator"]) for r in count(rows)[1]] == [("", "1", "3")]
    assert sorted((r["municipality"], r["denominator"]) for r in count(rows, "--by-municipality")[1]) == [
        ("", "3"), ("GM0917", "2"), ("GM0928", "1")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"end_date": "31-02-2025"}, "rij 3, end_date"),
        ({"end_date": "2024-01-01"}, "end_date 2024-01-01 ligt voor start_date 2025-01-10"),
        ({"goals_reached": "misschien"}, "rij 3, goals_reached: 'misschien'"),
        ({"satisfaction": "11"}, "rij 3, satisfaction"),
        ({"reason": "99"}, "rij 3, reason: reden '99' is geen code"),
        ({"framework": ""}, "rij 3, framework"),
        ({"arrangement": "voetbal"}, "rij 3, arrangement: 'voetbal'"),
    ],
    ids=str,
)
def test_a_bad_row_is_named_in_dutch_and_nothing_is_written(count: Count, row: Row, said: str) -> None:
    result, rows = count([{"goals_reached": "yes", "satisfaction": "8"}, row])
    assert (result.exit_code, rows) == (1, [])
    assert said in result.stderr


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    source = tmp_path / "t.csv"
    source.write_text("provider_id,arrangement\nA001,begeleiding\n", encoding="utf-8")
    result = CliRunner().invoke(tally_command, [str(source), "--out", str(tmp_path / "o.csv")])
    assert result.exit_code == 1
    for name in ("framework", "start_date", "end_date", "reason"):
        assert f"kolom {name} ontbreekt" in result.stderr


def test_nothing_that_is_there_is_overwritten(count: Count, tmp_path: Path) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("van mij", encoding="utf-8")
    source = tmp_path / "t.csv"
    source.write_text("x", encoding="utf-8")
    assert CliRunner().invoke(tally_command, [str(source), "--out", str(out)]).exit_code == 2
    assert out.read_text(encoding="utf-8") == "van mij"


def test_what_it_writes_is_what_the_portal_reads(
    count: Count, database: Database, code_lists: CodeLists, tmp_path: Path
) -> None:
    tables = {name: rows for name, rows in sound().items() if name != "outcomes"}
    assert import_package(database, code_lists, write_folder(tmp_path / "a", tables), "Zuid-Limburg", today=TODAY).ok
    folder = tmp_path / "b"
    folder.mkdir()
    count([{"goals_reached": "yes", "satisfaction": "8", "informant": "client", "municipality": "Heerlen"}] * 12,
          "--by-municipality")  # fmt: skip
    (tmp_path / "outcomes0.csv").rename(folder / "outcomes.csv")
    report = import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY)
    assert report.ok, report.as_text("nl")
    assert report.changes["outcomes"].added == 6


def test_a_workbook_is_read_as_well(tmp_path: Path) -> None:
    row = {"provider_id": "A001", "arrangement": "begeleiding", "framework": "voluntary", "start_date": "2025-01-10",
           "end_date": "2025-09-30", "reason": "03"}  # fmt: skip
    book = write_workbook(tmp_path / "t.xlsx", {"trajecten": [row, row]})
    with clock.frozen(TODAY):
        result = CliRunner().invoke(tally_command, [str(book), "--out", str(tmp_path / "o.csv")])
    assert result.exit_code == 0, result.output
    assert short(counted(tmp_path / "o.csv")) == [("2025", "dropout", "2", "2", "registration")]


SECRETS = ("Kanarie-7731", "123456782", "Pietje Puk", "geheime-notitie")


def test_it_leaves_nothing_but_counts(tmp_path: Path) -> None:
    """As a program of its own, in an empty folder, without a way out: then there is one file, and no client in it."""
    folder, temporary = tmp_path / "desk", tmp_path / "tmp"
    folder.mkdir()
    temporary.mkdir()
    rows: list[Row] = [
        {
            "provider_id": "A001", "arrangement": "begeleiding", "framework": "voluntary",
            "start_date": f"2025-01-{day:02}", "end_date": f"2025-07-{day:02}", "reason": "01", "client": SECRETS[0],
            "bsn": SECRETS[1], "naam": SECRETS[2], "opmerking": SECRETS[3], "goals_reached": "yes",
        }
        for day in range(1, 29)
    ]  # fmt: skip
    (folder / "trajecten.csv").write_text(csv_text(rows), encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    program = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise SystemExit('the network was asked for')\n"
        "socket.socket.connect = refuse\n"
        "import sqlalchemy\n"
        "sqlalchemy.create_engine = refuse\n"
        "sys.argv = ['portal', 'outcomes', 'tally', 'trajecten.csv', '--out', 'outcomes.csv']\n"
        "from portal.cli import main\n"
        "main()\n"
    )
    environment = {
        "PATH": os.environ["PATH"], "TMPDIR": str(temporary), "HOME": str(temporary), "PYTHONDONTWRITEBYTECODE": "1",
        "PORTAL_NOT_A_SETTING": "would stop the portal itself",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert {path.name for path in after.keys() - before.keys()} == {"outcomes.csv"}
    assert before.items() <= after.items()
    assert list(temporary.rglob("*")) == []
    told = (folder / "outcomes.csv").read_text(encoding="utf-8-sig") + done.stdout + done.stderr
    assert [secret for secret in SECRETS if secret in told] == []
    assert "2025-0" not in told
    assert "columns that are not read" in done.stderr or "kolommen die niet worden gelezen" in done.stderr


def test_no_socket_is_left_patched() -> None:
    assert socket.socket.connect.__name__ == "connect"
