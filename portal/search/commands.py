"""`portal search`: rebuild, check and evaluate."""

from __future__ import annotations

import json
import logging
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Offer, Provider
from portal.catalogue.queries import region_facts
from portal.core import clock
from portal.core.database import current_database
from portal.search.criteria import Criteria
from portal.search.engine import Engine, current_engine
from portal.search.index import one_writer

logger = logging.getLogger("portal")

PAUSE_SECONDS = 0.5
COUNTED = 10
"""How many results nDCG looks at."""


@click.group("search")
def search_command() -> None:
    """The search index."""


@search_command.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Build the index beside the live one and swap it in."""
    click.echo(f"The index holds {rebuild_index(current_engine())} offers.")


def rebuild_index(engine: Engine) -> int:
    """Build the index of the present revision; how many offers it holds."""
    with one_writer(engine.folder), current_database().sessions() as session:
        return engine.rebuild(session, region_facts(session, current_code_lists()).revision)


@search_command.command("follow")
@with_appcontext
def follow() -> None:
    """Keep the index in step with the catalogue until stopped: the one process that writes it."""
    engine = current_engine()
    while True:
        try:
            catch_up(engine)
        except SQLAlchemyError as error:
            logger.error("the indexer cannot reach the database", exc_info=error)
        time.sleep(PAUSE_SECONDS)


def catch_up(engine: Engine) -> bool:
    """Rebuild where the index is not of the present revision and words; whether that was needed."""
    with one_writer(engine.folder), current_database().sessions() as session:
        revision = region_facts(session, current_code_lists()).revision
        if engine.is_current(revision):
            return False
        engine.rebuild(session, revision)
        return True


@search_command.command("check")
@with_appcontext
def check() -> None:
    """Compare index and database. Exit 1 where they differ."""
    engine = current_engine()
    indexed = engine.index_offer_ids()
    with current_database().sessions() as session:
        stored = frozenset(session.scalars(select(Offer.id)))
        revision = region_facts(session, current_code_lists()).revision
    if indexed is None:
        click.echo("There is no index that can be read; run `portal search rebuild`.")
        sys.exit(1)
    click.echo(f"Missing from the index: {len(stored - indexed)}. No longer in the database: {len(indexed - stored)}.")
    if not engine.is_current(revision):
        click.echo("The index is of an older state of the catalogue or of the words; run `portal search rebuild`.")
    if stored != indexed or not engine.is_current(revision):
        sys.exit(1)


@search_command.command("evaluate")
@click.argument("queries", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def evaluate(queries: Path) -> None:
    """Measure relevance on a JSON file of [{"query": …, "relevant": [provider ids]}]."""
    try:
        asked = _read_queries(json.loads(queries.read_text(encoding="utf-8")))
    except (ValueError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{queries}: {error}") from None
    found_in_three, gains, misses = 0, 0.0, []
    for query, relevant in asked:
        ranked = ranked_providers(current_engine(), query)
        hits = [provider in relevant for provider in ranked]
        found_in_three += any(hits[:3])
        gains += ndcg(hits[:COUNTED], len(relevant))
        if not any(hits[:3]):
            misses.append((query, ranked[:3]))
    click.echo(f"success@3  {found_in_three / len(asked):.3f}")
    click.echo(f"ndcg@{COUNTED}    {gains / len(asked):.3f}")
    click.echo(f"misses     {len(misses)} of {len(asked)}")
    for query, ranked in misses:
        click.echo(f"  {query}  ->  {', '.join(ranked) or 'nothing'}")


def ranked_providers(engine: Engine, query: str) -> list[str]:
    """The providers found for `query`, best first, by the identifiers of the data package; nothing else is asked."""
    lists = current_code_lists()
    with current_database().sessions() as session:
        facts = region_facts(session, lists)
        situation = facts.situation(lists, clock.today())
        answer = engine.answer(session, Criteria(q=query), engine.question(query), situation, facts.revision)
        if answer is None:
            raise click.ClickException("there is no index; run `portal search rebuild` first")
        names = dict(session.execute(select(Provider.id, Provider.identifier)).all())
        return [names[hit.provider_id] for hit in answer.hits]


def ndcg(hits: Sequence[bool], relevant: int) -> float:
    """Normalised discounted cumulative gain of these results, with a gain of 1 for each relevant one."""
    gained = sum(1 / math.log2(rank + 2) for rank, hit in enumerate(hits) if hit)
    possible = sum(1 / math.log2(rank + 2) for rank in range(min(COUNTED, relevant)))
    return gained / possible if possible else 0.0


def _read_queries(content: Any) -> list[tuple[str, set[str]]]:
    if not isinstance(content, list) or not content:
        raise ValueError("is not a list of queries")
    asked = []
    for number, row in enumerate(content, start=1):
        if (
            not isinstance(row, dict)
            or not isinstance(row.get("query"), str)
            or not isinstance(row.get("relevant"), list)
        ):
            raise ValueError(f"entry {number} needs a text `query` and a list `relevant`")
        asked.append((row["query"], {str(provider) for provider in row["relevant"]}))
    return asked
