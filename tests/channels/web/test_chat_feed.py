"""What the web chat shows, in which order, and what it never shows."""

import json
from collections.abc import Sequence
from datetime import timedelta

from channels.web.chat_events import Event
from channels.web.chat_feed import ChatFeed
from memory.records import Mode, ParentIdentity, ToolCall, ToolOutcome
from tests.conftest import Clock

from .site import BABACAR, NDEYE, Site


def feed(site: Site, last_event_id: str | None = None) -> ChatFeed:
    return ChatFeed(
        site.memory, NDEYE, now=site.now, epoch="e1", last_event_id=last_event_id
    )


def kinds(events: Sequence[Event]) -> list[str]:
    return [event.kind for event in events]


def the(kind: str, events: Sequence[Event]) -> dict[str, object]:
    [event] = [event for event in events if event.kind == kind]
    return dict(event.values)


async def test_before_the_first_word_there_is_only_the_state(site: Site) -> None:
    first = feed(site)

    assert kinds(await first.look()) == ["state"]
    assert await first.look() == ()


async def test_what_was_said_and_done_comes_in_its_order(
    site: Site, clock: Clock
) -> None:
    hello = await site.wrote("Bonjour")
    clock.forward(seconds=2)
    await site.answered(hello, "Bonjour !")
    clock.forward(seconds=1)
    await site.delivered()
    clock.forward(seconds=1)
    await site.wrote("Les horaires ?")

    events = await feed(site).look()

    shown = [kind for kind in kinds(events) if kind not in ("state", "typing")]
    assert shown == ["message", "turn", "reply", "message"]


async def test_a_reply_is_shown_once_it_was_sent(site: Site) -> None:
    await site.answered(await site.wrote("Bonjour"), "Bonjour !")
    reader = feed(site)
    before = await reader.look()
    await site.delivered()

    after = await reader.look()

    assert "reply" not in kinds(before)
    assert the("reply", after)["text"] == "Bonjour !"


async def test_a_reply_that_could_not_be_delivered_is_never_shown(site: Site) -> None:
    await site.answered(await site.wrote("Bonjour"), "Bonjour !")
    outgoing = await site.memory.outbox.lease()
    assert outgoing
    await site.memory.outbox.park(outgoing.id, "refused")

    events = await feed(site).look()

    assert "reply" not in kinds(events)
    assert the("typing", events) == {"on": False}


async def test_a_reader_who_comes_back_goes_on_where_they_were(site: Site) -> None:
    hello = await site.wrote("Bonjour")
    seen = [event.id for event in await feed(site).look() if event.id]
    await site.answered(hello, "Bonjour !")
    await site.delivered()

    back = feed(site, last_event_id=seen[-1])

    assert not back.begins_anew
    assert {"turn", "reply"} <= set(kinds(await back.look()))
    assert "message" not in kinds(await feed(site, last_event_id=seen[-1]).look())


async def test_after_a_restart_a_reader_begins_anew(site: Site) -> None:
    await site.wrote("Bonjour")

    for stale in (None, "", "e0.9.9.9", "e1.9", "e1.a.b.c", "e1.-1.0.0"):
        again = feed(site, last_event_id=stale)
        assert again.begins_anew
        assert "message" in kinds(await again.look())


async def test_nobody_sees_the_conversation_of_another(site: Site) -> None:
    await site.answered(await site.wrote("Bonjour", by=BABACAR), "Bonjour !")
    await site.delivered()

    assert kinds(await feed(site).look()) == ["state"]


async def test_the_day_before_yesterday_is_not_replayed(
    site: Site, clock: Clock
) -> None:
    await site.wrote("Bonjour")
    clock.forward(days=2)

    assert "message" not in kinds(await feed(site).look())


async def test_a_turn_tells_its_tools_but_never_a_code(
    site: Site, clock: Clock
) -> None:
    message = await site.wrote("c'est ZX-1234")
    call = ToolCall(
        name="verify_parent_code",
        arguments={"code": "ZX-1234", "Parent_Code": "ZX-1234", "strict": True},
        outcome=ToolOutcome.REFUSED,
        duration_ms=14,
    )
    await site.answered(message, "Merci.", tools=[call])

    turn = the("turn", await feed(site).look())

    assert turn["tools"] == [
        {
            "name": "verify_parent_code",
            "arguments": {"code": "••••", "Parent_Code": "••••", "strict": True},
            "outcome": "refused",
            "duration_ms": 14,
        }
    ]
    assert turn["provider"] == "offline"
    assert turn["model_calls"] == 1
    assert turn["service"] == "RENSEIGNEMENT"
    assert turn["duration_ms"] == 0


