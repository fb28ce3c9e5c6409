"""Which topics a sentence means: what is told as understood, what is asked about, and which danger is heard.

What the words point to (`Understander.topics`) is not yet what is meant. The order of words tells more than they do
(`deeds.py`), a child's age leaves some of it out, danger that was heard leads, and nobody is to read of violence, or of
wanting to die, that nothing but a stray word speaks of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from portal.catalogue.codelists import CodeLists
from portal.search.danger import Danger, Heard
from portal.search.language import Token
from portal.search.understanding import LEAST_GUESS, SURE, SURE_BESIDE, SURE_SAID, TopicGuess
from portal.search.vocabulary import AgesOfTopics

MOST_TOPICS = 6
"""At most so many topics are taken from one question."""
MOST_GUESSES = 3
"""And so many are offered besides."""
LEAST_SHARE = 0.08
"""A topic counts from this share of the likeliest."""
LIKELY_SHARE = 0.3
"""From this share on it may well be what is meant: it is searched for though we are not sure, and has its place among
the first hits."""
SHOWN_TOPICS = 3
"""So many are told as understood; what is less likely is a question, like a guess."""
DANGER_TOPICS = {
    "suicidaliteit": Danger.SUICIDE,
    "zelfbeschadiging": Danger.SELF_HARM,
    "kindermishandeling": Danger.VIOLENCE,
    "huiselijk-geweld": Danger.VIOLENCE,
    "seksueel-misbruik": Danger.VIOLENCE,
    "eergerelateerd-geweld": Danger.VIOLENCE,
    "loverboys": Danger.VIOLENCE,
    "verwaarlozing": Danger.VIOLENCE,
}
"""Topics that mean danger, with which one."""
_TOPIC_OF_DANGER = {Danger.SUICIDE: "suicidaliteit", Danger.SELF_HARM: "zelfbeschadiging"}
"""What is looked for first where such a danger was heard."""
_TOLD_OF_OTHERS = frozenset({"rouw", "kopp", "ouder-met-psychische-problemen"})
"""What is looked for instead where the danger was somebody else's."""
SPEAKS_OF_DANGER = frozenset(DANGER_TOPICS)
"""Topics whose words nobody is to get put into their mouth."""
_SURELY_DANGER = 0.6
"""A topic that means danger is taken for it from this certainty."""
CLEAR = 0.6
"""From this certainty on a topic is clear. Beside it others have their place only where they are as sure as
`SURE_BESIDE`, and guesses none at all."""
_SURE_BESIDE_DOUBTFUL = 0.5
"""Beside one that is not clear, from this certainty on: it is another way to read the sentence."""
_TOLD_BY_ORDER = 0.92
"""How sure a topic is that the order of the words tells."""
_BESIDE_A_DEED = 0.6
"""And how likely beside it, at most, what the other words may mean."""
_OF_THE_CHILD = frozenset(
    {
        "verstandelijke-beperking",
        "lichamelijke-beperking",
        "samengesteld-gezin",
        "ouder-met-beperking",
        "ontlasten-van-ouders",
        "ouder-in-detentie",
    }
)
"""What is told of a family beside the matter: who looks for a weekend away for a girl with Down looks for a weekend."""
_BESIDE_THE_MATTER = 0.5
"""How likely it is beside what is clearly the matter."""
_LEAST_BESIDE = 0.3
"""Beside what is clear a guess is worth a question from this certainty on."""
BACKGROUND = frozenset({"taal-en-cultuur", "vluchteling"})
"""Where a family comes from: beside what is clearly the matter it says which help suits, not which is looked for."""
_OF_BACKGROUND = 0.15
"""How likely it is then."""
_TOLD_ALONG = BACKGROUND | {"scheiding", "pleegzorg"}
"""What is told along with the matter: "eetproblemen, ouders gescheiden"."""
_CONTRARY = {
    "eetproblemen": frozenset({"overgewicht"}),
    "rouw": frozenset({"zieke-ouder"}),
    "samengesteld-gezin": frozenset({"scheiding"}),
}
"""What is no second worry beside the first: who eats too little is not too heavy, and who died is not ill."""
_NOT_ASKED = {"rouw": frozenset({"scheiding", "contact-na-scheiding"})}
"""What nobody who told the first is to be asked about: a widow whether she is divorced."""
_SIGNS = frozenset({"zindelijkheid", "slaapproblemen", "onverklaarde-klachten"})
"""How a child may show what it went through: "sinds de scheiding plast hij weer in bed"."""
_CAUSES = frozenset({"rouw", "scheiding", "trauma", "huiselijk-geweld", "zieke-ouder", "vluchteling"})
"""What it may have gone through. It is the matter then, and help for the sign comes after help for that."""
_LEAST_CAUSE = 0.6
"""From this certainty on a cause is told beside its sign."""
_OF_A_SIGN = 0.4
"""How likely the sign is then."""
_WORTH_A_FRIGHT = 0.6
"""Beside what is clear a topic of `SPEAKS_OF_DANGER` is asked about from this certainty on."""
_NOT_HEARD = 0.7
"""What the topic of wanting to die counts where only words that go with it are there: "een diploma hoeft niet"."""


