"""The region's pages about single providers, offers and contracts, and about contracts that end."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Provider, Region
from portal.catalogue.operations import CannotMerge
from portal.catalogue.visitor import page_context
from portal.core import clock
from portal.core.access import asks, needs
from portal.core.database import current_database, current_session, current_transaction, let_go
from portal.core.languages import chosen
from portal.core.links import link
from portal.core.pages import Notice, Pager
from portal.core.text import whole_number
from portal.desks.by_hand import operations, presenters, queries
from portal.desks.by_hand.forms import REASON_LONGEST, REPEATED, cells_sent, proposed_identifier, words_for
from portal.desks.by_hand.queries import months_later
from portal.desks.by_hand.types import FIELDS, Thing
from portal.exchange import by_hand
from portal.exchange.by_hand import ChangedMeanwhile, Mended, NotThere, Taken
from portal.exchange.columns import TABLES
from portal.exchange.importing import writing
from portal.exchange.problems import Severity
from portal.exchange.stored import StoredRow
from portal.exchange.values import Around

blueprint = asks(Permission.EDIT_CATALOGUE, Blueprint("by_hand", __name__, url_prefix="/werkplek/regio/aanbieders"))
contracts = asks(Permission.EDIT_CATALOGUE, Blueprint("contracts", __name__, url_prefix="/werkplek/regio/contracten"))
INVALID = HTTPStatus.UNPROCESSABLE_ENTITY
DEFAULT_MONTHS = 6


@blueprint.get("")
def index() -> str:
    """All providers of the region."""
    text = request.args.get("zoek", "").strip()[:100]
    number = whole_number(request.args.get("pagina", ""), 5) or 1
    total, found = queries.providers(current_session(), _region_id(), text, number)

    def href(page: int) -> str:
        return link("by_hand.index", **({"zoek": text} if text else {}), pagina=str(page))

    pager = Pager.within(total, queries.PER_PAGE, number, href)
    if pager.page != number:
        found = queries.providers(current_session(), _region_id(), text, pager.page)[1]
    page = presenters.providers_page(found, total, text, pager, presenters.done(request.args.get("gedaan")))
    return render_template("desks/by_hand/providers.html", page=page)


@blueprint.get("/<slug>")
def provider(slug: str) -> str:
    """One provider with its offers and contracts."""
    found, lists, situation = _provider(slug), current_code_lists(), page_context().situation
    notice = presenters.done(request.args.get("gedaan"))
    kept = next((offer for offer in found.offers if offer.identifier == request.args.get("over")), None)
    if notice and kept:
        notice = presenters.with_remarks(notice, kept, found, situation, lists)
    page = presenters.provider_page(found, situation, lists, notice)
    return render_template("desks/by_hand/provider.html", page=page)


# --- something new ---------------------------------------------------------------------------------------------


@blueprint.get("/nieuw/<thing>")
def new(thing: str) -> ResponseReturnValue:
    """The empty form."""
    kind, owner = _thing(thing), _owner(thing)
    if kind is not Thing.PROVIDER and owner is None:
        return redirect(url_for("by_hand.index"))
    cells = {TABLES[kind.table].key[0]: proposed_identifier(_codes_in_use(), clock.today())}
    return _new_shown(kind, owner, cells)


@blueprint.post("/nieuw/<thing>")
@needs(Permission.EDIT_CATALOGUE, repeated=REPEATED)
def make(thing: str) -> ResponseReturnValue:
    """Make it."""
    kind, owner = _thing(thing), _owner(thing)
    if kind is not Thing.PROVIDER and owner is None:
        return redirect(url_for("by_hand.index"))
    typed = cells_sent(kind, request.form, is_new=True)
    cells = typed if owner is None else {**typed, "provider_id": owner.identifier}
    key = TABLES[kind.table].key[0]
    let_go()
    try:
        with writing(current_database()) as session:
            region = session.get_one(Region, _region_id())
            mended = by_hand.make_row(
                session, region, kind.table, cells, current_code_lists(), current_visitor().actor, clock.now()
            )
    except Taken:
        return _new_shown(kind, owner, typed, {key: presenters.taken(typed[key])}), INVALID
    if not mended.ok:
        return _new_shown(kind, owner, typed, _errors(mended, kind)), INVALID
    if owner is not None:
        about = typed[key].strip() if kind is Thing.OFFER else None
        return redirect(url_for("by_hand.provider", slug=owner.slug, gedaan="gemaakt", over=about))
    made = queries.provider_with(current_session(), _region_id(), typed[key].strip())
    if made is None:
        return redirect(url_for("by_hand.index", gedaan="gemaakt"))
    return redirect(url_for("by_hand.provider", slug=made.slug, gedaan="gemaakt"))


def _new_shown(
    kind: Thing, owner: Provider | None, cells: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> str:
    action = url_for("by_hand.make", thing=kind.value, aanbieder=owner.slug if owner else None)
    page = presenters.form_page(kind, cells, current_code_lists(), _region(), owner, action, errors=errors)
    return render_template("desks/by_hand/form.html", page=page)


# --- something that is there -----------------------------------------------------------------------------------


@blueprint.get("/wijzigen/<thing>/<path:identifier>")
def change(thing: str, identifier: str) -> str:
    """The form with what stands there."""
    kind = _thing(thing)
    row = _row(kind, identifier)
    return _change_shown(kind, identifier, row, by_hand.cells_of(row.values))


@blueprint.post("/wijzigen/<thing>/<path:identifier>")
@needs(Permission.EDIT_CATALOGUE, repeated=REPEATED)
def mend(thing: str, identifier: str) -> ResponseReturnValue:
    """Keep what was typed."""
    kind = _thing(thing)
    cells = cells_sent(kind, request.form, is_new=False)
    try:
        mended = _mended(kind, identifier, cells)
    except ChangedMeanwhile:
        row = _row(kind, identifier)
        differ = presenters.stands_now(cells, by_hand.cells_of(row.values))
        notice = presenters.changed_meanwhile()
        return _change_shown(kind, identifier, row, cells, differ, notice), HTTPStatus.CONFLICT
    if kind is Thing.LOCATION:
        current_database().sweep()  # an address that became secret must not linger
    row = _row(kind, identifier)
    if not mended.ok:
        return _change_shown(kind, identifier, row, cells, _errors(mended, kind)), INVALID
    slug, about = _of(kind, identifier, row).slug, identifier if kind is Thing.OFFER else None
    what = "bewaard" if mended.is_changed else "gelijk"
    return redirect(url_for("by_hand.provider", slug=slug, gedaan=what, over=about))


def _mended(kind: Thing, identifier: str, cells: Mapping[str, str], reason: str = "") -> Mended:
    let_go()
    seen = request.form.get("version", "")
    try:
        with writing(current_database()) as session:
            region = session.get_one(Region, _region_id())
            return by_hand.mend_row(
                session, region, kind.table, identifier, cells, seen, current_code_lists(), current_visitor().actor,
                clock.now(), reason,
            )  # fmt: skip
    except NotThere:
        abort(HTTPStatus.NOT_FOUND)


def _change_shown(
    kind: Thing, identifier: str, row: StoredRow, cells: Mapping[str, str], errors: Mapping[str, str] | None = None,
    notice: Notice | None = None,
) -> str:  # fmt: skip
    lists, region = current_code_lists(), _region()
    owner = _of(kind, identifier, row)
    remarks = by_hand.remarks_on(
        current_session(), region.id, kind.table, by_hand.cells_of(row.values),
        Around(lists, clock.today(), region.youth_region),
    )  # fmt: skip
    page = presenters.form_page(
        kind, cells, lists, region, owner, url_for("by_hand.mend", thing=kind.value, identifier=identifier),
        name=str(row.values.get("name") or identifier), version=by_hand.version_of(row), errors=errors,
        remarks=[words_for(problem) for problem in remarks], notice=notice, kept=by_hand.kept_from_files(row),
        leave_href=url_for("by_hand.leave_to_files", thing=kind.value, identifier=identifier),
    )  # fmt: skip
    return render_template("desks/by_hand/form.html", page=page)


@blueprint.post("/bestand-beslist/<thing>/<path:identifier>")
@needs(Permission.EDIT_CATALOGUE, repeated=("veld",))
def leave_to_files(thing: str, identifier: str) -> ResponseReturnValue:
    """Let a data package decide again about columns that were written or approved at a desk."""
    kind, seen = _thing(thing), request.form.get("version", "")
    let_go()
    try:
        with writing(current_database()) as session:
            is_new = by_hand.leave_to_files(
                session, _region_id(), kind.table, identifier, request.form.getlist("veld"), seen,
                current_visitor().actor, clock.now(),
            )  # fmt: skip
    except NotThere:
        abort(HTTPStatus.NOT_FOUND)
    except ChangedMeanwhile:
        row = _row(kind, identifier)
        cells, notice = by_hand.cells_of(row.values), presenters.other_meanwhile()
        return _change_shown(kind, identifier, row, cells, notice=notice), HTTPStatus.CONFLICT
    slug = _of(kind, identifier, _row(kind, identifier)).slug
    return redirect(url_for("by_hand.provider", slug=slug, gedaan="bestand" if is_new else "gelijk"))


# --- an end ----------------------------------------------------------------------------------------------------


@blueprint.get("/einde/<thing>/<path:identifier>")
def ending(thing: str, identifier: str) -> str:
    """The question on which day it ends, with what comes of it."""
    kind = _thing_that_ends(thing)
    row = _row(kind, identifier)
    return _end_shown(kind, identifier, row, by_hand.cells_of(row.values)[kind.end])


@blueprint.post("/einde/<thing>/<path:identifier>")
def end(thing: str, identifier: str) -> ResponseReturnValue:
    """Keep the day on which it ends."""
    kind = _thing_that_ends(thing)
    typed, reason = request.form.get(kind.end, "")[:40], " ".join(request.form.get("reason", "").split())
    row = _row(kind, identifier)
    if not typed.strip():
        return _end_shown(kind, identifier, row, typed, {kind.end: presenters.which_day()}), INVALID
    if len(reason) > REASON_LONGEST:
        return _end_shown(kind, identifier, row, typed, {"reason": presenters.too_long(REASON_LONGEST)}), INVALID
    try:
        mended = _mended(kind, identifier, {kind.end: typed}, reason)
    except ChangedMeanwhile:
        row = _row(kind, identifier)
        notice = presenters.changed_meanwhile()
        differ = presenters.stands_now({kind.end: typed}, by_hand.cells_of(row.values))
        return _end_shown(kind, identifier, row, typed, differ, notice), HTTPStatus.CONFLICT
    if not mended.ok:
        return _end_shown(kind, identifier, _row(kind, identifier), typed, _errors(mended, kind)), INVALID
    return redirect(url_for("by_hand.provider", slug=_of(kind, identifier, row).slug, gedaan="einde"))


def _end_shown(
    kind: Thing, identifier: str, row: StoredRow, typed: str, errors: Mapping[str, str] | None = None,
    notice: Notice | None = None,
) -> str:  # fmt: skip
    owner = _of(kind, identifier, row)
    offers = 0
    if kind is Thing.CONTRACT:
        offers = queries.offers_of_kind(current_session(), owner.id, str(row.values["arrangement"]))
    page = presenters.end_page(
        kind, str(row.values.get("name") or identifier), owner, by_hand.version_of(row), typed,
        request.form.get("reason", "")[: REASON_LONGEST * 2],
        url_for("by_hand.end", thing=kind.value, identifier=identifier), presenters.end_effects(kind, offers),
        errors=errors, notice=notice,
    )  # fmt: skip
    return render_template("desks/by_hand/form.html", page=page)


# --- mergers ---------------------------------------------------------------------------------------------------


@blueprint.get("/<slug>/samenvoegen")
def merging(slug: str) -> str:
    """Into which provider another merged, and what that does."""
    return _merge_shown(slug, request.args.get("met", ""))


@blueprint.post("/<slug>/samenvoegen")
def merge(slug: str) -> ResponseReturnValue:
    """Let all addresses of a provider lead to another one."""
    found, asked = _provider(slug), request.form.get("met", "")
    into = queries.provider(current_session(), _region_id(), asked)
    if into is None:
        return _merge_shown(slug, asked, presenters.choose_one()), INVALID
    try:
        with current_transaction() as session:
            operations.merge(
                session, _region_id(), found.identifier, into.identifier,
                takes_along="mee" in request.form, actor=current_visitor().actor, at=clock.now(),
            )  # fmt: skip
    except CannotMerge as refusal:
        return _merge_shown(slug, asked, refusal.message.in_language(chosen())), HTTPStatus.CONFLICT
    return redirect(url_for("by_hand.provider", slug=slug, gedaan="samen"))


@blueprint.post("/<slug>/loskoppelen")
def unmerge(slug: str) -> ResponseReturnValue:
    """Let a provider stand on its own again."""
    found = _provider(slug)
    with current_transaction() as session:
        operations.unmerge(session, _region_id(), found.identifier, actor=current_visitor().actor, at=clock.now())
    return redirect(url_for("by_hand.provider", slug=slug, gedaan="los"))


def _merge_shown(slug: str, into_slug: str, error: str = "") -> str:
    session, region_id, found = current_session(), _region_id(), _provider(slug)
    into = queries.provider(session, region_id, into_slug)
    if into is not None and (into.id == found.id or into.successor_id is not None):
        into = None
    text = request.values.get("zoek", "").strip()[:100]
    others = queries.others(session, region_id, found.id, text) if text else [into] if into else []
    page = presenters.merge_page(
        found, text, others, into, queries.former_slugs(session, found.id), queries.people_of(session, found.id),
        takes_along="mee" in request.values, error=error,
    )  # fmt: skip
    return render_template("desks/by_hand/merge.html", page=page)


# --- contracts that end ----------------------------------------------------------------------------------------


@contracts.get("")
def soon() -> str:
    """The contracts that end soon, and whom to phone."""
    months = _months()
    page = presenters.ending_page(_ending(months), months, current_code_lists(), clock.today())
    return render_template("desks/by_hand/ending.html", page=page)


@contracts.get("/aflopend.csv")
def file() -> Response:
    """The same as a file."""
    answer = Response(presenters.ending_file(_ending(_months()), current_code_lists()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=aflopende-contracten.csv"
    return answer


def _months() -> int:
    asked = request.args.get("maanden", "")
    return next((one for one in presenters.MONTHS if str(one) == asked), DEFAULT_MONTHS)


def _ending(months: int) -> list[queries.Ending]:
    today = clock.today()
    return list(queries.ending(current_session(), _region_id(), today, months_later(today, months)))


# --- what they share -------------------------------------------------------------------------------------------


def _codes_in_use() -> set[str]:
    """The codes of everything in the region: a code for something new is like none of them, of whatever kind."""
    session, region_id = current_session(), _region_id()
    return {code for thing in Thing for code in by_hand.identifiers(session, region_id, thing.table)}


def _errors(mended: Mended, kind: Thing) -> dict[str, str]:
    """What is wrong, in the order of the fields; what no field is to blame for stands at the first but the code."""
    columns = [field.column for field in FIELDS[kind]]
    found: dict[str, str] = {}
    for problem in mended.problems.of(Severity.ERROR):
        found.setdefault(problem.column if problem.column in columns else columns[1], words_for(problem))
    return {column: found[column] for column in columns if column in found}


def _thing(word: str) -> Thing:
    return Thing(word) if word in list(Thing) else abort(HTTPStatus.NOT_FOUND)


def _thing_that_ends(word: str) -> Thing:
    found = _thing(word)
    return found if found.end else abort(HTTPStatus.NOT_FOUND)


def _owner(thing: str) -> Provider | None:
    """The provider of which something is made."""
    slug = request.args.get("aanbieder", "")
    if thing == Thing.PROVIDER.value or not slug:
        return None
    return _provider(slug)


def _of(kind: Thing, identifier: str, row: StoredRow) -> Provider:
    """The provider that a row is about."""
    wanted = identifier if kind is Thing.PROVIDER else str(row.values["provider_id"])
    return queries.provider_with(current_session(), _region_id(), wanted) or abort(HTTPStatus.NOT_FOUND)


def _row(kind: Thing, identifier: str) -> StoredRow:
    found = by_hand.stored_row(current_session(), _region_id(), kind.table, identifier)
    return found or abort(HTTPStatus.NOT_FOUND)


def _provider(slug: str) -> Provider:
    return queries.provider(current_session(), _region_id(), slug) or abort(HTTPStatus.NOT_FOUND)


def _region() -> Region:
    return current_session().get_one(Region, _region_id())


def _region_id() -> int:
    return current_visitor().scope(Permission.EDIT_CATALOGUE).region_id
