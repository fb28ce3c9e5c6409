"""The cookies of who signs in: one that ends with the sign-in, one by which the browser is known again, and one for the
minutes in which somebody is at the page of the own organisation.

Public pages look at none of them. `__Host-` ties a cookie to this very host, and
asks for https (RFC 6265bis, 4.1.3.2).
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g, request

from portal.core import clock
from portal.core.database import current_database
from portal.core.settings import current_settings
from portal.core.throttle import devices

JOURNEY = timedelta(minutes=10)


def sign_in_token() -> str:
    """The token of the sign-in that the browser brought; empty where there is none."""
    return request.cookies.get(_name("portal"), "")


def device_token() -> str:
    """The token by which this browser is known again; empty where there is none."""
    return request.cookies.get(_name("portal-device"), "")


def set_sign_in(token: str) -> None:
    """Give the token of a sign-in along with this answer; an empty one takes it back."""
    g.sign_in_token = token


def remember_device(account: str) -> None:
    """Let this browser be known again as one in which `account` signed in."""
    g.device_token = devices.issue(current_database().keys, account, clock.today())


def journey() -> str:
    """What was kept while somebody was at the page of their organisation; empty where nothing was."""
    return request.cookies.get(_name("portal-journey"), "")


def keep_journey(sealed: str) -> None:
    """Keep something until somebody comes back from their organisation; an empty text takes it back."""
    g.journey = sealed


def send(response: Response) -> Response:
    """Add to an answer what was given along with it."""
    _send(response, "portal", g.get("sign_in_token"), None)
    _send(response, "portal-device", g.get("device_token"), devices.VALID)
    _send(response, "portal-journey", g.get("journey"), JOURNEY)
    return response


def _send(response: Response, name: str, token: str | None, lasts: timedelta | None) -> None:
    if token is None:
        return
    if token:
        response.set_cookie(
            _name(name), token, max_age=lasts, path="/", secure=_is_https(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(_name(name), path="/", secure=_is_https(), httponly=True, samesite="Lax")


def _name(name: str) -> str:
    return f"__Host-{name}" if _is_https() else name


def _is_https() -> bool:
    return current_settings().base_url.startswith("https://")
