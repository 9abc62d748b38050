"""A turn of two model calls: what the house adds to the framework, and it to HTTP."""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from statistics import median

from .asked import Asked
from .counterpart import running_counterpart
from .langgraph import running_langgraph
from .peers import Peer, open_peers
from .table import Measured, verdict, written

# At once: samples of a round, turns of a sample.
_SIZES: Mapping[int, tuple[int, int]] = {1: (10, 4), 50: (2, 50), 200: (1, 200)}
_LONGEST_S = 200.0  # then no further round begins
_LANGGRAPH_S = 90.0  # more, to be installed and measured


async def run(asked: Asked) -> int:
    """Prints the table; the exit code."""
    begun = time.monotonic()
    longest_s = _LONGEST_S + (_LANGGRAPH_S if asked.with_langgraph else 0)
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(running_counterpart())
        peers = list(await stack.enter_async_context(open_peers(address)))
        if asked.with_langgraph:
            peers.append(await stack.enter_async_context(running_langgraph(address)))
        else:
            _say("LangGraph is not measured; beside it: make bench LANGGRAPH=1")
        calls = {peer.name: await peer.calls() for peer in peers}
        measured = Measured(calls=calls)
        for number in range(asked.rounds):
            if time.monotonic() - begun > longest_s:
                _say(f"Too slow a machine: {number} of {asked.rounds} rounds")
                break
            await _round(peers, number, measured)
            _say(f"round {number + 1} of {asked.rounds}, load {_load()}")
    _say(written(measured))
    code, words = verdict(measured)
    _say(f"{words}\nload {_load()}, {time.monotonic() - begun:.0f} s")
    return code


async def _round(peers: Sequence[Peer], number: int, measured: Measured) -> None:
    """Everybody once at each size, in another order each time."""
    for at_once, (samples, turns) in _SIZES.items():
        found: dict[str, list[float]] = defaultdict(list)
        for sample in range(samples):
            first = (number + sample) % len(peers)
            for peer in (*peers[first:], *peers[:first]):
                cpu_ms = await peer.cpu_ms(at_once=at_once, turns=turns)
                found[peer.name].append(cpu_ms)
        for name, some in found.items():
            measured.note(name, at_once=at_once, cpu_ms=median(some))


def _load() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
