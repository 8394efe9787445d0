import asyncio
import threading

import pytest

from defog_lsp.lsp.transport import DaemonThreads


async def test_one_thread_after_another_call_needs_one_thread() -> None:
    threads = DaemonThreads()
    loop = asyncio.get_running_loop()
    used = set()
    for _ in range(50):
        used.add(await loop.run_in_executor(threads, threading.get_ident))
        await asyncio.sleep(0.001)  # the thread has yet to say that it is free
    assert len(used) < 5


async def test_a_call_that_never_ends_holds_no_other_up() -> None:
    threads = DaemonThreads()
    loop = asyncio.get_running_loop()
    forever = threading.Event()
    stuck = [loop.run_in_executor(threads, forever.wait) for _ in range(40)]
    async with asyncio.timeout(20):
        assert await loop.run_in_executor(threads, len, "abc") == 3
    forever.set()
    await asyncio.gather(*stuck)


async def test_what_a_call_raises_is_its_caller_s() -> None:
    threads = DaemonThreads()
    loop = asyncio.get_running_loop()
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await loop.run_in_executor(threads, divmod, 1, 0)


async def test_after_many_at_once_few_threads_wait() -> None:
    threads = DaemonThreads()
    loop = asyncio.get_running_loop()
    before = threading.active_count()
    gate = threading.Event()
    calls = [loop.run_in_executor(threads, gate.wait) for _ in range(40)]
    assert threading.active_count() >= before + 40
    gate.set()
    await asyncio.gather(*calls)
    async with asyncio.timeout(20):
        while threading.active_count() > before + 10:
            await asyncio.sleep(0.01)
