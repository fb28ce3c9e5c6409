"""Words and lists at the desk, ready for a template."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from babel.dates import format_datetime

from portal.catalogue.codelists import DEFAULT_LANGUAGE, CodeLists
from portal.catalogue.edits.models import ListEdit
from portal.catalogue.edits.types import Edit, EditedList, EditState, Place, Said
from portal.core import languages
from portal.core.clock import AMSTERDAM
from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Option, Pager, Tone
from portal.core.text import fold
from portal.search.trying import Moved, Reading, Tried
from portal.search.vocabulary import Expression, Voice
from portal.search.word_check import Clash, ClashKind

MOST_FOUND = 60
LISTS = {
    EditedList.TOPICS: ("onderwerpen", N_("Topics")),
    EditedList.ARRANGEMENTS: ("soorten-hulp", N_("Kinds of help")),
    EditedList.GLOSSARY: ("woordenlijst", N_("Word list")),
}
"""The lists with their part of the address, and what they are called."""
_COLUMNS = {
    "label": N_("Name"), "explanation": N_("Explanation"), "easy": N_("In easier words"), "see": N_("See also"),
    "words": N_("Words of families"), "parent": N_("Belongs to"), "expression": N_("Words"), "voice": N_("Whose words"),
}  # fmt: skip


# --- all topics ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is said of a topic."""

    text: str
    topic: Link


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic in the list."""

    link: Link
    count: str
    is_edited: bool


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """A topic with those below it."""

    title: str
    rows: Sequence[TopicRow]


@dataclass(frozen=True, slots=True)
class WordsPage:
    """Everything that can be edited."""

    notice: Notice | None
    asked: str
    found: Sequence[Found]
    found_said: str
    new_word: str
    """A word that is to be added to a topic."""
    groups: Sequence[TopicGroup]
    options: Sequence[Option]
    lists: Sequence[Link]
    history_href: str


def words_page(
    lists: CodeLists, expressions: Sequence[Expression], asked: str, new_word: str, topic: str, notice: Notice | None
) -> WordsPage:
    """All topics, of which `topic` is chosen already; with `asked` also what is said with these words."""
    wanted = fold(asked)
    found = [one for one in expressions if wanted in fold(one.text)] if wanted else []
    counts: dict[str, int] = {}
    for one in expressions:
        counts[one.topic] = counts.get(one.topic, 0) + 1
    edited = {one.topic for one in lists.said}
    return WordsPage(
        notice, asked, [Found(one.text, topic_link(one.topic, lists)) for one in found[:MOST_FOUND]],
        _found_said(asked, len(found)) if asked else "", new_word,
        [
            _group(code, lists, counts, edited)
            for code, topic in lists.topics.items()
            if topic.parent is None
        ],
        topic_options(lists, topic), [_list_link(of) for of in LISTS], link("words.history"),
    )  # fmt: skip


def _group(code: str, lists: CodeLists, counts: Mapping[str, int], edited: Collection[str]) -> TopicGroup:
    rows = [
        TopicRow(topic_link(one, lists), _expressions(counts.get(one, 0)), one in edited)
        for one in lists.topic_and_below(code)
    ]
    title = rows[0].link.label if len(rows) == 1 else f"{rows[0].link.label} ({len(rows)})"
    return TopicGroup(title, rows)


def _found_said(asked: str, many: int) -> str:
    if not many:
        return gettext("Nothing is said with “%(words)s” yet.", words=asked)
    said = ngettext("%(num)s time", "%(num)s times", many)
    if many > MOST_FOUND:
        return gettext("“%(words)s”: %(times)s. The first %(most)s:", words=asked, times=said, most=MOST_FOUND)
    return gettext("“%(words)s”: %(times)s.", words=asked, times=said)


def _expressions(many: int) -> str:
    return ngettext("%(num)s expression", "%(num)s expressions", many)


def topic_options(lists: CodeLists, selected: str = "") -> list[Option]:
    """All topics to choose from, those below another one indented."""
    return [
        Option(code, lists.label("topics", code, chosen()).label, code == selected, indent=1 if topic.parent else 0)
        for code, topic in lists.topics.items()
    ]


def topic_link(code: str, lists: CodeLists) -> Link:
    """To what is said of a topic."""
    label = lists.label("topics", code, chosen())
    return Link(label.label, link("words.topic", code=code), label.explanation)


def list_href(of: EditedList) -> str:
    """Where the rows of a list are."""
    return link("words.rows", name=LISTS[of][0])


def _list_link(of: EditedList) -> Link:
    return Link(gettext(LISTS[of][1]), list_href(of))


# --- one topic, and what a change does ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that is said of a topic, to be switched off or on."""

    key: str
    text: str
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Pile:
    """What is said of a topic by some."""

    title: str
    name: str
    """Of the field that switches it."""
    rows: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Side:
    """How a sentence is understood."""

    understood: str
    providers: str


