"""All tables together: import this to have the whole schema in `Base.metadata`."""

from portal.catalogue import models as catalogue
from portal.core.database import Base
from portal.exchange import models as exchange
from portal.outcomes import models as outcomes

__all__ = ["Base", "catalogue", "exchange", "outcomes"]
