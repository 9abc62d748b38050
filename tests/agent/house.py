"""A small house for these tests: one school, one scripted model, one worker."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.answering import Answering, Pace, TurnEnd
from agent.concierge import Concierge
from agent.instructions import read_instructions
from agent.turn import TurnRoom
from memory import Memory
from memory.records import Conversation, Message, Service, Turn
from tests.conftest import Clock
from tests.memory.letters import wrote
from tools.backends.documents import Passage
from tools.backends.tables import Row
from tools.context import Desk, StaffChat
from tools.profile import Action, IdentityTable, Parameter, Profile

from .scripted import Script, Step

CODE, OTHER_CODE = "QM-5521", "ZT-7730"
CHILD, PARENT_NAME = "Yacine", "Ramata Fall"
ADMIN_ALIAS = "telegram:900"

MARKS = Action(
    name="see_marks",
    description="Marks of the parent's own children.",
    table="marks",
    owner_field="owner",
    parameters=(
        Parameter(name="child", field="child", description="Whose", optional=True),
    ),
    fields=("child", "mark"),
    minor_fields=("child",),
    service=Service.CATECHESE,
)
PROFILES = {
    "public": Profile(name="public"),
    "parent": Profile(
        name="parent",
        requires="parent_code",
        identity=IdentityTable(
            table="parents", code_field="code", name_fields=("name",)
        ),
        actions=(MARKS,),
    ),
    "admin": Profile(name="admin", requires="admin"),
}


class SmallTables:
    """Two tables in a dict. `faults` are raised first, one for each question."""

    def __init__(self) -> None:
        self.faults: list[Exception] = []
        self.questions = 0
        self.kept: dict[str, list[Row]] = {
            "parents": [{"code": CODE, "name": PARENT_NAME}],
            "marks": [
                {"owner": CODE, "child": CHILD, "mark": "13.75"},
                {"owner": OTHER_CODE, "child": "Doudou", "mark": "3"},
            ],
        }

    async def names(self) -> Sequence[str]:
        return list(self.kept)

    async def fields(self, table: str) -> Sequence[str]:
        return list(self.kept[table][0])

    async def rows(
        self,
        table: str,
        *,
        needed: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Sequence[Row]:
        self.questions += 1
        if self.faults:
            raise self.faults.pop(0)
        return self.kept[table]


class NoDocuments:
    """A folder in which nothing is found; `faults` are raised first."""

    def __init__(self) -> None:
        self.faults: list[Exception] = []

    async def search(self, query: str, *, at_most: int = 5) -> Sequence[Passage]:
        if self.faults:
            raise self.faults.pop(0)
        return []

    async def titles(self) -> Sequence[str]:
        return []

    def problems(self) -> Sequence[str]:
        return []


async def _at_once() -> None:
    """Nobody waits in a test."""


@dataclass
class House:
    """What a test needs to talk to the concierge and to look at what was kept."""

    desk: Desk
    memory: Memory
    tables: SmallTables
    documents: NoDocuments
    script: Script
    answering: Answering
    ends: list[TurnEnd]
    now: Callable[[], datetime]

    async def hears(self, text: str, *, by: str = "telegram:1") -> Message:
        """Somebody writes; nobody has answered yet."""
        incoming = wrote(text, by=by, address=by.partition(":")[2], name=PARENT_NAME)
        message = await self.memory.inbox.receive(incoming)
        assert message is not None
        return message

    async def answers(self, text: str, *, by: str = "telegram:1") -> list[str]:
        """Somebody writes, and this is what is said to them a second later."""
        message = await self.hears(text, by=by)
        before = await self.replies(message.conversation_id)
        if isinstance(self.now, Clock):
            self.now.forward(seconds=1)
        await self.answering.drain(message.conversation_id)
        return (await self.replies(message.conversation_id))[len(before) :]

    async def replies(self, conversation_id: int) -> list[str]:
        kept = await self.memory.outbox.of_conversation(conversation_id)
        return [outgoing.text for outgoing in kept]

    async def last_turn(self) -> Turn:
        [*_, turn] = await self.turns()
        return turn

    async def turns(self, conversation_id: int = 1) -> Sequence[Turn]:
        return await self.memory.turns.recent(conversation_id, at_most=99)

    async def conversation(self) -> Conversation:
        return await self.memory.inbox.conversation(1)

    async def claimed(self, conversation_id: int = 1) -> int:
        """A human takes over: the number of the handoff."""
        handoff, _ = await self.memory.handoffs.request(
            conversation_id, key="staff", reason="?", urgent=False, card=None
        )
        await self.memory.handoffs.claim(handoff.id, staff="Awa")
        return handoff.id


def build_house(
    memory: Memory,
    now: Callable[[], datetime],
    *steps: Step,
    timeout_s: float = 5,
    debounce_s: float = 0,
    looking_after_s: float = 4,
    secret: str = "a secret of this test",
) -> House:
    """A house whose model takes these steps."""
    tables, documents, script = SmallTables(), NoDocuments(), Script(*steps)
    desk = Desk(
        memory=memory,
        tables=tables,
        documents=documents,
        profiles=PROFILES,
        now=now,
        public_url="https://gust.test",
        admins=frozenset({ADMIN_ALIAS}),
        staff_chat=StaffChat("telegram", "-100"),
        secret=secret,
        slow_down=_at_once,
    )
    instructions = read_instructions(
        PROFILES, now=now, timezone=ZoneInfo("Africa/Dakar")
    )
    concierge = Concierge(model=script.model, desk=desk, instructions=instructions)
    ends: list[TurnEnd] = []
    answering = Answering(
        TurnRoom(desk=desk, concierge=concierge, timeout_s=timeout_s),
        pace=Pace(
            debounce_s=debounce_s,
            turns_per_minute=10,
            looking_after_s=looking_after_s,
        ),
        on_end=ends.append,
    )
    return House(desk, memory, tables, documents, script, answering, ends, now)
