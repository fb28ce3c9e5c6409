"""Reading the counters. What is read here is not told as it is: `disclosure.py` says what may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.desks.choice.models import ChoiceCount
from portal.desks.choice.types import DISCUSSED, OFFERED, months_of, quarter_of_month
from portal.reviews.types import Quarter


@dataclass(slots=True)
class Counts:
    """What was counted of several talks together."""

    by: Counter[str] = field(default_factory=Counter)
    """How often, by the code of an outcome."""
    offered: int = 0
    discussed: int = 0

    def add(self, what: str, number: int) -> None:
        """Add what a counter says."""
        if what == OFFERED:
            self.offered += number
        elif what == DISCUSSED:
            self.discussed += number
        else:
            self.by[what] += number

    @property
    def talks(self) -> int:
        """How many there were."""
        return self.by.total()


Cells = Mapping[tuple[str, str], Counts]
"""By municipality and kind of help."""


def finished_quarters(session: Session, region_id: int, today: Quarter, municipality: str = "") -> Sequence[Quarter]:
    """The quarters that are over in which something was counted, the newest first."""
    asked = select(ChoiceCount.month).where(ChoiceCount.region_id == region_id).distinct()
    if municipality:
        asked = asked.where(ChoiceCount.municipality == municipality)
    found = {quarter_of_month(month) for month in session.scalars(asked)}
    return sorted((one for one in found if one < today), reverse=True)


def counted_in(session: Session, region_id: int, quarter: Quarter, municipality: str = "") -> Cells:
    """What was counted in a quarter, in one municipality or in all."""
    asked = (
        select(ChoiceCount.municipality, ChoiceCount.arrangement, ChoiceCount.what, func.sum(ChoiceCount.number))
        .where(ChoiceCount.region_id == region_id, ChoiceCount.month.in_(months_of(quarter)))
        .group_by(ChoiceCount.municipality, ChoiceCount.arrangement, ChoiceCount.what)
    )
    if municipality:
        asked = asked.where(ChoiceCount.municipality == municipality)
    cells: dict[tuple[str, str], Counts] = {}
    for place, arrangement, what, number in session.execute(asked):
        cells.setdefault((place, arrangement), Counts()).add(what, int(number))
    return cells
