"""The `portal` command: Flask's own command line with our application in it."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import OperationalError

from portal.app import create_app
from portal.catalogue.codelists import CodeListError
from portal.core.database import DatabaseUnsafe
from portal.core.settings import SettingsError


def main() -> None:
    """Run the command line; a setting or code list that cannot be used ends it with exit code 2."""
    try:
        app = create_app()
    except (SettingsError, DatabaseUnsafe, CodeListError) as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(2)
    try:
        _run(app)
    except OperationalError as error:
        click.echo(f"portal: the database cannot be used now: {error.orig}", err=True)
        sys.exit(1)


def _run(app: Flask) -> None:
    FlaskGroup(create_app=lambda: app, help="The portal for choosing youth care.").main(prog_name="portal")
