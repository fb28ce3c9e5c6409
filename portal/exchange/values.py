"""One cell understood: patient with how people write, but a reading that could be wrong is refused.

Whatever has two meanings (1.234, a two-digit year, a telephone number that lost its zero) is a fault that says
what to write; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from portal.catalogue.codelists import CodeLists
from portal.catalogue.types import (
    AccessPointKind,
    ContractBasis,
    Form,
    Framework,
    Gender,
    LocationKind,
    OfferAccess,
    ProviderSize,
    SameWorker,
    Setting,
)
from portal.core.formulas import unguard
from portal.core.messages import N_
from portal.core.text import fold, nearest
from portal.exchange.columns import SEPARATOR, WHOLE_REGION, Column, Kind
from portal.exchange.labels import choice_labels
from portal.exchange.problems import Fault, error, shown, warning
from portal.exchange.raw import TWICE_ENCODED, Cell
from portal.outcomes.types import Indicator, Informant, MeasuredFramework

WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    ProviderSize: {"zelfstandige": "solo", "zzp": "solo", "klein": "small", "middelgroot": "medium",
                   "gemiddeld": "medium", "groot": "large"},
    SameWorker: {"altijd": "always", "meestal": "usually", "nee": "no"},
    LocationKind: {"kantoor": "office", "praktijk": "office", "behandellocatie": "treatment",
                   "behandeling": "treatment", "dagbehandeling": "day_care", "dagopvang": "day_care",
                   "verblijf": "residential", "woongroep": "residential", "gezinshuis": "family_home",
                   "anders": "other", "overig": "other"},
    Setting: {"thuis": "home", "op school": "school", "locatie": "location", "op locatie": "location",
              "groep": "group", "in een groep": "group", "verblijf": "residential"},
    Framework: {"vrijwillig": "voluntary", "gedwongen": "mandatory", "beide": "both", "allebei": "both"},
    OfferAccess: {"verwijzing": "referral", "met verwijzing": "referral", "vrij": "free",
                  "vrij toegankelijk": "free"},
    Form: {"individueel": "individual", "groep": "group", "beide": "both", "allebei": "both"},
    Gender: {"alle": "all", "allen": "all", "iedereen": "all", "meisjes": "girls", "jongens": "boys"},
    ContractBasis: {"subsidie": "subsidy"},
    AccessPointKind: {"toegang": "access_team", "toegangsteam": "access_team", "klachten": "complaints",
                      "vertrouwenspersoon": "counsellor"},
    Indicator: {"uitval": "dropout", "tevredenheid": "satisfaction", "zonder hulp verder": "without_help",
                "geen nieuwe start": "no_new_start", "problemen verminderd": "problems_reduced",
                "doelen bereikt": "goals_reached", "doelen gerealiseerd": "goals_reached"},
    MeasuredFramework: {"vrijwillig": "voluntary", "gedwongen": "mandatory"},
    Informant: {"client": "client", "jeugdige": "client", "ouder": "parent", "hulpverlener": "professional",
                "registratie": "registration"},
}  # fmt: skip
"""Dutch words that can mean one value only."""

EXCEL_ERRORS = frozenset(
    {"#N/A", "#N/B", "#NB", "#REF!", "#VERW!", "#VALUE!", "#WAARDE!", "#DIV/0!", "#DEEL/0!", "#NAME?", "#NAAM?",
     "#NUM!", "#GETAL!", "#NULL!", "#LEEG!"}
)  # fmt: skip
"""How spreadsheet programs write that a value could not be made, in English and Dutch."""

FIRST_YEAR, LAST_YEAR = 1950, 2100

_YES = {"yes", "ja", "true", "waar", "1", "y", "j"}
_NO = {"no", "nee", "false", "onwaar", "0", "n"}
_NOTHING = {"-", "--", "–", "—", "?", ".", "x", "n.v.t.", "n.v.t", "nvt", "n/a", "onbekend", "unknown", "geen",
            "none", "null", "nan", "leeg"}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan januari january", "feb februari february", "mrt maart mar march", "apr april", "mei may",
         "jun juni june", "jul juli july", "aug augustus august", "sep sept september",
         "okt oktober oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY_ZERO = date(1899, 12, 30)
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_ONE_GROUP = re.compile(r"([+-]?[0-9]{1,3})[.,]([0-9]{3})")
_GROUPS = re.compile(r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3})+(?:,[0-9]+)?|(?:,[0-9]{3})+(?:\.[0-9]+)?)")
_SPAN = re.compile(r"(?:ca\.?|circa|ongeveer|about)? ?([0-9]+(?:[.,][0-9]+)?) ?(maand(?:en)?|months?|jaar|jaren|years?"
                   r"|dag(?:en)?|days?|kwarta(?:al|len)|quarters?)")  # fmt: skip
_WEEKS_IN = {"maand": 52 / 12, "month": 52 / 12, "jaar": 52, "jaren": 52, "year": 52, "dag": 1 / 7, "day": 1 / 7,
             "kwarta": 13, "quarter": 13}  # fmt: skip
_BOUND = re.compile(r"[<>≤≥]|\+$|meer dan|minder dan|minstens|minimaal|maximaal|vanaf|tot |more than|less than|at least"
                    r"|at most|up to|from")  # fmt: skip
_BETWEEN = re.compile(r"\s*[,/&+|\n]\s*|\s+(?:en|and)\s+")
_WHOLE_REGION_WORDS = {"hele regio", "de hele regio", "gehele regio", "regio", "alle", "allemaal", "alles", "all",
                       "alle gemeenten", "alle gemeentes", "hele jeugdregio", "whole region",
                       "the whole region", "all municipalities"}  # fmt: skip
_PLAIN = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[t ]0?0:00(?::00(?:[.,]0+)?)?z?)?")
_DUTCH = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?: 0?0:00(?::00)?)?")
_WORDY = re.compile(r"([0-9]{1,2})[ -]([a-z]+)\.?[ -]([0-9]{4})")
_SHORT_YEAR = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2}|[a-z]+\.?)[-/. ]'?([0-9]{2})")
_PERIOD = re.compile(r"([0-9]{4})(?:[- ]?h([12]))?")
_POSTCODE = re.compile(r"([1-9][0-9]{3}) ?([A-Z]{2})")
_EMAIL = re.compile(r"[^@\s,;<>\"?&%#/]+@[^@\s,;<>\"?&%#/.]+(?:\.[^@\s,;<>\"?&%#/.]+)+")
_PHONE = re.compile(r"\+?[0-9 ().-]+")
_CHANGED_CODE = re.compile(
    r"[0-9]{1,2}-(?:jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)"
    r"|(?:jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)-[0-9]{2}"
    r"|[0-9][.,][0-9]+E\+[0-9]+|#+", re.IGNORECASE
)  # fmt: skip
"""What a spreadsheet program makes of `12-1`, of `9012345678901` and of a number in a narrow column."""

Reading = tuple[object, Fault | None]
"""A value and what is to be said of it; where that is an error, there is no value."""
Reader = Callable[[Cell], Reading]
_Parser = Callable[[Cell], object]


class _Refusal(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class _Remark(_Refusal):
    """The value counts, but something is to be said of it."""

    def __init__(self, fault: Fault, value: object) -> None:
        super().__init__(fault)
        self.value = value


@dataclass(frozen=True, slots=True)
class Around:
    """What a cell is read against, besides its column."""

    lists: CodeLists
    today: date
    youth_region: str | None = None
    """Of the region that sends the package; None where the list does not know it."""


def reader_for(column: Column, around: Around) -> Reader:
    """The function that reads the cells of `column`; an empty cell it reads as `column.empty`."""
    parse = _PARSERS[column.kind](column, around)
    about_people = holds_bsn if column.kind in _FREE else None if column.kind in _TELEPHONES else is_bsn
    keeps_apostrophe = column.kind in {Kind.TEXT, Kind.NAME, Kind.TEXTS, Kind.TOPICS, Kind.IDENTIFIER,
                                       Kind.REFERENCE, Kind.REFERENCES}  # fmt: skip
    seldom_repeats = column.kind in {Kind.TEXT, Kind.IDENTIFIER}

    def read(cell: Cell) -> Reading:
        fault = None
        if isinstance(cell, str):
            cell, fault = tidy(cell)
            if fault is not None and fault.code == "control_characters" and column.kind is Kind.IDENTIFIER:
                return None, _unsafe_identifier(cell)
            if not keeps_apostrophe:
                cell = cell.removeprefix("'").strip()
            if cell.upper() in EXCEL_ERRORS:
                return None, _excel_error(cell)
        if cell is None or cell == "":
            return column.empty, fault
        if about_people is not None and isinstance(cell, str | int) and about_people(str(cell)):
            return None, BSN
        try:
            return parse(cell), fault
        except _Remark as remark:
            return remark.value, remark.fault
        except _Refusal as refusal:
            return None, refusal.fault

    return read if seldom_repeats else _remembering(read)


def _remembering(read: Reader) -> Reader:
    known: dict[tuple[type, Cell], Reading] = {}

    def remembering(cell: Cell) -> Reading:
        key = (cell.__class__, cell)  # True, 1 and 1.0 are equal, but not the same cell
        found = known.get(key)
        if found is None:
            found = read(cell)
            if len(known) < 5_000:
                known[key] = found
        return found

    return remembering


def tidy(text: str) -> tuple[str, Fault | None]:
    """`text` as it is kept: NFC, plain spaces and line breaks, nothing invisible, no export's apostrophe."""
    if text.isascii() and text.isprintable():
        return unguard(text.strip()), None
    fault = None
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = _INVISIBLE.sub("", text)
    cleaned = _CONTROL.sub("", text)
    if "\ufffd" in cleaned or TWICE_ENCODED.search(cleaned):
        fault = _no(
            "garbled",
            N_("'%(value)s' has lost characters"),
            N_("look for strange characters such as Ã© in the text, and save the file again as CSV UTF-8"),
            cleaned,
            make=warning,
        )
    elif cleaned != text:
        fault = warning(
            "control_characters",
            N_("this text holds invisible control characters; they were left out"),
            N_("check the text, and type it again if something is missing"),
        )
    return unguard(cleaned.strip()), fault


