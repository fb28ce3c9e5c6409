"""How well each offer fits a question, and in which order providers are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portal.search.columns import UNKNOWN_WAIT, Columns, Flags, Numbers
from portal.search.criteria import Sort
from portal.search.forms import Form
from portal.search.index import Positions, TextIndex, Weights
from portal.search.meaning import LIKELY_SHARE, SHOWN_TOPICS
from portal.search.question import Question
from portal.search.understanding import TopicGuess

# Chosen on the development half of the questions.
_TOPIC_WEIGHT = 10.0
_TEXT_WEIGHT = 4.0
_SHARE_POWER = 0.7
_NAME_WEIGHT = 30.0
_ENOUGH_TEXT = 8.0
_WORDS_OF_A_NAME = 2
"""A name of one word may be any word of a sentence; from two on it is meant."""
LEAST_TOPIC = 0.25
"""An offer is about a topic from this strength."""
_NEARBY_BESIDE = 0.5
"""What is near the matter serves who has nothing about that in full, and else in so far: it is no second worry."""
CLEARLY_ABOUT = 0.65
"""And clearly so from this one: its provider says so itself, or its texts speak of little else."""
_LEAST_FIT = 0.2
"""And a hit for it where that strength, times how likely the topic is meant, reaches this."""
_LEAST_TEXT, _LEAST_TEXT_ALONE = 0.8, 0.5
"""Or where its texts hold this share of what the question's words can say; less where no topic was understood."""

_FOR_ONE_OF_THEM = 0.7
"""What help counts that one of several children is too young or too old for."""
_FOR_ONE_SEX = 0.85
"""What help for girls or for boys alone counts where nobody told which the child is."""
_ANOTHER_PLACE = frozenset(
    "wonen-ergens-anders pleegzorg gezinshuis wonen-op-een-groep terug-naar-huis crisis dakloos "
    "zelfstandig-wonen".split()
)
"""Topics about where a child or a young person is to live."""

_CLEARLY = 0.7
"""From this certainty on of what is told it matters that a provider says it is not suitable for that."""
_UNSUITABLE = 0.6
"""What such help counts: it is a hit for another reason, and shown with a warning, after what suits."""

_NEARLY_AS_WELL = 0.75
"""From this share of the best score on an offer fits closely. An offer that does not is said to fit less exactly, and
is not brought forward for a worry that none of the first is about."""
_LEAST_CLOSE = 6.0
"""Where a topic was understood, and the best offer has less than this, nothing fits closely."""
_LOOKED_AT = 3
"""So many of the first are looked at by nearly everybody: among them no worry of the question is to be missing."""

# An order is one whole number a row, the smallest first: the keys that it is made of, each in so many bits.
_FIT_BITS, _LATER_BITS, _WAIT_BITS, _FAR_BITS, _ROW_BITS = 20, 1, 14, 14, 18
_MOST_FIT = 100.0


@dataclass(frozen=True, slots=True)
class Distances:
    """How far each row is from where the family is: inf where that is not known."""

    km: Weights
    """As the crow flies to its nearest location."""
    travel: Weights
    """What a family has to go for it: nothing where the help comes to the family."""


def scores(
    index: TextIndex, documents_of: Positions, columns: Columns, question: Question, named: Sequence[int]
) -> tuple[Weights, Flags]:
    """The score of each row, and whether it is a hit at all.

    `documents_of` has the document of each row in the index, -1 where it has none that counts; `named` are the
    providers (by rank) that the question names.
    """
    # One more than there are documents: a row that has none meets the last, which is nothing.
    many = len(index.offer_ids) + 1
    about, text, is_hit = np.zeros(many), np.zeros(many), np.zeros(many, dtype=np.bool_)
    for guess in question.topics:
        found = index.about(guess.topic)
        if found is not None:
            numbers, strengths = found
            fit = strengths * guess.likelihood**_SHARE_POWER
            beside = about[numbers] + (_NEARBY_BESIDE if guess in question.nearby else 1.0) * fit
            about[numbers] = np.maximum(beside, fit)
            is_hit[numbers[(strengths >= LEAST_TOPIC) & (fit >= _LEAST_FIT)]] = True
    possible = 0.0
    for term in question.terms:
        found = index.weights_of(term)
        if found is not None:
            numbers, weights = found
            text[numbers] += weights
            possible += float(weights.max(initial=0.0))
    if possible:
        is_hit |= text >= (_LEAST_TEXT if question.topics else _LEAST_TEXT_ALONE) * possible
    score = _TOPIC_WEIGHT * about + _TEXT_WEIGHT * text / max(_ENOUGH_TEXT, possible)
    for guess in clearly_told(question):
        excluding = index.unsuitable(guess.topic)
        if excluding is not None:
            score[excluding[0]] *= _UNSUITABLE
    by_row, hit_rows = score[documents_of], is_hit[documents_of]
    for provider in named:
        its_rows = slice(*_bounds(columns, provider))
        by_row[its_rows] += _NAME_WEIGHT
        hit_rows[its_rows] = True
    if question.lives_elsewhere:
        return by_row * columns.chance_where_it_lives, hit_rows
    # What is only near the matter is not asked for: who hears voices looks for no place to live.
    asked = {guess.topic for guess in question.topics if guess not in question.nearby}
    if "crisis" in asked:
        return by_row * columns.room, hit_rows  # somebody else decides, and that is what is asked for
    asks_for_a_place = Form.ANOTHER_HOME in question.forms or not asked.isdisjoint(_ANOTHER_PLACE)
    return by_row * (columns.chance if asks_for_a_place else columns.chance_at_home), hit_rows


