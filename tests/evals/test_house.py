from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest

from channels.channel import Channel
from channels.errors import ClosedDoor
from evals.case_files import load_cases
from evals.house import InProcessHouse
from evals.houses import EvalHouses, OpenedHouse
from evals.recording import RecordingChannel, recording_channels
from evals.runner import Pace, run_evals
from evals.world import CaseWorld
from memory import Memory, open_memory
from memory.records import (
    NewPage,
    NewTurn,
    ParentIdentity,
    Service,
    ToolCall,
    ToolOutcome,
)
from tests.evals.scripted import case, write_cases

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Answer = Callable[[Memory, int], Awaitable[None]]


async def parrot(memory: Memory, conversation_id: int) -> None:
    """Repeats what was said; some words do what a tool would do."""
    conversation = await memory.inbox.conversation(conversation_id)
    waiting = await memory.inbox.take(conversation_id)
    said = " ".join(message.text for message in waiting)
    key = waiting[0].key
    calls: list[str] = []
    if "code" in said:
        calls.append("verify")
        parent = ParentIdentity(profile="parent", code="x", name="y")
        await memory.sessions.prove(conversation.contact_id, parent)
    if "humain" in said:
        calls.append("hand_off")
        await memory.handoffs.request(
            conversation_id, key=key, reason="", urgent=False, card=None
        )
    if "page" in said:
        calls.append("publish")
        await memory.pages.add(_page(key))
    turn = NewTurn(
        started_at=NOW,
        provider="parrot",
        service=Service.RENSEIGNEMENT,
        correlation_id=key,
        model_calls=2,
        tools=tuple(
            ToolCall(name=name, arguments={"n": 1}, outcome=ToolOutcome.OK)
            for name in calls
        ),
        findings=("softened",) if "promis" in said else (),
        replies=(said, "C'est tout ?"),
    )
    if "impossible" in said:
        await memory.turns.park(conversation, waiting, turn)
    else:
        await memory.turns.finish(conversation, waiting, turn)


async def nobody(memory: Memory, conversation_id: int) -> None:
    await memory.inbox.hold(await memory.inbox.conversation(conversation_id))


async def deliver_all(memory: Memory, channels: Mapping[str, RecordingChannel]) -> None:
    while outgoing := await memory.outbox.lease():
        platform_id = await channels[outgoing.channel].deliver(outgoing)
        await memory.outbox.mark_sent(outgoing.id, platform_id)


@asynccontextmanager
async def open_house(
    folder: Path, answer: Answer = parrot
) -> AsyncGenerator[tuple[InProcessHouse, Memory]]:
    url = f"sqlite:///{folder / 'gust.db'}"
    async with open_memory(url, now=lambda: NOW) as memory:
        channels = recording_channels()
        house = InProcessHouse(
            memory,
            answer=lambda conversation_id: answer(memory, conversation_id),
            deliver=lambda: deliver_all(memory, channels),
            channels=channels,
            now=lambda: NOW,
        )
        yield house, memory


def _page(key: str) -> NewPage:
    return NewPage(
        key=key,
        token=key,
        title="Réunion",
        body_markdown="",
        created_by="parrot",
        expires_at=NOW + timedelta(hours=1),
    )


