"""Signing in and out, accepting an invitation, choosing another password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from portal.accounts import mails
from portal.accounts.access import (
    FORM_TOKEN,
    Visitor,
    current_visitor,
    own_desk,
    visitor_if_any,
)  # fmt: skip
from portal.accounts.models import MailCode, Person, SignIn
from portal.accounts.own.operations import rename
from portal.accounts.queries import person_by_email
from portal.accounts.signing_in import cookies, limits, operations, sign_ins
from portal.accounts.signing_in.codes import STEP_SECONDS, current_step, totp_secrets
from portal.accounts.signing_in.forms import (
    AcceptForm,
    ForgottenForm,
    MailCodeForm,
    NewPasswordWithCodeForm,
    OneTimeCodeForm,
    PasswordOnlyForm,
    RecoveryForm,
    SignInForm,
)  # fmt: skip
from portal.accounts.signing_in.limits import Attempt
from portal.accounts.signing_in.operations import CodeCheck
from portal.accounts.signing_in.presenters import (
    EntrancePage,
    code_words,
    done_notice,
    moment_words,
    recovery_page,
    second_factor_page,
)  # fmt: skip
from portal.accounts.signing_in.web import (
    asked_page,
    current_organisations,
    current_passwords,
    device,
    example_code,
    let_in,
    mail_site,
    personal_words,
    site_name,
    taking,
)  # fmt: skip
from portal.accounts.types import CodePurpose, Step
from portal.accounts.wording import post_words
from portal.catalogue.codelists import current_code_lists
from portal.core import clock
from portal.core.access import Door, asks, needs
from portal.core.database import current_session, current_transaction, keys_of
from portal.core.errors import Declined, declined_page
from portal.core.languages import chosen, gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link
from portal.core.security_log.operations import note
from portal.core.security_log.types import SecurityKind
from portal.core.settings import current_settings

blueprint = asks(Door.ENTRANCE, Blueprint("signing_in", __name__))

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY
ASKING_TAKES = 0.2
"""Seconds that asking for a new password takes, more than it needs: as long for who has no account."""


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_long(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Nobody typed this: a field of a form was endless."""
    return declined_page(
        Declined(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            N_("That was too long"),
            N_("What was sent is far longer than a mail address or a password can be. Go back and type it again."),
        )
    )


# --- mail address and password -------------------------------------------------------------------------------


@blueprint.get("/inloggen")
def sign_in() -> ResponseReturnValue:
    """Where professionals begin."""
    visitor = visitor_if_any()
    if visitor is not None and visitor.is_complete:
        return redirect(_onward(visitor.sign_in))
    return _sign_in_page(SignInForm())


@blueprint.post("/inloggen")
def check_password() -> ResponseReturnValue:
    """The first step: the password."""
    form = SignInForm(request.form)
    if not form.validate():
        return _sign_in_page(form), INVALID
    email, password = form.email.data or "", form.password.data or ""
    counted = limits.attempt(Attempt.SIGN_IN, email)
    passwords = current_passwords()
    checked = operations.check_password(current_session(), passwords, email, password)
    now = clock.now()
    if not checked.is_right:
        with current_transaction() as session:
            note(session, SecurityKind.SIGN_IN_FAILED, now, person_id=checked.person_id)
        wrong = gettext("Mail address and password do not belong together. Look at both, and try again.")
        return _sign_in_page(form, {"password": wrong}), INVALID
    limits.succeeded(counted)
    renewed = passwords.hash(password) if passwords.wants_renewal(checked.stored) else None
    with current_transaction() as session:
        present = session.get(Person, checked.person_id)
        if present is None or present.password_hash != checked.stored:
            return redirect(url_for("signing_in.sign_in"))  # it was changed while we looked
        present.password_hash = renewed or present.password_hash
        if not present.has_second_factor:
            return redirect(url_for("signing_in.mail_code", gedaan="telefoon"))
        _, token = sign_ins.begin(session, present, Step.CODE, now, device=device())
        cookies.set_sign_in(token)
    return redirect(url_for("signing_in.one_time_code", verder=asked_page()))


def _sign_in_page(form: SignInForm, errors: dict[str, str] | None = None) -> str:
    page = EntrancePage(
        hidden=_hidden(),
        values={"email": form.email.data or ""},
        errors=errors or form.problems,
        notice=done_notice(request.args.get("gedaan")),
        elsewhere=[
            Link(one.name, link("elsewhere.go", name=one.slug, verder=asked_page()))
            for one in current_organisations().values()
        ],
        hint=link("demo.sign_ins") if current_settings().demonstration else "",
    )
    return render_template("accounts/sign_in.html", page=page)


