"""What the model reads of the tools, and the lists that must agree."""

import re

import pytest
from pydantic_ai import FunctionToolset

from memory.records import Service
from tools import TOOLS, ToolEntry, action_tools
from tools.context import ToolContext
from tools.errors import WrongProfile
from tools.profile import Action, Profile

by_name = pytest.mark.parametrize("entry", TOOLS, ids=lambda entry: entry.name)


def test_every_tool_is_listed_once() -> None:
    names = [entry.name for entry in TOOLS]
    assert len(names) == len(set(names))


@by_name
def test_an_action_cannot_take_the_place_of_a_tool(entry: ToolEntry) -> None:
    action = Action(
        name=entry.name,
        description="Anything.",
        table="any",
        fields=("any",),
        service=Service.RENSEIGNEMENT,
    )

    with pytest.raises(WrongProfile, match="always there"):
        action_tools({"public": Profile(name="public", actions=(action,))})


@by_name
def test_a_tool_tells_the_model_what_each_parameter_is(entry: ToolEntry) -> None:
    toolset = FunctionToolset[ToolContext](
        [entry.function], docstring_format="google", require_parameter_descriptions=True
    )
    definition = toolset.tools[entry.name].tool_def
    schema = definition.parameters_json_schema

    assert definition.description
    assert all(p["description"] for p in schema["properties"].values())


@by_name
def test_no_example_of_a_code_stands_in_a_description(entry: ToolEntry) -> None:
    # Limits are plain numbers; a code would mix them with letters or dashes.
    assert not re.search(r"[A-Z-]\d|\d[\w-]*[A-Za-z-]", entry.function.__doc__ or "")


@by_name
def test_every_tool_has_somebody_who_may_use_it(entry: ToolEntry) -> None:
    assert entry.roles
