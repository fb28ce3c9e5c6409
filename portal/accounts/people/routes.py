"""Managing people: the same pages for the region, which reaches everybody in it, and for a provider's own manager."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts import mails
from portal.accounts.access import current_visitor
from portal.accounts.models import Membership
from portal.accounts.people import operations, queries
from portal.accounts.people.criteria import parameters, read_filter
from portal.accounts.people.forms import ChangeForm, InviteForm, PostForm, ReasonForm, VersionForm
from portal.accounts.people.operations import Acting, Objection, Refused
from portal.accounts.people.presenters import (
    Addresses,
    PostFields,
    done,
    invitation_words,
    invite_page,
    objection_notice,
    objection_words,
    people_page,
    person_page,
    post_fields,
)  # fmt: skip
from portal.accounts.permissions import ASSIGNABLE, Permission
from portal.accounts.signing_in import cookies
from portal.accounts.signing_in.web import mail_site
from portal.accounts.types import MembershipStatus, Role, Scope
from portal.accounts.wording import post_words
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Region
from portal.core import clock
from portal.core.access import asks
from portal.core.database import current_session, current_transaction
from portal.core.languages import chosen, gettext
from portal.core.links import link
from portal.core.pages import Link, Notice, Pager

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY


def _pages(name: str, prefix: str, permission: Permission) -> Blueprint:
    """The pages of managing people for who has `permission`."""
    blueprint = asks(permission, Blueprint(name, __name__, url_prefix=prefix))
    roles = ASSIGNABLE[permission]

    def acting() -> Acting:
        visitor = current_visitor()
        return Acting(visitor.actor, permission, visitor.membership.id if visitor.membership else None)

    def scope() -> Scope:
        return current_visitor().scope(permission)

    def addresses(public_id: str = "") -> Addresses:
        index, invite = link(f"{name}.index"), link(f"{name}.invite")
        if not public_id:
            return Addresses(index, invite)
        return Addresses(index, invite, *(link(f"{name}.{view}", public_id=public_id) for view in _ONE_PERSON))

    def to_index(what: str) -> ResponseReturnValue:
        return redirect(url_for(f"{name}.index", gedaan=what))

    def to_person(public_id: str, what: str) -> ResponseReturnValue:
        return redirect(url_for(f"{name}.person", public_id=public_id, gedaan=what))

    def fields(given: Mapping[str, str]) -> PostFields:
        return _post_fields(scope(), roles, given)

    @blueprint.get("")
    def index() -> str:
        """The people within reach."""
        wanted, lists = read_filter(request.args), current_code_lists()
        found = queries.people(current_session(), scope(), wanted)
        asked = parameters(wanted)
        pager = Pager.at(wanted.page, found.pages, lambda page: link(f"{name}.index", **asked, pagina=str(page)))
        hrefs = {one.public_id: link(f"{name}.person", public_id=one.public_id) for one in found.memberships}
        page = people_page(found, wanted, roles, hrefs, addresses(), pager, lists, done(request.args.get("gedaan")))
        return render_template("accounts/people.html", page=page)

    @blueprint.get("/uitnodigen")
    def invite() -> str:
        """Whom to invite, to what."""
        given = {key: request.args.get(key, "")[:120] for key in ("email", "role", "provider", "municipality")}
        page = invite_page(given["email"], fields(given), {}, addresses())
        return render_template("accounts/invite.html", page=page)

    @blueprint.post("/uitnodigen")
    def send_invitation() -> ResponseReturnValue:
        """Invite somebody, by mail only."""
        form, now = InviteForm(request.form), clock.now()
        _choose_from(form, scope(), roles)
        errors = {} if form.validate() else dict(form.problems)
        if not errors:
            try:
                with current_transaction() as session:
                    invited, code = operations.invite(
                        session, acting(), form.email.data or "", form.post, chosen(), now
                    )
                    if code is not None:
                        _mail_invitation(session, invited, code)
                return to_index("uitgenodigd")
            except Refused as refused:
                errors["email"] = objection_words(refused.objection)
            except IntegrityError:  # a colleague invited the same person at the same moment
                errors["email"] = objection_words(Objection.ALREADY_THERE)
        given = {key: str(value or "") for key, value in form.data.items()}
        page = invite_page(given["email"], fields(given), errors, addresses())
        return render_template("accounts/invite.html", page=page), INVALID

    def found_or_404(public_id: str) -> Membership:
        return queries.member(current_session(), scope(), public_id) or abort(HTTPStatus.NOT_FOUND)

    def shown(
        one: Membership,
        notice: Notice | None = None,
        errors: Mapping[str, str] | None = None,
        given: Mapping[str, str] | None = None,
    ) -> str:
        visitor = current_visitor()
        trail = None
        if visitor.may(Permission.READ_TRAIL):
            trail = Link(gettext("Who changed what about this person"), link("desks.trail", over=one.public_id))
        invited = ""
        if one.status is MembershipStatus.INVITED:
            invited = invitation_words(queries.invited_until(current_session(), one), clock.now())
        page = person_page(
            one,
            visitor.membership,
            fields(given or _given(one)),
            addresses(one.public_id),
            current_code_lists(),
            invited=invited,
            reason=(given or {}).get("reason", ""),
            trail=trail,
            notice=notice,
            errors=errors,
        )
        return render_template("accounts/person.html", page=page)

    def refusal(refused: Refused, public_id: str, given: Mapping[str, str] | None = None) -> ResponseReturnValue:
        """What holds now, why nothing was done, and what was typed."""
        if refused.objection is Objection.NOT_THERE:
            abort(HTTPStatus.NOT_FOUND)
        if refused.objection is Objection.NOT_YOURS_ANY_MORE:
            return redirect(url_for("signing_in.sign_in"))
        one = found_or_404(public_id)
        return shown(
            one, objection_notice(refused.objection, one, current_code_lists()), given=given
        ), HTTPStatus.CONFLICT

    def done_to(public_id: str, what: str, change: Callable[[Session], object]) -> ResponseReturnValue:
        """Make a change, and say that it is made or why not."""
        try:
            with current_transaction() as session:
                change(session)
        except Refused as refused:
            return refusal(refused, public_id, request.form.to_dict())
        return to_person(public_id, what)

    @blueprint.get("/<public_id>")
    def person(public_id: str) -> str:
        """Somebody, and what can be done."""
        return shown(found_or_404(public_id), done(request.args.get("gedaan")))

    @blueprint.post("/<public_id>/rol")
    def change(public_id: str) -> ResponseReturnValue:
        """Give somebody another role."""
        one, form = found_or_404(public_id), ChangeForm(request.form)
        _choose_from(form, scope(), roles)
        if not form.validate():
            given = {key: str(value or "") for key, value in form.data.items()}
            return shown(one, errors=form.problems, given=given), INVALID

        def changed(session: Session) -> None:
            operations.change_post(session, acting(), public_id, form.seen, form.post, clock.now())

        return done_to(public_id, "gewijzigd", changed)

    @blueprint.post("/<public_id>/beeindigen")
    def disable(public_id: str) -> ResponseReturnValue:
        """End somebody's access until it is given back."""
        one, form = found_or_404(public_id), ReasonForm(request.form)
        if not form.validate():
            return shown(one, errors=form.problems, given={**_given(one), "reason": form.reason.data or ""}), INVALID

        def disabled(session: Session) -> None:
            now, lists = clock.now(), current_code_lists()
            ended = operations.disable(session, acting(), public_id, form.seen, now, form.reason.data or "")
            who = ended.person
            mails.access_ended(session, mail_site(), who.email, who.language, post_words(ended, lists), now)

        return done_to(public_id, "beeindigd", disabled)

    @blueprint.post("/<public_id>/herstellen")
    def enable(public_id: str) -> ResponseReturnValue:
        """Give somebody's access back."""
        seen = VersionForm(request.form).seen
        return done_to(
            public_id, "hersteld", lambda session: operations.enable(session, acting(), public_id, seen, clock.now())
        )

    @blueprint.post("/<public_id>/overdragen")
    def hand_over(public_id: str) -> ResponseReturnValue:
        """Change roles with a colleague."""
        seen = VersionForm(request.form).seen
        try:
            with current_transaction() as session:
                operations.hand_over(session, acting(), public_id, seen, clock.now())
        except Refused as refused:
            return refusal(refused, public_id)
        cookies.set_sign_in("")
        return redirect(url_for("signing_in.sign_in", gedaan="overgedragen"))

    @blueprint.post("/<public_id>/opnieuw")
    def renew(public_id: str) -> ResponseReturnValue:
        """Send an invitation again, with a new code."""

        def renewed(session: Session) -> None:
            invited, code = operations.renew_invitation(session, acting(), public_id, clock.now())
            if code is not None:
                _mail_invitation(session, invited, code)

        return done_to(public_id, "opnieuw", renewed)

    @blueprint.post("/<public_id>/intrekken")
    def withdraw(public_id: str) -> ResponseReturnValue:
        """Take an invitation back."""
        try:
            with current_transaction() as session:
                operations.withdraw_invitation(session, acting(), public_id, clock.now())
        except Refused as refused:
            return refusal(refused, public_id)
        return to_index("ingetrokken")

    @blueprint.post("/<public_id>/telefoon")
    def second_factor(public_id: str) -> ResponseReturnValue:
        """Let somebody set up the phone again."""

        def renewed(session: Session) -> None:
            now = clock.now()
            one, code = operations.renew_second_factor(session, acting(), public_id, now)
            until, who = now + operations.SECOND_FACTOR_CODE_VALID, one.person
            if code is not None:
                mails.new_second_factor(session, mail_site(), who.email, who.language, code, until, now)

        return done_to(public_id, "telefoon", renewed)

    return blueprint


