"""Relevance, side by side in one run: our search, plain Whoosh with its Dutch analyser, and SQLite's FTS5 (BM25).

    python -m benchmarks.relevance [SET ...]

A set is `development`, `fresh`, `voices`, `scenes`, `worries` (read while tuning), `heldout`, `heldout2` to `heldout5`
(kept apart), `terms` (what professionals call things) or `names` (of providers: whole, by half, with one letter wrong);
without any, all but the first five.

On the fictional region, once as it is and once with every `topics` column emptied, which is how a catalogue looks that
nobody tuned for. Prints success@3 and nDCG@10 (see relevance/README.md for the judgements). Where questions say
which topics are fine besides, also how many of the first three fit, and how often all three do; and how many of the
topics that the page tells as understood are right, and how often the first is.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sqlite3
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh.analysis import LanguageAnalyzer
    from whoosh.fields import ID, TEXT, Schema
    from whoosh.filedb.filestore import RamStorage
    from whoosh.qparser import OrGroup, QueryParser

from sqlalchemy import select

from benchmarks.region import TODAY, loaded_region
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Provider
from portal.catalogue.queries import region_facts
from portal.core.database import current_database
from portal.search.commands import COUNTED, ndcg, ranked_providers
from portal.search.criteria import Criteria
from portal.search.engine import Engine, current_engine
from portal.search.question import Question

HERE = Path(__file__).parent / "relevance"
TUNED = ("development", "fresh", "voices", "scenes", "worries")
SETS = (*TUNED, "heldout", "heldout2", "heldout3", "heldout4", "heldout5", "terms", "names")
SEED = 20261122
Search = Callable[[str], list[str]]
Asked = tuple[str, set[str]]
"""A question, and the providers that fit it."""


def read(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def texts_of(package: Path) -> list[tuple[str, str]]:
    """(provider, all its offer's texts) for each offer."""
    with (package / "providers.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row["provider_id"]: f"{row['name']} {row['summary']}" for row in csv.DictReader(file)}
    with (package / "offers.csv").open(encoding="utf-8-sig", newline="") as file:
        columns = ("name", "description", "approach", "methods", "topics")
        return [
            (row["provider_id"], " ".join([names[row["provider_id"]], *(row[column] for column in columns)]))
            for row in csv.DictReader(file)
        ]


def first_of_each(providers: list[str]) -> list[str]:
    return list(dict.fromkeys(providers))[:COUNTED]


def fts5(offers: list[tuple[str, str]]) -> Search:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE t USING fts5(provider UNINDEXED, body, tokenize='unicode61 remove_diacritics 2')"
    )
    connection.executemany("INSERT INTO t VALUES (?, ?)", offers)

    def search(question: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question)) or '"x"'
        statement = "SELECT provider FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 60"
        return first_of_each([row[0] for row in connection.execute(statement, (words,))])

    return search


def whoosh(offers: list[tuple[str, str]]) -> Search:
    index = RamStorage().create_index(Schema(provider=ID(stored=True), body=TEXT(analyzer=LanguageAnalyzer("nl"))))
    writer = index.writer()
    for provider, body in offers:
        writer.add_document(provider=provider, body=body)
    writer.commit()
    searcher = index.searcher()
    parser = QueryParser("body", index.schema, plugins=[], group=OrGroup)

    def search(question: str) -> list[str]:
        words = " ".join(re.findall(r"\w+", question))
        return first_of_each([hit["provider"] for hit in searcher.search(parser.parse(words), limit=60)])

    return search


def questions_of(name: str, fitting: dict[str, set[str]], package: Path) -> list[Asked]:
    """The questions of a set, each with the providers that fit it."""
    if name == "names":
        here = choosable(current_engine())
        return [(asked, relevant) for asked, relevant in names(package) if relevant & here]
    return [
        (str(question["query"]), set().union(*(fitting[topic] for topic in question["topics"])))  # type: ignore[attr-defined]
        for question in read(name)
    ]


