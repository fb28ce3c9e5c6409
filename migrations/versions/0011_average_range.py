"""An average lies between two bounds that follow from what is told of its members; hidden counts play no part in it.

Averages of before were rounded by looking at hidden counts: they go, and are made anew with the figures.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _without_averages()
    op.add_column("outcome_average", sa.Column("low", sa.Double(), server_default="0", nullable=False))
    op.add_column("outcome_average", sa.Column("high", sa.Double(), server_default="0", nullable=False))
    op.drop_column("outcome_average", "step")


def downgrade() -> None:
    _without_averages()
    op.add_column("outcome_average", sa.Column("step", sa.Double(), server_default="0", nullable=False))
    op.drop_column("outcome_average", "high")
    op.drop_column("outcome_average", "low")


def _without_averages() -> None:
    op.execute(
        "UPDATE figure SET average_id = NULL, verdict = 'not_compared', why_not = 'few_providers' "
        "WHERE average_id IS NOT NULL"
    )
    op.execute("DELETE FROM outcome_average")
