"""Figures of several providers beside each other, in sentences, and in an order that says nothing.

What separates two figures is told with care: of another kind of help or another questionnaire they are not compared at
all, and where what is shown of them overlaps, no difference was shown (`docs/decisions/0016-a-family-counts-once.md`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.presenters.common import Context
from portal.core.languages import gettext
from portal.outcomes import wording
from portal.outcomes.models import Figure
from portal.outcomes.types import Indicator, Informant, Rules, Series

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
        _who_told(series.informant),
        difference([figure for figure in figures if figure is not None], rules.compared_from),
    )
    return FigureRow(
        series,
        label,
        " ".join(note for note in notes if note),
        tuple(FigureCell() if figure is None else _cell(figure, rules) for figure in figures),
    )


def _cell(figure: Figure, rules: Rules) -> FigureCell:
    notes = (wording.how_sure(figure), f"({wording.periods(figure)})", _disputed(figure))
    return FigureCell(wording.headline(figure, rules.least_shown), " ".join(note for note in notes if note))


def share_in_brief(figure: Figure) -> str:
    """A share in the few words that fit on paper."""
    return " ".join(part for part in (wording.brief(figure), _disputed(figure)) if part)


def _disputed(figure: Figure) -> str:
    return gettext("The provider disagrees with this figure.") if figure.is_disputed else ""


def _who_told(informant: Informant | None) -> str:
    if informant in (Informant.CLIENT, Informant.PARENT, Informant.PROFESSIONAL):
        return gettext("Told by: %(who)s.", who=gettext(wording.INFORMANTS[informant]).lower())
    return ""


def difference(figures: Sequence[Figure], compared_from: int) -> str:
    """What can be said of the difference between `figures` of one series; empty where there are not two.

    Of fewer families than `compared_from` nothing is said, as on the page of a provider.
    """
    if len({figure.id for figure in figures}) < 2:  # two kinds of help of one provider may have one figure
        return ""
    if len({figure.arrangement for figure in figures}) > 1:
        return gettext("These are different kinds of help: you cannot compare their figures.")
    if len({figure.instrument for figure in figures}) > 1:
        return gettext("This was measured in different ways: you cannot compare these figures.")
    if len({figure.periods for figure in figures}) > 1:
        return gettext("These are of different years: you cannot compare these figures.")
    if any((figure.n or 0) < compared_from for figure in figures):
        return gettext(
            "These are too few families to compare. We do that from %(least)s families.", least=compared_from
        )
    lowest_top = min(figure.high for figure in figures if figure.high is not None)
    highest_bottom = max(figure.low for figure in figures if figure.low is not None)
    if highest_bottom <= lowest_top:
        return gettext("No difference was shown: it may be there, but these numbers do not show it.")
    return gettext(
        "This differs more than by chance alone. It may be because one helps children with heavier problems than "
        "another."
    )
