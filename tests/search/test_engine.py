"""From a sentence to a page of results that can be chosen; and what happens when the index is not there."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.catalogue.models import Offer, Provider
from portal.catalogue.operations import touch
from portal.catalogue.queries import catalogue_revision
from portal.core.database import current_database
from portal.search import engine
from portal.search.answers import Answer
from portal.search.commands import ndcg
from portal.search.engine import Engine, current_engine
from portal.search.following import current_follower
from portal.search.ranking import for_all_children
from tests.conftest import TODAY
from tests.inspection import InspectingClient
from tests.search.asking import ask


def names(app: Flask, answer: Answer) -> list[str]:
    with app.app_context(), current_database().sessions() as session:
        known = dict(session.execute(select(Offer.id, Offer.identifier)).all())
        return [known[hit.offer_id] for hit in answer.hits]


def test_counts_stay_true_under_each_other(searchable_app: Flask) -> None:
    everything = ask(searchable_app)
    for facet, field in (("arrangement", "arrangements"), ("waar", "settings"), ("taal", "languages")):
        for code, count in everything.counts[facet].items():
            assert ask(searchable_app, **{field: (code,)}).total == count, (facet, code)
    narrowed = ask(searchable_app, settings=("home",), age=13)
    for code, count in narrowed.counts["arrangement"].items():
        assert ask(searchable_app, settings=("home",), age=13, arrangements=(code,)).total == count


def test_the_database_decides_what_exists(searchable_app: Flask) -> None:
    before = ask(searchable_app, q="durft niet naar school")
    first = before.hits[0].offer_id
    with searchable_app.app_context(), current_database().transaction() as session:
        session.execute(update(Offer).where(Offer.id == first).values(withdrawn_on=TODAY - timedelta(1)))
        touch(session)
    after = ask(searchable_app, q="durft niet naar school")
    assert first not in {hit.offer_id for hit in after.hits}
    assert len(after.hits) > 3


def test_a_provider_is_found_by_its_name_and_by_half_of_it(searchable_app: Flask) -> None:
    with searchable_app.app_context(), current_database().sessions() as session:
        provider = session.scalars(select(Provider).where(Provider.identifier == "A001")).one()
    for asked in (provider.name, provider.name.upper(), provider.name.split()[-1]):
        assert provider.id in [hit.provider_id for hit in ask(searchable_app, q=asked).hits[:3]], asked


def test_a_sentence_is_not_taken_for_a_name(searchable_app: Flask) -> None:
    with searchable_app.app_context(), current_database().sessions() as session:
        named = {provider.id for provider in session.scalars(select(Provider).where(Provider.name.contains("Leven")))}
    assert named, "a provider has this word in its name"
    assert ask(searchable_app, q="mijn zoon wil niet meer leven").hits[0].provider_id not in named


def test_what_a_court_decides_comes_after_what_can_be_chosen(searchable_app: Flask) -> None:
    first = ask(searchable_app, q="hij steelt en de politie stond aan de deur").hits[0]
    with searchable_app.app_context(), current_database().sessions() as session:
        arrangement = session.scalars(select(Offer.arrangement).where(Offer.id == first.offer_id)).one()
    assert arrangement not in ("jeugdreclassering", "jeugdbescherming", "jeugdzorgplus")


def test_each_worry_of_a_question_has_a_place_among_the_first_three(searchable_app: Flask) -> None:
    answer = ask(searchable_app, q="mama heeft kanker en ik kan me niet concentreren")
    assert {guess.topic for guess in answer.question.topics} == {"adhd", "zieke-ouder"}
    assert {topic for hit in answer.hits[:3] for topic in hit.topics} >= {"adhd", "zieke-ouder"}
    providers = [hit.provider_id for hit in answer.hits]
    assert len(providers) == len(set(providers))


def test_every_question_of_the_development_set_is_answered(searchable_app: Flask) -> None:
    questions = Path(__file__).parents[2] / "benchmarks" / "relevance" / "development.jsonl"
    for line in questions.read_text(encoding="utf-8").splitlines()[::10]:
        assert ask(searchable_app, q=json.loads(line)["query"]).total > 0


def test_age_and_gender_narrow(searchable_app: Flask) -> None:
    for answer in (ask(searchable_app, age=3), ask(searchable_app, gender="girls")):
        with searchable_app.app_context(), current_database().sessions() as session:
            offers = session.scalars(select(Offer).where(Offer.id.in_([hit.offer_id for hit in answer.hits]))).all()
        assert offers
    assert all(offer.gender != "boys" for offer in offers)


def test_while_a_large_catalogue_is_read_aside_nothing_of_before_is_found_or_counted(
    searchable_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything, asked = ask(searchable_app), ask(searchable_app, q="durft niet naar school")
    first, second = asked.hits[0], next(hit for hit in everything.hits if hit.provider_id != asked.hits[0].provider_id)
    monkeypatch.setattr(engine, "_QUICK_SECONDS", 0.0)
    monkeypatch.setattr(Engine, "_read_aside", lambda *_: None)  # goes on for as long as this test
    with searchable_app.app_context(), current_database().transaction() as session:
        name = session.get_one(Provider, first.provider_id).name
        session.execute(update(Provider).where(Provider.id == first.provider_id).values(name="Kwispelstaartjes"))
        offers = update(Offer).where(Offer.provider_id == second.provider_id)
        session.execute(offers.values(withdrawn_on=TODAY - timedelta(1)))
        touch(session, {first.provider_id, second.provider_id})
    now = ask(searchable_app)
    assert now.is_behind
    assert now.total == everything.total - 1
    assert sum(now.counts["arrangement"].values()) < sum(everything.counts["arrangement"].values())
    assert first.provider_id in {hit.provider_id for hit in now.hits} or now.total > len(now.hits)
    for q in (name, "durft niet naar school"):
        assert not {first.provider_id, second.provider_id} & {hit.provider_id for hit in ask(searchable_app, q=q).hits}
    with searchable_app.app_context():
        current_follower().catch_up()
    assert first.provider_id not in {hit.provider_id for hit in ask(searchable_app, q=name).hits}


def test_what_closed_without_a_changed_text_is_taken_off_the_total_too(
    searchable_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = ask(searchable_app)
    gone = everything.hits[0].provider_id
    monkeypatch.setattr(engine, "_QUICK_SECONDS", 0.0)
    monkeypatch.setattr(Engine, "_read_aside", lambda *_: None)
    with searchable_app.app_context(), current_database().transaction() as session:
        session.execute(update(Offer).where(Offer.provider_id == gone).values(withdrawn_on=TODAY - timedelta(1)))
        touch(session)
    now = ask(searchable_app)
    assert gone not in {hit.provider_id for hit in now.hits}
    assert now.total == everything.total - 1


# --- the page --------------------------------------------------------------------------------------------


def test_the_page_says_what_it_understood(searchable: InspectingClient) -> None:
    page = searchable.page("/zoeken?q=mijn+dochter+van+14+in+Heerlen+wil+niet+meer+naar+school")
    assert "We zochten ook op" in page.text
    assert "Niet naar school durven of willen" in page.text
    for chip in ("Heerlen", "14 jaar", "voor een meisje"):
        assert chip in page.text


def test_what_was_read_can_be_taken_off(searchable: InspectingClient) -> None:
    page = searchable.page("/zoeken?q=mijn+dochter+van+14+is+bang")
    remove = next(link["href"] for link in page.all("a") if "leeftijd=alle" in link["href"])
    without = searchable.page(remove)
    assert "14 jaar" not in without.text
    assert "voor een meisje" in without.text


def test_words_without_meaning_are_named(searchable: InspectingClient) -> None:
    assert "Deze woorden kennen we niet: “xqzvw”" in searchable.page("/zoeken?q=xqzvw+autisme").text


@pytest.mark.parametrize(
    ("question", "number"),
    [("mijn+zoon+wil+niet+meer+leven", "113"), ("mijn+man+slaat+de+kinderen", "0800-2000")],
)
def test_danger_comes_first_and_results_stay(searchable: InspectingClient, question: str, number: str) -> None:
    page = searchable.page(f"/zoeken?q={question}")
    main = page.text[page.text.index(page.h1) :]
    assert number in main[:400]
    assert page.all("article")


# --- without an index, or with a damaged one -------------------------------------------------------------


def damage(folder: Path, kind: str) -> None:
    for path in folder.glob("*"):
        if kind == "missing":
            path.unlink()
        elif kind == "truncated":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        elif kind == "zeroed":
            path.write_bytes(bytes(path.stat().st_size))
        elif kind == "flipped":
            content = bytearray(path.read_bytes() or b"x")
            content[len(content) // 2] ^= 0xFF
            path.write_bytes(content)
        elif kind == "foreign":
            path.write_bytes(b"not an index")


@pytest.mark.parametrize("kind", ["missing", "truncated", "zeroed", "flipped", "foreign"])
def test_a_damaged_index_is_survived(searchable_app: Flask, searchable: InspectingClient, kind: str) -> None:
    with searchable_app.app_context():
        folder = current_engine().folder
        manifest = folder.manifest()
    assert manifest is not None
    damage(folder.path / manifest.parts[0].name, kind)
    page = searchable.page("/zoeken?q=angst")
    assert page.all("article"), "the database answers"
    assert searchable.page("/zoeken?gemeente=Heerlen").all("article")
    with searchable_app.app_context():
        current_follower().rebuild()
    assert "alleen op uw woorden zelf" not in searchable.page("/zoeken?q=angst").text


def test_without_an_index_the_words_themselves_are_looked_up_and_the_page_says_so(region: InspectingClient) -> None:
    page = region.page("/zoeken?q=angst")
    assert page.all("article")
    assert "alleen op uw woorden zelf" in page.text


# --- commands --------------------------------------------------------------------------------------------


def test_check_rebuild_and_evaluate(searchable_app: Flask, tmp_path: Path) -> None:
    run = searchable_app.test_cli_runner().invoke
    assert run(args=["search", "check"]).exit_code == 0
    with searchable_app.app_context(), current_database().transaction() as session:
        session.execute(update(Offer).where(Offer.identifier == "A001-1").values(name="Kwispelstaartjes"))
    assert run(args=["search", "check"]).exit_code == 1
    assert run(args=["search", "rebuild"]).exit_code == 0
    queries = tmp_path / "q.json"
    queries.write_text(
        json.dumps([{"query": "durft niet naar school", "relevant": ["B021"]}, {"query": "x", "relevant": []}])
    )
    result = run(args=["search", "evaluate", str(queries)])
    assert result.exit_code == 0
    assert re.search(r"success@3\s+\d\.\d{3}", result.output)
    queries.write_text('{"query": 1}')
    assert run(args=["search", "evaluate", str(queries)]).exit_code == 2


def test_ndcg_of_known_rankings() -> None:
    # Järvelin and Kekäläinen 2002: gains discounted by log2 of the rank plus one, over the ideal order.
    assert ndcg([True, True], 2) == 1.0
    assert ndcg([False, True], 1) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg([False, False], 3) == 0.0


def test_where_there_is_little_for_a_topic_its_neighbours_are_looked_for_too(searchable_app: Flask) -> None:
    little, much = ask(searchable_app, q="mijn vader slaat me"), ask(searchable_app, q="mijn kind heeft adhd")
    nearby = {guess.topic for guess in little.question.nearby}
    assert nearby >= {"huiselijk-geweld", "veiligheid-thuis"} and not much.question.nearby
    assert little.hits[0].topics and {topic for hit in little.hits for topic in hit.topics} <= nearby


def first_offers(app: Flask, question: str, many: int = 3) -> list[Offer]:
    hits = ask(app, q=question).hits[:many]
    with app.app_context(), current_database().sessions() as session:
        known = {offer.id: offer for offer in session.scalars(select(Offer))}
    return [known[hit.offer_id] for hit in hits]


def test_help_for_some_children_comes_after_what_fits_nearly_as_well(searchable_app: Flask) -> None:
    def first(question: str) -> list[str]:
        return [offer.name for offer in first_offers(searchable_app, question)]

    assert not any("LVB" in name for name in first("mijn stiefvader komt s nachts op mijn kamer"))
    assert any("LVB" in name for name in first("hij heeft een lvb en wordt snel boos"))


def test_help_for_girls_or_boys_counts_less_where_nobody_told_which_child(searchable_app: Flask) -> None:
    ask(searchable_app, q="angst")  # reads the catalogue
    with searchable_app.app_context(), current_database().sessions() as session:
        revision = catalogue_revision(current_database().engine)
        columns = current_engine().catalogue(session, revision, TODAY).columns
    unknown, girl = (for_all_children(columns, gender, ()) for gender in (None, "girls"))
    girls = columns.only["girls"]
    assert girls.any() and (unknown[girls] < 1).all() and (girl == 1).all()


def test_who_asks_for_a_test_finds_who_tests_first(searchable_app: Flask) -> None:
    def first(question: str) -> str:
        return first_offers(searchable_app, question)[0].name.lower()

    assert "diagnostiek" in first("autisme, waar kan ik een diagnose krijgen")
    assert "diagnostiek" not in first("hulp bij autisme")


def test_nobody_who_hurts_themselves_reads_that_they_want_to_die(searchable_app: Flask) -> None:
    near = ask(searchable_app, q="ze krast in haar armen, 15").question.nearby
    assert near and "suicidaliteit" not in {guess.topic for guess in near}


def test_what_does_not_suit_comes_after_what_does(searchable_app: Flask) -> None:
    found = ask(searchable_app, q="dwang en blowt elke dag", per_page=100).hits
    assert any(hit.unsuitable for hit in found)
    assert not any(hit.unsuitable for hit in found if hit.fits_closely)


def test_lighter_help_comes_before_what_is_for_when_much_is_the_matter(searchable_app: Flask) -> None:
    kinds = [offer.arrangement for offer in first_offers(searchable_app, "we gaan scheiden, hoe vertellen we het", 20)]
    assert "regie" in kinds and "regie" not in kinds[:3]


def test_a_foster_family_is_not_sent_to_another_one(searchable_app: Flask) -> None:
    found = first_offers(searchable_app, "onze pleegzoon woont in een gezinshuis en is boos", 2)
    assert all({str(one) for one in offer.settings} != {"residential"} for offer in found)


def test_the_page_says_that_it_looked_for_what_is_like_it(searchable: InspectingClient) -> None:
    page = searchable.page("/zoeken?q=mijn+zoon+heeft+tics")
    assert "En op wat erop lijkt" in page.text
    # "De band met uw kind" is not said to a child.
    assert "En op wat erop lijkt" not in searchable.page("/zoeken?q=mijn+vader+slaat+me").text
    assert "En op wat erop lijkt" not in searchable.page("/zoeken?q=mijn+kind+heeft+adhd").text


def test_help_at_home_comes_before_a_place_to_live_unless_that_is_asked_for(searchable_app: Flask) -> None:
    def lives_there(question: str) -> list[bool]:
        found = ask(searchable_app, q=question)
        with searchable_app.app_context(), current_database().sessions() as session:
            settings = {o.id: {str(one) for one in o.settings} for o in session.scalars(select(Offer))}
        return [settings[hit.offer_id] == {"residential"} for hit in found.hits[:3]]

    assert not any(lives_there("ze snijdt in haar armen"))
    assert not any(lives_there("ze luistert niet en wordt boos"))
    assert all(lives_there("een plek in een gezinshuis"))
