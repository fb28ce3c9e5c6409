"""The form with which a municipality is remembered."""

from __future__ import annotations

from portal.core.forms import DeskForm, text_field


class MunicipalityForm(DeskForm):
    """A municipality by its CBS code; empty for all of them."""

    municipality = text_field()
