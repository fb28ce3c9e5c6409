"""`portal daily`: what has to be done once a day. Safe to run twice, and after days on which it did not run."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import date, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from portal.catalogue.models import Region
from portal.core import clock, migrations
from portal.core.database import current_database
from portal.core.settings import current_settings
from portal.outcomes import operations as outcomes
from portal.outcomes.rules import current_rules
from portal.search.white_spots import operations as white_spots
from portal.search.white_spots.spool import Spool
from portal.search.white_spots.types import Rules

logger = logging.getLogger("portal")


@click.command("daily")
@with_appcontext
def daily_command() -> None:
    """Do what has to be done each day: white spots, phases of figures, retention. Exit 1 where a part of it failed."""
    migrations.refuse_other_version(current_database().engine)
    today = clock.today()
    failed = [name for name, task in TASKS.items() if not _done(name, task, today)]
    if failed:
        sys.exit(1)


def _done(name: str, task: Callable[[date], str], today: date) -> bool:
    """Do one task in a transaction of its own: the others do not wait for one that fails."""
    try:
        click.echo(f"{name}: {task(today)}")
    except Exception as error:
        logger.error("a daily task failed", exc_info=error, extra={"fields": {"task": name}})
        click.echo(f"{name}: failed, see the log", err=True)
        return False
    return True


def count_white_spots(today: date) -> str:
    """Take up what the web workers of this machine met on the days that are over, and end the months that are over."""
    settings, database = current_settings(), current_database()
    rules = Rules(settings.white_spot_sightings, settings.white_spot_days)
    with Spool(settings.data_dir).finished(today) as days, database.transaction() as session:
        white_spots.open_periods(session, today)
        white_spots.merge(session, days, rules)
        closed = white_spots.close_periods(session, today, settings.secret_key, rules)
        white_spots.forget(session, today, settings.white_spot_months)
    if closed:
        database.sweep()  # nothing of a key that was thrown away may linger
    return f"{len(days)} days taken up" + (f", {', '.join(closed)} closed" if closed else "")


def move_figures_on(today: date) -> str:
    """Carry out what regions planned for their figures, and show on what providers could look at for long enough."""
    database, now = current_database(), datetime.combine(today, clock.now().timetz())
    with database.sessions() as session:
        regions = session.scalars(select(Region.id).order_by(Region.id)).all()
    plans = 0
    for region_id in regions:
        with database.transaction() as session:
            plans += outcomes.keep_up(session, region_id, current_rules(), now)
    return f"{plans} plans carried out"


TASKS: dict[str, Callable[[date], str]] = {"white spots": count_white_spots, "figures": move_figures_on}
"""By the name that the command prints."""
