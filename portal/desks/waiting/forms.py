"""The form in which a waiting time is told."""

from __future__ import annotations

import re

from wtforms import Field, StringField
from wtforms.validators import ValidationError

from portal.core.forms import DeskForm, one_of, stripped, text_field
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.desks.waiting.types import LONGEST_WAIT, Told

_WEEKS = re.compile(r"(\d{1,4})\s*(?:weken|week|wk\.?|weeks)?", re.IGNORECASE | re.ASCII)
TAKES = {"ja": True, "nee": False}


class WaitingForm(DeskForm):
    """How long a family waits, and whether new families are taken."""

    version = StringField()
    confirmed = StringField()
    intake = StringField(filters=[stripped])
    start = StringField(filters=[stripped])
    accepting = text_field(one_of(lambda: TAKES, N_("Choose whether you take new families now.")))

    def validate_intake(self, field: Field) -> None:
        """Asked by WTForms."""
        _weeks(field)

    def validate_start(self, field: Field) -> None:
        """Asked by WTForms."""
        start = _weeks(field)
        if start is None and TAKES.get(self.accepting.data or ""):
            raise ValidationError(
                gettext("Fill in after how many weeks the help begins. Are you not sure? Then estimate it.")
            )
        intake = self.intake.data or ""
        if start is not None and _WEEKS.fullmatch(intake) and start < _number(intake):
            raise ValidationError(
                gettext("The help begins after %(start)s weeks, but the first talk is later. Look at both again.",
                        start=start)
            )  # fmt: skip

    @property
    def is_confirmation(self) -> bool:
        """Whether what stands is still right, whatever the fields say."""
        return self.confirmed.data == "ja"

    @property
    def told(self) -> Told:
        """What was filled in; the form has been found right."""
        intake, start = (_number(field.data) if field.data else None for field in (self.intake, self.start))
        return Told(intake, start, TAKES[self.accepting.data or ""])


def _weeks(field: Field) -> int | None:
    """The number of weeks in a field; None where it is empty. Raises ValidationError for anything else."""
    text = field.data or ""
    if not text:
        return None
    if not _WEEKS.fullmatch(text):
        raise ValidationError(gettext("Write a whole number of weeks, such as 6."))
    number = _number(text)
    if number > LONGEST_WAIT:
        raise ValidationError(
            gettext("That is more than ten years. Write the number of weeks, %(most)s at most.", most=LONGEST_WAIT)
        )
    return number


def _number(text: str) -> int:
    found = _WEEKS.fullmatch(text)
    return int(found[1]) if found else 0
