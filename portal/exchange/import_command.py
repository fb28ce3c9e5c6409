"""`portal import`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.catalogue.codelists import current_code_lists
from portal.core.clock import now, today
from portal.core.database import current_database
from portal.core.languages import available, translate
from portal.core.messages import N_
from portal.core.settings import current_settings
from portal.exchange.importing import Progress, WrongRegionError, import_package
from portal.exchange.readers import NoPackageError
from portal.exchange.readiness import refuse_other_version
from portal.outcomes.rules import current_rules
from portal.outcomes.telling import tell_providers

SECONDS_BETWEEN_LINES = 5


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Validate and report; change nothing.")
@click.option("--region", help="Name of the region; default: the one of the settings.")
@click.option("--new-region", is_flag=True, help="Make the region, also where it is no youth region.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="json is for programs, and says everything in Dutch and English.")  # fmt: skip
@click.option("--lang", "language", type=click.Choice([language.code for language in available()]), default="nl",
              show_default=True, help="Language of the report.")  # fmt: skip
@with_appcontext
def import_command(path: Path, check: bool, region: str | None, new_region: bool, form: str, language: str) -> None:
    """Read a data package: a folder or zip of CSV files, or an .xlsx workbook.

    All of it is stored, or nothing. Exit 0: imported (or checked) without errors; 1: the package has errors and
    nothing was changed; 2: the command was used wrongly.
    """
    name = region or current_settings().region_name
    refuse_other_version(current_database().engine, language)
    try:
        with _progress(language) as progress:
            report = import_package(
                current_database(), current_code_lists(), path, name,
                today=today(), check_only=check, new_region=new_region, progress=progress, rules=current_rules(),
                tell=lambda session, done: tell_providers(session, done, now()),
            )  # fmt: skip
    except (NoPackageError, WrongRegionError) as refusal:
        fault = refusal.problem.fault
        said = "; ".join(message.in_language(language) for message in (fault.reason, fault.remedy))
        click.echo(f"portal import: {said}", err=True)
        sys.exit(2)
    click.echo(
        json.dumps(report.as_json(), ensure_ascii=False, indent=1) if form == "json" else report.as_text(language)
    )
    sys.exit(0 if report.ok else 1)


@contextmanager
def _progress(language: str) -> Iterator[Progress]:
    """Shows how far the reading is: a bar on a terminal, elsewhere a line now and then if it takes long."""
    label = translate(N_("Reading and checking"), language)
    if sys.stderr.isatty():
        with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

            def move(done: int, total: int) -> None:
                bar.length = max(total, 1)
                bar.update(done - bar.pos)

            yield move
        return
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            click.echo(f"{label}: {100 * done // max(total, 1)}%", err=True)

    yield tell
