"""Help to choose: seven questions, and what fits the answers, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from urllib.parse import urlencode

from portal.catalogue import wording
from portal.catalogue.presenters.common import Context, MunicipalityHelp, age_error, postcode_error
from portal.choosing.criteria import STORY, Family, Pairs, Story
from portal.choosing.looking import MOST_SEEN, Found
from portal.choosing.presenters.common import (
    View,
    WeightField,
    WeightsForm,
    address,
    fit_summary,
    language_field,
    language_options,
    weights_form,
)
from portal.choosing.types import Fit, Verdict
from portal.core.components import markup
from portal.core.languages import gettext, ngettext
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Option, Tone
from portal.search.cards import ResultCard
from portal.search.danger_notices import danger_notice
from portal.search.presenters import Understood, understood
from portal.search.ways_on import WaysOn

OUTCOME = "choosing.outcome"
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One question; its neighbours by number, 0 for none."""

    number: int
    many: int
    """How many there are."""
    title: str
    hint: str
    previous: int
    next: int
    is_first_shown: bool


@dataclass(frozen=True, slots=True)
class HelperPage:
    """The seven questions, with what was answered before."""

    steps: tuple[Step, ...]
    q: str
    municipalities: tuple[Option, ...]
    postcode: str
    age: str
    age_error: str
    postcode_error: str
    points: tuple[WeightField, ...]
    languages: tuple[Option, ...]
    texts: dict[str, str]
    """What the family wrote, by the name of the field."""
    carried: Pairs


def helper_page(
    family: Family, story: Story, typed_age: str, typed_postcode: str, municipalities: tuple[Option, ...], view: View
) -> HelperPage:
    """The questions, each with what was filled in; `typed_…` is what stands in the field, read or not."""
    context = view.context
    errors = age_error(typed_age, family.age), postcode_error(typed_postcode, family.postcode, view.place)
    return HelperPage(
        steps=_steps(AGE_STEP if errors[0] else PLACE_STEP if errors[1] else 1),
        q=family.q,
        municipalities=municipalities,
        postcode=typed_postcode.strip()[:20],
        age=typed_age.strip()[:20],
        age_error=errors[0],
        postcode_error=errors[1],
        points=weights_form(family, (), context).fields,
        languages=language_options(family, context),
        texts=dict(zip(STORY, story.texts, strict=True)),
        carried=language_field(context),
    )


AGE_STEP, PLACE_STEP = 5, 6
_STEPS = (
    (
        N_("What is going on?"),
        N_("In your own words. For instance: she does not dare to go to school any more."),
    ),
    (
        N_("What goes well, and who already helps?"),
        N_("Also small things count. Grandma, a friend, the teacher, the sports club."),
    ),
    (
        N_("What do you want to reach?"),
        N_("How would it be if things went better? It is the goal of your plan."),
    ),
    (
        N_("What have you tried already?"),
        N_("At home, at school, or with other help. Then you need not tell it again."),
    ),
    (N_("How old is your child?"), N_("Help is for certain ages. Are you young yourself? Then fill in your own age.")),
    (N_("Where do you live?"), N_("Then you see who works for your municipality, and how far it is.")),
    (N_("What counts for you?"), N_("Choose what matters. Later you can say what matters very much.")),
)
"""Strengths come before what was tried, and both before what a provider must be."""


def _steps(first_shown: int) -> tuple[Step, ...]:
    many = len(_STEPS)
    return tuple(
        Step(number, many, gettext(title), gettext(hint), number - 1, (number + 1) % (many + 1), number == first_shown)
        for number, (title, hint) in enumerate(_STEPS, start=1)
    )


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """What fits, in an order that is told."""

    heading: str
    dangers: tuple[Notice, ...]
    understood: Understood | None
    answers: tuple[str, ...]
    """What was asked, in a few words each."""
    change_href: str
    advice: Notice | None
    """Where nobody fits everything: what clashes."""
    order_explanation: str
    results: tuple[str, ...]
    """The cards of what fits, as markup."""
    more: Link | None
    weights: WeightsForm
    story_fields: Pairs
    """What the family wrote, for the next form; empty where it wrote nothing, or its browser keeps it."""
    form_fields: Pairs
    """What a form of this page carries along besides."""
    ways_on: WaysOn | None
    help_nearby: MunicipalityHelp | None
    about: str
    """What is known of the family, as parameters: a list on the device takes it along."""


