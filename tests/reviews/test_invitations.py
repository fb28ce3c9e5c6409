"""Codes for families: at the desk, from the command line, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from portal.accounts.signing_in.codes import read_code
from portal.accounts.types import Post, Role
from portal.core import clock
from portal.reviews import family_secrets
from portal.reviews.invitations import commands
from portal.reviews.invitations.presenters import LettersPage, letters_page
from portal.reviews.models import InvitationBatch
from portal.reviews.telling.operations import CodeState, check_code
from portal.reviews.types import Occasion
from tests.accounts.people import Someone, World
from tests.inspection import Page
from tests.reviews.families import CHEAP, make_codes, tell

DESK = "/werkplek/regio/codes"
_CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    real = family_secrets.keep
    monkeypatch.setattr(
        "portal.reviews.invitations.operations.keep", lambda keys, secret, _cost: real(keys, secret, CHEAP)
    )


@pytest.fixture
def manager(app: Flask, world: World) -> Someone:
    world.add("contract@voorbeeld.example", Post(Role.CONTRACT_MANAGER, world.regions[0]))
    return Someone.enter(app, "contract@voorbeeld.example")


def codes_in(text: str) -> Sequence[str]:
    return list(dict.fromkeys(_CODE.findall(text)))


def test_letters_are_made_at_the_desk_and_the_codes_work(world: World, manager: Someone) -> None:
    fields = {"provider": "zuid-limburg-1", "arrangement": "behandeling", "occasion": "end", "codes": "20"}
    answer = manager.submit(DESK, **fields)
    html = answer.get_data(as_text=True)
    found = codes_in(html)
    assert len(found) == 20 and html.count('<svg class="portal-qr"') == 20
    assert answer.headers["Cache-Control"] == "no-store"
    with world.database.sessions() as session:
        for code in found:
            assert check_code(session, read_code(code) or "", clock.today()).state is CodeState.GOOD
    assert codes_in(manager.client.get(DESK).get_data(as_text=True)) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"codes": "19"}, "Maak er 20"), ({"codes": "twintig"}, "heel getal"),
     ({"provider": "zuid-limburg-9"}, "Kies over wie"), ({"provider": "elders-1"}, "Kies over wie"),
     ({"arrangement": "x"}, "soort hulp"), ({"occasion": ""}, "wanneer")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_stays_on_the_page(manager: Someone, wrong: dict[str, str], says: str) -> None:
    fields = {"provider": "zuid-limburg-1", "arrangement": "behandeling", "occasion": "end", "codes": "20", **wrong}
    answer = manager.submit(DESK, **fields)
    assert answer.status_code == 422
    page = Page(answer.get_data(as_text=True))
    assert says in page.text
    assert next(f for f in page.all("input") if f.get("name") == "codes")["value"] == fields["codes"]


def test_how_many_were_handed_over_is_kept(world: World, manager: Someone) -> None:
    manager.submit(DESK, provider="zuid-limburg-1", arrangement="behandeling", occasion="end", codes="20")
    with world.database.sessions() as session:
        batch = session.scalars(select(InvitationBatch)).one()
    assert manager.submit(f"{DESK}/{batch.public_id}", handed_out="21", as_planned="2").status_code == 422
    assert manager.submit(f"{DESK}/{batch.public_id}", handed_out="15", as_planned="12").status_code == 302
    with world.database.sessions() as session:
        batch = session.scalars(select(InvitationBatch)).one()
        assert (batch.handed_out, batch.as_planned) == (15, 12)


def test_the_letters_show_one_on_the_screen_and_say_that_the_codes_are_nowhere_else(manager: Someone) -> None:
    answer = manager.submit(DESK, provider="zuid-limburg-1", arrangement="behandeling", occasion="end", codes="20")
    html = answer.get_data(as_text=True)
    assert html.count('class="portal-paper-only"><section') == 19  # all of them on paper
    page = Page(html)
    assert "Print ze nu. De codes staan nergens anders." in page.text
    assert "de eerste van 20 brieven" in page.text
    (button,) = [one for one in page.all("button") if "data-print" in one]
    assert "hidden" in button  # a script shows it; without one the page says how to print
    assert "Ctrl en P" in page.text


def test_batches_are_shown_by_quarter_and_narrowed(world: World, manager: Someone) -> None:
    with world.database.transaction() as session:
        for number in range(45):
            period, at = ("2026-Q3", 0) if number < 25 else ("2025-Q4", 1)
            session.add(
                InvitationBatch(
                    public_id=f"batch-{number}", region_id=world.regions[0], provider_id=world.providers[at],
                    arrangement="behandeling", occasion=Occasion.END, period=period, codes=20,
                    issued_on=date(2026, 7, 1), valid_until=date(2027, 7, 1),
                    handed_out=None if number < 3 else 20, as_planned=None if number < 3 else 11,
                )
            )  # fmt: skip

    def shown(query: str = "") -> Page:
        return manager.page(DESK + query)

    def batches(page: Page) -> int:
        return len(page.texts.get("h4", []))

    first = shown()
    assert batches(first) == 20 and "45 keer codes gemaakt" in first.text
    assert first.texts["h3"] == ["Derde kwartaal van 2026"]
    assert shown("?pagina=2").texts["h3"] == ["Derde kwartaal van 2026", "Vierde kwartaal van 2025"]
    assert batches(shown("?pagina=3")) == batches(shown("?pagina=99")) == 5
    other = shown("?over=Zuid-Limburg+2&kwartaal=2025-Q4")
    assert "20 keer codes gemaakt" in other.text and "Zuid-Limburg 1" not in other.texts["h4"]
    uncounted = shown("?stand=open")
    assert batches(uncounted) == 3 and "Nog niet geteld" in uncounted.text
    assert batches(shown("?kwartaal=1999-Q1")) == 0
    answer = manager.submit(f"{DESK}/batch-0?stand=open&pagina=1", handed_out="21", as_planned="2")
    assert answer.status_code == 422
    wrong = Page(answer.get_data(as_text=True))  # what was typed wrong stays in view
    assert [one for one in wrong.all("details") if "open" in one]
    assert next(one["value"] for one in wrong.all("input") if one.get("id") == "uit-batch-0") == "21"
    answer = manager.submit(f"{DESK}/batch-0?stand=open", handed_out="12", as_planned="2")
    assert "stand=open" in answer.headers["Location"]
    assert batches(shown("?stand=open")) == 2


def test_a_family_can_send_while_a_command_draws_the_letters(
    world: World, cli: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = make_codes(world.database, world.regions[0], world.providers[0])[0]

    def draw_while_somebody_sends(*given: Any) -> LettersPage:
        tell(world.database, code)
        return letters_page(*given)

    monkeypatch.setattr(commands, "letters_page", draw_while_somebody_sends)
    out = str(tmp_path / "brieven.html")
    result = cli("invitations", "issue", "1", "--arrangement", "behandeling", "--out", out)
    assert result.exit_code == 0, result.output


def test_a_command_writes_letters_once(app: Flask, world: World, cli: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "brieven.html"
    arguments = ("invitations", "issue", "1", "--arrangement", "behandeling", "--out", str(out))
    result = cli(*arguments)
    assert result.exit_code == 0, result.output
    assert len(codes_in(out.read_text(encoding="utf-8"))) == 20
    assert out.stat().st_mode & 0o077 == 0
    assert codes_in(result.output) == []
    assert cli(*arguments).exit_code == 2, "never over others"
    text = tmp_path / "brieven.txt"
    assert cli(*arguments[:-1], str(text), "--number", "25").exit_code == 0
    assert len(codes_in(text.read_text(encoding="utf-8"))) == 25
    for wrong in (("--number", "5"), ("--arrangement", "x"), ("--municipality", "Nergens")):
        assert cli(*arguments[:-1], str(tmp_path / "x.txt"), *wrong).exit_code == 2
    assert not (tmp_path / "x.txt").exists()
