"""Which figures there are, who sees them, and what moves when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.catalogue.presenters.common import Context
from portal.catalogue.wording import full_day
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Narrowing, Notice, Option, what_was_done
from portal.desks.figure_pages import indicator_label
from portal.outcomes import wording
from portal.outcomes.models import Figure, Phase
from portal.outcomes.operations import looked_until
from portal.outcomes.queries import Delivery
from portal.outcomes.types import Audience, Indicator, Period, Rules

Where = tuple[Indicator, str]


@dataclass(frozen=True, slots=True)
class KindRow:
    """The figures of an indicator over a period."""

    label: str
    href: str
    delivered: str
    shown: str
    waiting: str
    """What asks for attention: objections, corrections that wait."""
    seen_by: str
    next: str


@dataclass(frozen=True, slots=True)
class PhasesPage:
    """All kinds of figures, the newest period first."""

    waiting: Sequence[Link]
    periods: Sequence[tuple[str, Sequence[KindRow]]]


def phases_page(
    deliveries: Sequence[Delivery], objections: int, doubts: int, rules: Rules, today: date, context: Context
) -> PhasesPage:
    """The list, with what waits for the region on top."""
    order = {Indicator(code): place for place, code in enumerate(context.code_lists.indicators)}
    by_period: dict[str, list[Delivery]] = {}
    for one in deliveries:
        by_period.setdefault(one.period, []).append(one)
    periods = [
        (wording.period(Period.read(period)),
         [_kind(one, rules, today, context) for one in sorted(found, key=lambda one: order[one.indicator])])
        for period, found in by_period.items()
    ]  # fmt: skip
    waiting = (
        Link(ngettext("%(num)s objection to decide about", "%(num)s objections to decide about", objections),
             link("region_figures.objections")),
        Link(ngettext("%(num)s thing that is odd", "%(num)s things that are odd", doubts),
             link("region_figures.doubts"), gettext("About counts that were delivered.")),
        Link(gettext("Who delivered what"), link("region_figures.calendar"),
             gettext("By provider and period, and who has not.")),
        Link(gettext("Totals per kind of help"), link("region_figures.totals"),
             gettext("Averages, with how many providers and families; each leads to the comparison.")),
    )  # fmt: skip
    return PhasesPage(waiting, periods)


def _kind(one: Delivery, rules: Rules, today: date, context: Context) -> KindRow:
    hidden = one.few + one.withheld
    shown = [ngettext("%(num)s figure", "%(num)s figures", one.told)]
    if hidden:
        shown.append(ngettext("%(num)s without a number", "%(num)s without a number", hidden))
    waiting = [
        words
        for count, words in (
            (one.objections, ngettext("%(num)s objection", "%(num)s objections", one.objections)),
            (one.held, ngettext("%(num)s correction waits", "%(num)s corrections wait", one.held)),
            (one.withheld, ngettext("%(num)s contradicted", "%(num)s contradicted", one.withheld)),
        )
        if count
    ]
    audience = one.phase.audience if one.phase else Audience.REGION
    return KindRow(
        label=indicator_label(one.indicator, context),
        href=link("region_figures.kind", indicator=one.indicator.value, period=one.period),
        delivered=ngettext("%(num)s provider", "%(num)s providers", one.providers),
        shown=", ".join(shown),
        waiting=", ".join(waiting),
        seen_by=gettext(wording.SEEN_BY[audience]),
        next=_next(one.phase, rules, today),
    )


def _next(phase: Phase | None, rules: Rules, today: date) -> str:
    if phase is None:
        return ""
    if phase.next_on is not None and phase.next_audience is not None:
        who = gettext(wording.SEEN_BY[phase.next_audience])
        return gettext("from %(day)s: %(who)s", day=full_day(phase.next_on), who=who)
    until = looked_until(phase.since, rules)
    if phase.audience is Audience.PROVIDER and until > today:
        return gettext("providers look until %(day)s", day=full_day(until))
    return ""


@dataclass(frozen=True, slots=True)
class Step:
    """An audience on the way to everybody."""

    name: str
    state: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure in a table for the region."""

    provider: Link
    value: str
    range: str
    n: str
    verdict: str
    seen_by: str
    mark: str


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The figures that may be compared with each other: one framework and informant; forced help apart."""

    caption: str
    comparison: Link | None
    rows: Sequence[FigureRow]


@dataclass(frozen=True, slots=True)
class MoveForm:
    """To whom the figures go."""

    action: str
    was: str
    audiences: Sequence[Option]
    day: str
    reason: str
    errors: Mapping[str, str]
    drop_action: str
    """Drops the plan; empty where there is none."""


@dataclass(frozen=True, slots=True)
class KindPage:
    """The figures of an indicator over a period: how far they are, what would move, and the figures by kind of help."""

    title: str
    period: str
    notice: Notice | None
    steps: Sequence[Step]
    counts: Sequence[str]
    form: MoveForm | None
    """None for who cannot decide."""
    narrowings: Sequence[Narrowing]
    tables: Sequence[FigureTable]
    explanation: str
    index_href: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures of the kind somebody wants to see."""

    arrangement: str | None = None
    """Empty for all; None where nothing was said: then the kind of help with most figures, or all of a provider."""
    provider: str = ""
    """Its slug; empty for all."""
    audience: str = ""
    """The widest audience that sees it; empty for all."""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Wanted:
        """From the address: `hulp`, `aanbieder`, `fase`."""
        return cls(args.get("hulp"), args.get("aanbieder", "")[:200], args.get("fase", "")[:20])

    def among(self, figures: Sequence[Figure]) -> Wanted:
        """The same, with what is in none of `figures` left out, and the kind of help filled in."""
        by_arrangement = Counter(one.arrangement for one in figures)
        provider = self.provider if any(one.provider.slug == self.provider for one in figures) else ""
        arrangement = self.arrangement
        if arrangement is None or (arrangement and arrangement not in by_arrangement):
            widest = max(by_arrangement, key=lambda code: (by_arrangement[code], code), default="")
            arrangement = "" if provider else widest
        return Wanted(arrangement, provider, self.audience if self.audience in list(Audience) else "")

    def has(self, one: Figure) -> bool:
        """Whether this figure is among them."""
        return (
            self.arrangement in ("", one.arrangement)
            and self.provider in ("", one.provider.slug)
            and self.audience in ("", one.audience.value)
        )


