from collections.abc import AsyncGenerator, Generator

import httpx
import pytest

from channels.channel import Configured
from channels.errors import (
    ClosedDoor,
    DeliveryRefused,
    DeliveryUnavailable,
    DeliveryUnknown,
    ForgedCall,
    NotUnderstood,
)
from channels.waha import Waha
from tests.channels.recorded import SECRET, as_body, outgoing, payload, signed
from tests.counterparts.waha import (
    API_KEY,
    Fault,
    WahaCounterpart,
    as_message,
    problems,
    running_waha,
    schema_of,
)

PARENT = "221770000001@c.us"


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
def server() -> Generator[WahaCounterpart]:
    with running_waha() as counterpart:
        yield counterpart


@pytest.fixture
def waha(http: httpx.AsyncClient, server: WahaCounterpart) -> Waha:
    return Waha(http, base_url=server.url, api_key=API_KEY, secret=SECRET)


class TestUnderstanding:
    def test_a_signed_call_is_understood(self, waha: Waha) -> None:
        body = as_body(payload("waha_message_gows_2025_11"))

        assert [message.text for message in waha.understand(body, signed(body))] == [
            "Oi"
        ]

    def test_the_signature_is_that_of_wahas_documentation(
        self, http: httpx.AsyncClient
    ) -> None:
        vector = payload("waha_hmac_vector")
        waha = Waha(http, base_url="http://w", api_key="", secret=vector["key"])
        headers = {"x-webhook-hmac": vector["X-Webhook-Hmac"]}

        assert list(waha.understand(vector["body"].encode(), headers)) == []
        with pytest.raises(ForgedCall):
            waha.understand(vector["body"].encode() + b" ", headers)

    @pytest.mark.parametrize("shown", ["", "00", "é", None])
    def test_a_forged_call_is_refused(self, waha: Waha, shown: str | None) -> None:
        body = as_body(payload("waha_message_gows_2025_11"))
        headers = {} if shown is None else {"x-webhook-hmac": shown}

        with pytest.raises(ForgedCall):
            waha.understand(body, headers)

    def test_a_signature_of_another_body_is_forged(self, waha: Waha) -> None:
        with pytest.raises(ForgedCall):
            waha.understand(b'{"event": "message"}', signed(b"{}"))

    def test_without_a_secret_nothing_comes_in(self, http: httpx.AsyncClient) -> None:
        waha = Waha(http, base_url="http://w", api_key="", secret="")

        with pytest.raises(ClosedDoor):
            waha.understand(b"{}", signed(b"{}", secret=""))

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000, b"null"]
    )
    def test_what_is_no_json_object_is_not_understood(
        self, waha: Waha, body: bytes
    ) -> None:
        with pytest.raises(NotUnderstood):
            waha.understand(body, signed(body))

    def test_an_unknown_event_is_nothing(self, waha: Waha) -> None:
        body = as_body({"event": "moon.rises", "payload": 7})

        assert list(waha.understand(body, signed(body))) == []


