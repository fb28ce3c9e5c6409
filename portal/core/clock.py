"""The one place that asks what day and what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_frozen: ContextVar[date | None] = ContextVar("frozen_today", default=None)
_stopped: ContextVar[datetime | None] = ContextVar("stopped_now", default=None)


def today() -> date:
    """The date in the Netherlands."""
    return _frozen.get() or now().date()


def now() -> datetime:
    """The moment, with the time zone of the Netherlands."""
    return (_stopped.get() or datetime.now(AMSTERDAM)).astimezone(AMSTERDAM)


@contextmanager
def frozen(day: date) -> Iterator[None]:
    """Let `today()` answer `day` inside the block; for tests and for trying out another date."""
    token = _frozen.set(day)
    try:
        yield
    finally:
        _frozen.reset(token)


@contextmanager
def stopped(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block, and `today()` its day; for tests of what expires."""
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)
