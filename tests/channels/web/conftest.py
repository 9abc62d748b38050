import pytest

from memory import Memory
from tests.conftest import Clock

from .site import Site


@pytest.fixture
def site(memory: Memory, clock: Clock) -> Site:
    return Site(memory=memory, now=clock)