# --- numbers of citizens ---

_FREE = frozenset({Kind.NAME, Kind.TEXT, Kind.TEXTS, Kind.TOPICS, Kind.REFERENCES})
_TELEPHONES = frozenset({Kind.PHONE, Kind.DECIMAL})
_MANY_DIGITS = re.compile("[0-9]{2}[0-9 .-]{6}")
"""Without this no text holds one; most texts are done with then."""
_NINE = re.compile(r"(?<![0-9])(?<![0-9][.,])[0-9]{9}(?![0-9])")
_GROUPED = re.compile(r"(?<![0-9])\+?[0-9]{2,9}(?:[ .-][0-9]{2,9})+(?![0-9])")
_SHAPES = {(3, 3, 3), (4, 2, 3)}
"""How people group the digits of a citizen service number."""

BSN = error(
    "citizen_number",
    N_("here is a number that can be a citizen service number (BSN); we do not repeat it"),
    N_("remove it, here and everywhere else in the file"),
)


def is_bsn(text: str) -> bool:
    """Whether `text` is nothing but a number that can be a BSN: nine digits that pass the eleven test."""
    if not 9 <= len(text) <= 20:
        return False
    digits = re.sub(r"[ .-]", "", text)
    if len(digits) != 9 or not re.fullmatch(r"[0-9]{9}", digits):
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return int(digits) > 0 and weighed % 11 == 0


