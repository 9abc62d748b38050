from datetime import timedelta
from itertools import pairwise

import pytest

from channels.delivery import MAX_REPEATS, Delivery
from channels.errors import (
    DeliveryRefused,
    DeliveryUnavailable,
    DeliveryUnknown,
)
from memory import Memory
from memory.records import OutgoingState
from tests.channels.door import Door, conversation, decide, only
from tests.conftest import Clock

LEASE_S = 31


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def told() -> list[tuple[str, float]]:
    return []


@pytest.fixture
def delivery(
    memory: Memory, clock: Clock, door: Door, told: list[tuple[str, float]]
) -> Delivery:
    return Delivery(
        memory,
        {"whatsapp": door},
        now=clock,
        on_sent=lambda sent, seconds: told.append((sent.text, seconds)),
        poll_s=0.01,
    )


async def test_what_was_decided_is_sent_once_in_order(
    delivery: Delivery, memory: Memory, door: Door
) -> None:
    here = await conversation(memory)
    await decide(memory, "un", "deux", conversation_id=here)

    with memory.live.listen() as news:
        while await delivery.run_once():
            pass

    assert door.sent == ["un", "deux"]
    assert (await only(memory)).state is OutgoingState.SENT
    assert [news.get_nowait().kind for _ in range(2)] == ["sent", "sent"]


async def test_the_time_to_a_reply_counts_from_its_message(
    delivery: Delivery, memory: Memory, clock: Clock, told: list[tuple[str, float]]
) -> None:
    here = await conversation(memory)
    clock.forward(seconds=3)
    await decide(memory, "réponse", conversation_id=here)
    await decide(memory, "carte")
    clock.forward(seconds=1)

    while await delivery.run_once():
        pass

    assert told == [("réponse", 4.0), ("carte", 1.0)]


async def test_an_id_is_kept_before_the_message_leaves(
    delivery: Delivery, memory: Memory, door: Door
) -> None:
    here = await conversation(memory)
    await decide(memory, "un", conversation_id=here)
    door.gives_ids = True
    door.troubles = [DeliveryUnknown("?")]

    await delivery.run_once()

    assert (await only(memory)).platform_id == "id-0"


class TestInDoubt:
    @pytest.fixture(autouse=True)
    async def _in_doubt(
        self, delivery: Delivery, memory: Memory, door: Door, clock: Clock
    ) -> None:
        here = await conversation(memory)
        await decide(memory, "un", conversation_id=here)
        door.gives_ids = True
        door.troubles = [DeliveryUnknown("?")]
        await delivery.run_once()
        assert not await delivery.run_once()
        clock.forward(seconds=LEASE_S)

    async def test_what_has_arrived_is_not_sent_again(
        self, delivery: Delivery, memory: Memory, door: Door
    ) -> None:
        door.knows = True

        await delivery.run_once()

        assert door.sent == []
        assert (await only(memory)).state is OutgoingState.SENT

    @pytest.mark.parametrize("knows", [False, None])
    async def test_what_has_not_or_may_not_have_is_sent_under_the_same_id(
        self, delivery: Delivery, memory: Memory, door: Door, knows: bool | None
    ) -> None:
        door.knows = knows

        await delivery.run_once()

        assert door.sent == ["un"]
        assert door.ids == ["id-0", "id-0"]

    async def test_it_stays_in_doubt_while_the_platform_is_away(
        self, delivery: Delivery, memory: Memory, door: Door, clock: Clock
    ) -> None:
        door.knows = DeliveryUnavailable("whatsapp", retry_after_s=1)
        for _ in range(2 * MAX_REPEATS):
            await delivery.run_once()
            assert (await only(memory)).state is OutgoingState.SENDING
            clock.forward(seconds=LEASE_S)
        door.knows = True

        await delivery.run_once()

        assert door.sent == []

    async def test_it_stays_in_doubt_while_its_channel_is_not_configured(
        self, memory: Memory, clock: Clock
    ) -> None:
        await Delivery(memory, {}, now=clock).run_once()

        assert (await only(memory)).state is OutgoingState.SENDING

    @pytest.mark.parametrize(("knows", "sendings"), [(None, 3), (False, 11)])
    async def test_in_the_end_it_is_shown_to_people(
        self,
        delivery: Delivery,
        memory: Memory,
        door: Door,
        clock: Clock,
        knows: bool | None,
        sendings: int,
    ) -> None:
        door.knows = knows
        door.troubles = [DeliveryUnknown("?")] * 20

        while await delivery.run_once():
            clock.forward(seconds=LEASE_S)

        assert len(door.ids) == sendings
        (parked,) = await memory.outbox.parked()
        assert parked.problem == "sent or not? nobody can tell"


async def test_a_platform_that_is_away_is_asked_less_and_less_often(
    delivery: Delivery, memory: Memory, door: Door, clock: Clock
) -> None:
    await decide(memory, "un")
    door.troubles = [DeliveryUnavailable("w", retry_after_s=5) for _ in range(9)]
    began = clock.now
    moments: list[float] = []

    while not door.sent:
        if await delivery.run_once():
            moments.append((clock.now - began) / timedelta(seconds=1))
        clock.forward(seconds=5)

    waits = [later - sooner for sooner, later in pairwise(moments)]
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]


async def test_a_platform_that_asks_for_a_long_wait_gets_it(
    delivery: Delivery, memory: Memory, door: Door, clock: Clock
) -> None:
    await decide(memory, "un")
    door.troubles = [DeliveryUnavailable("w", retry_after_s=900)]
    await delivery.run_once()

    clock.forward(seconds=899)
    assert not await delivery.run_once()
    clock.forward(seconds=1)
    assert await delivery.run_once()


async def test_what_is_refused_is_shown_to_people_and_the_next_goes(
    delivery: Delivery, memory: Memory, door: Door
) -> None:
    here = await conversation(memory)
    await decide(memory, "un", "deux", conversation_id=here)
    door.troubles = [DeliveryRefused("whatsapp: HTTP 400")]

    while await delivery.run_once():
        pass

    assert [one.problem for one in await memory.outbox.parked()] == [
        "whatsapp: HTTP 400"
    ]
    assert door.sent == ["deux"]


async def test_a_reply_to_a_channel_that_is_not_configured_waits_for_it(
    delivery: Delivery, memory: Memory, clock: Clock
) -> None:
    here = await conversation(memory, channel="telegram")
    await decide(memory, "un", channel="telegram", conversation_id=here)
    await delivery.run_once()
    assert (await only(memory)).problem == "telegram is not configured"

    telegram = Door("telegram")
    clock.forward(seconds=60)
    await Delivery(memory, {"telegram": telegram}, now=clock).run_once()

    assert telegram.sent == ["un"]


async def test_a_fault_of_ours_does_not_stop_the_others_and_ends_parked(
    delivery: Delivery, memory: Memory, door: Door, clock: Clock
) -> None:
    await decide(memory, "un", "deux")
    door.troubles = [ZeroDivisionError("secret text")]
    await delivery.run_once()
    await delivery.run_once()
    assert door.sent == ["deux"]

    door.knows = ZeroDivisionError("secret text")
    clock.forward(seconds=LEASE_S)
    while await delivery.run_once():
        clock.forward(seconds=LEASE_S)

    (parked,) = await memory.outbox.parked()
    assert parked.problem == "failed: ZeroDivisionError"
