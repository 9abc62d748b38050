"""What the house keeps and tells of its providers: troubles, money, credit, time."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.texts import FRENCH
from tests.conftest import Clock
from tests.counterparts.providers import (
    Asked,
    Credit,
    Fault,
    ProviderCounterpart,
    Reply,
    Usage,
    greet,
    running_providers,
)
from tests.provided_house import Provided, provided_house
from tests.redis_server import free_port, own_redis

BAD_KEY = "sk-refused-everywhere-4417"
PEOPLE = ("+221770000601", "+221770000602", "+221770000603")
A_MOMENT_S = 6  # longer than a sum may serve


@pytest.fixture
async def counterpart() -> AsyncGenerator[ProviderCounterpart]:
    async with running_providers() as running:
        yield running


async def is_asked(provided: Provided, clock: Clock, *, times: int = 1) -> None:
    """Several people write, one after the other."""
    for number in range(times):
        assert await provided.answers("Bonjour", by=PEOPLE[number % len(PEOPLE)])
        clock.forward(seconds=A_MOMENT_S)


async def alerts(provided: Provided) -> list[str]:
    """What the admin was told that is no answer."""
    return [text for text in await provided.read_by_admin() if text[0] in "⚠ℹ"]


@pytest.mark.parametrize(
    ("fault", "why"), [("401", "est refusée"), ("402", "n’a plus de crédit")]
)
async def test_a_refused_key_is_told_once_a_day_whatever_restarts(
    tmp_path: Path,
    counterpart: ProviderCounterpart,
    clock: Clock,
    *,
    fault: str,
    why: str,
) -> None:
    keys = {"anthropic": f"ours:{BAD_KEY}", "openai": "other"}
    counterpart.faults[BAD_KEY] = Fault(fault)

    def house() -> AbstractAsyncContextManager[Provided]:
        return provided_house(tmp_path, counterpart, keys, clock=clock)

    async with house() as provided:
        await provided.answers_admin("Bonjour")
        await is_asked(provided, clock, times=3)
        clock.forward(hours=2)  # the key is tried again, and refused again
        await is_asked(provided, clock, times=2)
        assert [key for key in _keys(counterpart) if key == BAD_KEY] == [BAD_KEY] * 2
    async with house() as provided:
        await is_asked(provided, clock)
        assert _keys(counterpart).count(BAD_KEY) == 3
        told = await alerts(provided)
    assert len(told) == 1
    assert f"la clé …4417 (compte ours) {why}" in told[0]
    assert BAD_KEY not in told[0]

    clock.forward(days=1)
    async with house() as provided:
        await is_asked(provided, clock)
        assert len(await alerts(provided)) == 2


def _keys(counterpart: ProviderCounterpart) -> list[str]:
    return [asked.key for asked in counterpart.asked]


async def test_an_alert_waits_for_the_admin_who_has_not_written_yet(
    tmp_path: Path, counterpart: ProviderCounterpart, clock: Clock
) -> None:
    counterpart.faults[BAD_KEY] = Fault("401")
    keys = {"anthropic": BAD_KEY, "openai": "other"}
    async with provided_house(tmp_path, counterpart, keys, clock=clock) as provided:
        await is_asked(provided, clock)  # there is nobody to be told: no harm

        assert await provided.read_by_admin() == []


async def test_two_keys_are_two_troubles_and_a_missing_model_is_one(
    tmp_path: Path, counterpart: ProviderCounterpart, clock: Clock
) -> None:
    keys = {"anthropic": "a:bad-key-0001,a:bad-key-0002", "gemini": "k1,k2"}
    counterpart.faults = {
        "bad-key-0001": Fault("401"),
        "bad-key-0002": Fault("401"),
        "k1": Fault("404"),
        "k2": Fault("404"),
    }
    async with provided_house(tmp_path, counterpart, keys, clock=clock) as provided:
        await provided.answers_admin("Bonjour")
        for _ in range(4):
            await is_asked(provided, clock)
            clock.forward(minutes=11)  # the model is looked for again

        told = await alerts(provided)
        assert {"k1", "k2"} <= set(_keys(counterpart))
    assert sorted(_subject(text) for text in told) == [
        "anthropic …0001",
        "anthropic …0002",
        "gemini",
    ]


def _subject(alert: str) -> str:
    words = alert.split()
    key = [word for word in words if word.startswith("…")]
    return " ".join([words[words.index(":") - 1], *key])


async def test_the_money_of_the_day_is_minded_and_told_of(
    tmp_path: Path, counterpart: ProviderCounterpart, clock: Clock
) -> None:
    def dear(asked: Asked) -> Reply:
        return Reply(text="Bonjour à vous", usage=Usage(cost_usd=4.2))

    counterpart.script = dear
    more = {"DAILY_SPEND_LIMIT_USD": "10", "OPENROUTER_CHEAP_MODEL": "z-ai/cheap"}
    async with provided_house(
        tmp_path, counterpart, {"openrouter": "k"}, clock=clock, more=more
    ) as provided:
        await provided.answers_admin("Bonjour")
        clock.forward(seconds=A_MOMENT_S)
        await is_asked(provided, clock, times=2)
        assert [asked.model for asked in counterpart.asked] == [
            "z-ai/glm-4.6",
            "z-ai/glm-4.6",
            "z-ai/cheap",
        ]
        last = await provided.answers("Bonjour", by=PEOPLE[0])
        await is_asked(provided, clock, times=3)

        assert len(counterpart.asked) == 3  # the built-in model alone
        assert FRENCH.reduced in "\n".join(last)
        told = await alerts(provided)
        assert ["80 %" in text for text in told] == [True, False]
        assert "maximale du jour est atteinte" in told[1]

        clock.forward(days=1)
        await is_asked(provided, clock)
        assert [asked.model for asked in counterpart.asked[3:]] == ["z-ai/glm-4.6"]
        assert len(await alerts(provided)) == 2


async def test_what_a_turn_used_is_kept_by_turn_conversation_provider_and_day(
    tmp_path: Path, counterpart: ProviderCounterpart, clock: Clock
) -> None:
    keys = {"zai": "500", "openrouter": "k"}
    async with provided_house(tmp_path, counterpart, keys, clock=clock) as provided:
        since = clock()
        first = await provided.hears("Bonjour", by=PEOPLE[0])
        await provided.house.answering.drain(first.conversation_id)
        second = await provided.hears('Tarifs !search_documents {"query": "tarif"}')
        await provided.house.answering.drain(second.conversation_id)
        spending = provided.house.memory.spending

        calls = await spending.of_turn(first.correlation_id)
        by_provider = {s.of: s for s in await spending.sums(by="provider", since=since)}
        [day] = await spending.sums(by="day", since=since)
        talks = await spending.sums(by="conversation", since=since)
        turns = await spending.sums(by="turn", since=since)

    assert [call.outcome for call in calls] == ["down", "down", "ok"]  # two routes
    assert (calls[-1].input_tokens, calls[-1].output_tokens) == (120, 15)
    assert (by_provider["zai"].calls, by_provider["zai"].failed) == (2, 2)
    assert by_provider["zai"].unknown == 0  # no answer has no price
    assert by_provider["openrouter"].calls == 3
    assert by_provider["openrouter"].cost_usd == pytest.approx(3 * 0.0012)
    assert by_provider["openrouter"].input_tokens == 360
    assert (day.of, day.calls) == (f"{since:%Y-%m-%d}", 5)
    assert Counter(t.of for t in talks) == Counter(
        [str(first.conversation_id), str(second.conversation_id)]
    )
    assert {t.of: t.calls for t in turns} == {
        first.correlation_id: 3,
        second.correlation_id: 2,
    }


async def test_a_bill_that_cannot_be_kept_or_added_up_costs_nobody_the_answer(
    tmp_path: Path, counterpart: ProviderCounterpart
) -> None:
    more = {"DAILY_SPEND_LIMIT_USD": "10"}
    async with provided_house(
        tmp_path, counterpart, {"openai": "k"}, more=more
    ) as provided:
        async with provided.house.memory.database.write() as connection:
            await connection.execute(sa.text("DROP TABLE model_calls"))

        assert await provided.answers("Bonjour") == ["Bonjour"]
        [turn] = await provided.house.memory.turns.recent(1, at_most=9)
        assert turn.provider == "openai"


async def test_low_credit_is_told_once_a_day(
    tmp_path: Path, counterpart: ProviderCounterpart, clock: Clock
) -> None:
    key = "sk-or-nearly-empty-7350"
    counterpart.credits[key] = Credit(limit=20.0, usage=18.25)
    async with provided_house(
        tmp_path,
        counterpart,
        {"openrouter": f"ours:{key}"},
        clock=clock,
        more={"LOW_CREDIT_USD": "2"},
    ) as provided:
        await provided.answers_admin("Bonjour")
        watch = provided.house.agent.credit_watch
        for _ in range(3):
            await watch.look()
        [told] = await alerts(provided)
        assert "il reste 1,75 $ sur le compte ours" in told
        assert key not in told

        clock.forward(days=1)
        await watch.look()
        assert len(await alerts(provided)) == 2


async def test_the_built_in_model_answers_in_time_when_every_provider_hangs(
    tmp_path: Path, counterpart: ProviderCounterpart
) -> None:
    keys = {"anthropic": "hang", "openai": "hang", "gemini": "hang"}
    async with provided_house(
        tmp_path, counterpart, keys, more={"TURN_TIMEOUT_S": "5"}
    ) as provided:
        reply = "\n".join(await provided.answers("Bonjour"))

        [turn] = await provided.house.memory.turns.recent(1, at_most=9)
    assert turn.provider == "offline"
    assert FRENCH.reduced in reply
    assert FRENCH.too_slow not in reply
    assert 2 <= len(counterpart.asked) <= 3


async def test_what_one_process_learns_of_a_provider_another_knows(
    tmp_path: Path, counterpart: ProviderCounterpart
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    keys = {"anthropic": "busy", "openai": "other"}
    counterpart.faults["busy"] = Fault("429-retry-3000")
    counterpart.script = greet
    with own_redis(free_port()) as url:
        more = {"REDIS_URL": url}
        async with (
            provided_house(tmp_path / "a", counterpart, keys, more=more) as mine,
            provided_house(tmp_path / "b", counterpart, keys, more=more) as yours,
        ):
            await mine.answers("Bonjour")
            await yours.answers("Bonjour")

        assert _keys(counterpart) == ["busy", "other", "other"]
        # Redis is gone now and then: each goes on with what it knows.
    async with provided_house(
        tmp_path / "a", counterpart, keys, more={"REDIS_URL": url}
    ) as alone:
        assert await alone.answers("Bonjour") == ["Bonjour"]