# --- the second step -----------------------------------------------------------------------------------------


@blueprint.get("/inloggen/code")
@needs(Door.HALFWAY)
def one_time_code() -> ResponseReturnValue:
    """The code of the phone is asked."""
    return _at(Step.CODE) or _code_page(OneTimeCodeForm())


@blueprint.post("/inloggen/code")
@needs(Door.HALFWAY)
def check_one_time_code() -> ResponseReturnValue:
    """The second step: the code of the phone."""
    other_page = _at(Step.CODE)
    if other_page is not None:
        return other_page
    form = OneTimeCodeForm(request.form)
    if not form.validate():
        return _code_page(form), INVALID
    visitor, now = current_visitor(), clock.now()
    counted = limits.attempt(Attempt.SECOND_STEP, visitor.person.email)
    with current_transaction() as session:
        halfway = _present(session, visitor)
        result = operations.check_code(session, halfway.person, form.code.data or "", now)
        if result.check is CodeCheck.RIGHT:
            let_in(session, halfway)
        else:
            note(session, SecurityKind.CODE_WRONG, now, person_id=halfway.person_id)
    if result.check is not CodeCheck.RIGHT:
        return _code_page(form, {"code": code_words(result, now)}), INVALID
    limits.succeeded(counted)
    return redirect(_onward(halfway))


def _code_page(form: OneTimeCodeForm, errors: dict[str, str] | None = None) -> str:
    page = EntrancePage(hidden=_hidden(), errors=errors or form.problems, hint=_example(current_visitor().person))
    return render_template("accounts/one_time_code.html", page=page, recovery_href=_with_verder("signing_in.recovery"))


@blueprint.get("/inloggen/herstelcode")
@needs(Door.HALFWAY)
def recovery() -> ResponseReturnValue:
    """A code of the paper is asked, in place of the phone."""
    return _at(Step.CODE) or _recovery_page(RecoveryForm())


@blueprint.post("/inloggen/herstelcode")
@needs(Door.HALFWAY)
def check_recovery() -> ResponseReturnValue:
    """The second step by a code of the paper."""
    other_page = _at(Step.CODE)
    if other_page is not None:
        return other_page
    form = RecoveryForm(request.form)
    if not form.validate():
        return _recovery_page(form), INVALID
    visitor, now = current_visitor(), clock.now()
    counted = limits.attempt(Attempt.SECOND_STEP, visitor.person.email)
    with current_transaction() as session:
        halfway = _present(session, visitor)
        is_right = operations.use_recovery_code(session, halfway.person, form.code.data or "")
        if is_right:
            note(session, SecurityKind.RECOVERY_CODE_USED, now, person_id=halfway.person_id)
            let_in(session, halfway)
        else:
            note(session, SecurityKind.CODE_WRONG, now, person_id=halfway.person_id)
    if not is_right:
        wrong = gettext(
            "This code is not on your paper, or it was used already. Each code works once: take another one."
        )
        return _recovery_page(form, {"code": wrong}), INVALID
    limits.succeeded(counted)
    return redirect(url_for("own_account.account", gedaan="herstelcode"))


def _recovery_page(form: RecoveryForm, errors: dict[str, str] | None = None) -> str:
    page = EntrancePage(hidden=_hidden(), values={"code": form.code.data or ""}, errors=errors or form.problems)
    return render_template("accounts/recovery.html", page=page, code_href=_with_verder("signing_in.one_time_code"))


@blueprint.post("/uitloggen")
def sign_out() -> ResponseReturnValue:
    """End this sign-in."""
    visitor = visitor_if_any()
    if visitor is not None:
        with current_transaction() as session:
            sign_ins.end_one(session, visitor.person.id, visitor.sign_in.public_id)
            note(session, SecurityKind.SIGNED_OUT, clock.now(), person_id=visitor.person.id)
    cookies.set_sign_in("")
    return redirect(url_for("signing_in.sign_in", gedaan="uit"))


# --- the code of a mail --------------------------------------------------------------------------------------


@blueprint.get("/uitnodiging")
def mail_code() -> ResponseReturnValue:
    """The code of an invitation is asked. It stands behind the `#` of the link, and never reaches us unasked."""
    return _mail_code_page(MailCodeForm())


