"""The events of the web chat over a real connection."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

from channels.web.chat_feed import ChatFeed
from channels.web.chat_stream import stream

from .serving import serving
from .site import NDEYE, Site

Heard = tuple[str, dict[str, Any], str]


async def events(answer: httpx.Response) -> AsyncIterator[Heard]:
    """Each event as the browser would see it: kind, values, id."""
    kind = last_id = ""
    async for line in answer.aiter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            kind = value
        elif field == "id":
            last_id = value
        elif field == "data":
            yield kind, json.loads(value), last_id


async def until(kind: str, heard: AsyncIterator[Heard]) -> list[Heard]:
    found = list[Heard]()
    async for event in heard:
        found.append(event)
        if event[0] == kind:
            break
    return found


async def test_a_reader_hears_what_was_and_what_happens(site: Site) -> None:
    hello = await site.wrote("Bonjour")
    async with (
        serving(site) as address,
        httpx.AsyncClient(base_url=address) as browser,
        browser.stream("GET", "/chat/ndeye/events") as answer,
    ):
        heard = events(answer)
        past = await until("ready", heard)
        await site.answered(hello, "Bonjour !")
        await site.delivered()
        site.memory.live.publish("sent", hello.conversation_id)
        live = await until("reply", heard)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"
    assert [kind for kind, *_ in past] == [
        *("reset", "message", "state", "typing", "ready")
    ]
    assert live[-1][1]["text"] == "Bonjour !"


async def test_a_browser_that_reconnects_misses_and_repeats_nothing(
    site: Site,
) -> None:
    hello = await site.wrote("Bonjour")
    async with (
        serving(site) as address,
        httpx.AsyncClient(base_url=address) as browser,
    ):
        async with browser.stream("GET", "/chat/ndeye/events") as answer:
            [*_, (_, _, last_id)] = await until("ready", events(answer))
        await site.answered(hello, "Bonjour !")
        await site.delivered()
        headers = {"last-event-id": last_id}
        async with browser.stream("GET", "/chat/ndeye/events", headers=headers) as back:
            again = await until("ready", events(back))

    kinds = [kind for kind, *_ in again]
    assert {"turn", "reply"} <= set(kinds)
    assert not {"reset", "message"} & set(kinds)


async def first(lines: AsyncIterator[str], wanted: str) -> str:
    async for line in lines:
        if wanted in line:
            return line
    raise EOFError


async def test_the_line_is_kept_alive_when_nothing_happens(site: Site) -> None:
    feed = ChatFeed(site.memory, NDEYE, now=site.now, epoch="e1")
    lines = stream(feed, site.memory.live, poll_s=0.001, heartbeat_s=0.002)

    assert await first(lines, "still here") == ": still here\n\n"
    await lines.aclose()


async def test_news_lost_on_the_way_are_found_by_looking(site: Site) -> None:
    feed = ChatFeed(site.memory, NDEYE, now=site.now, epoch="e1")
    lines = stream(feed, site.memory.live, poll_s=0.001)
    await first(lines, "event: ready")

    await site.wrote("Bonjour")

    assert "Bonjour" in await first(lines, "event: message")
    await lines.aclose()
