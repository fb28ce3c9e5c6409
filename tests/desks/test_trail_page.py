"""The trail as the region reads it."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.core.actor import Actor
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from tests.desks.conftest import NOW, Desk

TRAIL = "/werkplek/regio/logboek"


def _note(desk: Desk, action: str, subject: str, at: datetime = NOW, **after: object) -> None:
    with desk.database.transaction() as session:
        record(
            session,
            Actor.system("x"),
            action,
            Subject(subject, "x"),
            after=after,
            region_id=desk.world.regions[0],
            at=at,
        )


def test_the_newest_stands_above_whatever_was_written_down_first(desk: Desk) -> None:
    _note(desk, "profile.confirmed", "offer")
    _note(desk, "experience.ready", "experience", NOW - timedelta(days=60), status="ready")
    text = desk.enter("karim").page(TRAIL).text
    rows = text[text.index("Wanneer") :]
    assert rows.index("29 nov") < rows.index("30 sep")


def test_what_changed_is_said_in_words(desk: Desk) -> None:
    _note(desk, "experience.refused", "experience", status="refused", rule="twice")
    _note(
        desk, "offer.made", "offer", gender="girls", framework="mandatory", topics=["taal-en-cultuur"],
        waiting_reported_on="2026-11-29", settings=["home"], about="Wij.", zzz_own="x",
    )  # fmt: skip
    _note(desk, "invitations.issued", "invitation_batch", about="Drielandenhulp", number=40)
    text = " ".join(desk.enter("karim").page(TRAIL).text.split())
    for words in (
        "Status: Niet gepubliceerd", "Huisregel: Dezelfde ervaring", "Voor wie: alleen meisjes",
        "Vrijwillig of gedwongen: Alleen als", "Andere taal of cultuur", "29 november 2026", "Waar de hulp is: thuis",
        "Over de aanbieder: Wij.", "Over wie: Drielandenhulp", "Codes: 40",
    ):  # fmt: skip
        assert words in text, words
    for code in ("refused", "twice", "girls", "mandatory", "taal-en-cultuur", "waiting_", "zzz_own", "Over u"):
        assert code not in text, code
