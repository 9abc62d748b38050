"""What machines ask: health, readiness, metrics."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry, Counter

from channels.web.health import Health

from .site import Site


async def fine() -> None: ...


async def broken() -> None:
    raise ConnectionError("password=ZX-1234")


async def test_a_living_process_says_so(site: Site) -> None:
    answer = await site.browser().get("/health")

    assert answer.json() == {"status": "ok"}


async def test_ready_names_each_dependency(site: Site) -> None:
    answer = await site.browser(checks={"database": fine, "redis": fine}).get("/ready")

    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": "ok", "redis": "ok"}


async def test_one_dependency_away_is_not_ready_and_why_stays_inside(
    site: Site,
) -> None:
    answer = await site.browser(checks={"database": broken, "redis": fine}).get(
        "/ready"
    )

    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "away", "redis": "ok"}
    assert "ZX-1234" not in answer.text


async def test_redis_away_is_shown_and_not_needed(site: Site) -> None:
    answer = await site.browser(checks={"database": fine, "redis": broken}).get(
        "/ready"
    )

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "checks": {"database": "ok", "redis": "away"},
    }


async def test_a_dependency_that_never_answers_is_away(site: Site) -> None:
    async def silent() -> None:
        await asyncio.Event().wait()

    health = Health(site.parts(checks={"database": silent}), patience_s=0.01)

    assert (await health.is_ready()).status_code == 503


@pytest.fixture
def registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    Counter("messages_processed_total", "…", registry=registry).inc()
    return registry


async def test_metrics_ask_for_their_token(
    site: Site, registry: CollectorRegistry
) -> None:
    browser = site.browser(registry=registry, metrics_token="let-me-count")

    right = await browser.get(
        "/metrics", headers={"authorization": "Bearer let-me-count"}
    )
    wrong = await browser.get("/metrics", headers={b"authorization": b"Bearer \xe9"})
    none = await browser.get("/metrics")

    assert "messages_processed_total 1.0" in right.text
    assert right.headers["content-type"].startswith("text/plain")
    assert wrong.status_code == none.status_code == 401
    assert "messages_processed" not in wrong.text + none.text


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, 403),
        ("127.0.0.1", {"forwarded": "for=192.0.2.7"}, 403),
    ],
)
async def test_without_a_token_only_this_machine_reads_metrics(
    site: Site, host: str, headers: dict[str, str], status: int
) -> None:
    answer = await site.browser(host=host).get("/metrics", headers=headers)

    assert answer.status_code == status
