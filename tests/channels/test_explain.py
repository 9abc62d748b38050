from dataclasses import replace
from datetime import timedelta

from channels.explain import explain
from memory import Memory
from memory.records import ModelCall, NewTurn, Service, ToolCall, ToolOutcome
from tests.conftest import Clock
from tests.memory.letters import receive, wrote

CODE, CHILD = "QX-8812", "Aminata"
SAID = f"mon code est {CODE}, les notes de {CHILD} ?"
REPLIED = f"{CHILD} a 14,5."


async def answered(memory: Memory, clock: Clock, *tools: ToolCall) -> int:
    """The id of a message that was answered."""
    message = await receive(memory, wrote(SAID, key="whatsapp:7"))
    [taken] = await memory.inbox.take(message.conversation_id)
    started_at = clock.now + timedelta(seconds=2)
    clock.forward(seconds=3)
    turn = NewTurn(
        started_at=started_at,
        provider="offline",
        service=Service.CATECHESE,
        correlation_id=taken.correlation_id,
        model_calls=2,
        tools=tools,
        findings=("removed a claim that nothing proves",),
        replies=(REPLIED,),
    )
    seen = await memory.inbox.conversation(message.conversation_id)
    assert await memory.turns.finish(seen, [taken], turn)
    return message.id


async def told(memory: Memory, message_id: int) -> str:
    lines = await explain(memory, message_id)
    assert lines
    return "\n".join(lines)


async def test_the_whole_life_of_a_message_is_told(
    memory: Memory, clock: Clock
) -> None:
    call = ToolCall(
        name="see_marks",
        arguments={"child": CHILD, "term": 1},
        outcome=ToolOutcome.OK,
        duration_ms=12,
    )
    message_id = await answered(memory, clock, call)
    clock.forward(seconds=4)
    outgoing = await memory.outbox.lease()
    assert outgoing
    await memory.outbox.mark_sent(outgoing.id, None)

    text = await told(memory, message_id)

    assert "10:00:00  received   message 1" in text
    assert "whatsapp:7" in text
    assert "correlation id" in text
    assert "answered after 1 attempt(s)" in text
    assert "10:00:02  turn       turn 1, after 2.00 s" in text
    assert "CATECHESE" in text
    assert "offline, 2 model call(s)" in text
    assert "see_marks(child: 7 characters, term: 1 characters) → ok in 12 ms" in text
    assert "removed a claim that nothing proves" in text
    assert "decided    after 1.00 s" in text
    assert "10:00:03  reply      outgoing 1 to telegram" in text
    assert "10:00:07  delivered  4.00 s later" in text


async def test_texts_and_codes_are_not_told(memory: Memory, clock: Clock) -> None:
    calls = [
        ToolCall(name=name, arguments=arguments, outcome=ToolOutcome.REFUSED)
        for name, arguments in (
            ("verify_parent_code", {"code": CODE}),
            ("search_documents", {"query": SAID}),
            ("see_marks", {"child": CHILD}),
            ("hand_off_to_human", {"reason": [SAID, {"of": CHILD}], "urgent": True}),
        )
    ]
    message_id = await answered(memory, clock, *calls)

    text = await told(memory, message_id)

    for private in (CODE, CHILD, SAID, REPLIED, "14,5"):
        assert private not in text
    assert f"{len(SAID)} characters" in text
    assert f"{len(REPLIED)} characters" in text
    assert "urgent=True" in text


async def test_each_call_of_a_model_is_told_with_what_it_cost(
    memory: Memory, clock: Clock
) -> None:
    message_id = await answered(memory, clock)
    message = await memory.inbox.message(message_id)
    assert message
    failed = ModelCall(
        at=clock.now,
        provider="zai",
        model="glm",
        account="1",
        outcome="busy",
        duration_ms=80,
    )
    served = replace(
        failed,
        provider="gemini",
        outcome="ok",
        input_tokens=120,
        cached_tokens=20,
        output_tokens=15,
        cost_usd=0.0012,
    )
    free = replace(served, provider="openai", cost_usd=None)
    await memory.spending.note(
        message.conversation_id, message.correlation_id, [failed, served, free]
    )

    text = await told(memory, message_id)

    assert "zai glm → busy in 80 ms\n" in text
    assert "gemini glm → ok in 80 ms, 120 tokens in (20 from cache), 15 out" in text
    assert "$0.001200" in text
    assert "cost unknown" in text


async def test_a_message_that_waits_has_no_turn_yet(memory: Memory) -> None:
    message = await receive(memory, wrote(SAID))

    text = await told(memory, message.id)

    assert "waiting after 0 attempt(s)" in text
    assert text.endswith("no turn yet")


async def test_a_parked_delivery_says_what_is_wrong(
    memory: Memory, clock: Clock
) -> None:
    message_id = await answered(memory, clock)
    outgoing = await memory.outbox.lease()
    assert outgoing
    await memory.outbox.park(outgoing.id, "telegram: HTTP 403")

    text = await told(memory, message_id)

    assert "parked after 1 attempt(s)" in text
    assert "problem         telegram: HTTP 403" in text
    assert "delivered" not in text


async def test_an_unknown_message_cannot_be_explained(memory: Memory) -> None:
    assert await explain(memory, 12) is None
