from collections.abc import AsyncGenerator

import pytest

from memory import Memory
from tests.conftest import Clock

from .site import Site
from .windows import Windows, answering, looking_at


@pytest.fixture
def site(memory: Memory, clock: Clock) -> Site:
    return Site(memory=memory, now=clock)


@pytest.fixture
async def windows(site: Site) -> AsyncGenerator[Windows]:
    """Windows on a site where every message is answered."""
    async with answering(site) as engine, looking_at(site, engine.wake) as opened:
        yield opened


@pytest.fixture
async def unanswered(site: Site) -> AsyncGenerator[Windows]:
    """Windows on a site where nobody works: nothing is answered by itself."""
    async with looking_at(site, site.woken.append) as opened:
        yield opened
