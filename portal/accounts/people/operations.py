"""Changing who may do what. Each operation looks again who acts, takes the lock of its region or provider, and leaves a
line in the trail. The caller commits."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import MailCode, Membership, Person, RecoveryCode
from portal.accounts.people.queries import member
from portal.accounts.permissions import ASSIGNABLE, Permission, scope_of
from portal.accounts.queries import folded_email, person_by_email
from portal.accounts.signing_in import sign_ins
from portal.accounts.signing_in.codes import code_digests, new_code, new_public_id
from portal.accounts.signing_in.passwords import Passwords
from portal.accounts.types import CodePurpose, MembershipStatus, Post, Role, Scope
from portal.catalogue.models import Provider, Region
from portal.core.actor import Actor
from portal.core.database import keys_of
from portal.core.outliving import Outlived, Outliving, Thing, outlive
from portal.core.trail.operations import record
from portal.core.trail.types import Subject

INVITATION_VALID = timedelta(days=14)
SECOND_FACTOR_CODE_VALID = timedelta(days=3)
REPEATED_WITHIN = timedelta(minutes=1)
"""The same mail asked for within this time is the same press of a button, and is sent once."""
LEADING = {
    Role.ADMINISTRATOR: Permission.MANAGE_REGION_PEOPLE,
    Role.PROVIDER_MANAGER: Permission.MANAGE_PROVIDER_PEOPLE,
}
"""The roles without which nobody could let anybody in any more."""


class Objection(StrEnum):
    """Why a change of people was not made."""

    NOT_THERE = "not_there"
    """There is no such person within reach."""
    NOT_YOURS_ANY_MORE = "not_yours_any_more"
    """Whoever acts lost the right to, a moment ago."""
    ROLE_NOT_YOURS = "role_not_yours"
    """The role is not one that they can give."""
    CHANGED_MEANWHILE = "changed_meanwhile"
    ALREADY_THERE = "already_there"
    LAST_ADMINISTRATOR = "last_administrator"
    LAST_MANAGER = "last_manager"
    """Of a provider."""
    YOURSELF = "yourself"
    """Nobody disables or demotes themselves by mistake: there is leaving and handing over for that."""
    WRONG_STATUS = "wrong_status"
    """That cannot be done with somebody who was only invited, is disabled, or has left."""
    WORKS_ELSEWHERE = "works_elsewhere"
    """They sign in at their own organisation."""
    MORE_THAN_YOURS = "more_than_yours"
    """What would be done touches roles that whoever acts does not manage."""


class Refused(Exception):
    """A change of people that was not made, with the objection to it."""

    def __init__(self, objection: Objection) -> None:
        super().__init__(objection.value)
        self.objection = objection


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who manages people: whom the trail names, by which permission, and as what."""

    actor: Actor
    permission: Permission | None = None
    """None for a command: it reaches everybody."""
    membership_id: int | None = None


def invite(
    session: Session, acting: Acting, email: str, post: Post, language: str, at: datetime
) -> tuple[Membership, str | None]:
    """Invite somebody to `post`; returns the membership and the code for the mail, none where it was sent just now.

    Whoever was disabled, left or was invited before is invited anew. Raises Refused (ROLE_NOT_YOURS, NOT_THERE for a
    post beyond reach, ALREADY_THERE, NOT_YOURS_ANY_MORE).
    """
    scope = _begin(session, acting, post.region_id, post.provider_id)
    if acting.permission is not None and post.role not in ASSIGNABLE[acting.permission]:
        raise Refused(Objection.ROLE_NOT_YOURS)
    if scope is not None and not _covers(scope, post):
        raise Refused(Objection.NOT_THERE)
    person = person_by_email(session, email)
    if person is None:
        person = Person(email=folded_email(email), language=language, created_at=at, memberships=[])
        session.add(person)
        session.flush()
    membership = _same_post(session, person, post)
    if membership is None:
        membership = Membership(public_id=new_public_id(), person=person, changed_at=at, version=0)
        session.add(membership)
    elif membership.is_active:
        raise Refused(Objection.ALREADY_THERE)
    elif membership.status is MembershipStatus.INVITED and membership.changed_at > at - REPEATED_WITHIN:
        return membership, None
    _set_post(membership, post)
    membership.status, membership.changed_at = MembershipStatus.INVITED, at
    membership.version += 1
    session.flush()
    code = _mail_code(session, person, CodePurpose.INVITATION, at + INVITATION_VALID, membership)
    _record(session, acting, "person.invited", membership, at, after=_told(membership))
    return membership, code


