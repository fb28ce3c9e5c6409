"""What people of a desk write for others to read: short, and nothing about one family."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Field
from wtforms.validators import ValidationError

from portal.core.forms import DeskForm, at_most, text_field
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.core.personal_data import Found, PersonalKind, find_personal_data

LONGEST_SPEECH = 500
MOST_QUOTED = 3
KEPT = "ja"
"""What the box says with which a writer keeps what was asked about."""
_KINDS = {
    PersonalKind.NAME: N_("a name"),
    PersonalKind.LINK: N_("a link"),
    PersonalKind.SCHOOL: N_("the name of a school"),
    PersonalKind.BSN: N_("a citizen service number"),
    PersonalKind.PHONE: N_("a phone number"),
    PersonalKind.MAIL: N_("a mail address"),
    PersonalKind.ADDRESS: N_("an address"),
    PersonalKind.DATE: N_("a date"),
    PersonalKind.PLATE: N_("a number plate"),
}
_OTHER = N_("something about one person")


class SpeechForm(DeskForm):
    """A few sentences that others will read.

    What looks like personal data is asked about first; whoever wrote it can say that it is about nobody. Of a citizen
    service number that cannot be.
    """

    text = text_field(at_most(LONGEST_SPEECH, N_("Say it in %(most)s characters at most.")))
    keep = text_field()

    def validate_text(self, field: Field) -> None:
        """Asked by WTForms."""
        if question := question_about(field.data or "", is_kept=self.keep.data == KEPT):
            raise ValidationError(question)

    @property
    def asks_to_keep(self) -> bool:
        """Whether to ask if what was found is about nobody."""
        return can_be_kept(self.text.data or "")


def question_about(*texts: str, is_kept: bool) -> str:
    """What to ask whoever wrote this, in words; empty where nothing looks like personal data.

    With `is_kept` its writer says that it is about nobody: then nothing is asked, save about a citizen service number.
    """
    found = [(text, one) for text in texts for one in _found(text)]
    if not found or (is_kept and can_be_kept(*texts)):
        return ""
    quoted = [
        f"{gettext(_KINDS.get(one.kind, _OTHER))} (“{text[one.start : one.end].strip()}”)"
        for text, one in found[:MOST_QUOTED]
    ]
    return gettext(
        "Is this about one family? Here seems to stand %(what)s. Say it without, so that nobody can be "
        "recognised. What you wrote still stands here.",
        what=", ".join(quoted),
    )


def can_be_kept(*texts: str) -> bool:
    """Whether something was found that can be about nobody: of a citizen service number that cannot be."""
    kinds = {one.kind for text in texts for one in _found(text)}
    return bool(kinds) and PersonalKind.BSN not in kinds


def _found(text: str) -> Sequence[Found]:
    """What may be about one family; a month is what figures are about."""
    return [one for one in find_personal_data(text) if one.kind is not PersonalKind.MONTH]
