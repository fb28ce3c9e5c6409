"""Finding in what people write what could tell who they are: a help for who writes and who reads, never a decision.

Patterns find phone numbers, mail addresses, links, addresses, dates, citizen service numbers, schools and number
plates; what a pattern does not say, such as a name, is found by lists and by the words around it. Names are therefore
reported, not promised. How many are found is measured on labelled sentences (`tests/core/personal_data.txt`, and in the
manner of phones and of speech `tests/core/personal_data_spoken.txt`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from portal.core.text import fold

NAMES_FILE = Path(__file__).with_name("first_names.txt")
SURNAMES_FILE = Path(__file__).with_name("surnames.txt")


class PersonalKind(StrEnum):
    """What was found."""

    NAME = "name"
    PHONE = "phone"
    MAIL = "mail"
    LINK = "link"
    ADDRESS = "address"
    DATE = "date"
    MONTH = "month"
    """A month with its year: finer than a quarter, and no matter where nobody is spoken of."""
    BSN = "bsn"
    """The citizen service number."""
    SCHOOL = "school"
    PLATE = "plate"


class Found(NamedTuple):
    """A place in a text, from `start` up to `end`, and what stands there."""

    start: int
    end: int
    kind: PersonalKind


def find_personal_data(text: str) -> list[Found]:
    """What in `text` could tell who somebody is, in the order of the text; no two places overlap.

    Takes time in proportion to the length of the text, whatever it holds.
    """
    taken: list[Found] = []
    for kind, found in _everything(text):
        start, end = found
        while start < end and text[start].isspace():
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:"):
            end -= 1
        if start < end:
            taken.append(Found(start, end, kind))
    return _without_overlap(taken)


def without(text: str, found: list[Found], mark: str) -> str:
    """`text` with `mark` in the place of each thing found."""
    parts, at = [], 0
    for start, end, _ in sorted(found):
        parts += [text[at:start], mark]
        at = end
    return "".join([*parts, text[at:]])


def _without_overlap(found: list[Found]) -> list[Found]:
    """The longest where several overlap; of the same length the one that was found first."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start, each.start - each.end)):
        if kept and one.start < kept[-1].end:
            if one.end - one.start > kept[-1].end - kept[-1].start:
                kept[-1] = one
            continue
        kept.append(one)
    return kept


def _everything(text: str) -> Iterator[tuple[PersonalKind, tuple[int, int]]]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if kind is not PersonalKind.ADDRESS or _is_address(match):
                yield kind, match.span(match.lastgroup or 0)
    for match in _NUMBER.finditer(text):
        if is_bsn(match.group()) or _BSN_BEFORE.search(text, max(0, match.start() - 40), match.start()):
            yield PersonalKind.BSN, match.span()
    for match in _SCHOOL.finditer(text):
        words = match["named"].split()
        if words[-1][0].isupper() or (_is_strong(match.group()) and fold(words[-1]) not in _AFTER_SCHOOL):
            yield PersonalKind.SCHOOL, match.span()
    for match in _SCHOOL_IN_ONE.finditer(text):
        if fold(match.group()) not in _NO_SCHOOL:
            yield PersonalKind.SCHOOL, match.span()
    for match in _SCHOOL_SMALL.finditer(text):
        first, before = match["first"], match["before"]
        if (first and first not in _NO_SCHOOL_SMALL and not first.endswith("e")) or (before and before[-1] != "e"):
            yield PersonalKind.SCHOOL, match.span()
    for span in _names(text):
        yield PersonalKind.NAME, span


def tells_of_nobody(text: str) -> bool:
    """Whether this is made of such common words alone ("niet", "en") that it cannot tell who somebody is."""
    return all(fold(word.group()) in _NOT_NAMES for word in _WORD.finditer(text)) and not any(map(str.isdigit, text))


# --- numbers ---------------------------------------------------------------------------------------------


def is_bsn(text: str) -> bool:
    """Whether the digits of `text` pass the eleven test of the citizen service number (eight or nine digits).

    Source: Logisch Ontwerp BSN, 1.4; weights 9 to 2, and -1 for the last.
    """
    digits = [int(c) for c in text if c.isdigit()]
    if len(digits) == 8:
        digits.insert(0, 0)
    if len(digits) != 9 or not any(digits):
        return False
    weighted = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return weighted % 11 == 0


