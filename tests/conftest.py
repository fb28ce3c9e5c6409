"""What the tests share: both databases, the application, a client that inspects every page, the region."""

from __future__ import annotations

import csv
import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import make_url, text, update

from portal.app import create_app
from portal.catalogue import codelists
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Region
from portal.core import clock, migrations
from portal.core.database import Database
from portal.core.settings import Settings
from portal.core.text import slugify
from portal.demo.figures import open_figures
from portal.demo.package import write_package
from portal.exchange.importing import import_package
from portal.outcomes.types import DEFAULT_RULES
from portal.search.following import current_follower
from tests.inspection import InspectingClient
from tests.quick import made_once, share_addresses, share_code_lists, share_templates, share_words

TODAY = date(2026, 11, 22)
BACKENDS = ("sqlite", "postgresql")

share_addresses()
share_code_lists()
share_words()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--backend", choices=(*BACKENDS, "both"), default="both", help="database to test with")


def pytest_collection_finish() -> None:
    gc.freeze()  # thousands of tests and all modules, which never go: they need not be looked through each time


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--backend")
        either = metafunc.definition.get_closest_marker("either_database") is not None
        both = BACKENDS[:1] if either else BACKENDS
        metafunc.parametrize("backend", both if wanted == "both" else (wanted,), scope="session")


# --- databases -------------------------------------------------------------------------------------------


def _postgres_programs() -> Path | None:
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class PostgresServer:
    """A throw-away server for this run, reached by a socket only."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
        self._as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as_user:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-l", log, "-w", "start")
        self._count = 0
        self._own = Database(self.url("postgres"))
        self._connection = self._own.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(self._programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        self._count += 1
        name = f"test_{self._count}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def _sql(self, statement: str) -> None:
        self._connection.execute(text(statement))

    def stop(self) -> None:
        self._connection.close()
        self._own.engine.dispose()
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    server = PostgresServer(programs)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def new_database_url(
    backend: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[], str]]:
    """Makes addresses of empty databases of this version, on the backend under test."""
    if backend == "sqlite":
        folder = tmp_path_factory.mktemp("sqlite")
        template = folder / "template.sqlite3"
        _migrate(f"sqlite:///{template}")
        numbers = iter(range(1_000_000))

        def copy() -> str:
            path = folder / f"{next(numbers)}.sqlite3"
            shutil.copy(template, path)
            return f"sqlite:///{path}"

        yield copy
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    template_name = server.create()
    _migrate(server.url(template_name))
    yield lambda: server.url(server.create(template_name))


@pytest.fixture(scope="session")
def drop_database(backend: str, request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Throws away the database at an address: thousands of them would fill the disk."""

    def drop(url: str) -> None:
        name = make_url(url).database
        assert name is not None
        if backend == "postgresql":
            request.getfixturevalue("postgres").drop(name)
        else:
            Path(name).unlink()

    return drop


def _migrate(url: str) -> None:
    database = Database(url)
    migrations.upgrade(database.engine)
    _put_away(database)


def _put_away(database: Database) -> None:
    """Close a database; one of SQLite is then whole in its one file, to be copied."""
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()


@pytest.fixture
def database(new_database_url: Callable[[], str], drop_database: Callable[[str], None]) -> Iterator[Database]:
    """An empty database of this version; the test runs once on SQLite and once on PostgreSQL."""
    url = new_database_url()
    database = Database(url)
    yield database
    database.engine.dispose()
    drop_database(url)


@pytest.fixture(scope="session")
def code_lists() -> CodeLists:
    return codelists.load()


# --- the application -------------------------------------------------------------------------------------


def make_app(url: str, data_dir: Path, **settings: object) -> Flask:
    given: dict[str, Any] = {"database_url": url, "data_dir": data_dir, "demonstration": True, **settings}
    app = create_app(Settings(**given))
    share_templates(app)
    app.testing = True
    app.test_client_class = InspectingClient
    return app


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database."""
    app = make_app(database.engine.url.render_as_string(hide_password=False), tmp_path)
    yield app
    app.extensions["portal.database"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> InspectingClient:
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    return client


@pytest.fixture
def cli(app: Flask) -> Callable[..., Result]:
    """Runs a `portal` command on the application under test."""

    def run(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=list(arguments))

    return run


# --- the demonstration region ----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def region_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional region as a folder of CSV files, delivered on TODAY."""
    folder = tmp_path_factory.mktemp("region")
    write_package(folder, TODAY)
    return folder


