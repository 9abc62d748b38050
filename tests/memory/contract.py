"""What every backend of memory inherits: its tests run on SQLite and on Postgres."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from memory import Memory, open_memory
from tests.conftest import Clock


class MemoryContract:
    """A contract states a `memory`; a backend states the `url` that it lives at."""

    @pytest.fixture
    async def memory(self, url: str, clock: Clock) -> AsyncGenerator[Memory]:
        async with open_memory(url, now=clock) as opened:
            yield opened

    @pytest.fixture
    async def neighbour(self, url: str, clock: Clock) -> AsyncGenerator[Memory]:
        """The memory of a second process on the same database."""
        async with open_memory(url, now=clock) as opened:
            yield opened


class OnSqlite:
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/gust.db"


class OnPostgres:
    @pytest.fixture
    def url(self, empty_postgres: str) -> str:
        return empty_postgres
