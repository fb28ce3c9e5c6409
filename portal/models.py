"""All tables together: import this to have the whole schema in `Base.metadata`."""

from portal.catalogue import models as catalogue
from portal.core.database import Base
from portal.exchange import models as exchange
from portal.outcomes import models as outcomes
from portal.search.white_spots import models as white_spots

__all__ = ["Base", "catalogue", "exchange", "outcomes", "white_spots"]
