"""``defog.toml``: what it says, and what is wrong with it, at the right place.

Under a line of TOML, ``#   ^^^ error: message`` marks a problem; missing and extra ones fail.
Keys are indented, so that there is room for the ``#``.
"""

import re
import sys
from pathlib import Path

import pytest

from defog_metadata.errors import ConfigurationError
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.mirror import Mirror
from defog_metadata.text import Span
from defog_metadata.workspace.asking import answered, questions
from defog_metadata.workspace.configuration import (
    Configuration,
    Connection,
    FileRule,
    Problem,
    Pruning,
    Secret,
    find_configuration,
    read_configuration,
)
from defog_metadata.workspace.workspace import Workspace

ROOT = Path("/somewhere/shop")
ANNOTATION = re.compile(r"#\s*(?P<carets>\^+) (?P<severity>\w+): (?P<message>.+)")


def annotations(text: str) -> list[tuple[Span, str, str]]:
    found: list[tuple[Span, str, str]] = []
    about = start = 0
    for line in text.splitlines(keepends=True):
        if match := ANNOTATION.match(line):
            span = Span(about + match.start("carets"), about + match.end("carets"))
            found.append((span, match["severity"], match["message"]))
        else:
            about = start
        start += len(line)
    return found


def read(text: str) -> Configuration:
    """The configuration of a text without problems."""
    configuration, problems = read_configuration(text, ROOT / "defog.toml")
    assert problems == ()
    return configuration


def check(text: str) -> Configuration:
    """The configuration of a text with exactly the problems that it is annotated with."""
    configuration, problems = read_configuration(text, ROOT / "defog.toml")
    assert [(it.span, it.severity, it.message) for it in problems] == annotations(text)
    return configuration


COMPLETE = """
dialect = "PostgreSQL"
metadata = ["metadata/*.json", "metadata/*.csv"]
golden_queries = ["golden_queries.json"]
glossary = ["glossary.md"]

[connections.shop]
db_type = "sqlite"
database = "shop.db"
[connections.warehouse]
db_type = "postgres"
host = "db.internal"
port = 5433
database = "dwh"
user = "analyst"
password = { env = "DWH_PASSWORD" }
schema_whitelist = ["public", "sales"]
schema_blacklist = ["temp"]
frequent_values = false

[[files]]
include = ["warehouse/**"]
connection = "warehouse"

[rules]
select-star = "off"
[diagnostics]
run = "onSave"
debounce_ms = 20
[cache]
ttl_seconds = 7200
[pruning]
prune_max_tokens = 4000
prune_bm25_num_columns = 40
"""


def test_everything_the_file_can_say() -> None:
    assert read(COMPLETE) == Configuration(
        ROOT / "defog.toml",
        ROOT,
        dialect="postgres",
        metadata=("metadata/*.json", "metadata/*.csv"),
        golden_queries=("golden_queries.json",),
        glossary=("glossary.md",),
        connections=(
            Connection("shop", "sqlite", {"database": str(ROOT / "shop.db")}),
            Connection(
                "warehouse",
                "postgres",
                {
                    "host": "db.internal",
                    "database": "dwh",
                    "user": "analyst",
                    "port": 5433,
                    "password": Secret("env", "DWH_PASSWORD"),
                },
                schema_whitelist=("public", "sales"),
                schema_blacklist=("temp",),
                frequent_values=False,
            ),
        ),
        files=(FileRule(("warehouse/**",), "warehouse"),),
        rules={"select-star": "off"},
        diagnostics_run="onSave",
        debounce_ms=20,
        ttl_seconds=7200,
        pruning=Pruning(4000, 40),
    )


def test_nothing_said_means_the_defaults() -> None:
    configuration = read("")
    assert configuration == Configuration(ROOT / "defog.toml", ROOT)
    assert configuration.severities["unknown-column"] == "error"
    assert configuration.severities["select-star"] == "off"


def test_a_file_with_windows_line_ends_and_a_mark() -> None:
    assert read("\ufeff" + COMPLETE.replace("\n", "\r\n")) == read(COMPLETE)


def test_unknown_names_suggest_the_nearest_known_one() -> None:
    configuration = check(
        """
  metdata = ["a.json"]
# ^^^^^^^ error: unknown key metdata; did you mean metadata?
  [rules]
  unknown-colum = "off"
# ^^^^^^^^^^^^^ error: unknown rule rules.unknown-colum; did you mean unknown-column?
  select-star = "hint"
  [diagnostics]
  debounce = 20
# ^^^^^^^^ error: unknown key diagnostics.debounce; did you mean debounce_ms?
  run = "onSave"
"""
    )
    assert configuration.rules == {"select-star": "hint"}
    assert configuration.diagnostics_run == "onSave"


def test_unknown_names_without_a_near_one_list_the_known() -> None:
    check(
        """
  cache.zzz = 1
#       ^^^ error: unknown key cache.zzz; known: ttl_seconds
"""
    )