_NUMBER = re.compile(r"(?<![\d.,+])\d(?:[ .\-]?\d){7,8}(?![\d])", re.ASCII)
_BSN_BEFORE = re.compile(r"(?i)\b(bsn|burgerservicenummer|burger service nummer|sofi-?nummer|citizen service number)\b")
_PHONE = (
    r"(?<![\w+])(?:(?:\+|00)\s?31[\s.\-/]*(?:\(0\))?(?:[\s.\-/()_]{0,3}\d){9}"
    r"|\(?0[\s.\-/()_]{0,3}[1-79](?:[\s.\-/()_]{0,3}\d){8}"
    r"|(?:\+|00)\s?[1-9]\d(?:[\s.\-/()_]{0,3}\d){7,11})(?!\d)"
)
_DIGITS = "nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen"
_SMALL_NUMBERS = (
    rf"(?:(?:(?:{_DIGITS})(?:en|ën))?(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)"
    rf"|(?:der|veer|vijf|zes|zeven|acht|negen)tien|tien|elf|twaalf|{_DIGITS})"
)
_PHONE_SAID = rf"\b(?:nul|0\d?)(?:[\s,.\-]{{1,3}}(?:{_SMALL_NUMBERS}|\d{{1,3}})){{4,12}}\b"
"""A number in words, or half of it; whatever has digits alone is one for `_PHONE`."""
_MAIL = (
    r"[\w.+\-]{1,64}\s?(?:@|\(at\)|\[at\]|\bat\b|\bapenstaartje\b)\s?[\w\-]{1,63}"
    r"(?:\s?(?:\.|\((?:dot|punt)\)|\[(?:dot|punt)\]|\bpunt\b)\s?[\w\-]{1,63}){0,4}"
    r"\s?(?:\.|\((?:dot|punt)\)|\[(?:dot|punt)\]|\bpunt\b|\bdot\b)\s?[a-z]{2,10}\b"
)
_HANDLE = r"(?<![\w@])@[A-Za-z][\w.]{2,29}\b"
_LINK = (
    r"\b(?:https?://|www\.)[^\s<>\"']{3,200}"
    r"|\b(?:facebook|instagram|tiktok|snapchat|linkedin)\.(?:com|nl)/[\w./\-]{1,100}"
    r"|(?<![\w.@])[\w\-]{2,40}\.(?:nl|com|org|eu|info)\b(?:/[\w./\-?=&#]{0,100})?"
)
_ACCOUNT = (
    r"\b(?:snap(?:chat)?|insta(?:gram)?|tiktok|discord|telegram|facebook|fb)(?:\s(?:is|heet|naam|account))?\s?[:=]?\s"
    r"(?P<account>(?=[\w.]*[\d_])[a-z][\w.]{2,29})"
)
_MONTHS = (
    r"(?:januari|jan\.?|februari|feb\.?|maart|mrt\.?|april|apr\.?|mei|juni|jun\.?|juli|jul\.?|augustus|aug\.?"
    r"|september|sept?\.?|oktober|okt\.?|november|nov\.?|december|dec\.?"
    r"|january|february|march|may|june|july|august|october)"
)
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_YEAR = r"(?:'\d\d|’\d\d|(?:19|20)\d\d)"
_DATE = (
    rf"(?<![\d\-/.]){_DAY}\s?[\-/.]\s?(?:1[0-2]|0?[1-9])\s?[\-/.]\s?(?:(?:19|20)\d\d|['’]?\d\d)(?![\d\-/])"
    rf"|(?<![\d\-/.])(?:19|20)\d\d[\-/.](?:1[0-2]|0?[1-9])[\-/.]{_DAY}(?![\d\-/])"
    rf"|\b(?:op|vanaf|tot|sinds|per|on|from|until)\s(?P<short>{_DAY}[\-/](?:1[0-2]|0?[1-9]))(?![\d\-/%])"
    rf"|\b{_DAY}(?:e|ste|de|st|nd|rd|th)?\s?(?:van\s|of\s)?\s?{_MONTHS}(?!\w)(?:,?\s{_YEAR}\b)?"
    rf"|\b{_MONTHS}\s{_DAY}(?:st|nd|rd|th)?\b(?:,?\s{_YEAR}\b)?"
)
_MONTH = rf"\b{_MONTHS}\s(?:van\s)?{_YEAR}\b"
_WHOLE_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_ORDINALS = (
    r"(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde|twaalfde|\w{2,5}tiende"
    r"|(?:\w{3,8}en)?twintigste|(?:een|eenen)?dertigste)"
)
_DATE_SAID = (
    rf"\b(?:{_SMALL_NUMBERS}|{_ORDINALS})\s(?:van\s)?(?:{_WHOLE_MONTHS})\b"
    rf"(?:\s(?:{_YEAR}|tweeduizend(?:\s?(?:en\s)?{_SMALL_NUMBERS})?|negentien\s?\w{{4,15}}))?"
    r"|\b(?:eerste|tweede|[12]e)\s(?:kerst|paas|pinkster)dag\b(?:\s(?:19|20)\d\d)?"
    r"|\b(?:koningsdag|nieuwjaarsdag|oudejaarsdag|kerstavond)\b(?:\s(?:19|20)\d\d)?"
    rf"|\bgeb(?:oren|oortedatum)?\b\.?:?\s(?:op\s|is\s)?(?P<born>\d{{6}}(?:\d\d)?|{_DAY} \d\d? (?:19|20)\d\d)\b"
)
_BORN = r"(?:geboren|verjaardag|jarig|born)\s(?:is\s)?(?:in|op|on)\s(?P<when>(?:de\s)?[\w\-]{1,12}(?:\s(?:19|20)\d\d)?)"
_PLATE = (
    r"(?<![\w\-])(?:[A-Z]{2}-\d\d-\d\d|\d\d-\d\d-[A-Z]{2}|\d\d-[A-Z]{2}-\d\d|[A-Z]{2}-\d\d-[A-Z]{2}"
    r"|[A-Z]{2}-[A-Z]{2}-\d\d|\d\d-[A-Z]{2}-[A-Z]{2}|\d\d-[A-Z]{3}-\d|\d-[A-Z]{3}-\d\d|[A-Z]{2}-\d{3}-[A-Z]"
    r"|[A-Z]-\d{3}-[A-Z]{2}|[A-Z]{3}-\d\d-[A-Z]|[A-Z]-\d\d-[A-Z]{3}|\d-[A-Z]{2}-\d{3}|\d{3}-[A-Z]{2}-\d)(?![\w\-])"
)
_PLATE_SPACED = (
    r"\b(?:LL \d\d LL|\d\d LL LL|LL LL \d\d|\d\d LLL \d|\d LLL \d\d|LL \d{3} L|L \d{3} LL|LLL \d\d L|L \d\d LLL"
    r"|\d LL \d{3}|\d{3} LL \d)\b"
).replace("L", "[bdfghjklnprstvwxz]")
"""With spaces, as one types them; without vowels no word is taken for one."""
_PLATE_SAID = (
    r"\b(?:kenteken|nummerbord|number plate)(?:\s(?:is|was|met))?:?\s"
    r"(?P<plate>[A-Z\d]{1,3}[ \-]?[A-Z\d]{2,3}[ \-]?[A-Z\d]{1,3})\b"
)
_POSTCODE = r"(?<![\d\-])(?P<postcode>[1-9]\d{3} ?(?P<letters>[A-Za-z]{2}))\b"
_STREET_END = (
    r"(?:straat|str\.|laan|weg|plein|dreef|singel|gracht|kade|hof|pad|steeg|plantsoen|dijk|ring|boulevard|allee|baan|"
    r"markt|hoek|erf|burg|berg|veld|donk|poort|wal|kamp|heuvel|akker|dal|oord|park|voort|stede|rode|tuin|horst)"
)
_ADDRESS = (
    rf"\b(?:[A-Z][\wÀ-ÿ\-.]{{1,20}}\s){{0,2}}[A-Za-zÀ-ÿ'’\-]{{2,30}}{_STREET_END}\s?(?:nr\.?|nummer|"
    rf"no\.?)?\s?\d{{1,4}}(?:\s?[a-zA-Z])?(?:\s?-\s?\d{{1,3}}|-[a-z])?\b"
    r"|\b(?:Lange|Korte|Oude|Nieuwe|Grote|Kleine|Sint|St\.)\s[A-Z][\wÀ-ÿ\-]{2,20}\s\d{1,4}(?:\s?[a-z])?\b"
    r"|\b(?:[Ll]aan|[Kk]ade|[Ss]ingel|[Bb]oulevard)\s(?:van|der|den|op)\s(?:[\w'’\-]{2,20}\s){1,4}"
    r"\d{1,4}(?:\s?[a-z])?\b"
    r"|\b(?:[Ww]oont|[Ww]onen|[Ww]oonde|[Ww]oonden|[Ww]oon|[Aa]dres(?: is)?:?|lives?)\s(?:op|aan|at|in)?\s?"
    r"(?:de |het )?(?P<place>[A-Z][\wÀ-ÿ'\-]{2,25}(?:\s[A-Z][\wÀ-ÿ'\-]{2,25})?\s\d{1,4}(?:\s?[a-zA-Z])?)\b"
)
_STREET_ALONE = (
    r"(?<=[a-z,] )(?P<street>[A-Z][\wÀ-ÿ'’\-]{2,30}"
    r"(?:straat|laan|plein|weg|dreef|singel|gracht|steeg|plantsoen|kade))\b"
)
_AFTER_YEAR = frozenset(
    "en in op is we ik de te om of al zo na nu er ze je hij uur km kg mg cm ml mm pk ja us it at to on by we he "
    "so as "
    "hè eu me my an or".split()
)
_NO_STREET = frozenset("onderweg halverwege vanwege".split())


