"""Programs that try to find out what one family said, over many histories (P3, P4, P5): no better than by chance."""

from __future__ import annotations

import json
import math
import random
import statistics
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import insert, select

from portal.accounts.signing_in.codes import new_public_id
from portal.catalogue.models import Provider
from portal.core import clock
from portal.core.database import Database
from portal.outcomes.types import DEFAULT_RULES
from portal.outcomes.wording import mark
from portal.reviews.models import Experience, ExperienceFigure
from portal.reviews.operations import move, shuffle, withdraw
from portal.reviews.publishing.operations import keep_up
from portal.reviews.types import Occasion, Quarter, Status, ToldFramework, Voice
from tests.accounts.people import World
from tests.inspection import Page
from tests.reviews.families import ACTOR, SETS, make_codes, tell
from tests.reviews.test_pages import following

pytestmark = pytest.mark.long

HISTORIES, FAMILIES = 5, 200


def orders(database: Database, table: str, columns: str) -> list[list[tuple[str, ...]]]:
    """The rows of a table as they lie, and in the order of each column."""
    with database.sessions() as session:
        connection = session.connection()
        number = len(columns.split(","))
        return [
            [tuple(row) for row in connection.exec_driver_sql(f"SELECT {columns} FROM {table}{order}")]  # noqa: S608
            for order in ("", *(f" ORDER BY {at}" for at in range(1, number + 1)))
        ]


def test_with_the_whole_database_nobody_joins_codes_and_stories(app: Flask) -> None:
    """P3: every order of the one against every order of the other, in five histories of two hundred families."""
    world = World.make(app.extensions["portal.database"])
    hits: dict[tuple[int, int, bool], int] = defaultdict(int)
    for history in range(HISTORIES):
        chance = random.Random(history)  # noqa: S311
        codes = list(make_codes(world.database, world.regions[0], world.providers[0], FAMILIES))
        chance.shuffle(codes)
        truth = {}
        for code in codes:
            told, _ = tell(
                world.database, code, story="x" * chance.randint(1, 300), usefulness=str(chance.randint(1, 10))
            )
            truth[told] = code[:5]
        with world.database.transaction() as session:
            shuffle(session)
        of_codes = orders(world.database, "invitation_code", "selector, digest, salt")
        of_stories = orders(world.database, "experience", "id, length(story), phrase_selector, phrase_digest")
        mine = set(truth.values())
        for at, codes_in_order in enumerate(of_codes):
            found = [row[0] for row in codes_in_order if row[0] in mine]
            for by, stories_in_order in enumerate(of_stories):
                stories = [row[0] for row in stories_in_order if row[0] in truth]
                for back in (False, True):
                    pairs = zip(stories, reversed(found) if back else found, strict=True)
                    hits[at, by, back] += sum(truth[story] == code for story, code in pairs)
    tries = HISTORIES * FAMILIES
    expected, sd = HISTORIES, math.sqrt(HISTORIES)  # one right pair a history is what chance gives
    assert max(hits.values()) <= expected + 5 * sd, f"{max(hits.values())} of {tries}: the best of {len(hits)} orders"


def test_no_order_that_anybody_sees_is_that_in_which_stories_came(app: Flask) -> None:
    """P4: on the page and in open data; two hundred stories of a quarter, five histories."""
    world = World.make(app.extensions["portal.database"])
    rhos: dict[str, list[float]] = defaultdict(list)
    for history in range(HISTORIES):
        with world.database.transaction() as session:
            for one in session.scalars(select(Experience)).all():
                withdraw(session, one)
        for number, code in enumerate(make_codes(world.database, world.regions[0], world.providers[0], FAMILIES)):
            told, _ = tell(world.database, code, story=f"Verhaal {history}-{number:03}.")
            with world.database.transaction() as session:
                move(session, ACTOR, session.get_one(Experience, told), Status.READY, clock.today())
        with world.database.transaction() as session:
            keep_up(session, world.regions[0], SETS, DEFAULT_RULES, 90, clock.today())
        client = app.test_client()
        texts, address = "", "/aanbieders/zuid-limburg-1"
        while address:
            page = client.get(address)
            assert not {"Last-Modified"} & set(page.headers.keys())
            texts += page.get_data(as_text=True)
            address = following(Page(page.get_data(as_text=True)))
        rhos["page"].append(rho([texts.index(f"Verhaal {history}-{n:03}.") for n in range(FAMILIES)]))
        found, address = [], "/api/v1/experiences"
        while address:
            answer = json.loads(client.get(address.replace("http://127.0.0.1:8000", "")).get_data())
            found += [one["story"] for one in answer["results"]]
            address = answer["next"]
        rhos["api"].append(rho([found.index(f"Verhaal {history}-{n:03}.") for n in range(FAMILIES)]))
    for where, values in rhos.items():
        z = statistics.fmean(values) * math.sqrt(len(values) * (FAMILIES - 1))
        assert abs(z) < 3.3, f"{where}: {values}"  # p > 0.001, for two places that are looked at


