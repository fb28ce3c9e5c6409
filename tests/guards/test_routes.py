"""The addresses others rely on are there, and none comes or goes unnoticed."""

from __future__ import annotations

from flask import Flask

from portal.core.access import Door, requirement_of

PUBLIC = {
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
    "/api/v1/experiences": "api.experiences",
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
    "/ervaring": "telling.code",
    "/ervaring/vragen": "telling.question",
    "/ervaring/nalezen": "telling.read_over",
    "/ervaring/versturen": "telling.send",
    "/ervaring/terug": "returning.own",
    "/ervaring/terug/wijzigen": "returning.correct",
    "/ervaring/terug/tweede-blik": "returning.second_look",
    "/ervaring/terug/feit": "returning.answer_dispute",
    "/ervaring/terug/intrekken": "returning.take_back",
    "/huisregels": "telling.house_rules",
    "/toegang": "offices.index",
    "/toegang/<slug>": "offices.team",
    "/jeugdbescherming/<slug>": "offices.institution",
    "/healthz": "pages.healthz",
    "/readyz": "pages.readyz",
    "/static/<path:filename>": "static",
}
"""What anybody may read; each only reads."""

FIGURE, AVERAGE = "<int(max=2147483647):figure_id>", "<int(max=2147483647):average_id>"
SIGNED_IN = {
    ("GET", "/inloggen"): "signing_in.sign_in",
    ("POST", "/inloggen"): "signing_in.check_password",
    ("GET", "/inloggen/code"): "signing_in.one_time_code",
    ("POST", "/inloggen/code"): "signing_in.check_one_time_code",
    ("GET", "/inloggen/herstelcode"): "signing_in.recovery",
    ("POST", "/inloggen/herstelcode"): "signing_in.check_recovery",
    ("POST", "/uitloggen"): "signing_in.sign_out",
    ("GET", "/uitnodiging"): "signing_in.mail_code",
    ("POST", "/uitnodiging"): "signing_in.open_invitation",
    ("GET", "/uitnodiging/account"): "signing_in.accepting",
    ("POST", "/uitnodiging/account"): "signing_in.accept",
    ("GET", "/uitnodiging/wachtwoord"): "signing_in.renewing",
    ("POST", "/uitnodiging/wachtwoord"): "signing_in.renew",
    ("GET", "/uitnodiging/telefoon"): "signing_in.enrolling",
    ("POST", "/uitnodiging/telefoon"): "signing_in.enrol",
    ("GET", "/wachtwoord-vergeten"): "signing_in.forgotten",
    ("POST", "/wachtwoord-vergeten"): "signing_in.send_code",
    ("GET", "/nieuw-wachtwoord"): "signing_in.new_password",
    ("POST", "/nieuw-wachtwoord"): "signing_in.set_new_password",
    ("GET", "/inloggen/via/<name>"): "elsewhere.go",
    ("GET", "/inloggen/terug"): "elsewhere.come_back",
    ("GET", "/werkplek"): "own_account.desk",
    ("POST", "/werkplek/wissel"): "own_account.switch",
    ("GET", "/werkplek/account"): "own_account.account",
    ("POST", "/werkplek/account/naam"): "own_account.rename",
    ("GET", "/werkplek/account/wachtwoord"): "own_account.password",
    ("POST", "/werkplek/account/wachtwoord"): "own_account.change_password",
    ("GET", "/werkplek/account/telefoon"): "own_account.phone",
    ("POST", "/werkplek/account/telefoon"): "own_account.begin_phone",
    ("POST", "/werkplek/account/telefoon/code"): "own_account.confirm_phone",
    ("GET", "/werkplek/account/herstelcodes"): "own_account.recovery_codes",
    ("POST", "/werkplek/account/herstelcodes"): "own_account.make_recovery_codes",
    ("POST", "/werkplek/account/aanmeldingen"): "own_account.end_sign_in",
    ("POST", "/werkplek/account/vertrek"): "own_account.give_up",
    ("GET", "/werkplek/regio/mensen"): "region_people.index",
    ("GET", "/werkplek/regio/mensen/uitnodigen"): "region_people.invite",
    ("POST", "/werkplek/regio/mensen/uitnodigen"): "region_people.send_invitation",
    ("GET", "/werkplek/regio/mensen/<public_id>"): "region_people.person",
    ("POST", "/werkplek/regio/mensen/<public_id>/rol"): "region_people.change",
    ("POST", "/werkplek/regio/mensen/<public_id>/beeindigen"): "region_people.disable",
    ("POST", "/werkplek/regio/mensen/<public_id>/herstellen"): "region_people.enable",
    ("POST", "/werkplek/regio/mensen/<public_id>/overdragen"): "region_people.hand_over",
    ("POST", "/werkplek/regio/mensen/<public_id>/opnieuw"): "region_people.renew",
    ("POST", "/werkplek/regio/mensen/<public_id>/intrekken"): "region_people.withdraw",
    ("POST", "/werkplek/regio/mensen/<public_id>/telefoon"): "region_people.second_factor",
    ("GET", "/werkplek/aanbieder/mensen"): "provider_people.index",
    ("GET", "/werkplek/aanbieder/mensen/uitnodigen"): "provider_people.invite",
    ("POST", "/werkplek/aanbieder/mensen/uitnodigen"): "provider_people.send_invitation",
    ("GET", "/werkplek/aanbieder/mensen/<public_id>"): "provider_people.person",
    ("POST", "/werkplek/aanbieder/mensen/<public_id>/rol"): "provider_people.change",
    ("POST", "/werkplek/aanbieder/mensen/<public_id>/beeindigen"): "provider_people.disable",
    ("POST", "/werkplek/aanbieder/mensen/<public_id>/herstellen"): "provider_people.enable",
    ("POST", "/werkplek/aanbieder/mensen/<public_id>/overdragen"): "provider_people.hand_over",
    ("POST", "/werkplek/aanbieder/mensen/<public_id>/opnieuw"): "provider_people.renew",
    ("POST", "/werkplek/aanbieder/mensen/<public_id>/intrekken"): "provider_people.withdraw",
    ("POST", "/werkplek/aanbieder/mensen/<public_id>/telefoon"): "provider_people.second_factor",
    ("GET", "/werkplek/regio/codes"): "invitations.index",
    ("POST", "/werkplek/regio/codes"): "invitations.issue",
    ("POST", "/werkplek/regio/codes/<public_id>"): "invitations.count",
    ("GET", "/werkplek/aanbieder/vragenlijst"): "provider_report.index",
    ("GET", "/werkplek/aanbieder/vragenlijst/vragenlijst.csv"): "provider_report.file",
    ("GET", "/werkplek/verwijzer/vragenlijst"): "municipality_report.index",
    ("GET", "/werkplek/verwijzer/vragenlijst/vragenlijst.csv"): "municipality_report.file",
    ("GET", "/werkplek/verwijzer/codes"): "own_invitations.index",
    ("POST", "/werkplek/verwijzer/codes"): "own_invitations.issue",
    ("POST", "/werkplek/verwijzer/codes/<public_id>"): "own_invitations.count",
    ("GET", "/werkplek/regio/ervaringen"): "moderating.index",
    ("GET", "/werkplek/regio/ervaringen/<public_id>"): "moderating.experience",
    ("POST", "/werkplek/regio/ervaringen/<public_id>"): "moderating.decide",
    ("GET", "/werkplek/regio/ervaringen/antwoord/<public_id>"): "moderating.answer",
    ("POST", "/werkplek/regio/ervaringen/antwoord/<public_id>"): "moderating.decide_answer",
    ("GET", "/werkplek/regio/ervaringen/feit/<public_id>"): "moderating.dispute",
    ("POST", "/werkplek/regio/ervaringen/feit/<public_id>"): "moderating.decide_dispute",
    ("GET", "/werkplek/aanbieder/ervaringen"): "answering.index",
    ("POST", "/werkplek/aanbieder/ervaringen/<public_id>/antwoord"): "answering.answer",
    ("POST", "/werkplek/aanbieder/ervaringen/<public_id>/nagekomen"): "answering.kept",
    ("POST", "/werkplek/aanbieder/ervaringen/<public_id>/betwist"): "answering.dispute",
    ("GET", "/werkplek/regio"): "desks.region",
    ("GET", "/werkplek/verwijzer"): "desks.referrer",
    ("GET", "/werkplek/aanbieder"): "desks.provider",
    ("GET", "/werkplek/aanbieder/wachttijden"): "waiting.index",
    ("POST", "/werkplek/aanbieder/wachttijden"): "waiting.confirm",
    ("POST", "/werkplek/aanbieder/wachttijden/mails"): "waiting.mails",
    ("GET", "/werkplek/aanbieder/wachttijden/<path:identifier>"): "waiting.offer",
    ("POST", "/werkplek/aanbieder/wachttijden/<path:identifier>"): "waiting.change",
    ("GET", "/nog-juist/<token>"): "waiting.from_mail",
    ("POST", "/nog-juist/<token>"): "waiting.change_from_mail",
    ("GET", "/werkplek/aanbieder/gegevens"): "texts.index",
    ("POST", "/werkplek/aanbieder/gegevens/klopt"): "texts.confirm",
    ("GET", "/werkplek/aanbieder/gegevens/algemeen"): "texts.provider",
    ("POST", "/werkplek/aanbieder/gegevens/algemeen"): "texts.write_provider",
    ("POST", "/werkplek/aanbieder/gegevens/algemeen/weg"): "texts.provider_away",
    ("GET", "/werkplek/aanbieder/gegevens/algemeen/voorbeeld"): "texts.provider_preview",
    ("GET", "/werkplek/aanbieder/gegevens/hulp/<path:identifier>"): "texts.offer",
    ("POST", "/werkplek/aanbieder/gegevens/hulp/<path:identifier>"): "texts.write_offer",
    ("POST", "/werkplek/aanbieder/gegevens/weg/<path:identifier>"): "texts.offer_away",
    ("GET", "/werkplek/aanbieder/gegevens/voorbeeld/<path:identifier>"): "texts.offer_preview",
    ("GET", "/werkplek/regio/wijzigingen"): "approvals.queue",
    ("GET", "/werkplek/regio/wijzigingen/<public_id>"): "approvals.draft",
    ("POST", "/werkplek/regio/wijzigingen/<public_id>/goed"): "approvals.approve",
    ("POST", "/werkplek/regio/wijzigingen/<public_id>/terug"): "approvals.give_back",
    ("GET", "/werkplek/regio/actueel"): "reminders.stale",
    ("GET", "/werkplek/regio/logboek"): "desks.trail",
    ("GET", "/werkplek/regio/cijfers"): "region_figures.index",
    ("GET", "/werkplek/regio/cijfers/<indicator>/<period>"): "region_figures.kind",
    ("POST", "/werkplek/regio/cijfers/<indicator>/<period>/fase"): "region_figures.move",
    ("POST", "/werkplek/regio/cijfers/<indicator>/<period>/plan-vervalt"): "region_figures.drop_plan",
    ("GET", "/werkplek/regio/cijfers/bezwaren"): "region_figures.objections",
    ("GET", f"/werkplek/regio/cijfers/cijfer/{FIGURE}"): "region_figures.figure",
    ("POST", f"/werkplek/regio/cijfers/cijfer/{FIGURE}/besluit"): "region_figures.settle",
    ("POST", f"/werkplek/regio/cijfers/cijfer/{FIGURE}/toelichting"): "region_figures.comment",
    ("GET", "/werkplek/regio/cijfers/aanlevering"): "region_figures.calendar",
    ("GET", "/werkplek/regio/cijfers/twijfels"): "region_figures.doubts",
    ("GET", "/werkplek/regio/cijfers/totalen"): "region_figures.totals",
    ("GET", "/werkplek/regio/cijfers/cijfers.csv"): "region_figures.file",
    ("GET", "/werkplek/verwijzer/cijfers/cijfers.csv"): "phased_figures.file",
    ("GET", f"/werkplek/regio/cijfers/vergelijking/{AVERAGE}"): "region_figures.comparison",
    ("GET", "/werkplek/verwijzer/cijfers"): "phased_figures.index",
    ("GET", "/werkplek/verwijzer/cijfers/aanbieders/<slug>"): "phased_figures.provider",
    ("GET", "/werkplek/verwijzer/cijfers/vergelijken"): "phased_figures.compare",
    ("GET", "/werkplek/verwijzer/cijfers/totalen"): "phased_figures.totals",
    ("GET", f"/werkplek/verwijzer/cijfers/vergelijking/{AVERAGE}"): "phased_figures.comparison",
    ("GET", "/werkplek/aanbieder/cijfers"): "own_figures.index",
    ("GET", f"/werkplek/aanbieder/cijfers/{FIGURE}"): "own_figures.figure",
    ("POST", f"/werkplek/aanbieder/cijfers/{FIGURE}/bezwaar"): "own_figures.object_to",
    ("POST", f"/werkplek/aanbieder/cijfers/{FIGURE}/toelichting"): "own_figures.comment",
    ("GET", "/voorbeeld-aanmelden"): "demo.sign_ins",
}
"""The way in, and what lies behind it: the method, the address and its view."""

