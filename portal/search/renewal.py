"""Edited words and code lists in a running web worker, without a restart and without a pause.

Learning words takes a second, and the index has to be made anew with them. So a worker that meets another edition
learns it beside the questions, and answers on with the former words and the former index, which it has in memory. When
the follower of this machine has put the index of the new words in place, the worker goes over to lists, words and index
in one go, between two requests.
"""

from __future__ import annotations

import gc
import logging
import threading
import time

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal.catalogue.codelists import CodeLists
from portal.catalogue.edits.live import LiveLists
from portal.catalogue.queries import revision_and_edition
from portal.core import clock
from portal.core.database import Database
from portal.core.remembered import Remembered
from portal.search import snippets
from portal.search.engine import Engine
from portal.search.suggestions import Suggester

logger = logging.getLogger("portal")

LOOK_SECONDS = 0.25
"""How often it is looked whether the index of the new words is there."""
TRY_AGAIN_SECONDS = 10.0
SETTLED_SECONDS = 2.0
"""After so long no request holds the former words any more."""
DERIVED = (Remembered, Suggester)
"""What a process remembers of the lists and words, among its extensions; made anew at first use."""


class Renewal:
    """Brings one process to the latest edition."""

    def __init__(self, app: Flask, lists: LiveLists) -> None:
        self._app, self._lists = app, lists
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wanted = 0
        self._ready: tuple[CodeLists, Engine | None] | None = None
        self._try_at = 0.0

    def begin(self, edition: int) -> None:
        """Learn `edition` beside the questions, unless that is being done."""
        with self._lock:
            self._wanted = edition
            is_busy = self._thread is not None and self._thread.is_alive()
            if is_busy or self._ready is not None or time.monotonic() < self._try_at:
                return
            self._thread = threading.Thread(target=self._learn, daemon=True, name="words")
            self._thread.start()

    def take(self) -> None:
        """Go over to what was learned, where it is ready: between two requests."""
        ready = self._ready
        if ready is None:
            return
        lists, engine = ready
        self._lists.use(lists)
        if engine is not None:
            self._app.extensions["portal.search"] = engine
        for name in [name for name, one in self._app.extensions.items() if isinstance(one, DERIVED)]:
            del self._app.extensions[name]
        snippets.forget()
        self._ready = None
        if gc.get_freeze_count():
            threading.Timer(SETTLED_SECONDS, _let_go_of_the_former).start()

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until what is being learned is ready."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _learn(self) -> None:
        try:
            lists = self._lists.latest()
            former: Engine | None = self._app.extensions.get("portal.search")
            engine = former.renewed(lists) if former else None
            if former and engine:
                engine.warm_up()
                while engine.index() is None and former.index() is not None:
                    time.sleep(LOOK_SECONDS)
                    if self._wanted != lists.edition:  # edited again meanwhile
                        lists = self._lists.latest()
                        engine = former.renewed(lists)
                        engine.warm_up()
                _read_catalogue(engine, self._app.extensions["portal.database"])
            self._ready = lists, engine
        except SQLAlchemyError as error:
            self._try_at = time.monotonic() + TRY_AGAIN_SECONDS
            logger.warning("edited words cannot be read yet", exc_info=error)


def _read_catalogue(engine: Engine, database: Database) -> None:
    with database.sessions() as session:
        engine.catalogue(session, revision_and_edition(database.engine)[0], clock.today())


def _let_go_of_the_former() -> None:
    """Let the memory of former words be found, in a process that told the collector not to look (`serving.py`)."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def init_app(app: Flask, lists: LiveLists) -> Renewal:
    """Keep lists, words and index of `app` in step with what is edited at desks."""
    renewal = app.extensions["portal.renewal"] = Renewal(app, lists)
    lists.on_newer = renewal.begin
    app.before_request(renewal.take)
    return renewal
