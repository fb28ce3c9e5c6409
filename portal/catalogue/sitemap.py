"""The addresses of the catalogue that stay."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.models import Provider

FIXED = (
    "catalogue.home", "catalogue.providers", "catalogue.family_homes", "catalogue.help_page",
    "catalogue.glossary", "pages.young_people", "pages.about", "pages.privacy", "pages.accessibility",
    "pages.complaints", "data.data",
)  # fmt: skip


def addresses(session: Session) -> list[str]:
    """The paths of all fixed pages and of every provider that has not merged into another."""
    slugs = session.scalars(select(Provider.slug).where(Provider.successor_id.is_(None)).order_by(Provider.slug))
    return [url_for(endpoint) for endpoint in FIXED] + [url_for("catalogue.provider", slug=slug) for slug in slugs]
