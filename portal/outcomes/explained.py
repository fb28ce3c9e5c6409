"""The page that explains the figures: every indicator, where it comes from, and how it can mislead; in two levels."""

from __future__ import annotations

from dataclasses import dataclass

from portal.catalogue.presenters.common import Context
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.outcomes import wording
from portal.outcomes.funnel import Funnel
from portal.outcomes.presenters import Person, example_people
from portal.outcomes.types import Indicator, Rules


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """One indicator, in plain words and for professionals."""

    anchor: str
    label: str
    explanation: str
    better: str
    trap: str
    definition: str
    source: str


@dataclass(frozen=True, slots=True)
class ExplainedPage:
    """How to read the figures."""

    people: tuple[Person, ...]
    people_words: str
    indicators: tuple[IndicatorText, ...]
    funnel: Funnel | None
    least_shown: int
    smallest_cell: int
    most_hidden: int
    compared_from: int
    compared_with: int
    equal_points: str
    equal_marks: str
    per_mille: str
    look_days: int


_TRAPS = {
    Indicator.GOALS_REACHED: N_(
        "One provider agrees on easy goals, another on hard ones. Then the same figure means something else."
    ),
    Indicator.WITHOUT_HELP: N_(
        "Some children need help for long, for example with a disability. Then going on with help is a good result."
    ),
    Indicator.PROBLEMS_REDUCED: N_("Questionnaires differ. And problems also become fewer by themselves."),
    Indicator.SATISFACTION: N_(
        "Who is satisfied answers sooner. And it is about the result, not about how kind somebody was."
    ),
    Indicator.NO_NEW_START: N_("We know it only after a time. And who moves to another region is not seen."),
    Indicator.DROPOUT: N_("Stopping early together does not count. Who writes down the reason decides much."),
}
_DEFINITIONS = {
    Indicator.GOALS_REACHED: N_(
        "Goals that were agreed and reached, as a share of ended trajectories for which that was recorded "
        "(3.4 of the harmonised set; individual help that is not freely accessible)."
    ),
    Indicator.WITHOUT_HELP: N_(
        "Answers “can go on without help” as a share of all answers at the end (3.1). Who answered stands "
        "with the figure."
    ),
    Indicator.PROBLEMS_REDUCED: N_(
        "Problems reduced, or self-reliance or participation increased, by the provider's own instrument "
        "(3.3; individual help that is not freely accessible). Only figures of the same instrument are "
        "compared."
    ),
    Indicator.SATISFACTION: N_(
        "Satisfaction with usefulness and effect (2): the mean on a scale from 1 to 10, or the share that was"
        " satisfied. Young people, parents and workers are never added up."
    ),
    Indicator.NO_NEW_START: N_("No new trajectory after the help ended (3.2), derived from later registrations."),
    Indicator.DROPOUT: N_(
        "Ended one-sidedly by client or provider: reasons 03 and 04 of CBS, 32 and 33 of iJw list JZ588, of "
        "all that ended by a reason 01 to 05. Death, a pause and a move to another provider are left out. In "
        "foster care: the placement broke down."
    ),
}
_SOURCES = {
    Indicator.DROPOUT: N_("The provider's records: the reason why the help ended."),
    Indicator.NO_NEW_START: N_("The records of the municipalities."),
    Indicator.GOALS_REACHED: N_("What family and worker wrote down together at the end."),
    Indicator.WITHOUT_HELP: N_("A question at the end of the help."),
    Indicator.PROBLEMS_REDUCED: N_("A questionnaire at the beginning and at the end."),
    Indicator.SATISFACTION: N_("A question at the end of the help."),
}


def explained_page(example: Funnel | None, rules: Rules, context: Context) -> ExplainedPage:
    """The page, with an `example` of a comparison where there is one that everybody may see."""

    def text(code: str, direction: str) -> IndicatorText:
        indicator, label = Indicator(code), context.code_lists.label("indicators", code, context.language)
        return IndicatorText(
            anchor=code.replace("_", "-"),
            label=label.label,
            explanation=label.explanation,
            better=wording.better(direction),
            trap=gettext(_TRAPS[indicator]),
            definition=gettext(_DEFINITIONS[indicator]),
            source=gettext(_SOURCES[indicator]),
        )

    return ExplainedPage(
        people=example_people(),
        people_words=gettext("Ten people: %(low)s filled in, up to %(high)s perhaps", low=6, high=8),
        indicators=tuple(text(code, direction) for code, direction in context.code_lists.indicators.items()),
        funnel=example,
        least_shown=rules.least_shown,
        smallest_cell=rules.smallest_cell,
        most_hidden=rules.smallest_cell - 1,
        compared_from=rules.compared_from,
        compared_with=rules.compared_with,
        equal_points=wording.percent(rules.equal_within),
        equal_marks=wording.mark(rules.equal_within_marks),
        per_mille=f"{1000 * rules.tail:g}",
        look_days=rules.look_days,
    )
