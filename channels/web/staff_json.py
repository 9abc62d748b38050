"""The staff inbox for scripts."""

from memory.records import Handoff

from .staff_desk import OpenCase, Parked, Said

Json = dict[str, object]


def handoff_as_json(handoff: Handoff) -> Json:
    """A handoff and how it stands."""
    return {
        "id": handoff.id,
        "state": handoff.state,
        "urgent": handoff.urgent,
        "reason": handoff.reason,
        "requested_at": handoff.requested_at.isoformat(),
        "claimed_by": handoff.claimed_by,
    }


def case_as_json(case: OpenCase) -> Json:
    """A line of the list."""
    return {
        **handoff_as_json(case.handoff),
        "channel": case.person.channel,
        "contact": case.person.name,
        "last_words": case.last_words,
    }


def said_as_json(said: Said) -> Json:
    """One thing in a transcript."""
    return {
        "by": said.by,
        "name": said.name,
        "text": said.text,
        "at": said.at.isoformat(),
        "note": said.note,
    }


def parked_as_json(parked: Parked) -> Json:
    """Something that stopped."""
    return {
        "id": parked.id,
        "contact": parked.person.name,
        "channel": parked.person.channel,
        "text": parked.text,
        "at": parked.at.isoformat(),
    }
