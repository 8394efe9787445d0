"""How many broken queries are found broken: valid ones with one token changed, judged by engines.

PostgreSQL's own parser, SQLite and MariaDB say which of the changed queries are still valid: of
those none may have an error. For the other dialects nobody is asked; what is found is only counted.
"""

import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pymysql
from pglast.parser import ParseError, parse_sql_protobuf

from benchmarks.corpus import queries
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.syntax import parse
from tests.support.databases import running_mariadb
from tests.support.tools import find

__all__ = ["broken", "main"]

Judge = Callable[[str], bool | None]
"""Whether an engine can read a statement, whatever it is about."""

# MariaDB's numbers: the text cannot be read; there is no such table, database or column.
_PARSE_ERROR = 1064
_NO_MISTAKES = (1146, 1049, 1054, 1142)


def main() -> None:
    show = set(sys.argv[1:])  # the dialects of which each miss is printed
    with ExitStack() as stack:
        judges: dict[str, Judge] = {"postgres": _postgres, "sqlite": _sqlite}
        if find("mariadb"):
            judges["mysql"] = _mysql(stack)
        counts: Counter[tuple[str, str, str]] = Counter()
        spent = 0.0
        for dialect, kind, sql in broken():
            is_valid = judges[dialect](sql) if dialect in judges else None
            started = time.perf_counter()
            found = parse(sql, dialect).problems
            spent += time.perf_counter() - started
            if is_valid is None and dialect in judges:
                continue
            counts[dialect, kind, f"{is_valid}"] += 1
            counts[dialect, kind, f"{is_valid} found"] += bool(found)
            if dialect in show and is_valid is not None and is_valid == bool(found):
                print(f"{kind}: {'false' if is_valid else 'missed'} {found[:1]}: {sql}")
    print(f"  {'dialect':10} {'change':10} {'invalid':>8} {'found':>7} {'valid':>6} {'errors':>7}")
    for dialect, kind in sorted({it[:2] for it in counts}):
        invalid, valid, unknown = (counts[dialect, kind, it] for it in ("False", "True", "None"))
        found = counts[dialect, kind, "False found"] + counts[dialect, kind, "None found"]
        print(
            f"  {dialect:10} {kind:10} {invalid or unknown:8}"
            f" {found / max(1, invalid or unknown):7.1%} {valid:6}"
            f" {counts[dialect, kind, 'True found']:7}"
        )
    total = sum(count for (_, _, what), count in counts.items() if not what.endswith("found"))
    print(f"\n{spent / max(1, total) * 1000:.1f} ms a query")


def broken(*, seed: int = 1, each: int = 1) -> Iterator[tuple[str, str, str]]:
    """Dialect, kind of change and text: of every valid query *each* changes of every kind."""
    chance = random.Random(seed)
    for query in queries():
        if query.is_valid is False:
            continue
        tokens = [it for it in tokenize(query.sql, query.dialect) if it.text != ";"]
        for kind in _KINDS:
            for _ in range(each):
                index = chance.randrange(len(tokens) - 1)
                edit = _edit(kind, query.sql, tokens, index, chance)
                if edit is not None:
                    start, end, text = edit
                    yield query.dialect, kind, f"{query.sql[:start]}{text}{query.sql[end:]}"


def _edit(
    kind: str, sql: str, tokens: list[Token], index: int, chance: random.Random
) -> tuple[int, int, str] | None:
    token, following = tokens[index], tokens[index + 1]
    match kind:
        case "delete":
            return token.start, token.end, ""
        case "double":
            return token.start, token.start, f"{token.text} "
        case "swap" if token.text != following.text:
            gap = sql[token.end : following.start] or " "
            return token.start, following.end, f"{following.text}{gap}{token.text}"
        case "replace" | "insert":
            other = chance.choice(tokens).text
            if other == token.text:
                return None
            return token.start, token.end if kind == "replace" else token.start, f" {other} "
        case "comma":
            return token.start, token.start, ", "
        case "misspell":
            words = [it for it in tokens if it.word in _KEYWORDS]
            token = chance.choice(words or tokens)
            word, at = token.text, chance.randrange(max(1, len(token.text) - 1))
            swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
            changed = chance.choice((swapped, word[:at] + word[at + 1 :]))
            return (token.start, token.end, changed) if words and changed != word else None
    return None


_KINDS = ("delete", "double", "swap", "replace", "insert", "comma", "misspell")
_KEYWORDS = frozenset(
    """SELECT FROM WHERE GROUP ORDER HAVING JOIN LEFT INNER LIMIT DISTINCT BETWEEN CASE WHEN THEN
    ELSE END UNION WITH AND AS BY ON IN LIKE EXISTS OVER PARTITION INTERVAL DESC""".split()
)


def _postgres(sql: str) -> bool:
    try:
        parse_sql_protobuf(sql)
    except ParseError:
        return False
    return True


def _sqlite(sql: str) -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"explain {sql}")
    except sqlite3.Error as error:
        return not any(it in str(error) for it in ("syntax error", "incomplete input", "unrecog"))
    finally:
        connection.close()
    return True


def _mysql(stack: ExitStack) -> Judge:
    server = stack.enter_context(running_mariadb())
    connection = stack.enter_context(
        pymysql.connect(
            host="127.0.0.1",
            port=server.port,
            user=server.user,
            password=server.password.encode(),
            database="mysql",
        )
    )

    def judge(sql: str) -> bool | None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"explain {sql}")
        except pymysql.Error as error:
            # Some other mistakes end the reading too, so that nobody knows about the rest.
            return (
                None
                if error.args[0] not in (*_NO_MISTAKES, _PARSE_ERROR)
                else (error.args[0] != _PARSE_ERROR)
            )
        return True

    return judge


if __name__ == "__main__":
    main()