def renew_invitation(session: Session, acting: Acting, public_id: str, at: datetime) -> tuple[Membership, str | None]:
    """Make a new code for somebody who did not accept yet, or none where one was sent just now.

    Raises Refused (NOT_THERE, WRONG_STATUS, …).
    """
    membership = _target(session, acting, public_id)
    if membership.status is not MembershipStatus.INVITED:
        raise Refused(Objection.WRONG_STATUS)
    if _was_sent_since(session, membership.person, CodePurpose.INVITATION, at + INVITATION_VALID, membership):
        return membership, None
    code = _mail_code(session, membership.person, CodePurpose.INVITATION, at + INVITATION_VALID, membership)
    _record(session, acting, "person.invited_again", membership, at)
    return membership, code


def withdraw_invitation(session: Session, acting: Acting, public_id: str, at: datetime) -> None:
    """Take an invitation back. Of somebody who never accepted any, nothing stays but the trail.

    Raises Refused (NOT_THERE, WRONG_STATUS, …).
    """
    membership = _target(session, acting, public_id)
    if membership.status is not MembershipStatus.INVITED:
        raise Refused(Objection.WRONG_STATUS)
    _record(session, acting, "person.invitation_withdrawn", membership, at, before=_told(membership))
    _note_ended(session, membership, at)
    session.delete(membership)
    session.flush()
    person = membership.person
    remaining = session.scalar(select(func.count()).where(Membership.person_id == person.id))
    if not remaining:
        session.delete(person)


def change_post(session: Session, acting: Acting, public_id: str, version: int, post: Post, at: datetime) -> Membership:
    """Give somebody another role within the region; who manages a provider's people, only at that provider.

    Raises Refused (NOT_THERE, also for a post beyond reach, CHANGED_MEANWHILE, ROLE_NOT_YOURS, LAST_MANAGER,
    LAST_ADMINISTRATOR, YOURSELF, ALREADY_THERE, WRONG_STATUS, …).
    """
    membership = _target(session, acting, public_id, version)
    if membership.status is MembershipStatus.LEFT:
        raise Refused(Objection.WRONG_STATUS)
    if membership.post == post:
        return membership
    scope = _scope(session, acting)
    if post.region_id != membership.region_id or (scope is not None and not _covers(scope, post)):
        raise Refused(Objection.NOT_THERE)
    if acting.permission is not None:
        if membership.id == acting.membership_id:
            raise Refused(Objection.YOURSELF)
        if post.role not in ASSIGNABLE[acting.permission]:
            raise Refused(Objection.ROLE_NOT_YOURS)
    other = _same_post(session, membership.person, post)
    if other is not None and other is not membership:
        raise Refused(Objection.ALREADY_THERE)
    if post.role is not membership.role or post.provider_id != membership.provider_id:
        _leave_one(session, membership)
    before = _told(membership)
    _note_ended(session, membership, at)
    _set_post(membership, post)
    _changed(session, membership, at)
    _record(session, acting, "person.role_changed", membership, at, before=before, after=_told(membership))
    return membership


def disable(
    session: Session, acting: Acting, public_id: str, version: int, at: datetime, reason: str = ""
) -> Membership:
    """Let somebody work here no more, from their next page on, until enabled.

    The region and the operator can disable the last manager of a provider; only the operator the last administrator of
    a region.

    Raises Refused (NOT_THERE, CHANGED_MEANWHILE, LAST_MANAGER, LAST_ADMINISTRATOR, YOURSELF, WRONG_STATUS, …).
    """
    membership = _target(session, acting, public_id, version)
    if not membership.is_active:
        raise Refused(Objection.WRONG_STATUS)
    if membership.id == acting.membership_id:
        raise Refused(Objection.YOURSELF)
    if not _is_above(acting, membership.role):
        _leave_one(session, membership)
    _end(session, membership, MembershipStatus.DISABLED, at)
    _record(session, acting, "person.disabled", membership, at, after=_told(membership), reason=reason)
    return membership


def enable(session: Session, acting: Acting, public_id: str, version: int, at: datetime) -> Membership:
    """Let somebody work again who was disabled. Raises Refused (NOT_THERE, CHANGED_MEANWHILE, WRONG_STATUS, …)."""
    membership = _target(session, acting, public_id, version)
    if membership.status is not MembershipStatus.DISABLED:
        raise Refused(Objection.WRONG_STATUS)
    membership.status = MembershipStatus.ACTIVE
    _changed(session, membership, at)
    _record(session, acting, "person.enabled", membership, at, after=_told(membership))
    return membership


