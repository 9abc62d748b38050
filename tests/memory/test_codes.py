"""Parent codes: five wrong ones lock, twenty over all contacts alert."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest

from memory import Memory
from memory.sql.codes import CodeVerdict
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import begin, wrote

_KEYS = count(1)


@pytest.fixture
async def contact(memory: Memory) -> int:
    return (await begin(memory)).contact_id


async def tries(memory: Memory, contact: int, *, right: bool) -> CodeVerdict:
    return await memory.codes.attempt(contact, key=f"m{next(_KEYS)}", right=right)


async def misses(memory: Memory, contact: int, times: int) -> CodeVerdict:
    """The verdict on the last of so many wrong codes."""
    return [await tries(memory, contact, right=False) for _ in range(times)][-1]


class LockContract(MemoryContract):
    async def test_a_right_code_is_accepted(self, memory: Memory, contact: int) -> None:
        verdict = await tries(memory, contact, right=True)

        assert verdict == CodeVerdict(accepted=True)

    async def test_four_wrong_codes_lock_nothing(
        self, memory: Memory, contact: int
    ) -> None:
        assert await misses(memory, contact, 4) == CodeVerdict(accepted=False)
        assert (await tries(memory, contact, right=True)).accepted

    async def test_the_fifth_wrong_code_locks_for_a_quarter_of_an_hour(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        verdict = await misses(memory, contact, 5)

        assert not verdict.accepted
        assert verdict.locked_until == clock.now + timedelta(minutes=15)

    async def test_while_locked_even_a_right_code_is_refused(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        locked_until = (await misses(memory, contact, 5)).locked_until

        clock.forward(minutes=14)
        verdict = await tries(memory, contact, right=True)

        assert not verdict.accepted
        assert verdict.locked_until == locked_until

    async def test_trying_while_locked_does_not_make_it_longer(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        await misses(memory, contact, 5)
        clock.forward(minutes=10)
        await misses(memory, contact, 9)

        clock.forward(minutes=5)

        assert (await tries(memory, contact, right=True)).accepted

    async def test_after_the_lock_five_more_wrong_codes_lock_again(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        await misses(memory, contact, 5)
        clock.forward(minutes=15)

        assert (await misses(memory, contact, 4)).locked_until is None
        verdict = await misses(memory, contact, 1)

        assert verdict.locked_until == clock.now + timedelta(minutes=15)

    async def test_a_right_code_does_not_clear_the_wrong_ones_of_a_moment_ago(
        self, memory: Memory, contact: int
    ) -> None:
        await misses(memory, contact, 4)
        await tries(memory, contact, right=True)

        assert (await misses(memory, contact, 1)).locked_until is not None

    async def test_a_right_code_starts_the_count_again_a_little_later(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        await misses(memory, contact, 4)
        await tries(memory, contact, right=True)
        clock.forward(minutes=16)

        assert (await misses(memory, contact, 4)).locked_until is None
        assert (await misses(memory, contact, 1)).locked_until is not None

    async def test_the_same_attempt_counts_once(
        self, memory: Memory, contact: int
    ) -> None:
        for _ in range(9):
            verdict = await memory.codes.attempt(contact, key="m1:x", right=False)
            assert verdict == CodeVerdict(accepted=False)

        assert (await misses(memory, contact, 3)).locked_until is None

    async def test_a_right_code_stays_right_when_its_turn_runs_again(
        self, memory: Memory, contact: int
    ) -> None:
        for _ in range(2):
            verdict = await memory.codes.attempt(contact, key="m1:x", right=True)
            assert verdict.accepted

    async def test_a_lock_is_of_one_contact(self, memory: Memory, contact: int) -> None:
        other = (await begin(memory, wrote(by="telegram:2"))).contact_id

        await misses(memory, contact, 5)

        assert (await tries(memory, other, right=True)).accepted

    async def test_wrong_codes_of_yesterday_are_forgotten(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        await misses(memory, contact, 4)

        clock.forward(hours=25)

        assert (await misses(memory, contact, 1)).locked_until is None

    async def test_many_wrong_codes_at_once_do_not_slip_past_the_lock(
        self, memory: Memory, neighbour: Memory, contact: int
    ) -> None:
        await asyncio.gather(
            *(tries(each, contact, right=False) for each in [memory, neighbour] * 10)
        )

        verdict = await tries(memory, contact, right=True)

        assert not verdict.accepted
        assert verdict.locked_until is not None
        assert not verdict.is_under_attack  # five were counted, not twenty


class AttackContract(MemoryContract):
    @pytest.fixture
    async def crowd(self, memory: Memory) -> list[int]:
        """So many contacts that none of them is locked."""
        return [
            (await begin(memory, wrote(by=f"telegram:{number}"))).contact_id
            for number in range(24)
        ]

    async def test_the_twentieth_wrong_code_in_an_hour_alerts_once(
        self, memory: Memory, crowd: list[int]
    ) -> None:
        verdicts = [await tries(memory, each, right=False) for each in crowd]

        assert [v.alerts_now for v in verdicts] == [n == 19 for n in range(24)]
        assert [v.is_under_attack for v in verdicts] == [n >= 19 for n in range(24)]

    async def test_wrong_codes_that_come_at_once_alert_exactly_once(
        self, memory: Memory, neighbour: Memory, crowd: list[int]
    ) -> None:
        verdicts = await asyncio.gather(
            *(
                tries(each, contact, right=False)
                for each, contact in zip([memory, neighbour] * 12, crowd, strict=True)
            )
        )

        assert sum(verdict.alerts_now for verdict in verdicts) == 1

    async def test_a_right_code_works_under_attack_and_alerts_nobody(
        self, memory: Memory, crowd: list[int]
    ) -> None:
        for contact in crowd[:20]:
            await tries(memory, contact, right=False)

        verdict = await tries(memory, crowd[-1], right=True)

        assert verdict.accepted
        assert verdict.is_under_attack
        assert not verdict.alerts_now

    async def test_a_locked_contact_is_told_that_an_attack_is_on(
        self, memory: Memory, crowd: list[int]
    ) -> None:
        await misses(memory, crowd[0], 5)
        for contact in crowd[1:16]:
            await tries(memory, contact, right=False)

        verdict = await tries(memory, crowd[0], right=False)

        assert verdict.locked_until is not None
        assert verdict.is_under_attack
        assert not verdict.alerts_now

    async def test_an_attack_is_over_an_hour_later(
        self, memory: Memory, crowd: list[int], clock: Clock
    ) -> None:
        for contact in crowd[:20]:
            await tries(memory, contact, right=False)

        clock.forward(minutes=61)

        assert await tries(memory, crowd[-1], right=False) == CodeVerdict(
            accepted=False
        )


class TestLockOnSqlite(OnSqlite, LockContract):
    """One process, one file."""


class TestLockOnPostgres(OnPostgres, LockContract):
    """Several machines, one server."""


class TestAttackOnSqlite(OnSqlite, AttackContract):
    """Over all contacts."""


class TestAttackOnPostgres(OnPostgres, AttackContract):
    """Over all contacts."""
