"""What a question says: its topics, an age, for whom, a municipality, and whether somebody is in danger."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from portal.catalogue.codelists import CodeLists
from portal.core.text import fold
from portal.search import meaning
from portal.search.children import ages, gender
from portal.search.danger import Danger, words_of
from portal.search.forms import Form, ReadIn
from portal.search.language import Speller, Token, parted, stem, tokens
from portal.search.living_places import read_where
from portal.search.meaning import CLEAR, LIKELY_SHARE, SHOWN_TOPICS
from portal.search.names import NOBODY, ProviderNames
from portal.search.understanding import DENIALS, TopicGuess, Understander
from portal.search.ways import Way

MOST_TERMS = 32
"""The engine looks up at most so many words of one question."""


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
    forms: frozenset[str] = frozenset()
    """What help is asked for and by whom, as in `words/forms.csv`."""
    dangers: tuple[Danger, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was understood by which help could be found."""
        return not (self.topics or self.guesses or self.terms or self.providers)

    @property
    def is_of_child(self) -> bool:
        """Whether a child or a young person asks."""
        return Form.SPEAKS_FOR_ITSELF in self.forms and Form.SPEAKS_AS_PARENT not in self.forms

    @property
    def told(self) -> tuple[str, ...]:
        """The topics that the page tells as understood."""
        return tuple(guess.topic for guess in self.topics[:SHOWN_TOPICS])

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


_PERSONS = frozenset(map(stem, "vader moeder man vrouw vriend vriendin ex juf meester".split()))
"""Who is told of: looked up in texts only where nothing else is understood."""
_ASKS_WHICH = "genderidentiteit"
"""Who asks whether it is a boy or a girl is not to be told."""
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
    where = read_where(text, words, code_lists, own_municipalities, understander.place_beginnings)
    aside = {word.start for word in words if any(start <= word.start < end for start, end in spans)}
    meant, english = understander.in_dutch([word for word in words if word.start not in aside | where.words])
    corrected = [
        word if english or word.start in of_names else _as_meant(word, words, understander, names) for word in meant
    ]
    unknown = [
        word
        for word in corrected
        if not (
            word.typed
            or word.text[0].isdigit()
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
    forms = understander.forms.told_in(ReadIn.QUESTION, in_dutch)
    of_treatment = {telling[at].start for at in forms.get(Form.TREATS, ())}
    unmet = understander.needs.unmet(in_dutch)
    guesses = _guesses(text, worries, of_treatment, understander) if is_clear else []
    guesses = [
        g for at, g in enumerate(guesses) if g.topic not in unmet or (at == 0 and not deeds and g.certainty >= CLEAR)
    ]
    spoken = words_of(text, [(words[at].start, words[at].end) for at in named.words])
    heard = understander.danger.heard_in(spoken, in_dutch)
    guesses = meaning.weigh(guesses, deeds, told, found_ages, understander.ages_of_topics, heard)
    topics = meaning.told(guesses, heard.dangers, code_lists)
    # Who asks about the way alone has no worry to look for, and what the rest of the words may mean is none.
    is_of_the_way = bool(asked) and not topics
    dangers = meaning.dangers(heard.dangers, topics, () if heard.idiom else guesses)
    # "Wil niet naar vader" is no question for a group of young fathers.
    persons = {word.start for word in content if topics and word.stem in _PERSONS}
    return Question(
        topics=topics,
        guesses=() if is_of_the_way else meaning.asked(guesses, topics, dangers),
        ways=tuple(way for way in Way if way in asked),
        terms=() if is_of_the_way else _terms(content, asides | persons),
        words=tuple(dict.fromkeys(word.stem for word in corrected)),
        unknown=tuple(dict.fromkeys(word.text for word in unknown)),
        corrections=tuple(corrections),
        age=found_ages[0] if len(found_ages) == 1 else None,
        ages=found_ages,
        language=understander.languages.asked_in(text),
        providers=named.providers,
        municipality=where.municipality,
        postcode=where.postcode,
        gender=None if _ASKS_WHICH in {guess.topic for guess in topics} else gender(text),
        lives_elsewhere=home.stays and Form.ANOTHER_HOME not in forms,
        forms=frozenset(forms),
        dangers=tuple(danger for danger in Danger if danger in dangers),
    )


def _guesses(
    text: str, worries: Sequence[Token], of_treatment: Collection[int], understander: Understander
) -> list[TopicGuess]:
    """What the words point to: those that name a treatment only where the others are not clear.

    Who asks for exposure for tics has no fears.
    """
    matter = [word for word in worries if word.start not in of_treatment]
    if len(matter) < len(worries):
        guesses = understander.topics(matter, parted(text, matter, _CLAUSE_ENDS, _BEGINS_CLAUSE))
        if guesses and guesses[0].certainty >= CLEAR:
            return guesses
    return understander.topics(worries, parted(text, worries, _CLAUSE_ENDS, _BEGINS_CLAUSE))


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
