"""A test client that inspects every page it fetches."""

from __future__ import annotations

import gzip
from collections import Counter
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from portal.core.access import Door, requirement_of

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """A page read tag by tag: its elements with their attributes, and the text of some."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.unclosed: list[str] = []
        self.feed(html)
        self.close()
        self.unclosed += [tag for tag, _ in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append((tag, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self.unclosed.append(tag)
            return
        _, parts = self._open.pop()
        text = " ".join("".join(parts).split())
        self.texts.setdefault(tag, []).append(text)
        if self._open:
            self._open[-1][1].extend(parts)

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][1].append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(self.texts.get("body", []))

    @property
    def h1(self) -> str:
        return self.texts["h1"][0]

    def problems(self) -> list[str]:
        """What is wrong with this page as a page, whatever it is about."""
        found = []
        if len(self.all("h1")) != 1 or not self.h1:
            found.append(f"{len(self.all('h1'))} h1")
        if not self.texts.get("title", [""])[0]:
            found.append("no title")
        html = self.all("html")[0]
        if not html.get("lang") or html.get("dir") not in ("ltr", "rtl"):
            found.append("html without lang or dir")
        found += [
            f"id {i!r} twice" for i, n in Counter(a["id"] for _, a in self.elements if "id" in a).items() if n > 1
        ]
        found += [f"{tag} does not close well" for tag in self.unclosed]
        ids = {attributes["id"] for _, attributes in self.elements if "id" in attributes}
        labelled = {attributes.get("for") for attributes in self.all("label")}
        for tag, attributes in self.elements:
            if "style" in attributes or any(name.startswith("on") for name in attributes):
                found.append(f"{tag} has inline style or script")
            if (tag == "script" and "src" not in attributes) or tag == "style":
                found.append(f"inline {tag}")
            if tag in ("script", "img", "iframe", "source") and "//" in attributes.get("src", ""):
                found.append(f"{tag} from another host")
            if tag == "link" and "stylesheet" in attributes.get("rel", "") and "//" in attributes["href"]:
                found.append("stylesheet from another host")
            if tag == "img" and "alt" not in attributes:
                found.append("img without alt")
            is_field = tag in ("input", "select", "textarea") and attributes.get("type") not in ("hidden", "submit")
            if is_field and attributes.get("id") not in labelled and "aria-label" not in attributes:
                found.append(f"{tag} {attributes.get('name')} without label")
            found += [
                f"{name} names {reference!r}, which is not there"
                for name in ("aria-describedby", "aria-labelledby", "aria-controls")
                for reference in attributes.get(name, "").split()
                if reference not in ids
            ]
        return found


class InspectingClient(FlaskClient):
    """Fetches pages; every HTML page must be sound and every answer must carry the security headers."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:  # type: ignore[override]
        response = super().open(*args, **kwargs)  # type: ignore[arg-type]
        assert "Content-Security-Policy" in response.headers
        if self._is_public(response):
            assert "Set-Cookie" not in response.headers, "public pages set no cookie"
        else:
            assert response.headers["Cache-Control"] == "no-store", "what is for one person is kept by nobody"
        body = response.get_data()
        if response.mimetype == "text/html" and body and not 300 <= response.status_code < 400:
            compressed = response.headers.get("Content-Encoding") == "gzip"
            problems = Page((gzip.decompress(body) if compressed else body).decode()).problems()
            assert not problems, f"{args}: {problems}"
        response.close()
        return response

    def _is_public(self, response: TestResponse) -> bool:
        """Whether the address that answered asks nothing of whoever comes; an address that does not exist neither."""
        request = response.request
        try:
            endpoint, _ = self.application.url_map.bind("localhost").match(request.path, request.method)
        except (HTTPException, RequestRedirect):
            return True
        return requirement_of(self.application, endpoint) is Door.PUBLIC

    def submit(self, path: str, fields: dict[str, object] | None = None, **more: object) -> TestResponse:
        """Send a form as a browser does from a page of the same site."""
        return self.post(path, data=fields or {}, headers={"Sec-Fetch-Site": "same-origin"}, **more)  # type: ignore[arg-type]

    def page(self, path: str, status: int = 200) -> Page:
        """The page at `path`, which must answer with `status`."""
        response = self.get(path)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return Page(response.get_data(as_text=True))
