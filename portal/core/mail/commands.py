"""`portal mail`."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from portal.core import migrations
from portal.core.database import current_database
from portal.core.mail.health import REMEDIES
from portal.core.mail.sending import current_sender


@click.group("mail")
def mail_command() -> None:
    """Mail that waits to be sent."""


@mail_command.command("send")
@click.option("--follow", is_flag=True, help="Go on until stopped, as `portal serve` does by itself.")
@with_appcontext
def send(follow: bool) -> None:
    """Send what waits, once. Exit 1 where some of it could not be sent."""
    migrations.refuse_other_version(current_database().engine)
    sender = current_sender()
    if sender is None:
        raise click.UsageError("PORTAL_MAIL_URL is missing: there is no mail server to send through")
    if follow:
        sender.run()
    emptied = sender.empty()
    why = f": the mail server {REMEDIES[emptied.stopped_by]}" if emptied.stopped_by else ""
    click.echo(f"{emptied.sent} sent, {emptied.failed} not{why}.")
    if emptied.failed:
        sys.exit(1)
