"""Families of the demonstration region tell how it was: through the real codes, questionnaire, moderation and "
"release.

Nobody in these stories exists. Digests are made cheaply here: a demonstration has no secret to guard, and would else
take minutes to load.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, Person
from portal.accounts.types import Role
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Contract, Provider
from portal.core.actor import Actor
from portal.core.database import Database
from portal.core.personal_data import find_personal_data
from portal.demo.people import WORKPLACE
from portal.outcomes.types import Rules
from portal.reviews.answering.operations import answer
from portal.reviews.family_secrets import Cost
from portal.reviews.invitations.operations import Wanted, issue, say_handed_out
from portal.reviews.models import Experience, ProviderAnswer
from portal.reviews.moderating.operations import Blanks, approve, decide_answer, refuse, state_of
from portal.reviews.offices.operations import about_of
from portal.reviews.offices.queries import institutions, teams
from portal.reviews.publishing.operations import keep_up
from portal.reviews.questions import TEXTS, QuestionKind, QuestionSet, newest
from portal.reviews.telling.drafts import Told
from portal.reviews.telling.operations import check_code, fresh_phrase, send
from portal.reviews.types import About, Occasion, Quarter, Rule, Status, Voice

CHEAP = Cost(1, 8)
PROVIDERS = 10
MANY, SOME, FEW = 60, 14, 2
"""Families of the second and third provider, of most, and of the last two, which are very small."""
HEERLEN = "GM0917"
"""The municipality that makes codes for its own families."""
VALID_DAYS, REFUSED_DAYS = 365, 90
_Texts = Sequence[tuple[str, str]]
"""Of each a story, and what others should know."""

_PARENT = (
    ("Na drie weken zijn we gestopt. Het klikte niet, en ik kreeg steeds een ander aan de telefoon. Achteraf had "
     "ik dat eerder moeten zeggen.", "Vraag bij de kennismaking wie er echt komt, en wat u doet als het niet klikt."),
    ("Voor het eerst in jaren luisterde er iemand zonder meteen een plan te trekken. Dat gaf rust in huis.", ""),
    ("De wachttijd was veel langer dan beloofd. Toen het eenmaal begon, was de hulp goed.",
     "Bel zelf elke maand hoe het staat. Dat scheelt."),
    ("Wij leerden hoe we met de boze buien om konden gaan. Ze zijn er nog, maar we zijn er niet meer bang voor.",
     "Het kost tijd. Hou vol tot na de zomer."),
    ("Ze kwamen bij ons thuis, ook een keer 's avonds. Dat was voor ons als werkende ouders het verschil.", ""),
    ("Goede mensen, te weinig uren. Na elke vakantie moesten we weer opnieuw beginnen.",
     "Spreek af wat er doorgaat in de vakantie."),
    ("Mijn zoon gaat weer naar school. Niet elke dag, maar hij gaat.", ""),
    ("Er werd over ons gepraat in plaats van met ons. Pas toen ik iemand meenam, veranderde dat.",
     "Neem iemand mee naar het eerste gesprek."),
    ("De begeleider was eerlijk over wat ze niet kon. Daardoor geloofde ik haar ook als ze zei dat het goed ging.", ""),
    ("Meneer Jansen belde op 3 maart dat het stopte. Zonder uitleg. Dat vond ik niet netjes.", ""),
)  # fmt: skip
_YOUNG = (
    ("Ik hoefde niet meteen te praten. We gingen wandelen met de hond en dan kwam het vanzelf.",
     "Je mag zeggen dat je iets niet wilt."),
    ("Ze vroegen wat ik zelf wilde. Dat had nog niemand gedaan.", ""),
    ("Ik kreeg drie keer een ander. Dan begin je steeds opnieuw.", "Vraag of je dezelfde kunt houden."),
    ("Het was saai maar het hielp wel.", ""),
    ("Ik dacht dat ze aan de kant van mijn ouders zou staan. Dat was niet zo.",
     "Probeer het een paar keer voordat je stopt."),
    ("Ik snapte niet waarom ik daar was. Later legde iemand het uit, toen ging het beter.", ""),
)  # fmt: skip


_OF_TEAM = (
    ("Ik belde op maandag en had vrijdag een gesprek. Ze vroeg eerst wat er goed ging, dat vond ik bijzonder.",
     "Schrijf van tevoren op wat u wilt vragen."),
    ("Drie keer hetzelfde verhaal verteld aan drie mensen. De derde luisterde.", "Vraag om één vast iemand."),
    ("We mochten zelf kiezen uit twee aanbieders. Dat hadden we niet verwacht.", ""),
    ("Er was volgens hen maar één aanbieder. Later hoorden we dat er meer waren.",
     "Zoek zelf vast op wie er een contract heeft."),
    ("Met een gratis cliëntondersteuner erbij ging het gesprek heel anders.", "Neem iemand mee. Het mag."),
)  # fmt: skip
_OF_PROTECTION = (
    ("Niemand wil dit. Maar zij zei eerlijk wat er moest veranderen en wanneer het klaar zou zijn.", ""),
    ("Vier jeugdbeschermers in twee jaar. Elke keer begonnen we opnieuw.", "Vraag wie het overneemt bij vakantie."),
    ("Wij waren het er niet mee eens, en dat mochten we zeggen. Het stond ook zo in het verslag.",
     "Laat opschrijven wat u ervan vindt."),
    ("Ik hoorde pas op de zitting wat er over ons was geschreven.", ""),
)  # fmt: skip
WHOLE_STORIES = [" ".join(texts) for told in (_PARENT, _YOUNG, _OF_TEAM, _OF_PROTECTION) for texts in told]
"""All of them, each with what others should know: in none of them somebody is in danger."""


def tell_stories(
    database: Database, sets: Mapping[str, QuestionSet], region_id: int, lists: CodeLists, rules: Rules, now: datetime
) -> int:
    """Let families tell, moderators read, and what is ready be published; how many stories there are.

    Does nothing where there are stories already.
    """
    with database.transaction() as session:
        if session.scalar(select(func.count()).select_from(Experience)):
            return 0
        chance, told = random.Random(7), 0  # noqa: S311 - the same demonstration each time
        moderators = _moderators(session, region_id)
        for about, arrangement, questions, stories, many in _everybody(session, sets, region_id, lists, chance):
            for back, share in ((5, 0.4), (2, 0.4), (1, 0.2)):
                day = Quarter.of(now.date()).before(back).first_day + timedelta(days=chance.randrange(80))
                own = HEERLEN if back == 2 and many == MANY and about.provider_id else ""
                told += _quarter(
                    session, region_id, about, arrangement, questions, stories, round(many * share), day, now, own
                )  # fmt: skip
        found = session.scalars(select(Experience).order_by(Experience.id)).all()
        for one in found:
            is_newest = one.quarter == str(Quarter.of(now.date()).before(1))
            _decide(session, one, moderators, chance, Quarter.read(one.quarter).first_day, is_newest=is_newest)
    for back in (4, 1, 0):
        day = Quarter.of(now.date()).before(back).first_day
        with database.transaction() as session:
            keep_up(session, region_id, sets, rules, REFUSED_DAYS, day)
    with database.transaction() as session:
        _answer(session, moderators[0], now.date())
    return told


def _everybody(
    session: Session, sets: Mapping[str, QuestionSet], region_id: int, lists: CodeLists, chance: random.Random
) -> Iterator[tuple[About, str, QuestionSet, _Stories, int]]:
    """Of whom families tell: with the kind of help, the questions, the stories and how many there are."""
    for number, (provider, arrangement) in enumerate(_providers(session, region_id)):
        many = MANY if number in (1, 2) else SOME if number < PROVIDERS - 2 else FEW
        yield About(provider.id), arrangement, newest(sets), _Stories(chance, _PARENT, _YOUNG), many
    for number, team in enumerate(teams(session, region_id, lists)):
        many = MANY if team.municipality == HEERLEN else SOME if number < 3 else FEW
        questions = newest(sets, team.kind)
        yield about_of(session, region_id, team), "", questions, _Stories(chance, _OF_TEAM, _OF_TEAM[:2]), many
    for institution in institutions(session, region_id):
        stories = _Stories(chance, _OF_PROTECTION, _OF_PROTECTION[:1])
        yield about_of(session, region_id, institution), "", newest(sets, institution.kind), stories, SOME


def _providers(session: Session, region_id: int) -> Sequence[tuple[Provider, str]]:
    """The one where the people of the demonstration work and some more, each with the help of its first contract."""
    found = []
    for provider in session.scalars(
        select(Provider)
        .where(Provider.region_id == region_id, Provider.successor_id.is_(None))
        .order_by(Provider.identifier != WORKPLACE, Provider.name)
    ):
        arrangement = session.scalar(
            select(Contract.arrangement).where(Contract.provider_id == provider.id).order_by(Contract.id).limit(1)
        )
        if arrangement is not None:
            found.append((provider, arrangement))
        if len(found) == PROVIDERS:
            break
    return found


def _moderators(session: Session, region_id: int) -> Sequence[Actor]:
    people = session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == Role.MODERATOR, Membership.region_id == region_id)
        .order_by(Person.id)
    )
    return [Actor.person(person_id, f"{name} (moderator)", region_id) for person_id, name in people]


def _quarter(
    session: Session, region_id: int, about: About, arrangement: str, questions: QuestionSet, stories: _Stories,
    many: int, day: date, now: datetime, municipality: str,
) -> int:  # fmt: skip
    """Codes of one quarter, and the families that used one."""
    if not many:
        return 0
    actor = Actor.command("demo load")
    wanted = Wanted(region_id, about, arrangement, Occasion.END, Quarter.of(day), max(20, many * 2), municipality)
    moment = now.replace(year=day.year, month=day.month, day=day.day)
    batch, codes = issue(session, actor, wanted, moment, VALID_DAYS, CHEAP)
    say_handed_out(session, actor, batch, max(many, many * 2 - 3), many, moment)
    for code in stories.chance.sample(list(codes), many):
        right = check_code(session, code, day).right
        if right is None:
            raise RuntimeError("a code that was made just now is good")
        send(session, right, _told(questions, stories), questions, fresh_phrase(session), "", day, CHEAP)
    return many


class _Stories:
    """What families tell of one of them: nothing twice."""

    def __init__(self, chance: random.Random, parents: _Texts, young_people: _Texts) -> None:
        self.chance = chance
        self._left = {
            Voice.PARENT: chance.sample(parents, len(parents)),
            Voice.YOUNG_PERSON: chance.sample(young_people, len(young_people)),
        }

    def next(self, voice: Voice) -> tuple[str, str]:
        """Another one; nothing when all were told."""
        return self._left[voice].pop() if self._left[voice] else ("", "")


def _told(questions: QuestionSet, stories: _Stories) -> Told:
    chance = stories.chance
    voice = Voice.PARENT if chance.random() < 0.65 else Voice.YOUNG_PERSON
    answers = {}
    for question in questions.questions:
        if question.kind is QuestionKind.MARK:
            answers[question.key] = str(min(10, max(1, round(chance.gauss(7.4, 1.6)))))
        elif question.kind is QuestionKind.CHOICE and chance.random() < 0.95:
            weights = [max(1, 5 - 2 * at) for at in range(len(question.options))]
            answers[question.key] = chance.choices(question.options, weights)[0]
    if questions.about is None:
        answers["framework"] = "voluntary" if chance.random() < 0.9 else "mandatory"
    if chance.random() < 0.6:
        story, advice = stories.next(voice)
        answers |= {key: text for key, text in (("story", story), ("advice", advice)) if text}
    return Told(voice, answers)


def _decide(
    session: Session, one: Experience, moderators: Sequence[Actor], chance: random.Random, day: date, *, is_newest: bool
) -> None:
    """As a moderator would: details left out, a few refused, some of the newest still waiting."""
    actor = chance.choice(moderators)
    if is_newest and chance.random() < 0.2:
        return
    if chance.random() < 0.03:
        reason = "Dit gaat over een andere organisatie. Met de code van die hulp kunt u het daar vertellen."
        refuse(session, actor, one, Rule.NOT_OWN, reason, state_of(one), day)
        return
    found = {(name, at) for name in TEXTS for at, _ in enumerate(find_personal_data(getattr(one, name)))}
    approve(session, actor, one, Blanks(found, ()), state_of(one), day)


def _answer(session: Session, moderator: Actor, today: date) -> None:
    """One provider answers, and promises something."""
    one = session.scalars(
        select(Experience)
        .where(
            Experience.status == Status.PUBLISHED,
            Experience.is_named,
            Experience.story.contains("steeds een ander"),
        )
        .order_by(Experience.id)
        .limit(1)
    ).one_or_none()
    if one is None:
        return
    due = str(Quarter(Quarter.of(today).number + 1))
    text = (
        "Dank dat u dit vertelde. Wisselende mensen maken hulp moeilijk; dat moet anders. "
        "Wij zeggen voortaan vooraf wie er komt."
    )
    promise = "Elk gezin hoort vóór de start wie er komt en wie invalt."
    answer(session, Actor.command("demo load"), one, text, promise, due, today)
    session.flush()
    decide_answer(session, moderator, session.get_one(ProviderAnswer, one.id), one, True, "", today)
