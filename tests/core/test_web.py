"""Headers on every answer, error pages that help on, logs without the visitor, and no junk that breaks it."""

from __future__ import annotations

import gzip
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask, abort
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.core.access import Door, needs
from portal.core.database import Database
from portal.core.headers import CONTENT_SECURITY_POLICY, HEADERS
from portal.core.logs import JsonFormatter
from tests.conftest import make_app
from tests.inspection import InspectingClient, Page

STATUSES = (400, 403, 404, 405, 410, 413, 429, 500, 503)


@pytest.fixture
def breaking(new_database_url: object, tmp_path: object) -> Iterator[InspectingClient]:
    """An application with pages that fail in every way."""
    app = make_app(new_database_url(), tmp_path)  # type: ignore[operator, arg-type]
    app.testing = False

    @app.get("/fail/<int:status>")
    @needs(Door.PUBLIC)
    def fail(status: int) -> str:
        if status == 500:
            raise RuntimeError("planted")
        if status == 503:
            raise OperationalError("planted", {}, Exception("gone"))
        abort(status)

    yield app.test_client()  # type: ignore[misc]
    app.extensions["portal.database"].engine.dispose()


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.either_database
def test_every_error_has_a_page_that_helps_on(breaking: InspectingClient, status: int, language: str) -> None:
    page = breaking.page(f"/fail/{status}?lang={language}", status)
    assert page.all("html")[0]["lang"] == language
    assert any(link.get("href", "").startswith("/zoeken") or link.get("href", "") in ("/", "/?lang=en")
               for link in page.all("a"))  # fmt: skip
    assert "planted" not in page.text


@pytest.mark.parametrize("path", ["/", "/bestaat-niet", "/healthz", "/robots.txt", "/static/portal.css", "/sitemap.xml",
                                  "/aanbieders/niemand", *(f"/fail/{status}" for status in STATUSES)])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "TRACE"])
@pytest.mark.either_database
def test_security_headers_are_on_every_answer(breaking: InspectingClient, path: str, method: str) -> None:
    response = breaking.open(path, method=method)
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    assert response.headers["X-Request-Id"]


def test_the_policy_is_as_strict_as_internet_nl_asks() -> None:
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert directives["default-src"] == "'none'"
    assert {"frame-ancestors", "base-uri", "form-action", "object-src"} <= directives.keys()
    for value in directives.values():
        assert value in ("'none'", "'self'")


JUNK = [
    *"""
    /zoeken?q=%00
    /zoeken?q=%ff%fe
    /%ff
    /aanbieders/%00
    /aanbieders/%ed%a0%80
    /zoeken?leeftijd=%F0%9F%91%B6
    /zoeken?pagina=99999999999999999999
    /zoeken?pagina=-1
    /zoeken?pagina=1e9
    /zoeken?wachttijd=%C2%B2
    /zoeken?leeftijd=%D9%A3
    /zoeken?arrangement=%27%20OR%201=1
    /zoeken?q=%25_%27%22%3Cscript%3E
    /zoeken?gemeente=%E2%80%AE
    /?lang=../../etc/passwd
    /?lang=%00
    /?lang=nl&lang=en
    /aanbieders/../../etc
    /aanbieders/x/aanbod/%2e%2e%2f
    /static/../portal/app.py
    /static/%2e%2e/pyproject.toml
    /.git/config
    /.env
    //evil.example
    /\\evil.example
    /zoeken?q=%0d%0aSet-Cookie:x=1
    /gezinshuizen?voor=%00
    /zoeken?sorteer=__class__
    /zoeken?onderwerp[]=1
    /zoeken?q[%24ne]=1
    /account/x.css
    """.split(),
    "/zoeken?q=" + "a" * 3000,
    "/zoeken?q=" + "(" * 500,
    "/zoeken?" + "&".join(f"p{i}=1" for i in range(500)),
    "/zoeken?" + "x" * 8000,
    "/aanbieders/" + "a" * 3000,
]


@pytest.mark.parametrize("path", JUNK)
def test_junk_in_an_address_never_breaks_a_page(region: InspectingClient, path: str) -> None:
    response = region.get(path)
    assert response.status_code < 500
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("cookie", ["x" * 10_000, "session=\udcff", "a=\x01", "lang=en; lang=nl"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "BREW"])
def test_junk_in_cookies_and_methods_never_breaks_a_page(region: InspectingClient, cookie: str, method: str) -> None:
    header = cookie.encode("utf-8", "surrogateescape").decode("latin-1")
    assert region.open("/zoeken", method=method, headers={"Cookie": header}).status_code < 500


PARAMETERS = (
    "q gemeente postcode arrangement onderwerp leeftijd waar wachttijd taal grootte kader vrij sorteer pagina lang "
    "voor plek"
).split()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/", "/zoeken", "/aanbieders", "/gezinshuizen", "/hulp-krijgen", "/woordenlijst"]),
    query=st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=40), max_size=6),
)
def test_nothing_a_person_can_type_breaks_a_page(region: InspectingClient, path: str, query: dict[str, str]) -> None:
    assert region.get(path, query_string=query).status_code in (200, 400)


