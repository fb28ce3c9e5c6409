"""A file that was sent, and what was brought in before, ready for a template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date, format_datetime

from portal.core.clock import AMSTERDAM
from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Pager, Tone
from portal.core.text import sentence
from portal.desks.by_hand.types import Thing
from portal.desks.files import BEGIN, csv_line
from portal.desks.imports.models import FileCheck
from portal.desks.imports.types import LARGEST_FILE, SILENT, Stage
from portal.exchange.columns import LABELS
from portal.exchange.labels import column_label, in_words
from portal.exchange.models import ImportRun
from portal.exchange.problems import Severity
from portal.exchange.report import MOST_ALIKE_SHOWN, MOST_CHANGES_SHOWN, MOST_PROBLEMS_SHOWN
from portal.exchange.store import EMPTIED, ERASED
from portal.exchange.undoing import CannotUndo, Hindrance, Undone

Said = Mapping[str, Any]
"""A report as `Report.as_json` writes it."""

TABLES = {
    "providers": N_("Providers"),
    "consortia": N_("Combinations of providers"),
    "access_points": N_("Access points"),
    "locations": N_("Locations"),
    "offers": N_("Offers"),
    "contracts": N_("Contracts"),
    "methods": N_("Methods"),
    "outcomes": N_("Counted results"),
}
_KINDS = ("added", "changed", "removed")
_GROUPS = (
    ("errors", N_("What has to be put right")),
    ("warnings", N_("Look at this once more")),
    ("notes", N_("Good to know")),
)
MOST_REASONS = 30


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A line of the report: where, what stands there, what is wrong, what would be right."""

    place: str
    column: str
    column_name: str
    """What the column is called in the file; empty where that is all we know of it."""
    value: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Group:
    """Problems that weigh the same."""

    title: str
    problems: Sequence[ShownProblem]
    more: Sequence[str]
    """What is not listed line by line."""


@dataclass(frozen=True, slots=True)
class TableCount:
    """What happens to one table."""

    name: str
    added: int
    changed: int
    removed: int
    unchanged: int
    is_quiet: bool
    """Whether nothing of it changes."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A field of a row that changes, with what it was and what it becomes; without a field it is a row that goes."""

    row: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A report as people read it."""

    first: Sequence[Group]
    """What stops the file, and what would become empty."""
    groups: Sequence[Group]
    tables: Sequence[TableCount]
    changes: Sequence[ShownChange]
    more_changes: str
    changes_href: str
    file_href: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """A file that was sent: how far it is, what was found, and what can be done with it."""

    title: str
    notice: Notice
    again_href: str
    """Where the page shows how far it is by now; empty where nobody works on the file."""
    report: ShownReport | None
    import_href: str
    """Empty where the file cannot be brought in."""
    fingerprint: str
    away_href: str
    upload: UploadFields


@dataclass(frozen=True, slots=True)
class UploadFields:
    """The form in which a file is sent."""

    action: str
    limit: str
    template_href: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import of before."""

    when: str
    who: str
    file: str
    changes: Sequence[str]
    warnings: str
    state: str
    undo_href: str


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """Sending a file, and what was brought in before."""

    upload: UploadFields
    everything: Link
    """The workbook with all that stands there now."""
    waiting: Link | None
    """A file that this person sent and did not bring in yet."""
    past: Sequence[PastImport]
    pager: Pager
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class ShownHindrance:
    """What stands in the way of undoing: what, who changed it when, and where to look at it."""

    reason: str
    since: str
    page: Link | None


@dataclass(frozen=True, slots=True)
class UndoPage:
    """What undoing an import would do, or why it cannot be."""

    file: str
    when: str
    action: str
    """Empty where it cannot be undone."""
    effects: Sequence[str]
    reasons: Sequence[ShownHindrance] = ()
    more: str = ""
    stays_secret: str = ""


# --- a file ----------------------------------------------------------------------------------------------------


