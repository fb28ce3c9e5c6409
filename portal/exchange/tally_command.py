"""`portal outcomes tally`: runs where the client data are, and needs nothing of the portal: no database, no network."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

from portal.catalogue import codelists
from portal.catalogue.codelists import CodeListError
from portal.core.clock import today
from portal.core.languages import available, translate
from portal.core.messages import N_
from portal.exchange.export import csv_cell
from portal.exchange.problems import Problems, Severity, UnreadableError, error
from portal.exchange.readers import NoPackageError, open_package
from portal.exchange.report import problem_lines
from portal.exchange.tally import OUTCOME_COLUMNS, CodeListName, Options, Tally
from portal.exchange.values import Around

SOURCE = "Eigen registratie, geteld met portal outcomes tally"


@click.command("tally")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True,
              help="The file with counts that is made; it must not be there yet.")  # fmt: skip
@click.option("--source", default=SOURCE, show_default=True, help="What stands in the column source.")
@click.option("--instrument", default="", help="The questionnaire that was used.")
@click.option("--codes", type=click.Choice([name.value for name in CodeListName]),
              help="From which list the reasons are; found out by itself where it can be.")  # fmt: skip
@click.option("--halves", is_flag=True, help="Count per half-year instead of per year.")
@click.option("--by-municipality", is_flag=True, help="Also a row for each municipality, to check the others by.")
@click.option("--code-lists", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="Folder with the region's own code lists.")  # fmt: skip
@click.option("--lang", "language", type=click.Choice([language.code for language in available()]), default="nl",
              show_default=True, help="Language of the report.")  # fmt: skip
def tally_command(
    file: Path, out: Path, source: str, instrument: str, codes: str | None, halves: bool, by_municipality: bool,
    code_lists: Path | None, language: str,
) -> None:  # fmt: skip
    """Count closed trajectories in FILE (CSV or .xlsx), one row each, and write only the counts.

    Nothing of a row is kept or sent: no database, no network, no other file. Exit 1: the file has errors, and nothing
    was written; 2: the command was used wrongly.
    """
    if out.exists():
        raise click.UsageError(translate(N_("%(file)s is there already"), language, file=out))
    problems = Problems()
    try:
        lists = codelists.load(code_lists)
        of_list = CodeListName(codes) if codes else None
        options = Options(source, instrument, halves, by_municipality, of_list, code_lists)
        tally = Tally(options, Around(lists, today()), problems)
        _read(file, tally, problems)
        rows = tally.counts() if not problems.errors else []
    except (CodeListError, NoPackageError) as refusal:
        raise click.UsageError(_reason(refusal, language)) from None
    for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE):
        for line in problem_lines(problems, problems.of(severity), language):
            click.echo(line, err=True)
    if problems.errors:
        click.echo(translate(N_("The file has errors. Nothing was written."), language), err=True)
        sys.exit(1)
    _write(rows, out)
    said = N_(
        "%(rows)s rows read: %(running)s still run, %(early)s ended in a period that is not over, %(joined)s overlap "
        "with another. %(counts)s rows of counts written to %(file)s."
    )
    values = {"rows": tally.rows, "running": tally.running, "early": tally.too_early, "joined": tally.joined}
    click.echo(translate(said, language, **values, counts=len(rows), file=out))


def _read(file: Path, tally: Tally, problems: Problems) -> None:
    try:
        with open_package(file, problems) as package:
            tables = list(package.table_names)
            if len(tables) > 1:
                problems.add(
                    error("several_tables", N_("the file holds several sheets: %(tables)s"),
                          N_("keep the one with trajectories"), tables=", ".join(tables)), file.name
                )  # fmt: skip
                return
            for table in package.tables:
                tally.read(table)
    except UnreadableError as refusal:
        problems.put(refusal.problem)


def _reason(refusal: CodeListError | NoPackageError, language: str) -> str:
    if isinstance(refusal, CodeListError):
        return str(refusal)
    fault = refusal.problem.fault
    return "; ".join(message.in_language(language) for message in (fault.reason, fault.remedy))


def _write(rows: list[dict[str, object]], out: Path) -> None:
    """All at once, so that nothing half-made is left; as our other CSV files, for a Dutch spreadsheet program."""
    with out.open("x", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(OUTCOME_COLUMNS)
        for row in rows:
            writer.writerow([csv_cell(row.get(name)) for name in OUTCOME_COLUMNS])  # type: ignore[arg-type]
