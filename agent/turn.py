"""One turn: recall, run, guard. It writes nothing but what its tools write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from memory.records import (
    Conversation,
    Message,
    NewTurn,
    Service,
    Session,
    ToolOutcome,
    Turn,
)
from tools.code_shapes import CodeShape
from tools.context import Desk, ToolContext

from .concierge import Answer, Concierge
from .errands import errand_of
from .errors import NoReply
from .history import MAX_TURNS, begin_of, of_this_session, to_model_messages
from .language import Language, language_of
from .promises import check_promises
from .providers import BUILT_IN
from .reserved_words import ReservedWord, reserved_word
from .splitting import split_reply
from .texts import in_language

LOOK_BACK = timedelta(hours=24)  # no session is older than this
_SERVICE_ORDER = tuple(Service)  # the highest that a tool of the turn belongs to wins


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Whether models outside the house may serve, and what must not reach them."""

    serves: bool = False  # otherwise the built-in model is all there is
    is_told: bool = False  # not trusted: personal values are covered
    code_shapes: Sequence[CodeShape] = ()


NOTHING_OUTSIDE = Outside()


@dataclass(frozen=True, kw_only=True)
class TurnRoom:
    """What every turn of this process shares."""

    desk: Desk
    concierge: Concierge
    timeout_s: float
    language: Language = "fr"  # of a reply when the message does not tell
    outside: Outside = NOTHING_OUTSIDE


async def take_turn(
    room: TurnRoom, conversation: Conversation, messages: Sequence[Message]
) -> NewTurn:
    """The reply to the waiting messages of one conversation, ready to be kept.

    Raises:
        NoReply, TooSlow: there is no reply to send.
        Unkept: the database is away.
    """
    started_at = room.desk.now()
    context = await _recall(room, conversation, messages)
    question = "\n".join(message.text for message in messages)
    # The last word of a burst counts: who says "stop" after a question means it.
    word = reserved_word(messages[-1].text, context)
    if word:
        turn = await _obey(word, room.desk, context, messages)
        return replace(turn, started_at=started_at)
    past = await _past(room.desk, context, messages)
    async with errand_of(
        context,
        time_s=room.timeout_s,
        leaves_house=room.outside.is_told,
        shapes=room.outside.code_shapes,
    ):
        answer = await room.concierge.answer(
            question,
            context=context,
            past=to_model_messages(past),
            timeout_s=room.timeout_s,
        )
    earlier = [reply for turn in past for reply in turn.replies]
    turn = await _guarded(context, answer, messages, earlier)
    if room.outside.serves and _is_newly_reduced(turn, past):
        turn = replace(turn, replies=_saying_so(turn.replies, context))
    return replace(turn, started_at=started_at)


def _is_newly_reduced(turn: NewTurn, past: Sequence[Turn]) -> bool:
    """Whether the built-in model stands in, and did not say so just before."""
    before = [earlier.provider for earlier in past if earlier.provider != "human"]
    return turn.provider == BUILT_IN and before[-1:] != [BUILT_IN]


def _saying_so(replies: Sequence[str], context: ToolContext) -> tuple[str, ...]:
    said = "\n\n".join((replies[-1], in_language(context.language).reduced))
    return (*replies[:-1], *split_reply(said))


async def _recall(
    room: TurnRoom, conversation: Conversation, messages: Sequence[Message]
) -> ToolContext:
    desk, memory = room.desk, room.desk.memory
    session = await memory.sessions.touch(conversation.contact_id)
    heard = await _heard(desk, session, conversation.id)
    return ToolContext(
        desk=desk,
        contact=await memory.inbox.contact(conversation.contact_id),
        conversation=conversation,
        session=session,
        said=tuple(message.text for message in heard),
        turn_key=messages[0].key,
        correlation_id=messages[0].correlation_id,
        language=language_of(
            "\n".join(message.text for message in messages), otherwise=room.language
        ),
    )


async def _heard(
    desk: Desk, session: Session, conversation_id: int
) -> Sequence[Message]:
    """What the contact wrote in this session."""
    since = desk.now() - LOOK_BACK
    if session.ended_at and session.ended_at > since:
        since = session.ended_at
    messages = await desk.memory.inbox.since(conversation_id, since)
    return of_this_session(messages, gap=desk.memory.sessions.lifetime)


async def _past(
    desk: Desk, context: ToolContext, messages: Sequence[Message]
) -> Sequence[Turn]:
    heard = await _heard(desk, context.session, context.conversation.id)
    return await desk.memory.turns.recent(
        context.conversation.id,
        at_most=MAX_TURNS,
        since=begin_of(heard, messages[0].received_at),
    )


async def _guarded(
    context: ToolContext,
    answer: Answer,
    messages: Sequence[Message],
    earlier: Sequence[str],
) -> NewTurn:
    desk = context.desk
    has_open_handoff = await desk.memory.handoffs.is_open(context.conversation.id)
    checked = check_promises(
        answer.text,
        context.receipts,
        earlier=earlier,
        has_open_handoff=has_open_handoff,
        texts=in_language(context.language),
    )
    replies = split_reply(checked.text)
    if not replies:
        raise NoReply("empty")
    return NewTurn(
        started_at=desk.now(),
        provider=answer.provider,
        service=filed_under(context),
        correlation_id=messages[0].correlation_id,
        model_calls=answer.model_calls,
        tools=answer.tools,
        findings=checked.findings,
        history=answer.history,
        replies=replies,
    )


def filed_under(context: ToolContext) -> Service:
    """The service of a turn: super-admin by mode, otherwise its highest tool's."""
    if context.role == "admin":
        return Service.SUPER_ADMIN
    reached = context.services | {Service.RENSEIGNEMENT}
    return max(reached, key=_SERVICE_ORDER.index)


async def _obey(
    word: ReservedWord,
    desk: Desk,
    context: ToolContext,
    messages: Sequence[Message],
) -> NewTurn:
    texts = in_language(context.language)
    sessions = desk.memory.sessions
    service = Service.RENSEIGNEMENT
    match word:
        case "enter_admin":
            await sessions.set_admin_mode(context.contact.id, on=True)
            await _audit(context, word)
            reply, service = texts.admin_on, Service.SUPER_ADMIN
        case "leave_admin":
            await sessions.set_admin_mode(context.contact.id, on=False)
            await _audit(context, word)
            reply, service = texts.admin_off, Service.SUPER_ADMIN
        case "stop":
            await sessions.end(context.contact.id)
            reply = texts.stopped
    return NewTurn(
        started_at=desk.now(),
        provider="code",
        service=service,
        correlation_id=messages[0].correlation_id,
        replies=(reply,),
    )


async def _audit(context: ToolContext, word: ReservedWord) -> None:
    audit = context.desk.memory.audit
    await audit.note(context.contact.id, word, {}, ToolOutcome.OK)
