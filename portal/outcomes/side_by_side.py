"""Figures of several providers beside each other, in sentences, and in an order that says nothing.

What separates two figures is told with care: only those that share an average are compared, and by the same measure as
with that average (`figures.differ`). Two that lie on either side of it can differ where neither differs from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from portal.catalogue.presenters.common import Context
from portal.catalogue.wording import capitalized, listing
from portal.core.languages import gettext
from portal.outcomes import wording
from portal.outcomes.figures import Told, differ, told_mark, told_share
from portal.outcomes.models import Figure
from portal.outcomes.statistics import student_quantile
from portal.outcomes.types import Audience, Indicator, Informant, Rules, Series

SIDE_BY_SIDE = (Indicator.GOALS_REACHED, Indicator.SATISFACTION, Indicator.DROPOUT)
"""What families compare; the page of a provider has the rest."""


@dataclass(frozen=True, slots=True)
class FigureCell:
    """What one figure says; all empty where there is none."""

    sentence: str = ""
    note: str = ""
    """How sure it is, of when, and whether its provider disagrees."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One indicator with the figure of each."""

    series: Series
    label: str
    note: str
    """Who told it, and what can be said of the difference."""
    cells: tuple[FigureCell, ...]


def side_by_side(results: Sequence[Mapping[Series, Figure]], rules: Rules, context: Context) -> tuple[FigureRow, ...]:
    """The figures that at least one of them has; `results` holds those of each."""
    told = {series for figures in results for series in figures if series.indicator in SIDE_BY_SIDE}
    order = sorted(told, key=lambda one: (SIDE_BY_SIDE.index(one.indicator), str(one.informant), one.is_mean))
    return tuple(_row(series, [figures.get(series) for figures in results], rules, context) for series in order)


def _row(series: Series, figures: Sequence[Figure | None], rules: Rules, context: Context) -> FigureRow:
    label = context.code_lists.label("indicators", series.indicator, context.language).label
    notes = (
        who_told(series.informant),
        difference([figure for figure in figures if figure is not None], rules),
    )
    return FigureRow(
        series,
        label,
        " ".join(note for note in notes if note),
        tuple(FigureCell() if figure is None else _cell(figure, rules, context) for figure in figures),
    )


def _cell(figure: Figure, rules: Rules, context: Context) -> FigureCell:
    seen_by = gettext(wording.AUDIENCES[figure.audience]) if figure.audience is not Audience.PUBLIC else ""
    notes = (
        wording.how_sure(figure),
        wording.beside_average(figure),
        wording.about_all(figure, context),
        _disputed(figure),
        seen_by,
    )
    return FigureCell(wording.headline(figure, rules.least_shown), " ".join(note for note in notes if note))


def share_in_brief(figure: Figure) -> str:
    """A share in the few words that fit on paper."""
    return " ".join(part for part in (wording.brief(figure), _disputed(figure)) if part)


def in_brief(figure: Figure) -> str:
    """A share or a mark in the few words that fit on paper."""
    if not figure.is_mean:
        return share_in_brief(figure)
    told = f"{capitalized(wording.short(figure))} ({wording.periods(figure)})"
    return " ".join(part for part in (told, _disputed(figure)) if part)


def who_told(informant: Informant | None) -> str:
    """Who told it; empty for what comes from the records."""
    if informant in (Informant.CLIENT, Informant.PARENT, Informant.PROFESSIONAL):
        return gettext("Told by: %(who)s.", who=gettext(wording.INFORMANTS[informant]).lower())
    return ""


def _disputed(figure: Figure) -> str:
    return gettext("The provider disagrees with this figure.") if figure.is_disputed else ""


