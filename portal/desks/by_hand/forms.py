"""What was typed into a form about one row, as cells of the data package."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from werkzeug.datastructures import MultiDict

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Provider, Region
from portal.core.languages import chosen, gettext
from portal.core.pages import Option
from portal.core.text import fold, sentence
from portal.desks.by_hand.types import FIELDS, Thing
from portal.exchange.columns import SEPARATOR, TABLES, WHOLE_REGION, Column, Kind
from portal.exchange.labels import choice_labels, in_words
from portal.exchange.problems import Problem

LONGEST_CELL = 30_000
REASON_LONGEST = 500


def column_of(thing: Thing, name: str) -> Column:
    """The column of a field, which says what may stand in it."""
    return TABLES[thing.table].by_name[name]


def is_several(column: Column) -> bool:
    """Whether its values are ticked in a list."""
    return column.kind.is_ticked


REPEATED = frozenset(
    field.column for thing in Thing for field in FIELDS[thing] if is_several(column_of(thing, field.column))
)
"""Fields of which several values are sent."""


def cells_sent(thing: Thing, sent: MultiDict[str, str], *, is_new: bool) -> dict[str, str]:
    """What was typed, by column: as much of it as a cell can hold. Only the columns of the form are read."""
    fields = FIELDS[thing] if is_new else FIELDS[thing][1:]
    found = {}
    for field in fields:
        several = is_several(column_of(thing, field.column))
        text = SEPARATOR.join(sent.getlist(field.column)) if several else sent.get(field.column, "")
        found[field.column] = text[:LONGEST_CELL]
    return found


def options_of(
    column: Column, cell: str, lists: CodeLists, region: Region, provider: Provider | None
) -> Sequence[Option]:
    """What can be chosen in a column, with what is chosen now; nothing where it is typed."""
    language = chosen()
    picked = [part for part in cell.split(SEPARATOR) if part] if is_several(column) else [cell]
    labels = _labels(column, lists, region, provider, language)
    if labels is None:
        return ()
    kept = {value: value for value in picked if value and value not in labels}  # what is there stays to be seen
    return [Option(value, label, value in picked) for value, label in {**labels, **kept}.items()]


def _labels(
    column: Column, lists: CodeLists, region: Region, provider: Provider | None, language: str
) -> Mapping[str, str] | None:
    if column.kind in (Kind.CHOICE, Kind.CHOICES) and column.choices is not None:
        return choice_labels(column.choices, lists, language)
    if column.kind is Kind.YES_NO:
        return {"yes": gettext("Yes"), "no": gettext("No")}
    if column.kind is Kind.ARRANGEMENT:
        return {code: lists.label("arrangements", code, language).label for code in lists.arrangements}
    if column.kind is Kind.MUNICIPALITIES:
        whole = {WHOLE_REGION: gettext("The whole region")} if column.whole_region_allowed else {}
        return whole | {one.code: one.name for one in lists.municipalities_of(region.youth_region)}
    if column.kind is Kind.MUNICIPALITY:
        here = {one.code: one.name for one in lists.municipalities_of(region.youth_region)}
        elsewhere = sorted(lists.municipalities.values(), key=lambda one: fold(one.name))
        return here | {one.code: one.name for one in elsewhere if one.code not in here}
    if column.kind is Kind.LANGUAGES:
        return {code: lists.label("languages", code, language).label for code in lists.languages}
    if column.kind is Kind.REFERENCES:
        places = provider.locations if provider is not None else ()
        return {
            one.identifier: one.name or f"{one.identifier} ({place_name(lists, one.municipality)})" for one in places
        }
    return None


def place_name(lists: CodeLists, code: str | None) -> str:
    """What the municipality with this code is called."""
    known = lists.municipalities.get(code or "")
    return known.name if known else code or ""


def words_for(problem: Problem) -> str:
    """What is wrong with a field and what would be right, in two sentences that call columns as the form does."""
    fault, language = problem.fault, chosen()
    if fault.code == "empty":
        if _is_chosen(problem):
            return gettext("Choose what is right here.")
        return gettext("Fill this in. For example: %(example)s", example=fault.remedy.values.get("example", ""))
    if fault.code == "not_a_date" and not fault.remedy.values.get("date"):  # a person types it other than a file has it
        wrong = sentence(in_words(fault.reason.in_language(language), language))
        return f"{wrong} {gettext('Write it like 31-12-2026.')}"
    said = (message.in_language(language) for message in (fault.reason, fault.remedy))
    return " ".join(sentence(in_words(text, language)) for text in said)


def _is_chosen(problem: Problem) -> bool:
    """Whether the field is filled by choosing."""
    column = TABLES[problem.table].by_name.get(problem.column) if problem.table in TABLES else None
    return column is not None and (is_several(column) or column.kind in _CHOSEN)


_CHOSEN = (Kind.CHOICE, Kind.YES_NO, Kind.ARRANGEMENT, Kind.MUNICIPALITY)


def proposed_identifier(taken: Collection[str], today: date) -> str:
    """A code for something new that nobody uses yet; whoever makes it may choose another."""
    number = 1
    while (found := f"D{today:%y}-{number:03d}") in taken:
        number += 1
    return found
