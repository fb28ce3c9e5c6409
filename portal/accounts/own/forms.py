"""The forms of the own account."""

from __future__ import annotations

from wtforms import PasswordField

from portal.accounts.signing_in.forms import NewPasswordForm, name_field
from portal.core.forms import DeskForm, filled, text_field
from portal.core.messages import N_


class NameForm(DeskForm):
    """One's own name."""

    name = name_field()


class ChangePasswordForm(NewPasswordForm):
    """The password of now, and another."""

    current_password = PasswordField(validators=[filled(N_("Fill in the password that you have now."))])


class EndForm(DeskForm):
    """Which sign-in ends; `andere` for all but this one."""

    sign_in = text_field()


class RoleForm(DeskForm):
    """One of one's own roles."""

    role = text_field()
