"""The one place that asks what day it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_frozen: ContextVar[date | None] = ContextVar("frozen_today", default=None)


def today() -> date:
    """The date in the Netherlands."""
    return _frozen.get() or datetime.now(AMSTERDAM).date()


def now() -> datetime:
    """The moment, with the time zone of the Netherlands."""
    return datetime.now(AMSTERDAM)


@contextmanager
def frozen(day: date) -> Iterator[None]:
    """Let `today()` answer `day` inside the block; for tests and for trying out another date."""
    token = _frozen.set(day)
    try:
        yield
    finally:
        _frozen.reset(token)
