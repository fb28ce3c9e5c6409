"""Edits lie over the files: nobody's is lost, each can be taken back, and whatever is edited, the lists can be read."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.catalogue import codelists
from portal.catalogue.codelists import CodeLists
from portal.catalogue.edits import operations, queries
from portal.catalogue.edits.live import LiveLists
from portal.catalogue.edits.models import ListEdit
from portal.catalogue.edits.operations import ChangedMeanwhile, OfAnotherRegion
from portal.catalogue.edits.types import Edit, EditedList, EditState, Place, laid
from portal.catalogue.models import Region
from portal.core.actor import Actor
from portal.core.database import Database
from portal.search import vocabulary
from portal.search.vocabulary import Expression, Voice

ACTOR = Actor.system("test")
NOW = datetime(2026, 11, 30, tzinfo=UTC)
TERM = Place(EditedList.GLOSSARY, "nl", "aanbieder")


def explained(text: str, place: Place = TERM) -> Edit:
    return Edit(place, EditState.SET, {"explanation": text, "see": ""})


@pytest.fixture
def region(database: Database) -> int:
    return make_region(database, "Hier")


def make_region(database: Database, name: str) -> int:
    with database.transaction() as session:
        region = Region(name=name, fictional=True)
        session.add(region)
        session.flush()
        return region.id


def save(database: Database, region: int, *edits: Edit, seen: int | None = None) -> int:
    with database.transaction() as session:
        known = queries.newest(session) if seen is None else seen
        return operations.save(session, region, edits, known, ACTOR, NOW)


def term_of(database: Database) -> str:
    found = LiveLists(None, database).now().glossary_term("aanbieder", "nl")
    assert found is not None
    return found.explanation


def test_an_edit_lies_over_the_file_and_each_step_can_be_taken_back(database: Database, region: int) -> None:
    as_it_came = term_of(database)
    save(database, region, explained("eerst"))
    save(database, region, explained("daarna"))
    assert term_of(database) == "daarna"
    with database.transaction() as session:
        first, second = session.scalars(select(ListEdit).order_by(ListEdit.number)).all()
        with pytest.raises(ChangedMeanwhile):
            operations.take_back(session, first, ACTOR, NOW)
        operations.take_back(session, second, ACTOR, NOW)
    assert term_of(database) == "eerst"
    save(database, region, Edit(TERM, EditState.AS_FILE))
    assert term_of(database) == as_it_came
    with database.sessions() as session:
        assert [one.number for one in queries.history(session, region, 10)[1]] == [4, 3, 2, 1]


def test_the_same_edit_twice_is_one_version(database: Database, region: int) -> None:
    assert save(database, region, explained("zo")) == 1
    assert save(database, region, explained("zo")) == 0
    with database.sessions() as session:
        assert [one.number for one in session.scalars(select(ListEdit))] == [1]


def test_a_row_of_another_region_is_theirs_until_they_let_go(database: Database, region: int) -> None:
    other = make_region(database, "Daar")
    save(database, region, explained("van hier"))
    with pytest.raises(OfAnotherRegion):
        save(database, other, explained("van daar"))
    save(database, region, Edit(TERM, EditState.AS_FILE))
    save(database, other, explained("van daar"))
    assert term_of(database) == "van daar"


@pytest.mark.parametrize("rounds", [25, pytest.param(500, marks=pytest.mark.long)])
def test_interleavings_of_two_editors_overwrite_nothing(database: Database, region: int, rounds: int) -> None:
    rolls = random.Random(12)  # noqa: S311
    places = [Place(EditedList.GLOSSARY, "nl", term) for term in ("aanbieder", "jeugdhulp")]
    seen = {"dora": 0, "ada": 0}
    for number in range(rounds):
        who, place = rolls.choice(("dora", "ada")), rolls.choice(places)
        with database.sessions() as session:
            if rolls.random() < 0.4:
                seen[who] = queries.newest(session)
            before = queries.latest_of(session, place)
        try:
            save(database, region, explained(f"{who} {number}", place), seen=seen[who])
        except ChangedMeanwhile:
            assert before is not None and before.id > seen[who]
            continue
        assert before is None or before.id <= seen[who]
        with database.sessions() as session:
            after = queries.latest_of(session, place)
        assert after is not None and after.values["explanation"] == f"{who} {number}"


def test_two_at_the_very_same_moment_never_both_win(database: Database, region: int) -> None:
    won, barrier = [], threading.Barrier(4)

    def edit(name: str) -> None:
        barrier.wait()
        try:
            save(database, region, explained(name), seen=0)
            won.append(name)
        except (ChangedMeanwhile, IntegrityError):
            pass

    threads = [threading.Thread(target=edit, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1 and term_of(database) == won[0]


def test_a_process_without_a_database_has_the_files(tmp_path: Path, code_lists: CodeLists) -> None:
    live = LiveLists(None, Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}"))
    assert live.now().fingerprint == code_lists.fingerprint and live.now().edition == 0


def test_what_was_learned_stays_where_an_edit_does_not_decide_what_is_found(code_lists: CodeLists) -> None:
    said = Edit(
        Place.of_expression("angst", "bibbert"), EditState.SET, {"voice": "family", "expression": "bibbert"}
    )  # fmt: skip
    assert codelists.load(None, [explained("anders")], 1).fingerprint == code_lists.fingerprint
    assert codelists.load(None, [said], 1).fingerprint != code_lists.fingerprint
    back = laid([said], [Edit(said.place, EditState.AS_FILE)])
    assert codelists.load(None, back, 2).fingerprint == code_lists.fingerprint


def test_expressions_are_added_and_switched_off_whatever_their_capitals_and_accents(code_lists: CodeLists) -> None:
    known = next(one for one in vocabulary.spoken(code_lists) if " " in one.text)
    off = Edit(Place.of_expression(known.topic, known.text.upper()), EditState.OFF)
    on = Edit(Place.of_expression("angst", "Bíbbert"), EditState.SET, {"voice": "family", "expression": "Bíbbert"})
    spoken = vocabulary.spoken(codelists.load(None, [off, on], 1))
    assert known not in spoken
    assert Expression("angst", Voice.FAMILY, "Bíbbert") in spoken
    assert len(spoken) == len(vocabulary.spoken(code_lists))


def test_a_topic_of_the_desk_outlives_the_one_it_belonged_to(code_lists: CodeLists) -> None:
    def topic(code: str, parent: str) -> Edit:
        values = {"label": code, "explanation": code, "parent": parent}
        return Edit(Place(EditedList.TOPICS, "nl", code), EditState.SET, values)

    both = [topic("vlinderuur", "rouw"), topic("rupsuur", "vlinderuur")]
    assert codelists.load(None, both, 1).topics["rupsuur"].parent == "vlinderuur"
    gone = codelists.load(None, laid(both, [Edit(both[0].place, EditState.AS_FILE)]), 2)
    assert gone.topics["rupsuur"].parent is None and "vlinderuur" not in gone.topics


TEXTS = st.text(min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda of, key, state, label: Edit(
                Place(of, "" if of is EditedList.EXPRESSIONS else "nl", key), state,
                {"voice": "family", "expression": label} if of is EditedList.EXPRESSIONS
                else {"explanation": label, "see": label} if of is EditedList.GLOSSARY
                else {"label": label, "explanation": label},
            ),
            st.sampled_from(EditedList), st.sampled_from(["angst", "angst:bang", "begeleiding", "aanbieder"]),
            st.sampled_from([EditState.SET, EditState.AS_FILE]), TEXTS,
        ),
        max_size=6,
    )
)  # fmt: skip
def test_whatever_is_edited_the_lists_and_words_can_be_read(edits: list[Edit]) -> None:
    lists = codelists.load(None, laid(edits, ()), 1)
    vocabulary.spoken(lists)
    assert {"angst", "somberheid"} <= lists.topics.keys() and "begeleiding" in lists.arrangements
