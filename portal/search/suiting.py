"""What an offer counts for one family where it is made for others, or is another form of help than is asked for.

Two offers about trauma are not the same to a family: one is for refugees, one only tests, one advises school teams.
What a question does not ask for counts less, so that what is for everybody comes first where both fit.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from portal.search.columns import Numbers
from portal.search.forms import FOR_SOME, GROUPS, MATTERS, Form
from portal.search.index import Weights
from portal.search.meaning import BACKGROUND, LIKELY_SHARE
from portal.search.question import Question

_CLEARLY_FOR_OTHERS, _MADE_FOR_OTHERS = 0.85, 0.6
"""What help counts that is clearly about one of these, unless the question speaks of it; less where its name, or its
provider's summary, says so."""
_UNASKED = {
    Form.FINDS_OUT: 0.8,
    Form.SECOND_OPINION: 0.6,
    Form.AFTERCARE: 0.7,
    Form.INTENSIVE: 0.7,
    Form.ADMISSION: 0.6,
    Form.BY_DAY: 0.8,
    Form.SCHOOL_TEAMS: 0.6,
    Form.SHELTER: 0.6,
    Form.UKRAINIAN: 0.5,
}
"""What help of such a form counts where nobody asks for it."""
_ASKED = 1.3
"""And of the form that a question asks for."""
_GO_WITH = {
    "thuiszitten": frozenset({Form.BY_DAY}),
    "dagbesteding": frozenset({Form.BY_DAY}),
    "dyslexie": frozenset({Form.FINDS_OUT}),
    "dyscalculie": frozenset({Form.FINDS_OUT}),
}
"""Forms that suit who tells of a topic, without being asked for."""
_NO_HOME = 0.75
"""What other help counts where a place to live is asked for, and such a place where a child has one already."""
_WITHOUT_THE_CHILD = 0.6
"""What help for parents counts where the child itself asks."""
_IN_DANGER = frozenset({"crisis", "suicidaliteit", "huiselijk-geweld", "seksueel-misbruik"})
"""Those of which a question speaks that speaks of danger."""
_NEAR = 0.5
"""Neighbours of a topic are near from this share on."""
_NO_ROWS: Numbers = np.empty(0, dtype=np.int64)


class Suiting:
    """What each row counts, by what its offer is made for and what a question asks."""

    def __init__(
        self,
        many: int,
        forms: Mapping[str, tuple[Numbers, Weights]],
        clearly_about: Mapping[str, Numbers],
        neighbours: Mapping[str, Mapping[str, float]],
    ) -> None:
        """Of so many rows `forms` are those of each form and of each topic in its place, 1 where the offer is that
        alone and less where it is that too; `clearly_about` those whose texts are clearly about each topic, and
        `neighbours` the topics whose help serves it too, with how well (0 to 1)."""
        self._held = {form: rows for form, (rows, _) in forms.items()}
        self._near = {
            topic: frozenset(other for other, share in shares.items() if share >= _NEAR)
            for topic, shares in neighbours.items()
        }
        self._lifted = {topic: np.union1d(clearly_about.get(topic, _NO_ROWS), self._held[topic]) for topic in FOR_SOME}
        self._kept_back = {
            topic: np.where(np.isin(rows, self._held[topic]), _MADE_FOR_OTHERS, _CLEARLY_FOR_OTHERS)
            for topic, rows in self._lifted.items()
        }
        """What the rows of each topic count where nobody speaks of it."""
        self._for_groups, self._of_matters, self._of_forms = np.ones(many), np.ones(many), np.ones(many)
        for topic in GROUPS:
            rows = self._lifted[topic]
            self._for_groups[rows] = np.minimum(self._for_groups[rows], self._kept_back[topic])
        for topic in MATTERS:
            self._of_matters[self._lifted[topic]] *= self._kept_back[topic]
        self._alone = {form: rows[strengths >= 1] for form, (rows, strengths) in forms.items() if form in _UNASKED}
        self._is_home = np.zeros(many, dtype=np.bool_)
        self._is_home[self._held[Form.ANOTHER_HOME]] = True
        for form, rows in self._alone.items():
            self._of_forms[rows] *= _UNASKED[Form(form)]

    def counts(self, question: Question) -> Weights:
        """What each row counts for this question."""
        topics = {guess.topic for guess in (*question.topics, *question.guesses, *question.nearby)}
        asked = topics.union(
            question.forms,
            *(self._near[topic] for topic in topics & self._near.keys()),
            *(_GO_WITH[topic] for topic in topics & _GO_WITH.keys()),
        )
        if question.dangers:
            asked |= _IN_DANGER
        groups, matters, forms = self._for_groups.copy(), self._of_matters.copy(), self._of_forms.copy()
        for topic in asked & GROUPS:
            groups[self._lifted[topic]] = 1.0
        for topic in asked & MATTERS:
            matters[self._lifted[topic]] /= self._kept_back[topic]
        groups_told = {g.topic for g in question.topics if g.topic in GROUPS and g.likelihood >= LIKELY_SHARE}
        for form in asked & self._alone.keys():
            forms[self._alone[form]] /= _UNASKED[Form(form)]
        for form in (question.forms - BACKGROUND) | groups_told:
            if form in self._held:
                forms[self._held[form]] *= _ASKED
        if Form.ANOTHER_HOME in question.forms:
            forms[~self._is_home] *= _NO_HOME
        elif question.lives_elsewhere:
            forms[self._is_home] *= _NO_HOME
        if question.is_of_child:
            forms[self._held[Form.PARENTS]] *= _WITHOUT_THE_CHILD
        counts: Weights = groups * np.maximum(matters, _MADE_FOR_OTHERS) * forms
        return counts
