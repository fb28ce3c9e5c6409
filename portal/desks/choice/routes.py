"""Counting that a family had a real choice, at the desk of an access worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.codelists import current_code_lists
from portal.core import clock
from portal.core.access import asks
from portal.core.database import current_session, current_transaction, keys_of
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Link, Notice, Tone
from portal.desks.choice import operations, queries
from portal.desks.choice.criteria import asked_quarter
from portal.desks.choice.disclosure import By, Told, told
from portal.desks.choice.forms import TalkForm, chosen_by_families
from portal.desks.choice.operations import CountedOtherwise, QuarterIsOver
from portal.desks.choice.presenters import FILE_HEADER, counted_page, file_rows, numbers, talk_page
from portal.desks.choice.seals import Counted, NoSeal, new_press, read_press, read_undo, undo
from portal.desks.choice.types import Place, month_of
from portal.desks.files import csv_table
from portal.outcomes.rules import current_rules
from portal.reviews.types import Quarter

blueprint = asks(Permission.RECORD_CHOICE, Blueprint("choice", __name__, url_prefix="/werkplek/verwijzer/keuze"))
PRESS = "formulier"
"""The parameter that holds the number of a form."""
_FIELDS = ("arrangement", "offered", "discussed", "outcome")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The form; a list of offers may have filled in what it knows.

    Its number stands in its address: whoever goes back to it meets the same form, which counts once.
    """
    typed = {name: request.args[name][:50] for name in _FIELDS if request.args.get(name)}
    keys, press = keys_of(current_session()), request.args.get(PRESS, "")
    try:
        number = read_press(keys, press, _membership_id(), clock.today())
    except NoSeal:
        return redirect(link("choice.index", **typed, **{PRESS: new_press(keys, _membership_id(), clock.today())}))
    notice = None
    if operations.is_counted(current_session(), number):
        notice = Notice(
            Tone.INFO, gettext("This talk was counted already"),
            gettext("It counts once, also where you send it again. Is this about another talk?"),
            (Link(gettext("Count another talk"), link("choice.index")),),
        )  # fmt: skip
    return _form(typed, {}, notice, press)


@blueprint.post("")
def count() -> ResponseReturnValue:
    """Count a talk. The same form sent again counts no second time, and answers the same."""
    form = TalkForm(request.form)
    typed = {name: str(form[name].data or "")[:50] for name in _FIELDS}
    if not form.validate():
        return _form(typed, form.problems, press=form.press.data or ""), HTTPStatus.UNPROCESSABLE_ENTITY
    keys, today = keys_of(current_session()), clock.today()
    try:
        number = read_press(keys, form.press.data or "", _membership_id(), today)
    except NoSeal:
        notice = Notice(
            Tone.WARNING, gettext("This page stood open for long"),
            gettext("Nothing was counted yet. Look whether it is still right, and count it once more."),
        )  # fmt: skip
        return _form(typed, {}, notice), HTTPStatus.CONFLICT
    region_id, municipality = _reach()
    counted = Counted(number, Place(region_id, municipality, month_of(today)), form.talk)
    try:
        with current_transaction() as session:
            is_first = operations.count(session, counted, today)
    except CountedOtherwise:
        notice = Notice(
            Tone.WARNING, gettext("You counted this form before, with other answers"),
            gettext(
                "Nothing was counted now. Was it a mistake? Go one page forward and take it back there. Is this about "
                "another talk? Count it below."
            ),
        )  # fmt: skip
        return _form(typed, {}, notice), HTTPStatus.CONFLICT
    sealed = undo(keys, counted, _membership_id(), clock.now())
    page = counted_page(
        counted.talk, sealed, current_code_lists(), link("choice.index"), link("conversation.search"),
        is_again=not is_first,
    )  # fmt: skip
    return render_template("desks/choice/counted.html", page=page)


@blueprint.post("/terug")
def take_back() -> ResponseReturnValue:
    """Take back what was just counted, as if it never was."""
    try:
        counted = read_undo(
            keys_of(current_session()), request.form.get("undo", ""), _membership_id(), clock.now()
        )  # fmt: skip
        if (counted.place.region_id, counted.place.municipality) != _reach():
            raise NoSeal
        with current_transaction() as session:
            operations.take_back(session, counted, clock.today())
    except (NoSeal, QuarterIsOver):
        notice = Notice(
            Tone.WARNING, gettext("This cannot be taken back any more"),
            gettext("A talk can be taken back for half an hour. One mistake among many changes little: leave it so."),
        )  # fmt: skip
        return _form({}, {}, notice), HTTPStatus.CONFLICT
    talk = counted.talk
    typed = dict(
        zip(_FIELDS, (talk.arrangement, str(talk.offered), str(talk.discussed), talk.outcome), strict=True)
    )  # fmt: skip
    notice = Notice(
        Tone.INFO, gettext("Taken back"),
        gettext("It is as if it was never counted. Below stands what it was: change it and count it, or leave it."),
    )  # fmt: skip
    return _form(typed, {}, notice)


@blueprint.get("/aantallen")
def own_numbers() -> str:
    """What came of the talks of the own municipality."""
    quarter = _quarter()
    page = numbers(
        _told(quarter), quarter, _quarters(), link("choice.file", kwartaal=str(quarter)), current_rules(),
        current_code_lists(), of_one_municipality=True,
    )  # fmt: skip
    return render_template("desks/choice/own.html", page=page, place=_place(), form_href=link("choice.index"))


@blueprint.get("/aantallen.csv")
def file() -> Response:
    """The same as a file; without rows where nothing may be told."""
    quarter = _quarter()
    rows = file_rows(_told(quarter), quarter, current_code_lists())
    return csv_table("keuze.csv", FILE_HEADER, rows)


def _form(
    typed: Mapping[str, str], errors: Mapping[str, str], notice: Notice | None = None, press: str = ""
) -> str:  # fmt: skip
    press = press or new_press(keys_of(current_session()), _membership_id(), clock.today())
    page = talk_page(
        _place(), press, typed, errors, notice, list(chosen_by_families()), current_code_lists(),
        link("choice.own_numbers"),
    )  # fmt: skip
    return render_template("desks/choice/talk.html", page=page)


def _quarters() -> Sequence[Quarter]:
    return queries.finished_quarters(current_session(), _reach()[0], Quarter.of(clock.today()), _reach()[1])


def _quarter() -> Quarter | None:
    return asked_quarter(request.args.get("kwartaal", ""), _quarters())


def _told(quarter: Quarter | None) -> Told | None:
    if quarter is None:
        return None
    region_id, municipality = _reach()
    cells = queries.counted_in(current_session(), region_id, quarter, municipality)
    return told(cells, current_code_lists().real_choices, By.ARRANGEMENT, current_rules())


def _reach() -> tuple[int, str]:
    scope = current_visitor().scope(Permission.RECORD_CHOICE)
    return scope.region_id, scope.municipality


def _place() -> str:
    return current_code_lists().municipalities[_reach()[1]].name


def _membership_id() -> int:
    membership = current_visitor().membership
    if membership is None:
        abort(HTTPStatus.FORBIDDEN)
    return membership.id
