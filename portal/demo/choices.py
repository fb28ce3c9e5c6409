"""Talks about the choice and remarks of visitors that never were, for the demonstration."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer
from portal.desks.choice.models import ChoiceCount
from portal.desks.choice.types import DISCUSSED, OFFERED, months_of
from portal.desks.corrections.operations import say
from portal.desks.corrections.queries import About
from portal.desks.corrections.types import Matter
from portal.reviews.types import Quarter

QUARTERS = 4
_OUTCOMES = {
    "chosen": 52, "undecided": 14, "one-fits": 9, "no-place": 13, "too-far": 3, "urgent": 5, "own-wish": 3, "other": 1,
}  # fmt: skip
_KINDS = {
    "begeleiding": 9, "jeugd-ggz": 8, "behandeling": 6, "dyslexie": 3, "dagbehandeling": 2, "logeren": 1,
    "pleegzorg": 1,
}  # fmt: skip
_REMARKS = (
    (Matter.CONTACT, "Het telefoonnummer is al een tijd niet in gebruik."),
    (Matter.WAITING, "Aan de telefoon zeiden ze vier maanden, niet zes weken."),
    (Matter.HELP, "Deze groep is er op woensdag niet meer, alleen nog op vrijdag."),
)


def count_talks(session: Session, region_id: int, youth_region: str, lists: CodeLists, now: datetime) -> None:
    """Fill the counters of the last quarters, and put some remarks in the queue; nothing where talks were counted."""
    if session.scalar(select(func.count()).select_from(ChoiceCount)):
        return
    chance = random.Random(11)  # noqa: S311 - the same demonstration each time
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for number, place in enumerate(lists.municipalities_of(youth_region)):
        for back in range(1, QUARTERS + 1):
            for month in months_of(Quarter.of(now.date()).before(back)):
                for _ in range(chance.randrange(3, 16) if number % 3 else chance.randrange(3)):
                    kind = chance.choices(list(_KINDS), list(_KINDS.values()))[0]
                    outcome = chance.choices(list(_OUTCOMES), list(_OUTCOMES.values()))[0]
                    offered = chance.randrange(2, 7) if lists.choice_outcomes[outcome].is_real else 1
                    talk = {outcome: 1, OFFERED: offered, DISCUSSED: min(offered, chance.randrange(1, 4))}
                    counts.update({(place.code, kind, month, what): number for what, number in talk.items()})
    session.add_all(
        ChoiceCount(
            region_id=region_id, municipality=place, arrangement=kind, month=month, what=what, number=number
        )
        for (place, kind, month, what), number in counts.items()
    )  # fmt: skip
    offers = session.scalars(select(Offer).where(Offer.region_id == region_id).order_by(Offer.id).limit(30)).all()
    for days, ((matter, text), offer) in enumerate(zip(_REMARKS, offers[::10], strict=False), start=1):
        say(session, About(region_id, offer.provider, offer), matter, text, now.date() - timedelta(days=4 * days))
