"""What is public of experiences. Pages, open data and search read nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func, select, union
from sqlalchemy.orm import Session, joinedload

from portal.catalogue.models import Contract, Provider
from portal.outcomes.types import Shown
from portal.reviews.models import (
    WRITTEN,
    Dispute,
    Experience,
    ExperienceCounts,
    ExperienceFigure,
    Office,
    ProviderAnswer,
    is_of,
)
from portal.reviews.questions import NOTICED
from portal.reviews.types import NAMELESS_FROM, About, OfficeKind, PromiseState, Status, Voice

IS_READ: tuple[ColumnElement[bool], ...] = (
    Experience.status == Status.PUBLISHED,
    WRITTEN,
)
"""The conditions that anybody reads something of an experience: of one without words, answers are only counted."""


@dataclass(frozen=True, slots=True)
class Story:
    """A text as everybody may see it; `provider` and `office` are None where the name is not shown."""

    provider: Provider | None
    office: Office | None
    kind: OfficeKind | None
    """Of which kind of office it is; None for a provider."""
    arrangement: str
    voice: Voice
    quarter: str
    story: str
    advice: str
    answer: str
    promise: str
    promise_due: str
    is_kept: bool
    noticed: Sequence[ExperienceFigure]
    """What later families say of the promise."""

    @property
    def promise_state(self) -> PromiseState:
        """What became of the promise. Who says that it is kept is the provider; that it is not noticed, families."""
        if self.noticed and not any(_says_most(one) for one in self.noticed):
            return PromiseState.NOT_NOTICED
        return PromiseState.KEPT if self.is_kept else PromiseState.OPEN


def _says_most(figure: ExperienceFigure) -> bool:
    """Whether a figure says that half of them or more did."""
    if figure.numerator is not None and figure.n is not None:
        return 2 * figure.numerator >= figure.n
    return figure.shown == Shown.ABOVE


@dataclass(frozen=True, slots=True)
class Told:
    """All that is public about one provider."""

    stories: Sequence[Story]
    figures: Sequence[ExperienceFigure]
    counts: ExperienceCounts | None
    disputed: int = 0
    """How many facts in these stories the provider disputes or disputed,"""
    left_out: int = 0
    """and how many of them were left out."""


NOTHING_TOLD = Told((), (), None)


def told_of(session: Session) -> frozenset[int]:
    """The providers (primary keys) of which `told_about` knows anything."""
    named = select(Experience.provider_id).where(*IS_READ, Experience.is_named.is_(True))
    others = select(ExperienceFigure.provider_id), select(ExperienceCounts.provider_id)
    return frozenset(session.scalars(union(named, *others)))


def told_about(session: Session, provider_id: int) -> Told:
    """What families told about a provider."""
    return _told(session, About(provider_id))


def told_about_office(session: Session, office_id: int) -> Told:
    """What families told about an access team or a certified institution."""
    return _told(session, About(office_id=office_id))


def _told(session: Session, about: About) -> Told:
    stories, _ = _found(session, [*IS_READ, is_of(Experience, about), Experience.is_named.is_(True)])
    figures = session.scalars(
        select(ExperienceFigure)
        .where(is_of(ExperienceFigure, about))
        .order_by(ExperienceFigure.question, ExperienceFigure.voice)
    ).all()
    counts = session.scalars(select(ExperienceCounts).where(is_of(ExperienceCounts, about))).one_or_none()
    outcomes = Counter(
        session.scalars(
            select(Dispute.outcome)
            .join(Experience, Experience.id == Dispute.experience_id)
            .where(is_of(Experience, about), Experience.status == Status.PUBLISHED)
        )
    )
    return Told(stories, figures, counts, outcomes.total(), outcomes["removed"])


def unnamed_about_offices(session: Session, kind: OfficeKind) -> Sequence[Story]:
    """Published texts about one of many offices of this kind, without its name."""
    conditions = [
        *IS_READ, Experience.is_named.is_(False), Experience.office.has(Office.kind == kind),
    ]  # fmt: skip
    return _found(session, conditions)[0]


def public_stories(
    session: Session, provider: str | None, arrangement: str | None, voice: Voice | None, limit: int, offset: int
) -> tuple[Sequence[Story], int]:
    """All published texts, by page, for open data; `provider` is its identifier.

    The kind of help of a text without a name is told only where many providers give it, and asked for likewise.
    """
    many, conditions = _given_by_many(session), list(IS_READ)
    if provider is not None:
        conditions += [Experience.provider.has(Provider.identifier == provider), Experience.is_named.is_(True)]
    if arrangement is not None:
        conditions.append(Experience.arrangement == arrangement)
        if arrangement not in many:
            conditions.append(Experience.is_named.is_(True))
    if voice is not None:
        conditions.append(Experience.voice == voice)
    found, total = _found(session, conditions, limit, offset)
    return [
        one if one.provider is not None or one.arrangement in many else replace(one, arrangement="") for one in found
    ], total


def quotes(session: Session, provider_ids: Collection[int]) -> dict[int, tuple[Voice, str]]:
    """Of each of these providers one story and whose it is: that with the lowest random id, whatever it says."""
    first = (
        select(func.min(Experience.id))
        .where(
            Experience.provider_id.in_(provider_ids),
            Experience.status == Status.PUBLISHED,
            Experience.is_named.is_(True),
            Experience.story != "",
        )
        .group_by(Experience.provider_id)
    )
    found = session.execute(
        select(Experience.provider_id, Experience.voice, Experience.story).where(Experience.id.in_(first))
    )
    return {row[0]: (row[1], row[2]) for row in found if row[0] is not None}


def unnamed_stories(session: Session, arrangement: str | None = None) -> Sequence[Story]:
    """Published texts without a provider's name, about one kind of help.

    Of kinds of help that few providers give, the kind itself would name them: they come without, where none is asked.
    """
    many = _given_by_many(session)
    conditions = [*IS_READ, Experience.is_named.is_(False), Experience.office_id.is_(None)]
    if arrangement is None:
        return [replace(one, arrangement="") for one in _found(session, conditions)[0] if one.arrangement not in many]
    if arrangement not in many:
        return ()
    return _found(session, [*conditions, Experience.arrangement == arrangement])[0]


def _given_by_many(session: Session) -> frozenset[str]:
    """The kinds of help that so many providers give that the kind names none of them."""
    return frozenset(
        session.scalars(
            select(Contract.arrangement)
            .group_by(Contract.arrangement)
            .having(func.count(Contract.provider_id.distinct()) >= NAMELESS_FROM)
        )
    )


def _found(
    session: Session, conditions: Sequence[ColumnElement[bool]], limit: int | None = None, offset: int = 0
) -> tuple[list[Story], int]:
    """Texts, newest quarter first and then in no order at all; and how many there are."""
    total = session.scalar(select(func.count()).select_from(Experience).where(*conditions)) or 0
    found = session.execute(
        select(Experience, ProviderAnswer)
        .outerjoin(ProviderAnswer, ProviderAnswer.experience_id == Experience.id)
        .where(*conditions)
        .options(joinedload(Experience.provider))
        .order_by(Experience.quarter.desc(), Experience.id)
        .limit(limit)
        .offset(offset)
    ).all()
    noticed = noticed_of(session, [one.id for one, answer in found if answer is not None and answer.promise])
    return [_story(one, answer, noticed.get(one.id, ())) for one, answer in found], total


def noticed_of(session: Session, experience_ids: Collection[str]) -> Mapping[str, Sequence[ExperienceFigure]]:
    """What later families say of the promises in answer to these stories, where there are enough of them."""
    noticed: dict[str, list[ExperienceFigure]] = defaultdict(list)
    if experience_ids:
        for figure in session.scalars(
            select(ExperienceFigure)
            .where(
                ExperienceFigure.question.in_([NOTICED + one for one in experience_ids]),
                ExperienceFigure.shown != Shown.FEW,
            )
            .order_by(ExperienceFigure.voice, ExperienceFigure.framework)
        ):
            noticed[figure.question.removeprefix(NOTICED)].append(figure)
    return noticed


def _story(one: Experience, answer: ProviderAnswer | None, noticed: Sequence[ExperienceFigure]) -> Story:
    shown = answer if answer is not None and answer.status is Status.PUBLISHED and one.is_named else None
    return Story(
        one.provider if one.is_named else None,
        one.office if one.is_named else None,
        one.office_kind,
        one.arrangement,
        one.voice,
        one.quarter,
        one.story,
        one.advice,
        shown.text if shown else "",
        shown.promise if shown else "",
        shown.promise_due if shown else "",
        bool(shown and shown.kept),
        noticed if shown and shown.promise else (),
    )
