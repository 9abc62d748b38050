"""Browser windows on a site, and somebody who answers there."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page, async_playwright

from channels.delivery import Delivery
from channels.web_chat import WebChat
from memory import InProcessEngine
from memory.records import ToolCall, ToolOutcome

from .serving import serving
from .site import Site

HARM = "[piège](javascript:alert(1)) <img src=x onerror=alert(1)>"
REPLY = f"Le **samedi** à 15 h :\n- salle 2\n- salle 4\n3. trois, 4 500 FCFA\n{HARM}"


@dataclass
class Windows:
    """Browser windows on the site, and what their consoles complained of."""

    browser: Browser
    address: str
    complaints: list[str] = field(default_factory=list[str])

    async def open(self, path: str, *, width: int = 1280) -> Page:
        page = await self.browser.new_page(viewport={"width": width, "height": 800})
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.complaints.append(said.text)
                if said.type in ("error", "warning")
                else None
            ),
        )
        await page.goto(self.address + path)
        return page


@asynccontextmanager
async def looking_at(
    site: Site, wake: Callable[[int], None]
) -> AsyncGenerator[Windows]:
    chromium = shutil.which("chromium")
    if not chromium:
        reason = "no Chromium: apt-get install chromium"
        if os.environ.get("GUST_ALL_BACKENDS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    async with serving(site, wake=wake) as address:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox"]
            )
            windows = Windows(browser, address)
            yield windows
            await browser.close()
        assert windows.complaints == []


@asynccontextmanager
async def answering(site: Site) -> AsyncGenerator[InProcessEngine]:
    """Every message is answered with the same words; what asks for a human asks."""
    inbox = site.memory.inbox

    async def drain(conversation_id: int) -> None:
        for message in await inbox.take(conversation_id):
            conversation = await site.conversation(message)
            if conversation.mode == "human":
                await inbox.hold(conversation)
                return
            if "humain" in message.text:
                await site.asked_for_human(message)
            call = ToolCall(
                name="verify_parent_code",
                arguments={"code": "ZX-1234"},
                outcome=ToolOutcome.REFUSED,
            )
            await site.answered(message, REPLY, tools=[call])
            site.memory.live.publish("outgoing", conversation_id)

    engine = InProcessEngine(inbox.waiting_conversations, max_concurrent_turns=1)
    delivery = Delivery(site.memory, {"web": WebChat()}, now=site.now)
    delivering = asyncio.create_task(delivery.run_forever())
    await engine.start(drain)
    yield engine
    await engine.stop()
    delivering.cancel()
    with suppress(asyncio.CancelledError):
        await delivering