def test_wrong_types_and_values() -> None:
    configuration = check(
        """
  dialect = 5
#           ^ error: dialect must be text in quotes, not a number
  metadata = "one.json"
#            ^^^^^^^^^^ error: metadata must be a list, such as ["…"], not text
  glossary = ["a.md", 3, "b.md"]
#                     ^ error: glossary must be a list of texts, not of a number
  rules = 1979-05-27
#         ^^^^^^^^^^ error: rules must be a table, [rules], not a date or time
  connections.shop = true
#                    ^^^^ error: connections.shop must be a table, [connections.shop], not true or false
  diagnostics = { run = "ontype", debounce_ms = 1.5 }
#                       ^^^^^^^^ error: diagnostics.run cannot be 'ontype'; did you mean onType?
#                                               ^^^ error: diagnostics.debounce_ms must be a whole number
  [cache]
  ttl_seconds = -1
#               ^^ error: cache.ttl_seconds must be at least 0
  [pruning]
  prune_max_tokens = []
#                    ^^ error: pruning.prune_max_tokens must be a number, not a list
  prune_bm25_num_columns = 7
"""
    )
    assert configuration.glossary == ("a.md", "b.md")
    assert configuration.pruning == Pruning(5000, 7)


def test_dialects_have_their_usual_names() -> None:
    names = {"postgresql": "postgres", "MSSQL": "tsql", "mariadb": "mysql", "duckdb": "duckdb"}
    assert {it: read(f'dialect = "{it}"').dialect for it in names} == names
    check(
        """
  dialect = "snowflaek"
#           ^^^^^^^^^^^ error: unknown dialect 'snowflaek'; did you mean snowflake?
"""
    )


def test_severities() -> None:
    configuration = check(
        """
  [rules]
  select-star = "errors"
#               ^^^^^^^^ error: rules.select-star cannot be 'errors'; did you mean error?
  unused-cte = "loud"
#              ^^^^^^ error: rules.unused-cte cannot be 'loud'; it can be error, warning, information, hint, off
  "unknown-table" = "warning"
"""
    )
    assert configuration.severities["unknown-table"] == "warning"


def test_connections_need_their_fields() -> None:
    configuration = check(
        """
  [connections.a]
#  ^^^^^^^^^^^^^ error: connections.a needs a db_type, one of postgres, mysql, redshift, sqlite, duckdb, snowflake, bigquery, databricks, sqlserver
  host = "x"
  [connections."b c"]
#  ^^^^^^^^^^^^^^^^^ error: connections.b c needs host
#  ^^^^^^^^^^^^^^^^^ error: connections.b c needs user
  db_type = "postgresql"
  database = "dwh"
  hots = "db"
# ^^^^ error: unknown key connections.b c.hots; did you mean host?
  [connections.c]
  db_type = "mysq"
#           ^^^^^^ error: unknown db_type 'mysq'; did you mean mysql?
  [connections.d]
  db_type = "mysql"
  host = "h"
  port = "3306"
#        ^^^^^^ error: connections.d.port must be a number, not text
  database = "d"
  user = "u"
  frequent_values = "no"
#                   ^^^^ error: connections.d.frequent_values must be true or false, not text
  password = { evn = "X" }
#            ^^^^^^^^^^^^^ error: connections.d.password must be text, { ask = true }, { env = "VARIABLE" } or { keyring = "service" }
"""
    )
    for it in configuration.connections:
        with pytest.raises(ConfigurationError, match=f"connection {it.name} cannot be used: "):
            it.resolved_creds()


def test_file_rules() -> None:
    configuration = check(
        """
  [connections.shop]
  db_type = "sqlite"
  database = "shop.db"
  [[files]]
  include = ["a/**", "b.sql"]
  connection = "shop"
  [[files]]
  include = "c/**"
#           ^^^^^^ error: files.include must be a list, such as ["…"], not text
  connection = "shpo"
#              ^^^^^^ error: unknown connection 'shpo'; did you mean shop?
  [[files]]
#   ^^^^^ error: [[files]] needs include
  connection = "shop"
"""
    )
    assert configuration.files == (FileRule(("a/**", "b.sql"), "shop"),)


def test_plain_text_passwords() -> None:
    text = """
  [connections.shop]
  db_type = "postgres"
  host = "h"
  database = "d"
  user = "u"
  password = "s3cret"
#            ^^^^^^^^ warning: the password of connections.shop is readable by everyone who has this file: write password = { ask = true }, { env = "VARIABLE" } or { keyring = "service" }
"""
    configuration, problems = read_configuration(text, ROOT / "defog.toml")
    assert [(it.span, it.severity, it.message) for it in problems] == annotations(text)
    assert [it.code for it in problems] == ["plain-text-password"]
    assert "s3cret" not in repr(configuration)
    assert configuration.connections[0].resolved_creds()["password"] == "s3cret"


