"""Codes and phrases: long enough, used once, and nothing joins them to what was told."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.signing_in.codes import ALPHABET, CODE_LENGTH
from portal.accounts.types import Post, Role
from portal.core import clock
from portal.core.database import Base, Database
from portal.core.keys import Keys
from portal.reviews import models
from portal.reviews.family_secrets import PHRASE_WORDS, Cost, keep, new_phrase, opened, phrase_words, read_phrase
from portal.reviews.invitations import operations
from portal.reviews.invitations.operations import CannotIssue, Wanted, draw, issue
from portal.reviews.models import Experience, InvitationCode
from portal.reviews.telling.drafts import Told
from portal.reviews.telling.operations import check_code, send
from portal.reviews.types import About, Occasion, Quarter, Voice
from tests.accounts.people import Someone, World
from tests.reviews.families import ACTOR, CHEAP, QUESTIONS, Family, make_codes, tell

PROCESSES, CODES = 16, 300


def test_a_code_and_a_phrase_have_eighty_bits() -> None:
    assert CODE_LENGTH * math.log2(len(ALPHABET)) >= 80
    assert PHRASE_WORDS * math.log2(len(phrase_words())) >= 80
    assert not set(ALPHABET) & set("OILU")


def test_the_digest_is_slow_and_needs_the_key_of_the_installation() -> None:
    keys = Keys("geheim")
    kept = keep(keys, "ABCDEFGHJKMNPQRS", Cost())
    assert kept.salt.startswith("2.19456.")  # OWASP ASVS 5.0, appendix C: two passes over 19 MiB
    assert opened(keys, "ABCDEFGHJKMNPQRS", kept)
    assert opened(Keys("nieuw", ("geheim",)), "ABCDEFGHJKMNPQRS", kept), "another secret later"
    assert not opened(Keys("anders"), "ABCDEFGHJKMNPQRS", kept)
    assert not opened(keys, "ABCDEFGHJKMNPQRT", kept)


def test_a_phrase_is_read_as_people_type_it() -> None:
    phrase = new_phrase()
    words = phrase.split()
    assert read_phrase(phrase.upper().replace(" ", ", ")) == phrase
    assert read_phrase(" ".join(words[:7])) is None
    assert read_phrase("") is None and read_phrase("x " * 8) is None
    long = next(word for word in phrase_words() if len(word) == 9)
    assert read_phrase(" ".join([*words[:7], long[:4] + long[5:]])) == " ".join([*words[:7], long])


def test_a_batch_hides_a_family(world: World) -> None:
    about, now = About(world.providers[0]), Quarter.of(clock.today())
    wanted = Wanted(world.regions[0], about, "behandeling", Occasion.END, now, 19)
    with world.database.transaction() as session, pytest.raises(CannotIssue):
        issue(session, ACTOR, wanted, clock.now(), 365, CHEAP)


def test_codes_that_were_drawn_before_are_issued_save_one_whose_beginning_is_in_use(world: World) -> None:
    """Their digests are made before the transaction; only what another batch took meanwhile is drawn in it."""
    about, now = About(world.providers[0]), Quarter.of(clock.today())
    wanted = Wanted(world.regions[0], about, "behandeling", Occasion.END, now, 20)
    drawn = draw(world.database.keys, 20, CHEAP)
    with world.database.transaction() as session:
        first = issue(session, ACTOR, wanted, clock.now(), 365, CHEAP, drawn)[1]
    assert set(first) == {one.code for one in drawn}
    with world.database.transaction() as session:
        others = [*draw(world.database.keys, 19, CHEAP), drawn[0]]
        second = issue(session, ACTOR, wanted, clock.now(), 365, CHEAP, others)[1]
    assert len(set(second)) == 20 and not set(first) & set(second)
    with world.database.sessions() as session:
        assert all(check_code(session, code, clock.today()).right for code in (*first, *second))


def test_a_family_can_send_while_the_desk_makes_five_hundred_codes(
    app: Flask, world: World, family: Family, codes: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow part of making codes holds no lock: here a family sends its story in the middle of it."""
    family.fill_in(codes[0])
    world.add("contract@voorbeeld.example", Post(Role.CONTRACT_MANAGER, world.regions[0]))
    desk = Someone.enter(app, "contract@voorbeeld.example")
    drawing = operations.draw

    def draw_while_somebody_sends(keys: Keys, number: int) -> Sequence[operations.Drawn]:
        family.send()
        return drawing(keys, number, CHEAP)

    monkeypatch.setattr(operations, "draw", draw_while_somebody_sends)
    fields = {"provider": "zuid-limburg-1", "arrangement": "behandeling", "occasion": "end", "codes": "500"}
    assert desk.submit("/werkplek/regio/codes", **fields).status_code == 200
    assert family.phrase


