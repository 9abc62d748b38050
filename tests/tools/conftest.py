import pytest

from memory import Memory
from tests.conftest import Clock

from .school import School


@pytest.fixture
def school(memory: Memory, clock: Clock) -> School:
    return School(memory, clock)
