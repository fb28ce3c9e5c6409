"""Figures in the database: what is stored, who sees it when, what stays once it was seen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal.core.database import Database
from portal.core.trail.queries import Filters, entries
from portal.outcomes import operations, queries
from portal.outcomes.models import Average, Figure, Measurement, Objection, Publication
from portal.outcomes.operations import About, CannotDo, ChangedMeanwhile, TooSoon
from portal.outcomes.types import (
    EVERYBODY,
    Audience,
    Indicator,
    Informant,
    MeasuredFramework,
    Ruling,
    Shown,
    Verdict,
    Viewer,
    Voice,
    WhyNotCompared,
)
from tests.outcomes.regions import SOMEBODY, TODAY, SmallRegion, at

LATER = TODAY + timedelta(14)
USUAL = {"acacia": (28, 40), "berk": (35, 50), "ceder": (42, 60), "den": (49, 70), "eik": (56, 80)}
ABOUT_2025 = ("2025", Indicator.GOALS_REACHED)


@pytest.fixture
def region(database: Database) -> SmallRegion:
    return SmallRegion(database)


def publish(region: SmallRegion, period: str = "2025", day: date = TODAY) -> date:
    """Let everybody see a period; the day on which they do."""
    region.move(period, Audience.PROVIDER, day)
    region.move(period, Audience.PUBLIC, day + timedelta(14))
    return day + timedelta(14)


def seen_by(region: SmallRegion, viewer: Viewer, name: str = "acacia") -> list[str]:
    with region.database.sessions() as session:
        return [f.periods for f in queries.figures_of_provider(session, region.providers[name], viewer)]


# --- what is stored ------------------------------------------------------------------------------------------


def test_a_figure_holds_nothing_that_may_not_be_told(region: SmallRegion) -> None:
    region.deliver("2025", USUAL | {"fijn": (3, 9), "gaard": (2, 40)})
    few, bounded, whole = region.figure("fijn"), region.figure("gaard"), region.figure("acacia")
    assert few.shown is Shown.FEW
    assert [few.n, few.numerator, few.low, few.high, few.bound, few.response] == [None] * 6
    assert (bounded.shown, bounded.n, bounded.numerator, bounded.bound, bounded.low) == (Shown.BELOW, 40, None, 5, 0.0)
    assert (whole.shown, whole.numerator, whole.n) == (Shown.EXACT, 28, 40)


def test_the_table_itself_refuses_a_hidden_count(region: SmallRegion) -> None:
    region.deliver("2025", {"fijn": (3, 9), "gaard": (2, 40)})
    for name, column in (("fijn", "n"), ("gaard", "numerator")):
        with pytest.raises(IntegrityError), region.database.transaction() as session:
            figure = session.get(Figure, region.figure(name).id)
            setattr(figure, column, 3)


@pytest.mark.parametrize("hidden", [(0, 0), (0, 4), (4, 0), (4, 4), (2, 3)])
def test_nothing_that_is_stored_of_figures_depends_on_a_hidden_count(
    region: SmallRegion, hidden: tuple[int, int]
) -> None:
    """Figures and averages are the same to the last column, whatever the counts are that a bound stands for."""
    stored = []
    for few, few_not in ((1, 1), hidden):
        region.deliver("2025", USUAL | {"fijn": (few, 45), "gaard": (60 - few_not, 60)})
        figures = [_values(figure) for figure in region.figures().values()]
        averages = region.ask(lambda session: [
            {column.name: getattr(one, column.name) for column in Average.__table__.columns}
            for one in session.scalars(select(Average))
        ])  # fmt: skip
        stored.append((figures, averages))
    assert stored[0] == stored[1]
    assert stored[0][1], "there is an average"


def test_making_figures_again_changes_nothing(region: SmallRegion) -> None:
    region.deliver("2025", USUAL | {"fijn": (3, 9)})
    before = {key: _values(figure) for key, figure in region.figures().items()}
    assert not region.refresh()
    assert {key: _values(figure) for key, figure in region.figures().items()} == before


def _values(figure: Figure) -> dict[str, object]:
    return {column.name: getattr(figure, column.name) for column in Figure.__table__.columns}


def test_forced_and_voluntary_help_never_share_an_average(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    region.deliver("2025", {n: (x - 15, y) for n, (x, y) in USUAL.items()}, framework=MeasuredFramework.MANDATORY)
    with region.database.sessions() as session:
        averages = {a.framework: a for a in session.scalars(select(Average))}
        assert {kind: (a.value, a.providers) for kind, a in averages.items()} == {
            MeasuredFramework.VOLUNTARY: (0.7, 5), MeasuredFramework.MANDATORY: (0.45, 5)
        }  # fmt: skip
        for figure in session.scalars(select(Figure)):
            assert figure.average is not None
            assert figure.average.framework is figure.framework


def test_nor_do_indicators_informants_and_periods(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    region.deliver("2024", USUAL)
    region.deliver("2025", USUAL, informant=Informant.PARENT)
    region.deliver("2025", USUAL, indicator=Indicator.WITHOUT_HELP)
    with region.database.sessions() as session:
        assert [a.providers for a in session.scalars(select(Average))] == [5] * 4


def test_a_row_for_one_municipality_makes_no_figure(region: SmallRegion) -> None:
    region.deliver("2025", {"acacia": (28, 40)}, municipality="GM0917")
    assert region.figures() == {}


def test_two_sources_that_contradict_each_other_tell_nothing(region: SmallRegion) -> None:
    region.deliver("2025", {"acacia": (28, 40)})
    region.deliver("2025", {"acacia": (29, 40)}, source="Regio")
    assert region.figure("acacia").shown is Shown.WITHHELD
    region.deliver("2025", {"acacia": (28, 40)}, source="Regio")
    assert region.figure("acacia").numerator == 28


def test_the_same_families_with_and_without_informant_count_once(region: SmallRegion) -> None:
    region.deliver("2025", {"acacia": (28, 40)})
    region.deliver("2025", {"acacia": (29, 41)}, informant=None)
    assert [f.informant for f in region.figures().values()] == [Informant.CLIENT]


# --- who sees it -----------------------------------------------------------------------------------------------


def test_who_was_asked_may_be_told_later_without_losing_what_others_saw(region: SmallRegion) -> None:
    region.deliver("2024", USUAL, informant=None)
    publish(region, "2024")
    region.deliver("2025", USUAL, day=LATER)  # by the young people
    assert region.figures("acacia").keys() == {("acacia", "2024"), ("acacia", "2025")}
    region.deliver("2024", {"acacia": (30, 43)}, day=LATER)  # the same year, now with who was asked
    figure = region.figure("acacia", "2024")
    assert (figure.informant, figure.numerator, figure.audience) == (None, 28, Audience.PUBLIC)
    assert len([one for one in region.figures() if one == ("acacia", "2024")]) == 1


def test_what_is_delivered_no_more_is_not_seen_and_not_forgotten(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    publish(region)
    with region.database.transaction() as session:
        session.execute(delete(Measurement).where(Measurement.provider_id == region.providers["acacia"]))
    assert region.refresh(LATER)
    assert region.figure("acacia").audience is Audience.REGION
    region.deliver("2025", {"acacia": (29, 41)}, day=LATER)
    assert region.figure("acacia").is_held, "what others saw still counts"


def test_nobody_sees_that_a_correction_waits(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    publish(region)
    before = _values(region.figure("acacia"))
    with region.database.transaction() as session:
        found = select(Measurement).where(Measurement.provider_id == region.providers["acacia"])
        one = session.scalars(found).one()
        one.numerator, one.instrument, one.source, one.invited = 29, "Nieuw", "Anders", 50
    region.refresh(LATER)
    after = _values(region.figure("acacia"))
    assert after.pop("is_held") and not before.pop("is_held")
    assert {name: value for name, value in after.items() if before[name] != value} == {}


def test_an_average_does_not_tell_a_figure_that_was_taken_away(region: SmallRegion) -> None:
    region.deliver("2025", USUAL | {"fijn": (20, 40)})
    region.move("2025", Audience.PROVIDER)
    region.move("2025", Audience.ACCESS_TEAMS, LATER)
    with region.database.transaction() as session:
        figure = session.get_one(Figure, region.figure("fijn").id)
        objection = operations.object_to(session, figure, "Dit klopt niet.", SOMEBODY, region.rules, at(LATER))
        session.flush()
        operations.settle(session, objection, Ruling.UPHELD, "U hebt gelijk.", SOMEBODY, region.rules, at(LATER))
    region.move("2025", Audience.PUBLIC, LATER)
    with region.database.sessions() as session:
        average = session.scalars(select(Average)).one()
        assert (average.n, average.providers) == (300, 5), "of the five whose figures are seen"


def test_a_figure_goes_from_audience_to_audience(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    mine = Viewer(Audience.PROVIDER, provider_ids=frozenset({region.providers["acacia"]}))
    others = Viewer(Audience.PROVIDER, provider_ids=frozenset({region.providers["berk"]}))
    staff = Viewer(Audience.REGION, region_id=region.id)
    team, referrer = Viewer(Audience.ACCESS_TEAMS, region.id), Viewer(Audience.REFERRERS, region.id)
    everyone = (staff, mine, others, team, referrer, EVERYBODY)
    steps = [
        (None, TODAY, (True, False, False, False, False, False)),
        (Audience.PROVIDER, TODAY, (True, True, False, False, False, False)),
        (Audience.ACCESS_TEAMS, LATER, (True, True, False, True, False, False)),
        (Audience.REFERRERS, LATER, (True, True, False, True, True, False)),
        (Audience.PUBLIC, LATER, (True, True, True, True, True, True)),
    ]
    for to, day, expected in steps:
        if to is not None:
            region.move("2025", to, day)
        assert tuple(bool(seen_by(region, viewer)) for viewer in everyone) == expected, to
    region.move("2025", Audience.REGION, LATER, reason="fout in de bron")
    assert tuple(bool(seen_by(region, viewer)) for viewer in everyone) == steps[0][2]
    assert not seen_by(region, Viewer(Audience.REGION)), "staff of no region see nothing"


def test_what_is_not_public_stays_in_its_region(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    region.move("2025", Audience.PROVIDER)
    region.move("2025", Audience.REFERRERS, LATER)
    average_id = region.figure("acacia").average_id or 0
    for audience in (Audience.REGION, Audience.ACCESS_TEAMS, Audience.REFERRERS):
        for where, sees in ((region.id, True), (region.id + 1, False), (None, False)):
            viewer = Viewer(audience, where)
            assert bool(seen_by(region, viewer)) is sees
            assert (region.ask(lambda s, v=viewer: queries.comparable(s, average_id, v)) is not None) is sees
    assert region.ask(lambda s: queries.comparable(s, average_id, EVERYBODY)) is None


def test_the_provider_has_its_days_to_look(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    with pytest.raises(CannotDo, match="Show them to the providers first"):
        region.move("2025", Audience.PUBLIC)
    region.move("2025", Audience.PROVIDER)
    with pytest.raises(TooSoon, match="6 December 2026"):
        region.move("2025", Audience.ACCESS_TEAMS, LATER - timedelta(1))
    region.move("2025", Audience.ACCESS_TEAMS, LATER)


def test_going_back_needs_a_reason_and_going_nowhere_is_refused(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    publish(region)
    with pytest.raises(CannotDo, match="Say why"):
        region.move("2025", Audience.REGION, LATER, reason=" ")
    with pytest.raises(CannotDo, match="already"):
        region.move("2025", Audience.PUBLIC, LATER)


def test_a_late_delivery_is_seen_by_its_provider_first(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    day = publish(region)
    region.deliver("2025", {"fijn": (30, 40)}, day=day)
    assert region.figure("fijn").audience is Audience.PROVIDER
    region.refresh(day + timedelta(13))
    assert seen_by(region, EVERYBODY, "fijn") == []
    region.refresh(day + timedelta(14))
    assert seen_by(region, EVERYBODY, "fijn") == ["2025"]


def test_a_plan_is_carried_out_by_itself(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    about = About(region.id, Indicator.GOALS_REACHED, "2025")
    with region.database.transaction() as session:
        operations.move(session, [about], Audience.PROVIDER, SOMEBODY, "", region.rules, at(TODAY))
        with pytest.raises(TooSoon):
            operations.plan(
                session, about, Audience.PUBLIC, TODAY + timedelta(3), SOMEBODY, "", region.rules, at(TODAY)
            )
        operations.plan(session, about, Audience.PUBLIC, LATER, SOMEBODY, "", region.rules, at(TODAY))
    for day, due, expected in ((LATER - timedelta(1), 0, []), (LATER, 1, ["2025"]), (LATER, 0, ["2025"])):
        with region.database.transaction() as session:
            assert operations.keep_up(session, region.id, region.rules, at(day))[0] == due
        assert seen_by(region, EVERYBODY) == expected
    assert log(region)[-1] == ("daily", "figures.moved", "provider", "public", "")


def test_a_plan_can_be_dropped(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    about = About(region.id, Indicator.GOALS_REACHED, "2025")
    region.move("2025", Audience.PROVIDER)
    with region.database.transaction() as session:
        with pytest.raises(CannotDo, match="Nothing is planned"):
            operations.cancel_plan(session, about, SOMEBODY, "", at(TODAY))
        operations.plan(session, about, Audience.PUBLIC, LATER, SOMEBODY, "", region.rules, at(TODAY))
        operations.cancel_plan(session, about, SOMEBODY, "te vroeg", at(TODAY))
        assert operations.keep_up(session, region.id, region.rules, at(LATER))[0] == 0


def test_everything_done_is_written_down(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    day = publish(region)
    region.move("2025", Audience.REGION, day, reason="bron klopt niet")
    assert log(region) == [
        ("portal test", "figures.moved", "region", "provider", ""),
        ("portal test", "figures.moved", "provider", "public", ""),
        ("portal test", "figures.moved", "public", "region", "bron klopt niet"),
    ]


def log(region: SmallRegion) -> list[tuple[object, ...]]:
    """What the trail says of figures, the oldest first: who, what, from and to which audience, why."""
    with region.database.sessions() as session:
        return [
            (e.actor_label, e.action, e.before_values.get("audience"), e.after_values.get("audience"), e.reason)
            for e in reversed(entries(session, region.id, Filters(action="figures")).entries)
        ]


# --- what stays once it was seen -----------------------------------------------------------------------------


def test_a_small_correction_of_what_others_saw_waits(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    day = publish(region)
    region.deliver("2025", {"acacia": (29, 41)}, day=day)
    held = region.figure("acacia")
    assert (held.numerator, held.n, held.is_held, held.audience) == (28, 40, True, Audience.PUBLIC)
    region.deliver("2025", {"acacia": (28, 40)}, day=day)
    assert not region.figure("acacia").is_held


def test_a_large_correction_goes_to_the_provider_first_and_is_not_compared(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    day = publish(region)
    region.deliver("2025", {"acacia": (15, 40)}, day=day)
    corrected = region.figure("acacia")
    assert (corrected.numerator, corrected.audience) == (15, Audience.PROVIDER)
    assert corrected.why_not is WhyNotCompared.CORRECTED
    region.refresh(day + timedelta(14))
    assert region.figure("acacia").audience is Audience.PUBLIC
    region.deliver("2025", {"acacia": (27, 40)}, day=day + timedelta(14))
    assert region.figure("acacia").is_held, "one family from what was published first"
    with region.database.sessions() as session:
        seen = session.scalars(select(Publication).order_by(Publication.id)).all()
        assert [p.numerator for p in seen if p.figure_id == corrected.id] == [28, 15]


def test_a_correction_before_others_see_it_is_free(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    region.move("2025", Audience.PROVIDER)
    day = TODAY + timedelta(10)
    region.deliver("2025", {"acacia": (29, 41)}, day=day)
    figure = region.figure("acacia")
    assert (figure.numerator, figure.seen_from) == (29, day), "and its days to look begin again"


def test_halves_that_were_seen_are_not_followed_by_their_year(region: SmallRegion) -> None:
    region.deliver("2025-H1", {name: (x // 2, n // 2) for name, (x, n) in USUAL.items()})
    day = publish(region, "2025-H1")
    region.deliver("2025", USUAL, day=day)
    assert set(region.figures("acacia")) == {("acacia", "2025-H1")}
    region.deliver("2024-H1", {"berk": (18, 25)}, day=day)
    region.deliver("2024", {"berk": (35, 50)}, day=day)
    assert ("berk", "2024") in region.figures("berk"), "what nobody saw gives way to the year"


def test_an_average_stands_once_others_saw_it(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    region.deliver("2025", {"acacia": (12, 40)})
    with region.database.sessions() as session:
        assert session.scalars(select(Average)).one().value == pytest.approx(0.65), "nobody saw it yet"
    day = publish(region)
    region.deliver("2025", {"fijn": (10, 100)}, day=day)
    with region.database.sessions() as session:
        stands = session.scalars(select(Average)).one()
        assert (stands.value, stands.providers, stands.established_on) == (pytest.approx(0.65), 5, day)
    assert region.figure("fijn").verdict is Verdict.LOWER, "compared with those that were there"


def test_small_years_are_shown_together_once(region: SmallRegion) -> None:
    region.deliver("2023", {"acacia": (3, 5)})
    assert region.figure("acacia", "2023").shown is Shown.FEW
    region.deliver("2024", {"acacia": (3, 6)})
    figure = region.figure("acacia", "2023;2024")
    assert (figure.numerator, figure.n, figure.why_not) == (6, 11, WhyNotCompared.SEVERAL_PERIODS)
    day = publish(region, "2024")
    region.deliver("2025", {"acacia": (4, 6)}, day=day)
    assert {periods for _, periods in region.figures("acacia")} == {"2023;2024", "2025"}


# --- objections and comments -----------------------------------------------------------------------------------


def test_an_objection_stands_beside_the_figure_until_it_is_settled(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    figure_id = region.figure("acacia").id
    with region.database.transaction() as session, pytest.raises(CannotDo, match="does not see"):
        operations.object_to(session, session.get_one(Figure, figure_id), "Fout", SOMEBODY, region.rules, at(TODAY))
    region.move("2025", Audience.PROVIDER)
    with region.database.transaction() as session:
        figure = session.get_one(Figure, figure_id)
        with pytest.raises(CannotDo, match="Write a sentence"):
            operations.object_to(session, figure, "  ", SOMEBODY, region.rules, at(TODAY))
        with pytest.raises(CannotDo, match="501 characters"):
            operations.object_to(session, figure, "x" * 501, SOMEBODY, region.rules, at(TODAY))
        operations.object_to(session, figure, "Er missen 12 gezinnen.", SOMEBODY, region.rules, at(TODAY))
    region.move("2025", Audience.PUBLIC, LATER)
    assert seen_by(region, EVERYBODY) == ["2025"], "an objection does not stop a figure; it is shown with it"
    with region.database.transaction() as session:
        objection = session.scalars(select(Objection)).one()
        answer = ("Nageteld: het klopt.", SOMEBODY, region.rules, at(LATER))
        operations.settle(session, objection, Ruling.DISMISSED, *answer)
        with pytest.raises(ChangedMeanwhile):
            operations.settle(session, objection, Ruling.UPHELD, *answer)
    assert seen_by(region, EVERYBODY) == ["2025"]


def object_and_uphold(region: SmallRegion, day: date) -> None:
    """The provider objects to the first figure of acacia, and the region finds that it is right."""
    with region.database.transaction() as session:
        figure = session.get_one(Figure, region.figure("acacia").id)
        objection = operations.object_to(session, figure, "Er missen 12 gezinnen.", SOMEBODY, region.rules, at(day))
        session.flush()
        with pytest.raises(CannotDo, match="already"):
            session.refresh(figure)
            operations.object_to(session, figure, "Nog eens.", SOMEBODY, region.rules, at(day))
        operations.settle(session, objection, Ruling.UPHELD, "Dat klopt.", SOMEBODY, region.rules, at(day))


def test_a_figure_of_which_the_provider_is_right_waits_for_other_counts(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    region.move("2025", Audience.PROVIDER)
    object_and_uphold(region, TODAY)
    region.move("2025", Audience.PUBLIC, LATER)
    assert seen_by(region, EVERYBODY) == []
    assert seen_by(region, EVERYBODY, "berk") == ["2025"]
    assert region.figure("acacia").audience is Audience.PROVIDER
    region.refresh(LATER)
    assert region.figure("acacia").is_wrong, "and stays so until other counts come"
    region.deliver("2025", {"acacia": (36, 52)}, day=LATER)
    assert not region.figure("acacia").is_wrong
    assert seen_by(region, EVERYBODY) == [], "others see it when its provider could look at it"
    region.refresh(LATER + timedelta(14))
    assert seen_by(region, EVERYBODY) == ["2025"]


def test_a_correction_too_small_to_be_published_does_not_bring_a_wrong_figure_back(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    region.move("2025", Audience.PROVIDER)
    region.move("2025", Audience.PUBLIC, LATER)
    object_and_uphold(region, LATER)
    assert seen_by(region, EVERYBODY) == []
    region.deliver("2025", {"acacia": (29, 41)}, day=LATER)
    assert region.figure("acacia").is_held
    assert seen_by(region, EVERYBODY) == []


def test_after_its_days_a_provider_asks_the_region(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    region.move("2025", Audience.PROVIDER)
    with region.database.transaction() as session, pytest.raises(CannotDo, match="6 December 2026"):
        figure = session.get_one(Figure, region.figure("acacia").id)
        operations.object_to(session, figure, "Te laat", SOMEBODY, region.rules, at(LATER + timedelta(1)))


def test_provider_and_region_each_have_one_comment(region: SmallRegion) -> None:
    region.deliver("2025", USUAL)
    figure_id = region.figure("acacia").id

    def write(voice: Voice, text: str) -> list[str]:
        with region.database.transaction() as session:
            operations.comment(session, session.get_one(Figure, figure_id), voice, text, SOMEBODY, at(TODAY))
        with region.database.sessions() as session:
            return [comment.text for comment in session.get_one(Figure, figure_id).comments]

    assert write(Voice.PROVIDER, "Wij helpen vooral grote gezinnen.") == ["Wij helpen vooral grote gezinnen."]
    assert len(write(Voice.REGION, "De vragenlijst was nieuw.")) == 2
    assert write(Voice.PROVIDER, "Wij helpen ook pleeggezinnen.")[0] == "Wij helpen ook pleeggezinnen."
    assert write(Voice.PROVIDER, "") == ["De vragenlijst was nieuw."]


# --- the calendar ----------------------------------------------------------------------------------------------


def test_the_calendar_says_who_delivered_what(region: SmallRegion) -> None:
    region.deliver("2025", USUAL | {"fijn": (3, 9)})
    region.deliver("2024", {"acacia": (28, 40)})
    region.move("2025", Audience.PROVIDER)
    with region.database.sessions() as session:
        found = queries.deliveries(session, region.id)
    assert [(d.period, d.providers, d.told, d.few, d.phase.audience if d.phase else None) for d in found] == [
        ("2025", 6, 5, 1, Audience.PROVIDER),
        ("2024", 1, 1, 0, None),
    ]
