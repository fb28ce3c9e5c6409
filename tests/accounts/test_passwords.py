"""Which passwords are taken: long enough, not too long, of no given make, and none that many people have."""

from __future__ import annotations

import string
import time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.signing_in.passwords import (
    LONGEST,
    SHORTEST,
    Passwords,
    Weakness,
    common_words,
    weakness,
)  # fmt: skip

CHEAP = Passwords(passes=1, memory_kib=8)

COMMON = """
password1234 Password2024! passwordpassword P@ssw0rd1234 p4$$w0rd!!!! 123456789012 111111111111 121212121212
000000000000
abcdefghijkl zyxwvutsrqpo qwertyuiop12 qwertyuiop[] 1q2w3e4r5t6y qwerty123456 azerty123456 asdfghjkl123 zaq12wsxcde3
welkom123456 Welkom2024!! W3lkom1234!! Welkom01Welkom wachtwoord12 Wachtwoord123! wachtwoord2025 geheim123456
zomer2024zomer Zomer2025!!! lente2024lente Herfst2024!! winter123456 januari2024! December2025 maandag12345
feyenoord1908 ajaxajaxajax Feyenoord2024 amsterdam020! Heerlen2024! limburg12345 maastricht123 nederland123 holland12345
ikhouvanjou123 iloveyou1234 ikhouvanjou!! schatje12345 liefjeliefje princess1234 sunshine1234 superman1234 batman123456
mohammed1234 michael12345 sophie123456 emma2024emma jeugdzorg123 Jeugdhulp2024 jeugdhulpjeugdhulp gemeente1234
letmein12345 changeme1234 admin1234567 administrator1 beheerder123 test12345678 testtesttest welkomwelkom hallohallo12
minecraft123 pokemon12345 playstation4 football1234 voetbal12345 monkey123456 dragon123456 paardpaard12 hond12345678
0612345678 0612345678ab 01-01-1980-!! 19801980198019 aaaaaaaaaaaab ababababababab abc123abc123 qazwsxedc123
""".split()

GOOD = [
    "drie rode fietsen", "zeven gele paraplu's", "correct-horse-battery", "tafel lamp rivier",
    "Mijn oma danst op dinsdag", "#8!k$2@9%7&4", "ёлка и снег зимой",
    "kaasboer&vuurtoren&egel", "xkqz8-vbnp3-wlrt", "een groene egel rijdt", "7 lange zinnen over soep",
    "ключ от старого дома",
    "正しい馬の電池ホチキス針", "🐸🐸🦊🐢 en een vijver", "Tgr#9vLq2!pZ", "stoel boven de wolken",
]  # fmt: skip


@pytest.mark.parametrize("password", COMMON)
def test_what_many_people_take_is_refused(password: str) -> None:
    assert weakness(password) in (Weakness.COMMON, Weakness.SHORT)
    assert weakness(password.upper().ljust(SHORTEST, "!")) is Weakness.COMMON


def test_at_least_the_three_thousand_that_the_norm_asks_for() -> None:
    """ASVS 6.2.4: the 3,000 commonest of the allowed length. Made as people make them, and all refused."""
    endings = (
        "1",
        "12",
        "123",
        "1234",
        "12345",
        "123456",
        "!",
        "!!",
        "1!",
        "123!",
        "2023",
        "2024",
        "2025",
        "2026",
        "2024!",
    )
    words = sorted(word for word in common_words() if len(word) >= 4)
    made = {word + ending for word, ending in product(words, endings)} | {word * 2 for word in words}
    made |= {word.capitalize() + ending for word, ending in product(words, endings)}
    long_enough = {password for password in made if SHORTEST <= len(password) <= LONGEST}
    assert len(long_enough) >= 3_000
    assert [password for password in long_enough if weakness(password) is None] == []


@pytest.mark.parametrize("password", GOOD)
def test_what_is_ones_own_is_taken_whatever_it_is_made_of(password: str) -> None:
    assert weakness(password, ["Noor Janssen", "noor@regio.example", "jeugdhulp kiezen", "Zuid-Limburg"]) is None


@pytest.mark.parametrize(
    "password",
    ["noorjanssen12", "Noor-Janssen-2026", "NoorNoorNoor", "janssen welkom", "jeugdhulpkiezen1", "zuidlimburg12!"],
)
def test_ones_own_name_and_that_of_the_site_are_no_password(password: str) -> None:
    personal = ["Noor Janssen", "noor@regio.example", "jeugdhulp kiezen", "Zuid-Limburg"]
    assert weakness(password, personal) in (Weakness.PERSONAL, Weakness.COMMON)


@pytest.mark.parametrize(
    ("length", "found"),
    [(0, Weakness.SHORT), (11, Weakness.SHORT), (12, None), (64, None), (128, None), (129, Weakness.LONG)],
)
def test_length(length: int, found: Weakness | None) -> None:
    letters = "vuurtoren7#Kaasboer&egel"
    assert weakness((letters * 6)[:length] if length != 12 else "vuurtor7#Kaa") is found


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=140), st.text(max_size=30))
def test_every_password_is_judged_and_a_taken_one_is_kept(password: str, personal: str) -> None:
    if weakness(password, [personal]) is None:
        assert CHEAP.matches(CHEAP.hash(password), password)
        assert not CHEAP.matches(CHEAP.hash(password), password + "x")


def test_judging_takes_no_time_whatever_is_typed() -> None:
    """No pattern that can be made to run long (the weakness of strength meters)."""
    started = time.process_time()
    for text in ("a" * 128, "ab" * 64, "qwerty" * 21, string.printable[:95] + "a" * 33, "1" * 100_000, "é" * 128):
        weakness(text, ["a" * 200, "b-" * 100])
    assert time.process_time() - started < 1


def test_who_has_no_password_matches_nothing() -> None:
    assert not CHEAP.matches(None, "nobody has this password")
    assert not CHEAP.matches("", "")
    assert not CHEAP.matches("no hash at all", "x")
    with pytest.raises(ValueError, match="measured"):
        CHEAP.hash("x" * 129)
