"""The addresses others rely on are there, and none comes or goes unnoticed."""

from __future__ import annotations

from flask import Flask

ADDRESSES = {
    "/": "catalogue.home",
    "/aanbieders": "catalogue.providers",
    "/aanbieders/<slug>": "catalogue.provider",
    "/aanbieders/<slug>/aanbod/<path:identifier>": "catalogue.offer",
    "/gezinshuizen": "catalogue.family_homes",
    "/hulp-krijgen": "catalogue.help_page",
    "/resultaten": "outcomes.explained",
    "/hulp-krijgen/<arrangement>": "catalogue.road",
    "/woordenlijst": "catalogue.glossary",
    "/zoeken": "search.results",
    "/zoeken/suggesties": "search.suggestions",
    "/vergelijken": "choosing.compare",
    "/mijn-lijst": "choosing.my_list",
    "/keuzehulp": "choosing.helper",
    "/keuzehulp/uitkomst": "choosing.outcome",
    "/over": "pages.about",
    "/privacy": "pages.privacy",
    "/toegankelijkheid": "pages.accessibility",
    "/klachten": "pages.complaints",
    "/jongeren": "pages.young_people",
    "/thema.css": "pages.theme",
    "/robots.txt": "pages.robots",
    "/sitemap.xml": "pages.sitemap",
    "/.well-known/security.txt": "pages.security_txt",
    "/data": "data.data",
    "/data/<region>/<filename>": "data.download",
    "/api/v1/providers": "api.providers",
    "/api/v1/providers/<slug>": "api.provider",
    "/api/v1/outcomes": "api.outcomes",
    "/api/v1/arrangements": "api.arrangements",
    "/api/v1/topics": "api.topics",
    "/api/v1/municipalities": "api.municipalities",
    "/api/v1/openapi.json": "api.openapi",
    "/api/hsds/": "api.hsds_about",
    "/api/hsds/organizations": "api.hsds_organizations",
    "/api/hsds/organizations/<id>": "api.hsds_organization",
    "/api/hsds/services": "api.hsds_services",
    "/api/hsds/services/<id>": "api.hsds_service",
    "/api/hsds/service_at_locations": "api.hsds_service_at_locations",
    "/api/hsds/service_at_locations/<id>": "api.hsds_service_at_location",
    "/healthz": "pages.healthz",
    "/readyz": "pages.readyz",
    "/static/<path:filename>": "static",
}


def test_the_addresses_are_exactly_these(region_app: Flask) -> None:
    assert {rule.rule: rule.endpoint for rule in region_app.url_map.iter_rules()} == ADDRESSES


FORMS_THAT_KEEP_NOTHING = {"/mijn-lijst", "/keuzehulp", "/keuzehulp/uitkomst"}
"""They take what must not stand in an address, show it again and store nothing (tests/choosing/test_privacy.py)."""


def test_every_public_address_only_reads(region_app: Flask) -> None:
    for rule in region_app.url_map.iter_rules():
        reading = {"GET", "HEAD", "OPTIONS"} | ({"POST"} if rule.rule in FORMS_THAT_KEEP_NOTHING else set())
        assert (rule.methods or set()) <= reading, rule.rule
