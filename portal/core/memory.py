"""What is in memory stays there."""

from __future__ import annotations

import resource


def keep_out_of_core_dumps() -> None:
    """Let the system write no memory of this process, or of those that it starts, to a disk when one breaks down.

    Pages in memory repeat what was asked. It cannot be undone in the process.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
