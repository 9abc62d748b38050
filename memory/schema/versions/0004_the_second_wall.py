"""the second wall.

Up, it has nothing to do: `migrate` closes every table after the last migration, those
that a later one makes too. Down, a program of before knows no wall and must not meet one.
"""

from alembic import op

from memory.sql.walls import lower_walls

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""


def downgrade() -> None:
    """Undo."""
    if op.get_bind().dialect.name == "postgresql":
        lower_walls(op.get_bind())
