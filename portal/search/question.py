"""What a question says besides its topic: an age, for whom, a municipality, and whether somebody is in danger."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from portal.catalogue.codelists import CodeLists
from portal.catalogue.criteria import OLDEST_AGE
from portal.catalogue.places import read_postcode
from portal.core.text import fold
from portal.search.danger import Danger, DangerWords
from portal.search.language import Speller, Token, stem, tokens
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
    re.compile(_NUMBER + r"(?:[,.]\d)?\s*-?\s*(?:jaar|jr\b|j\b|jarig|years?\b|yo\b|yrs?\b)"),
    re.compile(r"\b(?:van|is|ben|wordt|leeftijd|aged?)\s+" + _NUMBER + r"\b" + _NO_AGE),
    re.compile(r"\b" + _CHILD + r"\s*\(?" + _NUMBER + r"\b" + _NO_AGE),
    re.compile(r"\(" + _NUMBER + r"\)"),
    re.compile(r"\b[mjv] ?(\d{1,2})\b(?!\d|\s*(?:kg|%|weken|mnd))"),
)
"""Ways to write an age, the surest first; the last one is how doctors do: m14."""
_AGE_ENDINGS = ("jaar", "jr", "j", "jarig", "year", "years", "yo", "yr", "yrs")
_BABY = re.compile(r"\b\d{1,2}\s*(?:maanden|maand|mnd|weken) (?:oud|jong)|\bbaby\b")
_POSTCODE = (
    re.compile(r"\b([1-9][0-9]{3} ?[A-Z]{2}|[1-9][0-9]{3}[a-z]{2})\b"),
    re.compile(r"\b[Pp]ostcode:? ([1-9][0-9]{3})\b"),
    re.compile(r"\b(?:[Ii]n|[Uu]it) (?!19|20)([1-9][0-9]{3})\b"),
)
"""Ways to write a postcode, the surest first; four digits alone may be a year, or anything."""
_GIRL = re.compile(r"\b(?:dochter\w*|meisje\w*|kleindochter|nichtje|zusje|stiefdochter|meid|daughter|girl)\b")
_BOY = re.compile(r"\b(?:zoon\w*|jongen\w*|jongetje|kleinzoon|neefje|broertje|stiefzoon|son|boy)\b")
_INTRODUCES_PLACE = frozenset({"in", "uit", "gemeente", "bij", "te", "wonen", "woon"})
_ORDINARY_WORDS = frozenset({"beek", "stein", "well", "best", "oss", "urk", "laren", "buren", "west", "noord"})
"""Names of municipalities that are also words or names: taken for a place only where the sentence says so."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood."""

    topics: tuple[TopicGuess, ...] = ()
    """What it is surely about, likeliest first; the likelihood of each as a share of the first."""
    guesses: tuple[TopicGuess, ...] = ()
    """What it may be about besides, likeliest first: to be asked ("Bedoelt u …?"), and to be searched for by nobody."""
    ways: tuple[str, ...] = ()
    """What it asks about the way to help, as in `words/ways.csv`: costs, waiting, a complaint."""
    terms: tuple[str, ...] = ()
    """The stems to look up in the texts, without function words."""
    words: tuple[str, ...] = ()
    """The stems of all its words, function words too."""
    unknown: tuple[str, ...] = ()
    """Words as typed that mean nothing to us."""
    corrections: tuple[tuple[str, str], ...] = ()
    """Words as typed, and as read."""
    age: int | None = None
    """Of the child, where the question speaks of one."""
    ages: tuple[int, ...] = ()
    """Of each child, in the order of the sentence; with several there is no `age`."""
    language: str | None = None
    """Code of the language in which help is asked for."""
    providers: tuple[int, ...] = ()
    """The providers that it names, by their place in the names that were given."""
    municipality: str | None = None
    """CBS code."""
    postcode: str | None = None
    """`6411 AB`, or its four digits."""
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
SPEAKS_OF_DANGER = frozenset(_DANGER_TOPICS)
"""Topics whose words nobody is to get put into their mouth."""
_DANGER_SHARE = 0.5
"""A topic that means danger is taken for it from this share of the likeliest: rather once too often."""
_FEW_WORDS = 4
_LEAST_KNOWN = 0.5
"""Where fewer of the words than this are known, we say so and take no topic."""


