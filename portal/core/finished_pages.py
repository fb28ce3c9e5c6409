"""Pages that were made a moment ago, kept by each process for whoever asks the very same again.

A page is kept as it was sent, for as long as the *state* that it was made from holds, and for a minute; what is older
goes with the next request of any page that the process answers. It is sent again before Flask sees the request, which
takes less than to answer "hello". The address under which it is kept is a digest with a key that no file holds, but the
page itself repeats the question: who can read the memory of a process reads what was asked in its last minute, or of a
process that has nothing to do, since its last request. We never write it to a disk, and `portal.core.memory` keeps the
system from it.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_etags, unquote_etag

from portal.core.logs import REQUEST_ID, new_request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 4_000_000
KEPT_SECONDS = 60.0
_ASKED = "portal.finished_page"
NEW_EACH_TIME = ("Date", REQUEST_ID)
"""Headers of an answer that is sent again which belong to one request alone."""
_OF_THE_BODY = ("Content-Length", "Content-Encoding", "Content-Type")


@dataclass(frozen=True, slots=True)
class _Page:
    body: bytes
    headers: list[tuple[str, str]]
    etag: str
    until: float

    def is_known_to(self, if_none_match: str | None) -> bool:
        """Whether who sends this header has the page already: `*`, or a list that names it (RFC 9110, 13.1.2)."""
        tag, _ = unquote_etag(self.etag)
        return tag is not None and parse_etags(if_none_match).contains_weak(tag)


class FinishedPages:
    """The pages of some paths that were made last, within a number of bytes, oldest first; all of one state."""

    def __init__(
        self,
        behind: WSGIApplication,
        paths: Collection[str],
        state_now: Callable[[WSGIEnvironment], Hashable],
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._behind, self._paths, self._state_now, self._most = behind, paths, state_now, most_bytes
        self._key = os.urandom(16)
        self._state: Hashable = None
        self._bytes = 0
        self._pages: OrderedDict[bytes, _Page] = OrderedDict()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._forget_expired()
        if environ["REQUEST_METHOD"] != "GET" or environ.get("PATH_INFO") not in self._paths:
            return self._behind(environ, start_response)
        try:
            state = self._state_now(environ)
        except SQLAlchemyError:
            return self._behind(environ, start_response)
        address = self._address(environ)
        page = self._find(address, state)
        if page is None:
            environ[_ASKED] = (self, address, state)
            return self._behind(environ, start_response)
        headers = [*page.headers, (REQUEST_ID, new_request_id())]
        if page.is_known_to(environ.get("HTTP_IF_NONE_MATCH")):
            start_response("304 NOT MODIFIED", [pair for pair in headers if pair[0] not in _OF_THE_BODY])
            return ()
        start_response("200 OK", headers)
        return (page.body,)

    def _address(self, environ: WSGIEnvironment) -> bytes:
        """What the answer depends on, besides the state."""
        parts = ("HTTP_HOST", "wsgi.url_scheme", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT_ENCODING")
        asked = "\n".join(environ.get(part, "") for part in parts)
        return hashlib.blake2b(asked.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()

    def _find(self, address: bytes, state: Hashable) -> _Page | None:
        if state != self._state:
            self._pages.clear()
            self._state, self._bytes = state, 0
        return self._pages.get(address)

    def keep(self, address: bytes, state: Hashable, response: Response) -> None:
        """Keep a page that was made from this state."""
        if state != self._state or response.status_code != 200 or response.direct_passthrough:
            return
        body = response.get_data()
        headers = [(name, value) for name, value in response.headers if name not in NEW_EACH_TIME]
        self._forget(address)
        self._pages[address] = _Page(body, headers, response.headers.get("ETag", ""), time.monotonic() + KEPT_SECONDS)
        self._bytes += len(body)
        while self._bytes > self._most:
            self._forget(next(iter(self._pages)))

    def _forget_expired(self) -> None:
        """Drop what is past its minute; pages lie in the order in which they were made."""
        now = time.monotonic()
        while self._pages and self._pages[oldest := next(iter(self._pages))].until < now:
            self._forget(oldest)

    def _forget(self, address: bytes) -> None:
        page = self._pages.pop(address, None)
        if page is not None:
            self._bytes -= len(page.body)


def init_app(app: Flask, paths: Collection[str], state_now: Callable[[WSGIEnvironment], Hashable]) -> None:
    """Keep the pages of these paths for as long as `state_now` answers the same for the environment of a request.

    To be called before what sets headers, so that a page is kept with them.
    """
    app.wsgi_app = FinishedPages(app.wsgi_app, paths, state_now)  # type: ignore[method-assign]

    @app.after_request
    def _keep(response: Response) -> Response:
        asked = request.environ.pop(_ASKED, None)
        if asked is not None:
            pages, address, state = asked
            pages.keep(address, state, response)
        return response


def do_not_keep() -> None:
    """This page is to be made anew next time, whatever the state."""
    request.environ.pop(_ASKED, None)
