"""Offers side by side: what counts on top, what differs next, the same folded; and every odd list helps on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from portal.catalogue.models import Offer
from portal.catalogue.operations import touch
from portal.core.database import Database
from tests.inspection import InspectingClient, Page

Address = Callable[..., str]


def questions(page: Page) -> list[str]:
    """The questions of the table, in their order, with the headings of its groups."""
    return [text for text in page.texts["th"] if text]


def order(client: InspectingClient, path: str) -> list[str]:
    html = client.get(path).get_data(as_text=True)
    return [found.strip() for found in re.findall(r'<th scope="row"[^>]*>([^<]*)', html)]


def test_what_counts_is_on_top_the_heaviest_first_then_what_differs(small: InspectingClient, address: Address) -> None:
    path = address("/vergelijken", "linde", "berk", gemeente="Heerlen", telt__klein="1", telt__snel="2")
    assert order(small, path)[:2] == ["Snel beginnen", "Klein en vertrouwd"]
    rest = order(small, path)[2:]
    assert "Steeds dezelfde hulpverlener?" in rest
    page = small.page(path)
    assert "Dit telt voor u" in page.text
    assert "Past bij 2 van uw 2 wensen." in page.text
    assert "Past bij 0 van uw 2 wensen." in page.text


def test_a_fact_that_is_said_as_a_wish_is_not_said_twice(small: InspectingClient, address: Address) -> None:
    without = order(small, address("/vergelijken", "linde", "berk"))
    assert "Hulp begint" in without
    assert "Hulp begint" not in order(small, address("/vergelijken", "linde", "berk", telt__snel="1"))


def test_a_week_more_or_less_is_no_difference(small: InspectingClient, address: Address) -> None:
    assert "Hulp begint" not in order(small, address("/vergelijken", "linde", "els"))
    assert "Hulp begint" in order(small, address("/vergelijken", "linde", "berk"))
    folded = small.page(address("/vergelijken", "linde", "els")).text
    assert "1. Linde: Over ongeveer 4 weken" in folded
    assert "2. Els: Over ongeveer 5 weken" in folded


def test_the_same_in_words_is_folded_with_one_answer(small: InspectingClient, address: Address) -> None:
    page = small.page(address("/vergelijken", "linde", "berk"))
    assert "Eerste gesprek" not in questions(page)
    assert "Eerste gesprek" in page.texts["dt"]
    assert re.search(r"Hetzelfde, of bijna: \d+ punten", page.text)


def test_what_none_of_them_told_is_no_row(small: InspectingClient, address: Address) -> None:
    text = small.page(address("/vergelijken", "linde", "berk")).text
    assert "Geloof of levensovertuiging" not in text


def test_the_order_of_questions_does_not_hang_on_the_order_of_offers(small: InspectingClient, address: Address) -> None:
    there = order(small, address("/vergelijken", "linde", "berk", "els"))
    assert there == order(small, address("/vergelijken", "els", "linde", "berk"))


def test_five_offers_say_which_to_drop_and_show_four(
    database: Database, small: InspectingClient, address: Address
) -> None:
    with database.transaction() as session:
        session.query(Offer).filter_by(identifier="iep-1").update({"withdrawn_on": None})
        touch(session)
    page = small.page(address("/vergelijken", "linde", "berk", "els", "den", "iep", gemeente="Heerlen"))
    assert "Er passen er hoogstens vier naast elkaar. Haal er 1 weg." in page.text
    assert "Deze misschien als eerste: Neemt nu geen nieuwe gezinnen aan." in page.text
    removals = [link["href"] for link in page.all("a") if "data-remove" in link]
    assert all(href.count("aanbod=") == 4 for href in removals)
    assert len({link["data-remove"] for link in page.all("a") if "data-remove" in link}) == 5


def test_of_five_the_one_for_other_ages_goes_first(
    database: Database, small: InspectingClient, address: Address
) -> None:
    with database.transaction() as session:
        session.query(Offer).update({"withdrawn_on": None, "accepting_clients": True})
        touch(session)
    path = address("/vergelijken", "linde", "berk", "els", "den", "iep", gemeente="Heerlen", leeftijd="15")
    assert "Deze misschien als eerste: Dit is voor anderen: tot en met 12 jaar." in small.page(path).text


def test_one_that_was_withdrawn_since_is_named_with_what_else_there_is(
    small: InspectingClient, address: Address
) -> None:
    page = small.page(address("/vergelijken", "linde", "iep", "berk", gemeente="Heerlen"))
    assert "Iep: Praten bij iep" in page.text
    assert "De aanbieder is hier op 23 oktober 2026 mee gestopt." in page.text
    assert any("arrangement=begeleiding" in link["href"] for link in page.all("a"))
    tidy = [link["href"] for link in page.all("a") if "iep-1" not in link["href"] and "aanbod=berk-1" in link["href"]]
    assert tidy


def test_an_address_of_last_year_with_unknown_offers_helps_on(small: InspectingClient, address: Address) -> None:
    page = small.page(address("/vergelijken", "oud-9", "linde"))
    assert "Eén aanbod op deze lijst kennen wij niet" in page.text
    assert "oud-9" in page.text
    assert "Er staat één soort hulp op deze lijst." in page.text


@pytest.mark.parametrize(("offer", "told"), [("hof-1", "beslist een rechter"), ("nood-1", "Bel")])
def test_what_others_decide_shows_its_route_and_no_column(
    small: InspectingClient, address: Address, offer: str, told: str
) -> None:
    page = small.page(address("/vergelijken", "linde", "berk", offer, gemeente="Heerlen"))
    assert f"Hulp {offer}" in page.text
    assert told in page.text
    assert "Vergelijk deze 2" in page.h1


def test_what_others_decide_has_no_star(small: InspectingClient) -> None:
    stars = [link["data-save"] for link in small.page("/zoeken?gemeente=Heerlen").all("a") if "data-save" in link]
    assert stars
    assert not {"hof-1", "nood-1"} & set(stars)


def test_nothing_and_one_say_what_to_do(small: InspectingClient, address: Address) -> None:
    bare = small.page("/vergelijken")
    assert "Bewaarde u al hulp?" in bare.text and "/mijn-lijst" in [a["href"] for a in bare.all("a")]
    one = small.page(address("/vergelijken", "linde", gemeente="Heerlen"))
    assert "Er staat één soort hulp op deze lijst." in one.text
    assert any("/zoeken?arrangement=begeleiding" in link["href"] for link in one.all("a"))


def test_a_table_keeps_its_roles_where_a_phone_shows_blocks(small: InspectingClient, address: Address) -> None:
    page = small.page(address("/vergelijken", "linde", "berk"))
    roles = [attributes.get("role") for tag, attributes in page.elements if tag in ("table", "tr", "th", "td")]
    assert None not in roles
    assert {"table", "row", "columnheader", "rowheader", "cell"} <= set(roles)
