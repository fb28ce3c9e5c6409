"""Puts the application together."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import pages
from portal.accounts import access as accounts_access
from portal.accounts.commands import users_command
from portal.accounts.elsewhere import routes as elsewhere_routes
from portal.accounts.elsewhere.organisations import read_organisations
from portal.accounts.own import routes as own_account_routes
from portal.accounts.people import routes as people_routes
from portal.accounts.signing_in import routes as signing_in_routes
from portal.accounts.signing_in.passwords import Passwords
from portal.backup.commands import backup_command, restore_command
from portal.catalogue import routes as catalogue_routes
from portal.catalogue.commands import providers_command
from portal.catalogue.criteria import LIST
from portal.catalogue.edits.live import LiveLists
from portal.catalogue.presenters.common import phone_href
from portal.catalogue.queries import RegionFacts, revision_and_edition
from portal.catalogue.visitor import REVISION_AND_EDITION, current_facts
from portal.choosing import routes as choosing_routes
from portal.choosing.criteria import read_list
from portal.core import carried, clock, components, database, errors, finished_pages, headers, languages, logs, reading
from portal.core.commands import migration_command
from portal.core.mail import routes as mail_routes
from portal.core.mail.commands import mail_command
from portal.core.pace import layer as pace
from portal.core.pace.types import API, QUESTIONS, SUGGESTIONS, Limit
from portal.core.pages import Link
from portal.core.problems import is_for_programs
from portal.core.resources import ROOT
from portal.core.settings import Settings, current_settings
from portal.core.trail.witness import Witness, watch
from portal.core.uploads import InMemory
from portal.daily import daily_command
from portal.demo import routes as demo_routes
from portal.demo.commands import demo_command
from portal.desks import routes as desk_routes
from portal.desks.by_hand import routes as by_hand_routes
from portal.desks.choice import routes as choice_routes
from portal.desks.conversation import routes as conversation_routes
from portal.desks.corrections import routes as corrections_routes
from portal.desks.dashboard import routes as dashboard_routes
from portal.desks.found_with import routes as found_routes
from portal.desks.frame import desk_frame
from portal.desks.gaps import routes as gap_routes
from portal.desks.imports import routes as imports_routes
from portal.desks.own_figures import routes as own_figures_routes
from portal.desks.phased_figures import routes as phased_figures_routes
from portal.desks.region_figures import routes as region_figures_routes
from portal.desks.reminders import routes as reminder_routes
from portal.desks.reports import routes as report_routes
from portal.desks.texts import routes as text_routes
from portal.desks.waiting import routes as waiting_routes
from portal.desks.words import routes as word_routes
from portal.exchange import routes as data_routes
from portal.exchange.api import routes as api_routes
from portal.exchange.export_command import export_command
from portal.exchange.geo_command import geo_command
from portal.exchange.import_command import import_command
from portal.exchange.imports_command import imports_command
from portal.exchange.tally_command import tally_command
from portal.outcomes import routes as outcomes_routes
from portal.outcomes.commands import outcomes_command
from portal.reviews import danger as reviews_danger
from portal.reviews.answering import routes as answering_routes
from portal.reviews.invitations import routes as invitations_routes
from portal.reviews.invitations.commands import invitations_command
from portal.reviews.moderating import routes as moderating_routes
from portal.reviews.offices import routes as office_routes
from portal.reviews.returning import routes as returning_routes
from portal.reviews.telling import routes as telling_routes
from portal.search import renewal
from portal.search import routes as search_routes
from portal.search.commands import search_command
from portal.search.hearing import danger_in
from portal.search.white_spots.commands import gaps_command
from portal.serving import doctor_command, init_command, serve_command
from portal.site import site

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

COMMANDS = (
    init_command,
    doctor_command,
    serve_command,
    backup_command,
    restore_command,
    daily_command,
    migration_command,
    import_command,
    imports_command,
    export_command,
    geo_command,
    search_command,
    providers_command,
    outcomes_command,
    invitations_command,
    mail_command,
    users_command,
    demo_command,
)
search_command.add_command(gaps_command)
outcomes_command.add_command(tally_command)
LIMITED = {"/zoeken": QUESTIONS, "/keuzehulp/uitkomst": QUESTIONS, "/zoeken/suggesties": SUGGESTIONS}
"""The pages that search, each time anew. The others are cheap, and everybody may read them as quickly as they like."""
PAGES_THAT_CARRY = frozenset({"catalogue", "outcomes", "search", "choosing", "pages", "offices"})
CLEANED = frozenset({"telling", "returning"})
"""The pages whose forms are cleaned instead of refused: nobody's story is lost for a sign that it was pasted with."""
LONGEST_QUERY_STRING = 4_000
LARGEST_BODY = 1024 * 1024
_JUNK = re.compile("[\x00\ufffd\ud800-\udfff]")
"""What no text holds: NUL, and what stands for characters that could not be read."""
_HIDES = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]")
"""What makes an address look other than it is: control characters, and letters forced into the other direction.

Marks, embeddings and joiners are none of these: Arabic, Hebrew, Persian and emoji need them, and telephones paste them.
"""


class _Portal(Flask):
    jinja_environment = components.Environment


