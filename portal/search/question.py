"""What a question says besides its topic: an age, for whom, a municipality, and whether somebody is in danger."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.catalogue.codelists import CodeLists
from portal.catalogue.criteria import OLDEST_AGE
from portal.core.text import fold
from portal.search.language import Token, tokens
from portal.search.understanding import DENIALS, TopicGuess, Understander

MOST_TOPICS = 6
"""At most so many topics are taken from one question."""
LEAST_SHARE = 0.08
"""A topic counts from this share of the likeliest."""
LEAST_LIKELIHOOD = 0.03
"""Below this the likeliest topic is no more than a guess (1 in 120 would be chance), and is not taken."""
MOST_TERMS = 32
"""The engine looks up at most so many words of one question."""

_YEARS = (
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien"
).split()
_NUMBER = r"(\d{1,2}|" + "|".join(_YEARS) + r")"
_NO_AGE = r"(?!\s*(?:keer|x\b|uur|week|weken|maand|dag|kind|euro|op\b|van\b))"
_CHILD = r"(?:zoon|dochter|jongen|meisje|kind|zoontje|dochtertje|kleinzoon|kleindochter)"
_AGE = (
    re.compile(_NUMBER + r"(?:[,.]\d)?\s*-?\s*(?:jaar|jr\b|jarig)"),
    re.compile(r"\b(?:van|is|ben|wordt|leeftijd)\s+" + _NUMBER + r"\b" + _NO_AGE),
    re.compile(r"\b" + _CHILD + r"\s*\(?" + _NUMBER + r"\b" + _NO_AGE),
    re.compile(r"\(" + _NUMBER + r"\)"),
)
"""Ways to write an age, the surest first."""
_BABY = re.compile(r"\b\d{1,2}\s*(?:maanden|maand|mnd|weken) (?:oud|jong)|\bbaby\b")
_GIRL = re.compile(r"\b(?:dochter\w*|meisje\w*|kleindochter|nichtje|zusje|stiefdochter|meid)\b")
_BOY = re.compile(r"\b(?:zoon\w*|jongen\w*|jongetje|kleinzoon|neefje|broertje|stiefzoon)\b")
_INTRODUCES_PLACE = frozenset({"in", "uit", "gemeente", "bij", "te", "wonen", "woon"})
_ORDINARY_WORDS = frozenset({"beek", "stein", "well", "best", "oss", "urk", "laren", "buren", "west", "noord"})
"""Names of municipalities that are also words or names: taken for a place only where the sentence says so."""


class Danger(StrEnum):
    """Who to call first."""

    SUICIDE = "suicide"
    VIOLENCE = "violence"


_DANGER = {
    Danger.SUICIDE: re.compile(
        r"zelfmoord|suicid|niet meer (?:willen |wil(?:t)? )?leven|wil(?:len|t)? (?:niet meer leven|dood)|dood ?wil|"
        r"einde? (?:aan|van) (?:mijn|zijn|haar|zn|mn|d'r|het) leven|er niet meer (?:te )?(?:zijn|wezen)|"
        r"zich(?:zelf)? (?:iets|wat) aan ?(?:te )?doe|liever dood|voor de trein|van het dak|overdosis|"
        r"pillen (?:geslikt|ingenomen)|"
        r"(?:eind|einde) aan (?:te )?ma(?:ak|ken)|ma(?:ak|akt|ken) er een eind|van kant (?:te )?maken|"
        r"als ik er niet meer ben|"
        r"\b(?:kill|hang|hurt) (?:my|him|her)self|want(?:s)? to die|"
        r"afscheidsbrief|geen zin meer in (?:het )?leven|hoeft niet meer voor (?:mij|haar|hem)|uit het leven"
    ),
    Danger.VIOLENCE: re.compile(
        r"\b(?:slaat|sloeg|slaan|geslagen|schopt|schopte|geschopt|wurgt|wurgde|mept|klappen|mishandel\w*|verkracht\w*|"
        r"aangerand|misbruik\w*|bedreigt|bedreigd|mes|striemen|blauwe plekken|opgesloten|zit aan (?:mij|me|haar|hem)|"
        r"partnergeweld|huiselijk geweld|vermoord\w*|uitgehuwelijkt|sluit (?:me|mij|hem|haar) op|iets aandoe|"
        r"(?:beats|hits|hit|touches|touched|hurts) (?:me|us|him|her|my)|abus\w+|raped?)\b"
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood."""

    topics: tuple[TopicGuess, ...] = ()
    """What it is about, likeliest first; the likelihood of each as a share of the first."""
    terms: tuple[str, ...] = ()
    """The stems to look up in the texts, without function words."""
    words: tuple[str, ...] = ()
    """The stems of all its words, function words too."""
    unknown: tuple[str, ...] = ()
    """Words as typed that mean nothing to us."""
    corrections: tuple[tuple[str, str], ...] = ()
    """Words as typed, and as read."""
    age: int | None = None
    municipality: str | None = None
    """CBS code."""
    gender: str | None = None
    """`girls` or `boys`."""
    dangers: tuple[Danger, ...] = ()


