"""A funnel plot: providers of the same help by how many families we know of, with what chance alone makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portal.catalogue.presenters.common import Context, provider_link
from portal.core.languages import gettext, ngettext
from portal.core.pages import Link
from portal.outcomes import wording
from portal.outcomes.models import Average, Figure
from portal.outcomes.queries import Comparable
from portal.outcomes.statistics import Z95, Z998, arcsine, arcsine_sd, shrunken, spread_limits
from portal.outcomes.types import Shown, Verdict

WIDTH, HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 12, 44
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Tick:
    """A number beside an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Point:
    """A provider in the plot."""

    x: float
    y: float
    kind: str
    """`higher`, `lower` or `other`: each has a shape of its own."""


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """The same in a table."""

    provider: Link
    value: str
    range: str
    n: str
    expected: str
    """The value drawn to the average, the more so the fewer families there are; empty where only a bound is told."""
    verdict: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """The plot and its table, by name of the provider."""

    title: str
    average: str
    average_y: float
    narrow: tuple[str, ...]
    """The 95 % curves as paths."""
    wide: tuple[str, ...]
    """The 99.8 % curves."""
    points: tuple[Point, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    rows: tuple[FunnelRow, ...]
    period: str
    rankable: str
    """Whether the differences are more than chance."""


def funnel(shown: Comparable, rankable_from: float, context: Context) -> Funnel:
    """The plot of figures that share an average of shares."""
    average, told = shown.average, [f for f in shown.figures if f.shown.tells_something]
    most = max((figure.n or 0 for figure in told), default=100) * 1.08

    def across(n: float) -> float:
        return round(_LEFT + n / most * (WIDTH - _LEFT - _RIGHT), 1)

    def up(share: float) -> float:
        return round(_TOP + (1 - share) * (HEIGHT - _TOP - _BOTTOM), 1)

    def curves(z: float) -> tuple[str, ...]:
        sizes = [max(3.0, most * step / _STEPS) for step in range(1, _STEPS + 1)]
        limits = [spread_limits(average.value, n, z, average.tau2) for n in sizes]
        return tuple(
            "M" + "L".join(f"{across(n)} {up(getattr(limit, end))}" for n, limit in zip(sizes, limits, strict=True))
            for end in ("low", "high")
        )

    points = [
        Point(across(figure.n or 0), up(share), _kind(figure.verdict))
        for figure in told
        if (share := wording.share_of(figure)) is not None
    ]
    step = next(step for step in (10, 25, 50, 100, 250, 500, 1_000, 100_000) if most / step <= 8)
    label = context.code_lists.label("indicators", average.indicator, context.language).label
    return Funnel(
        title=" · ".join(
            (label, context.arrangement(average.arrangement).label, gettext(wording.FRAMEWORKS[average.framework]))
        ),
        average=wording.average_in_words(average),
        average_y=up(average.value),
        narrow=curves(Z95),
        wide=curves(Z998),
        points=tuple(points),
        across=tuple(Tick(across(n), str(n)) for n in range(0, int(most) + 1, step)),
        up=tuple(Tick(up(share / 100), str(share)) for share in (0, 25, 50, 75, 100)),
        rows=tuple(_row(figure, _expected(figure, shown, len(told)), context) for figure in told),
        period=wording.periods(told[0]) if told else average.period,
        rankable=_rankable(average, points, rankable_from),
    )


def _kind(verdict: Verdict) -> str:
    return verdict.value if verdict in (Verdict.HIGHER, Verdict.LOWER) else "other"


def _expected(figure: Figure, shown: Comparable, count: int) -> str:
    share = wording.share_of(figure)
    if share is None or figure.n is None:
        return ""
    centre, tau2 = arcsine(shown.average.value), shown.average.tau2
    drawn = shrunken(arcsine(share), arcsine_sd(figure.n), centre, tau2, count)
    return wording.percent(math.sin(drawn) ** 2)


def _row(figure: Figure, expected: str, context: Context) -> FunnelRow:
    return FunnelRow(
        provider_link(figure.provider, context),
        wording.short_percent(figure),
        f"{wording.percent(figure.low or 0)}–{wording.percent(figure.high or 0)}"
        if figure.shown is Shown.EXACT
        else "",
        wording.number(figure.n or 0),
        expected,
        gettext(wording.VERDICTS[figure.verdict]),
    )


def _rankable(average: Average, points: Sequence[Point], rankable_from: float) -> str:
    apart = sum(point.kind != "other" for point in points)
    if average.rankability >= rankable_from:
        part = wording.percent(average.rankability)
        return gettext(
            "Of the differences between these providers, by estimate, %(part)s of every 100 parts are no chance.",
            part=part,
        )
    said = ngettext(
        "%(num)s provider surely differs from the average: the triangle.",
        "%(num)s providers surely differ from the average: the triangles.", apart,
    ) if apart else gettext("No provider surely differs from the average.")  # fmt: skip
    return f"{said} " + gettext("We put nobody in an order.")
