"""`portal daily`: what has to be done once a day. Safe to run twice, and after days on which it did not run."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from portal.accounts import operations as accounts
from portal.accounts.signing_in.web import mail_site
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Region
from portal.catalogue.queries import catalogue_revision, region_facts
from portal.core import clock, migrations
from portal.core.database import current_database
from portal.core.mail import operations as mail
from portal.core.mail.sending import forget_files
from portal.core.security_log import operations as security_log
from portal.core.settings import current_settings
from portal.core.throttle import operations as throttle
from portal.core.trail import operations as trail
from portal.core.trail.witness import Witness
from portal.desks.choice.operations import forget_presses
from portal.desks.corrections import operations as corrections
from portal.desks.imports import operations as imports
from portal.desks.reminders import operations as reminders
from portal.exchange import undoing
from portal.outcomes import operations as outcomes
from portal.outcomes.rules import current_rules
from portal.outcomes.telling import tell_providers
from portal.reviews import operations as reviews
from portal.reviews.invitations.operations import forget_codes
from portal.reviews.publishing import operations as publishing
from portal.reviews.questions import current_sets
from portal.reviews.telling.drafts import forget_drafts
from portal.reviews.tombstones import Tombstones
from portal.search.white_spots import operations as white_spots
from portal.search.white_spots.counter import FOUND
from portal.search.white_spots.spool import Spool
from portal.search.white_spots.types import Rules

logger = logging.getLogger("portal")

DAYS_A_YEAR = 365.25


@click.command("daily")
@with_appcontext
def daily_command() -> None:
    """Do what has to be done each day: white spots, phases of figures, reminders, retention.

    Exit 1 where a part of it failed.
    """
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
    """Take up what the web workers of this machine met on the days that are over, and end the months that are over.

    White spots, and what led families to providers.
    """
    settings, database = current_settings(), current_database()
    rules = Rules(settings.white_spot_sightings, settings.white_spot_days)
    spools = Spool(settings.data_dir), Spool(settings.data_dir, FOUND)
    with spools[0].finished(today) as days, spools[1].finished(today) as found, database.transaction() as session:
        white_spots.open_periods(session, today)
        white_spots.merge(session, days, rules)
        white_spots.merge(session, found, rules, white_spots.MOST_FOUND_A_DAY)
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
            due, done = outcomes.keep_up(session, region_id, current_rules(), now)
            tell_providers(session, done, now)
        plans += due
    return f"{plans} plans carried out"


def keep_up_experiences(today: date) -> str:
    """Publish what families told in batches, count in steps, and forget what is too old or was withdrawn before."""
    settings, database = current_settings(), current_database()
    with database.transaction() as session:
        buried = reviews.bury_again(session, Tombstones(settings.data_dir).all())
        drafts = forget_drafts(session, today, settings.draft_days)
        forget_codes(session, today)
        reviews.shuffle(session)
    with database.sessions() as session:
        regions = session.scalars(select(Region.id).order_by(Region.id)).all()
    published = 0
    for region_id in regions:
        with database.transaction() as session:
            done = publishing.keep_up(
                session, region_id, current_sets(), current_rules(), settings.refused_days, today
            )  # fmt: skip
            published += done.named + done.unnamed
    database.sweep()
    return f"{published} published, {drafts} drafts and {buried} withdrawn deleted"


def remind_providers(today: date) -> str:
    """Ask providers whether their waiting times, and once a year their whole page, are still right."""
    settings, database, lists, now = current_settings(), current_database(), current_code_lists(), clock.now()
    site = mail_site()
    with database.sessions() as session:
        regions = session.scalars(select(Region.id).order_by(Region.id)).all()
        facts = region_facts(session, lists, catalogue_revision(database.engine))
    situation, asked = facts.situation(lists, today), 0
    for region_id in regions:
        with database.transaction() as session:
            asked += reminders.ask_about_waiting(
                session, region_id, situation, settings.waiting_reminder_days, site, now
            )
            asked += reminders.ask_about_profiles(
                session, region_id, situation, settings.profile_reminder_days, site, now
            )
    return f"{asked} providers asked"


def forget_imports(today: date) -> str:
    """Erase what the last import replaced, once it was kept long enough, and files that nobody went on with."""
    database, now = current_database(), datetime.combine(today, clock.now().timetz())
    with database.transaction() as session:
        deleted = undoing.forget_old(session, now, current_settings().undo_days)
        files = imports.forget(session, now)
    if deleted or files:
        database.sweep()
    return f"{deleted} can be undone no more, {files} files erased"


def forget_mail(_today: date) -> str:
    """Delete mail that nobody will get any more, and the fact that other mail was sent."""
    settings, database = current_settings(), current_database()
    with database.transaction() as session:
        deleted = mail.forget(session, clock.now(), settings.mail_days)
    if settings.mail_folder is not None:
        forget_files(settings.mail_folder, clock.now() - timedelta(days=settings.mail_days))
    if deleted:
        database.sweep()
    return f"{deleted} deleted"


def forget_trail(_today: date) -> str:
    """Delete the oldest stretch of the trail, once it was kept long enough."""
    limit = clock.now() - timedelta(days=current_settings().trail_years * DAYS_A_YEAR)
    with current_database().transaction() as session:
        deleted = trail.forget(session, limit)
        start = trail.start(session)
    Witness(current_settings().data_dir).forget(start.number)
    return f"{deleted} deleted"


def forget_attempts(_today: date) -> str:
    """Delete counted attempts that count no more, and the keys under which they were counted."""
    database = current_database()
    with database.transaction() as session:
        deleted = throttle.forget(session, clock.now())
    database.sweep()  # nothing of a key that was thrown away may linger
    return f"{deleted} deleted"


def forget_security_log(_today: date) -> str:
    """Delete who signed in, and what was refused, once it was kept long enough."""
    with current_database().transaction() as session:
        deleted = security_log.forget(session, clock.now(), current_settings().security_log_days)
    return f"{deleted} deleted"


def forget_choices(today: date) -> str:
    """Delete which forms about a choice were counted; the counters stay."""
    database = current_database()
    with database.transaction() as session:
        deleted = forget_presses(session, today)
    if deleted:
        database.sweep()
    return f"{deleted} deleted"


def forget_corrections(today: date) -> str:
    """Erase what visitors wrote is not right, some time after the region decided about it, or did not."""
    database, settings = current_database(), current_settings()
    with database.transaction() as session:
        erased = corrections.forget(session, today, settings.correction_days, settings.correction_wait_days)
    if erased:
        database.sweep()
    return f"{erased} erased"


def forget_accounts(_today: date) -> str:
    """Delete sign-ins and codes that are over, and people who had no role for a year."""
    database = current_database()
    with database.transaction() as session:
        forgotten = accounts.forget(session, clock.now())
    if forgotten:
        database.sweep()
    return f"{forgotten} people forgotten"


TASKS: dict[str, Callable[[date], str]] = {
    "white spots": count_white_spots,
    "figures": move_figures_on,
    "experiences": keep_up_experiences,
    "reminders": remind_providers,
    "imports": forget_imports,
    "mail": forget_mail,
    "attempts": forget_attempts,
    "security log": forget_security_log,
    "trail": forget_trail,
    "accounts": forget_accounts,
    "choices": forget_choices,
    "corrections": forget_corrections,
}
"""By the name that the command prints."""
