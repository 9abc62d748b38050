"""LangGraph's ReAct loop, in an environment and a process of its own."""

import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

# Never among our requirements: it is here to be compared with, by the same SDK.
PACKAGES = ("langgraph==1.2.24", "langchain-openai==1.7.4", "openai==3.54.0")


@dataclass(frozen=True, kw_only=True)
class There:
    """A peer in a process of its own, which measures itself."""

    name: str
    process: Process

    async def cpu_ms(self, *, at_once: int, turns: int) -> float:
        return await self._ask({"at_once": at_once, "turns": turns})

    async def calls(self) -> int:
        return round(await self._ask({}))

    async def _ask(self, what: Mapping[str, int]) -> float:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{json.dumps(what)}\n".encode())
        await self.process.stdin.drain()
        return float(await self.process.stdout.readline())


@asynccontextmanager
async def running_langgraph(address: str) -> AsyncGenerator[There]:
    """It, until the end of the block; then its environment is thrown away.

    Raises:
        RuntimeError: its packages cannot be installed.
    """
    with tempfile.TemporaryDirectory(prefix="bench-langgraph-") as folder:
        python = str(Path(folder) / "bin" / "python")
        await _do(sys.executable, "-m", "venv", folder)
        await _do(python, "-m", "pip", "install", "--quiet", *PACKAGES)
        process = await asyncio.create_subprocess_exec(
            *(python, "-m", "tests.bench.langgraph_turn", f"{address}/openai/v1"),
            stdin=PIPE,
            stdout=PIPE,
            env={**os.environ, "LANGSMITH_TRACING": "false"},
        )
        try:
            yield There(name="langgraph openai", process=process)
        finally:
            process.terminate()
            await process.wait()


async def _do(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command)
    if await process.wait():
        raise RuntimeError(f"failed: {' '.join(command[1:])}")
