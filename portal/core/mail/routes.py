"""The page where the mail of a demonstration can be read."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, make_response, render_template

from portal.core.access import public
from portal.core.mail.presenters import shown_mail
from portal.core.settings import current_settings

blueprint = public(Blueprint("mail", __name__))


@blueprint.get("/voorbeeldpost")
def demonstration_mail() -> Response:
    """Mail that a demonstration would have sent. Outside of one there is no such page: mail holds secrets."""
    folder = current_settings().mail_folder
    if folder is None:
        abort(HTTPStatus.NOT_FOUND)
    response = make_response(render_template("core/demonstration_mail.html", letters=shown_mail(folder)))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
