"""How often families had a real choice; what is said to be not right."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _kind(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    op.create_table(
        "choice_count",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("arrangement", sa.String(length=50), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_choice_count_number_positive")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_choice_count_region_id_region")),
        sa.PrimaryKeyConstraint(
            "region_id", "municipality", "arrangement", "month", "what", name=op.f("pk_choice_count")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "choice_press",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("said", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_choice_press")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_choice_press_day"), "choice_press", ["day"])
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column(
            "matter", _kind("contact", "place", "waiting", "help", "gone", "other", name="matter_known"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("state", _kind("open", "mended", "stays", name="state_known"), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("forwarded_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(provider_id IS NULL) = (municipality <> '')", name=op.f("ck_correction_about_one")),
        sa.CheckConstraint("offer_id IS NULL OR provider_id IS NOT NULL", name=op.f("ck_correction_offer_of_provider")),
        sa.CheckConstraint("(state = 'open') = (decided_on IS NULL)", name=op.f("ck_correction_decided")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_correction_region_id_region")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_correction_provider_id_provider"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_correction_offer_id_offer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("public_id", name=op.f("uq_correction_public_id")),
    )
    op.create_index("ix_correction_queue", "correction", ["region_id", "state", "received_on"])
    for column in ("provider_id", "offer_id"):
        op.create_index(op.f(f"ix_correction_{column}"), "correction", [column])


def downgrade() -> None:
    op.drop_table("correction")
    op.drop_table("choice_press")
    op.drop_table("choice_count")
