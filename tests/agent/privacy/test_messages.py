"""No known value is left in what a provider is sent, whatever part it stood in."""

import warnings
from typing import Any

import pytest
from pydantic_ai.messages import (
    BinaryContent,
    CachePoint,
    CompactionPart,
    FilePart,
    ImageUrl,
    InstructionPart,
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    NativeToolCallPart,
    RetryFeedbackPart,
    RetryInfo,
    RetryPromptPart,  # pyright: ignore[reportDeprecated]
    StructuredContent,
    SystemPromptPart,
    TextContent,
    TextPart,
    ThinkingPart,
    ToolAvailabilityDeltaPart,
    ToolCallPart,
    ToolReturnPart,
    ToolSearchCallPart,
    ToolSearchReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters

from agent.privacy import (
    Kept,
    Uncoverable,
    Veil,
    cover_messages,
    cover_parameters,
    uncover_response,
)
from tools.folding import fold

CANARIES = ("Zélie", "Kinkeliba", "QZ-8817", "+221770009901", "zk@maison.example")
SAID = "Zélie Kinkeliba, QZ 8817, 77 000 99 01, ZK@maison.example"
COVERED = "[PARENT_1], [CODE_1], [TELEPHONE_1], [EMAIL_1]"
PNG = BinaryContent(data=b"Zelie", media_type="image/png")


@pytest.fixture
def veil() -> Veil:
    veil = Veil()
    veil.know("parent", "Zélie Kinkeliba")
    veil.know("child", "Ouri")
    veil.know("code", "QZ-8817")
    veil.know("phone", "+221770009901")
    veil.know("email", "zk@maison.example")
    return veil


def retry_prompt(tool_name: str | None = None) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old: Any = RetryPromptPart  # pyright: ignore[reportDeprecated]
        return old(content=SAID, tool_name=tool_name, tool_call_id="9")


def history() -> list[ModelMessage]:
    error: Any = {
        "type": "value_error",
        "loc": ("child", SAID),
        "msg": SAID,
        "input": {"child": SAID},
        "ctx": {"error": ValueError(SAID)},
    }
    return [
        ModelRequest(
            parts=[
                SystemPromptPart(SAID, metadata={"note": SAID}),
                UserPromptPart(SAID),
                UserPromptPart(
                    [
                        SAID,
                        TextContent(SAID, metadata=SAID),
                        StructuredContent({"child": SAID}),
                        CachePoint(),
                        PNG,
                        ImageUrl(f"https://maison.example/{CANARIES[0]}.png"),
                    ]
                ),
                retry_prompt(),
                retry_prompt("t"),
            ],
            instructions=SAID,
            metadata={"note": SAID},
        ),
        ModelResponse(
            parts=[
                TextPart(SAID, provider_details={"note": SAID}),
                ThinkingPart(SAID, signature="s", provider_name="p"),
                ThinkingPart("[PARENT_1] veut tout", signature="s", provider_name="p"),
                ToolCallPart("t", {"child": SAID}, "1"),
                ToolCallPart("t", '{"child": "Z\\u00e9lie"}', "2"),
                NativeToolCallPart("web_search", {"query": SAID}, "3"),
                FilePart(PNG),
            ],
            metadata={"note": SAID},
            provider_details={"note": SAID},
        ),
        ModelRequest(
            parts=[
                ToolReturnPart("t", SAID, "1", metadata=SAID),
                ToolReturnPart("t", {"rows": [{"Zélie": SAID}, PNG]}, "2"),
                RetryFeedbackPart(SAID, retry=RetryInfo(cause="model_retry")),
                RetryFeedbackPart([error], retry=RetryInfo(cause="validation_error")),
            ]
        ),
    ]


def test_no_known_value_is_left_in_any_part(veil: Veil) -> None:
    covered = cover_messages(history(), veil)

    sent = fold(ModelMessagesTypeAdapter.dump_json(covered).decode())
    assert not [canary for canary in CANARIES if fold(canary) in sent]
    assert "770009901" not in "".join(sign for sign in sent if sign.isalnum())
    request, response, results = covered
    assert isinstance(request, ModelRequest)
    assert request.instructions == COVERED
    assert [part.part_kind for part in response.parts] == [
        "text",
        "thinking",
        "tool-call",
        "tool-call",
    ]
    assert len(results.parts) == 4
    assert isinstance(results, ModelRequest)
    error = results.parts[-1]
    assert isinstance(error, RetryFeedbackPart)
    assert isinstance(error.content, list)
    assert error.content[0]["loc"] == ("child", COVERED)


def test_what_a_provider_cited_is_left_out(veil: Veil) -> None:
    cited: Any = {"cited_text": SAID}

    [covered] = cover_messages(
        [ModelResponse(parts=[TextPart("Voici", citations=[cited])])], veil
    )

    assert covered.parts == [TextPart("Voici")]


def test_the_originals_are_never_changed(veil: Veil) -> None:
    messages = history()
    before = repr(messages)

    cover_messages(messages, veil)

    assert repr(messages) == before


def test_covering_a_covered_history_changes_nothing(veil: Veil) -> None:
    covered = cover_messages(history(), veil)

    assert repr(cover_messages(covered, veil)) == repr(covered)


def test_a_file_stays_in_the_house_and_the_model_is_told(veil: Veil) -> None:
    [covered] = cover_messages([ModelRequest(parts=[UserPromptPart([PNG])])], veil)

    [part] = covered.parts
    assert isinstance(part, UserPromptPart)
    assert part.content == ["(A file that may not leave the house.)"]


def test_that_tools_have_opened_may_be_told(veil: Veil) -> None:
    opened = ToolAvailabilityDeltaPart(tools_added=["see_marks"])
    found = ToolSearchReturnPart(
        content={"discovered_tools": [{"name": "see_marks"}]}, tool_call_id="1"
    )
    asked = ToolSearchCallPart(args={"queries": [f"see_marks {SAID}"]})
    history = [ModelResponse(parts=[asked]), ModelRequest(parts=[found, opened])]

    call, answer = cover_messages(history, veil)

    assert answer.parts == [found, opened]
    assert SAID not in str(call)
    assert "see_marks" in str(call)


def test_what_nobody_here_can_read_is_refused(veil: Veil) -> None:
    summary = ModelRequest(parts=[CompactionPart(SAID)])
    odd = ModelRequest(parts=[ToolReturnPart("t", {"x": object()}, "1")])

    with pytest.raises(Uncoverable, match="CompactionPart"):
        cover_messages([summary], veil)
    with pytest.raises(Uncoverable, match="result of t"):
        cover_messages([odd], veil)


def test_a_signature_in_which_a_name_stands_by_chance_is_kept(veil: Veil) -> None:
    call = ToolCallPart(
        "t",
        {},
        "1",
        provider_details={"thought_signature": "Eq0B9x7ZkQw3Ouri8aAbZcKq5Lm2"},
        provider_name="p",
    )

    [covered] = cover_messages([ModelResponse(parts=[call])], veil)

    assert covered.parts == [call]


def test_instructions_that_a_model_is_really_sent_are_covered(veil: Veil) -> None:
    parameters = ModelRequestParameters(
        instruction_parts=[InstructionPart(content=SAID, dynamic=True)]
    )

    covered = cover_parameters(parameters, veil)

    assert covered.instruction_parts == [InstructionPart(content=COVERED, dynamic=True)]
    assert parameters.instruction_parts == [InstructionPart(content=SAID, dynamic=True)]
    bare = ModelRequestParameters()
    assert cover_parameters(bare, veil) is bare


def test_instructions_that_the_parameters_send_are_not_sent_twice(veil: Veil) -> None:
    told = history()

    request, *_ = cover_messages(told, veil, instructions_stay=True)

    assert isinstance(request, ModelRequest)
    assert request.instructions is None
    assert request.parts == cover_messages(told, veil)[0].parts


def test_the_fixed_instructions_of_all_conversations_hide_the_names_of_each() -> None:
    fixed = "Exemple : Awa Diop et [ENFANT_1] viennent."
    parameters = ModelRequestParameters(
        instruction_parts=[InstructionPart(content=fixed)]
    )

    def told(*kept: Kept) -> str:
        covered = cover_parameters(parameters, Veil(kept))
        [part] = covered.instruction_parts or []
        return part.content

    assert told() == fixed
    awa = told(Kept("ENFANT_2", "child", "Awa"))
    assert awa == "Exemple : [ENFANT_2] Diop et [ENFANT_1] viennent."
    diop = told(Kept("NOM_1", "surname", "Diop"), Kept("ENFANT_1", "child", "Rose"))
    assert diop == "Exemple : Awa [NOM_1] et [ENFANT_1] viennent."
    assert told(Kept("ENFANT_1", "child", "Awa")).startswith("Exemple : [ENFANT_1]")


def test_a_response_comes_back_natural_for_parent_and_tools(veil: Veil) -> None:
    response = ModelResponse(
        parts=[
            ThinkingPart("[ENFANT_1] ?", signature="s", provider_name="p"),
            TextPart(
                "Bonjour [PARENT_1_PRENOM], les notes de [ENFANT_1]. [ENFANT_9] ?"
            ),
            ToolCallPart("t", {"child": "[ENFANT_1]", "code": "CODE_1"}, "1"),
            ToolCallPart("t", '{"child": "[ENFANT_9]"}', "2"),
        ]
    )

    thinking, text, call, unknown = uncover_response(response, veil).parts

    assert thinking == response.parts[0]
    assert isinstance(text, TextPart)
    assert text.content == "Bonjour Zélie, les notes d'Ouri. Votre enfant ?"
    assert isinstance(call, ToolCallPart)
    assert call.args == {"child": "Ouri", "code": "QZ-8817"}
    assert isinstance(unknown, ToolCallPart)
    assert unknown.args == '{"child": "[ENFANT_9]"}'
    assert response.parts[1].part_kind == "text"
    assert "[ENFANT_1]" in repr(response)


def test_an_english_reply_says_unknown_people_in_english(veil: Veil) -> None:
    response = ModelResponse(parts=[TextPart("Here is [ENFANT_9]")])

    [text] = uncover_response(response, veil, language="en").parts

    assert isinstance(text, TextPart)
    assert text.content == "Here is your child"


def test_that_tools_have_opened_may_be_told_to_a_provider(veil: Veil) -> None:
    opened: Any = {"discovered_tools": [{"name": "consult_notes"}]}
    told: list[ModelMessage] = [
        ModelResponse(parts=[ToolSearchCallPart(args={"queries": [SAID]})]),
        ModelRequest(parts=[ToolSearchReturnPart(content=opened, metadata=SAID)]),
    ]

    (call, result) = (message.parts[0] for message in cover_messages(told, veil))

    assert isinstance(call, ToolSearchCallPart)
    assert call.args == {"queries": [COVERED]}
    assert isinstance(result, ToolSearchReturnPart)
    assert (result.content, result.metadata) == (opened, None)
