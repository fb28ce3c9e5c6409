"""Errors as programs read them: problem details (RFC 9457), for every address under `/api`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Response, g

from portal.core.languages import gettext
from portal.core.messages import N_

PREFIX = "/api"
MEDIA_TYPE = "application/problem+json"

_DETAILS = {
    400: N_("Something in the address cannot be read."),
    404: N_("There is nothing at this address."),
    405: N_("This address can only be read: use GET."),
    429: N_("There were very many questions in a short time. Wait a minute and try again."),
    500: N_("This is our mistake, not yours. Try again in a few minutes."),
    503: N_("We cannot reach our data just now. Wait a minute and try again."),
}


class Refusal(Exception):
    """What was asked cannot be answered: `status` says how, `detail` why, in the language of the request.

    `members` are further things to know.
    """

    def __init__(self, status: HTTPStatus, detail: str, members: Mapping[str, object] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.members = members or {}


def is_for_programs(path: str) -> bool:
    """Whether what answers at `path` is read by programs, which want problem details rather than a page."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def problem(status: int) -> Response:
    """Problem details for a status that needs no further explanation."""
    standard = _DETAILS.get(status) or _DETAILS[400 if status < 500 else 500]
    return _response(status, gettext(standard), {})


def refused(refusal: Refusal) -> Response:
    """Problem details of a refusal."""
    return _response(refusal.status, refusal.detail, refusal.members)


def _response(status: int, detail: str, members: Mapping[str, object]) -> Response:
    # `type` about:blank means: no more than the status says, whose phrase is then the title (RFC 9457, 4.2.1).
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    if "request_id" in g:
        body["request_id"] = g.request_id
    return Response(json.dumps(body, ensure_ascii=False) + "\n", status, mimetype=MEDIA_TYPE)
