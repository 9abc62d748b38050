import pytest
from pydantic_ai import ModelRetry

from tools import action_tools

from .school import PROFILES, School, call, canary


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"term": "un"}, "term must be a number"),
        ({"term": 1.5}, "whole number"),
        ({"term": True}, "term must be a number"),
        ({"term": "nan"}, "term must be a number"),
        ({"term": [1]}, "term must be a number"),
        ({"kid": 7}, "kid must be a text"),
        ({"kid": ["Aminata"]}, "kid must be a text"),
        ({"kid": {"$ne": ""}}, "kid must be a text"),
    ],
)
async def test_an_argument_of_the_wrong_type_is_asked_for_again(
    school: School, arguments: dict[str, object], said: str
) -> None:
    with pytest.raises(ModelRetry, match=said):
        await call(await school.parent(), "see_marks", **arguments)


@pytest.mark.parametrize(
    "name", ["guardians", "owner", "code", "where", "fields", "table", "ctx", "self"]
)
async def test_an_argument_that_was_not_offered_is_not_taken(
    school: School, name: str
) -> None:
    value = canary()

    with pytest.raises(ModelRetry, match="kid, term, subject") as refusal:
        await call(await school.parent(), "see_marks", **{name: value})

    assert value not in str(refusal.value)


@pytest.mark.parametrize("empty", [None, "", "  "])
async def test_an_empty_argument_is_as_good_as_none(
    school: School, empty: str | None
) -> None:
    answer = await call(await school.parent(), "see_marks", kid=empty, term=empty)

    assert answer["count"] == 2


async def test_a_required_argument_is_asked_for(school: School) -> None:
    with pytest.raises(ModelRetry, match="day is required"):
        await call(await school.parent(), "see_opening_hours")


def test_each_action_is_one_typed_tool() -> None:
    tools = {tool.name: tool.tool_def for tool in action_tools(PROFILES)}

    assert list(tools) == [
        "see_marks",
        "see_absences",
        "see_opening_hours",
        "see_rooms",
    ]
    assert tools["see_marks"].description == "Marks of the parent's own children."
    assert tools["see_marks"].parameters_json_schema == {
        "type": "object",
        "properties": {
            "kid": {"type": "string", "description": "First name"},
            "term": {"type": "integer", "description": "Term"},
            "subject": {"type": "string", "description": "-"},
        },
        "required": [],
        "additionalProperties": False,
    }
    assert tools["see_opening_hours"].parameters_json_schema["required"] == ["day"]
