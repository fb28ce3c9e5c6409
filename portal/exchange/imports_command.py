"""`portal imports`: what was brought in, and taking back the last of it."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from portal.catalogue.commands import region_asked
from portal.core.actor import Actor
from portal.core.clock import AMSTERDAM, now
from portal.core.database import current_database
from portal.core.languages import available, translate
from portal.core.messages import N_
from portal.exchange.importing import writing
from portal.exchange.queries import past_imports
from portal.exchange.readiness import refuse_other_version
from portal.exchange.undoing import CannotUndo, undo, undoable
from portal.outcomes.rules import current_rules
from portal.outcomes.telling import tell_providers

_language = click.option(
    "--lang", "language", type=click.Choice([language.code for language in available()]), default="nl",
    show_default=True, help="Language of what is printed.",
)  # fmt: skip
_region = click.option("--region", help="Name of the region; default: the one of the settings.")
MOST_LISTED = 50


@click.group("imports")
def imports_command() -> None:
    """What was brought in."""


@imports_command.command("list")
@_region
@_language
@with_appcontext
def list_imports(region: str | None, language: str) -> None:
    """The last imports of a region, newest first, each with its number."""
    refuse_other_version(current_database().engine, language)
    with current_database().sessions() as session:
        region_id = region_asked(session, region).id
        last = undoable(session, region_id)
        for run in past_imports(session, region_id, 1, MOST_LISTED)[1]:
            state = N_("undone") if run.undone_at else N_("can be undone") if run.id == last else ""
            words = translate(state, language) if state else ""
            at = run.imported_at.astimezone(AMSTERDAM) if run.imported_at.tzinfo else run.imported_at
            click.echo("\t".join((str(run.id), f"{at:%Y-%m-%d %H:%M}", run.file_name, words)).rstrip())


@imports_command.command("undo")
@click.argument("number", type=int)
@_region
@_language
@with_appcontext
def undo_import(number: int, region: str | None, language: str) -> None:
    """Take back the import with this number, the last of its region: all of it or nothing.

    Exit 0: everything is as it was before; 1: something stands in the way, which is named, and nothing was changed.
    """
    refuse_other_version(current_database().engine, language)
    moment = now()
    try:
        with writing(current_database()) as session:
            done = undo(
                session, region_asked(session, region).id, number, Actor.command("imports undo"), current_rules(),
                moment,
                tell=lambda session, refreshed: tell_providers(session, refreshed, moment),
            )  # fmt: skip
    except CannotUndo as refusal:
        click.echo(translate(N_("This import stays as it is, and nothing was changed:"), language), err=True)
        for one in refusal.reasons:
            since = f" ({one.who}, {one.at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M})" if one.at else ""
            click.echo(f"- {one.reason.in_language(language)}{since}", err=True)
        sys.exit(1)
    current_database().sweep()
    click.echo(translate(N_("Everything is as it was before %(file)s."), language, file=done.file_name))
    if done.stays_secret:
        said = N_("Addresses that became secret stay so: %(count)s")
        click.echo(translate(said, language, count=done.stays_secret))
