"""Figures in words: what a family reads. Four phrases compare, and nothing else does (`tests/guards`)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from babel.numbers import format_decimal

from portal.catalogue.presenters.common import Context
from portal.catalogue.wording import capitalized, listing, uncapitalized
from portal.core.languages import chosen, gettext, ngettext
from portal.core.messages import N_
from portal.outcomes.making import read_span
from portal.outcomes.models import Average, Figure
from portal.outcomes.types import (
    Audience,
    Indicator,
    Informant,
    MeasuredFramework,
    Period,
    Rules,
    Ruling,
    Shown,
    Verdict,
    WhyNotCompared,
)

FOSTER_CARE = "pleegzorg"
"""There dropout is a placement that breaks down."""

FRAMEWORKS = {
    MeasuredFramework.VOLUNTARY: N_("Help that the family chose itself"),
    MeasuredFramework.MANDATORY: N_("Help that a court imposed"),
}
INFORMANTS = {
    Informant.CLIENT: N_("The young people themselves"),
    Informant.PARENT: N_("The parents"),
    Informant.PROFESSIONAL: N_("The workers of the provider"),
    Informant.REGISTRATION: N_("The provider's own records"),
    None: N_("Not told"),
}
AUDIENCES = {
    Audience.REGION: N_("Only the region sees this."),
    Audience.PROVIDER: N_("Only the region and the provider itself see this."),
    Audience.ACCESS_TEAMS: N_("Only the access teams of the municipalities see this."),
    Audience.REFERRERS: N_("Only access teams, doctors and others who refer see this."),
    Audience.PUBLIC: "",
}
SEEN_BY = {
    Audience.REGION: N_("only the region"),
    Audience.PROVIDER: N_("region and provider"),
    Audience.ACCESS_TEAMS: N_("access teams"),
    Audience.REFERRERS: N_("everybody who refers"),
    Audience.PUBLIC: N_("everybody"),
}
"""Who sees a figure, each with those before it."""
RULINGS = {
    Ruling.UPHELD: N_("The provider is right"),
    Ruling.DISMISSED: N_("The figure stays"),
}
VERDICTS = {
    Verdict.HIGHER: N_("higher than average"),
    Verdict.EQUAL: N_("about equal to average"),
    Verdict.LOWER: N_("lower than average"),
    Verdict.NO_DIFFERENCE: N_("no difference shown"),
    Verdict.NOT_COMPARED: N_("not compared"),
}
_WHY_NOT = {
    WhyNotCompared.NOT_TOLD: "",
    WhyNotCompared.FEW_FAMILIES: N_("Too few data to compare: we only do that from %(least)s."),
    WhyNotCompared.FEW_PROVIDERS: N_("We do not compare: too few providers gave a figure about this help."),
    WhyNotCompared.SEVERAL_PERIODS: N_("We do not compare: these are several years together."),
    WhyNotCompared.WOULD_TELL: N_(
        "We do not compare: of many providers we only tell a bound. An exact average would give away how it went with "
        "single families."
    ),
    WhyNotCompared.CORRECTED: N_("We do not compare: this figure was corrected later."),
}


def tenths(share: float) -> int:
    """How many of ten, to the nearest."""
    return of_parts(share, 10)


def mark(value: float) -> str:
    """`7,8`."""
    return format_decimal(value, "0.0", locale=chosen())


def number(value: int) -> str:
    """`3.689`."""
    return format_decimal(value, locale=chosen())


def percent(share: float) -> str:
    """Of every hundred, to the nearest."""
    return str(of_parts(share, 100))


def of_hundred(share: float) -> str:
    """`71 van elke 100`."""
    return gettext("%(many)s of every 100", many=percent(share))


def share_of(figure: Figure) -> float | None:
    """The share that may be told, or None."""
    return figure.numerator / figure.n if figure.numerator is not None and figure.n else None


def periods(figure: Figure) -> str:
    """`2025`, `eerste helft van 2025`, `2023, 2024 en 2025 samen`."""
    found = [period(one) for one in read_span(figure.periods)]
    return found[0] if len(found) == 1 else gettext("%(periods)s together", periods=listing(found))


def period(one: Period) -> str:
    """A period in words."""
    if one.halves == 2:
        return str(one.year)
    return (
        gettext("first half of %(year)s", year=one.year)
        if one.first_half % 2 == 0
        else gettext("second half of %(year)s", year=one.year)
    )


def headline(figure: Figure, least_shown: int) -> str:
    """What the figure says, in one sentence; or why it says nothing."""
    if figure.shown is Shown.FEW:
        return gettext("Too few families to say anything: fewer than %(least)s.", least=least_shown)
    if figure.shown is Shown.WITHHELD:
        return gettext("We have two counts that contradict each other. The region is finding out which is right.")
    if figure.is_mean:
        return _mark_headline(figure)
    share = share_of(figure)
    if share is None:
        return _about_part(figure.indicator, figure.arrangement, _bounded(figure))
    parts = parts_of(figure.indicator)
    many = of_parts(share, parts)
    if many in (0, parts):
        return _about_part(figure.indicator, figure.arrangement, _number(many, parts, is_whole=True))
    return _of_parts(figure.indicator, figure.arrangement, many)


def parts_of(indicator: Indicator) -> int:
    """Of how many it is said: of ten; of a hundred where it happens seldom, since tenths are too coarse for that."""
    return 100 if indicator is Indicator.DROPOUT else 10


def of_parts(share: float, parts: int) -> int:
    """How many of so many `parts` a share is, to the nearest."""
    return math.floor(parts * share + 0.5)


def _number(many: int, parts: int, *, is_whole: bool = False) -> str:
    """A number of so many parts; nobody is told that it was none, or all. `is_whole` names the families."""
    if many == 0:
        return gettext("fewer than 1 of the %(parts)s families", parts=parts) if is_whole else gettext("fewer than 1")
    if many == parts:
        most = parts - 1
        return (
            gettext("more than %(most)s of the %(parts)s families", most=most, parts=parts)
            if is_whole
            else gettext("more than %(most)s", most=most)
        )
    return str(many)


def told_of(figure: Figure) -> int:
    """How many a share tells: exactly, or the most or the least where it tells a bound."""
    if figure.numerator is not None:
        return figure.numerator
    return int(figure.bound or 0) + (-1 if figure.shown is Shown.BELOW else 1)


def _bounded(figure: Figure) -> str:
    low, high = (0, told_of(figure)) if figure.shown is Shown.BELOW else (told_of(figure), figure.n)
    return gettext("%(low)s to %(high)s of the %(n)s families", low=low, high=high, n=figure.n)


def _of_parts(indicator: Indicator, arrangement: str, many: int) -> str:
    """The sentence about so many of `parts_of`; where English has one form for one and for more, others have two."""
    match indicator:
        case Indicator.GOALS_REACHED:
            return ngettext(
                "Of 10 families %(num)s reached its goals.", "Of 10 families %(num)s reached their goals.", many
            )
        case Indicator.WITHOUT_HELP:
            return ngettext(
                "Of 10 families %(num)s could go on without help.",
                "Of 10 families %(num)s could go on without help.",
                many,
            )
        case Indicator.PROBLEMS_REDUCED:
            return ngettext(
                "Of 10 families %(num)s had fewer problems.", "Of 10 families %(num)s had fewer problems.", many
            )
        case Indicator.SATISFACTION:
            return ngettext(
                "Of 10 families %(num)s was satisfied with the result.",
                "Of 10 families %(num)s were satisfied with the result.",
                many,
            )
        case Indicator.NO_NEW_START:
            return ngettext(
                "Of 10 families %(num)s needed no new help afterwards.",
                "Of 10 families %(num)s needed no new help afterwards.",
                many,
            )
        case Indicator.DROPOUT if arrangement == FOSTER_CARE:
            return ngettext("Of 100 placements %(num)s broke down.", "Of 100 placements %(num)s broke down.", many)
        case Indicator.DROPOUT:
            return ngettext(
                "Of 100 families %(num)s stopped too early.", "Of 100 families %(num)s stopped too early.", many
            )


def _about_part(indicator: Indicator, arrangement: str, part: str) -> str:
    """The same about a part that is told as a bound."""
    match indicator:
        case Indicator.GOALS_REACHED:
            return gettext("Goals were reached with %(part)s.", part=part)
        case Indicator.WITHOUT_HELP:
            return gettext("Going on without help was possible for %(part)s.", part=part)
        case Indicator.PROBLEMS_REDUCED:
            return gettext("Problems became fewer with %(part)s.", part=part)
        case Indicator.SATISFACTION:
            return gettext("Satisfied with the result: %(part)s.", part=part)
        case Indicator.NO_NEW_START:
            return gettext("No new help was needed for %(part)s.", part=part)
        case Indicator.DROPOUT if arrangement == FOSTER_CARE:
            return gettext("A placement broke down with %(part)s.", part=part)
        case Indicator.DROPOUT:
            return gettext("The help stopped too early with %(part)s.", part=part)


_GAVE = {
    Informant.CLIENT: N_("The young people gave the result %(mark)s on average."),
    Informant.PARENT: N_("The parents gave the result %(mark)s on average."),
    Informant.PROFESSIONAL: N_("The workers gave the result %(mark)s on average."),
}


def _mark_headline(figure: Figure) -> str:
    value = mark(figure.mean if figure.mean is not None else figure.bound or 0)
    if figure.shown is Shown.BELOW:
        words = gettext("lower than a %(mark)s", mark=value)
    elif figure.shown is Shown.ABOVE:
        words = gettext("higher than a %(mark)s", mark=value)
    else:
        words = gettext("a %(mark)s", mark=value)
    if figure.informant in _GAVE:
        return gettext(_GAVE[figure.informant], mark=words)
    return gettext("The result got %(mark)s on average.", mark=words)


def how_sure(figure: Figure) -> str:
    """Of how many families we know it, and what it may be with others; empty where nothing is told."""
    if figure.n is None or figure.low is None or figure.high is None:
        return ""
    known = _known_from(figure)
    if figure.is_mean:
        if figure.shown is not Shown.EXACT:
            return known
        return f"{known} " + gettext(
            "With others it can also be from %(low)s to %(high)s.", low=mark(figure.low), high=mark(figure.high)
        )
    share = share_of(figure)
    if share is None:
        return gettext("How many exactly, we do not tell: otherwise somebody could find out how one family fared.")
    parts = parts_of(figure.indicator)
    told, low, high = (of_parts(one, parts) for one in (share, figure.low, figure.high))
    others = [many for many in range(low, high + 1) if many != told]
    if not others:
        return f"{known} " + gettext("With other families it would be about the same.")
    if len(others) == 1:
        return f"{known} " + gettext("With other families it can also be %(one)s.", one=_number(others[0], parts))
    if len(others) == 2 and others[0] < told < others[1]:
        return f"{known} " + gettext(
            "With other families it can also be %(one)s or %(other)s.",
            one=_number(others[0], parts), other=_number(others[1], parts),
        )  # fmt: skip
    return f"{known} " + gettext(
        "With other families it can also be from %(low)s to %(high)s.",
        low=_number(low, parts), high=_number(high, parts),
    )  # fmt: skip


def _known_from(figure: Figure) -> str:
    if figure.indicator in (Indicator.DROPOUT, Indicator.NO_NEW_START):
        return gettext("We looked at %(n)s families whose help is over.", n=number(figure.n or 0))
    return gettext("We looked at %(who)s.", who=how_many(figure))


def how_many(figure: Figure) -> str:
    """`64 gezinnen`, or of whom the answers are: `52 jongeren`."""
    return counted(figure.n or 0, figure)


def counted(many: int, figure: Figure) -> str:
    """So many of those whom `figure` counts, called as everywhere beside it."""
    n = number(many)
    match figure.informant:
        case Informant.CLIENT if figure.is_mean:
            return gettext("%(n)s young people", n=n)
        case Informant.PARENT if figure.is_mean:
            return gettext("%(n)s parents", n=n)
    return gettext("%(n)s families", n=n)


_SENTENCES = {
    Verdict.HIGHER: N_("That is higher than average. On average it is %(average)s."),
    Verdict.EQUAL: N_("That is about equal to average: %(average)s."),
    Verdict.LOWER: N_("That is lower than average. On average it is %(average)s."),
    Verdict.NO_DIFFERENCE: N_("No difference was shown with the average: %(average)s."),
}
_FEWER_IS_BETTER = (Indicator.DROPOUT,)


def comparison(figure: Figure, average: Average | None, compared_from: int) -> str:
    """How the figure compares; or why we do not compare it. Empty where it tells nothing."""
    if figure.verdict is Verdict.NOT_COMPARED:
        why = _WHY_NOT[figure.why_not or WhyNotCompared.NOT_TOLD]
        least = counted(compared_from, figure)
        return gettext(why, least=least) if "%(least)s" in why else gettext(why) if why else ""
    if average is None:
        return gettext("The comparison with other providers follows when all of them have looked at their figures.")
    usual = _usual_beside(figure, average)
    return " ".join(filter(None, (gettext(_SENTENCES[figure.verdict], average=usual), _perhaps(figure, average))))


def _perhaps(figure: Figure, average: Average) -> str:
    """What else it may be because of."""
    if figure.verdict is Verdict.NO_DIFFERENCE:
        if (figure.low or 0.0) > average.high:
            return gettext("It lies above it. But such differences happen often, so we do not call it higher.")
        if (figure.high or 0.0) < average.low:
            return gettext("It lies below it. But such differences happen often, so we do not call it lower.")
        return gettext("Perhaps there is one. These numbers do not show it.")
    if figure.verdict is Verdict.EQUAL:
        return ""
    if (figure.verdict is Verdict.LOWER) == (figure.indicator in _FEWER_IS_BETTER):
        return gettext("Perhaps the children there have lighter problems. We do not know.")
    return gettext("Perhaps the children there have heavier problems. We do not know.")


def _usual_beside(figure: Figure, average: Average) -> str:
    """The average, finely enough to be told apart from a figure that differs from it."""
    share, parts = share_of(figure), parts_of(figure.indicator)
    differs = figure.verdict in (Verdict.HIGHER, Verdict.LOWER) and share is not None and not _is_wide(average)
    if differs and share is not None and of_parts(share, parts) == of_parts(average.value, parts):
        return gettext("%(usual)s of every 100, and here %(here)s", usual=percent(average.value), here=percent(share))
    return average_in_words(average)


_CLOSE = {False: 0.03, True: 0.2}
"""An average that is known as closely as this, a share or a mark, is told as one number."""


def _is_wide(average: Average) -> bool:
    return average.high - average.low > _CLOSE[average.is_mean] + 1e-9


def beside_average(figure: Figure) -> str:
    """How a figure compares, as a sentence; empty where it is not compared."""
    if figure.verdict in (None, Verdict.NOT_COMPARED):
        return ""
    return gettext("Beside the average: %(verdict)s.", verdict=gettext(VERDICTS[figure.verdict]))


def average_in_words(average: Average) -> str:
    """`ongeveer 7 van de 10`, or a mark; where it is known less closely, between what it lies."""
    if _is_wide(average) and not average.is_mean:
        return gettext("about %(many)s of the 100 (%(low)s to %(high)s)", many=percent(average.value),
                       low=percent(average.low), high=percent(average.high))  # fmt: skip
    if average.is_mean:
        return average_value(average) if _is_wide(average) else gettext("about a %(mark)s", mark=mark(average.value))
    many = tenths(average.value)
    if parts_of(average.indicator) == 100 or many in (0, 10):
        return gettext("about %(many)s of the 100", many=percent(average.value))
    return gettext("about %(many)s of the 10", many=many)


def average_value(average: Average) -> str:
    """The average alone, for a table: `71 van elke 100`, or between what it lies."""
    if average.is_mean:
        if _is_wide(average):
            return gettext("between %(low)s and %(high)s", low=mark(average.low), high=mark(average.high))
        return mark(average.value)
    if _is_wide(average):
        return gettext("between %(low)s and %(high)s of the 100", low=percent(average.low), high=percent(average.high))
    return of_hundred(average.value)


def range_in_words(figure: Figure) -> str:
    """The interval, of every hundred or as marks; empty where nothing is told."""
    if figure.low is None or figure.high is None:
        return ""
    if figure.is_mean:
        return gettext("from %(low)s to %(high)s", low=mark(figure.low), high=mark(figure.high))
    return gettext("from %(low)s to %(high)s of every 100", low=percent(figure.low), high=percent(figure.high))


def short(figure: Figure) -> str:
    """The value alone, for a table: `71 van de 100`, `hooguit 4 van de 40`, `te weinig`."""
    if figure.shown is Shown.FEW:
        return gettext("too few families")
    if figure.shown is Shown.WITHHELD:
        return gettext("being looked into")
    share = share_of(figure)
    if share is not None:
        return of_hundred(share)
    if not figure.is_mean:
        return _bounded(figure)
    value = mark(figure.mean if figure.mean is not None else figure.bound or 0)
    if figure.shown is Shown.BELOW:
        return gettext("lower than %(mark)s", mark=value)
    return gettext("higher than %(mark)s", mark=value) if figure.shown is Shown.ABOVE else value


def short_percent(figure: Figure) -> str:
    """The value of a share as a percentage without its sign, for a table of many."""
    share = share_of(figure)
    if share is not None:
        return percent(share)
    many, is_most = percent(told_of(figure) / (figure.n or 1)), figure.shown is Shown.BELOW
    return gettext("at most %(many)s", many=many) if is_most else gettext("at least %(many)s", many=many)


def brief(figure: Figure) -> str:
    """A share that is told, in the few words that fit on a sheet: `7 van de 10 gezinnen, misschien 6 tot 8`."""
    share, low, high = share_of(figure), tenths(figure.low or 0), tenths(figure.high or 0)
    if share is None:
        return f"{capitalized(_bounded(figure))} ({periods(figure)})"
    many = tenths(share)
    is_nearly = many in (0, 10)
    told = _number(many, 10, is_whole=True) if is_nearly else gettext("%(many)s of the 10 families", many=many)
    perhaps = gettext("perhaps %(low)s to %(high)s", low=low, high=high) if low < high else ""
    known = gettext("Known of %(n)s (%(periods)s)", n=number(figure.n or 0), periods=periods(figure))
    return f"{capitalized(', '.join(part for part in (told, perhaps) if part))}. {known}"


def response(figure: Figure) -> str:
    """How many of those asked answered."""
    if figure.informant is Informant.REGISTRATION:
        return gettext("Nobody was asked: it comes from the records.")
    if figure.response is None:
        return gettext("We do not know how many were asked.")
    return gettext("About %(many)s of the 10 that were asked", many=figure.response // 10)


def about_all(figure: Figure, context: Context) -> str:
    """That a figure is about all help of its kind here, and of when it is."""
    return gettext(
        "(All %(help)s of this provider, %(periods)s.)",
        help=uncapitalized(context.arrangement(figure.arrangement).label), periods=periods(figure),
    )  # fmt: skip


def better(direction: str) -> str:
    """Which way is good."""
    return gettext("Lower is better.") if direction == "lower" else gettext("Higher is better.")


def caveats(figure: Figure, arrangement: str) -> Iterable[str]:
    """What the figure cannot tell."""
    yield gettext("It does not say how it will go with you or your child.")
    yield gettext(
        "One provider helps children with heavier problems than another. This figure takes no account of that."
    )
    if figure.indicator in _FEWER_IS_BETTER:
        yield gettext("So a higher figure need not mean that the help is less good.")
    else:
        yield gettext("So a lower figure need not mean that the help is less good.")
    if figure.indicator is Indicator.DROPOUT:
        yield (
            gettext("A placement can also end because that is better for the child.")
            if arrangement == FOSTER_CARE
            else gettext("Stopping can also be a good choice, for example because other help fits better.")
        )
    if figure.indicator is Indicator.NO_NEW_START:
        yield gettext("Asking for help again is allowed, and it can be wise.")
    if figure.informant is Informant.PROFESSIONAL:
        yield gettext("The workers filled this in themselves. A family can see it otherwise.")
    if figure.informant in (Informant.CLIENT, Informant.PARENT):
        yield gettext("Who did not fill in the questions may think otherwise.")
    if figure.framework is MeasuredFramework.MANDATORY:
        yield gettext(
            "A court imposed this help. That is something else than help that a family chose. We never mix the two."
        )


def not_told(figure: Figure, rules: Rules) -> str:
    """Why a figure says less than the counts do; empty where it says all."""
    if figure.shown is Shown.FEW:
        return gettext(
            "These are fewer than %(least)s families. Then nobody sees a number, and the counts are in no average: "
            "otherwise one could tell how one family fared.", least=rules.least_shown,
        )  # fmt: skip
    if figure.shown is Shown.WITHHELD:
        return gettext("Two sources were delivered that contradict each other. Nothing is shown until that is cleared.")
    if figure.shown is not Shown.EXACT:
        return gettext(
            "On one side are fewer than %(cell)s families. How many exactly nobody sees, and nobody can calculate it: "
            "sentence, picture and bounds are the same for 0 as for %(most)s.",
            cell=rules.smallest_cell, most=rules.smallest_cell - 1,
        )  # fmt: skip
    return ""
