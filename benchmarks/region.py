"""The fictional region in a temporary folder, for the benchmarks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flask import Flask

from portal.app import create_app
from portal.catalogue import codelists
from portal.core import clock, migrations
from portal.core.settings import Settings
from portal.demo.package import write_package
from portal.exchange.importing import import_package
from portal.search.following import current_follower

TODAY = date(2026, 11, 22)


@contextmanager
def loaded_region(change: Callable[[Path], None] = lambda _package: None) -> Iterator[tuple[Flask, Path]]:
    """An application with the region and its index, and the folder of its data package after `change`."""
    with tempfile.TemporaryDirectory() as name, clock.frozen(TODAY):
        folder = Path(name)
        package = folder / "package"
        write_package(package, TODAY)
        change(package)
        app = create_app(Settings(data_dir=folder, demonstration=True, log_level="ERROR"))
        database = app.extensions["portal.database"]
        migrations.upgrade(database.engine)
        report = import_package(database, codelists.load(), package, "Zuid-Limburg", today=TODAY)
        if not report.ok:
            raise SystemExit(report.as_text("en"))
        with app.app_context():
            current_follower().rebuild()
        yield app, package
        database.engine.dispose()
