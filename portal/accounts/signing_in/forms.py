"""The forms of signing in: what is asked, and what is said where it cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Field, Form, PasswordField, StringField
from wtforms.validators import ValidationError

from portal.accounts.signing_in.passwords import LONGEST, SHORTEST, Weakness, weakness
from portal.core.forms import DeskForm, an_email, at_most, filled, text_field
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.core.text import one_line

LONGEST_NAME = 120
_WEAKNESSES = {
    Weakness.SHORT: N_("Choose at least %(shortest)s characters. Three words in a row are easy to remember."),
    Weakness.LONG: N_("A password can have %(longest)s characters at most. Choose a shorter one."),
    Weakness.COMMON: N_("Many people take this password, so it is easily guessed. Choose something of your own, such "
                        "as three words that have nothing to do with each other."),
    Weakness.PERSONAL: N_("Your name, your mail address or the name of this site is the first thing that others try. "
                          "Choose something else."),
}  # fmt: skip


def weakness_words(password: str, personal: Sequence[str]) -> str:
    """Why this password cannot be taken, in the language of the page; empty where it can."""
    found = weakness(password, personal)
    return gettext(_WEAKNESSES[found], shortest=SHORTEST, longest=LONGEST) if found else ""


def name_field() -> StringField:
    """A person's name, on one line: what cannot be seen in it could make it look like another."""
    return StringField(
        filters=[lambda typed: one_line(typed or "")],
        validators=[
            filled(N_("Fill in your name, as your colleagues know you.")),
            at_most(LONGEST_NAME, N_("A name can have %(most)s characters at most.")),
            _no_address,
        ],
    )


def _no_address(_form: Form, field: Field) -> None:
    """Refuse a name that holds an address: it goes out in mails of ours, to people whom its owner chooses."""
    if any(mark in (field.data or "") for mark in "/@<>"):
        raise ValidationError(gettext("Write only your name here, without signs such as / and @."))


class NewPasswordForm(DeskForm):
    """A part of every form in which a password is chosen."""

    personal: Sequence[str] = ()
    """Words that belong to the person or the site, and make a weak password."""
    password = PasswordField()

    def validate_password(self, field: Field) -> None:
        """Asked by WTForms."""
        words = weakness_words(field.data or "", self.personal)
        if words:
            raise ValidationError(words)


class SignInForm(DeskForm):
    """Mail address and password."""

    email = text_field(filled(N_("Fill in your mail address.")))
    password = PasswordField(validators=[filled(N_("Fill in your password."))])


class OneTimeCodeForm(DeskForm):
    """The code of the phone."""

    code = text_field(filled(N_("Fill in the six digits that your phone shows.")))


class RecoveryForm(DeskForm):
    """A code of the paper."""

    code = text_field(filled(N_("Fill in one of the codes of your paper.")))


class MailCodeForm(DeskForm):
    """The code of a mail."""

    code = text_field(filled(N_("Fill in the code of the mail: four groups of four letters and digits.")))


class AcceptForm(NewPasswordForm):
    """Who accepts an invitation gives a name and a password."""

    name = name_field()

    def validate_password(self, field: Field) -> None:
        """Asked by WTForms."""
        self.personal = [*self.personal, self.name.data or ""]
        super().validate_password(field)


class PasswordOnlyForm(DeskForm):
    """The password, asked once more."""

    password = PasswordField(validators=[filled(N_("Fill in your password."))])


class ForgottenForm(DeskForm):
    """To which mail address the code goes."""

    email = text_field(an_email(N_("This is not a mail address. Write it like this: naam@voorbeeld.nl.")))


class NewPasswordWithCodeForm(NewPasswordForm):
    """The code of the mail and another password."""

    code = text_field(filled(N_("Fill in the code of the mail: four groups of four letters and digits.")))
