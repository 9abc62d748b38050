"""indexes for what is asked with every message."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NEW = (
    ("turns", ("conversation_id", "id")),
    ("turns", ("conversation_id", "started_at")),
    ("model_calls", ("conversation_id",)),
    ("messages", ("conversation_id", "received_at")),
    ("messages", ("turn_id",)),
    ("outbox", ("platform_id",)),
    ("outbox", ("turn_id",)),
    ("pages", ("conversation_id",)),
    ("audit", ("contact_id",)),
)
_ONLY = (
    ("messages", "waiting", ("conversation_id", "id"), "state = 'waiting'"),
    ("outbox", "open", ("id",), "state IN ('waiting', 'sending')"),
    ("outbox", "parked", ("id",), "state = 'parked'"),
    ("handoffs", "open", ("conversation_id",), "returned_at IS NULL"),
)


def upgrade() -> None:
    """Apply."""
    for table, columns in _NEW:
        op.create_index(_name(table, columns), table, list(columns))
    for table, which, columns, where in _ONLY:
        condition = sa.text(where)
        op.create_index(
            f"ix_{table}_{which}",
            table,
            list(columns),
            postgresql_where=condition,
            sqlite_where=condition,
        )
    op.drop_index(op.f("ix_turns_conversation_id"), "turns")


def downgrade() -> None:
    """Undo."""
    op.create_index(op.f("ix_turns_conversation_id"), "turns", ["conversation_id"])
    for table, which, _columns, _where in _ONLY:
        op.drop_index(f"ix_{table}_{which}", table)
    for table, columns in _NEW:
        op.drop_index(_name(table, columns), table)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return op.f(f"ix_{table}_{'_'.join(columns)}")
