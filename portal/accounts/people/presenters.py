"""People and what can be done with them, ready for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.accounts.models import Membership
from portal.accounts.people.forms import role_choices
from portal.accounts.people.operations import INVITATION_VALID, Objection
from portal.accounts.people.queries import PeopleFilter, PeoplePage
from portal.accounts.signing_in.presenters import day_words, moment_words
from portal.accounts.types import MembershipStatus, Role
from portal.accounts.wording import DUTIES, ROLES, STATUSES, place_words, post_words, role_words
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Provider
from portal.core.languages import gettext, ngettext
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Option, Pager, Tone, what_was_done

_OBJECTIONS = {
    Objection.NOT_THERE: N_("There is no such person within your reach."),
    Objection.NOT_YOURS_ANY_MORE: N_("Somebody changed your own role a moment ago. Nothing was done. Sign in again."),
    Objection.ROLE_NOT_YOURS: N_("You cannot give this role. Ask the region."),
    Objection.CHANGED_MEANWHILE: N_("Somebody else changed this a moment ago. Nothing was done yet. Look at what "
                                    "holds now, and choose again."),
    Objection.ALREADY_THERE: N_("This person has that role already."),
    Objection.LAST_ADMINISTRATOR: N_("Nobody would be left who manages accounts in this region. Make somebody else "
                                     "administrator first."),
    Objection.LAST_MANAGER: N_("Nobody would be left who manages the accounts of this provider. Make a colleague "
                               "manager first, or ask the region."),
    Objection.YOURSELF: N_("This is you. You cannot do this to yourself: hand your role over to a colleague, or "
                           "leave on the page of your own account."),
    Objection.WRONG_STATUS: N_("That does not go with how things stand now. Look at what holds now, and choose again."),
    Objection.WORKS_ELSEWHERE: N_("This person signs in through their own organisation. Ask its help desk."),
    Objection.MORE_THAN_YOURS: N_("This person also has roles here that you do not manage, with the same phone. Ask "
                                  "the region, or the technical manager of this site."),
}  # fmt: skip


def objection_words(objection: Objection) -> str:
    """Why something was not done, and what would help."""
    return gettext(_OBJECTIONS[objection])


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """A row of the list."""

    name: str
    email: str
    """Empty where the name is the mail address, of who was only invited."""
    href: str
    role: str
    place: str
    status: str
    is_active: bool
    since: str


@dataclass(frozen=True, slots=True)
class PeopleListPage:
    """The people within somebody's reach."""

    count: str
    people: Sequence[ShownPerson]
    text: str
    roles: Sequence[Option]
    statuses: Sequence[Option]
    is_narrowed: bool
    all_href: str
    invite_href: str
    pager: Pager
    is_of_region: bool
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the pages and forms of one person, or of the list, lie; the region and a provider have their own."""

    index: str
    invite: str
    page: str = ""
    change: str = ""
    disable: str = ""
    enable: str = ""
    hand_over: str = ""
    renew: str = ""
    withdraw: str = ""
    second_factor: str = ""


def people_page(
    found: PeoplePage,
    wanted: PeopleFilter,
    roles: Sequence[Role],
    hrefs: Mapping[str, str],
    addresses: Addresses,
    pager: Pager,
    lists: CodeLists,
    notice: Notice | None = None,
) -> PeopleListPage:
    """The list, narrowed as asked; `hrefs` leads from a public id to the page of that person."""
    return PeopleListPage(
        count=ngettext("%(num)s person", "%(num)s people", found.total),
        people=[_row(one, hrefs[one.public_id], lists) for one in found.memberships],
        text=wanted.text,
        roles=[Option(role.value, gettext(ROLES[role]), role is wanted.role) for role in roles],
        statuses=[Option(s.value, gettext(STATUSES[s]), s is wanted.status) for s in MembershipStatus],
        is_narrowed=bool(wanted.text or wanted.role or wanted.status),
        all_href=addresses.index,
        invite_href=addresses.invite,
        pager=pager,
        is_of_region=Role.ADMINISTRATOR in roles,
        notice=notice,
    )


def _row(one: Membership, href: str, lists: CodeLists) -> ShownPerson:
    return ShownPerson(
        name=one.person.name if one.status is not MembershipStatus.INVITED else one.person.email,
        email=one.person.email if one.status is not MembershipStatus.INVITED else "",
        href=href,
        role=role_words(one.role, one.profession),
        place=place_words(one, lists),
        status=gettext(STATUSES[one.status]),
        is_active=one.is_active,
        since=day_words(one.changed_at),
    )


@dataclass(frozen=True, slots=True)
class PostFields:
    """What a role can be chosen from."""

    roles: Sequence[Option]
    duties: Sequence[tuple[str, str]]
    """Each role with what it is for."""
    providers: Sequence[Option] = ()
    municipalities: Sequence[Option] = ()


def post_fields(
    roles: tuple[Role, ...],
    providers: Sequence[Provider],
    municipalities: Sequence[str],
    chosen: Mapping[str, str],
) -> PostFields:
    """The choices, with what was chosen."""
    return PostFields(
        roles=[
            Option(value, role_words(role, profession), value == chosen.get("role"))
            for value, (role, profession) in role_choices(roles).items()
        ],
        duties=[(role_words(role), gettext(DUTIES[role])) for role in roles],
        providers=[Option(one.slug, one.name, one.slug == chosen.get("provider")) for one in providers],
        municipalities=[Option(name, name, name == chosen.get("municipality")) for name in municipalities],
    )


@dataclass(frozen=True, slots=True)
class InvitePage:
    """Whom to invite."""

    email: str
    fields: PostFields
    errors: Mapping[str, str]
    valid_days: int
    addresses: Addresses


def invite_page(email: str, fields: PostFields, errors: Mapping[str, str], addresses: Addresses) -> InvitePage:
    """The form of an invitation."""
    return InvitePage(email, fields, errors, INVITATION_VALID.days, addresses)


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Somebody, and what can be done."""

    name: str
    email: str
    what: str
    status: str
    since: str
    version: int
    is_you: bool
    can_renew: bool
    """They were invited: the mail can be sent again, or taken back."""
    invitation: str
    """How the invitation stands."""
    can_change: bool
    can_disable: bool
    can_enable: bool
    can_hand_over: bool
    can_invite_again: bool
    fields: PostFields
    reason: str
    addresses: Addresses
    trail: Link | None
    notice: Notice | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def person_page(
    one: Membership,
    mine: Membership | None,
    fields: PostFields,
    addresses: Addresses,
    lists: CodeLists,
    *,
    invited: str = "",
    reason: str = "",
    trail: Link | None = None,
    notice: Notice | None = None,
    errors: Mapping[str, str] | None = None,
) -> PersonPage:
    """Somebody as `mine` sees them, with what `mine` can do."""
    is_you = mine is not None and mine.id == one.id
    is_colleague = mine is not None and mine.provider_id == one.provider_id and mine.role is not one.role
    is_plain = not one.role.is_of_municipality and one.profession is None
    return PersonPage(
        name=one.person.name if one.status is not MembershipStatus.INVITED else one.person.email,
        email=one.person.email,
        what=post_words(one, lists),
        status=gettext(STATUSES[one.status]),
        since=moment_words(one.changed_at),
        version=one.version,
        is_you=is_you,
        can_renew=one.status is MembershipStatus.INVITED,
        invitation=invited,
        can_change=one.is_active and not is_you,
        can_disable=one.is_active and not is_you,
        can_enable=one.status is MembershipStatus.DISABLED,
        can_hand_over=one.is_active and not is_you and is_colleague and is_plain,
        can_invite_again=one.status is MembershipStatus.LEFT,
        fields=fields,
        reason=reason,
        addresses=addresses,
        trail=trail,
        notice=notice,
        errors=errors or {},
    )


