"""Counts from closed trajectories, made where the client data are: rows go in, and nothing but counts comes out.

Without network and without database. A row is forgotten as soon as it is counted; only where the file tells which rows
are of the same child, and help may overlap, its days and answers are held until the end. Overlapping help of one form
at one provider counts once, by its last ending, as with CBS.

Which ending counts as dropout is data (`ending_codes.csv`): reasons 03 and 04 of CBS (Regeling Jeugdwet, annex 2), and
the codes of iJw list JZ588 that mean the same. The mapping of JZ588 is ours; a region that reads one of its codes
otherwise puts a file of that name in its folder of code lists.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from portal.catalogue.codelists import CodeListError
from portal.core.messages import N_
from portal.core.text import fold
from portal.exchange.columns import OUTCOMES, Column, Kind
from portal.exchange.problems import Fault, Problems, error, note, warning
from portal.exchange.raw import Cell, RawTable, column_name
from portal.exchange.values import Around, Reader, Reading, reader_for
from portal.outcomes.types import Indicator, Informant, MeasuredFramework

CODES = Path(__file__).parent / "ending_codes.csv"


class Ending(StrEnum):
    """What an ending counts as."""

    ENDED = "ended"
    DROPOUT = "dropout"
    LEFT_OUT = "left_out"
    """No ending of the help: death, a pause, another provider. It is kept out of the dropout rate."""


class CodeListName(StrEnum):
    """From which list the reasons are."""

    CBS = "cbs"
    JZ588 = "jz588"


ASKED = (Indicator.GOALS_REACHED, Indicator.PROBLEMS_REDUCED, Indicator.WITHOUT_HELP)

CLIENT = "client"
NOT_KNOWN = {"unknown", "onbekend", "weet niet", "niet bekend", "niet ingevuld", "n.v.t.", "nvt", "-", "?"}
COLUMNS = {
    column.name: column
    for column in (
        Column(CLIENT, Kind.NAME, "", ""),
        Column("provider_id", Kind.REFERENCE, "", "A001", required=True, max_length=100),
        Column("arrangement", Kind.ARRANGEMENT, "", "begeleiding", required=True, max_length=50),
        Column("framework", Kind.CHOICE, "", "voluntary", required=True, choices=MeasuredFramework),
        Column("start_date", Kind.DATE, "", "2025-01-31", required=True, not_in_future=True),
        Column("end_date", Kind.DATE, "", "2025-09-30", not_in_future=True),
        Column("reason", Kind.NAME, "", "01", max_length=20, is_code=True),
        *(Column(indicator.value, Kind.YES_NO, "", "yes") for indicator in ASKED),
        Column("satisfaction", Kind.DECIMAL, "", "8", lowest=1, highest=10),
        Column("informant", Kind.CHOICE, "", "client", choices=Informant),
        Column("municipality", Kind.MUNICIPALITY, "", "Heerlen", default=""),
    )
}
"""The columns that are read. `client` is any code that is the same for the same child; it is compared and forgotten."""


def ending_codes(own_folder: Path | None = None) -> Mapping[CodeListName, Mapping[str, Ending]]:
    """What each code of each list counts as, with a region's own rows from `own_folder` on top.

    Raises CodeListError for a row that cannot be read.
    """
    found: dict[CodeListName, dict[str, Ending]] = defaultdict(dict)
    paths = [CODES] if own_folder is None else [CODES, own_folder / CODES.name]
    for path in (path for path in paths if path.exists()):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                try:
                    found[CodeListName(row["list"])][row["code"]] = Ending(row["counts"])
                except (KeyError, ValueError) as error:
                    known = ", ".join(Ending)
                    raise CodeListError(f"{path}, row {number}: list, code and counts ({known}) are needed") from error
    return found


@dataclass(frozen=True, slots=True)
class Options:
    """How to count."""

    source: str
    instrument: str = ""
    by_half: bool = False
    by_municipality: bool = False
    code_list: CodeListName | None = None
    own_folder: Path | None = None
    """Of a region that counts an ending otherwise."""


Group = tuple[str, str, str, MeasuredFramework, str]
"""Provider, arrangement, period, framework and municipality (empty for the whole region)."""


@dataclass(slots=True)
class _Counts:
    """What is known of a group; no row of it is left."""

    reasons: Counter[str] = field(default_factory=Counter)
    answers: Counter[tuple[Indicator, Informant | None, bool]] = field(default_factory=Counter)
    marks: dict[Informant | None, list[float]] = field(default_factory=dict)
    """Number, sum and sum of squares."""


@dataclass(frozen=True, slots=True)
class _Trajectory:
    """A row, for as long as it may overlap with another."""

    key: tuple[str, str, MeasuredFramework, str]
    """Provider, arrangement, framework, municipality."""
    start: date
    end: date | None
    reason: str
    answers: tuple[tuple[Indicator, bool], ...]
    mark: float | None
    informant: Informant | None


class Tally:
    """Counts the trajectories of a table."""

    def __init__(self, options: Options, around: Around, problems: Problems) -> None:
        self._options, self._around, self._problems = options, around, problems
        self._groups: dict[Group, _Counts] = defaultdict(_Counts)
        self._held: dict[tuple[str, str, str, MeasuredFramework], list[_Trajectory]] = defaultdict(list)
        self._first_rows: dict[str, int] = {}
        self._place = ""
        self.rows = self.running = self.too_early = self.joined = 0

    def read(self, raw: RawTable, progress: Callable[[RawTable], None] = lambda _: None) -> None:
        """Count all rows of `raw`; what is wrong is added to the problems."""
        self._place = raw.place
        readers = self._readers(raw)
        if readers is None:
            return
        for number, cells in raw.rows:
            self.rows += 1
            if self.rows % 500 == 0:
                progress(raw)
            values: dict[str, object] = {}
            for index, column, read in readers:
                cell = cells[index] if index < len(cells) else None
                value, fault = (column.empty, None) if cell is None or cell == "" else read(cell)
                if fault is None and column.required and value in (None, ""):
                    fault = _empty(column)
                if fault is not None:
                    self._problems.add(fault, self._place, number, column.name, cell)
                values[column.name] = value
            if not self._problems.errors:
                self._take(number, values)
        for trajectories in self._held.values():
            for trajectory in self._without_overlap(trajectories):
                self._count(trajectory)
        self._held.clear()

    def _readers(self, raw: RawTable) -> list[tuple[int, Column, Reader]] | None:
        names = [column_name(header) for header in raw.header]
        needed = [name for name, column in COLUMNS.items() if column.required] + ["end_date", "reason"]
        missing = [name for name in needed if name not in names]
        for name in missing:
            fault = error("column_missing", N_("column %(name)s is missing"), N_("add it; it must always be there"),
                          name=name)  # fmt: skip
            self._problems.add(fault, self._place, raw.header_row)
        ignored = [header for header, name in zip(raw.header, names, strict=True) if name and name not in COLUMNS]
        if ignored:
            self._problems.add(
                note("ignored", N_("columns that are not read: %(columns)s"), columns=", ".join(ignored)), self._place
            )
        if "client" not in names:
            self._problems.add(
                warning("no_client", N_("without a column client, help that overlaps is counted more than once"),
                        N_("add client: any code that is the same for the same child; it is compared and forgotten")),
                self._place,
            )  # fmt: skip
        if missing:
            return None
        return [
            (index, COLUMNS[name], _reader(COLUMNS[name], self._around))
            for index, name in enumerate(names)
            if name in COLUMNS
        ]

    def _take(self, number: int, values: Mapping[str, object]) -> None:
        start, end = values["start_date"], values["end_date"]
        reason = str(values["reason"] or "").strip()
        reason = reason.zfill(2) if reason.isdigit() else reason
        if isinstance(start, date) and isinstance(end, date) and end < start:
            fault = error("period_swapped", N_("end_date %(end)s is before start_date %(start)s"),
                          N_("check the two dates"), start=start, end=end)  # fmt: skip
            self._problems.add(fault, self._place, number, "end_date")
            return
        if end is not None:
            self._first_rows.setdefault(reason, number)
        informant, mark = values.get("informant"), values.get("satisfaction")
        trajectory = _Trajectory(
            key=(str(values["provider_id"]), str(values["arrangement"]), MeasuredFramework(str(values["framework"])),
                 str(values.get("municipality") or "")),
            start=start if isinstance(start, date) else date.min,
            end=end if isinstance(end, date) else None,
            reason=reason,
            answers=tuple(
                (indicator, values[indicator.value] is True)
                for indicator in ASKED
                if values.get(indicator.value) is not None
            ),
            mark=float(mark) if isinstance(mark, int | float) else None,
            informant=informant if isinstance(informant, Informant) else None,
        )  # fmt: skip
        client = values.get("client")
        if client:
            self._held[(str(client), *trajectory.key[:3])].append(trajectory)
        else:
            self._count(trajectory)

    def _without_overlap(self, trajectories: list[_Trajectory]) -> Iterator[_Trajectory]:
        """Rows that overlap as one: it ends when the last of them does, and so it ended."""
        whole: _Trajectory | None = None
        for trajectory in sorted(trajectories, key=lambda one: (one.start, one.end or date.max)):
            if whole is not None and (whole.end is None or trajectory.start <= whole.end):
                self.joined += 1
                if whole.end is not None and (trajectory.end is None or trajectory.end >= whole.end):
                    whole = trajectory
                continue
            if whole is not None:
                yield whole
            whole = trajectory
        if whole is not None:
            yield whole

    def _count(self, trajectory: _Trajectory) -> None:
        if trajectory.end is None:
            self.running += 1
            return
        period = self._period(trajectory.end)
        if period is None:
            self.too_early += 1
            return
        provider, arrangement, framework, municipality = trajectory.key
        places = {"", municipality} if self._options.by_municipality else {""}
        for place in places:
            counts = self._groups[provider, arrangement, period, framework, place]
            counts.reasons[trajectory.reason] += 1
            for indicator, answer in trajectory.answers:
                counts.answers[indicator, trajectory.informant, answer] += 1
            if trajectory.mark is not None:
                sums = counts.marks.setdefault(trajectory.informant, [0, 0.0, 0.0])
                for index, value in enumerate((1, trajectory.mark, trajectory.mark**2)):
                    sums[index] += value

    def _period(self, day: date) -> str | None:
        """The period in which a day falls; None where it is not over."""
        half = 1 if day.month <= 6 else 2
        last = date(day.year, 6, 30) if self._options.by_half and half == 1 else date(day.year, 12, 31)
        if last >= self._around.today:
            return None
        return f"{day.year}-H{half}" if self._options.by_half else str(day.year)

    # --- the outcome ---

    def counts(self) -> list[dict[str, object]]:
        """The rows of `outcomes.csv`, in a fixed order; empty where there are errors."""
        endings = self._endings()
        if endings is None or self._problems.errors:
            return []
        return [row for group in sorted(self._groups) for row in self._rows(group, self._groups[group], endings)]

    def _endings(self) -> Mapping[str, Ending] | None:
        """What each reason of the file counts as, by the list from which they all are."""
        lists = ending_codes(self._options.own_folder)
        used = {reason for counts in self._groups.values() for reason in counts.reasons}
        chosen = [self._options.code_list] if self._options.code_list else list(CodeListName)
        fitting = [name for name in chosen if used <= lists[name].keys()]
        if fitting:
            return lists[fitting[0]]
        known = set().union(*(lists[name].keys() for name in chosen))
        for reason in sorted(used - known):
            fault = error("unknown_reason", N_("reason '%(told)s' is not a code of CBS or of iJw list JZ588"),
                          N_("write one of %(known)s"), told=reason, known=", ".join(sorted(known)))  # fmt: skip
            self._problems.add(fault, self._place, self._first_rows.get(reason), "reason", reason)
        if used <= known:
            fault = error("mixed_reasons", N_("the reasons are from two lists, and 02 means something else in each"),
                          N_("use codes of CBS (01 to 05) or of iJw list JZ588 in the whole file"))  # fmt: skip
            self._problems.add(fault, self._place, column="reason")
        return None

    def _rows(self, group: Group, counts: _Counts, endings: Mapping[str, Ending]) -> Iterator[dict[str, object]]:
        provider, arrangement, period, framework, municipality = group
        ended: Counter[Ending] = Counter()
        for reason, times in counts.reasons.items():
            ended[endings[reason]] += times
        about: dict[str, object] = {
            "provider_id": provider, "arrangement": arrangement, "period": period, "framework": framework.value,
            "source": self._options.source, "municipality": municipality,
        }  # fmt: skip
        dropouts, others = ended[Ending.DROPOUT], ended[Ending.ENDED]
        if dropouts + others:
            yield about | {
                "indicator": Indicator.DROPOUT.value, "numerator": dropouts, "denominator": dropouts + others,
                "informant": Informant.REGISTRATION.value,
            }  # fmt: skip
        informants = {informant for _, informant, _ in counts.answers} | counts.marks.keys()
        asked = {"invited": ended.total()} if len(informants) == 1 else {}
        for informant in sorted(informants, key=str):
            told = about | asked | {"informant": informant.value if informant else "",
                                    "instrument": self._options.instrument}  # fmt: skip
            for indicator in ASKED:
                yes, no = (counts.answers[indicator, informant, answer] for answer in (True, False))
                if yes + no:
                    yield told | {"indicator": indicator.value, "numerator": yes, "denominator": yes + no}
            if informant in counts.marks:
                n, total, squares = counts.marks[informant]
                mean = total / n
                row: dict[str, object] = {
                    "indicator": Indicator.SATISFACTION.value,
                    "mean": round(mean, 4),
                    "n": int(n),
                }
                if n > 1:
                    row["sd"] = round(math.sqrt(max(0.0, squares - n * mean * mean) / (n - 1)), 4)
                yield told | row


def _reader(column: Column, around: Around) -> Reader:
    """As in a data package, but an answer may also be that it is not known."""
    read = _as_it_is if column.name == CLIENT else reader_for(column, around)
    if column.kind is not Kind.YES_NO:
        return read
    return lambda cell: (None, None) if fold(str(cell)) in NOT_KNOWN else read(cell)


def _as_it_is(cell: Cell) -> Reading:
    """What tells children apart is only compared, and no report repeats it."""
    return str(cell).strip(), None


def _empty(column: Column) -> Fault:
    return error("empty", N_("%(name)s is empty, but required"), N_("fill it in; for example: %(example)s"),
                 name=column.name, example=column.example)  # fmt: skip


OUTCOME_COLUMNS = tuple(column.name for column in OUTCOMES.columns)
