"""Dutch is complete, English is the language of the code, and another language needs no code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from portal.core import languages
from tests.inspection import InspectingClient

ROOT = Path(__file__).parents[2]
DUTCH = ROOT / "translations" / "nl" / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def in_code(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    template = tmp_path_factory.mktemp("messages") / "messages.pot"
    arguments = ["-q", "extract", "-F", "babel.cfg", "-k", "lazy_gettext", "-k", "N_", "-k", "_"]
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        *arguments,
        "--ignore-dirs=.venv",
        "-o",
        str(template),
        ".",
    ]
    subprocess.run(command, check=True, cwd=ROOT)
    with template.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def dutch() -> Catalog:
    with DUTCH.open("rb") as file:
        return read_po(file, locale="nl")


def test_every_string_of_the_interface_has_dutch(in_code: Catalog, dutch: Catalog) -> None:
    assert len(in_code) > 300
    missing = [message.id for message in in_code if message.id and not _translated(dutch, message.id)]
    assert missing == []


def test_every_string_that_the_code_translates_is_gathered(in_code: Catalog) -> None:
    """What stands within an f-string, or within another call, is missed by the extractor: then it stays English."""
    gathered = {message.id if isinstance(message.id, str) else message.id[0] for message in in_code if message.id}
    missed = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.args[0].value!r}"
        for path in (ROOT / "portal").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        and node.func.id in ("gettext", "ngettext", "lazy_gettext", "N_", "_")
        and node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value not in gathered
    ]  # fmt: skip
    assert missed == []


def test_no_dutch_is_left_of_strings_that_are_gone(in_code: Catalog, dutch: Catalog) -> None:
    assert [message.id for message in dutch if message.id and message.id not in in_code] == []


def test_places_to_fill_are_the_same_in_dutch(dutch: Catalog) -> None:
    for message in dutch:
        if message.id:
            english = message.id if isinstance(message.id, tuple) else (message.id,)
            translated = message.string if isinstance(message.string, tuple) else (message.string,)
            expected = {place for text in english for place in re.findall(r"%\((\w+)\)s", text)}
            for text in translated:
                assert set(re.findall(r"%\((\w+)\)s", text)) <= expected, message.id
            assert {place for text in translated for place in re.findall(r"%\((\w+)\)s", text)} == expected, message.id


def _translated(catalogue: Catalog, message_id: object) -> bool:
    found = catalogue.get(message_id)
    if found is None or found.fuzzy:
        return False
    return all(found.string) if isinstance(found.string, tuple) else bool(found.string)


def test_a_right_to_left_language_needs_a_translation_file_only(
    region: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    arabic = languages.language("ar")
    monkeypatch.setattr(languages, "available", lambda: (languages.language("nl"), arabic))
    page = region.page("/zoeken?lang=ar&gemeente=Heerlen")
    assert page.all("html")[0] == {"lang": "ar", "dir": "rtl"}
    assert any("lang=ar" in link["href"] for link in page.all("a"))


def test_every_link_keeps_the_language(region: InspectingClient) -> None:
    page = region.page("/?lang=en")
    inside = [link["href"] for link in page.all("a") if link["href"].startswith("/")]
    assert len(inside) > 20
    assert [href for href in inside if "lang=" not in href] == []
