"""What pages about figures of several desks show: of what a figure was made, and who sees it when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.catalogue.presenters.common import Context
from portal.catalogue.wording import full_day, listing
from portal.core.languages import gettext, ngettext
from portal.core.messages import N_
from portal.core.pages import Fact, Notice, Tone
from portal.exchange.models import ImportRun
from portal.outcomes import wording
from portal.outcomes.models import Figure, Objection, Phase
from portal.outcomes.operations import looked_until
from portal.outcomes.types import Audience, Indicator, Rules


@dataclass(frozen=True, slots=True)
class ShownObjection:
    """An objection with what became of it."""

    id: int
    made_on: str
    reason: str
    ruling: str
    """Empty while the region looks into it."""
    answer: str
    settled_on: str


def shown_objection(objection: Objection) -> ShownObjection:
    """An objection in words."""
    return ShownObjection(
        objection.id,
        full_day(objection.made_on),
        objection.reason,
        gettext(wording.RULINGS[objection.ruling]) if objection.ruling else "",
        objection.answer or "",
        full_day(objection.settled_on) if objection.settled_on else "",
    )


def indicator_label(indicator: Indicator, context: Context) -> str:
    """What an indicator is called."""
    return context.code_lists.label("indicators", indicator, context.language).label


def about_words(figure: Figure, context: Context) -> str:
    """What a figure is about: kind of help, framework, time, who said it."""
    return " · ".join((context.arrangement(figure.arrangement).label, when_and_who(figure)))


def when_and_who(figure: Figure) -> str:
    """The same without the kind of help, for where that stands above it."""
    parts = [
        gettext(wording.FRAMEWORKS[figure.framework]),
        wording.periods(figure),
        gettext(wording.INFORMANTS[figure.informant]),
    ]
    return " · ".join(parts)


def made_of(figure: Figure, runs: Mapping[int, ImportRun], rules: Rules) -> Sequence[Fact]:
    """Of which delivery and rows a figure was made, and by which rules: enough to look it up in one's own file."""
    facts = []
    for run_id in sorted({pair[0] for pair in figure.evidence}):
        rows = sorted(row for run, row in figure.evidence if run == run_id and row)
        delivery = runs.get(run_id)
        if delivery is None:
            continue
        words = ngettext("row %(rows)s", "rows %(rows)s", len(rows), rows=listing(map(str, rows))) if rows else ""
        facts.append(
            Fact(
                gettext("Delivered in"),
                delivery.file_name,
                gettext("on %(day)s", day=full_day(delivery.imported_at.date())) + (f", {words}" if words else ""),
            )
        )
    source = figure.source if not figure.instrument else f"{figure.source} · {figure.instrument}"
    facts += [
        Fact(gettext("Source"), source),
        Fact(gettext("Who told it"), gettext(wording.INFORMANTS[figure.informant])),
        Fact(gettext("How many answered"), wording.response(figure)),
        Fact(
            gettext("The rules"),
            gettext(
                "A number from %(shown)s families, both sides from %(cell)s; compared from %(compared)s families and "
                "with at least %(providers)s providers.",
                shown=rules.least_shown, cell=rules.smallest_cell, compared=rules.compared_from,
                providers=rules.compared_with,
            ),
            gettext("version %(number)s of the formula", number=figure.formula),
        ),
    ]  # fmt: skip
    return facts


def what_happens(figure: Figure, phase: Phase | None, rules: Rules, today: date, *, is_own: bool = False) -> Notice:
    """Who sees a figure now, and who when; `is_own` where its provider reads it."""
    seen = gettext("Seen by: %(who)s.", who=gettext(wording.SEEN_BY[figure.audience]))
    if figure.is_wrong:
        text = N_("The provider is right about this figure. Nobody else sees it until other counts are delivered.")
        if is_own:
            text = N_("You are right about this figure. Nobody else sees it until other counts are delivered.")
        return Notice(Tone.WARNING, seen, gettext(text))
    return Notice(Tone.INFO, seen, " ".join(filter(None, _next(figure, phase, rules, today))))


def _next(figure: Figure, phase: Phase | None, rules: Rules, today: date) -> Sequence[str]:
    said = []
    until = looked_until(figure.seen_from, rules) if figure.seen_from else None
    if figure.audience is Audience.REGION:
        said.append(gettext("The provider sees it first, and has %(days)s days to object.", days=rules.look_days))
    elif figure.audience is Audience.PROVIDER and until is not None:
        if phase is not None and phase.audience.is_beyond_provider:
            who = gettext(wording.SEEN_BY[phase.audience])
            said.append(gettext("From %(day)s: %(who)s.", day=full_day(until), who=who))
        elif until > today:
            said.append(gettext("Others see it on %(day)s at the earliest.", day=full_day(until)))
    if phase is not None and phase.next_on is not None and phase.next_audience is not None:
        who = gettext(wording.SEEN_BY[phase.next_audience])
        said.append(gettext("Planned from %(day)s: %(who)s.", day=full_day(phase.next_on), who=who))
    if figure.is_held:
        said.append(
            gettext(
                "A correction was delivered that differs too little from what others saw. It waits until the next "
                "period: from the difference one could tell how single families fared."
            )
        )
    return said
