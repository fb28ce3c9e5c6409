"""Who somebody is when it comes to figures."""

from __future__ import annotations

from portal.accounts.models import Membership
from portal.accounts.permissions import Permission, may
from portal.accounts.types import Role
from portal.outcomes.types import EVERYBODY, Audience, Viewer

_PHASES = {Role.ACCESS_WORKER: Audience.ACCESS_TEAMS, Role.REFERRER: Audience.REFERRERS}


def viewer_of(membership: Membership | None) -> Viewer:
    """As which audience somebody sees figures, in the role in which they work; who has no such role is everybody."""
    if membership is None or not membership.is_active:
        return EVERYBODY
    role, region_id = membership.role, membership.region_id
    if may(role, Permission.REGION_FIGURES):
        return Viewer(Audience.REGION, region_id)
    if may(role, Permission.OWN_FIGURES) and membership.provider_id is not None:
        return Viewer(Audience.PROVIDER, region_id, frozenset({membership.provider_id}))
    if may(role, Permission.PHASED_FIGURES):
        return Viewer(_PHASES[role], region_id)
    return EVERYBODY
