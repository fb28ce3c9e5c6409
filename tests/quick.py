"""What many applications in one process may share, so that a test does not wait for what the one before it made.

Every test has an application of its own, on a database of its own. What is shared here follows from files that no
test changes: the code that Jinja makes of a template, and that Werkzeug makes of the form of an address; what search
learned of the words as they stand in the files; and, between the processes of one run, the loaded region.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from portal.catalogue import codelists
from portal.catalogue.codelists import CodeLists
from portal.catalogue.edits.types import Edit
from portal.search import engine


class _Compiled(BytecodeCache):
    """The compiled templates of this process. Jinja asks for them by name and by a digest of the text."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


_TEMPLATES = _Compiled()
_ADDRESSES: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
_make: Any = Rule._compile_builder


def _builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """The function that makes addresses of a rule; it knows nothing but the rule that is handed to it."""
    if rule.defaults:
        return _make(rule, append_unknown)  # type: ignore[no-any-return]
    key = (rule.rule, append_unknown, *rule._trace)
    if key not in _ADDRESSES:
        _ADDRESSES[key] = _make(rule, append_unknown)
    return _ADDRESSES[key]


def share_addresses() -> None:
    """Let all applications of this process share what is made of the form of an address."""
    Rule._compile_builder = _builder  # type: ignore[method-assign]


class _KeepsTheFirst(dict[str, Any]):
    """What was learned, of which search keeps the newest: and here the first too, which every test begins with."""

    def clear(self) -> None:
        for fingerprint in list(self)[1:]:
            del self[fingerprint]


def share_words() -> None:
    """Let all applications of this process share what search learned of the words that nobody edited."""
    engine._learned_before = _KeepsTheFirst()


def share_code_lists() -> None:
    """Let all applications of this process share the code lists as they stand in the files."""
    read = codelists.load
    in_files = cache(read)

    def load(own_folder: Path | None = None, edits: Sequence[Edit] = (), edition: int = 0) -> CodeLists:
        if own_folder is None and not edits and edition == in_files().edition:
            return in_files()
        return read(own_folder, edits, edition)

    codelists.load = load


@contextmanager
def made_once(folder: Path) -> Iterator[bool]:
    """Whether this is the process that is to make `folder`; the others wait until it is there."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder.with_suffix(".done")
        yield not done.exists()
        done.touch()


def share_templates(app: Flask) -> None:
    """Let an application take templates that another compiled."""
    app.jinja_env.bytecode_cache = _TEMPLATES