def outcome_page(
    found: Found,
    story: Story,
    cards: Sequence[ResultCard],
    show_all: bool,
    ways_on: WaysOn | None,
    help_nearby: MunicipalityHelp | None,
) -> OutcomePage:
    """The page that shows `cards`, those of the first that were found."""
    family, view, question = found.view.family, found.view, found.answer.question
    context = view.context
    pairs = family.parameters(context.code_lists)
    here = (*pairs, ("alle", "ja")) if show_all else pairs
    fits = [fit for _, fit in found.ranked]
    return OutcomePage(
        heading=_heading(found.answer.total, context),
        dangers=tuple(danger_notice(danger) for danger in question.dangers),
        understood=understood(question, context) if family.q else None,
        answers=_answers(family, context),
        change_href=address("choosing.helper", pairs),
        advice=_advice(fits, view),
        order_explanation=_order(family, found.answer.total),
        results=tuple(
            card.written(markup("fitting", fit_summary(subject, view), card.name, card.key if story else ""))
            for card, (subject, _) in zip(cards, found.ranked, strict=False)
        ),
        more=Link(gettext("Show all %(num)s", num=len(fits)), address(OUTCOME, (*pairs, ("alle", "ja"))) + "#aanbod")
        if len(fits) > SHOWN and not show_all
        else None,
        weights=weights_form(family, here, context, _counts(fits)),
        story_fields=story.fields(),
        form_fields=(*pairs, *language_field(context)),
        ways_on=ways_on,
        help_nearby=help_nearby,
        about=urlencode(replace(family, q="", wishes=()).parameters(context.code_lists)),
    )


def _heading(total: int, context: Context) -> str:
    if total == 0:
        return gettext("We found nothing that fits exactly")
    place = context.place
    if place:
        return ngettext(
            "%(num)s provider can help in %(place)s", "%(num)s providers can help in %(place)s", total, place=place
        )
    return ngettext("%(num)s provider can help", "%(num)s providers can help", total)


def _answers(family: Family, context: Context) -> tuple[str, ...]:
    postcode = gettext("postcode %(postcode)s", postcode=(family.postcode or "")[:4]) if family.postcode else ""
    answers = (
        f"“{wording.teaser(family.q, 80)}”" if family.q else "",
        gettext("%(age)s years", age=family.age) if family.age is not None else "",
        context.place or "",
        postcode,
        {"girls": gettext("for a girl"), "boys": gettext("for a boy")}.get(family.gender or "", ""),
    )
    return tuple(filter(None, answers))


def _order(family: Family, total: int) -> str:
    if not family.wishes:
        return gettext("You did not say what counts for you. So whoever fits your question best stands first.")
    said = gettext(
        "Who fits most of what counts for you stands first; what counts very much, counts double. "
        "What a provider did not tell does not count against it. Nobody can pay for a place."
    )
    if total <= MOST_SEEN:
        return said
    return said + " " + gettext("We looked at the %(num)s that fit your question best.", num=MOST_SEEN)


def _counts(fits: Sequence[Fit]) -> list[str]:
    """For each wish, how many of what was found fit it."""
    if not fits:
        return []
    total = len(fits)
    return [
        gettext(
            "%(fitting)s of %(total)s fit",
            fitting=sum(fit.judged[number][1] is Verdict.YES for fit in fits),
            total=total,
        )
        for number in range(len(fits[0].judged))
    ]


def _advice(fits: Sequence[Fit], view: View) -> Notice | None:
    """What stands in the way where nobody fits everything; None where somebody does, or little was asked."""
    if not fits or not fits[0].judged:
        return None
    most = max(len(fit.of(Verdict.YES)) for fit in fits)
    total = len(fits[0].judged)
    if most == total:
        return None
    labels = [
        view.context.code_lists.words_of_point(wish.point.code, view.context.language).label
        for wish, _ in fits[0].judged
    ]
    fitting = [sum(fit.judged[number][1] is Verdict.YES for fit in fits) for number in range(total)]
    told = [gettext("Nobody fits more than %(most)s of your %(total)s wishes.", most=most, total=total)]
    nobody = [label for label, count in zip(labels, fitting, strict=True) if count == 0]
    clash = next((pair for pair in combinations(range(total), 2) if _clash(pair, fitting, fits)), None)
    if nobody:
        told.append(gettext("Nobody here says that this fits: %(wishes)s.", wishes=wording.quoted(nobody)))
    elif clash:
        told.append(
            gettext(
                "“%(one)s” and “%(other)s” do not go together here with anybody.",
                one=labels[clash[0]],
                other=labels[clash[1]],
            )
        )
    told.append(gettext("Let one of your wishes count less, or ask: what a provider did not tell may fit after all."))
    return Notice(Tone.INFO, gettext("Nobody fits everything"), " ".join(told))


def _clash(pair: tuple[int, int], fitting: Sequence[int], fits: Sequence[Fit]) -> bool:
    """Whether each of two wishes fits somebody, and both together nobody."""
    one, other = pair
    together = any(fit.judged[one][1] is fit.judged[other][1] is Verdict.YES for fit in fits)
    return bool(fitting[one] and fitting[other]) and not together
