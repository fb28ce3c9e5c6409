"""The own account, ready for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.accounts.models import Membership, Person, SignIn
from portal.accounts.signing_in.presenters import moment_words
from portal.accounts.types import MembershipStatus
from portal.accounts.wording import NO_ROLE, STATUSES, post_words
from portal.catalogue.codelists import CodeLists
from portal.core.languages import gettext, ngettext
from portal.core.messages import N_
from portal.core.pages import Notice, Tone, what_was_done
from portal.core.security_log.models import SecurityEvent
from portal.core.security_log.types import SecurityKind

FEW_RECOVERY_CODES = 3


@dataclass(frozen=True, slots=True)
class ShownSignIn:
    """A browser in which somebody is signed in."""

    id: str
    device: str
    when: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class ShownRole:
    """Something that somebody is here."""

    id: str
    words: str
    status: str
    can_be_left: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Everything about the own account."""

    name: str
    email: str
    has_password: bool
    has_phone: bool
    phone_since: str
    recovery_words: str
    has_few_codes: bool
    roles: Sequence[ShownRole]
    sign_ins: Sequence[ShownSignIn]
    has_others: bool
    events: Sequence[tuple[str, str]]
    """What happened lately around signing in: when, and what."""
    notice: Notice | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def account_page(
    person: Person,
    memberships: Sequence[Membership],
    usable: Sequence[Membership],
    sign_ins: Sequence[SignIn],
    this: SignIn,
    codes_left: int,
    events: Sequence[SecurityEvent],
    lists: CodeLists,
    notice: Notice | None = None,
    errors: Mapping[str, str] | None = None,
) -> AccountPage:
    """The own account as its owner sees it; `usable` is what they can work as, and so leave, in this sign-in."""
    return AccountPage(
        name=person.name,
        email=person.email,
        has_password=person.password_hash is not None,
        has_phone=person.has_second_factor,
        phone_since=_day(person.second_factor_since),
        recovery_words=ngettext(
            "You have %(num)s code on paper left.", "You have %(num)s codes on paper left.", codes_left
        ),
        has_few_codes=codes_left < FEW_RECOVERY_CODES,
        roles=[
            ShownRole(held.public_id, post_words(held, lists), gettext(STATUSES[held.status]), held in usable)
            for held in memberships
            if held.status is not MembershipStatus.LEFT
        ],
        sign_ins=[_shown(sign_in, this) for sign_in in sign_ins],
        has_others=len(sign_ins) > 1,
        events=[(moment_words(event.at), gettext(_EVENTS[event.kind])) for event in events if event.kind in _EVENTS],
        notice=notice or (None if usable else _no_role()),
        errors=errors or {},
    )


def _no_role() -> Notice:
    """Why somebody stands here and not at a desk."""
    title, text = NO_ROLE
    return Notice(Tone.INFO, gettext(title), gettext(text))


def _shown(sign_in: SignIn, this: SignIn) -> ShownSignIn:
    when = gettext(
        "since %(began)s, last used %(seen)s", began=moment_words(sign_in.began_at), seen=moment_words(sign_in.seen_at)
    )
    return ShownSignIn(sign_in.public_id, sign_in.device or gettext("Unknown browser"), when, sign_in.id == this.id)


def _day(moment: datetime | None) -> str:
    return moment_words(moment) if moment else ""


_EVENTS = {
    SecurityKind.SIGNED_IN: N_("signed in"),
    SecurityKind.SIGN_IN_FAILED: N_("somebody tried a wrong password"),
    SecurityKind.CODE_WRONG: N_("somebody tried a wrong code"),
    SecurityKind.RECOVERY_CODE_USED: N_("a code of the paper was used"),
    SecurityKind.RESET_ASKED: N_("a new password was asked for"),
    SecurityKind.RESET_DONE: N_("the password was changed"),
    SecurityKind.SIGNED_OUT: N_("signed out"),
    SecurityKind.SESSION_ENDED: N_("a sign-in was ended"),
}
_DONE = {
    "naam": N_("Your name is changed."),
    "wachtwoord": N_("Your password is changed. Elsewhere you are signed out."),
    "beeindigd": N_("That sign-in is ended."),
    "herstelcode": N_("You signed in with a code of your paper. Cross it out."),
    "gewisseld": N_("You now work in this role."),
}


done = what_was_done(_DONE)
"""What was just done, as the address says."""
