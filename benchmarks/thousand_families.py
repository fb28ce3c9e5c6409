"""A thousand families of the demonstration region tell, are read and are published, through the pages that people use.

    .venv/bin/python -m benchmarks.thousand_families [--families 1000] [--digests slow]

Loads the demonstration region into a temporary folder. A contract manager makes batches of codes at the desk and gets
the letters; each family types its code, answers every question and sends it; two moderators who signed in read the
queue, leave out what could tell who somebody is, and decide; some authors correct their story, ask for a second look or
take it back; what is published is sometimes taken down, by two people; and `portal daily` releases. Then the quarter
ends, and a year. Every step is a request to a route with its form, token and checks, or a command: nothing is written
into a table here.

Checked on the way, and a wrong answer ends the script: that everything told is published, refused, removed, waiting or
withdrawn, for each provider and office, as its page says; that what was refused, removed or withdrawn stands on no
page and in no open data; that the database in any of its orders leads from no code to the story told with it, better
than by chance. Printed: how long each step takes, and how much pages weigh.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import math
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.catalogue.models import Provider
from portal.core import clock
from portal.core.clock import AMSTERDAM
from portal.core.database import Database
from portal.core.settings import Settings
from portal.demo.experiences import CHEAP
from portal.demo.people import PASSWORD
from portal.reviews.invitations.operations import draw
from portal.reviews.models import Experience, ExperienceCounts, Office
from portal.reviews.questions import QuestionKind, current_sets, newest
from portal.reviews.telling.operations import send
from portal.reviews.types import OfficeKind, Rule, Status

TOLD = datetime(2026, 12, 1, 10, tzinfo=AMSTERDAM)
NEXT_QUARTER = datetime(2027, 1, 4, 10, tzinfo=AMSTERDAM)
A_YEAR_LATER = datetime(2027, 11, 29, 10, tzinfo=AMSTERDAM)
SIZES = (130, 130, *[60] * 6, *[30] * 8, *[14] * 5, *[2] * 10, 30, 14, 6)
"""Families of each provider, and of two access teams and an institution at the end; of a thousand."""
OFFICES = ("toegang/heerlen", "toegang/maastricht")
CONTRACTS, READERS = (
    "karim.haddad@voorbeeld.example",
    ("ton.vroomen@voorbeeld.example", "lieke.smeets@voorbeeld.example"),
)
REFUSED, CORRECTED, WITHDRAWN, TAKEN_DOWN, DANGEROUS, TELLING = 0.05, 0.02, 0.02, 12, 0.03, 0.15
_SAID = (
    "Ze kwamen toen wij het nodig hadden",
    "We moesten lang wachten voor het begon",
    "Mijn kind voelde zich er gehoord",
    "Na drie weken zijn we gestopt, het klikte niet",
    "Er kwam steeds iemand anders",
    "We leerden hoe het thuis rustiger kan",
    "De school deed mee, dat scheelde",
    "Niemand belde terug in de vakantie",
    "Ze waren eerlijk over wat niet kon",
    "Ons plan werd gevolgd en niet dat van hen",
    "Pas na een klacht ging het beter",
    "Het eerste gesprek was al een opluchting",
    "Mijn zoon ging er met tegenzin heen en kwam vrolijk terug",
    "Wij begrepen de brieven niet",
    "Er werd veel gepraat en weinig gedaan",
    "De hulp stopte te vroeg",
    "Mijn dochter durft weer naar buiten",
    "Het gezin als geheel telde mee",
)
_TELLS = (
    "Bel mij op 06-12345678",
    "Meneer Jansen belde op 3 maart",
    "Wij wonen in de Dorpsstraat 12",
    "Mail naar gezin@voorbeeld.example",
)
_DANGER = "Mijn vader slaat mij nog steeds"


@dataclass
class Clocked:
    """How long each kind of request took, in seconds."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def of(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.taken[what].append(time.perf_counter() - began)

    def report(self) -> None:
        for what, times in self.taken.items():
            ordered = sorted(times)
            middle, late = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
            print(
                f"{what:48} {len(ordered):6} times, half within {1000 * middle:6.0f} ms, "
                f"95 % within {1000 * late:6.0f} ms"
            )


CLOCKED = Clocked()


