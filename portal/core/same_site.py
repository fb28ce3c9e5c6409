"""No form of another site changes anything here.

A browser says with each form from where it was sent: `Sec-Fetch-Site`, or `Origin`, or at least `Referer`. What does
not come from our own pages is refused, and so is what does not say. That needs neither cookie nor session, so it also
guards forms that anybody may send. (OWASP ASVS 5.0, 3.5.1; https://www.w3.org/TR/fetch-metadata/)
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OWN = frozenset({"same-origin", "none"})


def is_from_here(request: Request, base_url: str) -> bool:
    """Whether a request that may change something was sent by a page of ours, or by a person's own hand.

    Ours are the host that was asked and the public address `base_url`; a proxy may stand between the two.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from in OWN
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    if not origin:
        return False
    try:
        parts, base = urlsplit(origin), urlsplit(base_url)
    except ValueError:
        return False
    if (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
        return True
    return parts.scheme in ("http", "https") and parts.netloc == request.host