def kind_page(
    where: Where,
    phase: Phase | None,
    delivery: Delivery,
    by_audience: Mapping[Audience, int],
    figures: Sequence[Figure],
    wanted: Wanted,
    may_move: bool,
    rules: Rules,
    today: date,
    context: Context,
    *,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    notice: Notice | None = None,
) -> KindPage:
    """The page with those of `figures` that are wanted, and what was typed where the form was not right yet."""
    indicator, period = where
    audience = phase.audience if phase else Audience.REGION
    wanted = wanted.among(figures)
    return KindPage(
        title=indicator_label(indicator, context),
        period=wording.period(Period.read(period)),
        notice=notice,
        steps=_steps(phase, rules, today),
        counts=_counts(delivery, by_audience, audience),
        form=_move_form(where, phase, audience, given or {}, errors or {}) if may_move else None,
        narrowings=_narrowings(figures, wanted, context),
        tables=_tables([one for one in figures if wanted.has(one)], context),
        explanation=gettext(
            "Others see a figure when its provider could look at it for %(days)s days. From the day on which access "
            "teams see figures the average stands: who delivers later is compared, but is not in it. So wait until the "
            "deliveries are complete.", days=rules.look_days,
        ),
        index_href=link("region_figures.index"),
    )  # fmt: skip


def _narrowings(figures: Sequence[Figure], wanted: Wanted, context: Context) -> Sequence[Narrowing]:
    count = Counter(one.arrangement for one in figures)
    order = {code: place for place, code in enumerate(context.code_lists.arrangements)}
    names = {one.provider.slug: one.provider.name for one in figures}
    seen_by = {one.audience for one in figures}
    return [
        Narrowing(
            "hulp", gettext("Kind of help"), gettext("All kinds of help"),
            [
                Option(code, context.arrangement(code).label, code == wanted.arrangement, count[code])
                for code in sorted(count, key=lambda code: order.get(code, len(order)))
            ],
        ),
        Narrowing(
            "aanbieder", gettext("Provider"), gettext("All providers"),
            [
                Option(slug, name, slug == wanted.provider)
                for slug, name in sorted(names.items(), key=lambda item: item[1].casefold())
            ],
        ),
        Narrowing(
            "fase", gettext("Seen by"), gettext("Everybody"),
            [
                Option(one.value, gettext(wording.SEEN_BY[one]), one.value == wanted.audience)
                for one in Audience if one in seen_by
            ],
        ),
    ]  # fmt: skip


def _steps(phase: Phase | None, rules: Rules, today: date) -> Sequence[Step]:
    now = phase.audience if phase else Audience.REGION
    until = looked_until(phase.since, rules) if phase and now is Audience.PROVIDER else None
    steps = []
    for audience in Audience:
        state = ""
        if audience is now:
            state = gettext("now, since %(day)s", day=full_day(phase.since)) if phase else gettext("now")
        elif audience.rank < now.rank:
            state = gettext("they see it too")
        elif phase and phase.next_audience is audience and phase.next_on:
            state = gettext("planned from %(day)s", day=full_day(phase.next_on))
        elif audience.is_beyond_provider and now is Audience.REGION:
            state = gettext("when the providers have looked")
        elif audience.is_beyond_provider and until is not None and until > today:
            state = gettext("from %(day)s at the earliest", day=full_day(until))
        else:
            state = gettext("possible now")
        steps.append(Step(gettext(wording.SEEN_BY[audience]), state, audience is now))
    return steps


