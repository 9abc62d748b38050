"""A process that is told to stop finishes what it is sending."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from main import utc_now
from memory import open_memory
from memory.records import OutgoingState
from tests.counterparts.waha import API_KEY, Fault, WahaCounterpart, running_waha
from tests.memory.letters import wrote

ROOT = Path(__file__).parent.parent
PATIENCE_S = 60


def wait_for_a_message(waha: WahaCounterpart) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not waha.sent:
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.02)


async def keep_a_message(url: str) -> None:
    async with open_memory(url, now=utc_now) as memory:
        message = wrote(
            channel="whatsapp", by="whatsapp:+221770000199", address="1@c.us"
        )
        assert await memory.inbox.receive(message)


async def states(url: str) -> list[OutgoingState]:
    async with open_memory(url, now=utc_now) as memory:
        return [each.state for each in await memory.outbox.of_conversation(1)]


@pytest.mark.parametrize("words", [("work",), ("serve", "--port", "0")], ids=" ".join)
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_reply_on_its_way_is_marked_sent_before_the_process_leaves(
    tmp_path: Path, words: tuple[str, ...], told: signal.Signals
) -> None:
    url = f"sqlite:///{tmp_path}/gust.db"
    (tmp_path / "documents").mkdir()
    asyncio.run(keep_a_message(url))
    with running_waha() as waha:
        waha.faults.append(Fault(201, keep=True, delay_s=1))
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "WORLD": str(tmp_path),
            "DATABASE_URL": url,
            "SESSION_SECRET": "s" * 32,
            "WAHA_BASE_URL": waha.url,
            "WAHA_API_KEY": API_KEY,
            "DEBOUNCE_S": "0",
            "OMP_NUM_THREADS": "1",
            "LOG_LEVEL": "error",
        }
        process = subprocess.Popen(
            [sys.executable, "main.py", *words],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.PIPE,
        )
        try:
            wait_for_a_message(waha)
            process.send_signal(told)
            _, complaint = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
            process.wait()

    assert (process.returncode, complaint) == (0, b"")
    assert asyncio.run(states(url)) == [OutgoingState.SENT]
    assert len(waha.sent) == 1
