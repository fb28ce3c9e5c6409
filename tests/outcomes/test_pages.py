"""Figures on pages, in files and in the API: every number with what goes with it, and no hidden one anywhere."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.core import clock
from portal.core.database import Database
from portal.outcomes import queries
from portal.outcomes.figures import Average as MadeAverage
from portal.outcomes.figures import Counts, compare, tell
from portal.outcomes.models import Figure
from portal.outcomes.queries import Asked
from portal.outcomes.statistics import Dispersion, Interval
from portal.outcomes.types import DEFAULT_RULES, Audience, Indicator, MeasuredFramework, Shown, Viewer
from tests.conftest import TODAY, make_app
from tests.inspection import InspectingClient, Page
from tests.outcomes.regions import SmallRegion

USUAL = {"acacia": (28, 40), "berk": (35, 50), "ceder": (42, 60), "den": (49, 70), "eik": (56, 80)}


@pytest.fixture
def small(database: Database, tmp_path: Path) -> Iterator[tuple[SmallRegion, InspectingClient]]:
    region = SmallRegion(database)
    app = make_app(database.engine.url.render_as_string(hide_password=False), tmp_path)
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    with clock.frozen(TODAY):
        yield region, client
    app.extensions["portal.database"].engine.dispose()


def publish(region: SmallRegion, indicator: Indicator = Indicator.GOALS_REACHED, period: str = "2025") -> None:
    region.move(period, Audience.PROVIDER, TODAY - timedelta(40), indicator=indicator)
    region.move(period, Audience.PUBLIC, TODAY - timedelta(20), indicator=indicator)


def results(page: Page) -> str:
    return page.text


# --- what a family reads ----------------------------------------------------------------------------------------


def test_a_figure_is_said_in_tens_with_how_sure_it_is(small: tuple[SmallRegion, InspectingClient]) -> None:
    region, client = small
    region.deliver("2025", USUAL | {"fijn": (47, 64)})
    publish(region)
    text = client.page("/aanbieders/fijn").text
    assert "Van de 10 gezinnen bereikten er 7 hun doelen." in text
    assert "We keken naar 64 gezinnen. Met andere gezinnen kan het ook 6 of 8 zijn." in text
    assert "Geen verschil aangetoond met het gemiddelde: ongeveer 7 van de 10." in text
    english = client.page("/aanbieders/fijn?lang=en").text
    assert "Of 10 families 7 reached their goals." in english
    assert "No difference was shown with the average" in english


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ((3, 9), "Te weinig gezinnen om iets te zeggen: minder dan 10."),
        ((3, 40), "De doelen zijn bereikt bij 0 tot 4 van de 40 gezinnen."),
        ((38, 40), "De doelen zijn bereikt bij 36 tot 40 van de 40 gezinnen."),
        ((9, 300), "De doelen zijn bereikt bij minder dan 1 van de 10 gezinnen."),
        ((29, 300), "Van de 10 gezinnen bereikte er 1 zijn doelen."),
        ((290, 300), "De doelen zijn bereikt bij meer dan 9 van de 10 gezinnen."),
        ((180, 200), "Dat is hoger dan gemiddeld. Gemiddeld is het ongeveer 7 van de 10."),
        ((100, 200), "Dat is lager dan gemiddeld. Gemiddeld is het ongeveer 7 van de 10."),
        ((1400, 2000), "Dat is ongeveer gelijk aan gemiddeld: ongeveer 7 van de 10."),
        ((14, 20), "Te weinig gegevens om te vergelijken. Dat doen we vanaf 30 gezinnen."),
    ],
)
def test_each_state_has_its_sentence(
    small: tuple[SmallRegion, InspectingClient], share: tuple[int, int], said: str
) -> None:
    region, client = small
    region.deliver("2025", USUAL)
    publish(region)
    region.deliver("2025", {"fijn": share}, day=TODAY - timedelta(20))
    region.refresh()
    assert said in client.page("/aanbieders/fijn").text


def test_forced_help_stands_apart(small: tuple[SmallRegion, InspectingClient]) -> None:
    region, client = small
    region.deliver("2025", USUAL)
    region.deliver("2025", {"acacia": (15, 40)}, framework=MeasuredFramework.MANDATORY)
    publish(region)
    page = client.page("/aanbieders/acacia")
    assert page.text.index("Hulp die het gezin zelf koos") < page.text.index("Hulp die een rechter oplegde")
    apart = [a for _, a in page.elements if "portal-figures--apart" in a.get("class", "")]
    assert len(apart) == 1
    assert "Dat is iets anders dan hulp die een gezin zelf kiest" in page.text


def test_what_was_achieved_comes_before_the_rest(small: tuple[SmallRegion, InspectingClient]) -> None:
    region, client = small
    for indicator in reversed(Indicator):
        region.deliver("2025", {"acacia": (28, 40)}, indicator=indicator)
        publish(region, indicator)
    titles = client.page("/aanbieders/acacia").texts["h4"]
    assert titles == [
        "Doelen bereikt", "Verder zonder hulp", "Minder problemen", "Tevreden over het resultaat",
        "Geen nieuwe hulp daarna", "Te vroeg gestopt",
    ]  # fmt: skip


def test_in_foster_care_dropout_is_a_placement_that_breaks_down(region: InspectingClient) -> None:
    text = region.page("/aanbieders/pleegzorg-de-veldweg").text
    assert re.search(r"Van de 100 plaatsingen bra(k|ken) er \d+ af|De plaatsing brak af", text)


def test_an_objection_and_comments_stand_beside_the_figure(region: InspectingClient) -> None:
    text = region.page("/aanbieders/stichting-kiezelpad").text
    assert "De aanbieder is het niet eens met dit cijfer" in text
    assert "Van een van onze teams zijn de gezinnen niet meegeteld." in text
    both = region.page("/aanbieders/stap-voor-stoep").text
    assert "Daar spreken we kleine doelen af." in both
    assert "De vragenlijst was dit jaar korter dan eerst." in both


def test_where_the_newest_time_is_hidden_the_page_says_of_which_time_there_is_a_figure(
    small: tuple[SmallRegion, InspectingClient],
) -> None:
    region, client = small
    region.deliver("2024", USUAL | {"fijn": (47, 64)})
    publish(region, period="2024")
    region.deliver("2025", USUAL | {"fijn": (3, 8)})
    publish(region, period="2025")
    assert "is er wel een cijfer" not in client.page("/aanbieders/acacia").text
    text = client.page("/aanbieders/fijn").text
    assert "Dat gaat over 2025. Over 2024 is er wel een cijfer: 73 van elke 100." in text


def test_a_line_of_marks_says_what_dot_bar_and_stroke_are(region: InspectingClient) -> None:
    pages = [region.get(f"/aanbieders/{slug}").get_data(as_text=True) for slug in ("praktijk-hazelworm", "babbelboom")]
    drawn = [page for page in pages if 'class="portal-scale"' in page]
    assert drawn
    for page in drawn:
        assert page.count("De balk laat zien wat het ook kan zijn.") == page.count('class="portal-scale"')
        assert page.count("Het streepje is het gemiddelde.") == page.count("portal-scale__average")


def test_the_picture_says_the_same_in_words(small: tuple[SmallRegion, InspectingClient]) -> None:
    region, client = small
    region.deliver("2025", USUAL | {"fijn": (47, 64)})
    publish(region)
    page = client.page("/aanbieders/fijn")
    pictures = [a for tag, a in page.elements if tag == "svg" and a.get("role") == "img"]
    assert [picture["aria-label"] for picture in pictures] == ["Tien poppetjes: 6 ingekleurd, tot en met 8 misschien"]
    kinds = [a["class"].rpartition("--")[2] for _, a in page.elements if "portal-people__one--" in a.get("class", "")]
    assert kinds == ["sure"] * 6 + ["doubtful", "possible", "other", "other"]


def test_every_figure_has_all_that_goes_with_it(region: InspectingClient) -> None:
    for slug in ("stap-voor-stoep", "stichting-kiezelpad", "pleegzorg-de-veldweg"):
        text = region.page(f"/aanbieders/{slug}").text
        figures = text.count("Hoe zeker is dit, en wat zegt het niet?")
        assert figures > 1
        for always in ("Over welke tijd", "Welke hulp", "Wie het zei", "Hoeveel er meededen", "Bron",
                       "Daar houdt dit cijfer geen rekening mee"):  # fmt: skip
            assert text.count(always) == figures, always


def test_a_provider_without_figures_says_why(small: tuple[SmallRegion, InspectingClient]) -> None:
    _, client = small
    assert "Hier zijn nog geen cijfers." in client.page("/aanbieders/berk").text


def test_an_offer_shows_its_own_kind_of_help_only(region: InspectingClient, region_app: Flask) -> None:
    page = region.page("/aanbieders/stap-voor-stoep")
    offer = next(a["href"] for a in page.all("a") if "/aanbod/" in a.get("href", ""))
    assert "Van de 10 gezinnen" in region.page(offer).text


def test_a_card_has_one_sentence_and_no_order_by_figures(searchable: InspectingClient) -> None:
    page = searchable.page("/zoeken?arrangement=jeugd-ggz")
    assert len(re.findall(r"Van de 10 gezinnen bereikten er \d+ hun doelen\.", page.text)) > 3
    orders = {a.get("value") for a in page.all("option")} | {a.get("href", "") for a in page.all("a")}
    assert not [order for order in orders if order and re.search(r"sorteer=(resultaat|doelen|cijfer|tevreden)", order)]


# --- the page that explains ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_explanation_has_every_indicator_in_two_levels(region: InspectingClient, language: str) -> None:
    page = region.page(f"/resultaten?lang={language}")
    assert len([a for tag, a in page.elements if tag == "h3" and "id" in a]) == 6
    assert "JZ588" in page.text
    assert "Wilson" in page.text
    assert page.all("figcaption") != []
    rows = len(page.all("tr")) - 1
    points = [a for _, a in page.elements if "portal-funnel__point" in a.get("class", "")]
    assert rows >= len(points) > 10


# --- other programs -------------------------------------------------------------------------------------------------


def test_the_api_and_the_file_say_the_same(region: InspectingClient) -> None:
    file = region.get("/data/zuid-limburg/cijfers.csv?lang=en").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    found: list[dict[str, object]] = []
    address = "/api/v1/outcomes"
    while address:
        answer = json.loads(region.get(address).get_data())
        found += answer["results"]
        address = (answer["next"] or "").removeprefix("http://127.0.0.1:8000")
    assert len(rows) == len(found) == answer["total"] > 1_000
    for row, record in zip(rows, found, strict=True):
        for name in ("provider_id", "shown", "n", "numerator", "verdict", "periods", "sentence"):
            assert row[name] == ("" if record[name] is None else str(record[name]))


def test_every_number_leaves_with_its_caveats(region: InspectingClient) -> None:
    for record in json.loads(region.get("/api/v1/outcomes?per_page=100").get_data())["results"]:
        assert len(record["caveats"]) >= 2
        for name in ("periods", "source", "framework", "informant", "better", "sentence"):
            assert record[name], name
        assert ("why_not_compared" in record) and ("response" in record)
        if record["shown"] == "few":
            assert [record[n] for n in ("n", "numerator", "mean", "bound", "low", "high", "response")] == [None] * 7
        elif record["shown"] != "exact":
            assert record["numerator"] is None
            assert record["mean"] is None


def test_words_can_be_calculated_again_from_what_is_published(region: InspectingClient) -> None:
    """A reader with the API alone comes to the same interval and the same words."""
    answer = json.loads(region.get("/api/v1/outcomes?indicator=goals_reached&periode=2025&per_page=100").get_data())
    checked = 0
    for record in answer["results"]:
        if record["average"] is None or record["why_not_compared"] or record["shown"] != "exact":
            continue
        told = tell(Counts(record["n"], numerator=record["numerator"]), DEFAULT_RULES)
        assert told.interval is not None
        assert (record["low"], record["high"]) == (round(told.interval.low, 4), round(told.interval.high, 4))
        bounds = Interval(record["average_low"], record["average_high"])
        dispersion = Dispersion(1, record["average_tau2"])
        average = MadeAverage(record["average"], bounds, record["average_n"], dispersion, 0)
        assert compare(told, average, DEFAULT_RULES, is_member=True) == record["verdict"]
        checked += 1
    assert checked > 20


@pytest.mark.parametrize(
    "query", ["sorteer=doelen", "indicator=sterren", "kader=both", "pagina=0", "per_page=1000", "order=n"]
)
def test_the_api_refuses_what_would_mix_or_rank(region: InspectingClient, query: str) -> None:
    assert region.get(f"/api/v1/outcomes?{query}").status_code == 400


# --- nothing hidden comes out, whoever looks --------------------------------------------------------------------------

VIEWERS = (Audience.ACCESS_TEAMS, Audience.REFERRERS, Audience.PUBLIC)
PUBLIC = (
    "/aanbieders/{}", "/aanbieders/{}?lang=en", "/api/v1/outcomes?aanbieder={}", "/api/v1/providers/{}",
    "/zoeken?q={}", "/api/v1/providers?q={}",
)  # fmt: skip
ELSEWHERE = (
    "/resultaten",
    "/data",
    "/data/ergens/cijfers.csv",
    "/sitemap.xml",
    "/aanbieders",
)


def everything_told(region: SmallRegion, client: InspectingClient) -> dict[str, object]:
    """All that anybody but the region and the provider itself can see, byte for byte."""
    told: dict[str, object] = {}
    for address in (*(path.format(name) for path in PUBLIC for name in region.providers), *ELSEWHERE):
        response = client.get(address)
        body = response.get_data()
        body = gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body
        told[address] = re.sub(r'"request_id": ?"[^"]*"', "", body.decode())
    with region.database.sessions() as session:
        for audience in VIEWERS:
            for figure in queries.figures(session, Asked(), Viewer(audience, region.id))[1]:
                told[f"{audience} {figure.provider.identifier} {figure.indicator} {figure.periods}"] = {
                    column.name: getattr(figure, column.name) for column in Figure.__table__.columns
                }
    return told


def test_nobody_can_tell_one_hidden_count_from_another(small: tuple[SmallRegion, InspectingClient]) -> None:
    """The canary: with other small counts everything that anybody can fetch is the same, byte for byte."""
    region, client = small
    region.deliver("2025", USUAL | {"fijn": (2, 8), "gaard": (1, 60)})
    region.deliver("2024", {"fijn": (3, 4)})
    region.deliver("2025", {"fijn": (2, 8)}, indicator=Indicator.DROPOUT)
    for indicator, period in ((Indicator.GOALS_REACHED, "2025"), (Indicator.DROPOUT, "2025")):
        publish(region, indicator, period)
    before = everything_told(region, client)
    assert len(before) > 40
    assert "0 tot 4 van de 60 gezinnen" in str(before["/aanbieders/gaard"])
    region.deliver("2025", {"fijn": (4, 9)})
    region.deliver("2024", {"fijn": (1, 3)})
    region.deliver("2025", {"fijn": (5, 5)}, indicator=Indicator.DROPOUT)
    after = everything_told(region, client)
    assert after.keys() == before.keys()
    assert [place for place in before if before[place] != after[place]] == []


def test_a_hidden_count_is_in_no_page_of_the_demonstration(region: InspectingClient, region_app: Flask) -> None:
    """Pages of providers with hidden counts hold no `x van de n` that is not told."""
    with region_app.app_context():
        from portal.core.database import current_session

        session = current_session()
        hidden = queries.figures(session, Asked(), Viewer(Audience.PUBLIC))[1]
        slugs = {f.provider.slug for f in hidden if f.shown is not Shown.EXACT}
    assert len(slugs) > 20
    for slug in sorted(slugs)[:12]:
        text = region.page(f"/aanbieders/{slug}").text
        assert set(re.findall(r"0 tot (\d+) van de", text)) <= {"4"}
        assert set(re.findall(r"minder dan (\d+) van de", text)) <= {"1", "5"}
