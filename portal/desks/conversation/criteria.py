"""What is asked of the pages of a conversation, cleaned from their address: what cannot be read is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from portal.catalogue.criteria import LIST
from portal.choosing.criteria import Pairs, read_list
from portal.core.text import whole_number
from portal.search.criteria import Sort

LONGEST = 500
FILTERS = ("q", "gemeente", "arrangement", "leeftijd", "wachttijd", "sorteer")
ALL_MUNICIPALITIES = "alle"
_NO_QUESTION = frozenset({"gemeente", "sorteer"})


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
        if told["sorteer"] != Sort.WAITING:
            told["sorteer"] = ""
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
    def chosen(self) -> dict[str, str]:
        """Of these the ones that narrow the search: "all municipalities" does not, and its words may name one."""
        return {name: value for name, value in self.filters if (name, value) != ("gemeente", ALL_MUNICIPALITIES)}

    @property
    def is_asked(self) -> bool:
        """Whether there is something to search for: a municipality alone is no question, nor is an order."""
        return any(name not in _NO_QUESTION for name, _ in self.filters)

    @property
    def soonest_first(self) -> bool:
        """Whether who can begin soonest is to come first."""
        return self.asked.get("sorteer") == Sort.WAITING

    def with_said(self, said: Mapping[str, str]) -> Conversation:
        """With filters that the words of the question say themselves, where none was chosen: so the list knows them."""
        told = {**said, **self.chosen}
        return replace(self, filters=tuple((name, told[name]) for name in FILTERS if told.get(name)))

    @property
    def list_pairs(self) -> Pairs:
        """The list as parameters."""
        return tuple((LIST, key) for key in self.keys)

    @property
    def pairs(self) -> Pairs:
        """Everything but the page, as parameters."""
        fitted = () if self.fitted is None else (("gepast", str(self.fitted)),)
        return (*self.filters, *fitted, *self.list_pairs)
