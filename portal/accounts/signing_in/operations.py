"""The steps of proving who one is. The caller commits, and counts attempts before it asks (`limits.py`)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session, joinedload

from portal.accounts.actors import person_actor
from portal.accounts.models import MailCode, Membership, Person, RecoveryCode, SignIn
from portal.accounts.queries import folded_email
from portal.accounts.signing_in import sign_ins
from portal.accounts.signing_in.codes import (
    DRIFT,
    RECOVERY_CODES,
    code_digests,
    current_step,
    new_code,
    read_code,
    recovery_digests,
    step_of,
    totp_secrets,
)  # fmt: skip
from portal.accounts.signing_in.passwords import Passwords
from portal.accounts.types import CodePurpose, MembershipStatus, Step
from portal.core.database import keys_of
from portal.core.keys import Keys
from portal.core.trail.operations import record
from portal.core.trail.types import Subject

PASSWORD_CODE_VALID = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """What became of a mail address and a password that somebody typed."""

    is_right: bool
    person_id: int | None
    """Whose address it is, also where the password was wrong; None where it is nobody's."""
    stored: str = ""
    """The hash that was looked at."""


def check_password(session: Session, passwords: Passwords, email: str, password: str) -> PasswordCheck:
    """Whether mail address and password belong together. Whether there is an account takes the same time to tell.

    Two columns rather than a person: making an object of somebody who exists can be measured. Reads only, so that no
    lock is held while the password is worked out.
    """
    found = session.execute(
        select(Person.id, Person.password_hash).where(Person.email == folded_email(email)[:254])
    ).one_or_none()
    person_id, stored = found or (None, None)
    return PasswordCheck(passwords.matches(stored, password), person_id, stored or "")


# --- the second factor -------------------------------------------------------------------------------------


class CodeCheck(StrEnum):
    """What became of a one-time code that somebody typed."""

    RIGHT = "right"
    WRONG = "wrong"
    USED = "used"
    """It was right, but it, or one after it, was used before."""
    CLOCK = "clock"
    """It is the code of a moment that is too long ago or yet to come: the phone's clock is wrong."""


@dataclass(frozen=True, slots=True)
class CodeResult:
    """What became of it, and by how many minutes the phone's clock is wrong (behind: negative)."""

    check: CodeCheck
    minutes: int = 0


def judged(keys: Keys, salt: str, typed: str, now: datetime) -> tuple[CodeResult, int | None]:
    """What a code is worth that somebody typed, whoever used it before; and of which half minute it is."""
    for secret in totp_secrets(keys, salt):
        step = step_of(secret, typed, now)
        if step is None:
            continue
        away = step - current_step(now)
        if abs(away) > DRIFT:
            return CodeResult(CodeCheck.CLOCK, round(away / 2) or (1 if away > 0 else -1)), step
        return CodeResult(CodeCheck.RIGHT), step
    return CodeResult(CodeCheck.WRONG), None


def check_code(session: Session, person: Person, typed: str, now: datetime) -> CodeResult:
    """Take a one-time code: each counts once, whoever comes with it at the same moment.

    A code of a moment yet to come is spoilt when it is named here, lest a guess tells when to come back with it.
    """
    result, step = judged(keys_of(session), person.totp_salt or "", typed, now)
    if step is not None and (result.check is CodeCheck.RIGHT or result.minutes > 0):
        is_unused = _take_step(session, person, step)
        if result.check is CodeCheck.RIGHT and not is_unused:
            return CodeResult(CodeCheck.USED)
    return result


def _take_step(session: Session, person: Person, step: int) -> bool:
    """Use up the codes to `step`; whether this one was unused."""
    taken = session.execute(
        update(Person)
        .where(Person.id == person.id, Person.totp_last_step < step)
        .values(totp_last_step=step)
        .returning(Person.id)
    )
    return taken.first() is not None


def use_recovery_code(session: Session, person: Person, typed: str) -> bool:
    """Take a code of the paper in place of the phone; each counts once."""
    code = read_code(typed)
    if code is None:
        return False
    used = session.execute(
        delete(RecoveryCode)
        .where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.digest.in_(recovery_digests(keys_of(session), person.id, code)),
        )
        .returning(RecoveryCode.digest)
    )
    return used.first() is not None


