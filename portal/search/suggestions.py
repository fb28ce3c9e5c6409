"""Suggestions while somebody types: topics, what families say of them, and providers.

Sorted lists in memory, looked up by bisection; the list of topics is made once, that of providers once a revision and
day. A sentence that begins like nothing in them is understood as the search would, and led to the names of its topics.
Whoever types the beginning of something hard is led to the calm name of its topic, and to no family's words. What is
typed is forgotten with the answer.
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import cast

from flask import current_app

from portal.catalogue.codelists import DEFAULT_LANGUAGE, CodeLists, current_code_lists
from portal.core.remembered import Remembered
from portal.core.text import fold
from portal.search.engine import current_engine
from portal.search.meaning import SPEAKS_OF_DANGER
from portal.search.vocabulary import Vocabulary, Voice

MOST_SUGGESTIONS = 8
MOST_PROVIDERS = 3
"""So many of them may be providers where topics fit too: most people do not look for a name."""
MOST_OF_ONE_TOPIC = 2
SHORTEST = 2
LONGEST = 120
"""What is longer is a story, for which the search itself is better."""
_WORDS_OF_A_SENTENCE = 3
"""From so many on it is worth understanding."""
_MOST_UNDERSTOOD = 3
MOST_WORDS = 6
"""So many of its words are looked at: each costs as much as another suggestion."""
_LONGEST_EXPRESSION = 45
_MOST_LOOKED_AT = 2_000
_MOST_COMPARED = 64
"""So many of the best are kept, since several may be of one topic."""
_END = "\U0010ffff"
_UNSPOKEN = re.compile(
    r"zelfmoord|suicid|meer leven|\bdood|sterv|verkracht|misbruik|mishandel|seks|geslagen|\bslaat\b|hoer|kut"
)
"""Nobody gets such words put into their mouth: of what speaks of it, only names of topics are suggested."""
_LEADS = tuple(
    (re.compile(pattern), topic)
    for pattern, topic in (
        (
            r"\bzelfm|\bzelfd|\bsuic|\b(?:wil|wilt|wou|wilde|wens)\b.* (?:doo|ster)|niet meer (?:wil\w* )?lev"
            r"|leven niet meer|\bdood wil",
            "suicidaliteit",
        ),
        (r"\bsnij|\bkras|\bautomu|\bzelfb|\bzelfv|zichzelf (?:pijn|wat aan|iets aan)", "zelfbeschadiging"),
        (r"\bmisb|\bverkr|\baanrand|\baangerand|\bincest", "seksueel-misbruik"),
        (r"\bmishand|\bkindermish|\bgeslagen|\bslaat (?:mij|me|mn|haar|hem|de kind\w*)\b", "kindermishandeling"),
        (r"\bhuiselijk|\bmijn man sl|\bpapa sl|\bvader sl", "huiselijk-geweld"),
        (r"\buithu|\buitgehu|\beerwr|\bmoet trouwen", "eergerelateerd-geweld"),
    )
)
"""What begins something hard, and the topic to whose name it leads."""
_WORD_START = re.compile(r"(?<!\w)\w")


class SuggestionKind(StrEnum):
    """What a suggestion leads to."""

    TOPIC = "topic"
    """A search."""
    PROVIDER = "provider"
    """A page."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that may be meant."""

    kind: SuggestionKind
    label: str
    target: str
    """The Dutch words to search for, or the slug of a provider."""
    topic: str = ""
    """The code of the topic that an expression speaks of."""
    is_name: bool = True
    """Whether `label` is what the topic or provider is called, not merely something that families say."""


class SuggestionList:
    """Suggestions that can be found by the beginning of any of their words."""

    def __init__(self, suggestions: Iterable[Suggestion]) -> None:
        self._suggestions = tuple(suggestions)
        self._folded = tuple(fold(suggestion.label) for suggestion in self._suggestions)
        keys = sorted((text[at:], number) for number, text in enumerate(self._folded) for at in _starts(text))
        self._names = {suggestion.topic: suggestion for suggestion in self._suggestions if suggestion.is_name}
        self._keys = [key for key, _ in keys]
        self._numbers = [number for _, number in keys]

    def starting(self, plain: str) -> list[Suggestion]:
        """Those in which `plain` (folded) stands from the start of a word on, best first.

        Where no label has it in one piece, those that have words beginning with each of its words.
        """
        found = set(self._beginning(plain))
        words = _distinct_words(plain)
        if not found and len(words) > 1:
            longest = max(words, key=len)
            found = {
                number
                for number in self._beginning(longest)
                if all(_has_word_starting(self._folded[number], word) for word in words)
            }
        best = heapq.nsmallest(_MOST_COMPARED, found, key=lambda number: self._rank(number, plain))
        return [self._suggestions[number] for number in best]

    def names_of(self, topics: Iterable[str]) -> list[Suggestion]:
        """What these topics (codes) are called, as far as they are in the list."""
        return [self._names[topic] for topic in topics if topic in self._names]

    def _beginning(self, plain: str) -> Iterator[int]:
        first = bisect_left(self._keys, plain)
        last = bisect_left(self._keys, plain + _END, lo=first, hi=min(len(self._keys), first + _MOST_LOOKED_AT))
        return iter(self._numbers[first:last])

    def _rank(self, number: int, plain: str) -> tuple[bool, bool, int, str]:
        """Names of topics and providers first, then what begins as typed, then the shortest."""
        text = self._folded[number]
        return not text.startswith(plain), not self._suggestions[number].is_name, len(text), text


