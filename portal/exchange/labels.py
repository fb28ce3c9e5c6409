"""What the columns and values of a data package mean, in the reader's language."""

from __future__ import annotations

import re
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
from portal.exchange.columns import LABELS
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


_NAMED = re.compile("|".join(rf"\b{name}\b" for name in LABELS if "_" in name))


def column_label(name: str, language: str) -> str:
    """What people call the column with this name; a name that is no column's is left as it is."""
    return translate(LABELS[name], language) if name in LABELS else name


def in_words(text: str, language: str, *, with_names: bool = False) -> str:
    """The text with each column called as people do; `with_names` says for who has the file what it is called there."""

    def named(found: re.Match[str]) -> str:
        label = f"‘{column_label(found[0], language)}’"
        return f"{label} ({found[0]})" if with_names else label

    return _NAMED.sub(named, text)


def choice_labels(kind: type[StrEnum], code_lists: CodeLists, language: str) -> dict[str, str]:
    """Each value of `kind` with what it means in `language`."""
    values = [member.value for member in kind]
    if kind is Indicator:
        return {value: code_lists.label("indicators", value, language).label for value in values}
    return {value: translate(_WORDS[kind][value], language) for value in values}
