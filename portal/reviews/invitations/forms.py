"""The forms with which codes are made and counted."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import Field
from wtforms.validators import ValidationError

from portal.core.forms import DeskForm, text_field
from portal.core.languages import gettext
from portal.core.messages import N_
from portal.core.text import whole_number
from portal.reviews.invitations.operations import LARGEST_BATCH
from portal.reviews.offices.queries import Tellable
from portal.reviews.types import SMALLEST_BATCH, Occasion

_NOT_A_NUMBER = N_("Write a whole number, for example 20.")


def number(text: str | None) -> int | None:
    """A whole number of at most six digits; None where it is none."""
    return whole_number((text or "").strip(), 6)


class IssueForm(DeskForm):
    """Which codes to make. What is chosen from is given by `choose_from`."""

    provider = text_field()
    """A provider, or an office: of whom families will tell."""
    arrangement = text_field()
    occasion = text_field()
    codes = text_field()

    def choose_from(self, tellable: Mapping[str, Tellable], arrangements: Mapping[str, str]) -> None:
        """Of whom families can tell, and the kinds of help that there are."""
        self.tellable, self.arrangements = tellable, arrangements

    @property
    def about(self) -> Tellable | None:
        """Of whom families will tell; None where that was not chosen."""
        return self.tellable.get(self.provider.data or "")

    @property
    def chosen_arrangement(self) -> str:
        """The kind of help; empty for an office, which gives none."""
        return "" if self.about is not None and self.about.kind is not None else self.arrangement.data or ""

    def validate_provider(self, field: Field) -> None:
        """Asked by WTForms."""
        if field.data not in self.tellable:
            raise ValidationError(gettext("Choose about whom the families tell."))

    def validate_arrangement(self, field: Field) -> None:
        """Asked by WTForms."""
        if self.about is not None and self.about.kind is not None:
            return  # an office decides about help, and gives none
        if field.data not in self.arrangements:
            raise ValidationError(gettext("Choose the kind of help."))

    def validate_occasion(self, field: Field) -> None:
        """Asked by WTForms."""
        if field.data not in tuple(Occasion):
            raise ValidationError(gettext("Choose when they are handed over."))

    def validate_codes(self, field: Field) -> None:
        """Asked by WTForms."""
        wanted = number(field.data)
        if wanted is None:
            raise ValidationError(gettext(_NOT_A_NUMBER))
        if not SMALLEST_BATCH <= wanted <= LARGEST_BATCH:
            raise ValidationError(
                gettext(
                    "Make %(least)s to %(most)s at once. With fewer one could tell whose story it is; keep what you "
                    "do not need now.", least=SMALLEST_BATCH, most=LARGEST_BATCH,
                )
            )  # fmt: skip


class HandedOutForm(DeskForm):
    """How many were handed over."""

    handed_out = text_field()
    as_planned = text_field()

    @property
    def numbers(self) -> tuple[int, int] | None:
        """Both numbers; None where one is none."""
        handed_out, as_planned = number(self.handed_out.data), number(self.as_planned.data)
        return None if handed_out is None or as_planned is None else (handed_out, as_planned)
