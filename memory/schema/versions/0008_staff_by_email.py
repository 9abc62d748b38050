"""staff are known by an e-mail address, too, and have a role."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("email", sa.Text(), nullable=True))
        staff.add_column(
            sa.Column("role", sa.Text(), server_default="staff", nullable=False)
        )
        staff.create_unique_constraint(op.f("uq_staff_email"), ["email"])


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("staff") as staff:
        staff.drop_constraint(op.f("uq_staff_email"), type_="unique")
        staff.drop_column("role")
        staff.drop_column("email")
