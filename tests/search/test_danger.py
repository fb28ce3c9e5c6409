"""Danger is heard, and what only sounds like it is not: measured on sentences of both kinds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal.catalogue import codelists
from portal.core.text import fold
from portal.search import vocabulary
from portal.search.danger import Danger, DangerWords, words_of
from portal.search.language import tokens
from portal.search.names import ProviderNames
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


@pytest.mark.parametrize("apart", [False, True])
def test_danger_is_heard_and_idioms_are_not_taken_for_it(understander: Understander, apart: bool) -> None:
    # Those kept apart were not looked at while the lists were made.
    sentences = [sentence for sentence in SENTENCES if bool(sentence.get("apart")) is apart]
    heard = {text: read_question(text, understander, LISTS).dangers for text in (s["text"] for s in sentences)}
    dangerous = [sentence["text"] for sentence in sentences if sentence["danger"]]
    missed = [text for text in dangerous if not heard[text]]
    alarms = [text for text, dangers in heard.items() if dangers]
    assert len(dangerous) >= 50
    assert len(sentences) - len(dangerous) >= 50
    assert 1 - len(missed) / len(dangerous) >= LEAST_RECALL, missed
    right = sum(text in set(dangerous) for text in alarms)
    assert right / len(alarms) >= LEAST_PRECISION, [text for text in alarms if text not in set(dangerous)]


def test_the_kind_of_danger_is_heard(understander: Understander) -> None:
    for sentence in SENTENCES:
        if sentence["danger"]:
            heard = read_question(sentence["text"], understander, LISTS).dangers
            assert not heard or sentence["danger"] in heard, sentence


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


@pytest.mark.parametrize(
    "text",
    ["kwildood", "ikwil dood", "k.m.s", "zelf moord", "zelfmort", "wil nimeer leve", "k wil ni meer leve", "zlefmoord"],
)
def test_words_in_haste_are_heard(understander: Understander, text: str) -> None:
    assert read_question(text, understander, LISTS).dangers == (Danger.SUICIDE,)


@pytest.mark.parametrize(
    ("text", "dangers"),
    [
        ("ze snijdt in haar armen", (Danger.SELF_HARM,)),
        ("ze snijdt in haar armen en wil dood", (Danger.SUICIDE,)),
        ("ik heb mijn baby geschud", (Danger.MEDICAL,)),
        ("dochter heeft een doos paracetamol geslikt", (Danger.MEDICAL, Danger.SUICIDE)),
        ("mijn dochter is vannacht niet thuisgekomen", (Danger.MISSING,)),
        ("dochter weggelopen, weet niet waar ze is, vader slaat haar", (Danger.VIOLENCE, Danger.MISSING)),
    ],
)
def test_the_most_urgent_comes_first_and_cutting_beside_dying_is_told_once(
    understander: Understander, text: str, dangers: tuple[Danger, ...]
) -> None:
    assert read_question(text, understander, LISTS).dangers == dangers


@pytest.mark.parametrize("text", ["een kind", "kind van 5", "2 kinderen van 5 en 7", "thuis", "onveilige fiets"])
def test_ordinary_words_of_a_topics_name_are_no_danger(understander: Understander, text: str) -> None:
    assert read_question(text, understander, LISTS).dangers == ()


def test_the_name_of_a_provider_is_no_danger(understander: Understander) -> None:
    providers = ProviderNames(["Opvang Wil Dood", "De Zevende Hemel"])
    for text in ("opvang wil dood", "zoek de zevende hemel"):
        assert read_question(text, understander, LISTS, providers=providers).dangers == ()
    assert read_question("wil dood", understander, LISTS).dangers == (Danger.SUICIDE,)


def test_a_phrase_is_words_in_order_with_at_most_four_between() -> None:
    words = DangerWords([("suicide", "wil|wou .. dood*"), ("suicide", "ik wil niet meer .")])

    def heard(text: str) -> frozenset[Danger]:
        return words.heard_in(words_of(text)).dangers

    assert heard("Wil hij nu echt DOODGAAN?") == {Danger.SUICIDE}
    assert heard("wil een twee drie vier dood") == {Danger.SUICIDE}
    assert not heard("wil een twee drie vier vijf dood")
    assert not heard("dood wil")
    assert heard("mama, ik wil niet meer. Echt.") == {Danger.SUICIDE}
    assert not heard("ik wil niet meer naar voetbal")


def test_a_word_that_is_longer_than_any_once_it_is_folded_is_left_as_it_is(understander: Understander) -> None:
    """To look at every part of it takes a worker seconds; a short one is written out ("wildood")."""
    assert understander.danger.as_meant(["wildood"]) == ("wil", "dood")
    for word in ("wildood" * 6, fold("ﷺ" * 30), "q" * 4_000):
        assert understander.danger.as_meant([word]) == (word,)
    assert tokens("ﷺ" * 30 + " bang") == tokens(" " * 30 + " bang")
    for word in ("ﷺ" * 300, "q" * 4_000, "wildood" * 6):
        assert read_question(word, understander, LISTS).dangers == ()
