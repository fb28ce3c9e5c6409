"""From the parameters of an address to what was found: the same way for the page and for the API."""

from __future__ import annotations

from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.places import place_of
from portal.catalogue.presenters.common import Context
from portal.catalogue.visitor import current_facts, page_context
from portal.core import clock
from portal.core.database import current_session
from portal.search import queries
from portal.search.answers import PAGE_SIZE, Answer
from portal.search.criteria import LONGEST_QUESTION, READABLE, Criteria
from portal.search.engine import current_engine
from portal.search.question import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it was taken to mean, and its answer."""

    criteria: Criteria
    """With the age, municipality and gender that the question itself names."""
    found: Answer
    context: Context


def ask(parameters: MultiDict[str, str], per_page: int = PAGE_SIZE) -> Asked:
    """Answer what `parameters` ask, `per_page` hits at a time; without an index by the words themselves."""
    lists, engine, facts = current_code_lists(), current_engine(), current_facts()
    asked = replace(Criteria.read(parameters, lists), per_page=per_page)
    engine.catalogue(current_session(), facts.revision, clock.today())  # so that the question may name a provider
    question = engine.question(asked.q, facts.municipalities)
    former = parameters.get("gelezen", "")[:LONGEST_QUESTION]
    if asked.q and former and former != asked.q:
        # The fields were filled from the former question; a new one is about another child, or another place.
        asked = asked.forgetting(engine.question(former, facts.municipalities))
    criteria = asked.completed(question)
    if criteria.postcode and criteria.municipality is None and READABLE["municipality"] not in criteria.not_read:
        # Who tells a postcode wants to know what can be chosen there.
        place = place_of(current_session(), lists, criteria.postcode, None)
        here = place.municipality if place else None
        criteria = replace(criteria, municipality=here if here in facts.municipalities else None)
    return Asked(criteria, answer_to(criteria, question), page_context(criteria.municipality))


def answer_to(criteria: Criteria, question: Question) -> Answer:
    """The answer to `criteria` of which the words mean `question`; without an index by the words themselves."""
    session, lists, facts = current_session(), current_code_lists(), current_facts()
    meant = question if criteria.q else Question()
    situation = page_context(criteria.municipality).situation
    found = current_engine().answer(session, criteria, meant, situation, facts.revision)
    if found is None:
        found = replace(queries.answer(session, criteria, lists, situation), question=meant)
    return found


def last_page(asked: Asked) -> Asked:
    """The same on the last page that has any hit: who asks for a later one is shown that."""
    criteria = replace(asked.criteria, page=-(-asked.found.total // asked.criteria.per_page))
    return replace(asked, criteria=criteria, found=answer_to(criteria, asked.found.question))
