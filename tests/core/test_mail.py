"""Mail leaves once, with its headers as we wrote them, and nothing of it stays when it has left."""

from __future__ import annotations

import email
import io
import logging
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import pytest
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.core.database import Database
from portal.core.logs import JsonFormatter
from portal.core.mail import operations
from portal.core.mail.models import Mail
from portal.core.mail.queries import outbox, state_of
from portal.core.mail.sending import Emptied, Sender
from portal.core.mail.transports import FolderTransport, MailServerTransport, message_of
from portal.core.mail.types import Encryption, Letter, MailServer, MailState, Trouble, mailbox, subject_line
from portal.core.settings import Settings, SettingsError
from tests.conftest import make_app
from tests.core import mail_server as real
from tests.inspection import InspectingClient

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
SENDER = "Jeugdhulp kiezen <niet-antwoorden@jeugd.example>"
LINK = "https://jeugd.example/uitnodiging#kanariecode"


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[real.MailServer]:
    with real.running(real.MailServer()) as server:
        yield server


def transport(server: real.MailServer) -> MailServerTransport:
    return MailServerTransport(MailServer("127.0.0.1", server.port, Encryption.NONE), SENDER)


@pytest.fixture
def sender(database: Database, server: real.MailServer, clock: Clock) -> Sender:
    return Sender(database, transport(server), clock)


def post(database: Database, to: str = "noor@heerlen.example", **more: datetime) -> int:
    with database.transaction() as session:
        body = f"Goedendag,\n\nU kunt u aanmelden: {LINK}\n.\nTot ziens é"
        return operations.post(session, to, "Uw uitnodiging", body, NOON, language="nl", **more)


def stored(database: Database, mail_id: int) -> Mail:
    with database.sessions() as session:
        return session.scalars(select(Mail).where(Mail.id == mail_id)).one()


# --- what is posted ----------------------------------------------------------------------------------------


def test_a_mail_arrives_as_it_was_written(database: Database, server: real.MailServer, sender: Sender) -> None:
    post(database)
    assert sender.empty() == Emptied(1, 0)
    message = email.message_from_bytes(server.received[0], policy=policy.default)
    assert message["From"] == SENDER
    assert message["To"] == "noor@heerlen.example"
    assert message["Subject"] == "Uw uitnodiging"
    assert message["Content-Language"] == "nl"
    assert message["Auto-Submitted"] == "auto-generated"
    assert f"aanmelden: {LINK}\n.\nTot ziens é" in message.get_content().replace("\r\n", "\n")
    assert max(map(len, server.received[0].splitlines())) <= 78


def test_nothing_of_a_mail_stays_when_it_has_left(database: Database, sender: Sender) -> None:
    mail_id = post(database)
    sender.empty()
    mail = stored(database, mail_id)
    assert mail.state is MailState.SENT
    assert (mail.recipient, mail.subject, mail.body, mail.claim) == (None, None, None, None)
    if database.engine.dialect.name == "sqlite":
        files = Path(database.engine.url.database or "").parent.glob(
            Path(database.engine.url.database or "").name + "*"
        )
        content = b"".join(path.read_bytes() for path in files)
        assert b"kanariecode" not in content
        assert b"noor@heerlen" not in content


def test_the_table_refuses_to_keep_what_has_left(database: Database) -> None:
    mail_id = post(database)
    with pytest.raises(IntegrityError, match="erased_when_it_left"), database.transaction() as session:
        session.execute(update(Mail).where(Mail.id == mail_id).values(state=MailState.SENT, ended_at=NOON))


def test_what_is_rolled_back_is_not_sent(database: Database, server: real.MailServer, sender: Sender) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        operations.post(session, "noor@heerlen.example", "Uw uitnodiging", LINK, NOON, language="nl")
        1 / 0  # noqa: B018
    assert sender.empty() == Emptied(0, 0)
    assert server.received == []


@pytest.mark.parametrize(
    "address",
    ["", "noor", "noor@", "@heerlen.nl", "noor@heerlen", "noor @heerlen.nl", "a@b.nl,c@d.nl", "a@b.nl;c@d.nl",
     "Noor <noor@heerlen.nl>", "noor@heerlen.nl\nBcc: x@y.nl", "noor@heerlen.nl\r\n", "noor@heerlen.nl\x00",
     "a..b@heerlen.nl", ".a@heerlen.nl", "a@-heerlen.nl", "a@heerlen..nl", "a" * 250 + "@b.nl", "noör@heerlen.nl",
     "\tnoor@heerlen.nl"],
)  # fmt: skip
def test_what_is_not_one_mailbox_is_refused(database: Database, address: str) -> None:
    with pytest.raises(ValueError), database.transaction() as session:
        operations.post(session, address, "Uw uitnodiging", "", NOON, language="nl")


