"""Forms of public pages carry no cookie and no token: what a browser says of where a form came from guards them.

Source: Fetch Metadata (W3C), `Sec-Fetch-Site`; where a browser does not send it, `Origin` (RFC 6454).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden


def refuse_foreign_forms() -> None:
    """Refuse what a page of another site sends.

    Raises Forbidden where the browser says that a form comes from elsewhere.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    said = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    is_foreign = said not in ("same-origin", "none") if said else origin and urlsplit(origin).netloc != request.host
    if is_foreign:
        raise Forbidden
