"""The desk at which the region makes codes and prints letters."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.codelists import current_code_lists
from portal.core import clock
from portal.core.access import asks
from portal.core.database import current_session, current_transaction
from portal.core.languages import gettext
from portal.core.pages import Notice
from portal.core.settings import current_settings
from portal.reviews.invitations import operations, queries
from portal.reviews.invitations.forms import HandedOutForm, IssueForm, number
from portal.reviews.invitations.operations import CannotIssue, Wanted
from portal.reviews.invitations.presenters import arrangement_choices, batches_page, done, letters_page
from portal.reviews.types import Occasion, Quarter

blueprint = asks(Permission.ISSUE_CODES, Blueprint("invitations", __name__, url_prefix="/werkplek/regio/codes"))

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY


def _region_id() -> int:
    return current_visitor().scope(Permission.ISSUE_CODES).region_id


@blueprint.get("")
def index() -> str:
    """The batches, and the form for a new one."""
    return _page({}, {}, done(request.args.get("gedaan")))


@blueprint.post("")
def issue() -> ResponseReturnValue:
    """Make codes: the answer is the letters, to be printed now, for nothing of them is kept."""
    form, region_id = IssueForm(request.form), _region_id()
    providers = {one.slug: one.id for one in queries.providers_of(current_session(), region_id)}
    form.choose_from(providers, arrangement_choices(current_code_lists()))
    if not form.validate():
        return _page({key: str(value or "") for key, value in form.data.items()}, form.problems, None), INVALID
    wanted = Wanted(
        region_id,
        providers[form.provider.data or ""],
        form.arrangement.data or "",
        Occasion(form.occasion.data or ""),
        Quarter.of(clock.today()),
        number(form.codes.data) or 0,
    )
    settings = current_settings()
    with current_transaction() as session:
        batch, codes = operations.issue(session, current_visitor().actor, wanted, clock.now(), settings.code_days)
        address = settings.base_url + url_for("telling.code", lang=None)
        page = letters_page(batch, codes, current_code_lists(), address, settings.region_name)
    return render_template("reviews/letters.html", page=page)


@blueprint.post("/<public_id>")
def count(public_id: str) -> ResponseReturnValue:
    """Keep how many codes of a batch were handed over."""
    form = HandedOutForm(request.form)
    wrong = gettext("Write two whole numbers: how many got a code, and how many of them ended as planned.")
    if form.numbers is None:
        return _page({}, {public_id: wrong}, None), INVALID
    try:
        with current_transaction() as session:
            batch = queries.batch(session, _region_id(), public_id) or abort(HTTPStatus.NOT_FOUND)
            operations.say_handed_out(session, current_visitor().actor, batch, *form.numbers, clock.now())
    except CannotIssue:
        return _page({}, {public_id: wrong}, None), INVALID
    return redirect(url_for("invitations.index", gedaan="geteld"))


def _page(given: Mapping[str, str], errors: Mapping[str, str], notice: Notice | None) -> str:
    session, region_id = current_session(), _region_id()
    page = batches_page(
        queries.batches(session, region_id), queries.spent_shares(session, region_id),
        queries.providers_of(session, region_id), current_code_lists(), given, errors, notice,
    )  # fmt: skip
    return render_template("reviews/batches.html", page=page)
