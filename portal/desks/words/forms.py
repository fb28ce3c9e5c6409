"""The forms in which words and rows of lists are edited."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from portal.catalogue.edits.types import Edit, EditedList, EditState, Place, Said
from portal.core.forms import DeskForm, at_most, filled, stripped
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.core.speaking import KEPT, can_be_kept, question_about
from portal.core.text import fold, slugify, whole_number
from portal.search.vocabulary import Expression, Voice

MOST_ADDED = 50
LONGEST_EXPRESSION = 160
MOST_SENTENCES = 20
LONGEST_SENTENCE = 300
LONGEST_LABEL = 80
LONGEST_EXPLANATION = 600
_SPACES = re.compile(r"\s+")


def lines(text: str) -> list[str]:
    """The lines of what was typed, without empty ones and doubles."""
    return list(dict.fromkeys(filter(None, (_SPACES.sub(" ", line).strip(" -•*\t") for line in text.splitlines()))))


def seen(args: MultiDict[str, str]) -> int:
    """Up to which version the page had shown how things stand; of anything else 0, so that nothing is overwritten."""
    return whole_number(args.get("gezien", ""), 11) or 0


class TrialForm(DeskForm):
    """Sentences to try."""

    zinnen = StringField(filters=[stripped])

    def validate_zinnen(self, field: Field) -> None:
        """Asked by WTForms."""
        typed = lines(field.data or "")
        if len(typed) > MOST_SENTENCES:
            raise ValidationError(gettext("Try %(most)s sentences at most.", most=MOST_SENTENCES))
        if any(len(line) > LONGEST_SENTENCE for line in typed):
            raise ValidationError(
                gettext("One of them is long. Write %(most)s characters at most.", most=LONGEST_SENTENCE)
            )

    @property
    def sentences(self) -> list[str]:
        """What is to be tried."""
        return lines(self.zinnen.data or "")


class ExpressionsForm(TrialForm):
    """What is said of one topic: what is added, switched off, and switched on again."""

    erbij = StringField(filters=[stripped])
    stem = StringField()
    keep = StringField()

    def __init__(
        self, topic: str, there: Mapping[str, Expression], off: Mapping[str, Said], of_files: Collection[Place],
        data: MultiDict[str, str],
    ):  # fmt: skip
        """`there` and `off` are what is said of it now, and what was switched off, by key."""
        super().__init__(data)
        self._topic, self._of_files = topic, of_files
        self.off = [there[key] for key in data.getlist("uit") if key in there]
        self.on = [off[key] for key in data.getlist("aan") if key in off]

    def validate_erbij(self, field: Field) -> None:
        """Asked by WTForms."""
        typed = lines(field.data or "")
        if len(typed) > MOST_ADDED:
            raise ValidationError(gettext("Add %(most)s at once, at most. Keep these first.", most=MOST_ADDED))
        for line in typed:
            if len(line) > LONGEST_EXPRESSION:
                raise ValidationError(
                    gettext(
                        "“%(words)s …” is long. Write %(most)s characters at most, short and telling.",
                        words=line[:40], most=LONGEST_EXPRESSION,
                    )
                )  # fmt: skip
            if not any(character.isalpha() for character in line):
                raise ValidationError(gettext("“%(words)s” holds no word.", words=line))
        if question := question_about(*typed, is_kept=self.is_kept):
            raise ValidationError(question)

    @property
    def is_kept(self) -> bool:
        """Whether who typed it says that it is about nobody, though it looks so."""
        return self.keep.data == KEPT

    @property
    def asks_to_keep(self) -> bool:
        """Whether to ask if what looks like personal data is about nobody."""
        return can_be_kept(*lines(self.erbij.data or ""))

    @property
    def voice(self) -> Voice:
        """Whose words these are."""
        return Voice.PROFESSIONAL if self.stem.data == Voice.PROFESSIONAL else Voice.FAMILY

    @property
    def added(self) -> list[Said]:
        """What is new."""
        return [Said(self._topic, self.voice.value, line, False) for line in lines(self.erbij.data or "")]

    @property
    def edits(self) -> list[Edit]:
        """All of it as edits."""
        on = [
            Edit(one.place, EditState.AS_FILE) if one.place in self._of_files
            else Edit(one.place, EditState.SET, _cells(one))
            for one in self.on
        ]  # fmt: skip
        off = [
            Edit(Place.of_expression(one.topic, one.text), EditState.OFF, {"voice": one.voice, "expression": one.text})
            for one in self.off
        ]
        return [*off, *on, *(Edit(one.place, EditState.SET, _cells(one)) for one in self.added)]


def _cells(one: Said) -> dict[str, str]:
    return {"voice": one.voice, "expression": one.text}


class RowForm(TrialForm):
    """A row of a list in one language."""

    label = StringField(filters=[stripped])
    explanation = StringField(
        filters=[stripped],
        validators=[
            filled(N_("Explain it in a sentence or two.")),
            at_most(LONGEST_EXPLANATION, N_("That is long: %(most)s characters at most. One or two sentences do.")),
        ],
    )
    easy = StringField(
        filters=[stripped],
        validators=[at_most(LONGEST_EXPLANATION, N_("That is long: %(most)s characters at most."))],
    )
    see = StringField(filters=[stripped], validators=[at_most(LONGEST_EXPLANATION, N_("That is long."))])
    parent = StringField(filters=[stripped])

    def __init__(
        self, of: EditedList, language: str, key: str | None, known: Mapping[str, str], parents: Mapping[str, str],
        data: MultiDict[str, str],
    ):  # fmt: skip
        """`key` is None for a new row; `known` has the name (folded) of every other row of the list, with its key."""
        super().__init__(data)
        self._list, self._language, self._key, self._known, self._parents = of, language, key, known, parents

    def validate_label(self, field: Field) -> None:
        """Asked by WTForms."""
        name = field.data or ""
        if self._key is not None and self._list is EditedList.GLOSSARY:
            return
        if not any(character.isalpha() for character in name):
            raise ValidationError(gettext("Give it a name, in the words of families."))
        if len(name) > LONGEST_LABEL:
            raise ValidationError(gettext("That is long: %(most)s characters at most.", most=LONGEST_LABEL))
        other = self._known.get(fold(name))
        if other is not None and other != self._key:
            raise ValidationError(gettext("“%(name)s” is there already. Give it another name.", name=name))
        if self._key is None and self.place.key in self._known.values():
            raise ValidationError(gettext("“%(name)s” is there already. Give it another name.", name=name))

    def validate_parent(self, field: Field) -> None:
        """Asked by WTForms."""
        if field.data and field.data not in self._parents:
            raise ValidationError(gettext("Choose one of the topics, or none."))

    @property
    def place(self) -> Place:
        """Which row it is."""
        name = self.label.data or ""
        if self._key is not None:
            key = self._key
        elif self._list is EditedList.TOPICS:
            key = slugify(name)[:40].strip("-")
        else:
            key = name
        return Place(self._list, self._language, key)

    def edit(self, kept: Mapping[str, str]) -> Edit:
        """The row as filled in; `kept` are its cells that the form does not show."""
        cells = {"explanation": self.explanation.data or ""}
        if self._list is EditedList.GLOSSARY:
            cells["see"] = self.see.data or ""
        else:
            cells["label"] = self.label.data or ""
        if self._list is EditedList.ARRANGEMENTS:
            cells["easy"] = self.easy.data or ""
        if self._list is EditedList.TOPICS and self._key is None:
            cells["parent"] = self.parent.data or ""
        return Edit(self.place, EditState.SET, {**kept, **cells})
