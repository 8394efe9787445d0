"""Where somebody points: a place in a statement that has been understood."""

from dataclasses import dataclass

from defog_metadata.catalog import Naming
from defog_metadata.catalog.described import declared, first_line
from defog_metadata.lazy import lazy
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.stored_views import StoredViews
from defog_metadata.sql.scopes import Field, Reference
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize

__all__ = ["Place"]


@dataclass(frozen=True)
class Place:
    """``offset`` counts from the start of the statement of ``analysis``.

    That statement need not be as the text has it, where it had to be repaired.
    """

    snapshot: Snapshot
    analysis: Analysis
    offset: int
    is_reduced: bool = False
    """Whether the repair has replaced expressions, so that not all types are the real ones."""

    @property
    def naming(self) -> Naming:
        return self.snapshot.catalog.naming

    def declared(self, field: Field) -> str:
        """*field* as ``CREATE TABLE`` would declare it."""
        shown = "" if self.is_reduced and field.column is None else field.type
        return declared(self.naming.write(field.name.text) if field.name.text else "", shown)

    def remarked(self, field: Field, owner: str = "") -> str:
        """The same with a comment behind it: of which *owner* it is, and what it means."""
        said = ""
        if field.table is not None and field.column is not None:
            said = first_line(self.views.description(field.table, field.column))
        remark = ": ".join(filter(None, (owner, said)))
        shown = self.declared(field)
        return f"{shown}  -- {remark}" if remark else shown

    @lazy
    def views(self) -> StoredViews:
        return StoredViews(self.snapshot.catalog)

    @lazy
    def reference(self) -> Reference | None:
        """The name there, if it is one; between ``u`` and ``.`` it is u."""
        found = [it for it in self.analysis.references if it.span.touches(self.offset)]
        return max(found, key=lambda it: it.span.start <= self.offset < it.span.end, default=None)

    @lazy
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the statement, comments included."""
        return tuple(tokenize(self.analysis.statement.text, self.snapshot.dialect))
