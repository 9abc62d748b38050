"""what a code opened is kept code by code, and can be taken away."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOVED = ("profile", "code", "parent_name")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "grants",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("child", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_grants_contact_id_contacts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint(
            "contact_id",
            "profile",
            "code",
            "child",
            name=op.f("uq_grants_contact_id_profile_code_child"),
        ),
    )
    op.execute(
        "INSERT INTO grants (contact_id, profile, code, child, name, granted_at)"
        " SELECT contact_id, profile, code, '', coalesce(parent_name, ''), expires_at"
        " FROM sessions WHERE code IS NOT NULL AND profile IS NOT NULL"
    )
    with op.batch_alter_table("sessions") as sessions:
        for name in _MOVED:
            sessions.drop_column(name)


def downgrade() -> None:
    """Undo: of several codes the one that was proved last stays."""
    with op.batch_alter_table("sessions") as sessions:
        for name in _MOVED:
            sessions.add_column(sa.Column(name, sa.Text(), nullable=True))
    last = (
        " FROM grants WHERE grants.contact_id = sessions.contact_id AND child = ''"
        " AND ended_at IS NULL AND revoked_at IS NULL"
        " ORDER BY granted_at DESC, id DESC LIMIT 1)"
    )
    op.execute(
        f"UPDATE sessions SET profile = (SELECT profile{last},"
        f" code = (SELECT code{last}, parent_name = (SELECT name{last}"
    )
    op.drop_table("grants")
