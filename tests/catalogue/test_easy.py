"""Easy reading: chosen in the address, carried by every link, in short sentences that read well aloud."""

from __future__ import annotations

import re

import pytest

from portal.catalogue.codelists import CodeLists
from portal.catalogue.presenters.easy import in_full
from portal.site import EASY_PAGES
from tests.inspection import InspectingClient, Page

EASY = ["/?lezen=makkelijk", "/hulp-krijgen?gemeente=Heerlen&lezen=makkelijk", "/privacy?lezen=makkelijk"]


def switches(page: Page) -> list[str]:
    """Where the switch between usual and easy reading leads."""
    here = [number for number, (_, a) in enumerate(page.elements) if "portal-reading" in a.get("class", "")]
    return [page.elements[n + 2][1].get("href", "") or page.elements[n + 3][1]["href"] for n in here]


def sentences(page: Page) -> list[str]:
    """The sentences of an easy page, without its frame."""
    texts = [text for tag in ("h1", "h2", "h3", "p", "li") for text in page.texts.get(tag, [])]
    return [sentence for text in texts for sentence in re.split(r"(?<=[.?!:]) ", text) if sentence]


def test_a_switch_leads_there_and_back(region: InspectingClient) -> None:
    (there,) = switches(region.page("/hulp-krijgen?gemeente=Heerlen"))
    assert there == "/hulp-krijgen?gemeente=Heerlen&lezen=makkelijk"
    easy = region.page(there)
    assert easy.h1 == "Hoe krijg je hulp?"
    assert switches(easy) == ["/hulp-krijgen?gemeente=Heerlen"]


def test_only_pages_that_exist_in_easy_language_offer_it(
    region: InspectingClient, region_examples: dict[str, str]
) -> None:
    offered = {"/": True, "/hulp-krijgen": True, "/privacy": True, region_examples["PROVIDER"]: True,
               "/over": False, "/zoeken": False, region_examples["OFFER"]: False}  # fmt: skip
    assert {path: bool(switches(region.page(path))) for path in offered} == offered
    assert len(EASY_PAGES) == 4


def test_a_page_without_an_easy_version_says_so_and_leads_back(region: InspectingClient) -> None:
    page = region.page("/over?lezen=makkelijk")
    assert "Deze bladzijde is nog niet in makkelijke taal." in page.text
    assert switches(page) == ["/over"]
    region.page("/bestaat-niet?lezen=makkelijk", 404)


ELSEWHERE = ("/inloggen", "/ervaring")
"""Where a visit ends: who signs in, or tells how it was, takes nothing along."""


@pytest.mark.parametrize("path", [*EASY, "/zoeken?lezen=makkelijk&gemeente=Heerlen", "/over?lezen=makkelijk"])
def test_every_link_and_form_keeps_it(region: InspectingClient, path: str) -> None:
    page = region.page(path)
    inside = [a["href"] for a in page.all("a") if a.get("href", "").startswith("/") and "/data" not in a["href"]]
    lost = [href for href in inside if "lezen=makkelijk" not in href and href not in (*switches(page), *ELSEWHERE)]
    assert len(inside) > 10 and lost == []
    if page.all("form"):
        assert {"name": "lezen", "value": "makkelijk", "type": "hidden"} in page.all("input")


def test_it_goes_with_a_language(region: InspectingClient) -> None:
    page = region.page("/?lezen=makkelijk&lang=en")
    assert page.h1 == "Looking for help"
    assert any("lezen=makkelijk" in a["href"] and "lang=nl" in a["href"] for a in page.all("a"))
    assert all("lang=en" in href for href in switches(page))


@pytest.mark.parametrize("value", ["", "moeilijk", "MAKKELIJK", "makkelijk2"])
def test_anything_else_is_the_usual_page(region: InspectingClient, value: str) -> None:
    page = region.page(f"/?lezen={value}")
    assert page.h1 == "Jeugdhulp kiezen in Zuid-Limburg"
    others = [a["href"] for a in page.all("a") if "lezen=" in a["href"] and "lang=" not in a["href"]]
    assert others == switches(page) == ["/?lezen=makkelijk"]


@pytest.mark.parametrize("path", EASY)
def test_sentences_are_short_and_speak_to_a_young_person(region: InspectingClient, path: str) -> None:
    main = region.page(path)
    for sentence in sentences(main):
        if "Zuid-Limburg" in sentence or "Denk je aan" in sentence:
            continue  # the frame of every page
        assert len(sentence.split()) <= 13, sentence
        assert not re.search(r"\b(u|uw)\b", sentence), sentence
        assert not re.search(r"\b(bijv|o\.a|t/m|evt|nr|km|tel|wkn|i\.v\.m)\b", sentence), sentence


def test_every_provider_can_be_read_in_easy_language(region: InspectingClient) -> None:
    sitemap = region.get("/sitemap.xml").get_data(as_text=True)
    for path in re.findall(r"<loc>[^<]*?(/aanbieders/[^<]+)</loc>", sitemap):
        page = region.page(f"{path}?lezen=makkelijk&gemeente=Heerlen")
        headings = page.texts["h2"]
        assert headings[0] == "Kan ik hier hulp krijgen?" and "Wat kost het?" in headings
        assert "None" not in page.text and "%(" not in page.text
        told = [sentence for sentence in sentences(page) if "geheim" not in sentence and "Zij " not in sentence]
        assert all(len(sentence.split()) <= 20 for sentence in told if "Je kunt" not in sentence), path


def test_an_easy_provider_says_whether_one_can_go_there(
    region: InspectingClient, region_examples: dict[str, str]
) -> None:
    def answer(name: str) -> str:
        path = region_examples[name].partition("/aanbod/")[0]
        return region.page(f"{path}?lezen=makkelijk").text.partition("Kan ik hier hulp krijgen? ")[2][:60]

    assert answer("PROVIDER").startswith("Ja. Je kunt hier hulp krijgen.")
    assert answer("CLOSED").startswith("Nee. Je kunt nu niet voor deze aanbieder kiezen.")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ma t/m vr 8.30-12.30 uur", "maandag tot en met vrijdag 8.30 tot 12.30 uur"),
        ("di en do 9.00-11.30 uur", "dinsdag en donderdag 9.00 tot 11.30 uur"),
        ("Ma. 9:00 – 17:00 u", "maandag 9:00 tot 17:00 uur"),
        ("dag en nacht", "dag en nacht"),
    ],
)
def test_opening_hours_are_written_in_full(written: str, read: str) -> None:
    assert in_full(written) == read


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_kind_of_help_is_told_in_easy_words(code_lists: CodeLists, language: str) -> None:
    for code in code_lists.arrangements:
        easy = code_lists.label("arrangements", code, language).easy
        assert easy, code
        for sentence in re.split(r"(?<=[.?!]) ", easy):
            assert len(sentence.split()) <= 14, sentence


def test_the_cache_of_links_does_not_keep_it(region: InspectingClient) -> None:
    region.page("/?lezen=makkelijk")
    assert "lezen=makkelijk" not in str([a["href"] for a in region.page("/over").all("a")])
