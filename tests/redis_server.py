"""The Redis of these tests, and one that a test may start and stop."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from shutil import which

import pytest

HOST, PORT = "127.0.0.1", 6379
URL = os.environ.get("GUST_TEST_REDIS", f"redis://{HOST}:{PORT}/0")


def redis_url() -> str:
    """The address of the Redis of this machine; skips without one."""
    if URL.endswith(f"{HOST}:{PORT}/0") and not _listens(PORT):
        _missing("no Redis on 127.0.0.1:6379: see docs/development.md")
    return URL


class OwnRedis:
    """A Redis of one test, that goes away and comes back when it is told to.

    What it keeps does not outlive `stop`: it starts again with nothing.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"redis://{HOST}:{port}/0"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = which("redis-server")
        if program is None:
            _missing("no redis-server to start: see docs/development.md")
        command = [str(program), "--port", str(self.port), "--bind", HOST]
        command += ["--save", "", "--appendonly", "no"]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not _listens(self.port):
            assert running.poll() is None, "redis-server did not start"
            time.sleep(0.01)
        self._running = running

    def stop(self) -> None:
        if self._running:
            self._running.kill()  # a hanging one too
            self._running.wait()
        self._running = None

    def hang(self) -> None:
        """Take connections and never say a word."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._running
        self._running.send_signal(number)


@contextmanager
def redis_of_one_test() -> Generator[OwnRedis]:
    """A Redis of our own that has not been started."""
    redis = OwnRedis(free_port())
    try:
        yield redis
    finally:
        redis.stop()


@contextmanager
def own_redis(port: int) -> Generator[str]:
    """A Redis of our own on `port`, which stops at the end of the block."""
    redis = OwnRedis(port)
    redis.start()
    try:
        yield redis.url
    finally:
        redis.stop()


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((HOST, port)) == 0


def _missing(reason: str) -> None:
    if os.environ.get("GUST_ALL_BACKENDS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
