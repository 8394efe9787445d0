"""What formatting needs, imported when first asked for; as ``late``, called in threads."""

from typing import TYPE_CHECKING

from defog_lsp.lsp.loading import warm_up

if TYPE_CHECKING:
    from defog_lsp.lsp.session import View
    from defog_metadata.text import Edit, Span
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["edits"]

# ruff: noqa: PLC0415 - importing late is what this module is for


def edits(
    view: "View", workspace: "Workspace | None", indent: str, place: "Span | int | None"
) -> "list[Edit] | None":
    """What formats the document, the part *place* of it, or the statement ended before an offset.

    ``None`` where it is left to another formatter. Looks for the files that configure one.
    """
    warm_up()
    from defog_lsp.ide import formatting as feature
    from defog_metadata.text import Span
    from defog_metadata.workspace.configuration import Formatting
    from defog_metadata.workspace.discovery import other_formatter

    chosen = workspace.configuration.formatting if workspace is not None else Formatting()
    is_ours = chosen.formatter == "defog" or (
        chosen.formatter == "auto" and not other_formatter(view.path.absolute().parent)
    )
    if not is_ours:
        return None
    style = feature.Style(chosen.line_length, indent, chosen.keyword_case)
    match place:
        case None:
            return feature.format_document(view.snapshot, style)
        case Span():
            return feature.format_range(view.snapshot, place, style)
        case int():
            return feature.format_typed(view.snapshot, place, style)
