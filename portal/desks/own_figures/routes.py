"""The own figures of a provider, on its desk."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.visitor import page_context
from portal.core import clock
from portal.core.access import asks
from portal.core.database import current_session, current_transaction
from portal.core.languages import chosen
from portal.core.links import link
from portal.core.pages import Notice
from portal.core.speaking import SpeechForm
from portal.desks.own_figures.presenters import Speech, done, own_figure_page, own_figures_page
from portal.exchange.queries import import_runs
from portal.outcomes import operations, queries
from portal.outcomes.models import Figure
from portal.outcomes.operations import CannotDo
from portal.outcomes.rules import current_rules
from portal.outcomes.types import Viewer, Voice
from portal.outcomes.viewers import viewer_of

blueprint = asks(Permission.OWN_FIGURES, Blueprint("own_figures", __name__, url_prefix="/werkplek/aanbieder/cijfers"))
INVALID = HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("")
def index() -> str:
    """All figures of the provider that it may see."""
    viewer, context = _viewer(), page_context()
    figures = queries.figures_of_providers(current_session(), viewer)
    period, indicator = request.args.get("periode", ""), request.args.get("cijfer", "")
    page = own_figures_page(figures, period, indicator, current_rules(), context.today, context)
    return render_template("desks/figures/own_figures.html", page=page)


@blueprint.get("/<int(max=2147483647):figure_id>")
def figure(figure_id: int) -> str:
    """One figure: how others will see it, how it was made, and what to say about it."""
    return _shown(_found(current_session(), figure_id), notice=done(request.args.get("gedaan")))


@blueprint.post("/<int(max=2147483647):figure_id>/bezwaar")
def object_to(figure_id: int) -> ResponseReturnValue:
    """Object to a figure, with a reason."""
    form, address = SpeechForm(request.form), link("own_figures.object_to", figure_id=str(figure_id))
    found, text = _found(current_session(), figure_id), form.text.data or ""
    error = "" if form.validate() else form.first_error("text")
    if not error:
        try:
            with current_transaction() as session:
                operations.object_to(
                    session, _found(session, figure_id), text, current_visitor().actor, current_rules(), clock.now()
                )
            return redirect(url_for("own_figures.figure", figure_id=figure_id, gedaan="bezwaar"))
        except CannotDo as refusal:
            error = refusal.message.in_language(chosen())
            found = _found(current_session(), figure_id)
    return _shown(found, objection=Speech(address, text, error, form.asks_to_keep)), INVALID


@blueprint.post("/<int(max=2147483647):figure_id>/toelichting")
def comment(figure_id: int) -> ResponseReturnValue:
    """Explain a figure; an empty text takes the explanation away."""
    form, address = SpeechForm(request.form), link("own_figures.comment", figure_id=str(figure_id))
    found, text = _found(current_session(), figure_id), form.text.data or ""
    if not form.validate():
        return _shown(found, comment=Speech(address, text, form.first_error("text"), form.asks_to_keep)), INVALID
    with current_transaction() as session:
        mine = _found(session, figure_id)
        operations.comment(session, mine, Voice.PROVIDER, text, current_visitor().actor, clock.now())
    what = "toelichting" if text else "toelichting-weg"
    return redirect(url_for("own_figures.figure", figure_id=figure_id, gedaan=what))


def _viewer() -> Viewer:
    return viewer_of(current_visitor().membership)


def _found(session: Session, figure_id: int) -> Figure:
    return queries.own_figure(session, figure_id, _viewer()) or abort(HTTPStatus.NOT_FOUND)


def _shown(
    one: Figure, *, objection: Speech | None = None, comment: Speech | None = None, notice: Notice | None = None
) -> str:
    session, context = current_session(), page_context()
    phase = queries.phase_of(session, one.region_id, one.indicator, one.period)
    runs = import_runs(session, {pair[0] for pair in one.evidence})
    page = own_figure_page(
        queries.series_of(session, one, _viewer()), _viewer(), phase, runs, current_rules(), context.today, context,
        objection=objection, comment=comment, notice=notice,
    )  # fmt: skip
    return render_template("desks/figures/own_figure.html", page=page)
