"""Whose texts changed at which revision."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_change",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_text_change_provider_id_provider"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision", "provider_id", name=op.f("pk_text_change")),
    )
    op.create_index(op.f("ix_text_change_provider_id"), "text_change", ["provider_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_text_change_provider_id"), "text_change")
    op.drop_table("text_change")
