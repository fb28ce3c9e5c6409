"""The desk pages on which a provider and a municipality find what their families chose, for their reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.codelists import current_code_lists
from portal.core.access import asks
from portal.core.database import current_session
from portal.core.languages import gettext
from portal.core.links import link
from portal.desks.reports.presenters import Reported, report_file, report_page
from portal.reviews.offices.queries import office_of_municipality
from portal.reviews.questions import current_sets, newest
from portal.reviews.showing.queries import Told, told_about, told_about_office
from portal.reviews.types import OfficeKind


def _pages(name: str, prefix: str, permission: Permission, read: Callable[[], Sequence[Reported]]) -> Blueprint:
    """The pages for who has `permission`; `read` finds what is theirs."""
    blueprint = asks(permission, Blueprint(name, __name__, url_prefix=prefix))

    @blueprint.get("")
    def index() -> str:
        """What families chose, question by question."""
        return render_template(
            "desks/report.html", page=report_page(read(), current_code_lists(), link(f"{name}.file"))
        )

    @blueprint.get("/vragenlijst.csv")
    def file() -> Response:
        """The same as a file for a spreadsheet program."""
        response = Response("".join(report_file(read())), mimetype="text/csv")
        response.headers["Content-Disposition"] = "attachment; filename=vragenlijst.csv"
        return response

    return blueprint


def _of_provider() -> Sequence[Reported]:
    provider_id = current_visitor().scope(Permission.OWN_FIGURES).provider_id or abort(HTTPStatus.NOT_FOUND)
    return [
        Reported(
            "provider", gettext("About your help"), gettext("As everybody sees it on your page."),
            told_about(current_session(), provider_id), newest(current_sets()),
        )
    ]  # fmt: skip


def _of_municipality() -> Sequence[Reported]:
    session, scope = current_session(), current_visitor().scope(Permission.ISSUE_OWN_CODES)
    name = current_code_lists().municipalities[scope.municipality].name

    def told(kind: OfficeKind) -> Told:
        office = office_of_municipality(session, scope, kind)
        return told_about_office(session, office.id) if office is not None else Told((), (), None)

    return [
        Reported(
            "municipality", gettext("Families of %(name)s, about the help they had", name=name),
            gettext(
                "Of all providers together, told with codes that you made yourself. Families of a provider of whom too "
                "few told are not in it, so that nobody can find out what one family said."
            ),
            told(OfficeKind.MUNICIPALITY), newest(current_sets()),
        ),
        Reported(
            "access_team", gettext("About your access team"), gettext("As everybody sees it on its page."),
            told(OfficeKind.ACCESS_TEAM), newest(current_sets(), OfficeKind.ACCESS_TEAM),
        ),
    ]  # fmt: skip


of_provider = _pages("provider_report", "/werkplek/aanbieder/vragenlijst", Permission.OWN_FIGURES, _of_provider)
of_municipality = _pages(
    "municipality_report", "/werkplek/verwijzer/vragenlijst", Permission.ISSUE_OWN_CODES, _of_municipality
)
