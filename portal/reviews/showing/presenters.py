"""What families told, ready for a page: texts first, then aspects in words with numbers; both voices side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Pager
from portal.outcomes.types import Shown
from portal.outcomes.wording import mark
from portal.reviews.models import ExperienceCounts, ExperienceFigure
from portal.reviews.questions import Question, QuestionSet, current_sets, newest
from portal.reviews.showing.queries import Story, Told
from portal.reviews.types import OfficeKind, PromiseState, ToldFramework, Voice
from portal.reviews.wording import FRAMEWORKS, VOICE_GROUPS, VOICES, quarter_words


@dataclass(frozen=True, slots=True)
class ShownStory:
    """A text with who told it, and the answer to it."""

    who: str
    story: Sequence[str]
    advice: Sequence[str]
    advice_to: str
    """To whom the advice is: as it was asked."""
    answer: Sequence[str]
    answered_by: str
    promise: str
    noticed: Sequence[str]
    """What later families say of the promise."""


@dataclass(frozen=True, slots=True)
class Aspects:
    """What one voice chose, in words with numbers."""

    title: str
    lines: Sequence[str]
    response: str


@dataclass(frozen=True, slots=True)
class VoiceColumn:
    """One of the two voices."""

    title: str
    stories: Sequence[ShownStory]


@dataclass(frozen=True, slots=True)
class ExperiencesShown:
    """The section of a provider's page."""

    columns: Sequence[VoiceColumn]
    pager: Pager
    number: str
    """How many stories there are, where they do not stand on one page; else empty."""
    aspects: Sequence[Aspects]
    forced: Sequence[Aspects]
    missing: str
    counts: str
    elsewhere: Link | None = None
    """Where families tell of the same organisation in another role."""


_MISSING = {
    None: N_("There are no stories here yet. They appear when three families told one, so that nobody is recognised."),
    OfficeKind.ACCESS_TEAM: N_(
        "There are no stories about this team yet. They appear when three families told one, so that nobody is "
        "recognised."
    ),
    OfficeKind.YOUTH_PROTECTOR: N_(
        "There are no stories about this institution yet. They appear when three families told one, so that nobody is "
        "recognised."
    ),
}


PER_VOICE = 10
"""So many stories of each voice stand on a page."""
UNNAMED_TOGETHER = 10
"""So many stories without a name stand on a page, of each kind of office."""


def pages_of(view: str, **values: str | None) -> Callable[[int], str]:
    """Where the stories on the page of this view stand, by page; `values` stand in the address."""

    def href(page: int) -> str:
        return link(view, **values, pagina=str(page), _anchor="ervaringen")

    return href


def pages_of_provider(slug: str, place: str | None) -> Callable[[int], str]:
    """Those about a provider, for who lives at `place`."""
    return pages_of("catalogue.provider", slug=slug, gemeente=place)


def experiences(
    told: Told, href: Callable[[int], str], asked: str | None = None, kind: OfficeKind | None = None,
    elsewhere: Link | None = None,
) -> ExperiencesShown:  # fmt: skip
    """What families told about a provider, or about an office of this kind: the page of stories that is asked for.

    Both voices turn the page together, and keep their order: newest quarter first, within it none. `href` makes the
    addresses of the pages.
    """
    questions = newest(current_sets(), kind)
    stories = {voice: [one for one in told.stories if one.voice is voice] for voice in Voice}
    pager = Pager.over(max(map(len, stories.values())), PER_VOICE, asked, href)
    here = slice((pager.page - 1) * PER_VOICE, pager.page * PER_VOICE)
    columns = [
        VoiceColumn(gettext(VOICE_GROUPS[voice]), [shown_story(one) for one in of_voice[here]])
        for voice, of_voice in stories.items()
    ]
    number = ngettext("%(num)s story, the newest first.", "%(num)s stories, the newest first.", len(told.stories))
    apart = ToldFramework.MANDATORY if kind is None else None
    return ExperiencesShown(
        columns=[column for column in columns if column.stories],
        pager=pager,
        number=number if pager.pages > 1 else "",
        aspects=_aspects(told.figures, questions.framework if kind else ToldFramework.VOLUNTARY, questions),
        forced=_aspects(told.figures, apart, questions) if apart else (),
        missing="" if told.stories else gettext(_MISSING[kind]),
        counts=" ".join(words for words in (_counts(told.counts), _disputed(told)) if words),
        elsewhere=elsewhere,
    )


