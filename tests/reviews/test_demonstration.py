"""What families tell of the fictional region."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Region
from portal.core import clock
from portal.core.database import Database
from portal.demo import experiences
from portal.demo.people import make_people
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews import family_secrets
from portal.reviews.models import Experience
from portal.reviews.questions import current_sets
from tests.accounts.people import CHEAP
from tests.conftest import copied_app


def test_the_stories_are_told_also_where_phrases_begin_alike(
    indexed_folder: Path, tmp_path: Path, code_lists: CodeLists, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of some hundred phrases, now and then two begin with the same words: no family may be shut out by that."""
    monkeypatch.setattr(family_secrets, "phrase_words", lambda: tuple("abcdefghijkl"))
    for name, many in (("MANY", 6), ("SOME", 3), ("FEW", 1)):
        monkeypatch.setattr(experiences, name, many)
    app = copied_app(indexed_folder, tmp_path / "data")
    database: Database = app.extensions["portal.database"]
    with app.app_context(), database.transaction() as session:
        sets, region_id = current_sets(), session.scalars(select(Region.id)).one()
        make_people(session, CHEAP, region_id, clock.now())
    told = experiences.tell_stories(database, sets, region_id, code_lists, DEFAULT_RULES, clock.now())
    with database.sessions() as session:
        phrases = select(func.count(Experience.phrase_selector.distinct()))
        assert session.scalars(phrases).one() == told > 40
    database.engine.dispose()
