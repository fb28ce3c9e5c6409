"""`portal init`, `portal doctor` and `portal serve`."""

from __future__ import annotations

import sys
import tempfile

import click
from flask.cli import with_appcontext

from portal.core import doctor, migrations
from portal.core.database import current_database, make_engine
from portal.core.doctor import Health
from portal.core.settings import Settings, current_settings


@click.command("init")
@with_appcontext
def init_command() -> None:
    """Create the database under the data folder, or bring it to this version."""
    doctor.data_folder(current_settings())
    engine = current_database().engine
    before = migrations.current(engine)
    migrations.upgrade(engine)
    after = migrations.current(engine)
    click.echo(f"Database ready ({after})." if before != after else f"Database was ready ({after}).")


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


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@with_appcontext
def serve_command(host: str, port: int) -> None:
    """Serve the site with the production server."""
    settings = current_settings()
    refuse_without_secret(settings)
    database = current_database()
    if migrations.current(database.engine) != migrations.head():
        raise click.ClickException("the database is not of this version; run `portal init` first")
    database.engine.dispose()
    serve(settings, host, port)


def refuse_without_secret(settings: Settings) -> None:
    """Raise click.UsageError where a public installation would start without a secret of its own."""
    if not settings.secret_key and not settings.demonstration:
        raise click.UsageError("PORTAL_SECRET_KEY is missing; set it to a long random text, for example the output "
                               'of: python -c "import secrets; print(secrets.token_hex(32))"')  # fmt: skip


def serve(settings: Settings, host: str, port: int) -> None:
    """Run the web workers until the process is stopped.

    One blocking thread a worker: pages are bound by the processor, and more threads make them slower.
    """
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "portal:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()
