"""Short answers to questions about the way to help ("kost het geld?"), and advice that comes before any provider."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Tone
from portal.search.question import Question
from portal.search.ways import Way

MOST_SHOWN = 2
"""Who asks more at once is better served by a page that says all of it."""


@dataclass(frozen=True, slots=True)
class _Answer:
    title: str
    text: str
    leads_to: tuple[str, str, str]
    """What the link says, the endpoint, and the place on that page."""


_HELP = "catalogue.help_page"
ANSWERS: dict[str, _Answer] = {
    "costs": _Answer(
        N_("Youth care costs you nothing"),
        N_("You pay nothing up to 18 years, and it does not count towards your excess (eigen risico)."),
        (N_("More about costs"), _HELP, "kosten"),
    ),
    "waiting": _Answer(
        N_("Does it take too long?"),
        N_("Call the access point of your municipality. They can look for help that begins sooner."),
        (N_("What you can do while you wait"), _HELP, "wachten"),
    ),
    "pgb": _Answer(
        N_("A budget of your own (pgb)"),
        N_("With a pgb you hire the help yourself. You ask your municipality for it, and explain why it fits better."),
        (N_("More about a pgb"), _HELP, "kosten"),
    ),
    "begin": _Answer(
        N_("This is how you begin"),
        N_(
            "Call the access point of your municipality, or go to your GP. Tell what is going on; you need not know "
            "yet which help you want."
        ),
        (N_("How to get help: who do I call?"), _HELP, "uw-gemeente"),
    ),
    "referral": _Answer(
        N_("How you get youth care"),
        N_(
            "For most help you need the access point of your municipality, your GP, the youth doctor or a specialist. "
            "There is also help without a referral."
        ),
        (N_("Step by step"), _HELP, "stappen"),
    ),
    "choice": _Answer(
        N_("May you choose yourself?"),
        N_(
            "You may say which provider you would like. Here you see which ones have a contract. The municipality "
            "decides, or a doctor refers you. Talk it over with them."
        ),
        (N_("Step by step"), _HELP, "stappen"),
    ),
    "ending": _Answer(
        N_("Does the help stop, or do you want to stop?"),
        N_(
            "Talk in good time with your provider and the access point. Does a contract end? Ask who finishes or takes "
            "over the help. The region and the provider make arrangements for that."
        ),
        (N_("Call the access point of your municipality"), _HELP, "uw-gemeente"),
    ),
    "complaint": _Answer(
        N_("Are you not satisfied?"),
        N_("You may say so, and it must not make the help worse. A confidential counsellor helps you, free of charge."),
        (N_("Where you can complain"), "pages.complaints", ""),
    ),
    "counsellor": _Answer(
        N_("Somebody who is on your side"),
        N_("A confidential counsellor or client supporter listens and comes along. It is free, also for your child."),
        (N_("Where you find them"), _HELP, "oneens"),
    ),
    "legal": _Answer(
        N_("Do you have a question about the law?"),
        N_("This site helps you to choose help. About your rights the Juridisch Loket advises for free: 0800-8020."),
        (N_("If you do not agree"), _HELP, "oneens"),
    ),
    "consent": _Answer(
        N_("Do your parents have to know?"),
        N_("From 12 years on you have a say, from 16 you decide yourself. Talking to someone you may always do alone."),
        (N_("Who decides?"), "pages.young_people", "beslissen"),
    ),
    "privacy": _Answer(
        N_("Who hears what you tell?"),
        N_("Helpers keep what you tell to themselves. Ask beforehand what they write down, and who may read it."),
        (N_("What this site keeps of you: nothing"), "pages.privacy", ""),
    ),
    "pregnancy_choice": _Answer(
        N_("Pregnant, and not sure what you want?"),
        N_("Your GP listens and helps you think, without judging. A talk about your choice (keuzegesprek) is free."),
        (N_("More places to talk"), "pages.young_people", ""),
    ),
    "anonymous_chat": _Answer(
        N_("Talk without giving your name"),
        N_("You can call or chat with the Kindertelefoon: 0800-0432. At night, when you are desperate: 113."),
        (N_("More places to talk"), "pages.young_people", ""),
    ),
    "another_helper": _Answer(
        N_("Does it not click, or do helpers keep changing?"),
        N_("You may ask for somebody else. Per provider we show whether you keep the same helper, where they told us."),
        (N_("What you can do"), _HELP, "oneens"),
    ),
    "first_visit": _Answer(
        N_("What happens at first?"),
        N_("You get acquainted, tell your story and make a plan together. You may bring somebody along."),
        (N_("Step by step"), _HELP, "stappen"),
    ),
}
"""By the code of the way in `words/ways.csv`."""
_STEPS = (N_("Step by step"), _HELP, "stappen")
_OF_AGE = 18
_TO_ADULTS = _Answer(
    N_("Are you 18 or older?"),
    N_(
        "Youth care mostly stops at 18; help that has begun can go on, sometimes until 23. For new help go to your GP, "
        "or to the neighbourhood team of your municipality."
    ),
    _STEPS,
)
_TO_CHILDREN = _Answer(
    N_("Would you like to talk to somebody?"),
    N_("You can call or chat with the Kindertelefoon: 0800-0432. It is free, and you need not say who you are."),
    (N_("More places to talk"), "pages.young_people", ""),
)
_TO_PARENTS = _Answer(
    N_("Are you not doing well yourself?"),
    N_(
        "Talk to your own GP as well, or after a birth to your midwife. They help you; the help below is for you and "
        "your child together."
    ),
    _STEPS,
)
_NO_BED = _Answer(
    N_("Do you not know where to sleep tonight?"),
    N_(
        "Call the municipality today and ask for shelter. Are you younger than 18? Call Veilig Thuis: 0800-2000, day "
        "and night, free."
    ),
    (N_("How to get help: who do I call?"), _HELP, "uw-gemeente"),
)
_CALL_TODAY = N_("Call your GP today. In the evening and at weekends call the out-of-hours GP.")
_CRYING = _Answer(
    N_("Is the crying too much for you?"),
    N_(
        "Put your baby down safely in its cot, leave the room for a moment, and call somebody: the child health clinic "
        "or your GP, in the evening and at weekends the out-of-hours GP. Never shake a baby."
    ),
    _STEPS,
)
_TODAY = {
    "huilbaby": _CRYING,
    "eetproblemen": _Answer(N_("Is somebody losing weight fast, or no longer drinking?"), _CALL_TODAY, _STEPS),
    "dakloos": _NO_BED,
    "psychose": _Answer(N_("Is somebody confused, or hearing voices?"), _CALL_TODAY, _STEPS),
}
"""By topic: where waiting for a provider may do harm."""
_WHEREVER_TOLD = frozenset({"psychose", "huilbaby"})
"""Those for which it need not be the first that is told."""


def way_answers(ways: Iterable[str]) -> tuple[Notice, ...]:
    """The answers to what was asked about the way to help, the first ones only."""
    return tuple(_notice(ANSWERS[way]) for way in list(ways)[:MOST_SHOWN])


def advice(question: Question, age: int | None) -> tuple[Notice, ...]:
    """What to do first where something has to happen today, where a child asks or a parent is not well, and where
    youth care may be over at this age (in whole years).

    Only the last, and what helps who is desperate of a crying baby, where the question speaks of danger: then the page
    says whom to call at once.
    """
    is_of_age = age is not None and age >= _OF_AGE
    given = [_CRYING] if question.dangers and "huilbaby" in question.told else []
    if not question.dangers:
        first = next(iter(question.told), "")
        today = _WHEREVER_TOLD | {first}
        given = [_TODAY[topic] for topic in question.told if topic in _TODAY and topic in today]
        if question.is_of_child and not is_of_age and Way.ANONYMOUS_CHAT not in question.ways:
            given.append(_TO_CHILDREN)
        elif first == "ouder-met-psychische-problemen":
            given.append(_TO_PARENTS)
    if is_of_age:
        given.append(_TO_ADULTS)
    return tuple(map(_notice, given))


def _notice(answer: _Answer) -> Notice:
    label, endpoint, place = answer.leads_to
    address = link(endpoint) + (f"#{place}" if place else "")
    return Notice(Tone.INFO, gettext(answer.title), gettext(answer.text), (Link(gettext(label), address),))
