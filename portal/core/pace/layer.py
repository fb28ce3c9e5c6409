"""Lets questions through at a pace, before Flask sees them; what comes too quickly gets an answer that was made before.

It fails open: where places cannot be counted every question is answered, and the log says once why.
"""

from __future__ import annotations

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, abort, g, request
from werkzeug.test import run_wsgi_app

from portal.core import languages
from portal.core.errors import Declined
from portal.core.finished_pages import NEW_EACH_TIME
from portal.core.logs import REQUEST_ID, new_request_id
from portal.core.messages import N_
from portal.core.pace.table import Table
from portal.core.pace.types import API, QUESTIONS, SUGGESTIONS, Limit
from portal.core.problems import is_for_programs
from portal.core.throttle.types import network_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger("portal")

FILE = "question-places"
THIS_MACHINE = frozenset({"127.0.0.1", "::1"})
"""Where no visitor comes from: health checks, whoever tries or measures the portal here, and a proxy beside it that
`PORTAL_PROXIES` does not count. All its visitors must not share one limit for that."""
_BEHIND_PROXIES, _PASSED_ON = "werkzeug.proxy_fix.orig", "HTTP_X_FORWARDED_FOR"
KEPT_SECONDS = 60.0
"""How long a refusal is kept: it names the crisis line, which may change."""
TOLD_EACH_SECONDS = 60.0
_REFUSED = "portal.too_quick"
_OWN_LANGUAGE = re.compile(r"(?:^|&)lang=([a-z-]{2,8})(?:&|$)")
_OF_THE_SERVER = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SCRIPT_NAME", "HTTP_HOST")


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    until: float


class Pace:
    """Before `behind`: counts what `limit_of` a path limits, in a table that all processes share."""

    def __init__(self, behind: WSGIApplication, limit_of: Callable[[str], Limit | None], table: Table) -> None:
        self._behind, self._limit_of, self._table = behind, limit_of, table
        self._refusals: dict[tuple[bool, str], _Refusal] = {}
        self._refused: Counter[str] = Counter()
        self._told_at = -TOLD_EACH_SECONDS
        self._has_failed = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        limit = None if _is_of_this_machine(environ) else self._limit_of(routed(environ.get("PATH_INFO", "")))
        seconds = self._seconds_to_wait(limit, environ.get("REMOTE_ADDR"))
        if limit is None or seconds == 0:
            return self._behind(environ, start_response)
        self._tell(limit)
        refusal = self._refusal(environ)
        headers = [*refusal.headers, ("Retry-After", str(seconds)), (REQUEST_ID, new_request_id())]
        start_response(refusal.status, headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (refusal.body,)

    def _seconds_to_wait(self, limit: Limit | None, address: str | None) -> int:
        try:
            if limit is None:
                self._table.forget_in_time()
                return 0
            return self._table.seconds_to_wait(limit, network_of(address))
        except OSError as error:
            if not self._has_failed:
                self._has_failed = True
                _say_that_nothing_is_limited(error)
            return 0

    def _refusal(self, environ: WSGIEnvironment) -> _Refusal:
        """What is answered: in the language of the question, and to programs as they read it.

        It is made by asking the application without anything of the visitor, so that it can be sent to others.
        """
        found = _OWN_LANGUAGE.search(environ.get("QUERY_STRING", ""))
        known = {language.code for language in languages.available()}
        language = found[1] if found and found[1] in known else languages.DEFAULT
        kind = is_for_programs(routed(environ["PATH_INFO"])), language
        kept = self._refusals.get(kind)
        if kept is None or kept.until < time.monotonic():
            kept = self._made({name: environ[name] for name in _OF_THE_SERVER if name in environ}, environ, *kind)
            if kept.status.startswith(str(HTTPStatus.TOO_MANY_REQUESTS.value)):  # and not that this host is not ours
                self._refusals[kind] = kept
        return kept

    def _made(self, server: WSGIEnvironment, environ: WSGIEnvironment, for_programs: bool, language: str) -> _Refusal:
        asked: WSGIEnvironment = {
            **{name: value for name, value in environ.items() if name.startswith("wsgi.")},
            **server,
            "wsgi.input": io.BytesIO(),
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/api/v1/providers" if for_programs else "/zoeken",
            "QUERY_STRING": "" if language == languages.DEFAULT else f"lang={language}",
            _REFUSED: True,
        }
        body, status, headers = run_wsgi_app(self._behind, asked, buffered=True)
        lasting = [(name, value) for name, value in headers if name not in NEW_EACH_TIME]
        return _Refusal(status, lasting, b"".join(body), time.monotonic() + KEPT_SECONDS)

    def _tell(self, limit: Limit) -> None:
        """Write how many were refused: at once, and then not more than once a minute."""
        self._refused[limit.name] += 1
        if time.monotonic() - self._told_at >= TOLD_EACH_SECONDS:
            logger.warning("questions came too quickly", extra={"fields": {"refused": dict(self._refused)}})
            self._refused.clear()
            self._told_at = time.monotonic()


def routed(path: str) -> str:
    """The path by which a page is found: what stands before its first name does not count (`//zoeken`)."""
    return "/" + path.lstrip("/")


def _is_of_this_machine(environ: WSGIEnvironment) -> bool:
    """Whether nobody else asks: what a proxy passes on is a visitor's, also where its header cannot be read."""
    is_passed_on = _BEHIND_PROXIES in environ and _PASSED_ON in environ
    return environ.get("REMOTE_ADDR") in THIS_MACHINE and not is_passed_on


def init_app(app: Flask, folder: Path, secret: bytes, limit_of: Callable[[str], Limit | None]) -> None:
    """Limit what each network may ask. To be called after `languages.init_app`, and before what sends pages again."""

    @app.before_request
    def _refuse() -> None:
        if _REFUSED in request.environ:
            g.pop("request_id", None)  # what is sent to many is no request that one of them could name
            if is_for_programs(request.path):
                abort(HTTPStatus.TOO_MANY_REQUESTS)
            raise Declined(
                HTTPStatus.TOO_MANY_REQUESTS,
                N_("A moment, please"),
                N_(
                    "Very many questions come from your internet connection just now: from you, or from others at "
                    "home, at school or at work. Wait a few seconds and load this page again."
                ),
            )

    try:
        table = Table(folder / FILE, (QUESTIONS, SUGGESTIONS, API), secret)
    except OSError as error:
        _say_that_nothing_is_limited(error)
        return
    app.extensions["portal.pace"] = table
    app.wsgi_app = Pace(app.wsgi_app, limit_of, table)  # type: ignore[method-assign]


def _say_that_nothing_is_limited(error: OSError) -> None:
    logger.warning("questions are answered without a limit", extra={"fields": {"reason": str(error)}})
