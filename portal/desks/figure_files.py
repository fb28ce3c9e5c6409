"""Figures of a desk as a file for a spreadsheet program, with every caveat in a column and who may see each row."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from portal.catalogue.codelists import current_code_lists
from portal.core.database import current_session
from portal.core.languages import chosen
from portal.desks.files import BEGIN, csv_file, csv_line
from portal.exchange.figures import CSV_HEADER, csv_values, figure_records
from portal.outcomes import queries
from portal.outcomes.queries import Asked
from portal.outcomes.rules import current_rules
from portal.outcomes.types import Viewer

ROWS_AT_ONCE = 500


def figures_file(viewer: Viewer, asked: Asked) -> Response:
    """The figures that `viewer` may see of what is asked, as CSV; a piece at a time, however many there are."""
    return csv_file("cijfers-niet-openbaar.csv", _lines(viewer, asked))


def _lines(viewer: Viewer, asked: Asked) -> Iterator[str]:
    session, rules, lists, language = current_session(), current_rules(), current_code_lists(), chosen()
    yield BEGIN + csv_line(["seen_by", *CSV_HEADER])
    start = 0
    while found := queries.figures(session, asked, viewer, ROWS_AT_ONCE, start)[1]:
        for figure, record in zip(found, figure_records(found, rules, lists, language), strict=True):
            yield csv_line([figure.audience.value, *csv_values(record)])
        start += ROWS_AT_ONCE
        session.expunge_all()
