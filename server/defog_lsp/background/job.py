"""What can be done in the background, as a value that reaches another process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from defog_metadata.progress import Cancelled, Progress

__all__ = ["Job", "perform"]


@dataclass(frozen=True, slots=True)
class Job:
    """Work on the metadata of one connection of a workspace.

    *overrides* are the editor's settings, *answers* the secrets that a person was asked for, by
    their fields. They are nobody else's business, so that a job is neither kept in a file nor
    passed as an argument or in the environment, which others may see.
    """

    work: Literal["prepare", "refresh"]
    """The method of ``Workspace`` that does it."""
    root: Path
    configuration: Path | None
    overrides: Mapping[str, object]
    connection: str | None
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_json(self) -> str:
        """One line."""
        configuration = None if self.configuration is None else str(self.configuration)
        return json.dumps(
            {
                "work": self.work,
                "root": str(self.root),
                "configuration": configuration,
                "overrides": dict(self.overrides),
                "connection": self.connection,
                "answers": dict(self.answers),
            }
        )

    @classmethod
    def from_json(cls, line: str | bytes) -> "Job":
        """The job that ``to_json`` has written as *line*."""
        it = json.loads(line)
        configuration = None if it["configuration"] is None else Path(it["configuration"])
        root = Path(it["root"])
        return cls(
            it["work"], root, configuration, it["overrides"], it["connection"], it["answers"]
        )


def perform(job: Job, *, progress: Progress, cancelled: Cancelled) -> None:
    """Do *job* here and now. Raises what the method of ``Workspace`` raises."""
    from defog_metadata.workspace.workspace import Workspace  # noqa: PLC0415 - slow to load

    workspace = Workspace.open(
        job.root, configuration_path=job.configuration, overrides=job.overrides
    )
    connection = workspace.connection(job.connection)
    if job.work == "prepare":
        workspace.prepare(connection, progress=progress, cancelled=cancelled)
    elif connection is not None:
        answered = connection.answered(job.answers)
        workspace.refresh(answered, progress=progress, cancelled=cancelled)
