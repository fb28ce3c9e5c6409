"""The sentence that is shown says why an offer fits."""

from __future__ import annotations

import pytest

from portal.catalogue import codelists
from portal.search import vocabulary
from portal.search.language import stems
from portal.search.snippets import read_text, snippet
from portal.search.understanding import Understander

TEXT = (
    "Wij werken met een klein team. De eerste afspraak is binnen twee weken. "
    "We helpen kinderen die slecht slapen en nachtmerries hebben. Ouders krijgen uitleg over pesten. "
    "Vervoer is mogelijk."
)


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander(vocabulary.load(codelists.load()))


@pytest.mark.parametrize(
    ("asked", "topics", "beginning"),
    [
        ("wordt vaak wakker", ("slaapproblemen",), "… We helpen kinderen die slecht slapen"),
        ("wordt gepest", ("pesten",), "… Ouders krijgen uitleg over pesten"),
        ("vervoer naar de therapie", (), "… Vervoer is mogelijk"),
        ("slaapproblemen", ("slaapproblemen",), "… We helpen kinderen die slecht slapen"),
        ("schulden", ("geld-en-schulden",), "Wij werken met een klein team."),
    ],
)
def test_the_most_telling_sentence_comes_first(
    understander: Understander, asked: str, topics: tuple[str, ...], beginning: str
) -> None:
    assert snippet(read_text(TEXT, understander), stems(asked), topics, understander).startswith(beginning)


def test_of_a_long_sentence_the_telling_clause_is_shown(understander: Understander) -> None:
    long = "Wij bieden veel; " + "gesprekken in de ochtend en in de middag; " * 6 + "hulp bij rouw en verlies."
    assert (
        snippet(read_text(long, understander), stems("rouw"), ("rouw",), understander) == "… hulp bij rouw en verlies."
    )


def test_no_text_gives_no_sentence(understander: Understander) -> None:
    assert snippet(read_text("", understander), stems("rouw"), ("rouw",), understander) == ""