def hand_over(session: Session, acting: Acting, public_id: str, version: int, at: datetime) -> Membership:
    """Change roles with a colleague: they lead from now on, and whoever acts has the role that they had.

    Raises Refused (NOT_THERE, CHANGED_MEANWHILE, WRONG_STATUS, YOURSELF, ALREADY_THERE, NOT_YOURS_ANY_MORE).
    """
    theirs = _target(session, acting, public_id, version)
    mine = session.get(Membership, acting.membership_id) if acting.membership_id else None
    if mine is None or mine.id == theirs.id:
        raise Refused(Objection.YOURSELF)
    is_colleague = theirs.is_active and theirs.role is not mine.role and theirs.provider_id == mine.provider_id
    if not is_colleague or theirs.role.is_of_municipality or theirs.profession is not None:
        raise Refused(Objection.WRONG_STATUS)
    posts = mine.post, theirs.post
    for membership, post in ((theirs, posts[0]), (mine, posts[1])):
        other = _same_post(session, membership.person, post)
        if other is not None and other is not membership:
            raise Refused(Objection.ALREADY_THERE)
    for membership, post in ((theirs, posts[0]), (mine, posts[1])):
        before = _told(membership)
        _note_ended(session, membership, at)
        _set_post(membership, post)
        _changed(session, membership, at)
        _record(session, acting, "person.handed_over", membership, at, before=before, after=_told(membership))
    return theirs


def leave(session: Session, acting: Acting, membership_id: int, at: datetime) -> Membership:
    """Give up one's own role. Raises Refused (LAST_MANAGER, LAST_ADMINISTRATOR, NOT_YOURS_ANY_MORE)."""
    membership = session.get_one(Membership, membership_id)
    _lock(session, membership.region_id, membership.provider_id)
    session.refresh(membership)
    if not membership.is_active:
        raise Refused(Objection.NOT_YOURS_ANY_MORE)
    _leave_one(session, membership)
    _end(session, membership, MembershipStatus.LEFT, at)
    _record(session, acting, "person.left", membership, at, after=_told(membership))
    return membership


def renew_second_factor(
    session: Session, acting: Acting, public_id: str, at: datetime
) -> tuple[Membership, str | None]:
    """Let somebody who lost phone and recovery codes set up a new second factor; returns the code for the mail, none
    where it was sent just now.

    The old one is dead at once, and so are their sign-ins. Mailbox and password are both needed to go on.
    A phone is one for all that somebody is: who does not manage all of it cannot do this.
    Raises Refused (NOT_THERE, WRONG_STATUS, YOURSELF, MORE_THAN_YOURS, …).
    """
    membership = _target(session, acting, public_id)
    person = membership.person
    if not membership.is_active:
        raise Refused(Objection.WRONG_STATUS)
    if membership.id == acting.membership_id:
        raise Refused(Objection.YOURSELF)
    if person.password_hash is None:
        raise Refused(Objection.WORKS_ELSEWHERE)
    scope = _scope(session, acting)
    if scope is not None and not all(_covers(scope, one.post) for one in person.memberships if one.is_active):
        raise Refused(Objection.MORE_THAN_YOURS)
    if _was_sent_since(session, person, CodePurpose.SECOND_FACTOR, at + SECOND_FACTOR_CODE_VALID):
        return membership, None
    _forget_second_factor(session, person)
    code = _mail_code(session, person, CodePurpose.SECOND_FACTOR, at + SECOND_FACTOR_CODE_VALID)
    _record(session, acting, "person.second_factor_renewed", membership, at)
    return membership, code


def start_anew(session: Session, acting: Acting, person: Person, at: datetime) -> str:
    """Forget password and second factor of somebody, and let them begin as if invited; returns the code.

    For the operator, when nobody else can help.
    """
    person.password_hash, person.is_established = None, False
    _forget_second_factor(session, person)
    invited = next((one for one in person.memberships if one.status is MembershipStatus.INVITED), None)
    code = _mail_code(session, person, CodePurpose.INVITATION, at + INVITATION_VALID, invited)
    subject = Subject("person", str(person.id))
    record(session, acting.actor, "person.reset", subject, after={"email": person.email}, at=at)
    return code


