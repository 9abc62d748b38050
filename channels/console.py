"""The terminal as a door: talking to the concierge, and watching it work."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime
from uuid import uuid4

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from memory import Memory
from memory.records import Incoming, Message, MessageState, OutgoingState, ToolOutcome

_MARKS = {ToolOutcome.OK: "[green]ok[/]", ToolOutcome.REFUSED: "[red]refused[/]"}
_POLL_S = 0.05


class ConsoleTalk:
    """One contact who writes in the terminal and reads the replies there.

    It speaks for a contact of the web chat, so that the delivery is the real one.
    """

    def __init__(
        self,
        memory: Memory,
        *,
        wake: Callable[[int], None],
        now: Callable[[], datetime],
        alias: str,
        console: Console,
    ) -> None:
        self._memory = memory
        self._wake = wake
        self._now = now
        self._alias = alias
        self._console = console
        self._heard = 0  # the last reply shown

    async def say(self, text: str) -> bool:
        """Write one message, wait for its replies and show them.

        False when the message was parked: nobody could answer it.
        """
        self._print("[bold cyan]vous[/]", escape(text))
        message = await self._memory.inbox.receive(
            Incoming(
                key=f"web:console-{uuid4().hex}",
                channel="web",
                aliases=(self._alias,),
                address=self._alias.partition(":")[2],
                text=text,
                sent_at=self._now(),
                correlation_id=uuid4().hex,
            )
        )
        if message is None:
            raise LookupError("a fresh key was kept before")
        self._wake(message.conversation_id)
        settled = await self._wait(message)
        await self._show_replies(message.conversation_id)
        await self._show_turn(settled)
        return settled.state is not MessageState.PARKED

    async def _wait(self, message: Message) -> Message:
        while True:
            found = await self._memory.inbox.message(message.id)
            is_settled = found and found.state is not MessageState.WAITING
            if found and is_settled and await self._is_sent(found.turn_id):
                return found
            await asyncio.sleep(_POLL_S)

    async def _is_sent(self, turn_id: int | None) -> bool:
        if turn_id is None:
            return True  # held for a human: there is no reply to wait for
        replies = await self._memory.outbox.of_turn(turn_id)
        over = (OutgoingState.SENT, OutgoingState.PARKED)
        return all(reply.state in over for reply in replies)

    async def _show_replies(self, conversation_id: int) -> None:
        for reply in await self._memory.outbox.of_conversation(
            conversation_id, after=self._heard
        ):
            self._heard = reply.id
            self._print("[bold yellow]gust[/]", escape(reply.text))

    def _print(self, speaker: str, text: str) -> None:
        line = Table.grid(padding=(0, 2))
        line.add_column(width=4)
        line.add_column()
        line.add_row(speaker, text)
        self._console.print(line)

    async def _show_turn(self, message: Message) -> None:
        turn = message.turn_id and await self._memory.turns.turn(message.turn_id)
        if not turn:
            return
        calls = [
            f"{call.name} → {_MARKS.get(call.outcome, call.outcome.value)}"
            for call in turn.tools
        ]
        took_ms = (turn.ended_at - turn.started_at).total_seconds() * 1000
        self._print(
            "",
            f"[dim]{' · '.join(calls) or 'no tool'}"
            f"  ({turn.provider}, {took_ms:.0f} ms, message {message.id})[/]\n",
        )


async def lines_of(stdin: Sequence[str] | None = None) -> AsyncGenerator[str]:
    """What is typed or piped, one line after the other, without empty ones."""
    if stdin is not None:
        for line in stdin:
            yield line
        return
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip():
            yield line.strip()
