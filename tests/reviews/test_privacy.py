"""What must not be found is looked for: canaries in everything that is stored, and what an order could tell."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.signing_in.codes import for_people
from portal.core import clock
from portal.core.database import Database
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.models import Experience
from portal.reviews.operations import move, withdraw
from portal.reviews.publishing.operations import keep_up
from portal.reviews.questions import load_sets
from portal.reviews.showing.queries import told_about
from portal.reviews.types import FIGURE_STEP, About, Status
from tests.accounts.people import World
from tests.reviews.families import ACTOR, Family, figure_of, make_codes, tell

ADDRESS, BROWSER, REFERRER = "203.0.113.77", "Kanarie-Browser/7.7", "https://kanarie.example/vorige"


@pytest.fixture
def _only_sqlite(backend: str) -> None:
    if backend != "sqlite":
        pytest.skip("the files of the server are not ours to read")


@pytest.mark.usefixtures("_only_sqlite")
def test_five_canaries_are_found_nowhere(
    app: Flask, family: Family, codes: Sequence[str], data: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Address, browser, former page, code and phrase: in no file of the database, data folder or log (P2)."""
    caplog.set_level(logging.DEBUG)
    family.client.environ_base |= {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": BROWSER, "HTTP_REFERER": REFERRER}
    family.fill_in(codes[0], story="Dit verhaal mag er staan.")
    family.send()
    phrase = family.phrase
    family.post("/ervaring/terug", {"woorden": phrase})
    data.sweep()
    path = Path(str(data.engine.url.database))
    files = [path, path.with_name(path.name + "-wal"), *(file for file in tmp_path.rglob("*") if file.is_file())]
    stored = b"".join(file.read_bytes() for file in files if file.exists()) + caplog.text.encode()
    assert b"Dit verhaal mag er staan." in stored
    for canary in (ADDRESS, BROWSER, REFERRER, codes[0], for_people(codes[0]), phrase):
        assert canary.encode() not in stored, canary


@pytest.mark.usefixtures("_only_sqlite")
def test_a_draft_is_read_by_nobody_without_the_code(family: Family, codes: Sequence[str], data: Database) -> None:
    family.begin(codes[0])
    family.answer("parent", naar="story")
    family.answer("Niet verstuurd geheim.", do="later")
    data.sweep()
    assert b"geheim" not in Path(str(data.engine.url.database)).read_bytes()


def test_the_order_on_the_page_tells_nothing_of_the_order_in_which_they_came(world: World) -> None:
    """Of two hundred stories of one quarter, the order in which they are shown and that in which they came (P4)."""
    number = 200
    came = []
    for code in make_codes(world.database, world.regions[0], world.providers[0], number):
        experience, _ = tell(world.database, code, story=f"Verhaal {len(came)}.")
        came.append(f"Verhaal {len(came)}.")
        with world.database.transaction() as session:
            move(session, ACTOR, session.get_one(Experience, experience), Status.READY, clock.today())
    with world.database.transaction() as session:
        keep_up(session, world.regions[0], load_sets(), DEFAULT_RULES, 90, clock.today())
    with world.database.sessions() as session:
        shown = [came.index(story.story) for story in told_about(session, world.providers[0]).stories]
    assert sorted(shown) == list(range(number))
    squares = sum((place - rank) ** 2 for place, rank in enumerate(shown))
    rho = 1 - 6 * squares / (number * (number**2 - 1))
    assert abs(rho) < 4 / (number - 1) ** 0.5, "four standard deviations: a chance of one in ten thousand"


def test_no_two_versions_of_an_average_give_one_answer_away(world: World) -> None:
    """Random histories: between two versions of a figure five experiences or more are others (P5)."""
    chance = random.Random(11)  # noqa: S311
    codes = iter(make_codes(world.database, world.regions[0], world.providers[0], 90))
    versions: list[frozenset[str]] = []
    alive: list[str] = []
    for _ in range(80):
        with world.database.transaction() as session:
            if alive and chance.random() < 0.15:
                withdraw(session, session.get_one(Experience, alive.pop(chance.randrange(len(alive)))))
        if (code := next(codes, None)) is not None:
            experience, _ = tell(world.database, code, usefulness=str(chance.randint(1, 10)))
            alive.append(experience)
            with world.database.transaction() as session:
                move(session, ACTOR, session.get_one(Experience, experience), Status.READY, clock.today())
        with world.database.transaction() as session:
            keep_up(session, world.regions[0], load_sets(), DEFAULT_RULES, 90, clock.today())
        with world.database.sessions() as session:
            figure = figure_of(session, About(world.providers[0]), "usefulness")
            if figure is not None and (not versions or versions[-1] != frozenset(figure.members)):
                versions.append(frozenset(figure.members))
    assert len(versions) > 5
    for one in range(len(versions)):
        assert len(versions[one]) >= DEFAULT_RULES.least_shown
        for other in range(one):
            assert len(versions[one] ^ versions[other]) >= FIGURE_STEP


def test_no_earlier_version_of_a_figure_is_a_key_to_a_later_one(world: World) -> None:
    """Four invented stories come with a true one, and are taken away when another came.

    The versions before and after it differ by two families: between neighbours five are others, but between these not.
    """
    codes = iter(make_codes(world.database, world.regions[0], world.providers[0], 40))
    about, seen = About(world.providers[0]), list[tuple[frozenset[str], int | None]]()

    def come(number: int, respect: str) -> list[str]:
        told = [tell(world.database, next(codes), respect=respect)[0] for _ in range(number)]
        with world.database.transaction() as session:
            for one in told:
                move(session, ACTOR, session.get_one(Experience, one), Status.READY, clock.today())
        return told

    def look() -> None:
        with world.database.transaction() as session:
            keep_up(session, world.regions[0], load_sets(), DEFAULT_RULES, 90, clock.today())
        with world.database.sessions() as session:
            figure = figure_of(session, about, "respect")
            assert figure is not None
            version = frozenset(figure.members), figure.numerator
            if not seen or seen[-1] != version:
                seen.append(version)

    come(5, "always"), come(5, "no")
    look()
    invented = come(2, "no") + come(2, "always")
    come(1, "always")
    look()
    with world.database.transaction() as session:
        for one in invented:
            withdraw(session, session.get_one(Experience, one))
    come(1, "always")
    look()
    assert [(len(members), numerator) for members, numerator in seen] == [(10, 5), (15, 8)]
    come(4, "no")
    look()
    assert [(len(members), numerator) for members, numerator in seen[2:]] == [(16, 7)]
    assert all(len(one ^ other) >= FIGURE_STEP for (one, _), (other, _) in combinations(seen, 2))


def test_the_answer_to_a_code_has_one_size_whatever_the_code(app: Flask, codes: Sequence[str]) -> None:
    """No address, redirect or mail tells that somebody told something: everything is a form that answers 200."""
    family = Family.at(app)
    family.fill_in(codes[0])
    family.send()
    assert family.response is not None
    assert family.response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in family.response.headers
    assert "ETag" not in family.response.headers and "Content-Encoding" not in family.response.headers