@blueprint.post("/uitnodiging")
def open_invitation() -> ResponseReturnValue:
    """Begin with the code of an invitation, or of a second factor that has to be set up again."""
    form = MailCodeForm(request.form)
    if not form.validate():
        return _mail_code_page(form), INVALID
    counted = limits.attempt(Attempt.MAIL_CODE)
    found = operations.find_mail_code(current_session(), form.code.data or "")
    wrong = _objection(found)
    if found is None or wrong:
        return _mail_code_page(form, {"code": wrong}), INVALID
    limits.succeeded(counted)
    with current_transaction() as session:
        present = session.get(MailCode, found.id)
        if present is None:  # used in another tab, just now
            return _mail_code_page(form, {"code": _objection(None)}), INVALID
        return redirect(_opened(session, present))


def _opened(session: Session, found: MailCode) -> str:
    """Begin what a code is good for; the address of the page that comes next."""
    now, person = clock.now(), found.person
    if found.purpose is CodePurpose.INVITATION and person.is_established:
        operations.take_mail_code(session, found)
        if found.membership is not None:
            operations.accept_invitation(session, found.membership, now)
        return url_for("signing_in.sign_in", gedaan="uitgenodigd")
    step = Step.RENEWING if found.purpose is CodePurpose.SECOND_FACTOR else Step.ACCEPTING
    _, token = sign_ins.begin(session, person, step, now, device=device(), mail_code=found)
    cookies.set_sign_in(token)
    return url_for("signing_in.renewing" if step is Step.RENEWING else "signing_in.accepting")


def _objection(found: MailCode | None) -> str:
    """What is wrong with a code of a mail; empty where nothing is."""
    if found is None:
        return gettext(
            "We do not know this code. Look at the newest mail: an older code stops working when a new one comes."
        )
    if found.expires_at <= clock.now():
        until = moment_words(found.expires_at)
        return gettext("This code worked until %(until)s. Ask whoever invited you to send a new one.", until=until)
    if found.purpose is CodePurpose.PASSWORD:
        return gettext("This code is for choosing a new password. Use the link of that mail.")
    return ""


def _mail_code_page(form: MailCodeForm, errors: dict[str, str] | None = None) -> str:
    page = EntrancePage(
        values={"code": form.code.data or ""},
        errors=errors or form.problems,
        notice=done_notice(request.args.get("gedaan")),
    )
    return render_template("accounts/mail_code.html", page=page)


@blueprint.get("/uitnodiging/account")
@needs(Door.HALFWAY)
def accepting() -> ResponseReturnValue:
    """A name and a password are asked."""
    return _at(Step.ACCEPTING) or _accept_page(AcceptForm())


@blueprint.post("/uitnodiging/account")
@needs(Door.HALFWAY)
def accept() -> ResponseReturnValue:
    """Keep name and password; the phone comes next."""
    other_page = _at(Step.ACCEPTING)
    if other_page is not None:
        return other_page
    visitor = current_visitor()
    form = AcceptForm(request.form)
    form.personal = personal_words(visitor.person)
    if not form.validate():
        return _accept_page(form), INVALID
    hashed = current_passwords().hash(form.password.data or "")
    with current_transaction() as session:
        halfway = _present(session, visitor)
        person = halfway.person
        rename(session, person, form.name.data or "", clock.now())
        person.language, person.password_hash = chosen(), hashed
        operations.begin_second_factor(halfway)
        cookies.set_sign_in(sign_ins.advance(session, halfway, Step.ENROLLING))
    return redirect(url_for("signing_in.enrolling"))


def _accept_page(form: AcceptForm) -> str:
    sign_in = current_visitor().sign_in
    code = current_session().get(MailCode, sign_in.mail_code_id) if sign_in.mail_code_id else None
    invited_to = post_words(code.membership, current_code_lists()) if code and code.membership else ""
    page = EntrancePage(
        hidden=_hidden(),
        values={"name": form.name.data or sign_in.person.name, "email": sign_in.person.email},
        errors=form.problems,
        about=invited_to,
    )
    return render_template("accounts/accept.html", page=page)


@blueprint.get("/uitnodiging/wachtwoord")
@needs(Door.HALFWAY)
def renewing() -> ResponseReturnValue:
    """The password is asked before another phone is set up."""
    return _at(Step.RENEWING) or _renewing_page(PasswordOnlyForm())


