"""What leaves the portal: all that is public, nothing that is not, and in a form that comes back unchanged."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Location, Offer, Provider, Region
from portal.catalogue.types import LocationKind
from portal.core import clock
from portal.core.database import Database
from portal.core.formulas import guard
from portal.exchange import export
from portal.exchange.columns import TABLES
from portal.exchange.export import data_package
from portal.exchange.export_command import export_command
from portal.exchange.hsds_export import hsds_package
from portal.exchange.importing import import_package
from portal.exchange.queries import RegionCatalogue
from portal.exchange.report import Report
from tests.conftest import TODAY

FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
FORMATS = {"csv": "region", "zip": "region.zip", "xlsx": "region.xlsx"}
KINDS = {"csv": "csv", "zip": "csv", "xlsx": "xlsx"}

Rows = Sequence[Mapping[str, object]]
Export = Callable[..., Result]


def write_rows(folder: Path, **tables: Rows) -> Path:
    """A data package of our own making."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(column for row in rows for column in row)), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def provider(identifier: str = "A1", **values: object) -> dict[str, object]:
    return {"provider_id": identifier, "name": f"Aanbieder {identifier}", **values}


def offer(identifier: str = "A1-1", owner: str = "A1", **values: object) -> dict[str, object]:
    return {
        "offer_id": identifier, "provider_id": owner, "name": "Hulp thuis", "arrangement": "begeleiding",
        "description": "Wij komen bij u thuis.", **values,
    }  # fmt: skip


def location(identifier: str, owner: str = "A1", **values: object) -> dict[str, object]:
    return {
        "location_id": identifier, "provider_id": owner, "kind": "office", "municipality": "Heerlen", **values,
    }  # fmt: skip


def is_unchanged(report: Report) -> bool:
    assert report.ok, report.as_text("en")
    return not any(changes.is_change for changes in report.changes.values())


@pytest.fixture
def load(database: Database, code_lists: CodeLists) -> Callable[[Path], Report]:
    """Imports a package into the database under test."""
    return lambda path: import_package(database, code_lists, path, "Zuid-Limburg", today=TODAY)


@pytest.fixture
def run(app: Flask) -> Iterator[Export]:
    """Runs `portal export` on the database under test, on TODAY."""
    with clock.frozen(TODAY):
        yield lambda *arguments: app.test_cli_runner().invoke(export_command, [str(a) for a in arguments])


def contents(path: Path) -> Iterator[tuple[str, str]]:
    """The text of everything in a file or folder, unpacked."""
    if path.is_dir():
        for file in path.iterdir():
            yield from contents(file)
    elif path.suffix in {".zip", ".xlsx"}:
        with ZipFile(path) as archive:
            yield from ((name, archive.read(name).decode("utf-8")) for name in archive.namelist())
    else:
        yield path.name, path.read_text(encoding="utf-8")


# --- it comes back unchanged -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_the_whole_region_comes_back_unchanged(
    form: str, region_app: Flask, code_lists: CodeLists, tmp_path: Path
) -> None:
    path = tmp_path / FORMATS[form]
    with clock.frozen(TODAY):
        result = region_app.test_cli_runner().invoke(export_command, [str(path), "--as", KINDS[form]])
    assert result.exit_code == 0, result.output
    database: Database = region_app.extensions["portal.database"]
    report = import_package(database, code_lists, path, "Zuid-Limburg", today=TODAY, check_only=True)
    assert is_unchanged(report)
    assert set(report.changes) == set(TABLES) - {"outcomes"}
    with database.sessions() as session:
        assert report.changes["providers"].unchanged == len(session.scalars(select(Provider.id)).all())


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_fills_an_empty_portal_that_exports_the_same(
    form: str, region_app: Flask, run: Export, load: Callable[[Path], Report], tmp_path: Path
) -> None:
    first, second = tmp_path / FORMATS[form], tmp_path / "again"
    with clock.frozen(TODAY):
        region_app.test_cli_runner().invoke(export_command, [str(first), "--as", KINDS[form]])
        region_app.test_cli_runner().invoke(export_command, [str(tmp_path / "original"), "--as", "csv"])
    report = load(first)
    assert report.ok, report.as_text("en")
    assert run(second, "--as", "csv").exit_code == 0
    assert dict(contents(second)) == dict(contents(tmp_path / "original"))


