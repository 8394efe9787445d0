"""Tables for the terminal, which are Markdown too: ``docs/quality.md`` takes them as they are."""

from collections.abc import Iterable, Sequence

__all__ = ["print_table", "table"]


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    print(table(header, rows))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The lines of the table. Columns of numbers are set to the right."""
    texts = [list(map(str, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *texts, strict=True)]
    right = [
        all(row[index][:1].isdigit() or not row[index] for row in texts)
        for index in range(len(header))
    ]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(cells, widths, right, strict=True)
        )
        return f"| {' | '.join(padded)} |"

    rule = (
        "-" * (width - 1) + ":" if is_number else "-" * width
        for width, is_number in zip(widths, right, strict=True)
    )
    return "\n".join((line(header), f"| {' | '.join(rule)} |", *map(line, texts)))
