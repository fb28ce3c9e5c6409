"""What families told, as other programs read it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.reviews.showing.queries import Story


@dataclass(frozen=True, slots=True)
class ExperienceRecord:
    """A published text. It has no identifier and no date: the quarter is the finest that is told."""

    about: str
    """`provider`, `access_team` or `youth_protector`."""
    provider_id: str | None
    slug: str | None
    office: str | None
    """The name of the access team or institution."""
    municipality: str | None
    """Of an access team: CBS code."""
    arrangement: str | None
    voice: str
    quarter: str
    story: str
    advice: str
    answer: str | None
    promise: str | None
    promise_due: str | None
    promise_state: str | None
    """`open`, `kept` (as the provider says) or `not_noticed` (by most later families)."""


@dataclass(frozen=True, slots=True)
class ExperiencesFound:
    """A page of published texts, newest quarter first and then in no order at all."""

    total: int
    page: int
    per_page: int
    next: str | None
    previous: str | None
    rules: str
    results: tuple[ExperienceRecord, ...]


def experience_record(one: Story) -> ExperienceRecord:
    """A text for open data; provider, office and kind of help are null where they would tell who is meant."""
    return ExperienceRecord(
        about=one.kind.value if one.kind else "provider",
        provider_id=one.provider.identifier if one.provider else None,
        slug=one.provider.slug if one.provider else None,
        office=one.office.name if one.office else None,
        municipality=(one.office.municipality or None) if one.office else None,
        arrangement=one.arrangement or None,
        voice=one.voice.value,
        quarter=one.quarter,
        story=one.story,
        advice=one.advice,
        answer=one.answer or None,
        promise=one.promise or None,
        promise_due=one.promise_due or None,
        promise_state=one.promise_state.value if one.promise else None,
    )
