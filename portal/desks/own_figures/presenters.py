"""A provider's own figures, ready for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.catalogue.presenters.common import Context
from portal.catalogue.wording import full_day
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Fact, Notice, Option, what_was_done
from portal.desks.figure_pages import (
    ShownObjection,
    about_words,
    indicator_label,
    made_of,
    shown_objection,
    what_happens,
    when_and_who,
)
from portal.exchange.models import ImportRun
from portal.outcomes import wording
from portal.outcomes.models import Figure, Phase
from portal.outcomes.operations import looked_until
from portal.outcomes.presenters import FigureCard, figure_card
from portal.outcomes.types import Audience, Indicator, Period, Rules, Viewer, Voice

_DONE = {
    "bezwaar": N_("Your objection is with the region. It stands beside the figure until the region has decided."),
    "toelichting": N_("Your explanation stands beside the figure."),
    "toelichting-weg": N_("Your explanation is taken away."),
}


@dataclass(frozen=True, slots=True)
class OwnFigureRow:
    """A figure in the list."""

    title: str
    about: str
    headline: str
    seen_by: str
    mark: str
    """What is going on with it; empty where nothing is."""
    href: str


@dataclass(frozen=True, slots=True)
class OwnFiguresPage:
    """All figures of a provider: what it can still object to, and the rest by kind of help."""

    lead: str
    to_look_at: Sequence[OwnFigureRow]
    others: Sequence[tuple[str, Sequence[OwnFigureRow]]]
    """Kind of help and its figures, the newest first."""
    periods: Sequence[Option]
    indicators: Sequence[Option]
    can_filter: bool
    """Whether there is more than one figure to choose from."""
    count: str
    """How many of the rest are shown."""
    rules: str
    explained_href: str


def own_figures_page(
    figures: Sequence[Figure], period: str, indicator: str, rules: Rules, today: date, context: Context
) -> OwnFiguresPage:
    """The list, with what waits for the provider first; of the rest only a period and an indicator, where asked."""
    open_ones = [figure for figure in figures if _is_to_look_at(figure, rules, today)]
    rest = [figure for figure in figures if figure not in open_ones]
    periods = {
        one: wording.period(Period.read(one)) for one in sorted({figure.period for figure in rest}, reverse=True)
    }
    indicators = {one.value: indicator_label(one, context) for one in Indicator
                  if any(figure.indicator is one for figure in rest)}  # fmt: skip
    shown = [
        figure
        for figure in rest
        if period not in periods or figure.period == period
        if indicator not in indicators or figure.indicator.value == indicator
    ]
    by_help: dict[str, list[OwnFigureRow]] = {}
    for figure in shown:
        label = context.arrangement(figure.arrangement).label
        by_help.setdefault(label, []).append(_row(figure, rules, today, context))
    return OwnFiguresPage(
        lead=gettext(
            "You see your figures before others do. Is something not right? Then object. If you do nothing, they go "
            "on: first to access teams, then to everybody who refers, then to everybody."
        ),
        to_look_at=[_row(figure, rules, today, context) for figure in open_ones],
        others=sorted(by_help.items()),
        periods=[Option(value, label, value == period) for value, label in periods.items()],
        indicators=[Option(value, label, value == indicator) for value, label in indicators.items()],
        can_filter=len(rest) > 1,
        count=ngettext("%(num)s figure", "%(num)s figures", len(shown)),
        rules=gettext(
            "We show no number about fewer than %(shown)s families, and none under %(cell)s on either side. Nobody can "
            "calculate such a number, not by comparing years either.",
            shown=rules.least_shown, cell=rules.smallest_cell,
        ),
        explained_href=link("outcomes.explained"),
    )  # fmt: skip


def _can_object(figure: Figure, rules: Rules, today: date) -> bool:
    is_open = not figure.is_disputed and not figure.is_wrong
    return is_open and figure.seen_from is not None and today <= looked_until(figure.seen_from, rules)


def _is_to_look_at(figure: Figure, rules: Rules, today: date) -> bool:
    """Whether the provider can object and did not yet: what the region decided about waits for nobody."""
    return not figure.objections and _can_object(figure, rules, today)


def _row(figure: Figure, rules: Rules, today: date, context: Context) -> OwnFigureRow:
    return OwnFigureRow(
        title=indicator_label(figure.indicator, context),
        about=when_and_who(figure),
        headline=wording.headline(figure, rules.least_shown),
        seen_by=gettext(wording.SEEN_BY[figure.audience]),
        mark=_mark(figure, rules, today),
        href=link("own_figures.figure", figure_id=str(figure.id)),
    )


def _mark(figure: Figure, rules: Rules, today: date) -> str:
    if figure.is_disputed:
        return gettext("The region looks into your objection")
    if figure.is_wrong:
        return gettext("You are right: shown to nobody else")
    if figure.objections:
        return gettext("The region decided about your objection")
    if figure.seen_from is not None and today <= looked_until(figure.seen_from, rules):
        return gettext("Look until %(day)s", day=full_day(looked_until(figure.seen_from, rules)))
    return ""


@dataclass(frozen=True, slots=True)
class Speech:
    """A form in which something is written for others to read."""

    action: str
    text: str = ""
    error: str = ""
    asks_to_keep: bool = False
    """Whether to ask if what looks like personal data is about nobody."""


@dataclass(frozen=True, slots=True)
class OwnFigurePage:
    """One figure of a provider: as others will see it, how it was made, and what the provider can say about it."""

    title: str
    about: str
    notice: Notice | None
    errors: Mapping[str, str]
    """By the id of the field."""
    heading: str
    """Above the figure: who sees it so."""
    card: FigureCard
    now: Notice
    not_told: str
    made_of: Sequence[Fact]
    objection: Speech | None
    """None where the provider cannot object."""
    objection_until: str
    why_no_objection: str
    tells_region: bool
    """The reason why asks to tell the region: how it is reached belongs beside it."""
    objections: Sequence[ShownObjection]
    comment: Speech
    index_href: str


def own_figure_page(
    series: Sequence[Figure],
    viewer: Viewer,
    phase: Phase | None,
    runs: Mapping[int, ImportRun],
    rules: Rules,
    today: date,
    context: Context,
    *,
    objection: Speech | None = None,
    comment: Speech | None = None,
    notice: Notice | None = None,
) -> OwnFigurePage:
    """The first figure of a series, with what was typed where a form was not right yet."""
    figure = series[0]
    until = looked_until(figure.seen_from, rules) if figure.seen_from else None
    can_object = _can_object(figure, rules, today)
    own = next((one.text for one in figure.comments if one.voice is Voice.PROVIDER), "")
    objecting = objection or Speech(link("own_figures.object_to", figure_id=str(figure.id)))
    explaining = comment or Speech(link("own_figures.comment", figure_id=str(figure.id)), own)
    errors = {"bezwaar": objecting.error, "toelichting": explaining.error}
    return OwnFigurePage(
        title=indicator_label(figure.indicator, context),
        about=about_words(figure, context),
        notice=notice,
        errors={name: error for name, error in errors.items() if error},
        heading=_heading(figure),
        card=figure_card(series, viewer, rules, context),
        now=what_happens(figure, phase, rules, today, is_own=True),
        not_told=wording.not_told(figure, rules),
        made_of=made_of(figure, runs, rules),
        objection=objecting if can_object or objecting.error else None,
        objection_until=full_day(until) if until else "",
        why_no_objection="" if can_object else _why_no_objection(figure, until),
        tells_region=not (can_object or figure.is_disputed or figure.is_wrong or until is None),
        objections=[shown_objection(one) for one in figure.objections],
        comment=explaining,
        index_href=link("own_figures.index"),
    )


def _heading(figure: Figure) -> str:
    if figure.is_wrong:
        return gettext("So it was")
    if figure.audience is Audience.PUBLIC:
        return gettext("So everybody sees it")
    return gettext("So others see it") if figure.audience.is_beyond_provider else gettext("So others will see it")


def _why_no_objection(figure: Figure, until: date | None) -> str:
    if figure.is_disputed:
        return gettext("Your objection stands beside the figure until the region has decided.")
    if figure.is_wrong or until is None:
        return ""
    return gettext(
        "You could object until %(until)s. Is something wrong after all? Tell the region.", until=full_day(until)
    )


done = what_was_done(_DONE)
"""What was just done, as the address says."""