class TestSending:
    async def test_a_reply_is_sent_under_the_id_it_was_given(
        self, waha: Waha, server: WahaCounterpart
    ) -> None:
        platform_id = await waha.new_platform_id()

        reply = outgoing("**Oui**", address=PARENT, platform_id=platform_id)
        sent_as = await waha.deliver(reply)

        assert sent_as == platform_id
        assert [one["body"] for one in server.sent] == ["*Oui*"]
        assert server.sent[0]["id"] == f"true_{PARENT}_{platform_id}"

    async def test_an_older_waha_gives_no_ids_and_is_served_all_the_same(
        self, waha: Waha, server: WahaCounterpart
    ) -> None:
        server.gives_ids = False

        assert await waha.new_platform_id() is None
        sent_as = await waha.deliver(outgoing("Oui", address=PARENT))

        assert server.sent[0]["id"] == f"true_{PARENT}_{sent_as}"

    async def test_waha_tells_whether_it_has_a_message(self, waha: Waha) -> None:
        platform_id = await waha.new_platform_id()
        reply = outgoing("Oui", address="217@lid", platform_id=platform_id)

        assert await waha.was_delivered(reply) is False
        await waha.deliver(reply)
        assert await waha.was_delivered(reply) is True

    async def test_staff_may_be_named_by_their_phone(
        self, waha: Waha, server: WahaCounterpart
    ) -> None:
        card = outgoing("Demande", address="+221770000001", platform_id="3EB0AA")

        await waha.deliver(card)

        assert server.sent[0]["to"] == PARENT
        assert await waha.was_delivered(card) is True

    async def test_without_an_id_nobody_can_tell(self, waha: Waha) -> None:
        assert await waha.was_delivered(outgoing("Oui", address=PARENT)) is None

    async def test_before_it_writes_it_has_read(
        self, waha: Waha, server: WahaCounterpart
    ) -> None:
        await waha.show_typing(PARENT)

        assert [(call.path, call.body) for call in server.calls] == [
            ("/api/sendSeen", {"session": "default", "chatId": PARENT}),
            ("/api/startTyping", {"session": "default", "chatId": PARENT}),
        ]

    async def test_a_typing_sign_that_fails_does_not_matter(
        self, http: httpx.AsyncClient
    ) -> None:
        away = Waha(http, base_url="http://127.0.0.1:1", api_key=API_KEY)

        await away.show_typing(PARENT)

    @pytest.mark.parametrize("status", [400, 403, 422])
    async def test_what_waha_will_never_send_is_refused(
        self, waha: Waha, server: WahaCounterpart, status: int
    ) -> None:
        server.faults.append(Fault(status))

        with pytest.raises(DeliveryRefused):
            await waha.deliver(outgoing("Oui", address=PARENT))

    @pytest.mark.parametrize(
        "fault",
        [
            Fault(429),
            Fault(503),
            Fault(408),
            Fault(404),  # the session is not known
            Fault(422, body={"status": "SCAN_QR_CODE", "expected": ["WORKING"]}),
        ],
    )
    async def test_what_waha_cannot_send_now_is_sent_later(
        self, waha: Waha, server: WahaCounterpart, fault: Fault
    ) -> None:
        server.faults.append(fault)

        with pytest.raises(DeliveryUnavailable) as absence:
            await waha.deliver(outgoing("Oui", address=PARENT))
        assert absence.value.retry_after_s > 0

    @pytest.mark.parametrize("fault", [Fault(500, keep=True), Fault(0, keep=True)])
    async def test_a_broken_answer_leaves_it_unknown(
        self, waha: Waha, server: WahaCounterpart, fault: Fault
    ) -> None:
        server.faults.append(fault)
        reply = outgoing("Oui", address=PARENT, platform_id="3EB0AA")

        with pytest.raises(DeliveryUnknown):
            await waha.deliver(reply)
        assert await waha.was_delivered(reply) is True

    async def test_nobody_at_the_address_means_that_nothing_was_sent(
        self, http: httpx.AsyncClient
    ) -> None:
        away = Waha(http, base_url="http://127.0.0.1:1", api_key=API_KEY)
        reply = outgoing("Oui", address=PARENT, platform_id="3EB0AA")

        for call in (away.deliver(reply), away.was_delivered(reply)):
            with pytest.raises(DeliveryUnavailable):
                await call
        with pytest.raises(DeliveryUnavailable):
            await away.new_platform_id()

    async def test_a_wrong_key_is_no_verdict_on_the_message(
        self, http: httpx.AsyncClient, server: WahaCounterpart
    ) -> None:
        stranger = Waha(http, base_url=server.url, api_key="wrong")

        with pytest.raises(DeliveryUnavailable):
            await stranger.deliver(outgoing("Oui", address=PARENT))


class Says(httpx.AsyncBaseTransport):
    """A WAHA that has one answer to everything."""

    def __init__(self, status: int, body: str) -> None:
        self.status, self.body = status, body

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(self.status, text=self.body)


