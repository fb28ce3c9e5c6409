"""Measurements as delivered: counts, never a client."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, choice
from portal.outcomes.types import Indicator, Informant, MeasuredFramework


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
