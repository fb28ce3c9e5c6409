"""What an offer is and for whom, beside its matter: it tests, it is for school teams, for after a stay in a clinic.

Such a *form* is read with the index by phrases of `words/forms.csv`, written as those of `danger.csv`, and heard in a
question by others of the same list. A topic may stand in the place of a form: then the offer is for families who tell
of that, and the question is of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from portal.search.phrases import Phrases


class Form(StrEnum):
    """What an offer is, or a question asks for."""

    FINDS_OUT = "finds_out"
    """It tests what is the matter."""
    TREATS = "treats"
    SECOND_OPINION = "second_opinion"
    AFTERCARE = "aftercare"
    """For after a stay or a treatment."""
    INTENSIVE = "intensive"
    """For when lighter help did not do."""
    ADMISSION = "admission"
    """In a clinic, or just before one."""
    BY_DAY = "by_day"
    """A place for the day, instead of school or beside it."""
    SCHOOL_TEAMS = "school_teams"
    """For teachers and schools, and lessons for whole classes."""
    PARENTS = "parents"
    """For parents, without the child."""
    ANOTHER_HOME = "another_home"
    """A place to live."""
    SHELTER = "shelter"
    """For who lives in a women's shelter."""
    UKRAINIAN = "ukrainian"
    SPEAKS_FOR_ITSELF = "speaks_for_itself"
    """A child or a young person asks. Said by questions alone, as the next one."""
    SPEAKS_AS_PARENT = "speaks_as_parent"


GROUPS = frozenset(
    "verstandelijke-beperking lichamelijke-beperking horen-en-zien hersenletsel chronische-ziekte hoogbegaafdheid "
    "genderidentiteit adoptie pleegzorg samengesteld-gezin tienermoeder vluchteling taal-en-cultuur kopp "
    "autisme adhd broers-en-zussen jonge-mantelzorger zieke-ouder ouder-in-detentie ouder-met-beperking "
    "suicidaliteit grensoverschrijdend-gedrag criminaliteit radicalisering geweld-tegen-ouders".split()
)
"""Families for whom help may be, and nobody else; help for several of these is for each of them."""
MATTERS = frozenset(
    "rouw pesten weglopen omgang-onder-begeleiding huiselijk-geweld seksueel-misbruik eergerelateerd-geweld loverboys "
    "seksualiteit alcohol-en-drugs psychose crisis".split()
)
"""Matters of which only who tells of them is to read."""
FOR_SOME = GROUPS | MATTERS
"""The topics that stand in the place of a form."""


class ReadIn(StrEnum):
    """Where the words of a form stand."""

    NAME = "name"
    """Of an offer."""
    WHOM = "whom"
    """The name of an offer, and the name and summary of its provider: where it stands for whom they are."""
    TEXT = "text"
    """The description of an offer and its approach."""
    QUESTION = "question"


class Forms:
    """Knows in which words forms are written and asked for."""

    def __init__(self, phrases: Iterable[tuple[str, str, str]]) -> None:
        """`phrases` are a `Form` or a topic, a `ReadIn`, and words."""
        listed = list(phrases)
        self._phrases = {
            read_in: Phrases((form, words) for form, place, words in listed if place == read_in) for read_in in ReadIn
        }

    def told_in(self, read_in: ReadIn, words: Sequence[str]) -> Mapping[str, frozenset[int]]:
        """The forms that these words (folded) tell, and where the words stand that do it."""
        found: dict[str, frozenset[int]] = {}
        for form, places in self._phrases[read_in].found_in(words):
            found[form] = found.get(form, frozenset()).union(places)
        return found