@dataclass(frozen=True, slots=True)
class Brief:
    """What one voice told of a provider, short enough to stand beside others; both empty where nothing is public."""

    told: str
    stories: str
    """How many stories can be read."""


MOST_IN_BRIEF = 3


def in_brief(told: Told, voice: Voice) -> Brief:
    """The first of what this voice chose in the questions, of help that a family wanted itself, and how many wrote."""
    questions = newest(current_sets())
    own = [one for one in told.figures if one.voice is voice and one.framework is ToldFramework.VOLUNTARY]
    lines = [line for line in (_line(one, questions) for one in _in_order(own, questions)) if line]
    written = sum(one.voice is voice for one in told.stories)
    stories = ngettext("%(num)s story to read on their page", "%(num)s stories to read on their page", written)
    return Brief(" ".join(lines[:MOST_IN_BRIEF]), stories if written else "")


_ANSWERED_BY = {
    None: N_("Answer of the provider"),
    OfficeKind.ACCESS_TEAM: N_("Answer of the team"),
    OfficeKind.YOUTH_PROTECTOR: N_("Answer of the institution"),
}
_PROMISE_STATES = {
    PromiseState.OPEN: N_("open"),
    PromiseState.KEPT: N_("kept, they say"),
    PromiseState.NOT_NOTICED: N_("most families do not notice it"),
}


_ADVICE_TO = {
    Voice.YOUNG_PERSON: N_("For other young people:"),
    Voice.PARENT: N_("For other families:"),
}


def shown_story(one: Story) -> ShownStory:
    """A text for a page."""
    promise = ""
    if one.promise:
        due = quarter_words(one.promise_due) if one.promise_due else ""
        state = gettext(_PROMISE_STATES[one.promise_state])
        promise = gettext("Promised: %(promise)s (%(due)s; %(state)s)", promise=one.promise, due=due, state=state)
    return ShownStory(
        f"{gettext(VOICES[one.voice])}, {quarter_words(one.quarter)}",
        one.story.splitlines(),
        one.advice.splitlines(),
        gettext(_ADVICE_TO[one.voice]),
        one.answer.splitlines(),
        gettext(_ANSWERED_BY[one.kind]),
        promise,
        noticed_lines(one.noticed),
    )


def noticed_lines(figures: Sequence[ExperienceFigure]) -> Sequence[str]:
    """What later families say of a promise, a line for each voice."""
    questions = newest(current_sets())
    return [
        gettext("%(who)s: %(line)s", who=gettext(VOICE_GROUPS[one.voice]), line=line)
        for one in figures
        if (line := _line(one, questions))
    ]


def _aspects(
    figures: Sequence[ExperienceFigure], framework: ToldFramework, questions: QuestionSet
) -> Sequence[Aspects]:
    found = []
    for voice in Voice:
        own = [one for one in figures if one.voice is voice and one.framework is framework]
        lines = [line for line in (_line(one, questions) for one in _in_order(own, questions)) if line]
        if not lines:
            continue
        most = max(own, key=lambda one: len(one.members))
        response = gettext(
            "%(n)s of about %(invited)s families that got a code.", n=len(most.members), invited=most.invited
        )
        found.append(Aspects(group_words(most, questions), lines, response))
    return found


def group_words(one: ExperienceFigure, questions: QuestionSet) -> str:
    """Whose answers are counted together; of an office there is one framework only, which needs no words."""
    voice = gettext(VOICE_GROUPS[one.voice])
    return voice if questions.about is not None else f"{voice} · {gettext(FRAMEWORKS[one.framework])}"


def _in_order(figures: Sequence[ExperienceFigure], questions: QuestionSet) -> Sequence[ExperienceFigure]:
    places = {question.key: at for at, question in enumerate(questions.questions)}
    return sorted((one for one in figures if one.question in places), key=lambda one: places[one.question])


def _line(one: ExperienceFigure, questions: QuestionSet) -> str:
    question = questions.question(one.question)
    return figure_words(one, question) if question is not None else ""


