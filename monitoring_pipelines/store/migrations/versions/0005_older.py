"""Results that are older than the evidence chain get records of their own.

No table changes: `store.adoption` writes them in the transaction that brings a database here.
"""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