_ONE_PERSON = ("person", "change", "disable", "enable", "hand_over", "renew", "withdraw", "second_factor")
"""The views of one person, in the order of `Addresses`."""


def _post_fields(scope: Scope, roles: tuple[Role, ...], given: Mapping[str, str]) -> PostFields:
    if scope.provider_id is not None:
        return post_fields(roles, (), (), given)
    names = sorted(_municipalities(current_session(), scope))
    return post_fields(roles, queries.providers_of(current_session(), scope.region_id), names, given)


def _choose_from(form: PostForm, scope: Scope, roles: tuple[Role, ...]) -> None:
    session = current_session()
    providers = {} if scope.provider_id else {p.slug: p.id for p in queries.providers_of(session, scope.region_id)}
    form.choose_from(scope, roles, providers, _municipalities(session, scope))


def _municipalities(session: Session, scope: Scope) -> Mapping[str, str]:
    """The municipalities of the region, name to code; all where the list does not know the region."""
    region, lists = session.get_one(Region, scope.region_id), current_code_lists()
    ours = [one for one in lists.municipalities.values() if one.youth_region == region.youth_region]
    return {one.name: one.code for one in ours or lists.municipalities.values()}


def _given(one: Membership) -> Mapping[str, str]:
    """The present role of somebody, as the form shows it."""
    lists = current_code_lists()
    return {
        "role": f"{one.role}:{one.profession}" if one.profession else one.role.value,
        "provider": one.provider.slug if one.provider else "",
        "municipality": lists.municipalities[one.municipality].name if one.municipality else "",
    }


def _mail_invitation(session: Session, invited: Membership, code: str) -> None:
    now = clock.now()
    words = post_words(invited, current_code_lists())
    until, inviter = now + operations.INVITATION_VALID, current_visitor().person
    mails.invitation(
        session, mail_site(), invited.person.email, invited.person.language, words, code, until, now,
        by=inviter.name or inviter.email,
    )  # fmt: skip


region_people = _pages("region_people", "/werkplek/regio/mensen", Permission.MANAGE_REGION_PEOPLE)
provider_people = _pages("provider_people", "/werkplek/aanbieder/mensen", Permission.MANAGE_PROVIDER_PEOPLE)
