"""Does the search find the passage that answers? Measured without the agent."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.backends.documents import Passage

from .folding import fold
from .retrieval_set import Labelled, Language, RetrievalSet

AT_MOST = 5  # passages looked at, as the tool asks for
# What a reply would do: assert a passage, quote it with a doubt, or neither.
Said = Literal["asserted", "doubted", "nothing"]
Search = Callable[[str, int], Awaitable[Sequence[Passage]]]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the search gave for one question."""

    world: str
    labelled: Labelled
    rank: int | None  # of the first passage with the answer, from 1
    said: Said
    is_right: bool  # what is said holds the answer
    passages: Sequence[Passage]

    @property
    def is_answerable(self) -> bool:
        return bool(self.labelled.answer)


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Shares, 0 to 1, over some questions; None where there is none to count."""

    answerable: int
    unanswerable: int
    hit_1: float | None
    hit_3: float | None
    asserted: float | None  # the answer, without doubt
    doubted: float | None  # the answer, with a doubt
    misled: float | None  # another passage, without doubt
    invented: float | None  # of those without an answer: something asserted


async def measure(questions: RetrievalSet, search: Search) -> Sequence[Found]:
    """Each question of a set, searched for."""
    return [
        _found(questions.name, one, await search(one.question, AT_MOST))
        for one in questions.questions
    ]


def scores(found: Sequence[Found], *, lang: Language | None = None) -> Scores:
    """The figures of some questions, or of those in one language."""
    some = [one for one in found if lang in (None, one.labelled.lang)]
    able = [one for one in some if one.is_answerable]
    unable = [one for one in some if not one.is_answerable]
    return Scores(
        answerable=len(able),
        unanswerable=len(unable),
        hit_1=_share(able, lambda one: one.rank == 1),
        hit_3=_share(able, lambda one: one.rank is not None and one.rank <= 3),
        asserted=_share(able, lambda one: one.said == "asserted" and one.is_right),
        doubted=_share(able, lambda one: one.said == "doubted" and one.is_right),
        misled=_share(able, lambda one: one.said == "asserted" and not one.is_right),
        invented=_share(unable, lambda one: one.said == "asserted"),
    )


def _share(some: Sequence[Found], holds: Callable[[Found], bool]) -> float | None:
    return sum(map(holds, some)) / len(some) if some else None


def _found(world: str, labelled: Labelled, passages: Sequence[Passage]) -> Found:
    ranks = [n for n, one in enumerate(passages, start=1) if _answers(one, labelled)]
    said: Said = "nothing"
    quoted = [one for one in passages if one.is_evident][:2]
    if quoted:
        said = "asserted"
    elif quoted := [one for one in passages if one.is_near]:
        said = "doubted"
    return Found(
        world=world,
        labelled=labelled,
        rank=ranks[0] if ranks else None,
        said=said,
        is_right=any(_answers(one, labelled) for one in quoted),
        passages=passages,
    )


def _answers(passage: Passage, labelled: Labelled) -> bool:
    text = fold(f"{passage.heading or ''}\n{passage.text}")
    return bool(labelled.answer) and all(fold(one) in text for one in labelled.answer)
