"""Waiting times at the desk of a provider, and behind the links of its mails."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_visitor
from portal.accounts.models import Membership
from portal.accounts.permissions import Permission
from portal.catalogue.models import Offer
from portal.catalogue.visitor import page_context
from portal.core import clock
from portal.core.access import Door, needs
from portal.core.actor import Actor, ActorKind
from portal.core.database import current_session, current_transaction, keys_of
from portal.core.errors import Declined
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice
from portal.core.settings import current_settings
from portal.core.text import whole_number
from portal.desks.reminders import operations as reminders
from portal.desks.reminders.operations import SomebodyMustGetThem
from portal.desks.reminders.queries import gets_reminders, is_only_recipient
from portal.desks.waiting import links, queries
from portal.desks.waiting.forms import WaitingForm
from portal.desks.waiting.links import NoLink
from portal.desks.waiting.operations import ChangedMeanwhile, NotOffered, tell
from portal.desks.waiting.presenters import (
    ShownWaiting,
    changed_meanwhile,
    shown_waiting,
    some_changed_meanwhile,
    thanks,
    waiting_list,
    waiting_page,
)

blueprint = Blueprint("waiting", __name__)


# --- at the desk ---------------------------------------------------------------------------------------------


@blueprint.get("/werkplek/aanbieder/wachttijden")
@needs(Permission.PROVIDER_DESK)
def index() -> str:
    """What families read of each offer, the longest unconfirmed first."""
    done = request.args.get("gedaan", "")[:200]
    found = queries.offer_of(current_session(), _provider(), done, clock.today()) if done else None
    return _list(_thanks(found, in_list=True) if found else None)


@blueprint.post("/werkplek/aanbieder/wachttijden")
@needs(Permission.PROVIDER_DESK, repeated=("klopt",))
def confirm() -> str:
    """Say of one or of many that they are still right, as they were shown."""
    offers = {offer.id for offer in queries.offers_of(current_session(), _provider(), clock.today())}
    confirmed = changed = 0
    for one in request.form.getlist("klopt"):
        number, _, version = one.partition(":")
        offer_id = whole_number(number, 18) or 0
        try:
            if offer_id not in offers:
                raise NotOffered
            with current_transaction() as session:
                tell(session, offer_id, None, version, current_visitor().actor, clock.today(), clock.now())
            confirmed += 1
        except (NotOffered, ChangedMeanwhile):
            changed += 1
    return _list(some_changed_meanwhile(confirmed, changed))


@blueprint.post("/werkplek/aanbieder/wachttijden/mails")
@needs(Permission.PROVIDER_DESK)
def mails() -> ResponseReturnValue:
    """Get the mails about waiting times, or not."""
    membership = _membership()
    with current_transaction() as session:
        if gets_reminders(session, membership.id):
            with suppress(SomebodyMustGetThem):  # the page says that they are the only one
                reminders.refuse(session, membership)
        else:
            reminders.welcome(session, membership.id)
    return redirect(url_for("waiting.index"))


@blueprint.get("/werkplek/aanbieder/wachttijden/<path:identifier>")
@needs(Permission.PROVIDER_DESK)
def offer(identifier: str) -> str:
    """One offer, to be changed."""
    return _page(_found(identifier), url_for("waiting.offer", identifier=identifier), _to_list())


@blueprint.post("/werkplek/aanbieder/wachttijden/<path:identifier>")
@needs(Permission.PROVIDER_DESK)
def change(identifier: str) -> ResponseReturnValue:
    """Keep what is told of it."""
    here = url_for("waiting.offer", identifier=identifier)
    back = url_for("waiting.index", gedaan=identifier)
    return _kept(_found(identifier), current_visitor().actor, here, back, _to_list())


# --- behind the link of a mail -------------------------------------------------------------------------------


@blueprint.get("/nog-juist/<token>")
@needs(Door.ENTRANCE)
def from_mail(token: str) -> str:
    """One offer, for who got the mail: shown only, so that a program that opens links changes nothing."""
    found, _ = _behind(token)
    notice = _thanks(found, in_list=False) if request.args.get("gedaan") else None
    return _page(found, url_for("waiting.from_mail", token=token), _to_public(found), notice)


@blueprint.post("/nog-juist/<token>")
@needs(Door.ENTRANCE)
def change_from_mail(token: str) -> ResponseReturnValue:
    """Keep what is told of it."""
    found, membership = _behind(token)
    label = f"{membership.person.name or membership.person.email} (link in een mail)"
    actor = Actor(ActorKind.MAIL_LINK, label, membership.person_id, membership.region_id)
    here = url_for("waiting.from_mail", token=token)
    return _kept(found, actor, here, url_for("waiting.from_mail", token=token, gedaan="ja"), _to_public(found))


def _behind(token: str) -> tuple[Offer, Membership]:
    """What a link leads to, and to whom it was mailed. Raises Declined where it leads nowhere any more."""
    session = current_session()
    try:
        opened = links.opened(keys_of(session), token, clock.today())
    except NoLink:
        raise _no_longer() from None
    membership = session.get(Membership, opened.membership_id)
    found = queries.offer_by_id(session, opened.offer_id, clock.today())
    if membership is None or not membership.is_active or found is None or found.provider_id != membership.provider_id:
        raise _no_longer()
    return found, membership


def _no_longer() -> Declined:
    return Declined(
        HTTPStatus.GONE,
        N_("This link works no more"),
        N_(
            "It was good for one kind of help, for some weeks. The next mail has a new one. Or sign in: then you see "
            "everything that you offer."
        ),
        (Link(gettext("To your waiting times"), link("waiting.index")),),
    )


# --- what both need ------------------------------------------------------------------------------------------


def _kept(offer: Offer, actor: Actor, here: str, onward_href: str, onward: Link) -> ResponseReturnValue:
    """Keep what was sent and go on; or the page again with what was typed, and what is wrong or new."""
    form = WaitingForm(request.form)
    typed = {name: str(form[name].data or "")[:40] for name in ("intake", "start", "accepting")}
    if not form.is_confirmation and not form.validate():
        page = _page(offer, here, onward, typed=typed, errors=form.problems)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    told = None if form.is_confirmation else form.told
    try:
        with current_transaction() as session:
            tell(session, offer.id, told, form.version.data or "", actor, clock.today(), clock.now())
    except NotOffered:
        abort(HTTPStatus.NOT_FOUND)
    except ChangedMeanwhile:
        current_session().refresh(offer)
        page = _page(offer, here, onward, changed_meanwhile(), typed=None if told is None else typed)
        return page, HTTPStatus.CONFLICT
    return redirect(onward_href)


def _thanks(offer: Offer, *, in_list: bool) -> Notice | None:
    """What was told of an offer a moment ago, as the trail says."""
    entry = queries.last_told(current_session(), offer)
    return thanks(offer, entry, clock.today(), in_list=in_list) if entry else None


def _list(notice: Notice | None) -> str:
    session, membership = current_session(), _membership()
    shown = [_shown(offer) for offer in queries.offers_of(session, _provider(), clock.today())]
    page = waiting_list(
        shown, notice, gets_reminders(session, membership.id),
        is_only_recipient(session, _provider(), membership.id),
    )  # fmt: skip
    return render_template("desks/waiting_list.html", page=page)


def _page(
    offer: Offer,
    here: str,
    onward: Link,
    notice: Notice | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    page = waiting_page(offer, _shown(offer), here, onward, typed=typed, errors=errors, notice=notice)
    return render_template("desks/waiting.html", page=page)


def _shown(offer: Offer) -> ShownWaiting:
    return shown_waiting(
        offer,
        page_context().arrangement(offer.arrangement).label if offer.arrangement else "",
        link("waiting.offer", identifier=offer.identifier),
        link("catalogue.offer", slug=offer.provider.slug, identifier=offer.identifier),
        clock.today(),
        current_settings().waiting_reminder_days,
    )


def _found(identifier: str) -> Offer:
    return queries.offer_of(current_session(), _provider(), identifier, clock.today()) or abort(HTTPStatus.NOT_FOUND)


def _membership() -> Membership:
    membership = current_visitor().membership
    if membership is None:
        abort(HTTPStatus.FORBIDDEN)
    return membership


def _provider() -> int:
    provider_id = current_visitor().scope(Permission.PROVIDER_DESK).provider_id
    if provider_id is None:
        abort(HTTPStatus.FORBIDDEN)
    return provider_id


def _to_list() -> Link:
    return Link(gettext("Back to your waiting times"), link("waiting.index"))


def _to_public(offer: Offer) -> Link:
    return Link(
        gettext("See it as families do"),
        link("catalogue.offer", slug=offer.provider.slug, identifier=offer.identifier),
    )
