"""Which people are asked for, cleaned from the address: what cannot be read is left out."""

from __future__ import annotations

from collections.abc import Mapping

from portal.accounts.people.queries import PeopleFilter
from portal.accounts.types import MembershipStatus, Role
from portal.core.text import whole_number

LONGEST_TEXT = 100
HIGHEST_PAGE = 1_000


def read_filter(args: Mapping[str, str]) -> PeopleFilter:
    """From the address: `zoek`, `rol`, `status`, `pagina`."""
    role, status, page = args.get("rol"), args.get("status"), args.get("pagina", "")
    return PeopleFilter(
        text=args.get("zoek", "").strip()[:LONGEST_TEXT],
        role=Role(role) if role in list(Role) else None,
        status=MembershipStatus(status) if status in list(MembershipStatus) else None,
        page=min(whole_number(page, 4) or 1, HIGHEST_PAGE),
    )


def parameters(wanted: PeopleFilter) -> dict[str, str]:
    """The shortest address that asks the same, without the page."""
    pairs = {"zoek": wanted.text, "rol": wanted.role or "", "status": wanted.status or ""}
    return {name: str(value) for name, value in pairs.items() if value}