def end_again(session: Session, actor: Actor, data_dir: Path, made_at: datetime, at: datetime) -> int:
    """End in a restored database the roles that ended after its backup was made; how many.

    Also that of the last administrator: the operator, who restores, lets somebody in.
    """
    noted = Outlived(session, data_dir, Outliving.ENDED_ACCESS, made_at)
    held = session.scalars(
        select(Membership).where(Membership.status.in_((MembershipStatus.ACTIVE, MembershipStatus.INVITED)))
    )
    ended = [membership for membership in held if _thing(membership) in noted]
    for membership in ended:
        _end(session, membership, MembershipStatus.DISABLED if membership.is_active else MembershipStatus.LEFT, at)
        _record(session, Acting(actor), "person.disabled", membership, at, after=_told(membership))
    return len(ended)


def distrust(session: Session, passwords: Passwords) -> None:
    """Let no password and no recovery code open anything that is known in a restored database.

    Some were changed since because somebody else knew them. Who signs in with a password asks for a new one by mail.
    """
    nobody_knows = passwords.hash(secrets.token_urlsafe())
    session.execute(update(Person).where(Person.password_hash.is_not(None)).values(password_hash=nobody_knows))
    session.execute(delete(RecoveryCode))


# --- what they share ---------------------------------------------------------------------------------------


def _begin(session: Session, acting: Acting, region_id: int, provider_id: int | None) -> Scope | None:
    """Take the lock, and see that whoever acts still may; their reach, or None where they reach everybody."""
    _lock(session, region_id, provider_id)
    return _scope(session, acting)


def _scope(session: Session, acting: Acting) -> Scope | None:
    """How far whoever acts reaches now, under the lock; None: to everybody. Raises Refused (NOT_YOURS_ANY_MORE)."""
    if acting.permission is None:
        return None
    mine = session.get(Membership, acting.membership_id, populate_existing=True) if acting.membership_id else None
    scope = scope_of(mine.post, acting.permission) if mine is not None and mine.is_active else None
    if scope is None:
        raise Refused(Objection.NOT_YOURS_ANY_MORE)
    return scope


def _lock(session: Session, region_id: int, provider_id: int | None) -> None:
    """Let changes of one region's or one provider's people wait for each other.

    On SQLite the transaction has the whole database already.
    """
    session.execute(select(Region.id).where(Region.id == region_id).with_for_update())
    if provider_id is not None:
        session.execute(select(Provider.id).where(Provider.id == provider_id).with_for_update())


def _target(session: Session, acting: Acting, public_id: str, version: int | None = None) -> Membership:
    """The membership to be changed, read under the lock."""
    found = session.execute(
        select(Membership.region_id, Membership.provider_id).where(Membership.public_id == public_id[:22])
    ).first()
    if found is None:
        raise Refused(Objection.NOT_THERE)
    scope = _begin(session, acting, *found)
    session.expire_all()
    membership = member(session, scope or Scope(found.region_id), public_id)
    if membership is None:
        raise Refused(Objection.NOT_THERE)
    if version is not None and membership.version != version:
        raise Refused(Objection.CHANGED_MEANWHILE)
    return membership


def _covers(scope: Scope, post: Post) -> bool:
    """Whether `post` lies within `scope`."""
    same_region = post.region_id == scope.region_id
    same_provider = scope.provider_id is None or post.provider_id == scope.provider_id
    return same_region and same_provider and (not scope.municipality or post.municipality == scope.municipality)


def _same_post(session: Session, person: Person, post: Post) -> Membership | None:
    """What the person holds already, where the table takes only one such."""
    held = select(Membership).where(Membership.person_id == person.id)
    if post.provider_id is not None:
        held = held.where(Membership.provider_id == post.provider_id)
    else:
        held = held.where(
            Membership.region_id == post.region_id,
            Membership.role == post.role,
            Membership.municipality == post.municipality,
            Membership.provider_id.is_(None),
        )
    return session.scalars(held).one_or_none()


def _set_post(membership: Membership, post: Post) -> None:
    membership.role, membership.region_id, membership.provider_id = post.role, post.region_id, post.provider_id
    membership.municipality, membership.profession = post.municipality, post.profession


def _is_above(acting: Acting, role: Role) -> bool:
    """Whether who acts can let somebody else in afterwards: the region at a provider, the operator everywhere."""
    return acting.permission is None or (
        acting.permission is Permission.MANAGE_REGION_PEOPLE and role is Role.PROVIDER_MANAGER
    )


