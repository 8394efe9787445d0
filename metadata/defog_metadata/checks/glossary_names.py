"""glossary-unknown-name: tables and columns that a glossary names and the metadata does not have.

A glossary is prose, and a word of prose is no mistake because a database has none of its name. So
every finding rests on two things: that the word is meant as a name (it stands in SQL, behind a
table's name and a dot, in backticks, or is written as only names are), and that it is none: either
it comes near one, or what stands around it says that it is a table or column.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from defog_metadata.catalog import Catalog, Table
from defog_metadata.checks.glossary_sql import Fragment, fragments, is_sql_word
from defog_metadata.checks.glossary_terms import definition_of
from defog_metadata.checks.vocabulary import Vocabulary, parts_of, tables_called, vocabulary_of
from defog_metadata.documents.glossary import GlossaryLine
from defog_metadata.pruning import Mention, looks_like_a_name, mentions, terms
from defog_metadata.rules import DEFAULT_SEVERITIES, Finding, Severity
from defog_metadata.rules.mends import change, did_you_mean
from defog_metadata.spelling import distance, nearest, recased
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span

__all__ = ["glossary_names"]

CODE = "glossary-unknown-name"


def glossary_names(
    lines: Sequence[GlossaryLine],
    catalog: Catalog,
    dialect: str,
    severities: Mapping[str, Severity] | None = None,
) -> list[Finding]:
    """What is named in *lines* and not there, and SQL in them that does not parse.

    The findings count from the start of the text that the lines are of, and are in its order.
    """
    chosen = {**DEFAULT_SEVERITIES, **(severities or {})}
    found: list[Finding] = []
    checker = _Checker(lines, catalog, dialect)
    for line, problem in checker.problems():
        if chosen[problem.code] != "off":
            fixes = tuple(
                change(problem.span.shifted(line.span.start), it, is_certain=problem.is_certain)
                for it in problem.shown
            )
            found.append(
                Finding(
                    problem.span.shifted(line.span.start),
                    problem.code,
                    chosen[problem.code],
                    problem.message,
                    fixes,
                )
            )
    return sorted(found, key=lambda it: it.span)


@dataclass(frozen=True, slots=True)
class _Problem:
    span: Span
    message: str
    shown: tuple[str, ...] = ()
    """What could be written instead."""
    is_certain: bool = False
    code: str = CODE
    key: str = ""
    """The name that is unknown, if it surely is one."""


@dataclass
class _Checker:
    lines: Sequence[GlossaryLine]
    catalog: Catalog
    dialect: str
    vocabulary: Vocabulary = field(init=False)
    words: frozenset[str] = field(init=False)
    """What the prose is made of, names left out."""
    defined: dict[str, str] = field(init=False)
    """The terms that the glossary itself defines, by their keys."""
    has_humps: bool = field(init=False)
    """Whether names are written as ``orderId`` here."""
    _read: dict[str, tuple[Fragment, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        is_known = bool(self.catalog) and not self.catalog.is_partial
        self.vocabulary = vocabulary_of(self.catalog if is_known else Catalog())
        self.words = frozenset(self._prose())
        self.defined = {
            name.replace(" ", "_"): definition.term
            for line in self.lines
            if (definition := definition_of(line.text))
            for name in definition.names
        }
        made = (
            it
            for line in self.lines
            for found in _MADE.finditer(line.text)
            for it in found.groups()
        )
        self.defined.update((it.casefold(), it) for it in made if it)
        self.has_humps = self._has_humps()

    @property
    def made_names(self) -> Iterator[str]:
        """What is defined in the text and is written like a name."""
        return (
            it for key, it in self.defined.items() if it.casefold() == key and looks_like_a_name(it)
        )

    def problems(self) -> Iterator[tuple[GlossaryLine, _Problem]]:
        """Each line's, a word that is surely an unknown name somewhere being one everywhere."""
        found: list[tuple[GlossaryLine, _Problem]] = []
        sure: set[str] = set()
        for line in self.lines:
            for problem in self._line(line.text, frozenset()):
                found.append((line, problem))
                sure.update(filter(None, (problem.key,)))
        if not sure:
            return iter(found)
        return iter(
            [(line, it) for line in self.lines for it in self._line(line.text, frozenset(sure))]
        )

    def _line(self, text: str, sure: frozenset[str]) -> Iterator[_Problem]:
        found = self.fragments(text)
        read = [it.span for it in found if it.tree is not None]
        for fragment in found:
            if fragment.problem is not None:
                yield _syntax(fragment)
        if not self.vocabulary.tables:
            return
        told: set[Span] = set()
        for fragment in found:
            for mention in self._names(fragment):
                problem = _Judge(self, text, mention, sure, is_sql=True).problem()
                if problem is not None and problem.span not in told:
                    told.add(problem.span)
                    yield problem
        for mention in mentions(text):
            if _is_in(mention, read):
                continue
            problem = _Judge(self, text, mention, sure).problem()
            if problem is not None and problem.span not in told:
                told.add(problem.span)
                yield problem

    def _names(self, fragment: Fragment) -> Iterator[Mention]:
        """The names in *fragment* that are not known to be right."""
        if not fragment.is_query:
            yield from fragment.names()
            return
        snapshot = Snapshot(fragment.sql, self.catalog, self.dialect)
        unknown = [it.span for it in snapshot.references() if it.status == "unknown"]
        for mention in fragment.names():
            place = mention.span.shifted(-fragment.shift)
            if any(place.start <= it.start and it.end - 1 <= place.end for it in unknown):
                yield mention

    def fragments(self, text: str) -> tuple[Fragment, ...]:
        """The SQL in *text*, one of the lines; read once."""
        found = self._read.get(text)
        if found is None:
            found = tuple(fragments(text, self.dialect, self._is_or_nearly_is_a_name))
            self._read[text] = found
        return found

    def _is_or_nearly_is_a_name(self, word: str) -> bool:
        key = word.casefold()
        return self.vocabulary.has(key) or (
            len(key) >= _SHORTEST and _is_slip_of(key, nearest(key, self.vocabulary.columns))
        )

    def _prose(self) -> Iterator[str]:
        for line in self.lines:
            read = [it.span for it in self.fragments(line.text)]
            for mention in mentions(line.text):
                is_alone = mention.place != "code" and len(mention.parts) == 1
                if is_alone and not mention.is_marked and not _is_in(mention, read):
                    yield mention.key[0]

    def _has_humps(self) -> bool:
        stored = (*self.vocabulary.columns.values(), *self.vocabulary.tables.values())
        if any(_HUMP.search(it) for it in stored):
            return True
        humped = {
            key
            for line in self.lines
            for mention in mentions(line.text)
            for key, part in zip(mention.key, mention.parts, strict=True)
            if _HUMP.search(part) and self.vocabulary.has(key)
        }
        return len(humped) > 1


