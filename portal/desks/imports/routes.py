"""The region's pages about files: sending one, its report, bringing it in, what was brought in before, undoing."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Region
from portal.core import clock
from portal.core.access import asks, needs
from portal.core.database import current_database, current_session, current_transaction, let_go
from portal.core.languages import chosen, gettext
from portal.core.links import link
from portal.core.pages import Link, Notice, Pager, Tone
from portal.core.settings import current_settings
from portal.core.text import slugify, whole_number
from portal.desks.files import csv_file
from portal.desks.imports import operations, presenters
from portal.desks.imports.forms import upload_of
from portal.desks.imports.models import FileCheck
from portal.desks.imports.operations import Busy, NotThere
from portal.desks.imports.types import LARGEST_FILE
from portal.desks.imports.work import Job, begin
from portal.exchange.columns import Table
from portal.exchange.destination import CannotWriteError
from portal.exchange.export import Rows, data_package
from portal.exchange.importing import writing
from portal.exchange.models import ImportRun
from portal.exchange.queries import brought_all_providers, in_no_package, past_imports, whole_catalogue
from portal.exchange.template import write_template
from portal.exchange.undoing import CannotUndo, Undone, undo, undoable
from portal.outcomes.rules import current_rules
from portal.outcomes.telling import tell_providers

blueprint = asks(Permission.IMPORT_FILES, Blueprint("imports", __name__, url_prefix="/werkplek/regio/bestanden"))
PATIENCE_SECONDS = 8.0
"""How long somebody who sends a file waits for the report before the page shows how far it is instead."""
SECONDS_TO_NEXT_LOOK = 5
PER_PAGE = 20
_RUN = "<int(max=2147483647):run_id>"


@blueprint.get("")
def index() -> str:
    """Sending a file, and what was brought in before."""
    return _index(notice=presenters.done(request.args.get("gedaan")))


@blueprint.post("")
@needs(Permission.IMPORT_FILES, largest=LARGEST_FILE)
def send() -> ResponseReturnValue:
    """Look at a file that was sent; nothing is brought in yet."""
    try:
        upload = upload_of(request.files.getlist("bestand"))
    except ValueError as error:
        return _index(error=str(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    key, visitor = _key(), current_visitor()
    try:
        with current_transaction() as session:
            check = operations.take(session, _region_id(), visitor.person.id, upload, key, clock.now())
            job = Job(check.public_id, key, visitor.actor)
    except Busy as busy:
        return _index(notice=_busy(busy.mine)), HTTPStatus.CONFLICT
    _work(job)
    return redirect(url_for("imports.check", public_id=job.public_id))


@blueprint.get("/<public_id>")
def check(public_id: str) -> Response:
    """A file that was sent: how far it is, or what was found. While we work on it the page asks again by itself."""
    found = _check(public_id)
    answer = Response(_check_shown(found, changed_since=request.args.get("gedaan") == "anders"))
    if again := presenters.again_href(found, clock.now()):
        answer.headers["Refresh"] = f"{SECONDS_TO_NEXT_LOOK}; url={again}"
    return answer


@blueprint.post("/<public_id>/binnenhalen")
def bring_in(public_id: str) -> ResponseReturnValue:
    """Import a file as it was shown."""
    check, key, seen = _check(public_id), _key(), request.form.get("gezien", "")
    try:
        with current_transaction() as session:
            operations.begin_import(session, check.public_id, key, seen, clock.now())
    except NotThere:
        current_session().expire_all()
        return _check_shown(_check(public_id), changed_since=True), HTTPStatus.CONFLICT
    _work(Job(check.public_id, key, current_visitor().actor, agreed=seen))
    with current_database().sessions() as session:
        later = operations.check_of(session, _region_id(), current_visitor().person.id, public_id)
        is_other = later is not None and later.package is not None and not later.stage.is_busy
    return redirect(url_for("imports.check", public_id=public_id, gedaan="anders" if is_other else None))


@blueprint.post("/<public_id>/weg")
def throw_away(public_id: str) -> ResponseReturnValue:
    """Erase a file that waits; of one that is being worked on, how far it is."""
    _check(public_id)
    with current_transaction() as session:
        is_gone = operations.throw_away(session, public_id, clock.now())
    if not is_gone:
        return redirect(url_for("imports.check", public_id=public_id))
    current_database().sweep()
    return redirect(url_for("imports.index", gedaan="weg"))


@blueprint.get("/<public_id>/verslag.csv")
def report(public_id: str) -> Response:
    """All of the report, for a spreadsheet program."""
    said = operations.report_of(_check(public_id), _key()) or abort(HTTPStatus.NOT_FOUND)
    return csv_file("verslag.csv", [presenters.report_file(said)])


@blueprint.get("/<public_id>/wijzigingen.csv")
def changes(public_id: str) -> Response:
    """Every field that changes, for a spreadsheet program."""
    said = operations.report_of(_check(public_id), _key()) or abort(HTTPStatus.NOT_FOUND)
    return csv_file("wijzigingen.csv", [presenters.changes_file(said)])


@blueprint.get("/sjabloon.xlsx")
def template() -> Response:
    """The empty workbook."""
    return _workbook("sjabloon.xlsx")


@blueprint.get("/alles.xlsx")
def everything() -> ResponseReturnValue:
    """The workbook with all that stands there now, also what families do not see; sent back it changes nothing."""
    region, lists = current_session().get_one(Region, _region_id()), current_code_lists()
    package = data_package(whole_catalogue(current_session(), region), lists)
    try:
        return _workbook(f"{slugify(region.name)}-alles-{clock.today():%Y-%m-%d}.xlsx", package.tables)
    except CannotWriteError as refusal:
        notice = Notice(Tone.WARNING, gettext("The workbook could not be made"), refusal.message.in_language(chosen()))
        return _index(notice=notice), HTTPStatus.CONFLICT


def _workbook(name: str, rows: Mapping[Table, Rows] | None = None) -> Response:
    region = current_session().get_one(Region, _region_id())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "werkmap.xlsx"
        write_template(path, current_code_lists(), region.youth_region, chosen(), rows)
        content = path.read_bytes()
    return send_file(BytesIO(content), as_attachment=True, download_name=name)


# --- undoing ---------------------------------------------------------------------------------------------------


@blueprint.get(f"/terugdraaien/{_RUN}")
def undoing(run_id: int) -> str:
    """What undoing an import would do, or what stands in the way."""
    run, outcome = _run(run_id), None
    let_go()
    try:
        with suppress(_OnlyLook), writing(current_database()) as session:
            outcome = _undone(session, run_id)
            raise _OnlyLook
    except CannotUndo as refusal:
        return _undo_shown(run, refusal)
    assert outcome is not None  # noqa: S101 - it came that far
    return _undo_shown(run, outcome)


@blueprint.post(f"/terugdraaien/{_RUN}")
def undo_last(run_id: int) -> ResponseReturnValue:
    """Take an import back."""
    run = _run(run_id)
    let_go()
    try:
        with writing(current_database()) as session:
            _undone(session, run_id)
    except CannotUndo as refusal:
        return _undo_shown(run, refusal), HTTPStatus.CONFLICT
    current_database().sweep()
    return redirect(url_for("imports.index", gedaan="terug"))


class _OnlyLook(Exception):
    """Nothing of the transaction is kept."""


def _undone(session: Session, run_id: int) -> Undone:
    moment = clock.now()
    return undo(
        session, _region_id(), run_id, current_visitor().actor, current_rules(), moment,
        tell=lambda session, refreshed: tell_providers(session, refreshed, moment),
    )  # fmt: skip


def _undo_shown(run: ImportRun, outcome: Undone | CannotUndo) -> str:
    return render_template("desks/imports/undo.html", page=presenters.undo_page(run, outcome))


# --- what they share -------------------------------------------------------------------------------------------


def _index(*, error: str = "", notice: Notice | None = None) -> str:
    session, region_id = current_session(), _region_id()
    number = whole_number(request.args.get("pagina", ""), 5) or 1
    total, runs = past_imports(session, region_id, number, PER_PAGE)
    pager = Pager.within(total, PER_PAGE, number, lambda page: link("imports.index", pagina=str(page)))
    if not runs and total:
        runs = past_imports(session, region_id, pager.page, PER_PAGE)[1]
    waiting = session.scalars(
        select(FileCheck).where(FileCheck.person_id == current_visitor().person.id, FileCheck.region_id == region_id)
    ).one_or_none()
    last = session.get(ImportRun, undoable(session, region_id) or 0)
    page = presenters.imports_page(
        runs, last, current_settings().undo_days, waiting, pager, clock.today(), error=error, notice=notice,
        left_out=in_no_package(session, region_id), is_all=last is not None and brought_all_providers(session, last),
    )  # fmt: skip
    return render_template("desks/imports/index.html", page=page)


def _check_shown(check: FileCheck, *, changed_since: bool = False) -> str:
    said = operations.report_of(check, _key())
    page = presenters.check_page(check, said, clock.now(), changed_since=changed_since)
    return render_template("desks/imports/check.html", page=page)


def _work(job: Job) -> None:
    let_go()
    begin(current_app._get_current_object(), job, PATIENCE_SECONDS)  # type: ignore[attr-defined]


def _busy(mine: str) -> Notice:
    if mine:
        return Notice(
            Tone.WARNING, gettext("We are still working on the file that you sent before"),
            gettext("The file that you sent now was not kept. See first how far the other one is."),
            (Link(gettext("To the file that I sent before"), url_for("imports.check", public_id=mine)),),
        )  # fmt: skip
    return Notice(
        Tone.WARNING, gettext("A moment, please"),
        gettext("Files of colleagues are being read just now. Yours was not kept. Send it again in a minute."),
    )  # fmt: skip


def _check(public_id: str) -> FileCheck:
    found = operations.check_of(current_session(), _region_id(), current_visitor().person.id, public_id)
    return found or abort(Response(_index(notice=presenters.gone()), HTTPStatus.NOT_FOUND))


def _run(run_id: int) -> ImportRun:
    found = current_session().get(ImportRun, run_id)
    if found is None or found.region_id != _region_id():
        abort(HTTPStatus.NOT_FOUND)
    return found


def _key() -> bytes:
    return operations.key_of_sign_in(current_visitor().form_token)


def _region_id() -> int:
    return current_visitor().scope(Permission.IMPORT_FILES).region_id
