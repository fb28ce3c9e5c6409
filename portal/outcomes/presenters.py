"""Figures ready for a template: pictures, sentences and what goes with them. Nothing is calculated from counts here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from portal.catalogue.presenters.common import Context
from portal.catalogue.wording import capitalized, full_day
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Fact, Link, Term
from portal.outcomes import wording
from portal.outcomes.models import Average, Figure
from portal.outcomes.types import (
    Audience,
    Indicator,
    Informant,
    MeasuredFramework,
    Rules,
    Shown,
    Verdict,
    Viewer,
    Voice,
)

_PERSON_WIDTH = 26
_ROW_HEIGHT = 15
_SCALE_WIDTH, _SCALE_MARGIN = 240, 12


@dataclass(frozen=True, slots=True)
class Person:
    """One of ten little people, or of a hundred dots in ten rows, at `x` and `y`."""

    kind: str
    """`sure`, `doubtful` (counted, but perhaps not), `possible` (not counted, but perhaps) or `other`."""
    x: int
    y: int = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """A mark on a line from 1 to 10: places in the drawing."""

    low: float
    high: float
    value: float | None
    average: float | None
    ticks: tuple[tuple[int, float], ...]
    key: str
    """What the dot, the bar and the stroke are."""


@dataclass(frozen=True, slots=True)
class TrendRow:
    """The same figure over one period."""

    period: str
    value: str
    range: str
    n: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody says about a figure, with the day."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class FigureCard:
    """One figure as a family reads it."""

    anchor: str
    title: Term
    disputed: str
    """That somebody disagrees; before anything is read."""
    headline: str
    sure: str
    earlier: str
    """Where nothing is told of the newest time: of which earlier time there is a figure. Comparisons show that one."""
    comparison: str
    better: str
    people: tuple[Person, ...]
    """Empty where there is nothing to draw, or a scale is drawn."""
    is_against: bool
    """Whether fewer is better: then the picture has not the colour of what was achieved."""
    scale: Scale | None
    picture: str
    """The picture in words."""
    details: tuple[Fact, ...]
    caveats: tuple[str, ...]
    remarks: tuple[Remark, ...]
    """Objections that are open, and comments."""
    trend: tuple[TrendRow, ...]
    """All periods, the newest first; empty where there is one only."""
    audience: str
    """Who alone can see it; empty for everybody."""
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """The figures about one kind of help, of families who chose it or on whom it was imposed; never both."""

    heading: str
    framework: str
    is_mandatory: bool
    ended: str
    """That the provider does not give this help any more, where that is so."""
    figures: tuple[FigureCard, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What the help brought families, on the page of a provider or an offer."""

    groups: tuple[FigureGroup, ...]
    has_pictures: bool
    missing: str
    """Why there is nothing, where there is nothing."""
    explained: Link


