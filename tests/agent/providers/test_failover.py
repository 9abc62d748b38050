"""Whatever a provider does, somebody answers; and nobody is asked in vain."""

import pytest
from pydantic_ai.messages import ModelResponse

from tests.counterparts.providers import (
    Answered,
    Asked,
    Fault,
    ProviderCounterpart,
    Reply,
    ToolUse,
)

from .kitchen import chain_of

PROVIDERS = ("zai", "anthropic", "gemini", "openrouter", "openai")
KEY_FAULTS = ("401", "402", "403", "400-credit", "429-credit", "400-key")
BUSY_FAULTS = ("429", "429-retry-7", "zai-1302", "zai-1308")
DOWN_FAULTS = (
    *("500", "503", "529", "drop", "truncated", "html", "200-error", "200-envelope"),
    *("empty", "array-args", "overload-in-stream"),
)
MISSING = "404"


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "fault", [*KEY_FAULTS, *BUSY_FAULTS, *DOWN_FAULTS, MISSING, "400-bad", "no-usage"]
)
async def test_another_provider_answers(
    counterpart: ProviderCounterpart, provider: str, fault: str
) -> None:
    other = "openai" if provider != "openai" else "anthropic"
    async with chain_of(counterpart, {provider: fault, other: "ok"}) as chain:
        assert await chain.says('Bonjour !see_marks {"child": "X"}') != ""

        assert chain.served in (other, provider)
        if chain.served == provider:  # it can be understood as it is
            assert fault in ("no-usage", "array-args")
        assert "offline:ok" not in chain.outcomes


@pytest.mark.parametrize(
    ("provider", "fault"),
    [
        *((provider, "hang") for provider in PROVIDERS),
        *(("anthropic", fault) for fault in ("hang-after-headers", "stall")),
        *(("openai", fault) for fault in ("hang-after-headers", "stall")),
    ],
)
async def test_a_silent_provider_takes_its_share_of_the_turn_and_no_more(
    counterpart: ProviderCounterpart, provider: str, fault: str
) -> None:
    other = "openai" if provider != "openai" else "anthropic"
    async with chain_of(counterpart, {provider: fault, other: "ok"}) as chain:
        chain.time_s = 2.0

        assert await chain.says("Bonjour") == "Bonjour"
        assert chain.served == other
        await chain.says("Encore")

    assert chain.keys_asked == [fault, "ok", "ok"]


async def test_with_every_provider_down_the_built_in_model_answers(
    counterpart: ProviderCounterpart,
) -> None:
    keys: dict[str, str] = dict.fromkeys(PROVIDERS, "500")
    async with chain_of(counterpart, keys) as chain:
        assert "Bonjour" in await chain.says("Bonjour")

        assert chain.served == "offline"
        assert chain.outcomes[-1] == "offline:ok"


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_refusal_of_content_is_passed_to_nobody_else(
    counterpart: ProviderCounterpart, provider: str
) -> None:
    other = "openai" if provider != "openai" else "anthropic"
    async with chain_of(counterpart, {provider: "refusal", other: "ok"}) as chain:
        await chain.says("Bonjour")

        assert chain.served == "offline"
        assert "ok" not in chain.keys_asked


async def test_glm_that_finds_a_text_sensitive_is_a_refusal_too(
    counterpart: ProviderCounterpart,
) -> None:
    async with chain_of(counterpart, {"zai": "zai-1301", "openai": "ok"}) as chain:
        await chain.says("Bonjour")

        assert chain.served == "offline"
        assert chain.keys_asked == ["zai-1301"]


@pytest.mark.parametrize("provider", ["zai", "anthropic", "openai"])
async def test_too_long_a_conversation_is_asked_once_more_with_less_of_it(
    counterpart: ProviderCounterpart, provider: str
) -> None:
    async with chain_of(counterpart, {provider: "a", "gemini": "b"}) as chain:
        for number in range(4):
            await chain.says(f"Question {number}")
        counterpart.faults["a"] = Fault("400-context", times=1)
        asked_before = len(counterpart.asked)

        await chain.says("La dernière")

        too_long, shorter = counterpart.asked[asked_before:]
        assert chain.served == provider
        assert len(shorter.messages) < len(too_long.messages)
        assert shorter.last_text == "La dernière"
        assert "Question 3" in str(shorter.messages)
        assert "Question 0" not in str(shorter.messages)