@dataclass(frozen=True, slots=True)
class ShownTrial:
    """A sentence, before and after."""

    sentence: str
    before: Side
    after: Side
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do, before it is kept."""

    lead: str
    objections: Sequence[str]
    """What cannot be kept as it is."""
    warnings: Sequence[str]
    tried: Sequence[ShownTrial]
    same: str
    moved: Sequence[str]
    changes: Sequence[tuple[str, str, str]] = ()
    """Of a row: column, what it was and what it will be."""
    note: str = ""
    is_same: bool = False
    """Whether it stands there like this already."""

    @property
    def may_keep(self) -> bool:
        """Whether it can be kept."""
        return not self.objections and not self.is_same


@dataclass(frozen=True, slots=True)
class TopicPage:
    """What is said of a topic."""

    title: str
    explanation: str
    back: Link
    rename: Link
    action: str
    seen: int
    notice: Notice | None
    errors: Mapping[str, str]
    added: str
    asks_to_keep: bool
    is_kept: bool
    sentences: str
    voices: Sequence[Option]
    piles: Sequence[Pile]
    preview: Preview | None


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed on the page of a topic."""

    added: str = ""
    sentences: str = ""
    voice: Voice = Voice.FAMILY
    off: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()
    asks_to_keep: bool = False
    """Whether something in it looks like personal data that can be about nobody."""
    is_kept: bool = False


def topic_page(
    code: str, lists: CodeLists, expressions: Sequence[Expression], seen: int, given: Given, *,
    errors: Mapping[str, str] | None = None, notice: Notice | None = None, preview: Preview | None = None,
) -> TopicPage:  # fmt: skip
    """A topic with all that is said of it."""
    own = {one.place for one in lists.said if not one.is_off}
    off = [one for one in lists.said if one.is_off and one.topic == code]
    here = [one for one in expressions if one.topic == code]
    label = lists.label("topics", code, chosen())
    piles = [
        _pile(N_("Added at this desk"), [one for one in here if _place(one) in own], given),
        _pile(
            N_("What families say"),
            [one for one in here if one.voice is Voice.FAMILY and _place(one) not in own], given,
        ),
        _pile(
            N_("What professionals write"),
            [one for one in here if one.voice is Voice.PROFESSIONAL and _place(one) not in own], given,
        ),
    ]  # fmt: skip
    switched_off = Pile(
        gettext("Switched off"), "aan",
        [Shown(one.place.key, one.text, one.place.key in given.on) for one in off],
    )  # fmt: skip
    return TopicPage(
        title=label.label,
        explanation=label.explanation,
        back=Link(gettext("All topics"), link("words.index", onderwerp=code)),
        rename=Link(
            gettext("Change its name and explanation"),
            link("words.row", name=LISTS[EditedList.TOPICS][0], key=code),
        ),
        action=link("words.topic", code=code),
        seen=seen,
        notice=notice,
        errors=errors or {},
        added=given.added,
        asks_to_keep=given.asks_to_keep,
        is_kept=given.is_kept,
        sentences=given.sentences,
        voices=[
            Option(Voice.FAMILY, gettext("Families say it so"), given.voice is Voice.FAMILY),
            Option(Voice.PROFESSIONAL, gettext("Professionals write it so"), given.voice is Voice.PROFESSIONAL),
        ],
        piles=[pile for pile in (*piles, switched_off) if pile.rows],
        preview=preview,
    )


def _place(one: Expression) -> Place:
    return Place.of_expression(one.topic, one.text)


def _pile(title: str, rows: Sequence[Expression], given: Given) -> Pile:
    shown = [
        Shown((key := _place(one).key), one.text, key in given.off)
        for one in sorted(rows, key=lambda one: (one.text.count(" "), fold(one.text)))
    ]
    return Pile(f"{gettext(title)} ({len(shown)})", "uit", shown)


def objections(found: Sequence[tuple[Said, Clash]], lists: CodeLists) -> tuple[list[str], list[str]]:
    """What is wrong with new expressions: what cannot be kept, and what can but should not."""
    wrong, doubtful = [], []
    for said, clash in found:
        if clash.kind is ClashKind.SAYS_NOTHING:
            wrong.append(gettext("“%(words)s” says nothing by itself. Add the word that matters.", words=said.text))
        elif clash.kind is ClashKind.TWICE:
            wrong.append(gettext("“%(words)s” is there already. Leave it out.", words=said.text))
        elif clash.kind is ClashKind.ELSEWHERE:
            other = lists.label("topics", clash.topic, chosen()).label
            doubtful.append(
                gettext(
                    "“%(words)s” is also said of “%(topic)s”. Said of both it tells little. Make it longer, or switch "
                    "it off there.", words=said.text, topic=other,
                )
            )  # fmt: skip
    return wrong, doubtful


