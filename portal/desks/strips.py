"""Strips: a line of parts, to be seen at a glance beside the words that say the same."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a strip: where it begins, how wide it is (of `WIDTH`), and how it is drawn."""

    x: float
    width: float
    kind: str
    """`full`, `maybe`, `some`, `late`, `none` or `blank`; the words beside it say the same."""


@dataclass(frozen=True, slots=True)
class Strip:
    """What is drawn on one line."""

    parts: tuple[Part, ...]


def share_strip(low: int, high: int, of: int) -> Strip:
    """From nothing to `low` for sure, and on to `high` perhaps."""
    sure, perhaps = (round(number / of * WIDTH, 1) if of else 0.0 for number in (low, high))
    parts = (Part(0, sure, "full"), Part(sure, round(perhaps - sure, 1), "maybe"))
    return Strip(tuple(part for part in parts if part.width > 0))


def stacked_strip(numbers: tuple[tuple[int, str], ...]) -> Strip:
    """Numbers with their kinds, one after the other over the whole width."""
    total, at, parts = sum(number for number, _ in numbers), 0.0, []
    for number, kind in numbers:
        width = round(number / total * WIDTH, 1) if total else 0.0
        if width:
            parts.append(Part(round(at, 1), width, kind))
        at += width
    return Strip(tuple(parts))
