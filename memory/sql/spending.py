"""What models were asked, what they used and what it cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from ..records import ModelCall
from .database import Database
from .tables import model_calls

By = Literal["provider", "day", "conversation", "turn"]

_OK = "ok"


@dataclass(frozen=True, kw_only=True)
class Spent:
    """The sum of some calls. `cost_usd` is of the calls whose price is known."""

    of: str  # the provider, the day, the number of the conversation, the turn
    calls: int
    failed: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost_usd: float
    unknown: int  # calls that were answered and whose price is not known


class Spending:
    """Every request to a model, by turn, conversation, provider and day."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def note(
        self, conversation_id: int, correlation_id: str, calls: Sequence[ModelCall]
    ) -> None:
        """Keep the calls of one turn, answered or not."""
        if not calls:
            return
        rows = [
            {
                "conversation_id": conversation_id,
                "correlation_id": correlation_id,
                **{name: getattr(call, name) for name in _COLUMNS},
            }
            for call in calls
        ]
        async with self._database.write() as connection:
            await connection.execute(model_calls.insert(), rows)

    async def since(self, moment: datetime) -> float:
        """The known cost of everything from `moment` on, in US dollars."""
        query = sa.select(sa.func.sum(model_calls.c.cost_usd)).where(
            model_calls.c.at >= moment
        )
        async with self._database.read() as connection:
            return float((await connection.execute(query)).scalar() or 0.0)

    async def sums(
        self, *, by: By, since: datetime, conversation_id: int | None = None
    ) -> Sequence[Spent]:
        """What was spent from `since` on, a sum for each of `by`, dearest first."""
        group = _GROUPS[by]
        is_answered = model_calls.c.outcome == _OK
        query = (
            sa.select(
                group.label("of"),
                sa.func.count().label("calls"),
                _count(~is_answered).label("failed"),
                sa.func.sum(model_calls.c.input_tokens).label("input_tokens"),
                sa.func.sum(model_calls.c.output_tokens).label("output_tokens"),
                sa.func.sum(model_calls.c.cached_tokens).label("cached_tokens"),
                sa.func.coalesce(sa.func.sum(model_calls.c.cost_usd), 0.0).label(
                    "cost_usd"
                ),
                _count(is_answered & model_calls.c.cost_usd.is_(None)).label("unknown"),
            )
            .where(model_calls.c.at >= since)
            .group_by(group)
            .order_by(sa.desc("cost_usd"), sa.desc("calls"), "of")
        )
        if conversation_id is not None:
            query = query.where(model_calls.c.conversation_id == conversation_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            Spent(
                of=str(row.of),
                calls=row.calls,
                failed=row.failed,
                input_tokens=row.input_tokens,
                output_tokens=row.output_tokens,
                cached_tokens=row.cached_tokens,
                cost_usd=float(row.cost_usd),
                unknown=row.unknown,
            )
            for row in rows
        ]

    async def of_turn(self, correlation_id: str) -> Sequence[ModelCall]:
        """The calls made for one message, in order."""
        return await self._calls(model_calls.c.correlation_id == correlation_id)

    async def last(self, provider: str, *, at_most: int = 100) -> Sequence[ModelCall]:
        """The latest calls of a provider, newest first."""
        query = (
            sa.select(model_calls)
            .where(model_calls.c.provider == provider)
            .order_by(model_calls.c.id.desc())
            .limit(at_most)
        )
        async with self._database.read() as connection:
            return [_to_call(row) for row in (await connection.execute(query)).all()]

    async def _calls(self, which: sa.ColumnElement[bool]) -> Sequence[ModelCall]:
        query = sa.select(model_calls).where(which).order_by(model_calls.c.id)
        async with self._database.read() as connection:
            return [_to_call(row) for row in (await connection.execute(query)).all()]


_COLUMNS = (
    "at",
    "provider",
    "model",
    "account",
    "outcome",
    "duration_ms",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "cost_usd",
)

_GROUPS: dict[By, sa.ColumnElement[Any]] = {
    "provider": sa.type_coerce(model_calls.c.provider, sa.Text),
    "day": sa.cast(sa.func.date(model_calls.c.at), sa.Text),
    "conversation": sa.type_coerce(model_calls.c.conversation_id, sa.Integer),
    "turn": sa.type_coerce(model_calls.c.correlation_id, sa.Text),
}


def _count(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((which, 1), else_=0)), 0)


def _to_call(row: sa.Row[Any]) -> ModelCall:
    return ModelCall(**{name: getattr(row, name) for name in _COLUMNS})
