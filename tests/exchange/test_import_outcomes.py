"""Results as a data officer delivers them: what is refused, what is doubted, and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Provider
from portal.core.actor import Actor
from portal.core.database import Database
from portal.exchange.importing import import_package
from portal.exchange.models import ImportRun
from portal.exchange.problems import Severity
from portal.exchange.report import Report
from portal.outcomes.models import Doubt, Figure, Measurement
from portal.outcomes.operations import About, Refreshed, move
from portal.outcomes.types import DEFAULT_RULES, Audience, Indicator
from tests.conftest import TODAY
from tests.exchange.packages import as_text, everything, sound, write_folder

Deliver = Callable[..., Report]


@pytest.fixture
def deliver(database: Database, code_lists: CodeLists, tmp_path: Path) -> Deliver:
    """Delivers rows of outcomes after a sound package: of A001 in `begeleiding` unless they say else."""
    tables = {name: rows for name, rows in sound().items() if name != "outcomes"}
    assert import_package(database, code_lists, write_folder(tmp_path / "a", tables), "Zuid-Limburg", today=TODAY).ok
    numbers = iter(range(100))

    def deliver(*rows: dict[str, object]) -> Report:
        usual = {
            "provider_id": "A001", "arrangement": "begeleiding", "period": "2025", "framework": "voluntary",
            "indicator": "goals_reached", "numerator": "", "denominator": "", "mean": "", "n": "", "sd": "",
            "informant": "client", "instrument": "Exit", "source": "Eigen", "municipality": "",
        }  # fmt: skip
        whole = [usual | row for row in rows]
        folder = write_folder(tmp_path / f"b{next(numbers)}", {"outcomes": whole})
        return import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY)

    return deliver


def share(x: object, n: object, **more: object) -> dict[str, object]:
    return {"numerator": x, "denominator": n} | more


def mark(mean: object, n: object, **more: object) -> dict[str, object]:
    return {"indicator": "satisfaction", "mean": mean, "n": n} | more


def codes(report: Report, severity: Severity) -> list[tuple[str, int | None, str]]:
    return [(p.fault.code, p.row, p.column) for p in report.problems.of(severity)]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (share(0, 0), "out_of_range", "denominator"),
        (share(51, 50), "more_than_all", "numerator"),
        (share("70%", 100), "percentage", "numerator"),
        (share("0,7", 1), "not_whole", "numerator"),
        (share(-3, 40), "out_of_range", "numerator"),
        (mark(11, 40), "out_of_range", "mean"),
        (mark(7.5, 0), "out_of_range", "n"),
        (mark(7.5, 40, sd=9), "sd_not_possible", "sd"),
        (share(20, 40, provider_id="A999"), "unknown_reference", "provider_id"),
        (share(20, 40, period="2027"), "in_future", "period"),
        (share(20, 40, period="2026"), "period_not_over", "period"),
        (share(20, 40, bsn="123456782"), "per_client_column", ""),
        (share(20, 40, naam="Jan"), "per_client_column", ""),
        (share(20, 40, trajectnummer="1"), "per_client_column", ""),
    ],
    ids=lambda value: str(value)[:60],
)
def test_bad_rows_are_named_and_nothing_is_stored(
    deliver: Deliver, database: Database, row: dict[str, object], code: str, column: str
) -> None:
    before = everything(database)
    report = deliver(share(28, 40, period="2024"), row)
    assert code in [p.fault.code for p in report.problems.of(Severity.ERROR)], report.as_text("nl")
    if column:
        assert (3, column) in [(p.row, p.column) for p in report.problems.of(Severity.ERROR)]
    assert everything(database) == before
    assert "Jan" not in report.as_text("nl")


def test_the_same_row_twice_is_refused(deliver: Deliver) -> None:
    assert codes(deliver(share(28, 40), share(28, 40)), Severity.ERROR) == [("row_twice", 3, "provider_id")]


@pytest.mark.parametrize("other", [{"source": "Regio"}, {"instrument": "Andere lijst"}], ids=str)
def test_two_sources_that_disagree_are_refused(deliver: Deliver, database: Database, other: dict[str, object]) -> None:
    before = everything(database)
    report = deliver(share(28, 40), share(29, 40, **other))
    assert codes(report, Severity.ERROR) == [("sources_disagree", 3, "source")]
    assert "29 / 40" in report.as_text("nl")
    assert everything(database) == before
    assert deliver(share(28, 40), share(28, 40, **other)).ok


def test_nor_may_a_new_source_contradict_what_is_stored(deliver: Deliver) -> None:
    assert deliver(share(28, 40)).ok
    report = deliver(share(29, 40, source="Regio"))
    assert codes(report, Severity.ERROR) == [("sources_disagree", 2, "source")]
    assert "'Eigen'" in report.as_text("nl")
    assert deliver(share(29, 40)).ok, "the same source may correct itself"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([share(30, 40, period="2024"), share(12, 40)], ("jump", 3, "numerator")),
        ([share(30, 40, period="2024"), share(95, 130)], ("size_jump", 3, "denominator")),
        ([mark(8.1, 40, period="2024"), mark(6.4, 40)], ("jump", 3, "mean")),
        ([share(20, 30, period="2025-H1"), share(18, 40)], ("halves_differ", 2, "period")),
        ([share(20, 30, municipality="Heerlen"), share(18, 40)], ("more_than_region", 2, "municipality")),
        ([share(20, 30, municipality="Heerlen")], ("no_region_row", 2, "municipality")),
        ([share(40, 40)], ("perfect", 2, "numerator")),
        ([share(28, 40, period=str(year)) for year in (2023, 2024, 2025)], ("same_again", 2, "numerator")),
        ([share(70, 100, indicator=name) for name in ("goals_reached", "without_help", "no_new_start")],
         ("hundreds", 2, "denominator")),
        ([share(28, 40), share(27, 41, informant="")], ("informant_missing", 3, "informant")),
        ([mark(8, 40, sd=0)], ("sd_zero", 2, "sd")),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_is_odd_is_doubted(
    deliver: Deliver, rows: list[dict[str, object]], expected: tuple[str, int, str]
) -> None:
    report = deliver(*rows)
    assert report.ok, report.as_text("nl")
    assert expected in codes(report, Severity.WARNING)


def test_what_is_usual_is_not_doubted(deliver: Deliver) -> None:
    report = deliver(
        share(28, 40, period="2024"), share(30, 41), share(14, 20, period="2025-H1"), share(16, 21, period="2025-H2"),
        share(12, 20, municipality="Heerlen"), share(8, 11, municipality="Kerkrade"),
        share(0, 40, indicator="dropout"), mark(7.8, 40, sd=1.2), mark(7.6, 35, sd=1.4, informant="parent"),
    )  # fmt: skip
    assert codes(report, Severity.WARNING) == []


def test_a_correction_of_columns_is_judged_as_a_whole_row(deliver: Deliver) -> None:
    assert deliver(share(30, 40, period="2024"), share(28, 40)).ok
    assert ("jump", 2, "numerator") in codes(deliver(share(8, 40)), Severity.WARNING)


def test_every_figure_leads_back_to_its_row_and_file(deliver: Deliver, database: Database) -> None:
    deliver(share(20, 30, period="2024"), share(28, 40), share(3, 5, period="2023"))
    deliver(share(30, 41))
    with database.sessions() as session:
        runs = session.scalars(select(ImportRun).order_by(ImportRun.id)).all()
        first, second = runs[1:]
        rows = {m.period: (m.import_run_id, m.import_row) for m in session.scalars(select(Measurement))}
        assert rows == {"2024": (first.id, 2), "2025": (second.id, 2), "2023": (first.id, 4)}
        assert {f.period: f.evidence for f in session.scalars(select(Figure))} == {
            period: [list(place)] for period, place in rows.items()
        }
        assert len({run.sha256 for run in runs}) == 3


def test_a_small_count_stands_in_the_measurement_alone(deliver: Deliver, database: Database) -> None:
    deliver(share(3, 7), share(2, 61, indicator="dropout"))
    with database.sessions() as session:
        for figure in session.scalars(select(Figure)):
            assert figure.numerator is None
            assert figure.n in (None, 61)
    assert as_text(database).count("61") >= 1


def test_what_is_odd_is_noted_until_it_is_delivered_right(deliver: Deliver, database: Database) -> None:
    def noted() -> list[tuple[object, ...]]:
        with database.sessions() as session:
            found = session.scalars(select(Doubt).order_by(Doubt.id)).all()
            return [(one.code, one.period, one.import_row, one.column, one.provider.identifier) for one in found]

    report = deliver(share(40, 50, period="2024"), share(20, 50))
    assert noted() == [("jump", "2025", 3, "numerator", "A001")]
    with database.sessions() as session:
        doubt = session.scalars(select(Doubt)).one()
        assert doubt.reason == {"nl": "20 / 50 wijkt sterk af van 40 / 50 in 2024",
                                "en": "20 / 50 is quite unlike 40 / 50 in 2024"}  # fmt: skip
        assert session.get(ImportRun, doubt.import_run_id) is not None
    assert codes(report, Severity.WARNING) == [("jump", 3, "numerator")]
    deliver(share(38, 50))
    assert noted() == []


def test_small_counts_are_not_kept_with_what_is_odd(deliver: Deliver, database: Database) -> None:
    deliver(*(share(3, 17, period=period) for period in ("2023", "2024", "2025")))
    deliver(share(2, 40, period="2024", indicator="dropout"), share(21, 40, indicator="dropout"))
    deliver(mark(2.5, 11, period="2024"), mark(7.5, 12))
    with database.sessions() as session:
        said = {one.reason["nl"] for one in session.scalars(select(Doubt))}
    assert said == {
        "precies een klein aantal in 3 periodes",
        "21 / 40 wijkt sterk af van een klein aantal in 2024",
        "7,5 (12) wijkt sterk af van 2,5 (11) in 2024",
    }


def test_who_tells_providers_hears_of_late_figures_and_only_of_these(
    database: Database, code_lists: CodeLists, tmp_path: Path, deliver: Deliver
) -> None:
    deliver(share(28, 40))
    heard: list[Refreshed] = []
    with database.transaction() as session:
        region_id = session.scalars(select(Provider.region_id)).first() or 0
        about = About(region_id, Indicator.GOALS_REACHED, "2025")
        moved = move(session, [about], Audience.PROVIDER, Actor.command("test"), "", DEFAULT_RULES,
                     datetime.combine(TODAY, time(12), UTC))  # fmt: skip
        assert len(moved.to_look_at) == 1
    for number, period in enumerate(("2025", "2024")):
        row = {
            "provider_id": "A001", "arrangement": "behandeling", "period": period, "framework": "voluntary",
            "indicator": "goals_reached", "numerator": 30, "denominator": 40, "source": "Eigen",
        }  # fmt: skip
        folder = write_folder(tmp_path / f"late{number}", {"outcomes": [row]})
        import_package(
            database, code_lists, folder, "Zuid-Limburg", today=TODAY, tell=lambda _session, done: heard.append(done)
        )
    assert [len(done.to_look_at) for done in heard] == [1, 0]