def test_a_page_travels_compressed_and_is_revalidated(region: InspectingClient) -> None:
    response = region.get("/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert Page(gzip.decompress(response.get_data()).decode()).h1
    again = region.get("/", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert again.get_data() == b""


def test_logs_hold_neither_the_question_nor_the_visitor(region_app: Flask, region: InspectingClient) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    logging.getLogger("portal").addHandler(handler)
    try:
        region.get(
            "/zoeken?q=kanariewoord&gemeente=Heerlen",
            headers={"User-Agent": "kanarie-browser", "Referer": "https://kanarie.example"},
            environ_base={"REMOTE_ADDR": "203.0.113.77"},
        )
        region.get("/aanbieders/kanarie-naam\r\ninjected")
    finally:
        logging.getLogger("portal").removeHandler(handler)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["route"] for line in lines] == ["/zoeken", "/aanbieders/<slug>"]
    assert all(line["request_id"] for line in lines)
    for canary in ("kanarie", "203.0.113.77", "Heerlen", "injected"):
        assert canary not in written.getvalue()


def test_an_error_of_the_database_does_not_write_the_question(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(database.engine.url.render_as_string(hide_password=False), tmp_path)
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE offer_topic"))
        connection.execute(text("DROP TABLE offer_setting"))
    assert app.test_client().get("/zoeken?q=kanariewoord&waar=home&onderwerp=angst").status_code in (500, 503)
    assert "kanariewoord" not in capsys.readouterr().err
    app.extensions["portal.database"].engine.dispose()


def test_absolute_addresses_come_from_the_setting_alone(region: InspectingClient) -> None:
    for name in ("Host", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Original-URL", "X-Host"):
        for path in ("/", "/robots.txt", "/sitemap.xml", "/.well-known/security.txt", "/aanbieders"):
            response = region.get(path, headers={name: "canary.example"})
            assert b"canary.example" not in response.get_data()
            assert "canary.example" not in str(response.headers)


def test_an_unknown_host_is_refused_where_hosts_are_set(new_database_url: object, tmp_path: object) -> None:
    app = make_app(new_database_url(), tmp_path, trusted_hosts=("jeugd.example",))  # type: ignore[operator, arg-type]
    client = app.test_client()
    assert client.get("/over", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/over", headers={"Host": "jeugd.example"}).status_code == 200
    app.extensions["portal.database"].engine.dispose()


def test_health_and_readiness(client: InspectingClient, cli: Callable[..., Result]) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 503, "there is no index yet"
    assert cli("init").exit_code == 0
    assert client.get("/readyz").status_code == 200
    assert "ok       index: holds 0 offers" in cli("doctor").output


def test_the_doctor_names_what_is_wrong(cli: Callable[..., Result]) -> None:
    output = cli("doctor").output
    assert "warning  index: there is none" in output
    assert "ok       tables" in output


def test_not_ready_before_the_database_is_made(tmp_path: object) -> None:
    app = make_app(f"sqlite:///{tmp_path}/empty.sqlite3", tmp_path)  # type: ignore[arg-type]
    client = app.test_client()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    page = client.get("/zoeken")
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    app.extensions["portal.database"].engine.dispose()


def test_security_txt_is_valid_for_half_a_year(region: InspectingClient) -> None:
    response = region.get("/.well-known/security.txt")
    assert response.mimetype == "text/plain"
    fields = dict(line.split(": ", 1) for line in response.get_data(as_text=True).splitlines())
    assert {"Contact", "Expires", "Canonical"} <= fields.keys()


def test_sitemap_lists_every_provider_once(region: InspectingClient) -> None:
    body = region.get("/sitemap.xml").get_data(as_text=True)
    assert body.count("/aanbieders/") > 200
    assert body.count("<loc>") == len(set(body.split("<loc>")[1:]))


@pytest.mark.parametrize("name", ["endpoint", "_anchor", "_method", "_scheme", "_external", "self", "lang"])
@pytest.mark.parametrize("path", ["/", "/over", "/zoeken", "/sitemap.xml", "/bestaat-niet"])
def test_the_names_of_our_own_arguments_are_nothing_special(region: InspectingClient, path: str, name: str) -> None:
    response = region.get(f"{path}?{name}=x", headers={"Host": "evil.example"})
    assert response.status_code == (404 if path == "/bestaat-niet" else 200)
    assert b"//evil.example" not in response.get_data()


@pytest.mark.parametrize("path", ["/aanbieders//x", "/static//portal.css", "/%2f%2fevil.example"])
def test_no_redirect_leaves_this_site(region: InspectingClient, path: str) -> None:
    response = region.get(path, headers={"Host": "evil.example"})
    assert "evil.example" not in response.headers.get("Location", "")


def test_a_304_varies_as_the_page_does(region: InspectingClient) -> None:
    tag = region.get("/over").headers["ETag"]
    response = region.get("/over", headers={"If-None-Match": tag})
    assert response.status_code == 304
    assert "Accept-Encoding" in response.headers["Vary"]
