"""The page about the open data, and its files: what is public today, made once after a change."""

from __future__ import annotations

import io
import os
import time
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer
from portal.core import clock
from portal.core.database import Database
from portal.exchange.downloads import DOWNLOADS, FOLDER
from portal.exchange.importing import import_package
from tests.conftest import TODAY
from tests.exchange.conftest import Deliver
from tests.exchange.packages import sound
from tests.inspection import InspectingClient

FILES = tuple(DOWNLOADS)


def kept(app: Flask) -> list[Path]:
    return sorted((app.extensions["portal.settings"].data_dir / FOLDER).rglob("*.*"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_file_and_example_on_the_page_is_there(searchable: InspectingClient, language: str) -> None:
    page = searchable.page(f"/data?lang={language}")
    files = [link["href"] for link in page.all("a") if link["href"].startswith("/data/")]
    assert len(files) == len(FILES)
    own = "http://127.0.0.1:8000"
    examples = [link["href"].removeprefix(own) for link in page.all("a") if link["href"].startswith(own)]
    assert len(examples) == 4
    described = [link["href"] for link in page.all("a") if "openapi.json" in link["href"]]
    for href in (*files, *examples, *described):
        assert searchable.get(href).status_code == 200, href
    assert "CC0 1.0" in page.text
    assert any(link["href"].startswith("/data") for link in searchable.page(f"/?lang={language}").all("a"))


def test_without_data_the_page_says_so(client: InspectingClient) -> None:
    assert "Er zijn hier nog geen gegevens" in client.page("/data").text
    assert client.get("/data/zuid-limburg/aanbod.xlsx").status_code == 404


def test_the_files_are_what_can_be_imported(
    region: InspectingClient, region_url: str, code_lists: CodeLists, tmp_path: Path
) -> None:
    for name in ("aanbod.xlsx", "aanbod-csv.zip"):
        path = tmp_path / name
        path.write_bytes(region.get(f"/data/zuid-limburg/{name}").get_data())
        database = Database(region_url)
        report = import_package(database, code_lists, path, "Zuid-Limburg", today=TODAY, check_only=True)
        database.engine.dispose()
        assert report.ok, report.as_text("en")
        changed = {table for table, c in report.changes.items() if c.added or c.changed or c.removed}
        assert changed <= {"locations"}, "family homes whose address the region declared open, and no page shows"
    with ZipFile(io.BytesIO(region.get("/data/zuid-limburg/aanbod-hsds.zip").get_data())) as archive:
        assert {"datapackage.json", "services.csv"} <= set(archive.namelist())


def test_a_file_comes_with_its_day_and_is_revalidated(region: InspectingClient) -> None:
    response = region.get("/data/zuid-limburg/aanbod.xlsx")
    assert "zuid-limburg-2026-11-22-aanbod.xlsx" in response.headers["Content-Disposition"]
    assert "no-cache" in response.headers["Cache-Control"]
    again = region.get("/data/zuid-limburg/aanbod.xlsx", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_a_file_is_made_once_and_again_after_a_change(
    deliver: Deliver, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, tables = deliver(sound()), sound()
    for name in FILES:
        client.get(f"/data/zuid-limburg/{name}")
    first = {path.name: path.stat().st_mtime_ns for path in kept(app)}
    assert len(first) == len(FILES)
    with monkeypatch.context() as nothing_is_read:
        nothing_is_read.setattr("portal.exchange.downloads.catalogue_for_everybody", None)
        assert client.get("/data/zuid-limburg/aanbod.xlsx").status_code == 200
    assert {path.name: path.stat().st_mtime_ns for path in kept(app)} == first
    tables["offers"][0]["name"] = "Heel anders"
    deliver(tables)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/data/zuid-limburg/aanbod.xlsx").get_data()))
    assert "Heel anders" in {cell.value for row in book["offers"] for cell in row}
    with clock.frozen(TODAY + timedelta(1)):
        client.get("/data/zuid-limburg/aanbod.xlsx")
    assert len(kept(app)) == len(FILES), "no earlier file is kept"


def test_what_was_left_half_made_is_cleared_away(deliver: Deliver, app: Flask) -> None:
    client = deliver(sound())
    client.get("/data/zuid-limburg/aanbod.xlsx")
    folder = kept(app)[0].parent
    old, new = folder / ".portal-export-old", folder / ".portal-export-new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    client.get("/data/zuid-limburg/aanbod-csv.zip")
    assert (old.exists(), new.exists()) == (False, True)


@pytest.mark.parametrize("name", FILES)
def test_no_file_tells_a_secret_address(deliver: Deliver, database: Database, name: str) -> None:
    tables = sound()
    tables["locations"].append(
        {**tables["locations"][1], "location_id": "A001-L3", "address_confidential": "no", "street": "Stillestraat"}
    )
    content = deliver(tables).get(f"/data/zuid-limburg/{name}").get_data()
    if name.endswith(".csv"):
        assert b"Stillestraat" not in content
    else:
        with ZipFile(io.BytesIO(content)) as archive:
            written = b"".join(archive.read(member) for member in archive.namelist())
        assert b"Verzonnenstraat" in written
        assert b"Stillestraat" not in written
    with database.sessions() as session:
        assert session.scalar(select(func.count(Offer.id))) == 2


@pytest.mark.parametrize("path", ["/data/atlantis/aanbod.xlsx", "/data/zuid-limburg/geheim.xlsx", "/data/../portal"])
def test_what_is_not_offered_is_missing(region: InspectingClient, path: str) -> None:
    assert region.get(path).status_code == 404
