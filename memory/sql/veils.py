"""What stands for the personal values of each conversation, outside the house."""

from collections.abc import Sequence

import sqlalchemy as sa

from ..records import VeiledValue
from .database import Database
from .tables import veils
from .upsert import insert_once


class Veils:
    """Once a token stands for a value it does so for the whole conversation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, conversation_id: int) -> Sequence[VeiledValue]:
        """What was kept of a conversation, in the order it was given."""
        query = (
            sa.select(veils)
            .where(veils.c.conversation_id == conversation_id)
            .order_by(veils.c.position)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            VeiledValue(token=row.token, kind=row.kind, value=row.value) for row in rows
        ]

    async def keep(self, conversation_id: int, values: Sequence[VeiledValue]) -> None:
        """Keep all values of a conversation; what is kept already stays as it is."""
        if not values:
            return
        async with self._database.write() as connection:
            for position, each in enumerate(values):
                await insert_once(
                    connection,
                    veils,
                    conversation_id=conversation_id,
                    token=each.token,
                    position=position,
                    kind=each.kind,
                    value=each.value,
                )
