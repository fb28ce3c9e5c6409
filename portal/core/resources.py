"""Where templates, static files, translations and migrations lie."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent

ROOT = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent
"""The folder that holds them: inside the package in a wheel, beside it in a checkout."""
