"""The desk of a moderator."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.wording import quoted
from portal.core import clock
from portal.core.access import asks, needs
from portal.core.database import current_session, current_transaction
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Pager
from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.moderating import operations, queries
from portal.reviews.moderating.forms import DecisionForm
from portal.reviews.moderating.operations import Changed, NotActed, NotInText, SamePerson, TellsOfNobody
from portal.reviews.moderating.presenters import (
    answer_page,
    dispute_page,
    done,
    experience_page,
    published_page,
    queue_page,
)
from portal.reviews.operations import NotAllowed
from portal.reviews.questions import current_sets, newest

blueprint = asks(Permission.MODERATE, Blueprint("moderating", __name__, url_prefix="/werkplek/regio/ervaringen"))

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY
PER_PAGE = 50


def _region_id() -> int:
    return current_visitor().scope(Permission.MODERATE).region_id


@blueprint.get("")
def index() -> str:
    """What waits, the most serious first."""
    session, region_id = current_session(), _region_id()
    number = queries.number_waiting(session, region_id)
    pager, offset = _page_of(number, "moderating.index")
    page = queue_page(
        number, queries.queue(session, region_id, PER_PAGE, offset), pager, queries.answers_to_read(session, region_id),
        queries.open_disputes(session, region_id), queries.number_published(session, region_id), current_code_lists(),
        clock.today(), done(request.args.get("gedaan")),
    )  # fmt: skip
    return render_template("reviews/queue.html", page=page)


@blueprint.get("/geplaatst")
def published() -> str:
    """What stands on the site, to look at it again."""
    session, region_id = current_session(), _region_id()
    number = queries.number_published(session, region_id)
    pager, offset = _page_of(number, "moderating.published")
    page = published_page(number, queries.published(session, region_id, PER_PAGE, offset), pager)
    return render_template("reviews/published.html", page=page)


def _page_of(number: int, endpoint: str) -> tuple[Pager, int]:
    """The page that is asked for, and how many stories come before it."""
    pager = Pager.over(number, PER_PAGE, request.args.get("pagina"), lambda to: link(endpoint, pagina=str(to)))
    return pager, (pager.page - 1) * PER_PAGE


@blueprint.get("/<public_id>")
def experience(public_id: str) -> str:
    """One experience."""
    return _shown(_found(current_session(), public_id))


@blueprint.post("/<public_id>")
@needs(Permission.MODERATE, repeated=("weg",))
def decide(public_id: str) -> ResponseReturnValue:
    """Decide about it."""
    form, actor, today = DecisionForm(request.form), current_visitor().actor, clock.today()
    rule, reason, seen = form.chosen_rule, form.reason.data or "", form.gezien.data or ""
    blanks = form.blanks(request.form.getlist("weg"))
    what = form.doe.data
    needs_rule = what in ("weiger", "stel-voor")
    if needs_rule and rule is None:
        return _again(public_id, gettext("Choose by which house rule."))
    needs_reason = needs_rule or what == "handhaaf"
    if needs_reason and not operations.SHORTEST_REASON <= len(reason) <= operations.LONGEST_REASON:
        return _again(
            public_id, gettext("Write to the author in a sentence or two why. At most %(most)s characters.",
                               most=operations.LONGEST_REASON)
        )  # fmt: skip

    def refuse(session: Session, one: Experience) -> None:
        if rule is not None:
            operations.refuse(session, actor, one, rule, reason, seen, today)

    def propose(session: Session, one: Experience) -> None:
        if rule is not None:
            operations.propose_removal(session, actor, one, rule, reason, today)

    steps: dict[str, tuple[str, Callable[[Session, Experience], None]]] = {
        "keur-goed": ("goedgekeurd", lambda s, one: operations.approve(s, actor, one, blanks, seen, today)),
        "weiger": ("geweigerd", refuse),
        "stel-voor": ("voorgesteld", propose),
        "haal-weg": ("weggehaald", lambda s, one: operations.decide_removal(s, actor, one, True, today)),
        "laat-staan": ("blijft", lambda s, one: operations.decide_removal(s, actor, one, False, today)),
        "handhaaf": ("blijft", lambda s, one: operations.uphold(s, actor, one, reason, today)),
    }
    if what not in steps:
        return _again(public_id, gettext("Choose what to do."))
    said, step = steps[what]
    try:
        with current_transaction() as session:
            decided = _found(session, public_id)
            step(session, decided)
            operations.say_acted(session, actor, decided, form.has_acted, today)
    except Changed:
        return _again(public_id, gettext("Its author changed it meanwhile. Below stands what it says now."), 409)
    except NotInText as error:
        said = gettext("This does not stand in the story: %(words)s. Look at how it is written there.",
                       words=quoted(error.words))  # fmt: skip
        return _again(public_id, said)
    except TellsOfNobody as error:
        said = gettext("By this nobody is known: %(words)s. Only leave out what could tell who somebody is.",
                       words=quoted(error.words))  # fmt: skip
        return _again(public_id, said)
    except NotActed:
        return _again(public_id, gettext("First do what your region agreed for danger, and say that you did."))
    except SamePerson:
        return _again(public_id, gettext("You decided here before. Somebody else has to do this."), 409)
    except NotAllowed:
        return _again(public_id, gettext("That is not possible any more. Below stands how it is now."), 409)
    return redirect(url_for("moderating.index", gedaan=said))


@blueprint.get("/antwoord/<public_id>")
def answer(public_id: str) -> str:
    """What a provider answered."""
    return render_template("reviews/answer_to_read.html", page=answer_page(*_answer(current_session(), public_id)))


@blueprint.post("/antwoord/<public_id>")
def decide_answer(public_id: str) -> ResponseReturnValue:
    """Publish an answer, or give it back."""
    form, is_fine = DecisionForm(request.form), request.form.get("doe") == "keur-goed"
    reason = form.reason.data or ""
    if not is_fine and len(reason) < operations.SHORTEST_REASON:
        error = gettext("Write to the provider in a sentence or two why.")
        page = answer_page(*_answer(current_session(), public_id), error, reason)
        return render_template("reviews/answer_to_read.html", page=page), INVALID
    with current_transaction() as session:
        found, one = _answer(session, public_id)
        operations.decide_answer(session, current_visitor().actor, found, one, is_fine, reason, clock.today())
    return redirect(url_for("moderating.index", gedaan="antwoord"))


@blueprint.get("/feit/<public_id>")
def dispute(public_id: str) -> str:
    """A disputed fact."""
    return render_template("reviews/dispute.html", page=dispute_page(*_dispute(current_session(), public_id)))


@blueprint.post("/feit/<public_id>")
def decide_dispute(public_id: str) -> ResponseReturnValue:
    """Keep a disputed sentence, or leave it out."""
    form, is_kept = DecisionForm(request.form), request.form.get("doe") == "blijft"
    try:
        with current_transaction() as session:
            found, one = _dispute(session, public_id)
            operations.decide_dispute(
                session, current_visitor().actor, found, one, is_kept, form.reason.data or "", clock.today()
            )
    except NotAllowed:
        error = gettext("Write why. And leave nothing out while the author can still answer.")
        page = dispute_page(*_dispute(current_session(), public_id), error, form.reason.data or "")
        return render_template("reviews/dispute.html", page=page), INVALID
    return redirect(url_for("moderating.index", gedaan="feit"))


def _found(session: Session, public_id: str) -> Experience:
    return queries.experience(session, _region_id(), public_id) or abort(HTTPStatus.NOT_FOUND)


def _answer(session: Session, public_id: str) -> tuple[ProviderAnswer, Experience]:
    found = session.get(ProviderAnswer, public_id[:22])
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found, _found(session, public_id)


def _dispute(session: Session, public_id: str) -> tuple[Dispute, Experience]:
    found = session.get(Dispute, public_id[:22])
    if found is None or found.outcome:
        abort(HTTPStatus.NOT_FOUND)
    return found, _found(session, found.experience_id)


def _shown(one: Experience, error: str = "") -> str:
    session, sets = current_session(), current_sets()
    given = {key: request.form.get(key, "")[:2_000] for key in ("rule", "reason", "words", "gehandeld")}
    page = experience_page(
        one, sets.get(one.question_set, newest(sets)), queries.group_of(session, one), queries.flags(session, one.id),
        current_code_lists(), given, error,
    )  # fmt: skip
    return render_template("reviews/experience.html", page=page)


def _again(public_id: str, error: str, status: int = INVALID) -> ResponseReturnValue:
    return _shown(_found(current_session(), public_id), error), status