@pytest.mark.parametrize("address", ["\u0131da@heerlen.nl", "\u017fam@heerlen.nl", "noor@\u212aerkrade.nl"])
def test_letters_that_only_look_like_ours_are_refused(address: str) -> None:
    """They pass for i, s and k where capitals do not count; no mail server would know them."""
    with pytest.raises(ValueError):
        mailbox(address)


@pytest.mark.parametrize("address", ["noor@heerlen.nl", " n.janssen+werk@mail.heerlen.nl ", "o'neil@x-y.nl", "1@2.nl"])
def test_what_is_one_mailbox_is_taken(address: str) -> None:
    assert mailbox(address) == address.strip()


@pytest.mark.parametrize(
    "subject", ["", " ", "Hallo\nBcc: x@y.nl", "Hallo\r\n", "Hallo\x1b[31m", "a\u2028b", "x" * 201]
)
def test_what_is_not_one_line_is_no_subject(subject: str) -> None:
    with pytest.raises(ValueError):
        subject_line(subject)


@given(to=st.text(max_size=40), subject=st.text(max_size=60), body=st.text(max_size=200))
def test_nothing_that_can_be_typed_becomes_a_header(to: str, subject: str, body: str) -> None:
    try:
        letter = Letter(1, mailbox(to), subject_line(subject), body.encode("utf-8", "ignore").decode(), "nl", NOON)
    except ValueError:
        letter = Letter(1, "noor@heerlen.nl", "Hallo", f"{to}\n{subject}\n{body}".encode("utf-8", "ignore").decode(),
                        "nl", NOON)  # fmt: skip
    read = email.message_from_bytes(message_of(letter, SENDER).as_bytes(), policy=policy.default)
    assert sorted(read.keys()) == [
        "Auto-Submitted", "Content-Language", "Content-Transfer-Encoding", "Content-Type", "Date", "From",
        "MIME-Version", "Message-ID", "Subject", "To",
    ]  # fmt: skip
    assert len(read["To"].addresses) == 1


# --- once ---------------------------------------------------------------------------------------------------


