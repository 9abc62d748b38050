"""What is left on an account is asked for, and told before nothing is left."""

import asyncio

import pytest

from agent.providers.credit import Credit, CreditWatch
from agent.providers.settings import read_provider
from memory import Unkept
from tests.counterparts.providers import Credit as Account
from tests.counterparts.providers import Fault, ProviderCounterpart

LOW_USD = 2.0
KEY, OTHER, MANAGER = "sk-or-first-4417", "sk-or-second-7350", "sk-or-manager-0001"


class Told(list[Credit]):
    """What admins would be told of."""

    async def __call__(self, credit: Credit) -> None:
        self.append(credit)


def watch_of(
    counterpart: ProviderCounterpart,
    told: Told,
    *,
    keys: str = f"ours:{KEY}",
    manager: str = "",
    every_s: float = 300.0,
) -> CreditWatch:
    settings = read_provider(
        "openrouter",
        {
            "OPENROUTER_API_KEYS": keys,
            "OPENROUTER_MODEL": "z-ai/glm-4.6",
            "OPENROUTER_BASE_URL": counterpart.base_url("openrouter"),
            "OPENROUTER_MANAGEMENT_KEY": manager,
        },
    )
    return CreditWatch([settings], low_usd=LOW_USD, on_low=told, every_s=every_s)


async def test_each_key_is_asked_for_what_it_has_left(
    counterpart: ProviderCounterpart,
) -> None:
    counterpart.credits = {
        KEY: Account(limit=20.0, usage=12.5),
        OTHER: Account(limit=20.0, usage=18.5),
    }
    told = Told()

    found = await watch_of(counterpart, told, keys=f"ours:{KEY},ours:{OTHER}").look()

    assert [(c.account, c.key, c.left_usd) for c in found] == [
        ("ours", "…4417", 7.5),
        ("ours", "…7350", 1.5),
    ]
    assert [credit.key for credit in told] == ["…7350"]
    assert KEY not in repr(found)


async def test_a_key_without_a_limit_is_nothing_to_be_told_of(
    counterpart: ProviderCounterpart,
) -> None:
    counterpart.credits[KEY] = Account(limit=None, usage=1e6)
    told = Told()

    [credit] = await watch_of(counterpart, told).look()

    assert (credit.left_usd, credit.problem) == (None, "")
    assert not told


async def test_with_a_management_key_the_whole_balance_is_asked_for(
    counterpart: ProviderCounterpart,
) -> None:
    counterpart.credits[MANAGER] = Account(
        is_management_key=True, total_credits=50.0, total_usage=49.0
    )
    told = Told()

    found = await watch_of(counterpart, told, manager=MANAGER).look()

    assert ("credits", MANAGER) in counterpart.polled
    assert [(c.account, c.left_usd) for c in found] == [("ours", 7.5), ("balance", 1.0)]
    assert [credit.account for credit in told] == ["balance"]


async def test_without_one_nobody_asks_for_the_balance(
    counterpart: ProviderCounterpart,
) -> None:
    await watch_of(counterpart, Told()).look()

    assert counterpart.polled == [("key", KEY)]


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("401", "the key is refused"),
        ("403", "the key is refused"),
        ("500", "HTTP 500"),
        ("html", "not JSON"),
        ("truncated", "not JSON"),
        ("200-error", "no data"),
        ("drop", "no answer"),
    ],
)
async def test_what_cannot_be_learnt_is_said_in_words(
    counterpart: ProviderCounterpart, fault: str, problem: str
) -> None:
    counterpart.faults[KEY] = Fault(fault)
    told = Told()

    [credit] = await watch_of(counterpart, told).look()

    assert credit.left_usd is None
    assert credit.problem.startswith(problem)
    assert KEY not in repr(credit)
    assert not told


async def test_a_management_key_that_is_none_is_said_in_words(
    counterpart: ProviderCounterpart,
) -> None:
    *_, balance = await watch_of(counterpart, Told(), manager="sk-or-usual").look()

    assert balance.problem == "the key is refused"


async def test_a_key_that_cannot_be_sent_is_said_in_words(
    counterpart: ProviderCounterpart,
) -> None:
    [credit] = await watch_of(counterpart, Told(), keys="ours:clé-recopiée").look()

    assert credit.problem.startswith("no answer")
    assert "recopiée" not in repr(credit)


async def test_without_a_provider_that_tells_nobody_watches() -> None:
    environment = {"ANTHROPIC_API_KEYS": KEY, "ANTHROPIC_MODEL": "m"}
    settings = read_provider("anthropic", environment)

    await CreditWatch([settings], low_usd=LOW_USD, on_low=Told()).run_forever()


async def test_it_goes_on_after_a_failure_of_the_provider_and_of_our_database(
    counterpart: ProviderCounterpart,
) -> None:
    counterpart.credits[KEY] = Account(limit=1.0, usage=0.5)
    counterpart.faults[KEY] = Fault("500", times=2)
    told = asyncio.Queue[float]()

    class Away(Told):
        async def __call__(self, credit: Credit) -> None:
            told.put_nowait(credit.left_usd or 0)
            if told.qsize() == 1:
                raise Unkept("away")

    watching = asyncio.create_task(
        watch_of(counterpart, Away(), every_s=0).run_forever()
    )
    try:
        async with asyncio.timeout(30):
            while told.qsize() < 3:  # noqa: ASYNC110  (the watch tells in no other way)
                await asyncio.sleep(0.01)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert len(counterpart.polled) >= 5
