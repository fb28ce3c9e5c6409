"""Whether an offer fits a wish: each measure by its own rule, and what nobody told is never held against a provider."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.catalogue import codelists
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Location, Offer, Provider
from portal.catalogue.types import LocationKind, OfferStatus
from portal.choosing.criteria import Family
from portal.choosing.fit import fit_of, verdict_of
from portal.choosing.types import Subject, Verdict, Wish

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN


def subject(**known: Any) -> Subject:
    """An offer of which nothing is known but this; `km`, `comes`, `old` are about the family's view."""
    of_provider = {"same_worker", "size", "first_meeting", "evening_weekend", "languages", "identity", "locations"}
    view = {"km": None, "comes": False, "old": False} | {n: known.pop(n) for n in ("km", "comes", "old") if n in known}
    provider = Provider(
        **({"languages": [], "locations": []} | {n: v for n, v in known.items() if n in of_provider}),
        name="De Linde",
        slug="de-linde",
    )
    rest = {name: value for name, value in known.items() if name not in of_provider}
    offer = Offer(**({"settings": [], "topics": [], "location_identifiers": [], "accepting_clients": True} | rest))
    return Subject(offer, provider, OfferStatus.CONTRACTED, view["km"], view["comes"], view["old"])


def place(accessible: bool | None) -> Location:
    return Location(identifier="x", kind=LocationKind.OFFICE, wheelchair_accessible=accessible)


CASES: list[tuple[str, dict[str, Any], Verdict]] = [
    ("dichtbij", {"km": 10.0}, YES),
    ("dichtbij", {"km": 10.1}, NO),
    ("dichtbij", {"km": 90.0, "comes": True}, YES),
    ("dichtbij", {}, UNKNOWN),
    ("snel", {"waiting_weeks_start": 6}, YES),
    ("snel", {"waiting_weeks_start": 7}, NO),
    ("snel", {"waiting_weeks_start": 2, "old": True}, UNKNOWN),
    ("snel", {"waiting_weeks_start": 2, "accepting_clients": False}, NO),
    ("snel", {"waiting_weeks_intake": 1}, UNKNOWN),
    ("vaste-persoon", {"same_worker": "usually"}, YES),
    ("vaste-persoon", {"same_worker": "no"}, NO),
    ("vaste-persoon", {}, UNKNOWN),
    ("klein", {"size": "solo"}, YES),
    ("klein", {"size": "large"}, NO),
    ("kennismaken", {"first_meeting": True}, YES),
    ("kennismaken", {"first_meeting": False}, NO),
    ("kennismaken", {}, UNKNOWN),
    ("avond-weekend", {"evening_weekend": False}, NO),
    ("thuis", {"settings": ["home", "school"]}, YES),
    ("thuis", {"settings": ["online"]}, NO),
    ("thuis", {}, UNKNOWN),
    ("op-school", {"settings": ["school"]}, YES),
    ("individueel", {"form": "both"}, YES),
    ("individueel", {"form": "group"}, NO),
    ("groep", {"form": "both"}, YES),
    ("taal", {"languages": ["nl", "pl"]}, YES),
    ("taal", {"languages": ["nl"]}, NO),
    ("taal", {}, UNKNOWN),
    ("geloof", {"identity": "Christelijk"}, UNKNOWN),
    ("ervaring", {"topics": ["schoolweigering"]}, YES),
    ("ervaring", {"topics": ["slapen"]}, NO),
    ("ervaring", {}, UNKNOWN),
    ("na-18", {"continues_until_age": 23}, YES),
    ("na-18", {"continues_until_age": 18}, NO),
    ("na-18", {}, UNKNOWN),
    ("rolstoel", {"locations": [place(False), place(True)]}, YES),
    ("rolstoel", {"locations": [place(False), place(None)]}, NO),
    ("rolstoel", {"locations": [place(None)]}, UNKNOWN),
]


@pytest.mark.parametrize(("point", "known", "expected"), CASES)
def test_each_point_is_judged_by_what_was_told(
    code_lists: CodeLists, point: str, known: dict[str, Any], expected: Verdict
) -> None:
    family = Family(topics=("schoolweigering",), language="pl")
    assert verdict_of(code_lists.points[point], subject(**known), family, code_lists) is expected


def test_every_point_of_the_list_is_judged_somewhere_above(code_lists: CodeLists) -> None:
    assert {point for point, _, _ in CASES} == set(code_lists.points)


def test_without_a_language_or_topic_nothing_is_held_against_anybody(code_lists: CodeLists) -> None:
    told = subject(languages=["nl"], topics=["slapen"])
    for code in ("taal", "ervaring"):
        assert verdict_of(code_lists.points[code], told, Family(), code_lists) is UNKNOWN


LISTS = codelists.load()


@given(
    weights=st.dictionaries(st.sampled_from(sorted(LISTS.points)), st.integers(1, 2)),
    km=st.none() | st.floats(0, 300),
    weeks=st.none() | st.integers(0, 60),
    same_worker=st.sampled_from([None, "always", "usually", "no"]),
    settings=st.lists(st.sampled_from(["home", "school", "group", "online"]), unique=True),
)
def test_the_count_is_what_is_shown_wish_by_wish(
    weights: dict[str, int], km: float | None, weeks: int | None, same_worker: str | None, settings: list[str]
) -> None:
    wishes = tuple(Wish(LISTS.points[code], weight) for code, weight in weights.items())
    seen = subject(km=km, waiting_weeks_start=weeks, same_worker=same_worker, settings=settings)
    fit = fit_of(seen, Family(wishes=wishes), LISTS)
    assert [wish for wish, _ in fit.judged] == list(wishes)
    assert sum(len(fit.of(verdict)) for verdict in Verdict) == len(wishes)
    assert -fit.order[0] == sum(wish.weight for wish in fit.of(YES))
    assert fit.order[1] == sum(wish.weight for wish in fit.of(NO))
    assert -fit.order[0] + fit.order[1] <= sum(wish.weight for wish in wishes)


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=30))
def test_any_parameters_are_read_and_come_back_the_same(pairs: list[tuple[str, str]]) -> None:
    known = [(f"telt.{code}", "2") for code in list(LISTS.points)[:3]] + [("leeftijd", "13"), ("taal", "pl")]
    family = Family.read(MultiDict([*pairs, *known]), LISTS)
    assert Family.read(MultiDict(family.parameters(LISTS)), LISTS) == family
