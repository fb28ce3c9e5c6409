"""What the pages of choosing share: an offer as a family sees it, its wishes in words, and addresses of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from portal.catalogue import wording
from portal.catalogue.codelists import ChoicePoint
from portal.catalogue.criteria import LIST
from portal.catalogue.places import Place
from portal.catalogue.presenters.common import Context, offer_link, place_names, places_of, provider_link
from portal.catalogue.types import Gender, Measure
from portal.choosing.criteria import WEIGHT, Family, Pairs
from portal.choosing.fit import fit_of, verdict_of
from portal.choosing.types import MOST_WEIGHT, Fit, Subject, Verdict, Wish
from portal.core import languages
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.core.pages import Link, Option
from portal.outcomes.types import EVERYBODY, Viewer
from portal.search.cards import distance_said
from portal.search.distance import Reach

VERDICTS = {
    Verdict.YES: N_("fits"),
    Verdict.NO: N_("does not fit"),
    Verdict.UNKNOWN: N_("not known"),
}


@dataclass(frozen=True, slots=True)
class View:
    """With whose eyes offers are looked at: the page's context, the family, where it lives, and whose figures."""

    context: Context
    family: Family
    place: Place | None
    viewer: Viewer = EVERYBODY

    def fit(self, subject: Subject) -> Fit:
        """How an offer fits what counts for this family."""
        return fit_of(subject, self.family, self.context.code_lists)


@dataclass(frozen=True, slots=True)
class Both:
    """A text in Dutch, and the same in the language of the page where that is another."""

    dutch: str
    own: str = ""


