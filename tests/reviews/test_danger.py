"""What sounds like danger is read first (I12): measured on labelled stories. Every story is read by a human anyway."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from portal.reviews.danger import danger_in, urgency_of
from portal.reviews.danger_notice import danger_notice_for
from portal.reviews.moderating.queries import queue
from portal.reviews.worries import WORRY
from tests.accounts.people import World
from tests.reviews.families import make_codes, tell

STORIES = [
    (line[0], line[2:])
    for line in (Path(__file__).with_name("danger_stories.txt")).read_text(encoding="utf-8").splitlines()
    if line[:1] in ("!", "?", "-")
]
LEAST_RECALL, LEAST_BETWEEN_THE_LINES, MOST_ALARMS = 0.95, 0.5, 0.3


@pytest.fixture(scope="module")
def urgency(region_app: Flask) -> dict[str, str]:
    with region_app.app_context():
        return {story: urgency_of(story) for _, story in STORIES}


def of_kind(kind: str) -> list[str]:
    return [story for found, story in STORIES if found == kind]


def test_danger_in_stories_is_read_before_others(urgency: dict[str, str]) -> None:
    dangerous, hidden = of_kind("!"), of_kind("?")
    assert len(dangerous) >= 90
    missed = [story for story in dangerous if not urgency[story]]
    assert 1 - len(missed) / len(dangerous) >= LEAST_RECALL, missed
    unheard = [story for story in hidden if not urgency[story]]
    assert 1 - len(unheard) / len(hidden) >= LEAST_BETWEEN_THE_LINES, unheard


def test_strong_words_show_no_family_whom_to_call(urgency: dict[str, str]) -> None:
    harmless = of_kind("-")
    assert len(harmless) >= 60
    assert sum(bool(urgency[story]) for story in harmless) / len(harmless) <= MOST_ALARMS
    frightened = [story for story in harmless if danger_notice_for(urgency[story])]
    assert len(frightened) <= 1, frightened


def test_what_is_heard_as_danger_is_no_mere_worry(region_app: Flask) -> None:
    with region_app.app_context():
        assert danger_in("Mijn zoon wil dood.") == urgency_of("Mijn zoon wil dood.") == "suicide"
        assert urgency_of("Hij brak zijn arm.") == WORRY
        assert urgency_of("Het was fijn.") == ""


def test_the_queue_has_danger_first_and_worries_before_the_rest(world: World) -> None:
    codes = make_codes(world.database, world.regions[0], world.providers[0])
    for code, danger in zip(codes, ("", WORRY, "suicide", ""), strict=False):
        tell(world.database, code, danger=danger)
    with world.database.sessions() as session:
        assert [one.danger for one in queue(session, world.regions[0])] == ["suicide", WORRY, "", ""]
