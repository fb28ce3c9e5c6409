"""Imports at a desk, and undoing the last one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_run") as table:
        table.add_column(sa.Column("actor_label", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("warnings", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("undone_by", sa.String(length=200), nullable=False, server_default=""))
    op.create_table(
        "import_undo",
        sa.Column("import_run_id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_run_id"], ["import_run.id"], name=op.f("fk_import_undo_import_run_id_import_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_run_id", name=op.f("pk_import_undo")),
    )  # fmt: skip
    op.create_table(
        "file_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "checking",
                "checked",
                "importing",
                "imported",
                "failed",
                name="stage_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("package", sa.LargeBinary(), nullable=True),
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_file_check_region_id_region")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_file_check_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_check")),
        sa.UniqueConstraint("public_id", name=op.f("uq_file_check_public_id")),
        sa.UniqueConstraint("person_id", name=op.f("uq_file_check_person_id")),
    )
    op.create_index(op.f("ix_file_check_region_id"), "file_check", ["region_id"])


def downgrade() -> None:
    op.drop_table("file_check")
    op.drop_table("import_undo")
    with op.batch_alter_table("import_run") as table:
        for column in ("undone_by", "undone_at", "warnings", "actor_label"):
            table.drop_column(column)