def _leave_one(session: Session, membership: Membership) -> None:
    """Raise Refused where nobody else could let people in afterwards. The lock is held."""
    if membership.role not in LEADING or not membership.is_active:
        return
    others = session.scalar(
        select(func.count()).where(
            Membership.region_id == membership.region_id,
            Membership.provider_id.is_(None)
            if membership.provider_id is None
            else Membership.provider_id == membership.provider_id,
            Membership.role == membership.role,
            Membership.status == MembershipStatus.ACTIVE,
            Membership.id != membership.id,
        )
    )
    if not others:
        is_manager = membership.role is Role.PROVIDER_MANAGER
        raise Refused(Objection.LAST_MANAGER if is_manager else Objection.LAST_ADMINISTRATOR)


def _changed(session: Session, membership: Membership, at: datetime) -> None:
    """Whoever works in it begins anew: what they may do has changed."""
    membership.changed_at = at
    membership.version += 1
    sign_ins.end_all(session, membership.person_id)
    session.flush()


def _end(session: Session, membership: Membership, status: MembershipStatus, at: datetime) -> None:
    _note_ended(session, membership, at)
    membership.status = status
    session.execute(delete(MailCode).where(MailCode.membership_id == membership.id))
    _changed(session, membership, at)


def _note_ended(session: Session, membership: Membership, at: datetime) -> None:
    outlive(session, Outliving.ENDED_ACCESS, [_thing(membership)], at)


def _thing(membership: Membership) -> Thing:
    """This role of this person: who got another role since has an access that ended."""
    post = membership.post
    place = (str(post.region_id), str(post.provider_id or ""), post.municipality)
    return (membership.public_id, post.role, *place, post.profession or "")


def _forget_second_factor(session: Session, person: Person) -> None:
    person.totp_salt, person.second_factor_since = None, None
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    sign_ins.end_all(session, person.id)


def _mail_code(
    session: Session, person: Person, purpose: CodePurpose, expires_at: datetime, membership: Membership | None = None
) -> str:
    """A new code for the mail, which takes the place of those of before."""
    session.execute(delete(MailCode).where(*_same_code(person, purpose, membership)))
    code = new_code()
    session.add(
        MailCode(
            digest=code_digests(keys_of(session), code)[0],
            purpose=purpose,
            person=person,
            membership=membership,
            expires_at=expires_at,
        )
    )
    session.flush()
    return code


def _was_sent_since(
    session: Session, person: Person, purpose: CodePurpose, expires_at: datetime, membership: Membership | None = None
) -> bool:
    """Whether a code that expires at most so little before `expires_at` is on its way already."""
    return bool(
        session.scalar(
            select(func.count()).where(
                *_same_code(person, purpose, membership), MailCode.expires_at > expires_at - REPEATED_WITHIN
            )
        )
    )


def _same_code(person: Person, purpose: CodePurpose, membership: Membership | None) -> tuple[ColumnElement[bool], ...]:
    """The codes of which only the newest counts."""
    return (
        MailCode.person_id == person.id,
        MailCode.purpose == purpose,
        MailCode.membership_id == membership.id if membership else MailCode.membership_id.is_(None),
    )


def _told(membership: Membership) -> Mapping[str, object]:
    """What the trail keeps of a membership.

    Who is only invited is named by mail address: a name they may have from another region is not ours to tell.
    """
    is_invited = membership.status is MembershipStatus.INVITED
    told = {
        "person": membership.person.email if is_invited else membership.person.name or membership.person.email,
        "role": membership.role.value,
        "status": membership.status.value,
        "provider": membership.provider.name if membership.provider else None,
        "municipality": membership.municipality,
        "profession": membership.profession.value if membership.profession else None,
    }
    return {name: value for name, value in told.items() if value}


def _record(
    session: Session,
    acting: Acting,
    action: str,
    membership: Membership,
    at: datetime,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    if before and after:
        before, after = _different(before, after), _different(after, before)
    actor = replace(acting.actor, region_id=membership.region_id)
    record(
        session, actor, action, Subject("membership", membership.public_id),
        before=before, after=after or (None if before else _told(membership)), reason=reason,
        region_id=membership.region_id, at=at,
    )  # fmt: skip


def _different(values: Mapping[str, object], others: Mapping[str, object]) -> Mapping[str, object]:
    """What differs, and whom it is about."""
    return {name: value for name, value in values.items() if name == "person" or others.get(name) != value}
