"""Which batches of codes are asked for, cleaned from the address: what cannot be read is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.text import whole_number
from portal.reviews.models import InvitationBatch

LONGEST_NAME = 200
ON_A_PAGE = 20
NOT_COUNTED = "open"


@dataclass(frozen=True, slots=True)
class Batches:
    """Which batches, and which page of them."""

    about: str = ""
    """The name of a provider or office; empty for all."""
    period: str = ""
    """A quarter; empty for all."""
    is_not_counted: bool = False
    """Only those of which nobody said yet how many were handed over."""
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Batches:
        """From the address: `over`, `kwartaal`, `stand`, `pagina`."""
        return cls(
            args.get("over", "").strip()[:LONGEST_NAME],
            args.get("kwartaal", "").strip()[:7],
            args.get("stand") == NOT_COUNTED,
            whole_number(args.get("pagina", ""), 4) or 1,
        )

    @property
    def asked(self) -> dict[str, str]:
        """The shortest address that asks the same, without the page."""
        stand = NOT_COUNTED if self.is_not_counted else ""
        pairs = {"over": self.about, "kwartaal": self.period, "stand": stand}
        return {name: value for name, value in pairs.items() if value}

    def of(self, batches: Sequence[InvitationBatch]) -> Sequence[InvitationBatch]:
        """Those of `batches` that are asked for, on all pages."""
        return [
            one
            for one in batches
            if self.about in ("", one.about_name)
            and self.period in ("", one.period)
            and not (self.is_not_counted and one.handed_out is not None)
        ]
