"""How roles and what belongs to them are called."""

from __future__ import annotations

from portal.accounts.models import Membership
from portal.accounts.types import Audience, MembershipStatus, Profession, Role
from portal.catalogue.codelists import CodeLists
from portal.core.languages import chosen, translate
from portal.core.messages import N_

ROLES = {
    Role.ADMINISTRATOR: N_("administrator"),
    Role.CONTRACT_MANAGER: N_("contract manager"),
    Role.DATA_OFFICER: N_("data officer"),
    Role.MODERATOR: N_("moderator"),
    Role.ACCESS_WORKER: N_("access worker"),
    Role.REFERRER: N_("referrer"),
    Role.PARTNER: N_("partner"),
    Role.PROVIDER_MANAGER: N_("manager of the provider"),
    Role.PROVIDER_EDITOR: N_("editor of the provider"),
}

DUTIES = {
    Role.ADMINISTRATOR: N_("lets people in, and sees who changed what"),
    Role.CONTRACT_MANAGER: N_("keeps contracts and providers, and sees who changed what"),
    Role.DATA_OFFICER: N_("brings in files with contracts and figures"),
    Role.MODERATOR: N_("reads what families tell before it is shown"),
    Role.ACCESS_WORKER: N_("helps families of one municipality choose"),
    Role.REFERRER: N_("refers families to help"),
    Role.PARTNER: N_("stands beside families, and sees what everybody sees"),
    Role.PROVIDER_MANAGER: N_("lets colleagues in, and keeps what is told about the provider"),
    Role.PROVIDER_EDITOR: N_("keeps what is told about the provider"),
}
"""What a role is for, in half a sentence."""

PROFESSIONS = {
    Profession.GP: N_("GP"),
    Profession.PRACTICE_NURSE: N_("practice nurse of a GP"),
    Profession.YOUTH_DOCTOR: N_("youth doctor"),
    Profession.SPECIALIST: N_("medical specialist"),
    Profession.CERTIFIED: N_("certified institution"),
    Profession.SCHOOL: N_("school"),
    Profession.CLIENT_SUPPORTER: N_("client supporter"),
}

STATUSES = {
    MembershipStatus.INVITED: N_("invited"),
    MembershipStatus.ACTIVE: N_("active"),
    MembershipStatus.DISABLED: N_("ended for now"),
    MembershipStatus.LEFT: N_("left"),
}

DESKS = {
    Audience.REGION: N_("Desk of the region"),
    Audience.REFERRER: N_("Desk of referrers"),
    Audience.PROVIDER: N_("Desk of the provider"),
}

NO_ROLE = (
    N_("You have no desk here at the moment"),
    N_("Your sign-in is right, but nobody gives you a role here now: you left, or your access was ended. Is that not "
       "right? Ask whoever invited you, or the region."),
)  # fmt: skip
"""What somebody hears who signed in and has no role any more: a title, and what it means."""


def role_words(role: Role, profession: Profession | None = None, language: str | None = None) -> str:
    """A role, or the profession where it has one, in the language of the page or another."""
    words = PROFESSIONS[profession] if profession is not None else ROLES[role]
    return translate(words, language or chosen())


def place_words(membership: Membership, lists: CodeLists) -> str:
    """Of what somebody holds a role: the provider, the municipality or the region."""
    if membership.provider is not None:
        return membership.provider.name
    if membership.municipality:
        return lists.municipalities[membership.municipality].name
    return membership.region.name


def post_words(membership: Membership, lists: CodeLists) -> str:
    """The role with what it is of: "access worker, Heerlen"."""
    return f"{role_words(membership.role, membership.profession)}, {place_words(membership, lists)}"
