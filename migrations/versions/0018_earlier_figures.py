"""A figure about experiences keeps what it told before, so that no two versions of it tell of a few families."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("experience_figure", sa.Column("earlier", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("experience_figure", "earlier")
