import asyncio
from time import perf_counter

from bench.stall import watched


class TestWatched:
    async def test_sees_how_long_the_loop_was_blocked(self) -> None:
        async with watched() as stall:
            began = perf_counter()
            while perf_counter() - began < 0.05:
                pass
        assert stall.longest > 0.04

    async def test_does_not_take_waiting_for_a_stall(self) -> None:
        async with watched() as stall:
            waiting = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_later(0.2, waiting.set_result, None)
            await waiting
        assert stall.longest < 0.19
