"""What can be read of talks about the choice, for the page a desk begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.accounts.types import Scope
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Link
from portal.desks.choice.queries import finished_quarters
from portal.reviews.types import Quarter
from portal.reviews.wording import quarter_words

NEW_FOR = timedelta(days=31)


def just_told(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """The quarter that ended lately, where talks were counted in it."""
    now = Quarter.of(today)
    if today - now.first_day >= NEW_FOR:
        return ()
    if now.before(1) not in finished_quarters(session, scope.region_id, now, scope.municipality):
        return ()
    words = gettext("New: what came of the talks of the %(quarter)s", quarter=quarter_words(str(now.before(1))))
    return [Link(words, link("choice.own_numbers"))]
