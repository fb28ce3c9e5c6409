"""What the values of a data package mean, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.catalogue import wording
from portal.catalogue.codelists import CodeLists
from portal.catalogue.types import (
    AccessPointKind,
    ContractBasis,
    Form,
    Framework,
    Gender,
    LocationKind,
    OfferAccess,
    ProviderSize,
    SameWorker,
    Setting,
)
from portal.core.languages import translate
from portal.core.messages import N_
from portal.outcomes.types import Indicator, Informant, MeasuredFramework

_BASES = {ContractBasis.CONTRACT: N_("Contract"), ContractBasis.SUBSIDY: N_("Subsidy")}
_INFORMANTS = {
    Informant.CLIENT: N_("The young person"),
    Informant.PARENT: N_("The parent"),
    Informant.PROFESSIONAL: N_("The worker"),
    Informant.REGISTRATION: N_("The provider's own records"),
}
_WORDS: Mapping[type[StrEnum], Mapping[Any, str]] = {
    ProviderSize: wording.SIZES,
    SameWorker: wording.SAME_WORKER,
    LocationKind: wording.LOCATION_KINDS,
    AccessPointKind: wording.ACCESS_POINT_KINDS,
    Setting: wording.SETTINGS,
    Framework: wording.FRAMEWORKS,
    MeasuredFramework: wording.FRAMEWORKS,
    OfferAccess: wording.ACCESS,
    Form: wording.FORMS,
    Gender: wording.GENDERS,
    ContractBasis: _BASES,
    Informant: _INFORMANTS,
}


def choice_labels(kind: type[StrEnum], code_lists: CodeLists, language: str) -> dict[str, str]:
    """Each value of `kind` with what it means in `language`."""
    values = [member.value for member in kind]
    if kind is Indicator:
        return {value: code_lists.label("indicators", value, language).label for value in values}
    return {value: translate(_WORDS[kind][value], language) for value in values}
