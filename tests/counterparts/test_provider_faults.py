"""Each fault of the counterpart, as the real SDKs and pydantic-ai 2.62 see it.

What stands here is how they behave, not how we would wish it: a new version that
behaves otherwise must be seen.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from pydantic_ai import Agent
from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelOverloadedError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelServerError,
    ModelTimeoutError,
    ModelUnavailableError,
    UnexpectedModelBehavior,
)
from pydantic_ai.messages import ModelMessage, ModelRequest, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings

from tests.counterparts.providers import Provider, ProviderCounterpart
from tests.counterparts.providers.real_models import MODELS

RealModel = Callable[[Provider, str], Model]
Raised = type[Exception]
ONCE = ModelSettings(max_retries=0)
# Long enough for any machine: it only ends a test that would wait for ever.
PATIENT = ModelSettings(max_retries=0, timeout=30)
IMPATIENT = ModelSettings(max_retries=0, timeout=0.2)
ASKED: list[ModelMessage] = [ModelRequest(parts=[UserPromptPart("Bonjour")])]
NOTHING = ModelRequestParameters()

REFUSED: dict[str, Raised] = {
    "401": ModelAuthenticationError,
    "402": ModelQuotaExceededError,
    "403": ModelAuthenticationError,
    "404": ModelNotFoundError,
    "429": ModelRateLimitError,
    "429-retry-7": ModelRateLimitError,
    "500": ModelServerError,
    "503": ModelUnavailableError,
    "529": ModelOverloadedError,
    "400-bad": ModelRequestRejectedError,
    "400-context": ModelContextWindowExceededError,
    "400-credit": ModelQuotaExceededError,
    "429-credit": ModelRateLimitError,
    "400-key": ModelRequestRejectedError,
    "zai-1113": ModelRateLimitError,
    "zai-1113-typed": ModelRateLimitError,
    "zai-1302": ModelRateLimitError,
    "zai-1308": ModelRateLimitError,
    "zai-1261": ModelRequestRejectedError,
    "zai-1301": ModelRequestRejectedError,
}
# Who words it so that pydantic-ai understands more, or less, than from the others.
REFUSED_OTHERWISE: dict[tuple[str, Provider], Raised] = {
    ("400-credit", "openrouter"): ModelRequestRejectedError,
    ("400-credit", "gemini"): ModelRequestRejectedError,
    ("429-credit", "openai"): ModelQuotaExceededError,
    ("429-credit", "zai"): ModelQuotaExceededError,
    ("400-key", "openai"): ModelAuthenticationError,
    ("400-key", "zai"): ModelAuthenticationError,
    ("400-key", "gemini"): ModelAuthenticationError,
}

BROKEN: dict[str, Raised] = {
    "hang": ModelTimeoutError,
    "hang-after-headers": ModelTimeoutError,
    "stall": ModelTimeoutError,
    "slow-60": ModelTimeoutError,
    "drop": ModelConnectionError,
    "truncated": ModelAPIError,
    "html": UnexpectedModelBehavior,
    "200-error": UnexpectedModelBehavior,
    "200-envelope": UnexpectedModelBehavior,
    "overload-in-stream": ModelOverloadedError,
}
# `anthropic` is a Claude that pydantic-ai streams by itself; z.ai's is not streamed.
BROKEN_OTHERWISE: dict[tuple[str, Provider], Raised] = {
    ("html", "zai-anthropic"): ModelAPIError,
    ("html", "gemini"): ModelAPIError,
    ("200-error", "zai-anthropic"): TypeError,
    ("200-error", "openrouter"): ModelServerError,
    ("200-envelope", "zai-anthropic"): TypeError,
    ("200-envelope", "openrouter"): ModelAPIError,
    ("overload-in-stream", "gemini"): ModelUnavailableError,
}
STREAM_BROKEN_OTHERWISE: dict[tuple[str, Provider], Raised] = {
    ("html", "gemini"): ModelAPIError,
    ("200-error", "gemini"): ModelServerError,
    ("overload-in-stream", "gemini"): ModelUnavailableError,
}


def each(
    usual: dict[str, Raised], otherwise: dict[tuple[str, Provider], Raised]
) -> Iterator[Any]:
    for word, raised in usual.items():
        for provider in MODELS:
            expected = otherwise.get((word, provider), raised)
            yield pytest.param(word, provider, expected, id=f"{word}-{provider}")


def without(cases: Iterator[Any], *left_out: str) -> list[Any]:
    return [case for case in cases if case.id not in left_out]


def is_exactly(error: BaseException, raised: Raised) -> bool:
    """A category of error is a private class that bears the name of the public one."""
    return isinstance(error, raised) and type(error).__name__ == raised.__name__


async def stream(model: Model, settings: ModelSettings) -> None:
    async with model.request_stream(ASKED, settings, NOTHING) as streamed:
        async for _ in streamed:
            pass


@pytest.mark.parametrize(
    ("word", "provider", "raised"), list(each(REFUSED, REFUSED_OTHERWISE))
)
@pytest.mark.parametrize("is_streamed", [False, True])
async def test_a_refusal_has_its_category(
    word: str,
    provider: Provider,
    raised: Raised,
    is_streamed: bool,
    providers: ProviderCounterpart,
    real_model: RealModel,
) -> None:
    model = real_model(provider, f"account:{word}")

    with pytest.raises(ModelHTTPError) as caught:
        await (
            stream(model, ONCE) if is_streamed else model.request(ASKED, ONCE, NOTHING)
        )

    assert is_exactly(caught.value, raised)
    [asked] = providers.asked
    assert (asked.fault, asked.status) == (word, caught.value.status_code)
    # Google says it in `RetryInfo`, which pydantic-ai does not read.
    waits = word == "429-retry-7" and provider != "gemini"
    assert caught.value.retry_after == (7 if waits else None)


# A Gemini answer of another shape is one without candidates: see the empty ones.
@pytest.mark.parametrize(
    ("word", "provider", "raised"),
    without(each(BROKEN, BROKEN_OTHERWISE), "200-error-gemini", "200-envelope-gemini"),
)
async def test_a_broken_answer_is_an_error(
    word: str, provider: Provider, raised: Raised, real_model: RealModel
) -> None:
    with pytest.raises(raised) as caught:
        await real_model(provider, word).request(ASKED, _patience(word), NOTHING)

    assert is_exactly(caught.value, raised)


@pytest.mark.parametrize(
    ("word", "provider", "raised"),
    without(each(BROKEN, STREAM_BROKEN_OTHERWISE), "200-envelope-gemini"),
)
async def test_a_broken_stream_is_an_error(
    word: str, provider: Provider, raised: Raised, real_model: RealModel
) -> None:
    with pytest.raises(raised) as caught:
        await stream(real_model(provider, word), _patience(word))

    assert is_exactly(caught.value, raised)


def _patience(word: str) -> ModelSettings:
    return IMPATIENT if BROKEN[word] is ModelTimeoutError else PATIENT


async def test_slow_is_late_and_no_worse(real_model: RealModel) -> None:
    response = await real_model("zai", "slow-0.01").request(ASKED, ONCE, NOTHING)

    assert response.text == "Bonjour"


@pytest.mark.parametrize("provider", MODELS)
async def test_what_has_no_count_is_refused_on_the_anthropic_wire_only(
    provider: Provider, real_model: RealModel
) -> None:
    asking = real_model(provider, "no-usage").request(ASKED, ONCE, NOTHING)

    if "anthropic" in provider:
        with pytest.raises(AttributeError):
            await asking
    else:
        assert (await asking).usage.input_tokens == 0


@pytest.mark.parametrize("provider", MODELS)
async def test_an_answer_cut_by_its_length_passes_as_one(
    provider: Provider, real_model: RealModel
) -> None:
    agent = Agent(real_model(provider, "length"), model_settings=ONCE)

    result = await agent.run("Bonjour")

    assert result.output == "Bonj"
    assert result.response.finish_reason == "length"


# What a whole run makes of it: the error, and how often the same model was asked.
RUNS: dict[str, tuple[Raised, int]] = {
    "empty": (UnexpectedModelBehavior, 2),
    "array-args": (UnexpectedModelBehavior, 2),
    "broken-args": (UnexpectedModelBehavior, 2),
    "invalid-args": (UnexpectedModelBehavior, 2),
    "unknown-tool": (UnexpectedModelBehavior, 2),
    "refusal": (ContentFilterError, 1),
    "sensitive": (UnexpectedModelBehavior, 2),
}
RUNS_OTHERWISE: dict[tuple[str, Provider], tuple[Raised, int]] = {
    ("array-args", "zai-anthropic"): (TypeError, 1),
    ("array-args", "gemini"): (ValidationError, 1),
    ("sensitive", "zai"): (ContentFilterError, 1),
    ("sensitive", "gemini"): (ContentFilterError, 1),
    ("sensitive", "openrouter"): (UnexpectedModelBehavior, 1),
    ("200-error", "gemini"): (UnexpectedModelBehavior, 2),
    ("200-envelope", "gemini"): (UnexpectedModelBehavior, 2),
}


def each_run() -> Iterator[Any]:
    usual = {(word, p): run for word, run in RUNS.items() for p in MODELS}
    for (word, provider), (raised, times) in (usual | RUNS_OTHERWISE).items():
        yield pytest.param(word, provider, raised, times, id=f"{word}-{provider}")


@pytest.mark.parametrize(("word", "provider", "raised", "times"), list(each_run()))
async def test_a_run_asks_the_same_model_again_or_fails(
    word: str,
    provider: Provider,
    raised: Raised,
    times: int,
    providers: ProviderCounterpart,
    real_model: RealModel,
) -> None:
    agent = Agent(real_model(provider, word), model_settings=ONCE)

    @agent.tool_plain
    def consult_notes(child: str) -> str:
        """Marks of a child."""
        raise AssertionError(child)

    with pytest.raises(raised) as caught:
        await agent.run("Bonjour")

    assert is_exactly(caught.value, raised)
    assert [one.fault for one in providers.asked] == [word] * times


ANTHROPIC = "anthropic", "/v1/messages", "x-api-key"
OPENAI = "openai", "/chat/completions", "authorization"
OPENROUTER = "openrouter", "/chat/completions", "authorization"
GEMINI = "gemini", "/v1beta/models/m:generateContent", "x-goog-api-key"
Steps = tuple[str | int, ...]
WORDINGS: list[tuple[tuple[Provider, str, str], str, int, Steps, Any]] = [
    (ANTHROPIC, "429-retry-7", 429, ("type",), "rate_limit_error"),
    (ANTHROPIC, "529", 529, ("type",), "overloaded_error"),
    (ANTHROPIC, "402", 402, ("type",), "billing_error"),
    (ANTHROPIC, "zai-1113", 429, ("code",), "1113"),
    (ANTHROPIC, "zai-1113-typed", 429, ("type",), "1113"),
    (OPENAI, "429-retry-7", 429, ("code",), "rate_limit_exceeded"),
    (OPENAI, "429-credit", 429, ("code",), "insufficient_quota"),
    (OPENAI, "400-context", 400, ("code",), "context_length_exceeded"),
    (OPENAI, "zai-1308", 429, ("code",), "1308"),
    (OPENROUTER, "402", 402, ("code",), 402),
    (OPENROUTER, "503", 503, ("metadata", "provider_name"), "Z.AI"),
    (GEMINI, "429", 429, ("status",), "RESOURCE_EXHAUSTED"),
    (GEMINI, "429-retry-7", 429, ("details", 0, "retryDelay"), "7s"),
    (GEMINI, "400-key", 400, ("details", 0, "reason"), "API_KEY_INVALID"),
    (GEMINI, "503", 503, ("status",), "UNAVAILABLE"),
]


@pytest.mark.parametrize(("wire", "word", "status", "steps", "said"), WORDINGS)
async def test_each_wire_words_a_refusal_in_its_own_way(
    wire: tuple[Provider, str, str],
    word: str,
    status: int,
    steps: Steps,
    said: Any,
    providers: ProviderCounterpart,
    http: httpx2.AsyncClient,
) -> None:
    provider, path, header = wire
    answer = await http.post(
        providers.base_url(provider) + path,
        json={
            "messages": [{"role": "user", "content": "Bonjour"}],
            "contents": [{"role": "user", "parts": [{"text": "Bonjour"}]}],
        },
        headers={header: word},
    )

    assert answer.status_code == status
    found = answer.json()["error"]
    for step in steps:
        found = found[step]
    assert found == said
    waits = word.endswith("-retry-7") and provider != "gemini"
    assert answer.headers.get("retry-after") == ("7" if waits else None)


@pytest.mark.parametrize(
    ("word", "begun", "lacks"),
    [
        ("hang", b"", b"HTTP"),
        ("hang-after-headers", b"\r\n\r\n", b"message_start"),
        ("stall", b"event: message_start", b"content_block"),
        ("drop", b"event: message_start", b"content_block"),
        ("ok", b"event: message_start", b"no such thing"),
    ],
)
async def test_a_broken_stream_stops_where_it_says(
    word: str,
    begun: bytes,
    lacks: bytes,
    providers: ProviderCounterpart,
    real_model: RealModel,
) -> None:
    body = b'{"stream": true, "messages": [{"role": "user", "content": "Bonjour"}]}'
    head = f"POST /v1/messages HTTP/1.1\r\nx-api-key: {word}\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", providers.port)
    writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)

    await providers.arrived()
    # Another is served meanwhile: this one had its time.
    await real_model("zai", "key-a").request(ASKED, ONCE, NOTHING)
    await providers.stop()
    sent = await reader.read()

    assert begun in sent
    assert lacks not in sent
    assert (b"event: message_stop" in sent) == (word == "ok")
    writer.close()
