"""`portal search gaps`: what families looked for and did not find."""

from __future__ import annotations

import csv
import json
import re
import sys
from dataclasses import asdict, fields

import click
from flask.cli import with_appcontext

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.queries import region_facts
from portal.core import clock, languages, migrations
from portal.core.database import current_database
from portal.core.formulas import guard
from portal.search.engine import current_engine
from portal.search.white_spots.queries import months, white_spots
from portal.search.white_spots.reports import ReportedSpot, providers_now, reported
from portal.search.white_spots.types import SpotKind

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


@click.command("gaps")
@click.option("--month", metavar="YYYY-MM", help="Only this month; default all that are kept.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@with_appcontext
def gaps_command(month: str | None, form: str) -> None:
    """What many families looked for and did not find, per month that is over."""
    if month is not None and not _MONTH.fullmatch(month):
        raise click.UsageError(f"--month {month!r} is not a month; write for example 2026-11")
    migrations.refuse_other_version(current_database().engine)
    lists = current_code_lists()
    with current_database().sessions() as session:
        facts, today, engine = region_facts(session, lists), clock.today(), current_engine()
        known = [period for period in months(session) if month in (None, period)]
        rows = [
            row
            for period in known
            for row in reported(
                white_spots(session, period),
                lists,
                languages.DEFAULT,
                lambda topic, place: providers_now(session, engine, lists, facts, today, topic, place),
            )
        ]
    {"text": _as_text, "json": _as_json, "csv": _as_csv}[form](rows)


def _as_text(rows: list[ReportedSpot]) -> None:
    if not rows:
        click.echo("Nothing yet. Months are told when they are over; `portal daily` must run each day.")
    for period in dict.fromkeys(row.month for row in rows):
        own = [row for row in rows if row.month == period]
        click.echo(f"{period}")
        for kind, heading in ((SpotKind.TOPIC, "topics with few providers"), (SpotKind.WORD, "words not known")):
            if any(row.kind is kind for row in own):
                click.echo(f"  {heading}")
            for row in (row for row in own if row.kind is kind):
                where = f", {row.municipality}" if row.municipality else ""
                now = "" if row.providers_now is None else f"; providers now: {row.providers_now}"
                click.echo(f"    {row.label}{where}: at least {row.at_least}{now}")


def _as_json(rows: list[ReportedSpot]) -> None:
    click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))


def _as_csv(rows: list[ReportedSpot]) -> None:
    writer = csv.DictWriter(sys.stdout, [field.name for field in fields(ReportedSpot)], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: guard(cell) if isinstance(cell, str) else cell for name, cell in asdict(row).items()})