class Browser:
    """Somebody at a page; what a page carries in hidden fields goes along with its form."""

    def __init__(self, app: Flask) -> None:
        self.client, self.text, self.status = app.test_client(), "", 0

    def get(self, path: str, what: str, status: int = 200) -> str:
        with CLOCKED.of(what):
            return self._read(self.client.get(path), status)

    def post(self, path: str, what: str, fields: Mapping[str, object], *, statuses: Sequence[int] = (200, 302)) -> str:
        carried = {**self.hidden(), **fields}
        with CLOCKED.of(what):
            answer = self.client.post(path, data=carried, headers={"Sec-Fetch-Site": "same-origin"})
        return self._read(answer, *statuses)

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page."""
        found = {}
        for tag in re.findall(r'<input type="hidden"[^>]*>', self.text):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name:
                found[name[1]] = html.unescape(value[1]) if value else ""
        return found

    def sign_in(self, email: str) -> Browser:
        """As in the demonstration, where the page shows the code of the phone."""
        self.get("/inloggen", "signing in")
        self.post("/inloggen", "signing in", {"email": email, "password": PASSWORD})
        page = self.get("/inloggen/code", "signing in")
        code = re.search(r"\b(\d{3} ?\d{3})\b", re.sub(r"<[^>]+>", " ", page))
        if code is None:
            sys.exit(f"no code for {email}")
        self.post("/inloggen/code", "signing in", {"code": code[1].replace(" ", "")}, statuses=(302,))
        self.get("/werkplek/account", "signing in")
        return self

    def as_moderator(self) -> Browser:
        """Work as a moderator, where that is not the only role."""
        other = re.search(r'name="role" value="([^"]+)">[^<]*[Mm]oderator', self.text)
        if other is not None:
            self.post("/werkplek/wissel", "signing in", {"role": other[1]}, statuses=(302,))
            self.get("/werkplek/account", "signing in")
        return self

    def _read(self, answer: TestResponse, *statuses: int) -> str:
        text, self.status = answer.get_data(as_text=True), answer.status_code
        if answer.status_code not in statuses:
            shown = re.sub(r"<[^>]+>|\s+", " ", text.partition("<main")[2] or text)
            sys.exit(f"{answer.request.path} answered {answer.status_code}: {shown[:2000]}")
        if answer.status_code == 200 and "<html" in text:
            self.text = text
        return text


@dataclass
class Teller:
    """A family, with its code, what it wrote and the phrase that it got."""

    about: str
    code: str
    marker: str
    story: str
    phrase: str = ""
    has_danger: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=sum(SIZES))
    parser.add_argument("--digests", choices=("quick", "slow"), default="quick", help="slow is as families meet them")
    given = parser.parse_args()
    wanted = given.families
    if given.digests == "quick":  # as in the demonstration: of codes that open nothing, and half an hour less
        draw.__defaults__ = send.__defaults__ = (CHEAP,)
    chance = random.Random(6)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), demonstration=True, log_level="ERROR"))
        database: Database = app.extensions["portal.database"]
        with clock.stopped(TOLD):
            command(app, "demo", "load")
            before = everything(database)
            families = make_codes(app, chance, wanted)
            tell(app, families, chance)
            readers = [Browser(app).sign_in(email).as_moderator() for email in READERS]
            moderate(readers, chance)
            come_back(app, families, chance)
            moderate(readers, chance)
            command(app, "daily")
            take_down(*readers)
            weigh(app, families)
        for moment in (NEXT_QUARTER, A_YEAR_LATER):
            with clock.stopped(moment):
                command(app, "daily")
                look(app, database, families, before)
        adversary(database, families)
        CLOCKED.report()
        database.engine.dispose()


def command(app: Flask, *words: str) -> None:
    """A command of the portal."""
    with CLOCKED.of(f"portal {' '.join(words)}"):
        done = app.test_cli_runner().invoke(args=list(words))
    if done.exit_code:
        sys.exit(f"portal {' '.join(words)}: {done.output}\n{done.exception!r}")


def everything(database: Database) -> int:
    """How many experiences there are, with those that are gone by now."""
    with database.sessions() as session:
        return len(session.scalars(select(Experience.id)).all())


# --- the steps -------------------------------------------------------------------------------------------


def make_codes(app: Flask, chance: random.Random, wanted: int) -> list[Teller]:
    """Batches of codes, made at the desk; each family gets the code of a letter."""
    desk = Browser(app).sign_in(CONTRACTS)
    page = desk.get("/werkplek/regio/codes", "making codes: the page")
    slugs = re.findall(r'<option value="([^"/]+)"', page.partition('name="provider"')[2].partition("</select>")[0])
    institution = re.findall(r'<option value="(jeugdbescherming/[^"]+)"', page)[:1]
    kinds = re.findall(r'<option value="([^"]+)"', page.partition('name="arrangement"')[2].partition("</select>")[0])
    of_whom = [*chance.sample(slugs, len(SIZES) - len(OFFICES) - 1), *OFFICES, *institution]
    families: list[Teller] = []
    for about, size in zip(of_whom, SIZES, strict=True):
        number = max(1, round(size * wanted / sum(SIZES)))
        fields = {
            "provider": about,
            "arrangement": kinds[len(families) % 3],
            "occasion": "end",
            "codes": max(20, 2 * number),
        }
        letters = desk.post("/werkplek/regio/codes", "making codes: the letters of a batch", fields)
        desk.get("/werkplek/regio/codes", "making codes: the page")
        codes = re.findall(r'portal-letter-page__code">([^<]+)<', letters)
        for code in chance.sample(codes, number):
            marker = f"Wij zijn gezin {chance.choice('ABCDEFGH')}{len(families):04}x."
            said = [
                *chance.sample(_SAID, chance.randint(2, 6)),
                *([chance.choice(_TELLS)] if chance.random() < TELLING else []),
            ]
            dangerous = chance.random() < DANGEROUS
            families.append(
                Teller(
                    about,
                    code,
                    marker,
                    ". ".join([marker[:-1], *said, *([_DANGER] if dangerous else [])]) + ".",
                    has_danger=dangerous,
                )
            )
    chance.shuffle(families)
    return families


def tell(app: Flask, families: Sequence[Teller], chance: random.Random) -> None:
    """Each family types its code, answers what is asked and sends it."""
    with app.app_context():
        sets = {
            kind: newest(current_sets(), kind) for kind in (None, OfficeKind.ACCESS_TEAM, OfficeKind.YOUTH_PROTECTOR)
        }
    for number, family in enumerate(families):
        kind = (
            OfficeKind.ACCESS_TEAM
            if family.about.startswith("toegang/")
            else OfficeKind.YOUTH_PROTECTOR
            if "/" in family.about
            else None
        )
        phone = Browser(app)
        with CLOCKED.of("a family, from code to phrase, all questions"):
            phone.get("/ervaring", "telling: a page")
            phone.post("/ervaring/vragen", "telling: a page", {"code": family.code.lower().replace("-", " ")})
            phone.post(
                "/ervaring/vragen",
                "telling: a page",
                {"antwoord": chance.choice(("parent", "parent", "young_person")), "doe": "volgende"},
            )
            while (key := phone.hidden().get("vraag", "")) and 'name="zin"' not in phone.text:
                question = sets[kind].question(key)
                answer = ""
                if question is None or question.kind is QuestionKind.TEXT:
                    answer = family.story if key == "story" else ""
                elif question.kind is QuestionKind.MARK:
                    answer = str(min(10, max(1, round(chance.gauss(7.3, 1.8)))))
                elif chance.random() < 0.95:
                    answer = question.options[0] if key == "framework" else chance.choice(question.options)
                phone.post("/ervaring/vragen", "telling: a page", {"antwoord": answer, "doe": "volgende"})
            phone.post("/ervaring/versturen", "telling: sending", {})
        family.phrase = " ".join(re.findall(r'<span class="portal-code">([a-z]+)</span>', phone.text))
        if len(family.phrase.split()) != 8:
            sys.exit(f"family {number} got no phrase: {phone.text[:3000]}")
        if number % 100 == 99:
            print(f"{number + 1} families told", flush=True)


def moderate(readers: Sequence[Browser], chance: random.Random) -> None:
    """Two moderators read what waits, the first of the queue first, as its page has it."""
    at = 0
    while True:
        reader = readers[at % 2]
        page = reader.get("/werkplek/regio/ervaringen", "moderating: the queue")
        waiting = re.findall(r'href="(/werkplek/regio/ervaringen/[\w-]{22})"', page)
        if not waiting:
            return
        if not at:
            print(
                f"the queue: {len(page.encode()):,} bytes, {len(gzip.compress(page.encode())):,} sent, "
                f"{len(waiting)} stories on it"
            )
        for href in waiting[:25]:  # as many as one reads before looking at the queue again
            reader = readers[at % 2]
            at += 1
            text = reader.get(href, "moderating: a story")
            second = 'value="handhaaf"' in text
            if second:
                fields: dict[str, object] = {"doe": "handhaaf", "reason": "Wij lazen het opnieuw, en het blijft zo."}
            elif chance.random() < REFUSED:
                fields = {
                    "doe": "weiger",
                    "rule": Rule.NOT_OWN.value,
                    "reason": "Dit gaat niet over hulp die u zelf kreeg.",
                }
            else:
                ticked = [html.unescape(value) for value in re.findall(r'name="weg" value="([^"]+)"', text)]
                fields = {"doe": "keur-goed", "weg": ticked}
            reader.post(href, "moderating: a decision", fields, statuses=(302, 409) if second else (302,))
            if reader.status == 409:  # whoever decided before does not decide again
                reader = readers[at % 2]
                at += 1
                reader.get(href, "moderating: a story")
                reader.post(href, "moderating: a decision", fields, statuses=(302,))


def come_back(app: Flask, families: Sequence[Teller], chance: random.Random) -> None:
    """Some authors correct, ask for a second look, or take their story back."""
    for family in families:
        which = chance.random()
        if which > CORRECTED + WITHDRAWN and chance.random() > 3 * REFUSED:
            continue
        phone = Browser(app)
        phone.get("/ervaring/terug", "coming back: a page")
        phone.post("/ervaring/terug", "coming back: a page", {"woorden": family.phrase})
        if which < CORRECTED:
            family.story += " Later voegden wij dit toe."
            phone.post("/ervaring/terug/wijzigen", "coming back: a page", {"story": family.story, "advice": ""})
        elif which < CORRECTED + WITHDRAWN:
            phone.post("/ervaring/terug/intrekken", "coming back: a page", {})
            family.phrase = ""
        elif "/ervaring/terug/tweede-blik" in phone.text:
            phone.post("/ervaring/terug/tweede-blik", "coming back: a page", {})


def take_down(one: Browser, other: Browser) -> None:
    """Of what is published some is proposed to be taken down, and a second person decides."""
    page = one.get("/werkplek/regio/ervaringen/geplaatst", "moderating: what stands on the site")
    published = re.findall(r'href="(/werkplek/regio/ervaringen/[\w-]{22})"', page)
    for number, href in enumerate(published[:TAKEN_DOWN]):
        one.get(href, "moderating: a story")
        one.post(href, "moderating: a decision", {"doe": "stel-voor", "rule": Rule.RECOGNISABLE.value,
                                                  "reason": "Te veel wijst naar een persoon."})  # fmt: skip
        one.get(href, "moderating: a story")
        one.post(href, "moderating: a decision", {"doe": "haal-weg"}, statuses=(409,))  # not by the same person
        other.get(href, "moderating: a story")
        other.post(href, "moderating: a decision", {"doe": "laat-staan" if number % 3 == 0 else "haal-weg"})


def weigh(app: Flask, families: Sequence[Teller]) -> None:
    """What the page of the provider with most stories weighs."""
    ((largest, number),) = Counter(family.about for family in families if "/" not in family.about).most_common(1)
    page = Browser(app).get(f"/aanbieders/{largest}", "reading: the provider with most stories")
    for _ in range(5):
        Browser(app).get(f"/aanbieders/{largest}", "reading: the provider with most stories")
    stories = page.count('<article class="portal-story"')
    print(f"a provider with {number} families: {stories} stories on its page, {len(page.encode()):,} bytes, "
          f"{len(gzip.compress(page.encode())):,} sent")  # fmt: skip


# --- what must hold --------------------------------------------------------------------------------------


def look(app: Flask, database: Database, families: Sequence[Teller], before: int) -> None:
    """Do the counts add up, and does nothing stand anywhere that should not?"""
    visitor = Browser(app)
    with database.sessions() as session:
        found = session.scalars(select(Experience)).all()
        counts = session.scalars(select(ExperienceCounts)).all()
        slugs = {one.id: f"/aanbieders/{one.slug}" for one in session.scalars(select(Provider))}
        offices = {
            one.id: f"/{'toegang' if one.kind is OfficeKind.ACCESS_TEAM else 'jeugdbescherming'}/{one.slug}"
            for one in session.scalars(select(Office)) if one.kind is not OfficeKind.MUNICIPALITY
        }  # fmt: skip
    received = sum(one.received for one in counts)
    if received != before + len(families):
        sys.exit(f"{received} counted of {before + len(families)}")
    addresses = [
        *(slugs[one.provider_id] for one in counts if one.provider_id),
        *(offices[one.office_id] for one in counts if one.office_id),
    ]
    public = {address: html.unescape(every_page(visitor, address)) for address in sorted(set(addresses))}
    for one in counts:
        address = slugs[one.provider_id] if one.provider_id else offices[one.office_id or 0]
        numbers = re.search(
            r"(\d+) verhalen binnengekomen: (\d+) gepubliceerd, (\d+)[^,]*, (\d+)[^,]*, (\d+)[^,]*, (\d+)[^,]*, (\d+)",
            public[address],
        )
        if numbers is None:
            sys.exit(f"{address} tells no counts")
        total, *parts = map(int, numbers.groups())
        if total != sum(parts) or total != one.received:
            sys.exit(f"{address}: {total} is not {parts}")
    stories = []
    address = "/api/v1/experiences?per_page=100"
    while address:
        answer = json.loads(visitor.get(address, "reading: open data, a hundred stories"))
        stories += answer["results"]
        address = re.sub(r"^https?://[^/]+", "", answer.get("next") or "")
    others = [
        "/toegang",
        "/zoeken",
        *sorted({f"/zoeken?arrangement={one.arrangement}" for one in found if one.arrangement}),
    ]
    texts = "\n".join(
        [
            *public.values(),
            json.dumps(stories, ensure_ascii=False),
            *(visitor.get(one, "reading: results") for one in others),
        ]
    )
    there = {one.story.partition(".")[0]: one for one in found}
    shown: Counter[str] = Counter()
    for family in families:
        stored = there.get(family.marker[:-1])
        is_shown = family.marker[:-1] in texts
        if is_shown and (stored is None or stored.status is not Status.PUBLISHED):
            sys.exit(f"{family.marker} stands somewhere and is {stored.status if stored else 'withdrawn'}")
        if stored is not None and stored.status is Status.PUBLISHED and family.marker[:-1] not in json.dumps(stories):
            sys.exit(f"{family.marker} is published and not in open data")
        where = "gone" if stored is None else stored.status.value
        shown[where + (", without a name" if stored and where == "published" and not stored.is_named else "")] += 1
    leaked = [told for told in _TELLS for one in there.values() if one.status is Status.PUBLISHED and told in one.story]
    print(f"{clock.today()}: {received} received; of the {len(families)}: {dict(shown)}; {len(stories)} in open data")
    print(f"{clock.today()}: telling details left in published stories: {dict(Counter(leaked)) or 'none'}")


def every_page(visitor: Browser, address: str) -> str:
    """The page of a provider or office, with the further pages of its stories."""
    text = visitor.get(address, "reading: a provider or office")
    while following := re.search(r'href="([^"#]+)(?:#\w+)?" rel="next"', text.rpartition("<html")[2]):
        text += visitor.get(html.unescape(following[1]), "reading: further stories")
    return text


def adversary(database: Database, families: Sequence[Teller]) -> None:
    """Who has the whole database pairs codes and stories in every order of each: no better than by chance."""
    truth = {family.marker[:-1]: family.code.replace("-", "").replace(" ", "").lower() for family in families}
    with database.sessions() as session:
        connection = session.connection()

        def orders(table: str, columns: Sequence[str]) -> list[list[tuple[str, ...]]]:
            ways = ("", *(f" ORDER BY {column}" for column in columns))
            asked = [f"SELECT {', '.join(columns)} FROM {table}{way}" for way in ways]  # noqa: S608 - names of our own
            return [[tuple(map(str, row)) for row in connection.exec_driver_sql(one)] for one in asked]

        of_codes = orders("invitation_code", ("selector", "digest", "salt", "batch_id"))
        of_stories = orders(
            "experience", ("story", "id", "phrase_selector", "phrase_digest", "answers", "length(story)")
        )
    selectors = {code[:5] for code in truth.values()}
    known = {row[0].lower() for row in of_codes[0]}
    if not selectors <= known:
        sys.exit("the adversary reads codes wrongly")
    best = 0
    for codes in of_codes:
        mine = [row[0].lower() for row in codes if row[0].lower() in selectors]
        for stories in of_stories:
            told = [row[0].partition(".")[0] for row in stories]
            told = [one for one in told if one in truth]
            for way in (mine, mine[::-1]):
                best = max(best, sum(truth[story][:5] == code for story, code in zip(told, way, strict=False)))
    most = 1 + 5 * math.sqrt(1)
    print(
        f"with the whole database, the best of {2 * len(of_codes) * len(of_stories)} orders pairs {best} of "
        f"{len(families)} (chance: 1, at most {most:.0f})"
    )
    if best > most:
        sys.exit("codes and stories can be joined")


if __name__ == "__main__":
    main()
