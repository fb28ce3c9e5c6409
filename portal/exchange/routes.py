"""The page about the open data, and the files."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template, send_file

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.visitor import current_facts
from portal.core import clock
from portal.core.access import public
from portal.core.database import current_session
from portal.core.settings import current_settings
from portal.core.text import slugify
from portal.exchange import queries
from portal.exchange.downloads import DOWNLOADS, Source
from portal.exchange.downloads import download as made_download
from portal.exchange.presenters import data_page
from portal.outcomes.rules import current_rules

blueprint = public(Blueprint("data", __name__))


@blueprint.get("/data")
def data() -> str:
    """What is open, the files, and how other programs ask for it."""
    session, facts, lists = current_session(), current_facts(), current_code_lists()
    place = lists.municipalities[facts.municipalities[0]].name if facts.municipalities else ""
    page = data_page(list(queries.regions(session)), queries.any_slug(session), place, current_settings().base_url)
    return render_template("exchange/data.html", page=page)


@blueprint.get("/data/<region>/<filename>")
def download(region: str, filename: str) -> Response:
    """The current data of a region as a file."""
    session, facts = current_session(), current_facts()
    found = next((known for known in queries.regions(session) if slugify(known.name) == region), None)
    if found is None or filename not in DOWNLOADS:
        abort(HTTPStatus.NOT_FOUND)
    wanted = DOWNLOADS[filename]
    source = Source(session, found, current_code_lists(), current_rules(), clock.today())
    path = made_download(source, current_settings().data_dir.resolve(), wanted, facts.revision)
    name = f"{region}-{source.today:%Y-%m-%d}-{filename}"
    return send_file(path, mimetype=wanted.media_type, as_attachment=True, download_name=name, max_age=0)
