"""Codes for families, what they tell with them, and what follows from it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "experience_draft",
        sa.Column("selector", sa.String(length=5), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("selector", name=op.f("pk_experience_draft")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "experience",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("arrangement", sa.String(length=50), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "end",
                "yearly",
                "year_later",
                name="occasion_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "voice",
            sa.Enum("young_person", "parent", name="voice_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "framework",
            sa.Enum(
                "voluntary",
                "mandatory",
                "unknown",
                name="toldframework_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("question_set", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "received",
                "ready",
                "published",
                "refused",
                "removed",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("was_released", sa.Boolean(), nullable=False),
        sa.Column("danger", sa.String(length=20), nullable=False),
        sa.Column("blanked", sa.Integer(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "not_own",
                "recognisable",
                "accusation",
                "abuse",
                "discrimination",
                "advertising",
                "twice",
                "not_upheld",
                name="rule_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("wants_second_look", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("phrase_selector", sa.String(length=30), nullable=False),
        sa.Column("phrase_salt", sa.String(length=60), nullable=False),
        sa.Column("phrase_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("arrived_on IS NULL OR status = 'received'", name=op.f("ck_experience_day_is_erased")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_experience_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_experience_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience")),
        sa.UniqueConstraint("phrase_selector", name=op.f("uq_experience_phrase_selector")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_experience_provider_id"), "experience", ["provider_id"], unique=False)
    op.create_index("ix_experience_status", "experience", ["region_id", "status"], unique=False)
    op.create_table(
        "experience_counts",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("expired", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "received = waiting + published + refused + removed + withdrawn + expired",
            name=op.f("ck_experience_counts_counts_add_up"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_experience_counts_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_experience_counts")),
    )
    op.create_table(
        "experience_figure",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column(
            "voice",
            sa.Enum("young_person", "parent", name="voice_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "framework",
            sa.Enum(
                "voluntary",
                "mandatory",
                "unknown",
                name="toldframework_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("shown", sa.String(length=20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("bound", sa.Double(), nullable=True),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_experience_figure_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("provider_id", "question", "voice", "framework", name=op.f("pk_experience_figure")),
    )
    op.create_table(
        "experience_gone",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column(
            "because",
            sa.Enum(
                "withdrawn", "expired", name="gonebecause_known", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_experience_gone_provider_id_provider")),
        sa.PrimaryKeyConstraint("provider_id", "because", name=op.f("pk_experience_gone")),
    )
    op.create_table(
        "invitation_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("arrangement", sa.String(length=50), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "end",
                "yearly",
                "year_later",
                name="occasion_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("handed_out", sa.Integer(), nullable=True),
        sa.Column("as_planned", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "as_planned IS NULL OR as_planned BETWEEN 0 AND handed_out", name=op.f("ck_invitation_batch_as_planned")
        ),
        sa.CheckConstraint("codes >= 20", name=op.f("ck_invitation_batch_hides_the_family")),
        sa.CheckConstraint(
            "handed_out IS NULL OR handed_out BETWEEN 0 AND codes", name=op.f("ck_invitation_batch_handed_out")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_invitation_batch_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_invitation_batch_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_batch_public_id")),
    )
    op.create_index(op.f("ix_invitation_batch_provider_id"), "invitation_batch", ["provider_id"], unique=False)
    op.create_table(
        "experience_dispute",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("experience_id", sa.String(length=22), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("author_says", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["experience_id"],
            ["experience.id"],
            name=op.f("fk_experience_dispute_experience_id_experience"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience_dispute")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_experience_dispute_experience_id"), "experience_dispute", ["experience_id"], unique=False)
    op.create_table(
        "experience_flag",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("experience_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["experience_id"],
            ["experience.id"],
            name=op.f("fk_experience_flag_experience_id_experience"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience_flag")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_experience_flag_experience_id"), "experience_flag", ["experience_id"], unique=False)
    op.create_table(
        "invitation_code",
        sa.Column("selector", sa.String(length=5), nullable=False),
        sa.Column("salt", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("is_spent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["invitation_batch.id"], name=op.f("fk_invitation_code_batch_id_invitation_batch")
        ),
        sa.PrimaryKeyConstraint("selector", name=op.f("pk_invitation_code")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitation_code_batch_id"), "invitation_code", ["batch_id"], unique=False)
    op.create_table(
        "provider_answer",
        sa.Column("experience_id", sa.String(length=22), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("promise_due", sa.String(length=7), nullable=False),
        sa.Column("kept", sa.String(length=10), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "received",
                "ready",
                "published",
                "refused",
                "removed",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["experience_id"],
            ["experience.id"],
            name=op.f("fk_provider_answer_experience_id_experience"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("experience_id", name=op.f("pk_provider_answer")),
    )


def downgrade() -> None:
    op.drop_table("provider_answer")
    op.drop_index(op.f("ix_invitation_code_batch_id"), table_name="invitation_code")
    op.drop_table("invitation_code")
    op.drop_index(op.f("ix_experience_flag_experience_id"), table_name="experience_flag")
    op.drop_table("experience_flag")
    op.drop_index(op.f("ix_experience_dispute_experience_id"), table_name="experience_dispute")
    op.drop_table("experience_dispute")
    op.drop_index(op.f("ix_invitation_batch_provider_id"), table_name="invitation_batch")
    op.drop_table("invitation_batch")
    op.drop_table("experience_gone")
    op.drop_table("experience_figure")
    op.drop_table("experience_counts")
    op.drop_index("ix_experience_status", table_name="experience")
    op.drop_index(op.f("ix_experience_provider_id"), table_name="experience")
    op.drop_table("experience")
    op.drop_table("experience_draft")
