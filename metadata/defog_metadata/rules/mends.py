"""What rules about names have in common: the words and the edits of a mend."""

from collections.abc import Sequence

from defog_metadata.catalog import Name, Naming
from defog_metadata.rules.findings import Fix
from defog_metadata.spelling import is_clear, recased
from defog_metadata.text import Edit, Span

__all__ = ["change", "did_you_mean", "respelled", "spelled"]

# MySQL's file systems and BigQuery's data sets may tell letter cases of tables apart.
_EXACT_TABLES = frozenset(("mysql", "bigquery"))


def spelled(stored: str, written: Name, naming: Naming, *, is_table: bool = False) -> str:
    """How *stored* is written in the place of *written*: with its quotes, in its letter case."""
    plain = naming.write(stored)
    if written.quoted:
        quoted = f"{naming.quote_open}{stored}{naming.quote_close}"
        return quoted if plain == stored else plain
    is_exact = naming.folding == "sensitive" or (is_table and naming.dialect in _EXACT_TABLES)
    if plain != stored or is_exact or stored not in (stored.lower(), stored.upper()):
        return plain
    return recased(stored, written.text)


def did_you_mean(start: str, shown: Sequence[str]) -> str:
    """*start* with the question that the names in *shown* answer."""
    return f"{start}; did you mean {' or '.join(shown)}?" if shown else start


def respelled(span: Span, written: str, close: tuple[str, ...], shown: Sequence[str]) -> list[Fix]:
    """A mend for each of *close*, the names nearest to *written*, as *shown* spells them."""
    return [
        change(span, text, is_certain=index == 0 and is_clear(written, close))
        for index, text in enumerate(shown)
    ]


def change(span: Span, text: str, *, is_certain: bool = False) -> Fix:
    return Fix(f"Change to {text}", (Edit(span, text),), is_certain=is_certain)
