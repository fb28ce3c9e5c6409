"""Rulings on objections, doubts about delivered counts; what was done about figures is in the trail from now on.

The log of figures of before goes: entries of the trail are sealed, so they cannot be made of what was written elsewhere.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDICATORS = ("dropout", "satisfaction", "without_help", "no_new_start", "problems_reduced", "goals_reached")


def _choice(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=f"{name}_known", native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    op.create_table(
        "outcome_doubt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("arrangement", sa.String(length=50), nullable=False),
        sa.Column("framework", _choice("voluntary", "mandatory", name="measuredframework"), nullable=False),
        sa.Column("indicator", _choice(*INDICATORS, name="indicator"), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("column", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("remedy", sa.JSON(), nullable=False),
        sa.Column("import_run_id", sa.Integer(), nullable=True),
        sa.Column("import_row", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_outcome_doubt_provider_id_provider")),
        sa.ForeignKeyConstraint(
            ["import_run_id"], ["import_run.id"], name=op.f("fk_outcome_doubt_import_run_id_import_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_doubt")),
    )
    op.create_index(op.f("ix_outcome_doubt_provider_id"), "outcome_doubt", ["provider_id"])
    # In plain SQL: a table that Alembic copies for SQLite would lose its checks.
    op.execute("ALTER TABLE figure ADD COLUMN is_wrong BOOLEAN DEFAULT false NOT NULL")
    op.execute(
        "ALTER TABLE figure_objection ADD COLUMN ruling VARCHAR(20) "
        "CONSTRAINT ck_figure_objection_ruling_known CHECK (ruling IN ('upheld', 'dismissed')) "
        "CONSTRAINT ck_figure_objection_ruling_when_settled CHECK (ruling IS NULL OR settled_on IS NOT NULL)"
    )
    op.execute("UPDATE figure_objection SET ruling = 'dismissed' WHERE settled_on IS NOT NULL")
    op.drop_index(op.f("ix_outcome_event_region_id"), "outcome_event")
    op.drop_table("outcome_event")


def downgrade() -> None:
    op.create_table(
        "outcome_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("indicator", _choice(*INDICATORS, name="indicator"), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_outcome_event_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_outcome_event_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_event")),
    )
    op.create_index(op.f("ix_outcome_event_region_id"), "outcome_event", ["region_id"])
    op.execute("ALTER TABLE figure_objection DROP COLUMN ruling")
    op.execute("ALTER TABLE figure DROP COLUMN is_wrong")
    op.drop_index(op.f("ix_outcome_doubt_provider_id"), "outcome_doubt")
    op.drop_table("outcome_doubt")
