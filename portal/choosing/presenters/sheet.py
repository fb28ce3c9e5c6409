"""The family's list, and the sheet of one A4 that is made of it: for the family, or for the worker to keep.

The sheet is in plain Dutch, since it lies between a family and people who work in Dutch; the language of the page
stands beside it where that is another. Names of families have no place on it, and what a family writes stays with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from portal.catalogue import wording
from portal.catalogue.availability import current_contracts
from portal.catalogue.criteria import LIST
from portal.catalogue.presenters.common import Context, MunicipalityHelp, only_somewhere, postcode_error
from portal.catalogue.types import Measure
from portal.choosing.criteria import MOST_COMPARED, STORY, ListCriteria, Pairs, Story
from portal.choosing.looking import Looked
from portal.choosing.presenters.common import (
    VERDICTS,
    Both,
    View,
    WeightsForm,
    address,
    both,
    for_whom,
    language_field,
    reason,
    told_apart,
    weights_form,
    where_and_how_far,
)
from portal.choosing.presenters.compare import no_figure
from portal.choosing.presenters.facts import first_talk, help_begins
from portal.choosing.presenters.listed import Listed, comparable, hindrances, listed, page_at
from portal.choosing.presenters.questions import questions
from portal.choosing.types import Sheet, Subject, Wish
from portal.core import languages
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Option
from portal.core.qr import Qr, qr_code
from portal.outcomes.models import Figure
from portal.outcomes.rules import current_rules
from portal.outcomes.side_by_side import difference_in_brief, in_brief, who_told
from portal.outcomes.types import Audience, Indicator, Series

PAGE = "choosing.my_list"
MOST_WISHES = 7
"""So many fit on the paper, and where it is very dense two less; the heaviest come first."""
DENSEST = 4
_QUESTIONS_EACH = (6, 4, 3, 2, 2)
"""By how dense the sheet is, so that it stays one page."""


@dataclass(frozen=True, slots=True)
class StoryBox:
    """Room for what the family wants to say itself."""

    name: str
    label: Both
    hint: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetWish:
    """What counts for the family; heavy where it counts very much."""

    label: Both
    is_heavy: bool


@dataclass(frozen=True, slots=True)
class SheetOffer:
    """An offer at the head of its column, with what to ask there."""

    number: int
    provider: str
    who: str
    """Its number and what tells it apart from the others."""
    name: str
    phone: str
    warning: Both | None
    questions: tuple[Both, ...]


@dataclass(frozen=True, slots=True)
class SheetCell:
    """What one offer says; `verdict` is `yes`, `no` or `unknown` for a wish."""

    text: Both
    verdict: str = ""
    verdict_said: str = ""
    """For who hears the page instead of seeing it."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the sheet's table."""

    label: Both
    cells: tuple[SheetCell, ...]
    counts: bool = False
    """Whether it is one of the family's wishes."""
    note: Both | None = None
    """What else must be known to read it."""


@dataclass(frozen=True, slots=True)
class SheetLabels:
    """The printed words of the sheet."""

    title: Both
    subtitle: Both
    date: Both
    counts: Both
    questions: Both
    for_all: Both
    room: Both
    our_choice: Both
    not_yet: Both
    legend: Both
    scan: Both
    made: Both


@dataclass(frozen=True, slots=True)
class RecordLabels:
    """The printed words that only the worker's sheet has."""

    fitted: Both
    discussed: Both
    chosen: Both
    reason_dropped: Both
    real_choice: Both
    yes: Both
    no: Both
    no_names: Both


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """The sheet."""

    is_record: bool
    """Whether it is the worker's."""
    density: int
    """From 0, roomy, to 4: how small it is printed."""
    labels: SheetLabels
    record: RecordLabels
    boxes: tuple[StoryBox, ...]
    wishes: tuple[SheetWish, ...]
    offers: tuple[SheetOffer, ...]
    rows: tuple[SheetRow, ...]
    for_all: tuple[Both, ...]
    qr: Qr | None
    fitted: str
    """How many providers fitted; empty where that is to be written."""


@dataclass(frozen=True, slots=True)
class MyListPage:
    """The family's list with its sheet."""

    heading: str
    listed: Listed
    left_off: str
    """That the sheet holds the first four only; empty where all are on it."""
    sheet: PrintedSheet | None
    """None where the list is empty."""
    versions: tuple[Option, ...]
    """The sheet for the family, or for the worker: each with its address as value."""
    compare: Link | None
    search: Link
    help_me: Link
    share_address: str
    mail_href: str
    municipalities: tuple[Option, ...]
    postcode: str
    """What was typed, read or not."""
    postcode_error: str
    place_fields: Pairs
    """What the form of municipality and postcode carries along."""
    weights: WeightsForm


