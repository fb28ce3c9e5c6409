"""Where the links of a desk's pages lead: to the same pages at the desk, with the search and the list that one has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.catalogue.codelists import CodeLists
from portal.catalogue.presenters.common import Leads
from portal.choosing.presenters.common import address
from portal.core import languages
from portal.desks.conversation.criteria import Conversation

SEARCH, LIST_PAGE, SHEET = "conversation.search", "conversation.shortlist", "conversation.sheet"
COMPARE, PROVIDER, OFFER = "conversation.compare", "conversation.provider", "conversation.offer"
REMEMBER = "conversation.remember_municipality"
_OF_THE_CASE = frozenset({"gemeente", "leeftijd"})


@dataclass(frozen=True, slots=True)
class DeskLeads(Leads):
    """Nobody leaves the desk: whoever opens an offer comes back to the same search and list."""

    asked: Conversation
    code_lists: CodeLists

    def provider(self, slug: str, _place: str | None, /) -> str:
        """The page of a provider, at the desk."""
        return address(PROVIDER, self.asked.pairs, slug=slug)

    def stories(self, slug: str, page: int) -> str:
        """A page of the stories about a provider, at the desk."""
        return address(PROVIDER, (*self.asked.pairs, ("pagina", str(page))), slug=slug) + "#ervaringen"

    def offer(self, slug: str, identifier: str, _place: str | None, /) -> str:
        """The page of an offer, at the desk."""
        return address(OFFER, self.asked.pairs, slug=slug, identifier=identifier)

    def search(self, _place: str | None, /, *, arrangement: str | None = None, topic: str | None = None) -> str:
        """Another search for the same family: it keeps where, how old and the list."""
        about = self.code_lists.label("topics", topic, languages.DEFAULT).label if topic else None
        other = tuple((name, value) for name, value in (("q", about), ("arrangement", arrangement)) if value)
        case = tuple(pair for pair in self.asked.filters if pair[0] in _OF_THE_CASE)
        return address(SEARCH, (*other, *case, *self.asked.list_pairs))

    def shortlist(self, keys: tuple[str, ...], _place: str | None, /) -> str:
        """The list of this conversation, with these offers on it."""
        return address(LIST_PAGE, replace(self.asked, keys=keys).pairs)
