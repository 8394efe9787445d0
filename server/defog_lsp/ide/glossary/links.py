"""Links in a glossary: from the name of a table to the table."""

from dataclasses import dataclass

from defog_metadata.catalog import Catalog, Table
from defog_metadata.checks.vocabulary import tables_called
from defog_metadata.documents.glossary import read_glossary_file
from defog_metadata.pruning import mentions
from defog_metadata.text import Span

__all__ = ["Link", "glossary_links"]


@dataclass(frozen=True, slots=True)
class Link:
    """The name at ``span`` is ``table``'s."""

    span: Span
    table: Table


def glossary_links(text: str, catalog: Catalog) -> list[Link]:
    """A link for each name that one table of *catalog* alone has, and that is no word of prose.

    ``orders.total`` links ``orders``; a plain word links only where it is marked as a name.
    """
    return [
        Link(mention.spans[index].shifted(line.span.start), tables[0])
        for line in read_glossary_file(text)
        for mention in mentions(line.text)
        if mention.is_marked or len(mention.parts) > 1
        for index in range(len(mention.parts))
        if len(tables := tables_called(catalog, mention.key[: index + 1])) == 1
    ]
