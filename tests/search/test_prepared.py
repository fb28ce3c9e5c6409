"""What is written once and only filled in reads exactly as if it were written anew for each page."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.components import around_gaps, escaped, markup
from portal.core.pages import Notice, Option, Term, Tone
from portal.search.facets import _Choice, _Choices
from tests.inspection import InspectingClient

QUESTIONS = (
    "durft niet naar school",
    "mijn zoon van 14 is boos en blowt",
    "UHP met spoed & crisis <plek>",
    "adhd of autisme, 6411 AB",
    "she wets the bed",
    "xyzzy",
    "",
)
NARROWED = (
    "",
    "&gemeente=Heerlen&afstand=10",
    "&leeftijd=9&waar=home&taal=en&onderwerp=autisme&wachttijd=8&vrij=ja",
    "&postcode=6411&sorteer=afstand&kader=voluntary&grootte=solo&arrangement=begeleiding",
    "&leeftijd=veel&postcode=zz&pagina=2",
)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_page_is_as_it_would_be_written_anew(
    searchable_app: Flask, searchable: InspectingClient, language: str
) -> None:
    for number, question in enumerate(QUESTIONS):
        for narrowed in NARROWED:
            address = f"/zoeken?q={quote(question)}{narrowed}&lang={language}"
            # Asked twice: what the first page of a kind prepares, the second only fills in.
            pages = [searchable.get(f"{address}&keer={time}").text.replace(f"keer={time}", "") for time in (1, 2)]
            for name in ("portal.listed_offers", "portal.remembered"):
                searchable_app.extensions.pop(name, None)
            pages.append(searchable.get(f"{address}&keer=3").text.replace("keer=3", ""))
            assert pages[0] == pages[1] == pages[2], (number, narrowed)


TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(["", "%s", "100 %", "<b>&amp;'\"", "[0]", "{{ x }}"]))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXTS, fits=TEXTS, has_warning=st.booleans(), term=TEXTS)
def test_any_text_is_put_in_the_gap_as_it_is(app: Flask, text: str, fits: str, has_warning: bool, term: str) -> None:
    warnings = (Notice(Tone.WARNING, "100 % <zeker>"),) if has_warning else ()
    with app.test_request_context():
        before, after = around_gaps("card_addition", fits, (Term("GGZ", term),), warnings)
        whole = markup("card_addition", fits, (Term("GGZ", term),), warnings, text)
        assert f"{before}{escaped(text)}{after}" == whole


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(counts=st.dictionaries(st.sampled_from("abc"), st.integers(1, 9_999)))
def test_choices_get_the_numbers_that_were_counted(app: Flask, counts: dict[str, int]) -> None:
    options = [Option(code, f"{code} < d", code == "a") for code in "abc"]
    with app.test_request_context():
        choices = _Choices.of([_Choice(o.value, o, o.selected) for o in options], lambda o: markup("select_option", o))
        shown = [o for o in options if o.selected or o.value in counts]
        written = [Option(o.value, o.label, o.selected, counts.get(o.value, 0)) for o in shown]
        assert choices.numbered(counts) == "".join(markup("select_option", option) for option in written)