def preview(
    tried: Sequence[Tried], moved: Sequence[Moved], wrong: Sequence[str], doubtful: Sequence[str], before: CodeLists,
    after: CodeLists, *, changes: Sequence[tuple[str, str, str]] = (), many: int = 0, is_searched: bool = True,
    is_same: bool = False,
) -> Preview:  # fmt: skip
    """What a change would do; nothing at all where it `is_same` as what stands there."""
    if is_same:
        return Preview(
            gettext("This changes nothing: it stands there like this already."), (), (), (), "", (), is_same=True
        )
    shown = [
        ShownTrial(one.sentence, _side(one.before, before), _side(one.after, after), one.is_changed)
        for one in sorted(tried, key=lambda one: not one.is_changed)
    ]
    same = sum(not one.is_changed for one in tried)
    return Preview(
        lead=_lead(many, is_searched, is_felt=bool(wrong or moved or same < len(tried))),
        objections=wrong,
        warnings=doubtful,
        tried=[one for one in shown if one.is_changed],
        same=_same(same, len(tried)),
        moved=[
            gettext(
                "“%(sentence)s” is about %(topic)s. Now we would think first of: %(after)s.", sentence=one.sentence,
                topic=_label(one.topic, after), after=_label(one.after, after) if one.after else gettext("nothing"),
            )
            for one in moved
            if one.before == one.topic
        ],
        changes=changes,
        note=gettext(
            "We also read the texts of providers for these words. That happens after you keep it, and can still "
            "change who comes first."
        )
        if is_searched
        else "",
    )  # fmt: skip


def _lead(many: int, is_searched: bool, *, is_felt: bool) -> str:
    if not is_searched:
        return gettext("This changes what people read, not what search finds.")
    if not is_felt:
        return gettext(
            "This changes nothing in what search understands: other words lead there already. Nothing is kept yet."
        )
    return ngettext(
        "This is what %(num)s change does to search. Nothing is kept yet.",
        "This is what %(num)s changes do to search. Nothing is kept yet.", many,
    )  # fmt: skip


def nothing_chosen() -> Notice:
    """There is nothing to look at the effect of."""
    return Notice(
        Tone.INFO, gettext("This changes nothing yet"),
        gettext("Write what people say, or tick what search should no longer know."),
    )  # fmt: skip


def _same(same: int, all_of_them: int) -> str:
    if not all_of_them:
        return ""
    if same == all_of_them:
        return ngettext(
            "The %(num)s sentence that we tried is understood as before.",
            "All %(num)s sentences that we tried are understood as before.", same,
        )  # fmt: skip
    if same:
        return ngettext(
            "%(num)s other sentence is understood as before.", "%(num)s other sentences are understood as before.", same
        )
    return ""


def _side(reading: Reading, lists: CodeLists) -> Side:
    understood = ", ".join(_label(code, lists) for code in reading.topics) or gettext("nothing for sure")
    if reading.total is None:
        return Side(understood, gettext("there is no search index at the moment"))
    if not reading.providers:
        return Side(understood, gettext("nobody"))
    names = ", ".join(reading.providers)
    more = reading.total - len(reading.providers)
    if more > 0:
        names = ngettext("%(names)s, and %(num)s more", "%(names)s, and %(num)s more", more, names=names)
    return Side(understood, names)


def _label(code: str, lists: CodeLists) -> str:
    return lists.label("topics", code, chosen()).label


# --- rows of lists --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A row in its list."""

    link: Link
    is_edited: bool


@dataclass(frozen=True, slots=True)
class RowsPage:
    """All rows of a list."""

    title: str
    back: Link
    notice: Notice | None
    rows: Sequence[Row]
    add: Link | None


def rows_of(of: EditedList, lists: CodeLists, language: str) -> dict[str, dict[str, str]]:
    """The rows of a list by key, each with its cells, as people read them in `language`."""
    if of is EditedList.GLOSSARY:
        return {
            term.term: {"label": term.term, "explanation": term.explanation, "see": "; ".join(term.see)}
            for term in lists.glossary(language)
        }
    codes = lists.topics if of is EditedList.TOPICS else lists.arrangements
    found = {code: lists.label(of.value, code, language) for code in codes}
    return {
        code: {"label": label.label, "explanation": label.explanation, "easy": label.easy}
        for code, label in found.items()
    }