class EveryHouse:
    """What main is for the evals: opens a house for a case."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.worlds: list[CaseWorld] = []

    @asynccontextmanager
    async def __call__(
        self, world: CaseWorld, doors: Mapping[str, RecordingChannel], /
    ) -> AsyncGenerator[OpenedHouse]:
        self.worlds.append(world)
        url = f"sqlite:///{mkdtemp(dir=self._folder)}/gust.db"
        async with open_memory(url, now=lambda: NOW) as memory:
            yield OpenedHouse(
                memory=memory,
                answer=lambda conversation_id: parrot(memory, conversation_id),
                deliver=lambda: deliver_all(memory, doors),
                now=lambda: NOW,
            )


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncGenerator[tuple[InProcessHouse, Memory]]:
    async with open_house(tmp_path) as pair:
        yield pair


@pytest.fixture
def house(opened: tuple[InProcessHouse, Memory]) -> InProcessHouse:
    return opened[0]


@pytest.fixture
def memory(opened: tuple[InProcessHouse, Memory]) -> Memory:
    return opened[1]


async def test_a_turn_is_what_was_delivered_and_what_was_kept(
    house: InProcessHouse,
) -> None:
    seen = await house.say(["mon code promis"], sender="+221771", channel="whatsapp")

    assert seen.replies == ("mon code promis", "C'est tout ?")
    assert [(call.name, call.arguments) for call in seen.tools] == [
        ("verify", {"n": 1})
    ]
    assert (seen.provider, seen.model_calls) == ("parrot", 2)
    assert seen.findings == ("softened",)
    assert seen.cost_usd is None
    assert not seen.is_held
    assert not seen.is_parked


async def test_each_turn_tells_only_of_itself(house: InProcessHouse) -> None:
    await house.say(["code"], sender="7", channel="telegram")

    seen = await house.say(["merci"], sender="7", channel="telegram")

    assert seen.replies == ("merci", "C'est tout ?")
    assert seen.tools == ()
    assert seen.model_calls == 2


async def test_a_burst_is_received_before_it_is_answered(
    house: InProcessHouse,
) -> None:
    seen = await house.say(["un", "deux"], sender="ana", channel="web")

    assert seen.replies[0] == "un deux"


@pytest.mark.parametrize(
    ("channel", "sender", "alias"),
    [
        ("whatsapp", "+221770000101", "whatsapp:+221770000101"),
        ("telegram", "700501", "telegram:700501"),
        ("web", "visitor-1", "web:visitor-1"),
    ],
)
async def test_a_sender_is_known_by_the_alias_of_the_channel(
    house: InProcessHouse, memory: Memory, channel: str, sender: str, alias: str
) -> None:
    await house.say(["bonjour"], sender=sender, channel=channel)

    conversation = await memory.inbox.conversation_of(alias, channel)
    assert conversation is not None
    contact = await memory.inbox.contact(conversation.contact_id)
    assert contact.aliases == (alias,)


async def test_what_others_are_sent_is_not_a_reply(
    house: InProcessHouse, memory: Memory
) -> None:
    await memory.outbox.put(
        key="card", channel="web", address="staff", text="Carte", correlation_id="c"
    )

    seen = await house.say(["bonjour"], sender="ana", channel="web")

    assert "Carte" not in seen.replies


async def test_the_end_counts_what_was_made_in_all_conversations(
    house: InProcessHouse,
) -> None:
    await house.say(["humain page code"], sender="ana", channel="web")
    await house.say(["humain"], sender="ben", channel="web")
    await house.say(["bonjour"], sender="eve", channel="web")

    eve = await house.state(sender="eve", channel="web")
    assert (eve.verified, eve.handoffs, eve.pages, eve.mode) == (False, 2, 1, "bot")
    ana = await house.state(sender="ana", channel="web")
    assert (ana.verified, ana.handoffs, ana.pages, ana.mode) == (
        True,
        2,
        1,
        "waiting",
    )


async def test_there_is_no_end_for_somebody_who_never_wrote(
    house: InProcessHouse,
) -> None:
    with pytest.raises(LookupError):
        await house.state(sender="nobody", channel="web")


async def test_a_parked_message_is_seen(house: InProcessHouse) -> None:
    assert (await house.say(["impossible"], sender="a", channel="web")).is_parked
    assert not (await house.say(["bonjour"], sender="a", channel="web")).is_parked


async def test_silence_is_right_while_a_human_holds(tmp_path: Path) -> None:
    async with open_house(tmp_path, nobody) as (house, memory):
        ignored = await house.say(["bonjour"], sender="a", channel="web")
        conversation = await memory.inbox.conversation_of("web:a", "web")
        assert conversation is not None
        handoff, _ = await memory.handoffs.request(
            conversation.id, key="k", reason="", urgent=False, card=None
        )
        await memory.handoffs.claim(handoff.id, staff="Awa")

        held = await house.say(["bonjour"], sender="a", channel="web")

    assert (ignored.replies, ignored.provider, ignored.is_held) == ((), "none", False)
    assert (held.replies, held.is_held) == ((), True)


async def test_a_memory_that_is_not_empty_is_noticed(tmp_path: Path) -> None:
    async with open_house(tmp_path) as (house, _):
        await house.say(["bonjour"], sender="a", channel="web")

    async with open_house(tmp_path) as (second, _):
        with pytest.raises(LookupError, match="not empty"):
            await second.say(["bonjour"], sender="a", channel="web")


async def test_a_case_is_played_in_a_real_memory(tmp_path: Path) -> None:
    every = EveryHouse(tmp_path)
    turns = [
        {"say": "mon code", "expect": {"calls": ["verify"], "says_all": ["Mon Code"]}},
        {"say": ["un", "humain"], "expect": {"calls": ["hand_off"]}},
    ]
    end = {"verified": True, "handoffs": 1, "pages": 0, "mode": "waiting"}
    cases = load_cases([write_cases(tmp_path, case(turns=turns, end=end))])

    results = await run_evals(cases, EvalHouses(every), pace=Pace(repeat=2))

    (played,) = results.cases
    assert [each.failures for each in played.repetitions] == [[], []]
    assert [world.folder for world in every.worlds] == [cases[0].world] * 2


async def test_nothing_comes_in_by_a_recording_channel() -> None:
    channel: Channel = RecordingChannel("web")

    assert channel.name == "web"
    with pytest.raises(ClosedDoor):
        channel.understand(b"{}", {})
    assert await channel.new_platform_id() is None
    await channel.show_typing("ana")


async def test_a_recording_channel_knows_what_it_was_given(
    house: InProcessHouse, memory: Memory
) -> None:
    await memory.outbox.put(
        key="card", channel="web", address="staff", text="Carte", correlation_id="c"
    )
    card = await memory.outbox.lease()
    assert card is not None
    channel = RecordingChannel("web")

    assert await channel.was_delivered(card) is False
    await channel.deliver(card)
    assert await channel.was_delivered(card) is True
    assert [sent.text for sent in channel.delivered] == ["Carte"]
