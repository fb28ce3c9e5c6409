"""The `portal` command: Flask's own command line with our application in it."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from portal.app import create_app
from portal.catalogue.codelists import CodeListError
from portal.core.database import DatabaseUnsafe
from portal.core.settings import SettingsError
from portal.exchange.tally_command import tally_command

UNUSABLE = (
    SettingsError, DatabaseUnsafe, CodeListError, ArgumentError, NoSuchModuleError, ImportError, OSError,
    UnicodeDecodeError,
)  # fmt: skip
"""What a wrong setting leads to before any command runs."""


STANDALONE = ("outcomes", "tally")
"""Runs where the client data are: no application, so no database, data folder or log comes of it."""


def main() -> None:
    """Run the command line; a setting or code list that cannot be used ends it with exit code 2."""
    if tuple(sys.argv[1:3]) == STANDALONE:
        tally_command(sys.argv[3:], prog_name=" ".join(("portal", *STANDALONE)))
    try:
        app = create_app()
    except UNUSABLE as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(2)
    try:
        _run(app)
    except DBAPIError as error:
        click.echo(f"portal: the database cannot be used now: {error.orig}", err=True)
        sys.exit(1)


def _run(app: Flask) -> None:
    FlaskGroup(create_app=lambda: app, help="The portal for choosing youth care.").main(prog_name="portal")
