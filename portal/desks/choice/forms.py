"""The form with which a talk is counted: numbers and choices, and no room for words about a family."""

from __future__ import annotations

import re

from wtforms import Field, StringField
from wtforms.validators import ValidationError

from portal.catalogue.codelists import current_code_lists
from portal.core.forms import DeskForm, one_of, stripped, text_field
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.desks.choice.types import MOST_PROVIDERS, Talk

_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
LEAST_CHOICE = 2
"""A choice is between two or more."""


class TalkForm(DeskForm):
    """How many fitted, how many were talked about, and what came of it."""

    press = StringField()
    arrangement = text_field(one_of(lambda: chosen_by_families(), N_("Choose the kind of help that it was about.")))
    offered = StringField(filters=[stripped])
    discussed = StringField(filters=[stripped])
    outcome = text_field(one_of(lambda: asked_outcomes(), N_("Choose what came of the talk.")))

    def validate_offered(self, field: Field) -> None:
        """Asked by WTForms."""
        _number(field, N_("Write how many providers fitted, as a whole number such as 3. Was it none? Write 0."))

    def validate_discussed(self, field: Field) -> None:
        """Asked by WTForms."""
        _number(field, N_("Write how many you talked about, as a whole number such as 2. Was it none? Write 0."))
        fitted, talked = (_read(one.data) for one in (self.offered, field))
        if fitted is not None and talked is not None and talked > fitted:
            raise ValidationError(
                gettext("You talked about %(talked)s, but only %(fitted)s fitted. Look at both again.",
                        talked=talked, fitted=fitted)
            )  # fmt: skip

    def validate_outcome(self, field: Field) -> None:
        """Asked by WTForms."""
        outcome, fitted = current_code_lists().choice_outcomes.get(field.data or ""), _read(self.offered.data)
        if outcome is not None and outcome.is_real and fitted is not None and fitted < LEAST_CHOICE:
            raise ValidationError(
                gettext(
                    "You wrote that %(fitted)s fitted. A choice is between two or more: choose below why there was "
                    "none, or change the number.", fitted=fitted,
                )
            )  # fmt: skip

    @property
    def talk(self) -> Talk:
        """What was filled in; the form has been found right."""
        return Talk(
            self.arrangement.data or "", _read(self.offered.data) or 0, _read(self.discussed.data) or 0,
            self.outcome.data or "",
        )  # fmt: skip


def chosen_by_families() -> dict[str, None]:
    """The kinds of help that a family chooses, and no court or front door."""
    lists = current_code_lists()
    return {code: None for code in lists.arrangements if code not in lists.decided_elsewhere}


def asked_outcomes() -> dict[str, None]:
    """What can be chosen as outcome today."""
    return {code: None for code, outcome in current_code_lists().choice_outcomes.items() if outcome.is_asked}


def _read(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None


def _number(field: Field, message: str) -> None:
    number = _read(field.data)
    if number is None:
        raise ValidationError(gettext(message))
    if number > MOST_PROVIDERS:
        raise ValidationError(gettext("That is more providers than there are. Look at the number again."))
