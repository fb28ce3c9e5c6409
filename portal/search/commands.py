"""`portal search`: rebuild, check and evaluate."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Provider
from portal.catalogue.queries import region_facts
from portal.core import clock
from portal.core.database import current_database
from portal.search.criteria import Criteria
from portal.search.engine import Engine, current_engine
from portal.search.following import current_follower
from portal.search.word_commands import words

COUNTED = 10
"""How many results nDCG looks at."""


@click.group("search")
def search_command() -> None:
    """The search index."""


search_command.add_command(words)


@search_command.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Write the index anew beside the live one and swap it in."""
    click.echo(f"The index holds {current_follower().rebuild()} offers.")


@search_command.command("follow")
@with_appcontext
def follow() -> None:
    """Keep the index in step with the catalogue until stopped: the one process of a machine that writes it."""
    current_follower().run()


@search_command.command("check")
@with_appcontext
def check() -> None:
    """Compare index and database, text by text. Exit 1 where they differ."""
    difference = current_follower().compare()
    if difference is None:
        click.echo("There is no index that can be used; run `portal search rebuild`.")
        sys.exit(1)
    click.echo(
        f"Missing from the index: {len(difference.missing)}. Withdrawn or gone, but still in it: "
        f"{len(difference.left_over)}. Made from earlier texts: {len(difference.outdated)}."
    )
    if difference:
        click.echo("`portal search follow` mends this where it runs; `portal search rebuild` does it at once.")
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
        engine.catalogue(session, facts.revision, clock.today())
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