def holds_bsn(text: str) -> bool:
    """Whether a number that can be a BSN stands somewhere in `text`, whole or in groups of digits."""
    if not _MANY_DIGITS.search(text):
        return False
    if any(is_bsn(digits) for digits in _NINE.findall(text)):
        return True
    for run in _GROUPED.findall(text):
        groups = re.split("[ .-]", run)
        if is_bsn(run):
            return True
        # A telephone number has such groups too; it begins with a zero or a plus.
        windows = () if run[0] in "+0" else zip(groups, groups[1:], groups[2:], strict=False)
        if any(tuple(map(len, three)) in _SHAPES and is_bsn("".join(three)) for three in windows):
            return True
    return False


# --- kinds of text ---


def _identifier(column: Column, _around: Around) -> _Parser:
    def parse(cell: Cell) -> str:
        text = " ".join(_as_code(cell).split())
        if SEPARATOR in text:
            raise _Refusal(
                _no("separator_in_identifier", N_("'%(value)s' holds a semicolon"),
                    N_("use one code without a semicolon"), cell)
            )  # fmt: skip
        # It stands in the address of a page, where these would lead to another page.
        if column.kind is Kind.IDENTIFIER and not {"", ".", ".."}.isdisjoint(text.split("/")):
            raise _Refusal(_unsafe_identifier(text))
        if column.kind is Kind.IDENTIFIER and any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in text):
            raise _Refusal(_unsafe_identifier(text))
        return _not_too_long(text, column)

    return parse


def _name(column: Column, _around: Around) -> _Parser:
    as_text = _as_code if column.is_code else _as_text
    return lambda cell: _not_too_long(" ".join(as_text(cell).split()), column)


def _text(column: Column, _around: Around) -> _Parser:
    return lambda cell: _not_too_long(_as_text(cell), column)


def _texts(column: Column, _around: Around) -> _Parser:
    return lambda cell: [_not_too_long(part, column) for part in _parts(_as_text(cell))]


