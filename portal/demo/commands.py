"""`portal demo`: load the fictional region, or write its data package."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import cast

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select, update

from portal.accounts.signing_in.passwords import Passwords
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Region
from portal.catalogue.operations import touch
from portal.core import clock, doctor, migrations
from portal.core.database import current_database
from portal.core.settings import current_settings
from portal.demo.choices import count_talks
from portal.demo.experiences import tell_stories
from portal.demo.figures import open_figures
from portal.demo.package import write_package
from portal.demo.people import make_people
from portal.demo.searches import remember_searches
from portal.exchange.importing import import_package
from portal.outcomes.rules import current_rules
from portal.reviews.questions import current_sets
from portal.search.following import current_follower
from portal.serving import serve

REGION_NAME = "Zuid-Limburg"


@click.group("demo")
def demo_command() -> None:
    """The fictional demonstration region."""


@demo_command.command("load")
@with_appcontext
def load() -> None:
    """Make the database and load the fictional region through the ordinary import."""
    if not current_settings().demonstration:
        raise click.UsageError("this marks the region as invented; set PORTAL_DEMONSTRATION=yes to mean it")
    doctor.data_folder(current_settings())
    database = current_database()
    migrations.upgrade(database.engine)
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / f"aanlevering {clock.today().year}"
        package.mkdir()
        write_package(package, clock.today())
        report = import_package(database, current_code_lists(), package, REGION_NAME, today=clock.today())
    if not report.ok:
        click.echo(report.as_text("en"), err=True)
        sys.exit(1)
    passwords = cast(Passwords, current_app.extensions["portal.passwords"])
    with database.transaction() as session:
        touch(session)
        session.execute(update(Region).where(Region.name == REGION_NAME).values(fictional=True))
        open_figures(session, REGION_NAME, clock.today(), current_rules())
        region = session.execute(select(Region).where(Region.name == REGION_NAME)).scalar_one()
        region_id = region.id
        make_people(session, passwords, region_id, clock.now())
        count_talks(session, region_id, region.youth_region or "", current_code_lists(), clock.now())
        remember_searches(session, region_id, current_code_lists(), clock.today())
    tell_stories(database, current_sets(), region_id, current_code_lists(), current_rules(), clock.now())
    current_follower().rebuild()
    click.echo("The fictional region is loaded.")


@demo_command.command("serve")
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@with_appcontext
def serve_region(port: int) -> None:
    """Serve the fictional region on this machine only."""
    current_database().engine.dispose()
    address = f"http://127.0.0.1:{port}"
    click.echo(f"The demonstration region runs on {address}; sign-ins of every role: {address}/voorbeeld-aanmelden")
    serve(current_settings(), "127.0.0.1", port)


@demo_command.command("write")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def write(folder: Path) -> None:
    """Write the fictional region's data package into FOLDER."""
    write_package(folder, clock.today())
    click.echo(f"Written to {folder}")
