"""Figures at the desks: a provider looks first, the region decides, access teams and referrers see their phase."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.types import Post, Profession, Role
from portal.catalogue.models import Contract, Offer, Provider, Region
from portal.catalogue.operations import touch
from portal.catalogue.types import OfferAccess
from portal.core import clock
from portal.core.database import Database
from portal.core.mail.models import Mail
from portal.core.trail.models import TrailEntry
from portal.outcomes.models import Comment, Figure, Objection, Phase
from portal.outcomes.types import Audience, Indicator, Informant, MeasuredFramework, Shown, Verdict, WhyNotCompared
from tests.accounts.people import CHEAP, Someone, make_person
from tests.conftest import TODAY, make_app
from tests.inspection import InspectingClient
from tests.outcomes.regions import NAMES, SmallRegion

USUAL = {"acacia": (28, 40), "berk": (35, 50), "ceder": (42, 60), "den": (49, 70), "eik": (56, 80)}
OWN, REGION, REFERRER = "/werkplek/aanbieder/cijfers", "/werkplek/regio/cijfers", "/werkplek/verwijzer/cijfers"
DESK = "/werkplek/verwijzer"
SEARCH = "/werkplek/verwijzer/zoeken"
PHASE = {"was": "provider", "to": "access_teams"}


@dataclass
class Desks:
    """A small region with somebody at every desk."""

    app: Flask
    region: SmallRegion

    def at(self, who: str) -> Someone:
        """Somebody, signed in."""
        return Someone.enter(self.app, f"{who}@voorbeeld.example")

    def figure(self, name: str = "acacia") -> int:
        """The figure of a provider over 2025."""
        return self.region.figure(name).id

    def all(self, kind: type) -> list[object]:
        with self.region.database.sessions() as session:
            return list(session.scalars(select(kind)))


def make_desks(database: Database, folder: Path) -> Desks:
    """The region and its people in an empty database."""
    region = SmallRegion(database)
    app = make_app(database.engine.url.render_as_string(hide_password=False), folder)
    app.extensions["portal.passwords"] = CHEAP
    posts = {
        "acacia": Post(Role.PROVIDER_MANAGER, region.id, region.providers["acacia"]),
        "redactie": Post(Role.PROVIDER_EDITOR, region.id, region.providers["acacia"]),
        "berk": Post(Role.PROVIDER_MANAGER, region.id, region.providers["berk"]),
        "fijn": Post(Role.PROVIDER_MANAGER, region.id, region.providers["fijn"]),
        "gaard": Post(Role.PROVIDER_EDITOR, region.id, region.providers["gaard"]),
        "data": Post(Role.DATA_OFFICER, region.id),
        "contract": Post(Role.CONTRACT_MANAGER, region.id),
        "toegang": Post(Role.ACCESS_WORKER, region.id, municipality="GM0917"),
        "huisarts": Post(Role.REFERRER, region.id, profession=Profession.GP),
    }
    with database.transaction() as session:
        for name, post in posts.items():
            make_person(session, f"{name}@voorbeeld.example", post)
    return Desks(app, region)


@pytest.fixture
def desks(database: Database, tmp_path: Path) -> Iterator[Desks]:
    with clock.stopped(datetime.combine(TODAY, time(12), clock.AMSTERDAM)):
        made = make_desks(database, tmp_path)
        yield made
    made.app.extensions["portal.database"].engine.dispose()


def show_to_providers(desks: Desks, days_ago: int = 4) -> None:
    desks.region.deliver("2025", USUAL | {"fijn": (2, 8), "gaard": (3, 60)}, day=TODAY - timedelta(60))
    desks.region.move("2025", Audience.PROVIDER, TODAY - timedelta(days_ago))


# --- the provider looks first ------------------------------------------------------------------------------------


def test_a_provider_sees_its_own_figures_when_the_region_shows_them_and_nobody_elses(desks: Desks) -> None:
    desks.region.deliver("2025", USUAL)
    assert "Van de 10 gezinnen" not in desks.at("acacia").page(OWN).text
    desks.region.move("2025", Audience.PROVIDER)
    for who in ("acacia", "redactie"):
        page = desks.at(who).page(OWN)
        assert "Van de 10 gezinnen bereikten er 7 hun doelen." in page.text
        assert "Bekijk het tot en met 6 december 2026" in page.text
        assert len([a for a in page.all("a") if re.fullmatch(rf"{OWN}/\d+", a.get("href", ""))]) == 1
        begins = desks.at(who).page("/werkplek/aanbieder").text
        assert "1 cijfer om te bekijken, tot en met 6 december 2026" in begins
    assert desks.at("berk").page(f"{OWN}/{desks.figure()}", 404)
    assert desks.at("berk").submit(f"{OWN}/{desks.figure()}/bezwaar", text="Fout").status_code == 404


def test_what_is_public_of_others_is_no_page_of_theirs(desks: Desks) -> None:
    show_to_providers(desks, 40)
    assert "Zo gaan anderen het zien" in desks.at("acacia").page(f"{OWN}/{desks.figure()}").text
    desks.region.move("2025", Audience.PUBLIC, TODAY)
    assert desks.at("berk").page(f"{OWN}/{desks.figure()}", 404)
    public = desks.at("acacia").page(f"{OWN}/{desks.figure()}").text
    assert "Zo ziet iedereen het" in public and "Zo gaan anderen" not in public


@pytest.mark.parametrize(
    ("name", "said"),
    [("acacia", "Te zien voor: regio en aanbieder."), ("acacia", "versie 2 van de formule"),
     ("acacia", "Anderen zien het op zijn vroegst op 2 december 2026."),
     ("fijn", "Dit zijn minder dan 10 gezinnen."), ("gaard", "Aan één kant staan minder dan 5 gezinnen.")],
)  # fmt: skip
def test_a_figure_says_how_it_was_made_and_what_is_not_told(desks: Desks, name: str, said: str) -> None:
    show_to_providers(desks)
    assert said in desks.at(name).page(f"{OWN}/{desks.figure(name)}").text


def test_an_objection_stands_beside_the_figure_and_in_the_queue(desks: Desks) -> None:
    show_to_providers(desks)
    address = f"{OWN}/{desks.figure()}"
    answer = desks.at("acacia").submit(f"{address}/bezwaar", text="Er missen 12 gezinnen.")
    assert answer.headers["Location"].endswith("?gedaan=bezwaar")
    page = desks.at("acacia").page(address).text
    assert "Er missen 12 gezinnen." in page
    assert "Uw bezwaar staat bij het cijfer tot de regio heeft beslist." in page
    queue = desks.at("contract").page(f"{REGION}/bezwaren").text
    assert "1 bezwaar wacht" in queue
    assert "1 bezwaar om over te beslissen, van" in desks.at("contract").page("/werkplek/regio").text
    assert "Er missen 12 gezinnen." in queue
    again = desks.at("redactie").submit(f"{address}/bezwaar", text="Nog een bezwaar.")
    assert again.status_code == 422
    assert "Er is al een bezwaar tegen dit cijfer." in again.get_data(as_text=True)
    assert "Nog een bezwaar." in again.get_data(as_text=True), "what was typed is not lost"


@pytest.mark.parametrize("what", ["bezwaar", "toelichting"])
@pytest.mark.parametrize(
    ("text", "found"),
    [("Bel de moeder: 06-12345678.", "een telefoonnummer"), ("Geboren 3 mei 2012.", "een datum"),
     ("Het gaat om jan@voorbeeld.nl.", "een mailadres")],
)  # fmt: skip
def test_what_looks_like_one_family_is_asked_about_and_not_lost(
    desks: Desks, what: str, text: str, found: str
) -> None:  # fmt: skip
    show_to_providers(desks)
    address = f"{OWN}/{desks.figure()}/{what}"
    asked = desks.at("acacia").submit(address, text=text)
    assert asked.status_code == 422
    body = asked.get_data(as_text=True)
    assert found in body
    assert f">{text}</textarea>" in body
    assert 'name="keep"' in body
    assert desks.all(Objection) == desks.all(Comment) == []
    assert desks.at("acacia").submit(address, text=text, keep="ja").status_code == 302
    assert len(desks.all(Objection)) + len(desks.all(Comment)) == 1


def test_a_citizen_service_number_is_never_kept(desks: Desks) -> None:
    show_to_providers(desks)
    refused = desks.at("acacia").submit(f"{OWN}/{desks.figure()}/bezwaar", text="BSN 111222333", keep="ja")
    assert refused.status_code == 422
    assert 'name="keep"' not in refused.get_data(as_text=True)
    assert desks.all(Objection) == []
    assert not [entry for entry in desks.all(TrailEntry) if "111222333" in f"{entry.reason}{entry.after}"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_an_objection_needs_a_reason_of_some_length(desks: Desks, text: str) -> None:
    show_to_providers(desks)
    assert desks.at("acacia").submit(f"{OWN}/{desks.figure()}/bezwaar", text=text).status_code == 422
    assert desks.all(Objection) == []


def test_after_its_days_a_provider_is_told_whom_to_ask(desks: Desks) -> None:
    show_to_providers(desks, 20)
    desks.app.extensions["portal.settings"] = replace(
        desks.app.extensions["portal.settings"], contact_phone="045-555 00 00"
    )
    late = desks.at("acacia").submit(f"{OWN}/{desks.figure()}/bezwaar", text="Te laat.")
    assert late.status_code == 422
    assert "U kon bezwaar maken tot en met 16 november 2026." in late.get_data(as_text=True)
    page = desks.at("acacia").client.get(f"{OWN}/{desks.figure()}").get_data(as_text=True)
    assert "tel:0455550000" in page.partition("<footer")[0]


def test_an_explanation_can_be_changed_and_taken_away(desks: Desks) -> None:
    show_to_providers(desks)
    address = f"{OWN}/{desks.figure()}"
    for text, kept in (("Wij helpen grote gezinnen.", 1), ("Wij helpen ook pleeggezinnen.", 1), ("", 0), ("", 0)):
        assert desks.at("acacia").submit(f"{address}/toelichting", text=text).status_code == 302
        assert len(desks.all(Comment)) == kept
    explained = [entry for entry in desks.all(TrailEntry) if entry.action == "figures.commented"]
    assert len(explained) == 3, "to take away what is not there changes nothing"


# --- the region decides ------------------------------------------------------------------------------------------


def test_the_region_upholds_an_objection_and_the_provider_hears_it(desks: Desks) -> None:
    show_to_providers(desks, 14)
    figure = desks.figure()
    desks.at("acacia").submit(f"{OWN}/{figure}/bezwaar", text="Er missen 12 gezinnen.")
    desks.region.move("2025", Audience.PUBLIC, TODAY)
    objection = desks.all(Objection)[0].id
    wrong = desks.at("contract").submit(f"{REGION}/cijfer/{figure}/besluit", text="Dat klopt.", objection=objection)
    assert wrong.status_code == 422
    assert "Kies wat u beslist." in wrong.get_data(as_text=True)
    assert ">Dat klopt.</textarea>" in wrong.get_data(as_text=True)
    decided = desks.at("contract").submit(
        f"{REGION}/cijfer/{figure}/besluit", text="Dat klopt.", objection=objection, ruling="upheld"
    )
    assert decided.status_code == 302
    assert desks.region.figure("acacia").audience is Audience.PROVIDER
    own = desks.at("acacia").page(f"{OWN}/{figure}")
    assert "U hebt gelijk over dit cijfer." in own.text and "anderen het zien" not in own.text
    assert not [form for form in own.all("form") if form.get("action", "").endswith("/bezwaar")]
    assert desks.at("acacia").submit(f"{OWN}/{figure}/bezwaar", text="Nog iets.").status_code == 422
    assert "De aanbieder heeft gelijk" in desks.at("contract").page(f"{REGION}/cijfer/{figure}").text
    assert sorted(mail.recipient for mail in desks.all(Mail)) == [
        "acacia@voorbeeld.example", "redactie@voorbeeld.example",
    ]  # fmt: skip
    again = desks.at("data").submit(
        f"{REGION}/cijfer/{figure}/besluit", text="Nee.", objection=objection, ruling="dismissed"
    )
    assert again.status_code == 422
    assert "Iemand anders heeft dit net veranderd." in again.get_data(as_text=True)
    assert [one.ruling.value for one in desks.all(Objection)] == ["upheld"]


def test_what_the_region_decided_about_does_not_wait_for_the_provider_any_more(desks: Desks) -> None:
    show_to_providers(desks)
    figure = desks.figure()
    desks.at("acacia").submit(f"{OWN}/{figure}/bezwaar", text="Er missen 12 gezinnen.")
    objection = desks.all(Objection)[0].id
    asked = {"text": "Zo staat het in uw bestand.", "objection": objection, "ruling": "dismissed"}
    assert desks.at("contract").submit(f"{REGION}/cijfer/{figure}/besluit", **asked).status_code == 302
    page = desks.at("acacia").page(OWN).text
    assert "Er wacht niets op u" in page and "De regio besliste over uw bezwaar" in page
    assert "cijfer om te bekijken" not in desks.at("acacia").page("/werkplek/aanbieder").text


def test_own_figures_stand_by_kind_of_help_and_can_be_narrowed(desks: Desks) -> None:
    for year in ("2023", "2024", "2025"):
        desks.region.deliver(year, USUAL, day=TODAY - timedelta(60))
        desks.region.move(year, Audience.PROVIDER, TODAY - timedelta(40))

    def shown(asked: str = "") -> list[str]:
        page = desks.at("acacia").page(f"{OWN}{asked}")
        return [a["href"] for a in page.all("a") if re.fullmatch(rf"{OWN}/\d+", a.get("href", ""))]

    everything = shown()
    assert len(everything) > 1
    periods = [
        option["value"] for option in desks.at("acacia").page(OWN).all("option") if option.get("value", "")[:2] == "20"
    ]
    assert periods == sorted(periods, reverse=True) and len(periods) > 1
    assert 0 < len(shown(f"?periode={periods[0]}")) < len(everything)
    assert shown("?cijfer=goals_reached") == everything
    assert shown("?periode=x&cijfer=y") == everything


def test_an_objection_to_another_figure_is_not_there(desks: Desks) -> None:
    show_to_providers(desks)
    desks.at("acacia").submit(f"{OWN}/{desks.figure()}/bezwaar", text="Er missen 12 gezinnen.")
    objection = desks.all(Objection)[0].id
    elsewhere = f"{REGION}/cijfer/{desks.figure('berk')}/besluit"
    for number in (objection, 999_999, "x", ""):
        asked = {"text": "Nee.", "objection": number, "ruling": "dismissed"}
        assert desks.at("contract").submit(elsewhere, **asked).status_code == 404


def test_a_data_officer_moves_figures_and_the_providers_get_a_mail(desks: Desks) -> None:
    desks.region.deliver("2025", USUAL)
    address = f"{REGION}/goals_reached/2025"
    moved = desks.at("data").submit(f"{address}/fase", was="region", to="provider")
    assert moved.headers["Location"].endswith("?gedaan=verder")
    assert {mail.recipient for mail in desks.all(Mail)} == {
        f"{who}@voorbeeld.example" for who in ("acacia", "redactie", "berk")
    }
    assert "U kunt bezwaar maken tot en met 6 december 2026." in str(desks.all(Mail)[0].body)
    assert desks.at("contract").submit(f"{address}/fase", was="provider", to="public").status_code == 403
    assert "Verder tonen of terughalen" not in desks.at("contract").page(address).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"was": "provider", "to": "public"}, "De aanbieders kunnen deze cijfers bekijken tot en met 2 december 2026."),
        ({"was": "provider", "to": "region"}, "Zeg waarom deze cijfers worden teruggehaald."),
        ({"was": "region", "to": "region", "reason": "x"}, "Iemand anders heeft dit net veranderd."),
        ({"was": "provider", "to": "iedereen"}, "Kies wie deze cijfers mag zien."),
        ({"was": "provider", "to": ""}, "Kies wie deze cijfers mag zien."),
        ({"was": "provider", "to": "provider"}, "Deze cijfers zijn daar al te zien."),
        ({"was": "provider", "to": "public", "day": "32-13-2026"}, "32-13-2026 is geen datum."),
        ({"was": "provider", "to": "public", "day": "2026-11-22"}, "22 november 2026 is geen dag die nog komt."),
        ({"was": "provider", "to": "public", "day": "2026-11-30"}, "Kies die dag, of een latere."),
        ({"was": "provider", "to": "access_teams", "reason": "x" * 501}, "Zeg het in hooguit 500 tekens."),
    ],
)
def test_a_step_that_cannot_be_made_says_why_and_changes_nothing(
    desks: Desks, fields: dict[str, str], said: str
) -> None:  # fmt: skip
    show_to_providers(desks)
    before = len(desks.all(TrailEntry))
    refused = desks.at("data").submit(f"{REGION}/goals_reached/2025/fase", **fields)
    assert refused.status_code == 422
    assert said in refused.get_data(as_text=True)
    assert [phase.audience for phase in desks.all(Phase)] == [Audience.PROVIDER]
    assert len(desks.all(TrailEntry)) == before


def test_figures_are_planned_taken_back_and_all_of_it_is_in_the_trail(desks: Desks) -> None:
    show_to_providers(desks)
    address = f"{REGION}/goals_reached/2025"
    assert desks.at("data").submit(f"{address}/fase", day="2-12-2026", **PHASE).status_code == 302
    assert "gepland vanaf 2 december 2026" in desks.at("data").page(address).text
    assert desks.at("data").submit(f"{address}/plan-vervalt").status_code == 302
    assert desks.at("data").submit(f"{address}/plan-vervalt").status_code == 409
    back = {"was": "provider", "to": "region", "reason": "De bron klopt niet."}
    assert desks.at("data").submit(f"{address}/fase", **back).status_code == 302
    text = desks.at("contract").page("/werkplek/regio/logboek?wat=figures").text
    for said in ("zichtbaarheid van cijfers gepland", "plan voor cijfers vervallen", "De bron klopt niet.",
                 "Doelen bereikt", "regio en aanbieder", "2 december 2026"):  # fmt: skip
        assert said in text, said


def test_the_calendar_says_who_did_not_deliver(desks: Desks) -> None:
    show_to_providers(desks)
    with desks.region.database.transaction() as session:
        late = Provider(region_id=desks.region.id, identifier="laat", slug="laat", name="Laat")
        session.add(late)
        session.flush()
        session.add(
            Contract(region_id=desks.region.id, provider_id=late.id, identifier="c", arrangement="begeleiding",
                     start_date=TODAY, whole_region=True)
        )  # fmt: skip
    page = desks.at("contract").page(f"{REGION}/aanlevering").text
    assert "2025: 0 van de 1 aanbieders met een contract leverden iets aan." in page
    assert "1 van 6 soorten" in page
    only = desks.at("data").page(f"{REGION}/aanlevering?ontbreekt=2025")
    assert "1 aanbieder" in only.text
    assert "Laat" in only.text
    assert "Acacia" not in only.texts["tbody"][0]


# --- access teams and referrers ------------------------------------------------------------------------------------


def offer_help(desks: Desks, *names: str) -> None:
    """Let these providers offer help with a referral, and the first of them help that is free as well."""
    with desks.region.database.transaction() as session:
        for name in names:
            session.add(_offer(desks, name, OfferAccess.REFERRAL))
        session.add(_offer(desks, names[0], OfferAccess.FREE))


def _offer(desks: Desks, name: str, access: OfferAccess) -> Offer:
    return Offer(
        region_id=desks.region.id, provider_id=desks.region.providers[name], identifier=f"{name}-{access.value}",
        name=f"Hulp van {name}", arrangement="begeleiding", access=access, description="Hulp bij angst.",
    )  # fmt: skip


def test_the_comparison_at_the_desk_speaks_of_figures_of_its_phase_and_the_public_one_of_public_figures(
    desks: Desks,
) -> None:
    show_to_providers(desks, 20)
    offer_help(desks, "acacia", "fijn")
    desks.region.move("2025", Audience.ACCESS_TEAMS, TODAY)
    asked = "vergelijken?aanbod=acacia-referral&aanbod=fijn-referral"
    page = desks.at("toegang").page(f"{DESK}/{asked}")
    assert "Van de 10 gezinnen bereikten er 7 hun doelen." in page.text
    assert "Geen cijfer hierover, of van te weinig gezinnen" in page.text and "openbaar cijfer" not in page.text
    nothing = desks.at("huisarts").page(f"{DESK}/{asked}")
    assert "nog geen cijfers om te vergelijken" in nothing.text and "openbare cijfers" not in nothing.text
    assert "nog geen openbare cijfers" in desks.app.test_client().get(f"/{asked}").get_data(as_text=True)


def test_the_preview_of_free_help_shows_no_figure_that_its_page_does_not_show(desks: Desks) -> None:
    show_to_providers(desks, 20)
    offer_help(desks, "acacia")
    desks.region.move("2025", Audience.PUBLIC, TODAY)
    editor, sentence = desks.at("redactie"), "Van de 10 gezinnen bereikten er 7 hun doelen."
    for offer, has in (("acacia-referral", True), ("acacia-free", False)):
        preview = editor.page(f"/werkplek/aanbieder/gegevens/voorbeeld/{offer}").text
        public = desks.app.test_client().get(f"/aanbieders/acacia/aanbod/{offer}").get_data(as_text=True)
        assert (sentence in preview, sentence in public) == (has, has), offer


def test_the_figures_of_a_search_are_folded_and_those_of_the_list_are_not(desks: Desks) -> None:
    show_to_providers(desks, 20)
    offer_help(desks, "acacia")
    desks.region.move("2025", Audience.ACCESS_TEAMS, TODAY)
    team = desks.at("toegang")
    folded = "".join(team.page(f"{SEARCH}?q=acacia&gemeente=alle").texts.get("details", []))
    assert "1 cijfer" in folded and "Van de 10 gezinnen bereikten er 7 hun doelen." in folded
    listed = team.page(f"{DESK}/lijst?aanbod=acacia-referral")
    assert "hun doelen" in listed.text and "hun doelen" not in "".join(listed.texts.get("details", []))


def test_a_mark_that_young_people_gave_counts_young_people_in_every_line(desks: Desks) -> None:
    show_to_providers(desks, 20)
    offer_help(desks, "acacia", "berk")
    for phase in (Audience.ACCESS_TEAMS, Audience.REFERRERS, Audience.PUBLIC):
        desks.region.move("2025", phase, TODAY)
    with desks.region.database.transaction() as session:
        for figure in session.scalars(select(Figure)).all():
            figure.bound, figure.average_id = None, None
            figure.is_mean, figure.informant, figure.shown, figure.n = True, Informant.CLIENT, Shown.EXACT, 19
            figure.numerator, figure.mean, figure.low, figure.high = None, 7.5, 7.0, 8.0
            figure.verdict, figure.why_not = Verdict.NOT_COMPARED, WhyNotCompared.FEW_FAMILIES
        touch(session)
    beside = desks.at("toegang").page(f"{REFERRER}/vergelijken?aanbod=acacia-referral&aanbod=berk-referral").text
    public = desks.at("toegang").page("/aanbieders/acacia").text
    assert beside.count("19 jongeren") == 2 and "19 gezinnen" not in beside
    assert "Dat doen we vanaf 30 jongeren." in public
    assert (
        "We keken naar 19 jongeren." in public and "Van hoeveel 19 jongeren" in public and "19 gezinnen" not in public
    )


def test_access_teams_and_referrers_see_their_phase_on_their_desk_only(desks: Desks) -> None:
    show_to_providers(desks, 20)
    offer_help(desks, "acacia", "berk")
    sentence = "Van de 10 gezinnen bereikten er 7 hun doelen."
    average = desks.region.figure("acacia").average_id
    paths = (f"{DESK}/aanbieders/acacia", f"{DESK}/aanbieders/acacia/aanbod/acacia-referral",
             f"{SEARCH}?q=acacia&gemeente=alle", f"{DESK}/vergelijken?aanbod=acacia-referral&aanbod=berk-referral",
             f"{REFERRER}/vergelijken?aanbod=acacia-referral&aanbod=berk-referral")  # fmt: skip
    for to, sees in ((None, ()), (Audience.ACCESS_TEAMS, ("toegang",)), (Audience.REFERRERS, ("toegang", "huisarts"))):
        if to is not None:
            desks.region.move("2025", to, TODAY)
        for who in ("toegang", "huisarts"):
            found = [("70 van elke 100" if "cijfers/vergelijken" in path else sentence) in desks.at(who).page(path).text
                     for path in paths]  # fmt: skip
            assert found == [who in sees] * len(paths), (to, who)
            assert desks.at(who).page(f"{REFERRER}/vergelijking/{average}", 200 if who in sees else 404)
        visitor = desks.at("toegang").client
        for path in ("/aanbieders/acacia", "/aanbieders/acacia/aanbod/acacia-referral", "/zoeken?q=acacia",
                     "/vergelijken?aanbod=acacia-referral&aanbod=berk-referral", "/api/v1/outcomes",
                     "/data/ergens/cijfers.csv"):  # fmt: skip
            answer = visitor.get(path)
            assert sentence not in answer.get_data(as_text=True), path
            assert "no-store" not in answer.headers["Cache-Control"] or answer.status_code != 200


def test_on_the_paper_of_one_conversation_such_a_figure_is_marked_and_its_code_leads_to_none(desks: Desks) -> None:
    show_to_providers(desks, 20)
    desks.region.move("2025", Audience.ACCESS_TEAMS, TODAY)
    dropout = Indicator.DROPOUT
    desks.region.deliver("2025", USUAL, indicator=dropout, informant=Informant.REGISTRATION)
    desks.region.move("2025", Audience.PROVIDER, TODAY - timedelta(20), indicator=dropout)
    desks.region.move("2025", Audience.ACCESS_TEAMS, TODAY, indicator=dropout)
    offer_help(desks, "acacia")
    asked, told = "aanbod=acacia-referral&blad=toegang", "7 van de 10 gezinnen"
    paper = desks.at("toegang").page(f"/werkplek/verwijzer/gespreksblad?{asked}").text
    assert paper.count(told) == paper.count("nog niet openbaar: alleen voor dit gesprek") == 2
    assert "Te vroeg gestopt" in paper
    listed = f"/werkplek/verwijzer/lijst?{asked}&gepast=7&q=boos"
    hrefs = [a.get("href", "") for a in desks.at("toegang").page(listed).all("a")]
    sheet = next(href for href in hrefs if href.startswith(f"{DESK}/gespreksblad?") and "blad=toegang" in href)
    page = desks.at("toegang").page(sheet)
    assert "Zoveel aanbieders pasten7" in page.text
    back = next(a["href"] for a in page.all("a") if a.get("href", "").startswith(f"{DESK}/lijst?"))
    assert "gepast=7" in back and "q=boos" in back and "acacia-referral" in back
    assert told not in desks.at("toegang").client.get(f"/mijn-lijst?{asked}").get_data(as_text=True)
    for_family = desks.at("toegang").page(f"{DESK}/gespreksblad?aanbod=acacia-referral&gepast=7").text
    assert "Hulp van acacia" in for_family and told not in for_family and "Zoveel aanbieders" not in for_family
    assert desks.at("huisarts").client.get(f"{DESK}/gespreksblad?{asked}").status_code == 403
    assert desks.at("huisarts").page(f"{DESK}/gespreksblad?aanbod=acacia-referral")
    desks.region.move("2025", Audience.PUBLIC, TODAY)
    paper = desks.at("toegang").page(f"/werkplek/verwijzer/gespreksblad?{asked}").text
    assert told in paper and paper.count("nog niet openbaar: alleen") == 1, "the other figure is not public yet"


def test_an_answer_for_one_person_is_kept_by_nobody(desks: Desks) -> None:
    """Its address is another than that of the public page, and every answer says that nobody may keep it."""
    show_to_providers(desks, 20)
    desks.region.move("2025", Audience.ACCESS_TEAMS, TODAY)
    offer_help(desks, "acacia")
    address = f"{SEARCH}?q=acacia"
    answers = [desks.at("toegang").client.get(address) for _ in range(2)]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
        assert "Content-Encoding" not in answer.headers
    nobody = desks.app.test_client()
    assert isinstance(nobody, InspectingClient)
    assert nobody.get(address).status_code == 302
    assert "Doelen bereikt" not in nobody.get("/zoeken?q=acacia").get_data(as_text=True)


def test_no_figure_stands_on_a_card_of_free_help(desks: Desks) -> None:
    show_to_providers(desks, 20)
    desks.region.move("2025", Audience.PUBLIC, TODAY)
    offer_help(desks, "acacia")
    with desks.region.database.transaction() as session:
        session.execute(update(Offer).where(Offer.access == OfferAccess.REFERRAL).values(withdrawn_on=TODAY))
    sentence = "Van de 10 gezinnen bereikten er 7 hun doelen."
    visitors = (
        (desks.app.test_client(), "/zoeken?q=acacia"),
        (desks.at("toegang").client, f"{SEARCH}?q=acacia&gemeente=alle"),
    )
    for client, address in visitors:
        text = client.get(address).get_data(as_text=True)
        assert "Hulp van acacia" in text
        assert sentence not in text
    with desks.region.database.transaction() as session:
        session.execute(update(Offer).values(withdrawn_on=None, access=OfferAccess.REFERRAL))
        touch(session)
    for client, address in visitors:
        assert sentence in client.get(address).get_data(as_text=True)


def test_kinds_of_help_and_frameworks_are_never_in_one_table(desks: Desks) -> None:
    show_to_providers(desks, 20)
    desks.region.deliver("2025", USUAL, framework=MeasuredFramework.MANDATORY, day=TODAY - timedelta(20))
    desks.region.move("2025", Audience.ACCESS_TEAMS, TODAY)
    offer_help(desks, "acacia", "berk")
    with desks.region.database.transaction() as session:
        session.execute(update(Offer).values(framework="both"))
    page = desks.at("toegang").page(f"{REFERRER}/vergelijken?aanbod=acacia-referral&aanbod=berk-referral")
    assert len(page.all("table")) == 2
    assert "Verschillende soorten hulp staan apart" in page.text


def test_groups_are_drawn_only_where_differences_are_real(desks: Desks) -> None:
    desks.region.deliver("2025", USUAL)
    average = desks.region.figure("acacia").average_id
    assert "We maken geen groepen" in desks.at("data").page(f"{REGION}/vergelijking/{average}").text
    far = {name: (x, 400) for name, x in zip(NAMES, (100, 380, 200, 300, 240, 150, 350, 220), strict=True)}
    desks.region.deliver("2025", far)
    page = desks.at("data").page(f"{REGION}/vergelijking/{desks.region.figure('acacia').average_id}")
    assert "We maken geen groepen" not in page.text
    assert "lager dan gemiddeld" in page.texts["h3"] or "geen verschil aangetoond" in page.texts["h3"]


def test_the_file_of_a_desk_holds_what_its_reader_may_see_with_all_caveats(desks: Desks) -> None:
    show_to_providers(desks, 20)
    desks.region.deliver("2024", USUAL)

    def rows(who: str, path: str) -> list[dict[str, str]]:
        answer = desks.at(who).client.get(path)
        assert answer.mimetype == "text/csv"
        return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))

    assert rows("toegang", f"{REFERRER}/cijfers.csv") == []
    desks.region.move("2025", Audience.ACCESS_TEAMS, TODAY)
    seen = rows("toegang", f"{REFERRER}/cijfers.csv")
    assert {(row["seen_by"], row["periods"]) for row in seen} == {("access_teams", "2025")}
    assert len(seen) == 7
    assert rows("huisarts", f"{REFERRER}/cijfers.csv") == []
    assert len(rows("contract", f"{REGION}/cijfers.csv")) == 12
    assert len(rows("data", f"{REGION}/cijfers.csv?periode=2024")) == 5
    for row in seen:
        assert "Daar houdt dit cijfer geen rekening mee" in row["caveats"]
        assert row["source"] and row["sentence"]
    assert [row["n"] for row in seen if row["shown"] == "few"] == [""]


def test_the_region_narrows_figures_by_provider_kind_of_help_and_who_sees_them(desks: Desks) -> None:
    show_to_providers(desks, 20)
    kind = f"{REGION}/goals_reached/2025"

    def shown(query: str) -> set[str]:
        page = desks.at("data").page(kind + query)
        hrefs = [one["href"] for one in page.all("a") if one.get("href", "").startswith(f"{REGION}/cijfer/")]
        return {name for name in (*USUAL, "fijn", "gaard") if f"{REGION}/cijfer/{desks.figure(name)}" in hrefs}

    everybody = {*USUAL, "fijn", "gaard"}
    assert shown("") == shown("?hulp=begeleiding") == shown("?hulp=") == shown("?hulp=onzin&fase=x") == everybody
    assert shown("?hulp=&aanbieder=berk&fase=") == shown("?aanbieder=berk") == {"berk"}
    assert shown("?aanbieder=berk&fase=provider") == {"berk"} and shown("?fase=provider") == everybody
    assert "Geen cijfer past hierbij" in desks.at("data").page(f"{kind}?aanbieder=berk&fase=public").text


def test_totals_are_narrowed_and_keep_the_conversation(desks: Desks) -> None:
    desks.region.deliver("2024", USUAL)
    desks.region.deliver("2025", USUAL)
    desks.region.move("2024", Audience.PROVIDER, TODAY - timedelta(20))
    desks.region.move("2024", Audience.ACCESS_TEAMS, TODAY)

    def periods(query: str) -> list[str]:
        return [text for text in desks.at("data").page(f"{REGION}/totalen{query}").texts["h2"] if text[:2] == "20"]

    assert periods("") == ["2025", "2024"] and periods("?periode=2024&cijfer=goals_reached&hulp=begeleiding") == [
        "2024"
    ]
    assert "Geen gemiddelde past hierbij" in desks.at("data").page(f"{REGION}/totalen?hulp=jeugdhulp").text
    page = desks.at("toegang").page(f"{REFERRER}/totalen?q=boos&periode=2024")
    assert [one["value"] for one in page.all("option") if "selected" in one] == ["2024"]
    kept = {one["name"]: one["value"] for one in page.all("input") if one.get("type") == "hidden"}
    assert kept["q"] == "boos"


# --- nothing hidden comes out, whoever is signed in -----------------------------------------------------------------

PAGES = {
    "acacia": (OWN, f"{OWN}/FIGURE"),
    "data": (REGION, f"{REGION}/goals_reached/2025?hulp=begeleiding", f"{REGION}/totalen", f"{REGION}/aanlevering",
             f"{REGION}/vergelijking/AVERAGE", f"{REGION}/cijfer/FIGURE", f"{REGION}/cijfer/FEW",
             f"{REGION}/cijfer/BOUND",
             f"{REGION}/bezwaren", f"{REGION}/cijfers.csv"),
    "contract": (REGION, "/werkplek/regio/logboek", f"{REGION}/cijfer/FEW"),
    "toegang": (f"{DESK}/aanbieders/fijn", f"{DESK}/aanbieders/gaard", f"{SEARCH}?q=hulp",
                f"{DESK}/aanbieders/fijn/aanbod/fijn-referral",
                f"{DESK}/vergelijken?aanbod=gaard-referral&aanbod=acacia-referral&aanbod=fijn-referral",
                f"{REFERRER}/totalen", f"{REFERRER}/vergelijking/AVERAGE",
                f"{REFERRER}/vergelijken?aanbod=gaard-referral&aanbod=acacia-referral"),
    "fijn": (OWN, f"{OWN}/FEW"),
    "gaard": (OWN, f"{OWN}/BOUND"),
}  # fmt: skip


def everything(desks: Desks) -> dict[str, str]:
    """What everybody who is signed in can read, without what is new each time."""
    told = {}
    average_id = desks.region.figure("acacia").average_id
    parts = {"FIGURE": desks.figure(), "FEW": desks.figure("fijn"), "BOUND": desks.figure("gaard"),
             "AVERAGE": average_id}  # fmt: skip
    for who, paths in PAGES.items():
        someone = desks.at(who)
        for path in paths:
            for part, value in parts.items():
                path = path.replace(part, str(value))
            text = someone.client.get(path).get_data(as_text=True)
            told[f"{who} {path}"] = text.replace(someone.token, "")
    return told


def test_nobody_who_is_signed_in_can_tell_one_hidden_count_from_another(
    new_database_url: Callable[[], str], tmp_path: Path
) -> None:
    """The canary at the desks, that of the region and of the very provider among them: byte for byte the same."""
    told = []
    with clock.stopped(datetime.combine(TODAY, time(12), clock.AMSTERDAM)):
        for number, hidden in enumerate(({"fijn": (2, 8), "gaard": (3, 60)}, {"fijn": (4, 9), "gaard": (1, 60)})):
            database = Database(new_database_url())
            desks = make_desks(database, tmp_path / str(number))
            desks.region.deliver("2025", USUAL | hidden, day=TODAY - timedelta(60))
            desks.region.move("2025", Audience.PROVIDER, TODAY - timedelta(20))
            desks.region.move("2025", Audience.ACCESS_TEAMS, TODAY)
            offer_help(desks, "acacia", "gaard", "fijn")
            told.append(everything(desks))
            desks.app.extensions["portal.database"].engine.dispose()
            database.engine.dispose()
    first, second = told
    assert "0 tot 4 van de 60" in first[f"toegang {DESK}/aanbieders/gaard"]
    assert len(first) == len(second) > 20
    assert [page for page in first if first[page] != second.get(page)] == []


def test_another_region_sees_nothing_of_it(desks: Desks) -> None:
    show_to_providers(desks, 20)
    desks.region.move("2025", Audience.REFERRERS, TODAY)
    with desks.region.database.transaction() as session:
        other = Region(name="Elders")
        session.add(other)
        session.flush()
        make_person(session, "ver@voorbeeld.example", Post(Role.REFERRER, other.id, profession=Profession.GP))
        make_person(session, "ver-data@voorbeeld.example", Post(Role.DATA_OFFICER, other.id))
    figure, average = desks.figure(), desks.region.figure("acacia").average_id
    beyond = (
        ("ver", f"{REFERRER}/vergelijking/{average}"), ("ver-data", f"{REGION}/vergelijking/{average}"),
        ("ver-data", f"{REGION}/cijfer/{figure}"), ("ver-data", f"{REGION}/goals_reached/2025"),
    )  # fmt: skip
    assert "Van de 10 gezinnen" not in desks.at("ver").page(f"{DESK}/aanbieders/acacia").text
    for who, path in beyond:
        assert desks.at(who).page(path, 404)
    moved = desks.at("ver-data").submit(f"{REGION}/goals_reached/2025/fase", was="referrers", to="public")
    assert moved.status_code == 404
