"""Limits: how often something may be tried, in how long, and by whom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

SLICES = 20
"""Into how many pieces the time of a limit is cut."""
LONGEST_OF_NETWORKS = timedelta(hours=1)
"""No limit looks back longer at a network: its key goes soon after midnight."""
IPV6_BITS = 56
"""What a subscriber has at least: who counts single addresses, or networks of 64 bits, counts nobody."""


class Scope(StrEnum):
    """Whose attempts are counted together."""

    ACCOUNT = "account"
    NETWORK = "network"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts in any stretch of time of this length."""

    name: str
    """What is tried; no two limits have the same."""
    scope: Scope
    most: int
    within: timedelta
    trusts_devices: bool = True
    """Whether a device that is known is counted on its own; not where the limit spares a mailbox."""

    def __post_init__(self) -> None:
        """Raise ValueError for a limit that would need the salt of a day for longer than it is kept."""
        if self.scope is Scope.NETWORK and self.within > LONGEST_OF_NETWORKS:
            raise ValueError("networks are not remembered for so long")

    @property
    def looks_back(self) -> timedelta:
        """How long an attempt counts at most: up to a slice longer than the limit says, never shorter."""
        return self.within * (SLICES + 1) / SLICES

    @property
    def slice_seconds(self) -> float:
        """How long one of the pieces is."""
        return self.within.total_seconds() / SLICES


def _per(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


# The numbers are those of PyPI (Warehouse, `warehouse/config.py`), for OWASP ASVS 5.0, 6.3.1.
SIGN_IN = (
    Limit("sign in, account", Scope.ACCOUNT, 10, _per(minutes=5)),
    Limit("sign in, network", Scope.NETWORK, 10, _per(minutes=5)),
    Limit("sign in, everybody", Scope.EVERYBODY, 1_000, _per(minutes=5)),
)
"""A password tried. The account is what was typed, whether there is one or not."""

SECOND_STEP = (
    Limit("second step, 5 minutes", Scope.ACCOUNT, 5, _per(minutes=5)),
    Limit("second step, hour", Scope.ACCOUNT, 20, _per(minutes=60)),
    Limit("second step, day", Scope.ACCOUNT, 50, _per(minutes=24 * 60)),
)
"""A one-time or recovery code tried, after the right password."""

RESET = (
    Limit("reset, account", Scope.ACCOUNT, 5, _per(minutes=24 * 60), trusts_devices=False),
    Limit("reset, network", Scope.NETWORK, 20, _per(minutes=60)),
    Limit("reset, everybody", Scope.EVERYBODY, 1_000, _per(minutes=60)),
)
"""A mail asked for, to choose another password; the account is what was typed."""

CODE_ENTRY = (
    Limit("code, network", Scope.NETWORK, 10, _per(minutes=5)),
    Limit("code, everybody", Scope.EVERYBODY, 1_000, _per(minutes=5)),
)
"""A code of a mail or letter tried, by somebody of whom nothing is known."""


FAMILY_SECRET = (
    Limit("family secret, network", Scope.NETWORK, 10, _per(minutes=5)),
    Limit("family secret, everybody", Scope.EVERYBODY, 1_000, _per(minutes=5)),
)
"""The code or the phrase of a family tried; what was right does not count."""

CORRECTION = (
    Limit("correction, network", Scope.NETWORK, 10, _per(minutes=10)),
    Limit("correction, everybody", Scope.EVERYBODY, 300, _per(minutes=60)),
)
"""Something said to be not right, by anybody; what was not yet right in the form counts too."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who tries something, as far as it is counted. What is left empty is not counted."""

    account: str = ""
    """What names the account: a mail address as typed and folded, or an id."""
    network: str = ""
    """As `network_of` says."""
    device: str = ""
    """The device, where `devices.recognised` knows it for this account: then it is counted on its own."""


class TooManyAttempts(Exception):
    """It was tried too often."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"too many attempts; again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds

    @property
    def retry_after_minutes(self) -> int:
        """How many minutes to wait, rounded up; for people."""
        return math.ceil(self.retry_after_seconds / 60)


def network_of(address: str | None) -> str:
    """The network of a visitor, from the address of the connection: `request.remote_addr`, behind trusted proxies.

    An IPv4 address as a whole; of IPv6 the first 56 bits. What cannot be read is one network for all: too strict, not
    too lax.
    """
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, IPV6_BITS), strict=False))
    return str(found)
