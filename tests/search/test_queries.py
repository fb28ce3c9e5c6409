"""Without an index a question is answered by its own words: by the rarest of them, each text read once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import event

from portal.catalogue.codelists import CodeLists
from portal.catalogue.queries import region_facts
from portal.core.database import Database
from portal.search import queries
from portal.search.answers import Answer
from portal.search.criteria import Criteria
from tests.conftest import TODAY


@pytest.fixture
def database(searchable_app: Flask) -> Database:
    found: Database = searchable_app.extensions["portal.database"]
    return found


def answer(database: Database, code_lists: CodeLists, q: str) -> Answer:
    with database.sessions() as session:
        situation = region_facts(session, code_lists).situation(code_lists, TODAY, None)
        return queries.answer(session, Criteria(q=q, per_page=1000), code_lists, situation)


def test_words_are_looked_up_once_and_the_commonest_of_many_do_not_count(
    database: Database, code_lists: CodeLists
) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: Sequence[object]) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    rare = answer(database, code_lists, "autisme")
    assert rare.total > 0
    assert sum(" LIKE " in statement for statement in asked) == 1
    assert answer(database, code_lists, "autisme qqqa qqqb qqqc qqqd qqqe qqqf").hits == rare.hits
    every = [answer(database, code_lists, word).total for word in ("angst", "autisme")]
    assert answer(database, code_lists, "angst autisme").total >= max(every)
    assert answer(database, code_lists, "qqqa").hits == []
