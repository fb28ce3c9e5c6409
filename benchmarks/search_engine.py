"""How fast a question is answered, beside tantivy, and what it takes to build and hold the index.

    python -m benchmarks.search_engine [--offers 250 6000 100000] [--folder FOLDER]

For each size it makes a catalogue (kept in FOLDER for the next time), builds the index beside the live one, and answers
the questions of the development and fresh sets, one thread, no question twice. tantivy (`pip install --group bench`)
holds the very same documents, and is asked the same expanded question: the same stems and topics, for twenty hits, the
exact total, and counts of four facets. It is not asked what else an answer has: best offer per provider, all filters on
one offer, counts of the rest, place and price. Engines take turns, question by question. Times are in ms, p50 and p95;
memory is the proportional share (PSS) of a fresh process that answered them all.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import tantivy
from flask import Flask

from benchmarks.large_region import write_large_package
from portal.app import create_app
from portal.catalogue import codelists
from portal.catalogue.models import Offer
from portal.catalogue.queries import region_facts
from portal.core import clock, migrations
from portal.core.settings import Settings
from portal.exchange.importing import import_package
from portal.search.criteria import Criteria
from portal.search.documents import texts
from portal.search.engine import Engine, current_engine
from portal.search.following import current_follower
from portal.search.question import Question

TODAY = date(2026, 11, 22)
QUESTIONS = ("development.jsonl", "fresh.jsonl")
FACETS = ("arrangement", "waar", "topic", "kader")
HITS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, nargs="+", default=[250, 6_000, 100_000])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "portal-search-benchmark")
    parser.add_argument("--once", choices=["rebuild", "answer"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    with clock.frozen(TODAY):
        if options.once:
            {"rebuild": rebuild, "answer": answer}[options.once](options.folder)
            return
        for offers in options.offers:
            folder = options.folder / str(offers)
            make_catalogue(folder, offers)
            print(f"{offers} offers")
            for step in ("rebuild", "answer"):
                command = [sys.executable, "-m", "benchmarks.search_engine", "--once", step, "--folder", str(folder)]
                subprocess.run(command, check=True)


def application(folder: Path) -> Flask:
    return create_app(Settings(data_dir=folder, demonstration=True, log_level="ERROR"))


def make_catalogue(folder: Path, offers: int) -> None:
    """A database with so many offers, unless it is there."""
    if (folder / "ready").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    write_large_package(folder / "package", offers, TODAY)
    database = application(folder).extensions["portal.database"]
    migrations.upgrade(database.engine)
    report = import_package(database, codelists.load(), folder / "package", "Zuid-Limburg", today=TODAY)
    if not report.ok:
        sys.exit(report.as_text("en"))
    (folder / "ready").touch()


def questions() -> list[str]:
    folder = Path(__file__).parent / "relevance"
    lines = [line for name in QUESTIONS for line in (folder / name).read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(json.loads(line)["query"] for line in lines))


def rebuild(folder: Path) -> None:
    app = application(folder)
    migrations.upgrade(app.extensions["portal.database"].engine)
    with app.app_context():
        current_engine().question("the words are learned before")
        started = time.perf_counter()
        count = current_follower().rebuild()
        took = time.perf_counter() - started
        size = sum(path.stat().st_size for path in current_engine().folder.path.rglob("*") if path.is_file())
        print(f"  rebuild of {count} documents: {took:.1f} s, {size / 1e6:.0f} MB on disk")


def answer(folder: Path) -> None:
    app = application(folder)
    with app.app_context(), app.extensions["portal.database"].sessions() as session:
        engine, lists = current_engine(), app.extensions["portal.lists"].files
        facts = region_facts(session, lists)
        situation = facts.situation(lists, TODAY)
        asked = questions()
        engine.answer(session, Criteria(), Question(), situation, facts.revision)
        took: dict[str, list[float]] = {"understand": [], "answer": [], "tantivy": []}
        memory = None
        peer = None
        for turn in ("alone", "beside tantivy"):
            if turn == "beside tantivy":
                # Its memory and the reading of all texts must not count as ours.
                memory, peer = share_of_memory(), Tantivy(engine, session)
                for times in took.values():
                    times.clear()
            for text in asked:
                started = time.perf_counter()
                question = engine.question(text, facts.municipalities)
                understood = time.perf_counter()
                engine.answer(session, Criteria(q=text), question, situation, facts.revision)
                answered = time.perf_counter()
                took["understand"].append((understood - started) * 1000)
                took["answer"].append((answered - understood) * 1000)
                if peer is not None:
                    query = peer.query(question)
                    started = time.perf_counter()
                    peer.ask(query)
                    took["tantivy"].append((time.perf_counter() - started) * 1000)
            print(f"  {turn}, {len(asked)} questions: " + ", ".join(f"{n} {spread(t)}" for n, t in took.items() if t))
        ratio = statistics.median(took["answer"]) / statistics.median(took["tantivy"])
        print(f"  p50 is {ratio:.1f} x tantivy's; memory of the process before tantivy: {memory:.0f} MB")


class Tantivy:
    """The same documents in tantivy."""

    def __init__(self, engine: Engine, session: Any) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        for name in FACETS:
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        self._index.register_tokenizer(
            "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        offers = {offer.id: offer for offer in session.query(Offer)}
        writer = self._index.writer(200_000_000)
        for document in engine.reader.documents(texts(session, TODAY)):
            offer = offers[document.offer_id]
            writer.add_document(
                tantivy.Document(
                    terms=" ".join(stem for stem, weight in document.terms.items() for _ in range(weight)),
                    arrangement=[offer.arrangement or "none"],
                    waar=list(offer.settings),
                    topic=list(document.topics),
                    kader=[offer.framework.value],
                )
            )
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._aggregations = {name: {"terms": {"field": name, "size": 200}} for name in FACETS}
        session.expunge_all()

    def query(self, question: Question) -> Any:
        """Any of the question's stems, or its topics."""
        term, boost, should = tantivy.Query.term_query, tantivy.Query.boost_query, tantivy.Occur.Should
        parts = [(should, term(self._schema, "terms", stem)) for stem in question.terms]
        parts += [(should, boost(term(self._schema, "topic", g.topic), 10 * g.likelihood)) for g in question.topics]
        return tantivy.Query.boolean_query(parts)

    def ask(self, query: Any) -> None:
        self._searcher.search(query, HITS, count=True)
        self._searcher.aggregate(query, self._aggregations)


def spread(times: Sequence[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered):.2f} / {ordered[int(len(ordered) * 0.95)]:.2f}"


def share_of_memory() -> float:
    lines: Iterator[str] = iter(Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines())
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
