"""Measurements as delivered (counts, never a client), and the figures that were made of them.

Only the import and `operations` read measurements and publications; pages, files and the API read figures and averages,
which hold nothing that may not be told to the audience that they have.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.catalogue.models import Provider
from portal.core.database import Base, choice
from portal.outcomes.types import (
    Audience,
    Indicator,
    Informant,
    MeasuredFramework,
    Ruling,
    Shown,
    Verdict,
    Voice,
    WhyNotCompared,
)


class Measurement(Base):
    """Counts of one indicator over one period, for one provider, arrangement and framework.

    A share is `numerator` of `denominator`; a mean (1 to 10) is `mean` over `n` persons with `sd` if known.
    Nothing here is shown to anyone but the region until `portal/outcomes` makes a figure of it.
    """

    __tablename__ = "measurement"
    __table_args__ = (
        UniqueConstraint(
            "provider_id", "arrangement", "period", "framework", "indicator", "municipality", "informant",
            "instrument", "source", name="uq_measurement_key",
        ),
        CheckConstraint("numerator IS NULL OR numerator BETWEEN 0 AND denominator", name="share"),
        CheckConstraint("mean IS NULL OR (mean BETWEEN 1 AND 10 AND n > 0)", name="mean"),
        CheckConstraint("(numerator IS NULL) <> (mean IS NULL)", name="share_or_mean"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    arrangement: Mapped[str] = mapped_column(String(50))
    period: Mapped[str] = mapped_column(String(7))
    """A year, `2025`, or a half of it, `2025-H1`."""
    framework: Mapped[MeasuredFramework] = mapped_column(choice(MeasuredFramework))
    indicator: Mapped[Indicator] = mapped_column(choice(Indicator))
    municipality: Mapped[str] = mapped_column(String(6), default="")
    """CBS code; empty for the whole region."""
    numerator: Mapped[int | None]
    denominator: Mapped[int | None]
    mean: Mapped[float | None]
    sd: Mapped[float | None]
    n: Mapped[int | None]
    invited: Mapped[int | None]
    informant: Mapped[Informant | None] = mapped_column(choice(Informant))
    instrument: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(300))
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    """The import that brought these counts; it knows the file and its fingerprint."""
    import_row: Mapped[int | None]
    """In which row of that file they stand."""


class Phase(Base):
    """Who may see the figures of one indicator over one period; without a row only the region may."""

    __tablename__ = "outcome_phase"
    __table_args__ = (
        UniqueConstraint("region_id", "indicator", "period"),
        CheckConstraint("(next_audience IS NULL) = (next_on IS NULL)", name="plan_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    indicator: Mapped[Indicator] = mapped_column(choice(Indicator))
    period: Mapped[str] = mapped_column(String(7))
    audience: Mapped[Audience] = mapped_column(choice(Audience))
    since: Mapped[date]
    next_audience: Mapped[Audience | None] = mapped_column(choice(Audience, "next_audience"))
    next_on: Mapped[date | None]


class Average(Base):
    """The average of a kind of help over a period, as it may be told. It stands from the day others saw it."""

    __tablename__ = "outcome_average"
    __table_args__ = (
        UniqueConstraint(
            "region_id", "arrangement", "framework", "indicator", "informant", "is_mean", "instrument", "period",
            name="uq_outcome_average_key",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    arrangement: Mapped[str] = mapped_column(String(50))
    framework: Mapped[MeasuredFramework] = mapped_column(choice(MeasuredFramework))
    indicator: Mapped[Indicator] = mapped_column(choice(Indicator))
    informant: Mapped[Informant | None] = mapped_column(choice(Informant))
    is_mean: Mapped[bool]
    instrument: Mapped[str] = mapped_column(String(200), default="")
    period: Mapped[str] = mapped_column(String(7))
    value: Mapped[float]
    low: Mapped[float] = mapped_column(server_default="0")
    high: Mapped[float] = mapped_column(server_default="0")
    """Between what it lies, as far as is told of its members."""
    providers: Mapped[int]
    n: Mapped[int]
    phi: Mapped[float]
    tau2: Mapped[float]
    rankability: Mapped[float]
    established_on: Mapped[date | None]
    """From then on it stays as it is, whatever is delivered later; None while only region and provider see figures."""
    members: Mapped[dict[str, list[float]]] = mapped_column(JSON)
    """Provider (primary key) to what is told of it: the least and the most that its total can be, and of how many."""


class Figure(Base):
    """What may be told of one provider's results: made of measurements by `figures.tell`, and read by everything.

    What may not be told is not in the row, whoever reads it.
    """

    __tablename__ = "figure"
    __table_args__ = (
        UniqueConstraint(
            "provider_id", "arrangement", "framework", "indicator", "informant", "is_mean", "periods",
            name="uq_figure_key",
        ),
        CheckConstraint(
            "shown = 'exact' OR (numerator IS NULL AND mean IS NULL)", name="exact_or_no_count"
        ),
        CheckConstraint(
            "shown IN ('exact', 'below', 'above') OR (n IS NULL AND low IS NULL AND high IS NULL AND response IS NULL)",
            name="hidden_tells_nothing",
        ),
        CheckConstraint("(shown IN ('below', 'above')) = (bound IS NOT NULL)", name="bound_where_bounded"),
        CheckConstraint("(verdict = 'not_compared') = (why_not IS NOT NULL)", name="says_why_not"),
        Index("ix_figure_region_id_indicator_period", "region_id", "indicator", "period"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    arrangement: Mapped[str] = mapped_column(String(50))
    framework: Mapped[MeasuredFramework] = mapped_column(choice(MeasuredFramework))
    indicator: Mapped[Indicator] = mapped_column(choice(Indicator))
    informant: Mapped[Informant | None] = mapped_column(choice(Informant))
    is_mean: Mapped[bool]
    periods: Mapped[str] = mapped_column(String(60))
    """The periods it is about, `2025`, or several with `;` between them where each alone is too few."""
    period: Mapped[str] = mapped_column(String(7))
    """The last of them: by it the region decides who sees it."""
    instrument: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(300))
    shown: Mapped[Shown] = mapped_column(choice(Shown))
    n: Mapped[int | None]
    numerator: Mapped[int | None]
    mean: Mapped[float | None]
    bound: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    """The 95 % interval, as a share or a mark."""
    response: Mapped[int | None]
    """Of every hundred that were asked so many answered, to the nearest ten."""
    average_id: Mapped[int | None] = mapped_column(ForeignKey("outcome_average.id"))
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    why_not: Mapped[WhyNotCompared | None] = mapped_column(choice(WhyNotCompared))
    audience: Mapped[Audience] = mapped_column(choice(Audience))
    seen_from: Mapped[date | None]
    """Since when the provider can see it as it is."""
    is_held: Mapped[bool] = mapped_column(default=False)
    """A correction was delivered that differs too little to be published."""
    is_wrong: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The region upheld an objection: others do not see it until other counts are delivered."""
    formula: Mapped[int]
    evidence: Mapped[list[list[int]]] = mapped_column(JSON)
    """Import run and row of each measurement it was made of."""

    provider: Mapped[Provider] = relationship()
    average: Mapped[Average | None] = relationship()
    objections: Mapped[list[Objection]] = relationship(back_populates="figure", order_by="Objection.id")
    comments: Mapped[list[Comment]] = relationship(back_populates="figure", order_by="Comment.voice")

    @property
    def is_disputed(self) -> bool:
        """Whether its provider objected and the region has not decided yet."""
        return any(objection.settled_on is None for objection in self.objections)