def names(package: Path) -> list[Asked]:
    """Each provider's name whole, by its rarest word, and with one letter wrong."""
    chance = random.Random(SEED)  # noqa: S311
    with (package / "providers.csv").open(encoding="utf-8-sig", newline="") as file:
        providers = {row["provider_id"]: row["name"] for row in csv.DictReader(file)}
    having: dict[str, set[str]] = defaultdict(set)
    for provider, name in providers.items():
        for word in re.findall(r"\w{3,}", name.lower()):
            having[word].add(provider)
    found: list[Asked] = []
    for name in providers.values():
        same = {other for other, its_name in providers.items() if its_name.lower() == name.lower()}
        found.append((name, same))
        words = re.findall(r"\w{3,}", name.lower())
        rarest = min(words, key=lambda word: (len(having[word]), -len(word)))
        found.append((rarest, having[rarest]))
        found.append((mistyped(name, chance), same))
    return found


def choosable(engine: Engine) -> set[str]:
    """The providers that somebody can choose today; of the others only their own page is found."""
    lists = current_code_lists()
    with current_database().sessions() as session:
        facts = region_facts(session, lists)
        everything = Criteria(per_page=100_000)
        answer = engine.answer(session, everything, Question(), facts.situation(lists, TODAY), facts.revision)
        identifiers = dict(session.execute(select(Provider.id, Provider.identifier)).all())
        return {identifiers[hit.provider_id] for hit in answer.hits} if answer else set()


def mistyped(name: str, chance: random.Random) -> str:
    """The name with one letter of its longest word left out, doubled, changed, or swapped with the next one."""
    word = max(re.findall(r"\w+", name), key=len)
    at = chance.randrange(1, len(word) - 1)
    wrong = chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice("aeinrt") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return name.replace(word, wrong, 1)


def measure(search: Search, questions: list[Asked]) -> tuple[float, float]:
    success = gain = 0.0
    for question, relevant in questions:
        hits = [provider in relevant for provider in search(question)[:COUNTED]]
        success += any(hits[:3])
        gain += ndcg(hits, len(relevant))
    return success / len(questions), gain / len(questions)


def trust(search: Search, questions: list[dict[str, object]], fitting: dict[str, set[str]]) -> str:
    """How much of what the page shows first, and tells as understood, is right or at least fine."""
    fit = all_fit = told = right = first_right = 0
    for question in questions:
        fine = {*question["topics"], *question["fine"]}  # type: ignore[misc]
        shown = search(str(question["query"]))[:3]
        fits = [any(provider in fitting[topic] for topic in fine) for provider in shown]
        fit, all_fit = fit + sum(fits), all_fit + (len(fits) == 3 and all(fits))
        topics = current_engine().question(str(question["query"])).told
        told, right = told + len(topics), right + len(fine.intersection(topics))
        first_right += bool(topics) and topics[0] in fine
    many = len(questions)
    return (
        f"of the first three {fit / 3 / many:.3f} fit, all three {all_fit / many:.3f}; "
        f"of {told / many:.2f} topics told "
        f"a question {right / told:.3f} are right, the first {first_right / many:.3f}"
    )


def main() -> None:
    wanted = sys.argv[1:] or [name for name in SETS if name not in TUNED]
    if unknown := set(wanted) - set(SETS):
        raise SystemExit(f"{', '.join(sorted(unknown))}: choose from {', '.join(SETS)}")
    for emptied in (False, True):
        with loaded_region(empty_topics if emptied else lambda _package: None) as (app, package), app.app_context():
            offers = texts_of(package)
            provider_of = {row["offer_id"]: row["provider_id"] for row in rows(package / "offers.csv")}
            fitting: dict[str, set[str]] = defaultdict(set)
            for judged in read("judged_offers"):
                for topic in judged["topics"]:  # type: ignore[attr-defined]
                    fitting[topic].add(provider_of[str(judged["offer"])])
            engines: dict[str, Search] = {
                "this project": partial(ranked_providers, current_engine()),
                "plain Whoosh": whoosh(offers),
                "SQLite FTS5": fts5(offers),
            }
            print(f"topics {'emptied' if emptied else 'as stated'}: {len(offers)} offers")
            for name in wanted:
                questions = questions_of(name, fitting, package)
                for label, search in engines.items():
                    success, gain = measure(search, questions)
                    print(f"  {name:12} {label:14} success@3 {success:.3f}  ndcg@10 {gain:.3f}", flush=True)
                if name != "names" and "fine" in read(name)[0]:
                    print(f"  {name:12} {trust(engines['this project'], read(name), fitting)}", flush=True)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def empty_topics(package: Path) -> None:
    path = package / "offers.csv"
    changed = [{**row, "topics": ""} for row in rows(path)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(changed[0]))
        writer.writeheader()
        writer.writerows(changed)


if __name__ == "__main__":
    main()
