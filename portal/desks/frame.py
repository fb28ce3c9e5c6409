"""The frame of every signed-in page: who is signed in, as what, and where one can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from portal.accounts.access import Visitor, own_desk
from portal.accounts.signing_in.web import usable_memberships
from portal.accounts.types import Audience
from portal.accounts.wording import DESKS, post_words
from portal.catalogue.codelists import current_code_lists
from portal.core.database import current_session
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import NavLink, Option
from portal.desks.parts import Place, parts_for


@dataclass(frozen=True, slots=True)
class DeskFrame:
    """What stands around a signed-in page."""

    name: str
    post: str
    desk: str
    home_href: str
    nav: Sequence[NavLink]
    """The parts of the desk."""
    part: str
    """What the part of this page is called."""
    pages: Sequence[NavLink]
    """The pages of that part; none where it has but one."""
    others: Sequence[Option]
    """What else this person can work as."""
    form_token: str


def desk_frame(visitor: Visitor) -> DeskFrame:
    """The frame for whoever is signed in."""
    membership, lists, here = visitor.membership, current_code_lists(), request.endpoint or ""
    parts = parts_for(visitor.may)
    part = next((one for one in parts if any(place.is_at(here) for place in one.places)), None)
    beside = part.places if part and len(part.places) > 1 else ()
    held = usable_memberships(current_session(), visitor.sign_in)
    return DeskFrame(
        name=visitor.person.name or visitor.person.email,
        post=post_words(membership, lists) if membership else gettext("no role at the moment"),
        desk=gettext(DESKS[Audience.of(membership.role)]) if membership else gettext("My account"),
        home_href=own_desk(membership),
        nav=[_nav(one.places[0], one.name, here, is_around=one is part) for one in parts],
        part=gettext(part.name) if part else "",
        pages=[_nav(one, one.name, here, is_around=one.is_at(here)) for one in beside],
        others=[Option(one.public_id, post_words(one, lists)) for one in held if one is not membership],
        form_token=visitor.form_token,
    )


def _nav(place: Place, name: str, here: str, *, is_around: bool) -> NavLink:
    is_here = place.endpoint == here
    return NavLink(gettext(name), link(place.endpoint), is_here, is_around and not is_here)
