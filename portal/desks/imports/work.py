"""Reading and importing beside the request: whoever sent a file gets an answer at once, and sees how far it is."""

from __future__ import annotations

import logging
import threading
import time
from contextvars import copy_context
from dataclasses import dataclass

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal.catalogue.codelists import CodeLists, current_code_lists
from portal.catalogue.models import Region
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import Database, current_database
from portal.core.settings import Settings, current_settings
from portal.desks.imports import operations
from portal.desks.imports.types import Stage
from portal.exchange.apart import ReadApart
from portal.exchange.importing import Reading, import_package
from portal.exchange.report import Report
from portal.outcomes.rules import current_rules
from portal.outcomes.telling import tell_providers

logger = logging.getLogger("portal")

SECONDS_BETWEEN_SIGNS = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be looked at, or to be imported as it was `agreed` (the fingerprint of its report)."""

    public_id: str
    key: bytes
    actor: Actor
    agreed: str | None = None

    @property
    def stage(self) -> Stage:
        """Where the file stands while this goes on."""
        return Stage.CHECKING if self.agreed is None else Stage.IMPORTING


def begin(app: Flask, job: Job, patience: float) -> None:
    """Do it in a thread of this worker, and wait for it for some seconds: most files are done by then.

    The request must have let go of the database.
    """
    # In the context of the request, so that it is the same day there.
    thread = threading.Thread(target=copy_context().run, args=(_run, app, job), name="file", daemon=True)
    thread.start()
    thread.join(patience)


def _run(app: Flask, job: Job) -> None:
    with app.app_context():
        database, report = current_database(), None
        try:
            report = _done(database, current_code_lists(), current_settings(), job)
        except SQLAlchemyError as error:
            logger.error("a file could not be imported: the database", exc_info=error)
        except Exception as error:
            logger.error("a file could not be read", exc_info=error)
        with database.transaction() as session:
            operations.conclude(session, job.public_id, job.stage, report, job.key, clock.now())
        database.sweep()  # nothing of a file that was erased may linger


def _done(database: Database, lists: CodeLists, settings: Settings, job: Job) -> Report | None:
    with database.sessions() as session:
        check = operations.being_read(session, job.public_id, job.stage)
        upload = operations.upload_of(check, job.key) if check is not None else None
        region = session.get_one(Region, check.region_id).name if check is not None else ""
    if upload is None:
        return None
    said_at = time.monotonic()

    def progress(done: int, size: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SECONDS_BETWEEN_SIGNS:
            said_at = time.monotonic()
            with database.transaction() as session:
                operations.note_progress(session, job.public_id, job.stage, done, size, clock.now())

    return import_package(
        database, lists, upload, region,
        today=clock.today(), check_only=job.agreed is None, progress=progress, rules=current_rules(), actor=job.actor,
        reading=reading_of(settings), agreed=job.agreed,
        tell=lambda session, refreshed: tell_providers(session, refreshed, clock.now()),
    )  # fmt: skip


def reading_of(settings: Settings) -> Reading:
    """How a file that was sent is read."""
    return ReadApart(settings.code_lists_dir)
