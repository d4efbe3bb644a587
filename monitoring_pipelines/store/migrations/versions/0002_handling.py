"""What people do about incidents, and what a channel needs to know."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbox")),
    )
    op.create_table(
        "learned",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service", "fact", name=op.f("pk_learned")),
    )
    op.create_table(
        "silences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("matchers", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    op.create_table(
        "uploads",
        sa.Column("idem", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("idem", name=op.f("pk_uploads")),
    )
    op.add_column("incidents", sa.Column("acknowledged_by", sa.Text(), nullable=True))
    op.add_column(
        "incidents", sa.Column("acknowledged_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "incidents", sa.Column("silenced_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("incidents", sa.Column("inhibited_by", sa.Text(), nullable=True))
    op.add_column("incidents", sa.Column("feedback", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("under", sa.Text(), nullable=True))
    op.create_index(
        "ix_outbox_incident_id_destination_seq", "outbox", ["incident_id", "destination", "seq"]
    )
    op.add_column("messages", sa.Column("thread", sa.Text(), nullable=True))
    op.add_column("destinations", sa.Column("free_at", sa.DateTime(timezone=True), nullable=True))
