"""Every address that answers, whoever asks and in whatever form: what a family or a provider wrote is text there, or
not there at all (S10). `test_hostile_texts.py` goes field by field through the pages on which they are decided about.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.types import Post, Role
from portal.catalogue.models import Contract, Offer, Provider
from portal.catalogue.operations import touch
from portal.core import clock
from portal.core.database import Database
from portal.core.formulas import guard
from portal.core.mail.models import Mail
from portal.core.trail.models import TrailEntry
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.answering.operations import answer, dispute
from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.moderating.operations import Blanks, approve, decide_answer, decide_dispute, state_of
from portal.reviews.publishing.operations import keep_up
from portal.reviews.questions import TEXTS
from portal.reviews.types import Quarter
from tests.accounts.people import CHEAP, Someone, make_person
from tests.conftest import TODAY
from tests.inspection import Page
from tests.reviews.families import ACTOR, SETS, make_codes, tell
from tests.reviews.test_hostile_texts import PAYLOADS

MARK = "onzinwoord"
"""In every text, so that it is found wherever it goes."""
HOSTILE = "\n".join(f"{payload} {MARK}" for payload in PAYLOADS)
PEOPLE = {
    "beheer": Role.ADMINISTRATOR, "contract": Role.CONTRACT_MANAGER, "gegevens": Role.DATA_OFFICER,
    "lezer": Role.MODERATOR, "toegang": Role.ACCESS_WORKER, "baas": Role.PROVIDER_MANAGER,
}  # fmt: skip
OF_STORIES = ("/api/v1/experiences",)
"""The answers that are no page and hold stories."""
WITH_STORIES = {
    "/aanbieders/<slug>", "/hulp-krijgen/<arrangement>", "/zoeken", "/werkplek/aanbieder/ervaringen",
    "/werkplek/regio/ervaringen/<public_id>", "/werkplek/regio/ervaringen/antwoord/<public_id>",
    "/werkplek/regio/ervaringen/feit/<public_id>", "/werkplek/verwijzer/aanbieders/<slug>",
}  # fmt: skip
"""Where a story must be met, or this test looks past it."""


@dataclass(frozen=True)
class Planted:
    """Where stories stand: of a provider with its name, of another without."""

    database: Database
    values: Mapping[str, str]
    question: str
    told: Sequence[str]


@pytest.fixture
def planted(searchable_app: Flask) -> Iterator[Planted]:
    database: Database = searchable_app.extensions["portal.database"]
    searchable_app.extensions["portal.passwords"] = CHEAP
    with clock.frozen(TODAY):
        with database.transaction() as session:
            offer = session.scalars(
                select(Offer).join(Offer.provider).join(Contract, Contract.provider_id == Provider.id)
                .where(Contract.arrangement == "behandeling", Offer.arrangement == "behandeling").order_by(Offer.id)
            ).first()  # fmt: skip
            assert offer is not None
            provider, region = offer.provider, offer.provider.region_id
            for name, role in PEOPLE.items():
                make_person(
                    session, f"{name}@voorbeeld.example",
                    Post(role, region, provider.id if role.is_of_provider else None,
                         "GM0917" if role.is_of_municipality else ""),
                )  # fmt: skip
            values = {"slug": provider.slug, "identifier": offer.identifier, "arrangement": "behandeling"}
            other = session.scalars(select(Provider.id).where(Provider.id != provider.id).order_by(Provider.id)).first()
            question, of = provider.name, provider.id
        assert other is not None
        told = [tell(database, code)[0] for code in make_codes(database, region, of)[:4]]
        told += [tell(database, code)[0] for code in make_codes(database, region, other)[:1]]
        with database.transaction() as session:
            for one in told:
                found = session.get_one(Experience, one)
                if one is not told[3]:
                    approve(session, ACTOR, found, Blanks((), ()), state_of(found), TODAY)
            session.get_one(Experience, told[4]).quarter = str(Quarter.of(TODAY).before(6))
            keep_up(session, region, SETS, DEFAULT_RULES, 90, TODAY)
            for one in told[:2]:
                found = session.get_one(Experience, one)
                answer(session, ACTOR, found, "Dank.", "Beter.", str(Quarter.of(TODAY)), TODAY)
                session.flush()
                if one is told[0]:
                    decide_answer(session, ACTOR, session.get_one(ProviderAnswer, one), found, True, "", TODAY)
                dispute(session, ACTOR, found, found.story, "Het ging anders dan hier staat.", 21, TODAY)
            session.flush()
            disputes = {one.experience_id: one for one in session.scalars(select(Dispute))}
            found = session.get_one(Experience, told[0])
            decide_dispute(session, ACTOR, disputes[found.id], found, True, "Zo was het volgens beiden.", TODAY)
            values["feit"] = disputes[told[1]].id
        values |= {"wacht": told[3], "antwoord": told[1]}
        yield Planted(database, values, question, told)


def test_wherever_a_story_goes_it_stays_text(searchable_app: Flask, planted: Planted) -> None:
    _write(planted, is_hostile=True)
    clients = {name: Someone.enter(searchable_app, f"{name}@voorbeeld.example").client for name in PEOPLE}
    clients[""] = searchable_app.test_client()
    answers = list(_answers(clients, _paths(searchable_app, planted)))
    assert len(answers) > 100
    told = []
    for one in answers:
        assert MARK not in one.headers and "alert" not in one.headers, one.path
        if one.kind == "text/html":
            told += [one] if MARK.encode() in one.body else []
        elif one.rule in OF_STORIES:
            assert one.kind == "application/json" and len(json.loads(one.body)["results"]) == 4
        else:
            assert MARK.encode() not in _unpacked(one.body), one.path
            if one.kind == "text/csv":
                _assert_no_formula(one.body, one.path)
    assert {one.rule for one in told} >= WITH_STORIES
    _write(planted, is_hostile=False)
    for one in told:
        page = clients[one.who].page(one.path)
        assert _shape(page, one.rule) == _shape(Page(one.body.decode()), one.rule), one.path


def test_what_is_said_of_a_story_is_in_no_mail_no_trail_and_no_log(
    searchable_app: Flask, planted: Planted, caplog: pytest.LogCaptureFixture
) -> None:
    _write(planted, is_hostile=True)
    with planted.database.transaction() as session:
        one = session.get_one(Experience, planted.told[3])
        approve(session, ACTOR, one, Blanks((), ()), state_of(one), TODAY)
        answer(session, ACTOR, session.get_one(Experience, planted.told[2]), HOSTILE[:1_900], "", "", TODAY)
    with clock.frozen(TODAY + timedelta(days=120)):
        result = searchable_app.test_cli_runner().invoke(args=["daily"])
    assert result.exit_code == 0, result.output
    with planted.database.sessions() as session:
        mails = [f"{mail.subject} {mail.body}" for mail in session.scalars(select(Mail))]
        trail = [f"{entry.before} {entry.after} {entry.reason}" for entry in session.scalars(select(TrailEntry))]
    assert any("{" in entry for entry in trail) and all(MARK not in entry for entry in trail)
    assert mails and all(MARK not in mail and "alert(1)" not in mail for mail in mails)
    assert MARK not in caplog.text and MARK not in result.output


def _write(planted: Planted, *, is_hostile: bool) -> None:
    """Let everything that people wrote be hostile, or as many lines of harmless words."""

    def written(most: int) -> str:
        text = HOSTILE[:most].strip()
        return text if is_hostile else "\n".join(f"{MARK} onschuldig" for _ in text.splitlines())

    with planted.database.transaction() as session:
        for one in session.scalars(select(Experience)):
            for name in TEXTS:
                setattr(one, name, written(5_000))
            one.reason = written(900)
        for found in session.scalars(select(ProviderAnswer)):
            found.text, found.promise, found.reason = written(1_900), written(290), written(900)
        for disputed in session.scalars(select(Dispute)):
            disputed.sentence = written(5_000).splitlines()[0]
            disputed.grounds, disputed.author_says, disputed.reason = written(900), written(900), written(900)
        touch(session)


@dataclass(frozen=True)
class Answered:
    """What an address said to somebody."""

    who: str
    rule: str
    path: str
    kind: str
    headers: str
    body: bytes


def _answers(clients: Mapping[str, FlaskClient], paths: Iterable[tuple[str, str]]) -> Iterator[Answered]:
    """What every address says to the first who may read it; "" is who did not sign in."""
    for rule, path in paths:
        for who, client in clients.items():
            if path.startswith("/werkplek") != bool(who):
                continue
            response = client.get(path)
            if response.status_code == 200:
                yield Answered(who, rule, path, response.mimetype, str(response.headers), response.get_data())
                break


def _paths(app: Flask, planted: Planted) -> Iterator[tuple[str, str]]:
    """Every address that can be read, with what this world has where something must be filled in."""
    values = planted.values
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith("/static"):
            continue
        given = dict(values)
        if "public_id" in rule.arguments:
            given["public_id"] = values["antwoord" if "antwoord" in rule.rule else "feit" if "feit" in rule.rule
                                        else "wacht"]  # fmt: skip
        if rule.endpoint == "data.download":
            for name in ("aanbod.xlsx", "aanbod-csv.zip", "aanbod-hsds.zip", "cijfers.csv"):
                yield rule.rule, f"/data/zuid-limburg/{name}"
        elif rule.arguments <= given.keys():
            with app.test_request_context():
                path = app.url_for(rule.endpoint, **{name: given[name] for name in rule.arguments})
            yield rule.rule, path
    offers = f"aanbod={values['slug']}/{values['identifier']}"
    yield "/zoeken", f"/zoeken?q={planted.question}"
    yield "/werkplek/verwijzer/zoeken", f"/werkplek/verwijzer/zoeken?q={planted.question}"
    for path in ("/vergelijken", "/mijn-lijst", "/werkplek/verwijzer/lijst", "/werkplek/verwijzer/vergelijken",
                 "/werkplek/verwijzer/gespreksblad"):  # fmt: skip
        yield path, f"{path}?{offers}"
    yield "/mijn-lijst", f"/mijn-lijst?{offers}&blad=toegang"


def _shape(page: Page, rule: str) -> Counter[str]:
    """Its elements with the names of their attributes; without those that mark, for who decides, personal data."""
    is_marked = rule.startswith("/werkplek/regio/ervaringen/") and "<" in rule
    marks = ("mark", "label", "span", "input", "fieldset", "legend") if is_marked else ()
    return Counter(f"{tag} {sorted(names)}" for tag, names in page.elements if tag not in marks)


def _unpacked(body: bytes) -> bytes:
    """A file, or all that is in it where it is a package or a workbook."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return b"\n".join(package.read(name) for name in package.namelist())


def _assert_no_formula(body: bytes, path: str) -> None:
    for row in csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"):
        for cell in row:
            is_number = cell.replace(",", "").lstrip("-").isdigit()
            assert is_number or cell[:1] == "'" or guard(cell) == cell, (path, cell)