def _is_in(mention: Mention, spans: Sequence[Span]) -> bool:
    return any(it.start <= mention.span.start < it.end for it in spans)


def _syntax(fragment: Fragment) -> _Problem:
    problem = fragment.problem
    assert problem is not None  # noqa: S101
    start = max(problem.span.start + fragment.shift, fragment.span.start)
    end = min(max(problem.span.end + fragment.shift, start), fragment.span.end)
    if start == end:
        start = max(start - 1, fragment.span.start)
    return _Problem(Span(start, end), problem.message, code="syntax-error")


@dataclass(frozen=True)
class _Judge:
    """Decides about one mention."""

    checker: _Checker
    line: str
    mention: Mention
    sure: frozenset[str]
    is_sql: bool = False

    def problem(self) -> _Problem | None:
        if self._is_no_name():
            return None
        if len(self.mention.parts) == 1:
            return self._single(0, self.checker.vocabulary)
        return self._path()

    # -- names with dots

    def _path(self) -> _Problem | None:
        keys, names = self.mention.key, self.checker.vocabulary
        tables: list[Table] = []
        for index, key in enumerate(keys):
            if key not in names.tables:
                continue
            tables = tables_called(self.checker.catalog, keys[: index + 1])
            rest = keys[index + 1 :]
            if not tables:
                continue
            if not rest or self._goes_on_with("*", ".*") or _has_column(tables, rest[0]):
                return None
            return self._column_of(index + 1, tables)
        if keys[0] in names.columns and keys[0] not in self.sure:
            return None  # a field of a structured column
        return self._owner()

    def _column_of(self, index: int, tables: Sequence[Table]) -> _Problem | None:
        """The column *index* that none of *tables* has."""
        written = self.mention.parts[index]
        columns = {it.name.casefold(): it.name for table in tables for it in table.columns}
        if not columns or self._is_pattern(index, columns):
            return None
        close = nearest(written, columns.values())
        if self.mention.place != "code" and not _is_slip_of(written, close):
            if written.casefold() in _ENDINGS or not terms(written):
                return None
            if written[:1].isupper() and not tables[0].name[:1].isupper():
                return None  # the next sentence, with no space before it
            if not close and not looks_like_a_name(written) and not self._is_followed_by_sense():
                return None
        message = f"{tables[0].name} has no column {written}"
        return self._told(index, message, close)

    def _owner(self) -> _Problem | None:
        """A column behind the name of a table that is not there."""
        names = self.checker.vocabulary
        owner, column = len(self.mention.parts) - 2, self.mention.key[-1]
        written = self.mention.parts[owner]
        is_column = column in names.columns
        close = nearest(written, names.tables.values())
        is_slip = _is_slip_of(written, close)
        if len(written) <= _LONGEST_ALIAS and not is_slip:
            return self._single(owner + 1, names) if not is_column else None
        if owner and self.mention.key[owner - 1] in names.schemas and self.mention.is_marked:
            return self._told(owner, f"there is no table {written}", close, is_table=True)
        if column in _ENDINGS and not is_column:
            return None
        if not is_column:
            close_columns = nearest(column, names.columns)
            if not is_slip or not _is_slip_of(column, close_columns):
                return None
        elif not is_slip:
            is_name = self.is_sql or self.mention.place == "code" or looks_like_a_name(column)
            if not is_name and written.casefold() not in self.sure and not self._is_cued():
                return None
        owners = [it for it in names.owners.get(column, ()) if it not in close]
        shown = close if is_slip or len(owners) > _FEW else (*close, *owners)
        return self._told(owner, f"there is no table {written}", shown, is_table=True)

    # -- names that stand alone

    def _single(self, index: int, names: Vocabulary) -> _Problem | None:
        key, written = self.mention.key[index], self.mention.parts[index]
        if names.has(key) or key in names.values or self._is_pattern(index, names.columns):
            return None
        is_shaped = looks_like_a_name(written)
        if not self.is_sql and self.mention.place != "code" and _is_plural_of_a_name(key, names):
            return None
        if not is_shaped and (
            is_sql_word(written, self.checker.dialect) or not self._could_be_a_name()
        ):
            return None
        own = (it for it in self.checker.made_names if it.casefold() != key)
        close = nearest(written, (*names.columns.values(), *names.tables.values(), *own))
        if not self._is_meant(written, close, is_shaped=is_shaped):
            return None
        return self._told(index, f"there is no table or column {written}", close)

    def _is_meant(self, written: str, close: tuple[str, ...], *, is_shaped: bool) -> bool:
        """Whether *written*, which is no name, is surely meant as one."""
        checker, key = self.checker, written.casefold()
        is_slip = _is_slip_of(written, close)
        is_term = key in checker.defined
        if key in self.sure and is_shaped:
            return True
        if is_shaped and _HUMP.search(written) and "_" not in written:
            # Brands have humps too.
            if not checker.has_humps and self.mention.place != "code" and not self.is_sql:
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
            return is_slip or (self._is_cued() and not is_term)
        if not is_slip or len(written) < _SHORTEST or is_term:
            return self.mention.is_whole and self.mention.place == "code" and self._is_cued()
        return self._is_plain_name(written, close[0])

    def _could_be_a_name(self) -> bool:
        """Whether a plain word stands where it may have to be looked for, which takes time."""
        return self._is_code or self._is_cued() or self._is_compared()

    def _is_compared(self) -> bool:
        """Whether it is an operand, and not what the statement defines."""
        before = self.line[: self.mention.span.start]
        is_operand = _COMPARED.match(self.line, self.mention.span.end) is not None
        return is_operand and _CLAUSE_BEFORE.search(before) is not None

    def _is_plain_name(self, written: str, meant: str) -> bool:
        """Whether a plain word close to *meant* stands where only a name can."""
        key, names = written.casefold(), self.checker.vocabulary
        is_other_number = key in (f"{meant.casefold()}s", meant.casefold().removesuffix("s"))
        if self.is_sql:
            return not (is_other_number and meant.casefold() in names.tables) and (
                key not in self.checker.words
            )
        if self.mention.place == "code":
            if not self.mention.is_whole:
                return False
            return self._is_cued() or not (is_other_number or self._is_value())
        is_shaped = looks_like_a_name(meant) or self.checker.has_humps
        if is_shaped and not is_other_number and len(written) >= _LONG and self._is_cued():
            return meant.replace("_", "").casefold() != key
        return (
            self._is_compared()
            and not is_other_number
            and meant.casefold() in names.columns
            and self.mention.place == "prose"
            and written.islower()
            and not self._is_used_elsewhere(key)
        )

    def _is_used_elsewhere(self, key: str) -> bool:
        uses = sum(
            mention.key == (key,) for line in self.checker.lines for mention in mentions(line.text)
        )
        return uses > 1

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
            self._goes_on_with("*")
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
        tables = tables_called(self.checker.catalog, (owner,))
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
        names = self.checker.vocabulary
        return not any(names.has(it.casefold()) for it in re.split(r"[/.]", found[0]))

    def _is_pattern(self, index: int, known: Mapping[str, str]) -> bool:
        """Whether it stands for several names: ``day30_*``, ``dayN_score``, ``utm_%``."""
        key, written = self.mention.key[index], self.mention.parts[index]
        if self.mention.spans[index].end == self.mention.span.end and self._goes_on_with("*", "%"):
            return any(it.startswith(key) for it in known) or not key.endswith("_")
        for hole in _HOLE.finditer(written):
            start, end = hole.span()
            pattern = re.compile(rf"{re.escape(key[:start])}\w*{re.escape(key[end:])}")
            if any(pattern.fullmatch(it) for it in known):
                return True
        return False

    def _goes_on_with(self, *signs: str) -> bool:
        return self.line.startswith(signs, self.mention.span.end)

    def _is_cued(self) -> bool:
        """Whether the words around say that it is a table or column."""
        before = self.line[: self.mention.span.start]
        behind = self.line[self.mention.span.end :]
        before = _LIST_BEFORE.sub("", before)
        if _CUE_BEFORE.search(before):
            return True
        if _ON.search(before) and _JOIN.search(before):
            return True
        if _CUE_BEHIND.match(behind):
            return True
        return _WHERE.search(before) is not None and _COMPARED.match(behind) is not None

    def _is_value(self) -> bool:
        """Whether the words before say that it is what a column contains."""
        return (
            _VALUE_BEFORE.search(_LIST_BEFORE.sub("", self.line[: self.mention.span.start]))
            is not None
        )

    def _is_followed_by_sense(self) -> bool:
        """Whether the sentence goes on behind it, so that its dot is no full stop."""
        return self.line[self.mention.span.end : self.mention.span.end + 1] in " ,;:)."

    def _is_another_word(self, written: str, meant: str, *, is_term: bool) -> bool:
        """Whether it differs from *meant* in whole words: ``order_rate`` is no ``order_date``.

        What is defined may differ in numbers too.
        """
        ours, theirs = parts_of(written), parts_of(meant)
        if len(ours) != len(theirs):
            return False
        different = [a for a, b in zip(ours, theirs, strict=True) if a != b]
        words = self.checker.words | self.checker.vocabulary.words
        return (
            bool(different)
            and all(
                it.isdigit() if it.isdigit() or it not in words else len(it) >= _SHORTEST
                for it in different
                if not (it.isdigit() and is_term)
            )
            if is_term
            else bool(different) and all(len(it) >= _SHORTEST and it in words for it in different)
        )

    # -- what is said

    def _told(
        self, index: int, message: str, close: Sequence[str], *, is_table: bool = False
    ) -> _Problem:
        written = self.mention.parts[index]
        shown = tuple(dict.fromkeys(_spelled(it, written) for it in close))
        sure = written.casefold() if is_table or looks_like_a_name(written) else ""
        return _Problem(
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


def _is_slip_of(written: str, close: Sequence[str]) -> bool:
    """Whether the first of *close* is only a slip or two away from *written*."""
    if not close:
        return False
    slips = distance(written.casefold(), close[0].casefold())
    return slips <= (1 if len(written) < _LONG else 2)


def _is_plural_of_a_name(key: str, names: Vocabulary) -> bool:
    """``coupon_ids``; and of a table's name, ``order_item``."""
    singular = (key.removesuffix("s"), key.removesuffix("es"))
    return any(it != key and names.has(it) for it in singular) or f"{key}s" in names.tables


def _has_column(tables: Sequence[Table], key: str) -> bool:
    return any(table.columns_like(key) or not table.columns for table in tables)


# What a query in the text gives a name to.
_MADE = re.compile(r"\bAS\s+[`\"]?(\w+)|\b(\w+)[`\"]?\s+AS\s*\(")
_SHORTEST = 3
_LONG = 8
_FEW = 2
_LONGEST_ALIAS = 3
_SIGNS = ("@", "#", "\\", "$", "%", "-", "<", "{")
_HUMP = re.compile(r"[a-z][A-Z]")
_HOLE = re.compile(r"(?<![A-Z])[NXYZ]{1,2}(?![A-Za-z])|(?<![A-Za-z])(?:nn?|xx?)(?![A-Za-z])")
_ENDINGS = frozenset(
    """csv tsv json jsonl md txt sql py js ts rs go java html htm xml yml yaml toml ini cfg pdf xls
    xlsx doc docx ppt pptx parquet avro orc zip gz log db sqlite png jpg svg com org net io dev app
    ai co uk de fr eu gov edu""".split()
)
# What files of a table's name may be.
_OF_DATA = frozenset("csv tsv json jsonl md txt sql py xls xlsx parquet".split())
_SLASHED = re.compile(r"[\w.-]+(?:/[\w.-]+)+")
_ITEM = r"""[`"]?[\w.$]+[`"]?"""
_LIST_BEFORE = re.compile(
    rf"""(?:{_ITEM}(?:\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s*/\s*))+[`"]?$"""
)
_CUE_BEFORE = re.compile(
    r"""\b(?:tables?|columns?|joins?|joining|joined\s+(?:to|with|on|by)|group(?:ed)?\s+by
    |order(?:ed)?\s+by|partition(?:ed)?\s+by|(?:the|a)\s+view|instead\s+of|using|rows?\s+in)
    \s+(?:the\s+|either\s+|both\s+|from\s+)?[`"]?$""",
    re.IGNORECASE | re.VERBOSE,
)
_CUE_BEHIND = re.compile(
    rf"""[`"]?(?:(?:\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s*/\s*){_ITEM})*
    \s+(?:tables?|columns?|view|is\s+(?:not\s+)?null|(?:can\s+be|is|are|should\s+be|must\s+be)\s+joined|joins)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ON = re.compile(r"\bon\s+(?:the\s+)?[`\"]?$", re.IGNORECASE)
_JOIN = re.compile(r"\bjoin(?:s|ed|ing)?\b", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:where|when|if|filter(?:ed)?(?:\s+(?:by|on))?)\s+[`\"]?$", re.IGNORECASE)
_COMPARED = re.compile(r"[`\"]?\s*(?:=|<|>|!=|(?:is|in|like|between|not)\b)", re.IGNORECASE)
_CLAUSE_BEFORE = re.compile(r"(?:,|;|\b(?:and|or|where|when|if|with))\s+$", re.IGNORECASE)
_VALUE_BEFORE = re.compile(
    r"(?:=|:|\b(?:is|are|be|was|values?|equals?|equal\s+to|set\s+to|as|like|either|not|status|means?)"
    r"|\bin\s*\(?)\s*[`\"]?$",
    re.IGNORECASE,
)
