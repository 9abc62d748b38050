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
        all do.
        """
        count = len(self._accounts)
        start, round_ = self._taken % count, self._taken // count
        self._taken += 1
        order = [*self._accounts[start:], *self._accounts[:start]]
        return [
            (account.name, account.keys[(round_ + at) % len(account.keys)])
            for account in order
            for at in range(len(account.keys))
        ]
