"""Which parts of a question may be counted: single Dutch words, and topics; never names, numbers or sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import simplemma

from portal.catalogue.codelists import CodeLists
from portal.core.text import fold
from portal.search.answers import FEW, Answer
from portal.search.criteria import Criteria
from portal.search.language import tokens
from portal.search.white_spots.types import FoundKind, Spot, SpotKind

_NAMES = Path(__file__).with_name("names.txt")
_WORD = re.compile(r"[a-zà-öø-ÿ]{4,40}")
_CHUNK = re.compile(r"\S+")
_EDGES = "\"'“”‘’().,;:!?…"
_ENDS_SENTENCE = ".!?;:…"
_ADDRESS = re.compile(
    r"(?:straat|straatje|laan|laantje|plein|pleintje|steeg|steegje|gracht|singel|dreef|plantsoen|weg|weggetje|pad|paadje|"
    r"baan|dijk|dijkje|hof|hofje|kade|kaai|burcht|burg|borg|allee|boulevard|wal|vest|oever|berg|veld|heide|weide|akker|"
    r"brink|markt|park|poort|brug|kant|hoek|bos|beek|haven|dam|sluis|gaarde|wijk|dorp|horst|dal)$"
)
"""How names of streets, quarters and villages end."""
_BEFORE_A_NAME = frozenset(
    "heet heette heten genaamd genoemd naam namen voornaam achternaam roepnaam roepen noemen noem noemt ben "
    "meneer meneertje mevrouw heer dhr mevr mw juf juffrouw meester dokter dr huisarts burgemeester wethouder "
    "dominee pastoor trainer tante oom opa oma familie gezin zoon zoontje zonen dochter dochtertje dochters kind "
    "kindje kinderen jongen jongetje jongens meisje meisjes meid baby broer broertje broers zus zusje zussen neef "
    "neefje nicht nichtje kleinzoon kleindochter stiefzoon stiefdochter pleegkind pleegzoon pleegdochter man "
    "vrouw moeder vader mama papa mam pap ouder partner ex vriend vriendin vriendje vriendinnetje vrienden "
    "buurjongen buurmeisje tweeling leerling peuter kleuter puber tiener school basisschool kleuterschool klas "
    "groep opvang kinderdagverblijf creche den der ten ter woon woont wonen woonde adres".split()
)
"""After these a word can be a name, whatever else it means; nor are they counted themselves."""
_ARTICLES = frozenset({"de", "het", "t"})
_BETWEEN = frozenset(
    "van de het t mijn onze ons is was ook en of die heel kleine lieve oudste jongste middelste".split()
)
"""May stand between what announces a name and the name."""
_ANNOUNCED = 2
"""So many words can be the name that was announced: a first and a family name, or two children."""
_DOES = frozenset(
    "wil wilt wilde heeft had is was durft durfde kan kon moet moest mag mocht zal zou gaat ging komt kwam krijgt "
    "kreeg doet deed zegt zei vindt vond zit zat ligt lag slaapt sliep eet at huilt huilde blijft bleef wordt "
    "werd loopt liep speelt praat praatte denkt dacht voelt voelde weet wist ziet zag hoort slaat sloeg schreeuwt "
    "liegt steelt snijdt drinkt rookt blowt gamet spijbelt weigert luistert begrijpt zoekt vraagt leeft woont "
    "heet heette".split()
)
"""What a person does. Who does it stands before it, or after it where the sentence begins with it."""
_IS_CALLED = frozenset({"heet", "heette", "genaamd"})
_BEFORE_A_THING = frozenset("de het een mijn je jouw uw zijn haar hun deze die dit dat geen elke iedere".split())
_ENDS_ANNOUNCEMENT = (
    _DOES | frozenset("een geen met zonder voor bij door tegen dat omdat want maar".split())
) - _BETWEEN
_CLEARLY = 0.5
"""A topic counts where it is at least so likely as the likeliest."""
_MOST_TOPICS = 2


def spots_of(criteria: Criteria, answer: Answer, code_lists: CodeLists) -> frozenset[Spot]:
    """What was looked for in vain: words that search does not know, and topics with few providers.

    Nothing where only the words themselves could be looked up. Topics count where nothing but the question, the
    municipality, the age and the gender narrowed the search: whoever asks for help within two weeks at school
    finds little for other reasons.
    """
    if not answer.from_index:
        return frozenset()
    words = {Spot(SpotKind.WORD, word) for word in countable_words(criteria.q, answer.question.unknown, code_lists)}
    if answer.total >= FEW or _is_narrowed(criteria):
        return frozenset(words)
    likely = [guess.topic for guess in answer.question.topics if guess.likelihood >= _CLEARLY][:_MOST_TOPICS]
    topics = {Spot(SpotKind.TOPIC, topic, criteria.municipality or "") for topic in (*likely, *criteria.topics)}
    return frozenset(words | topics)


def found_by(criteria: Criteria, answer: Answer, is_listed: Callable[[str], bool]) -> Iterator[Spot]:
    """What led to the providers of a first page: the topics for which each stands there, and the words that say these.

    Of the words only those that stand in our own lists (`is_listed`): what else somebody typed is left out.
    """
    topics = answer.question.topics
    if not topics or not answer.from_index or criteria.page != 1 or criteria.on_map:
        return
    for hit in answer.hits:
        beside = str(hit.provider_id)
        for topic in hit.topics:
            yield Spot(FoundKind.SHOWN, topic, beside)
    for guess in topics:
        for word in guess.words:
            if is_listed(word):
                yield Spot(FoundKind.SAID, fold(word), guess.topic)


def _is_narrowed(criteria: Criteria) -> bool:
    """Whether any filter is on but those that a question itself can name, and the topic."""
    asked = ("q", "municipality", "postcode", "topics", "age", "gender", "not_read", "sort", "on_map", "page",
             "per_page")  # fmt: skip
    return Criteria(**{name: getattr(criteria, name) for name in asked}) != criteria


def countable_words(text: str, unknown: tuple[str, ...], code_lists: CodeLists) -> frozenset[str]:
    """Those `unknown` words of `text` that are Dutch words and, as far as can be told, nobody's name or address.

    A word counts where it is in the Dutch dictionary and stands in plain small letters. It does not count where it is a
    name that we know, ends as streets do, stands where names stand, or beside anything with a digit or sign. What names
    are cannot be known for sure: `docs/decisions/0006-white-spots-are-counted-blind.md` says what remains.
    """
    if not unknown:
        return frozenset()
    wanted, found = set(unknown), set()
    chunks = [match.group() for match in _CHUNK.finditer(text)]
    where_names_stand = _where_names_stand(chunks)
    for at, chunk in enumerate(chunks):
        word = chunk.strip(_EDGES)
        if (
            word in wanted
            and _WORD.fullmatch(word)
            and at not in where_names_stand
            and not any(character.isdigit() for beside in chunks[max(at - 1, 0) : at + 2] for character in beside)
            and _is_only_a_word(word)
            and fold(word) not in _places(code_lists)
        ):
            found.add(word)
    return frozenset(found)


def _where_names_stand(chunks: Sequence[str]) -> frozenset[int]:
    """The places in a sentence where a word may be somebody's name, whatever it means."""
    words = [fold(chunk.strip(_EDGES)).strip("'’") for chunk in chunks]
    found = set()
    announced = 0
    for at, word in enumerate(words):
        before, after = (words[n] if 0 <= n < len(words) else "" for n in (at - 1, at + 1))
        begins = at == 0 or chunks[at - 1][-1] in _ENDS_SENTENCE
        follows_verb = before in _DOES and (at == 1 or chunks[at - 2][-1] in _ENDS_SENTENCE)
        acts = after in _DOES and (begins or before not in _BEFORE_A_THING)
        is_called = after in _IS_CALLED
        if acts or is_called or follows_verb:
            found.add(at)
        if word in _BEFORE_A_NAME or (word in _ARTICLES and before == "van"):
            announced = _ANNOUNCED
        elif word in _ENDS_ANNOUNCEMENT:
            announced = 0
        elif announced and word not in _BETWEEN:
            found.add(at)
            announced -= 1
    return frozenset(found)


def _is_only_a_word(word: str) -> bool:
    """Whether `word`, in small letters, is in the dictionary, and neither there nor in our lists as a name."""
    plain = fold(word)
    return (
        simplemma.is_known(word, lang="nl", low_memory=True)
        and simplemma.lemmatize(word, lang="nl", low_memory=True).islower()
        and simplemma.lemmatize(word.capitalize(), lang="nl", low_memory=True).islower()
        and not _ADDRESS.search(plain)
        and plain not in _BEFORE_A_NAME
        and plain not in _names()
    )


@cache
def _names() -> frozenset[str]:
    """Names of people, places and schools that are in the dictionary too, or are common here."""
    lines = _NAMES.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(name) for line in lines if not line.startswith("#") for name in line.split())


def _places(code_lists: CodeLists) -> frozenset[str]:
    return _words_of_places(tuple(municipality.name for municipality in code_lists.municipalities.values()))


@cache
def _words_of_places(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(token.text) for name in names for token in tokens(name))
