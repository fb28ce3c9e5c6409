"""The own account: name, password, phone, codes on paper, where one is signed in, and leaving."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import mails
from portal.accounts.access import current_visitor, own_desk
from portal.accounts.models import Person, SignIn
from portal.accounts.own import operations as own_operations
from portal.accounts.own.forms import ChangePasswordForm, EndForm, NameForm, RoleForm
from portal.accounts.own.presenters import account_page, done
from portal.accounts.people.operations import Acting, Objection, Refused, leave
from portal.accounts.people.presenters import objection_words
from portal.accounts.permissions import Permission
from portal.accounts.queries import memberships_of
from portal.accounts.signing_in import cookies, limits, operations, sign_ins
from portal.accounts.signing_in.codes import totp_secrets
from portal.accounts.signing_in.forms import OneTimeCodeForm, PasswordOnlyForm
from portal.accounts.signing_in.limits import Attempt
from portal.accounts.signing_in.operations import CodeCheck
from portal.accounts.signing_in.presenters import EntrancePage, code_words, recovery_page, second_factor_page
from portal.accounts.signing_in.web import (
    current_passwords,
    example_code,
    mail_site,
    personal_words,
    site_name,
    usable_memberships,
)
from portal.accounts.types import Step
from portal.catalogue.codelists import current_code_lists
from portal.core import clock
from portal.core.access import asks
from portal.core.database import current_session, current_transaction, keys_of
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Link
from portal.core.security_log.operations import note
from portal.core.security_log.queries import of_person
from portal.core.security_log.types import SecurityKind

blueprint = asks(Permission.OWN_ACCOUNT, Blueprint("own_account", __name__))

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/werkplek")
def desk() -> ResponseReturnValue:
    """To the own desk."""
    return redirect(own_desk(current_visitor().membership))


@blueprint.post("/werkplek/wissel")
def switch() -> ResponseReturnValue:
    """Work as something else that one is; the sign-in goes on under a new token."""
    visitor, form = current_visitor(), RoleForm(request.form)
    with current_transaction() as session:
        held = usable_memberships(session, visitor.sign_in)
        chosen = next((one for one in held if one.public_id == form.role.data), None)
        if chosen is None:
            return redirect(url_for("own_account.account"))
        present = session.get_one(SignIn, visitor.sign_in.id)
        cookies.set_sign_in(sign_ins.advance(session, present, Step.COMPLETE, chosen))
    return redirect(own_desk(chosen))


@blueprint.get("/werkplek/account")
def account() -> str:
    """Everything about the own account."""
    return _page()


@blueprint.post("/werkplek/account/naam")
def rename() -> ResponseReturnValue:
    """Another name; it is seen by colleagues."""
    form = NameForm(request.form)
    if not form.validate():
        return _page(form.problems), INVALID
    with current_transaction() as session:
        person = session.get_one(Person, current_visitor().person.id)
        own_operations.rename(session, person, form.name.data or "", clock.now())
    return redirect(url_for("own_account.account", gedaan="naam"))


# --- password ------------------------------------------------------------------------------------------------


@blueprint.get("/werkplek/account/wachtwoord")
def password() -> str:
    """The password of now and another are asked."""
    return _password_page(ChangePasswordForm())


@blueprint.post("/werkplek/account/wachtwoord")
def change_password() -> ResponseReturnValue:
    """Keep another password; every other sign-in ends, and this one goes on under a new token."""
    visitor, form = current_visitor(), ChangePasswordForm(request.form)
    form.personal = personal_words(visitor.person)
    if not form.validate():
        return _password_page(form), INVALID
    if not _is_own_password(form.current_password.data or ""):
        return _password_page(form, {"current_password": gettext("This is not your password. Try again.")}), INVALID
    hashed, now = current_passwords().hash(form.password.data or ""), clock.now()
    with current_transaction() as session:
        present = session.get_one(SignIn, visitor.sign_in.id)
        operations.set_password(session, present.person, hashed, present)
        note(session, SecurityKind.RESET_DONE, now, person_id=present.person_id)
        mails.password_changed(session, mail_site(), present.person.email, present.person.language, now)
        cookies.set_sign_in(sign_ins.advance(session, present, Step.COMPLETE, present.membership))
    return redirect(url_for("own_account.account", gedaan="wachtwoord"))


def _password_page(form: ChangePasswordForm, errors: dict[str, str] | None = None) -> str:
    page = EntrancePage(values={"email": current_visitor().person.email}, errors=errors or form.problems)
    return render_template("accounts/change_password.html", page=page)


def _is_own_password(typed: str) -> bool:
    """Whether somebody knows the password of the account in which they are; counted like signing in."""
    person = current_visitor().person
    counted = limits.attempt(Attempt.SIGN_IN, person.email)
    if not current_passwords().matches(person.password_hash, typed):
        return False
    limits.succeeded(counted)
    return True


# --- phone and paper -----------------------------------------------------------------------------------------


@blueprint.get("/werkplek/account/telefoon")
def phone() -> str:
    """Another phone: first the password, then the QR code. The old phone works until the new one does."""
    return _phone_page() if current_visitor().sign_in.new_salt else _phone_password_page()


@blueprint.post("/werkplek/account/telefoon")
def begin_phone() -> ResponseReturnValue:
    """With the password proved, another phone may be set up."""
    visitor, form = current_visitor(), PasswordOnlyForm(request.form)
    if not form.validate():
        return _phone_password_page(form.problems), INVALID
    if not _is_own_password(form.password.data or ""):
        return _phone_password_page({"password": gettext("This is not your password. Try again.")}), INVALID
    with current_transaction() as session:
        operations.begin_second_factor(session.get_one(SignIn, visitor.sign_in.id))
    return redirect(url_for("own_account.phone"))


@blueprint.post("/werkplek/account/telefoon/code")
def confirm_phone() -> ResponseReturnValue:
    """The first code of the new phone; new codes for the paper are shown, this once."""
    visitor, form, now = current_visitor(), OneTimeCodeForm(request.form), clock.now()
    if visitor.sign_in.new_salt is None:
        return redirect(url_for("own_account.phone"))
    if not form.validate():
        return _phone_page(form.first_error("code")), INVALID
    counted = limits.attempt(Attempt.SECOND_STEP, visitor.person.email)
    with current_transaction() as session:
        present = session.get_one(SignIn, visitor.sign_in.id)
        result, codes = operations.confirm_second_factor(session, present, form.code.data or "", now)
        if result.check is CodeCheck.RIGHT:
            mails.phone_changed(session, mail_site(), present.person.email, present.person.language, now)
            cookies.set_sign_in(sign_ins.advance(session, present, Step.COMPLETE, present.membership))
    if result.check is not CodeCheck.RIGHT:
        return _phone_page(code_words(result, now)), INVALID
    limits.succeeded(counted)
    onward = Link(gettext("I kept them, to my account"), link("own_account.account"))
    return render_template("accounts/recovery_codes.html", page=recovery_page(codes, now, onward))


def _phone_password_page(errors: Mapping[str, str] | None = None) -> str:
    return render_template("accounts/phone_password.html", page=EntrancePage(errors=errors or {}))


def _phone_page(error: str = "") -> str:
    visitor = current_visitor()
    salt = visitor.sign_in.new_salt or ""
    secret = totp_secrets(keys_of(current_session()), salt)[0]
    page = second_factor_page((), secret, visitor.person.email, site_name(), error, example_code(salt))
    return render_template("accounts/phone.html", page=page)


@blueprint.get("/werkplek/account/herstelcodes")
def recovery_codes() -> str:
    """New codes for the paper are asked for with the phone."""
    return render_template("accounts/new_recovery_codes.html", page=EntrancePage())


@blueprint.post("/werkplek/account/herstelcodes")
def make_recovery_codes() -> ResponseReturnValue:
    """New codes for the paper, shown this once; those of before work no more."""
    visitor, form, now = current_visitor(), OneTimeCodeForm(request.form), clock.now()
    error = "" if form.validate() else form.first_error("code")
    codes = None
    if not error:
        counted = limits.attempt(Attempt.SECOND_STEP, visitor.person.email)
        with current_transaction() as session:
            person = session.get_one(Person, visitor.person.id)
            result = operations.check_code(session, person, form.code.data or "", now)
            if result.check is CodeCheck.RIGHT:
                codes = operations.new_recovery_codes(session, person)
                mails.new_recovery_codes(session, mail_site(), person.email, person.language, now)
            else:
                error = code_words(result, now)
                note(session, SecurityKind.CODE_WRONG, now, person_id=person.id)
    if codes is None:
        return render_template("accounts/new_recovery_codes.html", page=EntrancePage(errors={"code": error})), INVALID
    limits.succeeded(counted)
    onward = Link(gettext("I kept them, to my account"), link("own_account.account"))
    return render_template("accounts/recovery_codes.html", page=recovery_page(codes, now, onward))


# --- where one is signed in, and leaving -----------------------------------------------------------------------


@blueprint.post("/werkplek/account/aanmeldingen")
def end_sign_in() -> ResponseReturnValue:
    """End one of the own sign-ins, or all but this one."""
    visitor, form, now = current_visitor(), EndForm(request.form), clock.now()
    with current_transaction() as session:
        if form.sign_in.data == "andere":
            is_ended = bool(sign_ins.end_all(session, visitor.person.id, visitor.sign_in.id))
        else:
            is_ended = sign_ins.end_one(session, visitor.person.id, (form.sign_in.data or "")[:22])
        if is_ended:
            note(session, SecurityKind.SESSION_ENDED, now, person_id=visitor.person.id)
    return redirect(url_for("own_account.account", gedaan="beeindigd"))


@blueprint.post("/werkplek/account/vertrek")
def give_up() -> ResponseReturnValue:
    """Give up one of the own roles."""
    visitor, form, now = current_visitor(), RoleForm(request.form), clock.now()
    try:
        with current_transaction() as session:
            mine = usable_memberships(session, visitor.sign_in)
            held = next((one for one in mine if one.public_id == form.role.data), None)
            if held is None:
                raise Refused(Objection.NOT_YOURS_ANY_MORE)
            leave(session, Acting(visitor.actor), held.id, now)
    except Refused as refused:
        return _page({"role": objection_words(refused.objection)}), HTTPStatus.CONFLICT
    cookies.set_sign_in("")
    return redirect(url_for("signing_in.sign_in", gedaan="vertrokken"))


def _page(errors: Mapping[str, str] | None = None) -> str:
    visitor, session = current_visitor(), current_session()
    page = account_page(
        visitor.person,
        memberships_of(session, visitor.person.id),
        usable_memberships(session, visitor.sign_in),
        sign_ins.of_person(session, visitor.person.id, clock.now()),
        visitor.sign_in,
        operations.recovery_codes_left(session, visitor.person.id),
        of_person(session, visitor.person.id),
        current_code_lists(),
        done(request.args.get("gedaan")),
        errors,
    )
    return render_template("accounts/account.html", page=page)
