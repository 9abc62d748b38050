"""The tables of the database of record, the same on SQLite and Postgres."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment in UTC. SQLite gives naive datetimes back; this adds the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: sa.Dialect
    ) -> datetime | None:
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime cannot be kept: give it a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(
        self, value: Any | None, dialect: sa.Dialect
    ) -> datetime | None:
        del dialect
        if value is None:
            return None
        moment: datetime = value
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)


class Written(sa.TypeDecorator[str]):
    """Text as people and models write it, without what Postgres cannot keep.

    A NUL, or half of an emoji, must not cost somebody their message.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        del dialect
        if value is None:
            return None
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\x00", "")


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> sa.Column[int]:
    return sa.Column(
        "id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    )


def _ref(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(
        name, sa.BigInteger, sa.ForeignKey(f"{target}.id"), nullable=nullable
    )


def _only(name: str, *columns: str, where: str) -> sa.Index:
    """An index on the few rows of a growing table that are asked for all the time."""
    condition = sa.text(where)
    return sa.Index(name, *columns, postgresql_where=condition, sqlite_where=condition)


def spelt_out(state: StrEnum) -> sa.ColumnElement[str]:
    """A state in the statement itself: for a parameter no partial index is chosen."""
    return sa.literal_column(f"'{state}'", sa.Text)


contacts = sa.Table(
    "contacts",
    metadata,
    _id(),
    sa.Column("name", Written),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

aliases = sa.Table(
    "aliases",
    metadata,
    sa.Column("alias", sa.Text, primary_key=True),
    _ref("contact_id", "contacts"),
    sa.Index(None, "contact_id"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    _id(),
    _ref("contact_id", "contacts"),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False, server_default="bot"),
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),
    sa.UniqueConstraint("contact_id", "channel"),
)

turns = sa.Table(
    "turns",
    metadata,
    _id(),
    _ref("conversation_id", "conversations"),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("model_calls", sa.Integer, nullable=False),
    sa.Column("tools", sa.JSON, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("correlation_id", sa.Text, nullable=False),
    sa.Column("history", sa.Text),
    sa.Column("said", sa.JSON, nullable=False),
    sa.Column("replies", sa.JSON, nullable=False),
    sa.Index(None, "conversation_id", "id"),
    sa.Index(None, "conversation_id", "started_at"),
)

model_calls = sa.Table(
    "model_calls",
    metadata,
    _id(),
    sa.Column("at", UtcDateTime, nullable=False),
    _ref("conversation_id", "conversations"),
    # Of the turn: a turn that was given up has calls, too, and no row of its own.
    sa.Column("correlation_id", sa.Text, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("duration_ms", sa.Integer, nullable=False),
    sa.Column("input_tokens", sa.Integer, nullable=False),
    sa.Column("output_tokens", sa.Integer, nullable=False),
    sa.Column("cached_tokens", sa.Integer, nullable=False),
    sa.Column("cost_usd", sa.Float),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "at"),
    sa.Index(None, "correlation_id"),
)

veils = sa.Table(  # what stands for personal values in what leaves the house
    "veils",
    metadata,
    _ref("conversation_id", "conversations"),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),  # in the order they were given
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("value", Written, nullable=False),
    sa.PrimaryKeyConstraint("conversation_id", "token"),
)

messages = sa.Table(  # the inbox
    "messages",
    metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    _ref("conversation_id", "conversations"),
    sa.Column("text", Written, nullable=False),
    sa.Column("sent_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("correlation_id", sa.Text, nullable=False),
    _ref("turn_id", "turns", nullable=True),
    sa.Index(None, "conversation_id", "id"),
    sa.Index(None, "conversation_id", "received_at"),
    sa.Index(None, "state"),
    sa.Index(None, "turn_id"),
    _only("ix_messages_waiting", "conversation_id", "id", where="state = 'waiting'"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    _ref("conversation_id", "conversations", nullable=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("text", Written, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", UtcDateTime, nullable=False),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("platform_id", sa.Text),
    sa.Column("problem", sa.Text),
    sa.Column("correlation_id", sa.Text, nullable=False),
    _ref("turn_id", "turns", nullable=True),
    sa.Index(None, "state", "not_before"),
    sa.Index(None, "conversation_id", "id"),
    sa.Index(None, "platform_id"),
    sa.Index(None, "turn_id"),
    _only("ix_outbox_open", "id", where="state IN ('waiting', 'sending')"),
    _only("ix_outbox_parked", "id", where="state = 'parked'"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column(
        "contact_id", sa.BigInteger, sa.ForeignKey("contacts.id"), primary_key=True
    ),
    sa.Column("admin_mode", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
)

grants = sa.Table(  # what a proved code opened, and what staff took of it
    "grants",
    metadata,
    _id(),
    _ref("contact_id", "contacts"),
    sa.Column("profile", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("child", sa.Text, nullable=False),  # "": all of the code's
    sa.Column("name", Written, nullable=False),
    sa.Column("granted_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("revoked_at", UtcDateTime),
    sa.UniqueConstraint("contact_id", "profile", "code", "child"),
)

code_attempts = sa.Table(
    "code_attempts",
    metadata,
    _id(),
    # The message and a digest of the code: a turn that runs again counts once.
    sa.Column("key", sa.Text, nullable=False, unique=True),
    _ref("contact_id", "contacts"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("right", sa.Boolean, nullable=False),
    sa.Index(None, "contact_id", "at"),
    sa.Index(None, "at"),
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    _ref("conversation_id", "conversations"),
    sa.Column("reason", Written, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("requested_at", UtcDateTime, nullable=False),
    sa.Column("claimed_by", sa.Text),
    sa.Column("claimed_at", UtcDateTime),
    sa.Column("returned_at", UtcDateTime),
    sa.Index(None, "conversation_id"),
    _only("ix_handoffs_open", "conversation_id", where="returned_at IS NULL"),
)

pages = sa.Table(
    "pages",
    metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    _ref("conversation_id", "conversations", nullable=True),
    sa.Column("title", Written, nullable=False),
    sa.Column("body_markdown", Written, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
    sa.Index(None, "conversation_id"),
)

attachments = sa.Table(
    "attachments",
    metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    _ref("page_id", "pages", nullable=True),
    _ref("contact_id", "contacts", nullable=True),
    sa.Column("name", Written, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="arriving"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index(None, "page_id"),
    sa.Index(None, "contact_id"),
)

audit = sa.Table(
    "audit",
    metadata,
    _id(),
    sa.Column("at", UtcDateTime, nullable=False),
    _ref("contact_id", "contacts", nullable=True),  # None: was forgotten
    sa.Column("pseudonym", sa.Text),
    sa.Column("tool", sa.Text, nullable=False),
    sa.Column("arguments", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Index(None, "contact_id"),
)

staff = sa.Table(
    "staff",
    metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("password_hash", sa.Text, nullable=False),  # "": signs in elsewhere
    sa.Column("email", sa.Text, unique=True),  # in small letters
    sa.Column("role", sa.Text, nullable=False, server_default="staff"),
    sa.Column("revoked_at", UtcDateTime),
)
