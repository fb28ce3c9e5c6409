"""Templates show what presenters hand them: no query, no arithmetic, no address made by hand, nothing inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_template_holds_no_logic(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    for expression in re.findall(r"\{[{%](.*?)[%}]\}", source, flags=re.S):
        code = re.sub(r"'[^']*'|\"[^\"]*\"", "''", expression)
        assert not re.search(r"[^\s]\s*(\*|/|//|%)\s*\w+\s*$", code) or "trans" in code, f"arithmetic: {expression}"
        assert not re.search(r"\b(query|session|select|request|config|g)\.", code), f"reaches out: {expression}"
        assert "|safe" not in code.replace(" ", ""), f"unescaped: {expression}"
    assert not re.search(r"<(style|script)(?![^>]*\bsrc=)[^>]*>", source), "inline style or script"
    assert not re.search(r"\son\w+=|\sstyle=", source), "inline handler or style"


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").glob("*.html")), ids=lambda path: path.name)
def test_a_component_is_one_macro_named_like_its_file(path: Path) -> None:
    macros = re.findall(r"\{%-?\s*macro (\w+)", path.read_text(encoding="utf-8"))
    assert macros == [path.stem]
