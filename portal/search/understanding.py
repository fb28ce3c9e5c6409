"""From a family's sentence to what it is about.

A question is read as a bag of *features*: the stems of its words, the parts of its compounds, the concepts that
its words and phrases stand for, and each of these again as denied where a "niet" or "geen" is near. So is every
expression of the vocabulary. A topic is as likely as

- its best expressions are covered by the question (rare features count for more),
- its expressions together use the question's features more than other topics do, and
- a naive Bayes classifier over features and pairs of neighbours, taught by all expressions, finds it.

Nothing is memorised as a whole sentence: "durft niet meer de klas in" meets "durft niet naar school" through
the denied daring and the concept of school.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from portal.core.text import fold
from portal.search.language import Speller, Token, stem, tokens
from portal.search.vocabulary import Vocabulary, Voice

FloatArray = NDArray[np.float64]

DENIALS = frozenset({"niet", "geen", "nooit", "niks", "niets", "nergens", "niemand", "weiger", "zonder", "amper"})
"""Stems of words that turn a neighbour into its contrary."""
_DENIAL_REACH = 3
"""How many words away a denial still counts."""

# Weights were chosen on the development half of `benchmarks/questions`, never on the half kept apart.
_STEM, _PART, _CONCEPT, _DENIED = 1.0, 1.0, 0.6, 0.8
_PAIR = 0.0
"""Pairs of neighbours teach the classifier only."""
_SMALLEST_NORM = 3.0
_FEW = 1.2
_FURTHER_EXPRESSIONS = 0.1
_EXPRESSIONS_COUNTED = 4
_MOST_GUESSES = 12
_SMOOTHING = 0.05
_HELD = 0.6
_STEMS_OF_TOPIC = 60
_FAMILY_IN_TEXT = 0.6
_MATCHED, _UNMATCHED = 1.5, 0.5
_SHARPNESS = 1.0

Features = dict[str, tuple[float, str]]
"""Feature to its weight (0 to 1) and the typed word that brought it."""
_TOGETHER = 2.0


@dataclass(frozen=True, slots=True)
class TopicGuess:
    """A topic that the question may be about; `words` are the typed words that say so, best first."""

    topic: str
    likelihood: float
    words: tuple[str, ...]


class Understander:
    """Knows which words point to which topic."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._phrases = vocabulary.phrases_by_first_stem()
        self._function_stems = frozenset(stem(word) for word in vocabulary.function_words)
        self.speller = Speller(self._common_words())
        self._learn()
        self._stems_of: dict[str, frozenset[str]] = {}

    def _common_words(self) -> list[str]:
        counts: Counter[str] = Counter()
        for expression in self._vocabulary.expressions:
            counts.update(fold(token.text) for token in tokens(expression.text))
        for concept in self._vocabulary.concepts:
            counts.update(word for phrase in concept.phrases for word in phrase)
        return [word for word, _ in counts.most_common()]

    def _learn(self) -> None:
        features = [
            (expression.topic, self.features(tokens(expression.text))) for expression in self._vocabulary.expressions
        ]
        self._topics = sorted({topic for topic, _ in features})
        number_of = {topic: number for number, topic in enumerate(self._topics)}
        counts: dict[str, FloatArray] = defaultdict(lambda: np.zeros(len(self._topics)))
        for topic, found in features:
            for feature, (weight, _) in found.items():
                counts[feature][number_of[topic]] += weight
        self._value = {
            feature: math.log(1 + len(self._topics) / np.count_nonzero(row)) * _kind_weight(feature)
            for feature, row in counts.items()
        }
        self._pull = {
            feature: row / (row + _FEW) * np.sqrt(row / row.sum()) * self._value[feature]
            for feature, row in counts.items()
        }
        self._learn_bayes(features, number_of)
        self._topic_of = np.array([number_of[topic] for topic, _ in features])
        self._voice_weight = np.array(
            [1.0 if e.voice is Voice.PROFESSIONAL else _FAMILY_IN_TEXT for e in self._vocabulary.expressions]
        )
        norms = [sum(self._value[feature] * weight for feature, (weight, _) in found.items()) for _, found in features]
        self._norm = np.maximum(norms, _SMALLEST_NORM)
        holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (_, found) in enumerate(features):
            for feature, (weight, _) in found.items():
                holders[feature].append((number, weight))
        self._holders = {
            feature: (np.array([number for number, _ in held]), np.array([weight for _, weight in held]))
            for feature, held in holders.items()
        }

    def _learn_bayes(self, features: Sequence[tuple[str, Features]], number_of: Mapping[str, int]) -> None:
        """Multinomial naive Bayes over normalised tf-idf (Rennie et al. 2003), all topics as likely beforehand."""
        spread: Counter[str] = Counter(feature for _, found in features for feature in found)
        self._rarity = {feature: math.log(1 + len(features) / times) for feature, times in spread.items()}
        weights: dict[str, FloatArray] = defaultdict(lambda: np.zeros(len(number_of)))
        for topic, found in features:
            for feature, weight in self._normalised(found).items():
                weights[feature][number_of[topic]] += weight
        names = list(weights)
        table = np.array([weights[name] for name in names]) + _SMOOTHING
        self._evidence = dict(zip(names, np.log(table / table.sum(axis=0)), strict=True))

    def _normalised(self, found: Features) -> dict[str, float]:
        """Each known feature by weight and rarity, together of length one."""
        raw = {
            feature: weight * self._rarity[feature] for feature, (weight, _) in found.items() if feature in self._rarity
        }
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        return {feature: weight / length for feature, weight in raw.items()} if length else {}

    def features(self, words: Sequence[Token]) -> Features:
        """Each feature of these words with its weight (0 to 1) and the word that brought it."""
        found: Features = {}

        def put(kind: str, name: str, weight: float, word: str) -> None:
            if weight > found.get(f"{kind}:{name}", (0.0, ""))[0]:
                found[f"{kind}:{name}"] = (weight, word)

        all_stems = [word.stem for word in words]
        denials = [at for at, found_stem in enumerate(all_stems) if found_stem in DENIALS]
        for at, word in enumerate(words):
            for phrase, concept in self._phrases.get(word.stem, ()):
                if tuple(all_stems[at : at + len(phrase)]) == phrase:
                    put("concept", concept, 1.0, " ".join(w.text for w in words[at : at + len(phrase)]))
            if word.stem in self._function_stems or word.stem in DENIALS or word.text.isdigit():
                continue
            put("stem", word.stem, 1.0, word.text)
            for part in self._vocabulary.compounds.parts(word.text):
                put("stem", part, _PART, word.text)
                for phrase, concept in self._phrases.get(part, ()):
                    if len(phrase) == 1:
                        put("concept", concept, _PART, word.text)
            if any(abs(denial - at) <= _DENIAL_REACH for denial in denials):
                single = (concept for phrase, concept in self._phrases.get(word.stem, ()) if len(phrase) == 1)
                put("denied", next(single, word.stem), 1.0, word.text)
        content = [word for word in words if word.stem not in self._function_stems and not word.text.isdigit()]
        for one, other in pairwise(content):
            put("pair", f"{one.stem} {other.stem}", 1.0, other.text)
        return found

    def topics(self, words: Sequence[Token]) -> list[TopicGuess]:
        """The topics that these words may be about, likeliest first."""
        features = self.features(words)
        known = {feature: found for feature, found in features.items() if feature in self._value}
        if not known:
            return []
        together = np.zeros(len(self._topics))
        for feature, (weight, _) in known.items():
            together += self._pull[feature] * weight
        matched = self._best_expressions(self._covered(known)) + _TOGETHER * together
        judged = np.zeros(len(self._topics))
        for feature, weight in self._normalised(features).items():
            judged += weight * self._evidence[feature]
        likelihood = _softmax(_SHARPNESS * (judged + _MATCHED * np.log(matched + _UNMATCHED)))
        best = np.argsort(-likelihood, kind="stable")[:_MOST_GUESSES]
        return [
            TopicGuess(self._topics[number], float(likelihood[number]), self._words_for(int(number), known))
            for number in best
            if likelihood[number] > 0
        ]

    def spoken_of(self, sentences: Sequence[tuple[float, Sequence[Token]]]) -> dict[str, float]:
        """How clearly a longer text speaks of each topic: by the expressions that its sentences hold nearly whole.

        Each sentence comes with its weight. What professionals write counts for more than a family's words here.
        """
        spoken = np.zeros(len(self._topics))
        for weight, words in sentences:
            covered = self._covered(self.features(words))
            share = covered / self._norm
            held = np.flatnonzero(share >= _HELD)
            best = np.zeros(len(self._topics))
            clear = share[held] ** 2 * np.sqrt(covered[held]) * self._voice_weight[held]
            np.maximum.at(best, self._topic_of[held], clear)
            spoken += weight * best
        return {self._topics[number]: float(spoken[number]) for number in np.flatnonzero(spoken)}

    def _covered(self, features: Features) -> FloatArray:
        """How much of each expression's value these features have."""
        covered = np.zeros(len(self._topic_of))
        for feature, (weight, _) in features.items():
            if feature in self._holders:
                numbers, own = self._holders[feature]
                covered[numbers] += self._value[feature] * np.minimum(own, weight)
        return covered

    def _best_expressions(self, covered: FloatArray) -> FloatArray:
        """Per topic how well its best expressions are covered; the few after the best count for less."""
        touched = np.flatnonzero(covered)
        scores = (covered[touched] / self._norm[touched]) ** 2 * np.sqrt(covered[touched])
        order = np.lexsort((-scores, self._topic_of[touched]))
        topics, scores = self._topic_of[touched][order], scores[order]
        first_of_topic = np.searchsorted(topics, topics)
        rank = np.arange(len(topics)) - first_of_topic
        weight = np.where(rank == 0, 1.0, np.where(rank < _EXPRESSIONS_COUNTED, _FURTHER_EXPRESSIONS, 0.0))
        summed: FloatArray = np.bincount(topics, scores * weight, minlength=len(self._topics)).astype(np.float64)
        return summed

    def _words_for(self, topic: int, known: Mapping[str, tuple[float, str]]) -> tuple[str, ...]:
        """The typed words that speak for the topic, those that say most first."""
        brought: dict[str, float] = defaultdict(float)
        for feature, (weight, word) in known.items():
            brought[word] += float(self._pull[feature][topic]) * weight
        return tuple(sorted((word for word in brought if brought[word] > 0), key=lambda word: -brought[word])[:4])

    def corrected(self, words: Sequence[Token]) -> list[Token]:
        """The same words, with what looks mistyped read as the nearest word that we know."""
        return [self._corrected(word) for word in words]

    def _corrected(self, word: Token) -> Token:
        meant = None if self.known(word) else self.speller.correct(word.text)
        return word if meant is None else Token(meant, word.start, word.end, stem(meant))

    def stems_of(self, topic: str) -> frozenset[str]:
        """The stems that speak most for a topic."""
        if topic not in self._stems_of:
            number = self._topics.index(topic)
            stems = [feature for feature in self._pull if feature.startswith("stem:")]
            best = sorted(stems, key=lambda feature: -self._pull[feature][number])[:_STEMS_OF_TOPIC]
            self._stems_of[topic] = frozenset(feature.removeprefix("stem:") for feature in best)
        return self._stems_of[topic]

    def is_function_word(self, token: Token) -> bool:
        """Whether the word only holds a sentence together."""
        return token.stem in self._function_stems

    def known(self, token: Token) -> bool:
        """Whether the vocabulary has this word in any form."""
        return (
            f"stem:{token.stem}" in self._value
            or token.stem in self._phrases
            or token.stem in self._function_stems
            or token.stem in DENIALS
        )


def _softmax(values: FloatArray) -> FloatArray:
    raised: FloatArray = np.exp(values - values.max())
    shares: FloatArray = raised / raised.sum()
    return shares


def _kind_weight(feature: str) -> float:
    return {"stem": _STEM, "concept": _CONCEPT, "denied": _DENIED, "pair": _PAIR}[feature.split(":", 1)[0]]