class TestOtherWahas:
    def saying(self, status: int, body: str) -> Waha:
        http = httpx.AsyncClient(transport=Says(status, body))
        return Waha(http, base_url="http://waha/sub/", api_key="")

    @pytest.mark.parametrize(
        ("status", "body", "known"),
        [
            (200, '{"id": "true_221@c.us_3EB0AA"}', True),
            (200, "null", False),
            (200, "", False),
            (404, "{}", False),
            (400, '{"message": "Enable the store"}', None),
        ],
    )
    async def test_engines_say_differently_that_they_have_nothing(
        self, status: int, body: str, known: bool | None
    ) -> None:
        reply = outgoing("Oui", address=PARENT, platform_id="3EB0AA")

        assert await self.saying(status, body).was_delivered(reply) is known

    @pytest.mark.parametrize("status", [401, 429, 500, 502, 503])
    async def test_a_waha_in_trouble_does_not_say_that_nothing_was_sent(
        self, status: int
    ) -> None:
        reply = outgoing("Oui", address=PARENT, platform_id="true_221@c.us_3EB0AA")

        with pytest.raises(DeliveryUnavailable):
            await self.saying(status, "").was_delivered(reply)

    @pytest.mark.parametrize(
        ("body", "sent_as"),
        [
            ('{"id": "true_221770000001@c.us_BBBB"}', "BBBB"),
            ('{"id": {"_serialized": "true_221@c.us_BBBB"}}', "3EB0AA"),
            ("", "3EB0AA"),
        ],
    )
    async def test_a_message_keeps_the_id_that_waha_says_it_has(
        self, body: str, sent_as: str
    ) -> None:
        reply = outgoing("Oui", address=PARENT, platform_id="3EB0AA")

        assert await self.saying(201, body).deliver(reply) == sent_as

    @pytest.mark.parametrize("status", [404, 405, 422, 500, 501])
    async def test_an_engine_without_ids_is_no_outage(self, status: int) -> None:
        assert await self.saying(status, "{}").new_platform_id() is None


class TestOpening:
    async def test_it_opens_when_its_address_is_set(
        self, http: httpx.AsyncClient, server: WahaCounterpart
    ) -> None:
        opened = Waha.open(
            Configured(
                environment={
                    "WAHA_BASE_URL": f"{server.url}/",
                    "WAHA_API_KEY": API_KEY,
                    "WAHA_SESSION": "paroisse",
                },
                http=http,
            )
        )

        assert opened is not None
        await opened.deliver(outgoing("Oui", address=PARENT))
        body = server.calls[0].body or {}
        assert body["session"] == "paroisse"

    async def test_it_stays_shut_otherwise(self, http: httpx.AsyncClient) -> None:
        assert Waha.open(Configured(environment={}, http=http)) is None

    @pytest.mark.parametrize("address", ["waha:3000", "http://", "http://w:port"])
    async def test_a_wrong_address_is_named(
        self, http: httpx.AsyncClient, address: str
    ) -> None:
        given = Configured(environment={"WAHA_BASE_URL": address}, http=http)

        with pytest.raises(ValueError, match="WAHA_BASE_URL: expected"):
            Waha.open(given)


class TestTheCounterpart:
    def test_it_knows_what_the_openapi_does_not_allow(self) -> None:
        schema = schema_of("POST", "/api/sendText")

        assert problems({"chatId": PARENT, "text": "Oui"}, schema)
        assert problems({"session": "s", "chatId": 7, "text": "Oui"}, schema)
        assert not problems({"session": "s", "chatId": PARENT, "text": "Oui"}, schema)

    def test_what_it_says_is_what_waha_would_say(self) -> None:
        message = as_message({"chatId": PARENT, "text": "Oui"}, "3EB0AA")

        assert problems(message, schema_of("POST", "/api/sendText", answer="201")) == []
