import pytest

from tests.counterparts.baserow import BaserowCounterpart

from .baserow_school import a_school


@pytest.fixture
def baserow() -> BaserowCounterpart:
    return a_school()
