"""The port to pydantic-ai: what a provider gives, this model gives, too."""

from datetime import UTC, datetime

import numpy as np
from pydantic_ai.messages import (
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters

from agent.offline import OfflineModel
from agent.offline.subjects import Subjects
from agent.offline.talk import UNTAKEN, read_talk
from tests.one_piece import OnePiece
from tools.backends.encoder import Vectors

from .school import PROFILES, Writer

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class FewWords(OnePiece):
    """Knows five words: enough to see what routing makes of likeness."""

    _axes = ("lessons", "exam", "absences", "invoices", "hautbois")

    def direction(self, text: str) -> Vectors:
        spelt = text.replace("hautbois", "hautbois lessons").lower()
        found = np.array([float(word in spelt) for word in self._axes], np.float32)
        return found / max(float(np.linalg.norm(found)), 1.0)


async def test_a_reply_is_free_and_named_and_dated() -> None:
    model = OfflineModel(profiles=PROFILES, now=lambda: NOW)
    said = ModelRequest(parts=[UserPromptPart(content="bonjour")])

    response = await model.request([said], None, ModelRequestParameters())

    assert (model.model_name, model.system) == ("offline", "gust")
    assert response.provider_name == "offline"
    assert response.timestamp == NOW
    assert response.usage.total_tokens == 0


async def test_the_same_history_is_answered_in_the_same_way() -> None:
    first, second = Writer(), Writer()
    said = ("les notes de ma fille", "VN-31X", "oui")

    for text in said:
        assert (await first.says(text)).text == (await second.says(text)).text


def test_a_history_is_read_as_exchanges() -> None:
    talk = read_talk(
        [
            ModelRequest(parts=[UserPromptPart(content="les notes ?")]),
            ModelResponse(parts=[ToolCallPart("exam_results", {}, tool_call_id="1")]),
            ModelRequest(
                parts=[
                    ToolReturnPart("exam_results", {"rows": []}, tool_call_id="1"),
                    UserPromptPart(content="<system>These tools are new.</system>"),
                ]
            ),
            ModelResponse(parts=[TextPart(content="Rien.")]),
            ModelRequest(parts=[UserPromptPart(content=["merci", "bien"])]),
        ]
    )

    assert [exchange.said for exchange in talk.past] == ["les notes ?"]
    assert talk.past[0].done[0].result == {"rows": []}
    assert talk.last_reply == "Rien."
    assert talk.said == "merci\nbien"
    assert talk.done == ()


def test_results_come_as_records_as_json_or_as_words() -> None:
    def result(content: object, outcome: str = "success") -> object:
        returned = ToolReturnPart(
            "exam_results",
            content,
            tool_call_id="1",
            outcome=outcome,  # pyright: ignore[reportArgumentType]
        )
        talk = read_talk(
            [
                ModelRequest(parts=[UserPromptPart(content="?")]),
                ModelResponse(
                    parts=[ToolCallPart("exam_results", {}, tool_call_id="1")]
                ),
                ModelRequest(parts=[returned]),
            ]
        )
        return talk.done[0].result

    assert result({"rows": []}) == {"rows": []}
    assert result('{"rows": []}') == {"rows": []}
    assert result("Two places are left.") == {"value": "Two places are left."}
    assert result("No such row.", "failed") == {"refused": "No such row."}
    assert result("wrong arguments", "retried") == UNTAKEN
    assert result(3) == {"value": 3}
    assert result(None) == UNTAKEN


def test_no_history_is_an_empty_talk() -> None:
    assert read_talk([]).said == ""


async def test_a_question_that_shares_no_word_with_an_action_is_routed_by_meaning() -> (
    None
):
    with_meaning = Writer(encoder=FewWords())
    without = Writer()
    said = "mon fils et son hautbois, vous pouvez me dire ?"

    assert "code parent" in (await with_meaning.says(said)).text
    assert (await without.says(said)).tools == ("search_documents",)


async def test_a_question_that_is_like_no_own_rows_is_none_of_them_for_all_its_words() -> (
    None
):
    said = "les résultats du match de mon frère, quand ?"

    assert "code parent" in (await Writer().says(said)).text
    assert (await Writer(encoder=FewWords()).says(said)).tools == ("search_documents",)


def test_each_action_on_own_rows_has_its_odds() -> None:
    odds = Subjects(PROFILES, FewWords()).own_odds("son hautbois")

    assert "coming_concerts" not in odds  # open to everybody
    assert odds["lesson_times"] > 0 > max(odds["exam_results"], odds["open_invoices"])


def test_actions_are_read_once() -> None:
    encoder = FewWords()
    subjects = Subjects(PROFILES, encoder)
    first, again = (subjects.odds("son hautbois") for _ in range(2))

    assert first == again
    assert len(encoder.read) == len(first) == 5


def test_without_an_encoder_or_without_own_rows_there_are_no_odds() -> None:
    assert Subjects(PROFILES).own_odds("son hautbois") == {}
    assert Subjects({}, FewWords()).own_odds("son hautbois") == {}


async def test_documents_that_are_far_likelier_are_asked_instead_of_the_code() -> None:
    said = "il a raté sa leçon, elle est rattrapée ?"
    far, near = (
        Writer(encoder=FewWords(), documents_odds=lambda _, odds=odds: odds)
        for odds in (9.0, -9.0)
    )

    assert (await far.says(said)).tools == ("search_documents",)
    assert "code parent" in (await near.says(said)).text


async def test_the_code_is_asked_where_own_rows_are_all_that_is_named() -> None:
    writer = Writer(encoder=FewWords(), documents_odds=lambda _: 9.0)

    assert "code parent" in (await writer.says("je voudrais voir ses absences")).text


async def test_what_is_told_before_a_question_is_searched_with_it() -> None:
    said = "Nous déménageons en mars. Faut-il prévenir la cantine ?"

    assert (await Writer().says(said)).arguments == (
        {"query": "Nous déménageons en mars, Faut-il prévenir la cantine ?"},
    )
