"""A table added to a metadata document that people keep, without a change to what is there."""

from collections.abc import Sequence

from defog_metadata.catalog.shapes import TableStream
from defog_metadata.catalog.shapes.keys import join_key
from defog_metadata.documents.json_edits import element_added
from defog_metadata.documents.json_text import read_json
from defog_metadata.documents.nodes import Items, Members, member, plain
from defog_metadata.errors import MetadataError
from defog_metadata.text import Edit

__all__ = ["table_addition"]

_TABLES = "table_metadata"


def table_addition(text: str, path: Sequence[str], columns: Sequence[str]) -> Edit | None:
    """What adds the table *path* (its schema before its name) to the end of the JSON *text*.

    Its descriptions and types are left for somebody to fill in. ``None`` for text that is no
    metadata in a known shape.
    """
    root, faults = read_json(text)
    if faults or not isinstance(root, Members):
        return None
    try:
        shape = TableStream(plain(root)).shape
    except MetadataError:
        return None
    container = member(root, _TABLES) if shape in ("seed", "published") else root
    if not isinstance(container, (Items, Members)):
        return None
    *schema, name = path
    rows = [{"column_name": it, "data_type": "", "column_description": ""} for it in columns]
    if shape == "seed":
        entry = {
            "table_name": name,
            "table_schema": schema[-1] if schema else "",
            "table_description": "",
            "column_metadata": rows,
        }
        return element_added(text, container, entry)
    key = join_key("", schema[-1] if schema else "", name)
    described = {"table_description": "", "columns": rows}
    return element_added(text, container, described if shape == "tables" else rows, key)
