"""Files as they come: patient with how a table was saved, unforgiving with what hides or harms."""

from __future__ import annotations

import io
import stat
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Region
from portal.core.database import Database
from portal.exchange import readers, workbooks
from portal.exchange.importing import import_package
from portal.exchange.problems import Problems, Severity
from portal.exchange.report import Report
from portal.exchange.stored import Stored
from tests.exchange.packages import (
    Tables,
    as_text,
    csv_text,
    everything,
    rewrite,
    sound,
    workbook,
    write_folder,
    write_workbook,
    write_zip,
)

TODAY = date(2026, 11, 22)
Change = Callable[[Workbook], object]


@pytest.fixture(scope="module")
def unharmed(
    new_database_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory, code_lists: CodeLists
) -> Iterator[Database]:
    """A database with the sound package, for what must be refused; it must stay as it is."""
    database = Database(new_database_url())
    folder = write_folder(tmp_path_factory.mktemp("sound"), sound())
    assert import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY).ok
    yield database
    database.engine.dispose()  # fmt: skip


@pytest.fixture
def take(database: Database, code_lists: CodeLists) -> Callable[[Path], Report]:
    """Imports a package that must be good."""

    def take(path: Path) -> Report:
        report = import_package(database, code_lists, path, "Zuid-Limburg", today=TODAY)
        assert report.ok, report.as_text("en")
        return report

    return take


@pytest.fixture
def refuse(unharmed: Database, code_lists: CodeLists) -> Callable[[Path], list[tuple[str, int | None, str, str]]]:
    """Imports a package that must be refused; gives table, row, column and code of each error."""

    def refuse(path: Path) -> list[tuple[str, int | None, str, str]]:
        before = everything(unharmed)
        report = import_package(unharmed, code_lists, path, "Zuid-Limburg", today=TODAY)
        assert not report.ok
        assert everything(unharmed) == before
        return [(p.table, p.row, p.column, p.fault.code) for p in report.problems.of(Severity.ERROR)]

    return refuse


def stored_values(database: Database, table: str) -> list[dict[str, object]]:
    with database.sessions() as session:
        region = session.scalars(select(Region)).one()
        return [row.values for row in sorted(Stored(session, region.id).rows(table).values(), key=lambda row: row.id)]


def only(*names: str) -> Tables:
    return {name: rows for name, rows in sound().items() if name in names}


# --- CSV as it comes -------------------------------------------------------------------------------------

PROVIDERS = [{"provider_id": "A001", "name": "Jeugdzorg Café René", "about": "Eén team"}]
PLAIN = csv_text(PROVIDERS)
SEMICOLONS = csv_text(PROVIDERS, ";")
AS_SAVED: dict[str, bytes] = {
    "utf-8": PLAIN.encode(),
    "utf-8 with BOM": PLAIN.encode("utf-8-sig"),
    "utf-16 little endian": PLAIN.encode("utf-16"),
    "utf-16 big endian": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "windows-1252": PLAIN.encode("cp1252"),
    "semicolons": SEMICOLONS.encode(),
    "semicolons windows-1252": SEMICOLONS.encode("cp1252"),
    "tabs": csv_text(PROVIDERS, "\t").encode(),
    "sep line": b"sep=;\r\n" + SEMICOLONS.encode(),
    "sep line with bar": b"sep=|\r\n" + csv_text(PROVIDERS, "|").encode(),
    "unix line ends": PLAIN.replace("\r\n", "\n").encode(),
    "old mac line ends": PLAIN.replace("\r\n", "\r").encode(),
    "no last line end": PLAIN.rstrip().encode(),
    "blank lines": PLAIN.replace("\r\n", "\r\n\r\n").encode(),
    "blank line first": ("\r\n" + PLAIN).encode(),
    "rows of separators": (PLAIN + ",,\r\n,,\r\n").encode(),
    "trailing empty columns": PLAIN.replace("about\r\n", "about,,\r\n").replace("team\r\n", "team,,\r\n").encode(),
    "header in capitals": PLAIN.replace("provider_id,name", "Provider ID, NAME ").encode(),
    "everything quoted": '"provider_id";"name";"about"\r\n"A001";"Jeugdzorg Café René";"Eén team"\r\n'.encode(),
    "decomposed accents": PLAIN.replace("é", "e\u0301").encode(),
}


@pytest.mark.parametrize("how", AS_SAVED)
def test_a_table_is_read_however_it_was_saved(
    database: Database, take: Callable[[Path], Report], tmp_path: Path, how: str
) -> None:
    (tmp_path / "Providers.CSV").write_bytes(AS_SAVED[how])
    take(tmp_path)
    (row,) = stored_values(database, "providers")
    assert (row["provider_id"], row["name"], row["about"]) == ("A001", "Jeugdzorg Café René", "Eén team")


def test_signs_of_windows_1252_are_no_other_character_set(
    database: Database, take: Callable[[Path], Report], tmp_path: Path
) -> None:
    about = "’t Hofje: “Zo’n €5” – ‘één’ • punt… † ß"
    (tmp_path / "providers.csv").write_bytes(csv_text([PROVIDERS[0] | {"about": about}]).encode("cp1252"))
    take(tmp_path)
    assert stored_values(database, "providers")[0]["about"] == about


def test_line_breaks_and_separators_in_a_cell_stay(
    database: Database, take: Callable[[Path], Report], tmp_path: Path
) -> None:
    about = 'Regel 1\nRegel 2; "tussen" aanhaling, en komma'
    (tmp_path / "providers.csv").write_text(csv_text([PROVIDERS[0] | {"about": about}], ";"), newline="")
    take(tmp_path)
    assert stored_values(database, "providers")[0]["about"] == about


