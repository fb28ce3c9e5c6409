"""What a provider says of what was passed on to it stands apart from what the region decides."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE correction ADD COLUMN provider_says VARCHAR(20) "
        "CONSTRAINT ck_correction_providersays_known CHECK (provider_says IN ('right_now', 'was_right'))"
    )


def downgrade() -> None:
    op.drop_column("correction", "provider_says")
