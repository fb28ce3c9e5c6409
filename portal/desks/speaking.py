"""What people of a desk write for others to read: short, and nothing about one family."""

from __future__ import annotations

from wtforms import Field
from wtforms.validators import ValidationError

from portal.core.forms import DeskForm, at_most, text_field
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.core.personal_data import PersonalKind, find_personal_data

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

    asks_to_keep = False
    """Whether to ask if what was found is about nobody; known once the form was looked at."""

    @property
    def may_tell(self) -> frozenset[PersonalKind]:
        """What is no sign of one family here; a month is what figures are about."""
        return frozenset({PersonalKind.MONTH})

    def validate_text(self, field: Field) -> None:
        """Asked by WTForms, of a text that is not too long."""
        text = field.data or ""
        found = [one for one in find_personal_data(text) if one.kind not in self.may_tell]
        is_sure = any(kind is PersonalKind.BSN for _, _, kind in found)
        self.asks_to_keep = bool(found) and not is_sure
        if not found or (self.keep.data == "ja" and not is_sure):
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
