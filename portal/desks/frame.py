"""The frame of every signed-in page: who is signed in, as what, and where one can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from portal.accounts.access import Visitor, own_desk
from portal.accounts.permissions import Permission
from portal.accounts.signing_in.web import usable_memberships
from portal.accounts.types import Audience
from portal.accounts.wording import DESKS, post_words
from portal.catalogue.codelists import current_code_lists
from portal.core.database import current_session
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import NavLink, Option

_NAVIGATION = (
    ("desks.region", N_("Today"), Permission.REGION_DESK),
    ("desks.referrer", N_("Today"), Permission.REFERRER_DESK),
    ("desks.provider", N_("Today"), Permission.PROVIDER_DESK),
    ("texts.index", N_("What families read"), Permission.PROVIDER_DESK),
    ("approvals.queue", N_("Changes"), Permission.APPROVE_CHANGES),
    ("waiting.index", N_("Waiting times"), Permission.PROVIDER_DESK),
    ("by_hand.index", N_("Providers"), Permission.EDIT_CATALOGUE),
    ("contracts.soon", N_("Ending contracts"), Permission.EDIT_CATALOGUE),
    ("imports.index", N_("Files"), Permission.IMPORT_FILES),
    ("dashboard.choice", N_("How it goes"), Permission.REGION_DESK),
    ("reminders.stale", N_("Still right?"), Permission.REGION_DESK),
    ("region_figures.index", N_("Figures"), Permission.REGION_FIGURES),
    ("conversation.search", N_("Search and list"), Permission.REFERRER_DESK),
    ("phased_figures.totals", N_("Figures"), Permission.PHASED_FIGURES),
    ("choice.index", N_("Real choice"), Permission.RECORD_CHOICE),
    ("found_with.index", N_("Words of families"), Permission.PROVIDER_DESK),
    ("gaps.index", N_("White spots"), Permission.REGION_DESK),
    ("words.index", N_("Words"), Permission.EDIT_WORDS),
    ("own_figures.index", N_("Your figures"), Permission.OWN_FIGURES),
    ("corrections.queue", N_("Not right?"), Permission.HANDLE_CORRECTIONS),
    ("corrections.own", N_("Not right?"), Permission.PROVIDER_DESK),
    ("region_people.index", N_("People"), Permission.MANAGE_REGION_PEOPLE),
    ("provider_people.index", N_("Colleagues"), Permission.MANAGE_PROVIDER_PEOPLE),
    ("moderating.index", N_("Stories"), Permission.MODERATE),
    ("invitations.index", N_("Codes"), Permission.ISSUE_CODES),
    ("own_invitations.index", N_("Codes"), Permission.ISSUE_OWN_CODES),
    ("answering.index", N_("Stories"), Permission.ANSWER_FAMILIES),
    ("team_answering.index", N_("Stories"), Permission.ANSWER_FOR_TEAM),
    ("provider_report.index", N_("Questionnaire"), Permission.OWN_FIGURES),
    ("municipality_report.index", N_("Questionnaire"), Permission.ISSUE_OWN_CODES),
    ("desks.trail", N_("Who changed what"), Permission.READ_TRAIL),
    ("own_account.account", N_("My account"), Permission.OWN_ACCOUNT),
)
"""Every page that a desk leads to, with what it asks; each sees its own."""


@dataclass(frozen=True, slots=True)
class DeskFrame:
    """What stands around a signed-in page."""

    name: str
    post: str
    desk: str
    home_href: str
    nav: Sequence[NavLink]
    others: Sequence[Option]
    """What else this person can work as."""
    form_token: str


def desk_frame(visitor: Visitor) -> DeskFrame:
    """The frame for whoever is signed in."""
    membership, lists = visitor.membership, current_code_lists()
    held = usable_memberships(current_session(), visitor.sign_in)
    return DeskFrame(
        name=visitor.person.name or visitor.person.email,
        post=post_words(membership, lists) if membership else gettext("no role at the moment"),
        desk=gettext(DESKS[Audience.of(membership.role)]) if membership else gettext("My account"),
        home_href=own_desk(membership),
        nav=[_nav(endpoint, label) for endpoint, label, permission in _NAVIGATION if visitor.may(permission)],
        others=[Option(one.public_id, post_words(one, lists)) for one in held if one is not membership],
        form_token=visitor.form_token,
    )


def _nav(endpoint: str, label: str) -> NavLink:
    return NavLink(gettext(label), link(endpoint), request.endpoint == endpoint)