def test_many_senders_send_each_mail_once(database: Database, server: real.MailServer, clock: Clock) -> None:
    mails = [post(database, f"p{number}@heerlen.example") for number in range(30)]
    senders = [Sender(database, transport(server), clock) for _ in range(4)]
    threads = [threading.Thread(target=sender.empty) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    to = sorted(email.message_from_bytes(mail)["To"] for mail in server.received)
    assert to == sorted(f"p{number}@heerlen.example" for number in range(30))
    assert {stored(database, mail).state for mail in mails} == {MailState.SENT}


def test_a_clock_that_jumps_sends_nothing_twice(database: Database, server: real.MailServer, clock: Clock) -> None:
    post(database)
    server.takes.clear()  # the server takes its time over the first sender's mail
    slow = threading.Thread(target=Sender(database, transport(server), clock).empty)
    slow.start()
    while not server.received:
        pass
    tomorrow = Clock()
    tomorrow.forward(days=1)
    assert Sender(database, transport(server), tomorrow).empty() == Emptied(0, 0)
    server.takes.set()
    slow.join()
    assert len(server.received) == 1


def test_a_sender_that_was_overtaken_keeps_off(database: Database, clock: Clock) -> None:
    mail_id = post(database)
    with database.transaction() as session:
        first = operations.claim(session, mail_id, NOON)
    with database.transaction() as session:
        assert operations.claim(session, mail_id, NOON) is None
        second = operations.claim(session, mail_id, NOON + timedelta(minutes=2))
    assert first and second
    with database.transaction() as session:
        assert not operations.hand_over(session, mail_id, first[1], NOON)
        assert operations.hand_over(session, mail_id, second[1], NOON)
        assert not operations.hand_over(session, mail_id, second[1], NOON)


def test_a_mail_whose_sender_died_before_handing_it_over_is_tried_again(
    database: Database, server: real.MailServer, sender: Sender, clock: Clock
) -> None:
    mail_id = post(database)
    with database.transaction() as session:
        operations.claim(session, mail_id, NOON)
    assert sender.empty() == Emptied(0, 0)
    clock.forward(minutes=1)
    assert sender.empty() == Emptied(1, 0)


def test_a_mail_whose_sender_died_while_handing_it_over_is_not_sent_again(
    database: Database, server: real.MailServer, sender: Sender, clock: Clock
) -> None:
    mail_id = post(database)
    with database.transaction() as session:
        claimed = operations.claim(session, mail_id, NOON)
        assert claimed and operations.hand_over(session, mail_id, claimed[1], NOON)
    clock.forward(hours=2)
    assert sender.empty() == Emptied(0, 0)
    assert server.received == []
    mail = stored(database, mail_id)
    assert (mail.state, mail.body) == (MailState.UNCERTAIN, None)


def test_a_connection_that_breaks_at_the_end_of_a_mail_leaves_it_uncertain(
    database: Database, server: real.MailServer, sender: Sender, clock: Clock
) -> None:
    server.breaks_off_at = "."
    mail_id = post(database)
    assert sender.empty() == Emptied(0, 1)
    server.breaks_off_at = ""
    clock.forward(days=1)
    assert sender.empty() == Emptied(0, 0)
    assert len(server.received) == 1
    assert stored(database, mail_id).state is MailState.UNCERTAIN


# --- trouble -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT"])
def test_a_connection_that_breaks_before_costs_nothing(
    database: Database, server: real.MailServer, sender: Sender, clock: Clock, command: str
) -> None:
    server.breaks_off_at = command
    server.replies = {"HELO": "500 no"}
    post(database)
    assert sender.empty().failed == 1
    server.breaks_off_at, server.replies = "", {}
    clock.forward(minutes=1)
    assert sender.empty() == Emptied(1, 0)


@pytest.mark.parametrize(
    ("replies", "state", "trouble"),
    [
        ({"RCPT": "550 5.1.1 no such user noor@heerlen.example"}, MailState.REFUSED, Trouble.MAILBOX),
        ({"RCPT": "554 5.7.1 relay access denied"}, MailState.WAITING, Trouble.REFUSED),
        ({"RCPT": "451 4.7.1 greylisted"}, MailState.WAITING, Trouble.REFUSED),
        ({"MAIL": "550 5.7.1 not your domain"}, MailState.WAITING, Trouble.SENDER),
        ({"DATA": "452 full"}, MailState.WAITING, Trouble.REFUSED),
        ({".": "451 try later"}, MailState.WAITING, Trouble.REFUSED),
        ({".": "550 5.1.1 no such user"}, MailState.REFUSED, Trouble.MAILBOX),
    ],
)
def test_what_a_server_says_decides_whether_it_is_tried_again(
    database: Database,
    server: real.MailServer,
    sender: Sender,
    replies: dict[str, str],
    state: MailState,
    trouble: Trouble,
) -> None:
    server.replies = replies
    mail_id = post(database)
    assert sender.empty().failed == 1
    mail = stored(database, mail_id)
    assert (mail.state, mail.trouble) == (state, trouble)
    assert (mail.body is None) == (state is MailState.REFUSED)


def test_the_pause_doubles_up_to_six_hours(database: Database, clock: Clock) -> None:
    nobody_listens = MailServerTransport(MailServer("127.0.0.1", 1, Encryption.NONE), SENDER)
    sender = Sender(database, nobody_listens, clock)
    mail_id = post(database)
    pauses = []
    for _ in range(11):
        assert sender.empty() == Emptied(0, 1, Trouble.UNREACHABLE)
        next_try = stored(database, mail_id).not_before
        pauses.append((next_try - clock.now) / timedelta(minutes=1))
        clock.now = next_try
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_a_server_that_is_down_is_asked_once_not_for_every_mail(database: Database, clock: Clock) -> None:
    mails = [post(database) for _ in range(5)]
    nobody_listens = MailServerTransport(MailServer("127.0.0.1", 1, Encryption.NONE), SENDER)
    assert Sender(database, nobody_listens, clock).empty() == Emptied(0, 1, Trouble.UNREACHABLE)
    assert sum(stored(database, mail).attempts for mail in mails) == 1


def test_a_mail_that_is_of_no_use_any_more_is_not_sent(
    database: Database, server: real.MailServer, sender: Sender, clock: Clock
) -> None:
    mail_id = post(database, not_after=NOON + timedelta(hours=1))
    clock.forward(hours=1)
    assert sender.empty() == Emptied(0, 0)
    with database.transaction() as session:
        assert operations.forget(session, clock.now, kept_days=30) == 1
        assert state_of(session, mail_id) is None


def test_mail_is_kept_thirty_days_sent_or_not(database: Database, sender: Sender, clock: Clock) -> None:
    post(database)
    sender.empty()
    post(database)
    for days, deleted in ((29, 0), (30, 2), (30, 0)):
        with database.transaction() as session:
            assert operations.forget(session, NOON + timedelta(days=days), kept_days=30) == deleted


def test_the_outbox_says_how_much_waits_how_long_and_why(
    database: Database, server: real.MailServer, sender: Sender, clock: Clock
) -> None:
    server.replies = {"RCPT": "451 later"}
    post(database)
    post(database)
    sender.empty()
    with database.sessions() as session:
        found = outbox(session)
    assert (found.waiting, found.oldest, found.trouble) == (2, NOON, Trouble.REFUSED)


def test_no_log_names_a_recipient(database: Database, server: real.MailServer, sender: Sender, clock: Clock) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("portal")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel("DEBUG")
    try:
        for replies in ({"RCPT": "550 5.1.1 <kanarie@heerlen.example> unknown"}, {".": "554 kanarie"}, {}):
            server.replies = replies
            post(database, "kanarie@heerlen.example")
            sender.empty()
            clock.forward(hours=1)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert "mail refused" in written.getvalue()
    assert "mail sent" in written.getvalue()
    assert "kanarie" not in written.getvalue()


# --- the server ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A certificate for 127.0.0.1 that signed itself, and its file."""
    from ipaddress import ip_address

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context, folder / "certificate.pem"


@pytest.mark.parametrize("encryption", [Encryption.FROM_THE_START, Encryption.STARTTLS])
def test_mail_and_password_travel_encrypted(
    database: Database,
    clock: Clock,
    certificate: tuple[ssl.SSLContext, Path],
    monkeypatch: pytest.MonkeyPatch,
    encryption: Encryption,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    told = real.MailServer(certificate=certificate[0], encrypted_from_the_start=encryption is Encryption.FROM_THE_START)
    with real.running(told) as server:
        post(database)
        by = MailServerTransport(MailServer("127.0.0.1", server.port, encryption, "portal", "geheim"), SENDER)
        assert Sender(database, by, clock).empty() == Emptied(1, 0)
        assert server.signed_in


@pytest.mark.parametrize("encryption", [Encryption.FROM_THE_START, Encryption.STARTTLS])
def test_nothing_is_told_to_a_server_that_is_not_trusted(
    database: Database, clock: Clock, certificate: tuple[ssl.SSLContext, Path], encryption: Encryption
) -> None:
    told = real.MailServer(certificate=certificate[0], encrypted_from_the_start=encryption is Encryption.FROM_THE_START)
    with real.running(told) as server:
        post(database)
        by = MailServerTransport(MailServer("127.0.0.1", server.port, encryption, "portal", "geheim"), SENDER)
        assert Sender(database, by, clock).empty() == Emptied(0, 1, Trouble.INSECURE)
        assert (server.signed_in, server.recipients) == ([], [])


def test_nothing_is_told_to_a_server_that_does_not_encrypt(
    database: Database, server: real.MailServer, clock: Clock
) -> None:
    post(database)
    by = MailServerTransport(MailServer("127.0.0.1", server.port, Encryption.STARTTLS, "portal", "geheim"), SENDER)
    assert Sender(database, by, clock).empty() == Emptied(0, 1, Trouble.INSECURE)
    assert (server.signed_in, server.recipients) == ([], [])


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://a%40b.nl:p%2Fw@mail.nl", MailServer("mail.nl", 465, Encryption.FROM_THE_START, "a@b.nl", "p/w")),
        ("smtp://u:p@mail.nl", MailServer("mail.nl", 587, Encryption.STARTTLS, "u", "p")),
        ("smtp://mail.nl:2525", MailServer("mail.nl", 2525, Encryption.STARTTLS)),
        ("smtp://localhost", MailServer("localhost", 25, Encryption.NONE)),
        ("smtp://[::1]:1025", MailServer("::1", 1025, Encryption.NONE)),
    ],
)
def test_the_address_of_a_server_says_how_it_is_reached(url: str, server: MailServer) -> None:
    read = MailServer.from_url(url)
    assert read == server
    assert "p/w" not in repr(read)


