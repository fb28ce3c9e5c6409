"""Terms of art, explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from portal.catalogue.codelists import GlossaryTerm
from portal.core.pages import Link
from portal.core.text import fold, slugify


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term with its explanation and the terms to read on."""

    term: str
    anchor: str
    explanation: str
    see: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class GlossaryLetter:
    """Terms under one letter."""

    letter: str
    terms: tuple[GlossaryEntry, ...]


def glossary_letters(terms: Iterable[GlossaryTerm]) -> tuple[GlossaryLetter, ...]:
    """The terms, sorted, under their letters."""
    terms = tuple(terms)
    anchors = {fold(term.term): slugify(term.term) for term in terms}

    def entry(term: GlossaryTerm) -> GlossaryEntry:
        see = tuple(Link(name, f"#{anchors[fold(name)]}") for name in term.see if fold(name) in anchors)
        return GlossaryEntry(term.term, slugify(term.term), term.explanation, see)

    by_letter = groupby(terms, key=lambda term: fold(term.term)[:1].upper())
    return tuple(GlossaryLetter(letter, tuple(entry(term) for term in group)) for letter, group in by_letter)
