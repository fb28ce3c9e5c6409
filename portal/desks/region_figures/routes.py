"""The region's pages about figures."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.accounts.signing_in.web import mail_site
from portal.catalogue import queries as catalogue
from portal.catalogue.visitor import page_context
from portal.core import clock
from portal.core.access import asks, needs
from portal.core.database import current_session, current_transaction
from portal.core.languages import chosen
from portal.core.links import link
from portal.core.pages import Notice, Pager, Tone
from portal.core.speaking import SpeechForm
from portal.core.text import whole_number
from portal.desks.figure_views import add_figure_views
from portal.desks.own_figures.presenters import Speech
from portal.desks.region_figures import queries as own_queries
from portal.desks.region_figures.forms import PhaseForm, RulingForm
from portal.desks.region_figures.presenters import deliveries, phases
from portal.desks.region_figures.presenters import objections as objection_pages
from portal.exchange.queries import import_runs
from portal.outcomes import mails, operations, queries
from portal.outcomes.models import Figure, Objection
from portal.outcomes.operations import About, CannotDo
from portal.outcomes.queries import Asked, Delivery
from portal.outcomes.rules import current_rules
from portal.outcomes.telling import tell_providers
from portal.outcomes.types import Audience, Ruling, Viewer, Voice

blueprint = asks(Permission.REGION_FIGURES, Blueprint("region_figures", __name__, url_prefix="/werkplek/regio/cijfers"))
INVALID = HTTPStatus.UNPROCESSABLE_ENTITY
HIGHEST_PAGE = 10_000


@blueprint.get("")
def index() -> str:
    """All kinds of figures, with what waits."""
    session, context, region_id = current_session(), page_context(), _region_id()
    page = phases.phases_page(
        queries.deliveries(session, region_id), len(queries.objections(session, region_id)[0]),
        queries.doubts(session, region_id)[0], current_rules(), context.today, context,
    )  # fmt: skip
    return render_template("desks/figures/phases.html", page=page)


@blueprint.get("/<indicator>/<period>")
def kind(indicator: str, period: str) -> str:
    """The figures of an indicator over a period: how far they are, and the figures themselves."""
    return _kind_shown(_delivery(indicator, period), notice=phases.done(request.args.get("gedaan")))


@blueprint.post("/<indicator>/<period>/fase")
@needs(Permission.MOVE_FIGURES)
def move(indicator: str, period: str) -> ResponseReturnValue:
    """Let others see figures from now on, or from a day on; or take them back."""
    of, form = _delivery(indicator, period), PhaseForm(request.form)
    errors = {} if form.validate() else dict(form.problems)
    notice = None
    if not errors:
        about, reason, now = About(_region_id(), of.indicator, of.period), form.reason.data or "", clock.now()
        given = (current_visitor().actor, reason, current_rules(), now, form.seen)
        try:
            with current_transaction() as session:
                if form.on is None:
                    tell_providers(session, operations.move(session, [about], form.audience, *given), now)
                else:
                    operations.plan(session, about, form.audience, form.on, *given)
            what = "verder" if form.on is None else "gepland"
            return redirect(url_for("region_figures.kind", indicator=indicator, period=period, gedaan=what))
        except CannotDo as refusal:
            notice = Notice(Tone.WARNING, refusal.message.in_language(chosen()))
            of = _delivery(indicator, period)
    given_back = {name: str(value or "") for name, value in form.data.items()}
    return _kind_shown(of, given=given_back, errors=errors, notice=notice), INVALID


@blueprint.post("/<indicator>/<period>/plan-vervalt")
@needs(Permission.MOVE_FIGURES)
def drop_plan(indicator: str, period: str) -> ResponseReturnValue:
    """Drop the plan for figures."""
    of = _delivery(indicator, period)
    try:
        with current_transaction() as session:
            about = About(_region_id(), of.indicator, of.period)
            operations.cancel_plan(session, about, current_visitor().actor, "", clock.now())
    except CannotDo as refusal:
        notice = Notice(Tone.WARNING, refusal.message.in_language(chosen()))
        return _kind_shown(_delivery(indicator, period), notice=notice), HTTPStatus.CONFLICT
    return redirect(url_for("region_figures.kind", indicator=indicator, period=period, gedaan="vervallen"))


def _delivery(indicator: str, period: str) -> Delivery:
    """How far these figures are; 404 where there are none."""
    found = queries.deliveries(current_session(), _region_id())
    of = next((one for one in found if (one.indicator.value, one.period) == (indicator, period)), None)
    return of or abort(HTTPStatus.NOT_FOUND)


def _kind_shown(
    of: Delivery, *, given: dict[str, str] | None = None, errors: dict[str, str] | None = None,
    notice: Notice | None = None,
) -> str:  # fmt: skip
    session, context, region_id = current_session(), page_context(), _region_id()
    where = (of.indicator, of.period)
    figures = queries.figures(session, Asked(region_id, indicator=of.indicator, period=of.period), _viewer())[1]
    page = phases.kind_page(
        where, of.phase, of, own_queries.figures_by_audience(session, region_id, *where), figures,
        phases.Wanted.read(request.args), current_visitor().may(Permission.MOVE_FIGURES), current_rules(),
        context.today, context, given=given, errors=errors, notice=notice,
    )  # fmt: skip
    return render_template("desks/figures/kind.html", page=page)


# --- objections, and one figure -------------------------------------------------------------------------------


@blueprint.get("/bezwaren")
def objections() -> str:
    """Objections to decide about."""
    waiting, settled = queries.objections(current_session(), _region_id())
    page = objection_pages.objections_page(waiting, settled, current_rules(), page_context())
    return render_template("desks/figures/objections.html", page=page)


@blueprint.get("/cijfer/<int(max=2147483647):figure_id>")
def figure(figure_id: int) -> str:
    """One figure with all that the region knows of it."""
    return _figure_shown(_figure(current_session(), figure_id), notice=objection_pages.done(request.args.get("gedaan")))


@blueprint.post("/cijfer/<int(max=2147483647):figure_id>/besluit")
def settle(figure_id: int) -> ResponseReturnValue:
    """Decide about an objection, with the reasons."""
    found, form = _figure(current_session(), figure_id), RulingForm(request.form)
    text, address = form.text.data or "", link("region_figures.settle", figure_id=str(figure_id))
    error = "" if form.validate() else form.first_error("text")
    if not error and not form.problems:
        try:
            with current_transaction() as session:
                objection = _objection(session, figure_id, form.objection_id)
                ruling, now = Ruling(form.ruling.data or ""), clock.now()
                operations.settle(session, objection, ruling, text, current_visitor().actor, current_rules(), now)
                mails.settled(session, mail_site(), objection.figure.provider_id, figure_id, now)
            return redirect(url_for("region_figures.figure", figure_id=figure_id, gedaan="besluit"))
        except CannotDo as refusal:
            error = refusal.message.in_language(chosen())
            found = _figure(current_session(), figure_id)
    return _figure_shown(
        found, ruling=form.ruling.data or "", ruling_error=form.first_error("ruling"),
        answer=Speech(address, text, error, form.asks_to_keep),
    ), INVALID  # fmt: skip


@blueprint.post("/cijfer/<int(max=2147483647):figure_id>/toelichting")
def comment(figure_id: int) -> ResponseReturnValue:
    """Explain a figure in the name of the region; an empty text takes the explanation away."""
    found, form = _figure(current_session(), figure_id), SpeechForm(request.form)
    text, address = form.text.data or "", link("region_figures.comment", figure_id=str(figure_id))
    if not form.validate():
        speech = Speech(address, text, form.first_error("text"), form.asks_to_keep)
        return _figure_shown(found, comment=speech), INVALID
    with current_transaction() as session:
        ours = _figure(session, figure_id)
        operations.comment(session, ours, Voice.REGION, text, current_visitor().actor, clock.now())
    what = "toelichting" if text else "toelichting-weg"
    return redirect(url_for("region_figures.figure", figure_id=figure_id, gedaan=what))


def _figure(session: Session, figure_id: int) -> Figure:
    return queries.figure_of_region(session, figure_id, _region_id()) or abort(HTTPStatus.NOT_FOUND)


def _objection(session: Session, figure_id: int, objection_id: int) -> Objection:
    """An objection to this figure of the region; 404 for any other."""
    found = _figure(session, figure_id).objections
    return next((one for one in found if one.id == objection_id), None) or abort(HTTPStatus.NOT_FOUND)


def _figure_shown(
    one: Figure, *, ruling: str = "", ruling_error: str = "", answer: Speech | None = None,
    comment: Speech | None = None, notice: Notice | None = None,
) -> str:  # fmt: skip
    session, context = current_session(), page_context()
    phase = queries.phase_of(session, one.region_id, one.indicator, one.period)
    runs = import_runs(session, {pair[0] for pair in one.evidence})
    page = objection_pages.figure_page(
        queries.series_of(session, one, _viewer()), _viewer(), phase, runs, current_rules(), context.today, context,
        ruling=ruling, ruling_error=ruling_error, answer=answer, comment=comment, notice=notice,
    )  # fmt: skip
    return render_template("desks/figures/figure.html", page=page)


# --- deliveries -------------------------------------------------------------------------------------------------


@blueprint.get("/aanlevering")
def calendar() -> str:
    """Who delivered counts of which period, and who has not."""
    session, context, region_id = current_session(), page_context(), _region_id()
    providers, contracted = own_queries.providers_to_deliver(session, region_id, context.today)
    page = deliveries.calendar_page(
        providers, contracted, queries.deliveries_by_provider(session, region_id),
        queries.doubts_by_provider(session, region_id), request.args.get("ontbreekt", ""),
    )  # fmt: skip
    return render_template("desks/figures/calendar.html", page=page)


@blueprint.get("/twijfels")
def doubts() -> str:
    """What is odd about counts, with where they stand and what would help."""
    session, region_id = current_session(), _region_id()
    asked = {name: request.args.get(name, "")[:200] for name in ("aanbieder", "periode")}
    narrowed = {name: value for name, value in asked.items() if value}
    provider = catalogue.provider_by_slug(session, asked["aanbieder"]) if asked["aanbieder"] else None
    provider_id = None if not asked["aanbieder"] else provider.id if provider else 0
    wanted = min(whole_number(request.args.get("pagina", ""), 5) or 1, HIGHEST_PAGE)
    total, found = queries.doubts(session, region_id, provider_id, asked["periode"] or None, wanted)

    def href(to: int) -> str:
        return link("region_figures.doubts", **narrowed, pagina=str(to))

    pager = Pager.within(total, queries.DOUBTS_PER_PAGE, wanted, href)
    if pager.page != wanted:
        total, found = queries.doubts(session, region_id, provider_id, asked["periode"] or None, pager.page)
    runs = import_runs(session, {one.import_run_id for one in found if one.import_run_id})
    page = deliveries.doubts_page(total, found, runs, bool(narrowed), pager, page_context())
    return render_template("desks/figures/doubts.html", page=page)


def _region_id() -> int:
    return current_visitor().scope(Permission.REGION_FIGURES).region_id


def _viewer() -> Viewer:
    return Viewer(Audience.REGION, _region_id())


add_figure_views(blueprint, _viewer, lambda one: link("region_figures.figure", figure_id=str(one.id)))
