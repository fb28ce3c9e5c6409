"""How much of what a family sees first suits it, offer by offer: what fits a topic may still be for other families.

    python -m benchmarks.suits

On the fictional region and `relevance/suits.jsonl`, where people said of each offer that one of several states of the
search showed among the first five: 2, what this family would be glad of; 1, acceptable; 0, it jars (made for others,
another form of help, too heavy). Asks with the age and gender that the question tells, as the page does. What nobody
judged is left out, and counted. Prints, of the first three and of those of them that the page says fit closely, how
many jar, and in how many questions none does.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast

from sqlalchemy import select

from benchmarks.region import TODAY, loaded_region
from benchmarks.relevance import HERE
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Offer
from portal.catalogue.queries import region_facts
from portal.core.database import current_database
from portal.search.criteria import Criteria
from portal.search.engine import current_engine

FIRST = 3


def judged() -> Iterator[tuple[str, Mapping[str, int]]]:
    """Each question with what was said of offers, by the identifiers of the data package."""
    for line in (HERE / "suits.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["query"], row["offers"]


def shown(query: str) -> list[tuple[str, bool]]:
    """The offers of the first cards by their identifiers, and whether the page says that they fit closely."""
    engine, lists = current_engine(), current_code_lists()
    with current_database().sessions() as session:
        facts = region_facts(session, lists)
        question = engine.question(query, facts.municipalities)
        criteria = Criteria(q=query, age=question.age, gender=question.gender, per_page=FIRST)
        answer = engine.answer(session, criteria, question, facts.situation(lists, TODAY), facts.revision)
        identifiers = dict(session.execute(select(Offer.id, Offer.identifier)).all())
    hits = answer.hits if answer else ()
    return [(cast(str, identifiers[hit.offer_id]), hit.fits_closely) for hit in hits]


def main() -> None:
    with loaded_region(lambda _package: None) as (app, _), app.app_context():
        first, close, clean, clean_close, good, questions = Counter[int | None](), Counter[int | None](), 0, 0, 0, 0
        for query, said in judged():
            cards = [(said.get(offer), is_close) for offer, is_close in shown(query)]
            first.update(worth for worth, _ in cards)
            close.update(worth for worth, is_close in cards if is_close)
            clean += all(worth != 0 for worth, _ in cards)
            clean_close += all(worth != 0 for worth, is_close in cards if is_close)
            good += any(worth == 2 for worth, _ in cards)
            questions += 1
    for name, counted, without in (("first three", first, clean), ("of these that fit closely", close, clean_close)):
        known = counted.total() - counted[None]
        print(
            f"{name:26} {counted.total() / questions:.2f} a question: {counted[0] / known:.3f} jar, "
            f"{counted[2] / known:.3f} a family is glad of; none jars in {without / questions:.3f} of {questions} "
            f"questions ({counted[None]} cards not judged)"
        )
    print(f"one that a family is glad of among the first three: {good / questions:.3f}")


if __name__ == "__main__":
    main()
