"""`portal init`, `portal doctor` and `portal serve`: what needs database and index together."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from portal.catalogue.queries import catalogue_revision
from portal.core import clock, doctor, migrations
from portal.core.database import current_database
from portal.core.doctor import SHORTEST_SECRET, Finding, Health
from portal.core.mail import health as mail_health
from portal.core.mail.sending import transport_of
from portal.core.memory import keep_out_of_core_dumps
from portal.core.settings import Settings, current_settings
from portal.core.trail import health as trail_health
from portal.core.trail.witness import Witness
from portal.reviews.operations import bury_again
from portal.reviews.tombstones import Tombstones
from portal.search.engine import current_engine
from portal.search.following import BEHIND_SECONDS, current_follower, is_behind
from portal.search.white_spots.queries import ledger
from portal.search.white_spots.types import period_of

logger = logging.getLogger("portal")

BESIDE = (("search", "follow"), ("mail", "send", "--follow"))
"""What runs beside the web workers, each as a command in a process of its own: the indexer, and what sends mail."""
PORTAL = (sys.executable, "-c", "from portal.cli import main; main()")
PATIENCE_SECONDS = 10.0
"""How long a process beside the workers may take to end."""
PAUSE_SECONDS = 5.0
"""How long it is left alone when it ended by itself."""
LOOK_SECONDS = 0.2


@click.command("init")
@with_appcontext
def init_command() -> None:
    """Create database and index under the data folder, or bring them to this version."""
    doctor.data_folder(current_settings())
    engine = current_database().engine
    before = migrations.current(engine)
    migrations.upgrade(engine)
    after = migrations.current(engine)
    with current_database().transaction() as session:
        bury_again(session, Tombstones(current_settings().data_dir).all())
    current_follower().catch_up()
    click.echo(f"Database ready ({after})." if before != after else f"Database was ready ({after}).")


@click.command("doctor")
@with_appcontext
def doctor_command() -> None:
    """Say what is wrong with this installation. Exit 1 where something is."""
    settings, database = current_settings(), current_database()
    findings = [
        *doctor.examine(settings, database),
        *mail_health.findings(settings, database, clock.now()),
        *trail_health.findings(database, Witness(settings.data_dir)),
        _index_finding(),
        _daily_finding(),
    ]
    for finding in findings:
        click.echo(f"{finding.health:8} {finding.subject}: {finding.message}")
    if any(finding.health is Health.BAD for finding in findings):
        sys.exit(1)


def _index_finding() -> Finding:
    engine = current_engine()
    index = engine.index()
    if index is None:
        return Finding("index", Health.WARNING, "there is none that can be read: run `portal search rebuild`")
    try:
        with current_database().sessions() as session:
            behind = is_behind(engine, session)
    except SQLAlchemyError:
        return Finding("index", Health.WARNING, "cannot be compared while the database cannot be reached")
    followed_at = engine.folder.followed_at()
    if behind and (followed_at is None or time.time() - followed_at > BEHIND_SECONDS):
        since = "" if followed_at is None else f" since {datetime.fromtimestamp(followed_at, UTC):%Y-%m-%d %H:%M} UTC"
        message = "is of an older state of the catalogue, which nothing follows{}: `portal serve` should be running"
        return Finding("index", Health.WARNING, message.format(since))
    return Finding("index", Health.GOOD, f"holds {int(index.is_live.sum())} offers")


def _daily_finding() -> Finding:
    try:
        with current_database().sessions() as session:
            counts = ledger(session, period_of(clock.today()), current_settings().secret_key) is not None
    except SQLAlchemyError:
        return Finding("daily tasks", Health.WARNING, "cannot be looked at while the database cannot be read")
    if counts:
        return Finding("daily tasks", Health.GOOD, "ran in the last two months")
    return Finding("daily tasks", Health.WARNING, "did not run: let `portal daily` run once a day")


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
    with database.transaction() as session:
        bury_again(session, Tombstones(settings.data_dir).all())
    database.engine.dispose()
    serve(settings, host, port)


def refuse_without_secret(settings: Settings) -> None:
    """Raise click.UsageError where a public installation would start without a secret of its own."""
    if len(settings.secret_key) < SHORTEST_SECRET and not settings.demonstration:
        raise click.UsageError(
            f"PORTAL_SECRET_KEY is missing or shorter than {SHORTEST_SECRET} characters; set it to a long random text, "
            'for example the output of: python -c "import secrets; print(secrets.token_hex(32))"'
        )


def serve(settings: Settings, host: str, port: int) -> None:
    """Run the web workers, the one indexer and the one sender of mail until the process is stopped.

    One blocking thread a worker: pages are bound by the processor, and more threads make them slower.
    """
    keep_out_of_core_dumps()
    can_send = transport_of(settings) is not None
    with beside([(*PORTAL, *command) for command in BESIDE if can_send or command[0] != "mail"]):
        _granian(settings, host, port)


@contextmanager
def beside(commands: Sequence[Sequence[str]]) -> Iterator[None]:
    """Run each command in a process of its own, and begin it again after a pause where it ended by itself."""
    stopped = threading.Event()
    keepers = [threading.Thread(target=_keep_running, args=(command, stopped)) for command in commands]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        stopped.set()
        for keeper in keepers:
            keeper.join()


def _keep_running(command: Sequence[str], stopped: threading.Event) -> None:
    while not stopped.is_set():
        process = subprocess.Popen(command)  # noqa: S603 - fixed words
        while process.poll() is None and not stopped.wait(LOOK_SECONDS):
            pass
        if process.returncode is None:
            process.terminate()
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        else:
            ended = {"command": " ".join(command[len(PORTAL) :]), "status": process.returncode}
            logger.error("a process beside the web workers ended and is begun again", extra={"fields": ended})
            stopped.wait(PAUSE_SECONDS)


def _granian(settings: Settings, host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    if sys.platform == "linux":
        # Workers are forks of this process, and have in common what it made before: words, index and catalogue.
        multiprocessing.set_start_method("fork", force=True)
        _made_before.append(create_serving_app())
    Granian(
        "portal.serving:worker_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()


_made_before: list[Flask] = []
"""The application that was made before workers were forked, where they were."""


def worker_app() -> Flask:
    """The application of a web worker: that of the process from which it was forked, or else its own."""
    return _made_before[0] if _made_before else create_serving_app()


def create_serving_app() -> Flask:
    """The application that serves: as any, but it limits questions (where the settings do not say otherwise), and has
    words and catalogue read before the first visitor comes.
    """
    from portal.app import create_app

    settings = Settings.from_environment()
    app = create_app(settings, limits_questions=settings.question_limits)
    with app.app_context(), current_database().sessions() as session:
        engine = current_engine()
        engine.warm_up()
        try:
            engine.catalogue(session, catalogue_revision(current_database().engine), clock.today())
        except SQLAlchemyError as error:
            logger.warning("the catalogue cannot be read yet", exc_info=error)
    for template in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(template)  # what is compiled later might be of another version, put in its place
    app.extensions["portal.database"].engine.dispose()  # no connection of one process may be used by another
    # Words and catalogue are there to stay: without this the collector walks through all of them now and then, and a
    # visitor waits a third of a second for it.
    gc.collect()
    gc.freeze()
    return app
