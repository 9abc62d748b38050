"""A provider's SDK costs seconds: it is imported where it is configured, only."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SDKS = {"anthropic", "openai", "google.genai", "redis", "limits"}

# Opens the agent's providers as a process does, then tells which SDKs are there.
_OPEN = """
import asyncio, json, sys
from datetime import UTC, datetime
import main
from agent.providers import ProviderParts, open_providers

async def open_and_close(order, environment):
    parts = ProviderParts(
        environment=environment, profiles={}, encoder=None,
        now=lambda: datetime.now(UTC),
    )
    async with open_providers(order, parts) as providers:
        for route in providers.routes:
            [candidate] = route.candidates(cheap=False)
            candidate.model

asyncio.run(open_and_close(*json.loads(sys.argv[1])))
print(json.dumps([name for name in sys.modules if name in set(sys.argv[2:])]))
"""


def imported_for(order: list[str]) -> set[str]:
    environment = {
        f"{name.upper()}_{end}": "x" for name in order for end in ("API_KEYS", "MODEL")
    }
    asked = json.dumps([order, environment])
    done = subprocess.run(
        [sys.executable, "-c", _OPEN, asked, *SDKS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("order", "needed"),
    [
        (["offline"], set[str]()),
        (["openai", "offline"], {"openai"}),
        (["anthropic", "offline"], {"anthropic"}),
        (["gemini", "offline"], {"google.genai"}),
    ],
)
def test_only_the_sdk_of_a_configured_provider_is_imported(
    order: list[str], needed: set[str]
) -> None:
    assert imported_for(order) == needed
