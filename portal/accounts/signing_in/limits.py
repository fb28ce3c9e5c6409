"""How often somebody may try, told to the counting of `portal/core/throttle`.

A browser in which somebody signed in before is counted on its own: nobody keeps it out by guessing from elsewhere.
"""

from __future__ import annotations

from enum import StrEnum

from flask import request

from portal.accounts.queries import folded_email
from portal.accounts.signing_in.cookies import device_token
from portal.core import clock
from portal.core.database import current_database, let_go
from portal.core.throttle.devices import recognised
from portal.core.throttle.operations import Counted, give_back, refuse_if_too_many
from portal.core.throttle.types import CODE_ENTRY, RESET, SECOND_STEP, SIGN_IN, Who, network_of


class Attempt(StrEnum):
    """What is tried."""

    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    MAIL_CODE = "mail_code"
    RESET = "reset"


_LIMITS = {
    Attempt.SIGN_IN: SIGN_IN,
    Attempt.SECOND_STEP: SECOND_STEP,
    Attempt.MAIL_CODE: CODE_ENTRY,
    Attempt.RESET: RESET,
}


def attempt(what: Attempt, email: str = "") -> Counted:
    """Count an attempt before it is made; `succeeded` takes the answer. `email` is the account, as it was typed.

    Raises TooManyAttempts where it was tried too often.
    """
    account, database = folded_email(email), current_database()
    device = recognised(database.keys, account, device_token(), clock.today()) if account else ""
    let_go()
    return refuse_if_too_many(
        database, _LIMITS[what], Who(account, network_of(request.remote_addr), device), clock.now()
    )


def succeeded(counted: Counted) -> None:
    """The attempt was right: it does not count, and failures before it still do."""
    give_back(current_database(), counted)
