"""The page that explains the figures."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.catalogue.visitor import page_context
from portal.core.access import public
from portal.core.database import current_session
from portal.outcomes import queries
from portal.outcomes.explained import explained_page
from portal.outcomes.funnel import funnel
from portal.outcomes.rules import current_rules
from portal.outcomes.types import EVERYBODY, Indicator

blueprint = public(Blueprint("outcomes", __name__))


@blueprint.get("/resultaten")
def explained() -> str:
    """What the figures mean, where they come from, and how they can mislead."""
    context, session, rules = page_context(), current_session(), current_rules()
    found = queries.widest_average(session, Indicator.GOALS_REACHED, EVERYBODY)
    shown = queries.comparable(session, found, EVERYBODY) if found is not None else None
    example = funnel(shown, rules.rankable_from, context) if shown is not None else None
    return render_template("outcomes/explained.html", page=explained_page(example, rules, context))