def outcomes(
    figures: Sequence[Figure], viewer: Viewer, rules: Rules, context: Context, ended: Collection[str] = ()
) -> Outcomes:
    """The `figures` that `viewer` may see, the newest first, in groups; voluntary help before mandatory.

    Kinds of help that the provider does not give any more (`ended`) come last.
    """
    by_group: dict[tuple[bool, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        by_group[figure.framework is MeasuredFramework.MANDATORY, figure.arrangement].append(figure)
    order = {code: place for place, code in enumerate(context.code_lists.arrangements)}
    groups = tuple(
        FigureGroup(
            _heading(context.arrangement(arrangement).label, is_mandatory),
            gettext(wording.FRAMEWORKS[found[0].framework]),
            is_mandatory,
            gettext("This provider does not give this help any more.") if arrangement in ended else "",
            tuple(_cards(found, viewer, rules, context)),
        )
        for (is_mandatory, arrangement), found in sorted(
            by_group.items(), key=lambda item: (item[0][0], item[0][1] in ended, order.get(item[0][1], len(order)))
        )
    )
    missing = "" if groups else gettext(
        "There are no figures here yet. First the provider looks at its figures, then those who refer, and then "
        "everybody. It says nothing about how good the help is."
    )  # fmt: skip
    has_pictures = any(card.people for group in groups for card in group.figures)
    return Outcomes(groups, has_pictures, missing, Link(gettext("What these figures mean"), link("outcomes.explained")))


def _heading(label: str, is_mandatory: bool) -> str:
    return gettext("%(help)s, only where a court decides it", help=label) if is_mandatory else label


def _cards(figures: Iterable[Figure], viewer: Viewer, rules: Rules, context: Context) -> Iterable[FigureCard]:
    """One card for each indicator and voice, in the order of the list: what was achieved before the rest."""
    series: dict[tuple[Indicator, Informant | None, bool], list[Figure]] = defaultdict(list)
    for figure in figures:
        series[figure.indicator, figure.informant, figure.is_mean].append(figure)
    order = {Indicator(code): place for place, code in enumerate(context.code_lists.indicators)}
    for _, found in sorted(series.items(), key=lambda item: (order[item[0][0]], str(item[0][1]), item[0][2])):
        yield figure_card(found, viewer, rules, context)


def figure_card(series: Sequence[Figure], viewer: Viewer, rules: Rules, context: Context) -> FigureCard:
    """The newest of a `series` (first) with its earlier ones."""
    figure = series[0]
    label = context.code_lists.label("indicators", figure.indicator, context.language)
    headline = wording.headline(figure, rules.least_shown)
    average = figure.average if _is_told(figure.average, viewer) else None
    return FigureCard(
        anchor=f"cijfer-{figure.id}",
        title=Term(label.label, label.explanation),
        disputed=gettext("There is discussion about this figure. Read below why.") if figure.is_disputed else "",
        headline=headline,
        sure=wording.how_sure(figure),
        earlier=_earlier(series),
        comparison=wording.comparison(figure, average, rules.compared_from),
        better=wording.better(context.code_lists.indicators[figure.indicator]) if figure.shown.tells_something else "",
        people=_people(figure),
        is_against=context.code_lists.indicators[figure.indicator] == "lower",
        scale=_scale(figure, average),
        picture=_picture(figure),
        details=_details(figure, average, context),
        caveats=tuple(wording.caveats(figure, figure.arrangement)),
        remarks=_remarks(figure),
        trend=tuple(map(_trend_row, series)) if len(series) > 1 else (),
        audience=gettext(wording.AUDIENCES[figure.audience]) if figure.audience is not Audience.PUBLIC else "",
        is_hidden=not figure.shown.tells_something,
    )


def _earlier(series: Sequence[Figure]) -> str:
    newest, *before = series
    told = next((one for one in before if one.shown.tells_something), None)
    if told is None or newest.shown.tells_something:
        return ""
    return gettext(
        "That is about %(newest)s. About %(earlier)s there is a figure: %(value)s. When you compare providers, you see "
        "that one.", newest=wording.periods(newest), earlier=wording.periods(told), value=wording.short(told),
    )  # fmt: skip


def _is_told(average: Average | None, viewer: Viewer) -> bool:
    """An average is told when it stands; before, only the region sees what it would be."""
    return average is not None and (average.established_on is not None or viewer.audience is Audience.REGION)


def _people(figure: Figure) -> tuple[Person, ...]:
    """Ten people, or a hundred: nearly surely, perhaps not, perhaps, and the others. None where only a bound is told:
    a picture of it would say more than the sentence."""
    share = wording.share_of(figure)
    if share is None or figure.low is None or figure.high is None:
        return ()
    parts = wording.parts_of(figure.indicator)
    low, told, high = (wording.of_parts(one, parts) for one in (figure.low, share, figure.high))
    kinds = ("sure" if i < low else "doubtful" if i < told else "possible" if i < high else "other"
             for i in range(parts))  # fmt: skip
    return tuple(Person(kind, i % 10 * _PERSON_WIDTH, i // 10 * _ROW_HEIGHT) for i, kind in enumerate(kinds))


def example_people() -> tuple[Person, ...]:
    """Seven of ten, where it may be six or eight as well: to explain the picture with."""
    kinds = ["sure"] * 6 + ["doubtful", "possible"] + ["other"] * 2
    return tuple(Person(kind, place * _PERSON_WIDTH) for place, kind in enumerate(kinds))


def _scale(figure: Figure, average: Average | None) -> Scale | None:
    if not figure.is_mean or figure.low is None or figure.high is None:
        return None
    is_compared = average is not None and figure.verdict is not Verdict.NOT_COMPARED

    def place(mark: float) -> float:
        return round(_SCALE_MARGIN + (mark - 1) / 9 * _SCALE_WIDTH, 1)

    value = place(figure.mean) if figure.mean is not None else None
    ticks = tuple((number, place(number)) for number in (1, 4, 7, 10))
    usual = place(average.value) if average is not None and is_compared else None
    key = [
        gettext("The dot is the mark.") if value is not None else "",
        gettext("The bar is what it may be as well."),
        gettext("The stroke is the average.") if usual is not None else "",
    ]
    return Scale(place(figure.low), place(figure.high), value, usual, ticks, " ".join(filter(None, key)))


def _picture(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    if figure.is_mean:
        return gettext("A line from 1 to 10: %(value)s, %(range)s", value=wording.short(figure),
                       range=wording.range_in_words(figure))  # fmt: skip
    if wording.parts_of(figure.indicator) == 100:
        return gettext("A hundred dots: %(low)s filled in, up to %(high)s perhaps", low=wording.percent(figure.low),
                       high=wording.percent(figure.high))  # fmt: skip
    low, high = wording.tenths(figure.low), wording.tenths(figure.high)
    if low == high:
        return gettext("Ten people, %(many)s of them filled in", many=low)
    return gettext("Ten people: %(low)s filled in, up to %(high)s perhaps", low=low, high=high)


def _details(figure: Figure, average: Average | None, context: Context) -> tuple[Fact, ...]:
    source = figure.source if not figure.instrument else f"{figure.source} · {figure.instrument}"
    facts = [
        Fact(gettext("Over which time"), capitalized(wording.periods(figure))),
        Fact(gettext("Which help"), context.arrangement(figure.arrangement).label,
             gettext(wording.FRAMEWORKS[figure.framework])),
    ]  # fmt: skip
    if figure.n is not None:
        facts.append(Fact(gettext("Of how many"), wording.how_many(figure)))
    if figure.shown is Shown.EXACT:
        facts.append(
            Fact(
                gettext("How sure"),
                capitalized(wording.range_in_words(figure)),
                explanation=gettext(
                    "With few families chance plays a large part. The true figure nearly always lies between these "
                    "two: 95 of the 100 times."
                ),
            )
        )
    facts.append(Fact(gettext("Who told it"), gettext(wording.INFORMANTS[figure.informant])))
    facts.append(Fact(gettext("How many answered"), wording.response(figure)))
    if average is not None and figure.verdict is not Verdict.NOT_COMPARED:
        value = wording.average_value(average)
        facts.append(
            Fact(
                gettext("The average"),
                value,
                gettext("of %(providers)s providers and %(who)s, the same help and the same time, rounded",
                        providers=average.providers, who=wording.counted(average.n, figure)),
            )
        )  # fmt: skip
    facts.append(Fact(gettext("Source"), source))
    return tuple(facts)


def _remarks(figure: Figure) -> tuple[Remark, ...]:
    found = [
        Remark(gettext("The provider disagrees with this figure (%(day)s). The region is looking into it.",
                       day=full_day(objection.made_on)), objection.reason)
        for objection in figure.objections if objection.settled_on is None
    ]  # fmt: skip
    who = {
        Voice.PROVIDER: gettext("The provider says about this:"),
        Voice.REGION: gettext("The region says about this:"),
    }
    return (*found, *(Remark(who[comment.voice], comment.text) for comment in figure.comments))


def _trend_row(figure: Figure) -> TrendRow:
    return TrendRow(
        capitalized(wording.periods(figure)),
        wording.short(figure),
        wording.range_in_words(figure) if figure.shown is Shown.EXACT else "",
        wording.number(figure.n) if figure.n is not None else "",
    )


def sentence_of(figure: Figure, rules: Rules, context: Context) -> str:
    """What a card in a list says: with how sure it is and of how many families; empty where they are few.

    In a list a figure stands between others, and a bare one of few families would be read as a mark. It is about all
    help of its kind at this provider, not about the offer on whose card it stands.
    """
    if figure.n is None or figure.n < rules.compared_from:
        return ""
    said = (wording.headline(figure, rules.least_shown), wording.how_sure(figure), wording.about_all(figure, context))
    return " ".join(filter(None, said))
