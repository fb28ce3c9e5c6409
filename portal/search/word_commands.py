"""`portal search words`: what words search knows, and whether they contradict each other."""

from __future__ import annotations

import sys
from contextlib import suppress

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from portal.catalogue.edits.live import current_lists
from portal.core.settings import current_settings
from portal.search import vocabulary, word_check


@click.command("words")
@with_appcontext
def words() -> None:
    """Count the words of search and check them, also a region's own. Exit 1 where a row is wrong."""
    lists, folder = current_lists().files, vocabulary.own_folder(current_settings().code_lists_dir)
    with suppress(SQLAlchemyError):  # the files can be checked before there is a database
        lists = current_lists().latest()
    click.echo(f"Words of version {vocabulary.version(folder)}.")
    for name, rows in word_check.counts(folder).items():
        click.echo(f"  {name:14} {rows:6}")
    found = word_check.clashes(lists, folder)
    for clash in found:
        click.echo(str(clash))
    click.echo(f"{len(found)} rows are wrong." if found else "No row is wrong.")
    if found:
        sys.exit(1)
