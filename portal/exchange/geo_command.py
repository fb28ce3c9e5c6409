"""`portal geo`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.catalogue.boundaries import store_boundaries
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.operations import replace_postcode_areas
from portal.core.database import current_database
from portal.core.languages import available, translate
from portal.core.messages import N_
from portal.core.settings import current_settings
from portal.exchange.boundaries import read_boundaries
from portal.exchange.postcodes import read_postcodes
from portal.exchange.problems import Problems, Severity, UnreadableError
from portal.exchange.readers import NoPackageError, single_file
from portal.exchange.readiness import refuse_other_version
from portal.exchange.report import problem_lines

SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".geojson", ".topojson")


@click.group("geo")
def geo_command() -> None:
    """Where postcodes and regions lie."""


@geo_command.command("load")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--lang", "language", type=click.Choice([language.code for language in available()]), default="nl",
              show_default=True, help="Language of the report.")  # fmt: skip
@with_appcontext
def load(path: Path, language: str) -> None:
    """Read postcodes (CSV of CBS, GeoNames or 4pp) or boundaries (GeoJSON, TopoJSON); a zip of one file too.

    What was loaded before is replaced. Exit 0: stored; 1: the file has errors and nothing was stored; 2: the
    command was used wrongly.
    """
    refuse_other_version(current_database().engine, language)
    problems = Problems()
    said = ""
    try:
        name, data = single_file(path, SUFFIXES)
        said = _load(name, data, problems, language)
    except NoPackageError as refusal:
        raise click.UsageError("; ".join(
            message.in_language(language) for message in (refusal.problem.fault.reason, refusal.problem.fault.remedy)
        )) from None  # fmt: skip
    except UnreadableError as refusal:
        problems.put(refusal.problem)
    for severity in (Severity.ERROR, Severity.WARNING):
        for line in problem_lines(problems, problems.of(severity), language):
            click.echo(line, err=severity is Severity.ERROR)
    if problems.errors:
        click.echo(translate(N_("The file has errors. Nothing was stored."), language), err=True)
        sys.exit(1)
    click.echo(said)


def _load(name: str, data: bytes, problems: Problems, language: str) -> str:
    """Store what the file holds, unless it has errors, and say what was stored."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        boundaries = read_boundaries(name, data, current_code_lists(), problems)
        if problems.errors:
            return ""
        stored = store_boundaries(current_settings().data_dir, boundaries)
        return translate(N_("%(count)s areas are stored in %(file)s."), language, count=len(boundaries.areas),
                         file=stored)  # fmt: skip
    postcodes = read_postcodes(name, data, problems)
    if problems.errors:
        return ""
    with current_database().transaction() as session:
        replace_postcode_areas(session, postcodes.points)
    return translate(
        N_("%(count)s postcodes are stored, in place of those before; %(left_out)s rows were left out."), language,
        count=len(postcodes.points), left_out=postcodes.left_out,
    )  # fmt: skip
