"""The tables, columns and joins of a catalog that a question needs, within a number of tokens."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from defog_metadata.catalog import Catalog
from defog_metadata.catalog.index import TableIndex
from defog_metadata.lazy import lazy
from defog_metadata.progress import check_stopped
from defog_metadata.pruning.evidence import Evidence
from defog_metadata.pruning.joins import Joins
from defog_metadata.pruning.pruned import KeptColumn, KeptJoin, KeptTable, Pruned
from defog_metadata.pruning.ranking import ranked
from defog_metadata.pruning.selection import Chosen, Pick, Selection, choose, in_order
from defog_metadata.pruning.vocabulary import Vocabulary
from defog_metadata.pruning.writing import PromptText

__all__ = ["Pruner", "prune"]


def prune(  # noqa: PLR0913 - the documented arguments
    question: str,
    catalog: Catalog,
    evidence: Evidence | None = None,
    *,
    subtable_pruning: bool = True,
    prune_max_tokens: int = 5000,
    prune_bm25_num_columns: int = 50,
    schema_whitelist: Sequence[str] = (),
    schema_blacklist: Sequence[str] = (),
) -> Pruned:
    """The part of *catalog* that *question* needs, as ``Pruner.prune`` finds it.

    For more than one question, keep a ``Pruner``.
    """
    return Pruner(catalog, evidence).prune(
        question,
        subtable_pruning=subtable_pruning,
        prune_max_tokens=prune_max_tokens,
        prune_bm25_num_columns=prune_bm25_num_columns,
        schema_whitelist=schema_whitelist,
        schema_blacklist=schema_blacklist,
    )


class Pruner:
    """A catalog, and what is known beside it, ready for questions. Thread-safe."""

    def __init__(self, catalog: Catalog, evidence: Evidence | None = None) -> None:
        self.catalog = catalog
        self.evidence = evidence or Evidence()

    @property
    def index(self) -> TableIndex:
        return self.catalog.source.index

    @lazy
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.index.lexicon)

    @lazy
    def joins(self) -> Joins:
        return Joins(self.index, self.evidence)

    def prune(  # noqa: PLR0913 - the documented arguments
        self,
        question: str,
        *,
        subtable_pruning: bool = True,
        prune_max_tokens: int = 5000,
        prune_bm25_num_columns: int = 50,
        schema_whitelist: Sequence[str] = (),
        schema_blacklist: Sequence[str] = (),
    ) -> Pruned:
        """The part of the catalog that *question* needs, in at most *prune_max_tokens* tokens.

        The *prune_bm25_num_columns* columns that fit the question best are kept with their tables,
        and in addition what joins these: their keys, and tables between them. Without
        *subtable_pruning*, tables are kept whole, the best first, or left out. Schemas are
        compared whatever the letter case; the blacklist outranks the whitelist, and an empty
        whitelist allows all.
        """
        allows = _allowing(schema_whitelist, schema_blacklist)
        asked = self.vocabulary.asked(question)
        tables = ranked(question, asked, self.index, self.evidence, self.joins, allows)
        groups: list[list[Pick]]
        if subtable_pruning:
            groups = [[it] for it in in_order(tables)[: max(prune_bm25_num_columns, 0)]]
        else:
            groups = [[(table, it) for it in table.columns] for table in tables]
        selection = self._fitting(groups, prune_max_tokens, allows)
        text = PromptText(selection, self.catalog)
        text.add_notes(prune_max_tokens)
        return _pruned(question, selection, text)

    def _fitting(
        self, groups: Sequence[Sequence[Pick]], most: int, allows: Callable[[str], bool]
    ) -> Selection:
        """As many of *groups*, from the first on, as fit with what joins them."""
        fitting = Selection()
        low, high = 0, len(groups)
        # Mostly all of them fit.
        count = high
        while low < high:
            check_stopped()
            picks = (it for group in groups[:count] for it in group)
            found = choose(picks, self.joins, self.index, allows)
            if PromptText(found, self.catalog).tokens <= most:
                fitting, low = found, count
            else:
                high = count - 1
            count = (low + high + 1) // 2
        return fitting


def _allowing(whitelist: Sequence[str], blacklist: Sequence[str]) -> Callable[[str], bool]:
    white = {it.casefold() for it in whitelist}
    black = {it.casefold() for it in blacklist}

    def allows(schema: str) -> bool:
        key = schema.casefold()
        return key not in black and (not white or key in white)

    return allows


def _pruned(question: str, selection: Selection, text: PromptText) -> Pruned:
    names = {number: it.table.qualified_name for number, it in selection.tables.items()}
    return Pruned(
        question,
        tuple(_kept(it, selection) for it in selection.tables.values()),
        tuple(
            KeptJoin(
                names[it.left], it.columns, names[it.right], it.other_columns, it.origin, written
            )
            for it, written in zip(selection.joins, text.conditions, strict=True)
        ),
        str(text),
        text.tokens,
        text.catalog.search_path,
    )


def _kept(chosen: Chosen, selection: Selection) -> KeptTable:
    table = chosen.table
    names = chosen.columns
    kept = {(it.table.schema, it.table.name) for it in selection.tables.values()}
    # An index is nothing to a question.
    shown = replace(
        table,
        columns=tuple(chosen.kept_columns()),
        primary_key=table.primary_key if _has(names, table.primary_key) else (),
        unique_keys=tuple(it for it in table.unique_keys if _has(names, it.columns)),
        foreign_keys=tuple(
            it
            for it in table.foreign_keys
            if _has(names, it.columns)
            and (it.referred_schema or table.schema, it.referred_table) in kept
        ),
        indexes=(),
    )
    columns = tuple(KeptColumn(it.name, *names[it.name]) for it in shown.columns)
    return KeptTable(shown, chosen.score, chosen.why, columns)


def _has(names: Iterable[str], columns: Sequence[str]) -> bool:
    return bool(columns) and set(columns) <= set(names)
