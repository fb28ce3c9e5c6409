"""`portal providers`: what a data package cannot say about providers."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.models import Region
from portal.catalogue.operations import CannotMerge, merge_provider, undo_merger
from portal.core.database import current_database
from portal.core.settings import current_settings
from portal.core.text import fold


@click.group("providers")
def providers_command() -> None:
    """Mergers of providers."""


@providers_command.command("merge")
@click.argument("provider_id")
@click.argument("into", metavar="INTO_PROVIDER_ID")
@click.option("--region", help="Region of both; default PORTAL_REGION_NAME.")
@with_appcontext
def merge(provider_id: str, into: str, region: str | None) -> None:
    """Let the addresses of a provider that merged lead to the other one."""
    with current_database().transaction() as session:
        try:
            successor = merge_provider(session, _region_id(session, region), provider_id, into)
        except CannotMerge as error:
            raise click.UsageError(str(error)) from None
        click.echo(f"{provider_id} -> /aanbieders/{successor.slug}")


@providers_command.command("unmerge")
@click.argument("provider_id")
@click.option("--region", help="Its region; default PORTAL_REGION_NAME.")
@with_appcontext
def unmerge(provider_id: str, region: str | None) -> None:
    """Let a provider stand on its own again."""
    with current_database().transaction() as session:
        try:
            provider = undo_merger(session, _region_id(session, region), provider_id)
        except CannotMerge as error:
            raise click.UsageError(str(error)) from None
        click.echo(f"{provider_id}: /aanbieders/{provider.slug}")


def _region_id(session: Session, name: str | None) -> int:
    wanted = name or current_settings().region_name
    for region_id, known in session.execute(select(Region.id, Region.name)):
        if fold(known) == fold(wanted):
            return int(region_id)
    raise click.UsageError(f"there is no region {wanted}")