def _topics(column: Column, around: Around) -> _Parser:
    def parse(cell: Cell) -> list[str]:
        words = [_not_too_long(part, column) for part in _parts(_as_text(cell))]
        unknown = around.lists.unknown_topics(words)
        if unknown:
            near = nearest(unknown[0], around.lists.topics, cutoff=0.75)
            separated = separated_list(unknown[0], around.lists.topic)
            raise _Remark(
                _no(
                    "unknown_topic",
                    N_("'%(value)s' is not in the list of topics; it is kept as the provider's own word"),
                    N_("write %(separated)s")
                    if separated
                    else N_("did you mean %(near)s?")
                    if near
                    else N_("you need not do anything, or choose a topic from the list"),
                    "; ".join(unknown),
                    make=warning,
                    near=near,
                    separated=separated,
                ),
                words,
            )
        return words

    return parse


def _references(column: Column, _around: Around) -> _Parser:
    return lambda cell: [_not_too_long(_as_code(part), column) for part in _parts(_as_text(cell))]


def _eight_digits(_column: Column, _around: Around) -> _Parser:
    def parse(cell: Cell) -> str:
        digits = re.sub(r"[ .-]", "", _as_text(cell))
        if re.fullmatch(r"[0-9]{8}", digits):
            return digits
        if re.fullmatch(r"[0-9]{5,7}", digits):
            raise _Refusal(
                _no("lost_zero", N_("'%(value)s' has too few digits; a spreadsheet may have dropped the zero"),
                    N_("write %(padded)s, in a cell of the kind text"), cell, padded=digits.zfill(8))
            )  # fmt: skip
        raise _Refusal(
            _no("not_eight_digits", N_("'%(value)s' is not a number of 8 digits"), N_("write 8 digits"), cell)
        )

    return parse


def _postcode(_column: Column, _around: Around) -> _Parser:
    def parse(cell: Cell) -> str:
        found = _POSTCODE.fullmatch(_as_text(cell).upper())
        if not found:
            raise _Refusal(
                _no("not_a_postcode", N_("'%(value)s' is not a Dutch postcode"),
                    N_("write 4 digits and 2 letters, such as 6411 AB"), cell)
            )  # fmt: skip
        return f"{found[1]} {found[2]}"

    return parse


def _phone(column: Column, _around: Around) -> _Parser:
    def parse(cell: Cell) -> str:
        text = _as_text(cell)
        digits = re.sub(r"[^0-9]", "", text)
        # A Dutch number has at most ten digits after its zero (0800, 0900); 00 begins one of another country.
        is_too_long = text[0] in "0(" and digits[:2] != "00" and digits[:1] == "0" and len(digits) > 11
        if not _PHONE.fullmatch(text) or not 3 <= len(digits) <= 15 or is_too_long:
            raise _Refusal(
                _no("not_a_phone", N_("'%(value)s' is not one telephone number"),
                    N_("write one number in digits, such as 045-123 45 67; other text goes elsewhere"), cell)
            )  # fmt: skip
        if text[0] not in "+0(" and len(digits) in {9, 11}:
            complete = f"0{digits}" if len(digits) == 9 else f"+{digits}"
            raise _Refusal(
                _no("lost_zero", N_("'%(value)s' has too few digits; a spreadsheet may have dropped the zero"),
                    N_("write %(padded)s, in a cell of the kind text"), cell, padded=complete)
            )  # fmt: skip
        return _not_too_long(text, column)

    return parse


def _email(column: Column, _around: Around) -> _Parser:
    def parse(cell: Cell) -> str:
        text = re.sub(r"^mailto:", "", _as_text(cell), flags=re.IGNORECASE)
        if not _EMAIL.fullmatch(text):
            raise _Refusal(
                _no("not_an_email", N_("'%(value)s' is not one e-mail address"),
                    N_("write one address, such as info@aanbieder.nl"), cell)
            )  # fmt: skip
        return _not_too_long(text, column)

    return parse


def _url(column: Column, _around: Around) -> _Parser:
    def parse(cell: Cell) -> str:
        text = _as_text(cell)
        address = text if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)", text) else f"https://{text}"
        try:
            parts = urlsplit(address)
            host, _port = parts.hostname or "", parts.port
        except ValueError:
            parts, host = urlsplit(""), ""
        sound = re.fullmatch(r"[^\s\\\"<>]+", address) and parts.scheme in {"http", "https"}
        if not sound or not re.fullmatch(r"[^.@]+(\.[^.@]+)+\.?", host) or "@" in parts.netloc:
            raise _Refusal(
                _no("not_a_web_address", N_("'%(value)s' is not a web address"),
                    N_("write the whole address, such as https://www.aanbieder.nl"), cell)
            )  # fmt: skip
        return _not_too_long(address, column)

    return parse


