"""The state a feature may see: one document version and one catalog."""

from dataclasses import dataclass

from defog_metadata.catalog import Catalog

__all__ = ["Snapshot"]


@dataclass(frozen=True)
class Snapshot:
    """An immutable view of a document. Derived facts are computed once, on first use."""

    text: str
    catalog: Catalog
    dialect: str
