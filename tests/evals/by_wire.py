"""Plays every case through a provider's wire format, against the stand-in.

    .venv/bin/python -m tests.evals.by_wire anthropic     (or openai, gemini)

The built-in model answers behind real sockets and the real SDK, and knows of names and
codes their tokens only: what differs from `evals run` is what the way there changes.
"""

import asyncio
import sys

from evals.command import Asked, run_command
from evals.houses import EvalHouses
from main import CACHE, CaseHouses
from tests.evals.record_synthetic import DEMO, MODELS, Recorded, environment_of
from tests.evals.stand_in import standing_in

CASES = DEMO.parent.parent / "evals" / "cases"  # the stand-in knows the demo world


async def play_by_wire(provider: Recorded) -> int:
    """The exit code of `evals run --model live:PROVIDER` before the stand-in."""
    async with standing_in(DEMO, cache=CACHE) as stand_in:
        asked = Asked(
            folders=(CASES,),
            model=f"live:{provider}",
            environment=environment_of(provider, stand_in),
        )
        return await run_command(asked, EvalHouses(CaseHouses()))


if __name__ == "__main__":
    for name in MODELS:
        if name in sys.argv[1:]:
            sys.exit(asyncio.run(play_by_wire(name)))
    sys.exit(f"which one? {', '.join(MODELS)}")
