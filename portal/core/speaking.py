"""What people of a desk write for others to read: short, and nothing about one family."""

from __future__ import annotations

from collections.abc import Sequence, Set

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
MAY_TELL = frozenset({PersonalKind.MONTH})
"""A month is what figures are about."""


class SpeechForm(DeskForm):
    """A few sentences that others will read.

    What looks like personal data is asked about first; whoever wrote it can say that it is about nobody. Of a citizen
    service number that cannot be.
    """

    text = text_field(at_most(LONGEST_SPEECH, N_("Say it in %(most)s characters at most.")))
    keep = text_field()

    asks_to_keep = False
    """Whether to ask if what was found is about nobody; known once the form was looked at."""

    @property
    def may_tell(self) -> frozenset[PersonalKind]:
        """What is no sign of one family here."""
        return MAY_TELL

    def validate_text(self, field: Field) -> None:
        """Asked by WTForms, of a text that is not too long."""
        text = field.data or ""
        self.asks_to_keep = can_be_kept(text, may_tell=self.may_tell)
        if question := question_about(text, is_kept=self.keep.data == KEPT, may_tell=self.may_tell):
            raise ValidationError(question)


def question_about(*texts: str, is_kept: bool, may_tell: Set[PersonalKind] = MAY_TELL) -> str:
    """What to ask whoever wrote this, in words; empty where nothing looks like personal data.

    With `is_kept` its writer says that it is about nobody: then nothing is asked, save about a citizen service number.
    """
    found = [(text, one) for text in texts for one in _found(text, may_tell)]
    if not found or (is_kept and can_be_kept(*texts, may_tell=may_tell)):
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


def can_be_kept(*texts: str, may_tell: Set[PersonalKind] = MAY_TELL) -> bool:
    """Whether something was found that can be about nobody: of a citizen service number that cannot be."""
    kinds = {one.kind for text in texts for one in _found(text, may_tell)}
    return bool(kinds) and PersonalKind.BSN not in kinds


def _found(text: str, may_tell: Set[PersonalKind]) -> Sequence[Found]:
    return [one for one in find_personal_data(text) if one.kind not in may_tell]