# --- numbers and dates ---


def _whole(column: Column, _around: Around) -> _Parser:
    def parse(cell: Cell) -> int:
        if isinstance(cell, str):
            group = _ONE_GROUP.fullmatch(cell)
            if group:
                raise _Refusal(_ambiguous(cell, group[1] + group[2], f"{group[1]},{group[2]}"))
        if isinstance(cell, str) and "weeks" in column.name and (span := _SPAN.fullmatch(fold(cell))):
            raise _Refusal(_not_weeks(cell, float(span[1].replace(",", ".")), span[2]))
        number = _number(cell)
        if not float(number).is_integer():
            raise _Refusal(
                _no("not_whole", N_("'%(value)s' is not a whole number"),
                    N_("write a whole number; where people are counted, write how many, not the share"), cell)
            )  # fmt: skip
        return int(_in_range(number, column, cell))

    return parse


def _decimal(column: Column, _around: Around) -> _Parser:
    def parse(cell: Cell) -> float:
        group = _ONE_GROUP.fullmatch(cell) if isinstance(cell, str) else None
        # No decimal column reaches a thousand, so 50.888 can only be a fraction.
        number = float(f"{group[1]}.{group[2]}") if group else _number(cell)
        return _in_range(number, column, cell)

    return parse


def _not_weeks(cell: Cell, count: float, unit: str) -> Fault:
    weeks = count * next(length for name, length in _WEEKS_IN.items() if unit.startswith(name))
    return _no("not_weeks", N_("'%(value)s' is not in weeks"), N_("write weeks: that is about %(weeks)s"), cell,
               weeks=round(weeks))  # fmt: skip


def _number(cell: Cell) -> float:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, datetime):
        raise _Refusal(
            _no("date_in_number", N_("the spreadsheet made a date of this: %(value)s"),
                N_("give the cell the kind number, and type the number again"), cell)
        )  # fmt: skip
    text = _as_text(cell) if not isinstance(cell, (bool, datetime)) else ""
    if _GROUPS.fullmatch(text):
        decimal = max(text.rfind("."), text.rfind(","))
        alike = text.count(text[decimal]) > 1 or not ("." in text and "," in text)
        whole, fraction = (text, "") if alike else (text[:decimal], text[decimal + 1 :])
        return float(re.sub(r"[.,]", "", whole) + (f".{fraction}" if fraction else ""))
    if _PLAIN.fullmatch(text):
        return float(text.replace(",", "."))
    if re.fullmatch(r"[+-]?[0-9]+(?:[.,][0-9]+)? ?%", text):
        raise _Refusal(
            _no("percentage", N_("'%(value)s' is a percentage"),
                N_("write how many it was true of (numerator) and of how many (denominator)"), cell)
        )  # fmt: skip
    if text.lower() in _NOTHING:
        raise _Refusal(_leave_empty(N_("'%(value)s' is not a number"), cell))
    inside = re.findall(r"[0-9]+(?:[.,][0-9]+)?", text)
    remedy = N_("write one number in digits")
    if len(inside) == 1:
        is_bound = _BOUND.search(fold(text))
        remedy = N_("write one number; is %(number)s right?") if is_bound else N_("write %(number)s")
    raise _Refusal(
        _no("not_a_number", N_("'%(value)s' is not a number"), remedy, cell, number="".join(inside[:1]))
    )  # fmt: skip


def _date(column: Column, around: Around) -> _Parser:
    def parse(cell: Cell) -> date:
        day = _day(cell)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise _Refusal(
                _no("unlikely_year", N_("'%(value)s' is in an unlikely year"),
                    N_("write a year from %(first)s to %(last)s; leave the cell empty where there is no end"),
                    cell, first=FIRST_YEAR, last=LAST_YEAR)
            )  # fmt: skip
        if column.not_in_future and day > around.today:
            raise _Refusal(
                _no("in_future", N_("'%(value)s' is still to come (today is %(today)s)"),
                    N_("write the day on which this was true"), cell, today=around.today)
            )  # fmt: skip
        return day

    return parse


