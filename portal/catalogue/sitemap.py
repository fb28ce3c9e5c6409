"""The addresses of the catalogue that stay."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.models import Provider

FIXED = (
    "catalogue.home", "catalogue.providers", "catalogue.family_homes", "catalogue.help_page", "catalogue.glossary",
    "choosing.helper", "pages.young_people", "pages.about", "pages.privacy", "pages.accessibility",
    "pages.complaints", "data.data", "telling.code", "telling.house_rules",
    "offices.index",
)  # fmt: skip


def addresses(session: Session, arrangements: Iterable[str]) -> list[str]:
    """The paths of all fixed pages, of the road to each kind of help, and of every provider that has not merged."""
    slugs = session.scalars(select(Provider.slug).where(Provider.successor_id.is_(None)).order_by(Provider.slug))
    return [
        *(url_for(endpoint) for endpoint in FIXED),
        *(url_for("catalogue.road", arrangement=code) for code in arrangements),
        *(url_for("catalogue.provider", slug=slug) for slug in slugs),
    ]