@pytest.mark.parametrize(
    "url",
    ["mail.nl", "http://mail.nl", "smtp://", "smtps://u@mail.nl", "smtp://mail.nl/x", "smtp://u:geheim/x@mail.nl:99"],
)
def test_an_address_that_cannot_be_used_stops_the_program_without_telling_the_password(url: str) -> None:
    with pytest.raises(SettingsError, match="PORTAL_MAIL_URL") as told:
        Settings.from_environment({"PORTAL_MAIL_URL": url, "PORTAL_MAIL_SENDER": SENDER})
    assert "geheim" not in str(told.value)


def test_a_server_needs_a_sender() -> None:
    with pytest.raises(SettingsError, match="PORTAL_MAIL_SENDER"):
        Settings.from_environment({"PORTAL_MAIL_URL": "smtps://mail.nl"})


# --- commands, the doctor, the demonstration -----------------------------------------------------------------


def test_the_command_empties_the_outbox_once(cli: Callable[..., Result], app: Flask, database: Database) -> None:
    post(database)
    assert cli("mail", "send").output == "1 sent, 0 not.\n"
    assert cli("mail", "send").output == "0 sent, 0 not.\n"
    assert len(list((app.extensions["portal.settings"].data_dir / "mail").glob("*.eml"))) == 1


