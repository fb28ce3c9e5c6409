"""Ages as people fill them in: in figures and in words, and what only looks like one."""

from __future__ import annotations

import pytest

from portal.catalogue.ages import read_age


@pytest.mark.parametrize(
    ("typed", "age"),
    [
        ("9", 9), ("negen", 9), (" 13 jaar ", 13), ("13 jr", 13), ("9j", 9), ("van negen jaar", 9), ("Dertien", 13),
        ("bijna 5", 4), ("bijna vijf", 4), ("wordt 16", 15), ("12,5", 12), ("2½ jaar", 2), ("0", 0), ("27", 27),
        ("28", None), ("12-18", None), ("klas 3", None), ("9 weken", None), ("negen keer", None), ("jaar", None),
        ("groep 7", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_an_age_is_read_as_people_write_it(typed: str | None, age: int | None) -> None:
    assert read_age(typed) == age
