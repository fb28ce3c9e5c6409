"""Reading, deciding, publishing in batches: by the pages, with two people, and counts that add up."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.types import Post, Role
from portal.core import clock
from portal.core.database import Database
from portal.core.trail.models import TrailEntry
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.models import (
    Dispute,
    Experience,
    ExperienceCounts,
    ExperienceFigure,
    InvitationBatch,
    ProviderAnswer,
)
from portal.reviews.operations import NotAllowed, move
from portal.reviews.publishing.operations import keep_up
from portal.reviews.questions import load_sets
from portal.reviews.types import TRANSITIONS, About, Quarter, Rule, Status, Voice
from tests.accounts.people import Someone, World
from tests.reviews.families import ACTOR, Family, all_experiences, figure_of, make_codes, tell

QUEUE = "/werkplek/regio/ervaringen"
SETS = load_sets()


@pytest.fixture
def moderators(app: Flask, world: World) -> Sequence[Someone]:
    """Two moderators of the first region."""
    for number in (1, 2):
        world.add(f"lezer{number}@voorbeeld.example", Post(Role.MODERATOR, world.regions[0]))
    return [Someone.enter(app, f"lezer{number}@voorbeeld.example") for number in (1, 2)]


@pytest.fixture
def provider(app: Flask, world: World) -> Someone:
    """Somebody at the first provider."""
    world.add("bij@voorbeeld.example", Post(Role.PROVIDER_MANAGER, world.regions[0], world.providers[0]))
    return Someone.enter(app, "bij@voorbeeld.example")


def publish(world: World, day: date | None = None) -> object:
    with world.database.transaction() as session:
        return keep_up(session, world.regions[0], SETS, DEFAULT_RULES, 90, day or clock.today())


def seen(someone: Someone, experience: str) -> str:
    page = someone.page(f"{QUEUE}/{experience}")
    return next(f["value"] for f in page.all("input") if f.get("name") == "gezien")


def approve(someone: Someone, experience: str, **more: object) -> None:
    answer = someone.submit(f"{QUEUE}/{experience}", doe="keur-goed", gezien=seen(someone, experience), **more)
    assert answer.status_code == 302, answer.get_data(as_text=True)


def test_three_stories_appear_together_and_not_two(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone]
) -> None:
    told = [tell(world.database, code, story=f"Verhaal {n} over de hulp.")[0] for n, code in enumerate(codes[:3])]
    page = app.test_client().page("/aanbieders/zuid-limburg-1")  # type: ignore[attr-defined]
    for number, experience in enumerate(told):
        approve(moderators[0], experience)
        publish(world)
        page = app.test_client().page("/aanbieders/zuid-limburg-1")  # type: ignore[attr-defined]
        assert ("Verhaal 0" in page.text) is (number == 2)
    assert all(f"Verhaal {n}" in page.text for n in range(3))
    found = json.loads(app.test_client().get("/api/v1/experiences").get_data())
    assert found["total"] == 3
    assert set(found["results"][0]) == {
        "about", "provider_id", "slug", "office", "municipality", "arrangement", "voice", "quarter", "story", "advice",
        "answer", "promise",
        "promise_due", "promise_state",
    }  # fmt: skip


def test_a_story_of_a_very_small_provider_appears_without_its_name_within_a_year(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone]
) -> None:
    experience, _ = tell(world.database, codes[0], story="Klein maar fijn.")
    approve(moderators[0], experience)
    later = Quarter(Quarter.of(clock.today()).number + 3).first_day
    publish(world)
    assert all_experiences(world.database)[0].status is Status.READY
    publish(world, later)
    (one,) = all_experiences(world.database)
    assert (one.status, one.is_named) == (Status.PUBLISHED, False)
    client = app.test_client()
    assert "Klein maar fijn." not in client.page("/aanbieders/zuid-limburg-1").text  # type: ignore[attr-defined]
    assert "Klein maar fijn." in client.page("/hulp-krijgen").text  # type: ignore[attr-defined]
    (record,) = json.loads(client.get("/api/v1/experiences").get_data())["results"]
    assert (record["provider_id"], record["slug"], record["arrangement"]) == (None, None, None)


def test_a_code_in_a_drawer_hides_nobody(world: World, codes: Sequence[str], moderators: Sequence[Someone]) -> None:
    experience, _ = tell(world.database, codes[0], story="Ze luisterde.")
    page = moderators[0].page(f"{QUEUE}/{experience}").text
    assert "Hoeveel codes er zijn uitgedeeld, is nog niet ingevuld." in page
    assert "Een kleine groep" in page
    with world.database.transaction() as session:
        session.execute(update(InvitationBatch).values(handed_out=InvitationBatch.codes))
    page = moderators[0].page(f"{QUEUE}/{experience}").text
    assert f"Uitgedeelde codes: {len(codes)}. Verhalen van dezelfde soort: 1." in page
    assert "Een kleine groep" not in page


def test_details_are_left_out_and_kept_nowhere(
    world: World, codes: Sequence[str], moderators: Sequence[Someone]
) -> None:
    story = "Mevrouw Pieters belde op 3 maart. Dat grijze busje elke dag. Ik was boos."
    experience, _ = tell(world.database, codes[0], story=story)
    approve(moderators[0], experience, weg=["story:0", "story:1"], words="grijze busje")
    (one,) = all_experiences(world.database)
    assert one.story == "Mevrouw […] belde op […]. Dat […] elke dag. Ik was boos."
    assert one.blanked == 3
    assert one.arrived_on is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("niet", "Hieraan is niemand te herkennen: “niet”"),
        ("en ik", "Hieraan is niemand te herkennen: “en ik”"),
        ("e", "Dit staat niet in het verhaal: “e”"),
        ("Lise", "Dit staat niet in het verhaal: “Lise”"),
    ],
)
def test_nothing_is_left_out_by_which_a_story_would_say_something_else(
    world: World, codes: Sequence[str], moderators: Sequence[Someone], words: str, said: str
) -> None:
    """A moderator leaves out what tells who somebody is, whole words of it, and never an opinion."""
    story = "Liselot luisterde niet. En ik verdween."
    experience, _ = tell(world.database, codes[0], story=story)
    seen_now = seen(moderators[0], experience)
    answer = moderators[0].submit(f"{QUEUE}/{experience}", doe="keur-goed", gezien=seen_now, words=words)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert all_experiences(world.database)[0].story == story


def test_words_to_leave_out_that_are_not_there_stop_the_approval(
    world: World, codes: Sequence[str], moderators: Sequence[Someone]
) -> None:
    """A name that was typed wrongly would be published without anybody noticing."""
    experience, _ = tell(world.database, codes[0], story="Ze zei dat Liselot moest komen. LISELOT huilde.")
    seen_now = seen(moderators[0], experience)
    answer = moderators[0].submit(f"{QUEUE}/{experience}", doe="keur-goed", gezien=seen_now, words="Lisalot")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "Dit staat niet in het verhaal: “Lisalot”" in text and ">Lisalot</textarea>" in text
    approve(moderators[0], experience, words="liselot")
    (one,) = all_experiences(world.database)
    assert one.story == "Ze zei dat […] moest komen. […] huilde."


def test_a_moderator_cannot_write_a_word(world: World, codes: Sequence[str], moderators: Sequence[Someone]) -> None:
    experience, _ = tell(world.database, codes[0], story="Het was slecht.")
    approve(moderators[0], experience, story="Het was goed.", advice="Goed.", answers="{}", voice="young_person")
    (one,) = all_experiences(world.database)
    assert (one.story, one.advice, one.voice) == ("Het was slecht.", "", Voice.PARENT)


def test_a_refusal_needs_rule_and_reason_and_its_author_reads_both(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone]
) -> None:
    experience, words = tell(world.database, codes[0])
    path, mark = f"{QUEUE}/{experience}", seen(moderators[0], experience)
    assert moderators[0].submit(path, doe="weiger", gezien=mark, reason="Daarom niet, echt.").status_code == 422
    assert moderators[0].submit(path, doe="weiger", gezien=mark, rule="abuse", reason="Kort").status_code == 422
    said = "Er staat een scheldwoord in over een mens."
    assert moderators[0].submit(path, doe="weiger", gezien=mark, rule="abuse", reason=said).status_code == 302
    family = Family.at(app)
    page = family.post("/ervaring/terug", {"woorden": words})
    assert "niet gepubliceerd" in page.h1 and said in page.text and "scheldt" in page.text
    family.post("/ervaring/terug/tweede-blik", {"woorden": words})
    mark = seen(moderators[0], experience)
    assert moderators[0].submit(path, doe="keur-goed", gezien=mark).status_code == 409, "somebody else looks"
    approve(moderators[1], experience)


def test_taking_down_takes_two_people(world: World, codes: Sequence[str], moderators: Sequence[Someone]) -> None:
    told = [tell(world.database, code)[0] for code in codes[:3]]
    for experience in told:
        approve(moderators[0], experience)
    publish(world)
    path = f"{QUEUE}/{told[0]}"
    said = "Dit beschuldigt iemand van een misdrijf."
    for _ in range(50):  # however often somebody objects
        moderators[0].submit(path, doe="stel-voor", rule="accusation", reason=said)
    assert moderators[0].submit(path, doe="haal-weg").status_code == 409
    with world.database.sessions() as session:
        assert session.get_one(Experience, told[0]).status is Status.PUBLISHED
    assert moderators[1].submit(path, doe="haal-weg").status_code == 302
    with world.database.sessions() as session:
        assert session.get_one(Experience, told[0]).status is Status.REMOVED


def test_what_its_author_changed_meanwhile_is_not_decided_unseen(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone]
) -> None:
    experience, words = tell(world.database, codes[0])
    mark = seen(moderators[0], experience)
    Family.at(app).post("/ervaring/terug/wijzigen", {"woorden": words, "story": "Anders.", "advice": ""})
    assert moderators[0].submit(f"{QUEUE}/{experience}", doe="keur-goed", gezien=mark).status_code == 409


def test_danger_comes_first_and_another_region_sees_nothing(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone]
) -> None:
    tell(world.database, codes[0])
    urgent, _ = tell(world.database, codes[1], danger="suicide")
    page = moderators[0].page(QUEUE)
    links = [a["href"] for a in page.all("a") if a["href"].startswith(f"{QUEUE}/")]
    assert links[0] == f"{QUEUE}/{urgent}"
    world.add("elders@voorbeeld.example", Post(Role.MODERATOR, world.regions[1]))
    elsewhere = Someone.enter(app, "elders@voorbeeld.example")
    assert elsewhere.client.get(f"{QUEUE}/{urgent}").status_code == 404
    assert elsewhere.submit(f"{QUEUE}/{urgent}", doe="keur-goed").status_code == 404


@pytest.mark.parametrize("decision", [{"doe": "keur-goed"}, {"doe": "weiger", "rule": "not_own"}])
def test_a_story_with_danger_is_decided_when_the_steps_for_danger_were_taken(
    world: World, codes: Sequence[str], moderators: Sequence[Someone], decision: dict[str, str]
) -> None:
    urgent, _ = tell(world.database, codes[0], danger="violence")
    worrying, _ = tell(world.database, codes[1], danger="worry")
    assert "wij bij gevaar afspraken" not in moderators[0].page(f"{QUEUE}/{worrying}").text
    path = f"{QUEUE}/{urgent}"
    page = moderators[0].page(path)
    assert "Ik heb gedaan wat wij bij gevaar afspraken" in page.text and "Veilig Thuis 0800-2000" in page.text
    fields = {**decision, "gezien": seen(moderators[0], urgent), "reason": "Dit gaat niet over de hulp hier."}
    assert moderators[0].submit(path, **fields).status_code == 422
    with world.database.sessions() as session:
        assert session.get_one(Experience, urgent).status is Status.RECEIVED
    assert moderators[0].submit(path, **fields, gehandeld="ja").status_code == 302
    with world.database.sessions() as session:
        assert session.get_one(Experience, urgent).status is not Status.RECEIVED
        noted = session.scalars(select(TrailEntry).where(TrailEntry.action == "experience.danger_acted")).one()
        assert urgent not in str((noted.subject_id, noted.before, noted.after))


@pytest.mark.parametrize("was", list(Status))
@pytest.mark.parametrize("to", list(Status))
def test_every_step_is_in_the_table(world: World, codes: Sequence[str], was: Status, to: Status) -> None:
    experience, _ = tell(world.database, codes[0])
    with world.database.transaction() as session:
        one = session.get_one(Experience, experience)
        one.status, one.arrived_on = was, None
        session.flush()
        if to in TRANSITIONS[was]:
            move(session, ACTOR, one, to, clock.today(), rule=Rule.ABUSE)
            assert one.status is to
        else:
            with pytest.raises(NotAllowed):
                move(session, ACTOR, one, to, clock.today(), rule=Rule.ABUSE)


def test_counts_add_up_and_stand_for_a_quarter(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone]
) -> None:
    told = [tell(world.database, code) for code in codes[:6]]
    for experience, _ in told[:3]:
        approve(moderators[0], experience)
    said = {"doe": "weiger", "gezien": seen(moderators[0], told[3][0]), "rule": "twice", "reason": "Al eerder verteld."}
    moderators[0].submit(f"{QUEUE}/{told[3][0]}", **said)
    Family.at(app).post("/ervaring/terug/intrekken", {"woorden": told[4][1]})
    publish(world)
    with world.database.sessions() as session:
        counts = session.scalars(select(ExperienceCounts)).one()
    assert (counts.received, counts.waiting, counts.published, counts.refused, counts.withdrawn) == (6, 1, 3, 1, 1)
    tell(world.database, codes[7])
    publish(world)
    with world.database.sessions() as session:
        assert session.scalars(select(ExperienceCounts)).one().received == 6, "the same for the whole quarter"


def test_averages_show_from_ten_and_move_in_steps_of_five(world: World) -> None:
    codes = iter(make_codes(world.database, world.regions[0], world.providers[0], 60))

    def more(number: int, **answers: str) -> ExperienceFigure | None:
        for _ in range(number):
            experience, _ = tell(world.database, next(codes), **answers)
            with world.database.transaction() as session:
                move(session, ACTOR, session.get_one(Experience, experience), Status.READY, clock.today())
        publish(world)
        with world.database.sessions() as session:
            return figure_of(session, About(world.providers[0]), "usefulness")

    assert more(9) is None
    figure = more(1)
    assert figure is not None and figure.n == 10 and figure.invited == 60
    figure = more(4, usefulness="1")
    assert figure is not None and (figure.n, figure.mean) == (10, 8.0)
    figure = more(1, usefulness="1")
    assert figure is not None and figure.n == 15
    assert more(9, framework="mandatory") is not None
    with world.database.sessions() as session:
        assert {row.framework for row in session.scalars(select(ExperienceFigure))} == {"voluntary"}


def test_five_who_all_said_yes_wait_for_somebody_who_did_not(world: World) -> None:
    """Else two versions of a figure told of each of them what they said (a homogeneous group)."""
    codes = iter(make_codes(world.database, world.regions[0], world.providers[0], 60))

    def more(number: int, respect: str) -> tuple[int | None, int | None]:
        for _ in range(number):
            experience, _ = tell(world.database, next(codes), respect=respect)
            with world.database.transaction() as session:
                move(session, ACTOR, session.get_one(Experience, experience), Status.READY, clock.today())
        publish(world)
        with world.database.sessions() as session:
            figure = figure_of(session, About(world.providers[0]), "respect")
            return (figure.numerator, figure.n) if figure is not None else (None, None)

    more(5, "no")
    assert more(5, "always") == (5, 10)
    assert more(5, "always") == (5, 10)
    assert more(1, "no") == (10, 16)


def test_no_average_is_shown_without_its_response(app: Flask, world: World) -> None:
    for code in make_codes(world.database, world.regions[0], world.providers[0], 40)[:12]:
        experience, _ = tell(world.database, code)
        with world.database.transaction() as session:
            move(session, ACTOR, session.get_one(Experience, experience), Status.READY, clock.today())
    publish(world)
    page = app.test_client().page("/aanbieders/zuid-limburg-1")  # type: ignore[attr-defined]
    assert "gemiddeld een 8,0, van 12 mensen" in page.text
    assert "12 van de ongeveer 40 gezinnen die een code kregen" in page.text
    assert "Meer dan 7 van de 12 voelden zich altijd of meestal serieus genomen" in page.text


def test_the_trail_tells_no_day_no_id_and_nothing_of_families(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone]
) -> None:
    experience, words = tell(world.database, codes[0])
    approve(moderators[0], experience)
    Family.at(app).post("/ervaring/terug/wijzigen", {"woorden": words, "story": "Anders.", "advice": ""})
    with world.database.sessions() as session:
        entries = session.scalars(select(TrailEntry).where(TrailEntry.subject_kind == "experience")).all()
    assert [entry.action for entry in entries] == ["experience.ready"]
    assert entries[0].subject_id != experience
    assert entries[0].moment.astimezone(clock.AMSTERDAM).date() == Quarter.of(clock.today()).first_day


def test_who_wrote_nothing_is_no_story_to_answer(
    world: World, codes: Sequence[str], moderators: Sequence[Someone], provider: Someone
) -> None:
    silent, _ = tell(world.database, codes[0], story="")
    for experience in (silent, *(tell(world.database, code)[0] for code in codes[1:4])):
        with world.database.transaction() as session:
            move(session, ACTOR, session.get_one(Experience, experience), Status.READY, clock.today())
    publish(world)
    with world.database.sessions() as session:
        assert session.get_one(Experience, silent).status is Status.PUBLISHED, "it counts"
    assert "3 verhalen waarop u kunt antwoorden" in provider.page("/werkplek/aanbieder").text
    sections = {one.get("id", "") for one in provider.page("/werkplek/aanbieder/ervaringen").all("section")}
    assert len([name for name in sections if name.startswith("v-")]) == 3 and f"v-{silent}" not in sections
    own = f"/werkplek/aanbieder/ervaringen/{silent}/antwoord"
    assert provider.submit(own, doe="verstuur", text="Dank u wel.").status_code == 404


def test_a_disputed_sentence_goes_when_its_author_says_nothing(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone], provider: Someone
) -> None:
    sentence = "Ze kwamen drie keer niet opdagen."
    told = [tell(world.database, code, story=f"Het begon goed. {sentence} Ik was boos.") for code in codes[:3]]
    for experience, _ in told:
        approve(moderators[0], experience)
    publish(world)
    experience, words = told[0]
    own = f"/werkplek/aanbieder/ervaringen/{experience}"
    assert provider.submit(f"{own}/betwist", sentence="Dit staat er niet.", grounds="x" * 30).status_code == 422
    grounds = "In onze agenda staat dat elke afspraak doorging."
    assert provider.submit(f"{own}/betwist", sentence=sentence, grounds=grounds).status_code == 302
    page = Family.at(app).post("/ervaring/terug", {"woorden": words})
    assert sentence in page.text and grounds in page.text
    path = next(a["href"] for a in moderators[0].page(QUEUE).all("a") if "/feit/" in a["href"])
    said = "De schrijver antwoordde niet binnen de tijd."
    assert moderators[0].submit(path, doe="weg", reason=said).status_code == 422, "the author can still answer"
    assert said in moderators[0].submit(path, doe="weg", reason=said).get_data(as_text=True), "nothing typed is lost"
    with clock.frozen(date(2027, 6, 1)):
        assert moderators[0].submit(path, doe="weg", reason=said).status_code == 302
    with world.database.sessions() as session:
        assert session.get_one(Experience, experience).story == "Het begon goed. […] Ik was boos."
    page = Family.at(app).post("/ervaring/terug", {"woorden": words})
    assert "deze zin is weggelaten, de rest blijft staan" in page.text and said in page.text


def test_a_disputed_sentence_stays_when_its_author_upholds_it(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone], provider: Someone
) -> None:
    told = [tell(world.database, code, story="Ze kwamen drie keer niet opdagen. Jammer.") for code in codes[:3]]
    for experience, _ in told:
        approve(moderators[0], experience)
    publish(world)
    experience, words = told[0]
    own = f"/werkplek/aanbieder/ervaringen/{experience}"
    provider.submit(
        f"{own}/betwist", sentence="Ze kwamen drie keer niet opdagen.", grounds="Wij kwamen elke keer op tijd."
    )
    family = Family.at(app)
    html = family.post("/ervaring/terug", {"woorden": words})
    dispute = next(f["value"] for f in html.all("input") if f.get("name") == "feit")
    answered = {"woorden": words, "feit": dispute}
    assert "Er staat nog niets" in family.post("/ervaring/terug/feit", {**answered, "antwoord": " "}, 422).text
    long = "Ik heb de afzeggingen nog. " * 4_000
    page = family.post("/ervaring/terug/feit", {**answered, "antwoord": long}, 422)
    assert page.text.count("Ik heb de afzeggingen nog.") == 4_000, "nothing typed is lost"
    family.post("/ervaring/terug/feit", {**answered, "antwoord": "Ik heb de afzeggingen nog."})
    path = next(a["href"] for a in moderators[0].page(QUEUE).all("a") if "/feit/" in a["href"])
    assert "Ik heb de afzeggingen nog." in moderators[0].page(path).text
    moderators[0].submit(path, doe="blijft", reason="De schrijver kan het laten zien.")
    assert "De zin blijft staan" in provider.page("/werkplek/aanbieder/ervaringen").text
    assert "Ik heb de afzeggingen" not in provider.page("/werkplek/aanbieder/ervaringen").text
    page = family.post("/ervaring/terug", {"woorden": words})
    assert "Er is beslist: de zin blijft staan." in page.text and "De schrijver kan het laten zien." in page.text
    assert not [field for field in page.all("input") if field.get("name") == "feit"]
    assert "is intussen beslist" in family.post("/ervaring/terug/feit", {**answered, "antwoord": "Nog iets."}, 409).text


def test_who_only_ticked_stands_at_no_desk_that_answers(
    world: World, codes: Sequence[str], moderators: Sequence[Someone], provider: Someone
) -> None:
    """Nobody reads it, so there is nothing to answer; its voice and quarter would tell more than the page does."""
    told = [
        tell(world.database, code, story=story)[0]
        for code, story in zip(codes[:4], ("Fijn.", "Goed.", "Mooi.", ""), strict=True)
    ]
    for experience in told:
        approve(moderators[0], experience)
    publish(world)
    desk = "/werkplek/aanbieder/ervaringen"
    assert provider.page(desk).text.count("Een feit klopt niet") == 3
    assert provider.submit(f"{desk}/{told[3]}/antwoord", text="Dank u.", doe="verstuur").status_code == 404
    assert "3 verhalen waarop u kunt antwoorden" in provider.page("/werkplek/aanbieder").text


def test_a_provider_answers_below_and_can_change_nothing_else(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone], provider: Someone
) -> None:
    told = [tell(world.database, code, story="Niemand belde terug.")[0] for code in codes[:3]]
    for experience in told:
        approve(moderators[0], experience)
    publish(world)
    own = f"/werkplek/aanbieder/ervaringen/{told[0]}"
    fields = {"text": "Dank u. Wij bellen nu binnen een dag terug.", "promise": "Iedereen wordt teruggebeld.",
              "due": str(Quarter.of(clock.today())), "story": "Alles was goed.", "status": "removed"}  # fmt: skip
    page = provider.submit(f"{own}/antwoord", doe="bekijk", **fields)
    shown = page.get_data(as_text=True)
    assert "Zo zien gezinnen het" in shown
    assert re.search(r"Beloofd: Iedereen wordt teruggebeld\. \(\w+ kwartaal van \d{4}; open\)", shown)
    assert f'action="{own}/antwoord#v-{told[0]}"' in shown  # the answer comes back where it was written
    assert provider.submit(f"{own}/antwoord", doe="bekijk", **{**fields, "due": "ooit"}).status_code == 200
    with world.database.sessions() as session:
        assert session.get(ProviderAnswer, told[0]) is None
    sent = provider.submit(f"{own}/antwoord", doe="verstuur", **fields)
    assert sent.status_code == 302 and sent.headers["Location"].endswith(f"#v-{told[0]}")
    public = app.test_client().page("/aanbieders/zuid-limburg-1")  # type: ignore[attr-defined]
    assert "binnen een dag" not in public.text
    assert moderators[0].submit(f"{QUEUE}/antwoord/{told[0]}", doe="keur-goed").status_code == 302
    public = app.test_client().page("/aanbieders/zuid-limburg-1")  # type: ignore[attr-defined]
    assert re.search(r"Niemand belde terug.*binnen een dag terug.*Beloofd: Iedereen", public.text)
    assert "1 toezegging om dit kwartaal na te komen" in provider.page("/werkplek/aanbieder").text
    assert "Dit kwartaal moet het af zijn" in provider.page("/werkplek/aanbieder/ervaringen").text
    with clock.stopped(clock.now() + timedelta(days=100)):
        later = Someone.enter(app, provider.email)
        assert "1 toezegging waarvan de tijd om is" in later.page("/werkplek/aanbieder").text
    assert provider.submit(f"{own}/nagekomen").status_code == 302
    assert "toezegging" not in provider.page("/werkplek/aanbieder").text
    assert "U zei dat u dit nakwam" in provider.page("/werkplek/aanbieder/ervaringen").text
    public = app.test_client().page("/aanbieders/zuid-limburg-1")  # type: ignore[attr-defined]
    assert "nagekomen, zeggen zij" in public.text
    with world.database.sessions() as session:
        one = session.get_one(Experience, told[0])
        assert (one.story, one.status) == ("Niemand belde terug.", Status.PUBLISHED)
    other = next(one for one in all_experiences(world.database) if one.id == told[1])
    world.add("ander@voorbeeld.example", Post(Role.PROVIDER_EDITOR, world.regions[0], world.providers[1]))
    stranger = Someone.enter(app, "ander@voorbeeld.example")
    answer = stranger.submit(f"/werkplek/aanbieder/ervaringen/{other.id}/antwoord", doe="verstuur", **fields)
    assert answer.status_code == 404


def test_an_answer_that_tells_who_somebody_is_is_asked_about(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone], provider: Someone
) -> None:
    told = [tell(world.database, code, story="Niemand belde terug. Dat was jammer.")[0] for code in codes[:3]]
    for experience in told:
        approve(moderators[0], experience)
    publish(world)
    own = f"/werkplek/aanbieder/ervaringen/{told[0]}"
    phone = "Dank je wel, mevrouw Jansen belt je op 06-12345678."
    for fields in (
        {"text": phone, "promise": "", "due": ""},
        {"text": "Dank u wel.", "promise": "Wij bellen u op 3 april 2027.", "due": str(Quarter.of(clock.today()))},
    ):
        for do in ("bekijk", "verstuur"):
            page = provider.submit(f"{own}/antwoord", doe=do, **fields)
            assert page.status_code == 422
            html = page.get_data(as_text=True)
            assert "Gaat dit over" in html and fields["text"] in html and fields["promise"] in html
            assert 'name="keep"' in html
    disputed = {"sentence": "Niemand belde terug.", "grounds": "Wij belden Fatima op 06-12345678 terug."}
    page = provider.submit(f"{own}/betwist", **disputed)
    assert page.status_code == 422 and disputed["grounds"] in page.get_data(as_text=True)
    with world.database.sessions() as session:
        assert session.get(ProviderAnswer, told[0]) is None and not session.scalars(select(Dispute)).all()
    number = {"text": "Uw nummer is 123456782, schreef u.", "promise": "", "due": "", "keep": "ja"}
    assert provider.submit(f"{own}/antwoord", doe="verstuur", **number).status_code == 422
    office = {"text": "Bel ons kantoor: 045-1234567.", "promise": "", "due": "", "keep": "ja"}
    assert "checked" in provider.submit(f"{own}/antwoord", doe="bekijk", **office).get_data(as_text=True)
    assert provider.submit(f"{own}/antwoord", doe="verstuur", **office).status_code == 302
    assert provider.submit(f"{own}/betwist", keep="ja", **disputed).status_code == 302


def test_what_waits_stands_on_the_page_a_desk_begins_with(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone], provider: Someone
) -> None:
    told = [tell(world.database, code, story="Niemand belde terug.")[0] for code in codes[:3]]
    assert "3 verhalen om te lezen, het eerste sinds" in moderators[0].page("/werkplek/regio").text
    for experience in told:
        approve(moderators[0], experience)
    assert "3 verhalen om te lezen" not in moderators[0].page("/werkplek/regio").text
    assert "kunt antwoorden" not in provider.page("/werkplek/aanbieder").text
    publish(world)
    assert "3 verhalen waarop u kunt antwoorden" in provider.page("/werkplek/aanbieder").text
    fields = {"text": "Dank u. Wij bellen nu terug.", "promise": "", "due": "", "doe": "verstuur"}
    provider.submit(f"/werkplek/aanbieder/ervaringen/{told[0]}/antwoord", **fields)
    assert "2 verhalen waarop u kunt antwoorden" in provider.page("/werkplek/aanbieder").text
    assert "1 antwoord van een aanbieder om te lezen" in moderators[0].page("/werkplek/regio").text
    with world.database.transaction() as session:
        session.get_one(ProviderAnswer, told[0]).status = Status.REFUSED
    assert "1 antwoord dat de regio terugstuurde" in provider.page("/werkplek/aanbieder").text


def test_old_experiences_stop_counting_and_then_go(world: World, codes: Sequence[str]) -> None:
    experience, _ = tell(world.database, codes[0])
    with world.database.transaction() as session:
        move(session, ACTOR, session.get_one(Experience, experience), Status.READY, clock.today())
    four_years = Quarter(Quarter.of(clock.today()).number + 16).first_day
    publish(world, four_years)
    assert all_experiences(world.database) == []
    with world.database.sessions() as session:
        assert session.scalars(select(ExperienceCounts)).one().expired == 1


def test_a_withdrawn_story_is_gone_everywhere_also_from_a_restored_backup(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone], database: Database
) -> None:
    from portal.reviews.operations import bury_again
    from portal.reviews.tombstones import Tombstones

    told = [tell(world.database, code, story=f"Verhaal {n} dat weg moet kunnen.") for n, code in enumerate(codes[:3])]
    for experience, _ in told:
        approve(moderators[0], experience)
    publish(world)
    with world.database.sessions() as session:
        backup = {c.name: getattr(session.get_one(Experience, told[0][0]), c.key) for c in Experience.__table__.columns}
    client = app.test_client()
    assert "Verhaal 0" in client.page("/aanbieders/zuid-limburg-1").text  # type: ignore[attr-defined]
    Family.at(app).post("/ervaring/terug/intrekken", {"woorden": told[0][1]})
    for path in ("/aanbieders/zuid-limburg-1", "/api/v1/experiences", "/hulp-krijgen"):
        assert "Verhaal 0" not in client.get(path).get_data(as_text=True)
    with world.database.transaction() as session:
        session.add(Experience(**backup))  # yesterday's backup comes back
    with world.database.transaction() as session:
        assert bury_again(session, Tombstones(app.extensions["portal.settings"].data_dir).all()) == 1
    assert "Verhaal 0" not in client.get("/api/v1/experiences").get_data(as_text=True)


def test_what_its_author_corrects_comes_back_without_waiting_for_others(
    app: Flask, world: World, codes: Sequence[str], moderators: Sequence[Someone]
) -> None:
    told = [tell(world.database, code) for code in codes[:3]]
    for experience, _ in told:
        approve(moderators[0], experience)
    publish(world)
    fields = {"woorden": told[0][1], "story": "Bij nader inzien anders.", "advice": ""}
    Family.at(app).post("/ervaring/terug/wijzigen", fields)
    client = app.test_client()
    assert "nader inzien" not in client.get("/api/v1/experiences").get_data(as_text=True)
    approve(moderators[0], told[0][0])
    publish(world)
    assert "nader inzien" in client.get("/api/v1/experiences").get_data(as_text=True)
