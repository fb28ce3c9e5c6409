"""What a visitor asks of a catalogue page, cleaned from the address: what cannot be read is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.catalogue.ages import read_age
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer
from portal.catalogue.places import read_postcode
from portal.catalogue.types import Gender

LIST = "aanbod"
"""The parameter that holds a family's list, in every address that carries one."""


def read_municipality(text: str | None, code_lists: CodeLists) -> str | None:
    """The CBS code of the municipality that `text` names, or None."""
    found = code_lists.municipality(text[:100]) if text and text.strip() else None
    return found.code if found else None


@dataclass(frozen=True, slots=True)
class FamilyHomeCriteria:
    """Which family homes are asked for; `municipality` (CBS code) and `postcode` are where the family lives."""

    municipality: str | None = None
    postcode: str | None = None
    """`6411 AB` or `6411`; addresses that we make carry the four digits only."""
    age: int | None = None
    gender: Gender | None = None
    only_free_places: bool = False
    on_map: bool = False

    @classmethod
    def read(cls, args: Mapping[str, str], code_lists: CodeLists) -> FamilyHomeCriteria:
        """From the address: `gemeente`, `postcode`, `leeftijd`, `voor`, `plek`, `kaart`."""
        gender = args.get("voor")
        return cls(
            municipality=read_municipality(args.get("gemeente"), code_lists),
            postcode=read_postcode(args.get("postcode")),
            age=read_age(args.get("leeftijd")),
            gender=Gender(gender) if gender in (Gender.GIRLS, Gender.BOYS) else None,
            only_free_places=args.get("plek") == "vrij",
            on_map=args.get("kaart") == "ja",
        )

    def parameters(self, code_lists: CodeLists) -> dict[str, str]:
        """The shortest address that asks the same, in a fixed order."""
        pairs = {
            "gemeente": code_lists.municipalities[self.municipality].name if self.municipality else "",
            "postcode": (self.postcode or "")[:4],
            "leeftijd": "" if self.age is None else str(self.age),
            "voor": self.gender.value if self.gender else "",
            "plek": "vrij" if self.only_free_places else "",
            "kaart": "ja" if self.on_map else "",
        }
        return {name: value for name, value in pairs.items() if value}

    def fits(self, offer: Offer) -> bool:
        """Whether `offer` takes such a child."""
        too_young = self.age is not None and offer.age_min is not None and self.age < offer.age_min
        too_old = self.age is not None and offer.age_max is not None and self.age > offer.age_max
        wrong_gender = self.gender is not None and offer.gender not in (Gender.ALL, self.gender)
        full = self.only_free_places and not (offer.places_free and offer.accepting_clients)
        return not (too_young or too_old or wrong_gender or full)
