"""Who comes, and whether they may: asked before every view that is not public.

The cookie holds a random token and nothing else; what it stands for is in the database. Public pages never look at it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from flask import Flask, Request, Response, current_app, redirect, render_template, request, url_for
from flask.sessions import SessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.exceptions import BadRequest

from portal.accounts.actors import person_actor
from portal.accounts.models import Membership, Person, SignIn
from portal.accounts.permissions import Permission, may, scope_of
from portal.accounts.signing_in import cookies, sign_ins
from portal.accounts.signing_in.codes import form_token
from portal.accounts.types import Audience, Scope, Step
from portal.accounts.wording import DESKS, NO_ROLE
from portal.core import access, clock, same_site
from portal.core.access import Door, Requirement
from portal.core.actor import Actor
from portal.core.database import current_session, current_transaction
from portal.core.errors import Declined, declined_page
from portal.core.headers import is_private, keep_private
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link
from portal.core.security_log.operations import note
from portal.core.security_log.types import SecurityKind
from portal.core.settings import current_settings
from portal.core.throttle.types import TooManyAttempts

FORM_TOKEN = "csrf_token"  # noqa: S105 - the name of a field
_SECRET_FIELDS = re.compile(r"password|code|" + FORM_TOKEN)
"""What is not repeated on a page that asks to send something again."""
DESK_ENDPOINTS = {
    Audience.REGION: "desks.region",
    Audience.REFERRER: "desks.referrer",
    Audience.PROVIDER: "desks.provider",
}


@dataclass(frozen=True, slots=True)
class Visitor(UserMixin):  # type: ignore[misc]
    """Somebody who is signed in, or half-way there."""

    sign_in: SignIn
    form_token: str
    """What the forms on their pages carry along."""

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.sign_in.person

    @property
    def membership(self) -> Membership | None:
        """As what they work now; None where they have no role left."""
        return self.sign_in.membership

    @property
    def is_complete(self) -> bool:
        """Whether everything was proved."""
        return self.sign_in.step is Step.COMPLETE

    @property
    def actor(self) -> Actor:
        """How operations know them."""
        return person_actor(self.person, self.membership)

    def get_id(self) -> str:
        """Asked by Flask-Login."""
        return str(self.person.id)

    def may(self, permission: Permission) -> bool:
        """Whether they have this permission, as what they work now. The own account needs no role."""
        if self.membership is None or not self.membership.is_active:
            return permission is Permission.OWN_ACCOUNT
        return may(self.membership.role, permission)

    def scope(self, permission: Permission) -> Scope:
        """How far they have this permission; the guard has seen that they have it.

        Raises PermissionError where they do not.
        """
        scope = scope_of(self.membership.post, permission) if self.membership else None
        if scope is None:
            raise PermissionError(permission)
        return scope


def current_visitor() -> Visitor:
    """Who comes, on a page that asks for a sign-in."""
    return cast(Visitor, current_user._get_current_object())


def visitor_if_any() -> Visitor | None:
    """Who comes; None for who did not sign in, and on every public page."""
    return cast(Visitor, current_user) if is_private() and current_user.is_authenticated else None


def _recognise(_request: Request) -> Visitor | None:
    token = cookies.sign_in_token()
    sign_in = sign_ins.find(current_session(), token, clock.now())
    return Visitor(sign_in, form_token(token)) if sign_in else None


class _NothingKept(SessionInterface):
    """In place of Flask's session in a cookie, which is not used."""

    def open_session(self, _app: Flask, _request: Request) -> SessionMixin:
        return _EmptySession()

    def save_session(self, _app: Flask, _session: SessionMixin, _response: Response) -> None:
        """There is nothing to save."""


class _EmptySession(dict[str, object], SessionMixin):
    """Holds nothing, and says so to whoever would keep something in it."""

    def __setitem__(self, key: str, value: object) -> None:
        raise RuntimeError("nothing is kept in a cookie: see portal/accounts/access.py")


# --- the guard ---------------------------------------------------------------------------------------------


