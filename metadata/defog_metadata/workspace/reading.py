"""From the text of ``defog.toml`` to a ``Configuration``: one method a section."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from defog_metadata.documents.settings import Setting
from defog_metadata.documents.toml_text import read_toml
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Severity
from defog_metadata.workspace.configuration import (
    Configuration,
    Connection,
    FileRule,
    Formatting,
    KeywordCase,
    Problem,
    Pruning,
)
from defog_metadata.workspace.engines import (
    ENGINES,
    SECRET_FIELDS,
    Engine,
    canonical_db_type,
    canonical_dialect,
)
from defog_metadata.workspace.secret import Secret
from defog_metadata.workspace.sections import Section, similar
from defog_metadata.workspace.settings import FORMATTERS, KEYWORD_CASES, RUNS, SEVERITIES, settings

__all__ = ["Reading", "read_dialect", "read_rules"]


def read_dialect(section: Section) -> str:
    """Sqlglot's name of the dialect that *section* names, empty when it names none."""
    written = section.text("dialect")
    if written is None:
        return ""
    dialect = canonical_dialect(written)
    if dialect in {it.dialect for it in ENGINES.values()} or dialect in _all_dialects():
        return dialect
    known = sorted(_all_dialects())
    hint = similar(dialect, known) or f"; known: {', '.join(known)}"
    section.report(section.node.at("dialect").value, f"unknown dialect {written!r}{hint}")
    return ""


def read_formatting(
    section: Section,
    default: Formatting,
    line_length: str = "line_length",
    case: str = "keyword_case",
) -> Formatting:
    """What *section* says of formatting, under keys spelled so, over *default*."""
    formatter = section.choice("formatter", FORMATTERS)
    length = section.number(line_length, least=20)
    keywords = section.choice(case, KEYWORD_CASES)
    return Formatting(
        cast("Literal['auto', 'defog', 'none']", formatter or default.formatter),
        default.line_length if length is None else int(length),
        cast("KeywordCase", keywords or default.keyword_case),
    )


def read_rules(section: Section) -> Mapping[str, Severity]:
    """The severities that *section* gives to rules."""
    section.only(tuple(DEFAULT_SEVERITIES), "rule")
    found = {
        code: severity
        for code in section.values
        if code in DEFAULT_SEVERITIES and (severity := section.choice(code, SEVERITIES))
    }
    return MappingProxyType(cast("dict[str, Severity]", found))


def _all_dialects() -> set[str]:
    from sqlglot.dialects.dialect import Dialects  # noqa: PLC0415 - slow, and rarely needed

    return {it.value for it in Dialects if it.value}


def _setting(name: str) -> Setting:
    return next(it for it in settings().children if it.name == name)


def _keys(known: Iterable[Setting]) -> list[str]:
    return [it.name for it in known]


