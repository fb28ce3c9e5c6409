"""A catalogue of any size, made by recombining the texts of the fictional region; the same for the same size.

An offer takes its kind, ages, waiting time and so on from an offer of the region, and its sentences from several
offers of the same kind, until it has some 200 words. Each also gets a few invented words, rarer as there are more, so
that the vocabulary grows with the catalogue as it does in real ones.
"""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

from portal.demo.package import tables
from portal.exchange.columns import SEPARATOR

WORDS_OF_AN_OFFER = 200
_OFFERS_OF_A_PROVIDER = 2.5
_INVENTED = 4
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_SYLLABLES = (
    "ba be bo da de do fa fe ga ge ka ke ko la le lo ma me mo na ne ra re ro sa se ta te to va ve wa we".split()
)


def write_large_package(folder: Path, offers: int, today: date) -> None:
    """Write a package of `offers` offers (and some two fifths as many providers) into `folder`."""
    chance = random.Random(11)  # noqa: S311 - for a reproducible catalogue, not for secrets
    region = tables(today)
    sentences: dict[object, list[str]] = defaultdict(list)
    for offer in region["offers"]:
        sentences[offer["arrangement"]] += _SENTENCE_END.split(f"{offer['description']} {offer.get('approach') or ''}")
    locations_of = defaultdict(list)
    for location in region["locations"]:
        locations_of[location["provider_id"]].append(location)
    contracts_of = defaultdict(list)
    for contract in region["contracts"]:
        contracts_of[contract["provider_id"]].append(contract)
    of_provider = defaultdict(list)
    for offer in region["offers"]:
        of_provider[offer["provider_id"]].append(offer)
    made: dict[str, list[dict[str, object]]] = {name: [] for name in ("providers", "locations", "offers", "contracts")}
    copy = 0
    while len(made["offers"]) < offers:
        for provider in region["providers"]:
            if len(made["offers"]) >= offers:
                break
            number = f"{provider['provider_id']}-{copy}"
            name = str(provider["name"])
            named = name if not copy else f"{name} {_invented(chance, 3).capitalize()}"
            made["providers"].append(
                {**provider, "provider_id": number, "name": named, "kvk_number": "", "agb_code": ""}
            )
            for kind in ("locations", "contracts"):
                identifier = f"{kind[:-1]}_id"
                for row in (locations_of if kind == "locations" else contracts_of)[provider["provider_id"]]:
                    made[kind].append({**row, identifier: f"{row[identifier]}-{copy}", "provider_id": number})
            for offer in of_provider[provider["provider_id"]]:
                places: list[str] = offer.get("location_ids") or []  # type: ignore[assignment]
                made["offers"].append({
                    **offer, "offer_id": f"{offer['offer_id']}-{copy}", "provider_id": number,
                    "description": _text(offer, sentences[offer["arrangement"]], chance), "approach": "",
                    "location_ids": SEPARATOR.join(f"{place}-{copy}" for place in places),
                    "waiting_weeks_start": chance.randrange(0, 30),
                })  # fmt: skip
        copy += 1
    made["offers"] = made["offers"][:offers]
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in {**made, "access_points": list(region["access_points"])}.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(
                {c: SEPARATOR.join(map(str, v)) if isinstance(v, list | tuple) else v for c, v in row.items()}
                for row in rows
            )


def _text(offer: object, sentences: list[str], chance: random.Random) -> str:
    own = _SENTENCE_END.split(str(offer["description"]))  # type: ignore[index]
    text = [own[0], *chance.sample(own[1:], min(len(own) - 1, 2))]
    while sum(map(len, text)) < WORDS_OF_AN_OFFER * 6:
        text.append(chance.choice(sentences))
    text.append(" ".join(_invented(chance, chance.choice((2, 3, 3))) for _ in range(_INVENTED)).capitalize() + ".")
    return " ".join(text)


def _invented(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choices(_SYLLABLES, k=syllables))
