"""The catalogue, measurements and import runs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalogue_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_revision")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("youth_region", sa.String(length=4), nullable=True),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("name", name=op.f("uq_region_name")),
    )
    op.create_table(
        "access_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "access_team",
                "crisis",
                "counsellor",
                "complaints",
                "free_help",
                name="accesspointkind_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("website", sa.String(length=500), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("opening_hours", sa.Text(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_access_point_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_point")),
        sa.UniqueConstraint(
            "region_id", "municipality", "kind", "name", name=op.f("uq_access_point_region_id_municipality_kind_name")
        ),
    )
    with op.batch_alter_table("access_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_point_municipality"), ["municipality"], unique=False)

    op.create_table(
        "consortium",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_consortium_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium")),
        sa.UniqueConstraint("region_id", "identifier", name=op.f("uq_consortium_region_id_identifier")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_import_run_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_region_id"), ["region_id"], unique=False)

    op.create_table(
        "method",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_method_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method")),
        sa.UniqueConstraint("region_id", "name", name=op.f("uq_method_region_id_name")),
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=100), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kvk_number", sa.String(length=8), nullable=True),
        sa.Column("agb_code", sa.String(length=8), nullable=True),
        sa.Column("summary", sa.String(length=300), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("website", sa.String(length=500), nullable=True),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column(
            "size",
            sa.Enum(
                "solo",
                "small",
                "medium",
                "large",
                name="providersize_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("quality_marks", sa.JSON(), nullable=False),
        sa.Column("team_size", sa.Integer(), nullable=True),
        sa.Column("first_meeting", sa.Boolean(), nullable=True),
        sa.Column(
            "same_worker",
            sa.Enum(
                "always", "usually", "no", name="sameworker_known", native_enum=False, create_constraint=True, length=20
            ),
            nullable=True,
        ),
        sa.Column("evening_weekend", sa.Boolean(), nullable=True),
        sa.Column("identity", sa.Text(), nullable=True),
        sa.Column("complaints_url", sa.String(length=500), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("desk_texts", sa.JSON(), nullable=False),
        sa.CheckConstraint("id != successor_id", name=op.f("ck_provider_not_its_own_successor")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_provider_region_id_region")),
        sa.ForeignKeyConstraint(["successor_id"], ["provider.id"], name=op.f("fk_provider_successor_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("region_id", "identifier", name=op.f("uq_provider_region_id_identifier")),
        sa.UniqueConstraint("slug", name=op.f("uq_provider_slug")),
    )
    with op.batch_alter_table("provider", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provider_name"), ["name"], unique=False)

    op.create_table(
        "consortium_member",
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consortium_id"],
            ["consortium.id"],
            name=op.f("fk_consortium_member_consortium_id_consortium"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_consortium_member_provider_id_provider"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("consortium_id", "provider_id", name=op.f("pk_consortium_member")),
    )
    with op.batch_alter_table("consortium_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consortium_member_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=100), nullable=False),
        sa.Column("arrangement", sa.String(length=50), nullable=False),
        sa.Column("whole_region", sa.Boolean(), nullable=False),
        sa.Column("municipalities", sa.JSON(), nullable=False),
        sa.Column("lot", sa.String(length=200), nullable=True),
        sa.Column("purchaser", sa.String(length=200), nullable=True),
        sa.Column(
            "basis",
            sa.Enum(
                "contract", "subsidy", name="contractbasis_known", native_enum=False, create_constraint=True, length=20
            ),
            nullable=True,
        ),
        sa.Column("max_waiting_weeks", sa.Integer(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.CheckConstraint("end_date IS NULL OR start_date <= end_date", name=op.f("ck_contract_period_in_order")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_contract_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_contract_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("region_id", "identifier", name=op.f("uq_contract_region_id_identifier")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index("ix_contract_provider_id_arrangement", ["provider_id", "arrangement"], unique=False)

    op.create_table(
        "former_slug",
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_former_slug_provider_id_provider"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_slug")),
    )
    with op.batch_alter_table("former_slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_slug_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "location",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "office",
                "treatment",
                "day_care",
                "residential",
                "family_home",
                "school",
                "other",
                name="locationkind_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("house_number", sa.String(length=20), nullable=True),
        sa.Column("postcode", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=100), nullable=True),
        sa.Column("municipality", sa.String(length=6), nullable=True),
        sa.Column("wheelchair_accessible", sa.Boolean(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("address_confidential", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_location_point_is_whole")),
        sa.CheckConstraint(
            "NOT address_confidential OR (name IS NULL AND street IS NULL AND house_number IS NULL AND postcode IS NULL AND city IS NULL AND latitude IS NULL AND longitude IS NULL)",
            name=op.f("ck_location_confidential_is_not_stored"),
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_location_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_location_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("region_id", "identifier", name=op.f("uq_location_region_id_identifier")),
    )
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_location_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_location_municipality"), ["municipality"], unique=False)
        batch_op.create_index(batch_op.f("ix_location_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "measurement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("arrangement", sa.String(length=50), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
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
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("sd", sa.Double(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("invited", sa.Integer(), nullable=True),
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
        sa.Column("instrument", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(numerator IS NULL) <> (mean IS NULL)", name=op.f("ck_measurement_share_or_mean")),
        sa.CheckConstraint("mean IS NULL OR (mean BETWEEN 1 AND 10 AND n > 0)", name=op.f("ck_measurement_mean")),
        sa.CheckConstraint(
            "numerator IS NULL OR numerator BETWEEN 0 AND denominator", name=op.f("ck_measurement_share")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_measurement_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
        sa.UniqueConstraint(
            "provider_id",
            "arrangement",
            "period",
            "framework",
            "indicator",
            "municipality",
            "informant",
            "instrument",
            "source",
            name="uq_measurement_key",
        ),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("arrangement", sa.String(length=50), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("approach", sa.Text(), nullable=True),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("age_min", sa.Integer(), nullable=True),
        sa.Column("age_max", sa.Integer(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column(
            "framework",
            sa.Enum(
                "voluntary",
                "mandatory",
                "both",
                name="framework_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("not_suitable_for", sa.Text(), nullable=True),
        sa.Column("municipalities", sa.JSON(), nullable=False),
        sa.Column("location_identifiers", sa.JSON(), nullable=False),
        sa.Column(
            "access",
            sa.Enum("referral", "free", name="offeraccess_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "individual", "group", "both", name="form_known", native_enum=False, create_constraint=True, length=20
            ),
            nullable=True,
        ),
        sa.Column(
            "gender",
            sa.Enum("all", "girls", "boys", name="gender_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("places_free", sa.Integer(), nullable=True),
        sa.Column("continues_until_age", sa.Integer(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("waiting_weeks_intake", sa.Integer(), nullable=True),
        sa.Column("waiting_weeks_start", sa.Integer(), nullable=True),
        sa.Column("waiting_reported_on", sa.Date(), nullable=True),
        sa.Column(
            "waiting_origin",
            sa.Enum("package", "desk", name="origin_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("accepting_clients", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("desk_texts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "age_min IS NULL OR age_max IS NULL OR age_min <= age_max", name=op.f("ck_offer_ages_in_order")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_offer_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_offer_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("region_id", "identifier", name=op.f("uq_offer_region_id_identifier")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index("ix_offer_arrangement_provider_id", ["arrangement", "provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "provider_language",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_language_provider_id_provider"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("provider_id", "language", name=op.f("pk_provider_language")),
    )
    op.create_table(
        "contract_municipality",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contract_municipality_contract_id_contract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contract_id", "municipality", name=op.f("pk_contract_municipality")),
    )
    with op.batch_alter_table("contract_municipality", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_municipality_municipality"), ["municipality"], unique=False)

    op.create_table(
        "offer_municipality",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_offer_municipality_offer_id_offer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("offer_id", "municipality", name=op.f("pk_offer_municipality")),
    )
    with op.batch_alter_table("offer_municipality", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_municipality_municipality"), ["municipality"], unique=False)

    op.create_table(
        "offer_setting",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column(
            "setting",
            sa.Enum(
                "home",
                "school",
                "location",
                "online",
                "group",
                "residential",
                name="setting_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_offer_setting_offer_id_offer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("offer_id", "setting", name=op.f("pk_offer_setting")),
    )
    op.create_table(
        "offer_topic",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_offer_topic_offer_id_offer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("offer_id", "topic", name=op.f("pk_offer_topic")),
    )
    with op.batch_alter_table("offer_topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_topic_topic"), ["topic"], unique=False)
    op.execute("INSERT INTO catalogue_revision (id, number) VALUES (1, 0)")


def downgrade() -> None:
    with op.batch_alter_table("offer_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_topic_topic"))

    op.drop_table("offer_topic")
    op.drop_table("offer_setting")
    with op.batch_alter_table("offer_municipality", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_municipality_municipality"))

    op.drop_table("offer_municipality")
    with op.batch_alter_table("contract_municipality", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_municipality_municipality"))

    op.drop_table("contract_municipality")
    op.drop_table("provider_language")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_provider_id"))
        batch_op.drop_index("ix_offer_arrangement_provider_id")

    op.drop_table("offer")
    op.drop_table("measurement")
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_location_provider_id"))
        batch_op.drop_index(batch_op.f("ix_location_municipality"))
        batch_op.drop_index(batch_op.f("ix_location_kind"))

    op.drop_table("location")
    with op.batch_alter_table("former_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_slug_provider_id"))

    op.drop_table("former_slug")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_index("ix_contract_provider_id_arrangement")

    op.drop_table("contract")
    with op.batch_alter_table("consortium_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consortium_member_provider_id"))

    op.drop_table("consortium_member")
    with op.batch_alter_table("provider", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_name"))

    op.drop_table("provider")
    op.drop_table("method")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_region_id"))

    op.drop_table("import_run")
    op.drop_table("consortium")
    with op.batch_alter_table("access_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_point_municipality"))

    op.drop_table("access_point")
    op.drop_table("region")
    op.drop_table("catalogue_revision")
