"""One model call: the next tools of the plan, or the reply when all have answered."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from tools.backends.documents import DocumentsOdds, unknown_odds
from tools.backends.encoder import Encoder
from tools.code_shapes import CodeShape
from tools.profile import Profile

from .added_tools import AddedTools, Tools
from .compose import compose
from .outlook import Outlook
from .plan import plan
from .steps import Call, Step
from .subjects import Subjects
from .talk import Done, Result, Talk


class Mind:
    """Knows the actions of a world; everything else it is told, each time."""

    def __init__(
        self,
        profiles: Mapping[str, Profile],
        encoder: Encoder | None,
        code_shapes: Sequence[CodeShape] = (),
        documents_odds: DocumentsOdds = unknown_odds,
    ) -> None:
        self._subjects = Subjects(profiles, encoder)
        self._added = AddedTools(encoder)
        self._code_shapes = code_shapes
        self._documents_odds = documents_odds

    async def next_step(
        self, talk: Talk, tools: Tools, today: date
    ) -> Sequence[Call] | str:
        """The tools to call now, or the reply."""
        outlook = Outlook(
            talk=talk,
            tools=tools,
            subjects=self._subjects,
            today=today,
            added=self._added,
            code_shapes=self._code_shapes,
            documents_odds=cache(self._documents_odds),  # asked more than once
        )
        # Embedding a question takes tens of milliseconds: other turns go on.
        steps = await asyncio.to_thread(plan, outlook)
        results = _results(steps, talk.done)
        waiting = _waiting(steps, results, tools)
        return waiting or compose(steps, results, outlook)


def _results(steps: Sequence[Step], done: Sequence[Done]) -> dict[int, Result]:
    """What each step of the plan was answered, by its place."""
    left = list(done)
    results: dict[int, Result] = {}
    for at, step in enumerate(steps):
        if isinstance(step, Call) and left and left[0].tool == step.tool:
            results[at] = left.pop(0).result
    return results


def _waiting(
    steps: Sequence[Step], results: Mapping[int, Result], tools: Tools
) -> Sequence[Call]:
    """The calls that can be made now; those of one tool go together."""
    waiting: list[Call] = []
    for at, step in enumerate(steps):
        if not isinstance(step, Call) or at in results or step.tool not in tools:
            continue
        if waiting and waiting[0].tool != step.tool:
            break
        waiting.append(step)
        if step.purpose == "verify":
            break
    return waiting
