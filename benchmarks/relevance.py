"""Relevance, side by side in one run: our search, plain Whoosh with its Dutch analyser, and SQLite's FTS5 (BM25).

    python -m benchmarks.relevance [development|heldout|both]

On the fictional region, once as it is and once with every `topics` column emptied, which is how a catalogue looks that
nobody tuned for. Prints success@3 and nDCG@10 (see relevance/README.md for the judgements).
"""

from __future__ import annotations

import csv
import json
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

from benchmarks.region import loaded_region
from portal.search.commands import COUNTED, ndcg, ranked_providers
from portal.search.engine import current_engine

HERE = Path(__file__).parent / "relevance"
Search = Callable[[str], list[str]]


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


def measure(search: Search, questions: list[dict[str, object]], fitting: dict[str, set[str]]) -> tuple[float, float]:
    success = gain = 0.0
    for question in questions:
        relevant = set().union(*(fitting[topic] for topic in question["topics"]))  # type: ignore[attr-defined]
        hits = [provider in relevant for provider in search(str(question["query"]))[:COUNTED]]
        success += any(hits[:3])
        gain += ndcg(hits, len(relevant))
    return success / len(questions), gain / len(questions)


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else "both"
    halves = ["development", "heldout"] if wanted == "both" else [wanted]
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
            for half in halves:
                for label, search in engines.items():
                    success, gain = measure(search, read(half), fitting)
                    print(f"  {half:12} {label:14} success@3 {success:.3f}  ndcg@10 {gain:.3f}")


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