def _is_address(match: re.Match[str]) -> bool:
    """Whether it is no year with a small word after it ("2019 en"), nor a word that only ends like a street."""
    groups = match.groupdict()
    letters = groups.get("letters")
    if letters is not None:
        return letters.isupper() or letters.lower() not in _AFTER_YEAR
    return fold(match.group()).split()[0] not in _NO_STREET


_PATTERNS = tuple(
    (kind, re.compile(pattern, flags))
    for kind, pattern, flags in (
        (PersonalKind.MAIL, _MAIL, re.IGNORECASE),
        (PersonalKind.LINK, _LINK, re.IGNORECASE),
        (PersonalKind.LINK, _HANDLE, 0),
        (PersonalKind.LINK, _ACCOUNT, re.IGNORECASE),
        (PersonalKind.PHONE, _PHONE, re.ASCII),
        (PersonalKind.PHONE, _PHONE_SAID, re.IGNORECASE),
        (PersonalKind.DATE, _DATE, re.IGNORECASE),
        (PersonalKind.DATE, _DATE_SAID, re.IGNORECASE),
        (PersonalKind.DATE, _BORN, re.IGNORECASE),
        (PersonalKind.MONTH, _MONTH, re.IGNORECASE),
        (PersonalKind.PLATE, _PLATE, re.IGNORECASE),
        (PersonalKind.PLATE, _PLATE_SPACED, re.IGNORECASE),
        (PersonalKind.PLATE, _PLATE_SAID, re.IGNORECASE),
        (PersonalKind.ADDRESS, _POSTCODE, 0),
        (PersonalKind.ADDRESS, _ADDRESS, 0),
        (PersonalKind.ADDRESS, _STREET_ALONE, 0),
    )
)
_SCHOOL = re.compile(
    r"\b(?i:basisschool|middelbare school|scholengemeenschap|speciaal onderwijs|kinderdagverblijf|"
    r"peuterspeelzaal|obs|kbs|"
    r"rkbs|pcb|bsbo|sbo|vso|vmbo|mytylschool|tyltylschool|college|lyceum|gymnasium|praktijkschool|kleuterschool|"
    r"kinderopvang|school)"
    r"\s(?P<named>(?:de|het|'t|De|Het|St\.?|st\.?|Sint|sint|op de)\s[A-Za-z][\wÀ-ÿ'\-]{2,25}|"
    r"[A-Z][\wÀ-ÿ'\-]{2,25}(?:\ster\s\w{2,20})?)(?:\s[A-Z][\wÀ-ÿ'\-]{2,25}){0,2}"
)
_SCHOOL_SMALL = re.compile(
    r"\b(?:(?:sint|st\.?)\s)?(?P<first>[a-zà-ÿ\-]{3,25})(?:college|lyceum|gymnasium|\s(?:college|lyceum|gymnasium))\b"
    r"|\b(?:de|het|'t)\s(?P<before>[a-zà-ÿ\-]{3,25})\s(?:basisschool|mytylschool|tyltylschool)\b"
)
_NO_SCHOOL_SMALL = frozenset(
    "het een dat dit zijn haar mijn ons jouw ieder elk geen naar van voor bij met aan hoor werk gast avond tucht "
    "tussen naast zelf ook nog wel dan als toen later eerst nu leuk streng goed ander waar hun dus maar vwo havo vmbo "
    "christelijk openbaar katholiek middelbaar stedelijk".split()
)
"""What stands before "college" and names none; so do words that end in -e, such as "nieuwe"."""
_SCHOOL_IN_ONE = re.compile(
    r"\b[A-Z][\wÀ-ÿ\-]{2,25}(?:college|lyceum|gymnasium|school)\b|\b[A-Z][\wÀ-ÿ\-]{2,20} (?:College|Lyceum|"
    r"Gymnasium)\b"
)
_NO_SCHOOL = frozenset(
    "basisschool praktijkschool hogeschool kleuterschool montessorischool jenaplanschool vrijeschool daltonschool "
    "mytylschool tyltylschool thuisschool muziekschool sportschool zwemschool dansschool taalschool dagschool "
    "topsportschool middelbareschool peuterschool avondschool nieuwe school deze school".split()
)


