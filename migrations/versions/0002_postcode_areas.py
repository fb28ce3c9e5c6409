"""Where the postcodes lie."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "postcode_area",
        sa.Column("pc4", sa.String(length=4), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("pc4", name=op.f("pk_postcode_area")),
    )


def downgrade() -> None:
    op.drop_table("postcode_area")
