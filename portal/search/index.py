"""The text index: Whoosh on disk, built beside the live one and swapped in.

A *generation* is a folder under `index/` in the data folder; the file `current` names the one in use. Each knows the
catalogue revision it was built from and the fingerprint of words and code that it was built with. The index is a
cache: the database decides what exists and what is public, and losing the index loses nothing. The folder is
readable by its owner only, since Whoosh keeps pickles in it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import math
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.search.documents import Document

with warnings.catch_warnings():
    # Whoosh 2.7.4 is of 2016; newer Pythons warn of its string escapes when they compile it.
    warnings.simplefilter("ignore")
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.fields import STORED, TEXT, Schema
    from whoosh.index import create_in, open_dir

logger = logging.getLogger("portal")

SCHEMA_VERSION = 1
_K1, _B = 1.2, 0.75
"""The usual constants of BM25."""
_BUILDER_MEMORY_MB = 128
_KEPT_GENERATIONS = 2

Positions = NDArray[np.int64]
Weights = NDArray[np.float64]


def _schema() -> Schema:
    return Schema(
        terms=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),  # stems, each as often as it weighs
        offer=STORED,  # primary key of the offer
        topics=STORED,  # topic code to strength
        unsuitable=STORED,  # topic codes
    )


@dataclass(frozen=True, slots=True)
class Generation:
    """What an index was built from."""

    revision: int
    fingerprint: str


class TextIndex:
    """One generation, opened for reading; shared by the requests of a process that runs one at a time."""

    def __init__(self, folder: Path) -> None:
        details = json.loads((folder / "generation.json").read_text(encoding="utf-8"))
        self.generation = Generation(details["revision"], details["fingerprint"])
        self._reader = open_dir(str(folder)).reader()
        stored = [fields for _, fields in self._reader.iter_docs()]
        self.offer_ids: Positions = np.array([fields["offer"] for fields in stored], dtype=np.int64)
        self.topics = _by_topic(fields["topics"] for fields in stored)
        self.unsuitable: Mapping[str, tuple[Positions, Weights]] = _by_topic(
            dict.fromkeys(fields["unsuitable"], 1.0) for fields in stored
        )
        lengths = [self._reader.doc_field_length(number, "terms") for number in range(len(stored))]
        self._lengths = np.array(lengths, dtype=np.float64)
        self._mean_length = float(self._lengths.mean()) if lengths else 1.0
        self._known: dict[str, tuple[Positions, Weights] | None] = {}

    def weights_of(self, stem: str) -> tuple[Positions, Weights] | None:
        """Where a stem occurs and how much it says there (BM25); None where it occurs nowhere."""
        if stem not in self._known:
            self._known[stem] = self._read(stem)
        return self._known[stem]

    def _read(self, stem: str) -> tuple[Positions, Weights] | None:
        if ("terms", stem) not in self._reader:
            return None
        matcher = self._reader.postings("terms", stem)
        numbers, counts = [], []
        while matcher.is_active():
            numbers.append(matcher.id())
            counts.append(matcher.weight())
            matcher.next()
        where, often = np.array(numbers, dtype=np.int64), np.array(counts, dtype=np.float64)
        rarity = math.log(1 + (len(self.offer_ids) - len(where) + 0.5) / (len(where) + 0.5))
        return where, rarity * often * (_K1 + 1) / (
            often + _K1 * (1 - _B + _B * self._lengths[where] / self._mean_length)
        )

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()


def _by_topic(documents: Iterable[Mapping[str, float]]) -> dict[str, tuple[Positions, Weights]]:
    found: dict[str, tuple[list[int], list[float]]] = {}
    for number, topics in enumerate(documents):
        for topic, strength in topics.items():
            numbers, strengths = found.setdefault(topic, ([], []))
            numbers.append(number)
            strengths.append(strength)
    return {
        topic: (np.array(numbers, dtype=np.int64), np.array(strengths, dtype=np.float64))
        for topic, (numbers, strengths) in found.items()
    }


class IndexFolder:
    """The generations on disk."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "index"

    def current_name(self) -> str | None:
        """The name of the generation in use; None before the first was built."""
        try:
            return (self.path / "current").read_text(encoding="utf-8").strip() or None
        except OSError:
            return None

    def open_current(self) -> TextIndex | None:
        """The generation in use; None where there is none or its files are damaged."""
        name = self.current_name()
        if name is None or "/" in name:
            return None
        try:
            return TextIndex(self.path / name)
        except Exception as damage:  # Whoosh raises whatever its unpickling meets
            logger.error(
                "the index cannot be read", extra={"fields": {"generation": name, "why": type(damage).__name__}}
            )
            return None

    def build(self, documents: Iterable[Document], generation: Generation) -> int:
        """Write a new generation beside the live one, then let it be the current one; how many documents it holds.

        On any error the half-built one is removed and the live one stays.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.chmod(0o700)
        folder = Path(tempfile.mkdtemp(prefix=f"{generation.revision}-", dir=self.path))
        try:
            count = _write(folder, documents)
            details = {"revision": generation.revision, "fingerprint": generation.fingerprint, "documents": count}
            (folder / "generation.json").write_text(json.dumps(details), encoding="utf-8")
            _sync(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        pointer = self.path / f"current.{os.getpid()}"
        pointer.write_text(folder.name, encoding="utf-8")
        pointer.replace(self.path / "current")
        self._remove_old(folder.name)
        return count

    def _remove_old(self, current: str) -> None:
        folders = sorted((p for p in self.path.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
        for folder in [f for f in folders if f.name != current][_KEPT_GENERATIONS - 1 :]:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def one_writer(folder: IndexFolder) -> Iterator[None]:
    """Wait until no other process of this machine writes the index."""
    folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder.path / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(folder: Path, documents: Iterable[Document]) -> int:
    writer = create_in(str(folder), _schema()).writer(limitmb=_BUILDER_MEMORY_MB)
    count = 0
    try:
        for document in documents:
            writer.add_document(
                terms=" ".join(stem for stem, weight in document.terms.items() for _ in range(weight)),
                offer=document.offer_id,
                topics=dict(document.topics),
                unsuitable=list(document.unsuitable),
            )
            count += 1
    except BaseException:
        writer.cancel()
        raise
    writer.commit(optimize=True)
    return count


def _sync(folder: Path) -> None:
    """Have the files on the disk before anything points to them: Whoosh itself never asks for that."""
    for path in [*folder.iterdir(), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
