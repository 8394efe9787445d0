"""Descriptions written: what changes in which file, and changing it so that nothing is lost."""

from defog_metadata.updates.changes import (
    Change,
    changed_table,
    described_updates,
    proposed_updates,
    resolved,
    table_named,
    table_or_column,
    update_of,
)
from defog_metadata.updates.edits import change_edits
from defog_metadata.updates.targets import Target, target_of, targets_of
from defog_metadata.updates.update import (
    Updated,
    batched,
    update_metadata,
    update_table_metadata,
)

__all__ = [
    "Change",
    "Target",
    "Updated",
    "batched",
    "change_edits",
    "changed_table",
    "described_updates",
    "proposed_updates",
    "resolved",
    "table_named",
    "table_or_column",
    "target_of",
    "targets_of",
    "update_metadata",
    "update_of",
    "update_table_metadata",
]
