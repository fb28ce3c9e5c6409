"""What can be wrong with a data package, and how it is gathered: all of it, in one go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from babel.numbers import format_decimal

from portal.core.messages import N_, Day, Message

MOST_KEPT = 20_000
"""Problems of one severity that are kept in full; the rest are counted only."""
LONGEST_VALUE = 60


class Severity(StrEnum):
    """What a problem means for the package."""

    ERROR = "error"
    """Nothing of the package is stored."""
    WARNING = "warning"
    """It is stored; somebody should look."""
    NOTE = "note"
    """It is stored; this is how."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a value, wherever the value stands."""

    code: str
    """A stable name for programs."""
    reason: Message
    remedy: Message
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """Whether it stops the package."""
        return self.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault and its place; `table` is the table's name, or the file or sheet where there is no table."""

    fault: Fault
    table: str = ""
    row: int | None = None
    """As a spreadsheet program counts: the header is row 1."""
    column: str = ""
    value: str = ""
    """As delivered, shortened; never a value of a column about one client."""


class UnreadableError(Exception):
    """A file that cannot be read any further; carries the problem that says why."""

    def __init__(self, fault: Fault, place: str = "", row: int | None = None) -> None:
        super().__init__(fault.code)
        self.problem = Problem(fault, place, row)


class Problems:
    """The problems found so far."""

    def __init__(self) -> None:
        self._kept: dict[Severity, list[Problem]] = {severity: [] for severity in Severity}
        self._counts: Counter[Severity] = Counter()
        self._letters: dict[str, dict[str, str]] = {}

    @property
    def errors(self) -> int:
        """How many stop the package."""
        return self._counts[Severity.ERROR]

    @property
    def beyond(self) -> int:
        """How many were counted but not kept."""
        return self._counts.total() - sum(map(len, self._kept.values()))

    def place_columns(self, table: str, letters: Mapping[str, str]) -> None:
        """Remember under which letters the columns of a sheet stand."""
        self._letters[table] = dict(letters)

    def letter(self, problem: Problem) -> str:
        """The letter of the problem's column where it stands on a sheet, else nothing."""
        return self._letters.get(problem.table, {}).get(problem.column, "")

    def cell(self, problem: Problem) -> str:
        """The problem's cell as a spreadsheet program calls it, `W12`; nothing where it is in no sheet."""
        letter = self.letter(problem)
        return f"{letter}{problem.row}" if letter and problem.row is not None else ""

    def add(self, fault: Fault, table: str = "", row: int | None = None, column: str = "", value: object = "") -> None:
        """Note `fault` at its place."""
        self.put(Problem(fault, table, row, column, shortened(value)))

    def put(self, problem: Problem) -> None:
        """Note a whole problem."""
        severity = problem.fault.severity
        self._counts[severity] += 1
        if len(self._kept[severity]) < MOST_KEPT:
            self._kept[severity].append(problem)

    def take(self, others: Problems) -> None:
        """Add what was gathered elsewhere."""
        for severity, kept in others._kept.items():
            self._kept[severity] += kept[: max(0, MOST_KEPT - len(self._kept[severity]))]
        self._counts += others._counts
        self._letters |= others._letters

    def of(self, severity: Severity) -> list[Problem]:
        """The kept problems of one severity, by table and row."""
        return sorted(self._kept[severity], key=lambda problem: (problem.table, problem.row or 0))

    def count(self, severity: Severity) -> int:
        """How many there are of one severity, kept or not."""
        return self._counts[severity]


def shortened(value: object) -> str:
    """`value` on one line and not longer than a report can bear."""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    text = str(value)[:500]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


@dataclass(frozen=True, slots=True)
class _Number(Message):
    """A number with a fraction; `text` is how programs write it."""

    def in_language(self, code: str) -> str:
        return format_decimal(self.text, "0.###############", locale=code)


def shown(value: object) -> object:
    """The value of a cell as the one who typed it knows it, for a message."""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return Day(value.date().isoformat())
    if isinstance(value, float) and value.is_integer() is False:
        return _Number(repr(value))
    return shortened(value)


def error(code: str, reason: str, remedy: str, **values: object) -> Fault:
    """A fault that stops the package; `reason` and `remedy` share their `values`."""
    return Fault(code, Message(reason, values), Message(remedy, values))


def warning(code: str, reason: str, remedy: str, **values: object) -> Fault:
    """A fault that does not."""
    return Fault(code, Message(reason, values), Message(remedy, values), Severity.WARNING)


def note(code: str, reason: str, remedy: str = N_("you need not do anything"), **values: object) -> Fault:
    """Something the sender should know."""
    return Fault(code, Message(reason, values), Message(remedy, values), Severity.NOTE)