def test_the_doctor_tries_the_server_and_says_what_waits(
    database: Database, server: real.MailServer, tmp_path: Path
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    post(database)  # in November 2026, so that it waits for long

    def said(**settings: str) -> str:
        app = make_app(url, tmp_path, **settings)
        output: str = app.test_cli_runner().invoke(args=["doctor"]).output
        app.extensions["portal.database"].engine.dispose()
        return output

    assert "ok       mail: 127.0.0.1 takes it" in said(mail_url=f"smtp://127.0.0.1:{server.port}", mail_sender=SENDER)
    broken = said(mail_url="smtp://127.0.0.1:1", mail_sender=SENDER)
    assert "error    mail: the mail server cannot be reached" in broken
    assert "warning  outbox: 1 waiting, the oldest since 2026-11-22 12:00: does `portal serve` run?" in broken
    assert "ok       mail: lands in" in said()


def test_mail_of_a_demonstration_can_be_read(
    client: InspectingClient, cli: Callable[..., Result], database: Database
) -> None:
    empty = client.page("/voorbeeldpost")
    assert "Er is nog niets verstuurd" in empty.text
    post(database)
    with database.transaction() as session:
        later = NOON + timedelta(minutes=1)
        operations.post(session, "sem@x.example", "<b>Vet</b>", "<script>alert(1)</script>", later, language="en")
    cli("mail", "send")
    for language in ("nl", "en"):
        page = client.page(f"/voorbeeldpost?lang={language}")
        assert page.texts["h2"][:2] == ["<b>Vet</b>", "Uw uitnodiging"]
        assert any(link.get("href") == LINK for link in page.all("a"))
    response = client.get("/voorbeeldpost")
    assert response.headers["Cache-Control"] == "no-store"


def test_outside_a_demonstration_there_is_no_such_page(database: Database, tmp_path: Path) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    FolderTransport(tmp_path / "mail", SENDER).deliver(Letter(1, "a@b.nl", "Geheim", LINK, "nl", NOON), lambda: True)
    for settings in ({"demonstration": False}, {"mail_url": "smtp://127.0.0.1:1", "mail_sender": SENDER}):
        app = make_app(url, tmp_path, **settings)
        assert app.test_client().get("/voorbeeldpost").status_code == 404
        app.extensions["portal.database"].engine.dispose()


def test_files_of_a_demonstration_hold_no_more_than_the_owner_may_read(tmp_path: Path) -> None:
    letter = Letter(1, "a@b.nl", "Hallo", LINK, "nl", NOON)
    FolderTransport(tmp_path / "mail", SENDER).deliver(letter, lambda: True)
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "mail", *(tmp_path / "mail").iterdir())} == {0}
