"""A house on WhatsApp that kills its own process at one step of the story.

test_crashes.py runs it in processes of their own. It is the real composition of main.py; only the part that dies is replaced.
"""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

from channels.waha import Waha
from channels.web.server import serve_app
from config.settings import read_settings
from config.world import World
from main import Replacements, open_house, web_app, working
from memory import Live
from memory.live import Kind
from memory.records import Incoming, Outgoing
from tools.backends.csv_tables import CsvTables
from tools.backends.documents import Passage

SECRET = "the secret of this test"
API_KEY = "the-key-of-our-waha"
REPLY = "J'ai transmis votre demande à l'équipe."


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DyingLive(Live):
    """Dies when a given piece of news is published."""

    def __init__(self, dies_at: str) -> None:
        super().__init__()
        self._dies_at = dies_at

    def publish(self, kind: Kind, conversation_id: int | None = None) -> None:
        if f"news-{kind}" == self._dies_at:
            die()
        super().publish(kind, conversation_id)


class DyingWaha(Waha):
    """Dies while understanding a call, or just before or after a delivery."""

    dies_at = ""

    def understand(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        if self.dies_at == "understand":
            die()
        return super().understand(body, headers)

    async def deliver(self, outgoing: Outgoing) -> str | None:
        if self.dies_at == "before-delivery":
            die()
        platform_id = await super().deliver(outgoing)
        if self.dies_at == "after-delivery":
            die()
        return platform_id


class NoDocuments:
    """A world in which nothing is written down."""

    async def search(self, query: str, *, at_most: int = 5) -> Sequence[Passage]:
        return ()

    async def titles(self) -> Sequence[str]:
        return ()

    def problems(self) -> Sequence[str]:
        return ()


def model_that_asks_for_a_human(dies_at: str) -> FunctionModel:
    """Two requests: one tool that writes, then the reply."""

    async def respond(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        last = messages[-1]
        has_answer = isinstance(last, ModelRequest) and any(
            isinstance(part, ToolReturnPart) for part in last.parts
        )
        if dies_at == ("second-request" if has_answer else "first-request"):
            die()
        if has_answer:
            return ModelResponse(parts=[TextPart(REPLY)])
        arguments = {"reason": "demande", "urgent": False}
        call = ToolCallPart("hand_off_to_human", arguments)
        return ModelResponse(parts=[call])

    return FunctionModel(respond, model_name="scripted")


async def main(folder: str, waha_url: str, port: int, dies_at: str) -> None:
    settings = read_settings(
        {
            "DATABASE_URL": f"sqlite:///{folder}/gust.db",
            "SESSION_SECRET": "s" * 32,
            "DEBOUNCE_S": "0.1",
            "LOG_LEVEL": "error",
        }
    )
    world = World(
        folder=Path(folder),
        profiles={},
        tables=CsvTables(Path(folder)),
        documents=NoDocuments(),
        encoder=None,
    )
    async with httpx.AsyncClient() as http:
        waha = DyingWaha(http, base_url=waha_url, api_key=API_KEY, secret=SECRET)
        waha.dies_at = dies_at
        replaced = Replacements(
            model=model_that_asks_for_a_human(dies_at),
            live=DyingLive(dies_at),
            channels={"whatsapp": waha},
        )
        async with (
            open_house(settings, world, replaced=replaced) as house,
            working(house),
        ):
            await serve_app(web_app(house), host="127.0.0.1", port=port)


def run_house(folder: str, waha_url: str, port: int, dies_at: str) -> None:
    """The whole life of one process; it serves until it is killed."""
    asyncio.run(main(folder, waha_url, port, dies_at))
