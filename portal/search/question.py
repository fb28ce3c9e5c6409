"""What a question says: its topics, an age, for whom, a municipality, and whether somebody is in danger."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from portal.catalogue.codelists import CodeLists
from portal.catalogue.places import read_postcode
from portal.core.text import fold
from portal.search.children import ages, gender
from portal.search.danger import Danger, words_of
from portal.search.language import Speller, Token, parted, stem, tokens
from portal.search.names import NOBODY, ProviderNames
from portal.search.understanding import DENIALS, LEAST_GUESS, SURE, SURE_BESIDE, SURE_SAID, TopicGuess, Understander
from portal.search.ways import Way

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
MOST_TERMS = 32
"""The engine looks up at most so many words of one question."""

_POSTCODE = (
    re.compile(r"\b([1-9][0-9]{3} ?[A-Z]{2}|[1-9][0-9]{3}[a-z]{2})\b"),
    re.compile(r"\b[Pp]ostcode:? ([1-9][0-9]{3})\b"),
    re.compile(r"\b(?:[Ii]n|[Uu]it) (?!19|20)([1-9][0-9]{3})\b"),
    re.compile(
        r"^(?!19|20)([1-9][0-9]{3}),? (?=[a-z])(?!(?:euro|gram|kilo|kg|keer|meter|km|uur|leerlingen|kinderen)\b)"
    ),
    re.compile(r"(?<=\S )(?!19|20)([1-9][0-9]{3})$"),
)
"""Ways to write a postcode, the surest first; four digits alone may be a year, or anything, but hardly where a sentence
begins or ends."""
_INTRODUCES_PLACE = frozenset({"in", "uit", "gemeente", "bij", "te", "wonen", "woon"})
_ELSEWHERE = frozenset(
    "ziekenhuis kliniek polikliniek osteopaat huisarts tandarts arts winkel supermarkt fabriek kantoor stage club "
    "voetbalclub manege zwembad rechtbank gevangenis werk werkt werken baan opa oma oom tante vader moeder ex "
    "politie".split()
)
"""What is in a place where the family need not live: "het ziekenhuis in Maastricht"."""
_ARTICLES = frozenset({"de", "het", "een"})
_ORDINARY_WORDS = frozenset({"beek", "stein", "well", "best", "oss", "urk", "laren", "buren", "west", "noord"})
"""Names of municipalities that are also words or names: taken for a place only where the sentence says so."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood."""

    topics: tuple[TopicGuess, ...] = ()
    """What it is surely about, likeliest first; the likelihood of each as a share of the first."""
    guesses: tuple[TopicGuess, ...] = ()
    """What it may be about besides, likeliest first: to be asked ("Bedoelt u …?"), never to be told as understood."""
    nearby: tuple[TopicGuess, ...] = ()
    """Topics beside these, looked for because there is little for these where the family asked."""
    ways: tuple[str, ...] = ()
    """What it asks about the way to help, as in `words/ways.csv`: costs, waiting, a complaint."""
    terms: tuple[str, ...] = ()
    """The stems to look up in the texts, without function words."""
    words: tuple[str, ...] = ()
    """The stems of all its words, function words too."""
    unknown: tuple[str, ...] = ()
    """Words as typed that mean nothing to us."""
    corrections: tuple[tuple[str, str], ...] = ()
    """Words as typed, and as read."""
    age: int | None = None
    """Of the child, where the question speaks of one."""
    ages: tuple[int, ...] = ()
    """Of each child, in the order of the sentence; with several there is no `age`."""
    language: str | None = None
    """Code of the language in which help is asked for."""
    providers: tuple[int, ...] = ()
    """The providers that it names, by their place in the names that were given."""
    municipality: str | None = None
    """CBS code."""
    postcode: str | None = None
    """`6411 AB`, or its four digits."""
    gender: str | None = None
    """`girls` or `boys`."""
    lives_elsewhere: bool = False
    """Whether the child lives with others than its parents already, and no other place is asked for."""
    dangers: tuple[Danger, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was understood by which help could be found."""
        return not (self.topics or self.guesses or self.terms or self.providers)

    @property
    def likeliest_topic(self) -> str:
        """What it is first of all about, or else may be: to be asked, not told; empty where nothing is likely."""
        return next((guess.topic for guess in (*self.topics, *self.guesses)), "")

    @property
    def carried_topics(self) -> tuple[str, ...]:
        """The topics that go along in addresses of other pages: none where it speaks of danger.

        Addresses stay in the history of a device, which others at home may read.
        """
        return () if self.dangers else tuple(guess.topic for guess in self.topics)

    @property
    def searched(self) -> tuple[TopicGuess, ...]:
        """The topics that make an offer a hit: the sure ones, and where the first is not clear the guesses that are
        nearly as likely; where nothing is sure, every guess."""
        if not self.topics:
            return self.guesses
        if self.topics[0].certainty >= CLEAR:
            return self.topics
        return (*self.topics, *(guess for guess in self.guesses if guess.likelihood >= LIKELY_SHARE))


DANGER_TOPICS = {
    "suicidaliteit": Danger.SUICIDE,
    "zelfbeschadiging": Danger.SELF_HARM,
    "kindermishandeling": Danger.VIOLENCE,
    "huiselijk-geweld": Danger.VIOLENCE,
    "seksueel-misbruik": Danger.VIOLENCE,
    "eergerelateerd-geweld": Danger.VIOLENCE,
    "loverboys": Danger.VIOLENCE,
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
    {"verstandelijke-beperking", "lichamelijke-beperking", "adoptie", "samengesteld-gezin", "ouder-met-beperking"}
)
"""What is told of a family beside the matter: who looks for a weekend away for a girl with Down looks for a weekend."""
_BESIDE_THE_MATTER = 0.5
"""How likely it is beside what is clearly the matter."""
_LEAST_BESIDE = 0.3
"""Beside what is clear a guess is worth a question from this certainty on."""
_TOLD_ALONG = frozenset({"scheiding", "pleegzorg", "adoptie"})
"""What is told along with the matter: "eetproblemen, ouders gescheiden"."""
_CONTRARY = {"eetproblemen": "overgewicht"}
"""What is no second worry beside the first: who eats too little is not too heavy."""
_WORTH_A_FRIGHT = 0.6
"""Beside what is clear a topic of `SPEAKS_OF_DANGER` is asked about from this certainty on."""
_NOT_HEARD = 0.7
"""What the topic of wanting to die counts where only words that go with it are there: "een diploma hoeft niet"."""
_PERSONS = frozenset(map(stem, "vader moeder man vrouw vriend vriendin ex juf meester".split()))
"""Who is told of: looked up in texts only where nothing else is understood."""
_FEW_WORDS = 4
_LEAST_KNOWN = 0.5
"""Where fewer of the words than this are known, we say so and take no topic."""
_CLAUSE_ENDS = re.compile(r"[.,;:!?/()\n+&…]|\s[-–—]\s")
_BEGINS_CLAUSE = frozenset(
    "en maar ook daarnaast verder bovendien want omdat doordat terwijl sinds nadat waardoor als plus and but also "
    "because since while when".split()
)


def read_question(
    text: str,
    understander: Understander,
    code_lists: CodeLists,
    own_municipalities: Collection[str] = (),
    names: Speller | None = None,
    providers: ProviderNames | None = None,
) -> Question:
    """Understand `text`; an empty one is an empty question.

    The names of `own_municipalities` (CBS codes), and the halves of double names, are places wherever they stand.
    `names` knows the words of which providers' names are made: such a word is not unknown, and may be mistyped too;
    `providers` which name is meant.
    """
    words = tokens(text)
    found_ages, spans = ages(text)
    named = providers.named_in(words, understander.known) if providers else NOBODY
    of_names = {words[at].start for at in named.words}
    municipality, of_places = _municipality(words, code_lists, own_municipalities, understander.place_beginnings)
    posted = next(filter(None, (pattern.search(text) for pattern in _POSTCODE)), None)
    if posted is not None:
        of_places |= {word.start for word in words if posted.start() <= word.start < posted.end()}
    aside = {word.start for word in words if any(start <= word.start < end for start, end in spans)}
    meant, english = understander.in_dutch([word for word in words if word.start not in aside | of_places])
    corrected = [
        word if english or word.start in of_names else _as_meant(word, words, understander, names) for word in meant
    ]
    unknown = [
        word
        for word in corrected
        if not (
            word.typed
            or word.text.isdigit()
            or word.start in of_names
            or understander.means_something(word)
            or _is_named(word, names)
        )
    ]
    corrections = [(typed.text, read.text) for typed, read in zip(meant, corrected, strict=True) if typed is not read]
    content = [w for w in corrected if w.stem not in DENIALS and not understander.is_function_word(w)]
    is_clear = len(content) - len(unknown) - len(corrections) / 2 >= _LEAST_KNOWN * len(content)
    telling = [word for word in corrected if word.start not in of_names]
    in_dutch = [fold(word.text) for word in telling]
    asked = understander.ways.asked_in(in_dutch)
    of_ways = frozenset[int]().union(*asked.values())
    # Neither "wachtlijst te lang" nor "op school gaat het goed" is a worry, to be read as one or looked for in texts.
    asides = {telling[at].start for at in of_ways} | understander.reassurance.parts_of(text, telling)
    home = understander.homes.told_in(in_dutch)
    asides |= {telling[at].start for at in home.left}
    told = [word for word in telling if word.start not in asides]
    deeds = understander.deeds.told_in([fold(word.text) for word in told])
    of_deeds = frozenset[int]().union(*deeds.values())
    worries = [word for at, word in enumerate(told) if at not in of_deeds]
    guesses = understander.topics(worries, parted(text, worries, _CLAUSE_ENDS, _BEGINS_CLAUSE)) if is_clear else []
    if deeds:
        guesses = _led_by(deeds, told, guesses)
    if len(found_ages) == 1:
        guesses = _at_age(found_ages[0], guesses, understander)
    spoken = words_of(text, [(words[at].start, words[at].end) for at in named.words])
    said, only_sounds_so = understander.danger.heard_in(spoken, in_dutch)
    if Danger.SUICIDE not in said:
        guesses = _unheard(guesses)
    if not said:
        guesses = _without_suspicion(guesses)
    if only_sounds_so and not said:
        guesses = [guess for guess in guesses if guess.topic not in SPEAKS_OF_DANGER]
    topics = _in_order(_taken(_with_danger(_narrowest_first(guesses, code_lists), said)), code_lists)
    # Who asks about the way alone has no worry to look for, and what the rest of the words may mean is none.
    is_of_the_way = bool(asked) and not topics
    dangers = _dangers(said, topics)
    # "Wil niet naar vader" is no question for a group of young fathers.
    persons = {word.start for word in content if topics and word.stem in _PERSONS}
    return Question(
        topics=topics,
        guesses=() if is_of_the_way else _only_guessed(guesses, topics),
        ways=tuple(way for way in Way if way in asked),
        terms=() if is_of_the_way else _terms(content, asides | persons),
        words=tuple(dict.fromkeys(word.stem for word in corrected)),
        unknown=tuple(dict.fromkeys(word.text for word in unknown)),
        corrections=tuple(corrections),
        age=found_ages[0] if len(found_ages) == 1 else None,
        ages=found_ages,
        language=understander.languages.asked_in(text),
        providers=named.providers,
        municipality=municipality,
        postcode=read_postcode(posted[1]) if posted else None,
        gender=gender(text),
        lives_elsewhere=home.stays,
        dangers=tuple(danger for danger in Danger if danger in dangers),
    )


def _terms(words: Sequence[Token], aside: Collection[int]) -> tuple[str, ...]:
    """The stems to look up of these words, without those that begin at the places `aside`."""
    looked_up = (word.stem for word in words if not word.text.isdigit() and word.start not in aside)
    return tuple(dict.fromkeys(looked_up))[:MOST_TERMS]


def _as_meant(word: Token, words: Sequence[Token], understander: Understander, names: Speller | None) -> Token:
    """The word, or the one that was meant where it looks mistyped.

    Of a word with a capital inside the sentence only a provider's name can be meant, and of a few words alone rather
    a name than anything else.
    """
    if word.typed or understander.known(word) or _is_named(word, names):
        return word
    name = names.correct(word.text) if names else None
    is_name = word.text[:1].isupper() and word.start != words[0].start
    plain = word if is_name else understander.corrected(word)
    if name is not None and (plain is word or len(words) <= _FEW_WORDS):
        return replace(word, text=name, stem=stem(name))
    return plain


def _is_named(word: Token, names: Speller | None) -> bool:
    return names is not None and names.knows(word.text)


def _dangers(said: frozenset[Danger], topics: Sequence[TopicGuess]) -> frozenset[Danger]:
    """The dangers that were heard in so many words, or else the one that the sentence is surely about."""
    if not said:
        surely = [guess.topic for guess in topics[:SHOWN_TOPICS] if guess.certainty >= _SURELY_DANGER]
        told = {topic: DANGER_TOPICS[topic] for topic in surely if topic in DANGER_TOPICS}
        # One that is told besides calls for help as well; of wanting to die it may be a figure of speech.
        said = frozenset(danger for topic, danger in told.items() if danger is not Danger.SUICIDE or topic == surely[0])
    return said - {Danger.SELF_HARM} if Danger.SUICIDE in said else said


def _led_by(
    deeds: Mapping[str, Collection[int]], words: Sequence[Token], others: Sequence[TopicGuess]
) -> list[TopicGuess]:
    """What the order of the words tells, and after it the guesses from the rest of them."""
    told = [
        TopicGuess(topic, 1.0, (" ".join(words[at].typed or words[at].text for at in sorted(places)),), _TOLD_BY_ORDER)
        for topic, places in deeds.items()
    ]
    matters = [guess for guess in told if guess.topic not in _OF_THE_CHILD]
    besides = [guess for guess in others if guess.topic not in deeds]
    if matters:
        besides = [replace(guess, likelihood=guess.likelihood * _BESIDE_A_DEED) for guess in besides]
    elif not besides or besides[0].certainty < CLEAR:
        return told + [replace(guess, likelihood=guess.likelihood * _BESIDE_A_DEED) for guess in besides]
    leading = [*matters, *besides]
    of_the_child = [
        replace(guess, likelihood=_BESIDE_THE_MATTER * leading[0].likelihood)
        for guess in told
        if guess.topic in _OF_THE_CHILD
    ]
    return sorted((*leading, *of_the_child), key=lambda guess: -guess.likelihood)


def _at_age(age: int, guesses: Sequence[TopicGuess], understander: Understander) -> list[TopicGuess]:
    """The guesses that can be meant of a child of this age: a toddler that bites has tantrums."""
    found: dict[str, TopicGuess] = {}
    for guess in guesses:
        meant = understander.ages_of_topics.meant(guess.topic, age)
        if meant is not None:
            found.setdefault(meant, replace(guess, topic=meant))
    return list(found.values())


def _unheard(guesses: Sequence[TopicGuess]) -> list[TopicGuess]:
    """The guesses, with less of wanting to die, which nobody said in so many words."""
    rated = [replace(g, likelihood=g.likelihood * _NOT_HEARD) if g.topic == "suicidaliteit" else g for g in guesses]
    return sorted(rated, key=lambda guess: -guess.likelihood)


def _without_suspicion(guesses: Sequence[TopicGuess]) -> Sequence[TopicGuess]:
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
            return [replace(guess, likelihood=first.likelihood), *(other for other in guesses if other is not guess)]
    return guesses


def _with_danger(guesses: Sequence[TopicGuess], said: Collection[Danger]) -> Sequence[TopicGuess]:
    """The guesses, led by what the danger that was heard is about, unless it was somebody else's."""
    heard = next((topic for danger, topic in _TOPIC_OF_DANGER.items() if danger in said), None)
    if heard is None or any(g.topic in _TOLD_OF_OTHERS and g.certainty >= SURE_SAID for g in guesses):
        return guesses
    best = max((guess.likelihood for guess in guesses), default=1.0)
    guess = next((guess for guess in guesses if guess.topic == heard), TopicGuess(heard, best, (), SURE_SAID))
    leading = replace(guess, likelihood=best, certainty=max(guess.certainty, SURE_SAID))
    return [leading, *(other for other in guesses if other.topic != heard)]


def _taken(guesses: Sequence[TopicGuess]) -> tuple[TopicGuess, ...]:
    """The likeliest that is sure, and what the sentence says as surely beside it.

    One word that happens to say another ("wil niet meer naar gym") is no worry of its own: it is asked about.
    """
    sure = [guess for guess in guesses if guess.certainty >= SURE]
    if not sure:
        return ()
    first, *others = sure[:MOST_TOPICS]
    least = SURE_BESIDE if first.certainty >= CLEAR else _SURE_BESIDE_DOUBTFUL
    told = (g for g in others if g.likelihood >= LEAST_SHARE * first.likelihood and g.certainty >= least)
    return tuple(replace(guess, likelihood=guess.likelihood / first.likelihood) for guess in (first, *told))


def _in_order(topics: Sequence[TopicGuess], code_lists: CodeLists) -> tuple[TopicGuess, ...]:
    """The topics, the matter before what is told along with it, and none that another makes superfluous."""
    if not topics:
        return ()
    if len(topics) > 1 and topics[0].topic in _TOLD_ALONG and topics[1].likelihood >= LIKELY_SHARE:
        along, matter, *others = topics
        matter, along = replace(matter, likelihood=1.0), replace(along, likelihood=matter.likelihood)
        topics = (matter, along, *others)
    left_out = {code_lists.topics[guess.topic].parent for guess in topics} | {_CONTRARY.get(topics[0].topic)}
    return tuple(guess for guess in topics if guess is topics[0] or guess.topic not in left_out)


def _only_guessed(guesses: Sequence[TopicGuess], taken: Sequence[TopicGuess]) -> tuple[TopicGuess, ...]:
    """The others that are worth a question."""
    topics = {guess.topic for guess in taken} | {_CONTRARY.get(guess.topic, "") for guess in taken[:1]}
    is_clear = bool(taken) and taken[0].certainty >= CLEAR
    if is_clear:  # nobody who told something else is to be asked whether a child is beaten
        topics |= {guess.topic for guess in guesses if guess.certainty < _WORTH_A_FRIGHT} & SPEAKS_OF_DANGER
    least = _LEAST_BESIDE if is_clear else LEAST_GUESS
    best = max((guess.likelihood for guess in guesses), default=1.0)
    return tuple(
        replace(guess, likelihood=guess.likelihood / best)
        for guess in guesses
        if guess.topic not in topics and guess.certainty >= least and guess.likelihood >= LEAST_SHARE * best
    )[:MOST_GUESSES]


def _municipality(
    words: Sequence[Token], code_lists: CodeLists, own: Collection[str], beginnings: Collection[str]
) -> tuple[str | None, set[int]]:
    """The first municipality that the sentence names, and where the words of all that it names stand; `beginnings` are
    the first words of names that have several."""
    halves = _halves(tuple((code, code_lists.municipalities[code].name) for code in own))
    named: dict[int, str] = {}
    taken: set[int] = set()
    for length in (4, 3, 2, 1):
        for at in range(len(words) - length + 1):
            part = words[at : at + length]
            if taken.intersection(range(at, at + length)) or (length > 1 and part[0].text.lower() not in beginnings):
                continue
            name = " ".join(word.text for word in part)
            found = code_lists.municipality(name)
            code = found.code if found else halves.get(fold(name))
            if code is None:
                continue
            before = fold(words[at - 1].text) if at else ""
            is_of_something = before in _INTRODUCES_PLACE and at > 1 and fold(words[at - 2].text) in _ELSEWHERE
            is_own = code in own
            capital = part[0].text[:1].isupper() and at > 0
            # "Stein, faalangst", "faalangst stein", but not "valt in de beek".
            at_an_end = is_own and (at == 0 or at + length == len(words)) and before not in _ARTICLES
            everywhere = is_own and fold(name) not in _ORDINARY_WORDS
            if before in _INTRODUCES_PLACE or capital or at_an_end or everywhere:
                if not is_of_something:
                    named[at] = code
                taken.update(range(at, at + length))
    return named[min(named)] if named else None, {words[at].start for at in taken}


@lru_cache(maxsize=8)
def _halves(names: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Each half of a double name, and each whole one, with its code; the names come with theirs."""
    return {fold(half): code for code, name in names for half in name.replace(" aan de Geul", "-").split("-") if half}