def difference(figures: Sequence[Figure], rules: Rules) -> str:
    """What can be said of the difference between `figures` of one series; empty where there are not two.

    Only figures that share an average are compared: of one kind of help, measured in one way over one time.
    """
    once = {figure.id: figure for figure in figures}  # two kinds of help of one provider may have one figure
    if len(once) < 2:
        return ""
    if len({figure.arrangement for figure in once.values()}) == 1:
        return _difference(list(once.values()), rules)
    return gettext("Do not lay these beside each other: they are different kinds of help.")


def difference_in_brief(figures: Sequence[Figure], rules: Rules) -> str:
    """The same in the few words that fit on paper."""
    once = list({figure.id: figure for figure in figures}.values())
    if len(once) < 2:
        return ""
    if len({figure.arrangement for figure in once}) > 1:
        return gettext("Different kinds of help: do not compare.")
    is_measured_alike = len({figure.instrument for figure in once}) == 1
    if not is_measured_alike or any(_why_not(once, rules)) or not _share_average(once):
        return gettext("These cannot all be compared.")
    return gettext("This differs more than by chance.") if _differ(once, rules) else gettext("No difference was shown.")


def _difference(figures: Sequence[Figure], rules: Rules) -> str:
    """The same of figures of one kind of help: of those that can be compared, and why the others cannot."""
    if len({figure.instrument for figure in figures}) > 1:
        return gettext("This was measured in different ways: you cannot compare these figures.")
    why_not = _why_not(figures, rules)
    kept = [figure for figure, reason in zip(figures, why_not, strict=True) if not reason]
    reasons = [reason for reason in why_not if reason]
    if len(kept) < 2:
        return " ".join(reasons)
    verdict = _verdict(kept, rules)
    if reasons:
        named = listing([figure.provider.name for figure in kept])
        verdict = gettext("%(providers)s: %(difference)s", providers=named, difference=verdict)
    return " ".join((*reasons, verdict))


def _why_not(figures: Sequence[Figure], rules: Rules) -> Sequence[str]:
    """Of each why it cannot be laid beside the others; empty where it can."""
    newest = max(figures, key=lambda figure: figure.period).periods
    return [_why_not_one(figure, newest, rules) for figure in figures]


def _why_not_one(figure: Figure, newest: str, rules: Rules) -> str:
    name = figure.provider.name
    if (figure.n or 0) < rules.compared_from:
        return gettext("%(provider)s: only %(n)s. That is too few to compare.", provider=name,
                       n=wording.how_many(figure))  # fmt: skip
    if figure.periods != newest:
        return gettext(
            "%(provider)s: this is of %(periods)s. You cannot compare that with another year.",
            provider=name, periods=wording.periods(figure),
        )  # fmt: skip
    return ""


def _share_average(figures: Sequence[Figure]) -> bool:
    average = figures[0].average
    return average is not None and all(one.average is average for one in figures)


def _verdict(figures: Sequence[Figure], rules: Rules) -> str:
    if not _share_average(figures):
        return gettext(
            "We do not compare: too few providers gave a figure about this help to know what difference is usual."
        )
    if not _differ(figures, rules):
        return gettext("No difference was shown. Perhaps there is one; these numbers do not show it.")
    return gettext(
        "This differs more than by chance alone. It may be because one helps children with heavier problems than "
        "another."
    )


def _differ(figures: Sequence[Figure], rules: Rules) -> bool:
    """Whether any two of these figures of one average differ."""
    average, told = figures[0].average, [_told(figure) for figure in figures]
    return average is not None and any(differ(*pair, average.tau2, rules) for pair in combinations(told, 2))


def _told(figure: Figure) -> Told:
    """What is told of a figure, as `figures.tell` made it."""
    n, bound = figure.n or 1, figure.bound or 0.0
    if not figure.is_mean:
        return told_share(n, figure.shown, int(bound if figure.numerator is None else figure.numerator))
    value = bound if figure.mean is None else figure.mean
    half = max(value - (figure.low or value), (figure.high or value) - value)  # the other end may be that of the scale
    return told_mark(n, figure.shown, value, half * math.sqrt(n) / student_quantile(0.025, n - 1))
