"""`portal providers`: what a data package cannot say about providers."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from portal.catalogue.models import Region
from portal.catalogue.operations import CannotMerge, merge_provider, undo_merger
from portal.catalogue.queries import region_named
from portal.core import clock, migrations
from portal.core.actor import Actor
from portal.core.database import current_database
from portal.core.settings import current_settings


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
    migrations.refuse_other_version(current_database().engine)
    with current_database().transaction() as session:
        try:
            successor = merge_provider(
                session, region_asked(session, region).id, provider_id, into,
                actor=Actor.command("providers merge"), at=clock.now(),
            )  # fmt: skip
        except CannotMerge as error:
            raise click.UsageError(str(error)) from None
        click.echo(f"{provider_id} -> /aanbieders/{successor.slug}")


@providers_command.command("unmerge")
@click.argument("provider_id")
@click.option("--region", help="Its region; default PORTAL_REGION_NAME.")
@with_appcontext
def unmerge(provider_id: str, region: str | None) -> None:
    """Let a provider stand on its own again."""
    migrations.refuse_other_version(current_database().engine)
    with current_database().transaction() as session:
        try:
            provider = undo_merger(
                session, region_asked(session, region).id, provider_id,
                actor=Actor.command("providers unmerge"), at=clock.now(),
            )  # fmt: skip
        except CannotMerge as error:
            raise click.UsageError(str(error)) from None
        click.echo(f"{provider_id}: /aanbieders/{provider.slug}")


def region_asked(session: Session, name: str | None) -> Region:
    """The region that a command names, or the installation's own. Raises UsageError where there is none."""
    wanted = name or current_settings().region_name
    region = region_named(session, wanted)
    if region is None:
        raise click.UsageError(f"there is no region {wanted}; a first import makes it")
    return region
