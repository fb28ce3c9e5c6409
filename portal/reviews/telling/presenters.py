"""The pages of the questionnaire, ready for their templates."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from portal.accounts.signing_in.codes import CODE_LENGTH
from portal.catalogue.codelists import CodeLists
from portal.core.languages import chosen, gettext, ngettext
from portal.core.messages import N_
from portal.core.pages import Notice, Option, Tone
from portal.core.personal_data import find_personal_data
from portal.reviews.models import InvitationBatch
from portal.reviews.questions import QuestionKind, QuestionSet
from portal.reviews.telling.drafts import Told
from portal.reviews.telling.operations import LONGEST_TEXT
from portal.reviews.types import Voice
from portal.reviews.wording import PERSONAL, VOICES, help_words

VOICE = "voice"
"""The key of the first page, on which is asked who tells."""
CHECK = "check"
"""The key of the last page, before sending."""


@dataclass(frozen=True, slots=True)
class CodePage:
    """Where the code is typed."""

    code: str
    error: str
    notice: Notice | None
    text: str
    """What somebody wrote on a page that can no longer be sent: to be copied."""
    goes_on: bool = False
    """Whether somebody came back in the middle, to an address that shows nothing without its form."""


@dataclass(frozen=True, slots=True)
class StepPage:
    """One question."""

    key: str
    provider: str
    arrangement: str
    progress: str
    title: str
    hint: str
    is_text: bool
    is_mark: bool
    options: Sequence[Option]
    text: str
    longest: int
    error: str
    other: str
    """What was written meanwhile on another device."""
    has_previous: bool
    is_young: bool
    hidden: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `kind` says what it could tell, where it could tell who somebody is."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question with what was answered."""

    key: str
    title: str
    answer: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything before it is sent."""

    provider: str
    rows: Sequence[AnswerRow]
    found: Sequence[str]
    """What could tell who they are: words and what they are."""
    error: str
    hidden: Sequence[tuple[str, str]]
    is_young: bool
    notice: Notice | None
    phrase: str
    happens: Sequence[str]
    """What happens with it when it was sent."""


@dataclass(frozen=True, slots=True)
class LaterPage:
    """Stopped for now."""

    until: str
    is_young: bool
    address: str
    """To be typed on another device."""


@dataclass(frozen=True, slots=True)
class HouseRules:
    """The rules in words."""

    rules: Sequence[str]


@dataclass(frozen=True, slots=True)
class SentPage:
    """It was sent."""

    phrase: str
    words: Sequence[str]
    is_young: bool
    thanks: str
    notice: Notice | None


def seen(answer: str) -> str:
    """What a page carries of the answer that it was made with, to notice another device."""
    return hashlib.sha256(answer.encode("utf-8", "replace")).hexdigest()[:16]


def code_error(typed: str) -> str:
    """What is wrong with what cannot be a code, exactly."""
    characters = [c for c in typed.upper() if c.isalnum()]
    strange = sorted({c for c in characters if c == "U" or not (c.isascii() and c.isalnum())})
    if not characters:
        return gettext("Type the code that stands on your letter.")
    if strange:
        signs = " ".join(f"“{one}”" for one in strange)
        return gettext("%(signs)s is in no code of ours. Look once more at your letter.", signs=signs)
    missing = CODE_LENGTH - len(characters)
    if missing > 0:
        return ngettext(
            "%(num)s character is still missing. A code has sixteen, in four groups of four.",
            "%(num)s characters are still missing. A code has sixteen, in four groups of four.",
            missing,
        )
    return ngettext(
        "This is %(num)s character too many. A code has sixteen, in four groups of four.",
        "This is %(num)s characters too many. A code has sixteen, in four groups of four.",
        -missing,
    )


UNKNOWN_CODE = N_(
    "We do not know this code. Is each character right? A zero and the letter O are the same to us. A code of another "
    "region works only on the site that stands on that letter."
)


def spent_notice() -> Notice:
    """The code was used."""
    return Notice(
        Tone.INFO,
        gettext("A story was already sent with this code"),
        gettext(
            "Each code is good for one story. Was that you, perhaps on another device? Then you can come back with "
            "the eight words that you got. Was it not you? Ask whoever gave you the letter for a new one."
        ),
    )


def expired_notice(until: date) -> Notice:
    """The code is too old."""
    day = format_date(until, "long", locale=chosen())
    return Notice(
        Tone.INFO,
        gettext("This code worked until %(day)s", day=day),
        gettext("You can still tell your story: ask the region or your municipality for a new letter."),
    )


def steps_of(questions: QuestionSet) -> Sequence[str]:
    """The keys of the pages, in their order."""
    return (VOICE, *(question.key for question in questions.questions), CHECK)


def step_page(
    key: str,
    told: Told,
    questions: QuestionSet,
    batch: InvitationBatch,
    lists: CodeLists,
    hidden: Sequence[tuple[str, str]],
    error: str = "",
    typed: str | None = None,
    other: str = "",
) -> StepPage:
    """The page of one question; `typed` is what was typed where that is not what is kept."""
    steps = steps_of(questions)
    number, kept = steps.index(key) + 1, told.answers.get(key, "")
    asked = _asked(key, told, questions)
    return StepPage(
        key=key,
        provider=batch.about_name,
        arrangement=help_words(batch, lists),
        progress=gettext("Question %(number)s of %(all)s", number=number, all=len(steps) - 1),
        title=asked.title,
        hint=asked.hint,
        is_text=asked.kind is QuestionKind.TEXT,
        is_mark=asked.kind is QuestionKind.MARK,
        options=asked.options,
        text=kept if typed is None else typed,
        longest=LONGEST_TEXT,
        error=error,
        other=other,
        has_previous=number > 1,
        is_young=told.voice is Voice.YOUNG_PERSON,
        hidden=[*hidden, ("vraag", key), ("gezien", seen(other or kept))],
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it is asked of this voice."""

    title: str
    hint: str
    kind: QuestionKind
    options: Sequence[Option]


