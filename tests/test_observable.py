"""One message can be followed through the whole house, and nobody is betrayed by it."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from channels.explain import explain
from channels.web.auth import hash_password
from main import House, web_app, working
from tests.agent.scripted import Script, call
from tests.counterparts.waha import WahaCounterpart, running_waha
from tests.whole_house import (
    called,
    on_whatsapp,
    settings_in,
    settled,
    whole_house,
    writes_on_whatsapp,
)

PARENT = "+221770000199"
SAID = "Je voudrais parler à Sœur Marie-Odile, mon code est QX-8812"
REPLY = "J'ai transmis votre demande à l'équipe."


@pytest.fixture
def waha() -> Generator[WahaCounterpart]:
    with running_waha() as counterpart:
        yield counterpart


@pytest.fixture
async def house(tmp_path: Path, waha: WahaCounterpart) -> AsyncGenerator[House]:
    handing_off = call("hand_off_to_human", reason=SAID, urgent=False)
    settings = settings_in(
        tmp_path, STAFF_CHAT="whatsapp:+221780000000", **on_whatsapp(waha.url)
    )
    model = Script(handing_off, REPLY).model
    async with whole_house(settings, model=model) as built:
        yield built


@pytest.fixture
async def http(house: House) -> AsyncGenerator[httpx.AsyncClient]:
    async with called(web_app(house)) as client:
        yield client


async def one_message(house: House, http: httpx.AsyncClient) -> None:
    async with working(house):
        await writes_on_whatsapp(http, SAID, by=PARENT)
        await settled(house.memory, 1)


async def test_one_correlation_id_leads_from_the_webhook_to_the_delivery(
    house: House, http: httpx.AsyncClient
) -> None:
    with capture_logs() as logged:
        await one_message(house, http)
    message = await house.memory.inbox.message(1)
    assert message

    story = [
        line["event"]
        for line in logged
        if line.get("correlation_id") == message.correlation_id
    ]
    # The card for staff is delivered as soon as it is asked for, the reply at last.
    assert story[0] == "message_received"
    assert sorted(story[1:]) == ["delivered", "delivered", "turn_finished"]


async def test_no_log_line_holds_what_was_said_or_by_whom(
    house: House, http: httpx.AsyncClient
) -> None:
    with capture_logs() as logged:
        await one_message(house, http)

    assert logged
    for private in ("Marie-Odile", "QX-8812", "221770000199", "transmis"):
        assert private not in str(logged)


async def test_the_log_of_an_answer_by_staff_does_not_name_them(
    house: House, http: httpx.AsyncClient, waha: WahaCounterpart
) -> None:
    await house.memory.staff.add("Perpétue", hash_password("tamarinier-7"))
    form = {"name": "Perpétue", "password": "tamarinier-7"}
    await one_message(house, http)

    with capture_logs() as logged:
        await http.post("/staff/sign-in", data=form)
        await http.post("/staff/handoffs/1/claim")
        await http.post("/staff/handoffs/1/reply", data={"text": "Me voici."})
        await house.delivery.run_until_idle()

    assert "Me voici." in [message["body"] for message in waha.sent]
    assert "delivered" in [line["event"] for line in logged]
    assert "Perpétue" not in str(logged)


async def test_the_life_of_a_message_can_be_explained(
    house: House, http: httpx.AsyncClient
) -> None:
    await one_message(house, http)

    text = "\n".join(await explain(house.memory, 1) or ())

    steps = ("received", "turn ", "provider", "tool ", "decided", "reply", "delivered")
    places = [text.index(step) for step in steps]
    assert places == sorted(places)
    assert "hand_off_to_human(reason: 59 characters, urgent=False) → ok" in text
    assert "scripted, 2 model call(s)" in text
    for private in ("Marie-Odile", "QX-8812", "221770000199", "transmis"):
        assert private not in text


async def test_what_happened_is_counted(house: House, http: httpx.AsyncClient) -> None:
    await one_message(house, http)

    counted = (await http.get("/metrics")).text

    labels = 'channel="whatsapp",outcome="answered",service="CONTACT_HUMAIN"'
    assert f"messages_processed_total{{{labels}}} 1.0" in counted
    assert 'provider_requests_total{outcome="ok",provider="scripted"} 2.0' in counted
    assert "turns_in_progress 0.0" in counted
    # The card for the staff is delivered too; it answers nobody.
    sent = [line for line in counted.splitlines() if "seconds_count" in line]
    assert sent[0].startswith("response_duration_seconds_count ")
    for private in ("Marie-Odile", "QX-8812", "221770000199"):
        assert private not in counted


def put_a_folder_in_its_place(folder: Path) -> None:
    for file in folder.glob("gust.db*"):
        file.unlink()
    (folder / "gust.db").mkdir()


async def test_health_and_readiness_are_for_anyone(
    house: House, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    ready = await http.get("/ready")
    assert ready.json() == {"status": "ready", "checks": {"database": "ok"}}

    await house.memory.database.close()
    put_a_folder_in_its_place(tmp_path)

    away = await http.get("/ready")
    assert away.status_code == 503
    assert away.json() == {"status": "not ready", "checks": {"database": "away"}}
    assert (await http.get("/health")).json() == {"status": "ok"}


async def test_metrics_want_the_token_when_there_is_one(
    tmp_path: Path,
) -> None:
    settings = settings_in(tmp_path, METRICS_TOKEN="t0ken")
    async with (
        whole_house(settings, model=Script().model) as house,
        called(web_app(house)) as http,
    ):
        assert (await http.get("/metrics")).status_code == 401
        shown = {"authorization": "Bearer t0ken"}
        assert (await http.get("/metrics", headers=shown)).status_code == 200


async def test_the_card_for_staff_holds_nothing_that_was_said(
    house: House, http: httpx.AsyncClient, waha: WahaCounterpart
) -> None:
    async with working(house):
        await writes_on_whatsapp(http, SAID, by=PARENT)
        await settled(house.memory, 1)
    await house.delivery.run_until_idle()

    [card] = [m["body"] for m in waha.sent if m["to"].startswith("221780000000")]
    for private in ("Marie-Odile", "QX-8812", "221770000199"):
        assert private not in card
    assert "http://gust.test/staff/handoffs" in card