def my_list_page(
    looked: Looked,
    criteria: ListCriteria,
    story: Story,
    help_nearby: MunicipalityHelp | None,
    municipalities: tuple[Option, ...],
    typed_postcode: str,
    came_from: str,
    base_url: str,
) -> MyListPage:
    """The page of a list; `typed_postcode` stands in the field, `came_from` is the search that was read before."""
    view, context = looked.view, looked.view.context
    subjects = list(comparable(looked).values())
    here = listed(looked, criteria, page_at(PAGE, context))
    pairs = criteria.parameters(context.code_lists)
    share = base_url + address(PAGE, (*_list_pairs(looked), *criteria.family.shared(context.code_lists)))
    on_sheet = subjects[:MOST_COMPARED]
    return MyListPage(
        heading=gettext("My list"),
        listed=here,
        left_off=gettext("Four fit on the sheet: the first four of this list.")
        if len(subjects) > MOST_COMPARED
        else "",
        sheet=printed_sheet(on_sheet, criteria, story, help_nearby, share, view) if subjects else None,
        versions=_versions(criteria, context),
        compare=Link(
            ngettext("Compare them (%(num)s)", "Compare them (%(num)s)", len(subjects)),
            address("choosing.compare", pairs),
        )
        if len(subjects) > 1
        else None,
        search=Link(gettext("Search on"), came_from or link("search.results", gemeente=context.place)),
        help_me=Link(
            gettext("Help me choose"), address("choosing.helper", criteria.family.parameters(context.code_lists))
        ),
        share_address=share,
        mail_href=_mail(on_sheet, share),
        municipalities=municipalities,
        postcode=typed_postcode.strip()[:20] or view.family.postcode or "",
        postcode_error=postcode_error(typed_postcode, view.family.postcode, view.place),
        place_fields=(
            *((name, value) for name, value in pairs if name not in ("gemeente", "postcode")),
            *language_field(context),
        ),
        weights=weights_form(view.family, pairs, context),
    )


def _list_pairs(looked: Looked) -> Pairs:
    return tuple((LIST, key) for key in comparable(looked))


def _versions(criteria: ListCriteria, context: Context) -> tuple[Option, ...]:
    labels = {
        Sheet.FAMILY: gettext("For the family"),
        Sheet.ACCESS_TEAM: gettext("For the worker of the municipality"),
    }
    other = {
        sheet: ListCriteria(criteria.keys, criteria.family, sheet).parameters(context.code_lists) for sheet in labels
    }
    return tuple(Option(address(PAGE, other[sheet]), label, sheet is criteria.sheet) for sheet, label in labels.items())


def _mail(subjects: Sequence[Subject], share: str) -> str:
    """A mail that names the help and nobody else."""
    lines = [f"{number}. {one.provider.name}: {one.offer.name}" for number, one in enumerate(subjects, start=1)]
    text = "\n".join((gettext("This is the help on our list:"), "", *lines, "", share))
    subject = gettext("Our list")
    return f"mailto:?subject={quote(subject)}&body={quote(text)}"


def printed_sheet(
    subjects: Sequence[Subject],
    criteria: ListCriteria,
    story: Story,
    help_nearby: MunicipalityHelp | None,
    share: str,
    view: View,
    *,
    with_all_figures: bool = False,
    fitted: int | None = None,
) -> PrintedSheet:
    """The sheet of these offers; `share` is the address behind its code.

    `with_all_figures` prints all that stand with the offers, not only how many goals were reached; `fitted` is how many
    providers fitted, where that is known.
    """
    context = view.context
    is_record = criteria.sheet is Sheet.ACCESS_TEAM
    names = told_apart(subjects)
    more = _more_figures(subjects, context) if with_all_figures else ()
    # a row of figures takes the room of two wishes
    dense = density(
        len(subjects), min(len(view.family.wishes), MOST_WISHES) + 2 * len(more), context.language != languages.DEFAULT
    )
    wishes = view.family.wishes[: MOST_WISHES - 2 * (dense == DENSEST)]
    for_all, own = questions(subjects, view, 0 if is_record else _QUESTIONS_EACH[dense])
    return PrintedSheet(
        is_record=is_record,
        density=dense,
        labels=_labels(is_record, help_nearby, context),
        record=_record_labels(context),
        boxes=() if is_record else _boxes(story, context),
        wishes=tuple(SheetWish(_point(wish.point.code, context), wish.weight > 1) for wish in wishes),
        offers=tuple(
            SheetOffer(
                number,
                subject.provider.name,
                names[number - 1],
                subject.offer.name,
                subject.provider.phone or "",
                _warning(subject, view),
                asked,
            )
            for number, (subject, asked) in enumerate(zip(subjects, own, strict=True), start=1)
        ),
        rows=(*_rows(subjects, wishes, view), *more, *(_record_rows(subjects, context) if is_record else ())),
        for_all=() if is_record else for_all,
        qr=qr_code(share),
        fitted="" if fitted is None else str(fitted),
    )


