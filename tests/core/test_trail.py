"""The trail tells who did what, and nothing of it can be altered, taken out, added or moved unseen."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.core.actor import Actor, ActorKind
from portal.core.database import Database
from portal.core.keys import Keys
from portal.core.trail import operations
from portal.core.trail.models import TrailEntry, TrailMark
from portal.core.trail.operations import record
from portal.core.trail.queries import Filters, actions, entries
from portal.core.trail.types import Flaw, Mark, MarkName, SecretInTrail, Subject, Verification, sealed
from portal.core.trail.verification import verify
from portal.core.trail.witness import Witness, watch

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
NOOR = Actor.person(7, "Noor Janssen (contractmanager)", region_id=1)
SEM = Subject("person", "sem-1")
SECRET = "s" * 40


def write(database: Database, number: int, *, at: datetime = NOON, actor: Actor = NOOR) -> None:
    """Write so many entries, of several kinds, an hour apart."""
    for index in range(number):
        with database.transaction() as session:
            record(
                session,
                actor if index % 3 else Actor.command("users invite", region_id=2),
                ("person.invited", "person.role_changed", "figures.published")[index % 3],
                Subject("person", f"p-{index}"),
                before={"role": "moderator", "since": date(2026, 1, 1)} if index % 2 else None,
                after={"role": "data_officer", "naam": f"Zoë {index}"} if index % 5 else None,
                reason="op eigen verzoek" if index % 4 else "",
                at=at + timedelta(hours=index),
            )


def check(database: Database, seen: Mapping[int, str] | None = None) -> Verification:
    with database.sessions() as session:
        return verify(session, seen)


@pytest.fixture
def keyed(new_database_url: Callable[[], str]) -> Iterator[Database]:
    """A database of an installation with a secret."""
    database = Database(new_database_url(), Keys(SECRET))
    yield database
    database.engine.dispose()


def drop_triggers(database: Database) -> None:
    """As somebody does who owns the database."""
    with database.engine.begin() as connection:
        if database.engine.dialect.name == "sqlite":
            for name in (
                connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            ):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("trail_entry", "trail_mark"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


# --- writing --------------------------------------------------------------------------------------------------


def test_an_entry_says_who_did_what_to_whom_when_and_why(keyed: Database) -> None:
    with keyed.transaction() as session:
        number = record(
            session, NOOR, "person.role_changed", SEM, before={"role": "editor"}, after={"role": "manager"},
            reason="vraagt Sem zelf", at=NOON,
        )  # fmt: skip
    with keyed.sessions() as session:
        entry = session.get_one(TrailEntry, number)
    assert (entry.actor_kind, entry.actor_id, entry.actor_label) == (ActorKind.PERSON, 7, NOOR.label)
    assert (entry.moment, entry.action, entry.subject_kind, entry.subject_id) == (
        NOON, "person.role_changed", "person", "sem-1",
    )  # fmt: skip
    assert (entry.before_values, entry.after_values) == ({"role": "editor"}, {"role": "manager"})
    assert (entry.reason, entry.region_id) == ("vraagt Sem zelf", 1)


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(keyed: Database) -> None:
    write(keyed, 2)
    with pytest.raises(ZeroDivisionError), keyed.transaction() as session:
        record(session, NOOR, "person.invited", SEM, at=NOON)
        1 / 0  # noqa: B018
    write(keyed, 1)
    assert check(keyed).entries == 3
    assert check(keyed).ok


def test_several_entries_in_one_transaction_follow_each_other(keyed: Database) -> None:
    with keyed.transaction() as session:
        assert [record(session, NOOR, "person.invited", SEM, at=NOON) for _ in range(3)] == [1, 2, 3]
    assert check(keyed).ok


def test_writers_at_the_same_time_never_fork_the_chain(keyed: Database) -> None:
    failures: list[Exception] = []

    def work() -> None:
        try:
            write(keyed, 20)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert check(keyed) == replace(check(keyed), entries=120, flaw=None)


def test_verifying_while_somebody_writes_finds_nothing(keyed: Database) -> None:
    write(keyed, 30)
    writer = threading.Thread(target=write, args=(keyed, 60))
    writer.start()
    while writer.is_alive():
        assert check(keyed).ok
    writer.join()
    assert check(keyed).entries == 90


@pytest.mark.parametrize(
    "values",
    [
        {"password": "x"}, {"new_password": "x"}, {"code": "123456"}, {"recovery-codes": []}, {"Token": "x"},
        {"person": {"totp_secret": "x"}}, {"people": [{"name": "Sem", "pin": 1}]}, {"note": "$argon2id$v=19$m=1"},
        {"link": ["otpauth://totp/x"]}, {"secret_key": "x"}, {"wachtwoord": "x"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("side", ["before", "after"])
def test_secrets_never_enter_the_trail(keyed: Database, values: dict[str, object], side: str) -> None:
    with pytest.raises(SecretInTrail), keyed.transaction() as session:
        record(session, NOOR, "person.invited", SEM, at=NOON, **{side: values})
    assert check(keyed).entries == 0


def test_names_that_only_look_like_secrets_are_taken(keyed: Database) -> None:
    with keyed.transaction() as session:
        record(session, NOOR, "person.invited", SEM, after={"postcode": "6411", "monkey": 1, "encoded": "x"}, at=NOON)


@pytest.mark.parametrize("action", ["", "invited", "Person.Invited", "person.", "person invited", "a" * 60 + ".b"])
def test_an_action_is_a_dotted_word(keyed: Database, action: str) -> None:
    with pytest.raises(ValueError), keyed.transaction() as session:
        record(session, NOOR, action, SEM, at=NOON)


def test_whatever_is_typed_as_a_reason_is_kept_and_verifies(keyed: Database) -> None:
    for reason in ("a\x00b", "\ud800", "regel 1\r\nregel 2", "'; DROP TABLE trail_entry; --", "é" * 5_000, "\x1b[31m"):
        with keyed.transaction() as session:
            record(session, NOOR, "person.disabled", SEM, reason=reason, at=NOON)
    assert check(keyed).ok
    assert check(keyed).entries == 6


# --- tampering --------------------------------------------------------------------------------------------------

TEXTS = (
    "at",
    "actor_label",
    "action",
    "subject_kind",
    "subject_id",
    "before",
    "after",
    "reason",
    "previous_hash",
    "hash",
)
NUMBERS = ("number", "actor_id", "region_id")
ENTRIES = 40


class Tamperer:
    """Somebody who owns the database but lacks the secret, and does one random thing to the trail."""

    def __init__(self, session: Session, dice: random.Random, old_head: TrailMark) -> None:
        self.session, self.dice, self.old_head = session, dice, old_head
        self.table = TrailEntry.__table__
        self.rows = [dict(row._mapping) for row in session.execute(select(self.table).order_by(self.table.c.number))]

    def put(self, number: int, /, **values: object) -> None:
        self.session.execute(update(self.table).where(self.table.c.number == number).values(**values))

    def remove(self, first: int, last: int) -> None:
        self.session.execute(delete(self.table).where(self.table.c.number.between(first, last)))

    def put_head(self, **values: object) -> None:
        self.session.execute(update(TrailMark).where(TrailMark.name == MarkName.HEAD).values(**values))

    def forged(self, row: dict[str, object]) -> dict[str, object]:
        """`row` with a hash that fits it, made with a key of their own."""
        columns = {name: value for name, value in row.items() if name != "hash"}
        return {**columns, "hash": sealed(b"another key", tuple(columns.values()))}

    def alter_text(self) -> None:
        row, name = self.dice.choice(self.rows), self.dice.choice(TEXTS)
        old = row[name] or ""
        assert isinstance(old, str)
        at, longest = self.dice.randrange(len(old) + 1), self.table.c[name].type.length or 1_000
        changes = [old[:at] + "7" + old[at:], old[:at] + old[at + 1 :], old.swapcase(), f"{old} ", "x"]
        new = self.dice.choice([change for change in changes if change != old and 0 < len(change) <= longest])
        self.put(row["number"], **{name: new})  # type: ignore[arg-type]

    def alter_number(self) -> None:
        row, name = self.dice.choice(self.rows), self.dice.choice(NUMBERS)
        if name == "number":
            self.put(row["number"], number=ENTRIES + 1 + self.dice.randrange(5))  # type: ignore[arg-type]
        else:
            old = row[name]
            new = self.dice.choice([value for value in (None, 1, 2, 9) if value != old])
            if row["actor_kind"] == "person" and name == "actor_id" and new is None:
                new = 10
            self.put(row["number"], **{name: new})  # type: ignore[arg-type]

    def alter_kind(self) -> None:
        row = self.dice.choice(self.rows)
        kinds = [
            kind for kind in (ActorKind.SYSTEM, ActorKind.MAIL_LINK, ActorKind.COMMAND) if kind != row["actor_kind"]
        ]
        self.put(row["number"], actor_kind=self.dice.choice(kinds))  # type: ignore[arg-type]

    def empty_json(self) -> None:
        row = self.dice.choice([row for row in self.rows if row["before"] or row["after"]])
        self.put(row["number"], **{"before" if row["before"] else "after": None})  # type: ignore[arg-type]

    def take_out(self) -> None:
        first = self.dice.randrange(1, ENTRIES)
        self.remove(first, min(first + self.dice.randrange(3), ENTRIES - 1))

    def take_out_and_close_up(self) -> None:
        gone = self.dice.randrange(1, ENTRIES)
        self.remove(gone, gone)
        for number in range(gone + 1, ENTRIES + 1):
            self.put(number, number=number - 1)
        self.put_head(number=ENTRIES - 1)

    def swap_numbers(self) -> None:
        one, other = self.dice.sample(range(1, ENTRIES + 1), 2)
        for before, after in ((one, 1_000_000), (other, one), (1_000_000, other)):
            self.put(before, number=after)

    def swap_contents(self) -> None:
        one, other = self.dice.sample(self.rows, 2)
        kept = ("number", "previous_hash", "hash")
        for to, of in ((one, other), (other, one)):
            self.put(to["number"], **{name: value for name, value in of.items() if name not in kept})  # type: ignore[arg-type]
            # Two entries may say the same, but not at the same moment.

    def add(self) -> None:
        last = self.rows[-1]
        row = self.forged({**self.dice.choice(self.rows), "number": ENTRIES + 1, "previous_hash": last["hash"]})
        self.session.execute(insert(self.table).values(row))
        if self.dice.random() < 0.5:
            self.put_head(number=ENTRIES + 1, hash=row["hash"])

    def put_between(self) -> None:
        place = self.dice.randrange(1, ENTRIES)
        for number in range(ENTRIES, place, -1):
            self.put(number, number=number + 1)
        row = self.forged({**self.rows[place], "number": place + 1, "previous_hash": "f" * 64})
        self.session.execute(insert(self.table).values(row))
        self.put_head(number=ENTRIES + 1)

    def cut_off(self) -> None:
        left = self.dice.randrange(1, ENTRIES)
        self.remove(left + 1, ENTRIES)
        if self.dice.random() < 0.7:
            self.put_head(number=left, hash=self.rows[left - 1]["hash"])

    def put_old_head_back(self) -> None:
        self.remove(self.old_head.number + 1, ENTRIES)
        self.put_head(number=self.old_head.number, hash=self.old_head.hash, seal=self.old_head.seal)

    def empty(self) -> None:
        self.remove(1, ENTRIES)
        self.put_head(number=0, hash="", seal="")

    def write_history_anew(self) -> None:
        changed = self.dice.randrange(ENTRIES)
        self.remove(1, ENTRIES)
        previous = ""
        for index, row in enumerate(self.rows):
            new = self.forged(row | {"previous_hash": previous} | ({"reason": "anders"} if index == changed else {}))
            self.session.execute(insert(self.table).values(new))
            previous = str(new["hash"])
        self.put_head(hash=previous, seal=Mark(ENTRIES, previous).seal(b"another key", MarkName.HEAD))

    def move_the_start(self) -> None:
        left = self.dice.randrange(1, ENTRIES)
        self.remove(1, left)
        mark = Mark(left, str(self.rows[left - 1]["hash"]))
        self.session.execute(
            update(TrailMark)
            .where(TrailMark.name == MarkName.START)
            .values(number=mark.number, hash=mark.hash, seal=self.dice.choice(["", mark.seal(b"x", MarkName.START)]))
        )

    def alter_the_head(self) -> None:
        self.put_head(**self.dice.choice([{"seal": "0" * 64}, {"hash": "0" * 64}, {"number": ENTRIES + 1}]))

    def take_a_mark_away(self) -> None:
        self.session.execute(delete(TrailMark).where(TrailMark.name == self.dice.choice(list(MarkName))))


WAYS = [
    name for name in vars(Tamperer) if not name.startswith("_") and name not in ("put", "remove", "put_head", "forged")
]


def test_a_thousand_of_a_thousand_tamperings_are_found(keyed: Database) -> None:
    write(keyed, ENTRIES // 2)
    with keyed.sessions() as session:
        old_head = session.get_one(TrailMark, MarkName.HEAD)
        session.expunge(old_head)
    write(keyed, ENTRIES - ENTRIES // 2, at=NOON + timedelta(days=30))
    head = check(keyed).head
    seen = {head.number: head.hash}
    assert head.number == ENTRIES
    drop_triggers(keyed)
    dice = random.Random(20261122)  # noqa: S311 - the same thousand each time
    missed, found = [], set()
    for number in range(1_000):
        way = WAYS[number % len(WAYS)]
        with keyed.sessions() as session:
            if keyed.engine.dialect.name == "sqlite":
                session.connection(execution_options={"begin": "BEGIN IMMEDIATE"})
            getattr(Tamperer(session, dice, old_head), way)()
            session.flush()
            verification = verify(session, seen)
            session.rollback()
        found.add(verification.flaw)
        if verification.ok:
            missed.append(way)
    assert missed == []
    assert found >= {Flaw.ALTERED, Flaw.MISSING, Flaw.CUT_OFF, Flaw.MARK_ALTERED}
    assert check(keyed, seen).ok


def test_entries_that_were_really_ours_once_do_not_fit_another_history(keyed: Database) -> None:
    def third() -> dict[str, object]:
        with keyed.sessions() as session:
            return dict(session.execute(select(TrailEntry.__table__).where(text("number = 3"))).one()._mapping)

    def put(row: dict[str, object]) -> None:
        with keyed.transaction() as session:
            session.execute(delete(TrailEntry).where(TrailEntry.number == 3))
            session.execute(insert(TrailEntry).values(row))

    write(keyed, 2)
    with keyed.sessions() as session:
        old_head = dict(session.execute(select(TrailMark.__table__).where(text("name = 'head'"))).one()._mapping)
    write(keyed, 1)
    abandoned = third()
    drop_triggers(keyed)
    with keyed.transaction() as session:
        session.execute(delete(TrailEntry).where(TrailEntry.number == 3))
        session.execute(update(TrailMark).where(TrailMark.name == MarkName.HEAD).values(**old_head))
    write(keyed, 1, at=NOON + timedelta(days=1))
    new = third()
    put(abandoned)
    assert check(keyed).flaw is Flaw.ADDED
    put(new)
    write(keyed, 1)
    assert check(keyed).ok
    put(abandoned)
    assert check(keyed) == Verification(3, Mark(3, str(abandoned["hash"])), Flaw.OUT_OF_PLACE, 4)


def test_bytes_that_are_no_text_are_found(keyed: Database) -> None:
    if keyed.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL holds only what is text")
    write(keyed, 3)
    drop_triggers(keyed)
    for value in ("x'ff00'", "CAST(x'ff' AS TEXT)", "12"):
        with keyed.engine.begin() as connection:
            connection.execute(update(TrailEntry).where(TrailEntry.number == 2).values(reason=text(value)))
        assert check(keyed).flaw is Flaw.ALTERED


def test_the_database_itself_refuses_to_change_or_delete(keyed: Database) -> None:
    write(keyed, 3)
    forbidden = [
        "UPDATE trail_entry SET reason = 'x'",
        "DELETE FROM trail_entry WHERE number = 2",
        "DELETE FROM trail_entry",
        "DELETE FROM trail_mark",
        "UPDATE trail_mark SET number = number - 1 WHERE name = 'head'",
        "UPDATE trail_mark SET name = 'start' WHERE name = 'head'",
    ]
    if keyed.engine.dialect.name == "postgresql":
        forbidden += ["TRUNCATE trail_entry", "TRUNCATE trail_mark"]
    for statement in forbidden:
        with pytest.raises(DBAPIError, match="trail"), keyed.engine.begin() as connection:
            connection.execute(text(statement))
    assert check(keyed).entries == 3


# --- keeping --------------------------------------------------------------------------------------------------


def forget(database: Database, before: datetime) -> int:
    with database.transaction() as session:
        return operations.forget(session, before)


def test_what_is_old_goes_and_the_rest_still_verifies(keyed: Database) -> None:
    write(keyed, 10)
    assert forget(keyed, NOON) == 0
    assert forget(keyed, NOON + timedelta(hours=4)) == 4
    assert forget(keyed, NOON + timedelta(hours=4)) == 0
    assert check(keyed) == replace(check(keyed), entries=6, flaw=None)
    write(keyed, 2)
    assert check(keyed).entries == 8
    assert forget(keyed, NOON + timedelta(days=400)) == 8
    assert check(keyed) == Verification(0, check(keyed).head)
    write(keyed, 1)
    assert check(keyed).ok
    assert check(keyed).head.number == 13


def test_an_old_entry_behind_a_young_one_waits_for_it(keyed: Database) -> None:
    write(keyed, 1, at=NOON)
    write(keyed, 1, at=NOON + timedelta(days=10))  # the clock was wrong
    write(keyed, 1, at=NOON + timedelta(days=1))
    assert forget(keyed, NOON + timedelta(days=5)) == 1
    assert check(keyed).entries == 2


def test_taking_away_what_was_to_be_kept_is_found_after_forgetting_too(keyed: Database) -> None:
    write(keyed, 10)
    forget(keyed, NOON + timedelta(hours=4))
    drop_triggers(keyed)
    with keyed.transaction() as session:
        session.execute(delete(TrailEntry).where(TrailEntry.number <= 6))
    assert check(keyed).flaw is Flaw.MISSING


def test_the_daily_task_forgets_after_seven_years(cli: Callable[..., Result], app: Flask) -> None:
    database: Database = app.extensions["portal.database"]
    write(database, 3, at=datetime(2015, 1, 1, tzinfo=UTC))
    write(database, 1, at=datetime.now(UTC) - timedelta(days=6 * 365))
    assert "trail: 3 deleted" in cli("daily").output
    assert "trail: 0 deleted" in cli("daily").output
    assert "ok       trail: whole: 1 entries, the last is 4" in cli("doctor").output


def test_after_another_secret_the_former_is_recognised_and_seals_nothing_new(keyed: Database) -> None:
    write(keyed, 3)
    url = keyed.engine.url.render_as_string(hide_password=False)
    stranger, renewed = Database(url, Keys("n" * 40)), Database(url, Keys("n" * 40, (SECRET,)))
    assert check(stranger).flaw is Flaw.MARK_ALTERED
    assert check(renewed).ok
    write(renewed, 2)
    assert check(renewed).entries == 5
    write(keyed, 1)  # by whoever still has the old key
    assert check(renewed) == Verification(5, check(renewed).head, Flaw.ALTERED, 6)
    for database in (stranger, renewed):
        database.engine.dispose()


# --- the witness ------------------------------------------------------------------------------------------------


def test_what_was_committed_is_noted_and_only_that(keyed: Database, tmp_path: Path) -> None:
    witness = Witness(tmp_path)
    watch(keyed, witness)
    assert witness.read() == {}
    write(keyed, 2)
    with pytest.raises(ZeroDivisionError), keyed.transaction() as session:
        with session.begin_nested():
            record(session, NOOR, "person.invited", SEM, reason="teruggedraaid", at=NOON)
        1 / 0  # noqa: B018
    with keyed.transaction() as session, session.begin_nested():
        record(session, NOOR, "person.invited", SEM, at=NOON)
    with keyed.sessions() as session:
        written = dict(session.execute(select(TrailEntry.number, TrailEntry.hash)).all())
    assert witness.read() == written
    assert sorted(written) == [1, 2, 3]
    assert check(keyed, written).ok
    assert (witness.file.stat().st_mode & 0o077, witness.file.parent.stat().st_mode & 0o077) == (0, 0)


def test_a_full_disk_does_not_undo_what_was_done(keyed: Database, tmp_path: Path) -> None:
    (tmp_path / "trail").write_text("in the way")
    watch(keyed, Witness(tmp_path))
    write(keyed, 1)
    assert check(keyed).entries == 1


def test_a_damaged_note_is_left_out(tmp_path: Path) -> None:
    witness = Witness(tmp_path)
    witness.note(Mark(3, "x"))
    with witness.file.open("ab") as file:
        file.write(b"\n\xff\xfe\n4\n\xc2\xb2 z\nx y\n5 y\n3 z\n6 ")
    assert witness.read() == {3: "x", 5: "y"}
    witness.forget(3)
    assert witness.read() == {5: "y"}


def test_the_doctor_finds_a_cut_off_end_that_was_sealed_once(cli: Callable[..., Result], app: Flask) -> None:
    database: Database = app.extensions["portal.database"]
    assert "ok       trail: whole: nothing was written yet" in cli("doctor").output
    write(database, 2)
    with database.sessions() as session:
        old = session.get_one(TrailMark, MarkName.HEAD)
        number, digest, seal = old.number, old.hash, old.seal
    write(database, 3)
    assert f"whole: 5 entries, the last is 5 {check(database).head.hash[:16]}" in cli("doctor").output
    drop_triggers(database)
    with database.transaction() as session:
        session.execute(delete(TrailEntry).where(TrailEntry.number > number))
        session.execute(
            update(TrailMark).where(TrailMark.name == MarkName.HEAD).values(number=number, hash=digest, seal=seal)
        )
    assert check(database).ok, "from the database alone it cannot be told"
    result = cli("doctor")
    assert "error    trail: entry 3 and what came after it are gone; 2 entries before it are whole" in result.output
    assert result.exit_code == 1
    write(database, 4, at=NOON + timedelta(days=1))  # and over it a new end
    assert "error    trail: entry 3 is another than this machine saw written" in cli("doctor").output


# --- reading --------------------------------------------------------------------------------------------------


class Found(StrEnum):
    """Names of entries, to say which were found."""

    INVITED, CHANGED, ELSEWHERE, COMMAND = "p-1", "p-2", "p-3", "p-4"


@pytest.fixture
def told(keyed: Database) -> Iterator[Session]:
    with keyed.transaction() as session:
        for subject, actor, action, day, more in (
            (Found.INVITED, NOOR, "person.invited", 1, {"after": {"naam": "Zoë 100%"}}),
            (Found.CHANGED, NOOR, "person.role_changed", 2, {"before": {"rol": "a_b"}, "reason": "Op verzoek"}),
            (Found.ELSEWHERE, replace(NOOR, region_id=2), "figures.published", 3, {}),
            (Found.COMMAND, Actor.command("users invite"), "persona.invited", 4, {}),
        ):
            at = datetime(2026, 11, day, 23, 30, tzinfo=UTC)  # half past twelve at night in Amsterdam
            record(session, actor, action, Subject("person", subject), at=at, **more)  # type: ignore[arg-type]
    with keyed.sessions() as session:
        yield session


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), "p-4 p-3 p-2 p-1"),
        (Filters(actor_id=7), "p-3 p-2 p-1"),
        (Filters(action="person"), "p-2 p-1"),
        (Filters(action="person.invited"), "p-1"),
        (Filters(action="pers"), ""),
        (Filters(subject=Subject("person", "p-3")), "p-3"),
        (Filters(text="noor VERZOEK"), "p-2"),
        (Filters(text="zoë"), "p-1"),
        (Filters(text="100%"), "p-1"),
        (Filters(text="%"), "p-1"),
        (Filters(text="_"), "p-2"),
        (Filters(text="x\x00"), ""),
        (Filters(first_day=date(2026, 11, 3)), "p-4 p-3 p-2"),
        (Filters(last_day=date(2026, 11, 3)), "p-2 p-1"),
        (Filters(first_day=date(2026, 11, 3), last_day=date(2026, 11, 3)), "p-2"),
    ],
)
def test_the_trail_is_searched(told: Session, filters: Filters, found: str) -> None:
    page = entries(told, None, filters)
    assert " ".join(entry.subject_id for entry in page.entries) == found
    assert page.total == len(found.split())


def test_a_region_reads_its_own_entries_only(told: Session) -> None:
    assert [entry.subject_id for entry in entries(told, 2, Filters()).entries] == ["p-3"]
    assert [entry.subject_id for entry in entries(told, 1, Filters(text="users")).entries] == []
    assert actions(told, 1) == ["person.invited", "person.role_changed"]
    assert entries(told, 3, Filters()).pages == 1


def test_pages_are_whole_and_do_not_overlap(keyed: Database) -> None:
    write(keyed, 120)
    with keyed.sessions() as session:
        pages = [entries(session, None, Filters(), page) for page in (1, 2, 3)]
        assert entries(session, None, Filters(), 99).page == 3
        assert entries(session, None, Filters(), -1).page == 1
    assert [len(page.entries) for page in pages] == [50, 50, 20]
    assert [entry.number for page in pages for entry in page.entries] == list(range(120, 0, -1))
