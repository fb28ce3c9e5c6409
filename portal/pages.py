"""Pages without data, and the addresses that programs expect of every site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.sitemap import addresses
from portal.core import migrations
from portal.core.access import public
from portal.core.database import current_database, current_session
from portal.core.reading import in_reading
from portal.core.settings import current_settings
from portal.search.engine import current_engine

blueprint = public(Blueprint("pages", __name__))

SECURITY_TXT_VALID = timedelta(days=180)


@blueprint.get("/over")
def about() -> str:
    """What this site is and who decides what it shows."""
    return render_template("pages/about.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept of a visitor: nothing; what of who works here; and whom to ask."""
    settings = current_settings()
    return render_template(
        in_reading("pages/privacy.html", "easy/privacy.html"),
        trail_years=settings.trail_years,
        security_log_days=settings.security_log_days,
        correction_days=settings.correction_days,
        correction_wait_days=settings.correction_wait_days,
    )


@blueprint.get("/toegankelijkheid")
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("pages/accessibility.html")


@blueprint.get("/klachten")
def complaints() -> str:
    """Where to complain, and the confidential counsellor."""
    return render_template("pages/complaints.html")


@blueprint.get("/jongeren")
def young_people() -> str:
    """For young people who look for help themselves."""
    return render_template("pages/young_people.html")


@blueprint.get("/thema.css")
def theme() -> Response:
    """The region's own design tokens."""
    path = current_settings().theme
    if path is None or not path.is_file():
        abort(HTTPStatus.NOT_FOUND)
    return send_file(path.resolve(), mimetype="text/css", max_age=3600)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What search engines may read: every page, but not every combination of filters, and not the data once more."""
    closed = (
        "/zoeken?", "/vergelijken", "/mijn-lijst", "/keuzehulp/", "/api/", "/data/",
        "/werkplek", "/inloggen", "/uitnodiging", "/ervaring/", "/klopt-niet",
    )  # fmt: skip
    sitemap = _absolute(url_for("pages.sitemap"))
    lines = ("User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {sitemap}", "")
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """All pages that stay (https://www.sitemaps.org/protocol.html)."""
    found = addresses(current_session(), current_code_lists().arrangements)
    body = render_template("pages/sitemap.xml", addresses=[_absolute(address) for address in found])
    return Response(body, mimetype="application/xml")


@blueprint.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Whom to tell about a weakness (RFC 9116)."""
    settings = current_settings()
    contact = f"mailto:{settings.contact_email}" if settings.contact_email else _absolute(url_for("pages.about"))
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {(midnight + SECURITY_TXT_VALID).isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: nl, en",
        f"Canonical: {_absolute(url_for('pages.security_txt'))}",
        "",
    )
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Whether the process is alive."""
    return {"status": "ok"}, HTTPStatus.OK, {"Cache-Control": "no-store"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Whether the database can be reached and has the shape of this version, and the index can be read."""
    database = current_database()
    try:
        ready = database.answers() and migrations.current(database.engine) == migrations.head()
        ready = ready and current_engine().index() is not None
    except SQLAlchemyError:
        ready = False
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ok" if ready else "unavailable"}, status, {"Cache-Control": "no-store"}


def _absolute(path: str) -> str:
    """An absolute address from the setting alone, never from what the visitor's request says."""
    return current_settings().base_url + path
