"""Facts of a provider and its offers at its own desk: typed as people type, read as the data package is.

So a provider is told the same of an age or a place as who sends a file, and filters understand it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from portal.catalogue.codelists import CodeLists
from portal.core.languages import gettext
from portal.core.pages import Option
from portal.desks.by_hand.forms import LONGEST_CELL, is_several, options_of, words_for
from portal.desks.texts.types import OFFER_FACTS, PROVIDER_FACTS, Field, Subject, Value, plain
from portal.exchange.by_hand import cells_of, read_cells
from portal.exchange.columns import OFFERS, PROVIDERS, SEPARATOR, Column, Kind
from portal.exchange.problems import Severity
from portal.exchange.values import Around

REPEATED = frozenset(
    field.name
    for table, facts in ((OFFERS, OFFER_FACTS), (PROVIDERS, PROVIDER_FACTS))
    for field in facts
    if is_several(table.by_name[field.name]) or table.by_name[field.name].kind is Kind.TOPICS
)
"""Facts of which several values are sent: what is ticked, and of topics own words beside it."""
_ON_LINES = (Kind.TEXTS, Kind.TOPICS)
"""Kinds of columns of which the values are typed, one on each line."""
_TOGETHER = ({"age_min", "age_max"},)
"""Facts that are right or wrong together."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts as they were filled in: as they are to be kept, and what is wrong with them."""

    values: Mapping[str, Value]
    problems: Mapping[str, str]


def is_on_lines(column: Column) -> bool:
    """Whether its values are typed one on each line."""
    return column.kind in _ON_LINES


def facts_sent(subject: Subject, sent: MultiDict[str, str]) -> dict[str, str]:
    """What was filled in, by fact, as its field shows it."""
    found = {}
    for field in subject.facts:
        between = "\n" if is_on_lines(subject.column(field)) else SEPARATOR
        text = between.join(sent.getlist(field.name)) if field.name in REPEATED else sent.get(field.name, "")
        found[field.name] = text.replace("\r\n", "\n")[:LONGEST_CELL]
    return found


def facts_typed(subject: Subject, values: Mapping[str, Value]) -> dict[str, str]:
    """What stands in the field of each fact where these are the values."""
    cells = cells_of({field.name: values.get(field.name) for field in subject.facts})
    for field in subject.facts:
        column, value = subject.column(field), values.get(field.name)
        if is_on_lines(column) and isinstance(value, list):
            cells[field.name] = "\n".join(value)
    return cells


def read_facts(subject: Subject, typed: Mapping[str, str], lists: CodeLists, today: date) -> Facts:
    """What was filled in means. A fact that stands as it was is not read again: its list may have changed since."""
    live = subject.live()
    before = facts_typed(subject, live)
    changed = {name for name in before if name in typed and typed[name].strip() != before[name].strip()}
    for together in _TOGETHER:
        changed |= together if changed & together else set()
    columns = {field.name: subject.column(field) for field in subject.facts if field.name in changed}
    if not columns:
        return Facts({}, {})
    problems = _not_offered(subject, columns, typed, lists)
    cells = {name: _as_it_was(_cell(column, typed[name], lists), column, live[name], lists)
             for name, column in columns.items()}  # fmt: skip
    around = Around(lists, today, subject.provider.region.youth_region)
    read, found = read_cells(subject.thing.table, subject.row.identifier, cells, around)
    labels = {field.name: gettext(field.label) for field in subject.facts}
    for problem in found.of(Severity.ERROR):
        name = problem.column if problem.column in labels else next(iter(columns))
        problems.setdefault(name, words_for(problem))
    values = {name: plain(read[name]) for name in columns if name in read}
    return Facts({name: live[name] if not subject.differs(name, value, live[name]) else value
                  for name, value in values.items()}, problems)  # fmt: skip


def topic_words(typed: str, lists: CodeLists) -> Sequence[str]:
    """The topics that were ticked and typed, in their order. People put a comma between two, and names hold one too."""
    lines = (line.strip() for line in re.split(rf"[\n{SEPARATOR}]", typed))
    words = (word.strip() for line in lines for word in ([line] if lists.topic(line) else line.split(",")))
    return [word for word in words if word]


def topic_named(word: str, lists: CodeLists) -> str:
    """What a topic is called; a word that no list knows, as it is."""
    code = lists.topic(word)
    return lists.label("topics", code, "nl").label if code else word


def fact_options(subject: Subject, field: Field, typed: str, lists: CodeLists) -> Sequence[Option]:
    """What can be chosen of a fact, with what is chosen; nothing where it is typed."""
    return options_of(subject.column(field), typed, lists, subject.provider.region, subject.provider)


def fact_said(subject: Subject, field: Field, value: Value, lists: CodeLists) -> str:
    """A fact in words, one value on each line, so that what differs is seen."""
    if value is None or value == []:
        return ""
    column = subject.column(field)
    cell = cells_of({field.name: value})[field.name]
    if options := fact_options(subject, field, cell, lists):
        return "\n".join(option.label for option in options if option.selected)
    if isinstance(value, list):
        return "\n".join(topic_named(part, lists) for part in value) if column.kind is Kind.TOPICS else "\n".join(value)
    return cell


def approved_cells(subject: Subject, proposed: Mapping[str, Value]) -> dict[str, str]:
    """The facts of a draft, as cells to be stored."""
    return cells_of({field.name: proposed[field.name] for field in subject.facts if field.name in proposed})


def _cell(column: Column, typed: str, lists: CodeLists) -> str:
    if column.kind is Kind.TOPICS:
        return SEPARATOR.join(topic_words(typed, lists))
    return typed.replace("\n", SEPARATOR) if is_on_lines(column) else typed


def _as_it_was(cell: str, column: Column, live: Value, lists: CodeLists) -> str:
    """A cell in which topics that stood there stand as they did: by the same name, in their order, before new ones."""
    if column.kind is not Kind.TOPICS or not isinstance(live, list):
        return cell
    before: dict[str, list[str]] = {}
    for part in live:
        before.setdefault(lists.topic(part) or part, []).append(part)
    words = [word for part in cell.split(SEPARATOR) for word in before.get(lists.topic(part) or part, [part])]
    return SEPARATOR.join(dict.fromkeys([*(part for part in live if part in words), *words]))


def _not_offered(
    subject: Subject, columns: Mapping[str, Column], typed: Mapping[str, str], lists: CodeLists
) -> dict[str, str]:
    """What was sent of a list that does not hold it, such as the place of another provider."""
    live = facts_typed(subject, subject.live())
    wrong = {}
    for field in subject.facts:
        if field.name in columns and is_several(columns[field.name]):
            known = {option.value for option in fact_options(subject, field, live[field.name], lists)}
            if not {part for part in typed[field.name].split(SEPARATOR) if part} <= known:
                wrong[field.name] = gettext("Choose from the list.")
    return wrong
