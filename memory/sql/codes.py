"""Right and wrong parent codes, counted where no restart forgets them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from .database import Database
from .tables import code_attempts
from .upsert import insert_once

WRONG_CODES_TO_LOCK = 5
LOCK = timedelta(minutes=15)
FORGET = timedelta(hours=24)
WRONG_CODES_TO_ALERT = 20  # over all contacts, in ALERT_WINDOW
ALERT_WINDOW = timedelta(hours=1)
_LOCK_NUMBER = 0x9057_C0DE  # Postgres: names our advisory lock, no meaning beyond


@dataclass(frozen=True, kw_only=True)
class CodeVerdict:
    """What one attempt came to."""

    accepted: bool
    locked_until: datetime | None = None
    is_under_attack: bool = False  # many wrong codes over all contacts
    alerts_now: bool = False  # this very attempt reached the threshold


class Codes:
    """The attempts of contacts to prove a code, and the lock after five."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def attempt(self, contact_id: int, *, key: str, right: bool) -> CodeVerdict:
        """Count one attempt. While locked even a right code is refused.

        `key` names the message and the code: the same attempt counts once.
        """
        async with self._database.write() as connection:
            await _one_at_a_time(connection)
            now = self._now()
            locked_until = await self._locked_until(connection, contact_id, now)
            wrong_before = await self._wrong_lately(connection, now)
            if locked_until:
                return CodeVerdict(
                    accepted=False,
                    locked_until=locked_until,
                    is_under_attack=wrong_before >= WRONG_CODES_TO_ALERT,
                )
            new = await insert_once(
                connection,
                code_attempts,
                key=key,
                contact_id=contact_id,
                at=now,
                right=right,
            )
            wrong = wrong_before + (not right and new is not None)
            return CodeVerdict(
                accepted=right,
                locked_until=await self._locked_until(connection, contact_id, now),
                is_under_attack=wrong >= WRONG_CODES_TO_ALERT,
                alerts_now=wrong_before < WRONG_CODES_TO_ALERT <= wrong,
            )

    async def _locked_until(
        self, connection: AsyncConnection, contact_id: int, now: datetime
    ) -> datetime | None:
        mine = code_attempts.c.contact_id == contact_id
        last_right = (
            sa.select(sa.func.coalesce(sa.func.max(code_attempts.c.id), 0))
            .where(mine, code_attempts.c.right)
            .scalar_subquery()
        )
        wrong = (
            (
                await connection.execute(
                    sa.select(code_attempts.c.at)
                    .where(mine, ~code_attempts.c.right)
                    # A right code clears only what is as old as a lock: or whoever
                    # has one of their own could try four others for ever.
                    .where(
                        (code_attempts.c.id > last_right)
                        | (code_attempts.c.at > now - LOCK)
                    )
                    .where(code_attempts.c.at > now - FORGET)
                    .order_by(code_attempts.c.id)
                )
            )
            .scalars()
            .all()
        )
        rounds = len(wrong) // WRONG_CODES_TO_LOCK
        if not rounds:
            return None
        until = wrong[rounds * WRONG_CODES_TO_LOCK - 1] + LOCK
        return until if until > now else None

    async def _wrong_lately(self, connection: AsyncConnection, now: datetime) -> int:
        count = await connection.execute(
            sa.select(sa.func.count())
            .select_from(code_attempts)
            .where(~code_attempts.c.right, code_attempts.c.at > now - ALERT_WINDOW)
        )
        return count.scalar_one()


async def _one_at_a_time(connection: AsyncConnection) -> None:
    # Neither the lock after five nor the alert after twenty may be slipped past by
    # attempts that come at once. On SQLite there is one writer anyway.
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_NUMBER)))