def read_question(
    text: str,
    understander: Understander,
    code_lists: CodeLists,
    own_municipalities: Collection[str] = (),
    names: Speller | None = None,
) -> Question:
    """Understand `text`; an empty one is an empty question.

    The names of `own_municipalities` (CBS codes), and the halves of double names, are places wherever they stand.
    `names` knows the words of which providers' names are made: such a word is not unknown, and may be mistyped too.
    """
    plain = fold(text)
    words = tokens(text)
    age, spans = _age(text)
    municipality, named = _municipality(words, code_lists, own_municipalities)
    posted = next(filter(None, (pattern.search(text) for pattern in _POSTCODE)), None)
    if posted is not None:
        named |= {word.start for word in words if posted.start() <= word.start < posted.end()}
    aside = {
        word.start
        for word in words
        if any(start <= len(fold(f"{text[: word.start]}.")) - 1 < end for start, end in spans)
    }
    meant, english = understander.in_dutch([word for word in words if word.start not in aside | named])
    corrected = meant if english else [_as_meant(word, words, understander, names) for word in meant]
    unknown = [
        word
        for word in corrected
        if not (word.typed or word.text.isdigit() or understander.means_something(word) or _is_named(word, names))
    ]
    corrections = [(typed.text, read.text) for typed, read in zip(meant, corrected, strict=True) if typed is not read]
    content = [w for w in corrected if w.stem not in DENIALS and not understander.is_function_word(w)]
    is_clear = len(content) - len(unknown) - len(corrections) / 2 >= _LEAST_KNOWN * len(content)
    topics = _taken(understander.topics(corrected)) if is_clear else ()
    said = _dangers(text, corrected, topics, understander.danger)
    return Question(
        topics=topics,
        terms=tuple(dict.fromkeys(word.stem for word in content if not word.text.isdigit()))[:MOST_TERMS],
        words=tuple(dict.fromkeys(word.stem for word in corrected)),
        unknown=tuple(dict.fromkeys(word.text for word in unknown)),
        corrections=tuple(corrections),
        age=age,
        municipality=municipality,
        postcode=read_postcode(posted[1]) if posted else None,
        gender=_gender(plain),
        dangers=tuple(danger for danger in Danger if danger in said),
    )


def _as_meant(word: Token, words: Sequence[Token], understander: Understander, names: Speller | None) -> Token:
    """The word, or the one that was meant where it looks mistyped.

    Of a word with a capital inside the sentence only a provider's name can be meant, and of a few words alone rather
    a name than anything else.
    """
    if word.typed or understander.known(word) or _is_named(word, names):
        return word
    name = names.correct(word.text) if names else None
    is_name = word.text[:1].isupper() and word.start != words[0].start
    plain = word if is_name else understander.corrected(word)
    if name is not None and (plain is word or len(words) <= _FEW_WORDS):
        return replace(word, text=name, stem=stem(name))
    return plain


def _is_named(word: Token, names: Speller | None) -> bool:
    return names is not None and names.knows(word.text)


def _dangers(text: str, read: Sequence[Token], topics: Sequence[TopicGuess], words: DangerWords) -> frozenset[Danger]:
    """The dangers that the sentence speaks of: in so many words, as read in Dutch, or by what it is about.

    What it is about says nothing where an idiom led to it, and little where the words were plain.
    """
    in_dutch = " ".join(word.text for word in read)
    said = words.heard_in(text) | words.heard_in(in_dutch)
    if words.has_idiom(text):
        return said
    least = 1.0 if said else _DANGER_SHARE
    about = (guess.topic for guess in topics if guess.likelihood >= least)
    return said | {_DANGER_TOPICS[topic] for topic in about if topic in _DANGER_TOPICS}


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


def _age(text: str) -> tuple[int | None, list[tuple[int, int]]]:
    """The age that the sentence names, in whole years, and where in it that stands."""
    plain = text.lower()
    for pattern in _AGE:
        for match in pattern.finditer(plain):
            if text[match.start(1) : match.end(1)].istitle():
                continue  # "Huis van Negen" is a name
            age = int(match[1]) if match[1].isdigit() else _YEARS.index(match[1]) + 1
            if age <= OLDEST_AGE:
                is_whole = match[0].endswith(_AGE_ENDINGS) or match[0].startswith(("m", "j", "v"))
                return age, [match.span() if is_whole else match.span(1)]
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
            if code is None:
                continue
            introduced = at > 0 and fold(words[at - 1].text) in _INTRODUCES_PLACE
            capital = part[0].text[:1].isupper() and at > 0
            everywhere = code in own and fold(name) not in _ORDINARY_WORDS
            if introduced or capital or everywhere:
                return code, {word.start for word in part}
    return None, set()