def figure_words(one: ExperienceFigure, question: Question) -> str:
    """One figure in words; empty where there are too few to say anything."""
    if one.shown == Shown.FEW or one.n is None:
        return ""
    told = question.wording(chosen(), one.voice).told
    if one.mean is not None:
        return gettext("%(what)s: %(mark)s on average, told by %(n)s.", what=told, mark=mark(one.mean), n=one.n)
    if one.numerator is not None:
        return gettext("%(some)s of the %(n)s %(told)s.", some=one.numerator, n=one.n, told=told)
    if one.bound is None:
        return ""
    if one.shown == Shown.BELOW:
        if question.kind == "mark":
            return gettext("%(what)s: lower than %(mark)s on average, told by %(n)s.", what=told,
                           mark=mark(one.bound), n=one.n)  # fmt: skip
        return gettext("Fewer than %(some)s of the %(n)s %(told)s.", some=int(one.bound), n=one.n, told=told)
    if question.kind == "mark":
        return gettext("%(what)s: higher than %(mark)s on average, told by %(n)s.", what=told, mark=mark(one.bound),
                       n=one.n)  # fmt: skip
    return gettext("More than %(some)s of the %(n)s %(told)s.", some=int(one.bound), n=one.n, told=told)


def _disputed(told: Told) -> str:
    """How often was objected: everybody may see that."""
    if not told.disputed:
        return ""
    return ngettext(
        "%(num)s fact in these stories was disputed by whom it is about; left out: %(left_out)s.",
        "%(num)s facts in these stories were disputed by whom they are about; left out: %(left_out)s.",
        told.disputed, left_out=told.left_out,
    )  # fmt: skip


def _counts(counts: ExperienceCounts | None) -> str:
    if counts is None:
        return ""
    return gettext(
        "At the beginning of this quarter %(received)s people had told how it was, in words or by ticking alone: "
        "%(published)s published, %(waiting)s waiting, %(refused)s not published, %(removed)s taken down, "
        "%(withdrawn)s taken back by the author, %(expired)s too old.",
        received=counts.received, published=counts.published, waiting=counts.waiting, refused=counts.refused,
        removed=counts.removed, withdrawn=counts.withdrawn, expired=counts.expired,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnnamedGroup:
    """Stories about some of many, of which too little is told to name them."""

    title: str
    stories: Sequence[ShownStory]


@dataclass(frozen=True, slots=True)
class UnnamedStories:
    """A page of stories without a name. Groups keep their titles, and turn the page together."""

    groups: Sequence[UnnamedGroup]
    pager: Pager


def unnamed(stories: Sequence[Story], href: Callable[[int], str], asked: str | None) -> UnnamedStories | None:
    """Stories about providers without a name, for the page of a kind of help; None where there are none."""
    title = ngettext(
        "%(num)s story about a provider that is too small to be named",
        "%(num)s stories about providers that are too small to be named",
        len(stories),
    )
    return _unnamed({title: stories}, href, asked)


_UNNAMED = {
    OfficeKind.ACCESS_TEAM: N_("Stories about an access team, without saying which: of those too few told to name it"),
    OfficeKind.YOUTH_PROTECTOR: N_(
        "Stories about youth protection, without saying of which institution: of those too few told to name it"
    ),
}


def unnamed_about_offices(
    stories: Mapping[OfficeKind, Sequence[Story]], href: Callable[[int], str], asked: str | None
) -> UnnamedStories | None:
    """Stories about one of many offices, by kind; None where there are none."""
    return _unnamed({gettext(_UNNAMED[kind]): of_kind for kind, of_kind in stories.items()}, href, asked)


def _unnamed(
    stories: Mapping[str, Sequence[Story]], href: Callable[[int], str], asked: str | None
) -> UnnamedStories | None:
    """The page that is asked for, of these stories by title; `href` makes the addresses of the pages."""
    most = max(map(len, stories.values()), default=0)
    if not most:
        return None
    pager = Pager.over(most, UNNAMED_TOGETHER, asked, href)
    here = slice((pager.page - 1) * UNNAMED_TOGETHER, pager.page * UNNAMED_TOGETHER)
    groups = [UnnamedGroup(title, [shown_story(one) for one in found[here]]) for title, found in stories.items()]
    return UnnamedStories([group for group in groups if group.stories], pager)
