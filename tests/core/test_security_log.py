"""Each security event leaves a line and a row, of use to who it concerns, and without a trace of any visitor."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect, select

from portal.core.database import Database
from portal.core.logs import JsonFormatter
from portal.core.security_log import operations
from portal.core.security_log.models import SecurityEvent
from portal.core.security_log.operations import note
from portal.core.security_log.queries import of_person, of_region
from portal.core.security_log.types import LONGEST_DETAIL, SecurityKind
from portal.core.text import one_line

NIGHT = datetime(2026, 11, 22, 23, 41, 17, tzinfo=UTC)
HOSTILE = [
    "a\nb", "a\r\n{\"level\": \"INFO\"}", "\x1b[2J\x1b[31mrood", "a\u2028b\u2029c", "a\x85b\x0bc", "\u202eetor",
    "a\x00b", "\ud800", "x" * 10_000,
]  # fmt: skip


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the log receives."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("portal")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield written
    logger.removeHandler(handler)
    logger.setLevel(level)


def noted(database: Database, kind: SecurityKind, at: datetime = NIGHT, **more: object) -> None:
    with database.transaction() as session:
        note(session, kind, at, **more)  # type: ignore[arg-type]


def rows(database: Database) -> list[SecurityEvent]:
    with database.sessions() as session:
        return list(session.scalars(select(SecurityEvent).order_by(SecurityEvent.id)))


@pytest.mark.parametrize("kind", SecurityKind)
def test_each_event_leaves_a_line_and_what_is_kept_a_row(
    database: Database, lines: io.StringIO, kind: SecurityKind
) -> None:
    noted(database, kind, person_id=7, region_id=1, detail="/werkplek/regio/mensen/<public_id>")
    line = json.loads(lines.getvalue())
    assert (line["message"], line["event"], line["person"], line["region"]) == ("security", kind.value, 7, 1)
    assert line["detail"] == "/werkplek/regio/mensen/<public_id>"
    assert [row.kind for row in rows(database)] == ([] if kind is SecurityKind.THROTTLED else [kind])


@pytest.mark.parametrize("kind", SecurityKind)
def test_a_stranger_cannot_fill_the_database(database: Database, lines: io.StringIO, kind: SecurityKind) -> None:
    noted(database, kind)
    assert json.loads(lines.getvalue())["event"] == kind.value
    unbounded = {SecurityKind.THROTTLED, SecurityKind.ACCESS_REFUSED, SecurityKind.CSRF_REFUSED}
    assert len(rows(database)) == (0 if kind in unbounded else 1)


@pytest.mark.parametrize("detail", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_whatever_is_told_stays_on_one_line(database: Database, lines: io.StringIO, detail: str) -> None:
    noted(database, SecurityKind.SIGN_IN_FAILED, detail=detail)
    assert len(lines.getvalue().splitlines()) == 1
    assert lines.getvalue().strip().isprintable()
    (row,) = rows(database)
    assert row.detail.isprintable()
    assert len(row.detail) <= LONGEST_DETAIL


def test_text_on_one_line_reads_as_before() -> None:
    assert one_line(" Zoë\t van  der\nMeer ") == "Zoë van der Meer"


def test_the_time_is_as_fine_as_its_reader_needs(database: Database) -> None:
    noted(database, SecurityKind.SIGN_IN_FAILED, person_id=7)
    noted(database, SecurityKind.SIGN_IN_FAILED)
    assert [row.at for row in rows(database)] == [
        datetime(2026, 11, 22, 23, 41, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC),
    ]  # fmt: skip


def test_there_is_no_room_for_an_address_or_a_browser(database: Database) -> None:
    columns = {column["name"] for column in inspect(database.engine).get_columns("security_event")}
    assert columns == {"id", "at", "kind", "person_id", "region_id", "detail"}


def test_a_person_sees_their_own_and_a_region_what_was_refused(database: Database) -> None:
    for minute, kind in enumerate((SecurityKind.SIGNED_IN, SecurityKind.CODE_WRONG, SecurityKind.ACCESS_REFUSED)):
        noted(database, kind, NIGHT + timedelta(minutes=minute), person_id=7, region_id=1)
    noted(database, SecurityKind.SIGNED_IN, person_id=8, region_id=2)
    with database.sessions() as session:
        assert [event.kind for event in of_person(session, 7)] == [SecurityKind.CODE_WRONG, SecurityKind.SIGNED_IN]
        assert [event.kind for event in of_person(session, 7, most=1)] == [SecurityKind.CODE_WRONG]
        assert [event.kind for event in of_region(session, 1)] == [SecurityKind.ACCESS_REFUSED]
        assert of_region(session, 2) == []


def test_it_is_kept_for_ninety_days(database: Database) -> None:
    noted(database, SecurityKind.SIGNED_IN, person_id=7)
    for days, deleted in ((89, 0), (90, 1), (90, 0)):
        with database.transaction() as session:
            assert operations.forget(session, NIGHT + timedelta(days=days), 90) == deleted


def test_the_daily_tasks_forget_all_that_is_old_and_may_run_twice(cli: Callable[..., Result], app: Flask) -> None:
    database: Database = app.extensions["portal.database"]
    noted(database, SecurityKind.SIGNED_IN, datetime.now(UTC) - timedelta(days=91), person_id=7)
    noted(database, SecurityKind.SIGNED_IN, datetime.now(UTC) - timedelta(days=89), person_id=7)
    first, second = cli("daily"), cli("daily")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "security log: 1 deleted" in first.output
    for task in ("mail", "attempts", "security log", "trail"):
        assert f"{task}: 0 deleted" in second.output
    assert len(rows(database)) == 1
