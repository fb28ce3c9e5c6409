"""Who refers may begin each search with the municipality that they mostly search for."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("usual_municipality", sa.String(6), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("person", "usual_municipality")
