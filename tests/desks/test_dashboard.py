"""The region sees where there is choice, how long families wait, and who answered; each page has its file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.accounts.types import Post, Role
from portal.catalogue.models import Contract, Offer, Region
from portal.catalogue.operations import touch
from portal.catalogue.types import OfferAccess
from portal.desks.choice.models import ChoiceCount
from portal.reviews.models import InvitationBatch, InvitationCode
from portal.reviews.types import Occasion
from tests.accounts.people import Someone
from tests.desks.conftest import TODAY, Desk

HERE = "/werkplek/regio/beeld"


@pytest.fixture
def karim(desk: Desk) -> Someone:
    with desk.database.transaction() as session:
        session.get_one(Region, desk.world.regions[0]).youth_region = "JZ41"
    return desk.enter("karim")


def lines(someone: Someone, name: str) -> list[list[str]]:
    answer = someone.client.get(f"{HERE}/{name}.csv")
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    return [line.split(";") for line in answer.get_data(as_text=True).lstrip("\ufeff").splitlines()[1:]]


def contract(desk: Desk, number: int, *municipalities: str, norm: int | None = None) -> None:
    """The provider of this number gives respite care, under contract in these municipalities."""
    region, provider = desk.world.regions[0], desk.world.providers[number]
    with desk.database.transaction() as session:
        session.add(
            Contract(
                region_id=region, provider_id=provider, identifier=f"C{number}", arrangement="logeren",
                municipalities=list(municipalities), whole_region=False, start_date=date(2026, 1, 1),
                max_waiting_weeks=norm,
            )
        )  # fmt: skip
        session.add(
            Offer(
                region_id=region, provider_id=provider, identifier=f"L{number}", name="Logeren", description="",
                arrangement="logeren", access=OfferAccess.REFERRAL, waiting_weeks_start=12,
                waiting_reported_on=TODAY - timedelta(days=40),
            )
        )  # fmt: skip
        touch(session)


def test_where_there_is_choice_follows_the_contracts_and_who_takes_families(desk: Desk, karim: Someone) -> None:
    contract(desk, 0, "GM0917", "GM0928")
    contract(desk, 1, "GM0917")
    found = {row[0]: row[2] for row in lines(karim, "aanbod") if row[1] == "logeren"}
    assert (found["Heerlen"], found["Kerkrade"], found["Vaals"]) == ("2", "1", "0")
    assert "in 1 van de 16" in karim.page(f"{HERE}/aanbod").text
    desk.change("L1", accepting_clients=False)
    assert {row[2] for row in lines(karim, "aanbod") if row[:2] == ["Heerlen", "logeren"]} == {"1"}


def test_waiting_times_are_counted_never_added_up(desk: Desk, karim: Someone) -> None:
    contract(desk, 0, "GM0917", norm=8)
    rows = {row[0]: row[1:] for row in lines(karim, "wachttijden")}
    # offers, soon, to 10 weeks, longer, not told, stopped, beyond the norm; confirmed, not yet old, old, never
    assert rows["logeren"] == ["1", "0", "0", "1", "0", "0", "1", "0", "1", "0", "0"]
    assert rows["free"] == ["3", "0", "3", "0", "0", "0", "0", "0", "0", "3", "0"]
    assert "3 binnen 10 weken" in karim.page(f"{HERE}/wachttijden").text


def test_response_tells_no_more_than_the_page_of_codes(desk: Desk, karim: Someone) -> None:
    with desk.database.transaction() as session:
        batch = InvitationBatch(
            public_id="x", region_id=desk.world.regions[0], provider_id=desk.world.providers[0],
            arrangement="begeleiding", occasion=Occasion.END, period="2026-Q3", codes=20, issued_on=TODAY,
            valid_until=TODAY,
        )  # fmt: skip
        session.add(batch)
        session.flush()
        for number in range(20):
            session.add(
                InvitationCode(
                    selector=f"A{number:04}", salt=b"s", digest=b"d", batch_id=batch.id, is_spent=number < 7
                )
            )  # fmt: skip
    assert lines(karim, "respons") == [["begeleiding", "1", "1", "20", "5", "9"]]
    assert "5 tot 9 van de 20" in karim.page(f"{HERE}/respons").text


def counted(region_id: int, place: str, kind: str, outcome: str, number: int) -> ChoiceCount:
    return ChoiceCount(
        region_id=region_id, municipality=place, arrangement=kind, month="2026-07", what=outcome, number=number
    )  # fmt: skip


def test_choice_is_told_of_all_municipalities_but_not_of_another_region(desk: Desk, karim: Someone) -> None:
    with desk.database.transaction() as session:
        for region, place, outcome, number in (
            (0, "GM0917", "chosen", 20), (0, "GM0917", "no-place", 9), (0, "GM0928", "chosen", 11),
            (0, "GM0928", "urgent", 8), (1, "GM0363", "chosen", 500),
        ):  # fmt: skip
            session.add(counted(desk.world.regions[region], place, "begeleiding", outcome, number))
    text = karim.page(HERE).text
    assert "In 31 van de 48" in text and "in 20 van de 29" in text and "9 van de 17 keer" in text and "500" not in text
    assert lines(karim, "keuze")[0][:6] == ["2026-Q3", "Heerlen", "", "29", "20", "20"]


def test_a_table_without_real_choice_has_no_column_for_it_and_says_why(desk: Desk, karim: Someone) -> None:
    with desk.database.transaction() as session:
        for place, number in (("GM0917", 12), ("GM0928", 14)):
            for kind in ("logeren", "begeleiding"):
                for outcome in ("chosen", "no-place"):
                    session.add(counted(desk.world.regions[0], place, kind, outcome, number))
    page = karim.page(HERE)
    columns = [text for text in page.texts["th"] if text == "Echte keuze"]
    assert page.texts["h2"][:2] == ["Per gemeente", "Per soort hulp"] and len(columns) == 1
    assert "Hoe vaak de keuze echt was, staat alleen in de andere tabel." in page.text
    assert "staat hier niet" not in page.text


def test_an_empty_region_is_told_what_will_come(desk: Desk) -> None:
    desk.world.add("nieuw@voorbeeld.example", Post(Role.MODERATOR, desk.world.regions[1]))
    new = desk.enter("nieuw")
    assert "Er is nog geen kwartaal voorbij" in new.page(HERE).text
    assert "Er zijn nog geen codes gemaakt" in new.page(f"{HERE}/respons").text
    for name in ("keuze", "respons", "wachttijden"):
        assert lines(new, name) == []
    for path in ("aanbod", "wachttijden"):
        new.page(f"{HERE}/{path}")


def test_of_a_municipality_the_region_reads_what_that_reads_itself(desk: Desk, karim: Someone) -> None:
    with desk.database.transaction() as session:
        for kind, outcome, number in (
            ("begeleiding", "chosen", 17), ("begeleiding", "urgent", 3), ("logeren", "chosen", 2),
            ("logeren", "urgent", 12), ("jeugd-ggz", "chosen", 20), ("jeugd-ggz", "urgent", 10),
        ):  # fmt: skip
            session.add(counted(desk.world.regions[0], "GM0917", kind, outcome, number))
    text = karim.page(HERE).text
    assert "in 36 tot 44 van de 64" in text and "3 van de" not in text
    assert lines(karim, "keuze")[0][:6] == ["2026-Q3", "Heerlen", "", "64", "36", "44"]