def recovery_codes_left(session: Session, person_id: int) -> int:
    """How many codes on paper somebody still has."""
    return session.scalar(select(func.count()).where(RecoveryCode.person_id == person_id)) or 0


def new_recovery_codes(session: Session, person: Person) -> Sequence[str]:
    """New codes for the paper, in place of all of before; they are shown once."""
    codes = [new_code() for _ in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    rows = [
        {"person_id": person.id, "digest": recovery_digests(keys_of(session), person.id, code)[0]} for code in codes
    ]
    session.execute(insert(RecoveryCode), rows)
    return codes


def begin_second_factor(sign_in: SignIn) -> None:
    """Make the secret of a new second factor; the old one stays until this one is confirmed."""
    sign_in.new_salt = secrets.token_hex(16)


def confirm_second_factor(
    session: Session, sign_in: SignIn, typed: str, now: datetime
) -> tuple[CodeResult, Sequence[str]]:
    """Take the first code of a new second factor: from now on it is asked at each sign-in.

    Returns what the code was worth and, where it was right, the new codes for the paper. Every other sign-in ends.
    """
    salt, person = sign_in.new_salt or "", sign_in.person
    result, step = judged(keys_of(session), salt, typed, now)
    if result.check is not CodeCheck.RIGHT or step is None:
        return result, ()
    person.totp_salt, person.totp_last_step = salt, step
    person.second_factor_since, person.is_established = now, True
    sign_in.new_salt = None
    sign_ins.end_all(session, person.id, sign_in.id)
    session.flush()
    return result, new_recovery_codes(session, person)


# --- codes of mails ----------------------------------------------------------------------------------------


def find_mail_code(session: Session, typed: str) -> MailCode | None:
    """The code of a mail that somebody typed, expired ones too."""
    code = read_code(typed)
    if code is None:
        return None
    return session.scalars(
        select(MailCode)
        .where(MailCode.digest.in_(code_digests(keys_of(session), code)))
        .options(joinedload(MailCode.person), joinedload(MailCode.membership))
    ).one_or_none()


def ask_new_password(session: Session, person: Person, at: datetime) -> str:
    """The code with which somebody can choose another password; those of before are dead."""
    session.execute(delete(MailCode).where(MailCode.person_id == person.id, MailCode.purpose == CodePurpose.PASSWORD))
    code = new_code()
    session.add(
        MailCode(
            digest=code_digests(keys_of(session), code)[0],
            purpose=CodePurpose.PASSWORD,
            person=person,
            expires_at=at + PASSWORD_CODE_VALID,
        )
    )
    session.flush()
    return code


def take_mail_code(session: Session, mail_code: MailCode) -> bool:
    """Use a code up; whether nobody did before."""
    taken = session.execute(delete(MailCode).where(MailCode.id == mail_code.id).returning(MailCode.id))
    return taken.first() is not None


def set_password(session: Session, person: Person, hashed: str, but: SignIn | None = None) -> None:
    """Keep another password. Every sign-in of before ends, except perhaps the one in which it was changed."""
    person.password_hash = hashed
    session.execute(delete(MailCode).where(MailCode.person_id == person.id, MailCode.purpose == CodePurpose.PASSWORD))
    sign_ins.end_all(session, person.id, but.id if but else None)
    session.flush()


# --- arriving ----------------------------------------------------------------------------------------------


def accept_invitation(session: Session, membership: Membership, at: datetime) -> None:
    """Let an invited person work in the role from now on, and write it into the trail."""
    if membership.status is not MembershipStatus.INVITED:
        return
    membership.status, membership.changed_at = MembershipStatus.ACTIVE, at
    membership.version += 1
    session.execute(delete(MailCode).where(MailCode.membership_id == membership.id))
    session.flush()
    after = {"person": membership.person.name or membership.person.email, "role": membership.role.value}
    record(
        session, person_actor(membership.person, membership), "person.accepted",
        Subject("membership", membership.public_id), after=after, region_id=membership.region_id, at=at,
    )  # fmt: skip


def arrive(session: Session, sign_in: SignIn, held: Sequence[Membership]) -> str:
    """Everything was proved: the sign-in is complete, as the first of what the person can work as."""
    return sign_ins.advance(session, sign_in, Step.COMPLETE, held[0] if held else None)
