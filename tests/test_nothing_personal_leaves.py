"""What a provider outside the house is sent holds no personal value of anybody.

Real SDKs, real sockets; the model of the counterpart knows only what it was sent, and
says again every token that it saw.
"""

import json
import re
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from prometheus_client import generate_latest

from config.telemetry import set_up_logs
from memory.sql.tables import model_calls
from tests.canaries import (
    CHILD,
    CODE,
    EMAIL,
    MARK,
    OWN_NAME,
    PARENT,
    PHONE,
    SIBLING,
    canaries_in,
)
from tests.counterparts.providers import (
    Answered,
    Asked,
    Fault,
    ProviderCounterpart,
    Reply,
    Said,
    ToolUse,
    running_providers,
)
from tests.counterparts.providers.words import Message
from tests.provided_house import Provided, provided_house

WIRES = ("zai", "anthropic", "gemini", "openrouter", "openai")
PROOF = (
    f"Bonjour, ici {OWN_NAME}, {PHONE}, {EMAIL}. Mon code est {CODE}, quelles sont les"
    " notes ?"
)
_TOKEN = re.compile(r"\[[A-Z]+_\d+(?:_[A-Z]+)?(?:_\d)?\]")
_RAW = re.compile(r"\b(?:ENFANT|PARENT|NOM|TELEPHONE|CODE|EMAIL)_\d", re.IGNORECASE)
_WRITTEN_CODE = re.compile(r"\[CODE_\d+\]|ZQ-\d{4}")


def betraying(asked: Asked) -> Reply:
    """Proves the code that it was shown, reads marks, repeats every token it saw."""
    *_, last = [m for m in asked.messages if not _is_of_framework(m)]
    if isinstance(last, Said):
        if code := _WRITTEN_CODE.search(last.text):
            return Reply(calls=(ToolUse("verify_parent_code", {"code": code[0]}),))
        if wanted := re.search(r"!(\w+) (\{.*\})", last.text):
            return Reply(calls=(ToolUse(wanted[1], json.loads(wanted[2])),))
        child = re.search(r"\[ENFANT_\d+[A-Z_\d]*\]", last.text)
        if child and "see_marks" in asked.tools:
            return Reply(calls=(ToolUse("see_marks", {"child": child[0]}),))
    elif isinstance(last, Answered) and last.name == "verify_parent_code":
        return Reply(calls=(ToolUse("see_kids", {}), ToolUse("see_marks", {})))
    seen = dict.fromkeys(_TOKEN.findall(str(asked.messages)))
    return Reply(text=f"Voici {_marks_in(asked)} : {', '.join(seen)}.")


def _is_of_framework(message: Message) -> bool:
    """Whether it only tells that tools have opened."""
    if isinstance(message, Said):
        return message.text.startswith("<system>")
    return message.name == "search_tools"


def _marks_in(asked: Asked) -> str:
    texts = [m.text for m in asked.messages if isinstance(m, Answered)]
    return " ; ".join(re.findall(r"\d+\.\d+", " ".join(texts)))


@pytest.fixture
async def counterpart() -> AsyncGenerator[ProviderCounterpart]:
    async with running_providers(betraying) as running:
        yield running


@pytest.fixture
def logs_of_its_own() -> Generator[None]:
    yield
    structlog.reset_defaults()


def sent_in(counterpart: ProviderCounterpart) -> str:
    """Every request as it was on the wire."""
    return "\n".join(
        json.dumps([asked.body, asked.path], ensure_ascii=False)
        for asked in counterpart.asked
    )


async def let_out(provided: Provided) -> str:
    """Everything that is for others than the parent: requests, metrics, bills."""
    memory = provided.house.memory
    async with memory.database.read() as connection:
        bills = (await connection.execute(sa.select(model_calls))).all()
    assert bills
    metrics = generate_latest(provided.house.metrics.registry).decode()
    return "\n".join([sent_in(provided.counterpart), metrics, *map(str, bills)])


def test_the_canaries_are_seen_in_any_spelling() -> None:
    for text in ("QUELOIS", "Quélo-ïs", "00221 77.901.23.45", "zq 8841", "wakhané"):
        assert canaries_in(text), text
    assert not canaries_in("[ENFANT_1] a 14.5, 12 h 30")


