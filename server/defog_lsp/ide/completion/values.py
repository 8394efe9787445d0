"""The values that a column can have, where it is compared with one."""

from collections.abc import Iterator

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.items import Item
from defog_lsp.ide.completion.partners import compared_field
from defog_metadata.sql.caret import Caret

__all__ = ["values"]


def values(caret: Caret) -> Iterator[Candidate]:
    """Inside ``status = '…'`` the bare values, after ``status =`` the quoted ones."""
    field = compared_field(caret)
    if field is None or field.column is None or caret.qualifier:
        return
    for value in field.column.enum_values:
        written = value.replace("'", "''")
        if caret.expected != "string":
            written = f"'{written}'"
        owner = f"{field.table.name}.{field.column.name}" if field.table else ""
        label = value if caret.expected == "string" else written
        yield Candidate(Item(label, "value", caret.span, written, description=owner))
