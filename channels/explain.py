"""The whole life of one message, for the maintainer who wonders."""

from collections.abc import Sequence
from datetime import datetime

from memory import Memory
from memory.records import Message, ModelCall, Outgoing, Turn


async def explain(memory: Memory, message_id: int) -> Sequence[str] | None:
    """Received, turn, tools, provider, reply, delivery: a line each; None: unknown.

    Texts of people are shown by their length only, and so are the arguments of
    tools, which repeat them.
    """
    message = await memory.inbox.message(message_id)
    if message is None:
        return None
    lines = [
        _line(message.received_at, "received", f"message {message.id}"),
        f"  key             {message.key}",
        f"  correlation id  {message.correlation_id}",
        f"  conversation    {message.conversation_id}",
        f"  text            {len(message.text)} characters",
        f"  state           {message.state.value} after {message.attempts} attempt(s)",
    ]
    turn = message.turn_id and await memory.turns.turn(message.turn_id)
    if not turn:
        return [*lines, "no turn yet"]
    calls = await memory.spending.of_turn(turn.correlation_id)
    lines += _turn(turn, message, calls)
    for reply in await memory.outbox.of_turn(turn.id):
        lines += _delivery(reply)
    return lines


def _turn(turn: Turn, message: Message, calls: Sequence[ModelCall]) -> list[str]:
    waited_s = (turn.started_at - message.received_at).total_seconds()
    took_s = (turn.ended_at - turn.started_at).total_seconds()
    lines = [
        _line(turn.started_at, "turn", f"turn {turn.id}, after {waited_s:.2f} s"),
        f"  service         {turn.service.value}",
        f"  provider        {turn.provider}, {turn.model_calls} model call(s)",
        f"  messages        {len(turn.said)} answered together",
    ]
    lines += [f"  model call      {_called(call)}" for call in calls]
    for call in turn.tools:
        shown = ", ".join(_argument(*given) for given in call.arguments.items())
        lines.append(
            f"  tool            {call.name}({shown}) → {call.outcome.value}"
            f" in {call.duration_ms} ms"
        )
    lines += [f"  guard           {finding}" for finding in turn.findings]
    return [*lines, _line(turn.ended_at, "decided", f"after {took_s:.2f} s")]


def _called(call: ModelCall) -> str:
    asked = f"{call.provider} {call.model} → {call.outcome} in {call.duration_ms} ms"
    if call.outcome != "ok":
        return asked
    cost = "cost unknown" if call.cost_usd is None else f"${call.cost_usd:.6f}"
    read = f"{call.input_tokens} tokens in ({call.cached_tokens} from cache)"
    return f"{asked}, {read}, {call.output_tokens} out, {cost}"


def _argument(name: str, value: object) -> str:
    """An argument repeats what people wrote: its length, unless it is a flag."""
    if value is None or isinstance(value, bool):
        return f"{name}={value}"
    return f"{name}: {len(str(value))} characters"


def _delivery(reply: Outgoing) -> list[str]:
    lines = [
        _line(reply.created_at, "reply", f"outgoing {reply.id} to {reply.channel}"),
        f"  text            {len(reply.text)} characters",
        f"  state           {reply.state.value} after {reply.attempts} attempt(s)",
    ]
    if reply.problem:
        lines.append(f"  problem         {reply.problem}")
    if reply.sent_at:
        took_s = (reply.sent_at - reply.created_at).total_seconds()
        lines.append(_line(reply.sent_at, "delivered", f"{took_s:.2f} s later"))
    return lines


def _line(at: datetime, what: str, detail: str) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}  {what:<10} {detail}"
