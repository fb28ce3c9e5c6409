"""The code lists of a running process: the files, with what desks edited laid over them.

A process reads the edits when it first needs lists. Later ones it meets with the next page (`see`): whoever keeps
what was derived from the lists in step (`portal/search/renewal.py`) reads the `latest`, and puts them to use with it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.catalogue import codelists
from portal.catalogue.codelists import CodeListError, CodeLists
from portal.catalogue.edits.queries import edition, edits
from portal.core.database import Database

logger = logging.getLogger("portal")

TRY_AGAIN_SECONDS = 5.0
"""How long a database that could not be read is left alone."""


class LiveLists:
    """The lists that a process uses."""

    def __init__(self, own_folder: Path | None, database: Database) -> None:
        """Raises CodeListError where the files cannot be used."""
        self.own_folder, self._database = own_folder, database
        self.files = codelists.load(own_folder)
        """The lists without any edit."""
        self._used: CodeLists | None = None
        self._try_at = 0.0
        self.on_newer: Callable[[int], None] | None = None
        """Told of an edition that is not the one in use."""

    def now(self) -> CodeLists:
        """The lists in use; without the edits as long as the database cannot be read."""
        if self._used is None:
            if time.monotonic() < self._try_at:
                return self.files
            try:
                self._used = self.latest()
            except SQLAlchemyError:  # also a database that was not made yet
                self._try_at = time.monotonic() + TRY_AGAIN_SECONDS
                return self.files
        return self._used

    def latest(self) -> CodeLists:
        """The lists as they are edited at this moment. Raises SQLAlchemyError where the database cannot be read."""
        with self._database.sessions() as session:
            number = edition(session)
            if number == self.files.edition:
                return self.files
            laid = edits(session)
        try:
            return codelists.load(self.own_folder, laid, number)
        except CodeListError as error:
            # An edit was checked over the files of its time; with newer ones a parent may be gone.
            logger.error("edits of code lists do not fit the files and are not used", exc_info=error)
            return codelists.load(self.own_folder, (), number)

    def use(self, lists: CodeLists) -> None:
        """Let these be the lists in use."""
        self._used = lists

    def see(self, edition: int) -> None:
        """Note the edition that the database has."""
        if self._used is not None and edition != self._used.edition and self.on_newer is not None:
            self.on_newer(edition)


def current_lists() -> LiveLists:
    """The lists of the running application."""
    return cast(LiveLists, current_app.extensions["portal.lists"])
