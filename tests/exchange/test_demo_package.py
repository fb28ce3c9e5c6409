"""The fictional region's files: what is written there arrives in the package, or is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.demo import package

TODAY = date(2026, 11, 22)
PROVIDER = '[[provider]]\nid = "D1"\nname = "Een"\nlocation = [{ id = "L1", kind = "office" }]\n'


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a region, to write in."""
    monkeypatch.setattr(package, "REGION", tmp_path)
    return tmp_path / "region.toml"


def test_rows_carry_their_provider_and_days_follow_today(region: Path) -> None:
    offer = 'offer = [{ id = "O1", waiting_start = 3, waiting_reported = -9 }]\nconfirmed = -2\n'
    region.write_text(PROVIDER + offer, encoding="utf-8")
    tables = package.tables(TODAY)
    assert tables["locations"] == [{"location_id": "L1", "provider_id": "D1", "kind": "office"}]
    assert tables["offers"] == [
        {"offer_id": "O1", "provider_id": "D1", "waiting_weeks_start": 3,
         "waiting_reported_on": date(2026, 11, 13), "checked_on": date(2026, 11, 20)}
    ]  # fmt: skip


def test_a_key_that_is_no_column_is_refused(region: Path) -> None:
    region.write_text(PROVIDER + 'address_confidential = "yes"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="D1: unknown keys address_confidential"):
        package.tables(TODAY)
