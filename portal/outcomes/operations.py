"""Making figures of measurements, and deciding who sees them. Day and actor are arguments; the caller commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, RowMapping, Table, and_, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from portal.catalogue.models import Provider, Region
from portal.catalogue.operations import touch
from portal.core.actor import Actor
from portal.core.messages import N_, Day, Message
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.outcomes.figures import FORMULA_VERSION, Counts, Known
from portal.outcomes.figures import Average as MadeAverage
from portal.outcomes.making import (
    AverageKey,
    Delivered,
    Draft,
    Established,
    Series,
    Span,
    audience_of,
    by_average,
    drafts,
    establish,
    joined,
    read_span,
    with_comparison,
    without_doubles,
)
from portal.outcomes.models import (
    Average,
    Comment,
    Figure,
    Measurement,
    Objection,
    Phase,
    Publication,
)
from portal.outcomes.statistics import Dispersion, Interval
from portal.outcomes.types import Audience, Indicator, Period, Rules, Ruling, Verdict, Voice, WhyNotCompared

ROWS_AT_ONCE = 1_000
LONGEST_TEXT = 500
_SERIES = ("provider_id", "arrangement", "framework", "indicator", "informant", "is_mean")
_TOLD = ("shown", "n", "numerator", "mean", "bound")
"""The columns by which a provider sees that its figure changed."""

_FIGURE = cast(Table, Figure.__table__)
FigureKey = tuple[Series, str]
Values = Mapping[str, object]


class CannotDo(ValueError):
    """Something about figures that cannot be done now; the message says why and what can."""

    def __init__(self, text: str, **values: object) -> None:
        self.message = Message(text, values)
        super().__init__(self.message.in_language("en"))


class TooSoon(CannotDo):
    """The providers have not had the time to look at their figures."""

    def __init__(self, until: date) -> None:
        text = N_("The providers can look at these figures until %(until)s. Choose that day, or a later one.")
        super().__init__(text, until=Day(until.isoformat()))
        self.until = until


class ChangedMeanwhile(CannotDo):
    """Somebody else decided about the same a moment ago."""

    def __init__(self) -> None:
        super().__init__(N_("Somebody else changed this a moment ago. Look at what holds now, and choose again."))


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of the figures of a region."""

    is_changed: bool
    to_look_at: frozenset[int] = frozenset()
    """Providers (primary keys) that can see a figure since today that they could not see before."""

    def __add__(self, other: Refreshed) -> Refreshed:
        return Refreshed(self.is_changed or other.is_changed, self.to_look_at | other.to_look_at)


# --- figures of measurements --------------------------------------------------------------------------------


def stamp(session: Session, region_id: int, import_run_id: int) -> None:
    """Note of the measurements that were just written which import brought them."""
    of_region = select(Provider.id).where(Provider.region_id == region_id)
    session.execute(
        update(Measurement)
        .where(Measurement.import_run_id.is_(None), Measurement.provider_id.in_(of_region))
        .values(import_run_id=import_run_id)
        .execution_options(synchronize_session=False)
    )


def refresh(session: Session, region_id: int, rules: Rules, today: date, only: Indicator | None = None) -> Refreshed:
    """Bring the figures of a region (`only` of one indicator) in line with measurements, phases and the day.

    Says whether anything changed, and who has something new to look at. Doing it again changes nothing. What others
    have seen of a figure is kept (`Publication`), and an average stands from the day on which others first saw a figure
    that is compared with it.
    """
    session.flush()
    session.execute(select(Region.id).where(Region.id == region_id).with_for_update())  # one at a time
    scope = _Scope(region_id, tuple(Indicator) if only is None else (only,))
    stored = _stored_figures(session, scope)
    published = _publications(session, scope)
    made = _drafts(session, scope, stored, published, rules)
    phases = _phases(session, region_id)
    for draft in made:
        _decide_audience(draft, stored.get((draft.series, draft.periods)), phases, rules, today)
    averages = _Averages(session, scope, today)
    for key, found in by_average(made).items():
        wrong = {draft.series.provider_id for draft in found if draft.is_wrong}
        established = averages.standing(key, wrong) or establish(found, rules)
        averages.keep(key, established)
        for draft in found:
            with_comparison(draft, established, rules)
    session.flush()
    changed = _write(session, region_id, made, stored, published, averages.ids())
    changed |= averages.remove_others()
    changed |= _publish(session, scope, made, published, today)
    if changed:
        touch(session)
    new = {
        draft.series.provider_id for draft in made
        if draft.seen_from == today and _seen_before(stored.get((draft.series, draft.periods))) != today
    }  # fmt: skip
    return Refreshed(changed, frozenset(new))


