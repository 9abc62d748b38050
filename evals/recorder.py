"""vcrpy around one play: what goes out by HTTP is kept, or answered from a tape.

It patches the HTTP clients of the whole process: one play at a time.
"""

import importlib
import json
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from .cassette import Answered, Asked, Exchange
from .errors import NotAsRecorded
from .same_bodies import difference, same_body

_JSON = "application/json"


@contextmanager
def recording() -> Generator[list[Exchange]]:
    """Within, requests go out as ever; afterwards the list holds them, with answers."""
    tape: list[Exchange] = []
    with _patched((), mode="all") as recorded:
        yield tape
    pairs = zip(recorded.requests, recorded.responses, strict=True)
    tape += [_exchange(request, response) for request, response in pairs]


class Replay:
    """A tape that answers, and all that was asked of it."""

    def __init__(self, tape: Sequence[Exchange]) -> None:
        self._tape = tape
        self._asked: list[Asked] = []
        self._played: Any = None

    @contextmanager
    def playing(self) -> Generator[None]:
        """Within, no request goes out: the tape answers, or nobody does."""
        with _patched(self._tape, mode="none", on_request=self._hear) as played:
            self._played = played
            yield

    def check_asked(self) -> None:
        """Make sure that nothing but the tape was asked.

        Raises:
            NotAsRecorded: something was; shows how it differs from what is next.
        """
        known = [exchange.asked for exchange in self._tape]
        for place, asked in enumerate(self._asked):
            if asked in known:
                continue
            if place >= len(known):
                raise NotAsRecorded(f"request {place + 1} was not recorded")
            raise NotAsRecorded(
                f"request {place + 1} differs from the recorded one:\n"
                + difference(known[place].model_dump(), asked.model_dump())
            )

    def check_all_played(self) -> None:
        """Make sure that the whole tape was asked.

        Raises:
            NotAsRecorded: something was not; says how much.
        """
        played, recorded = self._played.play_count, len(self._tape)
        if played < recorded:
            raise NotAsRecorded(f"only {played} of {recorded} recorded requests came")

    def _hear(self, request: Any) -> Any:
        asked = _asked(request)
        # vcrpy asks several times about one request; only the tape itself is loaded
        # before it plays.
        if self._played is not None and asked not in self._asked:
            self._asked.append(asked)
        return _request(asked)


def _patched(
    tape: Sequence[Exchange],
    *,
    mode: str,
    on_request: Callable[[Any], Any] | None = None,
) -> AbstractContextManager[Any]:
    # Imported when it is used: it costs every other command half a second.
    recorder = importlib.import_module("vcr").VCR(
        record_mode=mode,
        before_record_request=on_request,
        decode_compressed_response=True,
    )
    recorder.register_persister(_NoFile(tape))
    recorder.register_matcher("json", _is_same)
    # Without the body, which is not among vcrpy's defaults, any prompt would do.
    return recorder.use_cassette("tape", match_on=("method", "uri", "json"))


class _NoFile:
    """What vcrpy reads its cassette from and writes it to: the files are ours."""

    def __init__(self, tape: Sequence[Exchange]) -> None:
        self._tape = tape

    def load_cassette(self, *_args: Any, **_kwargs: Any) -> tuple[list[Any], list[Any]]:
        requests = [_request(exchange.asked) for exchange in self._tape]
        return requests, [_response(exchange.answered) for exchange in self._tape]

    def save_cassette(self, *_args: Any, **_kwargs: Any) -> None:
        pass


def _is_same(asked: Any, recorded: Any) -> bool:
    return bool(asked.body == recorded.body)


def _exchange(request: Any, response: Any) -> Exchange:
    content_type = response["headers"].get("content-type", [_JSON])[0]
    answered = Answered(
        status=response["status"]["code"],
        type=content_type.partition(";")[0],
        body=_parsed(response["body"]["string"]),
    )
    return Exchange(asked=_asked(request), answered=answered)


def _asked(request: Any) -> Asked:
    body = _parsed(request.body) if request.body else None
    return Asked(method=request.method, url=request.uri, body=same_body(body))


def _request(asked: Asked) -> Any:
    body = json.dumps(asked.body, ensure_ascii=False, sort_keys=True)
    request = importlib.import_module("vcr.request").Request
    return request(asked.method, asked.url, body.encode(), {})


def _response(answered: Answered) -> Any:
    body = answered.body
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return {
        "status": {"code": answered.status, "message": None},
        "headers": {"content-type": [answered.type]},
        "body": {"string": text.encode()},
    }


def _parsed(body: bytes) -> Any:
    text = body.decode("utf-8")
    try:
        return json.loads(text)
    except ValueError:
        return text