class Publication(Base):
    """The counts behind a figure when others than the provider first saw it: they know it for good."""

    __tablename__ = "figure_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    figure_id: Mapped[int] = mapped_column(ForeignKey("figure.id"), index=True)
    n: Mapped[int]
    numerator: Mapped[int | None]
    mean: Mapped[float | None]
    sd: Mapped[float | None]
    published_on: Mapped[date]


class Objection(Base):
    """A provider disagrees with a figure; it says so beside the figure until the region has settled it."""

    __tablename__ = "figure_objection"
    __table_args__ = (
        CheckConstraint("(settled_on IS NULL) = (answer IS NULL)", name="settled_with_answer"),
        CheckConstraint("ruling IS NULL OR settled_on IS NOT NULL", name="ruling_when_settled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    figure_id: Mapped[int] = mapped_column(ForeignKey("figure.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    made_on: Mapped[date]
    ruling: Mapped[Ruling | None] = mapped_column(choice(Ruling))
    answer: Mapped[str | None] = mapped_column(Text)
    settled_on: Mapped[date | None]

    figure: Mapped[Figure] = relationship(back_populates="objections")


class Comment(Base):
    """A short explanation beside a figure, one of the provider and one of the region (duiding)."""

    __tablename__ = "figure_comment"

    figure_id: Mapped[int] = mapped_column(ForeignKey("figure.id", ondelete="CASCADE"), primary_key=True)
    voice: Mapped[Voice] = mapped_column(choice(Voice), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    written_on: Mapped[date]

    figure: Mapped[Figure] = relationship(back_populates="comments")


class Doubt(Base):
    """Something odd about delivered counts, for a data officer to look at; made anew with each import of counts."""

    __tablename__ = "outcome_doubt"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    arrangement: Mapped[str] = mapped_column(String(50))
    framework: Mapped[MeasuredFramework] = mapped_column(choice(MeasuredFramework))
    indicator: Mapped[Indicator] = mapped_column(choice(Indicator))
    period: Mapped[str] = mapped_column(String(7))
    municipality: Mapped[str] = mapped_column(String(6), default="")
    code: Mapped[str] = mapped_column(String(40))
    """The stable name that the report of the import has for it."""
    column: Mapped[str] = mapped_column(String(40))
    reason: Mapped[dict[str, str]] = mapped_column(JSON)
    """What is odd, by language."""
    remedy: Mapped[dict[str, str]] = mapped_column(JSON)
    """What would help, by language."""
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    import_row: Mapped[int | None]

    provider: Mapped[Provider] = relationship()