def test_rows_are_counted_as_a_spreadsheet_does(refuse: Callable[[Path], object], tmp_path: Path) -> None:
    text = 'provider_id,name,team_size\nA001,"Twee\nregels",3\n\nA002,Zuid,veel\n'
    (tmp_path / "providers.csv").write_text(text)
    assert refuse(tmp_path) == [("providers", 4, "team_size", "not_a_number")]


def test_waiting_weeks_is_the_wait_until_the_start(
    database: Database, take: Callable[[Path], Report], tmp_path: Path
) -> None:
    tables = sound()
    for row in tables["offers"]:
        row["waiting_weeks"] = row.pop("waiting_weeks_start", "")
    take(write_folder(tmp_path, tables))
    assert stored_values(database, "offers")[0]["waiting_weeks_start"] == 6


REFUSED_CSV: dict[str, tuple[bytes, tuple[str, int | None, str, str]]] = {
    "empty": (b"", ("providers", None, "", "empty_file")),
    "nul bytes": (b"provider_id,name\nA\x001,b\n", ("providers", None, "", "wrong_type")),
    "utf-16 without mark": ("provider_id,name\nA1,b\n".encode("utf-16-le"), ("providers", None, "", "wrong_type")),
    "a PDF": (b"%PDF-1.7 provider_id,name", ("providers", None, "", "wrong_type")),
    "a workbook by another name": (b"PK\x03\x04 and so on", ("providers", None, "", "wrong_type")),
    "a web page": (b"<!DOCTYPE html><title>Log in</title>", ("providers", None, "", "wrong_type")),
    "no known characters": (b"provider_id,name\nA1,\x81\x8d\n", ("providers", 2, "", "unknown_encoding")),
    "two character sets": ("provider_id,name\nA1,Café ".encode() + b"Ren\xe9\n",
        ("providers", 2, "", "mixed_encoding")),
    "two character sets, Turkish": ("provider_id,name\nA1,Doğan ".encode() + b"Ren\xe9\n",
        ("providers", 2, "", "mixed_encoding")),
    "DOS": ("provider_id,name\nA0,a\nA1,Zoëlla\n".encode("cp850"), ("providers", 3, "", "unknown_encoding")),
    "DOS at the end of a word": ("provider_id,name\nA1,René\n".encode("cp850"),
        ("providers", 2, "", "unknown_encoding")),
    "Mac": ("provider_id,name\nA1,Café\n".encode("mac_roman"), ("providers", 2, "", "unknown_encoding")),
    "Mac, in a word": ("provider_id,name\nA1,naïef\n".encode("mac_roman"),
        ("providers", 2, "", "unknown_encoding")),
    "endless line": (b"provider_id,name\n" + b"x," * 6_000_000, ("providers", 2, "", "broken_csv")),
    "open quotation mark": (b'provider_id,name\nA1,"open\nA2,b\n', ("providers", 2, "", "broken_csv")),
    "text after quotation": (b'provider_id,name\nA1,"a"b\n', ("providers", 2, "", "broken_csv")),
    "endless cell": (b"provider_id,name\nA1," + b"x" * 200_000 + b"\n", ("providers", 2, "", "broken_csv")),
    "decimal comma unquoted": (b"provider_id,name,team_size,about\nA1,b,7,8,\n",
        ("providers", 2, "", "too_many_cells")),
    "cut off": (b"provider_id,name,about\nA1,b,c\nA2,d", ("providers", 3, "", "cut_off")),
    "unknown column": (b"provider_id,naam\nA1,b\n", ("providers", 1, "naam", "unknown_column")),
    "column twice": (b"provider_id,name,Name\nA1,b,c\n", ("providers", 1, "Name", "column_twice")),
    "column missing": (b"provider_id\nA1\n", ("providers", 1, "name", "column_missing")),
    "column without name": (b"provider_id,name,,size\nA1,b,c,solo\n", ("providers", 1, "", "nameless_column")),
    "no header": (b"A001,De Klaproos\nA002,Zuid\n", ("providers", 1, "", "no_header")),
    "title above the header": (b"Aanbieders 2026\nprovider_id,name\nA1,b\n", ("providers", 1, "", "no_header")),
    "header twice": (b"provider_id,name,size\nA1,b,\nprovider_id,name,size\n", ("providers", 3, "", "header_twice")),
    "loose note": (b"provider_id,name,size\nA1,b,solo\nlaatst bijgewerkt in mei,,\n",
        ("providers", 3, "", "loose_note")),
    "average": (b"provider_id,name,team_size\nA1,b,3\nGemiddelde,,3\n", ("providers", 3, "", "totals_row")),
    "totals": (b"provider_id,name,team_size\nA1,b,3\nTotaal,,3\n", ("providers", 3, "", "totals_row")),
    "subtotal": (b"provider_id,name,team_size\nA1,b,3\n,Subtotaal:,3\n", ("providers", 3, "", "totals_row")),
    "row twice": (b"provider_id,name\nA1,b\nA1,c\n", ("providers", 3, "provider_id", "row_twice")),
    "too many columns": (b"provider_id,name" + b",x" * 300 + b"\n", ("providers", None, "", "too_many_columns")),
    "saved with another separator": (b'"provider_id,name"\n"A1,b"\n', ("providers", 1, "", "row_in_one_cell")),
    "saved with another separator and more": (b'provider_id,name;;\n"A1,b";;\n',
        ("providers", 1, "", "row_in_one_cell")),
    "bar as separator": (b"provider_id|name\nA1|b\n", ("providers", 1, "", "no_header")),
}  # fmt: skip


