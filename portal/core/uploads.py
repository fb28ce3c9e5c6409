"""Files that somebody sends."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Request


class InMemory(Request):
    """A request whose files are held in memory: what is sent to us lies on no disk, not even for a moment.

    How much that can be is bounded by the length of a body (`MAX_CONTENT_LENGTH`, `core/access.needs`).
    """

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return BytesIO()
