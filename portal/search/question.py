"""What a question says besides its topic: an age, for whom, a municipality, and whether somebody is in danger."""

from __future__ import annotations

import re
from collections.abc import Sequence
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

_AGE = re.compile(
    r"\b(?:van|is|ben|wordt|leeftijd)\s+(\d{1,2})\b(?!\s*(?:keer|x|uur|weken|maanden|dagen|kinderen|euro))"
    r"|\b(\d{1,2})\s*-?\s*(?:jaar|jr|j\.|jarig\w*)"
)
_GIRL = re.compile(r"\b(?:dochter\w*|meisje\w*|kleindochter|nichtje|zusje|stiefdochter|meid)\b")
_BOY = re.compile(r"\b(?:zoon\w*|jongen\w*|jongetje|kleinzoon|neefje|broertje|stiefzoon)\b")


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
        r"afscheidsbrief|geen zin meer in (?:het )?leven|hoeft niet meer voor (?:mij|haar|hem)|uit het leven"
    ),
    Danger.VIOLENCE: re.compile(
        r"\b(?:slaat|sloeg|slaan|geslagen|schopt|schopte|geschopt|wurgt|wurgde|mept|klappen|mishandel\w*|verkracht\w*|"
        r"aangerand|misbruik\w*|bedreigt|bedreigd|mes|striemen|blauwe plekken|opgesloten|zit aan (?:mij|me|haar|hem)|"
        r"partnergeweld|huiselijk geweld)\b"
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


def read_question(text: str, understander: Understander, code_lists: CodeLists) -> Question:
    """Understand `text`; an empty one is an empty question."""
    plain = fold(text)
    words = tokens(text)
    corrected = understander.corrected(words)
    age, aside = _age(plain)
    municipality, named = _municipality(words, code_lists)
    skipped = aside | named
    meaningful = [word for word in corrected if word.start not in skipped]
    guesses = understander.topics(meaningful)
    terms = [word for word in meaningful if word.stem not in DENIALS and not understander.is_function_word(word)]
    return Question(
        topics=_taken(guesses),
        terms=tuple(dict.fromkeys(word.stem for word in terms))[:MOST_TERMS],
        words=tuple(dict.fromkeys(word.stem for word in corrected)),
        unknown=tuple(dict.fromkeys(w.text for w in meaningful if not understander.known(w) and not w.text.isdigit())),
        corrections=tuple(
            (typed.text, read.text) for typed, read in zip(words, corrected, strict=True) if typed.text != read.text
        ),
        age=age,
        municipality=municipality,
        gender=_gender(plain),
        dangers=tuple(danger for danger, pattern in _DANGER.items() if pattern.search(plain)),
    )


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


def _age(plain: str) -> tuple[int | None, set[int]]:
    """The first age that the sentence names, and where its words stand."""
    for match in _AGE.finditer(plain):
        age = int(match[1] or match[2])
        if age <= OLDEST_AGE:
            return age, {token.start for token in tokens(plain) if match.start() <= token.start < match.end()}
    return None, set()


def _municipality(words: Sequence[Token], code_lists: CodeLists) -> tuple[str | None, set[int]]:
    """The municipality that the sentence names with a capital or after `in` or `uit`, and where its words stand."""
    for length in (4, 3, 2, 1):
        for at in range(len(words) - length + 1):
            part = words[at : at + length]
            introduced = at > 0 and fold(words[at - 1].text) in ("in", "uit", "gemeente", "bij", "te")
            if not (introduced or (part[0].text[:1].isupper() and at > 0)):
                continue
            found = code_lists.municipality(" ".join(word.text for word in part))
            if found is not None:
                return found.code, {word.start for word in part}
    return None, set()
