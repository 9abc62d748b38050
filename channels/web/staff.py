"""The staff inbox: who waits for a person, and the person's answer."""

import uuid
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from memory.records import Handoff, Staff

from .answers import wants_json
from .auth import HOME, STAFF_HEADERS, StaffDoor
from .parts import WebParts
from .screens import Screens
from .staff_desk import StaffDesk
from .staff_json import case_as_json, handoff_as_json, parked_as_json, said_as_json

_MAX_CHARS = 4000


def _number(number: str) -> int:
    if number.isascii() and number.isdecimal() and len(number) < 16:
        return int(number)
    raise HTTPException(404)  # not 422: nothing has this address


Number = Annotated[int, Depends(_number)]


class StaffInbox:
    """`/staff/handoffs` and what may be done there."""

    def __init__(self, parts: WebParts, screens: Screens, door: StaffDoor) -> None:
        self._parts = parts
        self._memory = parts.memory
        self._screens = screens
        self._door = door
        self._desk = StaffDesk(parts.memory, parts.code_shapes)

    def routes(self) -> APIRouter:
        """Every route of signed-in staff."""
        router = APIRouter(prefix="/staff")
        router.add_api_route("", self.home, methods=["GET"])
        router.add_api_route("/handoffs", self.list, methods=["GET"])
        router.add_api_route("/handoffs/{number}", self.open, methods=["GET"])
        router.add_api_route("/handoffs/{number}/claim", self.claim, methods=["POST"])
        router.add_api_route("/handoffs/{number}/reply", self.reply, methods=["POST"])
        router.add_api_route(
            "/handoffs/{number}/return", self.give_back, methods=["POST"]
        )
        router.add_api_route("/parked/{number}/settle", self.settle, methods=["POST"])
        router.add_api_route(
            "/undelivered/{number}/settle", self.settle_delivery, methods=["POST"]
        )
        return router

    async def home(self) -> Response:
        """To the list."""
        return RedirectResponse(HOME, status_code=303)

    async def list(self, request: Request) -> Response:
        """Who waits, who is being answered, and what got stuck."""
        staff = await self._door.enter(request)
        cases = await self._desk.cases()
        messages = await self._desk.parked_messages()
        deliveries = await self._desk.parked_deliveries()
        if wants_json(request):
            return JSONResponse(
                {
                    "handoffs": [case_as_json(case) for case in cases],
                    "parked_messages": [parked_as_json(each) for each in messages],
                    "parked_deliveries": [parked_as_json(each) for each in deliveries],
                }
            )
        return self._screens.show(
            "handoffs.html",
            headers=STAFF_HEADERS,
            staff=staff,
            cases=cases,
            waiting=sum(case.handoff.state == "waiting" for case in cases),
            messages=messages,
            deliveries=deliveries,
        )

    async def open(self, request: Request, number: Number) -> Response:
        """One conversation, with what was said."""
        staff = await self._door.enter(request)
        handoff = await self._handoff(number)
        said = await self._desk.transcript(handoff)
        if wants_json(request):
            transcript = [said_as_json(each) for each in said]
            return JSONResponse({**handoff_as_json(handoff), "transcript": transcript})
        conversation = await self._memory.inbox.conversation(handoff.conversation_id)
        return self._screens.show(
            "handoff.html",
            headers=STAFF_HEADERS,
            staff=staff,
            handoff=handoff,
            person=await self._desk.person(conversation),
            said=said,
            form_id=uuid.uuid4().hex,
        )

    async def claim(self, request: Request, number: Number) -> Response:
        """The first who claims holds the conversation; the agent is silent."""
        staff = await self._door.enter(request)
        handoff = await self._handoff(number)
        won = await self._memory.handoffs.claim(number, staff=staff.name)
        if not won:
            await self._refuse_unless_mine(number, staff)
        return await self._done(request, handoff)

    async def reply(self, request: Request, number: Number) -> Response:
        """Answer the contact. The same form sent twice is sent once."""
        staff = await self._door.enter(request)
        handoff = await self._handoff(number)
        await self._refuse_unless_mine(number, staff)
        sent = await _fields(request)
        # Forms send \r\n, which would count twice.
        text = sent.get("text", "").replace("\0", "").replace("\r\n", "\n").strip()
        if not text or len(text) > _MAX_CHARS:
            raise HTTPException(
                422, f"Écrivez un message de 1 à {_MAX_CHARS} caractères."
            )
        form_id = sent.get("form_id") or uuid.uuid4().hex
        await self._send_once(handoff, staff, text, key=f"staff:{number}:{form_id}")
        return await self._done(request, handoff, back=f"{HOME}/{number}#sent")

    async def give_back(self, request: Request, number: Number) -> Response:
        """The agent answers again. A colleague may do it: people go home."""
        await self._door.enter(request)
        handoff = await self._handoff(number)
        if not await self._memory.handoffs.give_back(number):
            raise HTTPException(409, "Cette conversation a déjà été rendue.")
        return await self._done(request, handoff, back=HOME)

    async def settle(self, request: Request, number: Number) -> Response:
        """Somebody has seen to a message that nobody could answer."""
        await self._door.enter(request)
        if await self._memory.inbox.message(number) is None:
            raise HTTPException(404)
        await self._memory.inbox.settle(number)
        if wants_json(request):
            return JSONResponse({"id": number, "state": "held"})
        return RedirectResponse(HOME, status_code=303)

    async def settle_delivery(self, request: Request, number: Number) -> Response:
        """Somebody has seen to a reply that could not be delivered."""
        await self._door.enter(request)
        if not await self._memory.outbox.settle(number):
            raise HTTPException(404)
        if wants_json(request):
            return JSONResponse({"id": number, "state": "seen"})
        return RedirectResponse(HOME, status_code=303)

    async def _send_once(
        self, handoff: Handoff, staff: Staff, text: str, *, key: str
    ) -> None:
        conversation = await self._memory.inbox.conversation(handoff.conversation_id)
        await self._memory.turns.answer_as_human(
            conversation, staff_id=staff.id, text=text, key=key
        )
        self._memory.live.publish("outgoing", conversation.id)

    async def _handoff(self, number: int) -> Handoff:
        handoff = await self._memory.handoffs.handoff(number)
        if handoff is None:
            raise HTTPException(404, "Cette demande n'existe pas.")
        return handoff

    async def _refuse_unless_mine(self, number: int, staff: Staff) -> None:
        handoff = await self._handoff(number)
        if handoff.returned_at is not None:
            raise HTTPException(409, "Cette conversation a déjà été rendue.")
        if handoff.claimed_by is None:
            raise HTTPException(409, "Prenez d'abord cette conversation.")
        if handoff.claimed_by != staff.name:
            raise HTTPException(
                409, f"Cette conversation est déjà prise par {handoff.claimed_by}."
            )

    async def _done(
        self, request: Request, handoff: Handoff, *, back: str | None = None
    ) -> Response:
        self._memory.live.publish("handoff", handoff.conversation_id)
        self._parts.wake(handoff.conversation_id)  # what waited meanwhile
        if wants_json(request):
            return JSONResponse(
                handoff_as_json(await self._handoff(handoff.id)),
                headers=STAFF_HEADERS,
            )
        return RedirectResponse(back or f"{HOME}/{handoff.id}", status_code=303)


async def _fields(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            sent: Any = await request.json()
        except ValueError as error:
            raise HTTPException(422) from error
        given = cast("dict[str, Any]", sent) if isinstance(sent, dict) else {}
    else:
        given = dict(await request.form(max_files=0, max_fields=10))
    return {key: value for key, value in given.items() if isinstance(value, str)}
