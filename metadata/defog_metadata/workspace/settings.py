"""Every key of ``defog.toml``: what is read is what editors offer and schemas publish."""

from collections.abc import Iterable
from functools import cache
from types import MappingProxyType
from typing import get_args

from defog_metadata.documents.settings import Setting, SettingKind, Values
from defog_metadata.rules.about import ABOUT
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Severity
from defog_metadata.workspace.engines import ENGINES, SECRET_FIELDS, Engine

__all__ = ["FORMATTERS", "KEYWORD_CASES", "RUNS", "SEVERITIES", "settings"]

RUNS = ("onType", "onSave")
FORMATTERS = ("auto", "defog", "none")
KEYWORD_CASES = ("preserve", "upper", "lower")
SEVERITIES: tuple[str, ...] = get_args(Severity)

_FIELDS = {
    "host": "the server's name or address",
    "port": "the server's port",
    "database": "the name of the database",
    "user": "the user to connect as",
    "password": "the password: asked for, in a variable or in the keyring it is not in this file",
    "schema": "the schema that names without one are looked up in",
    "sslmode": "how far the connection is encrypted and checked, in libpq's words",
    "sslrootcert": "the file with the certificates of authorities to trust",
    "ssl_ca": "the file with the certificates of authorities to trust",
    "connect_timeout": "seconds to wait for the server",
    "unix_socket": "the socket of a server on this machine, instead of host and port",
    "charset": "the character set of the connection",
    "account": "the account's identifier",
    "warehouse": "the warehouse that answers",
    "role": "the role to take on",
    "json_key_path": "the file with the service account's key",
    "server_hostname": "the workspace's host name",
    "access_token": "the token: asked for, in a variable or in the keyring it is not in this file",
    "http_path": "the path of the SQL warehouse",
    "catalog": "the catalog that is read",
    "server": "the server's name or address",
}
_EXTENSIONS = {
    "sqlite": (".db", ".sqlite", ".sqlite3"),
    "duckdb": (".duckdb", ".db"),
    "bigquery": (".json",),
}
_NUMBERS = frozenset(("port", "connect_timeout"))


@cache
def settings() -> Setting:
    """The file as a whole: a section whose children are its keys."""
    return Setting(
        "",
        "section",
        "",
        children=(
            Setting("dialect", "text", "the SQL dialect; taken from the connection otherwise",
                    choices=_dialects(), has_other_spellings=True),
            _files("metadata", "files that describe tables and columns: JSON or CSV",
                   (".json", ".csv")),
            _files("golden_queries", "files of questions with the SQL that answers them",
                   (".json", ".csv", ".yaml", ".yml", ".sql")),
            _files("glossary", "files that say what the business means by its words",
                   (".md", ".txt")),
            _connections(),
            _file_rules(),
            Setting("rules", "section", "how serious each rule is", children=tuple(
                Setting(code, "text", ABOUT[code], SEVERITIES, default=f'"{severity}"')
                for code, severity in DEFAULT_SEVERITIES.items()
            )),
            Setting("diagnostics", "section", "when and how files are checked", children=(
                Setting("run", "text", "whether to check while typing or on saving", RUNS,
                        default='"onType"'),
                _number("debounce_ms", "milliseconds without typing before checking", "150", 0),
            )),
            Setting("cache", "section", "how long what was read of a database is good", children=(
                Setting("ttl_seconds", "number", "seconds after which a database is read again",
                        default="3600", least=0, is_whole=False),
            )),
            Setting("formatting", "section", "how SQL is laid out", children=(
                Setting("formatter", "text", "whether to format: auto leaves it to sqlfluff or "
                        "sqruff where they are configured", FORMATTERS, default='"auto"'),
                _number("line_length", "the most characters in a line", "100", 20),
                Setting("keyword_case", "text", "how to spell keywords", KEYWORD_CASES,
                        default='"preserve"'),
            )),
            Setting("code_lens", "section", "what stands above statements", children=(
                Setting("enable", "flag", "whether to say there which tables a statement touches "
                        "and how often its CTEs are used", default="true"),
            )),
            Setting("pruning", "section", "how much metadata goes with a question", children=(
                _number("prune_max_tokens", "the most tokens of metadata", "5000", 1),
                _number("prune_bm25_num_columns", "the most columns", "50", 1),
            )),
        ),
    )  # fmt: skip


def _files(name: str, about: str, extensions: tuple[str, ...]) -> Setting:
    said = f"{about}; paths and patterns from here"
    return Setting(name, "texts", said, values="files", extensions=extensions)


def _number(name: str, about: str, default: str, least: int) -> Setting:
    return Setting(name, "number", about, default=default, least=least)


def _connections() -> Setting:
    return Setting(
        "connections",
        "named sections",
        "the databases; the first one is the default",
        children=(
            Setting("db_type", "text", "the kind of database", tuple(ENGINES), is_required=True,
                    has_other_spellings=True),
            Setting("schema_whitelist", "texts", "the only schemas to read"),
            Setting("schema_blacklist", "texts", "schemas not to read"),
            Setting("frequent_values", "flag", "whether to keep values that many rows share, where "
                    "the engine's statistics know", default="true"),
        ),
        chooser="db_type",
        variants=MappingProxyType({it.db_type: tuple(_fields(it)) for it in ENGINES.values()}),
    )  # fmt: skip


def _fields(engine: Engine) -> Iterable[Setting]:
    for name in engine.fields:
        kind: SettingKind = (
            "secret" if name in SECRET_FIELDS else "number" if name in _NUMBERS else "text"
        )
        values: Values = "file" if name in engine.paths else ""
        yield Setting(
            name,
            kind,
            "the database's file" if values and name == "database" else _FIELDS[name],
            values=values,
            extensions=_EXTENSIONS.get(engine.db_type, ()) if values else (),
            default=str(engine.defaults.get(name, "")),
            least=1 if kind == "number" else None,
            is_required=name in engine.required,
        )


def _file_rules() -> Setting:
    return Setting(
        "files",
        "repeated sections",
        "files that are about another connection than the default one",
        children=(
            Setting("include", "texts", "the files, by patterns from here", values="files",
                    extensions=(".sql",), is_required=True),
            Setting("connection", "text", "the name of their connection", values="connection",
                    is_required=True),
        ),
    )  # fmt: skip


def _dialects() -> tuple[str, ...]:
    from sqlglot.dialects.dialect import Dialects  # noqa: PLC0415 - slow, and rarely needed

    return tuple(sorted(it.value for it in Dialects if it.value))