def _counts(delivery: Delivery, by_audience: Mapping[Audience, int], now: Audience) -> Sequence[str]:
    said = [
        ngettext("%(num)s provider delivered.", "%(num)s providers delivered.", delivery.providers),
        ngettext("%(num)s figure with a number.", "%(num)s figures with a number.", delivery.told),
        ngettext("%(num)s with too few families.", "%(num)s with too few families.", delivery.few),
    ]
    for count, words in (
        (delivery.withheld, ngettext("%(num)s is contradicted by another source.",
                                     "%(num)s are contradicted by another source.", delivery.withheld)),
        (delivery.held, ngettext("%(num)s correction is too small to be published and waits.",
                                 "%(num)s corrections are too small to be published and wait.", delivery.held)),
        (delivery.objections, ngettext("%(num)s objection is not decided about. It is shown beside the figure.",
                                       "%(num)s objections are not decided about. They are shown beside the figures.",
                                       delivery.objections)),
    ):  # fmt: skip
        if count:
            said.append(words)
    late = by_audience.get(Audience.PROVIDER, 0) if now.is_beyond_provider else 0
    if late:
        said.append(
            ngettext(
                "%(num)s figure only its provider sees: it came later, or was found wrong.",
                "%(num)s figures only their providers see: they came later, or were found wrong.",
                late,
            )
        )
    return said


def _move_form(
    where: Where, phase: Phase | None, now: Audience, given: Mapping[str, str], errors: Mapping[str, str]
) -> MoveForm:
    chosen = given.get("to", "")
    at = {"indicator": where[0].value, "period": where[1]}
    return MoveForm(
        action=link("region_figures.move", **at),
        was=now.value,
        audiences=[
            Option(one.value, gettext(wording.SEEN_BY[one]), one.value == chosen) for one in Audience if one is not now
        ],
        day=given.get("day", ""),
        reason=given.get("reason", ""),
        errors=errors,
        drop_action=link("region_figures.drop_plan", **at) if phase and phase.next_on else "",
    )


def _tables(figures: Sequence[Figure], context: Context) -> Sequence[FigureTable]:
    order = {code: place for place, code in enumerate(context.code_lists.arrangements)}
    sets: dict[tuple[int, str, bool, str, bool], list[Figure]] = {}
    for figure in figures:
        is_forced = figure.framework.value == "mandatory"
        kind = (order.get(figure.arrangement, len(order)), figure.arrangement)
        sets.setdefault((*kind, is_forced, str(figure.informant), figure.is_mean), []).append(figure)
    tables = []
    for _, found in sorted(sets.items(), key=lambda item: item[0]):
        first = found[0]
        average_id = next((figure.average_id for figure in found if figure.average_id), None)
        words = (gettext(wording.FRAMEWORKS[first.framework]), gettext(wording.INFORMANTS[first.informant]))
        comparison = None
        if average_id is not None:
            comparison = Link(
                gettext("The comparison in a picture"), link("region_figures.comparison", average_id=str(average_id))
            )
        rows = [_figure_row(figure) for figure in sorted(found, key=lambda figure: figure.provider.name.casefold())]
        tables.append(FigureTable(" · ".join((context.arrangement(first.arrangement).label, *words)), comparison, rows))
    return tables


def _figure_row(figure: Figure) -> FigureRow:
    marks = []
    if figure.is_disputed:
        marks.append(gettext("objection"))
    if figure.is_wrong:
        marks.append(gettext("found wrong"))
    if figure.is_held:
        marks.append(gettext("correction waits"))
    return FigureRow(
        Link(figure.provider.name, link("region_figures.figure", figure_id=str(figure.id))),
        wording.short(figure),
        wording.range_in_words(figure),
        wording.number(figure.n) if figure.n is not None else "",
        gettext(wording.VERDICTS[figure.verdict]),
        gettext(wording.SEEN_BY[figure.audience]),
        ", ".join(marks),
    )


_DONE = {
    "verder": N_("Done. These figures are seen by others from now on, as below."),
    "gepland": N_("The plan is written down. It is carried out by itself on that day."),
    "vervallen": N_("The plan is dropped."),
}


done = what_was_done(_DONE)
"""What was just done, as the address says."""
