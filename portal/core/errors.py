"""Error pages that say what happened and help on, and for programs the same as problem details.

None of them needs the database.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from portal.core.languages import gettext
from portal.core.messages import N_
from portal.core.pages import Link
from portal.core.problems import Refusal, is_for_programs, problem, refused

logger = logging.getLogger("portal")


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page says: a title, what it means, and what one can do."""

    status: int
    title: str
    explanation: str
    request_id: str = ""
    links: tuple[Link, ...] = ()
    """Where to go from here, before the pages that everybody can go to."""


_TEXTS = {
    400: (N_("We do not understand this address"),
          N_("Something in the address or the form is not right. Go back and try again, or start at the home page.")),
    403: (N_("This page is not for you"), N_("You are not allowed to see this page.")),
    404: (N_("This page does not exist"),
          N_("Perhaps the address was typed wrongly, or the page has moved. Search again, or look in the list of "
            "providers.")),
    405: (N_("That cannot be done here"), N_("This page cannot handle what was sent. Go back and try again.")),
    410: (N_("This is no longer offered"), N_("It was here, but it has been withdrawn. Other help may fit as well.")),
    413: (N_("This is too much at once"), N_("What was sent is too big. Send less, or a smaller file.")),
    429: (N_("A moment, please"), N_("There were very many questions in a short time. Wait a minute and try again.")),
    500: (N_("Something went wrong on our side"),
          N_("This is our mistake, not yours. We see it and look into it. Try again in a few minutes.")),
    503: (N_("The site is catching its breath"),
          N_("We cannot reach our data just now. Wait a minute and try again.")),
}  # fmt: skip

SHOWN = frozenset(_TEXTS)


class Declined(HTTPException):
    """A refusal that is explained in its own words: title and explanation, both marked for translation.

    `values` fill the places of the explanation; `links` lead on from there.
    """

    def __init__(
        self,
        status: int,
        title: str,
        explanation: str,
        links: tuple[Link, ...] = (),
        values: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__()
        self.code = status
        self.title, self.explanation, self.links, self.values = title, explanation, links, values or {}


def init_app(app: Flask) -> None:
    """Answer every error with a page of our own, in the visitor's language."""

    def http_error(error: HTTPException) -> Response:
        if isinstance(error, SecurityError):  # an untrusted host: no address can be made for it, so no page either
            is_page = not is_for_programs(request.path)
            return Response("Bad Request\n", 400, mimetype="text/plain") if is_page else problem(400)
        status = error.code or 500
        if status < 400:
            return make_response(error.get_response())
        response = declined_page(error) if isinstance(error, Declined) else _answer(status)
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    def unavailable(error: Exception) -> Response:
        logger.error("database unavailable", exc_info=error)
        response = _answer(503)
        response.headers["Retry-After"] = "30"
        return response

    def unexpected(error: Exception) -> Response:
        if isinstance(error, DBAPIError) and _is_unavailable(error):
            return unavailable(error)
        logger.error("unexpected error", exc_info=error)
        return _answer(500)

    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(OperationalError, unavailable)
    app.register_error_handler(PoolTimeout, unavailable)
    app.register_error_handler(Exception, unexpected)


_NO_SUCH_TABLE = "42P01"


def _is_unavailable(error: DBAPIError) -> bool:
    """Whether the database cannot be used at all: gone, damaged, or without our tables."""
    damaged = type(error) is DatabaseError
    return error.connection_invalidated or damaged or getattr(error.orig, "sqlstate", None) == _NO_SUCH_TABLE


def declined_page(declined: Declined) -> Response:
    """The page that explains a refusal."""
    return _page(declined.code or 403, declined)


def _answer(status: int) -> Response:
    """What tells of this status: a page, or problem details where programs ask."""
    return problem(status) if is_for_programs(request.path) else _page(status)


def _page(status: int, declined: Declined | None = None) -> Response:
    shown = status if status in SHOWN else (400 if status < 500 else 500)
    texts = (declined.title, declined.explanation) if declined else _TEXTS[shown]
    title, explanation = gettext(texts[0]), gettext(texts[1], **(declined.values if declined else {}))
    page = ErrorPage(status, title, explanation, g.get("request_id", ""), declined.links if declined else ())
    try:
        return make_response(render_template("core/error.html", page=page), status)
    except Exception as failure:  # an error page must not fail: what it needs may be what is broken
        logger.error("the error page failed", exc_info=failure)
        return Response(f"{title}\n{explanation}\n", status, mimetype="text/plain")