def rho(places: Sequence[int]) -> float:
    """Spearman's correlation between the true order and where each stands."""
    ranks = {place: rank for rank, place in enumerate(sorted(places))}
    n = len(places)
    return 1 - 6 * sum((ranks[place] - at) ** 2 for at, place in enumerate(places)) / (n * (n**2 - 1))


PROVIDERS, STEPS = 1_000, 20


def test_from_no_two_versions_of_an_average_anybody_learns_a_mark(app: Flask) -> None:
    """P5: a thousand providers, twenty days; who looks each day knows even which families came and went between."""
    world, chance = World.make(app.extensions["portal.database"]), random.Random(17)  # noqa: S311
    database, today, region = world.database, clock.today(), world.regions[0]
    with database.transaction() as session:
        for number in range(PROVIDERS):
            session.add(Provider(region_id=region, identifier=f"P{number}", slug=f"p-{number}", name=f"P{number}"))
    with database.sessions() as session:
        providers = session.scalars(select(Provider.id).where(Provider.identifier.like("P%"))).all()
    centre = {provider: chance.choice((5.0, 7.5, 9.2, 9.8)) for provider in providers}
    alive: dict[int, list[str]] = defaultdict(list)
    seen: dict[int, list[tuple[frozenset[str], int, float]]] = defaultdict(list)
    shares: dict[int, list[tuple[frozenset[str], int]]] = defaultdict(list)
    for _ in range(STEPS):
        with database.transaction() as session:
            rows = []
            for provider in providers:
                for _ in range(chance.choice((0, 0, 1, 1, 2, 6))):
                    given = min(10, max(1, round(chance.gauss(centre[provider], 1.5))))
                    row = ready(region, provider, given, today)
                    alive[provider].append(row["id"])
                    rows.append(row)
            session.execute(insert(Experience), rows)
            for provider in chance.sample(list(providers), PROVIDERS // 20):
                if alive[provider]:
                    gone = alive[provider].pop(chance.randrange(len(alive[provider])))
                    withdraw(session, session.get_one(Experience, gone))
            keep_up(session, region, SETS, DEFAULT_RULES, 90, today)
        with database.sessions() as session:
            for figure in session.scalars(select(ExperienceFigure).where(ExperienceFigure.mean.isnot(None))):
                version = frozenset(figure.members), figure.n or 0, float(mark(figure.mean or 0).replace(",", "."))
                versions = seen[figure.provider_id or 0]
                if not versions or versions[-1] != version:
                    versions.append(version)
            for figure in session.scalars(select(ExperienceFigure).where(ExperienceFigure.numerator.isnot(None))):
                share = frozenset(figure.members), figure.numerator or 0
                if not shares[figure.provider_id or 0] or shares[figure.provider_id or 0][-1] != share:
                    shares[figure.provider_id or 0].append(share)
    compared = learned = learned_share = 0
    for of_shares in shares.values():
        for at, (members, numerator) in enumerate(of_shares):
            for before, numerator_before in of_shares[:at]:
                came, went = members - before, before - members
                compared += 1
                learned_share += numerator - numerator_before in (len(came), -len(went))
    for versions in seen.values():
        for at, (members, n, mean) in enumerate(versions):
            for before, n_before, mean_before in versions[:at]:
                came, went = members - before, before - members
                assert len(came) + len(went) >= 5
                compared += 1
                # what is left is the sum of who came less that of who went, within the rounding of both means
                least = n * (mean - 0.05) - n_before * (mean_before + 0.05)
                most = n * (mean + 0.05) - n_before * (mean_before - 0.05)
                lowest, highest = len(came) - 10 * len(went), 10 * len(came) - len(went)
                learned += most < lowest + 1 or least > highest - 1  # everybody gave the very lowest, or highest
    assert compared > PROVIDERS
    assert (learned, learned_share) == (0, 0), f"of {compared}"


def ready(region: int, provider: int, given: int, today: date) -> dict[str, object]:
    """A story that was read and approved, as a row."""
    identifier = new_public_id()
    return {
        "id": identifier, "region_id": region, "provider_id": provider, "office_id": None, "arrangement": "behandeling",
        "occasion": Occasion.END, "voice": Voice.PARENT, "framework": ToldFramework.VOLUNTARY,
        "question_set": "2026-1", "quarter": str(Quarter.of(today)),
        "answers": {"usefulness": str(given), "respect": "always" if given >= 6 else "no"},
        "status": Status.READY, "phrase_selector": identifier, "phrase_salt": "", "phrase_digest": "",
        "story": "", "advice": "", "danger": "", "reason": "", "municipality": "", "blanked": 0, "is_named": True,
        "was_released": False, "wants_second_look": False,
    }  # fmt: skip
