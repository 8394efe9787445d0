"""What the process tells while it works: one JSON object a line."""

import json
from dataclasses import dataclass

from defog_metadata import errors
from defog_metadata.errors import DefogError

__all__ = ["Done", "Failed", "Logged", "Report", "Started", "Step", "read_report", "write_report"]


@dataclass(frozen=True, slots=True)
class Started:
    """The job has been understood and begins."""


@dataclass(frozen=True, slots=True)
class Step:
    """See ``defog_metadata.progress.Progress``."""

    done: int
    total: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Logged:
    """A warning or an error of ours, which the process has written to the log itself."""

    level: int
    """As the levels of ``logging``."""
    message: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The job ended with an error that was raised on purpose."""

    kind: str
    message: str

    @classmethod
    def of(cls, error: DefogError) -> "Failed":
        return cls(type(error).__name__, str(error))

    @property
    def error(self) -> DefogError:
        """The error, to be raised again here; those that carry more than a message are the root."""
        kind = getattr(errors, self.kind, DefogError) if self.kind in errors.__all__ else DefogError
        is_plain: bool = kind.__init__ is DefogError.__init__
        error: DefogError = kind(self.message) if is_plain else DefogError(self.message)
        return error


@dataclass(frozen=True, slots=True)
class Done:
    """The job is done."""


Report = Started | Step | Logged | Failed | Done

_NAMES: dict[str, type[Report]] = {
    "started": Started,
    "step": Step,
    "logged": Logged,
    "failed": Failed,
    "done": Done,
}


def write_report(report: Report) -> bytes:
    """The line that says *report*."""
    name = next(name for name, kind in _NAMES.items() if type(report) is kind)
    fields = [getattr(report, it) for it in type(report).__match_args__]
    return json.dumps([name, *fields]).encode() + b"\n"


def read_report(line: bytes) -> Report:
    """What *line* says; raises ``ValueError`` for a line that ``write_report`` did not write."""
    try:
        name, *fields = json.loads(line)
        return _NAMES[name](*fields)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("a line that is no report") from error