def both(say: Callable[[Context], str], context: Context) -> Both:
    """What `say` says, in Dutch and in the language of the page."""
    with languages.speaking(languages.DEFAULT):
        dutch = say(replace(context, language=languages.DEFAULT))
    if context.language == languages.DEFAULT:
        return Both(dutch)
    own = say(context)
    return Both(dutch, own if own != dutch else "")


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether an offer fits one wish, and why."""

    label: str
    verdict: Verdict
    verdict_said: str
    """For who hears the page instead of seeing it."""
    reason: str


@dataclass(frozen=True, slots=True)
class FitSummary:
    """How an offer fits: in one sentence, and wish by wish."""

    sentence: str
    """"Past bij 5 van uw 6 wensen."."""
    judged: tuple[Judged, ...]

    @property
    def fits_not(self) -> tuple[Judged, ...]:
        """What does not fit."""
        return tuple(one for one in self.judged if one.verdict is Verdict.NO)


@dataclass(frozen=True, slots=True)
class WeightField:
    """A point with how much it counts."""

    name: str
    label: str
    explanation: str
    options: tuple[Option, ...]
    fitting: str = ""
    """"8 van de 12": how many of what is shown fit; empty where that was not counted."""

    @property
    def is_on(self) -> bool:
        """Whether it counts at all."""
        return not self.options[0].selected


@dataclass(frozen=True, slots=True)
class WeightsForm:
    """What counts, to be changed; the page comes back in the new order."""

    fields: tuple[WeightField, ...]
    languages: tuple[Option, ...]
    carried: Pairs


_NOT_TOLD = N_("not told")
_WEIGHTS = (N_("no"), N_("yes"), N_("very much"))


def reason(point: ChoicePoint, subject: Subject, view: View, context: Context) -> str:
    """What is known of an offer on this point, in a few words in the language of `context`."""
    offer, provider = subject.offer, subject.provider
    told = ""
    match point.measure:
        case Measure.DISTANCE:
            told = where_and_how_far(subject, view, context)
        case Measure.WAITING:
            told = begins(subject, context)
        case Measure.SAME_WORKER if provider.same_worker is not None:
            told = gettext(wording.SAME_WORKER[provider.same_worker])
        case Measure.SIZE if provider.size is not None:
            told = gettext(wording.SIZES[provider.size])
        case Measure.FORM if offer.form is not None:
            told = gettext(wording.FORMS[offer.form])
        case Measure.FIRST_MEETING if provider.first_meeting is not None:
            told = gettext(wording.YES_NO[provider.first_meeting])
        case Measure.EVENING_WEEKEND if provider.evening_weekend is not None:
            told = gettext(wording.YES_NO[provider.evening_weekend])
        case Measure.SETTING:
            told = wording.where(offer.settings, offer.arrangement)
        case Measure.LANGUAGE:
            told = spoken(provider.languages, context)
        case Measure.IDENTITY:
            told = wording.capitalized(provider.identity or "")
        case Measure.TOPIC:
            told = _about(subject, view, context)
        case Measure.STAY if offer.continues_until_age is not None:
            told = gettext("Until the age of %(age)s", age=offer.continues_until_age)
        case Measure.WHEELCHAIR:
            told = _wheelchair(verdict_of(point, subject, view.family, context.code_lists))
        case _:
            told = ""
    return told or wording.capitalized(gettext(_NOT_TOLD))


def where_and_how_far(subject: Subject, view: View, context: Context) -> str:
    """`Heerlen, ongeveer 4 km`, or that the help comes to the family; where no place is told, how it is given."""
    settings = subject.offer.settings
    given = wording.where(settings, subject.offer.arrangement)
    far = distance_said(Reach.of(settings, bool(subject.offer.location_identifiers)), subject.km, view.place)
    if subject.comes_to_family:
        return wording.capitalized(far) or given
    names = place_names(places_of(subject.offer, subject.provider), context)
    if len(names) > 2:
        names = [*names[:2], gettext("%(num)s more places", num=len(names) - 2)]
    return wording.capitalized(", ".join(part for part in (*names, far) if part)) or given


def begins(subject: Subject, context: Context) -> str:
    """How soon the help begins, with the day on which that was told."""
    offer = subject.offer
    if not offer.accepting_clients:
        return gettext("No new families for now")
    if offer.waiting_weeks_start is None:
        return ""
    said = wording.capitalized(wording.weeks(offer.waiting_weeks_start))
    if offer.waiting_reported_on:
        return f"{said} {wording.since(offer.waiting_reported_on, context.today)}"
    return said


def spoken(codes: Iterable[str], context: Context) -> str:
    """`Nederlands, Engels en Arabisch`."""
    names = [context.code_lists.label("languages", code, context.language).label for code in codes]
    return wording.capitalized(wording.listing(names))


def _about(subject: Subject, view: View, context: Context) -> str:
    lists = context.code_lists
    asked = {below for topic in view.family.topics for below in lists.topic_and_below(topic)}
    named = [code for code in map(lists.topic, subject.offer.topics) if code in asked]
    if named:
        return wording.capitalized(wording.listing(context.topic(code) for code in dict.fromkeys(named[:2]) if code))
    return gettext("The provider does not name this itself") if subject.offer.topics and asked else ""


def _wheelchair(verdict: Verdict) -> str:
    said = {
        Verdict.YES: gettext("Accessible with a wheelchair"),
        Verdict.NO: gettext("Not accessible with a wheelchair"),
        Verdict.UNKNOWN: "",
    }
    return said[verdict]


def fit_summary(subject: Subject, view: View) -> FitSummary | None:
    """How an offer fits; None where the family did not say what counts."""
    fit = view.fit(subject)
    if not fit.judged:
        return None
    return FitSummary(
        fit_sentence(fit),
        tuple(judged(wish, verdict, subject, view, view.context) for wish, verdict in fit.judged),
    )


def judged(wish: Wish, verdict: Verdict, subject: Subject, view: View, context: Context) -> Judged:
    """Whether an offer fits one wish, and why."""
    label = context.code_lists.words_of_point(wish.point.code, context.language).label
    return Judged(label, verdict, gettext(VERDICTS[verdict]), reason(wish.point, subject, view, context))


_ONE_WISH = {
    Verdict.YES: N_("Fits your wish."),
    Verdict.NO: N_("Does not fit your wish."),
    Verdict.UNKNOWN: N_("Nobody told whether it fits your wish."),
}


def fit_sentence(fit: Fit) -> str:
    """`Past bij 5 van uw 6 wensen.`."""
    if len(fit.judged) == 1:
        return gettext(_ONE_WISH[fit.judged[0][1]])
    return gettext("Fits %(fitting)s of your %(num)s wishes.", fitting=len(fit.of(Verdict.YES)), num=len(fit.judged))


def age_misfit(subject: Subject, family: Family) -> str:
    """That the offer is for other children than this family's; empty where it is not, or nobody told."""
    offer = subject.offer
    too_young = family.age is not None and offer.age_min is not None and family.age < offer.age_min
    too_old = family.age is not None and offer.age_max is not None and family.age > offer.age_max
    wrong_gender = family.gender is not None and offer.gender not in (Gender.ALL, family.gender)
    if not (too_young or too_old or wrong_gender):
        return ""
    return gettext("This is for others: %(whom)s", whom=wording.uncapitalized(for_whom(subject)))


