"""A small school in a Baserow: parents, marks linked to them, opening hours."""

from memory.records import Service
from tests.counterparts.baserow import BaserowCounterpart
from tests.counterparts.baserow_tables import StubTable, column, link_to, linked
from tools.backends.baserow import BaserowTables
from tools.profile import Action, IdentityTable, Parameter, Profile

TERM = Parameter(name="term", field="Trimestre", description="-", type="integer")
MARKS = Action(
    name="see_marks",
    description="-",
    table="Notes",
    owner_field="Parents",
    parameters=(TERM,),
    fields=("Enfant", "Note"),
    service=Service.CATECHESE,
)
HOURS = Action(
    name="see_hours",
    description="-",
    table="Horaires",
    fields=("Jour",),
    service=Service.RENSEIGNEMENT,
)
PARENT = Profile(
    name="parent",
    requires="parent_code",
    identity=IdentityTable(table="Parents", code_field="Code", name_fields=("Nom",)),
    actions=(MARKS,),
)
PROFILES = [PARENT, Profile(name="public", actions=(HOURS,))]


def a_school() -> BaserowCounterpart:
    """Parents, their children's marks linked to them, and opening hours."""
    parents = StubTable(1, "Parents", [column(1, "Nom"), column(2, "Code")])
    marks = StubTable(2, "Notes", [column(10, "Enfant"), column(11, "Note", "number")])
    marks.fields += [column(12, "Trimestre", "number"), link_to(13, "Parents", parents)]
    hours = StubTable(3, "Horaires", [column(20, "Jour"), column(21, "Privé")])
    parents.add(7, Nom="Seck", Code="KA-1")
    parents.add(8, Nom="Seck", Code="KB-2")
    marks.add(1, Enfant="Awa", Note="14.50", Trimestre="1", Parents=linked(7))
    marks.add(2, Enfant="Zoé", Note="9.00", Trimestre="1", Parents=linked(8))
    hours.add(1, Jour="lundi", Privé="clé sous le pot")
    return BaserowCounterpart([parents, marks, hours])


async def marks_of(tables: BaserowTables, code: str = "KA-1") -> list[str]:
    needed = [*MARKS.fields, TERM.field]
    rows = await tables.rows("Notes", where={"Parents": code}, needed=needed)
    return [row["Enfant"] for row in rows]
