"""Offers side by side: what matters to the family first, then what differs, and what is the same folded away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.presenters.common import Context
from portal.catalogue.types import OfferAccess
from portal.choosing.criteria import MOST_COMPARED, ListCriteria
from portal.choosing.looking import Looked
from portal.choosing.presenters.common import (
    View,
    WeightsForm,
    address,
    fit_sentence,
    judged,
    told_apart,
    weights_form,
)
from portal.choosing.presenters.facts import FACTS, FactKind, alike
from portal.choosing.presenters.listed import Here, Listed, ListedOffer, comparable, listed, page_at
from portal.choosing.types import Subject
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Term
from portal.outcomes.rules import current_rules
from portal.outcomes.side_by_side import side_by_side
from portal.outcomes.types import EVERYBODY
from portal.reviews.showing.presenters import in_brief
from portal.reviews.showing.queries import Told
from portal.reviews.types import Voice
from portal.reviews.wording import VOICE_GROUPS

PAGE = "choosing.compare"
_NOT_TOLD = N_("Not told")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one offer says on one question."""

    text: str
    note: str = ""
    verdict: str = ""
    """`yes`, `no` or `unknown` for a wish; empty for a plain fact."""
    verdict_said: str = ""
    is_dutch: bool = False
    term: Term | None = None
    """The text with what it means, where it is a word of the field."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question with the answer of each offer."""

    label: str
    cells: tuple[Cell, ...]
    explanation: str = ""

    @property
    def one_answer(self) -> str:
        """What all of them say, where they say the same in words; else empty."""
        texts = {cell.text for cell in self.cells}
        return self.cells[0].text if len(texts) == 1 else ""