STARTS = ("=1+1", '=HYPERLINK("http://evil.example";"x")', "=cmd|' /C calc'!A0", "+1", "+31 6 12345678", "-1", "-2+3",
          "@SUM(A1)", "@", "=", "+", "-", "＝1+1", "＋1", "－1", "＠SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1",
          "'=1+1", "''=1+1", "'", "''", "'quoted'", "'s Gravenhof", "'t Nest", "'+31", "'-", "'@x")  # fmt: skip
HOSTILE = (
    *STARTS,
    *('"', '""', '"=1+1"', 'zegt "hallo"', '";"', ",;\t|", "a;b,c", "a\nb", "a\r\nb\rc", "\n\n", "a\n=1+1", "\\N", "\\",
      "007", "1e5", "1.234,5", "12-05", "3-5", "31-01-2026", "TRUE", "ja", "NULL", "None", "nan", "0",
      "x" * 19_999, "é" * 5_000, "👨‍👩‍👧" * 2_000,
      "שלום", "\u202eomgekeerd", "e\u0301", "ﬁ", "\u00a0harde spatie\u00a0",
      "\u200bnul breed", "bel\x07", "\x1b[31mrood", "\x0bverticaal", "delete\x7f",
      "_x0041_", "_x000D_", "_x005F_x0041_",
      "<b>vet</b>", "<![CDATA[x]]>", "&amp;", "&#x41;", "]]>", "{{ 7*7 }}", "%(name)s", "${jndi:ldap://x}",
      "'; DROP TABLE provider; --", "#N/B niet", "sep=;", "﻿bom", "  spaties  "),
)  # fmt: skip


