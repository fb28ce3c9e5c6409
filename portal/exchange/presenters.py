"""The page about the open data, ready for a template."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from portal.catalogue.models import Region
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link
from portal.core.text import slugify

LICENCE_ADDRESS = "https://creativecommons.org/publicdomain/zero/1.0/deed.nl"


@dataclass(frozen=True, slots=True)
class RegionDownloads:
    """The files of one region."""

    name: str
    files: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question to the API: what it asks, and its whole address."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class DataPage:
    """What is open, and how to get it."""

    regions: tuple[RegionDownloads, ...]
    examples: tuple[Example, ...]
    openapi_href: str
    licence_href: str


_FILES = {
    "aanbod.xlsx": (N_("Workbook (Excel, LibreOffice)"), N_("One sheet for each table.")),
    "aanbod-csv.zip": (N_("CSV files in a zip"), N_("One file for each table, with semicolons and decimal commas.")),
    "aanbod-hsds.zip": (
        N_("Open Referral HSDS 3 in a zip"),
        N_("The international standard for finding help."),
    ),
    "cijfers.csv": (
        N_("Figures about results (CSV)"),
        N_("One row for each figure, with what it cannot tell. The explanation is on the page about the figures."),
    ),
}


def data_page(regions: list[Region], slug: str | None, municipality: str, site: str) -> DataPage:
    """The page for these regions; `slug` (a provider's) and `municipality` stand in the examples.

    `site` is the public address of the portal.
    """
    asked = urlencode({"q": "wil niet naar school", "gemeente": municipality} if municipality else {"q": "angst"})
    examples = [
        (gettext("Who helps with a question in somebody's own words?"), f"/api/v1/providers?{asked}"),
        (gettext("All help in the international standard"), "/api/hsds/services?per_page=100"),
        (gettext("What the help brought families"), "/api/v1/outcomes?indicator=goals_reached"),
    ]
    if slug is not None:
        examples.insert(1, (gettext("Everything about one provider"), f"/api/v1/providers/{slug}"))
    return DataPage(
        regions=tuple(RegionDownloads(region.name, _files(region)) for region in regions),
        examples=tuple(Example(text, site + address) for text, address in examples),
        openapi_href=link("api.openapi"),
        licence_href=LICENCE_ADDRESS,
    )


def _files(region: Region) -> tuple[Link, ...]:
    return tuple(
        Link(
            gettext(_FILES[name][0]),
            link("data.download", region=slugify(region.name), filename=name),
            gettext(_FILES[name][1]),
        )
        for name in _FILES
    )
