"""From WAHA to us and back, over real connections."""

import asyncio
import json
import socket
import sys
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from channels.delivery import Delivery
from channels.waha import Waha
from memory import Memory
from tests.channels.recorded import SECRET, as_body, payload, signed
from tests.conftest import Clock
from tests.counterparts import waha as counterpart
from tests.counterparts.waha import API_KEY, Fault, WahaCounterpart, running_waha


@pytest.fixture
def server() -> Generator[WahaCounterpart]:
    with running_waha() as waha:
        yield waha


async def decide(memory: Memory, waha: Waha, *replies: str) -> None:
    """A parent has written, and we know what to say."""
    body = as_body(payload("waha_message_lid_direct_noweb"))
    (incoming,) = waha.understand(body, signed(body))
    message = await memory.inbox.receive(incoming)
    assert message
    for text in replies:
        await memory.outbox.put(
            key=text,
            channel="whatsapp",
            address=incoming.address,
            text=text,
            correlation_id=incoming.correlation_id,
            conversation_id=message.conversation_id,
        )


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [Fault(0, keep=True)],  # sent, and the answer is lost
        [Fault(500, keep=True)],
        [Fault(500)],  # not sent
        [Fault(0), Fault(503), Fault(0, keep=True)],
        [Fault(422, body={"status": "STARTING", "expected": ["WORKING"]})],
    ],
    ids=str,
)
async def test_whatever_breaks_the_parent_gets_each_reply_once_and_in_order(
    server: WahaCounterpart, memory: Memory, clock: Clock, faults: list[Fault]
) -> None:
    async with httpx.AsyncClient() as http:
        waha = Waha(http, base_url=server.url, api_key=API_KEY, secret=SECRET)
        await decide(memory, waha, "un", "deux")
        server.faults.extend(faults)
        for _ in range(10):
            # Each time a new worker: the last one was killed.
            while await Delivery(memory, {"whatsapp": waha}, now=clock).run_once():
                pass
            clock.forward(seconds=61)

    assert [one["body"] for one in server.sent] == ["un", "deux"]
    assert {one["to"] for one in server.sent} == {"111111111111111@lid"}
    sent = await memory.outbox.of_conversation(1)
    assert [one.state for one in sent] == ["sent", "sent"]


async def test_the_counterpart_runs_alone_for_those_who_kill_us() -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    script = str(Path(counterpart.__file__))
    process = await asyncio.create_subprocess_exec(sys.executable, script, str(port))
    url = f"http://127.0.0.1:{port}"
    transport = httpx.AsyncHTTPTransport(retries=8)  # while it starts
    try:
        async with httpx.AsyncClient(transport=transport) as http:
            fault = {"status": 500, "keep": True}
            await http.post(f"{url}/_faults", content=json.dumps(fault))
            answer = await http.post(
                f"{url}/api/sendText",
                json={"session": "default", "chatId": "221@c.us", "text": "Oui"},
                headers={"X-Api-Key": API_KEY},
            )
            sent = (await http.get(f"{url}/_sent")).json()
    finally:
        process.kill()
        await process.wait()

    assert answer.status_code == 500
    assert [one["body"] for one in sent] == ["Oui"]
