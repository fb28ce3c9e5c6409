"""Mail, the trail, counted attempts and the security log."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What the trail refuses to anybody, to ourselves too. Entries before the start may go: `trail.operations.forget` moves it.
ON_SQLITE = """
CREATE TRIGGER trail_entry_never_changed BEFORE UPDATE ON trail_entry
BEGIN SELECT RAISE(ABORT, 'entries of the trail are never changed, and deleted only when they are old'); END;

CREATE TRIGGER trail_entry_deleted_when_old BEFORE DELETE ON trail_entry
WHEN OLD.number > coalesce((SELECT number FROM trail_mark WHERE name = 'start'), 0)
BEGIN SELECT RAISE(ABORT, 'entries of the trail are never changed, and deleted only when they are old'); END;

CREATE TRIGGER trail_mark_goes_on BEFORE UPDATE ON trail_mark
WHEN NEW.name <> OLD.name OR NEW.number < OLD.number
BEGIN SELECT RAISE(ABORT, 'the marks of the trail only move forward'); END;

CREATE TRIGGER trail_mark_never_deleted BEFORE DELETE ON trail_mark
BEGIN SELECT RAISE(ABORT, 'the marks of the trail only move forward'); END
"""

ON_POSTGRESQL = """
CREATE FUNCTION trail_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.number <= (SELECT number FROM trail_mark WHERE name = 'start') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'entries of the trail are never changed, and deleted only when they are old';
END $$;

CREATE FUNCTION trail_mark_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.name = OLD.name AND NEW.number >= OLD.number THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the marks of the trail only move forward';
END $$;

CREATE TRIGGER trail_entry_stays BEFORE UPDATE OR DELETE ON trail_entry
FOR EACH ROW EXECUTE FUNCTION trail_entry_stays();

CREATE TRIGGER trail_entry_never_emptied BEFORE TRUNCATE ON trail_entry
FOR EACH STATEMENT EXECUTE FUNCTION trail_entry_stays();

CREATE TRIGGER trail_mark_goes_on BEFORE UPDATE OR DELETE ON trail_mark
FOR EACH ROW EXECUTE FUNCTION trail_mark_goes_on();

CREATE TRIGGER trail_mark_never_emptied BEFORE TRUNCATE ON trail_mark
FOR EACH STATEMENT EXECUTE FUNCTION trail_mark_goes_on()
"""


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "handing_over",
                "sent",
                "refused",
                "uncertain",
                name="mailstate_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("recipient", sa.String(length=254), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column(
            "trouble",
            sa.Enum(
                "unreachable",
                "insecure",
                "sign_in",
                "sender",
                "mailbox",
                "refused",
                "broken_off",
                name="trouble_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('waiting', 'handing_over') AND recipient IS NOT NULL AND subject IS NOT NULL AND body IS NOT NULL) OR (NOT state IN ('waiting', 'handing_over') AND recipient IS NULL AND subject IS NULL AND body IS NULL)",
            name=op.f("ck_mail_erased_when_it_left"),
        ),
        sa.CheckConstraint(
            "(state IN ('waiting', 'handing_over')) = (ended_at IS NULL)", name=op.f("ck_mail_ended_at_an_end")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mail_attempts_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    op.create_index(op.f("ix_mail_created_at"), "mail", ["created_at"])
    op.create_index(op.f("ix_mail_state_not_before"), "mail", ["state", "not_before"])
    op.create_table(
        "security_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "signed_in",
                "sign_in_failed",
                "code_wrong",
                "recovery_code_used",
                "throttled",
                "reset_asked",
                "reset_done",
                "signed_out",
                "session_ended",
                "access_refused",
                "csrf_refused",
                name="securitykind_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_event")),
    )
    op.create_index(op.f("ix_security_event_at"), "security_event", ["at"])
    op.create_index(op.f("ix_security_event_person_id_at"), "security_event", ["person_id", "at"])
    op.create_index(op.f("ix_security_event_region_id_at"), "security_event", ["region_id", "at"])
    op.create_table(
        "throttle_count",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("slices", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_throttle_count")),
    )
    op.create_index(op.f("ix_throttle_count_expires_at"), "throttle_count", ["expires_at"])
    op.create_table(
        "throttle_salt",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_throttle_salt")),
    )
    op.create_table(
        "trail_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "person",
                "system",
                "command",
                "mail_link",
                name="actorkind_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_label", sa.String(length=200), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=100), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("actor_kind <> 'person' OR actor_id IS NOT NULL", name=op.f("ck_trail_entry_person_known")),
        sa.CheckConstraint("number > 0", name=op.f("ck_trail_entry_number_positive")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_trail_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_trail_entry_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_trail_entry_previous_hash")),
    )
    op.create_index(op.f("ix_trail_entry_action"), "trail_entry", ["action"])
    op.create_index(op.f("ix_trail_entry_region_id_number"), "trail_entry", ["region_id", "number"])
    op.create_index(op.f("ix_trail_entry_subject_kind_subject_id"), "trail_entry", ["subject_kind", "subject_id"])
    op.create_table(
        "trail_mark",
        sa.Column(
            "name",
            sa.Enum("start", "head", name="markname_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_trail_mark_number_counted")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_trail_mark")),
    )
    op.execute("INSERT INTO trail_mark (name, number, hash, seal) VALUES ('start', 0, '', ''), ('head', 0, '', '')")
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in (ON_POSTGRESQL if on_postgresql else ON_SQLITE).strip().split("\n\n"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("trail_mark")
    op.drop_index(op.f("ix_trail_entry_subject_kind_subject_id"), "trail_entry")
    op.drop_index(op.f("ix_trail_entry_region_id_number"), "trail_entry")
    op.drop_index(op.f("ix_trail_entry_action"), "trail_entry")
    op.drop_table("trail_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION trail_mark_goes_on")
        op.execute("DROP FUNCTION trail_entry_stays")
    op.drop_table("throttle_salt")
    op.drop_index(op.f("ix_throttle_count_expires_at"), "throttle_count")
    op.drop_table("throttle_count")
    op.drop_index(op.f("ix_security_event_region_id_at"), "security_event")
    op.drop_index(op.f("ix_security_event_person_id_at"), "security_event")
    op.drop_index(op.f("ix_security_event_at"), "security_event")
    op.drop_table("security_event")
    op.drop_index(op.f("ix_mail_state_not_before"), "mail")
    op.drop_index(op.f("ix_mail_created_at"), "mail")
    op.drop_table("mail")
