"""Takes the turn with LangGraph and measures itself: a line asks, a line answers.

Runs in an environment that has nothing of ours: the standard library, and theirs.
"""

import asyncio
import json
import sys
import warnings
from importlib import import_module
from typing import Any

from .measuring import Turn, calls_of, cpu_ms
from .turn import QUESTION, SYSTEM, TOOLS, checked


def react_turn(base_url: str) -> Turn:
    # By name: the packages are not there when the rest of the house is checked.
    model: Any = import_module("langchain_openai").ChatOpenAI(
        model="house-model", api_key="langgraph", base_url=base_url, max_retries=0
    )
    build: Any = import_module("langgraph.prebuilt").create_react_agent
    with warnings.catch_warnings(action="ignore"):  # it has a new name elsewhere
        agent: Any = build(model, list(TOOLS), prompt=SYSTEM)

    async def turn() -> None:
        asked = {"messages": [("user", QUESTION)]}
        checked((await agent.ainvoke(asked))["messages"][-1].content)

    return turn


async def serve(base_url: str) -> None:
    turn = react_turn(base_url)
    for line in sys.stdin:  # nothing else is to be done meanwhile
        what: dict[str, int] = json.loads(line)
        found = await (cpu_ms(turn, **what) if what else calls_of(turn))
        sys.stdout.write(f"{found}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
