from collections.abc import AsyncGenerator

import pytest

from tests.counterparts.providers import ProviderCounterpart, running_providers


@pytest.fixture
async def counterpart() -> AsyncGenerator[ProviderCounterpart]:
    async with running_providers() as running:
        yield running
