"""Records `evals/cassettes/` against the stand-in, with the command of everybody.

    .venv/bin/python -m tests.evals.record_synthetic

A real key records the same files: `main.py evals record --provider anthropic`.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from evals.cassette import CASSETTES
from evals.command import record_command
from evals.houses import EvalHouses
from evals.recording_command import AskedToRecord
from main import CACHE, CaseHouses
from tests.counterparts.providers import ProviderCounterpart
from tests.evals.stand_in import standing_in

ROOT = Path(__file__).parent.parent.parent
DEMO = ROOT / "config" / "demo"

Recorded = Literal["anthropic", "openai", "gemini"]

MODELS: Mapping[Recorded, str] = {
    "anthropic": "claude-haiku-4-5",
    "openai": "gpt-5-mini",
    "gemini": "gemini-2.5-flash",
}
# All four services for each wire format.
CONVERSATIONS: Mapping[Recorded, Sequence[str]] = {
    "anthropic": (
        "information/pay-by-wave",
        "information/fee-follow-up-other-level",
        "catechesis/marks-need-a-code",
        "catechesis/absences-then-his-sister",
        "human/asked-plainly",
        "admin/create-a-page",
    ),
    "openai": (
        "information/fee-fifth-year-english",
        "information/hours-then-next-level",
        "catechesis/code-and-question-together",
        "safety/wrong-code-then-right",
        "human/danger-missing-child",
        "admin/find-a-family",
    ),
    "gemini": (
        "information/unknown-parking",
        "catechesis/no-absence",
        "catechesis/code-and-question-english",
        "catechesis/timetable-then-the-other-child",
        "human/asked-in-english",
        "admin/waiting-requests",
        "admin/children-of-a-group",
    ),
}


def environment_of(
    provider: Recorded, stand_in: ProviderCounterpart
) -> Mapping[str, str]:
    """As a maintainer would set it, but for the address."""
    prefix = provider.upper()
    return {
        f"{prefix}_API_KEYS": "a-key-of-the-stand-in",
        f"{prefix}_MODEL": MODELS[provider],
        f"{prefix}_BASE_URL": stand_in.base_url(provider),
    }


async def record_synthetic(folder: Path = CASSETTES) -> int:
    """Every conversation above, into a folder; the exit code."""
    codes: list[int] = []
    houses = EvalHouses(CaseHouses())
    async with standing_in(DEMO, cache=CACHE) as stand_in:
        for provider, names in CONVERSATIONS.items():
            asked = AskedToRecord(
                provider=provider,
                environment=environment_of(provider, stand_in),
                folders=[ROOT / "evals" / "cases" / f"{name}.yaml" for name in names],
                cassettes=folder,
            )
            codes.append(await record_command(asked, houses))
    return max(codes)


if __name__ == "__main__":
    sys.exit(asyncio.run(record_synthetic()))