@blueprint.post("/uitnodiging/wachtwoord")
@needs(Door.HALFWAY)
def renew() -> ResponseReturnValue:
    """With mailbox and password proved, the phone comes next."""
    other_page = _at(Step.RENEWING)
    if other_page is not None:
        return other_page
    visitor, form = current_visitor(), PasswordOnlyForm(request.form)
    if not form.validate():
        return _renewing_page(form), INVALID
    counted = limits.attempt(Attempt.SIGN_IN, visitor.person.email)
    if not current_passwords().matches(visitor.person.password_hash, form.password.data or ""):
        return _renewing_page(form, {"password": gettext("This is not your password. Try again.")}), INVALID
    limits.succeeded(counted)
    with current_transaction() as session:
        halfway = _present(session, visitor)
        operations.begin_second_factor(halfway)
        cookies.set_sign_in(sign_ins.advance(session, halfway, Step.ENROLLING))
    return redirect(url_for("signing_in.enrolling"))


def _renewing_page(form: PasswordOnlyForm, errors: dict[str, str] | None = None) -> str:
    page = EntrancePage(hidden=_hidden(), errors=errors or form.problems)
    return render_template("accounts/renew.html", page=page)


@blueprint.get("/uitnodiging/telefoon")
@needs(Door.HALFWAY)
def enrolling() -> ResponseReturnValue:
    """The second factor is set up: a QR code for the phone."""
    return _at(Step.ENROLLING) or _enrol_page()


@blueprint.post("/uitnodiging/telefoon")
@needs(Door.HALFWAY)
def enrol() -> ResponseReturnValue:
    """The first code of the phone proves that it is set up; then the codes for the paper are shown, this once."""
    other_page = _at(Step.ENROLLING)
    if other_page is not None:
        return other_page
    visitor, now = current_visitor(), clock.now()
    form = OneTimeCodeForm(request.form)
    if not form.validate():
        return _enrol_page(form.first_error("code")), INVALID
    counted = limits.attempt(Attempt.SECOND_STEP, visitor.person.email)
    with current_transaction() as session:
        halfway = _present(session, visitor)
        result, codes = operations.confirm_second_factor(session, halfway, form.code.data or "", now)
        if result.check is CodeCheck.RIGHT:
            used = session.get(MailCode, halfway.mail_code_id) if halfway.mail_code_id else None
            if used is not None:
                invited, halfway.mail_code = used.membership, None
                session.flush()
                operations.take_mail_code(session, used)
                if invited is not None:
                    operations.accept_invitation(session, invited, now)
            let_in(session, halfway)
    if result.check is not CodeCheck.RIGHT:
        return _enrol_page(code_words(result, now)), INVALID
    limits.succeeded(counted)
    page = recovery_page(codes, now, Link(gettext("I kept them, to my desk"), own_desk(halfway.membership)))
    return render_template("accounts/recovery_codes.html", page=page)


def _enrol_page(error: str = "") -> str:
    visitor = current_visitor()
    salt = visitor.sign_in.new_salt or ""
    secret = totp_secrets(keys_of(current_session()), salt)[0]
    page = second_factor_page(_hidden(), secret, visitor.person.email, site_name(), error, example_code(salt))
    return render_template("accounts/enrol.html", page=page)


# --- a forgotten password ------------------------------------------------------------------------------------


@blueprint.get("/wachtwoord-vergeten")
def forgotten() -> str:
    """To which mail address the code should go."""
    return _forgotten_page(ForgottenForm())


@blueprint.post("/wachtwoord-vergeten")
def send_code() -> ResponseReturnValue:
    """Send a code, if there is an account; the answer is the same if there is none, and takes as long."""
    form = ForgottenForm(request.form)
    if not form.validate():
        return _forgotten_page(form), INVALID
    email, now = form.email.data or "", clock.now()
    limits.attempt(Attempt.RESET, email)
    with taking(ASKING_TAKES), current_transaction() as session:
        person = person_by_email(session, email)
        if person is not None:
            _mail_password_code(session, person, now)
        else:
            note(session, SecurityKind.RESET_ASKED, now)
    return render_template("accounts/code_sent.html", email=email, is_demonstration=_reads_mail_here())