def _day(cell: Cell) -> date:
    if isinstance(cell, datetime):
        if cell.time() != datetime.min.time():
            raise _Refusal(_not_a_date(cell, cell.date()))
        return cell.date()
    text = "" if isinstance(cell, bool) else _as_plain_text(cell)
    for pattern, order in ((_ISO, (1, 2, 3)), (_DUTCH, (3, 2, 1)), (_WORDY, (3, 2, 1))):
        found = pattern.fullmatch(fold(text))
        if found:
            year, month, day = (found[place] for place in order)
            number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
            return _calendar_day(cell, int(year), number, int(day))
    short = _SHORT_YEAR.fullmatch(fold(text))
    if short:
        month = short[2].rstrip(".")
        number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
        raise _Refusal(_not_a_date(cell, _calendar_day(cell, 2000 + int(short[3]), number, int(short[1]))))
    if re.fullmatch(r"[0-9]{5}(?:[.,]0+)?", text):
        raise _Refusal(_not_a_date(cell, _DAY_ZERO + timedelta(days=int(text[:5]))))
    if re.fullmatch(r"[0-9]{8}", text):
        day_of = _calendar_day(cell, int(text[:4]), int(text[4:6]), int(text[6:]))
        raise _Refusal(_not_a_date(cell, day_of))
    if text.lower() in _NOTHING:
        raise _Refusal(_leave_empty(N_("'%(value)s' is not a date"), cell))
    raise _Refusal(_not_a_date(cell, None))