class Reading:
    """One pass over one file."""

    def __init__(self, text: str, path: Path) -> None:
        self._path = path
        document = read_toml(text)
        self._problems = [
            Problem(span, "configuration", "error", message) for span, message in document.problems
        ]
        self._top = Section("", document.values, document.places, self._problems)

    def read(self) -> tuple[Configuration, tuple[Problem, ...]]:
        top = self._top
        top.only(_keys(settings().children))
        connections = self._connections(top.section("connections"))
        diagnostics, cache = self._section("diagnostics"), self._section("cache")
        pruning, formatting = self._section("pruning"), self._section("formatting")
        code_lens = self._section("code_lens")
        default = Configuration(self._path, self._path.parent)
        debounce = diagnostics.number("debounce_ms", least=0)
        ttl = cache.number("ttl_seconds", least=0, whole=False)
        max_tokens = pruning.number("prune_max_tokens", least=1)
        num_columns = pruning.number("prune_bm25_num_columns", least=1)
        configuration = Configuration(
            self._path,
            self._path.parent,
            dialect=read_dialect(top),
            metadata=top.texts("metadata"),
            golden_queries=top.texts("golden_queries"),
            glossary=top.texts("glossary"),
            connections=connections,
            files=self._files([it.name for it in connections]),
            rules=read_rules(top.section("rules")),
            diagnostics_run=cast(
                "Literal['onType', 'onSave']",
                diagnostics.choice("run", RUNS) or default.diagnostics_run,
            ),
            debounce_ms=default.debounce_ms if debounce is None else int(debounce),
            ttl_seconds=default.ttl_seconds if ttl is None else ttl,
            pruning=Pruning(
                default.pruning.max_tokens if max_tokens is None else int(max_tokens),
                default.pruning.bm25_num_columns if num_columns is None else int(num_columns),
            ),
            formatting=read_formatting(formatting, default.formatting),
            code_lens=code_lens.flag("enable", default=default.code_lens),
        )
        return configuration, tuple(sorted(self._problems, key=lambda it: it.span))

    def _section(self, name: str) -> Section:
        """A section whose keys are those of the file's format."""
        section = self._top.section(name)
        section.only(_keys(_setting(name).children))
        return section

    def _connections(self, section: Section) -> tuple[Connection, ...]:
        found: list[Connection] = []
        for name, value in section.values.items():
            if isinstance(value, dict):
                found.append(self._connection(name, section.section(name)))
            else:
                section.wrong(name, f"a table, [{section.key(name)}]")
        return tuple(found)

    def _connection(self, name: str, section: Section) -> Connection:
        before = len(self._problems)
        db_type, engine = self._engine(section)
        if engine is not None:
            section.only(_keys(_setting("connections").children_for(db_type)))
        whitelist, blacklist = section.texts("schema_whitelist"), section.texts("schema_blacklist")
        creds: dict[str, str | int | Secret] = {}
        unusable = "" if engine else self._since(before)
        if engine is not None:
            creds, unusable = self._creds(section, engine)
            self._plain_text(section, creds)
        return Connection(
            name,
            db_type,
            MappingProxyType(creds),
            whitelist,
            blacklist,
            frequent_values=section.flag("frequent_values", default=True),
            unusable=unusable,
        )

    def _since(self, index: int) -> str:
        return self._problems[index].message if len(self._problems) > index else ""

    def _engine(self, section: Section) -> tuple[str, Engine | None]:
        written = section.text("db_type")
        known = ", ".join(ENGINES)
        if written is None:
            if "db_type" not in section.values:
                section.report(section.node.key, f"{section.name} needs a db_type, one of {known}")
            return "", None
        db_type = canonical_db_type(written)
        if db_type not in ENGINES:
            hint = similar(db_type, ENGINES) or f"; known: {known}"
            section.report(section.node.at("db_type").value, f"unknown db_type {written!r}{hint}")
        return db_type, ENGINES.get(db_type)

    def _creds(self, section: Section, engine: Engine) -> tuple[dict[str, str | int | Secret], str]:
        before = len(self._problems)
        creds: dict[str, str | int | Secret] = {}
        for key in engine.fields:
            if key in section.values:
                value = self._cred(section, key)
                is_needed = key in engine.required and key not in SECRET_FIELDS
                if value == "" and is_needed and not engine.takes_empty:
                    place = section.node.at(key).value
                    section.report(place, f"{section.key(key)} is empty: fill it in")
                if isinstance(value, str) and key in engine.paths:
                    value = self._file(value)
                if value is not None:
                    creds[key] = value
            elif key in engine.required:
                section.report(section.node.key, f"{section.name} needs {key}")
            elif key in engine.defaults:
                creds[key] = engine.defaults[key]
        return creds, self._since(before)

    def _file(self, written: str) -> str:
        if written == ":memory:":
            return written
        return str((self._path.parent / Path(written).expanduser()).resolve())

    def _cred(self, section: Section, key: str) -> str | int | Secret | None:
        value = section.values[key]
        if isinstance(value, dict):
            return self._secret(section, key, value)
        field = _setting("connections").child(key)
        if field is not None and field.kind == "number":
            number = section.number(key, least=1)
            return None if number is None else int(number)
        text = section.text(key)
        return Secret("text", text) if text and key in SECRET_FIELDS else text

    def _secret(self, section: Section, key: str, value: Mapping[str, object]) -> Secret | None:
        match value:
            case {"env": str(name)} if len(value) == 1:
                return Secret("env", name)
            case {"keyring": str(name)} if len(value) == 1:
                return Secret("keyring", name)
            case {"ask": True} if len(value) == 1 and key in SECRET_FIELDS:
                return Secret("ask", "")
        asked = "{ ask = true }, " if key in SECRET_FIELDS else ""
        section.report(
            section.node.at(key).value,
            f'{section.key(key)} must be text, {asked}{{ env = "VARIABLE" }} '
            'or { keyring = "service" }',
        )
        return None

    def _plain_text(self, section: Section, creds: Mapping[str, object]) -> None:
        code = "plain-text-password"
        for key, value in creds.items():
            if isinstance(value, Secret) and value.source == "text":
                message = (
                    f"the {key} of {section.name} is readable by everyone who has this file: "
                    f'write {key} = {{ ask = true }}, {{ env = "VARIABLE" }} '
                    'or { keyring = "service" }'
                )
                span = section.node.at(key).value
                self._problems.append(Problem(span, code, DEFAULT_SEVERITIES[code], message))

    def _files(self, names: Sequence[str]) -> tuple[FileRule, ...]:
        value = self._top.values.get("files", [])
        if not isinstance(value, list) or not all(isinstance(it, dict) for it in value):
            self._top.wrong("files", "written as [[files]]")
            return ()
        keys = _setting("files").children
        found: list[FileRule] = []
        for index, values in enumerate(value):
            node = self._top.node.at("files", index)
            section = Section("files", values, node, self._problems)
            section.only(_keys(keys))
            include, connection = section.texts("include"), section.text("connection")
            for it in keys:
                if it.is_required and it.name not in values:
                    section.report(node.key, f"[[files]] needs {it.name}")
            if connection is not None and connection not in names:
                hint = similar(connection, names) or f"; there is: {', '.join(names) or 'none'}"
                section.report(
                    node.at("connection").value, f"unknown connection {connection!r}{hint}"
                )
            elif connection is not None and include:
                found.append(FileRule(include, connection))
        return tuple(found)
