"""What waits stands on top of a desk, for whoever may do it."""

from __future__ import annotations

from datetime import date

from portal.accounts.types import Post, Role
from portal.core.clock import AMSTERDAM
from portal.desks.corrections.models import Correction
from portal.desks.corrections.types import Matter, State
from portal.desks.texts.models import TextDraft
from portal.desks.texts.types import DraftStatus
from tests.accounts.people import Someone
from tests.desks.conftest import NOW, Desk

PROVIDER, REGION = "/werkplek/aanbieder", "/werkplek/regio"


def draft(desk: Desk, status: DraftStatus, key: str) -> None:
    with desk.database.transaction() as session:
        session.add(
            TextDraft(
                public_id=key, subject=key, region_id=desk.world.regions[0], provider_id=desk.world.providers[0],
                status=status, proposed={}, replaces={}, author_label="Daan", reason="Leg uit.",
                changed_at=NOW.astimezone(AMSTERDAM),
            )
        )  # fmt: skip


def waits(someone: Someone, path: str) -> str:
    return someone.page(path).text.split("Wat u vandaag kunt doen")[0]


def test_a_provider_reads_what_waits_and_nothing_of_another(desk: Desk) -> None:
    draft(desk, DraftStatus.RETURNED, "terug")
    draft(desk, DraftStatus.BEGUN, "begonnen")
    with desk.database.transaction() as session:
        session.add(
            Correction(
                public_id="c1", region_id=desk.world.regions[0], provider_id=desk.world.providers[0],
                matter=next(iter(Matter)), text="Nummer klopt niet", received_on=date(2026, 11, 1), state=State.OPEN,
                forwarded_on=date(2026, 11, 20),
            )
        )  # fmt: skip
    told = waits(desk.enter("daan"), PROVIDER)
    assert "1 tekst kwam terug op 29 november" in told
    assert "2 wachttijden die u 30 dagen niet bevestigde" in told
    assert "20 november" in told
    desk.change("B1", waiting_reported_on=date(2026, 11, 28))
    assert "Er wacht niets op u." in waits(desk.enter("elders"), PROVIDER)


def test_the_region_reads_only_what_this_person_may_do(desk: Desk) -> None:
    assert "Er wacht niets op u." in waits(desk.enter("karim"), REGION)
    draft(desk, DraftStatus.SENT, "een")
    draft(desk, DraftStatus.SENT, "twee")
    told = waits(desk.enter("karim"), REGION)
    assert "2 wijzigingen om goed te keuren, de eerste verstuurd op 29 november" in told
    desk.world.add("lezer@voorbeeld.example", Post(Role.MODERATOR, desk.world.regions[0]))
    assert "Er wacht niets op u." in waits(desk.enter("lezer"), REGION)


def test_who_is_new_reads_what_to_do_first_until_it_told_something(desk: Desk) -> None:
    ellen = desk.enter("ellen")
    page = ellen.page(PROVIDER)
    assert "Welkom. Begin hier" in page.text
    assert {f"{PROVIDER}/wachttijden", "/aanbieders/zuid-limburg-1"} <= {link.get("href") for link in page.all("a")}
    path = f"{PROVIDER}/wachttijden/A1"
    version = next(one["value"] for one in ellen.page(path).all("input") if one.get("name") == "version")
    ellen.submit(path, version=version, confirmed="ja")
    assert "Begin hier" not in ellen.page(PROVIDER).text
    assert "Begin hier" not in desk.enter("karim").page(REGION).text