def density(offers: int, wishes: int, is_in_two_languages: bool) -> int:
    """How dense a sheet is, from 0 to 4: by what takes room on it (`tests/browser/test_paper.py` prints them all)."""
    lines = max(wishes, 1)  # without wishes there is a line to write them on
    room = offers + lines / 2 + (3.5 if is_in_two_languages else 0)
    return next((dense for dense, most in enumerate((2.5, 4.5, 6, 7.5)) if room <= most), DENSEST)


def _point(code: str, context: Context) -> Both:
    return both(lambda c: c.code_lists.words_of_point(code, c.language).label, context)


def _warning(subject: Subject, view: View) -> Both | None:
    def say(context: Context) -> str:
        in_words = replace(view, context=context)
        first = [notice.title for notice in hindrances(subject, in_words)[:1]]
        where = only_somewhere(subject.offer, subject.provider, subject.status, context)
        return " · ".join(filter(None, (*first, where)))

    said = both(say, view.context)
    return said if said.dutch else None


Says = Callable[[Subject, Context], str]


def _rows(subjects: Sequence[Subject], wishes: Sequence[Wish], view: View) -> tuple[SheetRow, ...]:
    """What counts for the family, then how soon and where, so far as that is not said already."""
    context = view.context
    rows = [_wish_row(wish, number, subjects, view) for number, wish in enumerate(wishes)]
    said = {wish.point.measure for wish in wishes}
    rows.append(_row(N_("For whom"), lambda subject, _: for_whom(subject), subjects, context))
    rows.append(_row(N_("First talk"), lambda subject, c: first_talk(subject, view, c), subjects, context))
    if Measure.WAITING not in said:
        rows.append(_row(N_("Help begins"), lambda subject, c: help_begins(subject, view, c), subjects, context))
    if Measure.DISTANCE not in said:
        rows.append(_row(N_("Where"), lambda subject, c: where_and_how_far(subject, view, c), subjects, context))
    if Measure.SAME_WORKER not in said:
        rows.append(_row(N_("The same worker?"), lambda subject, _: _same_worker(subject), subjects, context))
    figures = [figure for figure in map(goals_reached, subjects) if figure is not None]
    if figures:
        row = _row(N_("Goals reached"), lambda subject, _: _came_of_it(subject, view), subjects, context)
        remark = both(lambda _: difference_in_brief(figures, current_rules()), context)
        rows.append(replace(row, note=remark if remark.dutch else None))
    return tuple(rows)


def goals_reached(subject: Subject) -> Figure | None:
    """The figure that says with how many families the goals were reached: it is about the goal on this sheet."""
    return next(
        (figure for series, figure in subject.results.items() if _is_goals_reached(series)),
        None,
    )


def _is_goals_reached(series: Series) -> bool:
    return series.indicator is Indicator.GOALS_REACHED and not series.is_mean


def _came_of_it(subject: Subject, view: View) -> str:
    figure = goals_reached(subject)
    return no_figure(subject, view) if figure is None else _said_on_paper(figure)


def _said_on_paper(figure: Figure) -> str:
    if figure.audience is Audience.PUBLIC:
        return in_brief(figure)
    return gettext("%(figure)s (not public yet: for this talk only)", figure=in_brief(figure))


def _more_figures(subjects: Sequence[Subject], context: Context) -> tuple[SheetRow, ...]:
    """All other figures of these offers, in the order of the list of indicators."""
    order = {Indicator(code): place for place, code in enumerate(context.code_lists.indicators)}
    told = {series for subject in subjects for series in subject.results if not _is_goals_reached(series)}
    return tuple(
        _figure_row(series, subjects, context)
        for series in sorted(told, key=lambda one: (order[one.indicator], str(one.informant), one.is_mean))
    )


def _figure_row(series: Series, subjects: Sequence[Subject], context: Context) -> SheetRow:
    figures = [subject.results[series] for subject in subjects if series in subject.results]

    def remark(_: Context) -> str:
        return " ".join(filter(None, (who_told(series.informant), difference_in_brief(figures, current_rules()))))

    def cell(subject: Subject) -> SheetCell:
        figure = subject.results.get(series)
        return SheetCell(both(lambda _: gettext("No figure") if figure is None else _said_on_paper(figure), context))

    label = both(lambda c: c.code_lists.label("indicators", series.indicator, c.language).label, context)
    note = both(remark, context)
    return SheetRow(label, tuple(cell(subject) for subject in subjects), note=note if note.dutch else None)


def _same_worker(subject: Subject) -> str:
    told = subject.provider.same_worker
    return gettext(wording.SAME_WORKER[told]) if told else ""


