"""A small, sound data package, and ways to spoil it."""

from __future__ import annotations

import copy
import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import text

from portal.core.database import Base, Database

Tables = dict[str, list[dict[str, object]]]

SOUND: Tables = {
    "providers": [
        {
            "provider_id": "A001", "name": "De Klaproos Jeugdhulp", "kvk_number": "90000001", "agb_code": "99000001",
            "summary": "Wij helpen kinderen.", "about": "Een klein team.", "website": "https://www.klaproos.example",
            "phone": "045-555 01 23", "email": "info@klaproos.example", "size": "small", "languages": "nl;ar",
            "quality_marks": "SKJ;HKZ", "team_size": "6", "first_meeting": "yes", "same_worker": "usually",
            "evening_weekend": "no", "identity": "", "complaints_url": "https://www.klaproos.example/klachten",
        },
        {"provider_id": "A002", "name": "Zuidwind", "kvk_number": "90000002", "languages": "nl"},
    ],
    "consortia": [{"consortium_id": "C01", "name": "Samen Thuis", "provider_ids": "A001;A002", "contact": "045-1"}],
    "access_points": [
        {"municipality": "Heerlen", "kind": "access_team", "name": "Team Jeugd", "phone": "14 045"},
        {"municipality": "Heerlen", "kind": "crisis", "name": "Crisisdienst", "phone": "045-555 00 00"},
    ],
    "locations": [
        {
            "location_id": "A001-L1", "provider_id": "A001", "name": "Praktijk", "kind": "office",
            "street": "Verzonnenstraat", "house_number": "12a", "postcode": "6411 XX", "city": "Heerlen",
            "municipality": "Heerlen", "wheelchair_accessible": "yes", "latitude": "50.888", "longitude": "5.979",
            "address_confidential": "no",
        },
        {
            "location_id": "A001-L2", "provider_id": "A001", "name": "Huize Geheim", "kind": "family_home",
            "street": "Stillestraat", "house_number": "1", "postcode": "6411 XY", "city": "Heerlen",
            "municipality": "Heerlen", "address_confidential": "yes",
        },
    ],
    "offers": [
        {
            "offer_id": "A001-1", "provider_id": "A001", "name": "Weer naar school", "arrangement": "begeleiding",
            "description": "Samen maken wij een plan.", "approach": "Thuis.", "methods": "Geweldloos Verzet",
            "topics": "schoolweigering;angst", "age_min": "4", "age_max": "18", "settings": "home;school",
            "framework": "voluntary", "not_suitable_for": "", "municipalities": "Heerlen", "location_ids": "A001-L1",
            "access": "referral", "form": "individual", "gender": "all", "places_free": "2",
            "continues_until_age": "21", "withdrawn_on": "", "waiting_weeks_intake": "2", "waiting_weeks_start": "6",
            "waiting_reported_on": "2026-10-01", "accepting_clients": "yes", "checked_on": "2026-09-01",
        },
        {"offer_id": "A002-1", "provider_id": "A002", "name": "Rust", "arrangement": "behandeling",
         "description": "Even op adem."},
    ],
    "contracts": [
        {
            "contract_id": "K1", "provider_id": "A001", "arrangement": "begeleiding", "municipalities": "*",
            "lot": "Perceel 1", "purchaser": "Regio", "basis": "contract", "max_waiting_weeks": "8",
            "start_date": "2026-01-01", "end_date": "2029-12-31",
        },
        {"contract_id": "K2", "provider_id": "A002", "arrangement": "behandeling",
         "municipalities": "Heerlen;Kerkrade", "start_date": "2026-01-01"},
    ],
    "methods": [{"name": "Geweldloos Verzet", "evidence": "Goed onderbouwd", "source": "Databank", "explanation": ""}],
    "outcomes": [
        {
            "provider_id": "A001", "arrangement": "begeleiding", "period": "2025-H1", "framework": "voluntary",
            "indicator": "goals_reached", "numerator": "41", "denominator": "50", "mean": "", "n": "", "sd": "",
            "invited": "80", "informant": "client", "instrument": "Exit", "source": "Eigen", "municipality": "",
        },
        {
            "provider_id": "A001", "arrangement": "begeleiding", "period": "2025", "framework": "voluntary",
            "indicator": "satisfaction", "numerator": "", "denominator": "", "mean": "7.8", "n": "48", "sd": "1.2",
            "invited": "80", "informant": "parent", "instrument": "Exit", "source": "Eigen", "municipality": "",
        },
    ],
}  # fmt: skip


def sound() -> Tables:
    """A copy that a test may spoil."""
    return copy.deepcopy(SOUND)


def header_of(rows: list[dict[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def csv_text(rows: list[dict[str, object]], delimiter: str = ",") -> str:
    """The rows as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    header = header_of(rows)
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return out.getvalue()


def write_folder(folder: Path, tables: Tables, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_bytes(csv_text(rows, delimiter).encode(encoding))
    return folder


def write_zip(path: Path, files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def workbook(tables: Tables) -> Workbook:
    """The tables as a workbook of text cells."""
    book = Workbook()
    book.remove(book["Sheet"])
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        header = header_of(rows)
        sheet.append(header)
        for row in rows:
            sheet.append([row.get(column) or None for column in header])
    return book


def write_workbook(path: Path, tables: Tables, change: Callable[[Workbook], object] = lambda _: None) -> Path:
    book = workbook(tables)
    change(book)
    book.save(path)
    return path


def rewrite(path: Path, changes: Mapping[str, bytes | Callable[[bytes], bytes]]) -> Path:
    """The same zip with these members replaced or added."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        members[name] = change if isinstance(change, bytes) else change(members[name])
    return write_zip(path, members)


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, to see that nothing changed."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in Base.metadata.sorted_tables
        }


def as_text(database: Database) -> str:
    """All that the database holds, as one text, to search for what must not be in it."""
    with database.engine.connect() as connection:
        tables = [table.name for table in Base.metadata.sorted_tables]
        return "\n".join(repr(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in tables)  # noqa: S608
