"""The text index: parts written by Whoosh, never changed once written, and one file that says which of them count.

The folder `index/` in the data folder holds a folder a *part* and the file `current`, the *manifest*: the parts in use
in the order in which they were written, with the size and digest of each of their files. Whoever writes adds a part
beside the others and then puts a new manifest in place, so that a reader has either the old index or the new one. An
offer that stands in several parts counts in the last. What is no longer in the manifest is removed a little later.

A manifest knows the catalogue revision up to which it follows the texts, and the fingerprint of words and code with
which it was made. The index is a cache: the database decides what exists and what is public, and losing the index
loses nothing. The folder is readable by its owner only, since Whoosh keeps pickles in it.

A part is read into memory whole, its digest is taken of what was read, and the files are not looked at again: whatever
happens to them afterwards changes no answer. A process that meets a part which is not as it was written leaves the file
`doubted` for the follower, who then looks at everything anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import math
import os
import re
import shutil
import sys
import tempfile
import threading
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from portal.search.documents import Document

with warnings.catch_warnings():
    # Whoosh 2.7.4 is of 2016; newer Pythons warn of its string escapes when they compile it.
    warnings.simplefilter("ignore")
    from whoosh.codec.whoosh3 import W3Codec
    from whoosh.columns import NumericColumn
    from whoosh.fields import COLUMN, FieldType, Schema
    from whoosh.filedb.filestore import RamStorage
    from whoosh.filedb.structfile import BufferFile
    from whoosh.formats import Existence
    from whoosh.index import FileIndex, create_in
    from whoosh.reading import IndexReader, TermNotFound

logger = logging.getLogger("portal")

SCHEMA_VERSION = 3
PART_SIZE = 2_500
"""The most offers in a part: what has to be written anew to be rid of one text."""
_K1, _B = 1.2, 0.75
"""The usual constants of BM25."""
_BUILDER_MEMORY_MB = 128
_POSTINGS_IN_BLOCK = 4_096
_MOST_KEPT_BYTES = 48_000_000
"""How much of the postings a process keeps."""
_GRACE_SECONDS = 10.0
"""How long a part stays after it was superseded, for a process that is just opening it."""
_OPENINGS = 3
"""How often opening is tried, since a part may go between reading the manifest and opening it."""

_LASTING = frozenset({"current", "writer.lock", "doubted", "followed"})
_PART_NAME = re.compile(r"part-[a-z0-9_]+")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.]*")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_MOST = 2**63 - 1

T = TypeVar("T")
Positions = NDArray[np.int64]
Weights = NDArray[np.float64]
Found = tuple[Positions, Weights]
"""Documents with the weight of a term in each, as one part has them."""
Postings = tuple[NDArray[np.int32], NDArray[np.float32]]
"""The same of the whole index, kept in half the room."""


class _Weighed(Existence):  # type: ignore[misc]
    """Postings with a weight and nothing else, from pairs of a term and its weight."""

    def word_values(
        self, value: Sequence[tuple[str, float]], _analyzer: object, **_options: object
    ) -> Iterator[tuple[str, int, float, bytes]]:
        return ((term, 1, float(weight), b"") for term, weight in value)


_WEIGHED = _Weighed()


def _schema() -> Schema:
    # Whoosh looks for the lengths of a field that is not scorable on the disk, for each posting that it writes.
    weighed = {"format": _WEIGHED, "analyzer": None, "scorable": True}
    return Schema(
        terms=FieldType(**weighed),  # stems, each by how much it counts
        topics=FieldType(**weighed),  # topic codes, each by its strength
        forms=FieldType(**weighed),  # forms, and topics in their place: 1 where it is that alone
        unsuitable=FieldType(**weighed),  # topic codes for which the provider says that it is not suitable
        offer=COLUMN(NumericColumn("q")),  # primary key of the offer
        length=COLUMN(NumericColumn("q")),  # sum of the weights of its terms
        digest=COLUMN(NumericColumn("q")),  # of the texts from which all this was made
    )


@dataclass(frozen=True, slots=True)
class PartEntry:
    """What the manifest says of a part."""

    name: str
    offers: int
    files: Mapping[str, tuple[int, str]]
    """File name to its size in bytes and its digest."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts in use, oldest first."""

    revision: int
    """The catalogue revision up to which the texts were followed."""
    fingerprint: str
    parts: tuple[PartEntry, ...]

    @classmethod
    def read(cls, text: str) -> Manifest:
        """Raises ValueError for anything that `written` did not write."""
        try:
            content = json.loads(text)
            parts = tuple(_part_entry(part) for part in _is(list, content["parts"]))
            manifest = cls(_number(content["revision"]), _is(str, content["fingerprint"]), parts)
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"is not a manifest: {type(error).__name__}") from None
        if len({part.name for part in parts}) < len(parts):
            raise ValueError("a part is named twice")
        return manifest

    def written(self) -> str:
        """As the file `current` holds it."""
        parts = [{"name": part.name, "offers": part.offers, "files": part.files} for part in self.parts]
        return json.dumps({"revision": self.revision, "fingerprint": self.fingerprint, "parts": parts})


