"""What is asked by mail, and when."""

from __future__ import annotations

from enum import StrEnum

REPEATED_AFTER_DAYS = 28
"""A month, a little short: so that a mail of the first of March is followed by one in March."""
ESCALATED_AFTER = 3
"""With the mail of this number the region hears that the former ones were not answered."""


class ReminderKind(StrEnum):
    """What a provider is asked about."""

    WAITING = "waiting"
    """Each month: the waiting times."""
    PROFILE = "profile"
    """Each year: everything else that families read."""
