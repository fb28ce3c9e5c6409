"""`portal users`: the first accounts, and mending when nobody can get in."""

from __future__ import annotations

import json
from collections.abc import Callable

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import mails
from portal.accounts.models import Membership, Person
from portal.accounts.people import operations
from portal.accounts.people.operations import Acting, Objection, Refused
from portal.accounts.people.queries import everybody
from portal.accounts.queries import memberships_of, person_by_email
from portal.accounts.signing_in.codes import for_people
from portal.accounts.signing_in.web import mail_site
from portal.accounts.types import MembershipStatus, Post, Profession, Role
from portal.accounts.wording import place_words, post_words
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.commands import region_asked
from portal.catalogue.models import Provider
from portal.core import clock, migrations
from portal.core.actor import Actor
from portal.core.database import current_database
from portal.core.languages import DEFAULT, available
from portal.core.mail.types import mailbox
from portal.core.throttle.operations import forgive
from portal.core.throttle.types import RESET, SECOND_STEP, SIGN_IN

_WHY_NOT = {
    Objection.ALREADY_THERE: "this person has that role already",
    Objection.WRONG_STATUS: "that does not go with how things stand: see `portal users list`",
}


@click.group("users")
def users_command() -> None:
    """People with an account: the first ones, and mending."""


@users_command.command("invite")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they do here.")
@click.option("--region", help="Region in which; default PORTAL_REGION_NAME.")
@click.option("--provider", metavar="PROVIDER_ID", help="For provider_manager and provider_editor.")
@click.option("--municipality", help="For access_worker: name or CBS code.")
@click.option("--kind", type=click.Choice([kind.value for kind in Profession]), help="For referrer and partner.")
@click.option("--lang", type=click.Choice([language.code for language in available()]), default=DEFAULT,
              show_default=True, help="Language of the mail.")  # fmt: skip
@with_appcontext
def invite(
    email: str,
    role: str,
    region: str | None,
    provider: str | None,
    municipality: str | None,
    kind: str | None,
    lang: str,
) -> None:
    """Invite somebody. The mail goes out; its code is printed too, for when there is no mail yet."""
    migrations.refuse_other_version(current_database().engine)
    try:
        address = mailbox(email)
    except ValueError:
        raise click.UsageError(f"{email} is not a mail address") from None
    now = clock.now()
    with current_database().transaction() as session:
        post = _post(session, Role(role), region, provider, municipality, kind)
        try:
            invited, code = operations.invite(session, Acting(Actor.command("users invite")), address, post, lang, now)
        except Refused as refused:
            raise click.UsageError(_WHY_NOT[refused.objection]) from None
        if code is None:
            raise click.UsageError("this invitation was sent less than a minute ago")
        words, until = post_words(invited, current_code_lists()), now + operations.INVITATION_VALID
        mails.invitation(session, mail_site(), invited.person.email, lang, words, code, until, now)
        click.echo(f"Invited {invited.person.email} as {words}.")
        _print_code("/uitnodiging", code)


@users_command.command("list")
@click.option("--region", help="Only of this region.")
@click.option("--format", "as_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_appcontext
def list_users(region: str | None, as_: str) -> None:
    """Everybody with an account, and what they are."""
    migrations.refuse_other_version(current_database().engine)
    lists = current_code_lists()
    with current_database().sessions() as session:
        region_id = region_asked(session, region).id if region else None
        rows = [
            {
                "email": held.person.email,
                "name": held.person.name,
                "role": held.role.value,
                "kind": held.profession.value if held.profession else None,
                "region": held.region.name,
                "of": place_words(held, lists),
                "status": held.status.value,
            }
            for held in everybody(session, region_id)
        ]
    if as_ == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['status']:9} {row['email']}  {row['kind'] or row['role']}, {row['of']}")
    click.echo(f"{len(rows)} in all.")


