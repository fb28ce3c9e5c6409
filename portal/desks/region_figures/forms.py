"""The forms with which a region decides about figures."""

from __future__ import annotations

from datetime import date

from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from portal.core.forms import DeskForm, at_most, text_field
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.core.speaking import SpeechForm
from portal.core.text import whole_number
from portal.outcomes.types import Audience, Ruling

LONGEST_REASON = 500


class PhaseForm(DeskForm):
    """To whom figures go: today, or by themselves on a day."""

    to = text_field()
    day = text_field()
    reason = text_field(at_most(LONGEST_REASON, N_("Say it in %(most)s characters at most.")))
    was = HiddenField()
    """Who saw them when the page was made."""

    def validate_to(self, field: Field) -> None:
        """Asked by WTForms."""
        if field.data not in list(Audience):
            raise ValidationError(gettext("Choose who may see these figures."))

    def validate_day(self, field: Field) -> None:
        """Asked by WTForms."""
        if field.data and self.on is None:
            raise ValidationError(gettext("%(day)s is not a date. Write it like 27-11-2026.", day=field.data))

    @property
    def audience(self) -> Audience:
        """Who may see them; the form has been found right."""
        return Audience(self.to.data or "")

    @property
    def seen(self) -> Audience | None:
        """Who saw them when the page was made; None where that cannot be read."""
        return Audience(self.was.data) if self.was.data in list(Audience) else None

    @property
    def on(self) -> date | None:
        """The day, as a date field sends it or as people write it; None for today."""
        parts = (self.day.data or "").split("-")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
            return None
        year, month, day = parts if len(parts[0]) == 4 else reversed(parts)
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            return None


class RulingForm(SpeechForm):
    """What the region decides about an objection, and why."""

    ruling = text_field()
    objection = HiddenField()

    def validate_ruling(self, field: Field) -> None:
        """Asked by WTForms."""
        if field.data not in list(Ruling):
            raise ValidationError(gettext("Choose what you decide."))

    @property
    def objection_id(self) -> int:
        """Which objection; 0 where that cannot be read."""
        return whole_number(self.objection.data or "", 9) or 0