def _asked(key: str, told: Told, questions: QuestionSet) -> _Asked:
    question = questions.question(key)
    if question is None:
        hint = gettext("Then we ask the right questions. Are you younger than twelve? Let somebody tell it for you.")
        voices = [Option(voice.value, gettext(VOICES[voice]), voice is told.voice) for voice in Voice]
        return _Asked(gettext("Who is telling this?"), hint, QuestionKind.CHOICE, voices)
    wording, kept = question.wording(chosen(), told.voice or Voice.PARENT), told.answers.get(key, "")
    options = [
        Option(value, label, value == kept) for value, label in zip(question.options, wording.options, strict=True)
    ]
    if question.kind is not QuestionKind.TEXT:
        options.append(Option("", gettext("I would rather not say")))
    return _Asked(wording.title, wording.hint, question.kind, options)


def check_page(
    told: Told, questions: QuestionSet, batch: InvitationBatch, hidden: Sequence[tuple[str, str]], phrase: str,
    notice: Notice | None, hides: bool, error: str = "",
) -> CheckPage:  # fmt: skip
    """Everything that was told, with what could tell who they are.

    `hides`: whether a text about this kind of office can appear without its name.
    """
    voice = told.voice or Voice.PARENT
    rows, texts = [AnswerRow(VOICE, gettext("Who is telling this?"), gettext(VOICES[voice]), ())], list[str]()
    for question in questions.questions:
        wording, answer = question.wording(chosen(), voice), told.answers.get(question.key, "")
        if question.kind is QuestionKind.TEXT:
            texts.append(answer)
            nothing = "" if answer else gettext("nothing written")
            rows.append(AnswerRow(question.key, wording.title, nothing, pieces_of(answer)))
        else:
            labels = dict(zip(question.options, wording.options, strict=True))
            rows.append(AnswerRow(question.key, wording.title, labels.get(answer, gettext("rather not said")), ()))
    return CheckPage(
        provider=batch.about_name, rows=rows, found=found_in(*texts), error=error, hidden=hidden,
        is_young=voice is Voice.YOUNG_PERSON, notice=notice, phrase=phrase,
        happens=_happens_young(batch, hides) if voice is Voice.YOUNG_PERSON else _happens(batch, hides),
    )  # fmt: skip


