"""Asking the engine of an application."""

from __future__ import annotations

from flask import Flask

from portal.catalogue.queries import region_facts
from portal.core.database import current_database
from portal.search.answers import Answer
from portal.search.criteria import Criteria
from portal.search.engine import current_engine
from tests.conftest import TODAY


def ask(app: Flask, **criteria: object) -> Answer:
    """What the engine answers; `criteria` are those of `Criteria`."""
    with app.app_context(), current_database().sessions() as session:
        engine, lists = current_engine(), app.extensions["portal.lists"].files
        facts = region_facts(session, lists)
        asked = Criteria(**criteria)  # type: ignore[arg-type]
        engine.catalogue(session, facts.revision, TODAY)
        question = engine.question(asked.q)
        situation = facts.situation(lists, TODAY, asked.municipality)
        answer = engine.answer(session, asked, question, situation, facts.revision)
        assert answer is not None
        return answer
