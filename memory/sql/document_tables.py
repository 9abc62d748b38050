"""The tables of documents: their text, and how far their source was followed."""

import sqlalchemy as sa

from .tables import UtcDateTime, Written, metadata

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("name", Written, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("text", Written, nullable=False),
    sa.Column("problem", Written),
    sa.Column("link", sa.Text),
    sa.Column("changed_at", UtcDateTime),
    sa.PrimaryKeyConstraint("origin", "source_id"),
)

document_sync = sa.Table(
    "document_sync",
    metadata,
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    sa.Column("generation", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cursor", sa.Text),
    sa.Column("synced_at", UtcDateTime),
    sa.Column("problem", Written),
    sa.Column("lease_until", UtcDateTime),
)
