"""What is public of experiences. Pages, open data and search read nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func, or_, select, union
from sqlalchemy.orm import Session, joinedload

from portal.catalogue.models import Contract, Provider
from portal.reviews.models import Experience, ExperienceCounts, ExperienceFigure, ProviderAnswer
from portal.reviews.types import NAMELESS_FROM, Status, Voice

_PUBLIC: tuple[ColumnElement[bool], ...] = (
    Experience.status == Status.PUBLISHED,
    or_(Experience.story != "", Experience.advice != ""),
)


@dataclass(frozen=True, slots=True)
class Story:
    """A text as everybody may see it; `provider` is None where its name is not shown."""

    provider: Provider | None
    arrangement: str
    voice: Voice
    quarter: str
    story: str
    advice: str
    answer: str
    promise: str
    promise_due: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Told:
    """All that is public about one provider."""

    stories: Sequence[Story]
    figures: Sequence[ExperienceFigure]
    counts: ExperienceCounts | None


NOTHING_TOLD = Told((), (), None)


def told_of(session: Session) -> frozenset[int]:
    """The providers (primary keys) of which `told_about` knows anything."""
    named = select(Experience.provider_id).where(*_PUBLIC, Experience.is_named.is_(True))
    others = select(ExperienceFigure.provider_id), select(ExperienceCounts.provider_id)
    return frozenset(session.scalars(union(named, *others)))


def told_about(session: Session, provider_id: int) -> Told:
    """What families told about a provider."""
    conditions = [*_PUBLIC, Experience.provider_id == provider_id, Experience.is_named.is_(True)]
    stories, _ = _found(session, conditions)
    figures = session.scalars(
        select(ExperienceFigure)
        .where(ExperienceFigure.provider_id == provider_id)
        .order_by(ExperienceFigure.question, ExperienceFigure.voice)
    ).all()
    return Told(stories, figures, session.get(ExperienceCounts, provider_id))


def public_stories(
    session: Session, provider: str | None, arrangement: str | None, voice: Voice | None, limit: int, offset: int
) -> tuple[Sequence[Story], int]:
    """All published texts, by page, for open data; `provider` is its identifier.

    The kind of help of a text without a name is told only where many providers give it, and asked for likewise.
    """
    many, conditions = _given_by_many(session), list(_PUBLIC)
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
    return {provider_id: (voice, story) for provider_id, voice, story in found}


def unnamed_stories(session: Session, arrangement: str | None = None) -> Sequence[Story]:
    """Published texts without a provider's name, about one kind of help.

    Of kinds of help that few providers give, the kind itself would name them: they come without, where none is asked.
    """
    many, conditions = _given_by_many(session), [*_PUBLIC, Experience.is_named.is_(False)]
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
    return [_story(one, answer) for one, answer in found], total


def _story(one: Experience, answer: ProviderAnswer | None) -> Story:
    shown = answer if answer is not None and answer.status is Status.PUBLISHED and one.is_named else None
    return Story(
        one.provider if one.is_named else None,
        one.arrangement,
        one.voice,
        one.quarter,
        one.story,
        one.advice,
        shown.text if shown else "",
        shown.promise if shown else "",
        shown.promise_due if shown else "",
        bool(shown and shown.kept),
    )
