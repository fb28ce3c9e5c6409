"""`portal migration`, for developers."""

from __future__ import annotations

import tempfile

import click

from portal.core import migrations
from portal.core.database import make_engine


@click.command("migration")
@click.argument("message")
def migration_command(message: str) -> None:
    """Draft a migration: what the models have and the migrations have not. For developers."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/scratch.sqlite3")
        migrations.upgrade(engine)
        migrations.draft(message, engine)
        engine.dispose()