def invitation_words(until: datetime | None, now: datetime) -> str:
    """How an invitation stands that nobody accepted yet."""
    if until is not None and until > now:
        return gettext("They did not accept it yet. Its code works until %(until)s.", until=moment_words(until))
    return gettext("They did not accept it in time: its code works no more. Send it again, or take it back.")


_DONE = {
    "uitgenodigd": N_("The invitation is on its way."),
    "opnieuw": N_("The mail goes out again, with a new code. The old code works no more."),
    "ingetrokken": N_("The invitation is taken back."),
    "gewijzigd": N_("The role is changed. They sign in again to work with it."),
    "beeindigd": N_("Their access is ended, from this moment on."),
    "hersteld": N_("They can work here again."),
    "overgedragen": N_("You changed roles. Sign in again to work in your new one."),
    "telefoon": N_("They get a mail with which to set up their phone again. The old one works no more."),
}


done = what_was_done(_DONE)
"""What was just done, as the address says."""


def objection_notice(objection: Objection, now: Membership, lists: CodeLists) -> Notice:
    """Why something was not done, with what holds now where somebody else changed it."""
    text = ""
    if objection is Objection.CHANGED_MEANWHILE:
        text = gettext("Now: %(post)s, %(status)s.", post=post_words(now, lists), status=gettext(STATUSES[now.status]))
    return Notice(Tone.WARNING, objection_words(objection), text)
