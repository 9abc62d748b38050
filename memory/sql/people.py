"""The people of the service: who may sign in, and what privileged tools did."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from ..records import AuditEntry, Staff, ToolOutcome
from .database import Database
from .tables import audit, staff
from .upsert import insert_once


class StaffList:
    """Who may open the staff inbox."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def add(
        self,
        name: str,
        password_hash: str,
        *,
        email: str | None = None,
        role: Literal["staff", "admin"] = "staff",
    ) -> bool:
        """Let a person sign in. False when the name or the address is taken."""
        async with self._database.write() as connection:
            new = await insert_once(
                connection,
                staff,
                name=name,
                password_hash=password_hash,
                email=email.casefold() if email else None,
                role=role,
            )
            return new is not None

    async def by_email(self, email: str) -> Staff | None:
        """The person with this address, unless revoked."""
        wanted = email.casefold()
        found = [person for person in await self.all() if person.email == wanted]
        return found[0] if found and not found[0].revoked_at else None

    async def by_name(self, name: str) -> Staff | None:
        """The person, unless revoked."""
        found = [person for person in await self.all() if person.name == name]
        return found[0] if found and not found[0].revoked_at else None

    async def all(self) -> Sequence[Staff]:
        """Everybody, revoked or not."""
        async with self._database.read() as connection:
            rows = await connection.execute(sa.select(staff).order_by(staff.c.name))
            return [
                Staff(
                    id=row.id,
                    name=row.name,
                    password_hash=row.password_hash,
                    email=row.email,
                    role=row.role,
                    revoked_at=row.revoked_at,
                )
                for row in rows
            ]

    async def revoke(self, name: str) -> bool:
        """No longer. Counts from the next request on."""
        async with self._database.write() as connection:
            done = await connection.execute(
                staff.update()
                .where(staff.c.name == name, staff.c.revoked_at.is_(None))
                .values(revoked_at=self._now())
            )
            return done.rowcount == 1


class Audit:
    """Every use of a privileged tool. Nothing here is changed later."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def note(
        self,
        contact_id: int,
        tool: str,
        arguments: Mapping[str, object],
        outcome: ToolOutcome,
    ) -> None:
        """Keep who did what, and how it ended."""
        async with self._database.write() as connection:
            await connection.execute(
                audit.insert().values(
                    at=self._now(),
                    contact_id=contact_id,
                    tool=tool,
                    arguments=json.dumps(arguments, ensure_ascii=False, default=str),
                    outcome=outcome,
                )
            )

    async def all(self) -> Sequence[AuditEntry]:
        """Every entry, oldest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(sa.select(audit).order_by(audit.c.id))
            return [
                AuditEntry(
                    at=row.at,
                    contact_id=row.contact_id,
                    tool=row.tool,
                    arguments=row.arguments,
                    outcome=ToolOutcome(row.outcome),
                )
                for row in rows
            ]
