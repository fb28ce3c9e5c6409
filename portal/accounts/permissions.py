"""The one table of who may do what. Routes declare a permission; roles have it, within a reach."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.accounts.types import PROVIDER_ROLES, REFERRER_ROLES, REGION_ROLES, Post, Role, Scope


class Permission(StrEnum):
    """Something that somebody may do."""

    OWN_ACCOUNT = "own_account"
    """See and change one's own account, and end one's own sign-ins."""
    REGION_DESK = "region_desk"
    REFERRER_DESK = "referrer_desk"
    PROVIDER_DESK = "provider_desk"
    MANAGE_REGION_PEOPLE = "manage_region_people"
    """Invite, change and disable everybody of the region, its providers' people too."""
    MANAGE_PROVIDER_PEOPLE = "manage_provider_people"
    """The same for colleagues at one provider."""
    APPROVE_CHANGES = "approve_changes"
    """Decide what families read of a provider, where it wants something else."""
    READ_TRAIL = "read_trail"
    """Read who changed what in the region."""
    ISSUE_CODES = "issue_codes"
    """Make codes with which families tell their experience."""
    ISSUE_OWN_CODES = "issue_own_codes"
    """The same for the families of one's own municipality."""
    MODERATE = "moderate"
    """Read what families told, and decide by the house rules."""
    ANSWER_FAMILIES = "answer_families"
    """Answer what families told about the own provider, as a certified institution too."""
    ANSWER_FOR_TEAM = "answer_for_team"
    """The same for the access team of one's own municipality."""
    OWN_FIGURES = "own_figures"
    """See the figures of one's own provider before others do, object to them and explain them."""
    PHASED_FIGURES = "phased_figures"
    """See figures that the region shows to access teams or referrers, and not to everybody yet."""
    FIGURES_ON_PAPER = "figures_on_paper"
    """Put such figures on the paper of one conversation, marked so; never behind a link."""
    REGION_FIGURES = "region_figures"
    """See all figures of the region and what is odd about them, explain them, and decide about objections."""
    MOVE_FIGURES = "move_figures"
    """Decide who sees figures, and from when."""
    IMPORT_FILES = "import_files"
    """Bring files in, see what was brought in, and undo the last."""
    EDIT_CATALOGUE = "edit_catalogue"
    """Make and mend providers, offers and contracts by hand, merge providers, and see which contracts end."""
    RECORD_CHOICE = "record_choice"
    """Count that a family of the own municipality had a real choice, or why not; see what came of such talks there."""
    HANDLE_CORRECTIONS = "handle_corrections"
    """Decide about what anybody says is not right."""

    EDIT_WORDS = "edit_words"
    """Edit what families say of topics, and the names and explanations of code lists."""


class Reach(StrEnum):
    """How far a permission goes."""

    SELF = "self"
    PROVIDER = "provider"
    MUNICIPALITY = "municipality"
    REGION = "region"


GRANTS: Mapping[Permission, Mapping[Role, Reach]] = {
    Permission.OWN_ACCOUNT: dict.fromkeys(Role, Reach.SELF),
    Permission.REGION_DESK: dict.fromkeys(REGION_ROLES, Reach.REGION),
    Permission.REFERRER_DESK: {
        **dict.fromkeys(REFERRER_ROLES, Reach.REGION),
        Role.ACCESS_WORKER: Reach.MUNICIPALITY,
    },
    Permission.PROVIDER_DESK: dict.fromkeys(PROVIDER_ROLES, Reach.PROVIDER),
    Permission.MANAGE_REGION_PEOPLE: {Role.ADMINISTRATOR: Reach.REGION},
    Permission.MANAGE_PROVIDER_PEOPLE: {Role.PROVIDER_MANAGER: Reach.PROVIDER},
    Permission.ISSUE_CODES: {Role.ADMINISTRATOR: Reach.REGION, Role.CONTRACT_MANAGER: Reach.REGION},
    Permission.ISSUE_OWN_CODES: {Role.ACCESS_WORKER: Reach.MUNICIPALITY},
    Permission.MODERATE: {Role.MODERATOR: Reach.REGION},
    Permission.ANSWER_FAMILIES: dict.fromkeys(PROVIDER_ROLES, Reach.PROVIDER),
    Permission.ANSWER_FOR_TEAM: {Role.ACCESS_WORKER: Reach.MUNICIPALITY},
    Permission.APPROVE_CHANGES: {Role.ADMINISTRATOR: Reach.REGION, Role.CONTRACT_MANAGER: Reach.REGION},
    Permission.READ_TRAIL: {Role.ADMINISTRATOR: Reach.REGION, Role.CONTRACT_MANAGER: Reach.REGION},
    Permission.OWN_FIGURES: dict.fromkeys(PROVIDER_ROLES, Reach.PROVIDER),
    Permission.PHASED_FIGURES: {Role.ACCESS_WORKER: Reach.REGION, Role.REFERRER: Reach.REGION},
    Permission.FIGURES_ON_PAPER: {Role.ACCESS_WORKER: Reach.REGION},
    Permission.REGION_FIGURES: {Role.CONTRACT_MANAGER: Reach.REGION, Role.DATA_OFFICER: Reach.REGION},
    Permission.EDIT_WORDS: {Role.ADMINISTRATOR: Reach.REGION, Role.DATA_OFFICER: Reach.REGION},
    Permission.MOVE_FIGURES: {Role.DATA_OFFICER: Reach.REGION},
    Permission.IMPORT_FILES: {Role.CONTRACT_MANAGER: Reach.REGION, Role.DATA_OFFICER: Reach.REGION},
    Permission.EDIT_CATALOGUE: {
        Role.ADMINISTRATOR: Reach.REGION,
        Role.CONTRACT_MANAGER: Reach.REGION,
        Role.DATA_OFFICER: Reach.REGION,
    },
    Permission.RECORD_CHOICE: {Role.ACCESS_WORKER: Reach.MUNICIPALITY},
    Permission.HANDLE_CORRECTIONS: {
        Role.ADMINISTRATOR: Reach.REGION,
        Role.CONTRACT_MANAGER: Reach.REGION,
        Role.DATA_OFFICER: Reach.REGION,
    },
}
"""Every permission with the roles that have it; what is not here is not allowed."""


def may(role: Role, permission: Permission) -> bool:
    """Whether this role has the permission at all."""
    return role in GRANTS[permission]


def scope_of(post: Post, permission: Permission) -> Scope | None:
    """What the holder of `post` may do it with, or None where the role has not the permission.

    A reach to oneself is the narrowest scope of the post; whoever uses it looks at the person.
    """
    reach = GRANTS[permission].get(post.role)
    if reach is None:
        return None
    if reach is Reach.REGION:
        return Scope(post.region_id)
    return Scope(post.region_id, post.provider_id, post.municipality)


ASSIGNABLE = {
    Permission.MANAGE_REGION_PEOPLE: tuple(Role),
    Permission.MANAGE_PROVIDER_PEOPLE: PROVIDER_ROLES,
}
"""The roles that somebody with this permission can give."""
