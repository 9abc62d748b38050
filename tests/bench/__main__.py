"""Measures what is named; 1 when a goal is missed, 2 when it could not be decided."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from . import documents, providers
from .asked import Asked

BENCHES: Mapping[str, Callable[[Asked], Coroutine[Any, Any, int]]] = {
    "documents": documents.run,
    "providers": providers.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("bench", choices=sorted(BENCHES))
    parser.add_argument("--rounds", type=int, default=5, help="interleaved (default 5)")
    parser.add_argument(
        "--langgraph",
        action="store_true",
        help="LangGraph beside it, in a virtual environment that is thrown away",
    )
    given = parser.parse_args()
    asked = Asked(rounds=given.rounds, with_langgraph=given.langgraph)
    return asyncio.run(BENCHES[given.bench](asked))


if __name__ == "__main__":
    sys.exit(main())