def _seen_before(row: RowMapping | None) -> date | None:
    return row["seen_from"] if row is not None else None


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which figures are made."""

    region_id: int
    indicators: tuple[Indicator, ...]

    def holds(self, table: type[Figure] | type[Average]) -> ColumnElement[bool]:
        """Whether a row of the table belongs to it."""
        return and_(table.region_id == self.region_id, table.indicator.in_(self.indicators))


def _stored_figures(session: Session, scope: _Scope) -> dict[FigureKey, RowMapping]:
    found = session.execute(select(_FIGURE).where(scope.holds(Figure))).mappings()
    return {(Series(*(row[name] for name in _SERIES)), row["periods"]): row for row in found}


def _publications(session: Session, scope: _Scope) -> dict[int, list[Counts]]:
    """By figure, in the order in which others saw them."""
    found: dict[int, list[Counts]] = defaultdict(list)
    for row in session.execute(
        select(Publication.figure_id, Publication.n, Publication.numerator, Publication.mean, Publication.sd)
        .join(Figure, Figure.id == Publication.figure_id)
        .where(scope.holds(Figure))
        .order_by(Publication.id)
    ):
        found[row.figure_id].append(Counts(row.n, row.numerator, row.mean, row.sd))
    return found


def _phases(session: Session, region_id: int) -> dict[tuple[Indicator, str], Audience]:
    found = session.execute(select(Phase.indicator, Phase.period, Phase.audience).where(Phase.region_id == region_id))
    return {(indicator, period): audience for indicator, period, audience in found}


def _drafts(
    session: Session,
    scope: _Scope,
    stored: Mapping[FigureKey, RowMapping],
    published: Mapping[int, list[Counts]],
    rules: Rules,
) -> list[Draft]:
    seen: dict[Series, dict[Span, list[Counts]]] = defaultdict(dict)
    for (series, periods), row in stored.items():
        if row["id"] in published:
            seen[series][read_span(periods)] = published[row["id"]]
    deliveries = _deliveries(session, scope)
    without_doubles(deliveries, seen)
    return [
        draft
        for series, periods in deliveries.items()
        for draft in drafts(series, periods, seen.get(series, {}), rules)
    ]


def _deliveries(session: Session, scope: _Scope) -> dict[Series, dict[Period, Delivered]]:
    """What was delivered for the whole region; rows for one municipality are only there to check it."""
    found: dict[Series, dict[Period, Delivered]] = defaultdict(dict)
    read: dict[str, Period] = {}
    table = Measurement.__table__
    rows = session.execute(
        select(table)
        .join(Provider.__table__, Provider.id == table.c.provider_id)
        .where(
            Provider.region_id == scope.region_id, table.c.municipality == "", table.c.indicator.in_(scope.indicators)
        )
        .order_by(table.c.id)
    )
    for row in rows:
        series = Series(
            row.provider_id, row.arrangement, row.framework, row.indicator, row.informant, row.mean is not None
        )
        counts = Counts(row.n or 0, mean=row.mean, sd=row.sd)
        if row.numerator is not None:
            counts = Counts(row.denominator, numerator=row.numerator)
        period = read.setdefault(row.period, Period.read(row.period))
        delivered = Delivered(
            counts, row.instrument, row.source, row.invited, ((row.import_run_id or 0, row.import_row or 0),)
        )
        earlier = found[series].get(period)
        found[series][period] = joined(earlier, delivered) if earlier else delivered
    return found


def _decide_audience(
    draft: Draft,
    row: RowMapping | None,
    phases: Mapping[tuple[Indicator, str], Audience],
    rules: Rules,
    today: date,
) -> None:
    phase = phases.get((draft.series.indicator, str(draft.span[-1])), Audience.REGION)
    is_same = row is not None and all(row[name] == getattr(draft.told, name) for name in _TOLD)
    draft.seen_from = row["seen_from"] if row is not None and is_same else None
    if draft.seen_from is None and phase is not Audience.REGION:
        draft.seen_from = today
    if row is not None and row["is_wrong"]:
        evidence = [list(pair) for pair in draft.evidence]
        draft.is_wrong = draft.is_held or (is_same and row["evidence"] == evidence)
    if draft.is_held and row is not None:  # nobody sees that a correction waits
        draft.instrument, draft.source, draft.response = row["instrument"], row["source"], row["response"]
    draft.audience = audience_of(phase, draft.seen_from, draft.is_wrong, rules, today)


class _Averages:
    """The averages of a region: those that stand are used, the others are made anew."""

    def __init__(self, session: Session, scope: _Scope, today: date) -> None:
        self._session, self._region_id, self._today = session, scope.region_id, today
        rows = session.scalars(select(Average).where(scope.holds(Average)))
        names = AverageKey.__dataclass_fields__
        self._rows = {AverageKey(*(getattr(row, name) for name in names)): row for row in rows}
        self._kept: set[AverageKey] = {key for key, row in self._rows.items() if row.established_on}

    def standing(self, key: AverageKey, wrong: Collection[int]) -> Established | None:
        """The average that stands for this key, or None.

        One with a member whose figure is `wrong` (providers) is dropped: with the others' it would tell that figure.
        """
        row = self._rows.get(key)
        if row is None or row.established_on is None:
            return None
        if any(int(provider) in wrong for provider in row.members):
            row.established_on = None
            self._kept.discard(key)
            return None
        made = MadeAverage(
            row.value, Interval(row.low, row.high), row.n, Dispersion(row.phi, row.tau2), row.rankability
        )
        members = {int(provider): Known(low, high, int(n)) for provider, (low, high, n) in row.members.items()}
        return Established(made, members, stands=True)

    def keep(self, key: AverageKey, established: Established | WhyNotCompared) -> None:
        """Store it, if there is one."""
        if isinstance(established, WhyNotCompared):
            return
        self._kept.add(key)
        row = self._rows.get(key)
        if row is not None and row.established_on is not None:
            return
        if row is None:
            row = self._rows[key] = Average(region_id=self._region_id, **asdict(key))
            self._session.add(row)
        made = established.average
        row.value, row.low, row.high = made.value, made.range.low, made.range.high
        row.n, row.rankability = made.n, made.rankability
        row.phi, row.tau2 = made.dispersion.phi, made.dispersion.tau2
        row.providers = len(established.members)
        row.members = {
            str(provider): [known.low, known.high, known.n] for provider, known in sorted(established.members.items())
        }
        row.established_on = self._today if established.stands else None

    def ids(self) -> dict[AverageKey, int]:
        """Primary keys, after a flush."""
        return {key: row.id for key, row in self._rows.items() if key in self._kept}

    def remove_others(self) -> bool:
        """Remove what no figure is compared with any more."""
        gone = [row for key, row in self._rows.items() if key not in self._kept]
        for row in gone:
            self._session.delete(row)
        return bool(gone)


def _write(
    session: Session,
    region_id: int,
    made: Iterable[Draft],
    stored: Mapping[FigureKey, RowMapping],
    published: Collection[int],
    averages: Mapping[AverageKey, int],
) -> bool:
    """Insert and change rows where they differ, and let go of those that are made no more."""
    new, changes, kept = [], [], set()
    for draft in made:
        key = (draft.series, draft.periods)
        kept.add(key)
        values = _columns(draft, region_id, averages)
        earlier = stored.get(key)
        if earlier is None:
            new.append(values)
        elif any(earlier[name] != value for name, value in values.items()):
            changes.append({f"new_{name}": value for name, value in values.items()} | {"row_id": earlier["id"]})
    for start in range(0, len(new), ROWS_AT_ONCE):
        session.execute(insert(_FIGURE), new[start : start + ROWS_AT_ONCE])
    if changes:
        names = [name.removeprefix("new_") for name in changes[0] if name != "row_id"]
        change = update(_FIGURE).where(_FIGURE.c.id == bindparam("row_id"))
        statement = change.values({name: bindparam(f"new_{name}") for name in names})
        for start in range(0, len(changes), ROWS_AT_ONCE):
            session.connection().execute(statement, changes[start : start + ROWS_AT_ONCE])
    is_less = _let_go(session, (row for key, row in stored.items() if key not in kept), published)
    return bool(new or changes) or is_less


def _let_go(session: Session, gone: Iterable[RowMapping], published: Collection[int]) -> bool:
    """Figures that nothing is delivered for any more: removed, or seen by the region alone where others saw them.

    Those are kept: what is delivered later may not differ a little from what others know.
    """
    rows = list(gone)
    hidden = [row["id"] for row in rows if row["id"] in published and row["audience"] is not Audience.REGION]
    if hidden:
        values = {"audience": Audience.REGION, "average_id": None, "verdict": Verdict.NOT_COMPARED,
                  "why_not": WhyNotCompared.CORRECTED}  # fmt: skip
        session.execute(update(_FIGURE).where(_FIGURE.c.id.in_(hidden)).values(values))
    removed = [row["id"] for row in rows if row["id"] not in published]
    for start in range(0, len(removed), ROWS_AT_ONCE):
        session.execute(delete(_FIGURE).where(_FIGURE.c.id.in_(removed[start : start + ROWS_AT_ONCE])))
    return bool(hidden or removed)


def _columns(draft: Draft, region_id: int, averages: Mapping[AverageKey, int]) -> dict[str, Any]:
    told, interval = draft.told, draft.told.interval
    return {
        "region_id": region_id,
        **{name: getattr(draft.series, name) for name in _SERIES},
        "periods": draft.periods,
        "period": str(draft.span[-1]),
        "instrument": draft.instrument,
        "source": draft.source,
        **{name: getattr(told, name) for name in _TOLD},
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "response": draft.response,
        "average_id": averages.get(draft.average) if draft.average else None,
        "verdict": draft.verdict,
        "why_not": draft.why_not,
        "audience": draft.audience,
        "seen_from": draft.seen_from,
        "is_held": draft.is_held,
        "is_wrong": draft.is_wrong,
        "formula": FORMULA_VERSION,
        "evidence": [list(pair) for pair in draft.evidence],
    }


def _publish(
    session: Session, scope: _Scope, made: Iterable[Draft], published: Mapping[int, list[Counts]], today: date
) -> bool:
    """Write down what others see from now on."""
    seen = [draft for draft in made if draft.audience.is_beyond_provider and draft.told.shown.tells_something]
    if not seen:
        return False
    found = session.execute(
        select(Figure.id, Figure.periods, *(getattr(Figure, name) for name in _SERIES)).where(scope.holds(Figure))
    )
    ids = {(Series(*row[2:]), row.periods): row.id for row in found}
    new = []
    for draft in seen:
        figure_id = ids[draft.series, draft.periods]
        earlier = published.get(figure_id)
        if not earlier or earlier[-1] != draft.counts:
            new.append({"figure_id": figure_id, "published_on": today} | asdict(draft.counts))
    for start in range(0, len(new), ROWS_AT_ONCE):
        session.execute(insert(cast(Table, Publication.__table__)), new[start : start + ROWS_AT_ONCE])
    return bool(new)


# --- phases -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class About:
    """The figures of an indicator over a period, which go from audience to audience together."""

    region_id: int
    indicator: Indicator
    period: str


def move(
    session: Session, figures: Sequence[About], to: Audience, actor: Actor, reason: str, rules: Rules, now: datetime,
    was: Audience | None = None,
) -> Refreshed:  # fmt: skip
    """Let these figures be seen by the audience `to` from now on: on to a wider one, or back to a narrower.

    A plan that was made for them is dropped. `was` is the audience that whoever decides saw on the page.

    Raises TooSoon where the providers have not had their time to look, ChangedMeanwhile where the audience is not `was`
    any more, and CannotDo where the providers have not been shown the figures at all, where nothing changes, or where
    no reason is given to go back.
    """
    steps = []
    for about in figures:
        phase = _phase(session, about, now.date(), was)
        if to is phase.audience:
            raise CannotDo(N_("These figures are there already."))
        if to.rank < phase.audience.rank and not reason.strip():
            raise CannotDo(N_("Say why these figures are taken back."))
        _check_step(phase, to, now.date(), rules)
        steps.append((about, phase.audience))
        phase.audience, phase.since, phase.next_audience, phase.next_on = to, now.date(), None, None
    indicators = {about.indicator for about in figures}
    only = next(iter(indicators)) if len(indicators) == 1 else None
    done = Refreshed(False)
    for region_id in {about.region_id for about in figures}:
        done += refresh(session, region_id, rules, now.date(), only)
    for about, before in steps:
        _record(session, about, actor, "moved", now, {"audience": before}, {"audience": to}, reason)
    return done


def plan(
    session: Session, about: About, to: Audience, on: date, actor: Actor, reason: str, rules: Rules, now: datetime,
    was: Audience | None = None,
) -> None:  # fmt: skip
    """Let these figures move on to the audience `to` on the day `on`, by themselves.

    Raises what `move` raises, and CannotDo for a day that is not to come or a step back.
    """
    phase = _phase(session, about, now.date(), was)
    if on <= now.date():
        raise CannotDo(N_("%(day)s is not a day to come."), day=Day(on.isoformat()))
    if to.rank <= phase.audience.rank:
        raise CannotDo(N_("These figures are there already. A plan goes further."))
    _check_step(phase, to, on, rules)
    phase.next_audience, phase.next_on = to, on
    _record(session, about, actor, "planned", now, {}, {"audience": to, "day": on}, reason)


def cancel_plan(session: Session, about: About, actor: Actor, reason: str, now: datetime) -> None:
    """Drop the plan for these figures. Raises CannotDo where there is none."""
    phase = _phase(session, about, now.date())
    if phase.next_on is None:
        raise CannotDo(N_("Nothing is planned for these figures."))
    before = {"audience": phase.next_audience, "day": phase.next_on}
    phase.next_audience = phase.next_on = None
    _record(session, about, actor, "plan_dropped", now, before, {}, reason)


def keep_up(session: Session, region_id: int, rules: Rules, now: datetime) -> tuple[int, Refreshed]:
    """Carry out the plans that are due, and let figures on that were looked at for long enough.

    Says how many plans there were, and what became of the figures.
    """
    due = session.scalars(
        select(Phase).where(Phase.region_id == region_id, Phase.next_on <= now.date()).order_by(Phase.id)
    ).all()
    steps = []
    for phase in due:
        to = phase.next_audience or phase.audience
        steps.append((About(region_id, phase.indicator, phase.period), phase.audience, to))
        phase.audience, phase.since, phase.next_audience, phase.next_on = to, now.date(), None, None
    done = refresh(session, region_id, rules, now.date())
    actor = Actor.system("daily", region_id)
    for about, before, to in steps:
        _record(session, about, actor, "moved", now, {"audience": before}, {"audience": to})
    return len(due), done


def _phase(session: Session, about: About, today: date, was: Audience | None = None) -> Phase:
    """The phase of these figures, for us alone until the transaction ends."""
    found = session.scalars(
        select(Phase)
        .where(Phase.region_id == about.region_id, Phase.indicator == about.indicator, Phase.period == about.period)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        found = Phase(
            region_id=about.region_id, indicator=about.indicator, period=about.period, audience=Audience.REGION,
            since=today,
        )  # fmt: skip
        session.add(found)
    if was is not None and found.audience is not was:
        raise ChangedMeanwhile
    return found


def _check_step(phase: Phase, to: Audience, on: date, rules: Rules) -> None:
    if not to.is_beyond_provider or to.rank < phase.audience.rank:
        return
    if phase.audience is Audience.REGION:
        raise CannotDo(N_("The providers have not seen these figures. Show them to the providers first."))
    until = looked_until(phase.since, rules)
    if phase.audience is Audience.PROVIDER and on < until:
        raise TooSoon(until)


def looked_until(since: date, rules: Rules) -> date:
    """The last day on which a provider can object to what it sees `since`; from that day on others may see it."""
    return since + timedelta(rules.look_days)


# --- objections and comments --------------------------------------------------------------------------------


def object_to(session: Session, figure: Figure, reason: str, actor: Actor, rules: Rules, now: datetime) -> Objection:
    """The provider disagrees with its figure; it stands beside the figure until it is settled.

    Raises CannotDo without a reason, before the provider is shown the figure, after its days to object, where an
    objection to it is not settled yet, and where the provider was found to be right.
    """
    _hold(session, figure)
    if figure.audience is Audience.REGION or figure.seen_from is None:
        raise CannotDo(N_("The provider does not see this figure yet."))
    until = looked_until(figure.seen_from, rules)
    if now.date() > until:
        text = N_("You could object until %(until)s. Is something wrong after all? Tell the region.")
        raise CannotDo(text, until=Day(until.isoformat()))
    if figure.is_disputed:
        raise CannotDo(N_("There is an objection to this figure already. The region is looking into it."))
    if figure.is_wrong:
        raise CannotDo(N_("You are right about this figure. Nobody else sees it until other counts are delivered."))
    found = Objection(figure_id=figure.id, reason=_text(reason), made_on=now.date())
    session.add(found)
    _record_figure(session, figure, actor, "objected", now, {}, {}, found.reason)
    return found


def settle(
    session: Session, objection: Objection, ruling: Ruling, answer: str, actor: Actor, rules: Rules, now: datetime
) -> None:
    """The region has looked at an objection and decides about it, with its reasons.

    Where the provider is right, nobody else sees the figure until other counts are delivered. Raises CannotDo without
    an answer, and ChangedMeanwhile where it was settled before.
    """
    _hold(session, objection.figure)
    session.refresh(objection)
    if objection.settled_on is not None:
        raise ChangedMeanwhile
    figure = objection.figure
    objection.answer, objection.settled_on, objection.ruling = _text(answer), now.date(), ruling
    if ruling is Ruling.UPHELD:
        figure.is_wrong = True
        refresh(session, figure.region_id, rules, now.date(), figure.indicator)
    _record_figure(session, figure, actor, "objection_settled", now, {}, {"ruling": ruling}, objection.answer)


def comment(session: Session, figure: Figure, voice: Voice, text: str, actor: Actor, now: datetime) -> None:
    """Put a short explanation beside a figure, in place of an earlier one; an empty one takes it away.

    Raises CannotDo for one that is too long.
    """
    _hold(session, figure)
    found = session.get(Comment, (figure.id, voice), populate_existing=True)
    before = {"comment": found.text} if found is not None else {}
    tidy = _text(text) if text.strip() else ""
    if before.get("comment", "") == tidy:
        return
    if not tidy:
        session.delete(found)
    elif found is None:
        session.add(Comment(figure_id=figure.id, voice=voice, text=tidy, written_on=now.date()))
    else:
        found.text, found.written_on = tidy, now.date()
    after = {"comment": tidy} if tidy else {}
    _record_figure(session, figure, actor, "commented", now, before, after)


def _hold(session: Session, figure: Figure) -> None:
    """Read a figure again and let nobody else speak of it until the transaction ends: one objection, one comment."""
    # Locked by itself: what was loaded along with the figure cannot be locked with it.
    session.execute(select(Figure.id).where(Figure.id == figure.id).with_for_update())
    session.refresh(figure)
    session.refresh(figure, ["objections", "comments"])


def _text(text: str) -> str:
    tidy = " ".join(text.split())
    if not tidy:
        raise CannotDo(N_("Write a sentence that says why."))
    if len(tidy) > LONGEST_TEXT:
        text = N_("This has %(length)s characters. Say it in %(most)s at most.")
        raise CannotDo(text, length=len(tidy), most=LONGEST_TEXT)
    return tidy


def _record_figure(
    session: Session, figure: Figure, actor: Actor, action: str, now: datetime, before: Values, after: Values,
    reason: str = "",
) -> None:  # fmt: skip
    touch(session)
    session.flush()
    about = About(figure.region_id, figure.indicator, figure.period)
    whose = {"provider": figure.provider.name, "arrangement": figure.arrangement}
    _record(session, about, actor, action, now, before, whose | dict(after), reason)


def _record(
    session: Session, about: About, actor: Actor, action: str, now: datetime, before: Values, after: Values,
    reason: str = "",
) -> None:  # fmt: skip
    """Leave a line in the trail: the last thing before the commit."""
    session.flush()
    what = {"indicator": about.indicator, "period": about.period}
    record(
        session,
        actor,
        f"figures.{action}",
        Subject("figures", f"{about.indicator} {about.period}"),
        before=before,
        after=what | dict(after),
        reason=" ".join(reason.split()),
        region_id=about.region_id,
        at=now,
    )
