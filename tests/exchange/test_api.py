"""The API: the same answers as the pages, errors that name what is wrong, and a description that is true."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate as validate_openapi
from sqlalchemy import select, text, update
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import FormerSlug, Location, Offer, Provider
from portal.catalogue.operations import touch
from portal.catalogue.types import LocationKind
from portal.core import clock
from portal.core.database import Database
from portal.core.problems import Refusal
from portal.exchange.api.parameters import SEARCH, Parameter, check
from portal.exchange.columns import CONTRACTS, LOCATIONS, OFFERS, PROVIDERS
from portal.search.criteria import Criteria
from tests.conftest import TODAY
from tests.exchange.conftest import Deliver
from tests.exchange.packages import sound
from tests.inspection import InspectingClient

SECRET = ("Stillestraat", "6411 XY", "Huize Geheim")


def json_of(response: TestResponse, status: int = 200) -> Any:
    assert response.status_code == status, response.get_data(as_text=True)[:300]
    expected = "application/json" if status < 400 else "application/problem+json"
    assert response.mimetype == expected
    return json.loads(response.get_data())


def ask(client: InspectingClient, path: str, status: int = 200, **query: object) -> Any:
    return json_of(client.get(path, query_string=query or None), status)


# --- parameters ------------------------------------------------------------------------------------------


class Asked(dict[str, str]):
    """Notes the names that are looked up in it."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)