def _happens(batch: InvitationBatch, hides: bool) -> Sequence[str]:
    if batch.office_kind is None:
        few = gettext(
            "Are there too few? Then it appears within a year among other stories about this kind of help, without the "
            "name of the provider."
        )
        reads = gettext("The provider can answer below it. It never learns who you are.")
    elif hides:
        few = gettext(
            "Are there too few? Then it appears within a year among stories about others, without saying who."
        )
        reads = gettext("They read it when everybody can. They never learn who you are.")
    else:
        few = gettext("Are there too few? Then it waits until there are three.")
        reads = gettext("They read it when everybody can. They never learn who you are.")
    return (
        gettext(
            "Somebody of the region reads it within five working days. They leave out what could tell who you are, and "
            "never change what you think."
        ),
        gettext(
            "It appears as soon as three stories about %(name)s are ready, with the quarter and without your name, "
            "place or date.", name=batch.about_name,
        ),
        few,
        gettext("What you chose is only counted, together with at least nine others."),
        reads,
        gettext("You can always change it or take it back, with eight words that you get now."),
    )  # fmt: skip


def _happens_young(batch: InvitationBatch, hides: bool) -> Sequence[str]:
    """The same in the words of somebody of twelve."""
    appears = gettext(
        "It comes on the site when there are three stories about %(name)s. Without your name, your town or the day.",
        name=batch.about_name,
    )
    if batch.office_kind is None:
        few = gettext("Do no three come? Then it comes within a year, without the name of who helped you.")
        reads = gettext("Who helped you can write something below it. We never tell them who you are.")
    else:
        few = (
            gettext("Do no three come? Then it comes within a year, without saying whom it is about.") if hides
            else gettext("Do no three come? Then it waits.")
        )  # fmt: skip
        reads = gettext("They read it when everybody can. We never tell them who you are.")
    return (
        gettext("First somebody of the region reads it, within five working days. They take out what could tell who "
                "you are. They never change what you think."),
        appears,
        few,
        gettext("What you ticked, we add to that of nine others or more. On the site nobody sees what you ticked."),
        reads,
        gettext("You can always change it or take it away. You do that with eight words. You get them now."),
    )  # fmt: skip


def pieces_of(text: str) -> Sequence[Piece]:
    """`text` cut at what could tell who somebody is."""
    pieces, at = list[Piece](), 0
    for start, end, kind in find_personal_data(text):
        pieces += [Piece(text[at:start]), Piece(text[start:end], gettext(PERSONAL[kind]))]
        at = end
    return [piece for piece in (*pieces, Piece(text[at:])) if piece.text]


def found_in(*texts: str) -> Sequence[str]:
    """What in these texts could tell who somebody is: each once, with what it is."""
    pieces = [piece for text in texts for piece in pieces_of(text) if piece.kind]
    return list(dict.fromkeys(f"{piece.text} ({piece.kind})" for piece in pieces))


def later_page(until: date, address: str, told: Told) -> LaterPage:
    """Until when one can go on, and at which address."""
    return LaterPage(format_date(until, "long", locale=chosen()), told.voice is Voice.YOUNG_PERSON, address)


def sent_page(phrase: str, voice: Voice, has_text: bool, notice: Notice | None) -> SentPage:
    """Thanks, and the words to come back with; `has_text`: whether something was written, and not only chosen."""
    if voice is Voice.PARENT:
        thanks = gettext("Your story has arrived. It helps families who have to choose now.")
    elif has_text:
        thanks = gettext("Your story has arrived. It takes courage to tell this.")
    else:
        thanks = gettext("Your answers have arrived. They help others who have to choose now.")
    return SentPage(phrase, phrase.split(), voice is Voice.YOUNG_PERSON, thanks, notice)
