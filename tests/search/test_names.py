"""Which provider a question names."""

from __future__ import annotations

import pytest

from portal.catalogue import codelists
from portal.search import vocabulary
from portal.search.names import ProviderNames
from portal.search.question import read_question
from portal.search.understanding import Understander

LISTS = codelists.load()
NAMES = ["Stap voor Stoep", "Stichting Parelduiker", "De Golfbreker DGT", "Praktijk Gloeikever", "Rouwhuis De Vlinder",
         "Mergelkring Kinder- en Jeugdpsychiatrie", "Praktijk Regenmeter", "Huis van Autisme"]  # fmt: skip


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander(vocabulary.load(LISTS))


@pytest.fixture(scope="module")
def providers() -> ProviderNames:
    return ProviderNames(NAMES)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("stapvoorstoep", "Stap voor Stoep"),
        ("stap voor stoep", "Stap voor Stoep"),
        ("parel duiker", "Stichting Parelduiker"),
        ("parelduiker", "Stichting Parelduiker"),
        ("praktijk parelduiker", "Stichting Parelduiker"),
        ("de golf breker", "De Golfbreker DGT"),
        ("golfbrker", "De Golfbreker DGT"),
        ("kidnerpraktijk gloeikever", "Praktijk Gloeikever"),
        ("gloei kever", "Praktijk Gloeikever"),
        ("mergel kring", "Mergelkring Kinder- en Jeugdpsychiatrie"),
        ("de vlinder", "Rouwhuis De Vlinder"),
        ("wachttijd bij gloeikever voor mijn dochter", "Praktijk Gloeikever"),
        ("mijn dochter heeft vlinders in haar buik", None),
        ("de regenmeter is stuk", None),
        ("mijn zoon heeft autisme", None),
        ("stap voor stap", None),
        ("", None),
    ],
)
def test_a_name_is_found_glued_split_in_part_and_mistyped(
    understander: Understander, providers: ProviderNames, typed: str, name: str | None
) -> None:
    question = read_question(typed, understander, LISTS, providers=providers)
    assert [NAMES[number] for number in question.providers] == ([name] if name else [])


def test_the_words_of_a_name_are_neither_a_worry_nor_unknown(
    understander: Understander, providers: ProviderNames
) -> None:
    question = read_question("gloei kever", understander, LISTS, providers=providers)
    assert (question.topics, question.unknown, question.corrections) == ((), (), ())


def test_without_names_nobody_is_named(understander: Understander) -> None:
    assert read_question("gloeikever", understander, LISTS, providers=ProviderNames([])).providers == ()
