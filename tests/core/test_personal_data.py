"""What could tell who somebody is, is found in what people write."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from portal.core.personal_data import PersonalKind, find_personal_data, is_bsn, without

WRITTEN, SPOKEN = (Path(__file__).with_name(f"personal_data{name}.txt") for name in ("", "_spoken"))
_LABEL = re.compile(r"\[(\w+):([^\]]+)\]")


def labelled(file: Path) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Each sentence without its brackets, and the places that they marked."""
    sentences = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, places, at = "", [], 0
        for match in _LABEL.finditer(line):
            text += line[at : match.start()]
            places.append((len(text), len(text) + len(match[2]), match[1]))
            text += match[2]
            at = match.end()
        sentences.append((text + line[at:], places))
    return sentences


def counted(file: Path) -> tuple[Counter[str], Counter[str], list[str], list[str]]:
    """How many of each kind there are and were found; what was missed, and what was found without being marked."""
    there, found, missed, extra = Counter[str](), Counter[str](), [], []
    for text, places in labelled(file):
        seen = find_personal_data(text)
        for start, end, kind in places:
            there[kind] += 1
            if any(one.start <= start and end <= one.end for one in seen):
                found[kind] += 1
            else:
                missed.append(f"{kind} {text[start:end]!r} in {text!r}")
        for one in seen:
            if not any(start < one.end and one.start < end for start, end, _ in places):
                extra.append(f"{one.kind} {text[one.start : one.end]!r} in {text!r}")
    return there, found, missed, extra


@pytest.mark.parametrize(("file", "of_each"), [(WRITTEN, 0.9), (SPOKEN, 0.85)], ids=["written", "spoken"])
def test_patterns_are_found_in_labelled_sentences(file: Path, of_each: float) -> None:
    there, found, missed, extra = counted(file)
    assert len(labelled(file)) >= 200
    assert set(there) >= set(PersonalKind) - {PersonalKind.MONTH}
    patterns = [kind for kind in there if kind != PersonalKind.NAME]
    assert sum(found[kind] for kind in patterns) >= 0.95 * sum(there[kind] for kind in patterns), missed
    assert all(found[kind] >= of_each * there[kind] for kind in patterns), missed
    assert found[PersonalKind.NAME] >= 0.8 * there[PersonalKind.NAME], missed
    assert len(extra) <= 3, extra


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("123456782", True), ("12345678", False), ("111222333", True), ("123456789", False), ("000000000", False),
        ("10000008", True), ("1234", False), ("", False),
    ],
)  # fmt: skip
def test_a_citizen_service_number_passes_the_eleven_test(text: str, is_one: bool) -> None:
    assert is_bsn(text) is is_one


def test_places_do_not_overlap_and_lie_in_the_text() -> None:
    text = " ".join(text for text, _ in labelled(WRITTEN))
    found = find_personal_data(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_what_was_found_can_be_left_out() -> None:
    text = "Bel 06-12345678 of mail bo@voorbeeld.nl."
    assert without(text, find_personal_data(text), "[…]") == "Bel […] of mail […]."


@pytest.mark.parametrize(
    "text",
    ["", " ", "0" * 100_000, "a" * 100_000, "a@" * 50_000, "06 " * 30_000, "Jan " * 25_000, "www." * 25_000,
     "mevr. " * 16_000, "👩‍👧 ‮abc‬ \x00\x07 " * 5_000, "1-1-" * 25_000, "straat 1 " * 11_000, "a " * 50_000,
     "a.b " * 25_000, "(at)" * 25_000, "A" * 50_000 + "straat", "nul een " * 12_000, "laan van den " * 8_000,
     "de a college " * 8_000, "snap: " * 16_000, "van der " * 12_000, "bd 12 " * 16_000, "geb. 12 " * 12_000],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
def test_a_hundred_thousand_characters_are_read(text: str) -> None:
    """None of these takes time with the square of its length: with that this test would not come to an end."""
    assert all(one.end <= len(text) for one in find_personal_data(text))


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("Bel moeder op 06-12345678.", "phone", "06-12345678"),
        ("Nummer: +31 6 12 34 56 78", "phone", "+31 6 12 34 56 78"),
        ("Via 045 555 00 00 bereikbaar", "phone", "045 555 00 00"),
        ("mail jan.jansen@voorbeeld.nl", "mail", "jan.jansen@voorbeeld.nl"),
        ("BSN 111222333 van het kind", "bsn", "111222333"),
        ("zijn bsn is 1112.22.333", "bsn", "1112.22.333"),
        ("woont op 6411 AB", "address", "6411 AB"),
        ("postcode 6411ab", "address", "6411ab"),
        ("geboren op 03-05-2012", "date", "03-05-2012"),
        ("geboren 3 mei 2012", "date", "3 mei 2012"),
        ("sinds 2012-05-03", "date", "2012-05-03"),
        ("auto met kenteken AB-123-C", "plate", "AB-123-C"),
    ],
)
def test_it_is_found_where_it_stands(text: str, kind: str, what: str) -> None:
    assert [(text[start:end], str(found)) for start, end, found in find_personal_data(text)] == [(what, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "In 2025 is het 71 van de 100, in 2024 en 2023 was het 65.",
        "Er missen 12 gezinnen: 36 van de 52 in plaats van 24 van de 40.",
        "Wij tellen van januari tot en met december 2025.",
        "KvK 12345678, rij 214 van het bestand, versie 1-2.",
        "Nummer 123456789 is geen burgerservicenummer.",
        "Het gemiddelde ging van 7,8 naar 7,2.",
        "",
    ],
)
def test_what_speaks_of_figures_is_left_alone(text: str) -> None:
    assert [kind for _, _, kind in find_personal_data(text) if kind is not PersonalKind.MONTH] == []


def test_several_are_found_in_their_order_and_none_twice() -> None:
    text = "Het was op 3 mei 2012, bel 06-12345678, of mail jan@voorbeeld.nl"
    assert [str(kind) for _, _, kind in find_personal_data(text)] == ["date", "phone", "mail"]
