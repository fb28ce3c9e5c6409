"""Who may do what: every address × method × role, against a table of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus

import pytest
from flask import Blueprint, Flask
from sqlalchemy import select

from portal.accounts.permissions import GRANTS, Permission
from portal.accounts.types import Post, Profession, Role, Step
from portal.app import create_app
from portal.catalogue.models import Offer, Provider
from portal.catalogue.types import OfferAccess
from portal.core import clock
from portal.core.access import Door, Undeclared, check, requirement_of
from portal.core.actor import Actor
from portal.core.settings import Settings
from portal.desks.texts.models import TextDraft
from portal.desks.texts.types import DraftStatus
from portal.outcomes.models import Figure, Measurement
from portal.outcomes.operations import About, move
from portal.outcomes.types import DEFAULT_RULES, Audience, Indicator, MeasuredFramework
from tests.accounts.people import CHEAP, NOW, Someone, World

R = Role
EVERYBODY = frozenset(Role)
REGION = frozenset({R.ADMINISTRATOR, R.CONTRACT_MANAGER, R.DATA_OFFICER, R.MODERATOR})
REFERRERS = frozenset({R.ACCESS_WORKER, R.REFERRER, R.PARTNER})
PROVIDER = frozenset({R.PROVIDER_MANAGER, R.PROVIDER_EDITOR})
ISSUERS = frozenset({R.ADMINISTRATOR, R.CONTRACT_MANAGER})
DECIDE = frozenset({R.ADMINISTRATOR, R.CONTRACT_MANAGER})
ADMINISTRATOR, MANAGER = frozenset({R.ADMINISTRATOR}), frozenset({R.PROVIDER_MANAGER})
FIGURES = frozenset({R.CONTRACT_MANAGER, R.DATA_OFFICER})
WORD_EDITORS = frozenset({R.ADMINISTRATOR, R.DATA_OFFICER})
WORD_FORMS = ("/onderwerp/<code>", "/lijst/<name>/erbij", "/lijst/<name>/rij/<path:key>")
FIGURE, AVERAGE = "<int(max=2147483647):figure_id>", "<int(max=2147483647):average_id>"
RUN = "<int(max=2147483647):run_id>"
EDITORS = frozenset({R.ADMINISTRATOR, R.CONTRACT_MANAGER, R.DATA_OFFICER})
LEAVE = "/bestand-beslist/<thing>/<path:identifier>"
BY_HAND = (
    "/nieuw/<thing>",
    "/wijzigen/<thing>/<path:identifier>",
    "/einde/<thing>/<path:identifier>",
    "/<slug>/samenvoegen",
)
FILE_PAGES = (
    "/sjabloon.xlsx",
    "/alles.xlsx",
    "/<public_id>",
    "/<public_id>/verslag.csv",
    "/<public_id>/wijzigingen.csv",
    f"/terugdraaien/{RUN}",
)
FILE_FORMS = ("/<public_id>/binnenhalen", "/<public_id>/weg", f"/terugdraaien/{RUN}")
ONE_PERSON = ("rol", "beeindigen", "herstellen", "overdragen", "opnieuw", "intrekken", "telefoon")

MAY: dict[tuple[str, str], frozenset[Role]] = {
    ("GET", "/werkplek"): EVERYBODY,
    ("POST", "/werkplek/wissel"): EVERYBODY,
    ("GET", "/werkplek/account"): EVERYBODY,
    ("POST", "/werkplek/account/naam"): EVERYBODY,
    ("GET", "/werkplek/account/wachtwoord"): EVERYBODY,
    ("POST", "/werkplek/account/wachtwoord"): EVERYBODY,
    ("GET", "/werkplek/account/telefoon"): EVERYBODY,
    ("POST", "/werkplek/account/telefoon"): EVERYBODY,
    ("POST", "/werkplek/account/telefoon/code"): EVERYBODY,
    ("GET", "/werkplek/account/herstelcodes"): EVERYBODY,
    ("POST", "/werkplek/account/herstelcodes"): EVERYBODY,
    ("POST", "/werkplek/account/aanmeldingen"): EVERYBODY,
    ("POST", "/werkplek/account/vertrek"): EVERYBODY,
    ("GET", "/werkplek/regio"): REGION,
    ("GET", "/werkplek/verwijzer"): REFERRERS,
    ("GET", "/werkplek/aanbieder"): PROVIDER,
    **{(method, "/werkplek/aanbieder/wachttijden"): PROVIDER for method in ("GET", "POST")},
    **{(method, "/werkplek/aanbieder/wachttijden/<path:identifier>"): PROVIDER for method in ("GET", "POST")},
    ("POST", "/werkplek/aanbieder/wachttijden/mails"): PROVIDER,
    ("GET", "/werkplek/aanbieder/gegevens"): PROVIDER,
    ("POST", "/werkplek/aanbieder/gegevens/klopt"): PROVIDER,
    **{(method, "/werkplek/aanbieder/gegevens/algemeen"): PROVIDER for method in ("GET", "POST")},
    ("POST", "/werkplek/aanbieder/gegevens/algemeen/weg"): PROVIDER,
    ("GET", "/werkplek/aanbieder/gegevens/algemeen/voorbeeld"): PROVIDER,
    **{(method, "/werkplek/aanbieder/gegevens/hulp/<path:identifier>"): PROVIDER for method in ("GET", "POST")},
    ("POST", "/werkplek/aanbieder/gegevens/weg/<path:identifier>"): PROVIDER,
    ("GET", "/werkplek/aanbieder/gegevens/voorbeeld/<path:identifier>"): PROVIDER,
    ("GET", "/werkplek/regio/wijzigingen"): DECIDE,
    ("GET", "/werkplek/regio/wijzigingen/<public_id>"): DECIDE,
    ("GET", "/werkplek/regio/wijzigingen/<public_id>/goed"): DECIDE,
    ("POST", "/werkplek/regio/wijzigingen/<public_id>/goed"): DECIDE,
    ("GET", "/werkplek/regio/wijzigingen/<public_id>/terug"): DECIDE,
    ("POST", "/werkplek/regio/wijzigingen/<public_id>/terug"): DECIDE,
    ("GET", "/werkplek/regio/actueel"): REGION,
    **{("GET", f"/werkplek/regio/bestanden{path}"): FIGURES for path in ("", *FILE_PAGES)},
    **{("GET", f"/werkplek/regio/aanbieders{path}"): EDITORS for path in ("", "/<slug>", *BY_HAND)},
    **{("POST", f"/werkplek/regio/aanbieders{path}"): EDITORS for path in (*BY_HAND, LEAVE, "/<slug>/loskoppelen")},
    ("GET", "/werkplek/regio/contracten"): EDITORS,
    ("GET", "/werkplek/regio/contracten/aflopend.csv"): EDITORS,
    **{("POST", f"/werkplek/regio/bestanden{path}"): FIGURES for path in ("", *FILE_FORMS)},
    **{
        ("GET", f"/werkplek/regio/beeld{path}"): REGION
        for page in ("", "/aanbod", "/wachttijden", "/respons")
        for path in (page, f"{page or '/keuze'}.csv")
    },
    ("GET", "/werkplek/regio/witte-vlekken"): REGION,
    ("GET", "/werkplek/regio/witte-vlekken/witte-vlekken.csv"): REGION,
    ("GET", "/werkplek/aanbieder/woorden"): PROVIDER,
    **{
        (method, f"/werkplek/regio/woorden{path}"): WORD_EDITORS
        for method, paths in (
            ("GET", ("", "/bij", "/geschiedenis", "/lijst/<name>", *WORD_FORMS)),
            ("POST", ("/geschiedenis/<int(max=2147483647):version_id>", *WORD_FORMS)),
        )
        for path in paths
    },
    ("GET", "/werkplek/regio/logboek"): frozenset({R.ADMINISTRATOR, R.CONTRACT_MANAGER}),
    ("GET", "/werkplek/regio/codes"): ISSUERS,
    ("POST", "/werkplek/regio/codes"): ISSUERS,
    ("POST", "/werkplek/regio/codes/<public_id>"): ISSUERS,
    **{("GET", f"/werkplek/aanbieder/vragenlijst{path}"): PROVIDER for path in ("", "/vragenlijst.csv")},
    **{
        ("GET", f"/werkplek/verwijzer/vragenlijst{path}"): frozenset({R.ACCESS_WORKER})
        for path in ("", "/vragenlijst.csv")
    },
    ("GET", "/werkplek/verwijzer/codes"): frozenset({R.ACCESS_WORKER}),
    ("POST", "/werkplek/verwijzer/codes"): frozenset({R.ACCESS_WORKER}),
    ("POST", "/werkplek/verwijzer/codes/<public_id>"): frozenset({R.ACCESS_WORKER}),
    **{
        (method, f"/werkplek/regio/ervaringen{path}"): frozenset({R.MODERATOR})
        for path in ("/<public_id>", "/antwoord/<public_id>", "/feit/<public_id>")
        for method in ("GET", "POST")
    },
    ("GET", "/werkplek/regio/ervaringen"): frozenset({R.MODERATOR}),
    ("GET", "/werkplek/regio/ervaringen/geplaatst"): frozenset({R.MODERATOR}),
    ("GET", "/werkplek/aanbieder/ervaringen"): PROVIDER,
    **{
        ("POST", f"/werkplek/aanbieder/ervaringen/<public_id>/{what}"): PROVIDER
        for what in ("antwoord", "nagekomen", "betwist")
    },
    ("GET", "/werkplek/verwijzer/ervaringen"): frozenset({R.ACCESS_WORKER}),
    **{
        ("POST", f"/werkplek/verwijzer/ervaringen/<public_id>/{what}"): frozenset({R.ACCESS_WORKER})
        for what in ("antwoord", "nagekomen", "betwist")
    },
    **{
        ("GET", f"/werkplek/regio/cijfers{path}"): FIGURES
        for path in (
            "",
            "/<indicator>/<period>",
            "/bezwaren",
            f"/cijfer/{FIGURE}",
            "/aanlevering",
            "/twijfels",
            "/totalen",
            "/cijfers.csv",
            f"/vergelijking/{AVERAGE}",
        )
    },
    ("POST", f"/werkplek/regio/cijfers/cijfer/{FIGURE}/besluit"): FIGURES,
    ("POST", f"/werkplek/regio/cijfers/cijfer/{FIGURE}/toelichting"): FIGURES,
    ("POST", "/werkplek/regio/cijfers/<indicator>/<period>/fase"): frozenset({R.DATA_OFFICER}),
    ("POST", "/werkplek/regio/cijfers/<indicator>/<period>/plan-vervalt"): frozenset({R.DATA_OFFICER}),
    **{
        ("GET", f"/werkplek/verwijzer/cijfers{path}"): frozenset({R.ACCESS_WORKER, R.REFERRER})
        for path in ("", "/aanbieders/<slug>", "/vergelijken", "/totalen", "/cijfers.csv", f"/vergelijking/{AVERAGE}")
    },
    ("GET", "/werkplek/verwijzer/zoeken"): REFERRERS,
    ("POST", "/werkplek/verwijzer/gemeente"): REFERRERS,
    ("GET", "/werkplek/verwijzer/lijst"): REFERRERS,
    **{
        ("GET", f"/werkplek/verwijzer{path}"): REFERRERS
        for path in (
            "/gespreksblad",
            "/vergelijken",
            "/aanbieders/<slug>",
            "/aanbieders/<slug>/aanbod/<path:identifier>",
        )
    },
    **{(method, "/werkplek/verwijzer/keuze"): frozenset({R.ACCESS_WORKER}) for method in ("GET", "POST")},
    ("POST", "/werkplek/verwijzer/keuze/terug"): frozenset({R.ACCESS_WORKER}),
    ("GET", "/werkplek/verwijzer/keuze/aantallen"): frozenset({R.ACCESS_WORKER}),
    ("GET", "/werkplek/verwijzer/keuze/aantallen.csv"): frozenset({R.ACCESS_WORKER}),
    ("GET", "/werkplek/regio/klopt-niet"): EDITORS,
    **{
        ("POST", f"/werkplek/regio/klopt-niet/<public_id>/{what}"): EDITORS
        for what in ("verbeterd", "blijft", "doorgestuurd", "open")
    },
    ("GET", "/werkplek/aanbieder/klopt-niet"): PROVIDER,
    ("POST", "/werkplek/aanbieder/klopt-niet/<public_id>"): PROVIDER,
    ("POST", "/werkplek/aanbieder/klopt-niet/<public_id>/klopte-al"): PROVIDER,
    ("GET", "/werkplek/aanbieder/cijfers"): PROVIDER,
    ("GET", f"/werkplek/aanbieder/cijfers/{FIGURE}"): PROVIDER,
    ("POST", f"/werkplek/aanbieder/cijfers/{FIGURE}/bezwaar"): PROVIDER,
    ("POST", f"/werkplek/aanbieder/cijfers/{FIGURE}/toelichting"): PROVIDER,
    **{
        (method, f"{base}{path}"): who
        for base, who in (("/werkplek/regio/mensen", ADMINISTRATOR), ("/werkplek/aanbieder/mensen", MANAGER))
        for method, path in (
            ("GET", ""),
            ("GET", "/uitnodigen"),
            ("POST", "/uitnodigen"),
            ("GET", "/<public_id>"),
            *(("POST", f"/<public_id>/{what}") for what in ONE_PERSON),
        )
    },
}
"""What each role may open; an address that asks for a permission and is not here fails the build."""

EXAMPLES = {
    R.REFERRER: Profession.GP,
    R.PARTNER: Profession.SCHOOL,
}


def post_of(role: Role, world: World) -> Post:
    provider = world.providers[0] if role.is_of_provider else None
    municipality = "GM0917" if role.is_of_municipality else ""
    return Post(role, world.regions[0], provider, municipality, EXAMPLES.get(role))


@pytest.fixture
def everybody(app: Flask) -> Iterator[tuple[Flask, World, dict[Role, str]]]:
    """Somebody of every role, and a colleague at the provider on whom things are tried."""
    app.extensions["portal.passwords"] = CHEAP
    world = World.make(app.extensions["portal.database"])
    for role in Role:
        world.add(f"{role}@voorbeeld.example", post_of(role, world))
    targets = {role: world.add(f"doel-{role}@voorbeeld.example", post_of(Role.PROVIDER_EDITOR, world)) for role in Role}
    world.add("niemand@voorbeeld.example")
    publish_figures(world)
    with world.database.transaction() as session:
        session.add(
            Offer(
                region_id=world.regions[0], provider_id=world.providers[0], identifier="A1", name="Hulp",
                description="", access=OfferAccess.FREE,
            )
        )  # fmt: skip
        for role, public_id in targets.items():
            session.add(
                TextDraft(
                    public_id=public_id, subject=f"example {role}", region_id=world.regions[0],
                    provider_id=world.providers[0], status=DraftStatus.SENT, proposed={"summary": "Hulp"},
                    replaces={"summary": None}, author_label="Ellen", changed_at=NOW,
                )
            )  # fmt: skip
    yield app, world, targets


def is_absent(rule: str, status: int) -> bool:
    """Whether the guard let somebody through to what is not there: stories and codes have ids of their own."""
    has_own = ("<public_id>" in rule and "/mensen/" not in rule) or RUN in rule or "version_id" in rule
    return status == HTTPStatus.NOT_FOUND and has_own


def publish_figures(world: World) -> None:
    """Figures of five providers of the first region, the first two of which are the world's own, seen by everybody."""
    with world.database.transaction() as session:
        for number in range(3):
            session.add(
                Provider(region_id=world.regions[0], identifier=f"F{number}", slug=f"f{number}", name=f"F{number}")
            )
        session.flush()
        for provider in session.scalars(select(Provider.id).where(Provider.region_id == world.regions[0])):
            session.add(
                Measurement(
                    provider_id=provider, arrangement="begeleiding", period="2025", source="Eigen", numerator=28,
                    denominator=40, framework=MeasuredFramework.VOLUNTARY, indicator=Indicator.GOALS_REACHED,
                )
            )  # fmt: skip
        about = [About(world.regions[0], Indicator.GOALS_REACHED, "2025")]
        before = clock.now() - timedelta(40)
        for audience, day in ((Audience.PROVIDER, before), (Audience.PUBLIC, before + timedelta(20))):
            move(session, about, audience, Actor.command("test"), "", DEFAULT_RULES, day)


