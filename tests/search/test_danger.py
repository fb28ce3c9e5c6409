"""Danger is heard, and what only sounds like it is not: measured on sentences of both kinds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal.catalogue import codelists
from portal.search import vocabulary
from portal.search.danger import Danger, DangerWords
from portal.search.question import read_question
from portal.search.understanding import Understander

LISTS = codelists.load()
SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "danger.jsonl").read_text(encoding="utf-8").splitlines()
]
LEAST_RECALL, LEAST_PRECISION = 0.98, 0.9


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander(vocabulary.load(LISTS))


def test_danger_is_heard_and_idioms_are_not_taken_for_it(understander: Understander) -> None:
    heard = {text: read_question(text, understander, LISTS).dangers for text in (s["text"] for s in SENTENCES)}
    dangerous = [sentence["text"] for sentence in SENTENCES if sentence["danger"]]
    missed = [text for text in dangerous if not heard[text]]
    alarms = [text for text, dangers in heard.items() if dangers]
    assert len(dangerous) >= 60
    assert len(SENTENCES) - len(dangerous) >= 60
    assert 1 - len(missed) / len(dangerous) >= LEAST_RECALL, missed
    right = sum(text in set(dangerous) for text in alarms)
    assert right / len(alarms) >= LEAST_PRECISION, [text for text in alarms if text not in set(dangerous)]


@pytest.mark.parametrize(
    ("text", "dangers"),
    [
        ("hij wil niet meer leven", {Danger.SUICIDE}),
        ("zij slaat mij en wil niet meer leven", {Danger.SUICIDE, Danger.VIOLENCE}),
        ("wil niet meer leven zonder voetbal", set()),
        ("lacht nooit meer en wil dood", {Danger.SUICIDE}),
        ("geen hulp te vinden voor suïcidale dochter", {Danger.SUICIDE}),
        ("ik word geslagen door mijn vader", {Danger.VIOLENCE}),
        ("opa is dood en nu wil hij ook dood", {Danger.SUICIDE}),
    ],
)
def test_an_idiom_takes_out_its_own_words_only(understander: Understander, text: str, dangers: set[Danger]) -> None:
    assert set(read_question(text, understander, LISTS).dangers) == dangers


def test_a_phrase_is_words_in_order_with_at_most_three_between() -> None:
    words = DangerWords([("suicide", "wil|wou .. dood*")])
    assert words.heard_in("Wil hij nu echt DOODGAAN?") == {Danger.SUICIDE}
    assert not words.heard_in("wil een twee drie vier dood")
    assert not words.heard_in("dood wil")
