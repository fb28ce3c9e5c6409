"""The page that tells how to sign in to a demonstration. Outside of one it does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, abort, render_template
from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.queries import memberships_of
from portal.accounts.signing_in.codes import secret_for_people, totp_secrets
from portal.accounts.signing_in.web import example_code
from portal.accounts.types import Audience
from portal.accounts.wording import DESKS, post_words
from portal.catalogue.codelists import current_code_lists
from portal.core.access import Door, asks
from portal.core.database import current_session, keys_of
from portal.core.languages import gettext
from portal.core.settings import current_settings
from portal.demo.people import DOMAIN, PASSWORD

blueprint = asks(Door.ENTRANCE, Blueprint("demo", __name__))


@dataclass(frozen=True, slots=True)
class ShownExample:
    """Somebody of the demonstration, with all that signing in takes."""

    name: str
    email: str
    posts: str
    desk: str
    code: str
    secret: str


@blueprint.get("/voorbeeld-aanmelden")
def sign_ins() -> str:
    """One person of every role, with password and the code of this moment."""
    if not current_settings().demonstration:
        abort(HTTPStatus.NOT_FOUND)
    session, lists = current_session(), current_code_lists()
    found = session.scalars(select(Person).where(Person.email.endswith(f"@{DOMAIN}")).order_by(Person.id))
    examples = []
    for person in found:
        held = [one for one in memberships_of(session, person.id) if one.is_active]
        if held and person.totp_salt:
            examples.append(
                ShownExample(
                    name=person.name,
                    email=person.email,
                    posts=" · ".join(post_words(one, lists) for one in held),
                    desk=gettext(DESKS[Audience.of(held[0].role)]),
                    code=example_code(person.totp_salt),
                    secret=secret_for_people(totp_secrets(keys_of(session), person.totp_salt)[0]),
                )
            )
    return render_template("demo/sign_ins.html", examples=examples, password=PASSWORD)
