"""An estimate and a realised number as of the same moment stand beside each other."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = ("model", "window_start", "window_end", "segment", "metric", "column", "as_of", "status")


def upgrade() -> None:
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.drop_constraint("pk_results", type_="primary")
        batch_op.create_primary_key("pk_results", list(KEY))
