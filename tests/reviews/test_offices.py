"""What families tell of access teams and certified institutions: by the same rules, on pages of their own."""

from __future__ import annotations

import json
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from portal.accounts.types import Post, Role
from portal.catalogue.operations import touch
from portal.core import clock, migrations
from portal.core.database import Database
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.answering.operations import answer
from portal.reviews.models import (
    Experience,
    ExperienceCounts,
    ExperienceFlag,
    InvitationBatch,
    InvitationCode,
    ProviderAnswer,
)
from portal.reviews.moderating.operations import decide_answer
from portal.reviews.offices.queries import Tellable
from portal.reviews.operations import move
from portal.reviews.publishing.operations import keep_up
from portal.reviews.questions import NOTICED, newest
from portal.reviews.types import About, OfficeKind, Quarter, Status, Voice
from tests.accounts.people import Someone, World
from tests.reviews.conftest import HEERLEN
from tests.reviews.families import ACTOR, SETS, Family, figure_of, make_codes, tell


def publish(world: World, day: date | None = None) -> None:
    with world.database.transaction() as session:
        keep_up(session, world.regions[0], SETS, DEFAULT_RULES, 90, day or clock.today())


def told(world: World, one: Tellable, stories: int, **answers: str) -> list[str]:
    """Stories about an office, read and approved; their phrases."""
    phrases = []
    for code in make_codes(world.database, world.regions[0], one, max(20, stories))[:stories]:
        experience, phrase = tell(world.database, code, story=f"Over {one.value}: ze belden terug.", **answers)
        phrases.append(phrase)
        with world.database.transaction() as session:
            move(session, ACTOR, session.get_one(Experience, experience), Status.READY, clock.today())
    return phrases


def test_a_team_is_known_by_its_own_name_and_an_institution_by_its_contract(known: dict[str, Tellable]) -> None:
    assert known["toegang/heerlen"].name == "Wijkteam Parkstad"
    assert known["toegang/vaals"].name == "Toegang Vaals"
    assert [value for value in known if value.startswith("jeugdbescherming/")] == ["jeugdbescherming/zuid-limburg-1"]


@pytest.mark.parametrize("value", ["toegang/heerlen", "jeugdbescherming/zuid-limburg-1"])
def test_a_family_tells_of_an_office_with_questions_of_its_own(
    app: Flask, world: World, known: dict[str, Tellable], value: str
) -> None:
    one, family = known[value], Family.at(app)
    code = make_codes(world.database, world.regions[0], one)[0]
    page = family.begin(code)
    assert one.name in page.text
    family.answer("young_person")
    asked = next(question for question in SETS.values() if question.about is one.kind).questions
    for question in asked:
        assert family.hidden()["vraag"] == question.key
        page = family.answer("Goed." if question.kind == "text" else question.options[0])
    assert f"drie verhalen over {one.name}" in page.text and "wacht het tot er drie zijn" in page.text
    assert "De aanbieder" not in page.text and "deze aanbieder" not in page.text
    family.send()
    with world.database.sessions() as session:
        experience = session.scalars(select(Experience)).one()
        assert (experience.provider_id, experience.about_name) == (None, one.name)
        assert experience.framework == ("voluntary" if one.kind is OfficeKind.ACCESS_TEAM else "mandatory")


