"""Organisations through which their people sign in, as the operator's file names them (`PORTAL_ORGANISATIONS`).

They stand in a file since it holds secrets, which belong in no backup of the database. An organisation vouches for the
people of its own region or municipality only, and for nobody at a provider.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal.accounts.models import Membership
from portal.catalogue.codelists import CodeLists
from portal.core.settings import SettingsError
from portal.core.text import slugify

_ON_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_KEYS = {"name", "slug", "issuer", "client_id", "client_secret", "region", "municipality", "second_factor",
         "email_is_verified"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Organisation:
    """Where people of one organisation sign in."""

    slug: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    region: str
    municipality: str = ""
    """CBS code; empty for an organisation of the whole region."""
    second_factor: frozenset[str] = frozenset()
    """What it says (`amr`, `acr`) when it asked a second factor; then ours is not asked."""
    email_is_verified: bool = False
    """Whether every mail address that it tells is right, also where it does not say so."""

    def covers(self, membership: Membership) -> bool:
        """Whether it can vouch for somebody in this role."""
        is_ours = membership.region.name == self.region and membership.provider_id is None
        return is_ours and self.municipality in ("", membership.municipality)


def read_organisations(path: Path | None, lists: CodeLists) -> Mapping[str, Organisation]:
    """The organisations of the file, by the name in their address.

    Raises SettingsError where the file cannot be used; the message says what would be right.
    """
    if path is None:
        return {}
    if find_spec("authlib") is None or find_spec("requests") is None:
        raise SettingsError("PORTAL_ORGANISATIONS needs the extra `oidc`: pip install 'jeugdhulp-portal[oidc]'")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"PORTAL_ORGANISATIONS: {path} cannot be read: {error}") from None
    found = [_organisation(entry, lists) for entry in content.get("organisation", [])]
    by_slug = {one.slug: one for one in found}
    if len(by_slug) < len(found) or len({one.issuer for one in found}) < len(found):
        raise SettingsError("PORTAL_ORGANISATIONS: two organisations have the same slug or issuer")
    return by_slug


def _organisation(entry: Mapping[str, Any], lists: CodeLists) -> Organisation:
    name = str(entry.get("name", "")) or "an organisation without name"
    for missing in ("name", "issuer", "client_id", "client_secret", "region"):
        if not entry.get(missing):
            raise SettingsError(f"PORTAL_ORGANISATIONS: {name} has no {missing}")
    for unknown in set(entry) - _KEYS:
        raise SettingsError(
            f"PORTAL_ORGANISATIONS: {name}: {unknown} is not known; known are {', '.join(sorted(_KEYS))}"
        )
    issuer = str(entry["issuer"])
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in _ON_THIS_MACHINE:
        raise SettingsError(f"PORTAL_ORGANISATIONS: {name}: issuer must begin with https://")
    municipality = ""
    if entry.get("municipality"):
        found = lists.municipality(str(entry["municipality"]))
        if found is None:
            raise SettingsError(f"PORTAL_ORGANISATIONS: {name}: there is no municipality {entry['municipality']}")
        municipality = found.code
    return Organisation(
        slug=slugify(str(entry.get("slug", name))),
        name=name,
        issuer=issuer,
        client_id=str(entry["client_id"]),
        client_secret=str(entry["client_secret"]),
        region=str(entry["region"]),
        municipality=municipality,
        second_factor=frozenset(map(str, entry.get("second_factor", ()))),
        email_is_verified=entry.get("email_is_verified") is True,
    )


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom an organisation vouches for."""

    subject: str
    email: str
    """Empty where it does not vouch for a mail address."""
    name: str
    has_second_factor: bool
