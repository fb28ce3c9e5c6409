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
KEEP = "keep"
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
        text = field.data or ""
        found = _found(text)
        kinds = [kind for _, _, kind in found]
        if not found or (self.keep.data == "ja" and PersonalKind.BSN not in kinds):
            return
        quoted = [
            f"{gettext(_KINDS.get(kind, _OTHER))} (“{text[start:end].strip()}”)"
            for start, end, kind in found[:MOST_QUOTED]
        ]  # fmt: skip
        raise ValidationError(
            gettext(
                "Is this about one family? Here seems to stand %(what)s. Say it without, so that nobody can be "
                "recognised. What you wrote still stands here.",
                what=", ".join(quoted),
            )
        )

    @property
    def asks_to_keep(self) -> bool:
        """Whether to ask if what was found is about nobody."""
        kinds = _kinds(self.text.data or "")
        return bool(kinds) and PersonalKind.BSN not in kinds


def _found(text: str) -> Sequence[Found]:
    """What may be about one family; a month is what figures are about."""
    return [one for one in find_personal_data(text) if one.kind is not PersonalKind.MONTH]


def _kinds(text: str) -> Sequence[str]:
    return [kind for _, _, kind in _found(text)]
