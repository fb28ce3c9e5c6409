"""What may tell who somebody is, found in what people write."""

from __future__ import annotations

import pytest

from portal.core.personal_data import find_personal_data


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("Bel moeder op 06-12345678.", "phone", "06-12345678"),
        ("Nummer: +31 6 12 34 56 78", "phone", "+31 6 12 34 56 78"),
        ("Via 045 555 00 00 bereikbaar", "phone", "045 555 00 00"),
        ("mail jan.jansen@voorbeeld.nl", "mail", "jan.jansen@voorbeeld.nl"),
        ("BSN 111222333 van het kind", "bsn", "111222333"),
        ("zijn bsn is 1112.22.333", "bsn", "1112.22.333"),
        ("woont op 6411 AB 12", "address", "6411 AB 12"),
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
    assert find_personal_data(text) == []


def test_several_are_found_in_their_order_and_none_twice() -> None:
    text = "Jan, 3 mei 2012, 06-12345678, jan@voorbeeld.nl"
    assert [str(kind) for _, _, kind in find_personal_data(text)] == ["date", "phone", "mail"]
