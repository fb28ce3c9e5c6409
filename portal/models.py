"""All tables together: import this to have the whole schema in `Base.metadata`."""

from portal.accounts import models as accounts
from portal.catalogue import models as catalogue
from portal.catalogue.edits import models as edits
from portal.core.database import Base
from portal.core.mail import models as mail
from portal.core.security_log import models as security_log
from portal.core.throttle import models as throttle
from portal.core.trail import models as trail
from portal.desks.choice import models as choice
from portal.desks.corrections import models as corrections
from portal.desks.imports import models as imports
from portal.desks.reminders import models as reminders
from portal.desks.texts import models as texts
from portal.exchange import models as exchange
from portal.outcomes import models as outcomes
from portal.reviews import models as reviews
from portal.search.white_spots import models as white_spots

__all__ = [
    "Base",
    "accounts",
    "catalogue",
    "choice",
    "corrections",
    "edits",
    "exchange",
    "imports",
    "mail",
    "outcomes",
    "reminders",
    "reviews",
    "security_log",
    "texts",
    "throttle",
    "trail",
    "white_spots",
]
