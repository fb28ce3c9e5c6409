"""The pages on which families tell of access teams and certified institutions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.catalogue.presenters.common import MunicipalityHelp
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link
from portal.reviews.offices.queries import Tellable
from portal.reviews.showing.presenters import ExperiencesShown, UnnamedStories, pages_of
from portal.reviews.types import OfficeKind

_LEADS = {
    OfficeKind.ACCESS_TEAM: N_(
        "With this team of the municipality you talk about which help fits. Here families tell how that was: of the "
        "team as a whole, never of one person."
    ),
    OfficeKind.YOUTH_PROTECTOR: N_(
        "This institution carries out youth protection. Nobody chooses that. Here families tell how they were treated: "
        "of the institution as a whole, never of one person."
    ),
}


@dataclass(frozen=True, slots=True)
class OfficePage:
    """One access team or institution."""

    name: str
    lead: str
    help: MunicipalityHelp | None
    """Of a team: how to reach it."""
    provider: Link | None
    """Of an institution: its page among the providers."""
    told: ExperiencesShown


@dataclass(frozen=True, slots=True)
class OfficesPage:
    """All of a region."""

    teams: Sequence[Link]
    institutions: Sequence[Link]
    unnamed: UnnamedStories | None


def office_page(
    one: Tellable, help: MunicipalityHelp | None, provider: Link | None, told: ExperiencesShown
) -> OfficePage:
    """One access team or institution, with what families told."""
    return OfficePage(one.name, gettext(_LEADS[one.kind]) if one.kind else "", help, provider, told)


def offices_page(
    teams: Sequence[tuple[str, Tellable]], institutions: Sequence[Tellable], unnamed: UnnamedStories | None
) -> OfficesPage:
    """The teams by municipality, and the institutions."""
    return OfficesPage(
        [Link(municipality, office_href(one), one.name) for municipality, one in teams],
        [Link(one.name, office_href(one)) for one in institutions],
        unnamed,
    )


def office_href(one: Tellable) -> str:
    """Where families tell of this office."""
    return link(_view(one), slug=_slug(one))


def pages_of_office(one: Tellable) -> Callable[[int], str]:
    """The same, by page of stories."""
    return pages_of(_view(one), slug=_slug(one))


def _view(one: Tellable) -> str:
    return "offices.team" if one.kind is OfficeKind.ACCESS_TEAM else "offices.institution"


def _slug(one: Tellable) -> str:
    return one.value.partition("/")[2]


def institution_link(slug: str) -> Link:
    """From the page of a provider to what families told of it as youth protector."""
    return Link(gettext("What families tell of it as youth protector"), link("offices.institution", slug=slug))