def init_app(app: Flask) -> None:
    """Guard every address of `app`. To be called when all of them are registered.

    Raises portal.core.access.Undeclared where one does not say what it asks.
    """
    access.check(app)
    app.session_interface = _NothingKept()
    # Flask-Login's own cookie is never looked at: no cookie can have a semicolon in its name.
    app.config["REMEMBER_COOKIE_NAME"] = "; none"
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_recognise)
    manager.init_app(app, add_context_processor=False)  # it would look who comes on public pages too
    app.register_error_handler(TooManyAttempts, _too_often)
    app.before_request(_guard)
    app.after_request(cookies.send)


ENVELOPE = 100_000
"""Bytes around files that are sent: the names of fields and what parts them."""


def make_room() -> ResponseReturnValue | None:
    """Let who may send files send them; nothing of what anybody else sends to such an address is read.

    To be asked before anything looks at a form.
    """
    most, sent = access.largest_files(current_app, request.endpoint or ""), request.content_length or 0
    if most is None or request.method in same_site.SAFE or sent <= (current_app.config["MAX_CONTENT_LENGTH"] or 0):
        return None
    keep_private()
    visitor = visitor_if_any()
    if visitor is None or not visitor.is_complete:
        return _to_sign_in(has_form=False)
    _refuse_without_permission(visitor, access.requirement_of(current_app, request.endpoint or ""))
    if sent > most + ENVELOPE:
        _let_pass(sent)
        raise Declined(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            N_("This file is too big"),
            N_(
                "You sent %(sent)s MB; here it can be %(most)s MB. Nothing was kept. Remove pictures and empty rows "
                "from the workbook, or send it in parts: each table by itself. Whoever runs the portal can bring in "
                "bigger files with the command portal import."
            ),
            (
                Link(gettext("Send another file"), request.path),
                Link(gettext("Back to your desk"), own_desk(visitor.membership)),
            ),
            {"sent": -(-sent // 1_000_000), "most": most // 1_000_000},
        )
    request.max_content_length = most + ENVELOPE
    return None


MOST_LET_PASS = 400_000_000


def _let_pass(sent: int) -> None:
    """Read what is too big to its end and forget it: a browser that cannot finish sending shows no answer."""
    stream, left = request.environ["wsgi.input"], min(sent, MOST_LET_PASS)
    while left > 0 and (piece := stream.read(min(left, 1_000_000))):
        left -= len(piece)


def _guard() -> ResponseReturnValue | None:
    """Let pass who may; else say kindly why not, or where to sign in."""
    if request.url_rule is None or request.routing_exception is not None:
        return None
    endpoint = request.endpoint or ""
    requirement = access.requirement_of(current_app, endpoint)
    if requirement is not Door.PUBLIC:
        keep_private()
    changes = request.method not in same_site.SAFE
    if changes:
        _refuse_other_sites()
        _refuse_doubles(access.may_repeat(current_app, endpoint))
    if requirement in (Door.PUBLIC, Door.ENTRANCE):
        return None
    visitor = visitor_if_any()
    if visitor is None or visitor.is_complete is (requirement is Door.HALFWAY):
        return _to_sign_in(changes and requirement is not Door.HALFWAY)
    if changes and request.form.get(FORM_TOKEN) != visitor.form_token:
        _note(SecurityKind.CSRF_REFUSED, visitor)
        return _send_again(is_signed_in=True)
    _refuse_without_permission(visitor, requirement)
    if sign_ins.is_due(visitor.sign_in, clock.now()):
        with current_transaction() as session:
            sign_ins.note_seen(session, visitor.sign_in.id, clock.now())
    return None


def _refuse_other_sites() -> None:
    if not same_site.is_from_here(request, current_settings().base_url):
        _note(SecurityKind.CSRF_REFUSED, None)
        raise Declined(
            HTTPStatus.FORBIDDEN,
            N_("This form did not come from our site"),
            N_("For your safety we only take what is sent from our own pages. Open the page here and send it again."),
        )


def _refuse_doubles(may_repeat: frozenset[str]) -> None:
    """A field that comes twice would be read differently by different parts (OWASP ASVS 5.0, 15.3.7)."""
    if any(len(values) > 1 and name not in may_repeat for name, values in request.form.lists()):
        raise BadRequest


def _refuse_without_permission(visitor: Visitor, requirement: Requirement) -> None:
    if isinstance(requirement, Door) or visitor.may(Permission(requirement)):
        return
    _note(SecurityKind.ACCESS_REFUSED, visitor)
    if visitor.membership is None:
        raise no_role_left()
    audience = Audience.of(visitor.membership.role)
    raise Declined(
        HTTPStatus.FORBIDDEN,
        N_("This page is for others"),
        N_("You are signed in, but this page belongs to another role than yours. Below is your own desk."),
        (Link(gettext(DESKS[audience]), link(DESK_ENDPOINTS[audience])),),
    )


def no_role_left() -> Declined:
    """What somebody hears who signed in and has no role any more."""
    return Declined(
        HTTPStatus.FORBIDDEN,
        *NO_ROLE,
        (Link(gettext("To your own account"), link("own_account.account")),),
    )


def _to_sign_in(has_form: bool) -> ResponseReturnValue:
    """To the sign-in page and back; what was typed into a form stays on the page."""
    if has_form:
        return _send_again(is_signed_in=False)
    is_over = visitor_if_any() is None and bool(cookies.sign_in_token())
    return redirect(url_for("signing_in.sign_in", verder=_here() or None, gedaan="voorbij" if is_over else None))


def _send_again(is_signed_in: bool) -> ResponseReturnValue:
    """A page that holds what was sent, to be sent once more after signing in."""
    visitor = visitor_if_any()
    fields = [(name, value) for name, value in request.form.items(multi=True) if not _SECRET_FIELDS.search(name)]
    page = render_template(
        "accounts/send_again.html",
        action=request.full_path.rstrip("?"),
        fields=[*fields, (FORM_TOKEN, visitor.form_token if visitor else "")],
        is_signed_in=is_signed_in,
        sign_in_href=link("signing_in.sign_in"),
    )
    return page, HTTPStatus.FORBIDDEN


def _too_often(refused: TooManyAttempts) -> ResponseReturnValue:
    """Say how long to wait; what was tried is written nowhere."""
    _note(SecurityKind.THROTTLED, None)
    minutes = refused.retry_after_minutes
    wait = ngettext("Wait %(num)s minute, then try again.", "Wait %(num)s minutes, then try again.", minutes)
    declined = Declined(
        HTTPStatus.TOO_MANY_REQUESTS,
        N_("A moment, please"),
        N_(
            "This was tried very often in a short time, by you or by somebody else. %(wait)s Your account is not "
            "blocked, and nothing is lost."
        ),
        values={"wait": wait},
    )
    response = declined_page(declined)
    response.headers["Retry-After"] = str(refused.retry_after_seconds)
    return response


def _note(kind: SecurityKind, visitor: Visitor | None) -> None:
    """Write something into the security log, in a transaction of its own: nothing else of the request is kept."""
    membership = visitor.membership if visitor else None
    with current_transaction() as session:
        note(
            session, kind, clock.now(), person_id=visitor.person.id if visitor else None,
            region_id=membership.region_id if membership else None,
            detail=request.url_rule.rule if request.url_rule else "",
        )  # fmt: skip


# --- where to go after signing in --------------------------------------------------------------------------

_SAFE_PATH = re.compile(r"/werkplek(?:/[A-Za-z0-9_-]+)*(?:\?[A-Za-z0-9=&_.~%+-]*)?")
LONGEST_PATH = 500


def safe_path(text: str | None) -> str | None:
    """`text` where it is a page of a desk, and so the way to go on after signing in; else None.

    Not a list of what is wrong (`//`, `\\`, control characters) but a pattern of what is right, from end to end.
    """
    return text if text and len(text) <= LONGEST_PATH and _SAFE_PATH.fullmatch(text) else None


def _here() -> str | None:
    return safe_path(request.full_path.rstrip("?")) if request.method in ("GET", "HEAD") else None


def own_desk(membership: Membership | None) -> str:
    """The address of the desk at which somebody works; of the own account where there is none."""
    if membership is None:
        return link("own_account.account")
    return link(DESK_ENDPOINTS[Audience.of(membership.role)])
