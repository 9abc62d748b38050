import asyncio
import io

import pytest
from rich.console import Console

from channels.console import ConsoleTalk, lines_of
from memory import Memory
from memory.records import Message, NewTurn, Service, ToolCall, ToolOutcome
from tests.conftest import Clock


class Concierge:
    """Answers every message that wakes it, as a worker and a delivery would."""

    def __init__(self, memory: Memory, clock: Clock, *replies: str) -> None:
        self.memory = memory
        self.clock = clock
        self.replies = replies
        self.parks = False
        self.tasks: list[asyncio.Task[None]] = []
        self.heard: list[Message] = []

    def wake(self, conversation_id: int) -> None:
        self.tasks.append(asyncio.create_task(self.answer(conversation_id)))

    async def answer(self, conversation_id: int) -> None:
        seen = await self.memory.inbox.conversation(conversation_id)
        messages = await self.memory.inbox.take(conversation_id)
        self.heard += messages
        turn = NewTurn(
            started_at=self.clock.now,
            provider="offline",
            service=Service.RENSEIGNEMENT,
            correlation_id="c",
            tools=(
                ToolCall(name="search_documents", arguments={}, outcome=ToolOutcome.OK),
                ToolCall(name="see_marks", arguments={}, outcome=ToolOutcome.REFUSED),
            ),
            replies=self.replies,
        )
        keep = self.memory.turns.park if self.parks else self.memory.turns.finish
        assert await keep(seen, messages, turn)
        while outgoing := await self.memory.outbox.lease():
            await self.memory.outbox.mark_sent(outgoing.id, None)


def talk(memory: Memory, clock: Clock, by: Concierge) -> tuple[ConsoleTalk, Console]:
    console = Console(file=io.StringIO(), width=100)
    speaker = ConsoleTalk(
        memory, wake=by.wake, now=clock, alias="web:console-visitor", console=console
    )
    return speaker, console


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def test_what_is_said_and_done_is_shown(memory: Memory, clock: Clock) -> None:
    concierge = Concierge(memory, clock, "Le bureau ouvre à 9 h.", "À bientôt !")
    speaker, console = talk(memory, clock, concierge)

    assert await speaker.say("Bonjour [b]vous[/b]")

    lines = [line.split() for line in shown(console).splitlines() if line.strip()]
    assert lines[0] == ["vous", "Bonjour", "[b]vous[/b]"]
    assert lines[1] == ["gust", "Le", "bureau", "ouvre", "à", "9", "h."]
    assert lines[2] == ["gust", "À", "bientôt", "!"]
    assert "search_documents → ok · see_marks → refused" in shown(console)
    assert "message 1" in shown(console)


async def test_it_comes_in_like_any_message(memory: Memory, clock: Clock) -> None:
    concierge = Concierge(memory, clock, "Oui.")
    speaker, _ = talk(memory, clock, concierge)

    await speaker.say("Bonjour")
    await speaker.say("Bonjour")

    first, second = concierge.heard
    assert first.key != second.key
    assert first.conversation_id == second.conversation_id
    conversation = await memory.inbox.conversation(first.conversation_id)
    assert conversation.channel == "web"


async def test_a_reply_is_shown_once(memory: Memory, clock: Clock) -> None:
    concierge = Concierge(memory, clock, "Une seule fois.")
    speaker, console = talk(memory, clock, concierge)

    await speaker.say("un")
    concierge.replies = ("Autre chose.",)
    await speaker.say("deux")

    assert shown(console).count("Une seule fois.") == 1


async def test_a_parked_message_is_no_success(memory: Memory, clock: Clock) -> None:
    concierge = Concierge(memory, clock, "Je suis désolé.")
    concierge.parks = True
    speaker, console = talk(memory, clock, concierge)

    assert not await speaker.say("Bonjour")
    assert "Je suis désolé." in shown(console)


async def test_a_held_message_has_no_reply_to_wait_for(
    memory: Memory, clock: Clock
) -> None:
    concierge = Concierge(memory, clock, "?")
    speaker, console = talk(memory, clock, concierge)

    async def hold(conversation_id: int) -> None:
        inbox = memory.inbox
        await inbox.hold(await inbox.conversation(conversation_id))

    concierge.answer = hold

    assert await speaker.say("Vous êtes là ?")
    assert "gust" not in shown(console)


async def test_piped_lines_are_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.StringIO("Bonjour\n\n  les notes ? \n")
    monkeypatch.setattr("sys.stdin", piped)

    assert [line async for line in lines_of()] == ["Bonjour", "les notes ?"]
    assert [line async for line in lines_of(["un", "deux"])] == ["un", "deux"]
