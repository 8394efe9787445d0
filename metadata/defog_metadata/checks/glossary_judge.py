"""Whether a name in a glossary is surely meant as one, and is none."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from defog_metadata.catalog import Table
from defog_metadata.checks.glossary_cues import Around
from defog_metadata.checks.glossary_facts import HUMP, GlossaryFacts, is_slip_of
from defog_metadata.checks.glossary_sql import is_sql_word
from defog_metadata.checks.vocabulary import Vocabulary, parts_of, tables_called
from defog_metadata.pruning import Mention, looks_like_a_name, terms
from defog_metadata.rules.mends import did_you_mean
from defog_metadata.spelling import distance, nearest, recased
from defog_metadata.text import Span

__all__ = ["Judge", "Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    span: Span
    message: str
    shown: tuple[str, ...] = ()
    """What could be written instead."""
    is_certain: bool = False
    code: str = "glossary-unknown-name"
    key: str = ""
    """The name that is unknown, if it surely is one."""


@dataclass(frozen=True)
class Judge:
    """Decides about one mention."""

    facts: GlossaryFacts
    line: str
    mention: Mention
    sure: frozenset[str]
    is_sql: bool = False

    @property
    def _around(self) -> Around:
        return Around(self.line, self.mention.span)

    def problem(self) -> Problem | None:
        if self._is_no_name():
            return None
        if len(self.mention.parts) == 1:
            return self._single(0, self.facts.vocabulary)
        return self._path()

    # -- names with dots

    def _path(self) -> Problem | None:
        keys, names = self.mention.key, self.facts.vocabulary
        tables: list[Table] = []
        for index, key in enumerate(keys):
            if names.table(key) is None:
                continue
            tables = tables_called(self.facts.catalog, keys[: index + 1])
            rest = keys[index + 1 :]
            if not tables:
                continue
            if not rest or self._around.goes_on_with("*", ".*") or _has_column(tables, rest[0]):
                return None
            return self._column_of(index + 1, tables)
        if names.column(keys[0]) is not None and keys[0] not in self.sure:
            return None  # a field of a structured column
        return self._owner()

    def _column_of(self, index: int, tables: Sequence[Table]) -> Problem | None:
        """The column *index* that none of *tables* has."""
        written = self.mention.parts[index]
        columns = {it.name.casefold(): it.name for table in tables for it in table.columns}

        def starting(prefix: str) -> Iterable[str]:
            return (it for key, it in columns.items() if key.startswith(prefix))

        if not columns or self._is_pattern(index, starting):
            return None
        close = nearest(written, columns.values())
        if self.mention.place != "code" and not is_slip_of(written, close):
            if written.casefold() in _ENDINGS or not terms(written):
                return None
            if written[:1].isupper() and not tables[0].name[:1].isupper():
                return None  # the next sentence, with no space before it
            if (
                not close
                and not looks_like_a_name(written)
                and not self._around.is_followed_by_sense()
            ):
                return None
        message = f"{tables[0].name} has no column {written}"
        return self._told(index, message, close)

    def _owner(self) -> Problem | None:
        """A column behind the name of a table that is not there."""
        names = self.facts.vocabulary
        owner, column = len(self.mention.parts) - 2, self.mention.key[-1]
        written = self.mention.parts[owner]
        is_column = names.column(column) is not None
        close = nearest(written, names.near_tables(written.casefold()))
        is_slip = is_slip_of(written, close)
        if len(written) <= _LONGEST_ALIAS and not is_slip:
            return self._single(owner + 1, names) if not is_column else None
        if owner and names.is_schema(self.mention.key[owner - 1]) and self.mention.is_marked:
            return self._told(owner, f"there is no table {written}", close, is_table=True)
        if column in _ENDINGS and not is_column:
            return None
        if not is_column:
            close_columns = nearest(column, names.near_columns(column))
            if not is_slip or not is_slip_of(column, close_columns):
                return None
        elif not is_slip:
            is_name = self.is_sql or self.mention.place == "code" or looks_like_a_name(column)
            if not is_name and written.casefold() not in self.sure and not self._around.is_cued():
                return None
        owners = [it for it in names.owners(column) if it not in close]
        shown = close if is_slip or len(owners) > _FEW else (*close, *owners)
        return self._told(owner, f"there is no table {written}", shown, is_table=True)

    # -- names that stand alone

    def _single(self, index: int, names: Vocabulary) -> Problem | None:
        key, written = self.mention.key[index], self.mention.parts[index]
        if names.has(key) or self._is_pattern(index, names.columns_starting):
            return None
        is_shaped = looks_like_a_name(written)
        if not self.is_sql and self.mention.place != "code" and _is_plural_of_a_name(key, names):
            return None
        if not is_shaped and (
            is_sql_word(written, self.facts.dialect) or not self._could_be_a_name()
        ):
            return None
        own = (it for it in self.facts.made_names if it.casefold() != key)
        close = nearest(written, (*names.near_columns(key), *names.near_tables(key), *own))
        if not self._is_meant(written, close, is_shaped=is_shaped) or names.is_value(key):
            return None
        return self._told(index, f"there is no table or column {written}", close)

    def _is_meant(self, written: str, close: tuple[str, ...], *, is_shaped: bool) -> bool:
        """Whether *written*, which is no name, is surely meant as one."""
        facts, key = self.facts, written.casefold()
        is_slip = is_slip_of(written, close)
        is_term = key in facts.defined
        if key in self.sure and is_shaped:
            return True
        if is_shaped and HUMP.search(written) and "_" not in written:
            # Brands have humps too.
            if not facts.has_humps and self.mention.place != "code" and not self.is_sql:
                return False
            if not is_slip and written[:1].isupper() and not self.is_sql:
                return False
        if is_slip and is_shaped and (is_term or not self._is_code):
            is_slip = not self._is_another_word(written, close[0], is_term=is_term)
        if is_shaped:
            if self.is_sql:
                return is_slip or not is_term
            if written.isupper() and not self._is_code:
                return is_slip and len(written) >= _LONG
            return is_slip or (self._around.is_cued() and not is_term)
        if not is_slip or len(written) < _SHORTEST or is_term:
            return self.mention.is_whole and self.mention.place == "code" and self._around.is_cued()
        return self._is_plain_name(written, close[0])

    def _could_be_a_name(self) -> bool:
        """Whether a plain word stands where it may have to be looked for, which takes time."""
        return self._is_code or self._around.is_cued() or self._around.is_compared()

    def _is_plain_name(self, written: str, meant: str) -> bool:
        """Whether a plain word close to *meant* stands where only a name can."""
        key, names = written.casefold(), self.facts.vocabulary
        is_other_number = key in (f"{meant.casefold()}s", meant.casefold().removesuffix("s"))
        if self.is_sql:
            return not (is_other_number and names.table(meant.casefold()) is not None) and (
                key not in self.facts.words
            )
        if self.mention.place == "code":
            if not self.mention.is_whole:
                return False
            return self._around.is_cued() or not (is_other_number or self._around.is_value())
        is_shaped = looks_like_a_name(meant) or self.facts.has_humps
        if is_shaped and not is_other_number and len(written) >= _LONG and self._around.is_cued():
            return meant.replace("_", "").casefold() != key
        return (
            self._around.is_compared()
            and not is_other_number
            and names.column(meant.casefold()) is not None
            and self.mention.place == "prose"
            and written.islower()
            and not self.facts.is_used_twice(key)
        )

    # -- what stands around

    @property
    def _is_code(self) -> bool:
        return self.is_sql or self.mention.place == "code"

    def _is_no_name(self) -> bool:
        mention, text = self.mention, self.line
        if mention.place == "quotes":
            return True  # a value, or a term
        if " " in mention.parts[0] and mention.is_whole:
            return True
        if any(it.startswith("_") or it.endswith("_") for it in mention.parts) and not (
            self._around.goes_on_with("*")
        ):
            return True  # a part of names: "columns that end with _id"
        behind = text[mention.span.end : mention.span.end + 1]
        if behind == "(" and not self.is_sql:
            return True  # a function; ours, or the user's
        if (
            behind in ("@", "#", "\\")
            or text[mention.span.start - 1 : mention.span.start] in _SIGNS
        ):
            return mention.span.start > 0 or behind in ("@", "#", "\\")
        if mention.key[-1] in _ENDINGS and self._is_file():
            return True
        return not self.is_sql and self._is_in_a_path()

    def _is_file(self) -> bool:
        if len(self.mention.key) == 1 or self.is_sql:
            return False
        owner, ending = self.mention.key[-2:]
        tables = tables_called(self.facts.catalog, (owner,))
        return not tables or (ending in _OF_DATA and not _has_column(tables, ending))

    def _is_in_a_path(self) -> bool:
        """Whether slashes are around it, and nothing beside them is a name."""
        found = next(
            (
                it
                for it in _SLASHED.finditer(self.line)
                if it.start() <= self.mention.span.start < it.end()
            ),
            None,
        )
        if found is None:
            return False
        names = self.facts.vocabulary
        return not any(names.has(it.casefold()) for it in re.split(r"[/.]", found[0]))

    def _is_pattern(self, index: int, starting: Callable[[str], Iterable[str]]) -> bool:
        """Whether it stands for several names: ``day30_*``, ``dayN_score``, ``utm_%``.

        *starting* answers with the names that start with a casefolded prefix.
        """
        key, written = self.mention.key[index], self.mention.parts[index]
        if self.mention.spans[index].end == self.mention.span.end and self._around.goes_on_with(
            "*", "%"
        ):
            return any(True for _ in starting(key)) or not key.endswith("_")
        for hole in _HOLE.finditer(written):
            start, end = hole.span()
            pattern = re.compile(rf"{re.escape(key[:start])}\w*{re.escape(key[end:])}")
            if any(pattern.fullmatch(it.casefold()) for it in starting(key[:start])):
                return True
        return False

    def _is_another_word(self, written: str, meant: str, *, is_term: bool) -> bool:
        """Whether it differs from *meant* in whole words: ``order_rate`` is no ``order_date``.

        What is defined may differ in numbers too.
        """
        ours, theirs = parts_of(written), parts_of(meant)
        if len(ours) != len(theirs):
            return False
        different = [a for a, b in zip(ours, theirs, strict=True) if a != b]

        def is_word(it: str) -> bool:
            return it in self.facts.words or self.facts.vocabulary.is_word(it)

        return (
            bool(different)
            and all(
                it.isdigit() if it.isdigit() or not is_word(it) else len(it) >= _SHORTEST
                for it in different
                if not (it.isdigit() and is_term)
            )
            if is_term
            else bool(different) and all(len(it) >= _SHORTEST and is_word(it) for it in different)
        )

    # -- what is said

    def _told(
        self, index: int, message: str, close: Sequence[str], *, is_table: bool = False
    ) -> Problem:
        written = self.mention.parts[index]
        shown = tuple(dict.fromkeys(_spelled(it, written) for it in close))
        sure = written.casefold() if is_table or looks_like_a_name(written) else ""
        return Problem(
            self.mention.spans[index],
            did_you_mean(message, shown),
            shown,
            key=sure,
        )


def _spelled(stored: str, written: str) -> str:
    """*stored* as *written*, a slip of it, would have been: prose is not quoted."""
    if stored == stored.lower() and distance(stored, written.casefold()) <= _FEW:
        return recased(stored, written)
    return stored


def _is_plural_of_a_name(key: str, names: Vocabulary) -> bool:
    """``coupon_ids``; and of a table's name, ``order_item``."""
    singular = (key.removesuffix("s"), key.removesuffix("es"))
    return any(it != key and names.has(it) for it in singular) or (
        names.table(f"{key}s") is not None
    )


def _has_column(tables: Sequence[Table], key: str) -> bool:
    return any(table.columns_like(key) or not table.columns for table in tables)


_SHORTEST = 3
_LONG = 8
_FEW = 2
_LONGEST_ALIAS = 3
_SIGNS = ("@", "#", "\\", "$", "%", "-", "<", "{")
_HOLE = re.compile(r"(?<![A-Z])[NXYZ]{1,2}(?![A-Za-z])|(?<![A-Za-z])(?:nn?|xx?)(?![A-Za-z])")
_ENDINGS = frozenset(
    """csv tsv json jsonl md txt sql py js ts rs go java html htm xml yml yaml toml ini cfg pdf xls
    xlsx doc docx ppt pptx parquet avro orc zip gz log db sqlite png jpg svg com org net io dev app
    ai co uk de fr eu gov edu""".split()
)
_OF_DATA = frozenset("csv tsv json jsonl md txt sql py xls xlsx parquet".split())
_SLASHED = re.compile(r"[\w.-]+(?:/[\w.-]+)+")
