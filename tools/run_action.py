"""The actions of the profiles: each becomes one typed tool."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any

from pydantic_ai import ModelRetry, RunContext, Tool
from pydantic_core import SchemaValidator, core_schema

from .audit import audited
from .backends.tables import Row
from .context import ToolContext
from .matching import Owns, as_number
from .own_rows import Asked, Wanted
from .personal import fields_of, know_cells
from .profile import Action, Parameter, Profile
from .proofs import end_what_no_longer_holds
from .rights import check_profile

MAX_ROWS = 50
MAX_CHOICES = 20

_NOTHING = "There is no such row. Say that nothing is registered; do not guess."
_OTHERS = "No row matches. `choices` has the values that there are: is one meant?"
_MORE = f"Only the first {MAX_ROWS} rows are shown: narrow the question."


_AN_OBJECT = SchemaValidator(
    core_schema.dict_schema(keys_schema=core_schema.str_schema())
)


def tool_of(profile: Profile, action: Action, owns: Owns) -> Tool[ToolContext]:
    """The typed tool of an action. `owns` decides whose a row is."""

    async def call(ctx: RunContext[ToolContext], /, **arguments: Any) -> dict[str, Any]:
        context = ctx.deps
        async with AsyncExitStack() as stack:
            if profile.requires == "admin":
                use = audited(context, action.name, **_named(action, arguments))
                await stack.enter_async_context(use)
            if profile.requires == "parent_code":
                await end_what_no_longer_holds(context)
            check_profile(profile, context)
            wanted = _wanted(action, arguments)
            asked = Asked(context=context, profile=profile, action=action, owns=owns)
            rows = await asked.narrowed(wanted)
            choices: Mapping[str, Sequence[str]] = {}
            if not rows:
                choices = await asked.choices(wanted)
        context.services.add(action.service)
        return {**_answer(context, action, rows), **_note(rows, choices)}

    tool = Tool[ToolContext].from_schema(
        call, action.name, action.description, _schema(action), takes_ctx=True
    )
    # `from_schema` lets anything through, `null` and lists too.
    tool.function_schema.validator = _AN_OBJECT
    return tool


def _schema(action: Action) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            parameter.name: {
                "type": parameter.type,
                "description": parameter.description,
            }
            for parameter in action.parameters
        },
        "required": [p.name for p in action.parameters if not p.optional],
        "additionalProperties": False,
    }


def _wanted(action: Action, arguments: Mapping[str, Any]) -> Wanted:
    """The arguments as they are compared. Their values are never repeated."""
    if not arguments.keys() <= {parameter.name for parameter in action.parameters}:
        names = ", ".join(parameter.name for parameter in action.parameters)
        raise ModelRetry(f"The parameters are: {names or 'none'}.")
    wanted: dict[str, str | Decimal] = {}
    for parameter in action.parameters:
        value = _value(parameter, arguments.get(parameter.name))
        if value is not None:
            wanted[parameter.name] = value
        elif not parameter.optional:
            raise ModelRetry(f"The parameter {parameter.name} is required.")
    return wanted


def _value(parameter: Parameter, given: object) -> str | Decimal | None:
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if parameter.type == "string":
        if isinstance(given, str):
            return given
        raise ModelRetry(f"The parameter {parameter.name} must be a text.")
    number = None if isinstance(given, bool) else _number(given)
    if number is None:
        raise ModelRetry(f"The parameter {parameter.name} must be a number.")
    if parameter.type == "integer" and number != number.to_integral_value():
        raise ModelRetry(f"The parameter {parameter.name} must be a whole number.")
    return number


def _number(given: object) -> Decimal | None:
    return as_number(str(given)) if isinstance(given, int | float | str) else None


def _named(action: Action, arguments: Mapping[str, Any]) -> dict[str, Any]:
    names = {parameter.name for parameter in action.parameters}
    return {name: value for name, value in arguments.items() if name in names}


def _answer(
    context: ToolContext, action: Action, rows: Sequence[Row]
) -> dict[str, Any]:
    shown = [
        {field: row.get(field, "") for field in action.fields}
        for row in rows[:MAX_ROWS]
    ]
    know_cells(context.personal, rows, fields_of(context.desk.profiles.values()))
    context.minor_names.update(
        row[field].strip() for row in shown for field in action.minor_fields
    )
    return {"rows": shown, "count": len(rows), "fields": list(action.fields)}


def _note(rows: Sequence[Row], choices: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    if len(rows) > MAX_ROWS:
        return {"note": _MORE}
    if rows:
        return {}
    if not any(choices.values()):
        return {"note": _NOTHING}
    some = {name: list(texts[:MAX_CHOICES]) for name, texts in choices.items()}
    return {"note": _OTHERS, "choices": some}
