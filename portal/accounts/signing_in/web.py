"""What the pages of accounts take from the running application."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import cast

from flask import current_app, request
from sqlalchemy.orm import Session

from portal.accounts import mails
from portal.accounts.access import safe_path
from portal.accounts.elsewhere.organisations import Organisation
from portal.accounts.mails import MailSite
from portal.accounts.models import Membership, Person, SignIn
from portal.accounts.queries import active_memberships
from portal.accounts.signing_in import cookies, operations
from portal.accounts.signing_in.codes import code_at, totp_secrets
from portal.accounts.signing_in.devices import device_of
from portal.accounts.signing_in.passwords import Passwords
from portal.core import clock
from portal.core.database import current_session, keys_of
from portal.core.languages import gettext
from portal.core.security_log.operations import note
from portal.core.security_log.types import SecurityKind
from portal.core.settings import current_settings


def current_passwords() -> Passwords:
    """How passwords are kept by the running application."""
    return cast(Passwords, current_app.extensions["portal.passwords"])


def current_organisations() -> Mapping[str, Organisation]:
    """The organisations whose people sign in there."""
    return cast(Mapping[str, Organisation], current_app.extensions["portal.organisations"])


def usable_memberships(session: Session, sign_in: SignIn) -> list[Membership]:
    """What somebody can work as in this sign-in: everything, or what the organisation covers that vouched for them."""
    held = active_memberships(session, sign_in.person_id)
    if not sign_in.issuer:
        return held
    organisation = next((one for one in current_organisations().values() if one.issuer == sign_in.issuer), None)
    return [one for one in held if organisation is not None and organisation.covers(one)]


def personal_words(person: Person) -> Sequence[str]:
    """What belongs to somebody or to this site, and makes a weak password."""
    return [person.name, person.email, "jeugdhulp kiezen", current_settings().region_name]


def site_name() -> str:
    """What the phone calls this site."""
    return gettext(mails.SITE_NAME, region=current_settings().region_name)


def mail_site() -> MailSite:
    """What mails say of this site."""
    settings = current_settings()
    return MailSite(settings.region_name, settings.base_url)


def example_code(salt: str, seconds_later: int = 0) -> str:
    """In a demonstration, where nobody has a phone at hand: the code that it would show. Else empty."""
    if not current_settings().demonstration or not salt:
        return ""
    secret = totp_secrets(keys_of(current_session()), salt)[0]
    return code_at(secret, clock.now() + timedelta(seconds=seconds_later))


def asked_page() -> str | None:
    """Where somebody wanted to go before they had to sign in."""
    return safe_path(request.values.get("verder"))


def device() -> str:
    """Roughly which browser it is."""
    return device_of(request.user_agent.string)


@contextmanager
def taking(seconds: float) -> Iterator[None]:
    """Let what is done here take this long, whatever it is, so that the time tells nothing of it."""
    until = time.monotonic() + seconds
    try:
        yield
    finally:
        time.sleep(max(0.0, until - time.monotonic()))


def let_in(session: Session, halfway: SignIn) -> None:
    """Everything was proved: the sign-in is complete, under a new token, and this browser is known from now on."""
    cookies.set_sign_in(operations.arrive(session, halfway, usable_memberships(session, halfway)))
    cookies.remember_device(halfway.person.email)
    region_id = halfway.membership.region_id if halfway.membership else None
    note(session, SecurityKind.SIGNED_IN, clock.now(), person_id=halfway.person_id, region_id=region_id)
