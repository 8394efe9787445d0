"""Work that nobody waits for any more ends where it next asks."""

from contextvars import copy_context

import pytest

from defog_metadata.progress import Stop, Stopped, check_stopped, stopping, tell_progress, telling


def test_nothing_stops_what_nobody_may_stop() -> None:
    check_stopped()
    with stopping(Stop()):
        check_stopped()


def test_a_stop_ends_what_is_called_inside() -> None:
    stop = Stop()
    with stopping(stop):
        stop.set()
        with pytest.raises(Stopped):
            check_stopped()
        with pytest.raises(Stopped):
            copy_context().run(check_stopped)
    check_stopped()


def test_inner_work_ends_with_the_outer_but_not_the_other_way_round() -> None:
    outer, inner = Stop(), Stop()
    with stopping(outer):
        with stopping(inner):
            inner.set()
            with pytest.raises(Stopped):
                check_stopped()
        check_stopped()
        with stopping(Stop()):
            outer.set()
            with pytest.raises(Stopped):
                check_stopped()


def test_progress_reaches_who_listens() -> None:
    heard: list[tuple[int, int | None, str]] = []
    tell_progress(1, 2, "nobody hears this")
    with telling(lambda *said: heard.append(said)):
        tell_progress(1, None, "one")
        copy_context().run(tell_progress, 2, 3, "two")
    tell_progress(3, 3, "nor this")
    assert heard == [(1, None, "one"), (2, 3, "two")]