def _part_entry(content: Any) -> PartEntry:
    files = {
        _word(_FILE_NAME, name): (_number(size), _word(_DIGEST, digest))
        for name, (size, digest) in _is(dict, content["files"]).items()
    }
    return PartEntry(_word(_PART_NAME, content["name"]), _number(content["offers"]), files)


def _is(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise ValueError(f"{kind.__name__} expected")
    return value


def _number(value: Any) -> int:
    if not 0 <= _is(int, value) <= _MOST:
        raise ValueError("a number is out of bounds")
    return cast(int, value)


def _word(pattern: re.Pattern[str], value: Any) -> str:
    if not pattern.fullmatch(_is(str, value)):
        raise ValueError("a name is not one that is written")
    return cast(str, value)


class DamagedIndexError(Exception):
    """A part is not as it was written."""


class _Read(RamStorage):  # type: ignore[misc]
    """The files of a part, as they were read."""

    def open_file(self, name: str, **_options: object) -> BufferFile:
        # Whoosh's own copies what is opened.
        return BufferFile(self.files[name], name=name)


class Part:
    """One part in memory; for any number of threads."""

    def __init__(self, folder: Path, entry: PartEntry) -> None:
        """Raises DamagedIndexError, or whatever Whoosh meets, where the files are not as they were written."""
        storage = _Read()
        for name, (size, digest) in entry.files.items():
            content = (folder / name).read_bytes()
            if len(content) != size or _digest(content) != digest:
                raise DamagedIndexError(f"{name} is not as it was written")
            storage.files[name] = content
        self.entry = entry
        reader = FileIndex(storage).reader()
        self.offer_ids = _column(reader, "offer")
        self.lengths = _column(reader, "length").astype(np.float64)
        self.digests = _column(reader, "digest")
        """Of the texts of each document."""
        # Postings are all that is asked from now on; the memory of the rest is free again.
        self._terms = reader._terms
        self._lock = threading.Lock()
        self._of_topics: dict[tuple[str, str], Found | None] = {}

    def about(self, field: str, topic: str) -> Found | None:
        """As `postings`, for the few and short ones of topics, which are kept for as long as the part is."""
        if (field, topic) not in self._of_topics:
            self._of_topics[field, topic] = self.postings(field, topic)
        return self._of_topics[field, topic]

    def postings(self, field: str, term: str) -> Found | None:
        """The documents that hold the term, with its weight in each; None where none does."""
        numbers, weights = [], []
        with self._lock:  # Whoosh's readers move a place in what they read
            try:
                matcher = self._terms.matcher(field, term.encode(), _WEIGHED)
            except TermNotFound:
                return None
            while matcher.is_active():
                # A block at once: to ask for each posting apart takes twenty times as long.
                matcher._read_data()
                gaps, weighed, _ = matcher._data
                weighed = np.array(1.0 if weighed is None else weighed, dtype=np.float64)
                numbers.append(np.cumsum(gaps, dtype=np.int64))
                weights.append(np.broadcast_to(weighed, len(gaps)))
                matcher._next_block()
        return np.concatenate(numbers), np.concatenate(weights)


def _column(reader: IndexReader, name: str) -> Positions:
    column = reader.column_reader(name)
    return np.array([column[number] for number in range(reader.doc_count_all())], dtype=np.int64)


class TextIndex:
    """The parts of one manifest, read as one; for any number of threads."""

    def __init__(self, manifest: Manifest, parts: Sequence[Part]) -> None:
        self.manifest = manifest
        self.parts = tuple(parts)
        self.offer_ids: Positions = np.concatenate([np.empty(0, np.int64), *(part.offer_ids for part in parts)])
        self._starts = np.cumsum([0, *(len(part.offer_ids) for part in parts)])
        lengths = np.concatenate([np.empty(0), *(part.lengths for part in parts)])
        # The last document of an offer is the one that counts.
        last = len(self.offer_ids) - 1 - np.unique(self.offer_ids[::-1], return_index=True)[1]
        self.is_live: NDArray[np.bool_] = np.zeros(len(self.offer_ids), dtype=np.bool_)
        self.is_live[last] = True
        self._count = max(1, len(last))
        mean = float(lengths[self.is_live].mean()) if len(last) else 1.0
        self._saturation = _K1 * (1 - _B + _B * lengths / max(mean, 1.0))
        self._kept = _Kept(_MOST_KEPT_BYTES)

    def weights_of(self, stem: str) -> Postings | None:
        """Where a stem occurs and how much it says there (BM25); None where it occurs nowhere."""
        return self._kept.recall(
            ("terms", stem), lambda: self._weighed(self._joined(part.postings("terms", stem) for part in self.parts))
        )

    def about(self, topic: str) -> Postings | None:
        """The documents that are about a topic, with its strength (0 to 1)."""
        return self._of_topic("topics", topic)

    def of_form(self, form: str) -> Postings | None:
        """The documents of a form, 1 where they are that alone; or those that are for families who tell of a topic."""
        return self._of_topic("forms", form)

    def unsuitable(self, topic: str) -> Postings | None:
        """The documents whose provider says that the offer is not suitable for a topic."""
        return self._of_topic("unsuitable", topic)

    @cached_property
    def digests(self) -> Mapping[int, int]:
        """Offer to the digest of the texts from which its document was made."""
        digests = np.concatenate([np.empty(0, np.int64), *(part.digests for part in self.parts)])
        return dict(zip(self.offer_ids[self.is_live].tolist(), digests[self.is_live].tolist(), strict=True))

    def live_offers_of(self, part: int) -> Positions:
        """The offers that have their document in the part with this number."""
        here = slice(self._starts[part], self._starts[part + 1])
        return self.offer_ids[here][self.is_live[here]]

    def _of_topic(self, field: str, topic: str) -> Postings | None:
        return self._kept.recall((field, topic), lambda: self._joined(part.about(field, topic) for part in self.parts))

    def _joined(self, found: Iterable[Found | None]) -> Postings | None:
        """The postings of each part as postings of the whole, without the documents that do not count."""
        present = [(start + here[0], here[1]) for start, here in zip(self._starts, found, strict=False) if here]
        if not present:
            return None
        numbers = np.concatenate([numbers for numbers, _ in present]).astype(np.int32)
        weights = np.concatenate([weights for _, weights in present]).astype(np.float32)
        live = self.is_live[numbers]
        return (numbers, weights) if live.all() else (numbers[live], weights[live])

    def _weighed(self, postings: Postings | None) -> Postings | None:
        if postings is None:
            return None
        numbers, often = postings
        rarity = math.log(1 + (self._count - len(numbers) + 0.5) / (len(numbers) + 0.5))
        weights = rarity * often * (_K1 + 1) / (often + self._saturation[numbers])
        return numbers, weights.astype(np.float32)


class _Kept:
    """The postings that were asked for most recently, within a number of bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._postings: OrderedDict[tuple[str, str], Postings | None] = OrderedDict()

    def recall(self, key: tuple[str, str], read: Callable[[], Postings | None]) -> Postings | None:
        with self._lock:
            if key in self._postings:
                self._postings.move_to_end(key)
                return self._postings[key]
            found = self._postings[key] = read()
            self._bytes += _size(key, found)
            while self._bytes > self._most and len(self._postings) > 1:
                self._bytes -= _size(*self._postings.popitem(last=False))
            return found


def _size(key: tuple[str, str], postings: Postings | None) -> int:
    # What Python itself needs for an entry is a few hundred bytes. The second of the key is what somebody typed.
    return 300 + sys.getsizeof(key[1]) + (0 if postings is None else postings[0].nbytes + postings[1].nbytes)


class IndexFolder:
    """The index on disk."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "index"

    def stamp(self) -> tuple[int, int] | None:
        """Changes with every new manifest; None where there is none."""
        try:
            found = (self.path / "current").stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def manifest(self) -> Manifest | None:
        """The manifest in use; None where there is none or it cannot be read."""
        try:
            return Manifest.read((self.path / "current").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def open(self, earlier: TextIndex | None = None) -> TextIndex | None:
        """The index in use, with the parts of an `earlier` one that still count; None where it cannot be read.

        Leaves word for the follower in the latter case.
        """
        known = {part.entry.name: part for part in earlier.parts} if earlier else {}
        for _ in range(_OPENINGS):
            manifest = self.manifest()
            if manifest is None:
                return None
            try:
                parts = [
                    earlier_part
                    if (earlier_part := known.get(entry.name)) and earlier_part.entry == entry
                    else Part(self.path / entry.name, entry)
                    for entry in manifest.parts
                ]
                return TextIndex(manifest, parts)
            except Exception as damage:  # Whoosh raises whatever its unpickling meets
                why = type(damage).__name__
        logger.error("the index cannot be read", extra={"fields": {"why": why}})
        with suppress(OSError):  # a folder that cannot be written: the comparison will find it out
            (self.path / "doubted").touch()
        return None

    def is_doubted(self) -> bool:
        """Whether a process could not read the index since `trust`."""
        return (self.path / "doubted").exists()

    def trust(self) -> None:
        """Forget that a process could not read the index."""
        (self.path / "doubted").unlink(missing_ok=True)

    def beat(self) -> None:
        """Let others see that the index is being followed."""
        (self.path / "followed").touch()

    def followed_at(self) -> float | None:
        """When it was last seen that the index is followed, in seconds since 1970; None where it never was."""
        try:
            return (self.path / "followed").stat().st_mtime
        except OSError:
            return None

    def is_whole(self) -> bool:
        """Whether the files of the manifest are there with their sizes."""
        manifest = self.manifest()
        if manifest is None:
            return False
        try:
            return all(
                (self.path / part.name / name).stat().st_size == size
                for part in manifest.parts
                for name, (size, _) in part.files.items()
            )
        except OSError:
            return False

    def write_parts(self, documents: Iterable[Document]) -> list[PartEntry]:
        """Write the documents into new parts, which nothing uses yet; on any error they are removed again."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.chmod(0o700)
        written: list[PartEntry] = []
        documents = iter(documents)
        try:
            while some := list(islice(documents, 1)):
                written.append(self._write_part(chain(some, islice(documents, PART_SIZE - 1))))
        except BaseException:
            for part in written:
                shutil.rmtree(self.path / part.name, ignore_errors=True)
            raise
        return written

    def _write_part(self, documents: Iterable[Document]) -> PartEntry:
        folder = Path(tempfile.mkdtemp(prefix="part-", dir=self.path))
        try:
            count = _write(folder, documents)
            files = {path.name: _file_entry(path) for path in sorted(folder.iterdir())}
            _sync(folder, *(folder / name for name in files))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return PartEntry(folder.name, count, files)

    def put(self, manifest: Manifest) -> None:
        """Make this the manifest in use."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        former = self.manifest()
        beside = self.path / f"current.{os.getpid()}"
        beside.write_text(manifest.written(), encoding="utf-8")
        _sync(beside)
        beside.replace(self.path / "current")
        _sync(self.path)
        for name in {part.name for part in (former.parts if former else ())} - {part.name for part in manifest.parts}:
            with suppress(OSError):
                os.utime(self.path / name)  # superseded now, so that `sweep` leaves it a while

    def sweep(self, grace: float = _GRACE_SECONDS) -> None:
        """Remove what the manifest does not name, once it has not been touched for `grace` seconds.

        For who holds `one_writer`: what is being written is not named yet.
        """
        manifest = self.manifest()
        used = {part.name for part in manifest.parts} if manifest else set()
        for path in self.path.iterdir() if self.path.is_dir() else ():
            if path.name in used or path.name in _LASTING:
                continue
            if time.time() - path.stat().st_mtime >= grace:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


@contextmanager
def one_writer(folder: IndexFolder) -> Iterator[None]:
    """Wait until no other process of this machine writes the index.

    The lock is of the kind that a forked process does not have too: who outlives the writer keeps nobody out.
    """
    folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder.path / "writer.lock").open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        yield


def _write(folder: Path, documents: Iterable[Document]) -> int:
    codec = W3Codec(blocklimit=_POSTINGS_IN_BLOCK, compression=0)
    writer = create_in(str(folder), _schema()).writer(limitmb=_BUILDER_MEMORY_MB, codec=codec)
    count = 0
    try:
        for document in documents:
            writer.add_document(
                terms=list(document.terms.items()),
                topics=list(document.topics.items()),
                forms=list(document.forms.items()),
                unsuitable=[(topic, 1.0) for topic in document.unsuitable],
                offer=document.offer_id,
                length=sum(document.terms.values()),
                digest=document.digest,
            )
            count += 1
    except BaseException:
        writer.cancel()
        raise
    writer.commit()
    return count


def _file_entry(path: Path) -> tuple[int, str]:
    content = path.read_bytes()
    return len(content), _digest(content)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _sync(*paths: Path) -> None:
    """Have the files on the disk before anything points to them: Whoosh itself never asks for that."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
