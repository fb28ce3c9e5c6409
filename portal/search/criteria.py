"""What is asked of the catalogue: the address of a results page, cleaned and typed.

Every state of the page is in its address. What is not known is left out, so that a mistyped or outdated link
still shows a page; the API refuses it instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from werkzeug.datastructures import MultiDict

from portal.catalogue.ages import read_age
from portal.catalogue.codelists import CodeLists
from portal.catalogue.criteria import read_municipality
from portal.catalogue.places import read_postcode
from portal.catalogue.types import Framework, ProviderSize, Setting
from portal.search.answers import PAGE_SIZE
from portal.search.question import Question

LONGEST_QUESTION = 500
LAST_PAGE = 1_000
WAITING_WEEKS = (2, 4, 8, 13, 26)
"""The choices of the waiting-time filter; any other whole number up to `LONGEST_WAIT` in the address works too."""
LONGEST_WAIT = 104
DISTANCES_KM = (5, 10, 15, 25, 50)
"""The choices of the distance filter; any other whole number up to `FARTHEST_KM` in the address works too."""
FARTHEST_KM = 200
GENDERS = ("girls", "boys")
READABLE = {
    "age": "leeftijd",
    "municipality": "gemeente",
    "postcode": "postcode",
    "gender": "voor",
    "languages": "taal",
}
"""What a question itself can say, and the parameter that says it."""
_FIELDS = frozenset({"leeftijd", "gemeente", "postcode", "voor"})
"""Those that a form sends also where nothing is filled in; of an empty box nothing is sent."""
TAKEN_OFF = "alle"
"""The value of such a parameter where the visitor took the filter off."""


class Sort(StrEnum):
    """Order of the results."""

    RELEVANCE = "relevantie"
    DISTANCE = "afstand"
    WAITING = "wachttijd"
    NAME = "naam"


@dataclass(frozen=True, slots=True)
class Criteria:
    """One question; `municipality` is a CBS code, the tuples hold codes without doubles."""

    q: str = ""
    municipality: str | None = None
    postcode: str | None = None
    """Where the family lives, `6411 AB` or `6411`; addresses that we make carry the four digits only."""
    within_km: int | None = None
    """Filters only where it is known what to measure from: a postcode that we know, or a municipality."""
    arrangements: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    age: int | None = None
    settings: tuple[str, ...] = ()
    longest_wait: int | None = None
    languages: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    framework: str | None = None
    only_free: bool = False
    gender: str | None = None
    not_read: tuple[str, ...] = ()
    """Filters that the question names and the visitor took off: `leeftijd`, `gemeente`, `postcode`, `voor`."""
    sort: Sort = Sort.RELEVANCE
    on_map: bool = False
    """Shown on a map with a list by municipality, all at once, in place of pages of cards."""
    page: int = 1
    per_page: int = PAGE_SIZE

    @classmethod
    def read(cls, args: MultiDict[str, str], code_lists: CodeLists) -> Criteria:
        """From the parameters of an address (`docs/formats.md`)."""

        # An address names few of all parameters, and to ask `args` for one that is not there is slow.
        given = args.to_dict()

        def several(name: str, known: Iterator[str] | tuple[str, ...]) -> tuple[str, ...]:
            if name not in given:
                return ()
            allowed = set(known)
            return tuple(dict.fromkeys(value for value in args.getlist(name) if value in allowed))

        q = " ".join(given.get("q", "")[:LONGEST_QUESTION].split())
        sort = given.get("sorteer", "")
        framework = given.get("kader", "")
        on_map = given.get("kaart") == "ja"
        return cls(
            q=q,
            municipality=read_municipality(given.get("gemeente"), code_lists),
            postcode=read_postcode(given.get("postcode")),
            within_km=_whole_number(given.get("afstand"), FARTHEST_KM) or None,
            arrangements=several("arrangement", iter(code_lists.arrangements)),
            topics=several("onderwerp", iter(code_lists.topics)),
            age=read_age(given.get("leeftijd")),
            settings=several("waar", tuple(Setting)),
            longest_wait=_whole_number(given.get("wachttijd"), LONGEST_WAIT),
            languages=several("taal", code_lists.languages),
            sizes=several("grootte", tuple(ProviderSize)),
            framework=framework if framework in (Framework.VOLUNTARY, Framework.MANDATORY) else None,
            only_free=given.get("vrij") == "ja",
            gender=given.get("voor") if given.get("voor") in GENDERS else None,
            not_read=tuple(
                name for name in READABLE.values() if given.get(name) == TAKEN_OFF or _emptied(given, name, q)
            ),
            sort=Sort(sort) if sort in tuple(Sort) else Sort.RELEVANCE,
            on_map=on_map,
            page=1 if on_map else max(1, _whole_number(given.get("pagina"), LAST_PAGE) or 1),
        )

    def parameters(self, code_lists: CodeLists) -> list[tuple[str, str]]:
        """The shortest address that asks the same, in a fixed order."""
        place = code_lists.municipalities[self.municipality].name if self.municipality else ""
        pairs = [
            ("q", self.q),
            ("gemeente", place),
            ("postcode", (self.postcode or "")[:4]),
            ("afstand", "" if self.within_km is None else str(self.within_km)),
            *(("arrangement", code) for code in self.arrangements),
            *(("onderwerp", code) for code in self.topics),
            ("leeftijd", "" if self.age is None else str(self.age)),
            *(("waar", code) for code in self.settings),
            ("wachttijd", "" if self.longest_wait is None else str(self.longest_wait)),
            *(("taal", code) for code in self.languages),
            *(("grootte", code) for code in self.sizes),
            ("kader", self.framework or ""),
            ("vrij", "ja" if self.only_free else ""),
            ("voor", self.gender or ""),
            *((name, TAKEN_OFF) for name in self.not_read),
            ("sorteer", "" if self.sort is Sort.RELEVANCE else self.sort),
            ("kaart", "ja" if self.on_map else ""),
            ("pagina", "" if self.page == 1 else str(self.page)),
        ]
        return [(name, value) for name, value in pairs if value]

    def without(self, field: str, value: str | None = None) -> Criteria:
        """The same question with one filter (or one `value` of it) taken off, from the first page."""
        current = getattr(self, field)
        kept: object = tuple(v for v in current if v != value) if isinstance(current, tuple) else _EMPTY[field]
        changed = replace(self, **{field: kept, "page": 1})  # type: ignore[arg-type]
        says_it_again = self.q or (field == "municipality" and self.postcode)
        if field in READABLE and says_it_again:
            # The question may name it again, and a postcode its municipality; what a visitor takes off stays off.
            return replace(changed, not_read=tuple(dict.fromkeys((*self.not_read, READABLE[field]))))
        if field == "q":
            stays_off = READABLE["municipality"] in self.not_read and self.postcode
            return replace(changed, not_read=(READABLE["municipality"],) if stays_off else ())
        return changed

    def forgetting(self, question: Question) -> Criteria:
        """Without what came of `question`, a former one: the age, place, gender and language that it names, and what
        of these was taken off."""
        read = [field for field, value in named_by(question).items() if getattr(self, field) == value]
        emptied = {field: () if field == "languages" else None for field in read}
        return replace(self, not_read=(), **emptied)  # type: ignore[arg-type]

    def completed(self, question: Question) -> Criteria:
        """With the age, place, gender and language that the question names, where none was chosen or taken off."""
        named = named_by(question)
        missing = {
            field: value
            for field, value in named.items()
            if getattr(self, field) in (None, ()) and READABLE[field] not in self.not_read
        }
        # A box that was left empty is taken off only where the question would fill it.
        is_said = question.language is not None
        not_read = self.not_read if is_said else tuple(name for name in self.not_read if name != READABLE["languages"])
        return replace(self, not_read=not_read, **missing)  # type: ignore[arg-type]


def distances_with(chosen: int | None) -> list[int]:
    """The choices of the distance filter in kilometres, with the one that was chosen otherwise."""
    return sorted({*DISTANCES_KM, *([] if chosen is None else [chosen])})


def named_by(question: Question) -> dict[str, object]:
    """The filters that a question itself names: a field of the criteria to its value."""
    found = {
        "age": question.age,
        "municipality": question.municipality,
        "postcode": question.postcode,
        "gender": question.gender,
        "languages": (question.language,) if question.language else None,
    }
    return {field: value for field, value in found.items() if value is not None}


def _emptied(args: Mapping[str, str], name: str, q: str) -> bool:
    """Whether the visitor emptied a field, or a box, that had been filled from this same question."""
    was_filled = bool(q) and args.get("gelezen") == q
    return was_filled and args.get(name, None if name in _FIELDS else "") == ""


_EMPTY: dict[str, object] = {
    "q": "",
    "gender": None,
    "municipality": None,
    "postcode": None,
    "within_km": None,
    "age": None,
    "longest_wait": None,
    "framework": None,
    "only_free": False,
}


def _whole_number(text: str | None, highest: int) -> int | None:
    digits = (text or "").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
        return None
    return min(int(digits), highest)
