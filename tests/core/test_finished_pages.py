"""A page that was made a moment ago is kept, and never outlives what it shows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Response
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.test import create_environ

from portal.app import create_app
from portal.catalogue.models import Offer
from portal.catalogue.operations import touch
from portal.core import finished_pages
from portal.core.database import current_database
from portal.core.finished_pages import FinishedPages
from portal.core.settings import Settings
from tests.conftest import TODAY
from tests.inspection import InspectingClient


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions for which a page was made."""
    from portal.search import routes

    asked: list[str] = []
    real = routes.ask

    def ask(parameters):  # type: ignore[no-untyped-def]
        asked.append(parameters.get("q", ""))
        return real(parameters)

    monkeypatch.setattr(routes, "ask", ask)
    return asked


def test_the_same_question_is_answered_once(region: InspectingClient, made: list[str]) -> None:
    filters = "/zoeken?gemeente=Heerlen&leeftijd=13&sorteer=naam"  # no other test of the shared region asks this
    first, again = region.get(filters), region.get(filters)
    assert len(made) == 1
    assert again.data == first.data
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    new = {"X-Request-Id": "", "Date": ""}
    assert dict(again.headers) | new == dict(first.headers) | new
    assert region.get(filters, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert region.get(filters, headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in region.get(filters).headers
    assert region.get("/zoeken?gemeente=Maastricht").data != first.data


def test_a_change_of_the_catalogue_is_seen_at_once(searchable: InspectingClient, made: list[str]) -> None:
    before = searchable.get("/zoeken").data
    with searchable.application.app_context(), current_database().transaction() as session:
        for offer in session.scalars(select(Offer)):
            offer.withdrawn_on = TODAY - timedelta(1)
        touch(session)
    assert searchable.get("/zoeken").data != before


def test_an_answer_without_the_index_is_not_kept(region: InspectingClient, made: list[str]) -> None:
    region.get("/zoeken?q=angst")
    region.get("/zoeken?q=angst")
    assert made == ["angst", "angst"]


def pages(state: Callable[[object], object] = lambda _environ: 1) -> FinishedPages:
    def made(*_wsgi: object) -> list[bytes]:
        return [b"made"]

    return FinishedPages(made, {"/zoeken"}, state, most_bytes=1_000)


def ask(kept: FinishedPages, question: str, body: str = "") -> bytes:
    """The answer to a question; `body` is what is made, if it must be."""
    environ = create_environ("/zoeken", query_string={"q": question})
    answer = b"".join(kept(environ, lambda *_started: None))  # type: ignore[arg-type,return-value]
    asked = environ.get("portal.finished_page")
    if asked is not None and body:
        kept.keep(asked[1], asked[2], Response(body))
    return answer


def test_it_stays_within_its_bytes_and_its_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = pages()
    for number in range(20):
        ask(kept, str(number), "x" * 100)
    assert ask(kept, "19") == b"x" * 100
    assert ask(kept, "9") == b"made"
    now = finished_pages.time.monotonic()
    monkeypatch.setattr(finished_pages.time, "monotonic", lambda: now + 61)
    assert ask(kept, "19") == b"made"


def test_what_is_past_its_minute_leaves_memory_with_the_next_request_of_any_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = pages()
    now = finished_pages.time.monotonic()
    monkeypatch.setattr(finished_pages.time, "monotonic", lambda: now)
    ask(kept, "a", "x" * 10)
    monkeypatch.setattr(finished_pages.time, "monotonic", lambda: now + 30)
    ask(kept, "b", "x" * 10)
    assert ask(kept, "a") == b"x" * 10
    monkeypatch.setattr(finished_pages.time, "monotonic", lambda: now + 61)
    list(kept(create_environ("/healthz"), lambda *_started: None))  # type: ignore[arg-type,return-value]
    assert len(kept._pages) == 1 and kept._bytes == 10
    assert ask(kept, "b") == b"x" * 10


@pytest.mark.parametrize(
    ("sent", "status"),
    [("*", 304), ('"other", {}', 304), ("{}", 304), ("W/{}", 304), ('"other"', 200), ("nonsense", 200), ("", 200)],
)
def test_a_kept_page_is_not_sent_again_to_who_has_it(region: InspectingClient, sent: str, status: int) -> None:
    first = region.get("/zoeken?gemeente=Heerlen")
    known = sent.format(first.headers["ETag"].removeprefix("W/"))
    again = region.get("/zoeken?gemeente=Heerlen", headers={"If-None-Match": known})
    assert (again.status_code, bool(again.data)) == (status, status == 200)


def test_a_kept_page_is_not_sent_under_a_host_that_is_not_ours(indexed_folder: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(indexed_folder, tmp_path / "data"))
    settings = Settings(data_dir=data, base_url="https://portal.example", proxies=1, trusted_hosts=("portal.example",))
    client = create_app(settings).test_client()
    ours = {"X-Forwarded-Host": "portal.example", "X-Forwarded-Proto": "https"}
    assert [client.get("/zoeken", headers=ours).status_code for _ in range(2)] == [200, 200]
    foreign = {"X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "https"}
    assert [client.get("/zoeken", headers=foreign).status_code for _ in range(2)] == [400, 400]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("%E2%80%AEtsgna", 400), ("angst%1B[2J", 400), ("angst%07", 400), ("angst%7F", 400), ("angst%C2%85", 400),
        ("angst%00", 400), ("%F0%9F%98%A2%20bang", 200), ("%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9", 200),
        ("%D8%AE%D9%88%D9%81", 200), ("%D7%A4%D7%97%D7%93%E2%80%8F", 200), ("%E2%80%AA0612%E2%80%AC", 200),
        ("angst%09en%0D%0Apaniek", 200),
    ],
)  # fmt: skip
def test_an_address_that_looks_other_than_it_is_is_refused(region: InspectingClient, asked: str, status: int) -> None:
    assert region.get(f"/zoeken?q={asked}").status_code == status


def test_it_holds_one_state_only() -> None:
    state = [1]
    kept = pages(lambda _environ: state[0])
    ask(kept, "a", "x" * 10)
    assert ask(kept, "a") == b"x" * 10
    state[0] = 2
    assert ask(kept, "a") == b"made"
    state[0] = 1
    assert ask(kept, "a") == b"made"


def test_without_a_database_nothing_is_kept_and_nothing_breaks() -> None:
    def gone(_environ: object) -> object:
        raise OperationalError("", None, Exception())

    kept = pages(gone)
    assert ask(kept, "a", "x") == b"made"


def test_what_was_asked_cannot_be_read_from_it() -> None:
    one, other = pages(), pages()
    environ = create_environ("/zoeken", query_string={"q": "geheim"})
    assert b"geheim" not in one._address(environ)
    assert one._address(environ) != other._address(environ)
