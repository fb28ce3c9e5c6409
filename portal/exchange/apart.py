"""Reading a file that was sent to us in a process of its own, with little memory and little time.

Whatever such a file is made of, it can only hurt a process that holds nothing else: no database, no web server. It gets
the file through a pipe, so that the file lies on no disk, and gives back what it understood. (`docs/architecture.md`)
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from portal.catalogue import codelists
from portal.core.messages import N_
from portal.core.settings import PREFIX
from portal.exchange.delivery import Delivery
from portal.exchange.importing import Known, Progress, Understood, read_here
from portal.exchange.problems import Problem, Problems, error
from portal.exchange.readers import Upload
from portal.exchange.values import Around

MOST_MEMORY = 1024**3
MOST_SECONDS = 60
"""Of the processor. By the clock it may take twice as long, on a machine that is busy."""
_COMMAND = (sys.executable, "-c", "from portal.exchange.apart import main; main()")
_OUT_OF_MEMORY = 3
_KILLED = {-signal.SIGKILL, -getattr(signal, "SIGXCPU", signal.SIGKILL)}
_PROGRESS, _DONE = b"progress", b"done"


class ReadingFailed(RuntimeError):
    """The process that reads ended without a result, though it had time and memory."""


@dataclass(frozen=True, slots=True)
class _Task:
    upload: Upload
    code_lists_dir: Path | None
    today: date
    youth_region: str | None


@dataclass(frozen=True, slots=True)
class ReadApart:
    """Reads and checks in another process (an `importing.Reading`), with the code lists of the settings' folder."""

    code_lists_dir: Path | None
    most_memory: int = MOST_MEMORY
    most_seconds: int = MOST_SECONDS

    def __call__(
        self, path: Path | Upload, around: Around, problems: Problems, progress: Progress | None, is_known: Known
    ) -> Understood:
        """What `read_here` would say; a file that asks for too much is a problem like any other.

        Raises ReadingFailed where the other process ended by a mistake of ours.
        """
        assert isinstance(path, Upload)  # noqa: S101 - what was not sent to us lies on a disk and is read by a command
        if (known := is_known(path.sha256)) is not None:
            return Understood(Delivery(), path.name, path.sha256, known)
        task = _Task(path, self.code_lists_dir, around.today, around.youth_region)
        found = self._answer(pickle.dumps(task), progress)
        if found is None:
            problems.put(_too_much(path.name))
            return Understood(Delivery(), path.name, path.sha256)
        understood, its_problems = found
        problems.take(its_problems)
        return understood

    def _answer(self, task: bytes, progress: Progress | None) -> tuple[Understood, Problems] | None:
        limits = (str(self.most_memory), str(self.most_seconds))
        # No secret goes along.
        bare = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        process = subprocess.Popen(  # noqa: S603 - fixed words
            [*_COMMAND, *limits], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=bare
        )
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - pipes were asked
        clock = threading.Timer(2 * self.most_seconds, process.kill)
        clock.start()
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
                pipe.write(task)
            found = _listen(process.stdout, progress)
            if found is None and process.wait() not in (_OUT_OF_MEMORY, *_KILLED):
                raise ReadingFailed(process.returncode)
            return found
        finally:
            clock.cancel()
            process.kill()
            process.wait()
            process.stdout.close()


def _listen(answer: IO[bytes], progress: Progress | None) -> tuple[Understood, Problems] | None:
    """What the other process says; None where it ended without a result."""
    while line := answer.readline():
        what, *numbers = line.split()
        if what == _PROGRESS and progress is not None:
            progress(*map(int, numbers))
        elif what == _DONE:
            # Pickle: it was written by this very module, from values that it made itself.
            found: tuple[Understood, Problems] = pickle.loads(answer.read())  # noqa: S301
            return found
    return None


def _too_much(name: str) -> Problem:
    return Problem(
        error(
            "too_much_work",
            N_("reading this file takes more time or memory than we have for it"),
            N_("leave out empty rows and columns, or send it in parts"),
        ),
        name,
    )


def main() -> None:
    """Be that process: a task comes in at standard input, what was understood goes out at standard output."""
    _limit(*map(int, sys.argv[1:3]))
    try:
        result = pickle.dumps(_read(pickle.loads(sys.stdin.buffer.read())))  # noqa: S301 - of who started us
    except (MemoryError, RecursionError):
        sys.exit(_OUT_OF_MEMORY)
    sys.stdout.buffer.write(_DONE + b"\n" + result)
    sys.stdout.buffer.flush()


def _read(task: _Task) -> tuple[Understood, Problems]:
    out, problems = sys.stdout.buffer, Problems()

    def progress(done: int, total: int) -> None:
        out.write(b"%b %d %d\n" % (_PROGRESS, done, total))
        out.flush()

    around = Around(codelists.load(task.code_lists_dir), task.today, task.youth_region)
    return read_here(task.upload, around, problems, progress, lambda _sha256: None), problems


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # a system without such limits: the clock of who started us is left
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