@pytest.mark.parametrize("provider", WIRES)
async def test_nothing_leaves_and_all_is_natural_in_what_the_parent_reads(
    tmp_path: Path, counterpart: ProviderCounterpart, provider: str
) -> None:
    async with provided_house(tmp_path, counterpart, {provider: "k"}) as provided:
        first = await provided.answers(PROOF)
        second = await provided.answers(f"et {CHILD} ?")

        assert not canaries_in(await let_out(provided))
        turns = await provided.house.memory.turns.recent(1, at_most=9)
        called = [[call.name for call in turn.tools] for turn in turns]
        assert called == [
            ["verify_parent_code", "see_kids", "see_marks"],
            ["see_marks"],
        ]
        assert all(call.outcome == "ok" for turn in turns for call in turn.tools)
        assert {turn.provider for turn in turns} == {provider}
    for reply in ("\n".join(first), "\n".join(second)):
        for natural in (CHILD, SIBLING, PARENT, CODE, PHONE, EMAIL, OWN_NAME, MARK):
            assert natural in reply
        assert not _RAW.search(reply)


@pytest.mark.parametrize("provider", ["anthropic", "gemini", "openai"])
@pytest.mark.parametrize(
    "spelt", ["c koi lé note 2 quelois", "NOTE DE QUELOÏS SVP", "thibolde wakhane svp"]
)
async def test_a_name_in_the_spelling_of_a_hurried_parent_stays_in_the_house(
    tmp_path: Path, counterpart: ProviderCounterpart, provider: str, spelt: str
) -> None:
    async with provided_house(tmp_path, counterpart, {provider: "k"}) as provided:
        await provided.answers(PROOF)
        before = len(counterpart.asked)
        [reply] = await provided.answers(spelt)

        assert not canaries_in(await let_out(provided))
        assert "[ENFANT_" in counterpart.asked[before].last_text
        turn = (await provided.house.memory.turns.recent(1, at_most=9))[-1]
        assert [call.name for call in turn.tools] == ["see_marks"]
    assert CHILD in reply
    assert not _RAW.search(reply)


@pytest.mark.parametrize("first", ["anthropic", "gemini", "openai"])
async def test_nothing_leaves_when_another_provider_goes_on_in_the_middle(
    tmp_path: Path, counterpart: ProviderCounterpart, first: str
) -> None:
    second = "zai" if first != "zai" else "openai"

    def then_fails(asked: Asked) -> Reply:
        counterpart.faults["k"] = Fault("500")
        return betraying(asked)

    counterpart.script = then_fails
    async with provided_house(
        tmp_path, counterpart, {first: "k", second: "other"}
    ) as provided:
        reply = "\n".join(await provided.answers(PROOF))

        assert {asked.key for asked in counterpart.asked} == {"k", "other"}
        assert not canaries_in(await let_out(provided))
        [turn] = await provided.house.memory.turns.recent(1, at_most=9)
        assert turn.tools[0].name == "verify_parent_code"
        assert len(turn.tools) == 3
    for natural in (CHILD, SIBLING, PARENT, PHONE):
        assert natural in reply


async def test_a_token_stands_for_the_same_person_for_as_long_as_they_talk(
    tmp_path: Path, counterpart: ProviderCounterpart
) -> None:
    async with provided_house(tmp_path, counterpart, {"openai": "k"}) as provided:
        await provided.answers(PROOF)
        await provided.answers(f"et {CHILD} ? {PARENT}, {OWN_NAME}")
        before = counterpart.asked[-1].last_text

    async with provided_house(tmp_path, counterpart, {"gemini": "k"}) as provided:
        await provided.answers(f"et {CHILD} ? {PARENT}, {OWN_NAME}")

        assert not canaries_in(await let_out(provided))
    assert counterpart.asked[-1].last_text == before
    assert before == "et [ENFANT_1] ? [PARENT_2], [PARENT_1]"


