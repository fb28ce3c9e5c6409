"""What a spreadsheet program opens: no formula, whatever somebody typed, and nothing guarded twice."""

from __future__ import annotations

from datetime import date

from portal.core.formulas import unguard
from portal.desks.files import csv_line


def test_a_row_holds_no_formula_and_everything_else_as_it_is() -> None:
    assert csv_line(["=1+1", "+31", "a;b", 2.5, None, 3, date(2026, 11, 29)]) == (
        "'=1+1;'+31;\"a;b\";2,5;;3;2026-11-29\r\n"
    )
    assert unguard(csv_line(["'@som"]).strip()) == "'@som"
