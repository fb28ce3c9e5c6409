"""The sentence that is shown says why an offer fits."""

from __future__ import annotations

import pytest

from portal.catalogue import codelists
from portal.search import vocabulary
from portal.search.language import stems
from portal.search.snippets import read_text, snippets
from portal.search.understanding import Understander

TEXT = (
    "Wij werken met een klein team. De eerste afspraak is binnen twee weken. "
    "We helpen kinderen die slecht slapen en nachtmerries hebben. Ouders krijgen uitleg over pesten. "
    "Vervoer is mogelijk."
)


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander(vocabulary.load(codelists.load()))


def shown(text: str, asked: str, topics: tuple[str, ...], understander: Understander) -> str:
    """What is shown of `text`, which is the second of three: each has its own part."""
    texts = [read_text(one, understander) for one in ("Wij doen iets anders. Rouw!", text, "")]
    return snippets(texts, stems(asked), topics, understander)[1]


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
    assert shown(TEXT, asked, topics, understander).startswith(beginning)


def test_of_a_long_sentence_the_telling_clause_is_shown(understander: Understander) -> None:
    long = "Wij bieden veel; " + "gesprekken in de ochtend en in de middag; " * 6 + "hulp bij rouw en verlies."
    assert shown(long, "rouw", ("rouw",), understander) == "… hulp bij rouw en verlies."


def test_no_text_gives_no_sentence(understander: Understander) -> None:
    assert shown("", "rouw", ("rouw",), understander) == ""
