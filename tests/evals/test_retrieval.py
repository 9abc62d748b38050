"""How well the search finds: what is counted, and that the sets are right."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from evals.errors import BrokenCases
from evals.folding import fold
from evals.retrieval import Found, measure, scores
from evals.retrieval_command import AskedToMeasure, retrieval_command
from evals.retrieval_set import Labelled, RetrievalSet, load_sets
from tools.backends.documents import Passage
from tools.backends.reading import read_text

OURS = load_sets()


def _passage(text: str, *, evident: bool = False, near: bool = False) -> Passage:
    return Passage(
        title="Tarifs",
        heading=None,
        text=text,
        source="tarifs.md",
        updated=None,
        score=1.0,
        is_evident=evident,
        is_near=near,
    )


async def _found(passages: Sequence[Passage], *answer: str) -> Found:
    async def search(_query: str, _at_most: int) -> Sequence[Passage]:
        return passages

    labelled = Labelled(id="meal", question="le repas ?", lang="fr", answer=answer)
    asked = RetrievalSet(
        name="town",
        documents=Path(),
        today=date(2026, 11, 25),
        questions=(labelled,),
    )
    return (await measure(asked, search))[0]


async def test_the_rank_is_that_of_the_first_passage_with_all_of_the_answer() -> None:
    both = _passage("Repas : 900 FCFA, goûter : 300 FCFA")
    found = await _found([_passage("Goûter : 300 FCFA"), both], "300 F", "900")
    assert (found.rank, found.said, found.is_right) == (2, "nothing", False)


async def test_an_asserted_passage_without_the_answer_misleads() -> None:
    found = await _found(
        [_passage("Goûter : 300", evident=True), _passage("Repas : 900")], "900"
    )
    assert (found.said, found.is_right) == ("asserted", False)
    assert scores([found]).misled == 1.0
    assert scores([found]).hit_3 == 1.0


async def test_one_of_several_quoted_with_a_doubt_may_hold_the_answer() -> None:
    near = [_passage("Goûter : 300", near=True), _passage("Repas : 900", near=True)]
    found = await _found(near, "900")
    assert (found.said, found.is_right) == ("doubted", True)
    assert scores([found]).doubted == 1.0


async def test_what_is_asserted_without_any_answer_is_invented() -> None:
    asserted = await _found([_passage("Goûter : 300", evident=True)])
    silent = await _found([_passage("Goûter : 300")])
    assert scores([asserted, silent]).invented == 0.5
    assert scores([silent]).hit_1 is None


async def test_scores_of_one_language_count_its_questions_only() -> None:
    found = await _found([_passage("Repas : 900", evident=True)], "900")
    assert scores([found], lang="en").answerable == 0
    assert scores([found], lang="fr").asserted == 1.0


async def test_the_command_prints_each_world_and_its_misses(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "tarifs.md").write_text("# Tarifs\n\nLe repas coûte 900 FCFA.\n", "utf-8")
    questions = (
        "- {id: meal, question: 'le repas, combien ?', lang: fr, answer: ['900']}\n"
        "- {id: moon, question: 'la lune ?', lang: fr, answer: ['loin']}\n"
    )
    (tmp_path / "town.yaml").write_text(
        f"documents: documents\ntoday: 2026-11-25\nquestions:\n{questions}", "utf-8"
    )
    out = io.StringIO()
    code = await retrieval_command(
        AskedToMeasure(
            cache=tmp_path, folder=tmp_path, by_words=True, list_misses=True
        ),
        out=Console(file=out, width=160),
    )
    assert code == 0
    assert "town" in out.getvalue()
    assert "moon" in out.getvalue()
    assert "meal" not in out.getvalue()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("documents: nowhere\ntoday: 2026-11-25\nquestions: []", "questions"),
        (
            "documents: nowhere\ntoday: 2026-11-25\n"
            "questions: [{id: a, question: b, lang: fr, answer: []}]",
            "there is no folder nowhere",
        ),
        ("documents: .\ntoday: 2026-11-25\nquestions: [{id: a}]", "question"),
        ("[", "town.yaml"),
    ],
)
def test_a_set_that_cannot_be_used_says_why(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "town.yaml").write_text(text, "utf-8")
    with pytest.raises(BrokenCases, match=said):
        load_sets(tmp_path)


@pytest.mark.parametrize("ours", OURS, ids=lambda one: one.name)
def test_each_answer_of_ours_stands_in_a_document(ours: RetrievalSet) -> None:
    files = sorted(path for path in ours.documents.rglob("*") if path.is_file())
    texts = [fold(read_text(path).replace("*", "").replace("|", " ")) for path in files]
    missing = [
        one.id
        for one in ours.questions
        if not any(all(fold(part) in text for part in one.answer) for text in texts)
    ]
    assert not missing
    assert len({one.id for one in ours.questions}) == len(ours.questions)