def _calendar_day(cell: Cell, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        swapped = date(year, day, month) if 1 <= day <= 12 and 1 <= month <= 28 and year > 0 else None
        raise _Refusal(_not_a_date(cell, swapped)) from None


def _period(_column: Column, around: Around) -> _Parser:
    def parse(cell: Cell) -> str:
        found = _PERIOD.fullmatch(fold(_as_plain_text(cell)))
        if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise _Refusal(
                _no("not_a_period", N_("'%(value)s' is not a period"),
                    N_("write a year (2025) or a half of it (2025-H1)"), cell)
            )  # fmt: skip
        year, half = int(found[1]), found[2]
        begins = date(year, 7 if half == "2" else 1, 1)
        ends = date(year, 6, 30) if half == "1" else date(year, 12, 31)
        period = f"{year}-H{half}" if half else str(year)
        if begins > around.today:
            raise _Refusal(
                _no("in_future", N_("'%(value)s' is still to come (today is %(today)s)"),
                    N_("write a period that has been"), cell, today=around.today)
            )  # fmt: skip
        if ends >= around.today:
            # What was shown of half a period could later be subtracted from the whole.
            raise _Refusal(
                _no("period_not_over", N_("period %(value)s is not over yet"),
                    N_("send the counts when it is"), cell)
            )  # fmt: skip
        return period

    return parse


# --- words from a list ---


def _yes_no(_column: Column, _around: Around) -> _Parser:
    def parse(cell: Cell) -> bool:
        word = fold(_as_plain_text(cell))
        if word in _YES or cell is True:
            return True
        if word in _NO or cell is False:
            return False
        raise _Refusal(_no("not_yes_or_no", N_("'%(value)s' is neither yes nor no"), N_("write yes or no"), cell))

    return parse


def _choice(column: Column, around: Around) -> _Parser:
    one = _one_of(column, around)
    return lambda cell: one(_as_plain_text(cell))


def _choices(column: Column, around: Around) -> _Parser:
    one = _one_of(column, around)
    return lambda cell: _unique(one(part).value for part in _parts(_as_plain_text(cell)))


def _one_of(column: Column, around: Around) -> Callable[[str], StrEnum]:
    kind = column.choices
    assert kind is not None  # noqa: S101 - every column of this kind has its list
    dutch, english = (choice_labels(kind, around.lists, language) for language in ("nl", "en"))
    known = {_spaced(label): kind(value) for labels in (english, dutch) for value, label in labels.items()}
    known |= {_spaced(word): kind(value) for word, value in WORDS.get(kind, {}).items()}
    known |= {_spaced(member.value): member for member in kind}

    def one(text: str) -> StrEnum:
        found = known.get(_spaced(text))
        if found is None:
            near = nearest(_spaced(text), known)
            separated = separated_list(text, lambda part: known.get(_spaced(part))) if column.kind.is_list else None
            raise _Refusal(_not_in_list(text, known[near].value if near else None, _explained(dutch), separated))
        return found

    return one


def _languages(_column: Column, around: Around) -> _Parser:
    names = {code: around.lists.label("languages", code, "nl").label for code in around.lists.languages}
    known = {fold(around.lists.label("languages", code, "en").label): code for code in names}
    known |= {fold(name): code for code, name in names.items()} | {code: code for code in names}

    def one(text: str) -> str:
        found = known.get(fold(text))
        if found is None:
            shorter = next((code for code in names if re.match(rf"{code}[-_]", text.lower())), None)
            near = shorter or known.get(nearest(text, known, cutoff=0.75) or "")
            separated = separated_list(text, lambda part: known.get(fold(part)))
            raise _Refusal(_not_in_list(text, near, _explained(names), separated))
        return found

    return lambda cell: _unique(one(part) for part in _parts(_as_plain_text(cell)))


def _arrangement(_column: Column, around: Around) -> _Parser:
    names = {code: around.lists.label("arrangements", code, "nl").label for code in around.lists.arrangements}
    known = {_spaced(around.lists.label("arrangements", code, "en").label): code for code in names}
    known |= {_spaced(name): code for code, name in names.items()} | {_spaced(code): code for code in names}

    def parse(cell: Cell) -> str:
        text = _as_plain_text(cell)
        found = known.get(_spaced(text))
        if found is None:
            near = nearest(_spaced(text), known)
            raise _Refusal(_not_in_list(text, known[near] if near else None, _explained(names)))
        return found

    return parse


def _municipality(_column: Column, around: Around) -> _Parser:
    def parse(cell: Cell) -> str:
        text = _as_plain_text(cell)
        found = around.lists.municipality(text)
        if found is None:
            raise _Refusal(_unknown_municipality(text, around))
        return _in_region([found.code], around)[0]

    return parse


def _municipalities(column: Column, around: Around) -> _Parser:
    may_be_whole = column.whole_region_allowed

    def one(text: str) -> str:
        found = around.lists.municipality(text)
        if found is not None:
            return found.code
        if fold(text) in _WHOLE_REGION_WORDS:
            raise _Refusal(
                _no("whole_region_in_words", N_("'%(value)s' is not a municipality that we know"),
                    N_("write *") if may_be_whole else N_("leave the cell empty: then it is as the contract says"),
                    text)
            )  # fmt: skip
        separated = separated_list(text, lambda part: (known := around.lists.municipality(part)) and known.name)
        if separated is not None:
            raise _Refusal(
                _no("comma_in_list", N_("'%(value)s' holds several values"), N_("write %(separated)s"),
                    text, separated=separated)
            )  # fmt: skip
        raise _Refusal(_unknown_municipality(text, around))

    def parse(cell: Cell) -> list[str]:
        parts = _parts(_as_plain_text(cell))
        if parts == [WHOLE_REGION] and may_be_whole:
            return parts
        if WHOLE_REGION in parts:
            raise _Refusal(
                _no("star_among_names", N_("* means the whole region and cannot stand here"),
                    N_("write * alone, or the names only")
                    if may_be_whole
                    else N_("leave the cell empty: then it is as the contract says"), cell)
            )  # fmt: skip
        return _in_region(_unique(one(part) for part in parts), around, is_list=True)

    return parse


def _in_region(codes: list[str], around: Around, is_list: bool = False) -> list[str]:
    """`codes` as they are; where some lie outside the sender's region, that is remarked."""
    known = around.lists.municipalities
    outside = [known[code].name for code in codes if known[code].youth_region != around.youth_region]
    if around.youth_region is not None and outside:
        raise _Remark(
            _no("outside_region", N_("%(value)s is not in this region"),
                N_("check it; if it is meant, you need not do anything"), ", ".join(outside), make=warning),
            codes if is_list else codes[0],
        )  # fmt: skip
    return codes


def _unknown_municipality(text: str, around: Around) -> Fault:
    own = [municipality.name for municipality in around.lists.municipalities_of(around.youth_region)]
    everywhere = (municipality.name for municipality in around.lists.municipalities.values())
    near = nearest(text, own) or nearest(text, everywhere, cutoff=0.75)
    return _no(
        "unknown_municipality",
        N_("'%(value)s' is not a municipality that we know"),
        N_("did you mean %(near)s?") if near else N_("write its name or CBS code, such as GM0917"),
        text,
        near=near,
    )


_PARSERS: Mapping[Kind, Callable[[Column, Around], _Parser]] = {
    Kind.IDENTIFIER: _identifier,
    Kind.REFERENCE: _identifier,
    Kind.REFERENCES: _references,
    Kind.NAME: _name,
    Kind.TEXT: _text,
    Kind.TEXTS: _texts,
    Kind.TOPICS: _topics,
    Kind.EIGHT_DIGITS: _eight_digits,
    Kind.POSTCODE: _postcode,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.URL: _url,
    Kind.WHOLE: _whole,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.PERIOD: _period,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.LANGUAGES: _languages,
    Kind.ARRANGEMENT: _arrangement,
    Kind.MUNICIPALITY: _municipality,
    Kind.MUNICIPALITIES: _municipalities,
}


def _as_text(cell: Cell) -> str:
    """What a text column makes of the cell; a value that a spreadsheet has changed is refused."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    raise _Refusal(_not_text(cell))


def _as_code(cell: Cell) -> str:
    """The same for a code, of which a spreadsheet program makes a date or a number before it saves CSV."""
    text = _as_text(cell)
    if _CHANGED_CODE.fullmatch(text):
        raise _Refusal(_not_text(cell))
    return text


def _as_plain_text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell)


def _parts(text: str) -> list[str]:
    return _unique(" ".join(part.split()) for part in text.split(SEPARATOR) if part.strip())


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _spaced(text: str) -> str:
    return re.sub(r"[-_ ]+", " ", fold(text)).strip()


def _not_too_long(text: str, column: Column) -> str:
    if column.max_length is not None and len(text) > column.max_length:
        raise _Refusal(
            _no("too_long", N_("this text has %(length)s characters; %(most)s is the most"),
                N_("make it shorter"), text, length=len(text), most=column.max_length)
        )  # fmt: skip
    return text


def _fits(number: float, column: Column) -> bool:
    return (column.lowest is None or number >= column.lowest) and (column.highest is None or number <= column.highest)


def _in_range(number: float, column: Column, cell: Cell) -> float:
    if not _fits(number, column):
        raise _Refusal(
            _no("out_of_range", N_("'%(value)s' is out of range"),
                N_("write a number from %(lowest)s to %(highest)s"), cell,
                lowest=column.lowest, highest=column.highest)
        )  # fmt: skip
    return number


def _no(
    code: str, reason: str, remedy: str, value: object, make: Callable[..., Fault] = error, **values: object
) -> Fault:
    return make(code, reason, remedy, value=shown(value), **values)


def _not_text(cell: Cell) -> Fault:
    return _no("not_text", N_("the spreadsheet made '%(value)s' of what was typed here"),
               N_("set the cell to the kind text and type the value again"), cell)  # fmt: skip


def _unsafe_identifier(text: str) -> Fault:
    return _no("unsafe_identifier", N_("'%(value)s' holds a / or an invisible character where a code cannot have it"),
               N_("use letters, digits, points and hyphens"), text)  # fmt: skip


def _excel_error(text: str) -> Fault:
    return _no(
        "excel_error",
        N_("'%(value)s' means that the spreadsheet could not make this value"),
        N_("type the value itself, or leave the cell empty"),
        text,
    )


def _ambiguous(cell: Cell, thousands: str, fraction: str) -> Fault:
    return _no(
        "ambiguous_number",
        N_("'%(value)s' can mean %(thousands)s or %(fraction)s"),
        N_("write %(thousands)s without a point or comma, or %(fraction)s"),
        cell,
        thousands=thousands,
        fraction=fraction,
    )


def _leave_empty(reason: str, cell: Cell) -> Fault:
    return _no("not_a_value", reason, N_("leave the cell empty where nothing is known"), cell)


def _not_a_date(cell: Cell, likely: date | None) -> Fault:
    return _no(
        "not_a_date",
        N_("'%(value)s' is not a clear date"),
        N_("write %(date)s, if that is the day you mean") if likely else N_("write a date as 2026-01-31"),
        cell,
        date=likely,
    )


def _not_in_list(text: str, near: str | None, known: str, separated: str | None = None) -> Fault:
    return _no(
        "not_in_list",
        N_("'%(value)s' is not in the list"),
        N_("write %(separated)s")
        if separated
        else N_("did you mean %(near)s? Known are: %(known)s")
        if near
        else N_("known are: %(known)s"),
        text,
        near=near,
        known=known,
        separated=separated,
    )


def _explained(labels: Mapping[str, str]) -> str:
    """The values that can be chosen, each with the word that people know it by."""
    return ", ".join(
        value if fold(value) == fold(label) else f"{value} ({label[:1].lower()}{label[1:]})"
        for value, label in labels.items()
    )


def separated_list(text: str, known: Callable[[str], object | None]) -> str | None:
    """`text` as a list with semicolons, where it is one of known words with other signs between them."""
    found = [known(part) for part in _BETWEEN.split(text) if part]
    return SEPARATOR.join(map(str, found)) if len(found) > 1 and None not in found else None
