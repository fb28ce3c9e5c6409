"""What families chose, question by question, as page and as file. Every number is one of `outcomes.figures.tell`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.codelists import CodeLists
from portal.core.languages import chosen, gettext
from portal.desks.files import BEGIN, csv_line
from portal.exchange.sheets import SheetCell
from portal.reviews.models import ExperienceFigure
from portal.reviews.questions import Question, QuestionKind, QuestionSet
from portal.reviews.showing.presenters import figure_words, group_words
from portal.reviews.showing.queries import Told
from portal.reviews.types import ToldFramework, Voice

CSV_HEADER = (
    "about", "question", "title", "indicator", "voice", "framework", "told", "n", "numerator", "mean", "shown", "bound",
    "invited", "changed_in", "question_set",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reported:
    """Of whom families told, and what."""

    about: str
    """How the file names it: `provider`, `access_team` or `municipality`."""
    title: str
    explanation: str
    told: Told
    questions: QuestionSet


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with what was answered, by group; none where too few did."""

    title: str
    """With the national indicator that it is about, if it is."""
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """One of those of whom families told."""

    title: str
    explanation: str
    rows: Sequence[QuestionRow]
    response: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """All of it."""

    sections: Sequence[Section]
    file_href: str


def report_page(reported: Sequence[Reported], lists: CodeLists, file_href: str) -> ReportPage:
    """What families chose, for who must report it."""
    return ReportPage([_section(one, lists) for one in reported], file_href)


def _section(one: Reported, lists: CodeLists) -> Section:
    figures = _by_question(one.told.figures)
    most = max(one.told.figures, key=lambda figure: len(figure.members), default=None)
    response = "" if most is None else gettext(
        "%(n)s of about %(invited)s families that got a code.", n=len(most.members), invited=most.invited
    )  # fmt: skip
    return Section(
        one.title, one.explanation,
        [_row(one.questions, question, figures.get(question.key, ()), lists) for question in _counted(one.questions)],
        response,
    )  # fmt: skip


def _row(
    questions: QuestionSet, question: Question, figures: Sequence[ExperienceFigure], lists: CodeLists
) -> QuestionRow:
    lines = [f"{group_words(one, questions)}: {words}" for one in figures if (words := figure_words(one, question))]
    title = question.wording(chosen(), Voice.PARENT).title
    if question.indicator:
        title += f" ({lists.label('indicators', question.indicator.value, chosen()).label})"
    return QuestionRow(title, lines or [gettext("too few answers to say anything")])


def report_file(reported: Sequence[Reported]) -> Iterator[str]:
    """The same for a spreadsheet program: a row for each figure."""
    yield BEGIN + csv_line(CSV_HEADER)
    for one in reported:
        figures = _by_question(one.told.figures)
        for question in _counted(one.questions):
            for figure in figures.get(question.key, ()):
                yield csv_line(_cells(one, question, figure))


def _cells(one: Reported, question: Question, figure: ExperienceFigure) -> Sequence[SheetCell]:
    return (
        one.about, question.key, question.wording(chosen(), figure.voice).title,
        question.indicator.value if question.indicator else "", figure.voice.value, figure.framework.value,
        figure_words(figure, question), figure.n, figure.numerator, figure.mean, figure.shown, figure.bound,
        figure.invited, figure.quarter, one.questions.version,
    )  # fmt: skip


def _counted(questions: QuestionSet) -> Sequence[Question]:
    return [one for one in questions.questions if one.counts or one.kind is QuestionKind.MARK]


def _by_question(figures: Sequence[ExperienceFigure]) -> Mapping[str, Sequence[ExperienceFigure]]:
    found: dict[str, list[ExperienceFigure]] = {}
    for one in sorted(
        figures, key=lambda one: (list(Voice).index(one.voice), list(ToldFramework).index(one.framework))
    ):
        found.setdefault(one.question, []).append(one)
    return found