@pytest.mark.parametrize("how", REFUSED_CSV)
def test_a_table_that_could_be_misread_is_refused(
    refuse: Callable[[Path], list[object]], tmp_path: Path, how: str
) -> None:
    content, place = REFUSED_CSV[how]
    (tmp_path / "providers.csv").write_bytes(content)
    assert place in refuse(tmp_path)


def test_what_a_dutch_spreadsheet_program_saves_is_read(
    database: Database, take: Callable[[Path], Report], tmp_path: Path
) -> None:
    take(write_folder(tmp_path / "eerst", only("providers")))
    (tmp_path / "locations.csv").write_bytes(
        "location_id;provider_id;kind;city;municipality;latitude;longitude;address_confidential\r\n"
        "L1;A001;kantoor;Reünie;Heerlen;50,888;5,979;ONWAAR\r\n".encode("cp1252")
    )
    assert take(tmp_path / "locations.csv").ok
    (row,) = stored_values(database, "locations")
    assert (row["latitude"], row["longitude"], row["city"], row["address_confidential"]) == (
        50.888, 5.979, "Reünie", False
    )  # fmt: skip


def test_a_table_without_end_is_refused(
    refuse: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "MOST_ROWS", 1)
    monkeypatch.setattr(workbooks, "MOST_ROWS", 1)
    place = ("providers", 3, "", "too_many_rows")
    assert refuse(write_folder(tmp_path / "csv", only("providers"))) == [place]
    assert refuse(write_workbook(tmp_path / "pakket.xlsx", only("providers"))) == [place]


PER_CLIENT = ("bsn", "BSN-nummer", "burgerservicenummer", "geboortedatum", "birth_date", "date of birth", "voornaam",
              "achternaam", "client_name", "Naam cliënt", "trajectnummer", "cliëntnummer", "dossiernummer",
              "beschikkingsnummer", "naam", "kind_naam", "toewijzingsnummer", "patient_id")  # fmt: skip


@pytest.mark.parametrize("column", PER_CLIENT)
def test_columns_of_single_clients_are_refused_and_not_repeated(
    unharmed: Database, code_lists: CodeLists, tmp_path: Path, column: str
) -> None:
    tables = only("outcomes")
    for row in tables["outcomes"]:
        row[column] = "111222333"
    before = everything(unharmed)
    report = import_package(unharmed, code_lists, write_folder(tmp_path, tables), "Zuid-Limburg", today=TODAY)
    assert [(p.table, p.row, p.fault.code) for p in report.problems.of(Severity.ERROR)] == [
        ("outcomes", 1, "per_client_column")
    ]
    assert "111222333" not in str(report.as_json()) + report.as_text("nl")
    assert everything(unharmed) == before


def test_numbers_of_citizens_in_an_unknown_column_are_refused(refuse: Callable[[Path], object], tmp_path: Path) -> None:
    tables = only("outcomes")
    for row in tables["outcomes"]:
        row["referentie"] = "111222333"
    assert refuse(write_folder(tmp_path, tables)) == [("outcomes", 1, "referentie", "per_client_column")]


def test_a_file_without_header_does_not_put_its_first_client_in_the_report(
    unharmed: Database, code_lists: CodeLists, tmp_path: Path
) -> None:
    (tmp_path / "outcomes.csv").write_text("111222333,Jansen,2015-03-04\n")
    report = import_package(unharmed, code_lists, tmp_path, "Zuid-Limburg", today=TODAY)
    assert not report.ok
    assert "Jansen" not in str(report.as_json())
    assert "111222333" not in str(report.as_json())


# --- folders and zips ------------------------------------------------------------------------------------


def files_of(tables: Tables, folder: str = "") -> dict[str, str | bytes]:
    return {f"{folder}{name}.csv": csv_text(rows) for name, rows in tables.items()}


@pytest.mark.parametrize("folder", ["", "pakket/"])
def test_a_zip_is_read_with_or_without_a_folder_in_it(
    database: Database, take: Callable[[Path], Report], tmp_path: Path, folder: str
) -> None:
    files = files_of(sound(), folder)
    files |= {"__MACOSX/._offers.csv": b"\0\0", f"{folder}.DS_Store": b"\0", f"{folder}Thumbs.db": b"\0"}
    take(write_zip(tmp_path / "pakket.zip", files))
    assert len(stored_values(database, "offers")) == 2


def test_one_table_by_itself_is_a_package(database: Database, take: Callable[[Path], Report], tmp_path: Path) -> None:
    path = tmp_path / "providers.csv"
    path.write_text(PLAIN)
    take(path)
    assert len(stored_values(database, "providers")) == 1


def test_the_content_tells_what_a_file_is_and_not_its_name(
    database: Database, take: Callable[[Path], Report], tmp_path: Path
) -> None:
    take(write_workbook(tmp_path / "pakket.csv", sound()))
    assert len(stored_values(database, "providers")) == 2


@pytest.mark.parametrize(
    ("name", "near"), [("offer.csv", "offers"), ("Aanbod.csv", "call it offers"), ("lees mij.txt", "")]
)
def test_a_file_that_is_no_table_is_named(
    refuse: Callable[[Path], object], unharmed: Database, code_lists: CodeLists, tmp_path: Path, name: str, near: str
) -> None:
    write_folder(tmp_path, sound())
    (tmp_path / name).write_text("offer_id\n")
    assert refuse(tmp_path) == [(name, None, "", "unknown_table")]
    report = import_package(unharmed, code_lists, tmp_path, "Zuid-Limburg", today=TODAY)
    assert near in report.problems.of(Severity.ERROR)[0].fault.remedy.in_language("en")


