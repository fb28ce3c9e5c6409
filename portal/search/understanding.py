"""From a family's sentence to what it is about.

A question is read as a bag of *features*: the stems of its words, the parts of its compounds, the concepts that
its words and phrases stand for, and each of these again as denied where a "niet" or "geen" is near. So is every
expression of the vocabulary. A topic is as likely as

- its best expressions are covered by the question (rare features count for more),
- its expressions together use the question's features more than other topics do, and
- a naive Bayes classifier over features and pairs of neighbours, taught by all expressions, finds it.

Nothing is memorised as a whole sentence: "durft niet meer de klas in" meets "durft niet naar school" through
the denied daring and the concept of school.

A sentence may hold several worries. It is read as a whole and clause by clause, and what a clause says surely is not
lost beside a louder one. How sure a topic is, is told apart from how likely it is beside others.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from portal.core.text import fold
from portal.search.language import Compounds, Speller, Token, stem, tokens
from portal.search.vocabulary import Vocabulary, Voice

FloatArray = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

DENIALS = frozenset(map(stem, "niet geen nooit niks niets nergens niemand weigert zonder amper".split()))
"""Stems of words that turn a neighbour into its contrary."""
_DENIAL_REACH = 3
"""How many words away a denial still counts."""
_NONE = stem("geen")
_TAKES_AWAY = frozenset(map(stem, "niet geen zonder ontkent".split()))
"""Stems of words that take the next thing away: "geen autisme", "is niet depressief"."""
_INTRODUCES = frozenset(map(stem, "sprake teken tekenen last aanwijzing aanwijzingen".split()))
"""What may stand between: "geen sprake van geweld"."""
_ENDS_DENIAL = frozenset(
    map(stem, "maar wel want omdat door alleen als dat sinds naar bij met tegen in op uit aan voor over tot".split())
)
"""Words behind which a denial has no say: "wil niet meer naar haar vader" is about the father."""
_CALLS_A_CHILD = frozenset(map(stem, "puber pubers tiener tieners kleuter peuter baby".split()))
"""Words that say which child: "onze puber steelt" is about stealing."""
_ABILITY = frozenset(map(stem, "kan kon kunnen wil wilt wou willen durft durf durven mag lukt hoeft moet".split()))
"""Words whose denial is the worry itself: "kan niet lezen"."""
_OFTEN_DENIED, _MOSTLY_DENIED = 0.025, 0.2
"""From these shares of its uses, and at least twice or from one use in five on, a word is one that families deny:
"geen vrienden" is a worry, "geen autisme" is none."""

# Weights were chosen on the development half of `benchmarks/questions`, never on the half kept apart.
_STEM, _PART, _CONCEPT, _DENIED = 1.0, 1.0, 0.6, 0.8
_PAIR = 0.0
"""Pairs of neighbours teach the classifier only."""
_SMALLEST_NORM = 3.0
_FEW = 1.2
_LONG_PART = 5
"""Of words that nobody chose as parts of compounds only longer ones are taken for such."""
_MOST_GUESSES = 9
_MOST_CLAUSES = 4
_CLAUSE_SHARE = 0.4
"""The surest topic of a clause is at least so likely beside the likeliest of the whole."""
LEAST_GUESS = 0.15
"""From this certainty on a topic is worth a question."""
SURE = 0.35
"""From this certainty on a topic is said to be understood."""
SURE_BESIDE = 0.88
"""And from this one on beside another that is clear; what is called by its name is so sure."""
SURE_SAID = 0.75
"""And from this one on where a short question says one of its expressions as a whole: "en slaapt slecht"."""
_FEW_FEATURES = 14
"""So many has a short question; longer ones tell much that is not the matter."""
_CLAUSE_SURE = 0.6
"""And from this one on where it is told by one clause only, of which there is less to go by."""
_CERTAINTY = (-1.7, 3.28, 0.05, 0.4)
"""Logistic regression on questions with known topics: a constant, then how much the likelihood, the pull of the
words and the best expression count."""
_EXPRESSION_TOLD, _PULL_TOLD, _HARDLY = 0.5, 2.5, 0.5
"""Of a topic of which neither an expression was said, nor words that pull so much to it, half as sure: one word that
happens to stand nowhere else tells little ("mooie website")."""
_SMOOTHING = 0.05
_WHOLE, _HELD, _TOUCHED = 0.9, 0.6, 0.3
"""An expression is said as a whole, or held, where so much of it is there, and tells nothing below the last."""
_STEMS_OF_TOPIC = 250
_UNKNOWN_WORTH = 2.0
_FAMILY_IN_TEXT = 0.6
_MATCHED, _UNMATCHED = 1.5, 0.5
_SHARPNESS = 1.0
_NAMED_SHARE = 0.5
"""A topic that the question calls by its name is at least so likely beside the likeliest."""

Features = dict[str, tuple[float, str]]
"""Feature to its weight (0 to 1) and the typed word that brought it."""
Known = tuple[int, float, str]
"""A feature that the vocabulary has, by its number, with the same."""
_TOGETHER = 2.0
_WORDS_KEPT = 30_000
"""Of so many words it is kept what they say."""


class TopicGuess(NamedTuple):
    """A topic that the question may be about; `words` are the typed words that say so, best first."""

    topic: str
    likelihood: float
    words: tuple[str, ...]
    certainty: float = 1.0
    """How often a topic that is told like this is right, 0 to 1."""


class _Weighed(NamedTuple):
    """What features say of the topics: one line a reading; `pull` has one for each feature of the first reading."""

    pull: FloatArray
    likelihood: FloatArray
    certainty: FloatArray


class _Table:
    """Rows of cells of which most are empty: each is a slice of two arrays. A cell holds a number, or several."""

    def __init__(self, starts: array[int], columns: IntArray, values: FloatArray) -> None:
        self._starts, self._columns, self._values = starts, columns, values

    @classmethod
    def of(cls, rows: int, row: IntArray, column: IntArray, value: FloatArray) -> Self:
        """A table of so many rows from its cells, in any order. With several numbers a cell `value` has a line each."""
        order = np.lexsort((column, row))
        starts = np.searchsorted(row[order], np.arange(rows + 1))
        values = value[..., order].astype(np.float32)
        return cls(array("i", starts.tolist()), column[order].astype(np.int32), values)

    def row(self, number: int) -> tuple[IntArray, FloatArray]:
        """The columns of a row that hold something, and what."""
        here = slice(self._starts[number], self._starts[number + 1])
        return self._columns[here], self._values[..., here]

    def rows(self, numbers: Sequence[int], columns: int) -> FloatArray:
        """These rows in full, so many columns wide; with several numbers a cell, those of each kind together."""
        held = [self.row(number) for number in numbers]
        full = np.zeros((*self._values.shape[:-1], len(numbers), columns))
        of = np.repeat(np.arange(len(numbers)), [len(found) for found, _ in held])
        cells = np.concatenate([found for found, _ in held])
        full[..., of, cells] = np.concatenate([values for _, values in held], axis=-1)
        return full


class Understander:
    """Knows which words point to which topic."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._phrases = vocabulary.phrases_by_first_stem()
        self._concepts_of: dict[str, list[str]] = defaultdict(list)
        self._longer_phrases: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for phrase, concept in (item for phrases in self._phrases.values() for item in phrases):
            if len(phrase) == 1:
                self._concepts_of[phrase[0]].append(concept)
            else:
                self._longer_phrases[phrase[:2]].append((phrase, concept))
        self._function_stems = frozenset(stem(word) for word in vocabulary.function_words)
        self._all_words: Compounds | None = None
        self._said_alone = lru_cache(maxsize=_WORDS_KEPT)(self._read_alone)
        self.danger, self.ways, self.languages = vocabulary.danger, vocabulary.ways, vocabulary.languages
        self.reassurance, self.deeds, self.homes = vocabulary.reassurance, vocabulary.deeds, vocabulary.homes
        self.forms, self.needs = vocabulary.forms, vocabulary.needs
        self.ages_of_topics = vocabulary.ages_of_topics
        self.place_beginnings = vocabulary.place_beginnings
        self._learn()
        self._stems_of = self._telling_stems()

    def _learn(self) -> None:
        """Read every expression once, and keep what its features say of the topics."""
        read = [tokens(expression.text) for expression in self._vocabulary.expressions]
        self.speller = Speller(self._common_words(read))
        self._topics = sorted({expression.topic for expression in self._vocabulary.expressions})
        number_of = {topic: number for number, topic in enumerate(self._topics)}
        self._topic_of = np.array([number_of[e.topic] for e in self._vocabulary.expressions], dtype=np.int32)
        self._voice_weight = np.array(
            [1.0 if e.voice is Voice.PROFESSIONAL else _FAMILY_IN_TEXT for e in self._vocabulary.expressions]
        )
        self._denied_by_families = self._often_denied(read)
        features, expressions, weights = self._read_all(read)
        self._named_by = self._names_of_topics(read)
        cells, where = np.unique(features * len(self._topics) + self._topic_of[expressions], return_inverse=True)
        of, topics = cells // len(self._topics), cells % len(self._topics)
        pull = self._learn_matching(features, expressions, weights, of, where)
        evidence = self._learn_bayes(features, expressions, weights, topics, where)
        self._says = _Table.of(len(self._number), of, topics, np.stack([pull, evidence]))
        """Per feature and topic how much it pulls to it, and what the classifier has learned of it."""
        self._all_words = Compounds(word.text for words in read for word in words if len(word.text) >= _LONG_PART)
        self._said_alone.cache_clear()  # what was read without all words may have other parts

    def _read_all(self, read: Iterable[Sequence[Token]]) -> tuple[IntArray, IntArray, FloatArray]:
        """Number the features; of each that an expression has its number, that of the expression, and its weight.

        What two words mean beside each other is learned from where they come again: most never do, and are left out.
        """
        numbers: dict[str, int] = {}
        features, expressions, weights = array("i"), array("i"), array("d")
        for expression, words in enumerate(read):
            for feature, (weight, _) in self.features(words).items():
                features.append(numbers.setdefault(feature, len(numbers)))
                expressions.append(expression)
                weights.append(weight)
        of = np.array(features)
        again = np.bincount(of) > 1
        kept = [feature for feature, number in numbers.items() if again[number] or not feature.startswith("pair:")]
        self._number = {feature: number for number, feature in enumerate(kept)}
        renumbered = np.full(len(numbers), -1, dtype=np.int32)
        renumbered[[numbers[feature] for feature in kept]] = np.arange(len(kept))
        held = renumbered[of] >= 0
        return renumbered[of][held], np.array(expressions)[held], np.array(weights)[held]

    def _names_of_topics(self, read: Iterable[Sequence[Token]]) -> dict[int, int]:
        """The features that are the professional's one word for a topic and for no other, with that topic."""
        topics: dict[str, set[int]] = defaultdict(set)
        for expression, topic, words in zip(self._vocabulary.expressions, self._topic_of, read, strict=True):
            is_name = expression.voice is Voice.PROFESSIONAL or expression.text == expression.topic
            if len(words) == 1 and is_name and words[0].stem not in _CALLS_A_CHILD:
                topics[f"stem:{words[0].stem}"].add(int(topic))
        return {
            self._number[feature]: min(of) for feature, of in topics.items() if len(of) == 1 and feature in self._number
        }

    def _often_denied(self, read: Iterable[Sequence[Token]]) -> frozenset[str]:
        """The stems that expressions of families often deny: a professional's "geen depressie" is a worry less."""
        said: Counter[str] = Counter()
        denied: Counter[str] = Counter()
        for expression, words in zip(self._vocabulary.expressions, read, strict=True):
            if expression.voice is Voice.PROFESSIONAL:
                continue
            said.update(word.stem for word in words)
            denied.update(words[at].stem for at in self._denied_directly(words))
        return frozenset(
            found
            for found, times in denied.items()
            if (times >= _OFTEN_DENIED * said[found] and times > 1) or times >= _MOSTLY_DENIED * said[found]
        )

    def _denied_directly(self, words: Sequence[Token]) -> Iterator[int]:
        """Where the words stand that a denial just before them takes away."""
        if _TAKES_AWAY.isdisjoint(word.stem for word in words):
            return
        for denial, word in enumerate(words):
            is_worry = denial > 0 and words[denial - 1].stem in _ABILITY
            reach = int(word.stem in _TAKES_AWAY and not is_worry)
            for at in range(denial + 1, len(words)):
                after_comma = words[at].start - words[at - 1].end > 1
                if not reach or after_comma or words[at].stem in _ENDS_DENIAL:
                    break
                if words[at].stem in self._function_stems:
                    continue
                yield at
                # "geen suïcidale gedachten": what an adjective belongs to goes with it.
                reach = int(words[at].stem in _INTRODUCES or (word.stem == _NONE and words[at].text.endswith("e")))

    def _absent(self, words: Sequence[Token]) -> frozenset[int]:
        """Where words stand that the sentence says are not the matter, or that mean something else beside another."""
        hidden = frozenset[str]().union(*(self._vocabulary.hidden_by.get(word.stem, ()) for word in words))
        denied = {at for at in self._denied_directly(words) if words[at].stem not in self._denied_by_families}
        return frozenset(denied | {at for at, word in enumerate(words) if word.stem in hidden})

    def _common_words(self, read: Sequence[Sequence[Token]]) -> list[str]:
        counts = Counter(fold(token.text) for words in read for token in words)
        for concept in self._vocabulary.concepts:
            counts.update(word for phrase in concept.phrases for word in phrase)
        return [word for word, _ in counts.most_common()]

    def _learn_matching(
        self, features: IntArray, expressions: IntArray, weights: FloatArray, of: IntArray, where: IntArray
    ) -> FloatArray:
        """How much each feature pulls to a topic, and which expressions hold it.

        There is a cell for each topic that a feature stands for: `of` has the feature of each cell, `where` the cell of
        each feature of an expression.
        """
        counts = np.bincount(where, weights)
        kinds = np.array([_kind_weight(feature) for feature in self._number])
        self._value = np.log(1 + len(self._topics) / np.bincount(of, minlength=len(kinds))) * kinds
        totals = np.bincount(of, counts)
        self._norm = np.maximum(np.bincount(expressions, self._value[features] * weights), _SMALLEST_NORM)
        self._nearly_whole, self._hardly_covered = _HELD * self._norm, _TOUCHED * self._norm
        telling = kinds[features] > 0
        worth = self._value[features] * weights
        self._holders = _Table.of(len(kinds), features[telling], expressions[telling], worth[telling])
        pull: FloatArray = counts / (counts + _FEW) * np.sqrt(counts / totals[of]) * self._value[of]
        return pull

    def _learn_bayes(
        self, features: IntArray, expressions: IntArray, weights: FloatArray, topics: IntArray, where: IntArray
    ) -> FloatArray:
        """Multinomial naive Bayes over normalised tf-idf (Rennie et al. 2003), all topics as likely beforehand.

        `topics` has the topic of each cell, `where` the cell of each feature of an expression.
        """
        self._rarity = np.log(1 + len(self._topic_of) / np.bincount(features))
        raw = weights * self._rarity[features]
        lengths = np.sqrt(np.bincount(expressions, raw * raw, minlength=len(self._topic_of)))
        summed = np.bincount(where, raw / lengths[expressions])
        common = np.bincount(topics, summed, minlength=len(self._topics))
        self._commonness = np.log(common + _SMOOTHING * len(self._rarity))
        evidence: FloatArray = np.log(summed / _SMOOTHING + 1)
        return evidence

    def features(self, words: Sequence[Token], with_pairs: bool = True) -> Features:
        """Each feature of these words with its weight (0 to 1) and the word that brought it."""
        found: Features = {}

        def put(feature: str, weight: float, word: str) -> None:
            if feature not in found or weight > found[feature][0]:
                found[feature] = (weight, word)

        all_stems = [word.stem for word in words]
        denials = [at for at, found_stem in enumerate(all_stems) if found_stem in DENIALS]
        absent = self._absent(words)
        content: list[Token] = []
        for at, word in enumerate(words):
            typed = word.typed or word.text
            for phrase, concept in self._longer_phrases.get(tuple(all_stems[at : at + 2]), ()):
                here = range(at, at + len(phrase))
                is_said = absent.isdisjoint(here) or not DENIALS.isdisjoint(phrase)
                if is_said and tuple(all_stems[at : at + len(phrase)]) == phrase:
                    typed_words = dict.fromkeys(words[n].typed or words[n].text for n in here)
                    put(f"concept:{concept}", 1.0, " ".join(typed_words))
            if at not in absent or word.stem in DENIALS:
                for concept in self._concepts_of.get(word.stem, ()):
                    put(f"concept:{concept}", 1.0, typed)
            if at in absent or word.stem in self._function_stems or word.text.isdigit():
                continue
            content.append(word)
            if word.stem in DENIALS:
                continue
            for feature, weight in self._said_alone(word.text, word.stem):
                put(feature, weight, typed)
            if any(abs(denial - at) <= _DENIAL_REACH for denial in denials):
                meant = self._concepts_of.get(word.stem, (word.stem,))[0]
                put(f"denied:{meant}", 1.0, typed)
        for one, other in pairwise(content) if with_pairs else ():
            put(f"pair:{one.stem} {other.stem}", 1.0, other.typed or other.text)
        return found

    def _read_alone(self, text: str, its_stem: str) -> tuple[tuple[str, float], ...]:
        """The features that a word brings by itself: its stem, its parts, and what these stand for."""
        found = [(f"stem:{its_stem}", 1.0)]
        for part in self._parts(text, its_stem):
            found.append((f"stem:{part}", _PART))
            found += [(f"concept:{concept}", _PART) for concept in self._concepts_of.get(part, ())]
        return tuple(found)

    def _parts(self, text: str, its_stem: str) -> tuple[str, ...]:
        """The parts of a compound; one that no expression has may be of any words of the vocabulary."""
        found = self._vocabulary.compounds.parts(text)
        is_new = self._all_words is not None and not found and f"stem:{its_stem}" not in self._number
        return self._all_words.parts(text) if self._all_words and is_new else found

    def forget(self) -> None:
        """Drop what was kept of single words: to learn takes many more of them than to answer."""
        stem.cache_clear()
        self._said_alone.cache_clear()
        self._vocabulary.compounds.forget()
        if self._all_words:
            self._all_words.forget()

    def topics(self, words: Sequence[Token], clauses: Sequence[Sequence[Token]] = ()) -> list[TopicGuess]:
        """The topics that these words may be about, likeliest first; `clauses` are the words in their parts."""
        known = self._known(self.features(words))
        if not known:
            return []
        parts = [self._known(self.features(clause)) for clause in clauses[:_MOST_CLAUSES] if len(clauses) > 1]
        weighed = self._weighed([known, *filter(None, parts)])
        # The first line is the whole, and each other one a clause.
        likeliest = weighed.likelihood.max(axis=1, keepdims=True)
        by_clause = np.where(weighed.certainty[1:] >= _CLAUSE_SURE, _CLAUSE_SHARE * weighed.likelihood[1:], 0)
        likelihood = np.vstack([weighed.likelihood[:1] / likeliest[:1], by_clause / likeliest[1:]]).max(axis=0)
        certainty = weighed.certainty.max(axis=0)
        likelihood = likelihood * certainty
        likelihood = likelihood / likelihood.max()
        best = np.argsort(-likelihood, kind="stable")[:_MOST_GUESSES].tolist()
        best = [number for number in best if certainty[number] >= LEAST_GUESS and likelihood[number] > 0]
        pulls = weighed.pull[:, best].T.tolist()
        return [
            TopicGuess(topic, its_likelihood, _words_for(its_pulls, known), its_certainty)
            for topic, its_likelihood, its_pulls, its_certainty in zip(
                (self._topics[number] for number in best),
                likelihood[best].tolist(),
                pulls,
                certainty[best].tolist(),
                strict=True,
            )
        ]

    def _weighed(self, readings: Sequence[Sequence[Known]]) -> _Weighed:
        """What the features of each reading say of every topic: all at once, since each step costs as much for one."""
        many, topics = len(readings), len(self._topics)
        features = [feature for known in readings for feature, _, _ in known]
        of = np.repeat(np.arange(many), [len(known) for known in readings])
        weights = np.zeros((many, len(features)))
        weights[of, np.arange(len(features))] = [weight for known in readings for _, weight, _ in known]
        pulls, evidence = self._says.rows(features, topics)
        together, (best, is_said) = weights @ pulls, self._best_expressions(features, of, many)
        judged = _MATCHED * np.log(best + _TOGETHER * together + _UNMATCHED) + self._judged(features, weights, evidence)
        likelihood = _softmax(_SHARPNESS * judged)
        called = [
            sorted({self._named_by[feature] for feature, _, _ in known if feature in self._named_by})
            for known in readings
        ]
        for number, named in enumerate(called):
            if named:
                likelihood[number, named] = np.maximum(
                    likelihood[number, named], _NAMED_SHARE * likelihood[number].max()
                )
        constant, by_likelihood, by_pull, by_expression = _CERTAINTY
        logit = constant + by_likelihood * likelihood + by_pull * together + by_expression * best
        is_told = (best >= _EXPRESSION_TOLD) | (together >= _PULL_TOLD)
        certainty = np.where(is_told, 1.0, _HARDLY) / (1 + np.exp(-logit))
        for number, named in enumerate(called):
            told = certainty[number, named]
            certainty[number, named] = np.where(told >= SURE, np.maximum(told, SURE_BESIDE), told)
        if len(readings[0]) <= _FEW_FEATURES:
            certainty = np.where(is_said & (certainty >= SURE_SAID), np.maximum(certainty, SURE_BESIDE), certainty)
        first = len(readings[0])
        return _Weighed(pulls[:first] * weights[0, :first, None], likelihood, certainty)

    def _judged(self, features: Sequence[int], weights: FloatArray, evidence: FloatArray) -> FloatArray:
        """What the classifier says of each topic, up to a constant; one line a reading."""
        raw = weights * self._rarity[features]
        shares = raw / np.sqrt((raw * raw).sum(axis=1, keepdims=True))
        said: FloatArray = shares @ evidence
        judged: FloatArray = said - shares.sum(axis=1, keepdims=True) * self._commonness
        return judged

    def _known(self, features: Features) -> list[Known]:
        """Those features that the vocabulary has."""
        return [
            (self._number[feature], weight, word)
            for feature, (weight, word) in features.items()
            if feature in self._number
        ]

    def spoken_of(self, sentences: Sequence[tuple[float, Sequence[Token]]]) -> dict[str, float]:
        """How clearly a longer text speaks of each topic: by the expressions that its sentences hold nearly whole.

        Each sentence comes with its weight. What professionals write counts for more than a family's words here.
        """
        spoken = np.zeros(len(self._topics))
        for weight, words in sentences:
            covered = self._covered(self._known(self.features(words, with_pairs=False)))
            held = np.flatnonzero(covered >= self._nearly_whole)
            best = np.zeros(len(self._topics))
            share = covered[held] / self._norm[held]
            clear = share**2 * np.sqrt(covered[held]) * self._voice_weight[held]
            np.maximum.at(best, self._topic_of[held], clear)
            spoken += weight * best
        return {self._topics[number]: float(spoken[number]) for number in np.flatnonzero(spoken)}

    def _covered(self, known: Sequence[Known]) -> FloatArray:
        """How much of each expression's value these features have."""
        if not known:
            return np.zeros(len(self._topic_of))
        expressions, values, _ = self._held([feature for feature, _, _ in known])
        return np.bincount(expressions, values, minlength=len(self._topic_of)).astype(np.float64, copy=False)

    def _held(self, features: Sequence[int]) -> tuple[IntArray, FloatArray, list[int]]:
        """The expressions that hold each of these features, with its value there; and how many each has."""
        held = [self._holders.row(feature) for feature in features]
        expressions, values = (np.concatenate(column) for column in zip(*held, strict=True))
        return expressions, values, [len(found) for found, _ in held]

    def _best_expressions(
        self, features: Sequence[int], of: IntArray, readings: int
    ) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Per reading and topic how well its best expression is covered, and whether one is there as a whole; `of` is
        the reading of each feature."""
        expressions, values, many = self._held(features)
        all_of_them = len(self._topic_of)
        cells = np.repeat(of * all_of_them, many) + expressions
        covered = np.bincount(cells, values, minlength=readings * all_of_them).reshape(readings, -1)
        # Most are hardly touched, and would cost the most time.
        touched = np.flatnonzero(covered >= self._hardly_covered)
        lines, held = np.divmod(touched, all_of_them)
        how_much = covered.ravel()[touched]
        share = how_much / self._norm[held]
        cells = lines * len(self._topics) + self._topic_of[held]
        best = np.zeros(readings * len(self._topics))
        np.maximum.at(best, cells, share**2 * np.sqrt(how_much))
        is_said = np.zeros(len(best), dtype=np.bool_)
        is_said[cells[share >= _WHOLE]] = True
        return best.reshape(readings, -1), is_said.reshape(readings, -1)

    def in_dutch(self, words: Sequence[Token]) -> tuple[list[Token], bool]:
        """The words with dialect, shorthand and English read as Dutch, and whether the sentence is English."""
        readings = self._vocabulary.readings
        english = readings.is_english(words, self.known)
        return readings.read(words, english), english

    def corrected(self, word: Token) -> Token:
        """The word itself, or where it looks mistyped the nearest word that we know."""
        meant = None if word.typed or self.known(word) else self.speller.correct(word.text)
        return word if meant is None else replace(word, text=meant, stem=stem(meant))

    def stems_of(self, topic: str) -> Mapping[str, float]:
        """The stems that speak most for a topic, with how much they say for it."""
        return self._stems_of.get(topic, {})

    def worth_of(self, found: str) -> float:
        """How much a stem says at all: one that the vocabulary does not have may be a name, and says much."""
        number = self._number.get(f"stem:{found}")
        return _UNKNOWN_WORTH if number is None else float(self._value[number]) / 2

    def stems_in(self, words: Sequence[Token]) -> frozenset[str]:
        """The stems of these words and of the parts of their compounds, as far as they mean something."""
        telling = [word for word in words if word.stem not in self._function_stems]
        parts = (part for word in telling for part in self._parts(word.text, word.stem))
        return frozenset({word.stem for word in telling}.union(parts))

    def _telling_stems(self) -> dict[str, dict[str, float]]:
        stems = [
            (feature.removeprefix("stem:"), n) for feature, n in self._number.items() if feature.startswith("stem:")
        ]
        found: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for name, number in stems:
            topics, (pulls, _) = self._says.row(number)
            for topic, pull in zip(topics.tolist(), pulls.tolist(), strict=True):
                found[topic].append((-pull, name))
        return {
            self._topics[topic]: {name: -pull for pull, name in sorted(pulls)[:_STEMS_OF_TOPIC]}
            for topic, pulls in found.items()
        }

    def is_function_word(self, token: Token) -> bool:
        """Whether the word only holds a sentence together."""
        return token.stem in self._function_stems

    def means_something(self, token: Token) -> bool:
        """Whether the vocabulary has this word, or it is a compound of words that it has."""
        return self.known(token) or bool(self._parts(token.text, token.stem))

    def known(self, token: Token) -> bool:
        """Whether the vocabulary has this word in any form."""
        return (
            f"stem:{token.stem}" in self._number
            or token.stem in self._phrases
            or token.stem in self._function_stems
            or token.stem in DENIALS
        )


def _words_for(pulls: Sequence[float], known: Sequence[Known]) -> tuple[str, ...]:
    """The typed words that speak for a topic, those that say most first, by the pull of each feature."""
    brought: dict[str, float] = defaultdict(float)
    for pull, (_, _, word) in zip(pulls, known, strict=True):
        if pull:
            brought[word] += pull
    return tuple(sorted(brought, key=lambda word: -brought[word])[:4])


def _softmax(values: FloatArray) -> FloatArray:
    """Of each line."""
    raised: FloatArray = np.exp(values - values.max(axis=1, keepdims=True))
    shares: FloatArray = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _kind_weight(feature: str) -> float:
    return {"stem": _STEM, "concept": _CONCEPT, "denied": _DENIED, "pair": _PAIR}[feature.split(":", 1)[0]]
