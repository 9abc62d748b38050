"""Calls of models: what they used and cost, by turn, conversation, provider and day."""

from datetime import timedelta

from memory import Memory
from memory.records import ModelCall, VeiledValue
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import MORNING, begin, wrote


def call(
    provider: str = "zai", *, cost: float | None = 0.5, **more: object
) -> ModelCall:
    values: dict[str, object] = {
        "at": MORNING,
        "model": "glm",
        "account": "1",
        "outcome": "ok",
        "duration_ms": 900,
        "input_tokens": 100,
        "output_tokens": 10,
        "cached_tokens": 80,
        **more,
    }
    return ModelCall(provider=provider, cost_usd=cost, **values)  # pyright: ignore[reportArgumentType]


class SpendingContract(MemoryContract):
    async def test_the_calls_of_a_turn_come_back_in_order(self, memory: Memory) -> None:
        conversation = await begin(memory)
        calls = [call(outcome="down", cost=None), call("anthropic")]

        await memory.spending.note(conversation.id, "c-1", calls)
        await memory.spending.note(conversation.id, "c-2", [call()])

        assert await memory.spending.of_turn("c-1") == calls
        assert [c.provider for c in await memory.spending.last("zai")] == ["zai"] * 2

    async def test_no_calls_are_nothing_to_keep(self, memory: Memory) -> None:
        await memory.spending.note(1, "c-1", [])

        assert await memory.spending.of_turn("c-1") == []

    async def test_an_unknown_price_is_counted_and_never_zero(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        calls = [call(cost=0.25), call(cost=None), call(cost=None, outcome="busy")]
        await memory.spending.note(conversation.id, "c-1", calls)

        [spent] = await memory.spending.sums(by="provider", since=MORNING)

        assert (spent.calls, spent.failed, spent.unknown) == (3, 1, 1)
        assert spent.cost_usd == 0.25
        assert spent.cached_tokens == 240

    async def test_sums_are_made_by_day_conversation_and_turn(
        self, memory: Memory
    ) -> None:
        one, two = await begin(memory), await begin(memory, wrote(by="telegram:2"))
        later = MORNING + timedelta(days=1)
        await memory.spending.note(one.id, "c-1", [call(), call()])
        await memory.spending.note(two.id, "c-2", [call("gemini", at=later, cost=2.0)])
        spending = memory.spending

        days = await spending.sums(by="day", since=MORNING)
        conversations = await spending.sums(by="conversation", since=MORNING)
        turns = await spending.sums(by="turn", since=MORNING, conversation_id=one.id)

        assert [(d.of, d.cost_usd) for d in days] == [
            (f"{later:%Y-%m-%d}", 2.0),
            (f"{MORNING:%Y-%m-%d}", 1.0),
        ]
        assert [c.of for c in conversations] == [str(two.id), str(one.id)]
        assert [(t.of, t.calls) for t in turns] == [("c-1", 2)]

    async def test_what_was_spent_since_a_moment(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await begin(memory)
        old = MORNING - timedelta(days=1)
        await memory.spending.note(conversation.id, "c", [call(at=old), call(cost=3.0)])

        assert await memory.spending.since(MORNING) == 3.0
        assert await memory.spending.since(clock.now + timedelta(days=2)) == 0.0


class VeilsContract(MemoryContract):
    async def test_a_token_keeps_its_value_for_ever(self, memory: Memory) -> None:
        mine, other = await begin(memory), await begin(memory, wrote(by="telegram:2"))
        first = VeiledValue(token="ENFANT_1", kind="child", value="Agnès")
        await memory.veils.keep(mine.id, [first])

        await memory.veils.keep(
            mine.id,
            [
                VeiledValue(token="ENFANT_1", kind="child", value="Benoît"),
                VeiledValue(token="ENFANT_2", kind="child", value="Benoît"),
            ],
        )
        await memory.veils.keep(mine.id, [])

        kept = await memory.veils.of(mine.id)
        assert [(v.token, v.value) for v in kept] == [
            ("ENFANT_1", "Agnès"),
            ("ENFANT_2", "Benoît"),
        ]
        assert await memory.veils.of(other.id) == []


class TestSpendingOnSqlite(OnSqlite, SpendingContract):
    pass


class TestSpendingOnPostgres(OnPostgres, SpendingContract):
    pass


class TestVeilsOnSqlite(OnSqlite, VeilsContract):
    pass


class TestVeilsOnPostgres(OnPostgres, VeilsContract):
    pass
