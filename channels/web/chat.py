"""The web chat of the demo: the same inbox, turn, outbox and delivery as any door."""

import re
import uuid
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, HTTPException, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from memory.records import Incoming, Message

from .chat_feed import ChatFeed
from .chat_stream import stream
from .parts import DemoContact, WebParts
from .screens import Screens
from .security import is_from_own_page

MAX_CHARS = 4000
_QUOTED = re.compile(r"«\s*(.+?)\s*»")


class NewMessage(BaseModel):
    """What the page sends. The same `key` sent again is the same message."""

    text: str = Field(max_length=MAX_CHARS)
    key: UUID | None = None


class Chat:
    """`/` and `/chat/{contact}/…` of `demo`."""

    def __init__(
        self, parts: WebParts, screens: Screens, contacts: tuple[DemoContact, ...]
    ) -> None:
        self._parts = parts
        self._memory = parts.memory
        self._screens = screens
        self._contacts: Mapping[str, DemoContact] = {c.key: c for c in contacts}
        self._own = (parts.public_url.rstrip("/"), *parts.cors_origins)
        self._epoch = uuid.uuid4().hex[:8]  # another process, another replay

    def routes(self) -> APIRouter:
        """The page, writing and reading."""
        router = APIRouter()
        router.add_api_route("/", self.page, methods=["GET"])
        router.add_api_route("/chat/{contact}/messages", self.write, methods=["POST"])
        router.add_api_route("/chat/{contact}/forget", self.forget, methods=["POST"])
        router.add_api_route("/chat/{contact}/events", self.events, methods=["GET"])
        return router

    async def page(self) -> Response:
        """The web chat."""
        contacts = list(self._contacts.values())
        return self._screens.show(
            "chat.html",
            contacts=contacts,
            suggestions={c.key: _QUOTED.findall(c.hint) for c in contacts},
            timezone=self._parts.timezone.key,
            max_chars=MAX_CHARS,
        )

    async def write(self, request: Request, contact: str, new: NewMessage) -> Response:
        """Keep what a demo contact writes: 202 with the id of the message."""
        self._refuse_foreign(request)
        message = await self._keep(self._known(contact), new)
        self._memory.live.publish("received", message.conversation_id)
        self._parts.wake(message.conversation_id)
        return JSONResponse({"id": message.id}, status_code=202)

    async def forget(self, request: Request, contact: str) -> Response:
        """End the session: nothing is proved any more."""
        self._refuse_foreign(request)
        feed = ChatFeed(
            self._memory, self._known(contact), now=self._parts.now, epoch=self._epoch
        )
        conversation = await feed.conversation()
        if conversation is not None:
            await self._memory.sessions.end(conversation.contact_id)
            self._memory.live.publish("handoff", conversation.id)
        return Response(status_code=204)

    async def events(
        self,
        contact: str,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Server-sent events: what was said and done, then what happens."""
        feed = ChatFeed(
            self._memory,
            self._known(contact),
            now=self._parts.now,
            epoch=self._epoch,
            last_event_id=last_event_id,
        )
        return StreamingResponse(
            stream(feed, self._memory.live),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    def _refuse_foreign(self, request: Request) -> None:
        if not is_from_own_page(request, origins=self._own):
            raise HTTPException(403)

    def _known(self, contact: str) -> DemoContact:
        known = self._contacts.get(contact)
        if known is None:
            raise HTTPException(404)
        return known

    async def _keep(self, contact: DemoContact, new: NewMessage) -> Message:
        text = new.text.replace("\0", "").strip()  # Postgres keeps no NUL
        if not text:
            raise HTTPException(422, "Écrivez d'abord un message.")
        key = f"web:{(new.key or uuid.uuid4()).hex}"
        kept = await self._memory.inbox.receive(
            Incoming(
                key=key,
                channel="web",
                aliases=(contact.alias,),
                address=contact.key,
                text=text,
                sent_at=self._parts.now(),
                correlation_id=uuid.uuid4().hex,
                name=contact.label,
            )
        )
        return kept or await self._kept_before(contact, key)

    async def _kept_before(self, contact: DemoContact, key: str) -> Message:
        feed = ChatFeed(self._memory, contact, now=self._parts.now, epoch=self._epoch)
        found = [message for message in await feed.messages() if message.key == key]
        if not found:
            raise HTTPException(409)
        return found[0]
