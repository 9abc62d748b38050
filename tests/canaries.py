"""A school in which every personal value is a word that stands nowhere else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.world import World
from memory.records import Service
from tests.whole_house import NoTables, a_world
from tools.backends.tables import Row
from tools.code_shapes import code_shapes
from tools.folding import fold
from tools.profile import Action, IdentityTable, Parameter, Profile

CODE, OTHER_CODE = "ZQ-8841", "ZQ-9950"
CHILD, SIBLING, SURNAME = "Quéloïs", "Thibolde", "Wakhane"
PARENT = f"Ziphora {SURNAME}"
PHONE, EMAIL = "+221 77 901 23 45", "ziphora.wakhane@famille.example"
OWN_PHONE = "+221770000555"  # that the contact writes from; no table has it
OWN_NAME = "Wivine Zorobabelle"  # as the platform shows it
MARK = "14.5"


@dataclass(frozen=True)
class Canary:
    """A personal value, and what would be left of it however it were written."""

    of: str
    trace: str

    def is_in(self, text: str) -> bool:
        plain = fold(text)
        if self.trace.isdigit():
            return self.trace in re.sub(r"[\s().+/-]", "", plain)
        return self.trace in re.sub(r"[^a-z0-9]", "", plain)


CANARIES = (
    Canary("child", "quelois"),
    Canary("sibling", "thibolde"),
    Canary("surname", "wakhane"),
    Canary("parent", "ziphora"),
    Canary("phone", "779012345"),
    Canary("code", "zq8841"),
    Canary("other parent", "oscarine"),
    Canary("other phone", "781112233"),
    Canary("other e-mail", "oscarinesene"),
    Canary("other child", "melchiora"),
    Canary("phone of the contact", "770000555"),
    Canary("name of the contact", "zorobabelle"),
    Canary("first name of the contact", "wivine"),
)


def canaries_in(text: str) -> set[str]:
    """Whose personal values stand in a text, in any spelling."""
    return {canary.of for canary in CANARIES if canary.is_in(text)}


class CanaryTables(NoTables):
    """Two families; one name also stands in a remark."""

    kept: Mapping[str, list[Row]] = {
        "guardians": [
            {
                "code": CODE,
                "first": "Ziphora",
                "last": SURNAME,
                "phone": PHONE,
                "email": EMAIL,
                "quarter": "Lyndiane",
            },
            {
                "code": OTHER_CODE,
                "first": "Oscarine",
                "last": "Sène",
                "phone": "+221781112233",
                "email": "oscarine.sene@famille.example",
                "quarter": "Tilène",
            },
        ],
        "kids": [
            {"owner": CODE, "kid": CHILD, "surname": SURNAME, "level": "3A"},
            {"owner": CODE, "kid": SIBLING, "surname": SURNAME, "level": "1B"},
            {"owner": OTHER_CODE, "kid": "Melchiora", "surname": "Sène", "level": "3A"},
        ],
        "marks": [
            {
                "owner": CODE,
                "kid": CHILD,
                "mark": MARK,
                "remark": f"{CHILD} travaille bien, comme {SIBLING}.",
            },
            {"owner": CODE, "kid": SIBLING, "mark": "9", "remark": "À revoir."},
            {"owner": OTHER_CODE, "kid": "Melchiora", "mark": "3", "remark": ""},
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
        return self.kept[table]


def _of_kids(name: str, table: str, fields: tuple[str, ...], minors: str) -> Action:
    return Action(
        name=name,
        description=f"The {table} of the parent's own children.",
        table=table,
        owner_field="owner",
        parameters=(
            Parameter(name="child", field="kid", description="Whose", optional=True),
        ),
        fields=fields,
        minor_fields=tuple(minors.split()),
        service=Service.CATECHESE,
    )


PROFILES = {
    "public": Profile(name="public"),
    "parent": Profile(
        name="parent",
        requires="parent_code",
        identity=IdentityTable(
            table="guardians",
            code_field="code",
            name_fields=("first", "last"),
            phone_field="phone",
        ),
        actions=(
            _of_kids("see_marks", "marks", ("kid", "mark", "remark"), "kid"),
            _of_kids("see_kids", "kids", ("kid", "surname", "level"), "kid surname"),
        ),
    ),
    "admin": Profile(
        name="admin",
        requires="admin",
        tables={
            "guardians": ("first", "last", "phone", "email", "quarter"),
            "kids": ("kid", "surname", "level"),
        },
    ),
}


async def canary_world() -> World:
    """The world of this school, with the shapes of its codes."""
    tables = CanaryTables()
    world = a_world(tables=tables, profiles=PROFILES)
    shapes = await code_shapes(PROFILES, tables)
    return World(
        folder=world.folder,
        profiles=world.profiles,
        tables=tables,
        documents=world.documents,
        encoder=None,
        code_shapes=shapes,
    )
