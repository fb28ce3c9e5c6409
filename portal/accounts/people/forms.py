"""The forms with which people are invited and changed."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from portal.accounts.types import PROFESSIONS, Post, Profession, Role, Scope
from portal.core.forms import DeskForm, an_email, at_most, text_field
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.core.text import whole_number

LONGEST_REASON = 500


def role_choices(roles: tuple[Role, ...]) -> Mapping[str, tuple[Role, Profession | None]]:
    """What can be chosen, by its value in a form: a role, or a profession where the role comes in several."""
    choices: dict[str, tuple[Role, Profession | None]] = {}
    for role in roles:
        for profession in PROFESSIONS.get(role, (None,)):
            choices[f"{role}:{profession}" if profession else role.value] = (role, profession)
    return choices


class PostForm(DeskForm):
    """A role with what it is of. What is chosen from is given by `choose_from`."""

    role = text_field()
    provider = text_field()
    municipality = text_field()

    def choose_from(
        self,
        scope: Scope,
        roles: tuple[Role, ...],
        providers: Mapping[str, int],
        municipalities: Mapping[str, str],
    ) -> None:
        """What can be given by who reaches this far: roles, providers (slug to id), municipalities (name to code)."""
        self._scope, self._roles = scope, role_choices(roles)
        self._providers, self._municipalities = providers, municipalities

    def validate_role(self, field: Field) -> None:
        """Asked by WTForms."""
        if field.data not in self._roles:
            raise ValidationError(gettext("Choose a role from the list."))

    def validate_provider(self, field: Field) -> None:
        """Asked by WTForms."""
        role = self._roles.get(self.role.data or "", (None, None))[0]
        if role is None or not role.is_of_provider or self._scope.provider_id is not None:
            return
        if field.data not in self._providers:
            raise ValidationError(gettext("Choose the provider at which they work."))

    def validate_municipality(self, field: Field) -> None:
        """Asked by WTForms."""
        role = self._roles.get(self.role.data or "", (None, None))[0]
        if role is not None and role.is_of_municipality and field.data not in self._municipalities:
            raise ValidationError(gettext("Choose the municipality for which they work."))

    @property
    def post(self) -> Post:
        """What was chosen; the form has been found right."""
        role, profession = self._roles[self.role.data or ""]
        provider_id = None
        if role.is_of_provider:
            provider_id = self._scope.provider_id or self._providers[self.provider.data or ""]
        municipality = self._municipalities[self.municipality.data or ""] if role.is_of_municipality else ""
        return Post(role, self._scope.region_id, provider_id, municipality, profession)


class InviteForm(PostForm):
    """Whom to invite, to what."""

    email = text_field(an_email(N_("This is not a mail address. Write it like this: naam@voorbeeld.nl.")))

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong, in the order of the page, which asks for the mail address first."""
        found = super().problems
        return {name: found[name] for name in ("email", "role", "provider", "municipality") if name in found}


class VersionForm(DeskForm):
    """Which state of somebody was seen, so that nothing is changed that somebody else changed meanwhile."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was seen; one that fits nothing where it cannot be read."""
        version = whole_number(self.version.data or "", 9)
        return -1 if version is None else version


class ChangeForm(PostForm, VersionForm):
    """Another role."""


class ReasonForm(VersionForm):
    """Why somebody's access ends."""

    reason = text_field(at_most(LONGEST_REASON, N_("Say it in %(most)s characters at most.")))
