"""Gates shared between processes by Redis; this process's own when it is away."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, cast

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from .gates import PROBE_S, GateState, LocalGates, Pass, Rest

_PREFIX = "gust:gate:"
_KEPT_S = 24 * 3600  # a gate that nobody shut again is forgotten
_AWAY_S = 5.0  # before Redis is asked again
_TIMEOUT_S = 0.3  # a gate is not worth waiting for

_log = structlog.get_logger()

# KEYS: the gates. ARGV: now, how long a probe may take.
_ENTER = """
local found = 0
for _, key in ipairs(KEYS) do
  local gate = redis.call('HMGET', key, 'until', 'probed')
  if gate[1] then
    found = 1
    if tonumber(ARGV[1]) < math.max(tonumber(gate[1]), tonumber(gate[2] or '0')) then
      return 'shut'
    end
  end
end
if found == 0 then return 'open' end
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then
    redis.call('HSET', key, 'probed', tonumber(ARGV[1]) + tonumber(ARGV[2]))
  end
end
return 'probe'
"""
# KEYS: the gate. ARGV: now, first, most, grows, how long it is kept.
_SHUT = """
local gate = redis.call('HMGET', KEYS[1], 'until', 'faults')
local now, faults = tonumber(ARGV[1]), tonumber(gate[2] or '0')
if gate[1] and now < tonumber(gate[1]) then return 0 end
local wait = tonumber(ARGV[2])
if ARGV[4] == '1' then wait = wait * 2 ^ math.min(faults, 20) end
wait = math.min(wait, tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], 'until', now + wait, 'faults', faults + 1, 'probed', 0)
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
"""


# KEYS: the gates.
_RELEASE = """
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then redis.call('HSET', key, 'probed', 0) end
end
return 1
"""


class RedisGates:
    """What one process learns of a provider, all of them know."""

    def __init__(
        self,
        url: str,
        now: Callable[[], float],
        *,
        prefix: str = _PREFIX,
        timeout_s: float = _TIMEOUT_S,
    ) -> None:
        connect = cast("Callable[..., Redis]", Redis.from_url)
        self._redis = connect(
            url,
            decode_responses=True,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
        )
        self._now = now
        self._prefix = prefix
        self._own = LocalGates(now)
        self._away_until = 0.0
        self._enter = self._redis.register_script(_ENTER)
        self._shut = self._redis.register_script(_SHUT)
        self._release = self._redis.register_script(_RELEASE)

    async def aclose(self) -> None:
        """Leave Redis."""
        await self._redis.aclose()

    async def problem(self) -> str:
        """Why it does not answer, or nothing."""
        try:
            await self._redis.exists(_PREFIX)
        except (RedisError, OSError) as error:
            return f"does not answer ({type(error).__name__}): each process for itself"
        return ""

    async def enter(self, names: Sequence[str]) -> Pass:
        arguments = [self._now(), PROBE_S]
        found = await self._ask(self._enter(keys=self._keys(names), args=arguments))
        return await self._own.enter(names) if found is None else Pass(found)

    async def shut(self, name: str, rest: Rest) -> bool:
        own = await self._own.shut(name, rest)  # known here if Redis goes away
        arguments = [self._now(), rest.first_s, rest.most_s, int(rest.grows), _KEPT_S]
        done = await self._ask(self._shut(keys=self._keys([name]), args=arguments))
        return own if done is None else bool(done)

    async def open(self, names: Sequence[str]) -> None:
        await self._own.open(names)
        await self._ask(self._redis.delete(*self._keys(names)))

    async def release(self, names: Sequence[str]) -> None:
        await self._own.release(names)
        await self._ask(self._release(keys=self._keys(names)))

    async def states(self) -> dict[str, GateState]:
        shared = await self._ask(self._read())
        return await self._own.states() if shared is None else shared

    async def _read(self) -> dict[str, GateState]:
        states: dict[str, GateState] = {}
        scan = cast("Callable[[str], AsyncIterator[str]]", self._redis.scan_iter)
        keys = scan(f"{self._prefix}*")
        async for key in keys:
            kept = await cast("Awaitable[dict[str, str]]", self._redis.hgetall(key))
            if "until" in kept:
                name = key.removeprefix(self._prefix)
                states[name] = GateState(float(kept["until"]), int(kept["faults"]))
        return states

    async def _ask(self, call: Awaitable[Any]) -> Any:
        """The answer of Redis, or None while it is away."""
        if self._now() < self._away_until:
            _never(call)
            return None
        try:
            return await call
        except (RedisError, OSError) as error:
            self._away_until = self._now() + _AWAY_S
            _log.warning("redis_away", error=type(error).__name__)
            return None

    def _keys(self, names: Sequence[str]) -> list[str]:
        return [f"{self._prefix}{name}" for name in names]


def _never(call: Awaitable[Any]) -> None:
    """Close what will not be awaited: no warning of a forgotten coroutine."""
    close = getattr(call, "close", None)
    if close is not None:
        close()