def weigh(
    guesses: Sequence[TopicGuess],
    deeds: Mapping[str, Collection[int]],
    words: Sequence[Token],
    ages: Sequence[int],
    ages_of_topics: AgesOfTopics,
    heard: Heard,
) -> list[TopicGuess]:
    """The guesses from the words of a sentence, likeliest first, with what else it says taken into account.

    `deeds` are the topics that the order of `words` tells, with their places in them; `ages` those of its children, in
    whole years; `heard` the danger that it speaks of.
    """
    weighed = list(guesses)
    if deeds:
        weighed = _led_by(deeds, words, weighed)
    if len(ages) == 1:
        weighed = _at_age(ages[0], weighed, ages_of_topics)
    weighed = _causes_first(weighed)
    if Danger.SUICIDE not in heard.dangers:
        weighed = _unheard(weighed)
    if not heard.dangers:
        weighed = _without_suspicion(weighed)
        if heard.idiom:
            weighed = [guess for guess in weighed if guess.topic not in SPEAKS_OF_DANGER]
    return weighed


def told(guesses: Sequence[TopicGuess], said: Collection[Danger], code_lists: CodeLists) -> tuple[TopicGuess, ...]:
    """What is told as understood, the matter first; the likelihood of each as a share of the likeliest."""
    return _in_order(_taken(_with_danger(_narrowest_first(guesses, code_lists), said)), code_lists)


def asked(
    guesses: Sequence[TopicGuess], taken: Sequence[TopicGuess], said: Collection[Danger]
) -> tuple[TopicGuess, ...]:
    """The others that are worth a question, beside what is told (`taken`); none beside a danger that was heard."""
    if said and taken:
        return ()
    topics = {guess.topic for guess in taken}
    for guess in taken[:1]:
        topics |= _CONTRARY.get(guess.topic, frozenset()) | _NOT_ASKED.get(guess.topic, frozenset())
    is_clear = bool(taken) and taken[0].certainty >= CLEAR
    if is_clear:  # nobody who told something else is to be asked whether a child is beaten
        topics |= {guess.topic for guess in guesses if guess.certainty < _WORTH_A_FRIGHT} & SPEAKS_OF_DANGER
    least = _LEAST_BESIDE if is_clear else LEAST_GUESS
    best = max((guess.likelihood for guess in guesses), default=1.0)
    return tuple(
        guess._replace(likelihood=guess.likelihood / best)
        for guess in guesses
        if guess.topic not in topics and guess.certainty >= least and guess.likelihood >= LEAST_SHARE * best
    )[:MOST_GUESSES]


def dangers(
    said: frozenset[Danger], topics: Sequence[TopicGuess], guesses: Sequence[TopicGuess] = ()
) -> frozenset[Danger]:
    """The dangers that were heard in so many words, or else the one that the sentence is surely about.

    Where nothing is sure (`topics`), and the likeliest guess is that somebody wants to die, help is named as well.
    """
    if not (said or topics) and guesses and guesses[0].topic in _TOPIC_OF_DANGER.values():
        return frozenset({DANGER_TOPICS[guesses[0].topic]})
    if not said:
        surely = [guess.topic for guess in topics[:SHOWN_TOPICS] if guess.certainty >= _SURELY_DANGER]
        meant = {topic: DANGER_TOPICS[topic] for topic in surely if topic in DANGER_TOPICS}
        # One that is told besides calls for help as well; of wanting to die it may be a figure of speech.
        said = frozenset(one for topic, one in meant.items() if one is not Danger.SUICIDE or topic == surely[0])
    return said - {Danger.SELF_HARM} if Danger.SUICIDE in said else said


def _led_by(
    deeds: Mapping[str, Collection[int]], words: Sequence[Token], others: Sequence[TopicGuess]
) -> list[TopicGuess]:
    """What the order of the words tells, and after it the guesses from the rest of them."""
    by_order = [
        TopicGuess(topic, 1.0, (" ".join(words[at].typed or words[at].text for at in sorted(places)),), _TOLD_BY_ORDER)
        for topic, places in deeds.items()
    ]
    matters = [guess for guess in by_order if guess.topic not in _OF_THE_CHILD]
    besides = [guess for guess in others if guess.topic not in deeds]
    if matters:
        besides = [guess._replace(likelihood=guess.likelihood * _BESIDE_A_DEED) for guess in besides]
    elif not besides or besides[0].certainty < CLEAR:
        return by_order + [guess._replace(likelihood=guess.likelihood * _BESIDE_A_DEED) for guess in besides]
    leading = [*matters, *besides]
    of_the_child = [
        guess._replace(likelihood=_BESIDE_THE_MATTER * leading[0].likelihood)
        for guess in by_order
        if guess.topic in _OF_THE_CHILD
    ]
    return sorted((*leading, *of_the_child), key=lambda guess: -guess.likelihood)


