"""Reaching for what is not one's own: other ids, other columns, forms of other sites, pages that change something."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from portal.accounts.models import Membership, Person, SignIn
from portal.accounts.types import Post, Profession, Role
from portal.core.access import Door, requirement_of
from portal.core.database import Database
from portal.models import Base
from tests.accounts.people import PASSWORD, Someone, World
from tests.inspection import InspectingClient

SEEN = {"sign_in": {"seen_at"}}
"""That somebody is still there: what reading a page may write."""
UNCOUNTED = {"throttle_count", "throttle_salt", "security_event"}
"""What a refused try may leave: that there was one."""


def snapshot(database: Database, but: frozenset[str] = frozenset()) -> dict[str, list[dict[str, object]]]:
    """Everything that is in the database."""
    with database.sessions() as session:
        return {
            table.name: sorted(
                (
                    {name: str(value) for name, value in row._mapping.items() if name not in SEEN.get(table.name, ())}
                    for row in session.execute(select(table))
                ),
                key=str,
            )
            for table in Base.metadata.sorted_tables
            if table.name not in but
        }


def digest(database: Database, but: frozenset[str] = frozenset()) -> str:
    return hashlib.sha256(json.dumps(snapshot(database, but)).encode()).hexdigest()


@pytest.fixture
def crowd(world: World) -> dict[str, list[str]]:
    """Two regions, two providers each, with managers, editors, administrators and referrers: public ids by place."""
    found: dict[str, list[str]] = {}
    for number, region in enumerate(world.regions):
        posts = [Post(Role.ADMINISTRATOR, region), Post(Role.REFERRER, region, profession=Profession.GP)]
        posts += [Post(Role.REFERRER, region, profession=Profession.SPECIALIST), Post(Role.MODERATOR, region)]
        ids = [world.add(f"{post.role}{index}@r{number}.example", post) for index, post in enumerate(posts)]
        found[f"r{number}"] = ids
        for place in (0, 1):
            provider = world.providers[2 * number + place]
            found[f"r{number}p{place}"] = [
                world.add(f"{role}{index}@r{number}p{place}.example", Post(role, region, provider))
                for role, index in ((Role.PROVIDER_MANAGER, 0), (Role.PROVIDER_MANAGER, 1), (Role.PROVIDER_EDITOR, 2))
            ]
    return found


ACTIONS = ("rol", "beeindigen", "herstellen", "overdragen", "opnieuw", "intrekken", "telefoon")


def test_an_id_of_somebody_else_is_an_id_that_does_not_exist(
    app: Flask, world: World, crowd: dict[str, list[str]]
) -> None:
    """S2: at least 500 swaps over regions, providers and roles; same status and body as for what does not exist."""
    swaps, leaks = 0, []
    unknown = ["A" * 22, "x", "0", "-1", "null"]
    everybody = [public_id for ids in crowd.values() for public_id in ids]
    for email, base, own in (
        ("administrator0@r0.example", "/werkplek/regio/mensen", [*crowd["r0"], *crowd["r0p0"], *crowd["r0p1"]]),
        ("administrator0@r1.example", "/werkplek/regio/mensen", [*crowd["r1"], *crowd["r1p0"], *crowd["r1p1"]]),
        ("provider_manager0@r0p0.example", "/werkplek/aanbieder/mensen", crowd["r0p0"]),
        ("provider_manager0@r1p1.example", "/werkplek/aanbieder/mensen", crowd["r1p1"]),
    ):
        someone = Someone.enter(app, email)
        before = digest(world.database)
        nothing = {
            action: _answer(someone, f"{base}/{unknown[0]}{action}") for action in ("", *(f"/{one}" for one in ACTIONS))
        }
        assert {status for status, _ in nothing.values()} == {404}
        foreign = [public_id for public_id in everybody if public_id not in own]
        for public_id, action in product([*foreign, *unknown[1:]], nothing):
            swaps += 1
            if _answer(someone, f"{base}/{public_id}{action}") != nothing[action]:
                leaks.append(f"{email} {public_id}{action}")
        assert digest(world.database) == before
    assert leaks == []
    assert swaps >= 500


def _answer(someone: Someone, path: str) -> tuple[int, str]:
    """Status and body, without what differs with every request."""
    if path.rpartition("/")[2] in ACTIONS:
        answer = someone.submit(path, version=1, role="provider_editor", provider="zuid-limburg-1")
    else:
        answer = someone.client.get(path)
    body = answer.get_data(as_text=True).replace(answer.headers["X-Request-Id"], "")
    return answer.status_code, body.replace("/mensen/" + path.partition("/mensen/")[2].partition("/")[0], "")


def test_the_lists_show_nobody_of_elsewhere(app: Flask, world: World, crowd: dict[str, list[str]]) -> None:
    for email, path in (
        ("administrator0@r0.example", "/werkplek/regio/mensen"),
        ("provider_manager0@r0p0.example", "/werkplek/aanbieder/mensen"),
    ):
        someone = Someone.enter(app, email)
        place = email.partition("@")[2]
        for query in ("", "?zoek=example", "?zoek=%25", "?rol=referrer", "?status=active", "?pagina=2"):
            text = someone.page(path + query).text
            others = [f"@r{n}{p}.example" for n in (0, 1) for p in ("", "p0", "p1")]
            allowed = ("@r0",) if place == "r0.example" else (f"@{place}",)
            for other in others:
                assert other not in text or other.startswith(allowed), f"{email}{query}: {other}"


def test_the_trail_shows_nothing_of_elsewhere(app: Flask, world: World, crowd: dict[str, list[str]]) -> None:
    for number in (0, 1):
        someone = Someone.enter(app, f"administrator0@r{number}.example")
        someone.submit("/werkplek/regio/mensen/uitnodigen", email=f"geheim@r{number}.example", role="moderator")
    for number in (0, 1):
        text = Someone.enter(app, f"administrator0@r{number}.example").page("/werkplek/regio/logboek").text
        assert f"geheim@r{number}.example" in text
        assert f"geheim@r{1 - number}.example" not in text
        someone = Someone.enter(app, f"administrator0@r{number}.example")
        assert "geheim" not in someone.page(f"/werkplek/regio/logboek?over={crowd[f'r{1 - number}'][0]}").text


# --- foreign columns ---------------------------------------------------------------------------------------

MAY_CHANGE = {
    "/werkplek/account/naam": {("person", "name")},
    "/werkplek/account/wachtwoord": {("person", "password_hash"), ("sign_in", "token_digest")},
    "/werkplek/regio/mensen/{id}/rol": {
        ("membership", "role"), ("membership", "version"), ("membership", "changed_at"),
    },
    "/werkplek/regio/mensen/{id}/beeindigen": {
        ("membership", "status"), ("membership", "version"), ("membership", "changed_at"),
    },
}  # fmt: skip
GOOD = {
    "/werkplek/account/naam": {"name": "Een Andere Naam"},
    "/werkplek/account/wachtwoord": {"current_password": PASSWORD, "password": "vier natte handdoeken"},
    "/werkplek/regio/mensen/{id}/rol": {"version": "1", "role": "data_officer"},
    "/werkplek/regio/mensen/{id}/beeindigen": {"version": "1", "reason": "weg"},
}
ADDED = {"mail", "trail_entry", "trail_mark", "security_event", "throttle_count", "throttle_salt"}
"""Tables in which a change leaves a line of its own."""


def foreign_fields() -> Iterator[tuple[str, str]]:
    """Every column of every table, with a value that would tell."""
    values = {
        "role": "administrator", "status": "active", "email": "overgenomen@elders.example", "is_established": "1",
        "step": "complete", "password_hash": "x", "person_id": "1", "region_id": "2", "membership_id": "1", "id": "1",
    }  # fmt: skip
    names = {column.key for mapper in Base.registry.mappers for column in mapper.columns}
    for name in sorted(names):
        yield name, values.get(name, "999")


@pytest.mark.parametrize("path", MAY_CHANGE)
@pytest.mark.parametrize("kind", ["form", "json"])
def test_only_the_fields_of_the_form_change_anything(app: Flask, world: World, path: str, kind: str) -> None:
    """S3: every column of every model as an extra form field, or as JSON."""
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    target = world.add("doel@regio.example", Post(Role.MODERATOR, world.regions[0]))
    noor = Someone.enter(app, "noor@regio.example")
    before = snapshot(world.database)
    good = {"csrf_token": noor.token, **GOOD[path]}
    extra = {name: value for name, value in foreign_fields() if name not in good}
    assert len(extra) > 100
    address = path.format(id=target)
    if kind == "form":
        assert noor.client.submit(address, {**extra, **good}).status_code == 302
        allowed = MAY_CHANGE[path]
    else:
        headers = {"Sec-Fetch-Site": "same-origin"}
        assert noor.client.post(address, json={**extra, **good}, headers=headers).status_code == 403
        allowed = set()
    after = snapshot(world.database)
    changed = {
        (table, column)
        for table in before
        if table not in ADDED
        for old, new in zip(_by_key(before[table]), _by_key(after[table]), strict=path.endswith("naam"))
        for column in old
        if old[column] != new[column]
    }
    assert changed == allowed


def _by_key(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(rows, key=lambda row: (len(str(row.get("id", ""))), str(row.get("id", row))))


def example_of(rule: str, target: str) -> str:
    """An address of this rule, about `target` where it is about somebody."""
    return re.sub(r"<[^>]+>", "1", rule.replace("<public_id>", target))


def test_every_form_behind_the_sign_in_ignores_what_it_does_not_ask(app: Flask, world: World) -> None:
    """The same for every write route, with nothing but foreign fields: nobody becomes somebody else."""
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    world.add("piet@aanbieder.example", Post(Role.PROVIDER_MANAGER, world.regions[0], world.providers[0]))
    target = world.add("doel@aanbieder.example", Post(Role.PROVIDER_EDITOR, world.regions[0], world.providers[0]))
    tried = 0
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and not isinstance(requirement_of(app, rule.endpoint), Door):
            email = "piet@aanbieder.example" if "aanbieder" in rule.rule else "noor@regio.example"
            someone = Someone.enter(app, email)
            fields = {name: value for name, value in foreign_fields() if name not in ("role", "version", "name")}
            someone.submit(example_of(rule.rule, target), **fields)
            tried += 1
    assert tried >= 48
    with world.database.sessions() as session:
        held = {
            one.person.email: (one.role, one.region_id, one.provider_id) for one in session.scalars(select(Membership))
        }
        assert held == {
            "noor@regio.example": (Role.ADMINISTRATOR, world.regions[0], None),
            "piet@aanbieder.example": (Role.PROVIDER_MANAGER, world.regions[0], world.providers[0]),
            "doel@aanbieder.example": (Role.PROVIDER_EDITOR, world.regions[0], world.providers[0]),
        }
        people = session.execute(select(Person.email, Person.name, Person.is_established)).all()
        assert {tuple(row) for row in people} == {(e, e.partition("@")[0].title(), True) for e in held}


def test_a_field_that_comes_twice_is_refused(app: Flask, world: World) -> None:
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    noor = Someone.enter(app, "noor@regio.example")
    before = digest(world.database)
    assert noor.submit("/werkplek/account/naam", name=["Een", "Twee"]).status_code == 400
    assert noor.client.submit("/inloggen", {"email": ["a@b.nl", "c@d.nl"], "password": "x"}).status_code == 400
    assert digest(world.database) == before


# --- forms of other sites ----------------------------------------------------------------------------------

ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://evil.example#http://localhost"},
    {"Origin": "http://[", "Referer": "http://localhost/"},
    {"Referer": "https://evil.example/werkplek"},
    {},
)


def writes(app: Flask, target: str) -> list[tuple[str, object]]:
    return [
        (example_of(rule.rule, target), requirement_of(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
    ]


@pytest.mark.either_database
def test_every_form_of_another_site_is_refused(app: Flask, world: World) -> None:
    """S4: each unsafe route, with every way in which a browser tells that a form came from elsewhere."""
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    target = world.add("doel@aanbieder.example", Post(Role.PROVIDER_EDITOR, world.regions[0], world.providers[0]))
    noor = Someone.enter(app, "noor@regio.example")
    before = digest(world.database, frozenset(UNCOUNTED))
    tried = 0
    for path, _ in writes(app, target):
        for headers in ELSEWHERE:
            answer = noor.client.post(path, data={"csrf_token": noor.token, "email": "a@b.nl"}, headers=headers)
            assert answer.status_code == 403, f"{path} {headers}"
            assert "Dit formulier kwam niet van onze site" in answer.get_data(as_text=True)
            tried += 1
    assert tried >= 300
    assert digest(world.database, frozenset(UNCOUNTED)) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {"Origin": "http://127.0.0.1:8000"},
        {"Referer": "http://localhost/inloggen?verder=/werkplek"},
    ],
)
def test_a_form_of_ours_is_taken(client: InspectingClient, headers: dict[str, str]) -> None:
    assert client.post("/inloggen", data={"email": "", "password": ""}, headers=headers).status_code == 422


def test_a_form_without_the_token_of_this_sign_in_changes_nothing(app: Flask, world: World) -> None:
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    target = world.add("doel@aanbieder.example", Post(Role.PROVIDER_EDITOR, world.regions[0], world.providers[0]))
    noor, other = Someone.enter(app, "noor@regio.example"), Someone.enter(app, "noor@regio.example")
    before = digest(world.database, frozenset(UNCOUNTED))
    tried = 0
    for path, requirement in writes(app, target):
        if isinstance(requirement, Door):
            continue
        for token in (None, "", "x", other.token, noor.token.upper()):
            fields = {} if token is None else {"csrf_token": token}
            answer = noor.client.submit(path, {**fields, "email": "a@b.nl", "name": "x"})
            assert answer.status_code == 403, path
            tried += 1
    assert tried >= 100
    assert digest(world.database, frozenset(UNCOUNTED)) == before


# --- reading changes nothing -------------------------------------------------------------------------------


def test_reading_every_page_twice_changes_nothing(app: Flask, world: World) -> None:
    """S4: every GET and HEAD, signed in and not, leaves the database as it was."""
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    world.add("piet@aanbieder.example", Post(Role.PROVIDER_MANAGER, world.regions[0], world.providers[0]))
    target = world.add("doel@aanbieder.example", Post(Role.PROVIDER_EDITOR, world.regions[0], world.providers[0]))
    visitors = [
        app.test_client(),
        Someone.enter(app, "noor@regio.example").client,
        Someone.enter(app, "piet@aanbieder.example").client,
    ]
    paths = [
        rule.rule.replace("<public_id>", target).replace("<name>", "heerlen")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and requirement_of(app, rule.endpoint) is not Door.PUBLIC
    ]
    paths += ["/inloggen/terug?state=x&code=y", "/inloggen?gedaan=uit", "/", "/over", "/aanbieders"]
    # What is refused is noted once: the first round is for that.
    for _ in range(1):
        _crawl(visitors, paths)
    before = digest(world.database, frozenset({"security_event"}))
    for _ in range(2):
        _crawl(visitors, paths)
    assert digest(world.database, frozenset({"security_event"})) == before


def _crawl(visitors: list[object], paths: list[str]) -> None:
    for client in visitors:
        for path in paths:
            assert client.get(path).status_code < 500  # type: ignore[attr-defined]
            assert client.head(path).status_code < 500  # type: ignore[attr-defined]


def test_unknown_methods_are_refused(app: Flask, world: World) -> None:
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    noor = Someone.enter(app, "noor@regio.example")
    for method in ("TRACE", "PUT", "DELETE", "PATCH"):
        headers = {"Sec-Fetch-Site": "same-origin"}
        assert noor.client.open("/werkplek/account", method=method, headers=headers).status_code == 405


def test_no_address_counts(world: World) -> None:
    """What stands in an address is random: no primary key of a person, and none that can be guessed."""
    ids = [world.add(f"p{number}@r.example", Post(Role.MODERATOR, world.regions[0])) for number in range(20)]
    assert len(set(ids)) == 20 and {len(one) for one in ids} == {22}
    assert inspect(SignIn).columns["public_id"].type.length == 22
