"""A searchable copy of the fictional region."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.catalogue import codelists
from portal.core import clock, migrations
from portal.core.database import Database
from portal.demo.package import write_package
from portal.exchange.importing import import_package
from portal.search.commands import rebuild_index
from portal.search.engine import current_engine
from tests.conftest import TODAY, make_app
from tests.inspection import InspectingClient


@pytest.fixture(scope="session")
def indexed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the region's database and its index."""
    folder = tmp_path_factory.mktemp("indexed")
    database = Database(f"sqlite:///{folder / 'portal.sqlite3'}")
    migrations.upgrade(database.engine)
    write_package(folder / "package", TODAY)
    assert import_package(database, codelists.load(), folder / "package", "Zuid-Limburg", today=TODAY).ok
    database.engine.dispose()
    app = make_app(f"sqlite:///{folder / 'portal.sqlite3'}", folder)
    with app.app_context():
        rebuild_index(current_engine())
    app.extensions["portal.database"].engine.dispose()
    return folder


@pytest.fixture
def searchable_app(indexed_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on a copy of it, which a test may damage."""
    folder = tmp_path / "data"
    shutil.copytree(indexed_folder, folder)
    app = make_app(f"sqlite:///{folder / 'portal.sqlite3'}", folder)
    yield app
    app.extensions["portal.database"].engine.dispose()


@pytest.fixture
def searchable(searchable_app: Flask) -> Iterator[InspectingClient]:
    with clock.frozen(TODAY):
        client = searchable_app.test_client()
        assert isinstance(client, InspectingClient)
        yield client
