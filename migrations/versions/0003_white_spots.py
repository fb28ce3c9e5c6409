"""What families look for and do not find."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sighting_key",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_sighting_key")),
    )
    op.create_table(
        "sighting",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("is_common", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("period", "digest", name=op.f("pk_sighting")),
    )
    op.create_table(
        "white_spot",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("word", "topic", name="spotkind_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.CheckConstraint("times > 0", name=op.f("ck_white_spot_times_positive")),
        sa.PrimaryKeyConstraint("period", "kind", "value", "municipality", name=op.f("pk_white_spot")),
    )


def downgrade() -> None:
    op.drop_table("white_spot")
    op.drop_table("sighting")
    op.drop_table("sighting_key")
