"""Families with codes, and what they do with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.signing_in.codes import for_people
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import Database
from portal.reviews.family_secrets import Cost
from portal.reviews.invitations.operations import Wanted, issue
from portal.reviews.models import Experience, ExperienceFigure, is_of
from portal.reviews.offices.operations import about_of
from portal.reviews.offices.queries import Tellable
from portal.reviews.questions import load_sets, newest
from portal.reviews.telling.drafts import Told
from portal.reviews.telling.operations import check_code, fresh_phrase, send
from portal.reviews.types import About, Occasion, Quarter, Voice
from tests.inspection import InspectingClient, Page

CHEAP = Cost(1, 8)
"""Digests in a moment; what they cost in earnest has a test of its own."""
SETS = load_sets()
QUESTIONS = newest(SETS)
ACTOR = Actor.command("test")
HIDDEN = ("code", "bewijs", "vraag", "gezien", "zin")


def make_codes(
    database: Database, region_id: int, provider: int | Tellable, number: int = 20, arrangement: str = "behandeling",
    occasion: Occasion = Occasion.END, municipality: str = "",
) -> Sequence[str]:  # fmt: skip
    """Codes of a new batch."""
    with database.transaction() as session:
        about = About(provider) if isinstance(provider, int) else about_of(session, region_id, provider)
        arrangement = arrangement if about.provider_id else ""
        wanted = Wanted(region_id, about, arrangement, occasion, Quarter.of(clock.today()), number, municipality)
        return issue(session, ACTOR, wanted, clock.now(), 365, CHEAP)[1]


def tell(
    database: Database, code: str, story: str = "Er werd goed naar ons geluisterd.", voice: Voice = Voice.PARENT,
    phrase: str = "", danger: str = "", **answers: str,
) -> tuple[str, str]:  # fmt: skip
    """Let a family tell something without pages; the id of its experience, and its phrase."""
    told = Told(voice, {"story": story, "usefulness": "8", "respect": "always", "framework": "voluntary", **answers})
    with database.transaction() as session:
        right = check_code(session, code, clock.today()).right
        assert right is not None
        phrase = phrase or fresh_phrase(session)
        questions = newest(SETS, right.batch.office_kind)
        experience = send(session, right, told, questions, phrase, danger, clock.today(), CHEAP)
        assert experience is not None
        return experience.id, phrase


def figure_of(
    session: Session, about: About, question: str, voice: Voice = Voice.PARENT, framework: str = "voluntary"
) -> ExperienceFigure | None:
    """A figure as it is stored."""
    return session.scalars(
        select(ExperienceFigure).where(
            is_of(ExperienceFigure, about), ExperienceFigure.question == question, ExperienceFigure.voice == voice,
            ExperienceFigure.framework == framework,
        )
    ).one_or_none()  # fmt: skip


@dataclass
class Family:
    """A browser in which somebody fills in the questionnaire."""

    client: InspectingClient
    page: Page | None = None
    response: TestResponse | None = None

    @classmethod
    def at(cls, app: Flask) -> Family:
        client = app.test_client()
        assert isinstance(client, InspectingClient)
        return cls(client)

    def begin(self, code: str, status: int = 200) -> Page:
        return self.post("/ervaring/vragen", {"code": code}, status)

    def answer(self, answer: str, do: str = "volgende", status: int = 200, **more: str) -> Page:
        return self.post("/ervaring/vragen", {**self.hidden(), "antwoord": answer, "doe": do, **more}, status)

    def change(self, key: str) -> Page:
        return self.post("/ervaring/vragen", {**self.hidden(), "naar": key})

    def send(self, status: int = 200, **more: str) -> Page:
        return self.post("/ervaring/versturen", {**self.hidden(), **more}, status)

    def press(self, words: str, **typed: str) -> Page:
        """Press the button that says this, with what its form holds and what is `typed` into it."""
        assert self.response is not None
        html = self.response.get_data(as_text=True)
        forms = re.findall(r'<form[^>]* action="([^"]*)"[^>]*>(.*?)</form>', html, re.DOTALL)
        for action, inner in forms:
            if words in Page(f"<body>{inner}</body>").texts.get("button", []):
                carried = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', inner)
                said = re.findall(rf'<button[^>]* name="(.*?)" value="(.*?)">{re.escape(words)}', inner)
                return self.post(action, {**dict(carried), **dict(said), **typed})
        raise AssertionError(f"no button says {words!r}")

    def post(self, path: str, fields: Mapping[str, object], status: int = 200) -> Page:
        self.response = self.client.submit(path, dict(fields))
        assert self.response.status_code == status, self.response.get_data(as_text=True)[:3000]
        self.page = Page(self.response.get_data(as_text=True))
        return self.page

    def hidden(self) -> dict[str, str]:
        assert self.page is not None
        found = {f["name"]: f.get("value", "") for f in self.page.all("input") if f.get("type") == "hidden"}
        return {name: found[name] for name in HIDDEN if name in found}

    def fill_in(self, code: str, voice: str = "parent", story: str = "Fijn dat er iemand kwam.") -> Page:
        """From the code up to the last page before sending."""
        self.begin(for_people(code))
        self.answer(voice)
        for question in QUESTIONS.questions[:-2]:
            self.answer("8" if question.kind == "mark" else question.options[0])
        self.answer(story)
        return self.answer("Vraag wie er komt.")

    @property
    def phrase(self) -> str:
        assert self.response is not None
        words = re.findall(r'<span class="portal-code">([a-z]+)</span>', self.response.get_data(as_text=True))
        return " ".join(words)


def all_experiences(database: Database) -> Sequence[Experience]:
    with database.sessions() as session:
        return session.query(Experience).all()
