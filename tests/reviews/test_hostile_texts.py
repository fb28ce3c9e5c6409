"""What a family or a provider writes is text on every page, whatever it looks like (S10)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from flask import Flask

from portal.accounts.types import Post, Role
from portal.core import clock
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.answering.operations import answer, dispute
from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.moderating.operations import Blanks, approve, decide_answer, decide_dispute, state_of
from portal.reviews.offices.queries import Tellable
from portal.reviews.publishing.operations import keep_up
from portal.reviews.questions import load_sets
from portal.reviews.types import Quarter
from tests.accounts.people import Someone, World
from tests.inspection import Page
from tests.reviews.conftest import HEERLEN
from tests.reviews.families import ACTOR, Family, make_codes, tell

_TAGS = (
    "script",
    "img",
    "svg",
    "iframe",
    "a",
    "style",
    "object",
    "form",
    "input",
    "textarea",
    "base",
    "link",
    "q",
    "p",
)
PAYLOADS = [
    *(f"<{tag} src=x onerror=alert(1)>" for tag in _TAGS),
    *(f"</{tag}><b>vet</b>" for tag in _TAGS),
    *(f"&lt;{tag}&gt;" for tag in _TAGS),
    *(f'" onfocus="alert(1)" <{tag}' for tag in _TAGS),
    *(f"'><{tag}/onload=alert(1)>" for tag in _TAGS),
    *("{{" + f" 7*7 {tag} " + "}}" for tag in _TAGS[:6]),
    *("{%" + f" if {tag} " + "%}" for tag in _TAGS[:4]),
    "javascript:alert(1)", "<!-- x", "-->", "]]>", "<![CDATA[x", "\\u003cscript\\u003e", "%3Cscript%3E", "=1+1",
    "@SUM(1)",
    "<details open ontoggle=alert(1)>", "<math><mtext></p><img src=x onerror=alert(1)>",
    "<noscript><p title=</noscript>",
    "<template><script>alert(1)</script></template>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<body onload=alert(1)>", "<video><source onerror=alert(1)>", "data:text/html,<script>alert(1)</script>",
    "<scr<script>ipt>", "<a href='javascript:x'>klik</a>", "&#60;script&#62;", "\u202ecsp.exe", "${7*7}", "#{7*7}",
]  # fmt: skip


MOST = {"answer": 1_900, "grounds": 1_900, "promise": 290, "decision": 900}
"""So much of it these fields take."""
DESK = "/werkplek/regio/ervaringen"


@dataclass(frozen=True)
class Told:
    """Of whom families tell, who answers for it, and where it is read."""

    email: str
    desk: str
    page: str
    codes: Sequence[str]


@pytest.fixture(params=["provider", "toegang/heerlen"])
def told_of(request: pytest.FixtureRequest, world: World, known: Mapping[str, Tellable]) -> Told:
    """A provider and an access team, each with somebody who answers, and a moderator."""
    region, provider = world.regions[0], world.providers[0]
    world.add("lezer@voorbeeld.example", Post(Role.MODERATOR, region))
    if request.param == "provider":
        world.add("bij@voorbeeld.example", Post(Role.PROVIDER_MANAGER, region, provider))
        desk, page, whom = "/werkplek/aanbieder/ervaringen", "/aanbieders/zuid-limburg-1", provider
    else:
        world.add("bij@voorbeeld.example", Post(Role.ACCESS_WORKER, region, municipality=HEERLEN))
        desk, page, whom = "/werkplek/verwijzer/ervaringen", f"/{request.param}", known[request.param]
    return Told("bij@voorbeeld.example", desk, page, make_codes(world.database, region, whom))


@pytest.mark.parametrize("field", ["story", "advice", "answer", "promise", "reason", "grounds", "says", "decision"])
def test_no_text_becomes_markup(app: Flask, world: World, told_of: Told, field: str) -> None:
    assert len(PAYLOADS) >= 100
    hostile = "\n".join(PAYLOADS)[: MOST.get(field, 5_000)].strip()
    harmless = "\n".join("onschuldig" for _ in hostile.splitlines())
    counted = []
    unused = iter(told_of.codes)
    for text in (harmless, hostile):
        counted.append(_elements(app, world, told_of, [next(unused) for _ in range(3)], field, text))
    assert counted[0] == counted[1]


def _elements(
    app: Flask, world: World, told_of: Told, codes: Sequence[str], field: str, text: str
) -> Sequence[Counter[str]]:
    """The elements, with the names of their attributes, of every page on which the text stands."""
    today, due = clock.today(), str(Quarter.of(clock.today()))
    with world.database.transaction() as session:
        for one in session.query(Experience).all():
            session.delete(one)
    told = [tell(world.database, code, story="Dit is een zin.") for code in codes]
    experience, words = told[0]
    with world.database.transaction() as session:
        one = session.get_one(Experience, experience)
        if field in ("story", "advice"):
            setattr(one, field, text)
    reader = Someone.enter(app, "lezer@voorbeeld.example")
    pages = [reader.page(f"{DESK}/{experience}")]
    with world.database.transaction() as session:
        for identifier, _ in told:
            one = session.get_one(Experience, identifier)
            approve(session, ACTOR, one, Blanks((), ()), state_of(one), today)
        session.flush()
        keep_up(session, world.regions[0], load_sets(), DEFAULT_RULES, 90, today)
    with world.database.transaction() as session:
        one = session.get_one(Experience, experience)
        said = text if field == "answer" else "Dank."
        answer(session, ACTOR, one, said, text[:290] if field == "promise" else "Beter.", due, today)
    pages.append(reader.page(f"{DESK}/antwoord/{experience}"))
    family = Family.at(app)
    with world.database.transaction() as session:
        one = session.get_one(Experience, experience)
        found = session.get_one(ProviderAnswer, experience)
        decide_answer(session, ACTOR, found, one, True, "", today)
        found.reason = text if field == "reason" else ""
        if field in ("grounds", "says", "decision"):
            sentence = "Dit is een zin."
            grounds = text if field == "grounds" else "Het ging anders dan hier staat."
            dispute(session, ACTOR, one, sentence, grounds, 21, today)
            session.flush()
            disputed = session.query(Dispute).filter_by(experience_id=experience).one()
            disputed.author_says = text if field == "says" else ""
            number = disputed.id
    if field in ("grounds", "says", "decision"):
        pages += [reader.page(f"{DESK}/feit/{number}"), family.post("/ervaring/terug", {"woorden": words})]
        if field == "decision":
            with world.database.transaction() as session:
                one, disputed = session.get_one(Experience, experience), session.get_one(Dispute, number)
                decide_dispute(session, ACTOR, disputed, one, True, text, today)
    someone = Someone.enter(app, told_of.email)
    responses = [app.test_client().get(path) for path in (told_of.page, "/api/v1/experiences")]
    assert all(word not in str(got.headers) for got in responses for word in ("onschuldig", "alert"))
    assert responses[1].mimetype == "application/json" and json.loads(responses[1].get_data())["total"] == 3
    pages += [
        Page(responses[0].get_data(as_text=True)),
        someone.page(told_of.desk),
        reader.page(DESK),
        family.post("/ervaring/terug", {"woorden": words}),
    ]
    return [_shape(pages[0], is_marked=True), *(_shape(page, is_marked=True) for page in pages[1:2]),
            *(_shape(page) for page in pages[2:])]  # fmt: skip


def _shape(page: Page, is_marked: bool = False) -> Counter[str]:
    """Its elements; without those that mark, for the moderator, what could tell who somebody is."""
    marks = ("mark", "label", "span", "input", "fieldset", "legend") if is_marked else ()
    return Counter(f"{tag} {sorted(names)}" for tag, names in page.elements if tag not in marks)