def path_of(rule: str, target: str, world: World) -> str:
    """An address as somebody of the first provider would ask it."""
    with world.database.sessions() as session:
        figure = session.scalars(select(Figure).where(Figure.provider_id == world.providers[0])).one()
    parts = {
        "<public_id>": target, FIGURE: str(figure.id), AVERAGE: str(figure.average_id), "<slug>": "zuid-limburg-1",
        RUN: "1", "<thing>": "aanbod", "<indicator>": "goals_reached", "<period>": "2025", "<path:identifier>": "A1",
        "<code>": "angst", "<name>": "onderwerpen", "<path:key>": "angst",
        "<int(max=2147483647):version_id>": "1",
    }  # fmt: skip
    for part, value in parts.items():
        rule = rule.replace(part, value)
    return rule


def addresses(app: Flask) -> Iterator[tuple[str, str, object]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.rule, requirement_of(app, rule.endpoint)


def test_every_address_that_asks_a_permission_has_an_expectation(app: Flask) -> None:
    asked = {(method, rule) for method, rule, asks in addresses(app) if not isinstance(asks, Door)}
    assert asked == set(MAY)


def test_every_address_against_every_role(everybody: tuple[Flask, World, dict[Role, str]]) -> None:
    app, world, targets = everybody
    mismatches, tried = [], 0
    for role in Role:
        for (method, rule), who in MAY.items():
            visitor = Someone.enter(app, f"{role}@voorbeeld.example")
            path = path_of(rule, targets[role], world)
            answer = visitor.client.get(path) if method == "GET" else visitor.submit(path)
            tried += 1
            allowed = answer.status_code in (200, 302, 409, 422) or is_absent(rule, answer.status_code)
            if allowed is not (role in who) or (not allowed and answer.status_code != HTTPStatus.FORBIDDEN):
                mismatches.append(f"{role}: {method} {rule}: {answer.status_code}")
    assert mismatches == []
    assert tried == len(MAY) * len(Role)


@pytest.mark.parametrize("who", ["nobody", "halfway", "without a role"])
def test_who_is_not_signed_in_or_has_no_role_gets_nowhere(
    everybody: tuple[Flask, World, dict[Role, str]], who: str
) -> None:
    app, world, targets = everybody
    client = app.test_client()
    token = ""
    if who == "halfway":
        visitor = Someone.enter(app, "administrator@voorbeeld.example", Step.CODE)
        client, token = visitor.client, visitor.token
    if who == "without a role":
        visitor = Someone.enter(app, "niemand@voorbeeld.example")
        client, token = visitor.client, visitor.token
    for method, rule in MAY:
        path = path_of(rule, targets[Role.ADMINISTRATOR], world)
        answer = client.get(path) if method == "GET" else client.submit(path, {"csrf_token": token})  # type: ignore[attr-defined]
        if who == "without a role" and MAY[method, rule] == EVERYBODY:
            assert answer.status_code in (200, 302, 409, 422), rule
        elif method == "GET" and who != "without a role":
            assert answer.status_code == 302, rule
            assert answer.headers["Location"].startswith("/inloggen"), rule
        else:
            assert answer.status_code == HTTPStatus.FORBIDDEN, f"{method} {rule}: {answer.status_code}"


def test_the_pages_halfway_are_for_who_is_halfway(everybody: tuple[Flask, World, dict[Role, str]]) -> None:
    app, _, _ = everybody
    halfway = [(method, rule) for method, rule, asks in addresses(app) if asks is Door.HALFWAY]
    assert len(halfway) == 10
    complete = Someone.enter(app, "administrator@voorbeeld.example")
    for method, path in halfway:
        for client in (app.test_client(), complete.client):
            answer = client.get(path) if method == "GET" else client.submit(path, {"csrf_token": complete.token})
            assert answer.status_code == 302 and answer.headers["Location"].startswith("/inloggen"), path
    for step, page in (
        (Step.CODE, "/inloggen/code"),
        (Step.ACCEPTING, "/uitnodiging/account"),
        (Step.RENEWING, "/uitnodiging/wachtwoord"),
        (Step.ENROLLING, "/uitnodiging/telefoon"),
    ):
        visitor = Someone.enter(app, "moderator@voorbeeld.example", step)
        for method, path in halfway:
            answer = visitor.client.get(path) if method == "GET" else visitor.submit(path)
            is_own = path == page or (step is Step.CODE and path == "/inloggen/herstelcode")
            assert answer.status_code == ((200 if method == "GET" else 422) if is_own else 302), f"{step} {path}"


def test_the_table_gives_every_permission_to_somebody_and_nothing_to_nobody() -> None:
    assert set(GRANTS) == set(Permission)
    assert all(GRANTS.values())
    assert set(GRANTS[Permission.OWN_ACCOUNT]) == set(Role)


def test_an_address_that_declares_nothing_stops_the_program(app: Flask) -> None:
    careless = Flask("careless", static_folder=None)
    blueprint = Blueprint("careless", __name__)
    blueprint.add_url_rule("/geheim", view_func=lambda: "secret")
    careless.register_blueprint(blueprint)
    with pytest.raises(Undeclared, match=r"careless\.<lambda>"):
        check(careless)
    check(app)


def test_the_program_checks_when_it_starts(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from portal.desks import routes

    monkeypatch.delitem(routes.region.__dict__, "portal_asks")
    with pytest.raises(Undeclared, match=r"desks\.region"):
        create_app(Settings(data_dir=tmp_path, demonstration=True))  # type: ignore[arg-type]