@pytest.mark.parametrize(
    ("value", "who"), [("toegang/heerlen", "Het team"), ("jeugdbescherming/zuid-limburg-1", "De instelling")]
)
def test_later_families_are_asked_whether_they_noticed_what_an_office_promised(
    app: Flask, world: World, known: dict[str, Tellable], value: str, who: str
) -> None:
    told(world, known[value], 3)
    publish(world)
    with world.database.transaction() as session:
        one = session.scalars(select(Experience).order_by(Experience.id)).first()
        assert one is not None
        story, today = one.id, clock.today()
        answer(session, ACTOR, one, "Dank u.", "Wij bellen binnen een dag terug.", str(Quarter.of(today)), today)
        session.flush()
        decide_answer(session, ACTOR, session.get_one(ProviderAnswer, story), one, True, "", today)
    family = Family.at(app)
    page = family.begin(make_codes(world.database, world.regions[0], known[value])[0])
    page = family.answer("parent")
    while (key := family.hidden()["vraag"]) not in ("story", NOTICED + story):
        question = newest(SETS, known[value].kind).question(key)
        assert question is not None
        page = family.answer("8" if question.kind == "mark" else question.options[0])
    assert key == NOTICED + story
    assert f"{who} beloofde eerdere gezinnen: “Wij bellen binnen een dag terug.”" in page.text
    told(world, known[value], 12, **{key: "yes"})
    told(world, known[value], 3, **{key: "no"})
    publish(world)
    shown = "".join(app.test_client().page(f"/{value}?pagina={n}").text for n in (1, 2))  # type: ignore[attr-defined]
    assert "Meer dan 10 van de 15 merkten daar iets van" in shown


@pytest.mark.parametrize("value", ["toegang/heerlen", "jeugdbescherming/zuid-limburg-1"])
def test_stories_stand_on_a_page_of_their_own_and_nowhere_else(
    app: Flask, world: World, known: dict[str, Tellable], value: str
) -> None:
    client, needle = app.test_client(), f"Over {value}"
    told(world, known[value], 2)
    publish(world)
    assert needle not in client.get(f"/{value}").get_data(as_text=True), "two are not three"
    told(world, known[value], 1)
    publish(world)
    page = client.page(f"/{value}")  # type: ignore[attr-defined]
    assert needle in page.text and known[value].name in page.h1
    for elsewhere in ("/aanbieders/zuid-limburg-1", "/hulp-krijgen", "/toegang/vaals", "/toegang"):
        assert needle not in client.get(elsewhere).get_data(as_text=True), elsewhere
    records = json.loads(client.get("/api/v1/experiences").get_data())["results"]
    assert [(one["about"], one["provider_id"], one["office"]) for one in records] == [
        (known[value].kind, None, known[value].name)
    ] * 3
    assert json.loads(client.get("/api/v1/experiences?aanbieder=1").get_data())["total"] == 0


def test_the_rules_of_figures_hold_for_offices_too(app: Flask, world: World, known: dict[str, Tellable]) -> None:
    one = known["toegang/heerlen"]
    told(world, one, 9, respect="always")
    publish(world)
    path = "/toegang/heerlen"
    assert "serieus genomen" not in app.test_client().page(path).text  # type: ignore[attr-defined]
    told(world, one, 3, respect="always")
    publish(world)
    assert "serieus genomen" in app.test_client().page(path).text  # type: ignore[attr-defined]
    assert "serieus genomen" not in app.test_client().page("/aanbieders/zuid-limburg-1").text  # type: ignore[attr-defined]
    with world.database.sessions() as session:
        counts = session.scalars(select(ExperienceCounts)).one()
        assert counts.office_id is not None and counts.provider_id is None


def test_without_a_name_only_where_five_offices_hide_it(app: Flask, world: World, known: dict[str, Tellable]) -> None:
    later = Quarter(Quarter.of(clock.today()).number + 3).first_day
    names = [value for value in known if value.startswith("toegang/")][:5]
    for value in names[:4]:
        told(world, known[value], 1)
    publish(world, later)
    client = app.test_client()
    assert "Over toegang" not in client.page("/toegang").text  # type: ignore[attr-defined]
    told(world, known[names[4]], 1)
    publish(world, later)
    page = client.page("/toegang")  # type: ignore[attr-defined]
    assert page.text.count("Over toegang") == 5
    assert "zonder te zeggen welk" in page.text
    records = json.loads(client.get("/api/v1/experiences").get_data())["results"]
    assert {(one["about"], one["office"], one["municipality"]) for one in records} == {("access_team", None, None)}
    assert "Over toegang" not in client.get("/hulp-krijgen").get_data(as_text=True)
    told(world, known[names[0]], 7)
    with world.database.transaction() as session:
        for one in session.scalars(select(Experience)):
            one.status, one.is_named = Status.PUBLISHED, False
        touch(session)
    counts = [client.page(f"/toegang?pagina={page}").text.count("Over toegang") for page in (1, 2)]  # type: ignore[attr-defined]
    assert counts == [10, 2]


