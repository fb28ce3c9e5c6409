"""White spots of a month, with the words that people use for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.catalogue.codelists import DEFAULT_LANGUAGE, CodeLists
from portal.catalogue.queries import RegionFacts
from portal.search.criteria import Criteria
from portal.search.engine import Engine
from portal.search.white_spots.models import WhiteSpot
from portal.search.white_spots.types import SpotKind


@dataclass(frozen=True, slots=True)
class ReportedSpot:
    """One thing that many looked for in vain."""

    month: str
    kind: SpotKind
    code: str
    """The code of a topic; empty for a word."""
    label: str
    municipality: str
    """Its name; empty for anywhere, and for words."""
    at_least: int
    """So many times, or a few more: numbers are rounded down."""
    providers_now: int | None
    """How many providers a family finds there today that asks for the topic; None for words and without an index."""


def reported(
    spots: Sequence[WhiteSpot], code_lists: CodeLists, language: str, providers_now: Callable[[str, str], int | None]
) -> list[ReportedSpot]:
    """`spots` with their labels; `providers_now` counts for the code of a topic and of a municipality (or empty)."""
    found = []
    for spot in spots:
        is_topic = spot.kind is SpotKind.TOPIC
        place = code_lists.municipalities.get(spot.municipality)
        found.append(
            ReportedSpot(
                month=spot.period,
                kind=spot.kind,
                code=spot.value if is_topic else "",
                label=code_lists.label("topics", spot.value, language).label if is_topic else spot.value,
                municipality=place.name if place else "",
                at_least=spot.times or 0,
                providers_now=providers_now(spot.value, spot.municipality) if is_topic else None,
            )
        )
    return found


def providers_now(
    session: Session, engine: Engine, code_lists: CodeLists, facts: RegionFacts, today: date, topic: str,
    municipality: str,
) -> int | None:  # fmt: skip
    """How many providers a family finds there today that asks for the topic by its name; None without an index."""
    asked = code_lists.label("topics", topic, DEFAULT_LANGUAGE).label
    place = municipality if municipality in code_lists.municipalities else None
    criteria = Criteria(q=asked, municipality=place)
    situation = facts.situation(code_lists, today, place)
    answer = engine.answer(session, criteria, engine.question(asked), situation, facts.revision)
    return None if answer is None else answer.total
