"""Figures, their averages and phases, objections and comments; and whence each measurement came."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outcome_average",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("arrangement", sa.String(length=50), nullable=False),
        sa.Column(
            "framework",
            sa.Enum(
                "voluntary",
                "mandatory",
                name="measuredframework_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "indicator",
            sa.Enum(
                "dropout",
                "satisfaction",
                "without_help",
                "no_new_start",
                "problems_reduced",
                "goals_reached",
                name="indicator_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "informant",
            sa.Enum(
                "client",
                "parent",
                "professional",
                "registration",
                name="informant_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("is_mean", sa.Boolean(), nullable=False),
        sa.Column("instrument", sa.String(length=200), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("step", sa.Double(), nullable=False),
        sa.Column("providers", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("phi", sa.Double(), nullable=False),
        sa.Column("tau2", sa.Double(), nullable=False),
        sa.Column("rankability", sa.Double(), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_outcome_average_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_average")),
        sa.UniqueConstraint(
            "region_id",
            "arrangement",
            "framework",
            "indicator",
            "informant",
            "is_mean",
            "instrument",
            "period",
            name="uq_outcome_average_key",
        ),
    )
    op.create_table(
        "outcome_phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column(
            "indicator",
            sa.Enum(
                "dropout",
                "satisfaction",
                "without_help",
                "no_new_start",
                "problems_reduced",
                "goals_reached",
                name="indicator_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "region",
                "provider",
                "access_teams",
                "referrers",
                "public",
                name="audience_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column(
            "next_audience",
            sa.Enum(
                "region",
                "provider",
                "access_teams",
                "referrers",
                "public",
                name="next_audience_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(next_audience IS NULL) = (next_on IS NULL)", name=op.f("ck_outcome_phase_plan_is_whole")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_outcome_phase_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_phase")),
        sa.UniqueConstraint(
            "region_id", "indicator", "period", name=op.f("uq_outcome_phase_region_id_indicator_period")
        ),
    )
    op.create_table(
        "figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("arrangement", sa.String(length=50), nullable=False),
        sa.Column(
            "framework",
            sa.Enum(
                "voluntary",
                "mandatory",
                name="measuredframework_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "indicator",
            sa.Enum(
                "dropout",
                "satisfaction",
                "without_help",
                "no_new_start",
                "problems_reduced",
                "goals_reached",
                name="indicator_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "informant",
            sa.Enum(
                "client",
                "parent",
                "professional",
                "registration",
                name="informant_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("is_mean", sa.Boolean(), nullable=False),
        sa.Column("periods", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("instrument", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column(
            "shown",
            sa.Enum(
                "exact",
                "below",
                "above",
                "few",
                "withheld",
                name="shown_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("bound", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("response", sa.Integer(), nullable=True),
        sa.Column("average_id", sa.Integer(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "higher",
                "equal",
                "lower",
                "no_difference",
                "not_compared",
                name="verdict_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "why_not",
            sa.Enum(
                "not_told",
                "few_families",
                "few_providers",
                "several_periods",
                "would_tell",
                "corrected",
                name="whynotcompared_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column(
            "audience",
            sa.Enum(
                "region",
                "provider",
                "access_teams",
                "referrers",
                "public",
                name="audience_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("seen_from", sa.Date(), nullable=True),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("formula", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(shown IN ('below', 'above')) = (bound IS NOT NULL)", name=op.f("ck_figure_bound_where_bounded")
        ),
        sa.CheckConstraint("(verdict = 'not_compared') = (why_not IS NOT NULL)", name=op.f("ck_figure_says_why_not")),
        sa.CheckConstraint(
            "shown = 'exact' OR (numerator IS NULL AND mean IS NULL)",
            name=op.f("ck_figure_exact_or_no_count"),
        ),
        sa.CheckConstraint(
            "shown IN ('exact', 'below', 'above') OR (n IS NULL AND low IS NULL AND high IS NULL AND response IS NULL)",
            name=op.f("ck_figure_hidden_tells_nothing"),
        ),
        sa.ForeignKeyConstraint(
            ["average_id"], ["outcome_average.id"], name=op.f("fk_figure_average_id_outcome_average")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_figure_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_figure_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
        sa.UniqueConstraint(
            "provider_id",
            "arrangement",
            "framework",
            "indicator",
            "informant",
            "is_mean",
            "periods",
            name="uq_figure_key",
        ),
    )
    op.create_index(op.f("ix_figure_region_id_indicator_period"), "figure", ["region_id", "indicator", "period"])
    op.create_table(
        "outcome_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column(
            "indicator",
            sa.Enum(
                "dropout",
                "satisfaction",
                "without_help",
                "no_new_start",
                "problems_reduced",
                "goals_reached",
                name="indicator_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_outcome_event_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_outcome_event_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_event")),
    )
    op.create_index(op.f("ix_outcome_event_region_id"), "outcome_event", ["region_id"])
    op.create_table(
        "figure_comment",
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column(
            "voice",
            sa.Enum("provider", "region", name="voice_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figure.id"], name=op.f("fk_figure_comment_figure_id_figure"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("figure_id", "voice", name=op.f("pk_figure_comment")),
    )
    op.create_table(
        "figure_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(settled_on IS NULL) = (answer IS NULL)", name=op.f("ck_figure_objection_settled_with_answer")
        ),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figure.id"], name=op.f("fk_figure_objection_figure_id_figure"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_objection")),
    )
    op.create_index(op.f("ix_figure_objection_figure_id"), "figure_objection", ["figure_id"])
    op.create_table(
        "figure_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("sd", sa.Double(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["figure_id"], ["figure.id"], name=op.f("fk_figure_publication_figure_id_figure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_publication")),
    )
    op.create_index(op.f("ix_figure_publication_figure_id"), "figure_publication", ["figure_id"])
    # In plain SQL: a table that Alembic copies for SQLite would lose its checks.
    op.execute(
        "ALTER TABLE measurement ADD COLUMN import_run_id INTEGER "
        "CONSTRAINT fk_measurement_import_run_id_import_run REFERENCES import_run (id)"
    )
    op.execute("ALTER TABLE measurement ADD COLUMN import_row INTEGER")


def downgrade() -> None:
    op.execute("ALTER TABLE measurement DROP COLUMN import_row")
    op.execute("ALTER TABLE measurement DROP COLUMN import_run_id")
    op.drop_index(op.f("ix_figure_publication_figure_id"), "figure_publication")
    op.drop_table("figure_publication")
    op.drop_index(op.f("ix_figure_objection_figure_id"), "figure_objection")
    op.drop_table("figure_objection")
    op.drop_table("figure_comment")
    op.drop_index(op.f("ix_outcome_event_region_id"), "outcome_event")
    op.drop_table("outcome_event")
    op.drop_index(op.f("ix_figure_region_id_indicator_period"), "figure")
    op.drop_table("figure")
    op.drop_table("outcome_phase")
    op.drop_table("outcome_average")
