"""Files as they are sent, made into one package."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import PurePosixPath
from zipfile import ZIP_STORED, ZipFile

from werkzeug.datastructures import FileStorage

from portal.core.languages import gettext
from portal.exchange.readers import MOST_FILES, Upload

LONGEST_NAME = 200


def upload_of(files: Sequence[FileStorage]) -> Upload:
    """One workbook, zip or CSV file as it is; several CSV files put together.

    Raises ValueError with words for people.
    """
    sent = [(_name(file.filename or ""), file.stream.read()) for file in files if file.filename]
    if not sent:
        raise ValueError(gettext("Choose a file first: a workbook, a zip, or one or more CSV files."))
    if len(sent) == 1:
        return Upload(*sent[0])
    if len(sent) > MOST_FILES:
        text = gettext("That are %(count)s files. Choose only the tables that you want to bring in.", count=len(sent))
        raise ValueError(text)
    others = [name for name, _ in sent if PurePosixPath(name).suffix.lower() != ".csv"]
    if others:
        raise ValueError(
            gettext(
                "%(name)s is no CSV file. Send a workbook or a zip by itself, or CSV files together.", name=others[0]
            )
        )
    names = [name.casefold() for name, _ in sent]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ValueError(gettext("%(name)s is there twice. Choose each table once.", name=twice))
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, content in sent:
            archive.writestr(name, content)
    return Upload(_together([name for name, _ in sent]), packed.getvalue())


def _name(sent: str) -> str:
    """The name of a file without folders, and without what no name of a file holds."""
    name = PurePosixPath(sent.replace("\\", "/")).name
    name = "".join(letter for letter in name if letter.isprintable() and letter not in '<>:"|?*')
    suffix = PurePosixPath(name).suffix[:10]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(suffix)] + suffix


def _together(names: list[str]) -> str:
    text = ", ".join(sorted(names))
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