@users_command.command("disable")
@click.argument("email")
@click.option("--region", help="Only in this region; default everywhere.")
@click.option("--reason", default="", help="Why; kept in the trail.")
@with_appcontext
def disable(email: str, region: str | None, reason: str) -> None:
    """End somebody's access at once; `enable` gives it back."""
    acting, now = Acting(Actor.command("users disable")), clock.now()
    _each(
        email, region, MembershipStatus.ACTIVE, "Disabled",
        lambda session, held: operations.disable(session, acting, held.public_id, held.version, now, reason),
    )  # fmt: skip


@users_command.command("enable")
@click.argument("email")
@click.option("--region", help="Only in this region; default everywhere.")
@with_appcontext
def enable(email: str, region: str | None) -> None:
    """Give somebody's access back."""
    acting, now = Acting(Actor.command("users enable")), clock.now()
    _each(
        email, region, MembershipStatus.DISABLED, "Enabled",
        lambda session, held: operations.enable(session, acting, held.public_id, held.version, now),
    )  # fmt: skip


@users_command.command("reset")
@click.argument("email")
@with_appcontext
def reset(email: str) -> None:
    """Forget somebody's password and phone; they begin anew with the code that is mailed and printed."""
    database, now = current_database(), clock.now()
    migrations.refuse_other_version(database.engine)
    with database.transaction() as session:
        person = _person(session, email)
        code = operations.start_anew(session, Acting(Actor.command("users reset")), person, now)
        held = memberships_of(session, person.id)
        words = post_words(held[0], current_code_lists()) if held else ""
        until = now + operations.INVITATION_VALID
        mails.invitation(session, mail_site(), person.email, person.language, words, code, until, now)
        click.echo(f"{person.email} begins anew.")
        _print_code("/uitnodiging", code)
    forgive(database, (*SIGN_IN, *SECOND_STEP, *RESET), person.email)


def _each(
    email: str, region: str | None, status: MembershipStatus, done: str, change: Callable[[Session, Membership], object]
) -> None:
    """Change every role of somebody that has this status."""
    migrations.refuse_other_version(current_database().engine)
    with current_database().transaction() as session:
        person = _person(session, email)
        region_id = region_asked(session, region).id if region else None
        held = [
            one
            for one in memberships_of(session, person.id)
            if one.status is status and region_id in (None, one.region_id)
        ]
        if not held:
            raise click.UsageError(f"{person.email} has no role here that is {status.value}")
        for one in held:
            change(session, one)
            click.echo(f"{done}: {person.email}, {post_words(one, current_code_lists())}.")


def _person(session: Session, email: str) -> Person:
    person = person_by_email(session, email)
    if person is None:
        raise click.UsageError(f"there is no account for {email}")
    return person


def _post(
    session: Session,
    role: Role,
    region: str | None,
    provider: str | None,
    municipality: str | None,
    kind: str | None,
) -> Post:
    """What somebody is invited to; says which option is missing, or one too many."""
    region_id = region_asked(session, region).id
    wants = {"--provider": role.is_of_provider, "--municipality": role.is_of_municipality,
             "--kind": role in (Role.REFERRER, Role.PARTNER)}  # fmt: skip
    for option, given in (("--provider", provider), ("--municipality", municipality), ("--kind", kind)):
        if wants[option] and not given:
            raise click.UsageError(f"{role.value} needs {option}")
        if given and not wants[option]:
            raise click.UsageError(f"{option} does not go with {role.value}")
    provider_id, code = None, ""
    if provider:
        provider_id = session.scalar(
            select(Provider.id).where(Provider.region_id == region_id, Provider.identifier == provider)
        )
        if provider_id is None:
            raise click.UsageError(f"there is no provider with provider_id {provider} in this region")
    if municipality:
        found = current_code_lists().municipality(municipality)
        if found is None:
            raise click.UsageError(f"there is no municipality {municipality}")
        code = found.code
    try:
        return Post(role, region_id, provider_id, code, Profession(kind) if kind else None)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None


def _print_code(path: str, code: str) -> None:
    click.echo(f"Code: {for_people(code)}, at {mail_site().address(path, DEFAULT)}")
