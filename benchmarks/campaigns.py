"""How many planted campaigns are flagged, and how often clean providers are (checks I3).

    .venv/bin/python -m benchmarks.campaigns

Clean provider-years: families tell on random days, more of them in the days after codes were handed out; marks as in
the demonstration. A campaign: so many invented stories within a day (or, harder to see, a week), of one batch, all with
very high or very low marks. What is asked of each story when it comes in is what the portal asks
(`portal/reviews/integrity.py`).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal.reviews.integrity import SAME_LEAST, is_burst, is_unlike
from portal.reviews.questions import QuestionKind, load_sets, newest

CLEAN_YEARS, CAMPAIGNS = 2_000, 500
FAMILIES_A_QUARTER = (3, 8, 15, 30)
QUARTERS, DAYS = 4, 91
DECIDED_WITHIN = 5
"""Days after which a moderator decided; from then on nobody knows the day on which a story came."""


@dataclass(frozen=True)
class Told:
    """A story, as far as it is looked at."""

    quarter: int
    day: int
    decided: int
    answers: tuple[tuple[str, str], ...]

    @property
    def mark(self) -> str:
        return dict(self.answers)["usefulness"]


QUESTIONS = [one for one in newest(load_sets()).questions if one.kind is not QuestionKind.TEXT]


def a_family(chance: random.Random, quarter: int, day: int) -> Told:
    answers = []
    for question in QUESTIONS:
        if question.kind is QuestionKind.MARK:
            answers.append((question.key, str(min(10, max(1, round(chance.gauss(7.4, 1.8)))))))
        elif chance.random() < 0.95:
            weights = [max(1, 5 - 2 * at) for at in range(len(question.options))]
            answers.append((question.key, chance.choices(question.options, weights)[0]))
    return Told(quarter, day, day + chance.randint(1, DECIDED_WITHIN), tuple(answers))


def a_year(chance: random.Random) -> list[Told]:
    """A clean year of a provider."""
    size, found = chance.choice(FAMILIES_A_QUARTER), list[Told]()
    for quarter in range(QUARTERS):
        handed_out = [chance.randrange(DAYS) for _ in range(2)]
        for _ in range(round(chance.gauss(size, size**0.5))):
            day = chance.randrange(DAYS)
            if chance.random() < 0.3:
                day = min(DAYS - 1, chance.choice(handed_out) + chance.randrange(4))
            found.append(a_family(chance, quarter, quarter * DAYS + day))
    return sorted(found, key=lambda one: one.day)


def a_campaign(chance: random.Random, number: int, days: int) -> list[Told]:
    """Invented stories: enthusiastic, or full of hate; whoever writes them varies the other answers."""
    quarter, marks = chance.randrange(QUARTERS), ("9", "10") if chance.random() < 0.7 else ("1", "2")
    first = quarter * DAYS + chance.randrange(DAYS - days)
    found = []
    for _ in range(number):
        day = first + chance.randrange(days)
        answers = dict(a_family(chance, quarter, day).answers) | {"usefulness": chance.choice(marks)}
        found.append(Told(quarter, day, day + chance.randint(1, DECIDED_WITHIN), tuple(answers.items())))
    return found


def flags(stories: Sequence[Told], looked_at: frozenset[int]) -> Counter[str]:
    """The flags of a year: of the stories whose place is in `looked_at`."""
    raised: Counter[str] = Counter()
    before: list[Told] = []
    by_quarter: dict[int, list[str]] = defaultdict(list)
    for place, one in enumerate(stories):
        before.append(one)
        by_quarter[one.quarter].append(one.mark)
        if place not in looked_at:
            continue
        own = [other for other in before if other.quarter == one.quarter]
        same_day = sum(other.day == one.day and other.decided > one.day for other in own)
        others = [mark for quarter, marks in by_quarter.items() if quarter != one.quarter for mark in marks]
        raised["burst"] += is_burst(same_day, len(own))
        raised["same_answers"] += sum(other.answers == one.answers for other in own) > SAME_LEAST
        raised["unlike"] += is_unlike(by_quarter[one.quarter], others)
    return raised


def main() -> None:
    chance = random.Random(1)  # noqa: S311
    alarms: Counter[str] = Counter()
    for _ in range(CLEAN_YEARS):
        year = a_year(chance)
        raised = +flags(year, frozenset(range(len(year))))
        alarms.update(raised.keys())
        alarms["any"] += bool(raised)
    print(f"clean provider-years: {CLEAN_YEARS}; flagged: {alarms['any']} (1 in "
          f"{CLEAN_YEARS / max(1, alarms['any']):.0f}), {dict(alarms)}")  # fmt: skip
    for number, days in ((10, 1), (20, 1), (40, 1), (10, 7), (20, 7), (40, 7)):
        found: Counter[str] = Counter()
        for _ in range(CAMPAIGNS):
            campaign = a_campaign(chance, number, days)
            stories = sorted([*a_year(chance), *campaign], key=lambda one: one.day)
            planted = frozenset(place for place, one in enumerate(stories) if any(one is fake for fake in campaign))
            raised = +flags(stories, planted)
            found.update(raised.keys())
            found["any"] += bool(raised)
        print(
            f"campaigns of {number} within {days} days: {100 * found['any'] / CAMPAIGNS:.1f} % flagged, {dict(found)}"
        )


if __name__ == "__main__":
    main()
