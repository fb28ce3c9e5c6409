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
    "/woordenlijst": "catalogue.glossary",
    "/zoeken": "search.results",
    "/zoeken/suggesties": "search.suggestions",
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
    "/voorbeeldpost": "mail.demonstration_mail",
    "/healthz": "pages.healthz",
    "/readyz": "pages.readyz",
    "/static/<path:filename>": "static",
}


def test_the_addresses_are_exactly_these(region_app: Flask) -> None:
    assert {rule.rule: rule.endpoint for rule in region_app.url_map.iter_rules()} == ADDRESSES


def test_every_public_address_only_reads(region_app: Flask) -> None:
    for rule in region_app.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}, rule.rule
