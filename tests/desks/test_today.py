"""What waits stands on top of a desk, for whoever may do it."""

from __future__ import annotations

from datetime import date
from itertools import takewhile

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


def test_the_lead_of_the_region_names_only_what_this_person_may_do(desk: Desk) -> None:
    desk.world.add("lezer@voorbeeld.example", Post(Role.MODERATOR, desk.world.regions[0]))
    assert "komt hier: verhalen om te lezen." in desk.enter("lezer").page(REGION).text
    told = desk.enter("karim").page(REGION).text
    assert "komt hier: wijzigingen om goed te keuren en bestanden om in te lezen." in told


def test_what_waits_for_another_role_of_the_same_person_is_told_and_one_press_away(desk: Desk) -> None:
    region = desk.world.regions[0]
    desk.world.add("lieke@voorbeeld.example", Post(Role.MODERATOR, region), Post(Role.CONTRACT_MANAGER, region))
    lieke = desk.enter("lieke")
    assert "Er wacht niets op u." in waits(lieke, REGION) and "Als contractmanager" not in waits(lieke, REGION)
    draft(desk, DraftStatus.SENT, "een")
    told = waits(lieke, REGION)
    assert "Als contractmanager" in told and "1 wijziging om goed te keuren" in told
    assert "Er wacht niets op u." not in told
    buttons = [one for one in lieke.page(REGION).all("button") if one.get("name") == "role"]
    assert lieke.submit("/werkplek/wissel", role=buttons[-1]["value"]).status_code == 302
    assert "1 wijziging om goed te keuren" in waits(lieke, REGION)


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


# --- the way through the desk -----------------------------------------------------------------------------------------


def links(someone: Someone, path: str, label: str) -> list[tuple[str, str]]:
    """Address and `aria-current` of the links of one navigation."""
    elements = iter(someone.page(path).elements)
    next((one for one in elements if one[0] == "nav" and one[1].get("aria-label") == label), None)
    inside = takewhile(lambda one: one[0] in ("ul", "li", "a"), elements)
    return [(one["href"], one.get("aria-current", "")) for tag, one in inside if tag == "a"]


def test_a_desk_has_few_parts_each_with_its_pages(desk: Desk) -> None:
    karim = desk.enter("karim")
    assert links(karim, REGION, "Hoofdmenu") == [
        (REGION, "page"), (f"{REGION}/wijzigingen", ""), (f"{REGION}/beeld", ""), (f"{REGION}/codes", ""),
        (f"{REGION}/witte-vlekken", ""), (f"{REGION}/logboek", ""), ("/werkplek/account", ""),
    ]  # fmt: skip
    assert links(karim, f"{REGION}/contracten", "Hoofdmenu")[1] == (f"{REGION}/wijzigingen", "true")
    assert links(karim, f"{REGION}/contracten", "Pagina’s van ‘Aanbod’") == [
        (f"{REGION}/wijzigingen", ""), (f"{REGION}/klopt-niet", ""), (f"{REGION}/actueel", ""),
        (f"{REGION}/aanbieders", ""), (f"{REGION}/contracten", "page"), (f"{REGION}/bestanden", ""),
    ]  # fmt: skip
    assert (f"{REGION}/aanbieders", "true") in links(
        karim, f"{REGION}/aanbieders/zuid-limburg-1", "Pagina’s van ‘Aanbod’"
    )


def test_who_may_see_one_page_of_a_part_reads_its_name_and_no_second_row(desk: Desk) -> None:
    desk.world.add("lezer@voorbeeld.example", Post(Role.MODERATOR, desk.world.regions[0]))
    reader = desk.enter("lezer")
    page = reader.page(f"{REGION}/ervaringen")
    menu = [one for one in page.texts["a"] if one in ("Verhalen", "Ervaringen", "Hoe het gaat", "Cijfers", "Woorden")]
    assert menu == ["Hoe het gaat", "Verhalen"]
    assert not [one for one in page.all("nav") if one.get("aria-label", "").startswith("Pagina")]
