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
    "/over": "pages.about",
    "/privacy": "pages.privacy",
    "/toegankelijkheid": "pages.accessibility",
    "/klachten": "pages.complaints",
    "/jongeren": "pages.young_people",
    "/thema.css": "pages.theme",
    "/robots.txt": "pages.robots",
    "/sitemap.xml": "pages.sitemap",
    "/.well-known/security.txt": "pages.security_txt",
    "/healthz": "pages.healthz",
    "/readyz": "pages.readyz",
    "/static/<path:filename>": "static",
}


def test_the_addresses_are_exactly_these(region_app: Flask) -> None:
    assert {rule.rule: rule.endpoint for rule in region_app.url_map.iter_rules()} == ADDRESSES


def test_every_public_address_only_reads(region_app: Flask) -> None:
    for rule in region_app.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}, rule.rule