def _wish_row(wish: Wish, number: int, subjects: Sequence[Subject], view: View) -> SheetRow:
    def cell(subject: Subject) -> SheetCell:
        verdict = view.fit(subject).judged[number][1]
        told = both(lambda c: reason(wish.point, subject, view, c), view.context)
        return SheetCell(told, verdict.value, gettext(VERDICTS[verdict]))

    return SheetRow(_point(wish.point.code, view.context), tuple(cell(subject) for subject in subjects), counts=True)


def _row(label: str, say: Says, subjects: Sequence[Subject], context: Context) -> SheetRow:
    def cell(subject: Subject) -> SheetCell:
        return SheetCell(both(lambda c: say(subject, c) or gettext("Not told"), context))

    return SheetRow(_words(label, context), tuple(cell(subject) for subject in subjects))


def _words(text: str, context: Context) -> Both:
    return both(lambda _: gettext(text), context)


def _record_rows(subjects: Sequence[Subject], context: Context) -> tuple[SheetRow, ...]:
    """What the file of the municipality wants to know of each offer."""
    return (
        _row(N_("Kind of help (iJw)"), _kind, subjects, context),
        _row(N_("Contract"), _contract, subjects, context),
        _row(N_("Code"), _code, subjects, context),
    )


def _kind(subject: Subject, context: Context) -> str:
    arrangement = context.code_lists.arrangements.get(subject.offer.arrangement or "")
    codes = f" ({', '.join(arrangement.product_category)})" if arrangement and arrangement.product_category else ""
    return context.arrangement(subject.offer.arrangement).label + codes


def _contract(subject: Subject, context: Context) -> str:
    held = current_contracts(subject.offer, subject.provider.contracts, context.situation)
    if not held:
        return ""
    until = held[0].end_date
    said = gettext("until %(day)s", day=wording.full_day(until)) if until else gettext("without an end date")
    return wording.capitalized(said)


def _code(subject: Subject, context: Context) -> str:
    agb = f" · AGB {subject.provider.agb_code}" if subject.provider.agb_code else ""
    return context.key(subject.offer, subject.provider) + agb


def _boxes(story: Story, context: Context) -> tuple[StoryBox, ...]:
    labels = (
        N_("What we want to reach"),
        N_("What goes well, and who already helps"),
        N_("What we tried already"),
    )
    hints = (
        N_("For instance: laughing together again at the table. It is the goal of your plan."),
        N_("For instance: she loves drawing, and grandma is there on Wednesdays."),
        N_("For instance: talks at school, a course, help elsewhere."),
    )
    return tuple(
        StoryBox(name, _words(label, context), gettext(hint), text)
        for name, label, hint, text in zip(STORY, labels, hints, story.texts, strict=True)
    )


def _labels(is_record: bool, help_nearby: MunicipalityHelp | None, context: Context) -> SheetLabels:
    def words(text: str) -> Both:
        return _words(text, context)

    team = help_nearby.access_teams[0] if help_nearby and help_nearby.access_teams else None

    def subtitle(_: Context) -> str:
        if is_record:
            return gettext("For the record of the choice") + (f" · {context.place}" if context.place else "")
        if team is None:
            return gettext("For our talk with the access point of the municipality")
        name = f"{team.name}, {team.phone}" if team.phone else team.name
        return gettext("For our talk with %(team)s", team=name)

    return SheetLabels(
        title=words(N_("Choice record")) if is_record else words(N_("Conversation sheet")),
        subtitle=both(subtitle, context),
        date=words(N_("Date")),
        counts=words(N_("What counts for the family")) if is_record else words(N_("What counts for us")),
        questions=words(N_("We want to ask")),
        for_all=words(N_("To all of them")),
        room=words(N_("Room to write")),
        our_choice=words(N_("Our choice")),
        not_yet=words(N_("We do not know yet")),
        legend=words(N_("✓ fits · ✗ does not fit · ? ask")),
        scan=words(N_("Back to this list")),
        made=both(
            lambda c: gettext(
                "Made on %(day)s from what providers told. Always ask whether it is still right. "
                "You may choose your provider yourself, where that is reasonably possible (Jeugdwet, article 2.3).",
                day=wording.full_day(c.today),
            ),
            context,
        ),
    )


def _record_labels(context: Context) -> RecordLabels:
    def words(text: str) -> Both:
        return _words(text, context)

    return RecordLabels(
        fitted=words(N_("How many providers fitted")),
        discussed=words(N_("Talked about")),
        chosen=words(N_("Chosen by the family")),
        reason_dropped=words(N_("Why (not)")),
        real_choice=words(N_("Was there a real choice?")),
        yes=words(N_("Yes")),
        no=words(N_("No, because")),
        no_names=words(N_("Write no name, date of birth or BSN on this sheet.")),
    )
