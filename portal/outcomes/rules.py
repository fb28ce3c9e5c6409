"""The thresholds as the region has set them."""

from __future__ import annotations

from portal.core.settings import Settings, current_settings
from portal.outcomes.types import Rules


def rules_of(settings: Settings) -> Rules:
    """The rules that these settings make."""
    return Rules(
        smallest_cell=settings.outcome_smallest_cell,
        shown_from=settings.outcome_shown_from,
        compared_from=settings.outcome_compared_from,
        compared_with=settings.outcome_compared_with,
        equal_within=settings.outcome_equal_points / 100,
        equal_within_marks=settings.outcome_equal_tenths / 10,
        tail=settings.outcome_tail_per_mille / 1000,
        rankable_from=settings.outcome_rankable_percent / 100,
        look_days=settings.outcome_look_days,
    )


def current_rules() -> Rules:
    """The rules of the running application."""
    return rules_of(current_settings())
