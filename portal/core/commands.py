"""`portal doctor` and `portal migration`."""

from __future__ import annotations

import sys
import tempfile

import click
from flask.cli import with_appcontext

from portal.core import doctor, migrations
from portal.core.database import current_database, make_engine
from portal.core.doctor import Health
from portal.core.settings import current_settings


@click.command("migration")
@click.argument("message")
def migration_command(message: str) -> None:
    """Draft a migration: what the models have and the migrations have not. For developers."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/scratch.sqlite3")
        migrations.upgrade(engine)
        migrations.draft(message, engine)
        engine.dispose()


@click.command("doctor")
@with_appcontext
def doctor_command() -> None:
    """Say what is wrong with this installation. Exit 1 where something is."""
    findings = doctor.examine(current_settings(), current_database())
    for finding in findings:
        click.echo(f"{finding.health:8} {finding.subject}: {finding.message}")
    if any(finding.health is Health.BAD for finding in findings):
        sys.exit(1)