def for_whom(subject: Subject) -> str:
    """`12 tot en met 18 jaar`."""
    return wording.for_whom(subject.offer.age_min, subject.offer.age_max, subject.offer.gender)


def weights_form(family: Family, pairs: Pairs, context: Context, fitting: Sequence[str] = ()) -> WeightsForm:
    """What counts, to be changed on the page with the parameters `pairs`.

    `fitting` says for each wish of the family how many offers fit it.
    """
    weight_of = {wish.point.code: wish.weight for wish in family.wishes}
    counted = dict(zip(weight_of, fitting, strict=False))
    fields = []
    for code in context.code_lists.points:
        words = context.code_lists.words_of_point(code, context.language)
        chosen = weight_of.get(code, 0)
        options = tuple(
            Option(str(weight), gettext(_WEIGHTS[weight]), weight == chosen) for weight in range(MOST_WEIGHT + 1)
        )
        fields.append(WeightField(WEIGHT + code, words.label, words.explanation, options, counted.get(code, "")))
    # What counts already comes first, so that it is found again.
    fields.sort(key=lambda field: -weight_of.get(field.name.removeprefix(WEIGHT), 0))
    kept = ((name, value) for name, value in pairs if not name.startswith(WEIGHT) and name != "taal")
    return WeightsForm(tuple(fields), language_options(family, context), (*kept, *language_field(context)))


def language_field(context: Context) -> Pairs:
    """What a form sends along to keep the language of the page."""
    return () if context.language == languages.DEFAULT else (("lang", context.language),)


def language_options(family: Family, context: Context) -> tuple[Option, ...]:
    """The languages in which a family may want to be helped, besides Dutch."""
    lists = context.code_lists
    return tuple(
        Option(code, lists.label("languages", code, context.language).label, code == family.language)
        for code in lists.languages
        if code != languages.DEFAULT
    )


def address(endpoint: str, pairs: Pairs, **path: str) -> str:
    """The address of a page with these parameters; unlike a `link` it is not remembered, for it tells of one family.

    `path` is what stands in the address itself.
    """
    values: dict[str, list[str]] = {LIST: []}  # said also where it is empty, lest the list of this page be kept
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return url_for(endpoint, **path, **values)  # type: ignore[arg-type]


def told_apart(subjects: Sequence[Subject]) -> list[str]:
    """What each is called among the others, with its number: its provider, and its own name where that is shared."""
    providers = [subject.provider.name for subject in subjects]
    return [
        f"{number}. {subject.provider.name}"
        if providers.count(subject.provider.name) == 1
        else f"{number}. {subject.provider.name}: {subject.offer.name}"
        for number, subject in enumerate(subjects, start=1)
    ]


def subject_links(subject: Subject, context: Context) -> tuple[Link, Link]:
    """The provider and the offer, each leading to its page."""
    offer, provider = subject.offer, subject.provider
    return provider_link(provider, context), Link(offer.name, offer_link(offer, provider, context))
