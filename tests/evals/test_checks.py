from dataclasses import replace
from typing import Any

import pytest

from evals.case import End, Expect
from evals.checks import check_end, check_turn
from evals.world import EndState, TurnSeen
from tests.evals.scripted import answer


def findings(seen: TurnSeen, **expected: Any) -> list[str]:
    return list(check_turn(Expect.model_validate(expected), seen))


SEEN = answer(
    "Les notes de Lucie : 14,5 en français.",
    "Autre chose ?",
    calls=["verify", "marks"],
)


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"calls": ["verify", "marks"]},
        {"calls_include": ["marks"]},
        {"calls_include": ["marks", "verify"]},
        {"says_any": ["nobody says this", "14.5"]},
        {"says_all": ["lucie", "FRANCAIS", "autre  chose"]},
        {"never_says": ["Benoît"]},
    ],
)
def test_what_is_as_expected_has_no_findings(expected: dict[str, Any]) -> None:
    assert findings(SEEN, **expected) == []


def test_calls_are_exact_and_in_order() -> None:
    said = ["expected the calls [marks, verify], saw [verify, marks]"]
    assert findings(SEEN, calls=["marks", "verify"]) == said
    assert findings(SEEN, calls=["verify"]) != []
    assert findings(SEEN, calls=[]) != []


def test_calls_include_names_what_is_missing() -> None:
    (finding,) = findings(SEEN, calls_include=["marks", "fees"])

    assert finding == "expected calls of [fees] among others, saw [verify, marks]"


def test_a_tool_included_twice_is_called_twice() -> None:
    assert findings(SEEN, calls_include=["marks", "marks"]) != []


def test_says_any_wants_one() -> None:
    (finding,) = findings(SEEN, says_any=["quinze", "seize"])

    assert finding.startswith("expected one of [quinze, seize] in the replies: « Les")


def test_says_all_names_only_what_is_missing() -> None:
    (finding,) = findings(SEEN, says_all=["Lucie", "seize"])

    assert finding.startswith("expected all of [seize] in the replies")


def test_never_says_looks_at_all_replies() -> None:
    (finding,) = findings(SEEN, never_says=["AUTRE CHOSE", "seize"])

    assert finding.startswith("must never say [AUTRE CHOSE], but did")


def test_words_are_not_found_across_two_replies() -> None:
    assert findings(answer("il fait", "beau"), says_all=["fait beau"]) != []


def test_a_long_reply_is_cut_in_the_finding() -> None:
    (finding,) = findings(answer("mot " * 500), says_any=["autre"])

    assert len(finding) < 300
    assert finding.endswith("… »")


def test_silence_is_a_finding() -> None:
    assert findings(TurnSeen(replies=()), never_says=["secret"]) == ["nobody answered"]


def test_what_silence_did_not_say_is_missing_too() -> None:
    assert findings(TurnSeen(replies=()), says_any=["16 h"]) == [
        "nobody answered",
        "expected one of [16 h] in the replies",
    ]


def test_silence_is_right_while_a_human_holds_the_conversation() -> None:
    assert findings(TurnSeen(replies=(), is_held=True), calls=[]) == []


def test_an_apology_for_a_parked_message_is_a_finding() -> None:
    (finding,) = findings(replace(answer("Désolé"), is_parked=True))

    assert finding.startswith("the message was parked")


END = EndState(verified=True, handoffs=1, pages=0, mode="waiting")


def test_only_what_is_asked_of_the_end_is_checked() -> None:
    assert check_end(End(), END) == []
    assert check_end(End(verified=True, handoffs=1, pages=0), END) == []


def test_every_difference_at_the_end_is_a_sentence() -> None:
    wanted = End(verified=False, handoffs=0, pages=2, mode="bot")

    assert check_end(wanted, END) == [
        "verified should be false, is true",
        "handoffs should be 0, is 1",
        "pages should be 2, is 0",
        "mode should be bot, is waiting",
    ]
