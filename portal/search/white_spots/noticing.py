"""Which parts of a question may be counted: single Dutch words, and topics; never names, numbers or sentences."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import simplemma

from portal.catalogue.codelists import CodeLists
from portal.core.text import fold
from portal.search.answers import FEW, Answer
from portal.search.criteria import Criteria
from portal.search.language import tokens
from portal.search.white_spots.types import Spot, SpotKind

_NAMES = Path(__file__).with_name("names.txt")
_WORD = re.compile(r"[a-zà-öø-ÿ]{4,40}", re.IGNORECASE)
_CHUNK = re.compile(r"\S+")
_EDGES = "\"'“”‘’().,;:!?…"
_STREET = re.compile(r"(?:straat|laan|plein|steeg|gracht|singel|dreef|plantsoen)$")
_BEFORE_A_NAME = frozenset(
    "heet heette heten genaamd genoemd naam voornaam achternaam roepnaam roepen noemen meneer meneertje mevrouw heer "
    "dhr mevr mw juf juffrouw meester dokter dr huisarts tante oom opa oma familie gezin der "
    "vriend vriendin vriendje vriendinnetje".split()
)
"""After these a word can be a name, whatever else it means."""
_CLEARLY = 0.5
"""A topic counts where it is at least so likely as the likeliest."""
_MOST_TOPICS = 2


def spots_of(criteria: Criteria, answer: Answer, code_lists: CodeLists) -> frozenset[Spot]:
    """What was looked for in vain: words that search does not know, and topics with few providers.

    Nothing where only the words themselves could be looked up. Topics count where nothing but the question, the
    municipality, the age and the gender narrowed the search: whoever asks for help within two weeks at school
    finds little for other reasons.
    """
    if not answer.from_index:
        return frozenset()
    words = {Spot(SpotKind.WORD, word) for word in countable_words(criteria.q, answer.question.unknown, code_lists)}
    if answer.total >= FEW or _is_narrowed(criteria):
        return frozenset(words)
    likely = [guess.topic for guess in answer.question.topics if guess.likelihood >= _CLEARLY][:_MOST_TOPICS]
    topics = {Spot(SpotKind.TOPIC, topic, criteria.municipality or "") for topic in (*likely, *criteria.topics)}
    return frozenset(words | topics)


def _is_narrowed(criteria: Criteria) -> bool:
    """Whether any filter is on but those that a question itself can name, and the topic."""
    asked = ("q", "municipality", "postcode", "topics", "age", "gender", "not_read", "sort", "on_map", "page",
             "per_page")  # fmt: skip
    return Criteria(**{name: getattr(criteria, name) for name in asked}) != criteria


def countable_words(text: str, unknown: tuple[str, ...], code_lists: CodeLists) -> frozenset[str]:
    """Those `unknown` words of `text` by which nobody can be known, in small letters.

    A word counts where it is in the Dutch dictionary and stands in plain small letters (or begins the sentence).
    It does not count where it is, or could be, part of a name, an address, a number, or anything with a digit or sign.
    """
    wanted, found = set(unknown), set()
    chunks = [(match.start(), match.group()) for match in _CHUNK.finditer(text)]
    for at, (_, chunk) in enumerate(chunks):
        word = chunk.strip(_EDGES)
        plain = fold(word)
        before, after = (fold(chunks[n][1]) if 0 <= n < len(chunks) else "" for n in (at - 1, at + 1))
        if (
            word in wanted
            and _WORD.fullmatch(word)
            and (word.islower() or (at == 0 and word[1:].islower()))
            and simplemma.is_known(word.lower(), lang="nl")
            and before.strip(_EDGES) not in _BEFORE_A_NAME
            and not _STREET.search(plain)
            and not any(character.isdigit() for character in before + after)
            and plain not in _names()
            and plain not in _places(code_lists)
        ):
            found.add(word.lower())
    return frozenset(found)


@cache
def _names() -> frozenset[str]:
    """First names and family names that are in the dictionary too, or are common here."""
    lines = _NAMES.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(name) for line in lines if not line.startswith("#") for name in line.split())


def _places(code_lists: CodeLists) -> frozenset[str]:
    return _words_of_places(tuple(municipality.name for municipality in code_lists.municipalities.values()))


@cache
def _words_of_places(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(token.text) for name in names for token in tokens(name))
