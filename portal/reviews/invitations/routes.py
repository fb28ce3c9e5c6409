"""The desk at which the region, or a municipality for its own families, makes codes and prints letters."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.accounts.types import Scope
from portal.catalogue.codelists import current_code_lists
from portal.core import clock
from portal.core.access import asks
from portal.core.database import current_database, current_session, current_transaction, let_go
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Notice
from portal.core.settings import current_settings
from portal.reviews.integrity import more_codes_than_clients, more_used_than_handed_out
from portal.reviews.invitations import operations, queries
from portal.reviews.invitations.criteria import Batches
from portal.reviews.invitations.forms import HandedOutForm, IssueForm, number
from portal.reviews.invitations.operations import CannotIssue, Wanted
from portal.reviews.invitations.presenters import (
    Addresses,
    arrangement_choices,
    batches_page,
    done,
    letters_page,
)
from portal.reviews.offices.operations import about_of
from portal.reviews.offices.queries import tellable
from portal.reviews.types import Occasion, Quarter

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY


def _pages(name: str, prefix: str, permission: Permission) -> Blueprint:
    """The pages of making codes for who has `permission`: of a region, or of one municipality."""
    blueprint = asks(permission, Blueprint(name, __name__, url_prefix=prefix))

    def scope() -> Scope:
        return current_visitor().scope(permission)

    def shown(given: Mapping[str, str], errors: Mapping[str, str], notice: Notice | None) -> str:
        session, lists, region_id = current_session(), current_code_lists(), scope().region_id
        wanted = Batches.read(request.args)
        addresses = Addresses(
            link(f"{name}.index"),
            lambda number: link(f"{name}.index", **wanted.asked, pagina=str(number)),
            lambda one: link(f"{name}.count", public_id=one.public_id, **wanted.asked, pagina=str(wanted.page)),
        )
        page = batches_page(
            queries.batches(session, scope()), wanted, queries.spent_shares(session, scope()),
            tellable(session, scope(), lists), lists, given, errors, notice, addresses,
            (more_used_than_handed_out(session, region_id), more_codes_than_clients(session, region_id)),
        )  # fmt: skip
        return render_template("reviews/batches.html", page=page)

    @blueprint.get("")
    def index() -> str:
        """The batches, and the form for a new one."""
        return shown({}, {}, done(request.args.get("gedaan")))

    @blueprint.post("")
    def issue() -> ResponseReturnValue:
        """Make codes: the answer is the letters, to be printed now, for nothing of them is kept."""
        form, lists, settings = IssueForm(request.form), current_code_lists(), current_settings()
        of_whom = {one.value: one for one in tellable(current_session(), scope(), lists)}
        form.choose_from(of_whom, arrangement_choices(lists))
        if not form.validate() or form.about is None:
            return shown({key: str(value or "") for key, value in form.data.items()}, form.problems, None), INVALID
        number_wanted, region_id = number(form.codes.data) or 0, scope().region_id
        let_go()
        drawn = operations.draw(current_database().keys, number_wanted)
        with current_transaction() as session:
            wanted = Wanted(
                region_id,
                about_of(session, region_id, form.about),
                form.chosen_arrangement,
                Occasion(form.occasion.data or ""),
                Quarter.of(clock.today()),
                number_wanted,
                scope().municipality,
            )
            batch, codes = operations.issue(
                session, current_visitor().actor, wanted, clock.now(), settings.code_days, drawn=drawn
            )
        # Drawing hundreds of QR codes takes seconds too: after the transaction, in which nobody else can write.
        address = settings.base_url + url_for("telling.code", lang=None)
        made = queries.batch(current_session(), scope(), batch.public_id) or abort(HTTPStatus.NOT_FOUND)
        page = letters_page(made, codes, lists, address, settings.region_name, link(f"{name}.index"))
        return render_template("reviews/letters.html", page=page)

    @blueprint.post("/<public_id>")
    def count(public_id: str) -> ResponseReturnValue:
        """Keep how many codes of a batch were handed over."""
        form = HandedOutForm(request.form)
        wrong = gettext("Write two whole numbers: how many got a code, and how many of them ended as planned.")
        typed = {key: str(value or "")[:20] for key, value in form.data.items()}
        if form.numbers is None:
            return shown(typed, {public_id: wrong}, None), INVALID
        try:
            with current_transaction() as session:
                batch = queries.batch(session, scope(), public_id) or abort(HTTPStatus.NOT_FOUND)
                operations.say_handed_out(session, current_visitor().actor, batch, *form.numbers, clock.now())
        except CannotIssue:
            return shown(typed, {public_id: wrong}, None), INVALID
        wanted = Batches.read(request.args)
        return redirect(link(f"{name}.index", **wanted.asked, pagina=str(wanted.page), gedaan="geteld"))

    return blueprint


blueprint = _pages("invitations", "/werkplek/regio/codes", Permission.ISSUE_CODES)
of_municipality = _pages("own_invitations", "/werkplek/verwijzer/codes", Permission.ISSUE_OWN_CODES)