def _at_age(age: int, guesses: Sequence[TopicGuess], ages_of_topics: AgesOfTopics) -> list[TopicGuess]:
    """The guesses that can be meant of a child of this age: a toddler that bites has tantrums."""
    found: dict[str, TopicGuess] = {}
    for guess in guesses:
        meant = ages_of_topics.meant(guess.topic, age)
        if meant is not None:
            found.setdefault(meant, guess._replace(topic=meant))
    return list(found.values())


def _causes_first(guesses: list[TopicGuess]) -> list[TopicGuess]:
    """The guesses, what a child went through before the signs of it."""
    signs = [guess for guess in guesses if guess.topic in _SIGNS]
    cause = next((g for g in guesses if g.topic in _CAUSES and g.certainty >= _LEAST_CAUSE), None)
    if cause is None or not signs:
        return guesses
    best = max(cause.likelihood, signs[0].likelihood)
    leading = cause._replace(likelihood=best, certainty=max(cause.certainty, SURE_BESIDE))
    lower = [guess._replace(likelihood=guess.likelihood * _OF_A_SIGN) for guess in signs]
    others = [guess for guess in guesses if guess is not cause and guess not in signs]
    return sorted((leading, *others, *lower), key=lambda guess: -guess.likelihood)


def _unheard(guesses: Sequence[TopicGuess]) -> list[TopicGuess]:
    """The guesses, with less of wanting to die, which nobody said in so many words."""
    rated = [g._replace(likelihood=g.likelihood * _NOT_HEARD) if g.topic == "suicidaliteit" else g for g in guesses]
    return sorted(rated, key=lambda guess: -guess.likelihood)


def _without_suspicion(guesses: list[TopicGuess]) -> list[TopicGuess]:
    """The guesses, without violence that is hardly meant where something else may be: it is no guess to be shown."""
    doubtful = {g.topic for g in guesses if g.topic in SPEAKS_OF_DANGER and g.certainty < _SURELY_DANGER}
    others = [guess for guess in guesses if guess.topic not in doubtful]
    return others if any(guess.certainty >= SURE for guess in others) else guesses


def _narrowest_first(guesses: Sequence[TopicGuess], code_lists: CodeLists) -> Sequence[TopicGuess]:
    """The guesses, led by one that is surer than the likeliest and a part of it: "adhd" is no more than that."""
    if not guesses:
        return guesses
    first = guesses[0]
    for guess in guesses[1:]:
        if code_lists.topics[guess.topic].parent == first.topic and guess.certainty > first.certainty:
            return [guess._replace(likelihood=first.likelihood), *(other for other in guesses if other is not guess)]
    return guesses


def _with_danger(guesses: Sequence[TopicGuess], said: Collection[Danger]) -> Sequence[TopicGuess]:
    """The guesses, led by what the danger that was heard is about, unless it was somebody else's."""
    heard = next((topic for danger, topic in _TOPIC_OF_DANGER.items() if danger in said), None)
    if heard is None or any(g.topic in _TOLD_OF_OTHERS and g.certainty >= SURE_SAID for g in guesses):
        return guesses
    best = max((guess.likelihood for guess in guesses), default=1.0)
    guess = next((guess for guess in guesses if guess.topic == heard), TopicGuess(heard, best, (), SURE_SAID))
    leading = guess._replace(likelihood=best, certainty=max(guess.certainty, SURE_SAID))
    return [leading, *(other for other in guesses if other.topic != heard)]


def _taken(guesses: Sequence[TopicGuess]) -> tuple[TopicGuess, ...]:
    """The likeliest that is sure, and what the sentence says as surely beside it.

    One word that happens to say another ("wil niet meer naar gym") is no worry of its own: it is asked about.
    """
    sure = [guess for guess in guesses if guess.certainty >= SURE]
    if not sure:
        return ()
    first, *others = sure[:MOST_TOPICS]
    is_matter = first.certainty >= CLEAR and first.topic not in _TOLD_ALONG
    least = SURE_BESIDE if is_matter else _SURE_BESIDE_DOUBTFUL
    told = (g for g in others if g.likelihood >= LEAST_SHARE * first.likelihood and g.certainty >= least)
    return tuple(guess._replace(likelihood=guess.likelihood / first.likelihood) for guess in (first, *told))


def _in_order(topics: Sequence[TopicGuess], code_lists: CodeLists) -> tuple[TopicGuess, ...]:
    """The topics, the matter before what is told along with it, and none that another makes superfluous."""
    if not topics:
        return ()
    left_out = {code_lists.topics[guess.topic].parent for guess in topics}
    left_out |= _CONTRARY.get(topics[0].topic, frozenset())
    first, *others = topics
    others = [guess for guess in others if guess.topic not in left_out]
    if first.certainty >= CLEAR and first.topic not in BACKGROUND:
        others = [g._replace(likelihood=_OF_BACKGROUND) if g.topic in BACKGROUND else g for g in others]
    is_sign = bool(others) and others[0].topic in _SIGNS
    if others and first.topic in _TOLD_ALONG and not is_sign and others[0].likelihood >= LIKELY_SHARE:
        matter = others.pop(0)
        return matter._replace(likelihood=1.0), first._replace(likelihood=matter.likelihood), *others
    return first, *others
