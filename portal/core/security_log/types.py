"""What the security log tells."""

from __future__ import annotations

from enum import StrEnum

LONGEST_DETAIL = 100


class SecurityKind(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    CODE_WRONG = "code_wrong"
    RECOVERY_CODE_USED = "recovery_code_used"
    THROTTLED = "throttled"
    RESET_ASKED = "reset_asked"
    RESET_DONE = "reset_done"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    """By the person on another device, by somebody who may, or because its time was over."""
    ACCESS_REFUSED = "access_refused"
    CSRF_REFUSED = "csrf_refused"
    """A form that was not sent from a page of ours."""

    @property
    def is_refusal(self) -> bool:
        """Whether somebody did not get what they tried; a warning in the log."""
        return self in _REFUSALS

    @property
    def is_kept(self) -> bool:
        """Whether it is kept in the database too, whoever it concerns.

        A throttled attempt is not: it must cost nothing, and a row for accounts that exist would tell that they do.
        """
        return self is not SecurityKind.THROTTLED

    @property
    def is_unbounded(self) -> bool:
        """Whether a stranger can cause it as often as they like; then it is kept only of people that are known."""
        return self in (SecurityKind.ACCESS_REFUSED, SecurityKind.CSRF_REFUSED)


_REFUSALS = frozenset(
    (
        SecurityKind.SIGN_IN_FAILED,
        SecurityKind.CODE_WRONG,
        SecurityKind.THROTTLED,
        SecurityKind.ACCESS_REFUSED,
        SecurityKind.CSRF_REFUSED,
    )
)
