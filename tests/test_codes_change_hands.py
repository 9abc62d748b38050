"""A code that changes in the tables, while its holder is writing to the concierge."""

import shutil
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from config.world import open_world
from main import CACHE, House, open_house
from tests.conftest import Clock
from tests.memory.letters import receive, wrote
from tests.whole_house import settings_in

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "config" / "demo"

Correct = Callable[[str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demo world, whose tables may be corrected."""
    return Path(shutil.copytree(DEMO, tmp_path / "world"))


@pytest.fixture
def correct(folder: Path) -> Correct:
    """The service corrects what its list of parents says."""

    def replace(written: str, corrected: str) -> None:
        table = folder / "tables" / "parents.csv"
        text = table.read_text("utf-8")
        assert written in text
        table.write_text(text.replace(written, corrected), "utf-8")

    return replace


@pytest.fixture
async def house(tmp_path: Path, folder: Path, clock: Clock) -> AsyncGenerator[House]:
    settings = settings_in(tmp_path, PROVIDERS="offline", WORLD=str(folder))
    async with (
        open_world(folder, cache=CACHE, now=clock) as world,
        open_house(settings, world) as house,
    ):
        yield house


async def says(house: House, text: str) -> str:
    """What is answered to a message of one and the same parent."""
    message = await receive(house.memory, wrote(text))
    await house.answering.drain(message.conversation_id)
    [turn] = await house.memory.turns.recent(message.conversation_id, at_most=1)
    return " ".join(turn.replies)


@pytest.mark.parametrize(
    ("written", "corrected"),
    [("KA-4417,", "ZZ-0001,"), ("Joséphine,Kantoussan", "Gilbert,Sagna")],
    ids=["the code is another one", "the code is another person's"],
)
async def test_the_next_question_asks_for_the_code_again(
    house: House, correct: Correct, written: str, corrected: str
) -> None:
    await says(house, "KA-4417")
    assert "14,5" in await says(house, "les notes d'Agnès ?")

    correct(written, corrected)
    asked = await says(house, "les notes d'Agnès ?")

    assert "14,5" not in asked
    assert "code" in asked.casefold()
    again = await says(house, "KA-4417")
    assert "Agnès" not in again
    assert "14,5" not in await says(house, "les notes d'Agnès ?")


async def test_a_corrected_letter_disturbs_nobody(
    house: House, correct: Correct
) -> None:
    await says(house, "KA-4417")
    correct("Joséphine,Kantoussan", "Joséphine,Kantousan")

    assert "14,5" in await says(house, "les notes d'Agnès ?")
