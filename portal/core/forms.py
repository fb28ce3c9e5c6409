"""Small pieces that forms of every package are made of. Fields come from WTForms, words from us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import Field, Form, StringField
from wtforms.validators import StopValidation, ValidationError

from portal.core.languages import gettext
from portal.core.mail.types import mailbox

Check = Callable[[Form, Field], None]


class DeskForm(Form):
    """A form of a desk: only the fields that it names are read, whatever else is sent."""

    def first_error(self, name: str) -> str:
        """What is wrong with a field; empty where nothing is."""
        errors = self[name].errors
        return str(errors[0]) if errors else ""

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong, by the name of the field."""
        return {name: self.first_error(name) for name in self._fields if self[name].errors}


def stripped(text: str | None) -> str:
    """What was typed, without the spaces around it."""
    return (text or "").strip()


def text_field(*checks: Check) -> StringField:
    """One line of text."""
    return StringField(filters=[stripped], validators=list(checks))


def filled(message: str) -> Check:
    """Refuse an empty field with `message` (marked for translation)."""

    def check(_form: Form, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext(message))

    return check


def at_most(characters: int, message: str) -> Check:
    """Refuse more than so many characters with `message`, whose `%(most)s` is that number.

    No later check, and no `validate_…` of the form, sees what is too long: it may take time in proportion to it.
    """

    def check(_form: Form, field: Field) -> None:
        if len(field.data or "") > characters:
            raise StopValidation(gettext(message, most=characters))

    return check


def an_email(message: str) -> Check:
    """Refuse what is not the address of one mailbox."""

    def check(_form: Form, field: Field) -> None:
        try:
            mailbox(field.data or "")
        except ValueError:
            raise ValidationError(gettext(message)) from None

    return check


def one_of(values: Callable[[], Mapping[str, Any]], message: str) -> Check:
    """Refuse what is not one of the choices."""

    def check(_form: Form, field: Field) -> None:
        if field.data not in values():
            raise ValidationError(gettext(message))

    return check
