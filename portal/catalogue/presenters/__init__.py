"""Catalogue pages ready for a template: every sentence and address made, nothing left to decide."""

from portal.catalogue.presenters.common import (
    AccessPointCard,
    ConsortiumCard,
    ContractLine,
    LocationLine,
    MunicipalityHelp,
    OfferCard,
    RouteStep,
)
from portal.catalogue.presenters.family_homes import FamilyHomeCard, FamilyHomesPage
from portal.catalogue.presenters.glossary import GlossaryEntry, GlossaryLetter
from portal.catalogue.presenters.help import HelpPage
from portal.catalogue.presenters.home import HomePage
from portal.catalogue.presenters.offer import GoneOfferPage, OfferPage
from portal.catalogue.presenters.provider import ProviderPage
from portal.catalogue.presenters.providers import LetterGroup, ProviderLine, ProvidersPage

__all__ = [
    "AccessPointCard",
    "ConsortiumCard",
    "ContractLine",
    "FamilyHomeCard",
    "FamilyHomesPage",
    "GlossaryEntry",
    "GlossaryLetter",
    "GoneOfferPage",
    "HelpPage",
    "HomePage",
    "LetterGroup",
    "LocationLine",
    "MunicipalityHelp",
    "OfferCard",
    "OfferPage",
    "ProviderLine",
    "ProviderPage",
    "ProvidersPage",
    "RouteStep",
]
