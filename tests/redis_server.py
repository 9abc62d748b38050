"""The Redis of these tests, and one that a test may start and stop."""

import os
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


@contextmanager
def own_redis(port: int) -> Generator[str]:
    """A Redis of our own on `port`, which stops at the end of the block."""
    program = which("redis-server")
    if program is None:
        _missing("no redis-server to start: see docs/development.md")
    command = [str(program), "--port", str(port), "--save", "", "--bind", HOST]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        try:
            while not _listens(port):
                assert running.poll() is None, "redis-server did not start"
                time.sleep(0.01)
            yield f"redis://{HOST}:{port}/0"
        finally:
            running.terminate()


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
