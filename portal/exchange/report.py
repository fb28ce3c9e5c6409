"""What an import says: for people in their language, for programs as JSON in both."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from portal.core.languages import translate
from portal.core.messages import N_, Message
from portal.exchange.problems import Problem, Problems, Severity
from portal.exchange.store import ChangedRow, TableChanges

MOST_PROBLEMS_SHOWN = 200
MOST_ALIKE_SHOWN = 20
"""Of one fault in one column of a table; the rest is one line."""
MOST_CHANGES_SHOWN = 40
LANGUAGES = ("nl", "en")
"""In which JSON says each reason and remedy."""

_HEADINGS = (
    (Severity.ERROR, N_("Errors: %(count)s")),
    (Severity.WARNING, N_("Warnings: %(count)s")),
    (Severity.NOTE, N_("Notes: %(count)s")),
)


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one import or check."""

    file: str
    region: str
    checked_only: bool
    problems: Problems
    changes: Mapping[str, TableChanges] = field(default_factory=dict)
    """By table; empty where errors stopped the package."""

    @property
    def ok(self) -> bool:
        """Whether the package has no errors."""
        return self.problems.errors == 0

    @property
    def fingerprint(self) -> str:
        """The same for two reports exactly where the same rows would change in the same way."""
        changes = {
            name: [(row.identifier, row.change, row.digest) for row in changes.rows]
            for name, changes in sorted(self.changes.items())
        }
        return hashlib.sha256(json.dumps(changes, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()

    def as_json(self) -> dict[str, object]:
        """Everything, as plain dictionaries and lists."""
        by_severity = {
            severity: [_problem_json(self.problems, p) for p in self.problems.of(severity)] for severity in Severity
        }
        return {
            "ok": self.ok,
            "checked_only": self.checked_only,
            "file": self.file,
            "region": self.region,
            "errors": by_severity[Severity.ERROR],
            "warnings": by_severity[Severity.WARNING],
            "notes": by_severity[Severity.NOTE],
            "not_listed": self.problems.beyond,
            "changes": {
                name: changes.counts | {"rows": [_change_json(row) for row in changes.rows]}
                for name, changes in self.changes.items()
            },
        }

    def as_text(self, language: str) -> str:
        """Everything a person needs, in `language`."""
        return "\n".join(self._lines(language))

    def _lines(self, language: str) -> Iterator[str]:
        def say(text: str, **values: object) -> str:
            return translate(text, language, **values)

        yield say(N_("%(file)s for %(region)s"), file=self.file, region=self.region)
        room = MOST_PROBLEMS_SHOWN
        for severity, heading in _HEADINGS:
            problems = self.problems.of(severity)
            if not problems:
                continue
            yield ""
            yield say(heading, count=self.problems.count(severity))
            lines = list(problem_lines(self.problems, problems, language))
            yield from ("  " + line for line in lines[:room])
            if len(lines) > room:
                yield "  " + say(N_("and %(count)s more lines; --format json gives all"), count=len(lines) - room)
            room = max(0, room - len(lines))
        if self.problems.beyond:
            yield say(N_("Further problems that are not listed: %(count)s"), count=self.problems.beyond)
        yield ""
        if not self.ok:
            yield say(N_("The package has errors. Nothing was stored."))
            return
        yield from self._change_lines(language)
        changed = any(changes.is_change for changes in self.changes.values())
        if self.checked_only:
            yield say(N_("The package is good. This was a check: nothing was stored."))
        elif changed:
            yield say(N_("The package is stored."))
        else:
            yield say(N_("Nothing has changed: all of this was known already."))

    def _change_lines(self, language: str) -> Iterator[str]:
        for name, changes in self.changes.items():
            yield translate(
                N_("%(table)s: %(added)s new, %(changed)s changed, %(unchanged)s unchanged, %(removed)s removed"),
                language, table=name, **changes.counts,
            )  # fmt: skip
        rows = [(name, row) for name, changes in self.changes.items() for row in changes.rows if row.change != "added"]
        for name, row in rows[:MOST_CHANGES_SHOWN]:
            yield f"  {name}, {_change_line(row, language)}"
        if len(rows) > MOST_CHANGES_SHOWN:
            yield "  " + translate(N_("and %(count)s more"), language, count=len(rows) - MOST_CHANGES_SHOWN)


def problem_lines(problems: Problems, listed: list[Problem], language: str) -> Iterator[str]:
    """A line for each problem; where one is repeated often, its first places and a line about the others."""
    counts = Counter(map(_likeness, listed))
    rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    shown: Counter[tuple[str, str, str]] = Counter()
    for problem in listed:
        alike = _likeness(problem)
        shown[alike] += 1
        if shown[alike] <= MOST_ALIKE_SHOWN:
            yield _problem_line(problems, problem, language)
        elif problem.row is not None:
            rows[alike].append(problem.row)
        if shown[alike] == counts[alike] > MOST_ALIKE_SHOWN:
            yield translate(
                N_("%(place)s: the same %(more)s more times, from row %(first)s to row %(last)s; %(total)s in all"),
                language,
                place=", ".join(filter(None, (problem.table, problem.column))),
                more=counts[alike] - MOST_ALIKE_SHOWN,
                first=min(rows[alike], default="–"),
                last=max(rows[alike], default="–"),
                total=counts[alike],
            )


def _likeness(problem: Problem) -> tuple[str, str, str]:
    return problem.table, problem.column, problem.fault.code


def _problem_line(problems: Problems, problem: Problem, language: str) -> str:
    place = [problem.table] if problem.table else []
    if cell := problems.cell(problem):
        place.append(translate(N_("cell %(cell)s (%(column)s)"), language, cell=cell, column=problem.column))
    elif problem.row is not None:
        place.append(translate(N_("row %(number)s"), language, number=problem.row))
        if problem.column:
            place.append(problem.column)
    elif problem.column:
        letter = problems.letter(problem)
        name = f"{problem.column} ({letter})" if letter else problem.column
        place.append(translate(N_("column %(name)s"), language, name=name))
    reason, remedy = (message.in_language(language) for message in (problem.fault.reason, problem.fault.remedy))
    return f"{', '.join(place)}: {reason}; {remedy}" if place else f"{reason}; {remedy}"


def _change_line(row: ChangedRow, language: str) -> str:
    if row.change == "removed":
        removed = translate(N_("removed"), language)
        return f"{row.identifier}: {removed}"
    pieces = (f"{column} {old or '–'} → {new or '–'}" for column, (old, new) in row.columns.items())
    return f"{row.identifier}: {'; '.join(pieces)}"


def _problem_json(problems: Problems, problem: Problem) -> dict[str, object]:
    return {
        "severity": problem.fault.severity.value,
        "table": problem.table,
        "row": problem.row,
        "column": problem.column,
        "cell": problems.cell(problem),
        "value": problem.value,
        "code": problem.fault.code,
        "reason": in_each_language(problem.fault.reason),
        "remedy": in_each_language(problem.fault.remedy),
    }


def in_each_language(message: Message) -> dict[str, str]:
    """The message in every language that programs and desks show."""
    return {code: message.in_language(code) for code in LANGUAGES}


def _change_json(row: ChangedRow) -> dict[str, object]:
    columns = {column: list(values) for column, values in row.columns.items()}
    return {"identifier": row.identifier, "change": row.change, "columns": columns}
