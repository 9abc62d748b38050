"""A made-up school for the tests of the tools: families, tables, contexts, calls."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from pydantic_ai import FunctionToolset, RunContext
from pydantic_ai.models.test import TestModel
from pydantic_ai.usage import RunUsage

from memory import Memory
from memory.records import Incoming, ParentIdentity, Service
from tests.conftest import Clock
from tools import TOOLS, action_tools
from tools.backends.documents import Passage
from tools.backends.tables import Row
from tools.context import Desk, StaffChat, ToolContext
from tools.errors import BackendRefused, BackendUnavailable
from tools.matching import Owns, is_owned, normal_code
from tools.profile import Action, IdentityTable, Parameter, Profile

AWA, MALICK, FATOU = "QX-8812", "RT 9043", "ZB-1177"
NOBODYS = "NO-0000"  # a guardian without a child
HOLDERS = {AWA: "Awa Seck", MALICK: "Malick Seck", FATOU: "Fatou Ndao", NOBODYS: "Aïda"}
CANARY = "cnry"


def canary() -> str:
    """A word that stands in foreign rows only and must never come out."""
    return f"{CANARY}{uuid4().hex[:12]}"


KID = Parameter(name="kid", field="first_name", description="First name", optional=True)
TERM = Parameter(
    name="term", field="term", description="Term", type="integer", optional=True
)
SUBJECT = Parameter(name="subject", field="subject", description="-", optional=True)

MARKS = Action(
    name="see_marks",
    description="Marks of the parent's own children.",
    table="marks",
    owner_field="guardians",
    parameters=(KID, TERM, SUBJECT),
    fields=("first_name", "term", "subject", "mark"),
    minor_fields=("first_name",),
    service=Service.CATECHESE,
)
ABSENCES = Action(
    name="see_absences",
    description="Absences of the parent's own children.",
    table="absences",
    owner_field="guardians",
    parameters=(KID,),
    fields=("first_name", "day"),
    minor_fields=("first_name",),
    service=Service.CATECHESE,
)
OPENING = Action(
    name="see_opening_hours",
    description="When the office is open.",
    table="office",
    parameters=(Parameter(name="day", field="day", description="Day"),),
    fields=("day", "hours"),
    service=Service.RENSEIGNEMENT,
)
HEADCOUNT = Action(
    name="see_rooms",
    description="Rooms.",
    table="rooms",
    fields=("room", "seats"),
    service=Service.SUPER_ADMIN,
)
PARENT = Profile(
    name="parent",
    requires="parent_code",
    identity=IdentityTable(
        table="guardians", code_field="code", name_fields=("first", "last")
    ),
    actions=(MARKS, ABSENCES),
)
PUBLIC = Profile(name="public", actions=(OPENING,))
ADMIN = Profile(
    name="admin",
    requires="admin",
    actions=(HEADCOUNT,),
    tables={"guardians": ("first", "last", "phone"), "rooms": ("room", "seats")},
)
PROFILES = {profile.name: profile for profile in (PARENT, PUBLIC, ADMIN)}


def marks_of(guardians: str, first_name: str, term: str, subject: str, mark: str):
    return {
        "guardians": guardians,
        "first_name": first_name,
        "term": term,
        "subject": subject,
        "mark": mark,
    }


def rows_of_the_school() -> dict[str, list[Row]]:
    """Awa and Malick share Aminata; Omar is Malick's only; Fatou is a stranger.

    Fatou's child is called Aminata too; everything else of hers is a canary.
    """
    foreign = canary()
    return {
        "guardians": [
            {"code": AWA, "first": "Awa", "last": "Seck", "phone": "+221770009901"},
            {"code": MALICK, "first": "Malick", "last": "Seck", "phone": ""},
            {"code": FATOU, "first": "Fatou", "last": "Ndao", "phone": "+221770009903"},
            {"code": "", "first": "Sans", "last": "Code", "phone": ""},
        ],
        "marks": [
            marks_of(f"{AWA};{MALICK}", "Aminata", "1", "Chant", "14.5"),
            marks_of(f"{AWA};{MALICK}", "Aminata", "2", "Théâtre", "11"),
            marks_of(MALICK, "Omar", "1.0", "Chant", "8"),
            marks_of(FATOU, "Aminata", "1", "Chant", foreign),
            marks_of(FATOU, canary(), "1", canary(), foreign),
            marks_of("", "Aminata", "1", "Chant", canary()),
        ],
        "absences": [
            {"guardians": f"{MALICK} ; {AWA}", "first_name": "Aminata", "day": "lundi"},
            {"guardians": FATOU, "first_name": "Aminata", "day": canary()},
        ],
        "office": [
            {"day": "lundi", "hours": "9 h à 12 h"},
            {"day": "Mardi", "hours": "fermé"},
        ],
        "rooms": [{"room": "Baobab", "seats": "30"}],
    }


class LeakyTables:
    """Tables that ignore every filter, as a real backend does on a wrong one."""

    def __init__(self, rows: Mapping[str, Sequence[Row]]) -> None:
        self.kept = rows
        self.is_down = False

    async def names(self) -> Sequence[str]:
        return list(self.kept)

    async def fields(self, table: str) -> Sequence[str]:
        return list((await self.rows(table))[0])

    async def rows(
        self,
        table: str,
        *,
        needed: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Sequence[Row]:
        if self.is_down:
            raise BackendUnavailable("down")
        if table not in self.kept:
            raise BackendRefused("there is no such table")
        return self.kept[table]


class OneDocument:
    """Documents with a single page, found by a word of its title."""

    async def search(self, query: str, *, at_most: int = 5) -> Sequence[Passage]:
        passage = Passage(
            title="Horaires",
            heading="Bureau",
            text="Le bureau ouvre à 9 h.",
            source="horaires.md",
            updated=date(2026, 9, 1),
            score=0.9,
            is_evident="horaires" in query,
        )
        return [passage] if "bureau" in query or passage.is_evident else []

    async def titles(self) -> Sequence[str]:
        return ["Horaires"]

    def problems(self) -> Sequence[str]:
        return []


class School:
    """One process with its tools: contacts write to it and tools are called."""

    def __init__(self, memory: Memory, clock: Clock) -> None:
        self.clock = clock
        self.tables = LeakyTables(rows_of_the_school())
        self.pauses = 0
        self.desk = Desk(
            memory=memory,
            tables=self.tables,
            documents=OneDocument(),
            profiles=PROFILES,
            now=clock,
            public_url="https://example.test/",
            admins=frozenset({"telegram:900", "whatsapp:+221770009999"}),
            staff_chat=StaffChat(channel="telegram", address="-100"),
            secret="a secret of this test",
            slow_down=self._pause,
        )

    async def _pause(self) -> None:
        self.pauses += 1

    async def wrote(
        self, *texts: str, by: str = "telegram:1", message: str = ""
    ) -> ToolContext:
        """The context of the turn that answers these messages."""
        memory = self.desk.memory
        key = message or f"telegram:{uuid4().hex}"
        kept = await memory.inbox.receive(
            Incoming(
                key=key,
                channel=by.partition(":")[0],
                aliases=(by,),
                address=by.partition(":")[2],
                text="\n".join(texts),
                sent_at=datetime(2026, 11, 23, tzinfo=UTC),
                correlation_id="c",
            )
        )
        assert kept is not None
        conversation = await memory.inbox.conversation(kept.conversation_id)
        return ToolContext(
            desk=self.desk,
            contact=await memory.inbox.contact(conversation.contact_id),
            conversation=conversation,
            session=await memory.sessions.touch(conversation.contact_id),
            said=texts,
            turn_key=key,
        )

    async def parent(self, code: str = AWA, by: str = "telegram:1") -> ToolContext:
        """Somebody who has proved a code."""
        context = await self.wrote("bonjour", by=by)
        context.session = await self.desk.memory.sessions.prove(
            context.contact.id,
            ParentIdentity(profile="parent", code=code, name=_holder(code)),
        )
        return context

    async def admin(self) -> ToolContext:
        """An admin in super-admin mode."""
        context = await self.wrote("admin", by="telegram:900")
        context.session = await self.desk.memory.sessions.set_admin_mode(
            context.contact.id, on=True
        )
        return context

    async def asker(self, role: str) -> ToolContext:
        """Somebody of this role."""
        if role == "admin":
            return await self.admin()
        return await (self.parent() if role == "parent" else self.wrote("bonjour"))


def _holder(code: str) -> str:
    return next(
        name
        for known, name in HOLDERS.items()
        if normal_code(known) == normal_code(code)
    )


async def call(context: ToolContext, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool as the agent does, whether it is shown or not."""
    return await _call(context, tool, arguments, owns=is_owned)


async def call_without_owner_check(
    context: ToolContext, tool: str, **arguments: Any
) -> dict[str, Any]:
    """The same tool in a house where somebody removed the check of the owner."""

    def anybody(_cell: str, _code: str) -> bool:
        return True

    return await _call(context, tool, arguments, owns=anybody)


async def _call(
    context: ToolContext, tool: str, arguments: dict[str, Any], *, owns: Owns
) -> dict[str, Any]:
    actions = action_tools(context.desk.profiles, owns=owns)
    toolset = FunctionToolset[ToolContext](
        [
            *(entry.function for entry in TOOLS if entry.name == tool),
            *(action for action in actions if action.name == tool),
        ],
        docstring_format="google",
        require_parameter_descriptions=True,
    )
    run = RunContext(deps=context, model=TestModel(), usage=RunUsage())
    found = (await toolset.get_tools(run))[tool]
    validated = found.args_validator.validate_python(arguments)
    return await toolset.call_tool(tool, validated, run, found)


def with_profiles(context: ToolContext, *profiles: Profile) -> ToolContext:
    """The same turn in a world with these profiles."""
    by_name = {profile.name: profile for profile in profiles}
    context.desk = replace(context.desk, profiles=by_name)
    return context
