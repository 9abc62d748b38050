"""A third world, smaller than any other: a music school, and a parent who writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai import Agent, FunctionToolset, RunContext, Tool
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    UserPromptPart,
)

from agent.offline import OfflineModel
from memory.records import Service
from tools.backends.documents import DocumentsOdds, unknown_odds
from tools.backends.encoder import Encoder
from tools.profile import Action, IdentityTable, Parameter, Profile

CODE = "VN-31X"
CHILDREN = ("Basile", "Ombeline")

_CHILD = Parameter(
    name="pupil", field="eleve", description="First name of the pupil", optional=True
)


def _own(name: str, description: str, table: str, fields: str, **more: Any) -> Action:
    return Action(
        name=name,
        description=description,
        table=table,
        fields=("eleve", *fields.split()),
        service=Service.CATECHESE,
        owner_field="famille",
        minor_fields=("eleve",),
        parameters=(_CHILD, *more.get("parameters", ())),
    )


_TERM = Parameter(name="term", field="trimestre", description="1 to 3", type="integer")

PROFILES: Mapping[str, Profile] = {
    "public": Profile(
        name="public",
        actions=(
            Action(
                name="coming_concerts",
                description="Coming concerts of the school: date, hall, ticket price.",
                table="concerts",
                fields=("titre", "date", "salle", "prix_billet"),
                service=Service.RENSEIGNEMENT,
            ),
        ),
    ),
    "parent": Profile(
        name="parent",
        requires="parent_code",
        identity=IdentityTable(table="familles", code_field="cle"),
        actions=(
            _own(
                "lesson_times",
                "Weekly lessons of the parent's own children: teacher, day and time.",
                "lecons",
                "instrument professeur jour heure",
            ),
            _own(
                "exam_results",
                "Exam results of the parent's own children.",
                "examens",
                "trimestre epreuve resultat",
                parameters=(_TERM,),
            ),
            _own(
                "consult_absences",
                "Absences of the parent's own children, with the reason.",
                "absences",
                "date motif",
            ),
            _own(
                "open_invoices",
                "Invoices of the parent's own children: amount, paid, left to pay.",
                "factures",
                "objet montant reste",
            ),
        ),
    ),
    "admin": Profile(
        name="admin",
        requires="admin",
        tables={"familles": ("nom", "ville"), "eleves": ("prenom", "groupe")},
    ),
}

ROWS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "coming_concerts": [
        {"titre": "Gala", "date": "2027-05-01", "salle": "A", "prix_billet": "1500"}
    ],
    "lesson_times": [
        {
            "eleve": child,
            "instrument": instrument,
            "professeur": teacher,
            "jour": day,
            "heure": "17 h 15",
        }
        for child, instrument, teacher, day in (
            ("Basile", "hautbois", "M. Quenum", "mardi"),
            ("Ombeline", "harpe", "Mme Adjovi", "jeudi"),
        )
    ],
    "exam_results": [
        {"eleve": "Basile", "trimestre": "1", "epreuve": "rythme", "resultat": "12.5"},
        {"eleve": "Basile", "trimestre": "2", "epreuve": "rythme", "resultat": "15"},
        {"eleve": "Ombeline", "trimestre": "1", "epreuve": "lecture", "resultat": "9"},
    ],
    "consult_absences": [],
    "open_invoices": [
        {"eleve": "Basile", "objet": "Année", "montant": "45000", "reste": "20000"},
    ],
}

PASSAGES: Sequence[Mapping[str, Any]] = (
    {
        "title": "Accueil de l'école",
        "heading": "Horaires du bureau",
        "text": "Le bureau est ouvert du lundi au vendredi de 9 h à 12 h.",
        "about": "bureau ouvert",
    },
    {
        "title": "Accueil de l'école",
        "heading": "Prix",
        "text": "Une année de cours coûte 45 000 F CFA ; la chorale, **12 000 F CFA**.",
        "about": "cours chorale coute",
    },
)


@dataclass
class School:
    """What the tools of this world know of whoever writes."""

    is_verified: bool = False
    is_admin: bool = False
    is_down: bool = False
    wrong_codes: int = 0
    handoffs: int = 0
    used: list[tuple[str, Mapping[str, Any]]] = field(
        default_factory=list[tuple[str, Mapping[str, Any]]]
    )

    def is_shown(self, tool: str) -> bool:
        if tool in ("search_documents", "hand_off_to_human", "coming_concerts"):
            return True
        if tool == "verify_parent_code":
            return not self.is_admin
        is_staff_tool = tool in ("find_people", "query_table", "list_handoffs", "page")
        if is_staff_tool or tool == "create_temporary_page":
            return self.is_admin
        return self.is_verified

    def answer(self, tool: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        self.used.append((tool, given))
        if self.is_down:
            return {"unavailable": True, "note": "The system does not answer now."}
        if tool in ROWS:
            return self._rows(tool, given)
        answers = {
            "verify_parent_code": self._verify,
            "search_documents": self._search,
            "hand_off_to_human": self._hand_off,
            "find_people": _people,
            "query_table": _table,
            "list_handoffs": _handoffs,
        }
        return answers.get(tool, _page)(given)

    def _rows(self, tool: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        pupil = given.get("pupil")
        if pupil and pupil.lower() not in [child.lower() for child in CHILDREN]:
            names = ", ".join(CHILDREN)
            return {
                "refused": "Refused: this is not one of this parent's own children. "
                f"Theirs are: {names}."
            }
        rows = [
            row
            for row in ROWS[tool]
            if pupil is None or row["eleve"].lower() == pupil.lower()
            if str(given.get("term", row.get("trimestre"))) == str(row.get("trimestre"))
        ]
        return {
            "rows": rows,
            "count": len(rows),
            "fields": list(rows[0] if rows else []),
        }

    def _verify(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        spelt = "".join(letter for letter in given["code"].upper() if letter.isalnum())
        if self.wrong_codes >= 2:
            return {"verified": False, "reason": "locked", "locked_minutes": 15}
        if spelt != CODE.replace("-", ""):
            self.wrong_codes += 1
            return {"verified": False, "reason": "wrong"}
        self.is_verified = True
        return {
            "verified": True,
            "name": "Solange Houngbédji",
            "children": list(CHILDREN),
        }

    def _search(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        query = given["query"].lower()
        passages = [
            {
                **passage,
                "updated": "2026-09-01",
                "source": "accueil.md",
                "evident": any(word in query for word in passage["about"].split()),
            }
            for passage in PASSAGES
        ]
        found = [p for p in passages if p["evident"]] or passages
        return {"passages": found, "answered": found != passages}

    def _hand_off(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        self.handoffs += 1
        return {"handoff": 41, "state": "waiting", "already_open": self.handoffs > 1}


def _people(given: Mapping[str, Any]) -> Mapping[str, Any]:
    row = {"nom": "Houngbédji", "ville": "Cotonou"}
    found = [{"table": "familles", "row": row}]
    if "houng" in given["words"].lower():
        return {"people": found, "count": 1}
    return {"people": [], "count": 0, "suggestions": found}


def _table(given: Mapping[str, Any]) -> Mapping[str, Any]:
    if given["table"] not in ("familles", "eleves"):
        return {"refused": "Refused: the open tables are familles, eleves."}
    rows = [
        {"prenom": "Basile", "groupe": "2B"},
        {"prenom": "Ombeline", "groupe": "4A"},
    ]
    wanted = [row for row in rows if given.get("equals") in (None, row["groupe"])]
    return {"table": given["table"], "rows": wanted, "count": len(wanted)}


def _handoffs(given: Mapping[str, Any]) -> Mapping[str, Any]:
    one = {"number": 41, "state": "waiting", "urgent": True, "channel": "telegram"}
    return {"handoffs": [{**one, "since": "2027-01-02T09:30:00+00:00"}], "count": 1}


def _page(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "link": "https://x.example/p/abc",
        "expires_at": "2027-01-05T09:00:00+00:00",
    }


TOOL_ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "verify_parent_code": {"code": "string"},
    "search_documents": {"query": "string"},
    "hand_off_to_human": {"reason": "string", "urgent": "boolean"},
    "create_temporary_page": {"title": "string", "body_markdown": "string"},
    "find_people": {"words": "string"},
    "query_table": {
        "table": "string",
        "field": "string",
        "equals": "string",
        "limit": "integer",
    },
    "list_handoffs": {},
    **{name: {"pupil": "string", "term": "integer"} for name in ROWS},
}


def _tool(name: str) -> Tool[School]:
    async def call(ctx: RunContext[School], /, **given: Any) -> Mapping[str, Any]:
        return ctx.deps.answer(name, given)

    schema = {
        "type": "object",
        "properties": {
            key: {"type": kind} for key, kind in TOOL_ARGUMENTS[name].items()
        },
    }
    return Tool.from_schema(call, name, name, schema, takes_ctx=True)


@dataclass(frozen=True)
class Reply:
    """What came back for one message."""

    text: str
    tools: tuple[str, ...]
    arguments: tuple[Mapping[str, Any], ...]
    model_calls: int


class Writer:
    """A person who writes to the school, and the school that they write to."""

    def __init__(
        self,
        school: School | None = None,
        *,
        encoder: Encoder | None = None,
        documents_odds: DocumentsOdds = unknown_odds,
    ) -> None:
        self.school = school or School()
        self.past: list[ModelMessage] = []
        self._agent = Agent(
            OfflineModel(
                profiles=PROFILES, encoder=encoder, documents_odds=documents_odds
            ),
            deps_type=School,
            toolsets=[
                FunctionToolset([_tool(name) for name in TOOL_ARGUMENTS]).filtered(
                    lambda ctx, tool: ctx.deps.is_shown(tool.name)
                )
            ],
        )

    async def says(self, text: str) -> Reply:
        already = len(self.school.used)
        run = await self._agent.run(text, deps=self.school, message_history=self.past)
        self.past = run.all_messages()
        used = self.school.used[already:]
        new = [m for m in run.new_messages() if isinstance(m, ModelResponse)]
        return Reply(
            text=run.output,
            tools=tuple(name for name, _ in used),
            arguments=tuple(given for _, given in used),
            model_calls=len(new),
        )

    def hears(self, said: str, reply: str) -> None:
        """An exchange that another provider, or a person, has answered."""
        self.past += [
            ModelRequest(parts=[UserPromptPart(content=said)]),
            ModelResponse(parts=[TextPart(content=reply)]),
        ]


def verified() -> Writer:
    return Writer(School(is_verified=True))


def admin() -> Writer:
    return Writer(School(is_admin=True))
