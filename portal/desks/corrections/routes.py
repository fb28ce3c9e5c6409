"""Saying that something is not right, for anybody; the queue of the region; what a provider gets to see of it.

The form for anybody sets no cookie and asks for no account: it is guarded by where it was sent from, counted blind, and
what looks like personal data is asked about before anything is stored. Nothing of who sends it is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.accounts.signing_in.web import mail_site
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.criteria import read_municipality
from portal.catalogue.visitor import current_facts
from portal.core import clock
from portal.core.access import Door, asks, needs
from portal.core.database import current_database, current_session, current_transaction, let_go
from portal.core.languages import gettext, ngettext
from portal.core.pages import Notice, Tone
from portal.core.settings import current_settings
from portal.core.throttle.operations import refuse_if_too_many
from portal.core.throttle.types import CORRECTION, TooManyAttempts, Who, network_of
from portal.desks.corrections import mails, operations, queries
from portal.desks.corrections.forms import CorrectionForm, StaysForm
from portal.desks.corrections.operations import DecidedMeanwhile, NobodyThere, NotThere
from portal.desks.corrections.presenters import SaidPage, about_link, nobody_there, queue_page, say_page, shown
from portal.desks.corrections.queries import About
from portal.desks.corrections.types import LONGEST_TEXT, Matter, ProviderSays, State
from portal.desks.reminders.queries import recipients
from portal.reviews.danger import danger_in
from portal.reviews.danger_notice import danger_notice_for
from portal.reviews.telling.operations import cleaned

blueprint = asks(Permission.HANDLE_CORRECTIONS, Blueprint("corrections", __name__))
QUEUE = "/werkplek/regio/klopt-niet"
OWN = "/werkplek/aanbieder/klopt-niet"
MOST_SHOWN = 50
MOST_TO_CLEAN = 3
"""What is more times too long than this is so too when it is cleaned."""


# --- for anybody -------------------------------------------------------------------------------------------------


@blueprint.get("/klopt-niet")
@needs(Door.PUBLIC)
def say() -> str:
    """The form about one page: `aanbieder` and perhaps `hulp`, or `gemeente`."""
    page = say_page(_about(request.args), {}, {}, current_code_lists(), asks_to_keep=False)
    return render_template("desks/corrections/say.html", page=page)


@blueprint.post("/klopt-niet")
@needs(Door.PUBLIC)
def send() -> Response:
    """Keep what was written, for the region to look at. The same form sent again counts once."""
    about, typed = _about(request.form), MultiDict(request.form)
    text = request.form.get("text", "").strip()
    typed["text"] = text if len(text) > LONGEST_TEXT * MOST_TO_CLEAN else cleaned(text)
    form = CorrectionForm(typed)
    let_go()
    try:  # before the text is looked at: that is what costs something
        refuse_if_too_many(
            current_database(), CORRECTION, Who(network=network_of(request.remote_addr)), clock.now()
        )  # fmt: skip
    except TooManyAttempts as refused:
        return _again(about, form, HTTPStatus.TOO_MANY_REQUESTS, refused)
    if not form.validate():
        return _again(about, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    text = form.text.data or ""
    with current_transaction() as session:
        operations.say(session, about, Matter(form.matter.data or ""), text, clock.today())
    page = SaidPage(about_link(about, current_code_lists()), danger_notice_for(danger_in(text)))
    return _private(render_template("desks/corrections/said.html", page=page))


def _again(about: About, form: CorrectionForm, status: int, refused: TooManyAttempts | None = None) -> Response:
    """The form once more, with what was typed and what is wrong."""
    errors = dict(form.problems)
    if refused is not None:
        errors["text"] = ngettext(
            "Much was sent from here in a short time. Try again in %(num)s minute; what you wrote still stands here.",
            "Much was sent from here in a short time. Try again in %(num)s minutes; what you wrote still stands here.",
            refused.retry_after_minutes,
        )
    typed = {"matter": form.matter.data or "", "text": (form.text.data or "")[: LONGEST_TEXT * MOST_TO_CLEAN]}
    page = say_page(about, typed, errors, current_code_lists(), asks_to_keep="text" in errors and form.asks_to_keep)
    response = _private(render_template("desks/corrections/say.html", page=page), status)
    if refused is not None:
        response.headers["Retry-After"] = str(refused.retry_after_seconds)
    return response


def _private(page: str, status: int = HTTPStatus.OK) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _about(told: MultiDict[str, str]) -> About:
    """Of which page it is; 404 where there is no such page."""
    lists, session = current_code_lists(), current_session()
    found = None
    if told.get("aanbieder"):
        found = queries.about_provider(session, told["aanbieder"][:200], told.get("hulp", "")[:200])
    elif (code := read_municipality(told.get("gemeente"), lists)) and code in current_facts().municipalities:
        found = queries.about_municipality(session, code, lists.municipalities[code].youth_region)
    return found or abort(HTTPStatus.NOT_FOUND)


# --- for the region ----------------------------------------------------------------------------------------------


@blueprint.get(QUEUE)
def queue() -> str:
    """What waits, by age, and what was decided lately."""
    return _queue(_done(request.args.get("gedaan", "")))


@blueprint.post(f"{QUEUE}/<public_id>/verbeterd")
def mended(public_id: str) -> ResponseReturnValue:
    """It was not right, and is now."""
    return _changed(
        lambda session: operations.decide(
            session, _region_id(), public_id, State.MENDED, "", current_visitor().actor, clock.now()
        ),
        "verbeterd",
    )


@blueprint.post(f"{QUEUE}/<public_id>/blijft")
def stays(public_id: str) -> ResponseReturnValue:
    """It stays as it is, with the reason."""
    form = StaysForm(request.form)
    if not form.validate():
        wrong = (public_id, (form.text.data or "")[:1_500], form.first_error("text"), form.asks_to_keep)
        return _queue(None, wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    reason = form.text.data or ""
    return _changed(
        lambda session: operations.decide(
            session, _region_id(), public_id, State.STAYS, reason, current_visitor().actor, clock.now()
        ),
        "blijft",
    )


@blueprint.post(f"{QUEUE}/<public_id>/doorgestuurd")
def forward(public_id: str) -> ResponseReturnValue:
    """Let the provider see it, and mail it that something waits."""

    def passed_on(session: Session) -> None:
        found = operations.forward(session, _region_id(), public_id, current_visitor().actor, clock.now())
        if found is not None and found.provider is not None:
            name = found.offer.name if found.offer else found.provider.name
            for one in recipients(session, found.provider.id):
                mails.passed_on(session, mail_site(), one.person, name, clock.now())

    try:
        return _changed(passed_on, "doorgestuurd")
    except NobodyThere:
        found = queries.correction(current_session(), _region_id(), public_id) or abort(HTTPStatus.NOT_FOUND)
        return _queue(nobody_there(found)), HTTPStatus.CONFLICT


@blueprint.post(f"{QUEUE}/<public_id>/open")
def reopen(public_id: str) -> ResponseReturnValue:
    """Take a decision back."""
    return _changed(
        lambda session: operations.reopen(session, _region_id(), public_id, current_visitor().actor, clock.now()),
        "open",
    )


def _changed(change: Callable[[Session], object], what: str) -> ResponseReturnValue:
    try:
        with current_transaction() as session:
            change(session)
    except NotThere:
        abort(HTTPStatus.NOT_FOUND)
    except DecidedMeanwhile:
        notice = Notice(
            Tone.WARNING, gettext("A colleague decided about this meanwhile"),
            gettext("Nothing was changed. Below, under “Decided”, you see what; you can take it back there."),
        )  # fmt: skip
        return _queue(notice), HTTPStatus.CONFLICT
    return redirect(url_for("corrections.queue", gedaan=what))


def _queue(notice: Notice | None, wrong: tuple[str, str, str, bool] = ("", "", "", False)) -> str:
    session, region_id, settings = current_session(), _region_id(), current_settings()
    waiting = queries.open_corrections(session, region_id, MOST_SHOWN)
    reached = queries.with_people(session, {one.provider_id for one in waiting if one.provider_id})
    page = queue_page(
        waiting, queries.count_open(session, region_id), queries.decided_corrections(session, region_id), notice,
        settings.correction_days, settings.correction_wait_days, current_code_lists(), clock.today(), reached, wrong,
    )  # fmt: skip
    return render_template("desks/corrections/queue.html", page=page)


def _done(what: str) -> Notice | None:
    said = {
        "verbeterd": gettext("Mended. Thank you."),
        "blijft": gettext("It stays as it is; your reason is kept with it."),
        "doorgestuurd": gettext(
            "The provider sees it at its desk now, and got a mail. It still waits here until it is mended."
        ),
        "open": gettext("It waits again."),
    }
    return Notice(Tone.INFO, said[what]) if what in said else None


def _region_id() -> int:
    return current_visitor().scope(Permission.HANDLE_CORRECTIONS).region_id


# --- for a provider ----------------------------------------------------------------------------------------------


@blueprint.get(OWN)
@needs(Permission.PROVIDER_DESK)
def own() -> str:
    """What the region passed on to this provider."""
    said = {
        "nu": gettext("Thank you. The region sees it too."),
        "al": gettext("Thank you. The region looks at it again."),
    }
    done = request.args.get("gedaan", "")
    return _own(Notice(Tone.INFO, said[done]) if done in said else None)


@blueprint.post(f"{OWN}/<public_id>")
@needs(Permission.PROVIDER_DESK)
def own_right_now(public_id: str) -> ResponseReturnValue:
    """It is right now."""
    return _answered(public_id, ProviderSays.RIGHT_NOW, "nu")


@blueprint.post(f"{OWN}/<public_id>/klopte-al")
@needs(Permission.PROVIDER_DESK)
def own_was_right(public_id: str) -> ResponseReturnValue:
    """It was right already."""
    return _answered(public_id, ProviderSays.WAS_RIGHT, "al")


def _answered(public_id: str, says: ProviderSays, done: str) -> ResponseReturnValue:
    try:
        with current_transaction() as session:
            operations.answer_of_provider(
                session, _provider_id(), public_id, says, current_visitor().actor, clock.now()
            )  # fmt: skip
    except NotThere:
        abort(HTTPStatus.NOT_FOUND)
    except DecidedMeanwhile:
        return _own(Notice(Tone.INFO, gettext("The region decided about this meanwhile."))), HTTPStatus.CONFLICT
    return redirect(url_for("corrections.own", gedaan=done))


def _own(notice: Notice | None) -> str:
    lists, today = current_code_lists(), clock.today()
    mine = _provider_id()
    found = [shown(one, lists, today, {mine}) for one in queries.forwarded_to(current_session(), mine)]
    return render_template("desks/corrections/own.html", corrections=found, done=notice)


def _provider_id() -> int:
    provider_id = current_visitor().scope(Permission.PROVIDER_DESK).provider_id
    return provider_id if provider_id is not None else abort(HTTPStatus.FORBIDDEN)
