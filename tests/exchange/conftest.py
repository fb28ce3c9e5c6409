"""What the tests of files and API share: a database with a small package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.catalogue.codelists import CodeLists
from portal.core import clock
from portal.core.database import Database
from portal.exchange.importing import import_package
from tests.conftest import TODAY
from tests.exchange.packages import Tables, write_folder
from tests.inspection import InspectingClient

Deliver = Callable[[Tables], InspectingClient]


@pytest.fixture
def deliver(app: Flask, database: Database, code_lists: CodeLists, tmp_path: Path) -> Iterator[Deliver]:
    """Imports tables for Zuid-Limburg and gives a client on TODAY."""
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    numbers = iter(range(1_000))

    def deliver(tables: Tables) -> InspectingClient:
        folder = write_folder(tmp_path / f"package-{next(numbers)}", tables)
        report = import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY)
        assert report.ok, report.as_text("en")
        return client

    with clock.frozen(TODAY):
        yield deliver