_STRONG = (
    "basisschool", "obs", "kbs", "rkbs", "pcb", "sbo", "kinderdagverblijf", "peuterspeelzaal", "vmbo", "vso",
    "mytylschool", "tyltylschool",
)  # fmt: skip
_AFTER_SCHOOL = frozenset(
    "hele eerste tweede laatste beste enige juf meester leraar lerares docent dag week klas groep kinderen "
    "ouders hulp "
    "stap wereld moeilijkste vraag zorg oplossing begeleiding mentor directeur intern intake zelfde nodige "
    "gesprek jaar niveau basis kader advies diploma examen examens leerlingen leraren docenten klassen opleiding "
    "uitstroom".split()
)


def _is_strong(text: str) -> bool:
    """Whether a name follows this word for a school even where it has no capital."""
    return fold(text).startswith(_STRONG)


# --- names -----------------------------------------------------------------------------------------------

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ'’\-]*")
_TITLES = frozenset("meneer mijnheer mevrouw mevr mw dhr juf juffrouw meester dokter dr drs mr ms mrs prof".split())
_KIN = frozenset("heer tante oom opa oma pleegmoeder pleegvader voogd gezinsvoogd".split())
"""After these stands a name, or any other word: a capital or a list must tell."""
_ROLES = frozenset(
    "begeleider begeleidster therapeut therapeute psycholoog psychologe coach hulpverlener hulpverleenster "
    "behandelaar "
    "mentor jeugdbeschermer gezinscoach gezinsbegeleider consulent groepsleider groepsleidster logopedist "
    "leraar lerares "
    "zoon dochter zoontje dochtertje broer broertje zus zusje kind vriend vriendin ex man vrouw nichtje neefje "
    "stiefvader "
    "stiefmoeder son daughter".split()
)
_CALLED = frozenset("heet heette heten genaamd naam name called named".split())
_BETWEEN = frozenset("van de der den het ter ten te el al ben von di da dos 't".split())
_FROM_ELSEWHERE = frozenset("el al ben von di da dos".split())
"""Of these, those that are no Dutch words: what follows is a surname, also without a capital."""
_ORDINARY = frozenset(
    "abel angel april august bas beer ben bo boy cas chance destiny faith fleur floor gijs hope jet jos joy "
    "lente lies "
    "linde lot luna mark max mees merel mila ming nova pim pip pien puck rein rob roos rose saar sam said els "
    "sem sky "
    "star ster storm summer tess tijn tim tom ties vera wei wil win wolf wout amber jade marie hans anne ivy".split()
)
"""Names that are words too, or parts of such: told by a capital within a sentence, or by the words before."""
_NOT_NAMES = frozenset(
    "ik we wij jij je u hij zij ze het de een dat die dit deze er wat wie waar toen maar en of want dus als ook "
    "nog al "
    "niet geen is was zijn waren heeft had hebben werd wordt kan kon zou zal moet mag wil gaat ging kwam komt "
    "doet deed "
    "zei zegt vond vindt van voor met op in uit bij naar om te door over onder tegen na mijn ons onze jouw haar hun "
    "thuis school heel erg zo goed slecht nu weer altijd nooit vaak soms die daar hier alleen beter niks iets "
    "hem me mij "
    "uw the a an and but he she they was is i my our jeugdzorg veilig gemeente nederland nederlands nederlandse "
    "limburg "
    "toegang jeugdhulp".split()
)


