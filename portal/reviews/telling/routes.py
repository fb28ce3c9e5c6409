"""Telling an experience: a code, one question a page, everything once more, and eight words to come back with.

These pages are public and set no cookie. What a page needs to know stands in its form: the code, a proof that it was
found right, and the question. Each form is sent by POST, so that nothing of it stands in an address or a log; the
answers are private, and kept by no browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.signing_in.codes import for_people
from portal.catalogue.codelists import current_code_lists
from portal.core import clock
from portal.core.access import public
from portal.core.database import current_database, current_session, current_transaction, keys_of, let_go
from portal.core.languages import gettext, ngettext
from portal.core.pages import Notice
from portal.core.settings import current_settings
from portal.core.throttle.operations import give_back, refuse_if_too_many
from portal.core.throttle.types import FAMILY_SECRET, TooManyAttempts, Who, network_of
from portal.reviews.answering.queries import promises_to_notice
from portal.reviews.danger import danger_in, urgency_of
from portal.reviews.danger_notice import danger_notice_for
from portal.reviews.family_secrets import is_proved, proof_of, read, read_phrase
from portal.reviews.integrity import compare, flag
from portal.reviews.offices.queries import kinds_that_hide
from portal.reviews.questions import TEXTS, QuestionKind, QuestionSet, current_sets, newest
from portal.reviews.telling import operations
from portal.reviews.telling.drafts import Told, change_draft, read_draft
from portal.reviews.telling.operations import LONGEST_TEXT, CodeState, RightCode, cleaned
from portal.reviews.telling.presenters import (
    CHECK,
    UNKNOWN_CODE,
    VOICE,
    CodePage,
    HouseRules,
    check_page,
    code_error,
    expired_notice,
    found_in,
    later_page,
    seen,
    sent_page,
    spent_notice,
    step_page,
    steps_of,
)
from portal.reviews.types import Quarter, Voice
from portal.reviews.wording import RULES

blueprint = public(Blueprint("telling", __name__))

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY
NEXT, PREVIOUS, LATER = "volgende", "terug", "later"


class _Answered(Exception):
    """The answer to this request is known."""

    def __init__(self, answer: ResponseReturnValue) -> None:
        super().__init__()
        self.answer = answer


@blueprint.get("/ervaring")
def code() -> str:
    """The code is typed here; a scanned one stands behind the `#` of the address, which no server sees."""
    return render_template("reviews/code.html", page=CodePage("", "", None, "", goes_on="verder" in request.args))


@blueprint.get("/huisregels")
def house_rules() -> str:
    """By which rules stories are read, published and taken down."""
    return render_template("reviews/house_rules.html", page=HouseRules([gettext(words) for words in RULES.values()]))


@blueprint.route("/ervaring/vragen", methods=["GET", "POST"])
def question() -> ResponseReturnValue:
    """Keep an answer, and show the next question."""
    return _of_form(_question)


@blueprint.route("/ervaring/versturen", methods=["GET", "POST"])
def send() -> ResponseReturnValue:
    """Send it. The same form sent again answers the same."""
    return _of_form(_send)


def _of_form(answer: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """What a form of the questionnaire gives; who comes without one, for instance back, types the code again."""
    if request.method == "GET":
        return redirect(url_for("telling.code", verder="ja"))
    try:
        return answer()
    except _Answered as ready:
        return ready.answer


@blueprint.post("/ervaring/nalezen")
def read_over() -> ResponseReturnValue:
    """What in a text that is being typed could tell who somebody is, for the script of the page; nothing is kept.

    Only for who has a code: the proof of the page is asked, and the code itself is not looked up.
    """
    form = request.form
    code = read(form.get("code", "")[:200])
    if code is None or not is_proved(keys_of(current_session()), code, form.get("bewijs", "")):
        abort(HTTPStatus.FORBIDDEN)
    return {"found": found_in(cleaned(form.get("antwoord", ""))[:LONGEST_TEXT])}


def _question() -> ResponseReturnValue:
    form, right = request.form, _right_code()
    questions = _asked(right)
    steps = steps_of(questions)
    key = form.get("vraag", "")
    told = read_draft(current_session(), right.selector, right.opened).only(questions)
    if key not in steps:  # just come in, or come back: on to the first that is still open
        return _page(_first_open(told, questions), told, questions, right)
    typed = cleaned(form.get("antwoord", ""))
    if key != CHECK:
        fault = _fault(key, typed, questions)
        if fault:
            return _page(key, told, questions, right, fault, typed), INVALID
        other = _written_elsewhere(key, typed, told, questions)
        if other:
            return _page(key, told, questions, right, typed=typed, other=other), HTTPStatus.CONFLICT
        if typed or (key != VOICE and form.get("gezien", "") == seen(told.answers.get(key, ""))):
            told = _kept(right, key, typed).only(questions)
    wanted = form.get("naar", "")
    if wanted in steps:
        return _page(wanted, told, questions, right)
    at = steps.index(key)
    match form.get("doe"):
        case "later":
            until = clock.today() + timedelta(days=current_settings().draft_days)
            address = current_settings().base_url + url_for("telling.code")
            page = later_page(until, address, told)
            return render_template("reviews/later.html", page=page)
        case "terug":
            return _page(steps[max(0, at - 1)], told, questions, right)
    if key == VOICE and told.voice is None:
        error = gettext("Choose who tells. Then we ask the right questions.")
        return _page(key, told, questions, right, error), INVALID
    return _page(steps[min(at + 1, len(steps) - 1)], told, questions, right)


def _send() -> ResponseReturnValue:
    form, today = request.form, clock.today()
    phrase = read_phrase(form.get("zin", ""))
    right = _right_code(phrase)
    questions = _asked(right)
    told = read_draft(current_session(), right.selector, right.opened).only(questions)
    if told.voice is None:
        return _page(VOICE, told, questions, right), INVALID
    if any(len(told.answers.get(name, "")) > LONGEST_TEXT for name in TEXTS):
        return _page(CHECK, told, questions, right), INVALID
    danger = urgency_of("\n".join(told.answers.get(name, "") for name in TEXTS), told.answers)
    story = cleaned(told.answers.get("story", ""))
    compared = compare(current_session(), right.batch.region_id, story)  # takes long: while others can write
    with current_transaction() as session:
        phrase = phrase or operations.fresh_phrase(session)
        sent = operations.send(session, right, told, questions, phrase, danger, today)
        if sent is not None:
            flag(session, sent, compared)
    if sent is None:  # somebody was quicker: perhaps this very form
        return _already_sent(phrase, "")
    if current_database().engine.dialect.name == "sqlite":
        current_database().sweep()
    return _thanks(phrase, told.voice, any(told.answers.get(name) for name in TEXTS), danger, told.answers)


def _asked(right: RightCode) -> QuestionSet:
    """What is asked with this code."""
    promises = promises_to_notice(current_session(), right.batch.about, Quarter.of(clock.today()))
    return newest(current_sets(), right.batch.office_kind).with_promises(promises)


def _thanks(phrase: str, voice: Voice, has_text: bool, danger: str, answers: Mapping[str, str]) -> str:
    page = sent_page(phrase, voice, has_text, danger_notice_for(danger, voice, answers))
    return render_template("reviews/sent.html", page=page)


def _already_sent(phrase: str | None, typed: str) -> ResponseReturnValue:
    """The code was spent: by this very form, or by somebody else."""
    before = operations.experience_of_phrase(current_session(), phrase) if phrase else None
    if before is not None and phrase is not None:
        return _thanks(phrase, before.voice, bool(before.story or before.advice), before.danger, before.answers)
    return _code_page(notice=spent_notice(), text=typed), HTTPStatus.CONFLICT


def _right_code(phrase: str | None = None) -> RightCode:
    """The code of this form, found good; else the page that says what is wrong with it is the answer."""
    form = request.form
    typed = form.get("code", "")[:200]
    text = form.get("antwoord", "")
    code = read(typed)
    if code is None:
        raise _Answered((_code_page(typed, code_error(typed), text=text), INVALID))
    counted = None
    if not is_proved(keys_of(current_session()), code, form.get("bewijs", "")):
        let_go()
        try:
            who = Who(network=network_of(request.remote_addr))
            counted = refuse_if_too_many(current_database(), FAMILY_SECRET, who, clock.now())
        except TooManyAttempts as refused:
            raise _Answered(_wait(refused, typed, text)) from None
    checked = operations.check_code(current_session(), code, clock.today())
    right = checked.right
    if right is None:
        raise _Answered((_code_page(typed, gettext(UNKNOWN_CODE), text=text), INVALID))
    if counted is not None:
        let_go()
        give_back(current_database(), counted)
    if checked.state is CodeState.SPENT:
        raise _Answered(_already_sent(phrase, text))
    if checked.state is CodeState.EXPIRED:
        page = _code_page(for_people(code), notice=expired_notice(right.batch.valid_until), text=text)
        raise _Answered((page, HTTPStatus.GONE))
    return right


def _wait(refused: TooManyAttempts, typed: str, text: str) -> ResponseReturnValue:
    wait = ngettext(
        "Many codes were tried in a short time. Try again in %(num)s minute. Your code stays good.",
        "Many codes were tried in a short time. Try again in %(num)s minutes. Your code stays good.",
        refused.retry_after_minutes,
    )
    headers = {"Retry-After": str(refused.retry_after_seconds)}
    return _code_page(typed, wait, text=text), HTTPStatus.TOO_MANY_REQUESTS, headers


def _code_page(typed: str = "", error: str = "", notice: Notice | None = None, text: str = "") -> str:
    return render_template("reviews/code.html", page=CodePage(cleaned(typed), error, notice, cleaned(text)))


def _page(
    key: str, told: Told, questions: QuestionSet, right: RightCode, error: str = "", typed: str | None = None,
    other: str = "",
) -> str:  # fmt: skip
    hidden = _hidden(right)
    if key != CHECK:
        page = step_page(
            key, told, questions, right.batch, current_code_lists(), hidden, error, typed, other
        )  # fmt: skip
        return render_template("reviews/step.html", page=page)
    texts = [told.answers.get(name, "") for name in TEXTS]
    too_long = any(len(text) > LONGEST_TEXT for text in texts)
    error = gettext("One of your texts is too long to be sent. Make it shorter first.") if too_long else ""
    phrase = operations.fresh_phrase(current_session())
    notice = danger_notice_for(danger_in("\n".join(texts)), told.voice or Voice.PARENT, told.answers)
    hides = right.batch.office_kind in kinds_that_hide(current_session(), right.batch.region_id)
    page_ = check_page(told, questions, right.batch, hidden, phrase, notice, hides, error)
    return render_template("reviews/check.html", page=page_)


def _hidden(right: RightCode) -> Sequence[tuple[str, str]]:
    return [("code", for_people(right.code)), ("bewijs", proof_of(keys_of(current_session()), right.code))]


def _first_open(told: Told, questions: QuestionSet) -> str:
    """Where somebody who comes back goes on: behind the last question that was answered."""
    steps = steps_of(questions)
    answered = [at for at, key in enumerate(steps) if key in told.answers or (key == VOICE and told.voice)]
    return steps[max(answered) + 1] if answered else VOICE


def _fault(key: str, typed: str, questions: QuestionSet) -> str:
    """What is wrong with an answer."""
    if key == VOICE:
        return "" if typed in ("", *Voice) else gettext("Choose one of the answers.")
    question = questions.question(key)
    if question is None or question.kind is QuestionKind.TEXT:
        if len(typed) <= LONGEST_TEXT:
            return ""
        return gettext(
            "Your text has %(number)s characters; we can take %(most)s. It is all still here: make it shorter, or put "
            "a part under the next question.", number=len(typed), most=LONGEST_TEXT,
        )  # fmt: skip
    return "" if not typed or question.accepts(typed) else gettext("Choose one of the answers.")


def _written_elsewhere(key: str, typed: str, told: Told, questions: QuestionSet) -> str:
    """What stands under this question that this page did not show when it was made; empty where that is fine."""
    question = questions.question(key)
    if question is None or question.kind is not QuestionKind.TEXT:
        return ""
    kept = told.answers.get(key, "")
    shown = request.form.get("gezien", "")
    return kept if kept not in ("", typed) and shown and shown != seen(kept) else ""


def _kept(right: RightCode, key: str, typed: str) -> Told:
    """Keep one answer, and all that is kept by now."""

    def change(told: Told) -> Told:
        return told.with_voice(Voice(typed)) if key == VOICE else told.with_answer(key, typed)

    with current_transaction() as session:
        return change_draft(session, right.selector, right.opened, change, clock.today())
