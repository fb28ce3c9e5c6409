"""Families tell of access teams and certified institutions too, and a municipality counts what its own told."""

# ruff: noqa: S608 - the names in these statements are those of our own tables

import re

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DERIVED = {
    "experience_gone": ("because",),
    "experience_counts": (),
    "experience_figure": ("question", "voice", "framework"),
}
"""What was kept by provider, with what else was its key."""
CHILDREN = {"experience": ("experience_flag", "experience_dispute", "provider_answer"),
            "invitation_batch": ("invitation_code",)}  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "access_team",
                "youth_protector",
                "municipality",
                name="officekind_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'youth_protector') = (municipality = '')", name=op.f("ck_office_of_a_municipality")
        ),
        sa.CheckConstraint(
            "(kind = 'youth_protector') = (provider_id IS NOT NULL)",
            name=op.f("ck_office_institution_of_the_catalogue"),
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_office_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_office_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("region_id", "kind", "slug", name=op.f("uq_office_region_id_kind_slug")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()
    for table in ("invitation_batch", "experience"):
        op.create_index(f"ix_{table}_office_id", table, ["office_id"], unique=False)


def downgrade() -> None:
    """What was told of offices goes: the version before has no place for it."""
    for table in (*DERIVED, "experience"):
        op.execute(f"DELETE FROM {table} WHERE office_id IS NOT NULL")
    op.execute(
        "DELETE FROM invitation_code WHERE batch_id IN (SELECT id FROM invitation_batch WHERE office_id IS NOT NULL)"
    )
    op.execute("DELETE FROM invitation_batch WHERE office_id IS NOT NULL")
    for table in ("invitation_batch", "experience"):
        op.drop_index(f"ix_{table}_office_id", table_name=table)
    if op.get_bind().dialect.name == "sqlite":
        _downgrade_sqlite()
    else:
        _downgrade_postgresql()
    op.drop_table("office")


def _unique(table: str, of: str) -> str:
    return "_".join(("uq", table, of, *DERIVED[table]))


# --- PostgreSQL ------------------------------------------------------------------------------------------


def _upgrade_postgresql() -> None:
    for table, key in DERIVED.items():
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT pk_{table}")
        op.execute(f"ALTER TABLE {table} ADD COLUMN id SERIAL CONSTRAINT pk_{table} PRIMARY KEY")
        _about_postgresql(table)
        for of in ("provider_id", "office_id"):
            op.create_unique_constraint(op.f(_unique(table, of)), table, [of, *key])
    for table in ("invitation_batch", "experience"):
        _about_postgresql(table)
    op.execute("ALTER TABLE experience ADD COLUMN municipality VARCHAR(6) NOT NULL DEFAULT ''")


def _about_postgresql(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ALTER COLUMN provider_id DROP NOT NULL")
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN office_id INTEGER CONSTRAINT fk_{table}_office_id_office REFERENCES office"
    )
    op.create_check_constraint(op.f(f"ck_{table}_about_one"), table, "(provider_id IS NULL) <> (office_id IS NULL)")


def _downgrade_postgresql() -> None:
    op.execute("ALTER TABLE experience DROP COLUMN municipality")
    for table in (*DERIVED, "invitation_batch", "experience"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN office_id")
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS ck_{table}_about_one")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN provider_id SET NOT NULL")
    for table, key in DERIVED.items():
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {_unique(table, 'provider_id')}")
        op.execute(f"ALTER TABLE {table} DROP COLUMN id")
        op.create_primary_key(op.f(f"pk_{table}"), table, ["provider_id", *key])


# --- SQLite: a table with another column is a new table --------------------------------------------------


def _about(table: str) -> dict[str, str]:
    """What a definition has in another way when it is of a provider or an office."""
    own = f"CONSTRAINT fk_{table}_provider_id_provider FOREIGN KEY(provider_id) REFERENCES provider (id)"
    return {
        "provider_id INTEGER NOT NULL, ": "provider_id INTEGER, office_id INTEGER, ",
        own: f"{own}, CONSTRAINT fk_{table}_office_id_office FOREIGN KEY(office_id) REFERENCES office (id), "
        f"CONSTRAINT ck_{table}_about_one CHECK ((provider_id IS NULL) <> (office_id IS NULL))",
    }


def _changes(table: str) -> dict[str, str]:
    if table in DERIVED:
        key = ", ".join(("provider_id", *DERIVED[table]))
        other = ", ".join(("office_id", *DERIVED[table]))
        return {
            f"CONSTRAINT pk_{table} PRIMARY KEY ({key})": f"CONSTRAINT pk_{table} PRIMARY KEY (id), "
            f"CONSTRAINT {_unique(table, 'provider_id')} UNIQUE ({key}), "
            f"CONSTRAINT {_unique(table, 'office_id')} UNIQUE ({other})",
            **_about(table),
            "( provider_id": "( id INTEGER NOT NULL, provider_id",
        }
    if table == "experience":
        quarter = "quarter VARCHAR(7) NOT NULL, "
        return {**_about(table), quarter: f"municipality VARCHAR(6) DEFAULT '' NOT NULL, {quarter}"}
    return _about(table)


def _upgrade_sqlite() -> None:
    for table in (*DERIVED, "invitation_batch", "experience"):
        _remake(table, _changes(table))


def _downgrade_sqlite() -> None:
    for table in (*DERIVED, "invitation_batch", "experience"):
        back = {new: old for old, new in reversed(_changes(table).items())}
        _remake(table, back)


def _remake(table: str, changes: dict[str, str]) -> None:
    """Make a table anew with a changed definition, and all that is in it; its children are put aside meanwhile, since
    they would go with it."""
    connection = op.get_bind()
    definition = connection.exec_driver_sql(
        f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table}'"
    ).scalar_one()
    indexes = list(
        connection.exec_driver_sql(
            f"SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL"
        ).scalars()
    )
    definition = re.sub(r"\s+", " ", definition)
    for old, new in changes.items():
        if old not in definition:
            raise RuntimeError(f"{table} is not as expected: {old!r} is not in its definition")
        definition = definition.replace(old, new, 1)
    op.execute(re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_fresh", definition))
    for child in CHILDREN.get(table, ()):
        op.execute(f"CREATE TABLE {child}_aside AS SELECT * FROM {child}")
        op.execute(f"DELETE FROM {child}")
    before, after = ([column["name"] for column in sa.inspect(connection).get_columns(name)]
                     for name in (table, f"{table}_fresh"))  # fmt: skip
    columns = ", ".join(f'"{name}"' for name in after if name in before)
    op.execute(f"INSERT INTO {table}_fresh ({columns}) SELECT {columns} FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_fresh RENAME TO {table}")
    for index in indexes:
        op.execute(index)
    for child in CHILDREN.get(table, ()):
        op.execute(f"INSERT INTO {child} SELECT * FROM {child}_aside")
        op.execute(f"DROP TABLE {child}_aside")
