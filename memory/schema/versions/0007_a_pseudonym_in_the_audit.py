"""whoever was forgotten stays in the audit by a pseudonym."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("audit") as audit:
        audit.add_column(sa.Column("pseudonym", sa.Text(), nullable=True))
        audit.alter_column("contact_id", existing_type=sa.BigInteger(), nullable=True)


def downgrade() -> None:
    """Undo: what nobody can be named for any more is lost."""
    op.execute("DELETE FROM audit WHERE contact_id IS NULL")
    with op.batch_alter_table("audit") as audit:
        audit.alter_column("contact_id", existing_type=sa.BigInteger(), nullable=False)
        audit.drop_column("pseudonym")
