"""Whose turn it is: round robin over accounts, then over the keys of each."""

from collections.abc import Sequence

from .settings import Account


class Rotation:
    """Gives every request the same accounts in another order."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self._accounts = tuple(accounts)
        self._taken = 0

    def next_order(self) -> Sequence[tuple[str, str]]:
        """Every (account, key) once; the first ones take turns.

        Requests go to account 1, 2, …, 1, 2, …; each round begins at the next key of
        an account. The keys of one account stand together: when it must rest, they
        all do, and the others take its place in turns.
        """
        count = len(self._accounts)
        start, round_ = self._taken % count, self._taken // count
        self._taken += 1
        first = self._accounts[start]
        others = [*self._accounts[start + 1 :], *self._accounts[:start]]
        next_ = round_ % max(1, len(others))
        order = [first, *others[next_:], *others[:next_]]
        return [
            (account.name, account.keys[(round_ + at) % len(account.keys)])
            for account in order
            for at in range(len(account.keys))
        ]
