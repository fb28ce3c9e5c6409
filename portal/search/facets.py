"""The filters beside the results: a page has some hundred choices, so they are written once and numbered for each."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from portal.catalogue import wording
from portal.catalogue.places import Place, Precision
from portal.catalogue.presenters.common import Context
from portal.catalogue.types import Framework, OfferAccess, ProviderSize, Setting
from portal.catalogue.visitor import current_facts, remembered, remembering
from portal.core.components import around_gaps, markup
from portal.core.languages import gettext, ngettext
from portal.core.messages import N_
from portal.core.pages import Option
from portal.search.criteria import WAITING_WEEKS, Criteria, Sort, distances_with

Counts = Mapping[str, Mapping[str, int]]
"""By filter and code how many providers a choice would leave."""

FRAMEWORKS = {
    Framework.VOLUNTARY: N_("Voluntary help"),
    Framework.MANDATORY: N_("Help that a court decides about"),
}
_SORTS = {
    Sort.RELEVANCE: N_("Fits best"),
    Sort.DISTANCE: N_("Nearest first"),
    Sort.WAITING: N_("Who can begin soonest"),
    Sort.NAME: N_("By name"),
}
_NUMBER = 10**12 + secrets.randbelow(10**12)
"""Stands for the number of a choice until it is known; nobody can guess it and put it in a label."""
MOST_CHOSEN = 2
"""With more choices of one filter it is written anew: anybody can make up combinations."""


@dataclass(frozen=True, slots=True)
class Facet:
    """What a filter says around its choices; `name` is the parameter in the address."""

    name: str
    label: str
    explanation: str = ""
    are_boxes: bool = True
    """Whether several choices make sense."""
    is_open: bool = False
    is_leading: bool = False
    """Whether a wide screen shows it unfolded: what it is about, and what kind of help."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """A choice as it is shown, under the code by which its number is counted."""

    code: str
    option: Option
    is_fixed: bool = False
    """Whether it is shown though it would leave nobody."""


@dataclass(frozen=True, slots=True)
class _Choices:
    """The choices of a filter as markup in which only their numbers are missing."""

    pieces: Sequence[tuple[str, str, str, bool]]
    """Of each its code, what stands before and after the number, and whether it is always shown."""
    between: str = ""
    before: str = ""
    after: str = ""
    """What stands around them: nothing of it where there is no choice."""

    @classmethod
    def of(
        cls,
        choices: Iterable[_Choice],
        write: Callable[[Option], str],
        between: str = "",
        around: Sequence[str] = ("", ""),
    ) -> _Choices:
        pieces = []
        for choice in choices:
            before, _, after = write(replace(choice.option, count=_NUMBER)).partition(str(_NUMBER))
            pieces.append((choice.code, before, after, choice.is_fixed))
        return cls(pieces, between, *around)

    def numbered(self, counts: Mapping[str, int]) -> str:
        """Those that would leave somebody, and those that are always shown."""
        count = counts.get
        written = [
            f"{before}{number}{after}"
            for code, before, after, is_fixed in self.pieces
            if (number := count(code, 0)) or is_fixed
        ]
        return f"{self.before}{self.between.join(written)}{self.after}" if written else ""


_Make = Callable[[Any, Context], Iterable[_Choice]]
"""From what is chosen to the choices."""


def facets(criteria: Criteria, counts: Counts, place: Place | None, context: Context) -> str:
    """The filters that have any choice as markup, with how many providers each choice would leave."""
    recall = remembering()

    def boxes(name: str, label: str, chosen: Hashable, make: _Make, explanation: str = "", **shown: bool) -> str:
        def write() -> _Choices:
            around = around_gaps("facet", Facet(name, gettext(label), explanation and gettext(explanation), **shown))
            choices = make(chosen, context)
            return _Choices.of(choices, lambda option: markup("check_option", name, option), "\n", around)

        if isinstance(chosen, tuple) and len(chosen) > MOST_CHOSEN:
            return write().numbered(counts[name])
        return recall(("boxes", name, chosen, context.language), write).numbered(counts[name])

    def select(name: str, label: str, chosen: Hashable, make: _Make, explanation: str = "") -> str:
        def write() -> Sequence[str]:
            return around_gaps("facet", Facet(name, gettext(label), explanation, are_boxes=False))

        before, after = recall(("select facet", name, explanation, context.language), write)
        options = _select(name, chosen, counts, context, make, gettext("Does not matter"))
        return f"{before}{options}{after}"

    written = (
        boxes(
            "onderwerp", N_("What is it about?"), criteria.topics, _topics,
            is_open=bool(criteria.topics), is_leading=True,
        ),
        boxes(
            "arrangement", N_("What kind of help?"), criteria.arrangements, _arrangements,
            N_("You also find treatment under “Mental health care”."),
            is_open=bool(criteria.arrangements), is_leading=True,
        ),
        boxes("waar", N_("Where?"), criteria.settings, _settings, is_open=True),
        select(
            "afstand", N_("How far?"), criteria.within_km, _distances, _distance_explained(criteria, place, context)
        ),
        select(
            "wachttijd", N_("How soon?"), criteria.longest_wait, _waits,
            gettext("We look at the start of the help. Only providers who told us, and who take new families."),
        ),
        boxes("taal", N_("Which language?"), criteria.languages, _languages, is_open=bool(criteria.languages)),
        boxes("grootte", N_("How big?"), criteria.sizes, _sizes, is_open=bool(criteria.sizes)),
        select("kader", N_("Voluntary or not?"), criteria.framework, _frameworks),
        boxes(
            "vrij", N_("With or without a referral?"), criteria.only_free, _free, is_open=criteria.only_free
        ),
    )  # fmt: skip
    return Markup("".join(written))  # noqa: S704 - made of components


def municipalities(counts: Counts, context: Context) -> str:
    """The options of the municipalities of our regions, by name; numbers where these were counted."""
    chosen = context.situation.municipality
    return _select("gemeente", chosen, counts, context, _municipalities)


def sorts(criteria: Criteria, place: Place | None, context: Context) -> str:
    """The options of the orders to choose from."""
    chosen = criteria.sort, bool(criteria.q), place is not None
    return _select("sorteer", chosen, {}, context, _orders)


def wait_label(weeks: int) -> str:
    """`Begint binnen 4 weken`."""
    return ngettext("Starts within %(num)s week", "Starts within %(num)s weeks", weeks)


def within_label(km: int) -> str:
    """`Binnen 10 km`."""
    return gettext("Within %(km)s km", km=km)


def _select(name: str, chosen: Hashable, counts: Counts, context: Context, make: _Make, none: str = "") -> str:
    """Options; without numbers where these were not counted. `none` is the choice of none."""
    first = Option("", none, chosen is None)

    def write() -> _Choices:
        return _Choices.of(make(chosen, context), _option, around=(_option(first) if none else "", ""))

    def write_all() -> str:
        options = [choice.option for choice in make(chosen, context)]
        return "".join(map(_option, [first, *options] if none else options))

    counted = counts.get(name)
    if counted is not None:
        return Markup(remembered(("options", name, chosen, context.language), write).numbered(counted))  # noqa: S704
    return Markup(remembered(("select", name, chosen, context.language), write_all))  # noqa: S704


def _option(option: Option) -> str:
    return markup("select_option", option)


def _topics(chosen: tuple[str, ...], context: Context) -> Iterator[_Choice]:
    """Main topics; below one that is chosen (or holds a chosen one) also its children."""
    topics = context.code_lists.topics
    unfolded = {topics[code].parent or code for code in chosen}
    for code, topic in topics.items():
        if topic.parent is None or topic.parent in unfolded:
            option = Option(code, context.topic(code), code in chosen, indent=int(topic.parent is not None))
            yield _Choice(code, option, code in chosen)


def _several(labels: Iterable[tuple[str, str]], chosen: tuple[str, ...]) -> Iterator[_Choice]:
    return (_Choice(code, Option(code, label, code in chosen), code in chosen) for code, label in labels)


def _arrangements(chosen: tuple[str, ...], context: Context) -> Iterator[_Choice]:
    return _several(((code, context.arrangement(code).label) for code in context.code_lists.arrangements), chosen)


def _settings(chosen: tuple[str, ...], _context: Context) -> Iterator[_Choice]:
    return _several(((code, wording.setting(code)) for code in Setting), chosen)


def _languages(chosen: tuple[str, ...], context: Context) -> Iterator[_Choice]:
    lists = context.code_lists
    return _several(
        ((code, lists.label("languages", code, context.language).label) for code in lists.languages), chosen
    )


def _sizes(chosen: tuple[str, ...], _context: Context) -> Iterator[_Choice]:
    return _several(((size, gettext(wording.SIZES[size])) for size in ProviderSize), chosen)


def _free(is_chosen: bool, _context: Context) -> Iterator[_Choice]:
    yield _Choice(OfferAccess.FREE, Option("ja", gettext("Only help without a referral"), is_chosen), is_fixed=True)


def _distances(chosen: int | None, _context: Context) -> Iterator[_Choice]:
    """The usual distances, and the one in the address."""
    for km in distances_with(chosen):
        yield _Choice(str(km), Option(str(km), within_label(km), km == chosen), is_fixed=True)


def _waits(chosen: int | None, _context: Context) -> Iterator[_Choice]:
    return (_Choice(str(w), Option(str(w), wait_label(w), w == chosen), is_fixed=True) for w in WAITING_WEEKS)


def _frameworks(chosen: str | None, _context: Context) -> Iterator[_Choice]:
    return (
        _Choice(code, Option(code, gettext(label), code == chosen), is_fixed=True) for code, label in FRAMEWORKS.items()
    )


def _municipalities(chosen: str | None, context: Context) -> Iterator[_Choice]:
    for code in current_facts().municipalities:
        name = context.municipality(code)
        yield _Choice(code, Option(name, name, code == chosen), is_fixed=True)


def _orders(chosen: tuple[Sort, bool, bool], _context: Context) -> Iterator[_Choice]:
    """Without words nothing can fit best, and the default is who can begin soonest."""
    present, has_words, has_place = chosen
    known = [sort for sort in _SORTS if sort is not Sort.DISTANCE or has_place]
    if not has_words:
        known = [sort for sort in known if sort in (Sort.DISTANCE, Sort.NAME)]
        # The value stays that of the default, so that words that are added later are ordered by fit.
        soonest = Option(Sort.RELEVANCE, gettext(_SORTS[Sort.WAITING]), present not in known)
        yield _Choice(Sort.WAITING, soonest)
    for sort in known:
        yield _Choice(sort, Option(sort, gettext(_SORTS[sort]), sort is present))


def _distance_explained(criteria: Criteria, place: Place | None, context: Context) -> str:
    if place is None:
        return gettext("Fill in your postcode or choose your municipality first.")
    if place.precision is Precision.POSTCODE:
        start = gettext("postcode %(postcode)s", postcode=(criteria.postcode or "")[:4])
    else:
        start = context.municipality(place.municipality)
    measured = gettext("We measure in a straight line, from the middle of %(place)s.", place=start)
    return measured + " " + gettext("Help at your home or at your child's own school is always included.")
