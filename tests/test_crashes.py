"""kill -9 at each step of the story, then a restart: exactly one reply."""

import hashlib
import hmac
import json
import multiprocessing
import signal
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from tests.counterparts.waha import running_waha
from tests.crashing_house import REPLY, SECRET, run_house

PATIENCE_S = 60

# A server that has imported the house once forks each of its processes.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.crashing_house"])

# Where the process dies, in the order of the story (docs/architecture.md).
STEPS = (
    "understand",  # 1 the call is being verified: nothing is kept yet
    "news-received",  # 2 kept, and not yet answered 200
    "news-typing",  # 3 the messages are taken
    "first-request",  # 4, 5 recalled; the provider is being asked
    "news-handoff",  # 6 a tool has written
    "second-request",  # 6 its answer is on the way to the provider
    "news-answered",  # 7 decided: history, outbox and marks are kept
    "before-delivery",  # 8 leased, not yet sent
    "after-delivery",  # 8 sent, not yet marked
)


@contextmanager
def house(folder: Path, waha_url: str, port: int, dies_at: str = "") -> Generator[None]:
    """A process with the whole house; killed at the end when it still lives."""
    arguments = (str(folder), waha_url, port, dies_at)
    process = _processes.Process(target=run_house, args=arguments)
    process.start()
    try:
        wait_until(lambda: answers(port) or not process.is_alive())
        yield
        if dies_at:
            process.join(PATIENCE_S)
            assert process.exitcode == -signal.SIGKILL
    finally:
        process.kill()
        process.join()


def answers(port: int) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).is_success
    return False


def wait_until(is_so: object) -> None:
    assert callable(is_so)
    give_up_at = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.05)


def post_the_message(port: int) -> bool:
    """As WAHA does: whether it was answered 200; it will call again if not."""
    event = {
        "event": "message",
        "session": "default",
        "payload": {
            "id": "false_221770000199@c.us_AAAA0001",
            "from": "221770000199@c.us",
            "fromMe": False,
            "timestamp": 1_790_000_000,
            "body": "Je voudrais parler à quelqu'un",
        },
    }
    body = json.dumps(event).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha512).hexdigest()
    with suppress(httpx.TransportError):
        answer = httpx.post(
            f"http://127.0.0.1:{port}/api/v1/webhook",
            content=body,
            headers={"X-Webhook-Hmac": signature},
            timeout=10,
        )
        return answer.is_success
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(f"sqlite:///{folder}/gust.db")
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]
    finally:
        engine.dispose()


def is_settled(folder: Path) -> bool:
    """Nothing waits any more, in the inbox or in the outbox."""
    messages = rows(folder, "SELECT state FROM messages")
    outgoing = rows(folder, "SELECT state FROM outbox")
    return messages == [("answered",)] and outgoing == [("sent",)]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_parent_gets_exactly_one_reply(
    step: str, tmp_path: Path
) -> None:
    port = free_port()
    with running_waha() as waha:
        with house(tmp_path, waha.url, port, dies_at=step):
            was_accepted = post_the_message(port)
        with house(tmp_path, waha.url, port):
            # WAHA calls again after an error, and sometimes without one.
            assert post_the_message(port)
            wait_until(lambda: is_settled(tmp_path))
            assert post_the_message(port)

    assert [message["body"] for message in waha.sent] == [REPLY]
    assert rows(tmp_path, "SELECT count(*) FROM handoffs") == [(1,)]
    assert rows(tmp_path, "SELECT count(*) FROM messages") == [(1,)]
    if step in ("understand", "news-received"):
        assert not was_accepted