def test_its_author_comes_back_and_a_moderator_reads_it(app: Flask, world: World, known: dict[str, Tellable]) -> None:
    world.add("lezer@voorbeeld.example", Post(Role.MODERATOR, world.regions[0]))
    (phrase,) = told(world, known["toegang/heerlen"], 1)
    page = Family.at(app).post("/ervaring/terug", {"woorden": phrase})
    assert "Wijkteam Parkstad" in page.text and "over deze aanbieder" not in page.text
    code = make_codes(world.database, world.regions[0], known["toegang/heerlen"])[0]
    experience, phrase = tell(world.database, code, story="Jantien van het wijkteam was lief.")
    reader = Someone.enter(app, "lezer@voorbeeld.example")
    assert "Wijkteam Parkstad" in reader.page("/werkplek/regio/ervaringen").text
    assert "Toegang van de gemeente" in reader.page(f"/werkplek/regio/ervaringen/{experience}").text
    Family.at(app).post("/ervaring/terug/intrekken", {"woorden": phrase})
    with world.database.sessions() as session:
        assert session.get(Experience, experience) is None


def test_a_municipality_makes_codes_for_its_own_families(
    app: Flask, world: World, known: dict[str, Tellable], monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.reviews import family_secrets
    from tests.reviews.families import CHEAP

    real = family_secrets.keep
    monkeypatch.setattr("portal.reviews.invitations.operations.keep", lambda keys, secret, _: real(keys, secret, CHEAP))
    world.add("toegang@heerlen.example", Post(Role.ACCESS_WORKER, world.regions[0], municipality=HEERLEN))
    world.add("toegang@vaals.example", Post(Role.ACCESS_WORKER, world.regions[0], municipality="GM0981"))
    desk, fields = "/werkplek/verwijzer/codes", {"arrangement": "behandeling", "occasion": "end", "codes": "20"}
    heerlen, vaals = (Someone.enter(app, f"toegang@{name}.example") for name in ("heerlen", "vaals"))
    offered = {field["value"] for field in heerlen.page(desk).all("option")}
    assert {"zuid-limburg-1", "toegang/heerlen"} <= offered and "toegang/vaals" not in offered
    assert heerlen.submit(desk, provider="toegang/vaals", **fields).status_code == 422
    for provider in ("zuid-limburg-1", "toegang/heerlen"):
        letters = heerlen.submit(desk, provider=provider, **fields)
        assert letters.status_code == 200
        assert ("Hoe ging het bij Wijkteam Parkstad" in letters.get_data(as_text=True)) is ("/" in provider)
    with world.database.sessions() as session:
        made = session.scalars(select(InvitationBatch)).all()
    assert {one.municipality for one in made} == {HEERLEN}
    count = f"{desk}/{made[0].public_id}"
    assert vaals.submit(count, handed_out="10", as_planned="5").status_code == 404
    assert heerlen.submit(count, handed_out="10", as_planned="5").status_code == 302
    assert "Wijkteam Parkstad" not in vaals.page(desk).text.split("Eerder gemaakt")[-1]


def test_what_was_told_survives_the_way_down_and_up(world: World, known: dict[str, Tellable]) -> None:
    """What is of providers stays with codes, flags and order; what is of offices has no place in the version before."""
    database: Database = world.database
    provider_codes = make_codes(database, world.regions[0], world.providers[0])
    kept, _ = tell(database, provider_codes[0], story="Over de aanbieder.")
    told(world, known["toegang/heerlen"], 1)
    with database.transaction() as session:
        session.add(ExperienceFlag(id="v" * 22, experience_id=kept, kind="burst"))
    for number, code in enumerate(provider_codes[1:13]):
        one, _ = tell(database, code, usefulness=str(number % 10 + 1))
        with database.transaction() as session:
            move(session, ACTOR, session.get_one(Experience, one), Status.READY, clock.today())
    publish(world)
    with database.sessions() as session:
        before = figure_of(session, About(world.providers[0]), "usefulness", Voice.PARENT)
    database.engine.dispose()
    migrations.downgrade(database.engine, "0014")
    assert "office" not in inspect(database.engine).get_table_names()
    migrations.upgrade(database.engine)
    with database.sessions() as session:
        assert session.get_one(Experience, kept).story == "Over de aanbieder."
        assert len(session.scalars(select(Experience)).all()) == 13
        assert session.scalars(select(ExperienceFlag.experience_id)).all() == [kept]
        assert len(session.scalars(select(InvitationCode)).all()) == 20
        after = figure_of(session, About(world.providers[0]), "usefulness", Voice.PARENT)
        assert before is not None and after is not None
        assert (after.n, after.members) == (before.n, before.members)
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            lies = "SELECT sql FROM sqlite_master WHERE name = 'experience'"
            assert "WITHOUT ROWID" in str(connection.exec_driver_sql(lies).scalar_one())


def test_an_access_team_and_an_institution_answer_and_dispute_as_a_provider_does(
    app: Flask, world: World, known: dict[str, Tellable]
) -> None:
    """One answer below each story, read by a moderator first; of the own team or institution, and of no other."""
    world.add("toegang@heerlen.example", Post(Role.ACCESS_WORKER, world.regions[0], municipality=HEERLEN))
    world.add("toegang@vaals.example", Post(Role.ACCESS_WORKER, world.regions[0], municipality="GM0981"))
    world.add("bij@voorbeeld.example", Post(Role.PROVIDER_MANAGER, world.regions[0], world.providers[0]))
    world.add("lezer@voorbeeld.example", Post(Role.MODERATOR, world.regions[0]))
    institution = next(one for one in known.values() if one.provider_id == world.providers[0] and one.kind)
    reader, desks = Someone.enter(app, "lezer@voorbeeld.example"), "/werkplek/verwijzer/ervaringen"
    for about, email, desk, page, title in (
        (known["toegang/heerlen"], "toegang@heerlen.example", desks, "/toegang/heerlen", "Antwoord van het team"),
        (institution, "bij@voorbeeld.example", "/werkplek/aanbieder/ervaringen", f"/{institution.value}",
         "Antwoord van de instelling"),
    ):  # fmt: skip
        sentence = f"Bij {about.value.replace('/', ' ')} belde niemand terug."
        for code in make_codes(world.database, world.regions[0], about)[:3]:
            one, phrase = tell(world.database, code, story=sentence)
            with world.database.transaction() as session:
                move(session, ACTOR, session.get_one(Experience, one), Status.READY, clock.today())
        publish(world)
        someone = Someone.enter(app, email)
        assert sentence in someone.page(desk).text
        stranger = Someone.enter(app, "toegang@vaals.example")
        assert sentence not in stranger.page(desks).text
        said = {"text": "Dat had niet gemogen. Wij bellen nu binnen een dag.", "doe": "verstuur"}
        assert stranger.submit(f"{desks}/{one}/antwoord", **said).status_code == 404
        assert stranger.submit(f"{desks}/{one}/betwist", sentence=sentence, grounds="x" * 30).status_code == 404
        assert someone.submit(f"{desk}/{one}/antwoord", **said).status_code == 302
        assert "Dat had niet gemogen" not in app.test_client().page(page).text  # type: ignore[attr-defined]
        assert reader.submit(f"/werkplek/regio/ervaringen/antwoord/{one}", doe="keur-goed").status_code == 302
        shown = app.test_client().page(page).text  # type: ignore[attr-defined]
        assert "Dat had niet gemogen" in shown and title in shown
        grounds = "Op die dag is er teruggebeld door een collega."
        assert someone.submit(f"{desk}/{one}/betwist", sentence=sentence, grounds=grounds).status_code == 302
        assert grounds in Family.at(app).post("/ervaring/terug", {"woorden": phrase}).text
