"""What families chose goes back to provider and municipality for their reports, and gives no family away."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence

from flask import Flask

from portal.accounts.types import Post, Role, Scope
from portal.core import clock
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.models import Experience
from portal.reviews.offices.queries import office_of_municipality
from portal.reviews.operations import move, withdraw
from portal.reviews.publishing.operations import keep_up
from portal.reviews.types import FIGURE_STEP, About, OfficeKind, Status
from tests.accounts.people import Someone, World
from tests.reviews.families import ACTOR, SETS, figure_of, make_codes, tell

HEERLEN = "GM0917"


def told(world: World, codes: Sequence[str], **answers: str) -> list[str]:
    found = []
    for code in codes:
        one, _ = tell(world.database, code, **answers)
        found.append(one)
        with world.database.transaction() as session:
            move(session, ACTOR, session.get_one(Experience, one), Status.READY, clock.today())
    return found


def publish(world: World) -> None:
    with world.database.transaction() as session:
        keep_up(session, world.regions[0], SETS, DEFAULT_RULES, 90, clock.today())


def members_of(world: World, about: About) -> set[str]:
    with world.database.sessions() as session:
        figure = figure_of(session, about, "usefulness")
        return set(figure.members) if figure is not None else set()


def about_heerlen(world: World) -> About:
    with world.database.sessions() as session:
        office = office_of_municipality(session, Scope(world.regions[0], municipality=HEERLEN), OfficeKind.MUNICIPALITY)
        assert office is not None
        return About(office_id=office.id)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_a_provider_finds_its_own_and_a_municipality_its_own_families(app: Flask, world: World) -> None:
    world.add("bij@voorbeeld.example", Post(Role.PROVIDER_MANAGER, world.regions[0], world.providers[0]))
    world.add("toegang@heerlen.example", Post(Role.ACCESS_WORKER, world.regions[0], municipality=HEERLEN))
    own = make_codes(world.database, world.regions[0], world.providers[0], municipality=HEERLEN)
    told(world, own[:10], usefulness="9")
    publish(world)
    provider, municipality = (Someone.enter(app, mail) for mail in ("bij@voorbeeld.example", "toegang@heerlen.example"))
    page = provider.page("/werkplek/aanbieder/vragenlijst")
    assert "gemiddeld een 9,0, van 10 mensen" in page.text and "te weinig antwoorden" in page.text
    page = municipality.page("/werkplek/verwijzer/vragenlijst")
    assert "gemiddeld een 9,0, van 10 mensen" in page.text and "Over uw toegangsteam" in page.text
    answer = municipality.client.get("/werkplek/verwijzer/vragenlijst/vragenlijst.csv")
    assert answer.headers["Cache-Control"] == "no-store"
    found = {(row["about"], row["question"]): row for row in rows(answer.get_data(as_text=True))}
    row = found["municipality", "usefulness"]
    assert (row["n"], row["mean"], row["indicator"], row["voice"]) == ("10", "9,0", "satisfaction", "parent")
    assert (row["invited"], row["question_set"]) == ("20", "2026-1")
    assert all(key[0] == "municipality" for key in found)


def test_nobody_else_sees_the_figures_of_a_municipality(app: Flask, world: World) -> None:
    own = make_codes(world.database, world.regions[0], world.providers[0], municipality=HEERLEN)
    told(world, own[:12], usefulness="9")
    publish(world)
    world.add("toegang@vaals.example", Post(Role.ACCESS_WORKER, world.regions[0], municipality="GM0981"))
    vaals = Someone.enter(app, "toegang@vaals.example")
    assert "gemiddeld een" not in vaals.page("/werkplek/verwijzer/vragenlijst").text
    assert members_of(world, about_heerlen(world))
    for path in ("/api/v1/experiences", "/toegang", "/toegang/heerlen"):
        assert HEERLEN.lower() not in app.test_client().get(path).get_data(as_text=True)


def test_a_provider_of_which_others_tell_too_is_not_in_the_figure_of_a_municipality(world: World) -> None:
    """With a part of it, the difference with what everybody sees would be about the other families."""
    own = make_codes(world.database, world.regions[0], world.providers[0], municipality=HEERLEN)
    others = make_codes(world.database, world.regions[0], world.providers[0])
    told(world, own[:10], usefulness="9")
    told(world, others[:10], usefulness="5")
    publish(world)
    assert len(members_of(world, About(world.providers[0]))) == 20
    assert members_of(world, about_heerlen(world)) == set()


def test_figures_that_became_too_small_are_counted_again_without_a_word(world: World) -> None:
    own = make_codes(world.database, world.regions[0], world.providers[0])
    stories = told(world, own[:12], usefulness="9", goals="yes")
    publish(world)
    with world.database.transaction() as session:
        for one in stories[:5]:
            session.get_one(Experience, one).quarter = "2020-Q1"
    publish(world)
    publish(world)


def test_over_random_histories_no_two_figures_differ_by_less_than_five(world: World) -> None:
    """The municipality's figure is the provider's own, or none."""
    chance = random.Random(23)  # noqa: S311
    own = iter(make_codes(world.database, world.regions[0], world.providers[0], 80, municipality=HEERLEN))
    others = iter(make_codes(world.database, world.regions[0], world.providers[0], 80))
    municipality, provider, alive = about_heerlen(world), About(world.providers[0]), list[str]()
    seen = 0
    for _ in range(45):
        alive += told(world, [next(own if chance.random() < 0.98 else others)], usefulness=str(chance.randint(1, 10)))
        if chance.random() < 0.15:
            with world.database.transaction() as session:
                withdraw(session, session.get_one(Experience, alive.pop(chance.randrange(len(alive)))))
        publish(world)
        one, other = members_of(world, municipality), members_of(world, provider)
        if one:
            seen += 1
            assert len(one) >= DEFAULT_RULES.least_shown
            assert one <= other or len(one ^ other) >= FIGURE_STEP
    assert seen
