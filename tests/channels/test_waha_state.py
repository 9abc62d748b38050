"""What `main.py check` says of WAHA, against WAHA's own OpenAPI."""

from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx
import pytest

from channels.waha import Waha
from tests.channels.recorded import SECRET
from tests.counterparts.waha import (
    API_KEY,
    VERSION,
    WahaCounterpart,
    as_session,
    problems,
    running_waha,
    schema_of,
)

OURS = "http://gust:8000/api/v1/webhook"
ELSEWHERE = "https://other.example/hook?key=hunter2"


def webhook(url: str, **more: Any) -> dict[str, Any]:
    return {"url": url, "events": [], "hmac": {"key": SECRET}, **more}


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
def server() -> Generator[WahaCounterpart]:
    with running_waha() as counterpart:
        yield counterpart


async def told(http: httpx.AsyncClient, url: str, **changes: str) -> tuple[bool, str]:
    """Whether it is well, and the line that says so."""
    known: dict[str, Any] = {"base_url": url, "api_key": API_KEY, "secret": SECRET}
    known.update(changes)
    state = await Waha(http, **known).state(public_url="https://g.org")
    assert "\n" not in state.detail
    return state.is_well, state.detail


async def test_a_working_session_that_calls_us_is_well(
    http: httpx.AsyncClient, server: WahaCounterpart
) -> None:
    server.webhooks = [webhook(ELSEWHERE), webhook(OURS)]

    assert await told(http, server.url) == (
        True,
        'WAHA 2026.7.1 (GOWS); session "default" is WORKING',
    )


async def test_a_session_without_webhooks_may_have_a_global_one(
    http: httpx.AsyncClient, server: WahaCounterpart
) -> None:
    is_well, detail = await told(http, server.url)

    assert is_well
    assert "a global one is not seen here" in detail


@pytest.mark.parametrize(
    ("status", "cure"),
    [
        ("SCAN_QR_CODE", "scan its QR code"),
        ("STARTING", "wait"),
        ("STOPPED", "start it"),
        ("FAILED", "start it"),
        ("PASSKEY_REQUIRED", "passkey"),
    ],
)
async def test_a_session_that_does_not_work_is_told_with_the_cure(
    http: httpx.AsyncClient, server: WahaCounterpart, status: str, cure: str
) -> None:
    server.status = status

    is_well, detail = await told(http, server.url)

    assert not is_well
    assert f"is {status}, not WORKING: " in detail
    assert cure in detail


async def test_a_webhook_elsewhere_is_told_without_its_secrets(
    http: httpx.AsyncClient, server: WahaCounterpart
) -> None:
    server.webhooks = [webhook(ELSEWHERE)]

    is_well, detail = await told(http, server.url)

    assert not is_well
    assert "points elsewhere (https://other.example)" in detail
    assert "hunter2" not in detail


@pytest.mark.parametrize("hmac", [None, {}])
async def test_a_webhook_that_signs_nothing_would_be_refused(
    http: httpx.AsyncClient, server: WahaCounterpart, hmac: object
) -> None:
    server.webhooks = [webhook(OURS, hmac=hmac)]

    is_well, detail = await told(http, server.url)

    assert not is_well
    assert "hmac.key" in detail


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"api_key": "wrong-hunter2"}, "correct WAHA_API_KEY"),
        ({"session": "paroisse"}, 'no session "paroisse"'),
        ({"secret": ""}, "WAHA_WEBHOOK_SECRET is not set"),
        ({"base_url": "http://me:hunter2@127.0.0.1:1/x"}, "http://127.0.0.1:1: start"),
    ],
)
async def test_what_is_wrong_with_our_settings_is_named(
    http: httpx.AsyncClient,
    server: WahaCounterpart,
    changes: dict[str, str],
    expected: str,
) -> None:
    is_well, detail = await told(http, server.url, **changes)

    assert not is_well
    assert expected in detail
    assert "hunter2" not in detail


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, "<html>hello</html>", "is no WAHA"),
        (200, "{}", "is no WAHA"),
        (404, "{}", "is no WAHA (HTTP 404)"),
        (301, "", "is no WAHA (HTTP 301)"),
        (403, "", "WAHA_API_KEY"),
    ],
)
async def test_something_else_at_the_address_is_told(
    status: int, body: str, expected: str
) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, text=body))
    async with httpx.AsyncClient(transport=transport) as http:
        is_well, detail = await told(http, "http://waha:3000")

    assert not is_well
    assert expected in detail


async def test_a_session_that_waha_cannot_tell_of_is_told() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        is_version = request.url.path.endswith("version")
        return httpx.Response(200, json=VERSION) if is_version else httpx.Response(500)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        assert await told(http, "http://waha:3000") == (
            False,
            "WAHA does not tell of its session (HTTP 500)",
        )


def test_what_the_counterpart_says_is_what_waha_would_say() -> None:
    version = schema_of("GET", "/api/server/version", answer="200")
    session = schema_of("GET", "/api/sessions/{session}", answer="200")

    assert problems(VERSION, version) == []
    assert problems(as_session("SCAN_QR_CODE", [webhook(OURS)]), session) == []
    assert problems(as_session("ASLEEP", []), session)
