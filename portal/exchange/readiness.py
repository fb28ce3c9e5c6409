"""Whether the database can be worked with, said in the language that the command was asked to speak."""

from __future__ import annotations

import click
from sqlalchemy import Engine

from portal.core import migrations
from portal.core.languages import translate
from portal.core.messages import N_


def refuse_other_version(engine: Engine, language: str) -> None:
    """Raise click.UsageError, in `language`, where the database is not of this version."""
    if migrations.current(engine) != migrations.head():
        raise click.UsageError(translate(N_("the database is not ready; run: portal init"), language))