def test_the_same_table_twice_is_refused(refuse: Callable[[Path], object], tmp_path: Path) -> None:
    write_folder(tmp_path, only("methods"))
    (tmp_path / "Methods.csv").write_text("name\nEMDR\n")
    assert refuse(tmp_path) == [("methods", None, "", "table_twice")]


@pytest.mark.parametrize("content", [{}, {"leeg.txt": b""}])
def test_a_package_without_tables_is_refused(
    refuse: Callable[[Path], list[object]], tmp_path: Path, content: dict[str, str | bytes]
) -> None:
    assert refuse(write_zip(tmp_path / "pakket.zip", content))


def a_zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _link(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("providers.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")


def _encrypted(path: Path) -> None:
    data = bytearray(a_zip(**{"providers.csv": PLAIN.encode()}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


def _overlapping(path: Path) -> None:
    """A member whose data are another member, header and all, so that both pass for whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("offers.csv", PLAIN)
        inner = out.getvalue()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("providers.csv", inner)
        archive.writestr("offers.csv", PLAIN)
    data = bytearray(path.read_bytes())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = struct.pack("<I", data.index(inner))
    path.write_bytes(data)


def _lying(path: Path) -> None:
    """A member that says it is small, with a checksum to match, and unpacks to 60 MB."""
    start = PLAIN.encode().ljust(90_000, b"\n")
    data = bytearray(a_zip(**{"providers.csv": start + b"\n" * 60_000_000}))
    central = data.index(b"PK\x01\x02")
    for checksum, size in ((14, 22), (central + 16, central + 24)):
        data[checksum : checksum + 4] = struct.pack("<I", zlib.crc32(start))
        data[size : size + 4] = struct.pack("<I", len(start))
    path.write_bytes(data)


def _many(path: Path) -> None:
    write_zip(path, {f"{number}.csv": b"x" for number in range(201)})


def _unusual_packing(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("providers.csv", PLAIN)


def _twice(path: Path) -> None:
    write_zip(path, {"providers.csv": PLAIN, "PROVIDERS.csv": PLAIN})


def _broken_data(path: Path) -> None:
    data = bytearray(a_zip(**{"providers.csv": PLAIN.encode() * 20}))
    data[60] ^= 0xFF
    path.write_bytes(data)


HOSTILE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "bomb": ("bomb", lambda path: write_zip(path, {"providers.csv": b"a," * 10_000_000})),
    "many small bombs": ("bomb", lambda path: write_zip(path, {f"{n}.csv": b"\n" * 99_000 for n in range(150)})),
    "too many files": ("too_many_files", _many),
    "nested zip": ("nested_archive", lambda path: write_zip(path, {"inner.zip": a_zip(a=b"b")})),
    "workbook in a zip": ("nested_archive", lambda path: write_zip(path, {"a.xlsx": a_zip(a=b"b")})),
    "link": ("link_in_zip", _link),
    "upward name": ("outside_name", lambda path: write_zip(path, {"../providers.csv": PLAIN})),
    "absolute name": ("outside_name", lambda path: write_zip(path, {"/etc/providers.csv": PLAIN})),
    "drive name": ("outside_name", lambda path: write_zip(path, {"C:\\providers.csv": PLAIN})),
    "backslash upward": ("outside_name", lambda path: write_zip(path, {"..\\providers.csv": PLAIN})),
    "several folders": ("several_folders",
        lambda path: write_zip(path, {"a/providers.csv": PLAIN, "b/offers.csv": PLAIN})),
    "encrypted": ("password", _encrypted),
    "longer than it says": ("damaged", _lying),
    "overlapping": ("damaged", _overlapping),
    "same name twice": ("twice_in_zip", _twice),
    "unusual packing": ("damaged", _unusual_packing),
    "broken data": ("damaged", _broken_data),
    "cut short": ("damaged", lambda path: path.write_bytes(a_zip(a=b"b" * 999)[:60])),
    "empty": ("empty_file", lambda path: path.write_bytes(b"")),
    "PDF": ("wrong_type", lambda path: path.write_bytes(b"%PDF-1.7")),
    "text": ("wrong_type", lambda path: path.write_bytes(b"hello")),
    "old workbook": ("old_workbook", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)),
    "password": ("password", lambda path: path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))),
    "too big": ("too_big", lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 50_000_001)),
}  # fmt: skip


@pytest.mark.parametrize("how", HOSTILE)
def test_hostile_files_are_refused_by_name_and_quickly(
    refuse: Callable[[Path], list[tuple[str, int | None, str, str]]], tmp_path: Path, how: str
) -> None:
    code, make = HOSTILE[how]
    path = tmp_path / "pakket.xyz"
    make(path)
    started = time.monotonic()
    assert [found for *_, found in refuse(path)] == [code]
    assert time.monotonic() - started < 5


def test_a_zip_that_lies_is_not_unpacked(refuse: Callable[[Path], object], tmp_path: Path) -> None:
    _lying(tmp_path / "pakket.zip")
    with traced() as peak:
        assert refuse(tmp_path / "pakket.zip") == [("pakket.zip", None, "", "damaged")]
    assert peak() < 20_000_000


def test_a_big_table_is_held_once(tmp_path: Path) -> None:
    row = f"A1,{'x' * 4_000}\n"
    size = (tmp_path / "providers.csv").write_bytes(f"provider_id,about\n{row * 4_000}A2,😀\n".encode())
    with traced() as peak, readers.open_package(tmp_path, Problems()) as package:
        assert sum(1 for table in package.tables for _ in table.rows) == 4_001
    assert peak() < 1.6 * size


@contextmanager
def traced() -> Iterator[Callable[[], int]]:
    """Says how much memory Python took at most in the block."""
    tracemalloc.start()
    try:
        yield lambda: highest
    finally:
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()


# --- workbooks -------------------------------------------------------------------------------------------


def test_a_workbook_says_the_same_as_csv(database: Database, take: Callable[[Path], Report], tmp_path: Path) -> None:
    take(write_folder(tmp_path / "csv", sound()))
    report = take(write_workbook(tmp_path / "pakket.xlsx", sound()))
    assert not any(changes.is_change for changes in report.changes.values()), report.as_text("en")


def test_real_numbers_dates_and_booleans_are_read(
    database: Database, take: Callable[[Path], Report], tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        _set(book, "offers", 2, "waiting_weeks_start", 6)
        _set(book, "offers", 2, "accepting_clients", False)
        _set(book, "offers", 2, "withdrawn_on", date(2026, 12, 31))
        _set(book, "offers", 2, "checked_on", datetime(2026, 9, 1))  # noqa: DTZ001
        _set(book, "locations", 2, "latitude", 50.888)
        _set(book, "locations", 2, "house_number", 12)
        _set(book, "outcomes", 2, "period", 2025)
        _set(book, "outcomes", 3, "mean", 7.8)
        _set(book, "providers", 2, "kvk_number", 90000001)

    take(write_workbook(tmp_path / "pakket.xlsx", sound(), change))
    offer = stored_values(database, "offers")[0]
    assert offer["waiting_weeks_start"] == 6
    assert offer["accepting_clients"] is False
    assert offer["withdrawn_on"] == date(2026, 12, 31)
    assert offer["checked_on"] == date(2026, 9, 1)
    location = stored_values(database, "locations")[0]
    assert (location["latitude"], location["house_number"]) == (50.888, "12")
    assert {(row["period"], row["mean"]) for row in stored_values(database, "outcomes")} == {
        ("2025", None),
        ("2025", 7.8),
    }
    assert stored_values(database, "providers")[0]["kvk_number"] == "90000001"


def test_dates_counted_from_1904_are_read(database: Database, take: Callable[[Path], Report], tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
        _set(book, "contracts", 2, "start_date", date(2026, 1, 31))

    take(write_workbook(tmp_path / "pakket.xlsx", sound(), change))
    assert stored_values(database, "contracts")[0]["start_date"] == date(2026, 1, 31)


def test_author_and_excels_own_names_are_dropped_silently(
    database: Database, take: Callable[[Path], Report], tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        book.properties.creator = "Piet Geheim"
        book["offers"].auto_filter.ref = "A1:C3"
        book["offers"].print_title_rows = "1:1"
        book["offers"].freeze_panes = "B2"

    report = take(write_workbook(tmp_path / "pakket.xlsx", sound(), change))
    assert "Piet Geheim" not in as_text(database) + str(report.as_json())


def test_the_templates_own_sheets_are_passed_over(
    database: Database, take: Callable[[Path], Report], tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("Uitleg").append(["Vul de bladen in"])
        book["Uitleg"].merge_cells("A1:D1")
        book.create_sheet("keuzelijsten").append(["voluntary"])

    take(write_workbook(tmp_path / "pakket.xlsx", sound(), change))
    assert len(stored_values(database, "offers")) == 2


def _set(book: Workbook, table: str, row: int, column: str, value: object, number_format: str | None = None) -> None:
    sheet: Worksheet = book[table]
    index = [cell.value for cell in sheet[1]].index(column) + 1
    cell = sheet.cell(row, index)
    cell.value = value  # type: ignore[assignment]
    if number_format:
        cell.number_format = number_format


def cell(table: str, column: str, value: object, number_format: str | None = None) -> Change:
    return lambda book: _set(book, table, 2, column, value, number_format)


HALF_PAST_TWO = datetime(2026, 1, 31, 14, 30)  # noqa: DTZ001
DIRTY_CELLS: dict[str, tuple[Change, tuple[str, int | None, str, str]]] = {
    "formula": (cell("offers", "waiting_weeks_start", "=3+3"), ("offers", 2, "waiting_weeks_start", "formula")),
    "link formula": (cell("providers", "website", '=HYPERLINK("https://x.example")'),
        ("providers", 2, "website", "formula")),
    "percent 70": (cell("outcomes", "numerator", 0.7, "0%"), ("outcomes", 2, "numerator", "percentage")),
    "percent 100": (cell("outcomes", "numerator", 1, "0%"), ("outcomes", 2, "numerator", "percentage")),
    "own percent format": (cell("outcomes", "numerator", 0.5, "0.0 %"), ("outcomes", 2, "numerator", "percentage")),
    "fraction": (cell("outcomes", "numerator", 0.7), ("outcomes", 2, "numerator", "not_whole")),
    "serial number": (cell("offers", "withdrawn_on", 46053), ("offers", 2, "withdrawn_on", "not_a_date")),
    "moment": (cell("offers", "withdrawn_on", HALF_PAST_TWO),
        ("offers", 2, "withdrawn_on", "not_a_date")),
    "time of day": (cell("offers", "waiting_weeks_start", 0.25, "hh:mm"),
        ("offers", 2, "waiting_weeks_start", "not_a_number")),
    "date for a number": (cell("offers", "waiting_weeks_start", date(1900, 1, 6)),
        ("offers", 2, "waiting_weeks_start", "date_in_number")),
    "date for a house number": (cell("locations", "house_number", date(2026, 2, 1)),
        ("locations", 2, "house_number", "not_text")),
    "fraction for text": (cell("locations", "house_number", 12.5), ("locations", 2, "house_number", "not_text")),
    "boolean for text": (cell("providers", "name", True), ("providers", 2, "name", "not_text")),
    "boolean for a number": (cell("providers", "team_size", True), ("providers", 2, "team_size", "not_a_number")),
    "telephone as number": (cell("providers", "phone", 455550123), ("providers", 2, "phone", "lost_zero")),
    "short KvK as number": (cell("providers", "kvk_number", 1234567), ("providers", 2, "kvk_number", "lost_zero")),
    "error value": (cell("providers", "about", "#N/A"), ("providers", 2, "about", "excel_error")),
    "number that is not shown": (cell("offers", "places_free", 2, ";;;"),
        ("offers", 2, "places_free", "deceptive_format")),
    "text that is not shown": (cell("offers", "name", "Geheim", ";;;"), ("offers", 2, "name", "deceptive_format")),
    "unit in the format": (cell("offers", "waiting_weeks_start", 2, '0" maanden"'),
        ("offers", 2, "waiting_weeks_start", "deceptive_format")),
    "digit in the format": (cell("offers", "waiting_weeks_start", 2, '"1"0'),
        ("offers", 2, "waiting_weeks_start", "deceptive_format")),
    "shown in thousands": (cell("outcomes", "numerator", 41, "#,##0,"),
        ("outcomes", 2, "numerator", "deceptive_format")),
    "two for yes": (cell("offers", "accepting_clients", 2), ("offers", 2, "accepting_clients", "not_yes_or_no")),
}  # fmt: skip


@pytest.mark.parametrize("how", DIRTY_CELLS)
def test_cells_that_a_spreadsheet_changed_are_refused(
    refuse: Callable[[Path], list[object]], tmp_path: Path, how: str
) -> None:
    change, place = DIRTY_CELLS[how]
    assert place in refuse(write_workbook(tmp_path / "pakket.xlsx", sound(), change))


def _hide_sheet(book: Workbook, state: str) -> None:
    book.create_sheet("uitleg").sheet_state = state


def _hide_row(book: Workbook) -> None:
    book["offers"].row_dimensions[3].hidden = True


def _hide_column(book: Workbook) -> None:
    book["offers"].column_dimensions["C"].hidden = True


def _hide_beyond(book: Workbook) -> None:
    book["offers"].column_dimensions["AZ"].hidden = True


def _comment(book: Workbook) -> None:
    book["offers"]["C3"].comment = Comment("Jantje Jansen", "Piet")


def _comment_on_explanation(book: Workbook) -> None:
    book.create_sheet("uitleg")["B2"].comment = Comment("Jantje Jansen", "Piet")


def _name(book: Workbook) -> None:
    book.defined_names["Geheim"] = DefinedName("Geheim", attr_text="offers!$A$1")


def _merge(book: Workbook) -> None:
    book["offers"].merge_cells("C3:D3")


def _unknown_sheet(book: Workbook) -> None:
    book.create_sheet("Blad1")


def _far_cell(book: Workbook) -> None:
    book["offers"]["XFD1048576"] = "x"


def _far_right(book: Workbook) -> None:
    book["offers"]["XFD2"] = "x"


HIDDEN: dict[str, tuple[Change, tuple[str, int | None, str, str]]] = {
    "hidden sheet": (lambda book: _hide_sheet(book, "hidden"), ("uitleg", None, "", "hidden_sheet")),
    "very hidden sheet": (lambda book: _hide_sheet(book, "veryHidden"), ("uitleg", None, "", "hidden_sheet")),
    "hidden row": (_hide_row, ("offers", 3, "", "hidden_row")),
    "hidden column": (_hide_column, ("offers", 1, "C", "hidden_column")),
    "hidden empty column": (_hide_beyond, ("offers", 1, "AZ", "hidden_column")),
    "comment": (_comment, ("offers", 3, "name", "comment")),
    "comment on the explanation": (_comment_on_explanation, ("uitleg", 2, "B", "comment")),
    "defined name": (_name, ("pakket.xlsx", None, "", "defined_name")),
    "merged cells": (_merge, ("offers", 3, "name", "merged_cells")),
    "unknown sheet": (_unknown_sheet, ("Blad1", None, "", "unknown_table")),
    "cell at the far corner": (_far_cell, ("offers", 1048576, "", "too_many_rows")),
    "cell far right": (_far_right, ("offers", 2, "", "too_many_columns")),
}  # fmt: skip


def test_a_comment_is_told_once(refuse: Callable[[Path], object], tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "pakket.xlsx", sound(), _comment)
    assert refuse(path) == [("offers", 3, "name", "comment")]


@pytest.mark.parametrize("how", HIDDEN)
def test_what_hides_in_a_workbook_is_refused_by_place(
    refuse: Callable[[Path], list[object]], unharmed: Database, tmp_path: Path, how: str
) -> None:
    change, place = HIDDEN[how]
    assert place in refuse(write_workbook(tmp_path / "pakket.xlsx", sound(), change))
    assert "Jansen" not in as_text(unharmed)


SHEET = "xl/worksheets/sheet1.xml"
SQUEEZED: dict[str, tuple[tuple[bytes, bytes], tuple[str, int | None, str, str]]] = {
    "row without height": ((b'<row r="3"', b'<row r="3" ht="0" customHeight="1"'), ("providers", 3, "", "hidden_row")),
    "row too low to read": ((b'<row r="3"', b'<row r="3" ht="1.5"'), ("providers", 3, "", "hidden_row")),
    "column too narrow to read": (
        (b"<sheetData>", b'<cols><col min="3" max="3" width="0.5" customWidth="1"/></cols><sheetData>'),
        ("providers", 1, "C", "hidden_column"),
    ),
    "column without width": (
        (b"<sheetData>", b'<cols><col min="3" max="3" width="0" customWidth="1"/></cols><sheetData>'),
        ("providers", 1, "C", "hidden_column"),
    ),
    "rows hidden by default": (
        (b"<sheetFormatPr", b'<sheetFormatPr zeroHeight="1"'), ("providers", 1, "", "hidden_row")
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", SQUEEZED)
def test_rows_and_columns_squeezed_to_nothing_are_hidden(
    refuse: Callable[[Path], list[object]], tmp_path: Path, how: str
) -> None:
    (old, new), place = SQUEEZED[how]
    path = write_workbook(tmp_path / "pakket.xlsx", sound())
    assert place in refuse(rewrite(path, {SHEET: lambda content: content.replace(old, new)}))


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
EXCELS_OWN = {
    "[Content_Types].xml": f"""
        <Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml"
        ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>""",
    "_rels/.rels": f"""
        <Relationships xmlns="{PACKAGE}/relationships">
        <Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""
        <x:workbook xmlns:x="{MAIN}" xmlns:r="{OFFICE}">
        <x:sheets><x:sheet name="Providers" sheetId="1" r:id="r1"/></x:sheets></x:workbook>""",
    "xl/_rels/workbook.xml.rels": f"""
        <Relationships xmlns="{PACKAGE}/relationships">
        <Relationship Id="r1" Type="{OFFICE}/worksheet" Target="/xl/worksheets/Sheet1.xml"/>
        <Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>""",
    "xl/sharedStrings.xml": f"""
        <sst xmlns="{MAIN}"><si><t>provider_id</t></si><si><t>name</t></si><si><t>about</t></si>
        <si><r><rPr><b/></rPr><t>De </t></r><r><t>Klaproos</t></r><rPh sb="0" eb="1"><t>uitspraak</t></rPh></si>
        <si><t>Regel 1_x000D_\nRegel 2</t></si></sst>""",
    "xl/worksheets/sheet1.xml": f"""
        <x:worksheet xmlns:x="{MAIN}"><x:cols><x:col min="1" max="3" hidden="0" width="9"/></x:cols><x:sheetData>
        <x:row r="1" hidden="false"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1" t="s"><x:v>1</x:v></x:c>
        <x:c r="C1" t="s"><x:v>2</x:v></x:c></x:row>
        <x:row r="3"><x:c r="A3"><x:v>101</x:v></x:c><x:c r="B3" t="s"><x:v>3</x:v></x:c>
        <x:c r="C3" t="s"><x:v>4</x:v></x:c><x:c r="ZZ3" s="1"/></x:row></x:sheetData></x:worksheet>""",
}


def test_a_workbook_as_excel_writes_it_is_read(
    database: Database, take: Callable[[Path], Report], tmp_path: Path
) -> None:
    """Shared and rich texts, escaped line ends, phonetic readings, prefixes, absolute part names, styled blanks."""
    take(write_zip(tmp_path / "pakket.xlsx", {name: xml.strip() for name, xml in EXCELS_OWN.items()}))
    (row,) = stored_values(database, "providers")
    assert (row["provider_id"], row["name"], row["about"]) == ("101", "De Klaproos", "Regel 1\nRegel 2")


@pytest.mark.parametrize(("escaped", "stored"), [("_xD83D__xDE00_", "😀"), ("_xD800_", "\ufffd")])
def test_half_a_character_is_no_crash(
    database: Database, take: Callable[[Path], Report], tmp_path: Path, escaped: str, stored: str
) -> None:
    path = write_workbook(tmp_path / "pakket.xlsx", sound())
    report = take(rewrite(path, {SHEET: lambda content: content.replace(b"Een klein team", escaped.encode())}))
    assert stored_values(database, "providers")[0]["about"] == f"{stored}."
    assert ("garbled" in str(report.as_json())) is (stored == "\ufffd")


@pytest.mark.parametrize("number_format", ["#,##0", "0_ ", '[Red]0;-0;"-"', "0.00", "# ##0", '"ca. "0'])
def test_usual_formats_of_numbers_are_read(
    database: Database, take: Callable[[Path], Report], tmp_path: Path, number_format: str
) -> None:
    take(write_workbook(tmp_path / "pakket.xlsx", sound(), cell("offers", "places_free", 7, number_format)))
    assert stored_values(database, "offers")[0]["places_free"] == 7


PARTS: dict[str, tuple[str, str]] = {
    "xl/vbaProject.bin": ("macro", "pakket.xlsx"),
    "xl/macrosheets/sheet1.xml": ("macro", "pakket.xlsx"),
    "xl/externalLinks/externalLink1.xml": ("external_link", "pakket.xlsx"),
    "xl/pivotCache/pivotCacheRecords1.xml": ("pivot", "pakket.xlsx"),
    "xl/pivotTables/pivotTable1.xml": ("pivot", "pakket.xlsx"),
    "xl/slicerCaches/slicerCache1.xml": ("pivot", "pakket.xlsx"),
    "xl/comments7.xml": ("comment", "pakket.xlsx"),
    "xl/threadedComments/threadedComment1.xml": ("comment", "pakket.xlsx"),
    "xl/embeddings/oleObject1.bin": ("embedded_object", "pakket.xlsx"),
    "xl/activeX/activeX1.xml": ("embedded_object", "pakket.xlsx"),
    "xl/connections.xml": ("connection", "pakket.xlsx"),
    "xl/queryTables/queryTable1.xml": ("connection", "pakket.xlsx"),
    "xl/media/image1.png": ("drawing", "pakket.xlsx"),
    "xl/charts/chart1.xml": ("drawing", "pakket.xlsx"),
}


@pytest.mark.parametrize("part", PARTS)
def test_parts_that_carry_hidden_data_are_refused(refuse: Callable[[Path], object], tmp_path: Path, part: str) -> None:
    path = rewrite(write_workbook(tmp_path / "pakket.xlsx", sound()), {part: b"<x/>"})
    code, place = PARTS[part]
    assert refuse(path) == [(place, None, "", code)]


DOCTYPES = {
    "billion laughs": b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>',
    "outside entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "document type": b"<!DOCTYPE x>",
    "outside document type": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
}


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "docProps/core.xml",
                                    "[Content_Types].xml", "xl/_rels/workbook.xml.rels"])  # fmt: skip
@pytest.mark.parametrize("doctype", DOCTYPES)
def test_document_types_are_refused_in_every_part(
    refuse: Callable[[Path], object], tmp_path: Path, member: str, doctype: str
) -> None:
    def insert(content: bytes) -> bytes:
        start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
        return content[:start] + DOCTYPES[doctype] + content[start:]

    path = rewrite(write_workbook(tmp_path / "pakket.xlsx", sound()), {member: insert})
    assert refuse(path) == [("pakket.xlsx", None, "", "doctype")]


DAMAGED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "no XML": (SHEET, lambda _: b"hello"),
    "cut short": (SHEET, lambda content: content[: len(content) // 2]),
    "row number no number": (SHEET, lambda content: content.replace(b'<row r="2"', b'<row r="x"')),
    "rows out of order": (SHEET, lambda content: content.replace(b'<row r="3"', b'<row r="1"')),
    "cells out of order": (SHEET, lambda content: content.replace(b'r="B2"', b'r="A2"')),
    "no such shared text": (
        SHEET,
        lambda content: content.replace(b'r="A2" t="inlineStr"><is><t>A001</t></is>', b'r="A2" t="s"><v>9</v>'),
    ),
    "shared text without number": (
        SHEET,
        lambda content: content.replace(b'r="A2" t="inlineStr"><is><t>A001</t></is>', b'r="A2" t="s"><v>x</v>'),
    ),
    "endless number": (
        SHEET,
        lambda content: content.replace(b'r="A2" t="inlineStr"><is><t>A001</t></is>', b'r="A2"><v>INF</v>'),
    ),
    "no workbook part": ("xl/workbook.xml", lambda _: b"<workbook/>"),
    "unknown encoding": (SHEET, lambda content: b'<?xml version="1.0" encoding="x-none"?>' + content),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_damaged_workbooks_are_refused(refuse: Callable[[Path], list[object]], tmp_path: Path, how: str) -> None:
    member, change = DAMAGED[how]
    assert refuse(rewrite(write_workbook(tmp_path / "pakket.xlsx", sound()), {member: change}))


OTHER_OFFICE = {
    "xlsm": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "docx": b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsb": b"application/vnd.ms-excel.sheet.binary.macroEnabled.main",
}


@pytest.mark.parametrize("kind", OTHER_OFFICE)
def test_other_office_files_are_refused(
    refuse: Callable[[Path], list[tuple[str, int | None, str, str]]], tmp_path: Path, kind: str
) -> None:
    usual = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    path = write_workbook(tmp_path / "pakket.xlsx", sound())
    rewrite(path, {"[Content_Types].xml": lambda content: content.replace(usual, OTHER_OFFICE[kind])})
    assert [code for *_, code in refuse(path)] == ["macro" if kind == "xlsm" else "wrong_type"]


def test_an_open_document_is_refused(refuse: Callable[[Path], object], tmp_path: Path) -> None:
    path = write_zip(tmp_path / "pakket.ods", {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})
    assert refuse(path) == [("pakket.ods", None, "", "wrong_type")]


def test_a_workbook_bomb_is_refused(refuse: Callable[[Path], object], tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "pakket.xlsx", sound())
    rewrite(path, {SHEET: lambda content: content.replace(b"</sheetData>", b" " * 30_000_000 + b"</sheetData>")})
    assert refuse(path) == [("pakket.xlsx", None, "", "bomb")]


def test_a_row_of_a_million_cells_is_refused(refuse: Callable[[Path], list[object]], tmp_path: Path) -> None:
    path = tmp_path / "pakket.xlsx"
    book = workbook(only("providers"))
    book.save(path)
    noise = b"".join(b'<c r="A9" s="%d"/>' % (number * 7919 % 9973) for number in range(150_000))
    rewrite(
        path, {SHEET: lambda content: content.replace(b"</sheetData>", b'<row r="9">' + noise + b"</row></sheetData>")}
    )
    assert ("providers", 4, "", "too_many_columns") in refuse(path)
