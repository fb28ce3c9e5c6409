"""Code lists are whole, and a region can change them without code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from portal.catalogue import codelists
from portal.catalogue.codelists import CodeListError, CodeLists, Route

ARRANGEMENTS = [
    "behandeling", "begeleiding", "dagbehandeling", "jeugd-ggz", "dyslexie", "begeleide-omgang", "regie",
    "onderwijs-zorg", "logeren", "pleegzorg", "verblijf", "gezinshuis", "crisis", "jeugdzorgplus", "jeugdbescherming",
    "jeugdreclassering",
]  # fmt: skip
ZUID_LIMBURG = [
    "Beek", "Beekdaelen", "Brunssum", "Eijsden-Margraten", "Gulpen-Wittem", "Heerlen", "Kerkrade", "Landgraaf",
    "Maastricht", "Meerssen", "Simpelveld", "Sittard-Geleen", "Stein", "Vaals", "Valkenburg aan de Geul", "Voerendaal",
]  # fmt: skip


def test_arrangements_are_those_of_the_field(code_lists: CodeLists) -> None:
    assert list(code_lists.arrangements) == ARRANGEMENTS
    assert code_lists.arrangements["gezinshuis"].parent == "verblijf"
    decided = [code for code, entry in code_lists.arrangements.items() if entry.route is Route.DECIDED]
    assert decided == ["crisis", "jeugdzorgplus", "jeugdbescherming", "jeugdreclassering"]


def test_the_region_has_its_sixteen_municipalities(code_lists: CodeLists) -> None:
    code = code_lists.youth_region_named("zuid-limburg")
    assert [m.name for m in code_lists.municipalities_of(code)] == ZUID_LIMBURG


def test_every_entry_has_a_label_and_explanation_in_dutch_and_english(code_lists: CodeLists) -> None:
    for name in ("arrangements", "topics", "indicators"):
        for language in ("nl", "en"):
            labels = code_lists.labels[name, language]
            assert labels.keys() == getattr(code_lists, name).keys()
            assert all(entry.label and entry.explanation for entry in labels.values())


def test_topics_are_broad_and_carry_the_words_of_families(code_lists: CodeLists) -> None:
    assert 80 <= len(code_lists.topics) <= 130
    assert all(len(label.words) >= 3 for label in code_lists.labels["topics", "nl"].values())


@pytest.mark.parametrize("text", ["Heerlen", "heerlen ", "HEERLEN", "gemeente Heerlen", "GM0917", "gm0917"])
def test_a_municipality_is_known_by_name_or_code(code_lists: CodeLists, text: str) -> None:
    found = code_lists.municipality(text)
    assert found is not None
    assert found.code == "GM0917"


def test_accents_hyphens_and_apostrophes_do_not_matter(code_lists: CodeLists) -> None:
    for text in ("Súdwest-Fryslân", "sudwest fryslan", "'s-Hertogenbosch", "s hertogenbosch"):
        assert code_lists.municipality(text) is not None
    assert code_lists.municipality("Nergenshuizen") is None


def test_reference_points_lie_in_the_netherlands(code_lists: CodeLists) -> None:
    for municipality in code_lists.municipalities.values():
        assert 50.7 < municipality.latitude < 53.6, municipality
        assert 3.3 < municipality.longitude < 7.3, municipality


def write(folder: Path, name: str, *rows: list[str]) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_a_region_adds_and_replaces_rows_by_its_own_files(tmp_path: Path) -> None:
    header = ["code", "parent", "form", "product_category", "route", "sort"]
    write(tmp_path, "arrangements.csv", header, ["spoedhulp", "", "individual", "45", "choice", "170"])
    write(
        tmp_path,
        "nl/arrangements.csv",
        ["code", "label", "explanation"],
        ["begeleiding", "Hulp thuis", "Zo heet het hier."],
    )
    lists = codelists.load(tmp_path)
    assert "spoedhulp" in lists.arrangements
    assert lists.label("arrangements", "begeleiding", "nl").label == "Hulp thuis"
    assert lists.label("arrangements", "spoedhulp", "nl").label == "spoedhulp"
    assert (
        lists.label("arrangements", "verblijf", "nl").label
        == codelists.load().label("arrangements", "verblijf", "nl").label
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["x", "nergens", "individual", "45", "choice", "1"], "nergens"),
        (["x", "", "samen", "45", "choice", "1"], "form"),
        (["x", "", "individual", "45", "choice", "first"], "sort"),
        (["x", ""], "as many cells"),
    ],
)
def test_a_list_that_cannot_be_used_is_named(tmp_path: Path, row: list[str], told: str) -> None:
    header = ["code", "parent", "form", "product_category", "route", "sort"]
    write(tmp_path, "arrangements.csv", header, row)
    with pytest.raises(CodeListError, match=told):
        codelists.load(tmp_path)