def _load_region(url: str, code_lists: CodeLists, package: Path) -> Database:
    database = Database(url)
    report = import_package(database, code_lists, package, "Zuid-Limburg", today=TODAY)
    assert report.ok, report.as_text("en")
    with database.transaction() as session:
        open_figures(session, "Zuid-Limburg", TODAY, DEFAULT_RULES)
    return database


@pytest.fixture(scope="session")
def region_url(
    backend: str, new_database_url: Callable[[], str], code_lists: CodeLists, request: pytest.FixtureRequest
) -> str:
    """A database with the fictional region; tests only read it."""
    url = new_database_url()
    if backend == "sqlite":
        indexed: Path = request.getfixturevalue("indexed_folder")
        shutil.copy(indexed / "portal.sqlite3", url.removeprefix("sqlite:///"))
        database = Database(url)
    else:
        database = _load_region(url, code_lists, request.getfixturevalue("region_package"))
    with database.transaction() as session:
        session.execute(update(Region).values(fictional=True))
    database.engine.dispose()
    return url


@pytest.fixture(scope="session")
def region_app(region_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_app(region_url, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["portal.database"].engine.dispose()


@pytest.fixture
def region(region_app: Flask) -> Iterator[InspectingClient]:
    """A client on the fictional region, on TODAY."""
    with clock.frozen(TODAY):
        client = region_app.test_client()
        assert isinstance(client, InspectingClient)
        yield client


# --- the same, searchable ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def indexed_folder(region_package: Path, code_lists: CodeLists, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the region's database (SQLite) and its index, to be copied: made once in a run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "indexed"
    with made_once(folder) as is_ours:
        if is_ours:
            _make_indexed(folder, code_lists, region_package)
    return folder


def _make_indexed(folder: Path, code_lists: CodeLists, package: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # of a process that was stopped halfway
    folder.mkdir()
    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    _migrate(url)
    database = _load_region(url, code_lists, package)
    database.sweep()
    database.engine.dispose()
    app = make_app(url, folder)
    with app.app_context():
        current_follower().rebuild()
    _put_away(app.extensions["portal.database"])


def copied_app(indexed_folder: Path, folder: Path) -> Flask:
    """An application on a copy of the searchable region, which a test may damage."""
    shutil.copytree(indexed_folder, folder)
    return make_app(f"sqlite:///{folder / 'portal.sqlite3'}", folder)


@pytest.fixture
def searchable_app(indexed_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    app = copied_app(indexed_folder, tmp_path / "data")
    yield app
    app.extensions["portal.database"].engine.dispose()


@pytest.fixture
def searchable(searchable_app: Flask) -> Iterator[InspectingClient]:
    """A client on the searchable region, on TODAY."""
    with clock.frozen(TODAY):
        client = searchable_app.test_client()
        assert isinstance(client, InspectingClient)
        yield client


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = {report.longrepr[2] if isinstance(report.longrepr, tuple) else "" for report in skipped}
    for missing in ("Chromium", "PostgreSQL"):
        if any(f"{missing} is not installed" in reason for reason in reasons):
            terminalreporter.write_sep("!", f"{missing} WAS NOT FOUND: ITS TESTS DID NOT RUN", red=True, bold=True)


@pytest.fixture(scope="session")
def region_examples(region_package: Path) -> dict[str, str]:
    """Addresses of a provider and of offers: one of it, one withdrawn, one without a contract, one for a crisis."""
    with (region_package / "providers.csv").open(encoding="utf-8", newline="") as file:
        slugs = {row["provider_id"]: slugify(row["name"]) for row in csv.DictReader(file)}
    with (region_package / "offers.csv").open(encoding="utf-8", newline="") as file:
        offers = list(csv.DictReader(file))
    gone = next(row for row in offers if row["withdrawn_on"])
    kept = next(row for row in offers if not row["withdrawn_on"] and row["methods"] and row["not_suitable_for"])
    with (region_package / "contracts.csv").open(encoding="utf-8", newline="") as file:
        contracted = {row["provider_id"] for row in csv.DictReader(file) if row["end_date"] >= TODAY.isoformat()}
    closed = next(
        row
        for row in offers
        if row["provider_id"] not in contracted and row["access"] != "free" and not row["withdrawn_on"]
    )
    crisis = next(row for row in offers if row["arrangement"] == "crisis")

    def address(row: dict[str, str]) -> str:
        return f"/aanbieders/{slugs[row['provider_id']]}/aanbod/{row['offer_id']}"

    return {
        "PROVIDER": f"/aanbieders/{slugs[kept['provider_id']]}",
        "OFFER": address(kept),
        "GONE": address(gone),
        "CLOSED": address(closed),
        "CRISIS": address(crisis),
    }