def _mail_password_code(session: Session, person: Person, now: datetime) -> None:
    """A code to choose another password, or where somebody signs in without one, word of that."""
    note(session, SecurityKind.RESET_ASKED, now, person_id=person.id)
    if person.password_hash is None and person.is_established:
        mails.signs_in_elsewhere(session, mail_site(), person.email, person.language, now)
        return
    code = operations.ask_new_password(session, person, now)
    until = now + operations.PASSWORD_CODE_VALID
    mails.new_password(session, mail_site(), person.email, person.language, code, until, now)


def _forgotten_page(form: ForgottenForm) -> str:
    page = EntrancePage(values={"email": form.email.data or ""}, errors=form.problems)
    return render_template("accounts/forgotten.html", page=page)


@blueprint.get("/nieuw-wachtwoord")
def new_password() -> str:
    """The code of the mail and another password."""
    return _new_password_page(NewPasswordWithCodeForm())


@blueprint.post("/nieuw-wachtwoord")
def set_new_password() -> ResponseReturnValue:
    """Keep another password. It signs nobody in: the phone is asked as always."""
    form = NewPasswordWithCodeForm(request.form)
    if not form.code.data:
        form.validate()
        return _new_password_page(form), INVALID
    counted = limits.attempt(Attempt.MAIL_CODE)
    found = operations.find_mail_code(current_session(), form.code.data)
    wrong = _password_objection(found)
    if found is None or wrong:
        return _new_password_page(form, {"code": wrong}), INVALID
    limits.succeeded(counted)  # the code was right: who looks for a password that is strong enough is no guesser
    form.personal = personal_words(found.person)
    if not form.validate():
        return _new_password_page(form), INVALID
    hashed, now = current_passwords().hash(form.password.data or ""), clock.now()
    with current_transaction() as session:
        if not operations.take_mail_code(session, found):
            return _new_password_page(form, {"code": _password_objection(None)}), INVALID
        person = session.get_one(Person, found.person_id)
        operations.set_password(session, person, hashed)
        note(session, SecurityKind.RESET_DONE, now, person_id=person.id)
        mails.password_changed(session, mail_site(), person.email, person.language, now)
    cookies.remember_device(person.email)  # with the mailbox proved, nobody keeps this browser out by guessing
    return redirect(url_for("signing_in.sign_in", gedaan="wachtwoord"))


def _password_objection(found: MailCode | None) -> str:
    if found is None or found.purpose is not CodePurpose.PASSWORD:
        return gettext(
            "We do not know this code, or it was used already. Look at the newest mail, or ask for a new code."
        )
    if found.expires_at <= clock.now():
        until = moment_words(found.expires_at)
        return gettext("This code worked until %(until)s. Ask for a new one; that takes a minute.", until=until)
    return ""


def _new_password_page(form: NewPasswordWithCodeForm, errors: dict[str, str] | None = None) -> str:
    page = EntrancePage(values={"code": form.code.data or ""}, errors=errors or form.problems)
    return render_template("accounts/new_password.html", page=page)


# --- what they share -----------------------------------------------------------------------------------------


def _at(step: Step) -> ResponseReturnValue | None:
    """Nothing where the sign-in is at this step; else the page of the step at which it is."""
    present = current_visitor().sign_in.step
    pages = {
        Step.CODE: "signing_in.one_time_code",
        Step.ACCEPTING: "signing_in.accepting",
        Step.RENEWING: "signing_in.renewing",
        Step.ENROLLING: "signing_in.enrolling",
    }
    return None if present is step else redirect(url_for(pages[present]))


def _present(session: Session, visitor: Visitor) -> SignIn:
    """The sign-in, read again in the transaction that changes it."""
    return session.get_one(SignIn, visitor.sign_in.id)


def _onward(sign_in: SignIn) -> str:
    """Where somebody wanted to go, or their own desk."""
    return asked_page() or own_desk(sign_in.membership)


def _with_verder(endpoint: str) -> str:
    return link(endpoint, verder=asked_page())


def _hidden() -> Sequence[tuple[str, str]]:
    """What every form of the way in carries along."""
    visitor = visitor_if_any()
    pairs = (("verder", asked_page() or ""), (FORM_TOKEN, visitor.form_token if visitor else ""))
    return [(name, value) for name, value in pairs if value]


def _reads_mail_here() -> bool:
    return current_settings().mail_folder is not None


def _example(person: Person) -> str:
    """The code to type now; the next one where that of this moment was used."""
    is_used = person.totp_last_step >= current_step(clock.now())
    return example_code(person.totp_salt or "", STEP_SECONDS if is_used else 0)
