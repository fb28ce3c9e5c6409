"""The house keeps its shape: who imports whom, and what stays free of the web."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"

MAY_IMPORT = {
    "core": set(),
    "catalogue": {"core"},
    "accounts": {"core", "catalogue"},
    "outcomes": {"core", "catalogue", "accounts"},
    "reviews": {"core", "catalogue", "accounts", "outcomes"},
    "search": {"core", "catalogue", "outcomes", "reviews"},
    "choosing": {"core", "catalogue", "outcomes", "reviews", "search"},
    "exchange": {"core", "catalogue", "accounts", "outcomes", "reviews", "search"},
}
"""From docs/architecture.md; `portal/app.py`, `cli.py`, `models.py`, `pages.py` and `demo` may import everything."""

ROUTES_MAY_IMPORT = {"catalogue": {"outcomes", "reviews"}}
"""Nobody imports routes but `app.py`, so the page of a provider may show what later packages know of it: their queries
and presenters, nothing else."""
FOR_ROUTES = {"presenters", "queries", "rules", "types"}

WITHOUT_WEB = {
    "types", "models", "queries", "operations", "availability", "boundaries", "columns", "disclosure", "distance",
    "drawing", "figures", "fit", "geography", "guidance", "making", "places", "readers", "statistics", "store", "tally",
}  # fmt: skip


def modules() -> list[Path]:
    return sorted(PORTAL.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Each imported module, with the names taken from it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, set()
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, {alias.name for alias in node.names}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PORTAL)))
def test_imports_go_one_way(path: Path) -> None:
    parts = path.relative_to(PORTAL).parts
    package = parts[0] if len(parts) > 1 else None
    for module, names in imports(path):
        if module.split(".")[0] != "portal":
            continue
        target = module.split(".")[1] if "." in module else None
        if package in MAY_IMPORT and target is not None:
            if path.name == "routes.py" and target in ROUTES_MAY_IMPORT.get(package, set()):
                assert module.rpartition(".")[2] in FOR_ROUTES, f"{path.name} must not import {module}"
                continue
            assert target == package or target in MAY_IMPORT[package], f"{package} must not import {module}"
        if target == "demo":
            assert path.name == "app.py" or package == "demo", "nobody imports the demonstration"
        if module.endswith(".routes") or ("routes" in names and target):
            assert path.name == "app.py", "only app.py imports routes"


@pytest.mark.parametrize(
    "path", [path for path in modules() if path.stem in WITHOUT_WEB], ids=lambda path: str(path.relative_to(PORTAL))
)
def test_the_domain_knows_no_web(path: Path) -> None:
    for module, names in imports(path):
        assert not module.startswith(("flask", "werkzeug")), f"{path.name} imports {module}"
        assert not (module == "portal.core" and "clock" in names), "the day is an argument"


def test_whoosh_stays_inside_search() -> None:
    for path in modules():
        for module, _ in imports(path):
            assert not module.startswith("whoosh") or path.is_relative_to(PORTAL / "search")
