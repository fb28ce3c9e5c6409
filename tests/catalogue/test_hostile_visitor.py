"""A hostile visitor asks after secret addresses in every way there is, and learns no more than their municipality.

The crawl is that of `benchmarks/hostile_visitor.py`, which asks 10,000 questions; here it asks some, and is shown to
find what a broken rule would give away.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import false

from benchmarks.hostile_visitor import (
    NORTH_WEST,
    SOUTH_EAST,
    World,
    crawl,
    distance_questions,
    fixed_questions,
    take_bearings,
    world,
)
from portal.catalogue import places
from portal.catalogue.models import Location
from portal.catalogue.operations import touch
from portal.core import clock
from tests.conftest import TODAY


@pytest.fixture(scope="module")
def worlds() -> Iterator[tuple[World, World]]:
    with world(NORTH_WEST) as one, world(SOUTH_EAST) as other:
        yield one, other


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


def forget(*worlds: World) -> None:
    """Let nothing that was worked out before stand in the way."""
    for one in worlds:
        with one.app.extensions["portal.database"].transaction() as session:
            touch(session)


def test_no_answer_tells_where_a_secret_address_is(worlds: tuple[World, World]) -> None:
    one, other = worlds
    assert len(one.secrets) > 40
    assert all(one.secrets[name][1] != other.secrets[name][1] for name in one.secrets)
    fixed = list(fixed_questions(one))
    asked = [*fixed[::10], *fixed[-20:], *distance_questions(one, 150)]
    report = crawl(one, other, asked)
    assert report.leaks == []
    assert report.refused == 0


def test_the_crawl_sees_when_distances_are_measured_to_family_homes(
    worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_IS_SECRET", false())
    forget(*worlds)
    report = crawl(*worlds, list(distance_questions(worlds[0], 40)))
    monkeypatch.undo()
    forget(*worlds)
    assert any("/api/" in address for address in report.leaks)


def test_the_crawl_sees_when_a_page_shows_the_address_of_a_family_home(
    worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Location, "is_secret", property(lambda location: location.address_confidential))
    forget(*worlds)
    report = crawl(
        *worlds, [address for address in fixed_questions(worlds[0]) if address.startswith("/aanbieders/gezinshui")]
    )
    monkeypatch.undo()
    forget(*worlds)
    assert report.leaks and not any("makkelijk" in address for address in report.leaks)


@pytest.mark.long
def test_ten_thousand_questions_and_bearings_tell_no_more_than_the_municipality(worlds: tuple[World, World]) -> None:
    one, other = worlds
    report = crawl(one, other, [*fixed_questions(one), *distance_questions(one, 10_000)])
    assert report.leaks == [] and report.questions > 11_000
    bearings = take_bearings(one)
    assert len(bearings) > 20
    assert all(from_true_place > 1.5 for _, from_true_place, _ in bearings)
