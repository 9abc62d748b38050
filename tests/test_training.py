"""The organisations that the encoder learns from can be read, and are no exam."""

from pathlib import Path

import pytest

from training.worlds import FOLDER, load

EVALS = Path(__file__).parent.parent / "evals"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES[::8], ids=lambda file: file.stem)
def test_each_excerpt_is_in_a_passage(file: Path) -> None:
    world = load(file)
    asked = world.questions

    assert any(question.passages for question in asked)
    assert any(question.action in world.actions for question in asked)
    assert any(not question.passages and not question.action for question in asked)


def test_an_excerpt_that_is_nowhere_is_named(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(
        "documents: {a.md: 'Le cours est le mardi.'}\nactions: []\n"
        "questions: [{q: 'quand ?', lang: fr, a: le lundi}]\n",
        encoding="utf-8",
    )

    with pytest.raises(ValueError, match="no passage holds « le lundi »"):
        load(file)


def test_nothing_is_learnt_from_a_world_that_judges() -> None:
    learnt = {file.stem for file in FILES}
    judging = {file.stem for file in (EVALS / "retrieval").glob("*.yaml")}
    judging |= {folder.name for folder in (EVALS / "exams").iterdir()}

    assert len(learnt) >= 100
    assert learnt.isdisjoint(judging)