async def test_the_state_says_who_was_verified_and_until_when(
    site: Site, clock: Clock
) -> None:
    contact = (await site.conversation(await site.wrote("ZX-1234"))).contact_id
    parent = ParentIdentity(profile="parent", code="ZX-1234", name="Ndèye")
    await site.memory.sessions.prove(contact, parent)
    reader = feed(site)

    proved = the("state", await reader.look())
    clock.forward(hours=2)
    over = the("state", await reader.look())

    assert proved["parent"] == "Ndèye"
    assert proved["until"] == (clock.now - timedelta(hours=1, minutes=30)).isoformat()
    assert over["parent"] is None
    assert "ZX-1234" not in json.dumps(proved)


async def test_the_state_says_who_answers(site: Site) -> None:
    handoff = await site.asked_for_human(await site.wrote("un humain"))
    reader = feed(site)
    waiting = the("state", await reader.look())
    await site.memory.handoffs.claim(handoff.id, staff="Aïda")

    held = the("state", await reader.look())

    assert (waiting["mode"], waiting["held_by"]) == (Mode.WAITING, None)
    assert (held["mode"], held["held_by"]) == (Mode.HUMAN, "Aïda")


async def test_nobody_holds_the_conversation_of_another(site: Site) -> None:
    other = await site.asked_for_human(await site.wrote("un humain", by=BABACAR))
    mine = await site.asked_for_human(await site.wrote("un humain"))
    await site.memory.handoffs.claim(other.id, staff="Modou")
    await site.memory.handoffs.claim(mine.id, staff="Aïda")

    assert the("state", await feed(site).look())["held_by"] == "Aïda"


async def test_a_persons_answer_carries_their_name(site: Site) -> None:
    message = await site.wrote("un humain")
    handoff = await site.asked_for_human(message)
    await site.memory.staff.add("Modou", "-")
    await site.memory.staff.add("Aïda", "-")
    aida = await site.memory.staff.by_name("Aïda")
    assert aida
    await site.memory.handoffs.claim(handoff.id, staff=aida.name)
    await site.memory.turns.answer_as_human(
        await site.conversation(message), staff_id=aida.id, text="Me voici.", key="k"
    )
    await site.delivered()

    assert the("reply", await feed(site).look())["staff"] == "Aïda"


async def test_an_answer_of_somebody_unknown_is_still_a_persons(site: Site) -> None:
    message = await site.wrote("un humain")
    await site.memory.turns.answer_as_human(
        await site.conversation(message), staff_id=77, text="Me voici.", key="k"
    )
    await site.delivered()

    assert the("reply", await feed(site).look())["staff"] == "L'équipe"


async def test_somebody_writes_until_the_reply_is_sent(site: Site) -> None:
    message = await site.wrote("Bonjour")
    reader = feed(site)
    thinking = the("typing", await reader.look())
    await site.answered(message, "Bonjour !")
    sending = kinds(await reader.look())
    await site.delivered()

    assert thinking == {"on": True}
    assert "typing" not in sending  # still the same
    assert the("typing", await reader.look()) == {"on": False}


async def test_a_held_conversation_does_not_pretend_to_write(site: Site) -> None:
    handoff = await site.asked_for_human(await site.wrote("un humain"))
    await site.memory.handoffs.claim(handoff.id, staff="Aïda")
    await site.wrote("Vous êtes là ?")

    assert the("typing", await feed(site).look()) == {"on": False}


def test_an_event_stays_one_event_whatever_was_written() -> None:
    event = Event(
        kind="message", values={"text": "a\n\nevent: state\ndata: {}"}, id="1"
    )

    lines = event.encode().removesuffix("\n\n").split("\n")

    assert [line.partition(":")[0] for line in lines] == ["id", "event", "data"]