@pytest.mark.parametrize("provider", ["anthropic", "gemini", "openai"])
async def test_what_an_admin_reads_of_everybody_does_not_leave_either(
    tmp_path: Path, counterpart: ProviderCounterpart, provider: str
) -> None:
    async with provided_house(tmp_path, counterpart, {provider: "k"}) as provided:
        await provided.answers_admin("admin")
        people = await provided.answers_admin('!find_people {"words": "lyndiane"}')
        rows = await provided.answers_admin('!query_table {"table": "guardians"}')
        kids = await provided.answers_admin('!query_table {"table": "kids"}')
        once_more = await provided.answers_admin("Et Melchiora Sène, 78 111 22 33 ?")

        assert not canaries_in(await let_out(provided))
        audited = await provided.house.memory.turns.recent(1, at_most=9)
        assert [c.outcome for turn in audited for c in turn.tools] == ["ok"] * 3
    for natural in (*PARENT.split(), PHONE, EMAIL):
        assert natural in "\n".join(people)
    assert "Oscarine" in "\n".join(rows)
    for reply in ("\n".join(kids), "\n".join(once_more)):
        assert "Melchiora" in reply
        assert CHILD in reply
        assert not _RAW.search(reply)


@pytest.mark.parametrize("provider", ["anthropic", "gemini", "openai"])
async def test_a_provider_of_the_house_reads_the_real_values(
    tmp_path: Path, counterpart: ProviderCounterpart, provider: str
) -> None:
    trusted = {f"{provider.upper()}_TRUSTED": "true"}
    async with provided_house(
        tmp_path, counterpart, {provider: "k"}, more=trusted
    ) as provided:
        reply = "\n".join(await provided.answers(PROOF))

        assert MARK in reply
        known = {"child", "sibling", "surname", "code", "name of the contact"}
        assert known <= canaries_in(sent_in(counterpart))
        assert "[CODE_" not in sent_in(counterpart)  # ENFANT_1 is named in the prompt


async def test_of_two_providers_only_the_trusted_one_reads_the_real_values(
    tmp_path: Path, counterpart: ProviderCounterpart
) -> None:
    keys = {"openai": "of-the-house", "anthropic": "outside"}

    def then_fails(asked: Asked) -> Reply:
        counterpart.faults["of-the-house"] = Fault("500")
        return betraying(asked)

    counterpart.script = then_fails
    async with provided_house(
        tmp_path, counterpart, keys, more={"OPENAI_TRUSTED": "true"}
    ) as provided:
        await provided.answers(PROOF)
        await provided.answers(f"et {CHILD} ?")

    outside = [asked for asked in counterpart.asked if asked.key == "outside"]
    assert len(outside) >= 3
    assert not canaries_in(json.dumps([asked.body for asked in outside]))
    assert CODE in str(counterpart.asked[0].body)


@pytest.mark.usefixtures("logs_of_its_own")
@pytest.mark.parametrize("fault", ["ok", "500", "401", "html", "invalid-args", "drop"])
async def test_no_log_line_names_anybody_whatever_goes_wrong(
    tmp_path: Path,
    counterpart: ProviderCounterpart,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    *,
    fault: str,
) -> None:
    caplog.set_level("DEBUG")
    set_up_logs(log_format="json", level="debug")
    keys = {"anthropic": fault, "gemini": f"b:{fault}", "openai": "k"}
    async with provided_house(tmp_path, counterpart, keys) as provided:
        await provided.answers(PROOF)
        await provided.answers(f"et {CHILD} ?")
        assert not canaries_in(await let_out(provided))

    printed = "".join(capfd.readouterr())
    assert "turn_finished" in printed
    of_others = [  # at this level the driver of the database tells what it keeps
        record.getMessage() for record in caplog.records if record.name != "aiosqlite"
    ]
    assert not canaries_in(printed + "\n".join(of_others))


async def test_with_every_provider_down_the_parent_reads_names_and_once_that_it_is_reduced(
    tmp_path: Path, counterpart: ProviderCounterpart
) -> None:
    async with provided_house(tmp_path, counterpart, {"anthropic": "k"}) as provided:
        await provided.answers(PROOF)
        counterpart.faults["k"] = Fault("500")
        second = "\n".join(
            await provided.answers(f"quelles sont les notes de {CHILD} ?")
        )
        third = "\n".join(await provided.answers(f"et celles de {SIBLING} ?"))

        assert not canaries_in(await let_out(provided))
    assert "14,5" in second
    assert "mode réduit" in second
    assert "mode réduit" not in third
    assert not _RAW.search(second + third)
