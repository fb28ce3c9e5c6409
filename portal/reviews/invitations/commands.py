"""`portal invitations`: codes for families, from the command line."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.types import Scope
from portal.catalogue.codelists import CodeLists, current_code_lists
from portal.catalogue.criteria import read_municipality
from portal.catalogue.models import Provider
from portal.catalogue.queries import region_named
from portal.core import clock, migrations
from portal.core.actor import Actor
from portal.core.database import current_database
from portal.core.languages import DEFAULT, speaking
from portal.core.settings import current_settings
from portal.reviews.invitations.operations import LARGEST_BATCH, CannotIssue, Wanted, draw, issue
from portal.reviews.invitations.presenters import LettersPage, issued_words, letters_page, sheet_text
from portal.reviews.models import InvitationBatch
from portal.reviews.offices.operations import about_of
from portal.reviews.offices.queries import Tellable, tellable
from portal.reviews.types import Occasion, Quarter


@click.group("invitations")
def invitations_command() -> None:
    """Codes with which families tell their experience."""


@invitations_command.command("issue")
@click.argument("whom")
@click.option("--arrangement", default="", help="Kind of help, by its code; of a provider only.")
@click.option("--number", default=20, show_default=True, help="How many codes.")
@click.option("--occasion", type=click.Choice([one.value for one in Occasion]), default=Occasion.END.value,
              show_default=True, help="When they are handed over.")  # fmt: skip
@click.option("--municipality", default="", help="Which municipality makes them; default the region.")
@click.option("--region", help="Region of the provider; default PORTAL_REGION_NAME.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True,
              help="The file to print: .html with QR codes, or .txt. The codes stand nowhere else.")  # fmt: skip
@with_appcontext
def issue_command(
    whom: str, arrangement: str, number: int, occasion: str, municipality: str, region: str | None, out: Path
) -> None:
    """Make codes with which families tell of WHOM, and the letters to print.

    WHOM is the identifier of a provider, an access team (toegang/heerlen) or a certified institution
    (jeugdbescherming/name-of-it).
    """
    settings, lists = current_settings(), current_code_lists()
    migrations.refuse_other_version(current_database().engine)
    if arrangement not in lists.arrangements and "/" not in whom:
        known = ", ".join(lists.arrangements)
        raise click.UsageError(f"there is no kind of help {arrangement!r} (--arrangement); known are: {known}")
    code = read_municipality(municipality, lists) if municipality else ""
    if code is None:
        raise click.UsageError(f"there is no municipality {municipality}")
    if out.exists():
        raise click.UsageError(f"{out} is there already; codes are never written over others")
    drawn = draw(current_database().keys, min(number, LARGEST_BATCH))
    with current_database().transaction() as session:
        found = region_named(session, region or settings.region_name)
        if found is None:
            raise click.UsageError("there is no such region")
        one = _tellable(session, found.id, whom, lists)
        about = about_of(session, found.id, one)
        wanted = Wanted(
            found.id, about, "" if one.kind else arrangement, Occasion(occasion), Quarter.of(clock.today()), number,
            code,
        )  # fmt: skip
        try:
            actor = Actor.command("invitations issue")
            batch, codes = issue(session, actor, wanted, clock.now(), settings.code_days, drawn=drawn)
        except CannotIssue as error:
            raise click.UsageError(str(error)) from None
    # Drawing hundreds of QR codes takes seconds: after the transaction, in which no family could send anything.
    with current_database().sessions() as session, speaking(DEFAULT):
        made = session.get_one(InvitationBatch, batch.id)
        page = letters_page(made, codes, lists, settings.base_url + "/ervaring", settings.region_name)
        text = sheet_text(page) if out.suffix == ".txt" else _sheet(page)
    out.touch(mode=0o600)
    out.write_text(text, encoding="utf-8")
    click.echo(f"{issued_words(len(codes))}: {out}")


def _tellable(session: Session, region_id: int, whom: str, lists: CodeLists) -> Tellable:
    known = tellable(session, Scope(region_id), lists)
    offices = [one for one in known if one.kind is not None]
    if "/" not in whom:
        provider_id = session.scalar(
            select(Provider.id).where(Provider.region_id == region_id, Provider.identifier == whom)
        )
        found = next((one for one in known if one.kind is None and one.provider_id == provider_id), None)
        if found is None:
            raise click.UsageError(f"there is no provider {whom} in this region")
        return found
    found = next((one for one in offices if one.value == whom), None)
    if found is None:
        raise click.UsageError(f"there is no {whom}; known are: {', '.join(one.value for one in offices)}")
    return found


def _sheet(page: LettersPage) -> str:
    """The letters as a page of their own, which needs nothing of the site."""
    return current_app.jinja_env.get_template("reviews/sheet.html").render(page=page)
