"""Coming back with the phrase. As the questionnaire: no cookie, and nothing in an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import public
from portal.core.database import current_database, current_session, current_transaction, keys_of, let_go
from portal.core.languages import gettext, ngettext
from portal.core.settings import current_settings
from portal.core.throttle.operations import give_back, refuse_if_too_many
from portal.core.throttle.types import FAMILY_SECRET, TooManyAttempts, Who, network_of
from portal.reviews.danger import urgency_of
from portal.reviews.family_secrets import is_proved, proof_of, read_phrase
from portal.reviews.models import Experience, ProviderAnswer
from portal.reviews.operations import graves_of, withdraw
from portal.reviews.returning import operations
from portal.reviews.returning.presenters import (
    own_page,
    phrase_page,
    speech_to,
    take_back_page,
    unknown_phrase,
    withdrawn,
)
from portal.reviews.telling.operations import LONGEST_TEXT, cleaned, experience_of_phrase
from portal.reviews.telling.presenters import found_in, seen
from portal.reviews.tombstones import Tombstones
from portal.reviews.types import Voice

blueprint = public(Blueprint("returning", __name__))

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY
TAKE_BACK = "intrekken"
"""What the button says that asks to take a story back: it cannot be undone, so that one is asked once more."""


@blueprint.get("/ervaring/terug")
def phrase() -> str:
    """The eight words are typed here."""
    return render_template("reviews/phrase.html", page=phrase_page(_voice(request.args)))


@blueprint.post("/ervaring/terug")
def own() -> ResponseReturnValue:
    """The experience of these words, and what was decided about it; or what taking it back would delete."""
    return _with_experience(_asked_again if request.form.get("doe") == TAKE_BACK else _shown)


@blueprint.post("/ervaring/terug/wijzigen")
def correct() -> ResponseReturnValue:
    """Change the texts."""

    def change(found: Experience, words: str) -> ResponseReturnValue:
        texts = {name: cleaned(request.form.get(name, "")) for name in ("story", "advice")}
        longest = max(texts.values(), key=len)
        if len(longest) > LONGEST_TEXT:
            return _shown(found, words, error=_too_long(longest), texts=texts), INVALID
        found_now = found_in(*texts.values())
        is_other = any(getattr(found, name) != text for name, text in texts.items())
        if is_other and found_now and request.form.get("gezien", "") != seen("\n".join(found_now)):
            return _shown(found, words, texts=texts, found_now=found_now)
        danger = urgency_of("\n".join(texts.values()), found.answers)
        changed = _change(
            found, lambda session, one: operations.correct(session, one, texts, danger, clock.today())
        )  # fmt: skip
        return _shown(_now(found), words, done="gewijzigd" if changed else "gelijk")

    return _with_experience(change)


@blueprint.post("/ervaring/terug/tweede-blik")
def second_look() -> ResponseReturnValue:
    """Let somebody else look at a decision."""

    def ask(found: Experience, words: str) -> ResponseReturnValue:
        is_asked = _change(found, operations.ask_second_look)
        return _shown(_now(found), words, done="tweede" if is_asked else "")

    return _with_experience(ask)


@blueprint.post("/ervaring/terug/feit")
def answer_dispute() -> ResponseReturnValue:
    """What the author says of a fact that the provider disputes."""

    def answer(found: Experience, words: str) -> ResponseReturnValue:
        dispute, says = request.form.get("feit", "")[:22], cleaned(request.form.get("antwoord", ""))
        if not says:
            error = gettext("Nothing stands in the answer yet. Write what happened, as you know it.")
            return _shown(found, words, error=error), INVALID
        if len(says) > LONGEST_TEXT:
            return _shown(found, words, error=_too_long(says), says={dispute: says}), INVALID
        if not _change(found, lambda session, one: operations.answer_dispute(session, one, dispute, says)):
            error = gettext("This was decided meanwhile. Below stands what was decided, and why.")
            return _shown(_now(found), words, error=error), HTTPStatus.CONFLICT
        return _shown(_now(found), words, done="antwoord")

    return _with_experience(answer)


@blueprint.post("/ervaring/terug/intrekken")
def take_back() -> ResponseReturnValue:
    """Take it back for good."""

    def take(found: Experience, _words: str) -> ResponseReturnValue:
        with current_transaction() as session:
            Tombstones(current_settings().data_dir).add(graves_of(session, found.id)[:1])
            one = session.get(Experience, found.id)
            if one is not None:
                withdraw(session, one)
        if current_database().engine.dialect.name == "sqlite":
            current_database().sweep()
        return render_template("reviews/phrase.html", page=phrase_page(found.voice, notice=withdrawn(found.voice)))

    return _with_experience(take)


def _change(found: Experience, change: Callable[[Session, Experience], bool]) -> bool:
    with current_transaction() as session:
        one = session.get(Experience, found.id, with_for_update=True)
        return one is not None and change(session, one)


def _now(found: Experience) -> Experience:
    """The same as it is by now: the session of this request read it before the change."""
    return current_session().get(Experience, found.id, populate_existing=True) or found


def _with_experience(do: Callable[[Experience, str], ResponseReturnValue]) -> ResponseReturnValue:
    """Do something with the experience of the phrase in this form, or say what is wrong with the phrase."""
    typed = request.form.get("woorden", "")[:400]
    words = read_phrase(typed)
    if words is None:
        error = gettext("The phrase has eight words, with spaces between them. Is one missing, or one too many?")
        return _phrase_page(typed, error), INVALID
    counted = None
    if not is_proved(keys_of(current_session()), words, request.form.get("bewijs", "")):
        let_go()
        try:
            who = Who(network=network_of(request.remote_addr))
            counted = refuse_if_too_many(current_database(), FAMILY_SECRET, who, clock.now())
        except TooManyAttempts as refused:
            wait = ngettext(
                "This was tried very often. Try again in %(num)s minute.",
                "This was tried very often. Try again in %(num)s minutes.",
                refused.retry_after_minutes,
            )
            headers = {"Retry-After": str(refused.retry_after_seconds)}
            return _phrase_page(typed, wait), HTTPStatus.TOO_MANY_REQUESTS, headers
    found = experience_of_phrase(current_session(), words)
    if found is None:
        error = unknown_phrase(_voice(request.form))
        return _phrase_page(typed, error), INVALID
    if counted is not None:
        let_go()
        give_back(current_database(), counted)
    return do(found, words)


def _voice(given: Mapping[str, str]) -> Voice | None:
    """Who comes, where the link or the form that led here says so."""
    return next((voice for voice in Voice if voice == given.get("stem")), None)


def _phrase_page(typed: str, error: str) -> str:
    return render_template("reviews/phrase.html", page=phrase_page(_voice(request.form), cleaned(typed), error))


def _too_long(text: str) -> str:
    return gettext(
        "Your text has %(number)s characters; we can take %(most)s. It is all still here: make it shorter.",
        number=len(text), most=LONGEST_TEXT,
    )  # fmt: skip


def _asked_again(found: Experience, words: str) -> str:
    page = take_back_page(found.voice, _hidden(found, words))
    return render_template("reviews/take_back.html", page=page)


def _hidden(found: Experience, words: str) -> Sequence[tuple[str, str]]:
    """What each form of these pages carries along."""
    return [("woorden", words), ("bewijs", proof_of(keys_of(current_session()), words)), ("stem", found.voice.value)]


def _shown(
    found: Experience, words: str, done: str = "", error: str = "", texts: Mapping[str, str] | None = None,
    says: Mapping[str, str] | None = None, found_now: Sequence[str] = (),
) -> str:  # fmt: skip
    """Its page.

    `texts` and `says` (by dispute) are what was typed and cannot be kept, `found_now` what in it
    could tell who somebody is: asked about once.
    """
    session = current_session()
    answer, notice = session.get(ProviderAnswer, found.id), speech_to(found.voice).done(done)
    disputes = operations.disputes_of(session, found.id)
    page = own_page(found, answer, disputes, _hidden(found, words), notice, error, says or {}, found_now)
    return render_template("reviews/own.html", page=page, texts=texts or {"story": page.story, "advice": page.advice})
