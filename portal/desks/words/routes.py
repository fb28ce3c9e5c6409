"""Where staff of a region edit families' words and code lists, and see what that does before they keep it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue import codelists
from portal.catalogue.codelists import DEFAULT_LANGUAGE, CodeListError, CodeLists, current_code_lists
from portal.catalogue.edits import operations, queries
from portal.catalogue.edits.live import current_lists
from portal.catalogue.edits.operations import ChangedMeanwhile, OfAnotherRegion
from portal.catalogue.edits.types import Edit, EditedList, EditState, Place, laid
from portal.catalogue.visitor import current_facts
from portal.core import clock, languages
from portal.core.access import asks, needs
from portal.core.database import current_session, current_transaction
from portal.core.links import link
from portal.core.pages import Notice, Pager
from portal.core.settings import current_settings
from portal.core.text import fold, whole_number
from portal.core.trail.types import SecretInTrail
from portal.desks.words import presenters
from portal.desks.words.forms import LONGEST_EXPRESSION, ExpressionsForm, RowForm, seen
from portal.desks.words.presenters import LISTS, Given, Preview
from portal.search import vocabulary
from portal.search.engine import current_engine
from portal.search.trying import Trial
from portal.search.vocabulary import Expression
from portal.search.white_spots.queries import recent_words
from portal.search.word_check import clashes_of

blueprint = asks(Permission.EDIT_WORDS, Blueprint("words", __name__, url_prefix="/werkplek/regio/woorden"))

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY
VERSIONS_PER_PAGE = 50
MOST_WHITE_SPOTS = 20
"""So many words that families looked for in vain are tried with every preview."""


@blueprint.get("")
def index() -> str:
    """All topics and lists."""
    lists = _lists()
    asked, new = (request.args.get(name, "").strip()[:LONGEST_EXPRESSION] for name in ("zoek", "woord"))
    topic = request.args.get("onderwerp", "") or _likely_topic(new)
    notice = presenters.done(request.args.get("gedaan"))
    page = presenters.words_page(lists, _spoken(lists), asked, new, topic, notice)
    return render_template("desks/words/index.html", page=page)


@blueprint.get("/bij")
def choose() -> ResponseReturnValue:
    """From a word and a chosen topic to that topic, with the word filled in."""
    code, word = request.args.get("onderwerp", ""), request.args.get("woord", "").strip()[:LONGEST_EXPRESSION]
    if code not in _lists().topics:
        return redirect(link("words.index", woord=word, gedaan="kies"))
    return redirect(link("words.topic", code=code, erbij=word))


@blueprint.get("/onderwerp/<code>")
def topic(code: str) -> str:
    """What is said of a topic."""
    lists = _lists()
    _topic_or_404(code, lists)
    word = request.args.get("erbij", "").strip()[:LONGEST_EXPRESSION]
    notice = presenters.done(request.args.get("gedaan"))
    return _topic_page(code, lists, queries.newest(current_session()), Given(added=word), notice=notice)


@blueprint.post("/onderwerp/<code>")
@needs(Permission.EDIT_WORDS, repeated=("uit", "aan"))
def edit_topic(code: str) -> ResponseReturnValue:
    """See what a change does, or keep it."""
    lists = _lists()
    _topic_or_404(code, lists)
    spoken = _spoken(lists)
    there = {Place.of_expression(one.topic, one.text).key: one for one in spoken if one.topic == code}
    off = {one.place.key: one for one in lists.said if one.is_off and one.topic == code}
    form = ExpressionsForm(code, there, off, _places_of_files(code), request.form)
    given = Given(
        form.erbij.data or "", form.zinnen.data or "", form.voice,
        frozenset(request.form.getlist("uit")), frozenset(request.form.getlist("aan")), form.asks_to_keep, form.is_kept,
    )  # fmt: skip
    if not form.validate():
        return _topic_page(code, lists, seen(request.form), given, errors=form.problems), INVALID
    edits = form.edits
    left = [one for one in spoken if one not in form.off]
    wrong, doubtful = presenters.objections(clashes_of(form.added, left, lists), lists)
    notice = None
    if request.form.get("doe") == "bewaar" and not wrong:
        kept = _kept(edits)
        if not isinstance(kept, Notice):
            return redirect(link("words.topic", code=code, gedaan="bewaard" if kept else "gelijk"))
        notice = kept
        lists = _lists()
    if not edits:
        return _topic_page(code, lists, seen(request.form), given, notice=presenters.nothing_chosen())
    shown = None
    if notice is None:
        changed = [*(one.text for one in form.added), *(one.text for one in form.off), *(one.text for one in form.on)]
        shown = _preview(lists, edits, [*form.sentences, *(one.text for one in form.added)], changed, wrong, doubtful)
    status = HTTPStatus.CONFLICT if notice else INVALID if wrong else HTTPStatus.OK
    at = queries.newest(current_session()) if notice else seen(request.form)
    return _topic_page(code, lists, at, given, notice=notice, preview=shown), status


@blueprint.get("/lijst/<name>")
def rows(name: str) -> str:
    """The rows of a list."""
    of = _list_named(name)
    edited = [
        one.place for one in queries.latest(current_session(), of)
        if one.state is not EditState.AS_FILE
    ]  # fmt: skip
    page = presenters.rows_page(of, _lists(), edited, presenters.done(request.args.get("gedaan")))
    return render_template("desks/words/rows.html", page=page)


@blueprint.get("/lijst/<name>/erbij")
def new_row(name: str) -> str:
    """A new row."""
    of = _list_named(name, EditedList.TOPICS, EditedList.GLOSSARY)
    return _row_page(of, None, DEFAULT_LANGUAGE, {}, queries.newest(current_session()))


@blueprint.post("/lijst/<name>/erbij")
def add_row(name: str) -> ResponseReturnValue:
    """Add it, or see what that does."""
    return _row_edited(_list_named(name, EditedList.TOPICS, EditedList.GLOSSARY), None, DEFAULT_LANGUAGE)


@blueprint.get("/lijst/<name>/rij/<path:key>")
def row(name: str, key: str) -> str:
    """A row to be edited."""
    of, language = _list_named(name), _language()
    cells = _cells(of, key, language)
    return _row_page(of, key, language, cells, queries.newest(current_session()))


@blueprint.post("/lijst/<name>/rij/<path:key>")
def edit_row(name: str, key: str) -> ResponseReturnValue:
    """Keep it, or see what that does."""
    return _row_edited(_list_named(name), key, _language())


@blueprint.get("/geschiedenis")
def history() -> str:
    """What this region edited."""
    return _history(presenters.done(request.args.get("gedaan")))


@blueprint.post("/geschiedenis/<int(max=2147483647):version_id>")
def take_back(version_id: int) -> ResponseReturnValue:
    """Let a row stand as it did before."""
    try:
        with current_transaction() as session:
            version = queries.version(session, _region_id(), version_id) or abort(HTTPStatus.NOT_FOUND)
            operations.take_back(session, version, current_visitor().actor, clock.now())
    except (ChangedMeanwhile, IntegrityError):
        current_session().expire_all()
        return _history(presenters.changed_meanwhile()), HTTPStatus.CONFLICT
    return redirect(link("words.history", gedaan="terug"))


# --- what is shown ---------------------------------------------------------------------------------------------------


def _topic_page(
    code: str, lists: CodeLists, at: int, given: Given, *, errors: Mapping[str, str] | None = None,
    notice: Notice | None = None, preview: Preview | None = None,
) -> str:  # fmt: skip
    page = presenters.topic_page(code, lists, _spoken(lists), at, given, errors=errors, notice=notice, preview=preview)
    return render_template("desks/words/topic.html", page=page)


def _row_edited(of: EditedList, key: str | None, language: str) -> ResponseReturnValue:
    lists = _lists()
    before = _cells(of, key, language) if key is not None else {}
    session, place = current_session(), Place(of, language, key or "")
    what = request.form.get("doe", "")
    if key is not None and what in ("uit", "terug"):
        return _row_off(of, place, what, before)
    known = {fold(cells["label"]): one for one, cells in presenters.rows_of(of, lists, language).items()}
    if of is not EditedList.GLOSSARY:
        known |= {code: code for code in presenters.rows_of(of, lists, language)}
    form = RowForm(of, language, key, known, dict.fromkeys(lists.topics, ""), request.form)
    is_right = form.validate()
    typed = {name: str(form[name].data or "") for name in ("label", "explanation", "easy", "see", "parent")}
    cells = {**before, **{name: value for name, value in typed.items() if name != "label" or value or key is None}}
    sentences = form.zinnen.data or ""
    if not is_right:
        return _row_page(
            of, key, language, cells, seen(request.form), errors=form.problems, sentences=sentences
        ), INVALID
    present = queries.latest_of(session, place) if key is not None else None
    edit = form.edit(present.values if present and present.state is EditState.SET else {})
    notice = None
    if what == "bewaar":
        kept = _kept([edit])
        if not isinstance(kept, Notice):
            is_new = "bewaard" if kept else "gelijk"
            return redirect(link("words.rows", name=LISTS[of][0], gedaan=is_new))
        notice = kept
    names = [text for text in (before.get("label", ""), edit.values.get("label", "")) if text]
    changes = presenters.changes_of(before, edit, lists)
    is_searched = of is not EditedList.GLOSSARY and language == DEFAULT_LANGUAGE
    shown = None if notice else _preview(
        lists, [edit], [*form.sentences, *names], names, (), (), changes=changes, is_same=not changes,
        is_searched=is_searched,
    )  # fmt: skip
    at = queries.newest(session) if notice else seen(request.form)
    page = _row_page(of, key, language, cells, at, notice=notice, preview=shown, sentences=sentences)
    return page, HTTPStatus.CONFLICT if notice else HTTPStatus.OK


def _row_off(of: EditedList, place: Place, what: str, before: dict[str, str]) -> ResponseReturnValue:
    """Switch a row of our own off, or let it stand as it came."""
    is_own = not _is_of_files(of, place.key, place.language)
    latest = queries.latest_of(current_session(), place)
    if latest is None or (what == "uit" and not is_own):
        abort(HTTPStatus.NOT_FOUND)
    if what == "uit" and any(topic.parent == place.key for topic in _lists().topics.values()):
        newest = queries.newest(current_session())
        page = _row_page(of, place.key, place.language, before, newest, notice=presenters.has_others_below())
        return page, HTTPStatus.CONFLICT
    values = dict(latest.values)
    edit = Edit(place, EditState.AS_FILE)
    if what == "uit":
        edit = Edit(place, EditState.OFF, values)
    elif is_own:
        edit = Edit(place, EditState.SET, values)
    kept = _kept([edit])
    if isinstance(kept, Notice):
        newest = queries.newest(current_session())
        return _row_page(of, place.key, place.language, before, newest, notice=kept), HTTPStatus.CONFLICT
    return redirect(link("words.rows", name=LISTS[of][0], gedaan="bewaard" if kept else "gelijk"))


def _row_page(
    of: EditedList, key: str | None, language: str, cells: dict[str, str], at: int, *,
    errors: Mapping[str, str] | None = None, notice: Notice | None = None, preview: Preview | None = None,
    sentences: str = "",
) -> str:  # fmt: skip
    latest = queries.latest_of(current_session(), Place(of, language, key)) if key is not None else None
    lists = _lists()
    page = presenters.row_page(
        of, key, language, cells, at, latest.state if latest else None,
        is_of_files=key is not None and _is_of_files(of, key, language),
        parents=[one for one in presenters.topic_options(lists, cells.get("parent", "")) if not one.indent],
        errors=errors, notice=notice, preview=preview, sentences=sentences,
    )  # fmt: skip
    return render_template("desks/words/row.html", page=page)


def _history(notice: Notice | None) -> str:
    session, region_id = current_session(), _region_id()
    wanted = whole_number(request.args.get("pagina", ""), 5) or 1
    total, found = queries.history(session, region_id, VERSIONS_PER_PAGE, (wanted - 1) * VERSIONS_PER_PAGE)
    pages = max(1, -(-total // VERSIONS_PER_PAGE))
    latest = {one.id for one in queries.latest(session)}

    def href(page: int) -> str:
        return link("words.history", pagina=str(page))

    pager = Pager.at(wanted, pages, href)
    page = presenters.history_page(found, lambda one: one.id in latest, _lists(), pager, notice)
    return render_template("desks/words/history.html", page=page)


def _preview(
    lists: CodeLists, edits: Sequence[Edit], sentences: Sequence[str], changed: Collection[str], wrong: Sequence[str],
    doubtful: Sequence[str], *, changes: Sequence[tuple[str, str, str]] = (), is_searched: bool = True,
    is_same: bool = False,
) -> Preview:  # fmt: skip
    """What these edits would do, over all that is kept so far."""
    session, settings = current_session(), current_settings()
    try:
        proposed = codelists.load(settings.code_lists_dir, laid(queries.edits(session), edits), lists.edition)
    except CodeListError:
        abort(INVALID)
    if wrong or is_same or not is_searched:
        return presenters.preview(
            (), (), wrong, doubtful, lists, proposed, changes=changes, many=len(edits), is_searched=is_searched,
            is_same=is_same,
        )  # fmt: skip
    engine, facts, today = current_engine(), current_facts(), clock.today()
    trial = Trial(engine, current_code_lists(), proposed)
    words = [spot for spot in recent_words(session, MOST_WHITE_SPOTS) if spot not in sentences]
    tried = trial.of(
        session, [*dict.fromkeys(sentences), *words], facts,
        lambda municipality: facts.situation(lists, today, municipality),
    )  # fmt: skip
    moved = trial.neighbours(changed, _spoken(lists))
    return presenters.preview(tried, moved, wrong, doubtful, lists, proposed, changes=changes, many=len(edits))


# --- what is kept ----------------------------------------------------------------------------------------------------


def _kept(edits: Sequence[Edit]) -> int | Notice:
    """How many of these edits were kept, or why none was."""
    try:
        with current_transaction() as session:
            return operations.save(
                session, _region_id(), edits, seen(request.form), current_visitor().actor, clock.now()
            )
    except (ChangedMeanwhile, IntegrityError):
        notice = presenters.changed_meanwhile()
    except OfAnotherRegion:
        notice = presenters.of_another_region()
    except SecretInTrail:
        notice = presenters.looks_like_a_secret()
    current_session().expire_all()
    return notice


# --- what there is ---------------------------------------------------------------------------------------------------


def _lists() -> CodeLists:
    """The lists as they are edited now, which search may not have learned yet."""
    session, used = current_session(), current_code_lists()
    number = queries.edition(session)
    if number == used.edition:
        return used
    return codelists.load(current_settings().code_lists_dir, queries.edits(session), number)


def _likely_topic(word: str) -> str:
    """What search thinks first of with this word; empty where it thinks of nothing."""
    return current_engine().question(word).likeliest_topic if word else ""


def _spoken(lists: CodeLists) -> list[Expression]:
    return vocabulary.spoken(lists, vocabulary.own_folder(current_settings().code_lists_dir))


def _places_of_files(code: str) -> set[Place]:
    found = vocabulary.from_files(vocabulary.own_folder(current_settings().code_lists_dir))
    return {Place.of_expression(one.topic, one.text) for _, one in found if one.topic == code}


def _is_of_files(of: EditedList, key: str, language: str) -> bool:
    return key in presenters.rows_of(of, current_lists().files, language)


def _cells(of: EditedList, key: str, language: str) -> dict[str, str]:
    """The cells of a row as people read it now; of one that was switched off, as it was. 404 where there is none."""
    lists = _lists()
    found = presenters.rows_of(of, lists, language).get(key) or presenters.rows_of(of, lists, DEFAULT_LANGUAGE).get(key)
    if found is None:
        latest = queries.latest_of(current_session(), Place(of, language, key))
        if latest is None or latest.state is not EditState.OFF:
            abort(HTTPStatus.NOT_FOUND)
        found = {"label": key, **latest.values}
    return found


def _topic_or_404(code: str, lists: CodeLists) -> None:
    if code not in lists.topics:
        abort(HTTPStatus.NOT_FOUND)


def _list_named(name: str, *only: EditedList) -> EditedList:
    found = next((of for of, (path, _) in LISTS.items() if path == name), None)
    return found if found is not None and (not only or found in only) else abort(HTTPStatus.NOT_FOUND)


def _language() -> str:
    """The language of which a row is edited, Dutch unless asked otherwise."""
    asked = request.values.get("taal", "")
    return asked if asked in {one.code for one in languages.available()} else DEFAULT_LANGUAGE


def _region_id() -> int:
    return current_visitor().scope(Permission.EDIT_WORDS).region_id