def test_broken_toml_costs_only_the_broken_part() -> None:
    configuration = check(
        r"""
  dialect = "mysql
# ^^^^^^^^^^^^^^^^ error: not valid TOML, this part is ignored: illegal character '\n'
  metadata = ["a.json"
# ^^^^^^^^^^^^^^^^^^^^ error: not valid TOML, this part is ignored: unclosed array
  golden_queries = ["b.json"]
  [cache
# ^^^^^^ error: not valid TOML, this part is ignored: expected ']' at the end of a table declaration
  ttl_seconds = 5
  [diagnostics]
  run = onSave
#       ^^^^^^ error: not valid TOML, this part is ignored: invalid value
  debounce_ms = 5
  debounce_ms = 6
# ^^^^^^^^^^^^^^^ error: not valid TOML, this part is ignored: cannot overwrite a value
"""
    )
    assert configuration.golden_queries == ("b.json",)
    assert configuration.ttl_seconds == 3600
    assert configuration.debounce_ms == 5


def test_secrets_are_resolved_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = read(
        """
[connections.shop]
db_type = "mysql"
host = { env = "SHOP_HOST" }
port = { env = "SHOP_PORT" }
database = "d"
user = "u"
password = { env = "SHOP_PASSWORD" }
"""
    ).connections[0]
    monkeypatch.delenv("SHOP_PASSWORD", raising=False)
    monkeypatch.setenv("SHOP_HOST", "db")
    monkeypatch.setenv("SHOP_PORT", "3307")
    with pytest.raises(ConfigurationError, match=r"connection shop: .*SHOP_PASSWORD is not set"):
        connection.resolved_creds()
    monkeypatch.setenv("SHOP_PASSWORD", "pä ss")
    assert connection.resolved_creds() == {
        "host": "db", "port": 3307, "database": "d", "user": "u", "password": "pä ss",
    }  # fmt: skip
    monkeypatch.setenv("SHOP_PORT", "many")
    with pytest.raises(ConfigurationError, match="the port must be a number, not 'many'"):
        connection.resolved_creds()


ASKED = """
[connections.shop]
db_type = "mysql"
host = "db"
database = "d"
user = "u"
password = { ask = true }
"""


def test_what_is_asked_for() -> None:
    connection = read(ASKED).connections[0]
    assert connection.asked == ("password",)
    [question] = questions(connection)
    assert question.title == "Password of u for shop on db"
    assert (question.field, question.user, question.host) == ("password", "u", "db")
    with pytest.raises(ConfigurationError, match=r"nobody to ask: use \{ env"):
        connection.resolved_creds()
    known = answered(connection, lambda it: f"{it.noun} no 1")
    assert known.resolved_creds()["password"] == "password no 1"
    assert known == connection, "what somebody answers makes no other connection of it"
    assert "password no 1" not in repr(known)
    assert questions(known) == ()
    assert answered(known, lambda _: pytest.fail("that is known")) == known


def test_nobody_answers() -> None:
    connection = read(ASKED).connections[0]
    with pytest.raises(ConfigurationError, match="connection shop: no password was given"):
        answered(connection, lambda _: None)


def test_the_cache_is_found_without_asking() -> None:
    workspace = Workspace(read(ASKED), MetadataCache(), Mirror())
    [connection] = workspace.connections
    key = workspace.cache_key(connection)
    assert key == workspace.cache_key(connection.answered({"password": "one"}))
    assert key == workspace.cache_key(connection.answered({"password": "other"}))


def test_only_secrets_can_be_asked_for() -> None:
    check(
        """
  [connections.shop]
  db_type = "postgres"
  host = { ask = true }
#        ^^^^^^^^^^^^^^ error: connections.shop.host must be text, { env = "VARIABLE" } or { keyring = "service" }
  database = "d"
  user = "u"
  password = { ask = false }
#            ^^^^^^^^^^^^^^^ error: connections.shop.password must be text, { ask = true }, { env = "VARIABLE" } or { keyring = "service" }
"""
    )


def test_a_keyring_that_is_not_installed_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    connection = Connection("x", "postgres", {"user": "u", "password": Secret("keyring", "s")})
    with pytest.raises(ConfigurationError, match=r'pip install "defog-lsp\[keyring\]"'):
        connection.resolved_creds()


def test_missing_fields_are_filled_as_the_library_has_them() -> None:
    (connection,) = read(
        """
[connections.x]
db_type = "PostgreSQL"
host = "h"
database = "d"
user = "u"
"""
    ).connections
    assert connection.db_type == "postgres"
    assert connection.resolved_creds() == {
        "host": "h", "database": "d", "user": "u", "port": 5432, "password": "",
    }  # fmt: skip


def test_the_nearest_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    outer, inner = tmp_path / "defog.toml", tmp_path / "a" / "defog.toml"
    outer.touch()
    assert find_configuration(tmp_path / "a" / "b" / "no-such-file.sql") == outer
    inner.touch()
    assert find_configuration(tmp_path / "a" / "b") == inner
    assert find_configuration(tmp_path / "x.sql") == outer


def test_problems_are_findings() -> None:
    _, problems = read_configuration("x = 1", ROOT / "defog.toml")
    assert [(type(it), it.code, it.severity) for it in problems] == [
        (Problem, "configuration", "error")
    ]