def create_app(settings: Settings | None = None, *, limits_questions: bool = False) -> Flask:
    """The application with these settings (default: those of the environment).

    With `limits_questions` each network can ask only so much, counted by all processes with this data folder.
    """
    settings = settings or Settings.from_environment()
    app = _Portal("portal", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=settings.secret_key or None,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.url_map.merge_slashes = False  # its redirects would name the host that the request claims
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["portal.settings"] = settings

    logs.init_app(app, settings.log_level)
    errors.init_app(app)
    opened = database.init_app(app, settings.resolved_database_url, settings.keys, settings.data_dir)
    watch(opened, Witness(settings.data_dir))
    lists = app.extensions["portal.lists"] = LiveLists(settings.code_lists_dir, opened)
    renewal.init_app(app, lists)
    languages.init_app(app)
    components.init_app(app)
    carried.init_app(app, {LIST: read_list, reading.NAME: reading.read}, PAGES_THAT_CARRY)
    app.request_class = InMemory
    app.before_request(accounts_access.make_room)
    app.before_request(_refuse_junk)
    if limits_questions:
        pace.init_app(app, settings.data_dir, settings.keys.of("pace"), _limit_of)
    finished_pages.init_app(app, {"/zoeken"}, partial(_catalogue_state, app))
    headers.init_app(app)
    app.extensions["portal.passwords"] = Passwords()
    app.extensions["portal.organisations"] = read_organisations(settings.organisations, lists.files)
    reviews_danger.init_app(app, danger_in)
    _register_pages(app)
    accounts_access.init_app(app)
    for command in COMMANDS:
        app.cli.add_command(command)
    if settings.proxies:  # outermost: whatever lies within must see the host that is meant
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _limit_of(path: str) -> Limit | None:
    return API if is_for_programs(path) else LIMITED.get(path)


def _catalogue_state(app: Flask, environ: WSGIEnvironment) -> Hashable:
    """Changes with everything that a page of results is made from; leaves what it asked the database for the page."""
    state = environ[REVISION_AND_EDITION] = revision_and_edition(app.extensions["portal.database"].engine)
    engine, lists = app.extensions.get("portal.search"), app.extensions["portal.lists"]
    return *state, lists.now().edition, engine.folder.stamp() if engine else None, clock.today()


def _refuse_junk() -> None:
    """Answer 400 to an address or form that no browser makes: broken UTF-8, control characters, endless queries."""
    if len(request.query_string) > LONGEST_QUERY_STRING:
        raise BadRequest
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError as broken:
        raise BadRequest from broken
    typed = () if request.blueprint in CLEANED else tuple(_texts(request.form))
    for text in (request.path, *_texts(request.args), *typed):
        if _JUNK.search(text):
            raise BadRequest
    if any(_HIDES.search(text) for text in (request.path, *_texts(request.args))):
        raise BadRequest


def _texts(values: MultiDict[str, str]) -> Iterator[str]:
    yield from values.keys()
    yield from (value for several in values.listvalues() for value in several)


def _register_pages(app: Flask) -> None:
    for blueprint in (
        catalogue_routes.blueprint, outcomes_routes.blueprint, search_routes.blueprint, choosing_routes.blueprint,
        pages.blueprint, data_routes.blueprint, api_routes.blueprint, mail_routes.blueprint,
        signing_in_routes.blueprint, elsewhere_routes.blueprint, own_account_routes.blueprint,
        people_routes.region_people, people_routes.provider_people, desk_routes.blueprint,
        own_figures_routes.blueprint, phased_figures_routes.blueprint, region_figures_routes.blueprint,
        text_routes.blueprint, text_routes.approvals, waiting_routes.blueprint, reminder_routes.blueprint,
        imports_routes.blueprint, by_hand_routes.blueprint, by_hand_routes.contracts, choice_routes.blueprint,
        conversation_routes.blueprint, corrections_routes.blueprint, dashboard_routes.blueprint,
        word_routes.blueprint, gap_routes.blueprint, found_routes.blueprint, demo_routes.blueprint,
        telling_routes.blueprint, returning_routes.blueprint,
        invitations_routes.blueprint, invitations_routes.of_municipality, moderating_routes.blueprint,
        answering_routes.blueprint, answering_routes.of_team, office_routes.blueprint, report_routes.of_provider,
        report_routes.of_municipality,
    ):  # fmt: skip
        app.register_blueprint(blueprint)

    @app.context_processor
    def _frame() -> dict[str, object]:
        facts = _facts_if_any()
        is_fictional = facts.is_fictional if facts else current_settings().demonstration
        line = facts.crisis_line if facts else None
        crisis_line = Link(f"{line[0]} {_unbroken(line[1])}", phone_href(line[1])) if line else None
        frame = site(is_fictional, headers.is_private(), crisis_line)
        visitor = accounts_access.visitor_if_any()
        if visitor is None or not visitor.is_complete:
            return {"site": frame}
        desk = desk_frame(visitor)
        return {"site": replace(frame, nav=tuple(desk.nav)), "desk": desk}


def _facts_if_any() -> RegionFacts | None:
    """What holds for all pages; an error page must do without the database."""
    try:
        return current_facts()
    except SQLAlchemyError:
        return None


def _unbroken(phone: str) -> str:
    """A phone number that stays on one line."""
    return phone.replace(" ", "\N{NO-BREAK SPACE}")
