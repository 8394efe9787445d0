"""Hover: what the name under the caret stands for."""

from dataclasses import dataclass

from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span


@dataclass(frozen=True, slots=True)
class Hover:
    span: Span
    markdown: str


def hover(snapshot: Snapshot, offset: int) -> Hover | None:
    del snapshot, offset
    return None