class Recorded(MultiDict[str, str]):
    """Parameters whose plain form notes what is asked of it."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.plain = Asked(given)

    def to_dict(self, flat: bool = True) -> Any:
        return self.plain


def test_the_api_takes_exactly_the_parameters_of_the_page_of_results(code_lists: CodeLists) -> None:
    args = Recorded({"q": "angst"})
    Criteria.read(args, code_lists)
    ours_alone, of_the_form = {"per_page"}, {"gelezen", "kaart"}
    assert {parameter.name for parameter in SEARCH} - ours_alone == args.plain.names - of_the_form


def examples(parameter: Parameter, lists: CodeLists) -> Iterator[str]:
    schema = parameter.schema(lists)
    for part in schema.get("items", schema).get("anyOf", [schema.get("items", schema)]):
        if "enum" in part:
            yield from part["enum"]
        elif part.get("type") == "integer":
            yield from (str(part["minimum"]), str(part["maximum"]))
        else:
            yield from part.get("examples", [part.get("const", "angst")])


@pytest.mark.parametrize("parameter", SEARCH, ids=lambda parameter: parameter.name)
def test_what_the_api_lets_through_the_page_understands(parameter: Parameter, code_lists: CodeLists) -> None:
    defaults = {("sorteer", "relevantie"), ("pagina", "1")}
    for value in examples(parameter, code_lists):
        args = MultiDict({parameter.name: value})
        check(args, SEARCH, code_lists)
        is_read = Criteria.read(args, code_lists) != Criteria()
        assert is_read or (parameter.name, value) in defaults or parameter.name == "per_page", value


WRONG = [
    ("leeftijd", "28"), ("leeftijd", "-1"), ("leeftijd", "13 jaar"), ("leeftijd", ""), ("leeftijd", "٣"),
    ("leeftijd", "9" * 3000), ("gemeente", "Atlantis"), ("gemeente", ""), ("postcode", "0000"), ("postcode", "6411 A"),
    ("afstand", "0"), ("afstand", "201"), ("arrangement", "iets"), ("onderwerp", "iets"), ("waar", "thuis"),
    ("wachttijd", "105"), ("wachttijd", "1e1"), ("taal", "xx"), ("grootte", "groot"), ("kader", "both"),
    ("vrij", "nee"), ("voor", "all"), ("sorteer", "populair"), ("pagina", "0"), ("pagina", "1001"), ("per_page", "0"),
    ("per_page", "101"), ("lang", "xx"), ("q", "a" * 501), ("gelezen", "x"), ("limit", "5"), ("onderwerp[]", "angst"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_an_unknown_parameter_or_value_is_named(region: InspectingClient, name: str, value: str) -> None:
    problem = ask(region, "/api/v1/providers", 400, **{"kader": "voluntary", name: value})
    assert [error["parameter"] for error in problem["errors"]] == [name]
    assert name in problem["detail"]
    assert len(problem["detail"]) < 300


def test_every_wrong_parameter_is_named_at_once_and_the_nearest_is_told(region: InspectingClient) -> None:
    problem = json_of(region.get("/api/v1/providers?leeftjd=4&waar=huis&waar=home&vrij=ja&vrij=ja&lang=en"), 400)
    assert problem["title"] == "Bad Request"
    assert problem["status"] == 400
    assert problem["type"] == "about:blank"
    told = {error["parameter"]: error["detail"] for error in problem["errors"]}
    assert set(told) == {"leeftjd", "waar", "vrij"}
    assert "“leeftijd”" in told["leeftjd"]
    assert "home" in told["waar"]
    assert "once" in told["vrij"]


def test_problems_are_in_dutch_unless_asked_otherwise(region: InspectingClient) -> None:
    assert "Deze parameter kennen we hier niet" in ask(region, "/api/v1/topics", 400, x=1)["detail"]


def test_the_other_addresses_are_as_strict(region_app: Flask, region: InspectingClient) -> None:
    for rule in region_app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = re.sub("<[^>]+>", "x", rule.rule)
            assert [e["parameter"] for e in ask(region, path, 400, kleur="rood")["errors"]] == ["kleur"], path


def test_a_long_list_of_mistakes_costs_little(region_app: Flask) -> None:
    lists: CodeLists = region_app.extensions["portal.lists"].files
    args = MultiDict([("onderwerp", f"x{number}") for number in range(2_000)])
    with region_app.test_request_context(), pytest.raises(Refusal) as refused:
        check(args, SEARCH, lists)
    assert len(refused.value.members["errors"]) == 20  # type: ignore[arg-type]


# --- providers -------------------------------------------------------------------------------------------

QUESTIONS = [
    {"q": "mijn dochter wil niet meer naar school"},
    {"q": "boos en druk", "gemeente": "Heerlen", "leeftijd": "9"},
    {"waar": "home", "sorteer": "naam", "arrangement": "begeleiding"},
    {"vrij": "ja"},
    {"q": "xyzzy plugh"},
]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_the_api_finds_what_the_page_finds(searchable: InspectingClient, question: dict[str, str]) -> None:
    answer = ask(searchable, "/api/v1/providers", **question)
    page = searchable.get("/zoeken", query_string=question).get_data(as_text=True)
    on_page = re.findall(r'href="(/aanbieders/[^"/?]+/aanbod/[^"?]+)', page)
    in_api = [re.sub(r"^https?://[^/]+|\?.*", "", r["offers"][0]["page"]) for r in answer["results"]]
    assert in_api == list(dict.fromkeys(on_page))[: len(in_api)]  # below them the page names lighter help
    assert len(in_api) == min(20, answer["total"])
    assert str(answer["total"]) in page or answer["total"] == 0
    assert answer["by_meaning"] is True


def test_it_says_what_it_understood(searchable: InspectingClient) -> None:
    answer = ask(searchable, "/api/v1/providers", q="mijn dochter van 13 wil niet naar school in Heerlen", lang="en")
    found = {(u["parameter"], u["as"]): u for u in answer["understood"]}
    words = found["onderwerp", "schoolweigering"]["words"].split()
    assert {"niet", "school"} <= set(words)
    assert words == sorted(words, key="mijn dochter van 13 wil niet naar school in Heerlen".split().index)
    assert found["leeftijd", "13"]["label"] == "13 years"
    assert found["gemeente", "GM0917"]["label"] == "Heerlen"
    assert ("voor", "girls") in found
    hit = answer["results"][0]
    assert hit["offers"][0]["matched"]
    assert "schoolweigering" in hit["offers"][0]["topics"]
    taken_off = ask(searchable, "/api/v1/providers", q="dochter van 13 in Heerlen", leeftijd="alle", gemeente="alle")
    assert {u["parameter"] for u in taken_off["understood"]} & {"leeftijd", "gemeente"} == set()


def test_it_suggests_the_question_as_it_was_read(searchable: InspectingClient) -> None:
    answer = ask(searchable, "/api/v1/providers", q="mijn zoon heeft autisime")
    assert answer["suggestion"] == "mijn zoon heeft autisme"
    assert ask(searchable, "/api/v1/providers", q="mijn zoon heeft autisme")["suggestion"] is None


def test_it_passes_on_whom_to_call_first(searchable: InspectingClient) -> None:
    answer = ask(searchable, "/api/v1/providers", q="mijn kind wil niet meer leven")
    assert answer["dangers"][0]["kind"] == "suicide"
    assert "0800-0113" in answer["dangers"][0]["text"]
    assert answer["total"] > 0
    assert ask(searchable, "/api/v1/providers", q="kan niet slapen")["dangers"] == []


def test_everything_can_be_fetched_page_by_page(region: InspectingClient) -> None:
    for size in (7, 100):
        found, address = [], f"/api/v1/providers?per_page={size}&waar=home"
        while address:
            answer = json_of(region.get(address.removeprefix("http://127.0.0.1:8000")))
            found += [result["provider_id"] for result in answer["results"]]
            address = answer["next"] or ""
        assert len(found) == len(set(found)) == answer["total"]
        assert answer["previous"].endswith(f"pagina={answer['page'] - 1}")
    beyond = ask(region, "/api/v1/providers", pagina=900)
    assert (beyond["results"], beyond["next"]) == ([], None)


def test_counts_are_those_of_the_choices(region: InspectingClient) -> None:
    facets = ask(region, "/api/v1/providers", waar="home", lang="en")["facets"]
    for name in ("arrangement", "grootte", "vrij"):
        for choice in facets[name]:
            narrowed = ask(region, "/api/v1/providers", **{"waar": "home", name: choice["value"]})
            assert narrowed["total"] == choice["count"], (name, choice)
    assert {"value": "home", "label": "At home"}.items() <= next(
        c for c in facets["waar"] if c["value"] == "home"
    ).items()


def test_distance_needs_a_place(region: InspectingClient) -> None:
    for query, name in (({"afstand": 5}, "afstand"), ({"sorteer": "afstand"}, "sorteer")):
        assert ask(region, "/api/v1/providers", 400, **query)["errors"][0]["parameter"] == name
    near = ask(region, "/api/v1/providers", gemeente="Heerlen", sorteer="afstand", afstand=10)
    assert all(hit["distance_km"] is None or hit["distance_km"] >= 0 for hit in near["results"])
    assert any(hit["distance_km"] is not None for hit in near["results"])
    assert ask(region, "/api/v1/providers")["results"][0]["distance_km"] is None


def test_without_an_index_it_says_so(region: InspectingClient) -> None:
    assert ask(region, "/api/v1/providers", q="school")["by_meaning"] is False


# --- one provider ----------------------------------------------------------------------------------------


def test_a_record_has_every_public_column_of_the_package(deliver: Deliver) -> None:
    record = ask(deliver(sound()), "/api/v1/providers/de-klaproos-jeugdhulp")
    assert {column.name for column in PROVIDERS.columns} <= record.keys()
    for table, rows in ((LOCATIONS, "locations"), (OFFERS, "offers"), (CONTRACTS, "contracts")):
        assert {column.name for column in table.columns} - {"provider_id"} <= record[rows][0].keys()
    assert record["provider_id"] == "A001"
    assert record["team_size"] == 6
    assert record["first_meeting"] is True
    assert record["languages"] == ["nl", "ar"]
    assert record["offers"][0]["waiting_reported_on"] == "2026-10-01"
    assert record["offers"][0]["municipalities"] == ["GM0917"]
    assert record["offers"][0]["status"] == "contracted"
    assert record["contracts"][0]["whole_region"] is True
    assert "GM0935" in record["contracts"][0]["municipalities"]
    assert record["consortia"][0]["provider_ids"] == ["A001", "A002"]


def test_a_secret_address_is_in_no_output(deliver: Deliver, database: Database) -> None:
    tables = sound()
    tables["locations"].append(
        {
            **tables["locations"][1],
            "location_id": "A001-L3",
            "address_confidential": "no",
            "latitude": "50.9",
            "longitude": "6.0",
        }
    )  # a family home that a region declared open: no page shows its address either
    tables["offers"][0]["location_ids"] = "A001-L1;A001-L2;A001-L3"
    client = deliver(tables)
    with database.sessions() as session:
        assert session.scalar(select(Location.street).where(Location.identifier == "A001-L3")) == "Stillestraat"
    paths = ["/api/v1/providers/de-klaproos-jeugdhulp", "/api/hsds/organizations?full=true",
             "/api/hsds/services?full=true", "/api/hsds/service_at_locations?full=true"]  # fmt: skip
    for path in paths:
        body = client.get(path).get_data(as_text=True)
        assert "Verzonnenstraat" in body, path
        assert not [word for word in (*SECRET, "50.9,") if word in body], path
    record = ask(client, paths[0])
    homes = [place for place in record["locations"] if place["kind"] == LocationKind.FAMILY_HOME]
    assert [home["municipality"] for home in homes] == ["GM0917", "GM0917"]
    assert all(home["address_confidential"] for home in homes)


def test_former_addresses_lead_on_and_gone_ones_are_missing(deliver: Deliver, database: Database) -> None:
    client = deliver(sound())
    with database.transaction() as session:
        one = session.scalars(select(Provider).where(Provider.identifier == "A001")).one()
        session.add(FormerSlug(slug="oude-naam", provider_id=one.id))
        session.execute(update(Provider).where(Provider.identifier == "A002").values(successor_id=one.id))
        session.execute(update(Offer).where(Offer.identifier == "A001-1").values(withdrawn_on=TODAY - timedelta(1)))
        touch(session)
    for slug in ("oude-naam", "zuidwind"):
        response = client.get(f"/api/v1/providers/{slug}?lang=en")
        assert response.status_code == 301
        assert response.headers["Location"] == "/api/v1/providers/de-klaproos-jeugdhulp?lang=en"
    record = ask(client, "/api/v1/providers/de-klaproos-jeugdhulp")
    assert record["offers"] == []
    assert record["consortia"][0]["provider_ids"] == ["A001"]
    assert ask(client, "/api/v1/providers/niemand", 404)["status"] == 404
    assert ask(client, "/api/hsds/services")["total_items"] == 0
    assert ask(client, "/api/hsds/organizations")["total_items"] == 1


# --- code lists ------------------------------------------------------------------------------------------


def test_code_lists_have_labels_in_the_language_asked(region: InspectingClient, code_lists: CodeLists) -> None:
    for name, codes in (("arrangements", code_lists.arrangements), ("topics", code_lists.topics)):
        dutch, english = (ask(region, f"/api/v1/{name}", **q) for q in ({}, {"lang": "en"}))
        assert [entry["code"] for entry in dutch["results"]] == list(codes)
        assert dutch["total"] == len(codes)
        assert dutch["results"][0]["label"] != english["results"][0]["label"]
    places = ask(region, "/api/v1/municipalities")["results"]
    assert {place["name"] for place in places if place["served"]} >= {"Heerlen", "Maastricht"}
    assert len(places) == len(code_lists.municipalities) > sum(place["served"] for place in places)


# --- HSDS ------------------------------------------------------------------------------------------------


def test_hsds_lists_hold_all_and_every_id_leads_to_the_whole(region: InspectingClient) -> None:
    assert ask(region, "/api/hsds")["version"] == "3.0"
    for name in ("organizations", "services", "service_at_locations"):
        ids: list[str] = []
        number, last = 1, False
        while not last:
            page = ask(region, f"/api/hsds/{name}", page=number)
            assert page["size"] == len(page["contents"])
            assert (page["page_number"], page["first_page"]) == (number, number == 1)
            ids += [row["id"] for row in page["contents"]]
            number, last = number + 1, page["last_page"]
        assert len(ids) == len(set(ids)) == page["total_items"] > 200
        for own in ids[::150]:
            assert ask(region, f"/api/hsds/{name}/{own}")["id"] == own
        assert ask(region, f"/api/hsds/{name}/{ids[0][:-1]}x", 404)
        beyond = ask(region, f"/api/hsds/{name}", page=10_000)
        assert (beyond["empty"], beyond["last_page"]) == (True, True)


def test_hsds_nests_what_belongs_together(deliver: Deliver) -> None:
    client = deliver(sound())
    service = next(
        ask(client, f"/api/hsds/services/{row['id']}")
        for row in ask(client, "/api/hsds/services")["contents"]
        if row["name"] == "Weer naar school"
    )
    assert service["status"] == "active"
    assert service["organization"]["name"] == "De Klaproos Jeugdhulp"
    assert service["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] == "6411 XX"
    terms = {(a["link_type"], a["taxonomy_term"]["code"]) for a in service["attributes"]}
    assert {("jeugdhulp:arrangement", "begeleiding"), ("jeugdhulp:topic", "angst")} <= terms
    assert "null" not in json.dumps(service)
    owner = service["organization_id"]
    organization = ask(client, f"/api/hsds/organizations/{owner}")
    assert [s["name"] for s in organization["services"]] == ["Weer naar school"]
    assert {i["identifier_scheme"] for i in organization["organization_identifiers"]} == {"NL-KVK", "NL-AGB"}
    assert ask(client, "/api/hsds/services", organization_id=owner)["total_items"] == 1
    assert ask(client, "/api/hsds/services", organization_id="x")["total_items"] == 0


def test_a_change_is_in_the_next_answer(deliver: Deliver) -> None:
    client, tables = deliver(sound()), sound()
    assert ask(client, "/api/hsds/services")["total_items"] == 2
    tables["offers"].append({**tables["offers"][1], "offer_id": "A002-2", "name": "Nieuw"})
    deliver(tables)
    assert "Nieuw" in [row["name"] for row in ask(client, "/api/hsds/services")["contents"]]


# --- what is the same everywhere -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/api", "GET", 404), ("/api/", "GET", 404), ("/api/v1", "GET", 404), ("/api/v1/figures", "GET", 404),
        ("/api/v2/providers", "GET", 404), ("/api/v1/providers/%00", "GET", 400),
        ("/api/v1/providers?q=%ff", "GET", 400), ("/api/v1/topics?%ff=1", "GET", 400),
        ("/api/v1/providers?" + "x" * 5_000, "GET", 400),
        ("/api/v1/providers", "POST", 405), ("/api/v1/openapi.json", "DELETE", 405),
        ("/api/hsds/services", "BREW", 405),
        ("/api/hsds/services/%F0%9F%91%B6", "GET", 404), ("/api/v1/providers/../../etc/passwd", "GET", 404),
    ],
)  # fmt: skip
def test_every_error_is_a_problem(region: InspectingClient, path: str, method: str, status: int) -> None:
    response = region.open(path, method=method)
    problem = json_of(response, status)
    assert {"type", "title", "status", "detail", "request_id"} <= problem.keys()
    assert problem["status"] == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    if status == 405:
        assert "GET" in response.headers["Allow"]


def test_an_unusable_database_is_a_problem_too(database: Database, app: Flask) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE catalogue_revision"))
    response = app.test_client().get("/api/v1/providers")
    assert json_of(response, 503)["status"] == 503
    assert response.headers["Retry-After"]


def test_an_untrusted_host_hears_it_as_a_problem(app: Flask) -> None:
    app.config["TRUSTED_HOSTS"] = ["jeugdhulp.example"]
    assert json_of(app.test_client().get("/api/v1/topics", headers={"Host": "evil.example"}), 400)["status"] == 400


def test_answers_travel_compressed_are_revalidated_and_open_to_all(region: InspectingClient) -> None:
    response = region.get("/api/v1/providers", headers={"Accept-Encoding": "gzip", "Origin": "https://elders.example"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.get_data()))["total"] > 100
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"
    again = region.get("/api/v1/providers", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in region.get("/").headers


def test_addresses_in_answers_come_from_the_setting_alone(region: InspectingClient) -> None:
    answer = region.get("/api/v1/providers", headers={"Host": "kanarie.example", "X-Forwarded-Host": "kanarie.example"})
    assert "kanarie" not in answer.get_data(as_text=True) + str(answer.headers)


# --- the description -------------------------------------------------------------------------------------


@pytest.fixture
def description(region: InspectingClient) -> Any:
    return ask(region, "/api/v1/openapi.json")


def test_the_description_is_valid_and_names_every_address(region_app: Flask, description: Any) -> None:
    validate_openapi(description)
    assert description["openapi"].startswith("3.1")
    rules = [rule for rule in region_app.url_map.iter_rules() if rule.rule.startswith("/api")]
    assert set(description["paths"]) == {re.sub(r"<(\w+)>", r"{\1}", rule.rule) for rule in rules}
    names = [operation["get"]["operationId"] for operation in description["paths"].values()]
    assert len(names) == len(set(names)) == len(rules) > 10


def test_the_description_tells_every_parameter_with_its_values(description: Any, code_lists: CodeLists) -> None:
    told = {p["name"]: p for p in description["paths"]["/api/v1/providers"]["get"]["parameters"]}
    assert set(told) == {parameter.name for parameter in SEARCH} | {"lang"}
    assert told["onderwerp"]["schema"]["items"]["enum"] == list(code_lists.topics)
    assert told["leeftijd"]["schema"]["anyOf"][0]["maximum"] == 27
    assert all(p["description"] for p in told.values())


def closed(schema: Any) -> Any:
    """The schema with objects that hold nothing but what it names."""
    if isinstance(schema, dict):
        more = (
            {"additionalProperties": False} if "properties" in schema and "additionalProperties" not in schema else {}
        )
        return {name: closed(part) for name, part in schema.items()} | more
    return [closed(part) for part in schema] if isinstance(schema, list) else schema


def test_answers_are_as_described(searchable: InspectingClient, region_examples: dict[str, str]) -> None:
    described = ask(searchable, "/api/v1/openapi.json")
    slug = region_examples["PROVIDER"].rsplit("/", 1)[1]
    ids = {
        name: ask(searchable, f"/api/hsds/{name}", per_page=1)["contents"][0]["id"]
        for name in ("organizations", "services", "service_at_locations")
    }
    queries = {
        "/api/v1/providers": [
            "",
            "?q=mijn dochter van 13 wil niet meer leven&gemeente=Heerlen",
            "?q=autisime xyzzy&lang=en",
        ],
        "/api/hsds/services": ["?per_page=50", "?per_page=50&full=true"],
        "/api/hsds/organizations": ["?per_page=50", "?per_page=50&full=true"],
        "/api/hsds/service_at_locations": ["?per_page=50", "?per_page=50&full=true"],
    }
    for path, operation in described["paths"].items():
        schema = {
            **closed(operation["get"]["responses"]["200"]["content"]["application/json"]["schema"]),
            "components": closed(described["components"]),
        }
        if path == "/api/v1/openapi.json":
            continue
        concrete = path.replace("{slug}", slug).replace("{id}", ids.get(path.split("/")[3], ""))
        for query in queries.get(path, [""]):
            answer = json_of(searchable.get(concrete + query))
            errors = [f"{e.json_path}: {e.message[:200]}" for e in Draft202012Validator(schema).iter_errors(answer)]
            assert errors == [], (concrete + query, errors[:5])


def test_problems_are_as_described(region: InspectingClient, description: Any) -> None:
    schema = {**closed(description["components"]["schemas"]["Problem"])}
    for path, status in (("/api/v1/topics?x=1", 400), ("/api/v1/providers/niemand", 404), ("/api/nergens", 404)):
        Draft202012Validator(schema).validate(ask(region, path, status))


def test_the_day_decides(deliver: Deliver, database: Database) -> None:
    client = deliver(sound())
    with database.transaction() as session:
        session.execute(update(Offer).where(Offer.identifier == "A002-1").values(withdrawn_on=TODAY + timedelta(1)))
        touch(session)
    assert ask(client, "/api/hsds/services")["total_items"] == 2
    with clock.frozen(TODAY + timedelta(1)):
        assert ask(client, "/api/hsds/services")["total_items"] == 1
