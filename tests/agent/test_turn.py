"""One turn: what the model is told, and what becomes of what it says."""

import pytest
from pydantic_ai.messages import ModelMessage

from agent.texts import ENGLISH, FRENCH
from memory import Memory
from memory.records import Mode, Service, ToolOutcome
from tests.conftest import Clock

from .house import ADMIN_ALIAS, CHILD, CODE, OTHER_CODE, PARENT_NAME, House, build_house
from .scripted import call

PROVE = call("verify_parent_code", code=CODE)


async def everything_told(house: House) -> str:
    messages: list[ModelMessage] = house.script.seen[-1]
    return str(messages)


class TestThePast:
    async def test_the_model_sees_what_was_said_in_this_session(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "Bonjour !", "Le samedi.")
        await house.answers("Bonjour")
        clock.forward(minutes=5)

        await house.answers("Les horaires ?")

        assert house.script.past() == ["Bonjour", "Les horaires ?"]
        assert "Bonjour !" in await everything_told(house)

    async def test_after_half_an_hour_of_silence_nothing_of_before_is_told(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(
            memory, clock, PROVE, call("see_marks"), "Elle a 14.", "Bonjour."
        )
        await house.answers(f"ses notes ? mon code : {CODE}")
        clock.forward(minutes=31)

        await house.answers("Bonjour")

        assert house.script.past() == ["Bonjour"]
        told = await everything_told(house)
        assert CHILD not in told
        assert CODE not in told
        assert "13.75" not in told
        assert "see_marks" not in house.script.shown[-1]

    async def test_after_stop_nothing_of_before_is_told(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(
            memory, clock, PROVE, call("see_marks"), "Elle a 14.", "Bonjour."
        )
        await house.answers(f"ses notes ? mon code : {CODE}")
        clock.forward(seconds=10)
        assert await house.answers("Stop") == [FRENCH.stopped]
        clock.forward(seconds=10)

        await house.answers("Bonjour")

        assert house.script.past() == ["Bonjour"]
        assert CHILD not in await everything_told(house)
        assert "see_marks" not in house.script.shown[-1]

    async def test_a_session_that_goes_on_keeps_its_past(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "Oui.")
        for text in ("un", "deux", "trois"):
            await house.answers(text)
            clock.forward(minutes=20)

        await house.answers("quatre")

        assert house.script.past() == ["un", "deux", "trois", "quatre"]

    async def test_a_long_session_is_told_from_its_end(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "Oui.")
        for number in range(15):
            await house.answers(f"n° {number}")
            clock.forward(minutes=1)

        past = house.script.past()

        assert len(past) == 13  # the last twelve, and this one
        assert past[0] == "n° 2"

    async def test_what_a_human_answered_is_told_as_theirs(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "Oui.")
        await house.hears("Allô ?")
        handoff = await house.claimed()
        await house.answering.drain(1)
        clock.forward(seconds=5)
        await memory.turns.answer_as_human(
            await house.conversation(), staff_id=1, text="J'arrive.", key="s1"
        )
        await memory.handoffs.give_back(handoff)

        await house.answers("Merci")

        assert house.script.past() == ["Allô ?", "Merci"]
        assert "[Réponse de l'équipe] J'arrive." in await everything_told(house)

    async def test_another_contact_s_past_is_not_told(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "Oui.")
        await house.answers("Bonjour", by="telegram:1")
        clock.forward(seconds=5)

        await house.answers("Salut", by="telegram:2")

        assert house.script.past() == ["Salut"]


class TestProof:
    async def test_a_code_that_the_contact_wrote_opens_their_tools_at_once(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, PROVE, call("see_marks"), "Elle a 14.")

        assert await house.answers(f"mon code c'est {CODE}") == ["Elle a 14."]

        before, after, _ = house.script.shown
        assert "see_marks" not in before
        assert "see_marks" in after
        rows = house.script.results()[-1].content
        assert CHILD in str(rows)
        assert "Doudou" not in str(rows)
        turn = await house.last_turn()
        assert turn.service is Service.CATECHESE

    async def test_a_code_that_nobody_wrote_opens_nothing(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, PROVE, call("see_marks"), "Votre code ?")

        await house.answers("ses notes ?")

        turn = await house.last_turn()
        assert [tool.outcome for tool in turn.tools] == [ToolOutcome.REFUSED] * 2
        assert (await memory.sessions.of(1)).parent is None

    async def test_a_code_said_before_stop_counts_no_more(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, PROVE, "Bienvenue.", PROVE, "Votre code ?")
        await house.answers(CODE)
        assert (await memory.sessions.of(1)).parent is not None
        clock.forward(seconds=10)
        await house.answers("stop")
        clock.forward(seconds=10)

        await house.answers("ses notes ?")

        [tool] = (await house.last_turn()).tools
        assert tool.outcome is ToolOutcome.REFUSED
        assert (await memory.sessions.of(1)).parent is None

    async def test_a_code_of_an_earlier_session_counts_no_more(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "Bonjour.", PROVE, "Votre code ?")
        await house.answers(CODE)
        clock.forward(minutes=31)

        await house.answers("ses notes ?")

        assert (await memory.sessions.of(1)).parent is None

    async def test_a_code_written_earlier_in_this_session_counts(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "Bonjour.", PROVE, "Bienvenue.")
        await house.answers(CODE)
        clock.forward(minutes=10)

        await house.answers("alors ses notes ?")

        parent = (await memory.sessions.of(1)).parent
        assert parent is not None
        assert parent.name == PARENT_NAME

    async def test_a_proof_lasts_while_the_contact_writes(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, PROVE, "Oui.")
        for text in (CODE, "merci", "encore", "et toujours"):
            await house.answers(text)
            clock.forward(minutes=20)

        assert "see_marks" in house.script.shown[-1]

    async def test_a_wrong_code_is_not_repeated_where_the_turn_is_kept(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(
            memory, clock, call("verify_parent_code", code=OTHER_CODE), "Ce n'est pas."
        )

        await house.answers(OTHER_CODE)

        turn = await house.last_turn()
        assert OTHER_CODE not in str(turn.tools)
        assert OTHER_CODE not in str(turn.replies)


class TestTheReply:
    async def test_a_promise_that_nothing_proves_is_not_sent(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "J'ai transmis votre demande à l'équipe.")

        assert await house.answers("je veux parler à quelqu'un") == [FRENCH.not_done]

        turn = await house.last_turn()
        assert turn.findings == ("removed a claim that nothing proves",)
        assert turn.replies == (FRENCH.not_done,)

    async def test_a_promise_in_english_is_answered_in_english(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "I have forwarded your request.")

        said = await house.answers("hello, I want to talk to somebody please")

        assert said == [ENGLISH.not_done]

    async def test_a_promise_with_its_receipt_is_sent(
        self, memory: Memory, clock: Clock
    ) -> None:
        reply = "J'ai transmis votre demande à l'équipe."
        house = build_house(
            memory, clock, call("hand_off_to_human", reason="x", urgent=False), reply
        )

        assert await house.answers("un humain svp") == [reply]

        turn = await house.last_turn()
        assert turn.findings == ()
        assert turn.service is Service.CONTACT_HUMAIN
        assert (await house.conversation()).mode is Mode.WAITING

    async def test_a_handoff_that_is_still_open_proves_the_promise(
        self, memory: Memory, clock: Clock
    ) -> None:
        reply = "J'ai transmis votre demande, patience."
        house = build_house(
            memory,
            clock,
            call("hand_off_to_human", reason="x", urgent=False),
            "C'est fait.",
            reply,
        )
        await house.answers("un humain svp")
        clock.forward(seconds=5)

        assert await house.answers("alors ?") == [reply]
        assert "A human was already asked for" in house.script.told[-1]

    async def test_a_link_that_no_tool_made_is_not_sent(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(
            memory, clock, "Voici la page : https://gust.test/p/abcdefgh12345678"
        )

        assert await house.answers("la page ?") == ["Voici la page :"]
        assert (await house.last_turn()).findings == (
            "removed a link that no tool made",
        )

    async def test_a_long_reply_leaves_in_several_messages_in_order(
        self, memory: Memory, clock: Clock
    ) -> None:
        paragraphs = [f"Paragraphe {number}. " + "mot " * 200 for number in range(4)]
        house = build_house(memory, clock, "\n\n".join(paragraphs))

        said = await house.answers("tout ?")

        assert len(said) == 2
        assert all(len(part) <= 1800 for part in said)
        together = " ".join(" ".join(said).split())
        assert together == " ".join(" ".join(paragraphs).split())


class TestSuperAdmin:
    async def test_an_admin_enters_and_leaves_by_word(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "Une demande attend.")

        assert await house.answers("admin", by=ADMIN_ALIAS) == [FRENCH.admin_on]
        clock.forward(seconds=5)
        await house.answers("les demandes ?", by=ADMIN_ALIAS)
        assert "list_handoffs" in house.script.shown[-1]
        assert "verify_parent_code" not in house.script.shown[-1]
        assert (await house.last_turn()).service is Service.SUPER_ADMIN

        clock.forward(seconds=5)
        assert await house.answers("quitter", by=ADMIN_ALIAS) == [FRENCH.admin_off]
        noted = [entry.tool for entry in await memory.audit.all()]
        assert noted == ["enter_admin", "leave_admin"]
        clock.forward(seconds=5)
        await house.answers("Bonjour", by=ADMIN_ALIAS)
        assert "list_handoffs" not in house.script.shown[-1]

    async def test_the_word_means_nothing_from_anybody_else(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(
            memory, clock, call("list_handoffs"), "Je ne comprends pas."
        )

        assert await house.answers("admin") == ["Je ne comprends pas."]

        assert not (await memory.sessions.of(1)).admin_mode
        [tool] = (await house.last_turn()).tools
        assert tool.outcome is ToolOutcome.REFUSED

    async def test_the_mode_ends_with_the_session(
        self, memory: Memory, clock: Clock
    ) -> None:
        house = build_house(memory, clock, "Oui.")
        await house.answers("super-admin", by=ADMIN_ALIAS)
        clock.forward(minutes=31)

        await house.answers("les demandes ?", by=ADMIN_ALIAS)

        assert "list_handoffs" not in house.script.shown[-1]

    @pytest.mark.parametrize("leave", ["stop", "STOP !", "arrêtez"])
    async def test_stop_ends_the_mode_too(
        self, memory: Memory, clock: Clock, leave: str
    ) -> None:
        house = build_house(memory, clock)
        await house.answers("admin", by=ADMIN_ALIAS)
        clock.forward(seconds=5)

        assert await house.answers(leave, by=ADMIN_ALIAS) == [FRENCH.stopped]

        assert not (await memory.sessions.of(1)).admin_mode
