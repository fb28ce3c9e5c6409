"""`portal outcomes`: what a region does about figures, from the shell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.signing_in.web import mail_site
from portal.catalogue.commands import region_asked
from portal.catalogue.models import Provider, Region
from portal.core import clock, migrations
from portal.core.actor import Actor
from portal.core.database import current_database
from portal.core.trail.queries import Filters, entries
from portal.outcomes import operations, queries
from portal.outcomes.mails import settled
from portal.outcomes.models import Figure, Objection
from portal.outcomes.operations import About, CannotDo
from portal.outcomes.queries import Asked
from portal.outcomes.rules import current_rules
from portal.outcomes.telling import tell_providers
from portal.outcomes.types import Audience, Indicator, Ruling, Viewer, Voice

_REGION = click.option("--region", help="Name of the region; default PORTAL_REGION_NAME.")
_INDICATOR = click.argument("indicator", type=click.Choice([indicator.value for indicator in Indicator]))
_PERIOD = click.argument("period", metavar="PERIOD")
_AUDIENCE = click.argument("audience", type=click.Choice([audience.value for audience in Audience]))
_REASON = click.option("--reason", default="", help="Why; kept with what is done.")


@click.group("outcomes")
def outcomes_command() -> None:
    """Figures about results: count, look, and decide who sees them."""


@dataclass(frozen=True, slots=True)
class _At:
    """Where and when a command works, and who runs it."""

    session: Session
    region: Region
    actor: Actor
    now: datetime


@contextmanager
def _working(name: str, region: str | None) -> Iterator[_At]:
    """A transaction in the region; what cannot be done ends the command with what can."""
    migrations.refuse_other_version(current_database().engine)
    with current_database().transaction() as session:
        found = region_asked(session, region)
        now = datetime.combine(clock.today(), clock.now().timetz())
        try:
            yield _At(session, found, Actor.command(f"outcomes {name}", found.id), now)
        except CannotDo as refusal:
            raise click.UsageError(str(refusal)) from None


@outcomes_command.command("status")
@_REGION
@with_appcontext
def status(region: str | None) -> None:
    """Per indicator and period: who delivered, what can be shown, who sees it, what is planned."""
    with _working("status", region) as at:
        for row in queries.deliveries(at.session, at.region.id):
            phase = row.phase
            seen = phase.audience.value if phase else Audience.REGION.value
            planned = f", {phase.next_audience} from {phase.next_on}" if phase and phase.next_on else ""
            doubts = "".join(
                f", {count} {what}"
                for count, what in (
                    (row.few, "with too few families"), (row.withheld, "contradicted"), (row.held, "corrections held"),
                    (row.objections, "objections open"),
                )
                if count
            )  # fmt: skip
            click.echo(
                f"{row.period:8} {row.indicator:17} {row.providers:4} providers, {row.told} figures{doubts}; "
                f"seen by: {seen}{planned}"
            )


@outcomes_command.command("show")
@click.option("--as", "audience", type=click.Choice([audience.value for audience in Audience]), default="public",
              show_default=True, help="Through whose eyes.")  # fmt: skip
@click.option("--provider", "provider_id", help="Only of this provider_id; with --as provider, who looks.")
@click.option("--indicator", type=click.Choice([indicator.value for indicator in Indicator]))
@click.option("--period")
@_REGION
@with_appcontext
def show(audience: str, provider_id: str | None, indicator: str | None, period: str | None, region: str | None) -> None:
    """The figures as an audience may see them, one JSON object a line."""
    with _working("show", region) as at:
        own = frozenset({_provider(at, provider_id).id}) if provider_id else frozenset()
        viewer = Viewer(Audience(audience), at.region.id, own)
        asked = Asked(at.region.id, provider_id, indicator=Indicator(indicator) if indicator else None, period=period)
        for figure in queries.figures(at.session, asked, viewer)[1]:
            told = {
                "provider_id": figure.provider.identifier, "arrangement": figure.arrangement,
                "framework": figure.framework, "indicator": figure.indicator, "periods": figure.periods,
                "informant": figure.informant, "shown": figure.shown, "n": figure.n, "numerator": figure.numerator,
                "mean": figure.mean, "bound": figure.bound, "low": figure.low, "high": figure.high,
                "verdict": figure.verdict, "why_not": figure.why_not, "audience": figure.audience,
                "figure": figure.id,
            }  # fmt: skip
            click.echo(json.dumps(told, ensure_ascii=False))


@outcomes_command.command("move")
@_INDICATOR
@_PERIOD
@_AUDIENCE
@_REASON
@_REGION
@with_appcontext
def move(indicator: str, period: str, audience: str, reason: str, region: str | None) -> None:
    """Let the figures of INDICATOR over PERIOD be seen by AUDIENCE from now on, or take them back to it."""
    with _working("move", region) as at:
        about = _about(at, indicator, period)
        done = operations.move(at.session, [about], Audience(audience), at.actor, reason, current_rules(), at.now)
        mails = tell_providers(at.session, done, at.now)
        click.echo(f"{indicator} {period}: {audience}" + (f"; {mails} mails to providers" if mails else ""))


@outcomes_command.command("plan")
@_INDICATOR
@_PERIOD
@_AUDIENCE
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@_REASON
@_REGION
@with_appcontext
def plan(indicator: str, period: str, audience: str, day: datetime, reason: str, region: str | None) -> None:
    """Let them move on to AUDIENCE on DAY (2026-12-31), when `portal daily` runs."""
    with _working("plan", region) as at:
        about, to = _about(at, indicator, period), Audience(audience)
        operations.plan(at.session, about, to, day.date(), at.actor, reason, current_rules(), at.now)
        click.echo(f"{indicator} {period}: {audience} on {day.date().isoformat()}")


@outcomes_command.command("cancel")
@_INDICATOR
@_PERIOD
@_REASON
@_REGION
@with_appcontext
def cancel(indicator: str, period: str, reason: str, region: str | None) -> None:
    """Drop what was planned for them."""
    with _working("cancel", region) as at:
        operations.cancel_plan(at.session, _about(at, indicator, period), at.actor, reason, at.now)
        click.echo(f"{indicator} {period}: nothing is planned")


@outcomes_command.command("object")
@click.argument("figure", type=int)
@click.argument("reason")
@_REGION
@with_appcontext
def object_(figure: int, reason: str, region: str | None) -> None:
    """Note the objection of a provider to FIGURE (a number of `portal outcomes show --as region`)."""
    with _working("object", region) as at:
        found = operations.object_to(at.session, _figure(at, figure), reason, at.actor, current_rules(), at.now)
        at.session.flush()
        click.echo(f"objection {found.id}")


@outcomes_command.command("settle")
@click.argument("objection", type=int)
@click.argument("ruling", type=click.Choice([ruling.value for ruling in Ruling]))
@click.argument("answer")
@_REGION
@with_appcontext
def settle(objection: int, ruling: str, answer: str, region: str | None) -> None:
    """Decide about an OBJECTION; it then no longer stands beside the figure.

    Where it is upheld, nobody else sees the figure until other counts are delivered.
    """
    with _working("settle", region) as at:
        found = at.session.get(Objection, objection)
        if found is None or found.figure.region_id != at.region.id:
            raise click.UsageError(f"there is no objection {objection} in {at.region.name}")
        operations.settle(at.session, found, Ruling(ruling), answer, at.actor, current_rules(), at.now)
        settled(at.session, mail_site(), found.figure.provider_id, found.figure_id, at.now)
        click.echo(f"objection {objection} is {ruling}")


@outcomes_command.command("comment")
@click.argument("figure", type=int)
@click.argument("voice", type=click.Choice([voice.value for voice in Voice]))
@click.argument("text")
@_REGION
@with_appcontext
def comment(figure: int, voice: str, text: str, region: str | None) -> None:
    """Put a short explanation of VOICE beside FIGURE; an empty TEXT takes it away."""
    with _working("comment", region) as at:
        operations.comment(at.session, _figure(at, figure), Voice(voice), text, at.actor, at.now)
        click.echo(f"figure {figure}: {'written' if text.strip() else 'taken away'}")


@outcomes_command.command("refresh")
@_REGION
@with_appcontext
def refresh(region: str | None) -> None:
    """Make all figures anew, after a change of settings."""
    with _working("refresh", region) as at:
        done = operations.refresh(at.session, at.region.id, current_rules(), at.now.date())
        click.echo("figures have changed" if done.is_changed else "nothing has changed")


@outcomes_command.command("log")
@click.option("--last", default=100, show_default=True, type=click.IntRange(1, 10_000), help="So many lines.")
@_REGION
@with_appcontext
def log(last: int, region: str | None) -> None:
    """What was done about figures: when, by whom, what and why; the latest first."""
    with _working("log", region) as at:
        for entry in entries(at.session, at.region.id, Filters(action="figures"), size=last).entries:
            when = entry.moment.strftime("%Y-%m-%d %H:%M")
            before, after = (", ".join(f"{name} {value}" for name, value in values.items())
                             for values in (entry.before_values, entry.after_values))  # fmt: skip
            said = [when, entry.actor_label, entry.action, f"{before} -> {after}" if before else after, entry.reason]
            click.echo("  ".join(filter(None, said)))


def _about(at: _At, indicator: str, period: str) -> About:
    known = {(row.indicator.value, row.period) for row in queries.deliveries(at.session, at.region.id)}
    if (indicator, period) not in known:
        periods = ", ".join(sorted(p for i, p in known if i == indicator)) or "none"
        raise click.UsageError(f"there are no counts of {indicator} over {period}; there are: {periods}")
    return About(at.region.id, Indicator(indicator), period)


def _figure(at: _At, figure_id: int) -> Figure:
    found = at.session.get(Figure, figure_id)
    if found is None or found.region_id != at.region.id:
        raise click.UsageError(f"there is no figure {figure_id} in {at.region.name}")
    return found


def _provider(at: _At, identifier: str) -> Provider:
    found = at.session.scalars(
        select(Provider).where(Provider.region_id == at.region.id, Provider.identifier == identifier)
    ).one_or_none()
    if found is None:
        raise click.UsageError(f"there is no provider with provider_id {identifier}")
    return found
