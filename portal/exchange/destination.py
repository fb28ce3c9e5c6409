"""Where an export goes: never over something that is there, and never half."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from portal.core.messages import N_, Message


class CannotWriteError(Exception):
    """The export cannot be written to this path; carries the sentence that says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A place to write a file; it appears as `path` when the block ends well, and not at all otherwise.

    Raises CannotWriteError where something is at `path` already or its folder does not exist.
    """
    _refuse_unless_free(path)
    temporary = path.parent / _temporary_name()
    try:
        yield temporary
        _refuse_unless_free(path)
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to write files in; they appear in `path` when the block ends well.

    `path` may be an empty folder, which then stays the same folder: it may be a mounted volume, or where
    the user stands. With `.zip` at its end it becomes one zip of the files.
    Raises CannotWriteError where something is at `path` already or its folder does not exist.
    """
    if path.suffix.lower() == ".zip":
        with new_file(path) as archive_path, TemporaryDirectory() as loose:
            yield Path(loose)
            with ZipFile(archive_path, "w", ZIP_DEFLATED) as archive:
                for file in sorted(Path(loose).iterdir()):
                    archive.write(file, file.name)
        return
    is_there = _is_empty_folder(path)
    if not is_there:
        _refuse_unless_free(path)
    temporary = (path if is_there else path.parent) / _temporary_name()
    temporary.mkdir()
    try:
        yield temporary
        if is_there:
            for file in temporary.iterdir():
                file.rename(path / file.name)
        else:
            _refuse_unless_free(path)
            temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _temporary_name() -> str:
    return f".portal-export-{secrets.token_hex(6)}"


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _refuse_unless_free(path: Path) -> None:
    if path.is_dir():
        raise CannotWriteError(Message(N_("%(path)s is a folder with files in it; choose a new name."), {"path": path}))
    if path.exists() or path.is_symlink():
        raise CannotWriteError(Message(N_("%(path)s exists already; choose a new name."), {"path": path}))
    if not path.parent.is_dir():
        raise CannotWriteError(Message(N_("There is no folder %(folder)s; make it first."), {"folder": path.parent}))
