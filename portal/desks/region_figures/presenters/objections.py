"""Objections to decide about, and one figure with all that is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.catalogue.presenters.common import Context
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Fact, Link, Notice, Option, what_was_done
from portal.desks.figure_pages import (
    ShownObjection,
    about_words,
    indicator_label,
    made_of,
    shown_objection,
    what_happens,
)
from portal.desks.own_figures.presenters import Speech
from portal.exchange.models import ImportRun
from portal.outcomes import wording
from portal.outcomes.models import Figure, Objection, Phase
from portal.outcomes.presenters import FigureCard, figure_card
from portal.outcomes.types import Rules, Ruling, Viewer, Voice


@dataclass(frozen=True, slots=True)
class QueuedObjection:
    """An objection in the list."""

    figure: Link
    about: str
    headline: str
    shown: ShownObjection


@dataclass(frozen=True, slots=True)
class ObjectionsPage:
    """What is to be decided, the longest waiting first, and what was decided lately."""

    count: str
    waiting: Sequence[QueuedObjection]
    settled: Sequence[QueuedObjection]
    index_href: str


def objections_page(
    waiting: Sequence[Objection], settled: Sequence[Objection], rules: Rules, context: Context
) -> ObjectionsPage:
    """The queue."""
    return ObjectionsPage(
        ngettext("%(num)s objection waits", "%(num)s objections wait", len(waiting)),
        [_queued(one, rules, context) for one in waiting],
        [_queued(one, rules, context) for one in settled],
        link("region_figures.index"),
    )


def _queued(one: Objection, rules: Rules, context: Context) -> QueuedObjection:
    figure = one.figure
    title = f"{figure.provider.name}: {indicator_label(figure.indicator, context)}"
    return QueuedObjection(
        Link(title, link("region_figures.figure", figure_id=str(figure.id))),
        about_words(figure, context),
        wording.headline(figure, rules.least_shown),
        shown_objection(one),
    )


@dataclass(frozen=True, slots=True)
class RulingFields:
    """The decision about an objection."""

    objection: ShownObjection
    rulings: Sequence[Option]
    ruling_error: str
    speech: Speech


@dataclass(frozen=True, slots=True)
class FigurePage:
    """One figure with all that the region knows of it."""

    title: str
    provider: Link
    about: str
    notice: Notice | None
    errors: Mapping[str, str]
    card: FigureCard
    now: Notice
    not_told: str
    made_of: Sequence[Fact]
    ruling: RulingFields | None
    """None where there is no objection to decide about."""
    objections: Sequence[ShownObjection]
    """Those that were decided about."""
    comment: Speech
    kind: Link


def figure_page(
    series: Sequence[Figure],
    viewer: Viewer,
    phase: Phase | None,
    runs: Mapping[int, ImportRun],
    rules: Rules,
    today: date,
    context: Context,
    *,
    ruling: str = "",
    ruling_error: str = "",
    answer: Speech | None = None,
    comment: Speech | None = None,
    notice: Notice | None = None,
) -> FigurePage:
    """The first figure of a series, with what was typed where a form was not right yet."""
    figure = series[0]
    waiting = next((one for one in figure.objections if one.settled_on is None), None)
    own = next((one.text for one in figure.comments if one.voice is Voice.REGION), "")
    at = {"figure_id": str(figure.id)}
    answering = answer or Speech(link("region_figures.settle", **at))
    explaining = comment or Speech(link("region_figures.comment", **at), own)
    errors = {"besluit": ruling_error, "antwoord": answering.error, "toelichting": explaining.error}
    label = indicator_label(figure.indicator, context)
    fields = None
    if waiting is not None:
        rulings = [Option(one.value, gettext(wording.RULINGS[one]), one.value == ruling) for one in Ruling]
        fields = RulingFields(shown_objection(waiting), rulings, ruling_error, answering)
    return FigurePage(
        title=label,
        provider=Link(figure.provider.name, link("catalogue.provider", slug=figure.provider.slug)),
        about=about_words(figure, context),
        notice=notice,
        errors={name: error for name, error in errors.items() if error},
        card=figure_card(series, viewer, rules, context),
        now=what_happens(figure, phase, rules, today),
        not_told=wording.not_told(figure, rules),
        made_of=made_of(figure, runs, rules),
        ruling=fields,
        objections=[shown_objection(one) for one in figure.objections if one.settled_on is not None],
        comment=explaining,
        kind=Link(
            gettext("All figures of this kind"),
            link("region_figures.kind", indicator=figure.indicator.value, period=figure.period,
                 hulp=figure.arrangement),
        ),
    )  # fmt: skip


_DONE = {
    "besluit": N_("Your decision is written down. The provider gets a mail, and reads it on its desk."),
    "toelichting": N_("The explanation of the region stands beside the figure."),
    "toelichting-weg": N_("The explanation of the region is taken away."),
}


done = what_was_done(_DONE)
"""What was just done, as the address says."""
