"""Settings come from the environment only, typed, and a slip is told at once."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from portal.core.settings import PREFIX, Settings, SettingsError

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_defaults_need_no_environment() -> None:
    settings = Settings.from_environment({})
    assert settings.data_dir == Path("instance")
    assert settings.resolved_database_url.startswith("sqlite:///")


def test_values_are_typed() -> None:
    settings = Settings.from_environment(
        {
            "PORTAL_DATA_DIR": "/data",
            "PORTAL_WORKERS": "4",
            "PORTAL_DEMONSTRATION": "yes",
            "PORTAL_TRUSTED_HOSTS": "a.nl, b.nl",
            "PORTAL_DATABASE_URL": "postgresql+psycopg://x/y",
            "HOME": "/root",
        }
    )
    assert (settings.data_dir, settings.workers, settings.demonstration) == (Path("/data"), 4, True)
    assert settings.trusted_hosts == ("a.nl", "b.nl")
    assert settings.resolved_database_url == "postgresql+psycopg://x/y"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORTAL_WORKERS", "many", "whole number"),
        ("PORTAL_WORKERS", "-1", "negative"),
        ("PORTAL_DEMONSTRATION", "perhaps", "neither yes nor no"),
        ("PORTAL_LOG_LEVEL", "LOUD", "INFO"),
        ("PORTAL_REGION_NAAM", "X", "PORTAL_REGION_NAME"),
        ("PORTAL_BASE_URL", "https://x.nl/", "slash"),
    ],
)
def test_a_slip_is_named(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        Settings.from_environment({name: value})


def test_every_setting_is_documented_in_one_table() -> None:
    documented = re.findall(rf"^\| `({PREFIX}[A-Z_]+)` \|", DOCS.read_text(encoding="utf-8"), flags=re.M)
    assert documented == [PREFIX + item.name.upper() for item in fields(Settings)]
