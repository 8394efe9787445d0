"""Tables, CTEs and subqueries in words."""

from collections.abc import Iterator
from itertools import chain

from defog_lsp.ide.hover.place import Place
from defog_metadata.catalog import Table
from defog_metadata.catalog.described import (
    bullets,
    code,
    described_table,
    in_glossary,
    listed,
    paragraphs,
)
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.extents import behind, cte_text, opening
from defog_metadata.sql.facts.given import relations_made, said_above
from defog_metadata.sql.facts.origins import cte_of
from defog_metadata.sql.scopes import Reference, Relation
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.text import Span

__all__ = ["described_relation"]

_MOST_STATEMENTS = 3
_MOST_REFERRING = 8
_MOST_READ = 8


def described_relation(relation: Relation, place: Place, reference: Reference | None) -> str:
    """*relation*, which a name means or is given to."""
    table = relation.table
    if table is not None:
        return _stored(table, place)
    cte = cte_of(reference, place.naming) if reference is not None else None
    if relation.kind == "cte":
        said, reads = _of_cte(cte or _cte_called(relation, place) or relation, place)
    elif relation.path:
        said, reads = _of_made(relation, place)
    else:
        said, reads = "", _of_subquery(relation, place)
    facts = [f"Reads {_some(reads, _MOST_READ)}"] if reads else []
    return paragraphs(said, _declared(relation, place), bullets(facts))


def _stored(table: Table, place: Place) -> str:
    referring = ", ".join(_referring(table, place))
    questions = place.snapshot.usage.questions.get(table.qualified_name, ())
    said = place.snapshot.glossary.said_of_table(table.name, most=_MOST_STATEMENTS)
    return paragraphs(
        described_table(
            place.views.described(table),
            place.naming,
            f"Referenced by {referring}" if referring else "",
        ),
        in_glossary(said),
        "*Golden questions:*" if questions else "",
        bullets(list(questions)),
    )


def _referring(table: Table, place: Place) -> Iterator[str]:
    """The tables with keys to *table*, and the columns that these are."""
    found = place.snapshot.catalog.source.referring(table, limit=_MOST_REFERRING + 2)
    others = [it for it in found if it.qualified_name != table.qualified_name]
    for it in others[:_MOST_REFERRING]:
        for key in it.foreign_keys:
            schema = key.referred_schema or it.schema
            if key.referred_table == table.name and schema in ("", table.schema):
                yield f"{it.name}({', '.join(key.columns)})"
    if len(others) > _MOST_REFERRING:
        yield "and more"


def _declared(relation: Relation, place: Place) -> str:
    naming = place.naming
    name = naming.write(relation.name.text) if relation.name else "(unnamed)"
    what = {"cte": "with", "function": "function"}.get(relation.kind, relation.kind)
    columns = [place.remarked(it) for it in relation.fields]
    if relation.is_open:
        columns.append("…")
    return code(f"{what} {name} {listed(columns)}" if columns else f"{what} {name}")


def _some(names: list[str], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


# What a query reads, and what a comment says of it


def _cte_called(relation: Relation, place: Place) -> Relation | None:
    """The CTE as it was defined that *relation* reads, under whatever alias."""
    name = relation.path[-1] if relation.path else relation.name
    ctes = (it for scope in place.analysis.scopes for it in scope.ctes)
    return next((it for it in ctes if name and it.name and it.name.key == name.key), None)


def _of_cte(cte: Relation, place: Place) -> tuple[str, list[str]]:
    if cte.span is None:
        return "", []
    found = cte_text(cte.span, place.analysis.syntax.tokens)
    said = said_above(place.tokens, cte.span.start, place.analysis.statement.text)
    return said, _read_in(place.analysis, found.body) if found is not None else []


def _of_subquery(relation: Relation, place: Place) -> list[str]:
    """What the query in the brackets before an alias reads."""
    if relation.kind != "subquery" or relation.span is None:
        return []
    tokens = place.analysis.syntax.tokens
    last = behind(relation.span.start, tokens) - 1
    last -= last > 0 and tokens[last].word == "AS"
    first = opening(last, tokens)
    if first is None:
        return []
    return _read_in(place.analysis, Span(tokens[first].start, tokens[last].end))


def _of_made(relation: Relation, place: Place) -> tuple[str, list[str]]:
    """What the statement that makes *relation* reads, and what stands above it."""
    snapshot = place.snapshot
    start = place.analysis.statement.start
    keys = [it.key for it in relation.path]
    for analysis in chain(
        (place.analysis,), snapshot.defining_before(start, relation.path[-1].text)
    ):
        for made in relations_made(analysis):
            if [it.key for it in made.path][-len(keys) :] != keys:
                continue
            statement = analysis.statement
            before = snapshot.statements_before(statement.start)
            ends = (it.span.end for it in before if it.start < statement.start)
            gap = next(ends, 0)
            text = snapshot.text[gap : statement.start]
            above = snapshot.text[snapshot.text.rfind("\n", 0, gap) + 1 : gap]
            # On the line of the statement before it, a comment is about that.
            text = text if not above.strip() else text[text.find("\n") :] if "\n" in text else ""
            said = said_above(tokenize(text, snapshot.dialect), len(text), text)
            own = {it.key for it in made.path[-1:]}
            reads = _read_in(analysis, Span(0, len(statement.text)))
            return said, [it for it in reads if it.casefold() not in own]
    return "", []


def _read_in(analysis: Analysis, within: Span) -> list[str]:
    """The names of the tables, views and CTEs that stand in *within*, each once."""
    found: dict[str, str] = {}
    tables = (it for it in analysis.references if it.kind == "table")
    for it in sorted(tables, key=lambda it: it.span):
        if within.start <= it.span.start and it.span.end <= within.end:
            name = ".".join(part.text for part in (*it.qualifier, it.name))
            found.setdefault(name.casefold(), name)
    return list(found.values())
