"""Of which child a question speaks: how old it is, and whether it is a girl or a boy.

An age is the child's, not that of its mother or of a friend, and no number of hours, years or children.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from portal.catalogue.ages import NUMBERS_IN_WORDS, OLDEST_AGE
from portal.core.text import fold

_ONE = frozenset({"een", "één", "one"})
"""Also an article: an age only where years follow."""
_DIGITS = r"[1-9]\d|\d"
_NUMBER = r"(" + _DIGITS + "|" + "|".join(sorted(NUMBERS_IN_WORDS, key=len, reverse=True)) + r")"
_YEARS = r"(?:jaar|jare|jr|j|jarige?n?|jarig|joar|years?|yo|yrs?)\b"
_NO_AGE = (
    r"(?![\d.,:]*\d|\s*(?:%|keer|x\b|uur|minuten|weken|week|dagen|dag|maanden|maand|mnd|kinderen|kids|kilo|kg|euro|op\s+(?:de\s+|een\s+schaal|\d)"
    r"|van\s+(?:de\s+)?\d|(?<=\b1)\s*van\b|havo|vwo|vmbo|mavo|mbo|atheneum|gymnasium|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|times|hours|kids))"
)
_CHILD = (
    r"\b(?:jongste|oudste|middelste|\w*zoon(?:tje)?s?|\w*dochter(?:tje)?s?|jongens?|jongetjes?|meisjes?|meid|kind(?:je|eren|jes)?|\w*kind(?:eren)?"
    r"|pupil|leerling|dreumes|jongeren?|jongvolwassene|peuter|kleuter|puber|tiener|jong|jeugdige|ll|neefje|nichtje|zusje|broertje|zus|broer|kids?"
    r"|(?:grand|step|foster)?-?(?:son|daughter|child)|girl|boy|teenager|pleegzoon|pleegdochter|tweeling|wicht|menneke|maedje|jongske|jungske"
    r"|thuiszitter|thuiszitster|brugklasser|schoolweigeraar|schoolweigeraarster|spijbelaar|bedplasser|scholier|basisscholier|blower|gamer)\b"
)
_ADULT = (
    r"\b(?:vriend|vriendin|man|vrouw|\w*vader|\w*moeder|papa|mama|opa|oma|ouders?|partner|ex|oom|tante|buurman|buurvrouw"
    r"|leraar|juf|meester|verkering|gezin|familie|groep|klas|husband|wife|boyfriend|girlfriend|father|mother|dad|mom"
    r"|grandma|grandpa)\b"
)
_PERSON = re.compile(f"(?P<child>{_CHILD})|(?P<adult>{_ADULT})|(?P<self>\\b(?:ik|ich|i|ben|im|i'm)\\b)")
_TURNS = (
    r"(?:wordt|word|worden|bijna|haast|almost|nearly|turning|turns)(?:\s+over\s+\w+\s+(?:dagen|weken|maand|maanden))?"
)
_SOON = (
    r"(?:bijna|haast|net|nu|al|almost|just|binnenkort|straks|zo|volgende?|deze|dit|in|maand|week|jaar|januari|februari"
    r"|maart|april|mei|juni|juli|augustus|september|oktober|november|december|zomer|soon|next|month|year)"
)
_BY_ITSELF = "(?:^|[,;])" + "".join(rf"(?<!{before}[,;])" for before in (r"\d", *NUMBERS_IN_WORDS))
"""Before a number that is all that is asked, or all between two commas; in "groep 6, 7" it goes with another."""
_AGE = (
    re.compile(rf"\b{_NUMBER}(?:[,.]\d|½)?\s*-?\s*{_YEARS}(?! of \d)"),
    re.compile(rf"\been jaar of {_NUMBER}\b"),
    re.compile(
        rf"\b(?:van|is|ben|{_TURNS}|leeftijd|aged?|net)\s+(?:{_SOON}\s+)*{_NUMBER}(?:[,.]5)?\b{_NO_AGE}(?!\s*-?\s*{_YEARS})"
    ),
    re.compile(rf"{_CHILD},?\s*\(?{_NUMBER}(?:[,.]5)?\b{_NO_AGE}(?!\s*-?\s*{_YEARS})"),
    re.compile(rf"(?:son|daughter|child|girl|boy) of {_NUMBER}(?:[,.]5)?\b{_NO_AGE}(?!\s*-?\s*{_YEARS})"),
    re.compile(rf"\({_NUMBER}\)"),
    re.compile(rf"\b[mjv] ?({_DIGITS})\b(?!\s*(?:kg|%|weken|mnd))"),
    re.compile(rf"{_BY_ITSELF}\s*{_NUMBER}\s*(?=[,;.]|$)"),
)
"""Ways to write an age; the last but one is how doctors do: m14. A number that stands by itself between commas, or is
all that was asked, is an age too: "angst, 9"."""
_LASTS = re.compile(
    r"(?:\b(?:al|sinds|na|nu|over|elke?|ieder|iedere|per|voor|afgelopen|laatste|eerste|halve?|tot|hele|for|since|after|every"
    r"|last|past)\s+(?:de\s+)?(?:bijna\s+|ruim\s+|meer dan\s+|about\s+)?|\d[.,])$"
)
_HALF = re.compile(r"[,.]5\b")
"""After an age in years: "2,5"."""
_WAITS = re.compile(r"\bwacht\w*[^.,;!?]*$")
"""Before a number of years: it is how long one waits."""
_LASTS_AFTER = re.compile(
    r"\s*(?:lang|geleden|later|thuis(?!zit)|bezig|wachten|wachttijd|samen|getrouwd|gescheiden|uit elkaar|in behandeling"
    r"|in nederland|bij (?:ons|mij|hem|haar|opa|oma)|in huis|ago|now\b|niet gezien|geen contact|weg\b)"
)
"""What about a number of years makes it a time: "al 2 jaar", "2 jaar geleden"."""
_STAYS_HOME = re.compile(r"\bthuiszit(?:ter|ster)\b")
_TOO_YOUNG_FOR_SCHOOL = frozenset({"0", "1", "2", "3", "een", "één", "twee", "drie", "one", "two", "three"})
"""Who has no school yet cannot stay away from it: "thuiszitter 2 jaar" is how long."""
_OLD = re.compile(r"\s*(?:oud|old)\b")
_ALSO = re.compile(rf"(?:\s*(?:,|en|and|&|/|\+)\s*{_NUMBER}\b{_NO_AGE})")
_BEFORE_ALSO = re.compile(rf"\b({_DIGITS})\s*(?:,|en|and|&|/|\+)\s*$")
_TURNS_BEFORE = re.compile(rf"\b{_TURNS}\s+(?:{_SOON}\s+)*$")
_BABY = re.compile(r"\b\d{1,2}\s*(?:maanden|maand|mnd|weken|months|weeks) (?:oud|jong|old)|\bbaby\b")
_CALLED = (
    (_BABY, 0),
    (re.compile(r"(?:^|\b(?:mijn|onze|ons|een|de|my|our|a) )(?:\w+ )?(?:peuters?|peutertje|toddler)\b|\bpeuters?$"), 3),
    (re.compile(r"\bdreumes\b"), 2),
    (re.compile(r"\bbrugklas\b"), 12),
    (re.compile(r"\beindexamen"), 16),
    (re.compile(r"(?:^|\b(?:mijn|onze|ons|een|de) )(?:\w+ )?(?:puber|tiener)(?:zoon|dochter)?\b"), 14),
    (re.compile(r"(?:(?:^|\b(?:mijn|onze|ons|een|de) )(?:\w+ )?(?:kleuters?|kleutertje)\b|\bkleuters?$)"), 5),
)
"""What a child of an age is called; the age is the middle of those that are called so."""
_SCHOOL_YEARS = (
    (
        re.compile(
            r"\b(?:groep|gr\.?)\s*([1-8])\b(?!\s*(?:[,/&+-]\s*\d|en\s+\d|t/m|tot|kinderen|jongens|meisjes|leerlingen|jaar|weken|van))"
        ),
        3,
    ),
    (
        re.compile(
            r"\b(?:(?:havo|vwo|vmbo|mavo|atheneum|gymnasium)(?:\s*-?\s*[bkgtl]{1,2})?|klas|leerjaar)\s*([1-6])\b(?!\s*[,/&+-]\s*\d)"
        ),
        11,
    ),
    (re.compile(r"\b([1-6])e?\s*-?\s*(?:havo|vwo|vmbo|mavo|atheneum|gymnasium)\b"), 11),
)
"""A year at school, and how much older a child in it is at the beginning of that year: of four in group 1, of twelve in
the first year after group 8."""
_NAME_BEFORE = re.compile(r"\b[A-Z][a-z]+,? \(?$")
"""Whose age is told right after a name is a child: "Sem van 9"."""
_OWN_CHILD = re.compile(
    r"\b(?:moeder|vader|mama|papa) geworden|\b(?:mijn|m'n|me|onze) (?:baby|kindje|zoontje|dochtertje)\b"
)
"""Who tells that is a parent, whose own age is not that of the child."""
_COMES_OF_AGE = 18
"""Who turns so old is a year younger; and its number says what it is about."""

_GIRL = re.compile(r"\b(?:(?!schoon)\w*dochter\w*|meisjes?|nichtje|meid|\w*daughters?|girls?|maedje|meidje)\b")
_BOY = re.compile(
    r"\b(?:(?!schoon)\w*zoon\w*|jongens?|jongetjes?|neefje|(?:grand|step|foster)?-?sons?|boys?|jungske|jongske|menneke)\b"
)
_GRANDCHILD = re.compile(r"\bklein(?:kind|zoon|dochter|tjes)|\bik ben (?:oma|opa)\b|^(?:oma|opa) hier\b")
_PARENT_OF_GRANDCHILD = re.compile(r"\b(?:dochter|zoon)\b")
"""Where grandparents write, their own daughter or son is a parent."""
_SOMEBODY_ELSE = re.compile(
    r"\b(?:door|op|met|ander|andere|by|with) (?:een |de |n |a )?(?:oudere |andere |older )?"
    r"(?:jongens?|meisjes?|boys?|girls?)\b"
    r"|\been (?:jongen|meisje) (?:wil|dreigt|vraagt|stuurt|chanteert|eist)\b"
    r"|\b(?:wil|dreigt|vraagt|stuurt|chanteert|eist) een (?:jongen|meisje)\b"
)


class Ages(NamedTuple):
    """Which ages a text names."""

    found: tuple[int, ...]
    """Of each child, in the order of the text."""
    spans: list[tuple[int, int]]
    """Where they stand in it."""


class _Mention(NamedTuple):
    start: int
    end: int
    age: int
    is_own: bool


def ages(text: str) -> Ages:
    """The ages in whole years of the children that `text` speaks of."""
    plain = text.lower()
    mentions: dict[int, _Mention] = {}
    for pattern in _AGE:
        for match in pattern.finditer(plain):
            for mention in _mentions(text, plain, match):
                mentions.setdefault(mention.start, mention)
    counted = [mentions[start] for start in sorted(mentions)]
    children = [mention for mention in counted if not mention.is_own]
    if not (children or _OWN_CHILD.search(plain)):
        children = counted
    found = tuple(dict.fromkeys(mention.age for mention in children))
    at_school = [(year, int(year[1]) + older) for pattern, older in _SCHOOL_YEARS for year in pattern.finditer(plain)]
    if not found and len({age for _, age in at_school}) == 1:  # of several nobody knows whose it is
        found = (at_school[0][1],)
    if not found:
        called = (age for pattern, age in _CALLED if pattern.search(plain))
        found = tuple(called)[:1]
    spans = [(mention.start, mention.end) for mention in children if mention.age < _COMES_OF_AGE - 1]
    spans += [year.span() for year, _ in at_school]  # "groep 5" is no group to live in
    return Ages(found, spans)


def gender(text: str) -> str | None:
    """`girls` or `boys`, where the child is one of them."""
    plain = _SOMEBODY_ELSE.sub(" ", fold(text))
    if _GRANDCHILD.search(plain):
        plain = _PARENT_OF_GRANDCHILD.sub(" ", plain)
    girl, boy = bool(_GIRL.search(plain)), bool(_BOY.search(plain))
    return None if girl == boy else "girls" if girl else "boys"


def _mentions(text: str, plain: str, match: re.Match[str]) -> Iterator[_Mention]:
    """The age that `match` is, with those that are told in one breath: "van 5 en 7"."""
    start, end = match.span(1)
    word = match[1]
    half = _HALF.match(plain, end)
    if half is not None:
        end = half.end()
    has_years = bool(re.search(rf"{_YEARS}$", match[0]))
    if text[start:end].istitle() or (word in _ONE and not has_years):
        return  # "Huis van Negen" is a name, "is een drama" an article
    before = plain[:start]
    is_time = _LASTS.search(before) or _WAITS.search(before) or _LASTS_AFTER.match(plain, match.end())
    if word in _TOO_YOUNG_FOR_SCHOOL and _STAYS_HOME.search(plain):
        return
    is_how_old = "jarig" in match[0] or _OLD.match(plain, match.end())  # "voor 8-jarige", "al 8 jaar oud"
    if has_years and is_time and not is_how_old:
        return
    person = "child" if _NAME_BEFORE.search(text, 0, match.start()) else _person_before(plain, match)
    if person == "adult":
        return
    whole = match.span() if has_years or (match[0][0] in "mjv" and len(match[0]) <= 4) else (start, end)
    numbers = [(*whole, word)]
    for at in iter(lambda: _ALSO.match(plain, numbers[-1][1]), None):
        numbers.append((*at.span(1), at[1]))
    earlier = _BEFORE_ALSO.search(before)
    if earlier:
        numbers.insert(0, (*earlier.span(1), earlier[1]))
    turns = bool(_TURNS_BEFORE.search(before))
    for first, last, number in numbers:
        age = (int(number) if number.isdigit() else NUMBERS_IN_WORDS[number]) - turns
        if 0 <= age <= OLDEST_AGE:
            yield _Mention(first, last, age, person == "self")


def _person_before(plain: str, match: re.Match[str]) -> str | None:
    """Whom the age before which this person stands belongs to: `child`, `adult`, `self`; None where nobody is told."""
    clause = re.split(r"[.;!?]", plain[: match.end()])[-1]
    persons = [found.lastgroup for found in _PERSON.finditer(clause)]
    return persons[-1] if persons else None