def _distinct_words(plain: str) -> list[str]:
    """The first words of `plain`, each once."""
    return list(dict.fromkeys(plain.split()))[:MOST_WORDS]


def _starts(text: str) -> Iterator[int]:
    return (match.start() for match in _WORD_START.finditer(text))


def _has_word_starting(text: str, word: str) -> bool:
    return any(text.startswith(word, at) for at in _starts(text))


def topic_suggestions(code_lists: CodeLists, vocabulary: Vocabulary, language: str) -> SuggestionList:
    """The topics by their names in `language`, and in Dutch what families say of them.

    Of topics that mean danger only the name.
    """
    found = {}
    for code in code_lists.topics:
        dutch = code_lists.label("topics", code, DEFAULT_LANGUAGE).label
        label = code_lists.label("topics", code, language).label
        found[fold(label)] = Suggestion(SuggestionKind.TOPIC, label, dutch, code)
    for expression in vocabulary.expressions:
        is_short = len(expression.text) <= _LONGEST_EXPRESSION and expression.text[:1].islower()
        is_hard = expression.topic in SPEAKS_OF_DANGER or _UNSPOKEN.search(expression.text)
        if expression.voice is Voice.FAMILY and is_short and not is_hard:
            suggestion = Suggestion(
                SuggestionKind.TOPIC, expression.text, expression.text, expression.topic, is_name=False
            )
            found.setdefault(fold(expression.text), suggestion)
    return SuggestionList(found.values())


def provider_suggestions(providers: Iterable[tuple[str, str]]) -> SuggestionList:
    """The providers, given by name and slug."""
    return SuggestionList(Suggestion(SuggestionKind.PROVIDER, name, slug) for name, slug in providers)


def _nothing(_typed: str) -> Sequence[str]:
    return ()


def suggest(
    typed: str,
    topics: SuggestionList,
    providers: SuggestionList,
    correct: Callable[[str], str | None],
    about: Callable[[str], Sequence[str]] = _nothing,
) -> list[Suggestion]:
    """At most `MOST_SUGGESTIONS` for what was typed so far.

    Where nothing begins like that, each word is read as the known word that `correct` finds near it, and a sentence
    leads to the topics (codes) that `about` says it speaks of.
    """
    plain = fold(typed)
    if not SHORTEST <= len(plain) <= LONGEST:
        return []
    found = _mixed(topics.starting(plain), providers.starting(plain))
    led = topics.names_of(topic for pattern, topic in _LEADS if pattern.search(plain))
    if led:
        return [*led, *(other for other in found if other.is_name and other not in led)][:MOST_SUGGESTIONS]
    if not found:
        read = " ".join(correct(word) or word for word in _distinct_words(plain))
        found = _mixed(topics.starting(read), providers.starting(read)) if read != plain else []
    if not found and plain.count(" ") + 1 >= _WORDS_OF_A_SENTENCE:
        found = topics.names_of(about(typed)[:_MOST_UNDERSTOOD])
    return found


def _mixed(topics: list[Suggestion], providers: list[Suggestion]) -> list[Suggestion]:
    """Topics first, with room kept for providers; of one topic a few ways to say it."""
    times: Counter[str] = Counter()
    varied = []
    for suggestion in topics:
        times[suggestion.topic] += 1
        if times[suggestion.topic] <= MOST_OF_ONE_TOPIC:
            varied.append(suggestion)
    room = max(MOST_SUGGESTIONS - len(varied), MOST_PROVIDERS)
    named = providers[:room]
    return [*varied[: MOST_SUGGESTIONS - len(named)], *named]


class Suggester:
    """Suggestions of one process."""

    def __init__(
        self,
        code_lists: CodeLists,
        vocabulary: Vocabulary,
        correct: Callable[[str], str | None],
        about: Callable[[str], Sequence[str]],
    ) -> None:
        """`correct` and `about` as for `suggest`."""
        self._code_lists, self._vocabulary, self._correct, self._about = code_lists, vocabulary, correct, about
        self._topics: dict[str, SuggestionList] = {}
        self._providers = Remembered(1)

    def suggest(
        self, typed: str, language: str, revision: int, today: date, providers: Callable[[], Iterable[tuple[str, str]]]
    ) -> list[Suggestion]:
        """What may be meant by `typed`; `providers` reads names and slugs of those open `today`."""
        if language not in self._topics:
            self._topics[language] = topic_suggestions(self._code_lists, self._vocabulary, language)
        named = self._providers.recall(revision, today, lambda: provider_suggestions(providers()))
        return suggest(typed, self._topics[language], named, self._correct, self._about)


def current_suggester() -> Suggester:
    """The suggester of the running application; made at first use."""
    suggester = current_app.extensions.get("portal.suggester")
    if suggester is None:
        engine = current_engine()
        suggester = Suggester(
            current_code_lists(),
            engine.words,
            engine.understander.speller.correct,
            lambda typed: [guess.topic for guess in engine.question(typed).searched],
        )
        current_app.extensions["portal.suggester"] = suggester
    return cast(Suggester, suggester)
