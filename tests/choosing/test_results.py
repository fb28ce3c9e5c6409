"""What came of the help, beside each other and on paper: only what everybody may see, and no difference that is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.catalogue.models import Offer, Provider, Region
from portal.catalogue.operations import touch
from portal.core.database import Database
from portal.outcomes import operations
from portal.outcomes.figures import Counts, tell
from portal.outcomes.models import Average, Figure, Measurement, Objection
from portal.outcomes.side_by_side import difference
from portal.outcomes.types import DEFAULT_RULES, Audience, Indicator, Informant, MeasuredFramework
from portal.reviews.models import Experience
from portal.reviews.types import Occasion, Status, ToldFramework, Voice
from tests.conftest import TODAY
from tests.inspection import InspectingClient
from tests.outcomes.regions import SOMEBODY, at

Address = Callable[..., str]
GOALS, DROPOUT = Indicator.GOALS_REACHED, Indicator.DROPOUT


@pytest.fixture
def deliver(database: Database, small: InspectingClient) -> Callable[..., None]:
    """Counts of 2025 in the small catalogue, as far as `to`; `small` is there first."""

    def delivered(to: Audience, indicator: Indicator = GOALS, **shares: tuple[int, int]) -> None:
        with database.transaction() as session:
            region = session.scalars(select(Region.id)).one()
            for provider in session.scalars(select(Provider).where(Provider.slug.in_(shares))):
                x, n = shares[provider.slug]
                session.add(
                    Measurement(
                        provider_id=provider.id, arrangement="begeleiding", period="2025", indicator=indicator,
                        framework=MeasuredFramework.VOLUNTARY, informant=Informant.CLIENT, municipality="",
                        numerator=x, denominator=n, instrument="Exit", source="Eigen",
                    )
                )  # fmt: skip
            session.flush()
            operations.refresh(session, region, DEFAULT_RULES, TODAY)
        about = [operations.About(region, indicator, "2025")]
        steps = dict.fromkeys((Audience.PROVIDER, to))
        for audience, day in zip(steps, (40, 20), strict=False):
            with database.transaction() as session:
                when = at(TODAY - timedelta(day))
                operations.move(session, about, audience, SOMEBODY, "", DEFAULT_RULES, when)
        with database.transaction() as session:
            touch(session)

    return delivered


def test_figures_stand_beside_each_other_with_how_sure_they_are(
    small: InspectingClient, address: Address, deliver: Callable[..., None]
) -> None:
    deliver(Audience.PUBLIC, linde=(47, 64), berk=(35, 50))
    text = small.page(address("/vergelijken", "linde", "berk", "els")).text
    assert "Wat het gezinnen opleverde" in text
    assert "Van de 10 gezinnen bereikten er 7 hun doelen." in text
    assert "We keken naar 64 gezinnen. Met andere gezinnen kan het ook 6 of 8 zijn." in text
    assert "Verteld door: de jongeren zelf. We vergelijken niet: te weinig aanbieders" in text
    assert "Over deze hulp is hier geen openbaar cijfer" in text  # els
    assert "Een lager cijfer betekent niet altijd dat de hulp minder goed is." in text


def test_the_sheet_has_them_too(small: InspectingClient, address: Address, deliver: Callable[..., None]) -> None:
    deliver(Audience.PUBLIC, linde=(47, 64), berk=(35, 50))
    for blad in ("gezin", "toegang"):
        page = small.page(address("/mijn-lijst", "linde", "berk", "els", blad=blad))
        sheet = " ".join(page.texts["article"])
        assert "Doelen bereikt Deze zijn niet allemaal te vergelijken." in sheet
        assert "7 van de 10 gezinnen, misschien 6 tot 8. Bekend van 64 (2025)" in sheet
        assert "Over deze hulp is hier geen openbaar cijfer" in sheet


@pytest.mark.parametrize("audience", [Audience.PROVIDER, Audience.ACCESS_TEAMS, Audience.REFERRERS])
def test_what_others_may_not_see_yet_is_on_no_page(
    small: InspectingClient, address: Address, deliver: Callable[..., None], audience: Audience
) -> None:
    deliver(audience, linde=(47, 64), berk=(35, 50))
    for path in ("/vergelijken", "/mijn-lijst"):
        assert "bereikten" not in small.page(address(path, "linde", "berk", blad="toegang")).text
    compared = small.page(address("/vergelijken", "linde", "berk")).text
    assert "Er zijn nog geen openbare cijfers over wat deze hulp opleverde." in compared
    assert "bereikten" not in small.page("/keuzehulp/uitkomst?gemeente=Heerlen").text


def test_the_answer_of_help_to_choose_tells_them_as_search_does(
    small: InspectingClient, deliver: Callable[..., None]
) -> None:
    deliver(Audience.PUBLIC, linde=(47, 64))
    assert "bereikten er 7 hun doelen" in small.page("/keuzehulp/uitkomst?gemeente=Heerlen").text


def test_of_free_help_nobody_counts_it(
    database: Database, small: InspectingClient, address: Address, deliver: Callable[..., None]
) -> None:
    deliver(Audience.PUBLIC, linde=(47, 64), berk=(35, 50))
    with database.transaction() as session:
        session.query(Offer).filter_by(identifier="berk-1").update({"access": "free"})
        touch(session)
    text = small.page(address("/vergelijken", "linde", "berk")).text
    assert "Bij deze hulp wordt dit niet geteld" in text
    assert "50 gezinnen" not in text


def test_what_a_provider_disputes_says_so(
    database: Database, small: InspectingClient, address: Address, deliver: Callable[..., None]
) -> None:
    deliver(Audience.PUBLIC, linde=(47, 64), berk=(35, 50))
    with database.transaction() as session:
        figure = session.scalars(select(Figure).join(Provider).where(Provider.slug == "linde")).one()
        session.add(Objection(figure_id=figure.id, reason="Klopt niet", made_on=TODAY))
        touch(session)
    text = small.page(address("/vergelijken", "linde", "berk")).text
    assert text.count("De aanbieder is het niet eens met dit cijfer.") == 1


USUAL = Average(id=1, value=0.7, low=0.69, high=0.71, n=900, tau2=0.0, is_mean=False)


def figure(
    number: int, share: int, arrangement: str = "begeleiding", instrument: str = "Exit", n: int = 60,
    periods: str = "2025", average: Average | None = USUAL, name: str = "Linde",
) -> Figure:  # fmt: skip
    """So many of every hundred of `n` families."""
    told = tell(Counts(n, numerator=round(share * n / 100)), DEFAULT_RULES)
    assert told.interval is not None
    return Figure(
        id=number, low=told.interval.low, high=told.interval.high, n=n, numerator=told.numerator, shown=told.shown,
        is_mean=False, arrangement=arrangement, instrument=instrument, periods=periods,
        period=periods, average=average, indicator=GOALS,
        provider=Provider(name=name),
    )  # fmt: skip


WIDE = Average(id=2, value=0.7, low=0.69, high=0.71, n=900, tau2=0.1, is_mean=False)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ([], ""),
        ([figure(1, 55)], ""),
        ([figure(1, 55), figure(1, 55)], ""),  # two offers of one provider
        ([figure(1, 60), figure(2, 75)], "No difference was shown"),
        ([figure(1, 40), figure(2, 80)], "more than by chance alone"),
        ([figure(1, 40, average=WIDE), figure(2, 80, average=WIDE)], "No difference was shown"),
        ([figure(1, 40, average=None), figure(2, 80, average=None)], "too few providers"),
        ([figure(1, 40), figure(2, 60), figure(3, 80)], "more than by chance alone"),
        ([figure(1, 20), figure(2, 80, periods="2024")], "You cannot compare that with another year."),
        ([figure(1, 20), figure(2, 80, n=29)], "only 29 families. That is too few to compare."),
        ([figure(1, 20), figure(2, 80, arrangement="verblijf")], "Do not lay these beside each other"),
        ([figure(1, 20), figure(2, 80, arrangement="verblijf"), figure(3, 25, name="Berk")],
         "different kinds of help."),
        ([figure(1, 20), figure(2, 80, instrument="KIDSCREEN")], "measured in different ways"),
    ],
)  # fmt: skip
def test_no_difference_is_told_that_the_numbers_do_not_show(
    small: InspectingClient, figures: list[Figure], said: str
) -> None:
    with small.application.test_request_context("/?lang=en"):
        small.application.preprocess_request()
        told = difference(figures, DEFAULT_RULES)
    assert (said in told) if said else told == ""


def test_what_young_people_and_parents_told_stands_beside_each_other(
    small: InspectingClient, address: Address, database: Database
) -> None:
    assert "Wat gezinnen vertelden" not in small.page(address("/vergelijken", "linde", "berk")).text
    with database.transaction() as session:
        provider = session.scalars(select(Provider).where(Provider.slug == "linde")).one()
        for number in range(3):
            session.add(
                Experience(
                    id=f"story{number}", region_id=provider.region_id, provider_id=provider.id,
                    arrangement="begeleiding", occasion=Occasion.END, voice=Voice.PARENT,
                    framework=ToldFramework.VOLUNTARY, question_set="2026-1", answers={}, story="Zij luisterden.",
                    quarter="2026-Q2", status=Status.PUBLISHED, phrase_selector=f"s{number}", phrase_salt="x",
                    phrase_digest="x",
                )
            )  # fmt: skip
    text = small.page(address("/vergelijken", "linde", "berk")).text
    assert "Wat gezinnen vertelden" in text and "3 verhalen te lezen op hun pagina" in text
    assert "Nog niets verteld" in text  # of the other one
    assert "Jongeren" not in text.partition("Wat gezinnen vertelden")[2].partition("Print")[0]
