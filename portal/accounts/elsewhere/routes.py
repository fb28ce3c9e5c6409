"""To the page of somebody's organisation, and back."""

from __future__ import annotations

import hmac
import logging
from http import HTTPStatus

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.access import own_desk, safe_path
from portal.accounts.elsewhere import openid
from portal.accounts.elsewhere.openid import ElsewhereFailed, Journey
from portal.accounts.elsewhere.operations import vouched_person
from portal.accounts.elsewhere.organisations import Organisation, Vouched
from portal.accounts.signing_in import cookies, sign_ins
from portal.accounts.signing_in.operations import begin_second_factor
from portal.accounts.signing_in.web import asked_page, current_organisations, device, let_in
from portal.accounts.types import Step
from portal.core import clock
from portal.core.access import Door, asks
from portal.core.database import current_database, current_transaction
from portal.core.errors import Declined, declined_page
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link
from portal.core.security_log.operations import note
from portal.core.security_log.types import SecurityKind
from portal.core.settings import current_settings

logger = logging.getLogger("portal")

blueprint = asks(Door.ENTRANCE, Blueprint("elsewhere", __name__))


@blueprint.get("/inloggen/via/<name>")
def go(name: str) -> ResponseReturnValue:
    """To the page of somebody's organisation. Nothing changes here: what we have to know travels in a cookie."""
    organisation = current_organisations().get(name) or abort(HTTPStatus.NOT_FOUND)
    try:
        address, journey = openid.begin(organisation, _return_address(), asked_page() or "")
    except ElsewhereFailed as failure:
        return _elsewhere_failed(organisation, str(failure))
    cookies.keep_journey(journey.sealed(current_database().keys))
    return redirect(address)


@blueprint.get("/inloggen/terug")
def come_back() -> ResponseReturnValue:
    """Back from the page of somebody's organisation.

    The one GET that changes something: the protocol wants it so. Only who was sent out by this very browser comes
    through, and the code in the address counts once, and for us alone.
    """
    journey = Journey.opened(current_database().keys, cookies.journey())
    cookies.keep_journey("")
    state, code = request.args.get("state", ""), request.args.get("code", "")
    organisation = current_organisations().get(journey.slug) if journey else None
    if journey is None or organisation is None or not hmac.compare_digest(state.encode(), journey.state.encode()):
        return redirect(url_for("signing_in.sign_in", gedaan="verlopen"))
    if not code:
        return _elsewhere_failed(organisation, "refused there")
    try:
        vouched = openid.finish(organisation, journey, _return_address(), code, request.args.get("iss"))
    except ElsewhereFailed as failure:
        return _elsewhere_failed(organisation, str(failure))
    return _welcome(organisation, vouched, safe_path(journey.onward))


def _welcome(organisation: Organisation, vouched: Vouched, onward: str | None) -> ResponseReturnValue:
    """Let in whom the organisation vouches for, or ask the second factor that it did not ask."""
    now = clock.now()
    with current_transaction() as session:
        person = vouched_person(session, organisation, vouched, now)
        if person is None:
            note(session, SecurityKind.SIGN_IN_FAILED, now)
            return declined_page(_not_invited(organisation))
        is_new = not person.is_established
        if not (vouched.has_second_factor or person.has_second_factor or is_new):
            return redirect(url_for("signing_in.mail_code", gedaan="telefoon"))
        sign_in, token = sign_ins.begin(session, person, Step.CODE, now, device=device(), issuer=organisation.issuer)
        if vouched.has_second_factor:
            person.is_established = True
            let_in(session, sign_in)
            return redirect(onward or own_desk(sign_in.membership))
        if not person.has_second_factor:
            sign_in.step = Step.ENROLLING
            begin_second_factor(sign_in)
        cookies.set_sign_in(token)
    page = "signing_in.one_time_code" if sign_in.step is Step.CODE else "signing_in.enrolling"
    return redirect(url_for(page, verder=onward))


def _not_invited(organisation: Organisation) -> Declined:
    return Declined(
        HTTPStatus.FORBIDDEN,
        N_("You are not invited yet"),
        N_(
            "%(name)s tells us who you are, but nobody invited you here under that mail address. Ask your colleague "
            "who manages accounts, or the region."
        ),
        values={"name": organisation.name},
    )


def _elsewhere_failed(organisation: Organisation, why: str) -> ResponseReturnValue:
    """Say so kindly; the kind of failure goes to the log, for who set it up."""
    logger.warning("signing in elsewhere failed", extra={"fields": {"organisation": organisation.slug, "why": why}})
    declined = Declined(
        HTTPStatus.BAD_GATEWAY,
        N_("That did not work"),
        N_(
            "Signing in through %(name)s did not work just now. Try again. Does it go wrong again? Ask the help desk "
            "of %(name)s."
        ),
        (Link(gettext("Sign in"), link("signing_in.sign_in")),),
        {"name": organisation.name},
    )
    return declined_page(declined)


def _return_address() -> str:
    return current_settings().base_url + url_for("elsewhere.come_back", lang=None)
