"""The real SDKs talk to the counterpart of the providers over real sockets."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic_ai import Agent
from pydantic_ai.exceptions import ModelConnectionError, ModelRateLimitError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ThinkingPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings

from tests.counterparts.providers import (
    Answered,
    Asked,
    Called,
    Credit,
    Fault,
    Provider,
    ProviderCounterpart,
    Reply,
    Said,
    providers_in_a_thread,
    running_providers,
)
from tests.counterparts.providers.real_models import MODELS

ROOT = Path(__file__).parents[2]
ONCE = ModelSettings(max_retries=0)
RealModel = Callable[[Provider, str], Model]
every_provider = pytest.mark.parametrize("provider", MODELS)


def saying(text: str) -> list[ModelMessage]:
    return [ModelRequest(parts=[UserPromptPart(text)])]


async def say(model: Model, text: str = "Bonjour, quels horaires ?") -> ModelResponse:
    return await model.request(saying(text), ONCE, ModelRequestParameters())


def post(
    http: httpx2.AsyncClient, providers: ProviderCounterpart, **headers: str
) -> Awaitable[httpx2.Response]:
    """The smallest Anthropic request, by hand."""
    body = {"model": "m", "messages": [{"role": "user", "content": "Bonjour"}]}
    url = providers.base_url("anthropic") + "/v1/messages"
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return http.post(url, json=body, headers=named)


@every_provider
async def test_a_text_is_answered_and_counted(
    provider: Provider, providers: ProviderCounterpart, real_model: RealModel
) -> None:
    response = await say(real_model(provider, "key-a"))

    assert response.text == "Bonjour"
    assert response.finish_reason == "stop"
    usage = response.usage
    assert (usage.input_tokens, usage.cache_read_tokens) == (120, 20)
    assert usage.output_tokens == 15
    [asked] = providers.asked
    assert (asked.key, asked.status, asked.fault) == ("key-a", 200, "ok")
    assert asked.model == response.model_name
    assert asked.messages == (Said(by="user", text="Bonjour, quels horaires ?"),)


@every_provider
async def test_a_stream_says_the_same(
    provider: Provider, providers: ProviderCounterpart, real_model: RealModel
) -> None:
    model = real_model(provider, "key-a")
    pieces = 0
    asked = saying("Bonjour")
    async with model.request_stream(asked, ONCE, ModelRequestParameters()) as stream:
        async for _ in stream:
            pieces += 1

    response = stream.get()
    assert response.text == "Bonjour"
    assert (response.usage.input_tokens, response.usage.output_tokens) == (120, 15)
    assert pieces > 1
    assert providers.asked[0].streamed


@every_provider
async def test_a_tool_is_called_and_its_answer_comes_back(
    provider: Provider, providers: ProviderCounterpart, real_model: RealModel
) -> None:
    agent = Agent(
        real_model(provider, "key-a"),
        instructions="Soyez bref.",
        model_settings=ONCE,
    )

    @agent.tool_plain
    def consult_notes(child: str) -> str:
        """Marks of a child."""
        return f"{child} a 14."

    result = await agent.run('Ses notes ? !consult_notes {"child": "Agnès"}')

    assert result.output == "Agnès a 14."
    first, second = providers.asked
    assert first.system == "Soyez bref."
    assert first.tools["consult_notes"]["required"] == ["child"]
    assert first.descriptions == {"consult_notes": "Marks of a child."}
    said, called, answered = second.messages
    assert isinstance(said, Said)
    assert isinstance(called, Called)
    assert (called.name, called.arguments) == ("consult_notes", {"child": "Agnès"})
    assert answered == Answered(
        call_id=called.id, name="consult_notes", text="Agnès a 14."
    )


@every_provider
async def test_a_thought_arrives_with_its_text(
    provider: Provider, real_model: RealModel
) -> None:
    response = await say(real_model(provider, "thinking"))

    [thought] = [part for part in response.parts if isinstance(part, ThinkingPart)]
    assert thought.content == "Le parent salue."
    assert response.text == "Bonjour"


@pytest.mark.parametrize("provider", ["anthropic", "zai-anthropic", "openrouter"])
async def test_a_thought_is_signed(provider: Provider, real_model: RealModel) -> None:
    response = await say(real_model(provider, "thinking"))

    [thought] = [part for part in response.parts if isinstance(part, ThinkingPart)]
    assert thought.signature == "c2lnbmF0dXJl"


async def test_a_known_claude_is_streamed_unless_its_length_is_set(
    providers: ProviderCounterpart, real_model: RealModel
) -> None:
    """pydantic-ai streams behind the scenes what may be longer than 21 333 tokens."""
    short = ModelSettings(max_tokens=1000, max_retries=0)
    await say(real_model("anthropic", "key-a"))
    await say(real_model("zai-anthropic", "key-a"))
    claude = real_model("anthropic", "key-a")
    await claude.request(saying("Bonjour"), short, ModelRequestParameters())

    assert [one.streamed for one in providers.asked] == [True, False, False]


async def test_openrouter_bills_the_call(real_model: RealModel) -> None:
    response = await say(real_model("openrouter", "key-a"))

    assert response.provider_details
    assert response.provider_details["cost"] == 0.0012


async def test_openrouter_tells_what_a_key_has_left(
    providers: ProviderCounterpart, http: httpx2.AsyncClient
) -> None:
    providers.credits["key-a"] = Credit(limit=10, usage=9)
    providers.credits["manager"] = Credit(total_usage=48, is_management_key=True)

    async def get(what: str, key: str) -> httpx2.Response:
        url = f"{providers.base_url('openrouter')}/{what}"
        return await http.get(url, headers={"authorization": f"Bearer {key}"})

    data = (await get("key", "key-a")).json()["data"]
    assert (data["limit"], data["limit_remaining"], data["usage"]) == (10, 1, 9)
    assert (await get("credits", "key-a")).status_code == 403
    total = (await get("credits", "manager")).json()
    assert total == {"data": {"total_credits": 50.0, "total_usage": 48}}
    assert (await get("key", "401")).status_code == 401
    assert (await http.get(f"{providers.base_url('openrouter')}/key")).is_error
    assert providers.polled[:2] == [("key", "key-a"), ("credits", "key-a")]


async def test_a_script_may_wait_and_sees_the_whole_request(
    http: httpx2.AsyncClient,
) -> None:
    may_answer = asyncio.Event()

    async def script(asked: Asked) -> Reply:
        await may_answer.wait()
        return Reply(text=f"{asked.wire} {asked.last_text}")

    async with running_providers(script) as providers:
        model = MODELS["gemini"]("key-a", providers.base_url("gemini"), http)
        answer = asyncio.create_task(say(model, "Salut"))
        await providers.arrived()
        assert providers.asked[0].status == 0
        may_answer.set()
        assert (await answer).text == "gemini Salut"
        assert providers.asked[0].status == 200


async def test_a_fault_may_end_after_some_requests(
    providers: ProviderCounterpart, real_model: RealModel
) -> None:
    providers.faults["key-a"] = Fault("429-retry-7", times=2)
    model = real_model("zai", "key-a")

    for _ in range(2):
        with pytest.raises(ModelRateLimitError):
            await say(model)
    assert (await say(model)).text == "Bonjour"
    assert [one.status for one in providers.asked] == [429, 429, 200]
    assert [one.fault for one in providers.asked] == ["429-retry-7"] * 2 + ["ok"]


async def test_a_key_that_spells_a_fault_can_be_healed(
    providers: ProviderCounterpart, real_model: RealModel
) -> None:
    model = real_model("openai", "second:429")

    with pytest.raises(ModelRateLimitError):
        await say(model)
    providers.faults["second:429"] = Fault("ok")
    assert (await say(model)).text == "Bonjour"


@pytest.mark.parametrize("word", ["4029", "zai-9999", "slow-", "hangs", ""])
def test_a_fault_that_does_not_exist_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="no fault is called"):
        Fault(word)


async def test_both_ways_to_send_an_anthropic_key_are_understood(
    providers: ProviderCounterpart, http: httpx2.AsyncClient
) -> None:
    await post(http, providers, x_api_key="key-a")
    await post(http, providers, authorization="Bearer key-b")
    nobody = await post(http, providers)

    assert [one.key for one in providers.asked] == ["key-a", "key-b", ""]
    assert nobody.status_code == 401


async def test_what_is_no_route_and_what_is_no_request_is_refused(
    providers: ProviderCounterpart, http: httpx2.AsyncClient
) -> None:
    url = providers.base_url("openai")
    key = {"authorization": "Bearer key-a"}

    nowhere = await http.post(f"{url}/embeddings", json={}, headers=key)
    nothing = await http.post(f"{url}/chat/completions", content="{", headers=key)

    assert nowhere.status_code == 404
    assert nothing.status_code == 400
    assert nothing.json()["error"]["type"] == "invalid_request_error"


async def test_a_connection_is_kept(providers: ProviderCounterpart) -> None:
    body = b'{"messages": [{"role": "user", "content": "Bonjour"}]}'
    head = "POST /v1/messages HTTP/1.1\r\nx-api-key: key-a\r\n"
    request = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
    reader, writer = await asyncio.open_connection("127.0.0.1", providers.port)

    for _ in range(2):
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        size = int(answer.split(b"content-length: ")[1].split(b"\r\n")[0])
        assert b"Bonjour" in await reader.readexactly(size)
    writer.close()


async def test_who_was_left_waiting_is_let_go_when_it_stops(
    http: httpx2.AsyncClient,
) -> None:
    async with running_providers() as providers:
        model = MODELS["anthropic"]("hang", providers.base_url("anthropic"), http)
        waiting = asyncio.create_task(say(model))
        await providers.arrived()

    with pytest.raises(ModelConnectionError):
        await waiting


def anthropic_says(port: int, key: str) -> Any:
    answer = httpx2.post(
        f"http://127.0.0.1:{port}/anthropic/v1/messages",
        json={"model": "m", "messages": [{"role": "user", "content": "Bonjour"}]},
        headers={"x-api-key": key},
    )
    return answer.json()


def test_it_serves_a_test_that_blocks() -> None:
    with providers_in_a_thread() as providers:
        said = anthropic_says(providers.port, "key-a")
        refused = anthropic_says(providers.port, "529")

    assert said["content"] == [{"type": "text", "text": "Bonjour"}]
    assert refused["error"]["type"] == "overloaded_error"
    assert [one.status for one in providers.asked] == [200, 529]


def test_it_serves_alone_in_a_process() -> None:
    command = [sys.executable, "-m", "tests.counterparts.providers", "--port", "0"]
    alone = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert alone.stdout
    try:
        port = int(alone.stdout.readline())
        assert anthropic_says(port, "key-a")["stop_reason"] == "end_turn"
    finally:
        alone.terminate()
        alone.communicate()
