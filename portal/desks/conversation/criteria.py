"""What is asked of the pages of a conversation, cleaned from their address: what cannot be read is left out."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from portal.catalogue.criteria import LIST
from portal.choosing.criteria import Pairs, read_list
from portal.core.text import whole_number

LONGEST = 500
FILTERS = ("q", "gemeente", "arrangement", "leeftijd", "wachttijd")
ALL_MUNICIPALITIES = "alle"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A search, and the list that is made of it. Nothing in it is about one family but an age."""

    filters: Pairs
    """By name, as they were typed; in the order of `FILTERS`."""
    keys: tuple[str, ...]
    """What names the offers on the list."""
    fitted: int | None
    """How many providers fitted the search with which the list was made."""
    shows_all: bool
    page: int

    @classmethod
    def read(cls, args: MultiDict[str, str], municipality: str) -> Conversation:
        """From an address; `municipality` is filled in where the address says nothing of it."""
        told = {name: " ".join(args.get(name, "").split())[:LONGEST] for name in FILTERS}
        if "gemeente" not in args:
            told["gemeente"] = municipality
        return cls(
            tuple((name, value) for name, value in told.items() if value),
            read_list(args.getlist(LIST)),
            whole_number(args.get("gepast", ""), 3),
            args.get("alle") == "ja",
            whole_number(args.get("pagina", ""), 3) or 1,
        )

    @property
    def asked(self) -> dict[str, str]:
        """The filters by name."""
        return dict(self.filters)

    @property
    def is_asked(self) -> bool:
        """Whether there is something to search for: a municipality alone is no question."""
        return any(name != "gemeente" for name, _ in self.filters)

    @property
    def list_pairs(self) -> Pairs:
        """The list as parameters."""
        return tuple((LIST, key) for key in self.keys)

    @property
    def pairs(self) -> Pairs:
        """Everything but the page, as parameters."""
        fitted = () if self.fitted is None else (("gepast", str(self.fitted)),)
        return (*self.filters, *fitted, *self.list_pairs)
