"""A case: what somebody writes, turn by turn, and what must be true afterwards."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from .folding import fold

ChannelName = Literal["whatsapp", "telegram", "web"]
Role = Literal["contact", "admin", "staff"]
OutageName = Literal["refused", "401", "429", "500", "html", "empty", "hang"]
ModeName = Literal["bot", "waiting", "human"]


def _one_or_several(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _empty_is_nothing(value: object) -> object:
    return {} if value in ("", None) else value


def _can_be_found(value: str) -> str:
    if not fold(value):
        raise ValueError("is blank: every reply contains it")
    return value


Said = Annotated[str, Field(min_length=1)]
Wanted = Annotated[str, BeforeValidator(_can_be_found)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expect(_Strict):
    """What must be true of one turn; what is None is not asked."""

    calls: tuple[str, ...] | None = None  # exactly these, in this order
    calls_include: tuple[str, ...] = ()
    says_any: Annotated[tuple[Wanted, ...], Field(min_length=1)] | None = None
    says_all: tuple[Wanted, ...] = ()
    never_says: tuple[Wanted, ...] = ()


class CaseTurn(_Strict):
    """What one person writes; several messages are a burst, answered once."""

    say: Annotated[
        tuple[Said, ...], Field(min_length=1), BeforeValidator(_one_or_several)
    ]
    sender: str | None = Field(default=None, alias="from", min_length=1)
    expect: Annotated[Expect, BeforeValidator(_empty_is_nothing)] = Expect()


class End(_Strict):
    """What must be true after the last turn; what is None is not asked."""

    verified: bool | None = None
    handoffs: Annotated[int, Field(ge=0)] | None = None
    pages: Annotated[int, Field(ge=0)] | None = None
    mode: ModeName | None = None


class Case(_Strict):
    """One conversation with what must be true during and after it."""

    id: str = Field(pattern=r"^\S+$")
    world: str = Field(min_length=1)
    channel: ChannelName = "whatsapp"
    # A stranger: a question about the documents needs nobody in particular.
    sender: str | None = Field(default=None, alias="from", min_length=1)
    role: Role = "contact"
    # What every provider outside the house does; without it none is configured.
    outage: OutageName | None = None
    turns: Annotated[tuple[CaseTurn, ...], Field(min_length=1)]
    end: Annotated[End, BeforeValidator(_empty_is_nothing)] = End()

    @model_validator(mode="after")
    def _has_a_sender(self) -> "Case":
        named = [turn.sender is not None for turn in self.turns]
        if self.sender is None and any(named) and not all(named):
            raise ValueError("some turns have no `from`, nor has the case")
        return self

    def sender_of(self, turn: CaseTurn) -> str:
        """Who writes this turn, as the platform would name them."""
        return as_sender(turn.sender or self.sender or STRANGER, channel=self.channel)

    def people_of_the_role(self) -> frozenset[str]:
        """The aliases whom `role` is about.

        The person of the case; where every turn names its own, all of them.
        """
        people = [self.sender] if self.sender else [turn.sender for turn in self.turns]
        return frozenset(
            as_alias(person or STRANGER, channel=self.channel) for person in people
        )


STRANGER = "+221700000000"


def as_sender(written: str, *, channel: str) -> str:
    """A sender as written in a case; a phone has its `+` even where it was left out."""
    return f"+{written}" if channel == "whatsapp" and written.isdecimal() else written


def as_alias(written: str, *, channel: str) -> str:
    """The alias a sender is known by: `whatsapp:+221…`, `telegram:7…`, `web:…`."""
    return f"{channel}:{as_sender(written, channel=channel)}"
