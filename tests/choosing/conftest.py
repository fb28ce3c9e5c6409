"""A small catalogue of which every fact is known to the tests, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.catalogue.models import AccessPoint, Contract, Location, Offer, Provider, Region
from portal.catalogue.operations import touch
from portal.catalogue.types import AccessPointKind, LocationKind
from portal.core import clock
from portal.core.database import Database
from tests.conftest import TODAY, make_app
from tests.inspection import InspectingClient

HEERLEN = "GM0917"
MAASTRICHT = "GM0935"

PROVIDERS: dict[str, dict[str, Any]] = {
    "linde": {"same_worker": "always", "size": "solo", "first_meeting": True, "languages": ["nl"]},
    "berk": {"same_worker": "no", "size": "large", "first_meeting": None, "languages": ["nl", "pl"]},
    "els": {"same_worker": None, "size": "small", "first_meeting": True, "languages": ["nl"]},
    "den": {"same_worker": "usually", "size": "medium", "first_meeting": False, "languages": ["nl"]},
    "iep": {"same_worker": "usually", "size": "medium", "first_meeting": True, "languages": ["nl"]},
}
OFFERS: dict[str, dict[str, Any]] = {
    "linde": {"waiting_weeks_intake": 3, "waiting_weeks_start": 4, "settings": ["home"], "age_max": 12},
    "berk": {"waiting_weeks_intake": 3, "waiting_weeks_start": 14, "settings": ["location"]},
    "els": {"waiting_weeks_start": 5, "settings": ["home"], "not_suitable_for": "Gezinnen zonder vaste woonplaats."},
    "den": {"settings": ["location"], "accepting_clients": False},
    "iep": {"waiting_weeks_start": 4, "settings": ["school"], "withdrawn_on": TODAY - timedelta(30)},
}


@pytest.fixture
def small(database: Database, tmp_path: Path) -> Iterator[InspectingClient]:
    """Five providers around Heerlen with an offer each, and one about which a court decides."""
    with database.transaction() as session:
        region = Region(name="Zuid-Limburg", youth_region=None)
        session.add(region)
        for identifier, facts in PROVIDERS.items():
            provider = Provider(
                region=region,
                identifier=identifier,
                slug=identifier,
                name=identifier.capitalize(),
                phone="045-555 00 01",
                **facts,
            )
            session.add(provider)
            session.flush()
            common: dict[str, Any] = {
                "arrangement": "begeleiding",
                "description": f"{identifier.capitalize()} helpt.",
                "waiting_reported_on": TODAY - timedelta(9),
                "topics": ["schoolweigering"],
                "form": "individual",
            }
            session.add(
                Offer(
                    region_id=region.id,
                    provider_id=provider.id,
                    identifier=f"{identifier}-1",
                    name=f"Praten bij {identifier}",
                    **(common | OFFERS[identifier]),
                )
            )
            session.add(
                Location(
                    region_id=region.id,
                    provider_id=provider.id,
                    identifier=f"{identifier}-l",
                    kind=LocationKind.OFFICE,
                    municipality=MAASTRICHT if identifier == "berk" else HEERLEN,
                )
            )
            for arrangement in ("begeleiding", "jeugdbescherming"):
                session.add(
                    Contract(
                        region_id=region.id,
                        provider_id=provider.id,
                        identifier=f"{identifier}-{arrangement}",
                        arrangement=arrangement,
                        start_date=TODAY - timedelta(400),
                        whole_region=True,
                        max_waiting_weeks=8,
                    )
                )
        for identifier, arrangement in (("hof-1", "jeugdbescherming"), ("nood-1", "crisis")):
            session.add(
                Offer(
                    region_id=region.id,
                    provider_id=provider.id,
                    identifier=identifier,
                    name=f"Hulp {identifier}",
                    arrangement=arrangement,
                    description="-",
                )
            )
        session.add(
            AccessPoint(
                region_id=region.id,
                municipality=HEERLEN,
                kind=AccessPointKind.ACCESS_TEAM,
                name="Wijkteam Heerlen",
                phone="045-555 00 11",
            )
        )
        touch(session)
    app = make_app(database.engine.url.render_as_string(hide_password=False), tmp_path, base_url="https://kies.example")
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    with clock.frozen(TODAY):
        yield client
    app.extensions["portal.database"].engine.dispose()


@pytest.fixture
def address() -> Callable[..., str]:
    """The address of a page with a list and parameters, as `address("/mijn-lijst", "linde", gemeente="Heerlen")`."""

    def made(path: str, *providers: str, **parameters: str) -> str:
        asked = [f"aanbod={name if '-' in name else name + '-1'}" for name in providers]
        asked += [f"{name.replace('__', '.').replace('_', '-')}={value}" for name, value in parameters.items()]
        return f"{path}?{'&'.join(asked)}"

    return made
