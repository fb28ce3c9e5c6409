"""What families read of a provider, at its own desk; and the region's queue of changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.accounts.signing_in.web import mail_site
from portal.catalogue import queries as catalogue
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Offer
from portal.catalogue.presenters.offer import OfferPage, offer_page
from portal.catalogue.presenters.provider import ProviderPage, provider_page
from portal.catalogue.visitor import help_nearby, municipality_options, page_context
from portal.core import clock
from portal.core.access import asks, needs
from portal.core.database import current_database, current_session, current_transaction, let_go
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Notice, Tone
from portal.core.text import whole_number
from portal.desks.texts import mails, operations, queries
from portal.desks.texts.facts import REPEATED
from portal.desks.texts.forms import REASON_LONGEST, Written
from portal.desks.texts.models import TextDraft
from portal.desks.texts.operations import ChangedMeanwhile, LiveChanged, NoLongerRight, NotWaiting, Stopped
from portal.desks.texts.presenters import (
    as_a_family_would,
    changed_meanwhile,
    colleague_wrote,
    decided,
    decision_page,
    done,
    no_longer_right,
    overtaken,
    stopped,
    stopped_page,
    texts_page,
    waiting_draft,
    writing_href,
    writing_page,
)
from portal.desks.texts.types import Subject
from portal.desks.waiting.queries import offers_of
from portal.exchange.importing import writing
from portal.outcomes.presenters import outcomes
from portal.outcomes.queries import figures_of_offer, figures_of_provider
from portal.outcomes.rules import current_rules
from portal.outcomes.types import EVERYBODY
from portal.reviews.showing.presenters import experiences, pages_of_provider
from portal.reviews.showing.queries import told_about
from portal.search.engine import current_engine

blueprint = asks(Permission.PROVIDER_DESK, Blueprint("texts", __name__, url_prefix="/werkplek/aanbieder/gegevens"))
approvals = asks(Permission.APPROVE_CHANGES, Blueprint("approvals", __name__, url_prefix="/werkplek/regio/wijzigingen"))


# --- at the desk of a provider -------------------------------------------------------------------------------


@blueprint.get("")
def index() -> str:
    """Everything that families read: what is missing, and what waits."""
    session, today = current_session(), clock.today()
    itself = _subject(None)
    subjects = [itself, *(Subject(itself.provider, offer) for offer in offers_of(session, itself.provider.id, today))]
    drafts = queries.drafts_of_provider(session, itself.provider.id)
    page = texts_page(subjects, drafts, today, done(request.args.get("gedaan")))
    return render_template("desks/texts.html", page=page)


@blueprint.post("/klopt")
def confirm() -> ResponseReturnValue:
    """Say that all of it is right today."""
    with current_transaction() as session:
        operations.confirm_all(session, _provider_id(), current_visitor().actor, clock.today(), clock.now())
    return redirect(url_for("texts.index", gedaan="klopt"))


@blueprint.get("/algemeen")
def provider() -> ResponseReturnValue:
    """The provider itself, to be changed."""
    return _writing(_subject(None))


@blueprint.post("/algemeen")
@needs(Permission.PROVIDER_DESK, repeated=REPEATED)
def write_provider() -> ResponseReturnValue:
    """Keep or send a draft of it."""
    return _written(_subject(None))


@blueprint.post("/algemeen/weg")
def provider_away() -> ResponseReturnValue:
    """Throw its draft away."""
    return _thrown_away(_subject(None))


@blueprint.get("/algemeen/voorbeeld")
def provider_preview() -> ResponseReturnValue:
    """The provider as a family would see it."""
    return _preview(_subject(None))


@blueprint.get("/hulp/<path:identifier>")
def offer(identifier: str) -> ResponseReturnValue:
    """An offer, to be changed."""
    return _writing(_subject(identifier))


@blueprint.post("/hulp/<path:identifier>")
@needs(Permission.PROVIDER_DESK, repeated=REPEATED)
def write_offer(identifier: str) -> ResponseReturnValue:
    """Keep or send a draft of it."""
    return _written(_subject(identifier))


@blueprint.post("/weg/<path:identifier>")
def offer_away(identifier: str) -> ResponseReturnValue:
    """Throw its draft away."""
    return _thrown_away(_subject(identifier))


@blueprint.get("/voorbeeld/<path:identifier>")
def offer_preview(identifier: str) -> ResponseReturnValue:
    """An offer as a family would see it."""
    return _preview(_subject(identifier))


def _writing(subject: Subject) -> ResponseReturnValue:
    if not _is_offered(subject):
        return _stopped(subject)
    return _writing_page(subject, done(request.args.get("gedaan")))


def _writing_page(
    subject: Subject, notice: Notice | None, *, typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    draft = queries.draft_of(current_session(), subject)
    page = writing_page(
        subject, draft, current_code_lists(), _likely_topic, typed=typed, errors=errors, notice=notice
    )  # fmt: skip
    return render_template("desks/writing.html", page=page)


def _likely_topic(word: str) -> str:
    return current_engine().question(word).likeliest_topic


def _stopped(subject: Subject, typed: Mapping[str, str] | None = None) -> ResponseReturnValue:
    """Where an offer is not offered any more: what was written, to be copied."""
    draft = queries.draft_of(current_session(), subject)
    page = stopped_page(subject, draft, typed, clock.today(), current_code_lists())
    return render_template("desks/stopped.html", page=page), HTTPStatus.GONE


def _is_offered(subject: Subject) -> bool:
    return subject.provider.successor_id is None and subject.stopped_on(clock.today()) is None


def _written(subject: Subject) -> ResponseReturnValue:
    form = Written(subject, request.form, current_code_lists(), clock.today())
    is_sent, session = request.form.get("naar") == "regio", current_session()
    if not _is_offered(subject):
        return _stopped(subject, form.typed)
    if form.problems:
        return _writing_page(subject, None, typed=form.typed, errors=form.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with current_transaction() as transaction:
            present = queries.subject_of(
                transaction, subject.provider.id, subject.offer.identifier if subject.offer else None
            )
            if present is None:
                abort(HTTPStatus.NOT_FOUND)
            draft = operations.write(
                transaction, present, form.values, _version(), is_sent, current_visitor().actor, clock.now()
            )
            is_draft = draft is not None
    except (ChangedMeanwhile, IntegrityError):  # the latter where both began the first draft at the same moment
        session.expire_all()
        return _writing_page(subject, colleague_wrote(), typed=form.typed), HTTPStatus.CONFLICT
    if not is_draft or is_sent:
        return redirect(url_for("texts.index", gedaan="verstuurd" if is_draft else "gelijk"))
    return redirect(_with_done(writing_href(subject.offer), "bewaard"))


def _thrown_away(subject: Subject) -> ResponseReturnValue:
    try:
        with current_transaction() as session:
            operations.throw_away(session, subject, _version())
    except ChangedMeanwhile:
        current_session().expire_all()
        if not _is_offered(subject):
            return _stopped(subject)
        return _writing_page(subject, changed_meanwhile()), HTTPStatus.CONFLICT
    return redirect(url_for("texts.index", gedaan="weg"))


def _preview(subject: Subject) -> ResponseReturnValue:
    """The public page with the draft in it. What it changes is taken out of the session, so that nothing is kept."""
    if not _is_offered(subject):
        return _stopped(subject)
    session, context = current_session(), page_context()
    draft = queries.draft_of(session, subject)
    nearby, options = help_nearby(context), municipality_options(context)
    shown = catalogue.provider_by_slug(session, subject.provider.slug) or abort(HTTPStatus.NOT_FOUND)
    offer = next((one for one in shown.offers if subject.offer and one.id == subject.offer.id), None)
    methods = catalogue.methods_named(session, offer.region_id, offer.methods) if offer else {}
    figures = (
        figures_of_offer(session, offer, EVERYBODY) if offer else figures_of_provider(session, shown.id, EVERYBODY)
    )
    results = outcomes(figures, EVERYBODY, current_rules(), context)
    as_drafted = Subject(shown, offer)
    session.expunge(as_drafted.row)
    as_drafted.put(draft.proposed if draft else {})
    public: OfferPage | ProviderPage
    if offer is not None:
        template, public = "desks/offer_preview.html", offer_page(offer, shown, methods, options, nearby, context)
    else:
        template, public = "desks/provider_preview.html", provider_page(shown, options, nearby, context)
    notice, back = as_a_family_would(), writing_href(subject.offer)
    told = experiences(told_about(session, shown.id), pages_of_provider(shown.slug, context.place))
    return render_template(template, page=public, results=results, told=told, preview=notice, back_href=back)


def _subject(identifier: str | None) -> Subject:
    found = queries.subject_of(current_session(), _provider_id(), identifier)
    return found or abort(HTTPStatus.NOT_FOUND)


def _provider_id() -> int:
    provider_id = current_visitor().scope(Permission.PROVIDER_DESK).provider_id
    return provider_id if provider_id is not None else abort(HTTPStatus.FORBIDDEN)


def _version() -> int:
    sent = whole_number(request.form.get("version", ""), 9)
    return -1 if sent is None else sent


def _with_done(href: str, what: str) -> str:
    return f"{href}{'&' if '?' in href else '?'}gedaan={what}"


# --- the region's queue --------------------------------------------------------------------------------------


@approvals.get("")
def queue() -> str:
    """What waits, longest first."""
    drafts = queries.waiting_drafts(current_session(), _region_id())
    shown = [waiting_draft(draft, clock.today()) for draft in drafts]
    return render_template("desks/approvals.html", drafts=shown, done=_just_decided())


@approvals.get("/<public_id>")
def draft(public_id: str) -> str:
    """One change beside what families read."""
    return _decision(_draft(public_id), _just_decided())


@approvals.post("/<public_id>/goed")
def approve(public_id: str) -> ResponseReturnValue:
    """Let families read it; then the next one."""

    def decide(session: Session, draft: TextDraft) -> None:
        author, name, offer, provider = draft.author, queries.subject_of_draft(draft).name, draft.offer, draft.provider
        operations.approve(
            session, draft, _version(), current_code_lists(), current_visitor().actor, clock.now()
        )  # fmt: skip
        if author is not None:
            path = f"/aanbieders/{provider.slug}" + (f"/aanbod/{offer.identifier}" if offer else "")
            mails.approved(session, mail_site(), author, name, path, clock.now())

    return _decided(public_id, decide, "goedgekeurd")


@approvals.get("/<public_id>/goed")
@approvals.get("/<public_id>/terug")
def reloaded(public_id: str) -> ResponseReturnValue:
    """Who loads the address of a decision again comes back to the change."""
    return redirect(link("approvals.draft", public_id=public_id))


@approvals.post("/<public_id>/terug")
def give_back(public_id: str) -> ResponseReturnValue:
    """Send it back with a reason; then the next one."""
    reason = request.form.get("reason", "").strip()
    error = ""
    if not reason:
        error = gettext("Tell the provider why, so that they can put it right.")
    elif len(reason) > REASON_LONGEST:
        error = gettext("That is long: %(most)s characters at most.", most=REASON_LONGEST)
    if error:
        page = _decision(_draft(public_id), reason=reason, reason_error=error)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY

    def decide(session: Session, draft: TextDraft) -> None:
        operations.give_back(session, draft, _version(), reason, current_visitor().actor, clock.now())
        if draft.author is not None:
            name, path = queries.subject_of_draft(draft).name, _writing_path(draft.offer)
            mails.returned(session, mail_site(), draft.author, name, reason, path, clock.now())

    return _decided(public_id, decide, "terug")


def _writing_path(offer: Offer | None) -> str:
    """Where a provider writes on, as it is mailed."""
    return "/werkplek/aanbieder/gegevens/" + (f"hulp/{offer.identifier}" if offer else "algemeen")


def _decided(public_id: str, decide: Callable[[Session, TextDraft], None], what: str) -> ResponseReturnValue:
    """Decide, and go on to the next; or the page again, with why not."""
    region_id = _region_id()
    let_go()
    try:
        with writing(current_database()) as session:  # a fact is stored as a package is, and not beside one
            found = queries.waiting_draft(session, region_id, public_id)
            if found is None:
                raise NotWaiting
            about = {"van": found.provider.slug} | ({"hulp": found.offer.identifier} if found.offer else {})
            decide(session, found)
            following = queries.waiting_drafts(session, region_id)
            next_id = following[0].public_id if following else None
    except NotWaiting:
        notice = Notice(
            Tone.INFO, gettext("This does not wait any more"),
            gettext("A colleague decided about it, or the provider took it back."),
        )  # fmt: skip
        drafts = [waiting_draft(draft, clock.today()) for draft in queries.waiting_drafts(current_session(), region_id)]
        return render_template("desks/approvals.html", drafts=drafts, done=notice), HTTPStatus.CONFLICT
    except ChangedMeanwhile:
        return _decision(_draft(public_id), changed_meanwhile()), HTTPStatus.CONFLICT
    except LiveChanged as error:
        shown = _draft(public_id)
        return _decision(shown, overtaken(error, shown)), HTTPStatus.CONFLICT
    except Stopped:
        shown = _draft(public_id)
        return _decision(shown, stopped(shown, clock.today())), HTTPStatus.CONFLICT
    except NoLongerRight as error:
        shown = _draft(public_id)
        return _decision(shown, no_longer_right(error, shown)), HTTPStatus.CONFLICT
    if next_id is None:
        return redirect(link("approvals.queue", gedaan=what, **about))
    return redirect(link("approvals.draft", public_id=next_id, gedaan=what, **about))


def _just_decided() -> Notice | None:
    """What was decided on the page before, and about what, as the address says."""
    slug, identifier = request.args.get("van", "")[:200], request.args.get("hulp", "")[:200]
    subject = queries.subject_named(current_session(), _region_id(), slug, identifier)
    may_mend = current_visitor().may(Permission.EDIT_CATALOGUE)
    return decided(request.args.get("gedaan"), subject, may_mend=may_mend) if subject else None


def _decision(draft: TextDraft, notice: Notice | None = None, reason: str = "", reason_error: str = "") -> str:
    waiting = queries.count_waiting(current_session(), _region_id())
    page = decision_page(
        draft,
        waiting,
        clock.today(),
        current_code_lists(),
        _likely_topic,
        notice=notice,
        reason=reason[: REASON_LONGEST * 2],
        reason_error=reason_error,
    )
    return render_template("desks/decision.html", page=page)


def _draft(public_id: str) -> TextDraft:
    return queries.waiting_draft(current_session(), _region_id(), public_id) or abort(HTTPStatus.NOT_FOUND)


def _region_id() -> int:
    return current_visitor().scope(Permission.APPROVE_CHANGES).region_id