@dataclass(frozen=True, slots=True)
class Column:
    """An offer at the head of its column."""

    number: int
    who: str
    """Its number and what tells it apart, where the table is read one question at a time."""
    offer: ListedOffer
    fit: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Offers side by side."""

    heading: str
    listed: Listed
    columns: tuple[Column, ...]
    """Two to four; empty where there is nothing to compare."""
    important: tuple[Row, ...]
    different: tuple[Row, ...]
    same: tuple[Row, ...]
    same_heading: str
    results: tuple[Row, ...]
    """What came of it: the figures that everybody may see."""
    told: tuple[Row, ...]
    """What young people and parents told, each apart; empty where nobody did."""
    results_note: str
    """What these figures cannot tell, or that there are none."""
    results_explained: Link
    why_none: str
    """What to do where there is nothing to compare; empty where there is."""
    more: Link
    """Where to find more to compare."""
    weights: WeightsForm
    list_href: str
    print_href: str

    @property
    def width(self) -> int:
        """How many columns the table has, with that of the questions."""
        return len(self.columns) + 1


def compare_page(
    looked: Looked, criteria: ListCriteria, told: Mapping[int, Told], here: Here | None = None
) -> ComparePage:
    """The page for a list of any length: it compares two to four, and says what to do with less or more.

    `told` has what families told of each provider, by its primary key; `here` where this page is for another list, if
    it is not the public one.
    """
    view, context = looked.view, looked.view.context
    on_list = listed(looked, criteria, here or page_at(PAGE, context))
    subjects = list(comparable(looked).values())[:MOST_COMPARED]
    is_enough = len(subjects) > 1
    names = told_apart(subjects)
    important, different, same = rows(subjects, view) if is_enough else ((), (), ())
    pairs = criteria.parameters(context.code_lists)
    return ComparePage(
        heading=ngettext("Compare %(num)s offer", "Compare %(num)s offers", len(subjects))
        if is_enough
        else gettext("Compare"),
        listed=on_list,
        columns=tuple(
            Column(number, names[number - 1], offer, fit_sentence(view.fit(subject)) if view.family.wishes else "")
            for number, (offer, subject) in enumerate(zip(on_list.offers, subjects, strict=False), start=1)
        )
        if is_enough
        else (),
        important=important,
        different=different,
        same=same,
        same_heading=ngettext(
            "The same, or nearly so: %(num)s point", "The same, or nearly so: %(num)s points", len(same)
        ),
        results=result_rows(subjects, view),
        told=told_rows(subjects, told),
        results_note=_results_note(subjects, view),
        results_explained=Link(gettext("What these figures mean"), link("outcomes.explained")),
        why_none="" if is_enough else _why_none(len(subjects)),
        more=_more(subjects, context),
        weights=weights_form(view.family, pairs, context),
        list_href=address("choosing.my_list", pairs),
        print_href=address("choosing.my_list", pairs) + "#afdrukken",
    )


def rows(subjects: Sequence[Subject], view: View) -> tuple[tuple[Row, ...], tuple[Row, ...], tuple[Row, ...]]:
    """What counts for the family, what differs besides, and what is (as good as) the same."""
    important = tuple(_wish_row(number, subjects, view) for number in range(len(view.family.wishes)))
    covered = {wish.point.measure for wish in view.family.wishes}
    rest = [kind for kind in FACTS if covered.isdisjoint(kind.measures)]
    same = [kind for kind in rest if alike(kind, subjects, view)]
    different = tuple(_row(kind, subjects, view) for kind in rest if kind not in same)
    # What none of them told says nothing side by side; the sheet asks it.
    told = [row for row in (_row(kind, subjects, view) for kind in same) if row.one_answer != gettext(_NOT_TOLD)]
    return important, different, tuple(told)


def _wish_row(number: int, subjects: Sequence[Subject], view: View) -> Row:
    context = view.context
    wish = view.family.wishes[number]
    words = context.code_lists.words_of_point(wish.point.code, context.language)
    cells = []
    for subject in subjects:
        _, verdict = view.fit(subject).judged[number]
        told = judged(wish, verdict, subject, view, context)
        cells.append(Cell(told.reason, "", verdict.value, told.verdict_said))
    return Row(words.label, tuple(cells), words.explanation)


def _row(kind: FactKind, subjects: Sequence[Subject], view: View) -> Row:
    return Row(gettext(kind.label), tuple(_cell(kind, subject, view) for subject in subjects))


def _cell(kind: FactKind, subject: Subject, view: View) -> Cell:
    said = kind.say(subject, view, view.context)
    note = kind.note(subject, view, view.context) if kind.note and said else ""
    term = Term(said, kind.explain(subject, view, view.context)) if kind.explain and said else None
    return Cell(said or gettext(_NOT_TOLD), note, is_dutch=kind.is_dutch and bool(said), term=term)


def result_rows(subjects: Sequence[Subject], view: View) -> tuple[Row, ...]:
    """What came of it, with why there is no figure where there is none."""
    return tuple(
        Row(
            row.label,
            tuple(
                Cell(cell.sentence or no_figure(subject, view), cell.note)
                for subject, cell in zip(subjects, row.cells, strict=True)
            ),
            row.note,
        )
        for row in side_by_side([subject.results for subject in subjects], current_rules(), view.context)
    )


def told_rows(subjects: Sequence[Subject], told: Mapping[int, Told]) -> tuple[Row, ...]:
    """What each voice told; a voice that told of none of them has no row."""
    found = []
    for voice in Voice:
        briefs = [in_brief(told[subject.provider.id], voice) for subject in subjects]
        if any(brief.told or brief.stories for brief in briefs):
            cells = tuple(
                Cell(brief.told or brief.stories or gettext("Nothing is told yet"), brief.stories if brief.told else "")
                for brief in briefs
            )
            found.append(Row(gettext(VOICE_GROUPS[voice]), cells))
    return tuple(found)


def no_figure(subject: Subject, view: View) -> str:
    """Why there is no figure. Who sees more than everybody may see one elsewhere, of too few families to tell much."""
    if subject.offer.access is OfferAccess.FREE:
        return gettext("Of this help nobody counts it")
    if view.viewer != EVERYBODY:
        return gettext("No figure about this, or of too few families")
    return gettext("There is no public figure about this help here")


def _results_note(subjects: Sequence[Subject], view: View) -> str:
    if any(subject.results for subject in subjects):
        return gettext(
            "A lower figure need not mean that the help is less good: one provider helps children with heavier "
            "problems than another. Nor do figures say how it will go with your child."
        )
    if view.viewer != EVERYBODY:
        return gettext("There are no figures to compare yet about what came of this help. That says nothing about it.")
    return gettext("There are no public figures yet about what came of this help. That says nothing about the help.")


def _why_none(how_many: int) -> str:
    if how_many:
        return gettext("There is one offer on this list. Save one more, and you see here what the difference is.")
    return gettext(
        "This address names no help to compare. Did you save help already? Open your list and compare from there. "
        "Else save two to four offers with the star, and you see them here."
    )


def _more(subjects: Sequence[Subject], context: Context) -> Link:
    kinds = {subject.offer.arrangement for subject in subjects if subject.offer.arrangement}
    arrangement = kinds.pop() if len(kinds) == 1 else None
    return Link(gettext("Search for other help"), context.leads.search(context.place, arrangement=arrangement))
