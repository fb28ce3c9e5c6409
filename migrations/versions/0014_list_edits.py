"""What regions change in code lists and words; and which words led families to a provider."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("catalogue_revision") as table:
        table.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "list_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column(
            "list",
            sa.Enum(
                "expressions", "topics", "arrangements", "glossary", name="editedlist_known", native_enum=False,
                create_constraint=True, length=20,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "set", "off", "as_file", name="editstate_known", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("actor_label", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_list_edit_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_edit")),
        sa.UniqueConstraint(
            "list", "language", "key", "number", name=op.f("uq_list_edit_list_language_key_number")
        ),
    )  # fmt: skip
    op.create_table(
        "found_by",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("shown", "said", name="foundkind_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("beside", sa.String(length=80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.CheckConstraint("times > 0", name=op.f("ck_found_by_times_positive")),
        sa.PrimaryKeyConstraint("period", "kind", "value", "beside", name=op.f("pk_found_by")),
    )


def downgrade() -> None:
    op.drop_table("found_by")
    op.drop_table("list_edit")
    with op.batch_alter_table("catalogue_revision") as table:
        table.drop_column("edition")
