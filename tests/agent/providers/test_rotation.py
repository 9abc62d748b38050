"""Every account gets its share of the requests, and every key its share of those."""

from collections import Counter
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from agent.providers.rotation import Rotation
from agent.providers.settings import Account

ACCOUNTS = st.lists(st.integers(1, 4), min_size=1, max_size=5).map(
    lambda sizes: [
        Account(name=f"a{n}", keys=tuple(f"a{n}k{k}" for k in range(size)))
        for n, size in enumerate(sizes)
    ]
)


def spread(counts: Counter[str], names: list[str]) -> int:
    """How much more the luckiest got than the unluckiest."""
    got = [counts[name] for name in names]
    return max(got) - min(got)


@given(ACCOUNTS, st.integers(1, 60))
def test_every_request_may_try_every_key_once(
    accounts: list[Account], requests: int
) -> None:
    rotation = Rotation(accounts)
    every = sorted((account.name, key) for account in accounts for key in account.keys)

    for _ in range(requests):
        order = rotation.next_order()
        assert sorted(order) == every
        blocks = [name for name, _ in groupby(order, key=lambda pair: pair[0])]
        assert len(blocks) == len(accounts)  # the keys of an account stand together


@given(ACCOUNTS, st.integers(1, 200))
def test_accounts_take_turns_and_so_do_the_keys_of_each(
    accounts: list[Account], requests: int
) -> None:
    rotation = Rotation(accounts)
    first = [rotation.next_order()[0] for _ in range(requests)]

    of_accounts = Counter(account for account, _ in first)
    assert spread(of_accounts, [account.name for account in accounts]) <= 1
    for account in accounts:
        of_keys = Counter(key for name, key in first if name == account.name)
        assert spread(of_keys, list(account.keys)) <= 1


@given(ACCOUNTS.filter(lambda accounts: len(accounts) > 2), st.integers(1, 12))
def test_while_one_account_rests_the_others_share_its_part(
    accounts: list[Account], rounds: int
) -> None:
    rotation = Rotation(accounts)
    resting, *others = [account.name for account in accounts]
    whole_rounds = len(accounts) * len(others) * rounds
    served = [
        next(account for account, _ in rotation.next_order() if account != resting)
        for _ in range(whole_rounds)
    ]

    assert spread(Counter(served), others) == 0
