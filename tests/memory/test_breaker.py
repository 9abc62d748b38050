"""A breaker: who fails again and again is left in peace, and asked again later."""

from memory.breaker import FAILURES_TO_OPEN, REST_S, Breaker


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def opened(time: Seconds) -> Breaker:
    breaker = Breaker(time)
    for _ in range(FAILURES_TO_OPEN):
        breaker.failed()
    return breaker


def test_it_opens_at_the_third_failure_in_a_row_and_says_so_once() -> None:
    breaker = Breaker(Seconds())

    assert [breaker.failed() for _ in range(5)] == [False, False, True, False, False]
    assert breaker.is_open
    assert not breaker.lets_through()


def test_failures_that_are_not_in_a_row_do_not_open_it() -> None:
    breaker = Breaker(Seconds())
    for _ in range(5):
        breaker.failed()
        breaker.failed()
        assert not breaker.went_well()  # nothing to tell: it was not open

    assert breaker.lets_through()


def test_after_a_rest_one_call_goes_to_see_and_the_others_wait_for_it() -> None:
    time = Seconds()
    breaker = opened(time)
    time.now += REST_S

    assert [breaker.lets_through() for _ in range(5)] == [True] + [False] * 4


def test_a_call_that_fails_again_gives_another_rest() -> None:
    time = Seconds()
    breaker = opened(time)
    time.now += REST_S
    assert breaker.lets_through()
    breaker.failed()

    assert not breaker.lets_through()
    time.now += REST_S
    assert breaker.lets_through()


def test_a_call_that_never_came_back_does_not_shut_it_for_ever() -> None:
    time = Seconds()
    breaker = opened(time)
    time.now += REST_S
    assert breaker.lets_through()

    time.now += REST_S

    assert breaker.lets_through()


def test_a_call_that_comes_back_well_closes_it() -> None:
    time = Seconds()
    breaker = opened(time)
    time.now += REST_S
    breaker.lets_through()

    assert breaker.went_well()
    assert not breaker.is_open
    assert all(breaker.lets_through() for _ in range(5))
