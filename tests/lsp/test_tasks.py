"""Threads whose results nobody waits for any more."""

import asyncio
import threading

import pytest

from defog_lsp.lsp.tasks import in_thread
from defog_metadata.progress import Stop, Stopped, check_stopped, stopping


class Work:
    """Goes round until it is told to stop; somebody can wait for each of its steps."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.rounds = 0
        self.may_go_on = threading.Event()
        self.ended = threading.Event()

    def run(self) -> None:
        try:
            for _ in range(1000):
                check_stopped()
                self.rounds += 1
                self.began.set()
                self.may_go_on.wait(10)
        finally:
            self.ended.set()


async def test_cancelled_work_does_no_more_than_what_it_is_at() -> None:
    work = Work()
    task = asyncio.create_task(in_thread(work.run))
    await asyncio.to_thread(work.began.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    work.may_go_on.set()
    assert await asyncio.to_thread(work.ended.wait, 10)
    assert work.rounds == 1


async def test_work_that_is_out_of_date_says_so() -> None:
    work, stop = Work(), Stop()

    async def waiting() -> None:
        with stopping(stop):
            await in_thread(work.run)

    task = asyncio.create_task(waiting())
    await asyncio.to_thread(work.began.wait, 10)
    stop.set()
    work.may_go_on.set()
    with pytest.raises(Stopped):
        await task
    assert work.rounds == 1


async def test_work_to_its_end_has_a_result() -> None:
    with stopping(Stop()):
        assert await in_thread(divmod, 7, 2) == (3, 1)