@cache
def _first_names() -> frozenset[str]:
    lines = NAMES_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(line) for line in lines if line and not line.startswith("#"))


@cache
def _surnames() -> frozenset[tuple[str, ...]]:
    """Each as its words."""
    lines = SURNAMES_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(tuple(fold(line).split()) for line in lines if line and not line.startswith("#"))


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Names: of the list; after "mevrouw", "heet", "mijn zoon"; and what follows a name as its surname."""
    words = list(_WORD.finditer(text))
    folded = [fold(word.group()).removesuffix("'s").removesuffix("’s") for word in words]
    at = 0
    while at < len(words):
        end = _name_from(text, words, folded, at)
        if end is None:
            at += 1
            continue
        yield words[at].start(), words[end].end()
        at = end + 1


def _name_from(text: str, words: list[re.Match[str]], folded: list[str], at: int) -> int | None:
    """The last word of the name that begins with word `at`; None where no name begins there."""
    word, before = words[at].group(), folded[at - 1] if at and _joined(text, words, at) else ""
    is_capital = word[0].isupper()
    if before in _TITLES and folded[at] in _BETWEEN:
        end = _surname(text, words, folded, at, start=at)
        return end if end > at else None
    if folded[at] in _NOT_NAMES or folded[at] in _TITLES | _ROLES | _KIN:
        return None
    inside = is_capital and not _begins_sentence(text, words[at].start())
    is_listed = folded[at] in _first_names()
    is_titled = before in _TITLES
    is_told = (before in _ROLES | _KIN and (inside or (before in _KIN and is_listed))) or (
        before in _CALLED and (inside or is_listed)
    )
    is_told |= before == "is" and at > 1 and folded[at - 2] in ("naam", "name")
    is_known = is_listed and (is_capital if folded[at] not in _ORDINARY else inside)
    is_small = is_listed and not is_capital and folded[at] not in _ORDINARY
    if not (is_titled or is_told or is_known or is_small):
        return None
    return _surname(text, words, folded, at + 1, start=at)


def _surname(text: str, words: list[re.Match[str]], folded: list[str], at: int, start: int) -> int:
    """The last word of the surname that begins with word `at`, or what comes before it where none does."""
    end = _small_surname(text, words, folded, at, start)
    here = max(at, end + 1)
    while here < len(words) and here - start < 6 and _joined(text, words, here):
        if folded[here] in _BETWEEN and here + 1 < len(words):
            here += 1
            continue
        if words[here].group()[0].isupper() and folded[here] not in _NOT_NAMES:
            end = here
            here += 1
            continue
        break
    return end


def _small_surname(text: str, words: list[re.Match[str]], folded: list[str], at: int, start: int) -> int:
    """The last word of a known surname that begins with word `at`, however it is written; else `start`."""
    for number in (3, 2, 1):
        span = range(at, at + number)
        if span.stop <= len(words) and all(here == start or _joined(text, words, here) for here in span):
            if tuple(folded[at : span.stop]) in _surnames():
                return span.stop - 1
            if number == 2 and folded[at] in _FROM_ELSEWHERE and folded[at + 1] not in _NOT_NAMES:
                return at + 1
    return start


def _joined(text: str, words: list[re.Match[str]], at: int) -> bool:
    """Whether nothing but a space, or the dot of a short form, stands before this word."""
    gap = text[words[at - 1].end() : words[at].start()] if at else ""
    return gap in (" ", ". ", ": ", ", ") and (gap == " " or _is_short(words[at - 1].group()))


def _is_short(word: str) -> bool:
    """Whether a word is a short form that a dot or colon may follow: "dhr.", "naam:"."""
    return fold(word) in {"mevr", "mw", "dhr", "dr", "drs", "mr", "ms", "mrs", "prof", "naam", "name"}


def _begins_sentence(text: str, at: int) -> bool:
    while at > 0 and text[at - 1] in " \t\"'“‘(":
        at -= 1
    return at == 0 or text[at - 1] in ".!?\n:"
