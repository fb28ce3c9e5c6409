"""What sounds like danger is read first (I12): measured on labelled sentences with which nothing was made.

Every story is read by a human anyway.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from flask import Flask

from benchmarks.danger_in_stories import parts
from portal.reviews.danger import danger_in, urgency_of
from portal.reviews.danger_notice import danger_notice_for
from portal.reviews.models import Experience
from portal.reviews.moderating.queries import queue
from portal.reviews.types import Voice
from portal.reviews.worries import WORRY
from tests.accounts.people import World
from tests.reviews.families import Family, make_codes, tell

LEAST_RECALL, MOST_ALARMS = 0.95, 0.3


@pytest.fixture(scope="module")
def urgency(region_app: Flask) -> dict[str, str]:
    with region_app.app_context():
        return {story: urgency_of(story, {}) for stories in parts().values() for _, story in stories}


@pytest.mark.parametrize("part", parts().keys())
def test_danger_in_stories_is_read_before_others(urgency: dict[str, str], part: str) -> None:
    dangerous = [story for is_danger, story in parts()[part] if is_danger]
    assert len(dangerous) >= 30
    missed = [story for story in dangerous if not urgency[story]]
    assert 1 - len(missed) / len(dangerous) >= LEAST_RECALL, missed


@pytest.mark.parametrize("part", parts().keys())
def test_strong_words_show_no_family_whom_to_call(urgency: dict[str, str], part: str) -> None:
    harmless = [story for is_danger, story in parts()[part] if not is_danger]
    assert len(harmless) >= 30
    assert sum(bool(urgency[story]) for story in harmless) / len(harmless) <= MOST_ALARMS
    assert [story for story in harmless if danger_notice_for(urgency[story])] == []


def test_who_was_not_safe_is_read_before_others_and_reads_whom_to_call_whatever_was_written(
    world: World, codes: Sequence[str], family: Family
) -> None:
    """A family that gives a three for how safe it felt need not find words for it."""
    assert danger_notice_for("", Voice.YOUNG_PERSON, {"safety": "5"}) is None
    family.begin(codes[0])
    family.answer("young_person")
    family.post("/ervaring/vragen", {**family.hidden(), "vraag": "safety", "antwoord": "3", "doe": "volgende"})
    checked = family.post("/ervaring/vragen", {**family.hidden(), "naar": "check"})
    sent = family.send()
    phrase = family.phrase
    back = family.post("/ervaring/terug", {"woorden": phrase})
    assert all("Kindertelefoon: 0800-0432" in page.text for page in (checked, sent, back))
    family.post("/ervaring/terug/wijzigen", {"woorden": phrase, "story": "Het was er wel gezellig.", "advice": ""})
    with world.database.sessions() as session:
        assert [one.danger for one in session.query(Experience).all()] == [WORRY]


def test_what_is_heard_as_danger_is_no_mere_worry(region_app: Flask) -> None:
    with region_app.app_context():
        assert danger_in("Mijn zoon wil dood.") == urgency_of("Mijn zoon wil dood.", {}) == "suicide"
        assert urgency_of("Ich kreeg sjleeg van mien pap.", {}) == WORRY
        assert urgency_of("Het was fijn.", {}) == ""


def test_the_queue_has_danger_first_and_worries_before_the_rest(world: World) -> None:
    codes = make_codes(world.database, world.regions[0], world.providers[0])
    for code, danger in zip(codes, ("", WORRY, "suicide", ""), strict=False):
        tell(world.database, code, danger=danger)
    with world.database.sessions() as session:
        assert [one.danger for one in queue(session, world.regions[0])] == ["suicide", WORRY, "", ""]