def test_hostile_cells_come_back_unchanged_and_are_no_formulas(
    run: Export, load: Callable[[Path], Report], database: Database, tmp_path: Path
) -> None:
    assert len(HOSTILE) >= 60
    package = write_rows(
        tmp_path / "package",
        providers=[
            provider(
                f"A{n:03}", name=guard(f"{text[:150]}.") or "x", about=guard(text), quality_marks=guard(text[:150])
            )
            for n, text in enumerate(HOSTILE)
        ],
        locations=[location(f"L{n}", f"A{n:03}", name=guard(text[:150])) for n, text in enumerate(HOSTILE)],
        offers=[
            offer(f"O{n}", f"A{n:03}", approach=guard(text), topics=guard(text[:150]), methods=guard(text[:150]))
            for n, text in enumerate(HOSTILE)
        ],
        methods=[{"name": f"Methode {n}", "explanation": guard(text)} for n, text in enumerate(HOSTILE)],
    )
    report = load(package)
    assert report.ok, report.as_text("en")
    with database.sessions() as session:
        about = list(session.scalars(select(Provider.about).order_by(Provider.identifier)))
    for text in ("=1+1", "'=1+1", "''=1+1", "'t Nest", "+31 6 12345678", "＝1+1", "_x0041_", "x" * 19_999, "a\n=1+1"):
        assert about[HOSTILE.index(text)] == text, "the test must store what it is about"

    for form, name in FORMATS.items():
        path = tmp_path / name
        assert run(path, "--as", KINDS[form]).exit_code == 0
        assert is_unchanged(load(path)), form
    assert run(tmp_path / "hsds", "--as", "hsds").exit_code == 0
    for folder in ("region", "hsds"):
        for file in (tmp_path / folder).glob("*.csv"):
            with file.open(encoding="utf-8-sig", newline="") as lines:
                for row in csv.reader(lines, delimiter=";" if folder == "region" else ","):
                    assert not [cell for cell in row if cell.startswith(FORMULA_STARTS)], (file.name, row)
    book = openpyxl.load_workbook(tmp_path / "region.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "@")))


def test_a_text_too_long_for_a_workbook_is_not_cut_off(
    run: Export, load: Callable[[Path], Report], tmp_path: Path
) -> None:
    topics = ";".join(f"{n:04}{'x' * 190}" for n in range(180))
    load(write_rows(tmp_path / "package", providers=[provider()], offers=[offer(topics=topics)]))
    result = run(tmp_path / "region.xlsx", "--as", "xlsx", "--lang", "en")
    assert result.exit_code == 2
    assert "too long for a workbook" in result.output
    assert not (tmp_path / "region.xlsx").exists()
    assert run(tmp_path / "region", "--as", "csv").exit_code == 0
    assert is_unchanged(load(tmp_path / "region"))


# --- what is public --------------------------------------------------------------------------------------

SECRETS = (
    "Het Verborgen Huis",
    "Geheimelaan",
    "77bis",
    "6411 ZQ",
    "6411ZQ",
    "Welten-Zuid",
    "50.123",
    "50,123",
    "5.987",
)


@pytest.mark.parametrize("confidential", ["yes", ""])
def test_a_confidential_address_is_in_no_export(
    confidential: str, run: Export, load: Callable[[Path], Report], tmp_path: Path
) -> None:
    secret = location(
        "L1", kind="family_home", name="Het Verborgen Huis", street="Geheimelaan", house_number="77bis",
        postcode="6411 ZQ", city="Welten-Zuid", latitude="50.1234", longitude="5.9876",
        address_confidential=confidential,
    )  # fmt: skip
    open_place = location("L2", name="Kantoor", street="Openweg", house_number="1", postcode="6411 XX", city="Heerlen")
    report = load(
        write_rows(
            tmp_path / "package",
            providers=[provider()],
            locations=[secret, {**open_place, "address_confidential": "no"}],
            offers=[offer(arrangement="gezinshuis", location_ids="L1;L2")],
        )
    )
    assert report.ok, report.as_text("en")
    names = (("region", "csv"), ("csv.zip", "csv"), ("region.xlsx", "xlsx"), ("hsds", "hsds"), ("hsds.zip", "hsds"))
    for name, kind in names:
        assert run(tmp_path / name, "--as", kind).exit_code == 0
        files = dict(contents(tmp_path / name))
        assert any("Openweg" in text for text in files.values()), "an open address is exported"
        for file, text in files.items():
            assert not [secret for secret in SECRETS if secret in text], (name, file)


def test_a_confidential_address_is_withheld_even_if_it_were_stored(code_lists: CodeLists) -> None:
    owner = Provider(id=1, identifier="A1", name="Aanbieder", languages=[], quality_marks=[])
    place = Location(
        identifier="L1", provider=owner, provider_id=1, kind=LocationKind.FAMILY_HOME, name="Het Verborgen Huis",
        street="Geheimelaan", house_number="77bis", postcode="6411 ZQ", city="Welten-Zuid", municipality="GM0917",
        latitude=50.1234, longitude=5.9876, address_confidential=True,
    )  # fmt: skip
    catalogue = RegionCatalogue(Region(name="Zuid-Limburg"), [owner], [], [], [place], [], [], [])
    written = str(data_package(catalogue, code_lists).tables)
    written += str(hsds_package(catalogue, code_lists, TODAY).tables)
    assert "family_home" in written
    assert not [secret for secret in SECRETS if secret in written]


@pytest.fixture
def stored(load: Callable[[Path], Report], database: Database, tmp_path: Path) -> Path:
    """A small region: offers that are and are not withdrawn, and a provider that merged into another."""
    report = load(
        write_rows(
            tmp_path / "package",
            providers=[provider("A1", kvk_number="01234567", team_size="6"), provider("A2")],
            consortia=[
                {"consortium_id": "C1", "name": "Samen", "provider_ids": "A1;A2"},
                {"consortium_id": "C2", "name": "Alleen A2", "provider_ids": "A2"},
            ],
            locations=[location("L1", latitude="50.888", longitude="5.9794"), location("L2", "A2")],
            offers=[
                offer("O1", location_ids="L1", checked_on="2026-01-02"),
                offer("O2", withdrawn_on="2026-11-21"),
                offer("O3", withdrawn_on="2026-11-22"),
                offer("O4", withdrawn_on="2026-11-23"),
                offer("O5", "A2"),
            ],
            contracts=[
                {"contract_id": f"K{owner}", "provider_id": owner, "arrangement": "begeleiding", "municipalities": "*",
                 "start_date": "2025-01-01"} for owner in ("A1", "A2")
            ],
            outcomes=[
                {"provider_id": "A1", "arrangement": "begeleiding", "period": "2025", "framework": "voluntary",
                 "indicator": "dropout", "numerator": "3", "denominator": "40", "source": "Geheime bron"},
            ],
        )
    )  # fmt: skip
    assert report.ok, report.as_text("en")
    with database.transaction() as session:
        successor = session.scalar(select(Provider.id).where(Provider.identifier == "A1"))
        session.execute(update(Provider).where(Provider.identifier == "A2").values(successor_id=successor))
    return tmp_path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_what_is_withdrawn_merged_or_not_yet_public_stays_behind(run: Export, stored: Path) -> None:
    assert run(stored / "out", "--as", "csv").exit_code == 0
    assert [row["offer_id"] for row in read_csv(stored / "out/offers.csv")] == ["O1", "O4"]
    assert [row["provider_id"] for row in read_csv(stored / "out/providers.csv")] == ["A1"]
    assert [row["location_id"] for row in read_csv(stored / "out/locations.csv")] == ["L1"]
    assert [row["contract_id"] for row in read_csv(stored / "out/contracts.csv")] == ["KA1"]
    assert [row["provider_ids"] for row in read_csv(stored / "out/consortia.csv")] == ["A1"]
    assert not (stored / "out/outcomes.csv").exists()
    assert not any("Geheime bron" in text for _, text in contents(stored / "out"))
    assert run(stored / "hsds", "--as", "hsds").exit_code == 0
    assert len((stored / "hsds/services.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_another_region_stays_behind(run: Export, stored: Path, database: Database, code_lists: CodeLists) -> None:
    other = write_rows(
        stored / "other",
        providers=[provider("B1", name="Uit Twente")],
        consortia=[{"consortium_id": "C9", "name": "Uit Twente", "provider_ids": "B1"}],
        access_points=[{"municipality": "Enschede", "kind": "crisis", "name": "Uit Twente"}],
        locations=[location("L9", "B1", name="Uit Twente", municipality="Enschede")],
        offers=[offer("O9", "B1", name="Uit Twente")],
        contracts=[{"contract_id": "K9", "provider_id": "B1", "arrangement": "begeleiding", "municipalities": "*",
                    "start_date": "2025-01-01", "lot": "Uit Twente"}],
        methods=[{"name": "Uit Twente"}],
    )  # fmt: skip
    assert import_package(database, code_lists, other, "Twente", today=TODAY).ok
    run(stored / "south", "--as", "csv")
    run(stored / "east", "--as", "csv", "--region", "twente")
    assert not [name for name, text in contents(stored / "south") if "Uit Twente" in text]
    assert not [name for name, text in contents(stored / "east") if "Uit Twente" not in text]
    assert [row["name"] for row in read_csv(stored / "south/providers.csv")] == ["Aanbieder A1"]


def test_what_a_data_package_cannot_hold_is_left_out_and_said(
    run: Export, stored: Path, database: Database, load: Callable[[Path], Report]
) -> None:
    with database.transaction() as session:
        session.execute(update(Offer).where(Offer.identifier == "O4").values(arrangement=None))
        session.execute(update(Location).where(Location.identifier == "L1").values(municipality=None))
    result = run(stored / "out", "--as", "csv", "--lang", "en")
    assert result.exit_code == 0
    assert "Left out are 2 offers without arrangement and places without municipality" in result.output
    assert [(row["offer_id"], row["location_ids"]) for row in read_csv(stored / "out/offers.csv")] == [("O1", "")]
    assert load(stored / "out").ok


# --- how it is written -----------------------------------------------------------------------------------


def test_csv_is_written_for_a_dutch_spreadsheet_program(run: Export, stored: Path) -> None:
    run(stored / "out", "--as", "csv")
    data = (stored / "out/locations.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbflocation_id;provider_id;")
    assert b";50,888;5,9794;" in data
    assert (stored / "out/providers.csv").read_bytes().count(b"\r\n") == 2
    assert [row["municipality"] for row in read_csv(stored / "out/locations.csv")] == ["Heerlen"]


def test_a_workbook_has_a_sheet_a_table_with_real_dates_and_numbers(run: Export, stored: Path) -> None:
    run(stored / "out.xlsx", "--as", "xlsx")
    book = openpyxl.load_workbook(stored / "out.xlsx")
    assert book.sheetnames == [name for name in TABLES if name != "outcomes"]
    for sheet in book:
        header = [cell.value for cell in sheet[1]]
        assert header == [column.name for column in TABLES[sheet.title].columns]
        assert all(cell.font.bold for cell in sheet[1])
        assert sheet.freeze_panes == "A2"
        assert sheet.sheet_state == "visible"
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
    assert not book.defined_names
    values = {cell.value: book["offers"].cell(2, n).value for n, cell in enumerate(book["offers"][1], start=1)}
    assert values["checked_on"] == datetime.combine(date(2026, 1, 2), time())
    values = {cell.value: book["providers"].cell(2, n).value for n, cell in enumerate(book["providers"][1], start=1)}
    assert (values["kvk_number"], values["team_size"]) == ("01234567", 6)
    with ZipFile(stored / "out.xlsx") as archive:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())
        assert b"openpyxl" not in archive.read("docProps/core.xml")


def test_the_command_says_in_one_line_what_it_wrote(run: Export, stored: Path) -> None:
    dutch = run(stored / "one", "--as", "csv").output
    english = run(stored / "two", "--as", "csv", "--lang", "en").output
    assert dutch.count("\n") == english.count("\n") == 1
    assert "rijen geschreven" in dutch
    assert "wrote 6 rows" in english
    assert "offers 2" in english


# --- where it is written ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name"), [("csv", "region"), ("csv", "r.zip"), ("xlsx", "r.xlsx"), ("hsds", "h.zip")])
def test_nothing_is_overwritten(kind: str, name: str, run: Export, stored: Path) -> None:
    path = stored / name
    if path.suffix:
        path.write_text("van mij")
    else:
        path.mkdir()
        (path / "eigen.txt").write_text("van mij")
    result = run(path, "--as", kind)
    assert result.exit_code == 2
    assert "kies een nieuwe naam" in result.output
    assert dict(contents(path)) if path.is_dir() else path.read_text() == "van mij"
    assert sorted(p.name for p in path.iterdir()) == ["eigen.txt"] if path.is_dir() else True


def test_an_empty_folder_is_filled_and_stays_the_same_folder(run: Export, stored: Path) -> None:
    path = stored / "mount"
    path.mkdir()
    before = path.stat().st_ino
    assert run(path, "--as", "csv").exit_code == 0
    assert path.stat().st_ino == before
    assert {file.name for file in path.iterdir()} == {f"{name}.csv" for name in TABLES if name != "outcomes"}


@pytest.mark.parametrize("name", ["region", "empty", "region.zip", "region.xlsx"])
def test_a_half_export_leaves_nothing_behind(
    name: str, run: Export, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stored / "empty").mkdir()
    before = sorted(stored.rglob("*"))

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "csv_cell", full)
    monkeypatch.setattr("openpyxl.Workbook.save", full)
    result = run(stored / name, "--as", "xlsx" if name.endswith("xlsx") else "csv")
    assert result.exit_code == 1
    assert "No space left on device" in result.output
    assert sorted(stored.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("out",), "Say --as"),
        (("out", "--template", "--as", "csv"), "always a workbook"),
        (("out", "--as", "xlsx"), "must end in .xlsx"),
        (("out", "--template"), "must end in .xlsx"),
        (("out.csv", "--as", "csv"), "ends in .zip"),
        (("out.xlsx", "--as", "hsds"), "ends in .zip"),
        (("nowhere/out", "--as", "csv"), "There is no folder"),
        (("out", "--as", "csv", "--region", "Zuid-Limbrug"), "there is Zuid-Limburg"),
        (("out", "--as", "ods"), "ods"),
    ],
)
@pytest.mark.either_database
def test_wrong_use_is_exit_2_and_a_clear_sentence(
    arguments: tuple[str, ...], said: str, run: Export, stored: Path
) -> None:
    result = run(stored / arguments[0], *arguments[1:], "--lang", "en")
    assert result.exit_code == 2
    assert said in result.output
    assert not (stored / arguments[0]).exists()


def test_an_empty_portal_has_nothing_to_export(run: Export, tmp_path: Path) -> None:
    result = run(tmp_path / "out", "--as", "csv")
    assert result.exit_code == 2
    assert "geen regio" in result.output