def check_page(check: FileCheck, said: Said | None, now: datetime, *, changed_since: bool = False) -> CheckPage:
    """How far a file is; `said` is its report, where there is one that can be read."""
    again = again_href(check, now)
    can_be_imported = check.stage is Stage.CHECKED and said is not None and said["ok"] and _is_change(said)
    return CheckPage(
        title=said["file"] if said else gettext("Your file"),
        notice=_notice(check, said, _is_silent(check, now), changed_since),
        again_href=again,
        report=_report(said, check.public_id) if said else None,
        import_href=link("imports.bring_in", public_id=check.public_id) if can_be_imported else "",
        fingerprint=said["fingerprint"] if said else "",
        away_href="" if check.package is None or again else link("imports.throw_away", public_id=check.public_id),
        upload=upload_fields(),
    )


def again_href(check: FileCheck, now: datetime) -> str:
    """Where the page shows how far a file is by now; empty where nobody works on it."""
    return _href(check) if check.stage.is_busy and not _is_silent(check, now) else ""


def _is_silent(check: FileCheck, now: datetime) -> bool:
    """Whether who worked on it has stopped."""
    return check.stage.is_busy and check.changed_at < now - SILENT


def _href(check: FileCheck) -> str:
    return link("imports.check", public_id=check.public_id)


def _is_change(said: Said) -> bool:
    return any(counts[kind] for counts in said["changes"].values() for kind in _KINDS)


def _notice(check: FileCheck, said: Said | None, is_silent: bool, changed_since: bool) -> Notice:
    if is_silent or check.stage is Stage.FAILED:
        return Notice(
            Tone.WARNING, gettext("It did not work"),
            gettext("Nothing was brought in. Perhaps somebody else brought something in that took long. Send the file "
                    "again; if it happens once more, tell whoever runs the portal."),
        )  # fmt: skip
    if check.stage is Stage.CHECKING:
        return Notice(Tone.INFO, gettext("We are reading your file"), _progress(check))
    if check.stage is Stage.IMPORTING:
        return Notice(Tone.INFO, gettext("We are bringing your file in"), _progress(check))
    if said is None:
        return Notice(
            Tone.WARNING, gettext("This report can be read no more"),
            gettext("It was made in another sign-in. Send the file again."),
        )  # fmt: skip
    return _result(check, said, changed_since)


def _result(check: FileCheck, said: Said, changed_since: bool) -> Notice:
    if not said["ok"]:
        count = len(said["errors"])
        return Notice(
            Tone.DANGER,
            ngettext("%(num)s thing has to be put right", "%(num)s things have to be put right", count),
            gettext("Nothing was brought in, and the file was not kept. Put it right in your file and send it again."),
        )
    if check.stage is Stage.IMPORTED:
        if not _is_change(said):
            return Notice(Tone.INFO, gettext("Nothing has changed: all of this was known already"))
        return Notice(
            Tone.INFO, gettext("It is brought in"), gettext("Families see it from now on."),
            (Link(gettext("See it in the list of files"), link("imports.index")),),
        )  # fmt: skip
    if not _is_change(said):
        return Notice(Tone.INFO, gettext("The file is good, and all of it is known already"),
                      gettext("There is nothing to bring in."))  # fmt: skip
    if changed_since:
        return Notice(
            Tone.WARNING, gettext("Something else was changed meanwhile"),
            gettext("Nothing was brought in yet. Below stands what your file would change now. Is it still right? "
                    "Then bring it in."),
        )  # fmt: skip
    waits = gettext(
        "Nothing was brought in yet. Below stands what would change. The file waits for an hour, locked, and only for "
        "you."
    )
    warned = len(said["warnings"])
    if not warned:
        return Notice(Tone.INFO, gettext("The file is good"), waits)
    title = ngettext(
        "The file can be brought in; look at %(num)s thing first",
        "The file can be brought in; look at %(num)s things first", warned,
    )  # fmt: skip
    return Notice(Tone.WARNING, title, waits)


