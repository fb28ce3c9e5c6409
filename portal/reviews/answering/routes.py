"""The desk of a provider, institution or access team: what families told of it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.accounts.types import Scope
from portal.core import clock
from portal.core.access import asks
from portal.core.database import current_session, current_transaction
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Notice, Pager
from portal.core.settings import current_settings
from portal.core.speaking import KEPT, can_be_kept, question_about
from portal.reviews.answering import operations
from portal.reviews.answering.operations import LONGEST_ANSWER, CannotAnswer
from portal.reviews.answering.presenters import Asked, anchor_of, done, stories_page
from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.showing.presenters import noticed_lines
from portal.reviews.showing.queries import noticed_of
from portal.reviews.types import Quarter

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY
PER_PAGE = 20


def _pages(name: str, prefix: str, permission: Permission) -> Blueprint:
    """The pages on which who has `permission` answers: for a provider and institution, or for an access team."""
    blueprint = asks(permission, Blueprint(name, __name__, url_prefix=prefix))

    def scope() -> Scope:
        return current_visitor().scope(permission)

    @blueprint.get("")
    def index() -> str:
        """What families told."""
        return page(done(request.args.get("gedaan")), given={"id": request.args.get("bij", "")})

    @blueprint.post("/<public_id>/antwoord")
    def answer(public_id: str) -> ResponseReturnValue:
        """Look at an answer first, then send it to be read; what looks like personal data is asked about."""
        given = {name: request.form.get(name, "")[:5_000] for name in ("text", "promise", "due")} | {"id": public_id}
        written = given["text"], given["promise"]
        if question := question_about(*written, is_kept=_is_kept()):
            found(current_session(), public_id)
            return page(None, given=given, asked=Asked("answer", question, can_be_kept(*written))), INVALID
        if request.form.get("doe") == "bekijk":
            found(current_session(), public_id)
            given["due"] = given["due"] if _is_quarter(given["due"]) else ""
            kept = Asked("answer", "", can_keep=True, is_kept=True) if can_be_kept(*written) else None
            return page(None, given={**given, "preview": "ja"}, asked=kept)
        try:
            with current_transaction() as session:
                operations.answer(
                    session, current_visitor().actor, found(session, public_id), given["text"], given["promise"],
                    given["due"], clock.today(),
                )  # fmt: skip
        except ValueError:  # CannotAnswer, or a quarter that is none
            error = gettext(
                "Write an answer of at most %(most)s characters; for a promise, choose by when it is kept.",
                most=LONGEST_ANSWER,
            )
            return page(None, error, given), INVALID
        return back("antwoord", public_id)

    @blueprint.post("/<public_id>/nagekomen")
    def kept(public_id: str) -> ResponseReturnValue:
        """Say that a promise was kept."""
        try:
            with current_transaction() as session:
                operations.say_kept(session, current_visitor().actor, found(session, public_id), clock.today())
        except CannotAnswer:
            error = gettext("There is no promise that is shown.")
            return page(None, error, {"id": public_id}), HTTPStatus.CONFLICT
        return back("nagekomen", public_id)

    @blueprint.post("/<public_id>/betwist")
    def dispute(public_id: str) -> ResponseReturnValue:
        """Dispute a fact."""
        sentence, grounds = request.form.get("sentence", "")[:5_000], request.form.get("grounds", "")[:5_000]
        given = {"sentence": sentence, "grounds": grounds, "id": public_id}
        if question := question_about(grounds, is_kept=_is_kept()):
            found(current_session(), public_id)
            return page(None, given=given, asked=Asked("dispute", question, can_be_kept(grounds))), INVALID
        try:
            with current_transaction() as session:
                operations.dispute(
                    session, current_visitor().actor, found(session, public_id), sentence, grounds,
                    current_settings().dispute_days, clock.today(),
                )  # fmt: skip
        except CannotAnswer:
            error = gettext(
                "Copy one sentence exactly as it stands in the story, and write in 20 characters or more what is not "
                "right. Each sentence can be disputed once."
            )
            return page(None, error, given), INVALID
        return back("betwist", public_id)

    def back(what: str, public_id: str) -> ResponseReturnValue:
        """Back to the story at which something was done, with what."""
        return redirect(url_for(f"{name}.index", gedaan=what, bij=public_id, _anchor=anchor_of(public_id)))

    def found(session: Session, public_id: str) -> Experience:
        one = next((one for one in operations.experiences_of(session, scope()) if one.id == public_id), None)
        return one or abort(HTTPStatus.NOT_FOUND)

    def page(
        notice: Notice | None, error: str = "", given: Mapping[str, str] | None = None, asked: Asked | None = None
    ) -> str:
        session = current_session()
        told = {one.id: one for one in operations.experiences_of(session, scope())}
        order = list(told)
        answers = session.scalars(select(ProviderAnswer).where(ProviderAnswer.experience_id.in_(told))).all()
        wanted, about = request.args.get("pagina"), (given or {}).get("id", "")
        if about in told:  # what is done with a story is shown where it stands
            wanted = str(order.index(about) // PER_PAGE + 1)
        pager = Pager.over(len(told), PER_PAGE, wanted, lambda to: link(f"{name}.index", pagina=str(to)))
        ids = order[(pager.page - 1) * PER_PAGE : pager.page * PER_PAGE]
        disputes = session.scalars(select(Dispute).where(Dispute.experience_id.in_(ids)).order_by(Dispute.id)).all()
        noticed = {one: noticed_lines(figures) for one, figures in noticed_of(session, ids).items()}
        shown = stories_page(
            [(told[one.experience_id], one) for one in answers], [told[one] for one in ids], pager, disputes, noticed,
            Quarter.of(clock.today()), notice, error, given, asked, name,
        )  # fmt: skip
        return render_template("reviews/own_stories.html", page=shown)

    return blueprint


def _is_quarter(text: str) -> bool:
    try:
        Quarter.read(text)
    except ValueError:
        return False
    return True


def _is_kept() -> bool:
    return request.form.get("keep") == KEPT


blueprint = _pages("answering", "/werkplek/aanbieder/ervaringen", Permission.ANSWER_FAMILIES)
of_team = _pages("team_answering", "/werkplek/verwijzer/ervaringen", Permission.ANSWER_FOR_TEAM)
