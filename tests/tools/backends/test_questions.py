"""How many questions find their answer, and how often one is made up."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Required, TypedDict, cast

import pytest
import yaml

from tools.backends.documents import Documents
from tools.backends.folder import FolderDocuments
from tools.folding import fold

ROOT = Path(__file__).parents[3]
WORLDS = {
    "demo": ROOT / "config/demo/documents",
    "ziguinchor": ROOT / "evals/worlds/ziguinchor/documents",
    "club": Path(__file__).with_name("club"),
    "music": Path(__file__).with_name("music"),
    "quarter": Path(__file__).with_name("quarter"),
}
RIGHT = {"tuned": 0.9, "held_out": 0.9, "new_worlds": 0.85}  # share answered
MADE_UP = {"tuned": 0, "held_out": 0, "new_worlds": 1}  # at most so many


class _Asked(TypedDict, total=False):
    world: Required[str]
    ask: Required[str]
    any: list[str]


def questions(half: str) -> Sequence[_Asked]:
    text = Path(__file__).with_name("questions.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, Sequence[_Asked]]", yaml.safe_load(text))[half]


@pytest.fixture
async def worlds() -> Mapping[str, Documents]:
    def now() -> datetime:
        return datetime(2026, 11, 21, tzinfo=UTC)

    return {
        name: await FolderDocuments.open(folder, now=now)
        for name, folder in WORLDS.items()
    }


async def answer(documents: Documents, question: str) -> str:
    """The first evident passage, folded and without spaces; "" when there is none."""
    found = await documents.search(question)
    passage = next((one for one in found if one.is_evident), None)
    return _flat(f"{passage.heading} {passage.text}") if passage else ""


def _flat(text: str) -> str:
    return "".join(fold(text).split())


@pytest.mark.parametrize("half", RIGHT)
async def test_questions_find_the_passage_that_answers(
    worlds: Mapping[str, Documents], half: str
) -> None:
    asked = [one for one in questions(half) if "any" in one]
    wrong: list[str] = []
    for one in asked:
        found = await answer(worlds[one["world"]], one["ask"])
        if not any(_flat(fact) in found for fact in one["any"]):
            wrong.append(one["ask"])

    assert len(wrong) <= (1 - RIGHT[half]) * len(asked), wrong


@pytest.mark.parametrize("half", RIGHT)
async def test_no_answer_is_made_up(worlds: Mapping[str, Documents], half: str) -> None:
    absent = [one for one in questions(half) if "any" not in one]
    found = {
        one["ask"]: await answer(worlds[one["world"]], one["ask"]) for one in absent
    }

    assert absent
    assert len([ask for ask, text in found.items() if text]) <= MADE_UP[half], found
