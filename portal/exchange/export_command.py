"""`portal export`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from portal.catalogue.codelists import CodeLists, current_code_lists
from portal.catalogue.models import Region
from portal.catalogue.queries import region_named
from portal.core.clock import today
from portal.core.database import current_database
from portal.core.languages import DEFAULT, available
from portal.core.messages import N_, Message
from portal.core.settings import current_settings
from portal.core.text import nearest
from portal.exchange.destination import CannotWriteError
from portal.exchange.export import data_package, write_csv, write_workbook
from portal.exchange.hsds_export import hsds_package, write_hsds
from portal.exchange.queries import public_catalogue, region_names
from portal.exchange.readiness import refuse_other_version
from portal.exchange.template import write_template

_TABLES = (".csv", ".xlsx", ".zip")


class _WrongUseError(Exception):
    """The command was used wrongly; carries the sentence that says how."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.message = Message(text, values)


@click.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice(["csv", "xlsx", "hsds"]),
              help="csv and xlsx: what `portal import` reads; hsds: Open Referral HSDS 3.0.")  # fmt: skip
@click.option("--template", is_flag=True, help="The empty workbook, with explanation and pick lists.")
@click.option("--region", help="Name of the region; default: the one of the settings.")
@click.option("--lang", "language", default=DEFAULT, show_default=True, help="Language of what is said.",
              type=click.Choice([language.code for language in available()]))  # fmt: skip
@with_appcontext
def export_command(path: Path, kind: str | None, template: bool, region: str | None, language: str) -> None:
    """Write what is public of a region to PATH, or the empty workbook.

    csv and hsds write a folder, or one file where PATH ends in .zip; xlsx writes a workbook. Exit 0: written;
    1: it could not be written; 2: the command was used wrongly. Nothing that is there is overwritten.
    """
    name = region or current_settings().region_name
    try:
        _refuse_wrong_use(path, kind, template)
        if template:
            said = _write_template(path, name, language)
        else:
            refuse_other_version(current_database().engine, language)
            with current_database().sessions() as session:
                said = _write(session, path, str(kind), name)
    except (_WrongUseError, CannotWriteError) as refusal:
        click.echo(f"portal export: {refusal.message.in_language(language)}", err=True)
        sys.exit(2)
    except OSError as failure:
        message = Message(
            N_("%(path)s could not be written: %(why)s."),
            {"path": path, "why": failure.strerror or type(failure).__name__},
        )
        click.echo(f"portal export: {message.in_language(language)}", err=True)
        sys.exit(1)
    click.echo(said.in_language(language))


def _refuse_wrong_use(path: Path, kind: str | None, template: bool) -> None:
    if template and kind not in {None, "xlsx"}:
        raise _WrongUseError(N_("The template is always a workbook; leave out --as."))
    if not template and kind is None:
        raise _WrongUseError(N_("Say --as csv, --as xlsx or --as hsds, or --template."))
    suffix = path.suffix.lower()
    if template or kind == "xlsx":
        if suffix != ".xlsx":
            raise _WrongUseError(N_("The name of a workbook must end in .xlsx: %(path)s."), path=path)
    elif suffix in _TABLES and suffix != ".zip":
        raise _WrongUseError(N_("Give the name of a folder, or one that ends in .zip: %(path)s."), path=path)


def _write_template(path: Path, name: str, language: str) -> Message:
    code_lists = current_code_lists()
    youth_region = code_lists.youth_region_named(name)
    write_template(path, code_lists, youth_region, language)
    if youth_region is None:
        return Message(
            N_("Wrote the empty workbook to %(path)s. %(name)s is no youth region, so it lists all municipalities."),
            {"path": path, "name": name},
        )
    return Message(N_("Wrote the empty workbook to %(path)s."), {"path": path})


def _write(session: Session, path: Path, kind: str, name: str) -> Message:
    region = _region(session, name)
    code_lists: CodeLists = current_code_lists()
    catalogue = public_catalogue(session, region, today())
    left_out = 0
    if kind == "hsds":
        hsds = hsds_package(catalogue, code_lists, today())
        write_hsds(hsds, path)
        counts = hsds.counts
    else:
        package = data_package(catalogue, code_lists)
        (write_csv if kind == "csv" else write_workbook)(package, path)
        counts, left_out = package.counts, package.left_out
    summary = {
        "region": region.name,
        "path": path,
        "rows": sum(counts.values()),
        "tables": ", ".join(f"{table} {count}" for table, count in counts.items() if count),
        "left_out": left_out,
    }
    if left_out:
        return Message(
            N_("%(region)s: wrote %(rows)s rows to %(path)s (%(tables)s). Left out are %(left_out)s offers without "
               "arrangement and places without municipality; --as hsds writes them too."),
            summary,
        )  # fmt: skip
    return Message(N_("%(region)s: wrote %(rows)s rows to %(path)s (%(tables)s)."), summary)


def _region(session: Session, name: str) -> Region:
    region = region_named(session, name)
    if region is not None:
        return region
    known = region_names(session)
    if not known:
        raise _WrongUseError(N_("There is nothing to export: no region has been imported."))
    near = nearest(name, known)
    raise _WrongUseError(
        N_("There is no region %(name)s; there is %(known)s."), name=name, known=near or ", ".join(known)
    )