READS = {"GET", "HEAD", "OPTIONS"}


def test_the_public_addresses_are_exactly_these(region_app: Flask) -> None:
    public = {
        rule.rule: rule.endpoint
        for rule in region_app.url_map.iter_rules()
        if requirement_of(region_app, rule.endpoint) is Door.PUBLIC
    }
    assert public == PUBLIC


def test_the_addresses_of_who_signs_in_are_exactly_these(region_app: Flask) -> None:
    signed_in = {
        (method, rule.rule): rule.endpoint
        for rule in region_app.url_map.iter_rules()
        if requirement_of(region_app, rule.endpoint) is not Door.PUBLIC
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert signed_in == SIGNED_IN


FORMS_THAT_KEEP_NOTHING = {"/mijn-lijst", "/keuzehulp", "/keuzehulp/uitkomst"}
"""They take what must not stand in an address, show it again and store nothing (tests/choosing/test_privacy.py)."""


FORMS_OF_FAMILIES = {rule for rule in PUBLIC if rule.startswith("/ervaring/")}
"""What a family tells of its own, with a code or a phrase and no account (tests/reviews/test_telling.py)."""


def test_every_public_address_only_reads(region_app: Flask) -> None:
    for rule in region_app.url_map.iter_rules():
        if requirement_of(region_app, rule.endpoint) is Door.PUBLIC:
            has_form = rule.rule in FORMS_THAT_KEEP_NOTHING | FORMS_OF_FAMILIES
            reading = READS | ({"POST"} if has_form else set())
            assert (rule.methods or set()) <= reading, rule.rule
