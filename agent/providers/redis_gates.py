"""Gates shared between processes by Redis; this process's own when it is away."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, cast

from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from memory.redis_link import RedisLink

from .gates import PROBE_S, GateState, LocalGates, Pass, Rest

_KEPT_S = 24 * 3600  # a gate that nobody shut again is forgotten

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

    def __init__(self, link: RedisLink, now: Callable[[], float]) -> None:
        self._link = link
        self._now = now
        self._prefix = f"{link.prefix}gate:"
        self._own = LocalGates(now)
        self._enter = link.client.register_script(_ENTER)
        self._shut = link.client.register_script(_SHUT)
        self._release = link.client.register_script(_RELEASE)

    async def enter(self, names: Sequence[str]) -> Pass:
        found = await self._run(self._enter, names, self._now(), PROBE_S)
        return await self._own.enter(names) if found is None else Pass(found)

    async def shut(self, name: str, rest: Rest) -> bool:
        own = await self._own.shut(name, rest)  # known here if Redis goes away
        grows = int(rest.grows)
        done = await self._run(
            self._shut, [name], self._now(), rest.first_s, rest.most_s, grows, _KEPT_S
        )
        return own if done is None else bool(done)

    async def open(self, names: Sequence[str]) -> None:
        await self._own.open(names)
        keys = self._keys(names)

        async def forget(redis: Redis) -> int:
            return await redis.delete(*keys)

        await self._link.ask(forget, otherwise=0)

    async def release(self, names: Sequence[str]) -> None:
        await self._own.release(names)
        await self._run(self._release, names)

    async def states(self) -> dict[str, GateState]:
        shared = await self._link.ask(self._read, otherwise=None)
        return await self._own.states() if shared is None else shared

    async def _read(self, redis: Redis) -> dict[str, GateState] | None:
        states: dict[str, GateState] = {}
        scan = cast("Callable[[str], AsyncIterator[str]]", redis.scan_iter)
        keys = scan(f"{self._prefix}*")
        async for key in keys:
            kept = await cast("Awaitable[dict[str, str]]", redis.hgetall(key))
            if "until" in kept:
                name = key.removeprefix(self._prefix)
                states[name] = GateState(float(kept["until"]), int(kept["faults"]))
        return states

    async def _run(
        self, script: AsyncScript, names: Sequence[str], *arguments: float
    ) -> Any:
        """What a script answers about these gates, or None while Redis is away."""

        async def run(_redis: Redis) -> Any:
            return await cast(
                "Awaitable[Any]", script(keys=self._keys(names), args=arguments)
            )

        return await self._link.ask(run, otherwise=None)

    def _keys(self, names: Sequence[str]) -> list[str]:
        return [f"{self._prefix}{name}" for name in names]
