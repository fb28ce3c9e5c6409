"""Security headers, the same on every response whatever its kind.

The policy is one constant: public pages carry no inline script or style, so it needs no nonce and pages can
be cached. Anchors: OWASP ASVS 5.0 chapter 3.4 and the header checks of Internet.nl.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from flask import Flask, Response, g, request
from isal import igzip
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from portal.core.problems import is_for_programs

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

COMPRESSED_FROM_BYTES = 1_000
LEVEL = 2
"""Of isal's levels 0 to 3 the last that takes next to no time, for a tenth more bytes than the usual level of gzip."""
_COMPRESSIBLE = ("text/", "application/json", "application/problem+json", "image/svg+xml", "application/xml")


def init_app(app: Flask) -> None:
    """Set the headers on every response; let what is public be revalidated and travel compressed."""

    @app.after_request
    def _set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_for_programs(request.path):
            # Open data: any page may read it. No cookie goes along.
            response.headers["Access-Control-Allow-Origin"] = "*"
        if is_private():
            response.headers["Cache-Control"] = "no-store"
        elif response.status_code == 200 and request.method in ("GET", "HEAD"):
            response.vary.add("Accept-Encoding")
            _compress(response)
            _revalidate(response)
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def keep_private() -> None:
    """The answer to this request is for one person: nobody keeps it, and it does not travel compressed (BREACH)."""
    g.is_private = True


def is_private() -> bool:
    """Whether the answer to this request is for one person."""
    return bool(g.get("is_private"))


def _revalidate(response: Response) -> None:
    """Give a page an ETag: a browser asks each time, and hears in a few bytes that nothing changed.

    It is the same whether the page travels compressed or not.
    """
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    if not response.direct_passthrough and "ETag" not in response.headers:
        body = response.get_data()
        if "Content-Encoding" not in response.headers and _is_worth_packing(response):
            body = _packed(body)  # for who takes it plain, which hardly anybody does
        response.set_etag(hashlib.blake2b(body, digest_size=16).hexdigest(), weak=True)
        if "HTTP_IF_NONE_MATCH" in request.environ:
            response.make_conditional(request)


def _compress(response: Response) -> None:
    """Send text compressed. Public pages hold no secret, so there is nothing for BREACH to guess."""
    if not (response.mimetype or "").startswith(_COMPRESSIBLE) or "Content-Encoding" in response.headers:
        return
    if not _takes_gzip(request.headers.get("Accept-Encoding", "")):
        return
    response.direct_passthrough = False
    if _is_worth_packing(response):
        response.set_data(_packed(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        if etag is not None:
            response.set_etag(etag, weak=True)  # the bytes differ from those of the plain answer


def _is_worth_packing(response: Response) -> bool:
    is_text = (response.mimetype or "").startswith(_COMPRESSIBLE)
    return is_text and len(response.get_data()) >= COMPRESSED_FROM_BYTES


def _packed(body: bytes) -> bytes:
    return bytes(igzip.compress(body, compresslevel=LEVEL, mtime=0))


@lru_cache(maxsize=1_000)
def _takes_gzip(accepted: str) -> bool:
    """Whether this header allows it; browsers send a handful of them."""
    return bool(parse_accept_header(accepted, Accept)["gzip"])
