"""What becomes of reading metadata that nobody waits for any more."""

from defog_metadata.errors import ExtractionCancelled
from defog_metadata.progress import Cancelled

__all__ = ["check_cancelled"]


def check_cancelled(cancelled: Cancelled | None) -> None:
    """Raise ``ExtractionCancelled`` where *cancelled* says so."""
    if cancelled is not None and cancelled():
        raise ExtractionCancelled("Reading the metadata was cancelled.")