def rows_page(of: EditedList, lists: CodeLists, edited: Iterable[Place], notice: Notice | None) -> RowsPage:
    """A list."""
    touched = {place.key for place in edited if place.list is of}
    name, title = LISTS[of]
    add = {
        EditedList.TOPICS: gettext("Add a topic"),
        EditedList.GLOSSARY: gettext("Add a term"),
    }
    return RowsPage(
        gettext(title), Link(gettext("Words and lists"), link("words.index")), notice,
        [
            Row(Link(cells["label"], link("words.row", name=name, key=key), cells["explanation"]), key in touched)
            for key, cells in rows_of(of, lists, chosen()).items()
        ],
        Link(add[of], link("words.new_row", name=name)) if of in add else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowField:
    """A field of a row."""

    name: str
    label: str
    value: str
    error: str
    hint: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class RowPage:
    """A row to be edited."""

    title: str
    back: Link
    action: str
    seen: int
    notice: Notice | None
    errors: Mapping[str, str]
    fields: Sequence[RowField]
    parents: Sequence[Option]
    languages: Sequence[Link]
    sentences: str
    asks_sentences: bool
    off_label: str
    """What the button says that takes the row away, or back to how it came; empty: there is none."""
    off_value: str
    preview: Preview | None = None
    hidden: Sequence[tuple[str, str]] = field(default=())


_HINTS = {
    "label": N_("As families would say it, in a few words."),
    "explanation": N_("One or two short sentences, without words that need explaining themselves."),
    "easy": N_("The same in still easier words, spoken to a young person. May be empty."),
    "see": N_("Other terms, with ; between them. May be empty."),
}


def row_page(
    of: EditedList, key: str | None, language: str, cells: Mapping[str, str], seen: int, state: EditState | None, *,
    is_of_files: bool, parents: Sequence[Option] = (), errors: Mapping[str, str] | None = None,
    notice: Notice | None = None, preview: Preview | None = None, sentences: str = "",
) -> RowPage:  # fmt: skip
    """A row, or a new one where `key` is None."""
    name, title = LISTS[of]
    problems = errors or {}
    shown = {
        EditedList.TOPICS: ("label", "explanation"),
        EditedList.ARRANGEMENTS: ("label", "explanation", "easy"),
        EditedList.GLOSSARY: ("explanation", "see") if key is not None else ("label", "explanation", "see"),
    }[of]
    labels = {"label": gettext("Term") if of is EditedList.GLOSSARY else gettext("Name")}
    address = link("words.new_row", name=name) if key is None else link("words.row", name=name, key=key)
    off_label, off_value = "", ""
    if state is EditState.SET:
        off_value = "terug" if is_of_files else "uit"
        off_label = gettext("Back to how it came") if is_of_files else gettext("Switch it off")
    elif state is EditState.OFF:
        off_value, off_label = "terug", gettext("Switch it on again")
    return RowPage(
        title=cells.get("label") or (gettext("A new topic") if of is EditedList.TOPICS else gettext("A new term")),
        back=Link(gettext(title), list_href(of)),
        action=address,
        seen=seen,
        notice=notice,
        errors=problems,
        fields=[
            RowField(
                one, labels.get(one) or gettext(_COLUMNS[one]), cells.get(one, ""), problems.get(one, ""),
                gettext(_HINTS[one]), one in ("explanation", "easy"),
            )
            for one in shown
        ],
        parents=parents if of is EditedList.TOPICS and key is None else (),
        languages=[
            Link(other.name, link("words.row", name=name, key=key, taal=other.code))
            for other in languages.available()
            if other.code != language and key is not None
        ],
        sentences=sentences,
        asks_sentences=of is EditedList.TOPICS and language == DEFAULT_LANGUAGE,
        off_label=off_label,
        off_value=off_value,
        preview=preview,
        hidden=[("taal", language)],
    )  # fmt: skip


def changes_of(before: Mapping[str, str], edit: Edit, lists: CodeLists) -> list[tuple[str, str, str]]:
    """What an edit changes in the cells of a row."""
    return [
        (gettext(_COLUMNS[name]), _cell(name, before.get(name, ""), lists), _cell(name, value, lists))
        for name, value in edit.values.items()
        if name in _COLUMNS and value != before.get(name, "")
    ]


def _cell(name: str, value: str, lists: CodeLists) -> str:
    if name == "parent" and value in lists.topics:
        return _label(value, lists)
    if name == "voice":
        return gettext("families") if value == Voice.FAMILY else gettext("professionals")
    return value


# --- what was edited --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version of a row."""

    what: str
    """What it is about, for the name of the button."""
    said: str
    """Who did what."""
    cells: Sequence[tuple[str, str]]
    when: str
    back_action: str
    """Where it is taken back; empty where a later version lies over it."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """What this region edited, newest first."""

    notice: Notice | None
    back: Link
    versions: Sequence[ShownVersion]
    pager: Pager


def history_page(
    versions: Sequence[ListEdit], is_latest: Callable[[ListEdit], bool], lists: CodeLists, pager: Pager,
    notice: Notice | None,
) -> HistoryPage:  # fmt: skip
    """Versions with the way back."""
    return HistoryPage(
        notice, Link(gettext("Words and lists"), link("words.index")),
        [_version(one, is_latest(one), lists) for one in versions], pager,
    )  # fmt: skip


_SAID = {
    EditState.SET: N_("%(who)s added “%(words)s” to “%(topic)s”."),
    EditState.OFF: N_("%(who)s switched “%(words)s” off at “%(topic)s”."),
    EditState.AS_FILE: N_("%(who)s let “%(words)s” at “%(topic)s” be as it came with the portal."),
}
"""What somebody did with words of a topic."""
_WRITTEN = {
    EditState.SET: N_("%(who)s wrote “%(row)s” in the list “%(list)s”."),
    EditState.OFF: N_("%(who)s switched “%(row)s” off in the list “%(list)s”."),
    EditState.AS_FILE: N_("%(who)s let “%(row)s” in the list “%(list)s” be as it came with the portal."),
}
"""What somebody did with a row of a list."""


def _version(one: ListEdit, is_latest: bool, lists: CodeLists) -> ShownVersion:
    who = one.actor_label
    if one.list is EditedList.EXPRESSIONS:
        code, _, text = one.key.partition(":")
        what, topic = str(one.values.get("expression") or text), _label(code, lists)
        said = gettext(_SAID[one.state], who=who, words=what, topic=topic)
        cells = [(name, value) for name, value in one.values.items() if name == "voice"]
    else:
        name = one.key if one.list is EditedList.GLOSSARY else lists.label(one.list.value, one.key, chosen()).label
        what = str(one.values.get("label") or name)
        of = gettext(LISTS[one.list][1])
        if one.language != DEFAULT_LANGUAGE:
            of += f" ({languages.language(one.language).name})"
        said = gettext(_WRITTEN[one.state], who=who, row=what, list=of)
        cells = [(column, value) for column, value in one.values.items() if column != "label" and value]
    moment = format_datetime(one.at.astimezone(AMSTERDAM), "d MMM y, H:mm", locale=chosen())
    return ShownVersion(
        what, said, [(gettext(_COLUMNS.get(column, column)), _cell(column, value, lists)) for column, value in cells],
        moment, link("words.take_back", version_id=str(one.id)) if is_latest else "",
    )  # fmt: skip


# --- notices ----------------------------------------------------------------------------------------------------


def done(what: str | None) -> Notice | None:
    """What was just done."""
    texts = {
        "bewaard": (
            gettext("It is kept"),
            gettext("Search goes over to it by itself, mostly within a minute. Until then it works as before."),
        ),
        "gelijk": (gettext("Nothing changed"), gettext("It was like that already.")),
        "kies": (gettext("Choose a topic with it"), gettext("A word is understood by the topic that it belongs to.")),
        "terug": (
            gettext("It is taken back"),
            gettext("Search goes over to it by itself, mostly within a minute. Until then it works as before."),
        ),
    }
    return Notice(Tone.INFO, *texts[what]) if what in texts else None


def changed_meanwhile() -> Notice:
    """A colleague was first."""
    return Notice(
        Tone.WARNING, gettext("A colleague changed this a moment ago"),
        gettext("Nothing was kept. Look at how it is now; what you typed is still here."),
    )  # fmt: skip


def of_another_region() -> Notice:
    """It is not ours to change."""
    return Notice(
        Tone.WARNING, gettext("Another region on this site changed this"),
        gettext("Words and names hold for the whole site. What another region wrote is theirs to change."),
    )  # fmt: skip


def has_others_below() -> Notice:
    """A topic cannot go before those that belong to it."""
    return Notice(
        Tone.WARNING, gettext("Other topics belong to this one"), gettext("Switch those off first."),
    )  # fmt: skip


def looks_like_a_secret() -> Notice:
    """It is nothing that families say."""
    return Notice(
        Tone.WARNING, gettext("This looks like a password or a key"),
        gettext("Nothing was kept. Write words that families use."),
    )  # fmt: skip
