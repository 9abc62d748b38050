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
# The share answered, asserted or quoted with a doubt; of that, so much asserted.
RIGHT = {"tuned": 0.9, "held_out": 0.9, "new_worlds": 0.85}
ASSERTED = 0.75
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


async def answer(documents: Documents, question: str) -> tuple[str, bool]:
    """What a reply would say, folded and without spaces, and whether it is sure.

    The first two evident passages, or else those quoted with a doubt.
    """
    found = await documents.search(question)
    evident = [one for one in found if one.is_evident][:2]
    said = evident or [one for one in found if one.is_near]
    return _flat(" ".join(f"{p.heading} {p.text}" for p in said)), bool(evident)


def _flat(text: str) -> str:
    return "".join(fold(text).split())


@pytest.mark.parametrize("half", RIGHT)
async def test_questions_find_the_passage_that_answers(
    worlds: Mapping[str, Documents], half: str
) -> None:
    asked = [one for one in questions(half) if "any" in one]
    wrong: list[str] = []
    sure = 0
    for one in asked:
        found, is_sure = await answer(worlds[one["world"]], one["ask"])
        if not any(_flat(fact) in found for fact in one["any"]):
            wrong.append(one["ask"])
        elif is_sure:
            sure += 1

    assert len(wrong) <= (1 - RIGHT[half]) * len(asked), wrong
    assert sure >= ASSERTED * len(asked)


@pytest.mark.parametrize("half", RIGHT)
async def test_no_answer_is_made_up(worlds: Mapping[str, Documents], half: str) -> None:
    absent = [one for one in questions(half) if "any" not in one]
    found = {
        one["ask"]: await answer(worlds[one["world"]], one["ask"]) for one in absent
    }

    assert absent
    made_up = [ask for ask, (_, is_sure) in found.items() if is_sure]
    assert len(made_up) <= MADE_UP[half], made_up