_DANGER_TOPICS = {
    "suicidaliteit": Danger.SUICIDE,
    "zelfbeschadiging": Danger.SUICIDE,
    "kindermishandeling": Danger.VIOLENCE,
    "huiselijk-geweld": Danger.VIOLENCE,
    "seksueel-misbruik": Danger.VIOLENCE,
    "eergerelateerd-geweld": Danger.VIOLENCE,
    "loverboys": Danger.VIOLENCE,
}
_DANGER_SHARE = 0.5
"""A topic that means danger is taken for it from this share of the likeliest: rather once too often."""
_LEAST_KNOWN = 0.5
"""Where fewer of the words than this are known, we say so and take no topic."""


def read_question(
    text: str, understander: Understander, code_lists: CodeLists, own_municipalities: Collection[str] = ()
) -> Question:
    """Understand `text`; an empty one is an empty question.

    The names of `own_municipalities` (CBS codes), and the halves of double names, are places wherever they stand.
    """
    plain = fold(text)
    words = tokens(text)
    age, spans = _age(text.lower())
    municipality, named = _municipality(words, code_lists, own_municipalities)
    aside = {
        word.start
        for word in words
        if any(start <= len(fold(f"{text[: word.start]}.")) - 1 < end for start, end in spans)
    }
    meant = [word for word in words if word.start not in aside | named]
    corrected = [
        word if _is_name(word, words) else read for word, read in zip(meant, understander.corrected(meant), strict=True)
    ]
    unknown = [word for word in corrected if not understander.known(word) and not word.text.isdigit()]
    corrections = [(typed.text, read.text) for typed, read in zip(meant, corrected, strict=True) if typed is not read]
    content = [w for w in corrected if w.stem not in DENIALS and not understander.is_function_word(w)]
    is_clear = len(content) - len(unknown) - len(corrections) / 2 >= _LEAST_KNOWN * len(content)
    topics = _taken(understander.topics(corrected)) if is_clear else ()
    said = {danger for danger, pattern in _DANGER.items() if pattern.search(plain)}
    said |= {_DANGER_TOPICS[t.topic] for t in topics if t.topic in _DANGER_TOPICS and t.likelihood >= _DANGER_SHARE}
    return Question(
        topics=topics,
        terms=tuple(dict.fromkeys(word.stem for word in content if not word.text.isdigit()))[:MOST_TERMS],
        words=tuple(dict.fromkeys(word.stem for word in corrected)),
        unknown=tuple(dict.fromkeys(word.text for word in unknown)),
        corrections=tuple(corrections),
        age=age,
        municipality=municipality,
        gender=_gender(plain),
        dangers=tuple(danger for danger in Danger if danger in said),
    )


def _is_name(word: Token, words: Sequence[Token]) -> bool:
    """Whether a word with a capital stands inside the sentence: a name, which is not respelled."""
    return word.text[:1].isupper() and word is not words[0]


def _taken(guesses: Sequence[TopicGuess]) -> tuple[TopicGuess, ...]:
    if not guesses or guesses[0].likelihood < LEAST_LIKELIHOOD:
        return ()
    best = guesses[0].likelihood
    return tuple(
        TopicGuess(guess.topic, guess.likelihood / best, guess.words)
        for guess in guesses[:MOST_TOPICS]
        if guess.likelihood >= LEAST_SHARE * best
    )


def _gender(plain: str) -> str | None:
    girl, boy = bool(_GIRL.search(plain)), bool(_BOY.search(plain))
    return None if girl == boy else "girls" if girl else "boys"


def _age(plain: str) -> tuple[int | None, list[tuple[int, int]]]:
    """The age that the sentence names, in whole years, and where in it that stands."""
    for pattern in _AGE:
        for match in pattern.finditer(plain):
            age = int(match[1]) if match[1].isdigit() else _YEARS.index(match[1]) + 1
            if age <= OLDEST_AGE:
                return age, [match.span(1)] if not match[0].endswith(("jaar", "jr", "jarig")) else [match.span()]
    baby = _BABY.search(plain)
    return (0, []) if baby else (None, [])


def _municipality(words: Sequence[Token], code_lists: CodeLists, own: Collection[str]) -> tuple[str | None, set[int]]:
    """The municipality that the sentence names, and where its words stand."""
    halves = {
        fold(half): code
        for code in own
        for half in code_lists.municipalities[code].name.replace(" aan de Geul", "-").split("-")
        if half
    }
    for length in (4, 3, 2, 1):
        for at in range(len(words) - length + 1):
            part = words[at : at + length]
            name = " ".join(word.text for word in part)
            found = code_lists.municipality(name)
            code = found.code if found else halves.get(fold(name))
            introduced = at > 0 and fold(words[at - 1].text) in _INTRODUCES_PLACE
            capital = part[0].text[:1].isupper() and at > 0
            everywhere = code in own and fold(name) not in _ORDINARY_WORDS
            if code is not None and (introduced or capital or everywhere):
                return code, {word.start for word in part}
    return None, set()
