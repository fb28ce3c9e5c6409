"""Logs: one JSON object a line, with a request id, without the visitor.

No address, no browser, no query string: what a family types or where it comes from is never written.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

logger = logging.getLogger("portal")

REQUEST_ID = "X-Request-Id"
"""The header by which a visitor can quote a request."""


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One line: time (UTC), level, message, what was passed as `extra={"fields": {…}}`, and an error's trace."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if has_request_context() and "request_id" in g:
            line["request_id"] = g.request_id
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def new_request_id() -> str:
    """What names one request and nobody: random."""
    return secrets.token_hex(8)


def init_app(app: Flask, level: str) -> None:
    """Log each request, and answer with its id so that a visitor can quote it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
    app.logger.handlers[:] = [handler]
    app.logger.setLevel(level)
    app.logger.propagate = False

    @app.before_request
    def _begin() -> None:
        g.request_id = new_request_id()
        g.began = time.perf_counter()

    @app.after_request
    def _log(response: Response) -> Response:
        response.headers[REQUEST_ID] = g.get("request_id", "")
        if logger.isEnabledFor(logging.INFO):
            # The route's pattern, not the path: a path can hold what a person typed.
            fields = {
                "method": request.method if request.url_rule else "-",
                "route": request.url_rule.rule if request.url_rule else "-",
                "status": response.status_code,
                "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            }
            logger.info("request", extra={"fields": fields})
        return response
