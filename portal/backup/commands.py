"""`portal backup` and `portal restore`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.backup.copies import CannotCopy
from portal.backup.operations import CannotRestore, back_up, restore
from portal.core import clock, migrations
from portal.core.actor import Actor
from portal.core.database import current_database
from portal.core.settings import current_settings
from portal.search.following import current_follower

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("backup")
@click.argument("destination", metavar="DEST", type=_FOLDER)
@with_appcontext
def backup_command(destination: Path) -> None:
    """Write a whole copy of this installation into the new folder DEST, while it runs on.

    Code lists, theme and settings are files of your own and are not in it, PORTAL_SECRET_KEY least of all. Nor is what
    families took back: that list stays with this machine.
    """
    database = current_database()
    migrations.refuse_other_version(database.engine)
    try:
        back_up(current_settings(), database, destination, clock.now())
    except (CannotCopy, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Backup written: {destination}")


@click.command("restore")
@click.argument("source", metavar="SRC", type=_FOLDER)
@click.option("--replace", is_flag=True, help="Put it in the place of the database that is there.")
@with_appcontext
def restore_command(source: Path, replace: bool) -> None:
    """Put the backup in the folder SRC back. The portal must not be running.

    What families took back after the backup was made is deleted again, addresses that became secret are hidden, and
    access that ended is ended. Everybody chooses a new password by mail, and mail that waited then is not sent, since
    it may have left.
    """
    try:
        done = restore(
            current_settings(), current_database(), source, Actor.command("restore"), clock.now(), replaces=replace
        )
    except (CannotCopy, CannotRestore, OSError) as error:
        raise click.ClickException(str(error)) from None
    current_follower().catch_up()
    click.echo(
        f"Restored: the backup of {done.made_at:%Y-%m-%d %H:%M}.\n"
        f"Stories that were taken back since and are deleted again: {done.buried}.\n"
        f"Addresses that became secret since and are hidden again: {done.hidden}.\n"
        f"Roles of people that ended since and are ended again: {done.ended}. See `portal users list`, and "
        "`portal users enable EMAIL` for who came back in the meantime.\n"
        "No password or recovery code of then opens anything: everybody asks for a new password by mail. "
        "`portal users reset EMAIL` lets in an administrator whom no mail reaches.\n"
        "Run `portal daily` and `portal doctor` now, then start the portal."
    )