def clearly_told(question: Question) -> tuple[TopicGuess, ...]:
    """The topics that are told, clearly enough to keep somebody away; what is only near them is not."""
    told = (guess for guess in question.topics[:SHOWN_TOPICS] if guess not in question.nearby)
    return tuple(guess for guess in told if guess.certainty >= _CLEARLY)


def for_all_children(columns: Columns, gender: str | None, ages: Sequence[int]) -> Weights:
    """What each row counts: less where it is for girls or boys alone and nobody told which the child is (`gender`), or
    not for each of several children (`ages`)."""
    counts = np.ones(len(columns.offer_ids))
    if gender is None:
        for one in columns.only.values():
            counts[one] = _FOR_ONE_SEX
    if len(ages) > 1:
        counts[(columns.age_min > min(ages)) | (columns.age_max < max(ages))] *= _FOR_ONE_OF_THEM
    return counts


def named_in(question: Question, columns: Columns) -> Sequence[int]:
    """The ranks of the providers that the question names: as it was read, by the stems of their whole name, or by
    nothing but words of it."""
    names = columns.named
    read = [provider for provider in question.providers if provider < len(names.names)]
    asked = [names.with_stem[word] for word in question.words if word in names.with_stem]
    if not asked:
        return read
    providers, shared = np.unique(np.concatenate(asked), return_counts=True)
    lengths = names.lengths[providers]
    is_whole = (shared == lengths) & (lengths >= _WORDS_OF_A_NAME)
    is_part = shared == len(question.words)
    return list(dict.fromkeys([*read, *providers[is_whole | is_part].tolist()]))


def _bounds(columns: Columns, provider: int) -> tuple[int, int]:
    first = int(columns.provider_starts[provider])
    is_last = provider + 1 == len(columns.provider_starts)
    return first, len(columns.offer_ids) if is_last else int(columns.provider_starts[provider + 1])


def best_rows(rows: Flags, score: Weights, distances: Distances | None, columns: Columns, sort: Sort) -> Numbers:
    """Per provider its best row, the providers in the order asked for; by distance where `distances` are known."""
    found = np.flatnonzero(rows)
    if not len(found):
        return found
    misses = (_MOST_FIT - np.clip(score[found], 0, _MOST_FIT)) / _MOST_FIT
    fit = np.round(misses * ((1 << _FIT_BITS) - 1)).astype(np.int64)
    wait = np.minimum(columns.wait_start[found], UNKNOWN_WAIT)
    later = (columns.decided[found] | ~columns.accepting[found]).astype(np.int64)
    far = np.zeros(len(found), dtype=np.int64)
    travel, km = (far, far) if distances is None else (_tenths(distances.travel[found]), _tenths(distances.km[found]))
    keys: Mapping[Sort, tuple[tuple[Numbers, int], ...]] = {
        Sort.RELEVANCE: ((fit, _FIT_BITS), (later, _LATER_BITS), (wait, _WAIT_BITS)),
        Sort.WAITING: ((later, _LATER_BITS), (wait, _WAIT_BITS), (fit, _FIT_BITS)),
        Sort.DISTANCE: ((travel, _FAR_BITS), (km, _FAR_BITS), (later, _LATER_BITS), (wait, _WAIT_BITS)),
        Sort.NAME: ((fit, _FIT_BITS), (later, _LATER_BITS), (wait, _WAIT_BITS)),
    }
    order = np.zeros(len(found), dtype=np.int64)
    for key, bits in (*keys[sort], (found, _ROW_BITS)):
        order = (order << bits) | key
    providers = columns.providers[found]
    best = np.minimum.reduceat(order, np.flatnonzero(np.concatenate([[True], providers[1:] != providers[:-1]])))
    if sort is not Sort.NAME:
        best.sort()
    chosen: Numbers = best & ((1 << _ROW_BITS) - 1)
    return chosen


def fit_closely(score: Weights, rows: Numbers, columns: Columns, question: Question) -> Flags:
    """Which rows fit nearly as well as the best of those found, `rows`, and have room; none where that one does not fit
    either."""
    close: Flags = (score >= _NEARLY_AS_WELL * score[rows].max(initial=0.0)) & columns.accepting
    # Who decides, and whether there is room, says nothing of how well the best fits.
    best = (score / columns.chance)[rows].max(initial=0.0)
    return np.zeros_like(close) if question.topics and best < _LEAST_CLOSE else close


def each_worry_early(
    rows: Numbers,
    about: Mapping[str, Numbers],
    close: Flags,
    columns: Columns,
    question: Question,
    named: Sequence[int],
) -> Numbers:
    """The same rows, but with every likely topic of the question among the first few, the likeliest first.

    Who tells of two worries finds help for both, and a sentence that can be read in two ways is answered in both.
    `about` has the rows whose texts are about each topic, `close` are those that fit closely. What is decided elsewhere
    is not brought forward.
    """
    likely = [guess for guess in question.searched if guess.likelihood >= LIKELY_SHARE][:_LOOKED_AT]
    if len(likely) < 2 or named:  # who names a provider looks for that one
        return rows
    for place, guess in enumerate(likely, start=_LOOKED_AT - len(likely)):
        of_topic = about.get(guess.topic)
        if of_topic is None:
            continue
        is_about = np.zeros(len(columns.offer_ids), dtype=np.bool_)
        is_about[of_topic] = True
        is_about &= ~columns.decided & close
        places = np.flatnonzero(is_about[rows])
        if len(places) and places[0] > place:
            rows = np.insert(np.delete(rows, places[0]), place, rows[places[0]])
    return rows


def _tenths(km: Weights) -> Numbers:
    """Tenths of a kilometre, as many as fit; what is not known is farthest."""
    tenths: Numbers = np.minimum(km * 10, (1 << _FAR_BITS) - 1).astype(np.int64)
    return tenths
