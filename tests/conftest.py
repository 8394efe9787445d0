"""What holds for every test: a private home, and a summary that counts what was skipped."""

import logging
from collections import Counter
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.cores import cores
from tests.support.databases import defog_databases, mariadb_server, postgres_server

__all__ = ["cores", "defog_databases", "mariadb_server", "postgres_server", "private_home"]

# How long an example takes says more about the machine than about the property.
settings.register_profile("defog", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("defog")


@pytest.fixture(autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh ``~/.defog`` and cache folder, inherited by every server a test starts."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEFOG_HOME", str(home / "defog"))
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        before = list(logging.getLogger().handlers)
        yield home
    # Commands that run in this process log to the home that is gone now.
    for handler in set(logging.getLogger().handlers) - set(before):
        if isinstance(handler, RotatingFileHandler):
            logging.getLogger().removeHandler(handler)
            handler.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that says how many tests were skipped, by reason."""
    # A skipped report's text is (file, line, reason).
    reasons = Counter(
        str(it.longrepr[2]).removeprefix("Skipped: ")
        for it in terminalreporter.getreports("skipped")
        if isinstance(it.longrepr, tuple)
    )
    shown = "; ".join(f"{count} × {reason}" for reason, count in reasons.most_common())
    terminalreporter.write_line(f"skipped: {reasons.total()}{f' ({shown})' if shown else ''}")