def _spend(url: str, codes: Sequence[str], results: multiprocessing.Queue) -> None:  # type: ignore[type-arg]
    database = Database(url)
    accepted = 0
    for code in codes:
        with database.sessions() as session:
            right = check_code(session, code, clock.today()).right
        assert right is not None
        with database.transaction() as session:
            told = Told(Voice.PARENT, {"usefulness": "8"})
            accepted += send(session, right, told, QUESTIONS, new_phrase(), "", clock.today(), CHEAP) is not None
    database.engine.dispose()
    results.put(accepted)


def test_three_hundred_codes_and_sixteen_processes_make_three_hundred_experiences(world: World) -> None:
    codes = make_codes(world.database, world.regions[0], world.providers[0], CODES)
    url = world.database.engine.url.render_as_string(hide_password=False)
    world.database.engine.dispose()
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    started = [context.Process(target=_spend, args=(url, codes, results)) for _ in range(PROCESSES)]
    for process in started:
        process.start()
    accepted = sum(results.get(timeout=400) for _ in started)
    for process in started:
        process.join()
    with world.database.sessions() as session:
        assert accepted == CODES == len(session.scalars(select(Experience.id)).all())
        assert all(session.scalars(select(InvitationCode.is_spent)))


def test_no_column_joins_a_code_and_an_experience() -> None:
    """A walk over the schema: no reference one way or the other, and no value that both keep."""
    code = {models.InvitationCode.__table__, models.InvitationBatch.__table__, models.Draft.__table__}
    told = {models.Experience.__table__, models.ExperienceFlag.__table__, models.ProviderAnswer.__table__}
    for table in Base.metadata.tables.values():
        reached = {key.column.table for key in table.foreign_keys} | {table}
        assert not (reached & code and reached & told), table.name
    shared = set(models.InvitationCode.__table__.columns.keys()) & set(models.Experience.__table__.columns.keys())
    assert shared == set()
    kinds = {str(column.type) for column in models.Experience.__table__.columns}
    assert "DATETIME" not in kinds
    assert [c.name for c in models.Experience.__table__.columns if str(c.type) == "DATE"] == ["arrived_on"]
    assert not any(str(c.type) in ("DATE", "DATETIME") for c in models.InvitationCode.__table__.columns)


def test_the_whole_database_does_not_tell_which_code_an_experience_came_with(world: World) -> None:
    """An adversary with the whole database pairs codes and experiences by the order in which they lie (P3)."""
    import random

    from portal.reviews.operations import shuffle

    number = 200
    codes = list(make_codes(world.database, world.regions[0], world.providers[0], number))
    random.Random(3).shuffle(codes)  # noqa: S311
    truth = {}
    for code in codes:
        experience, _ = tell(world.database, code, story="x" * random.Random(code).randint(1, 300))  # noqa: S311
        truth[experience] = code[:5]
    with world.database.transaction() as session:
        shuffle(session)
    with world.database.sessions() as session:
        connection = session.connection()
        for order in ("", " ORDER BY 1", " ORDER BY 2"):
            spent = [r[0] for r in connection.exec_driver_sql(f"SELECT selector, digest FROM invitation_code{order}")]  # noqa: S608
            for by in ("", " ORDER BY 1", " ORDER BY 2", " ORDER BY 3"):
                found = [
                    r[0]
                    for r in connection.exec_driver_sql(
                        f"SELECT id, length(story), phrase_selector FROM experience{by}"  # noqa: S608
                    )
                ]
                for pairs in (zip(found, spent, strict=True), zip(found, reversed(spent), strict=True)):
                    linked = sum(truth[experience] == selector for experience, selector in pairs)
                    # By chance one pair fits, and ten or more once in ten million orders; a real link fits all.
                    assert linked < 10
