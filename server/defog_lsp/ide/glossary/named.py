"""Where a glossary surely names a table or column: qualified, marked as code, or shaped so."""

from defog_metadata.catalog import Catalog, Table
from defog_metadata.checks.vocabulary import tables_called
from defog_metadata.documents.glossary import read_glossary_file
from defog_metadata.pruning import mentions
from defog_metadata.text import Span

__all__ = ["glossary_names_of"]


def glossary_names_of(text: str, catalog: Catalog, table: Table, column: str = "") -> list[Span]:
    """Where *table*, or its *column*, is named in *text*; never a plain word of prose.

    A column without its table counts where no other thing of the catalog is called so.
    """
    return [
        mention.spans[index].shifted(line.span.start)
        for line in read_glossary_file(text)
        for mention in mentions(line.text)
        if mention.is_marked or len(mention.parts) > 1
        for index in range(len(mention.parts))
        if _is_meant(mention.key[: index + 1], catalog, table, column)
    ]


def _is_meant(path: tuple[str, ...], catalog: Catalog, table: Table, column: str) -> bool:
    if not column:
        return tables_called(catalog, path) == [table]
    *qualifiers, name = path
    if name != column.casefold():
        return False
    if qualifiers:
        # A schema's name may be a table's as well.
        return tables_called(catalog, qualifiers) == [table] and not tables_called(catalog, path)
    others = catalog.source.having(name, limit=2)
    return len(others) == 1 and others[0] == table.summary and not tables_called(catalog, path)