async def test_what_does_not_fit_even_alone_is_for_the_built_in_model(
    counterpart: ProviderCounterpart,
) -> None:
    async with chain_of(
        counterpart, {"anthropic": "400-context", "openai": "ok"}
    ) as chain:
        await chain.says("Bonjour")

        assert chain.served == "offline"
        assert chain.keys_asked == ["400-context", "400-context"]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("fault", ["invalid-args", "broken-args", "unknown-tool"])
async def test_calls_that_do_not_fit_twice_are_somebody_elses_turn(
    counterpart: ProviderCounterpart, provider: str, fault: str
) -> None:
    other = "openai" if provider != "openai" else "anthropic"
    async with chain_of(counterpart, {provider: fault, other: "ok"}) as chain:
        reply = await chain.says('Ses notes !see_marks {"child": "X"}')

        assert "13.75" in reply
        assert chain.served == other
        by_other = [asked for asked in counterpart.asked if asked.key == "ok"]
        assert [type(m).__name__ for m in by_other[0].messages] == ["Said"]


async def test_a_tool_that_was_called_is_not_called_again_by_the_next_provider(
    counterpart: ProviderCounterpart,
) -> None:
    async with chain_of(counterpart, {"anthropic": "a", "openai": "b"}) as chain:

        def script(asked: Asked) -> Reply:
            if isinstance(asked.messages[-1], Answered):
                counterpart.faults["a"] = Fault("500")
                return Reply(text=f"Voici : {asked.messages[-1].text}")
            return Reply(calls=(ToolUse("see_marks", {"child": "X"}),))

        counterpart.script = script
        counterpart.faults["a"] = Fault("ok", times=1)
        await chain.says("Ses notes")

        calls = [
            part
            for message in chain.past
            if isinstance(message, ModelResponse)
            for part in message.tool_calls
        ]
        assert len(calls) == 1


@pytest.mark.parametrize("first", PROVIDERS)
@pytest.mark.parametrize("second", PROVIDERS)
async def test_a_history_goes_from_each_provider_to_each_other(
    counterpart: ProviderCounterpart, first: str, second: str
) -> None:
    if first == second:
        return
    async with chain_of(counterpart, {first: "a:thinking", second: "b:ok"}) as chain:
        await chain.says('Ses notes !see_marks {"child": "X"}')
        counterpart.faults["thinking"] = Fault("500")

        reply = await chain.says('Encore !see_marks {"child": "X"}')

        assert "13.75" in reply
        assert chain.served == second
        assert "offline:ok" not in chain.outcomes
        sent = [str(asked.body) for asked in counterpart.asked if asked.key == "ok"]
        assert sent
        assert not any("signature" in body for body in sent)


async def test_a_provider_that_failed_is_left_alone_and_then_tried_by_one(
    counterpart: ProviderCounterpart,
) -> None:
    async with chain_of(counterpart, {"anthropic": "a", "openai": "b"}) as chain:
        counterpart.faults["a"] = Fault("500")
        await chain.says("un")
        await chain.says("deux")

    assert chain.keys_asked == ["a", "b", "b"]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("fault", ["503", "429", "drop"])
async def test_no_sdk_tries_again_by_itself(
    counterpart: ProviderCounterpart, provider: str, fault: str
) -> None:
    other = "openai" if provider != "openai" else "anthropic"
    async with chain_of(counterpart, {provider: fault, other: "ok"}) as chain:
        await chain.says("Bonjour")

    routes = 2 if provider == "zai" and fault != "429" else 1
    assert chain.keys_asked == [*[fault] * routes, "ok"]