def _progress(check: FileCheck) -> str:
    again = gettext("This page looks again by itself every five seconds. You can also leave it and come back.")
    if check.size and check.done:
        part = min(99, 100 * check.done // check.size)
        return gettext("%(part)s %% is read.", part=part) + " " + again
    return gettext("That takes some seconds.") + " " + again


def _report(said: Said, public_id: str) -> ShownReport:
    """The report for people: as much as a page can bear; all of it is in the file."""
    room = MOST_PROBLEMS_SHOWN
    first, groups = list[Group](), list[Group]()
    for title, problems in _grouped(said):
        group = _group(title, problems, room)
        room -= len(group.problems)
        (first if problems[0]["severity"] == Severity.ERROR or _goes(problems[0]) else groups).append(group)
    rows = _changed_rows(said)
    left = len(rows) - MOST_CHANGES_SHOWN
    return ShownReport(
        first=first,
        groups=groups,
        tables=sorted((_count(name, table) for name, table in said["changes"].items()), key=lambda one: one.is_quiet),
        changes=[change for name, row in rows[:MOST_CHANGES_SHOWN] for change in _changes(name, row)],
        more_changes=ngettext("and %(num)s row more", "and %(num)s rows more", left) if left > 0 else "",
        changes_href=link("imports.changes", public_id=public_id),
        file_href=link("imports.report", public_id=public_id),
    )


def _count(name: str, table: Said) -> TableCount:
    is_quiet = not any(table[kind] for kind in _KINDS)
    return TableCount(
        _table(name), table["added"], table["changed"], table["removed"], table["unchanged"], is_quiet=is_quiet
    )


def _changed_rows(said: Said) -> list[tuple[str, Said]]:
    """What changes or goes, row by row; what is new is only counted."""
    return [(name, row) for name, table in said["changes"].items() for row in table["rows"] if row["change"] != "added"]


def _grouped(said: Said) -> list[tuple[str, Sequence[Said]]]:
    """The problems that weigh the same, under what they are; what goes before all that is only odd."""
    found = []
    for kind, title in _GROUPS:
        found += [(gettext("This becomes empty"), [problem for problem in said[kind] if _goes(problem)])]
        found += [(gettext(title), [problem for problem in said[kind] if not _goes(problem)])]
    return [(title, problems) for title, problems in found if problems]


def _goes(problem: Said) -> bool:
    """Whether it is about values that go."""
    return problem["code"] in (EMPTIED, ERASED)


def _group(title: str, problems: Sequence[Said], room: int) -> Group:
    alike = Counter(_likeness(problem) for problem in problems)
    seen: Counter[tuple[str, str, str]] = Counter()
    shown: list[ShownProblem] = []
    for problem in problems:
        seen[_likeness(problem)] += 1
        if seen[_likeness(problem)] <= MOST_ALIKE_SHOWN and len(shown) < room:
            shown.append(_problem(problem))
    more = [
        gettext("%(place)s: the same %(more)s more times", place=", ".join(filter(None, key[:2])) or title,
                more=count - MOST_ALIKE_SHOWN)
        for key, count in alike.items()
        if count > MOST_ALIKE_SHOWN
    ]  # fmt: skip
    hidden = sum(min(count, MOST_ALIKE_SHOWN) for count in alike.values()) - len(shown)
    if hidden > 0:
        more.append(ngettext("and %(num)s more, in the report", "and %(num)s more, in the report", hidden))
    return Group(f"{title} ({len(problems)})", shown, more)


def _likeness(problem: Said) -> tuple[str, str, str]:
    return problem["table"], problem["column"], problem["code"]


def _problem(problem: Said) -> ShownProblem:
    column = problem["column"]
    where = [_table(problem["table"]) if problem["table"] else ""]
    if problem["cell"]:
        where.append(gettext("cell %(cell)s", cell=problem["cell"]))
    elif problem["row"] is not None:
        where.append(gettext("row %(number)s", number=problem["row"]))
    return ShownProblem(
        ", ".join(filter(None, where)), column_label(column, chosen()), column if column in LABELS else "",
        problem["value"], sentence(_told(problem, "reason")), sentence(_told(problem, "remedy")),
    )  # fmt: skip


def _told(problem: Said, what: str) -> str:
    """Its reason or remedy; where it is not about what a column is called, in the words for columns."""
    text = problem[what].get(chosen()) or problem[what]["nl"]
    return text if problem["code"] in _ABOUT_NAMES else in_words(text, chosen(), with_names=True)


_ABOUT_NAMES = frozenset({"unknown_column", "nameless_column", "no_header", "column_missing", "column_twice"})
"""Problems whose sentences say how a column must be written."""


def _column(name: str) -> str:
    """What a column is called, and how it stands in the file."""
    return f"{column_label(name, chosen())} ({name})" if name in LABELS else name


def _table(name: str) -> str:
    """What a table is called, and how its file or sheet is."""
    return f"{gettext(TABLES[name])} ({name})" if name in TABLES else name


def _changes(table: str, row: Said) -> list[ShownChange]:
    place = f"{gettext(TABLES[table])} {row['identifier']}"
    if row["change"] == "removed":
        return [ShownChange(place, "", gettext("stands here now"), gettext("goes away"))]
    empty = gettext("nothing")
    return [
        ShownChange(place, column_label(name, chosen()), old or empty, new or empty)
        for name, (old, new) in row["columns"].items()
    ]


def report_file(said: Said) -> str:
    """The whole report as CSV, for who mends a file with it beside: nothing in it becomes a formula."""
    lines = [BEGIN + csv_line([gettext(name) for name in _COLUMNS])]
    for title, problems in _grouped(said):
        for problem in problems:
            cells = (title, problem["table"], problem["row"], _column(problem["column"]), problem["cell"],
                     problem["value"], _told(problem, "reason"), _told(problem, "remedy"))  # fmt: skip
            lines.append(csv_line(cells))
    return "".join(lines)


_COLUMNS = (N_("Kind"), N_("File or sheet"), N_("Row"), N_("Column"), N_("Cell"), N_("What stands there"),
            N_("What is wrong"), N_("What would be right"))  # fmt: skip


def changes_file(said: Said) -> str:
    """Every field that changes as CSV, with what it was and becomes: nothing in it becomes a formula."""
    heads = (N_("File or sheet"), N_("Row"), N_("Column"), N_("Was"), N_("Becomes"))
    lines = [BEGIN + csv_line([gettext(head) for head in heads])]
    for table, row in _changed_rows(said):
        fields = row["columns"].items() or [("", (gettext("stands here now"), gettext("goes away")))]
        lines += [csv_line((table, row["identifier"], _column(name), *values)) for name, values in fields]
    return "".join(lines)


# --- what was brought in before --------------------------------------------------------------------------------


def upload_fields(error: str = "") -> UploadFields:
    """The form in which a file is sent."""
    limit = gettext("At most %(most)s MB together.", most=LARGEST_FILE // 1_000_000)
    return UploadFields(link("imports.send"), limit, link("imports.template"), error)


def imports_page(
    runs: Sequence[ImportRun],
    last: ImportRun | None,
    days: int,
    waiting: FileCheck | None,
    pager: Pager,
    today: date,
    *,
    error: str = "",
    notice: Notice | None = None,
    left_out: int = 0,
    is_all: bool = False,
) -> ImportsPage:
    """What was brought in, newest first; `last` is the import that can be undone, for so many `days`.

    `left_out` is how many rows no workbook can hold; `is_all` says that `last` brought all that the region has.
    """
    going_on = None
    if waiting is not None and (waiting.stage is Stage.CHECKED or waiting.stage.is_busy):
        going_on = Link(gettext("Go on with the file that you sent"), _href(waiting))
    return ImportsPage(
        upload=upload_fields(error),
        everything=_everything(left_out),
        waiting=going_on,
        past=[_past(run, run is last, is_all, days, today) for run in runs],
        pager=pager,
        notice=notice,
    )


def _everything(left_out: int) -> Link:
    told = [
        gettext(
            "To change many rows at once: change them in it, and send it back. What you leave as it is, stays so. "
            "It also holds what families do not see: open addresses of family homes, help that stopped, providers that "
            "merged. So keep it to yourselves. Figures are not in it; an address that is secret is stored nowhere."
        )
    ]
    if left_out:
        told.append(
            ngettext(
                "%(num)s row without kind of help or municipality does not fit in a workbook, and stays as it is.",
                "%(num)s rows without kind of help or municipality do not fit in a workbook, and stay as they are.",
                left_out,
            )
        )  # fmt: skip
    return Link(gettext("Workbook with everything that stands there now"), link("imports.everything"), " ".join(told))


def _past(run: ImportRun, is_undoable: bool, is_all: bool, days: int, today: date) -> PastImport:
    until = run.imported_at.date() + timedelta(days=days)
    state, undo_href = "", ""
    if run.undone_at is not None:
        state = gettext("Undone on %(when)s by %(who)s", when=_moment(run.undone_at), who=run.undone_by)
    elif is_undoable and is_all:
        state = gettext(
            "All your providers came with this file: without it the region is empty. Is something wrong? Bring in the "
            "file as it should be. Only whoever runs the portal can undo it."
        )
    elif is_undoable and until >= today:
        state = gettext("Can be undone until %(day)s", day=format_date(until, "d MMMM", locale=chosen()))
        undo_href = link("imports.undoing", run_id=str(run.id))
    return PastImport(
        when=_moment(run.imported_at),
        who=run.actor_label or gettext("unknown"),
        file=run.file_name,
        changes=_counts(run.changes),
        warnings=ngettext("%(num)s warning", "%(num)s warnings", run.warnings) if run.warnings else "",
        state=state,
        undo_href=undo_href,
    )


def _counts(changes: Mapping[str, Mapping[str, int]]) -> list[str]:
    words = {"added": N_("%(count)s new"), "changed": N_("%(count)s changed"), "removed": N_("%(count)s removed")}
    return [
        f"{gettext(TABLES[name])}: "
        + ", ".join(gettext(words[kind], count=counts[kind]) for kind in _KINDS if counts.get(kind))
        for name, counts in changes.items()
        if name in TABLES and any(counts.get(kind) for kind in _KINDS)
    ]


_EFFECTS = {
    "removed": N_("%(table)s: %(count)s new, which go away again"),
    "changed": N_("%(table)s: %(count)s as they were before"),
    "added": N_("%(table)s: %(count)s removed, which come back"),
}


def undo_page(run: ImportRun, outcome: Undone | CannotUndo) -> UndoPage:
    """What undoing would do, or what stands in the way."""
    if isinstance(outcome, CannotUndo):
        reasons = [_hindrance(one) for one in outcome.reasons]
        left = len(reasons) - MOST_REASONS
        more = ngettext("and %(num)s thing more", "and %(num)s things more", left) if left > 0 else ""
        return UndoPage(run.file_name, _moment(run.imported_at), "", (), reasons[:MOST_REASONS], more)
    effects = [
        gettext(_EFFECTS[kind], table=gettext(TABLES[name]), count=counts[kind])
        for name, counts in outcome.counts.items()
        for kind in _EFFECTS
        if counts.get(kind)
    ]
    secret = outcome.stays_secret
    stays = ngettext(
        "%(num)s address that became secret stays secret: nothing of it was kept.",
        "%(num)s addresses that became secret stay secret: nothing of them was kept.", secret,
    ) if secret else ""  # fmt: skip
    action = link("imports.undoing", run_id=str(run.id))
    return UndoPage(run.file_name, _moment(run.imported_at), action, effects, stays_secret=stays)


def _hindrance(one: Hindrance) -> ShownHindrance:
    since = gettext("%(who)s, %(when)s", who=one.who, when=_moment(one.at)) if one.at else ""
    return ShownHindrance(sentence(one.reason.in_language(chosen())), since, _page_of(one))


_FORMS = {
    "offer": (Thing.OFFER, N_("To the offer")),
    "contract": (Thing.CONTRACT, N_("To the contract")),
    "location": (Thing.LOCATION, N_("To the location")),
}


def _page_of(one: Hindrance) -> Link | None:
    """Where a row that stands in the way is mended; of what has no form of its own, the provider."""
    if one.table in _FORMS and one.identifier:
        thing, words = _FORMS[one.table]
        return Link(gettext(words), link("by_hand.change", thing=thing.value, identifier=one.identifier))
    if one.provider_slug:
        return Link(gettext("To the provider"), link("by_hand.provider", slug=one.provider_slug))
    return None


def done(what: str | None) -> Notice | None:
    """What was done a moment ago."""
    words = {
        "terug": N_("It is undone: everything is as it was before"),
        "weg": N_("The file was thrown away"),
    }
    return Notice(Tone.INFO, gettext(words[what])) if what in words else None


def gone() -> Notice:
    """A file that waits no more, or never did."""
    return Notice(
        Tone.WARNING, gettext("This file waits here no more"),
        gettext(
            "It waits for an hour at most, and until you send another one. "
            "Send it again to look at it and to bring it in."
        ),
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return format_datetime(at.astimezone(AMSTERDAM) if at.tzinfo else at, "d MMM y, H:mm", locale=chosen())
