"""News inside one process: who listens hears what happens from now on."""

from memory import Live, News


def test_who_listens_hears_what_happens() -> None:
    live = Live()
    with live.listen() as one, live.listen() as other:
        live.publish("received", 7)

        assert one.get_nowait() == News("received", 7)
        assert other.get_nowait() == News("received", 7)
        assert one.empty()


def test_nothing_from_before_is_heard() -> None:
    live = Live()
    live.publish("received", 7)

    with live.listen() as news:
        assert news.empty()


def test_who_stopped_listening_hears_no_more() -> None:
    live = Live()
    with live.listen() as news:
        pass

    live.publish("sent", 7)

    assert news.empty()


def test_a_card_to_staff_is_of_no_conversation() -> None:
    live = Live()
    with live.listen() as news:
        live.publish("outgoing")

        assert news.get_nowait().conversation_id is None


def test_a_slow_reader_loses_the_oldest_and_nobody_waits_for_it() -> None:
    live = Live()
    with live.listen() as slow:
        for number in range(1500):
            live.publish("received", number)

        heard = [slow.get_nowait().conversation_id for _ in range(slow.qsize())]

    assert heard == list(range(1500 - len(heard), 1500))
    assert 0 < len(heard) < 1500
