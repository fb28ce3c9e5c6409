"""A mail server that speaks the protocol, and fails in the ways that real ones do."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """What it received, and how it shall fail."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    """Another reply to a command than the usual one."""
    breaks_off_at: str = ""
    """The command after which it drops the connection without a reply; `"."` is the end of the mail."""
    certificate: ssl.SSLContext | None = None
    encrypted_from_the_start: bool = False
    takes: threading.Event = field(default_factory=threading.Event)
    """It keeps its reply to the end of a mail until this is set."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        told = self.server.told
        if told.encrypted_from_the_start and told.certificate:
            self._encrypt()
        self._say("220 mail.example ESMTP")
        while line := self.rfile.readline():
            command = line.decode().strip()
            word = command.split(" ")[0].split(":")[0].upper()
            if word == told.breaks_off_at:
                return
            if not self._answered(word, command):
                return

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def _answered(self, word: str, command: str) -> bool:
        told = self.server.told
        if word in told.replies:
            self._say(told.replies[word])
        elif word == "EHLO":
            self._say("250-mail.example" + ("\r\n250-STARTTLS" if told.certificate else "") + "\r\n250 AUTH PLAIN")
        elif word == "STARTTLS":
            self._say("220 go ahead")
            self._encrypt()
        elif word == "AUTH":
            told.signed_in.append(command)
            self._say("235 welcome")
        elif word == "RCPT":
            told.recipients.append(command)
            self._say("250 ok")
        elif word == "DATA":
            self._say("354 go ahead")
            return self._took_mail()
        elif word == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 ok")
        return True

    def _took_mail(self) -> bool:
        told, lines = self.server.told, []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not line:
            return False
        if "." not in told.replies:
            told.received.append(b"".join(lines))
        if told.breaks_off_at == ".":
            return False
        told.takes.wait(10)
        self._say(told.replies.get(".", "250 taken"))
        return True

    def _encrypt(self) -> None:
        assert self.server.told.certificate
        self.request = self.server.told.certificate.wrap_socket(self.request, server_side=True)
        self.setup()

    def _say(self, reply: str) -> None:
        self.wfile.write(reply.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    told: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of the test."""


@contextmanager
def running(told: MailServer) -> Iterator[MailServer]:
    """Run it inside the block."""
    told.takes.set()
    with _Server(("127.0.0.1", told.port), _Handler) as server:
        server.told = told
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield told
        server.shutdown()
        thread.join()
