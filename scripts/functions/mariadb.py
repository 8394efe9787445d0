"""MariaDB: every word that it may know is called, on a private server, to see what it answers.

Neither ``information_schema.sql_functions`` nor the help tables list all functions. Their words,
the keywords and those that sqlglot and our own notes know are candidates; the server's answer
to a call without meaning tells a function from a word that is none. Descriptions are not taken
from the help tables, which have another licence.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pymysql
from pymysql.cursors import Cursor
from sqlglot.dialects.mysql import MySQL

from defog_metadata.sql.functions import Function, Parameter, Signature
from scripts.functions.known import Known, known
from scripts.functions.listing import Listing
from tests.support.databases import Server, running_mariadb

__all__ = ["listing", "read_server"]

_WRONG_COUNT = 1582
_NO_SUCH_FUNCTION = (1305, 1630, 1046)  # the last: looked for in a database, of which there is none
_SYNTAX = 1064
_MOST_ARGUMENTS = 4
# Words that may stand before a bracket and are no functions.
_GRAMMAR = frozenset(
    """ALL AND ANY AS BETWEEN BY CASE DISTINCT DISTINCTROW DIV DUAL ELSE EXCEPT EXISTS EXPLAIN FROM
    HIGH_PRIORITY IN INTERSECT INTO IS LIKE LIMIT MINUS NOT NULL OFFSET ON OR ORDER OVER PROCEDURE
    REGEXP RETURNING RLIKE SELECT SOME SQL_BIG_RESULT SQL_BUFFER_RESULT SQL_CACHE
    SQL_CALC_FOUND_ROWS SQL_NO_CACHE SQL_SMALL_RESULT STRAIGHT_JOIN THEN UNION UNIQUE USING VALUES
    WHEN WHERE WITH XOR TRUE FALSE SQL_TSI_DAY SQL_TSI_HOUR SQL_TSI_MINUTE SQL_TSI_MONTH
    SQL_TSI_SECOND SQL_TSI_YEAR""".split()
)


def listing() -> Listing:
    with running_mariadb() as server:
        return read_server(server, known("mysql"))


def read_server(server: Server, more: Known) -> Listing:
    """What *server* knows, with *more* laid over it."""
    credentials: dict[str, Any] = server.credentials("mysql")
    del credentials["database"]
    credentials["password"] = credentials["password"].encode()
    with closing(pymysql.connect(**credentials)) as connection, connection.cursor() as cursor:
        cursor.execute("select version()")
        row = cursor.fetchone()
        found = Listing(f"MariaDB {str(row[0]).partition('-')[0] if row else ''} and MySQL 9")
        candidates = {*_words(cursor), *MySQL.Parser.FUNCTIONS}
        candidates |= {it.name for it in more.functions.values()} | more.internal
        for name in sorted({it.upper() for it in candidates} - _GRAMMAR):
            count = _arguments(cursor, name)
            if count is not None:
                arguments = (Parameter(f"argument{it}") for it in range(1, count + 1))
                found.add(Function(name, "scalar", (Signature(tuple(arguments)),)))
    for name in more.internal:
        found.functions.pop(name.casefold(), None)
    found.lay_over(more)
    return found


def _words(cursor: Cursor) -> Iterator[str]:
    cursor.execute("select * from information_schema.sql_functions")
    yield from (str(it) for (it,) in cursor.fetchall())
    cursor.execute("select * from information_schema.keywords")
    yield from (str(it) for (it,) in cursor.fetchall() if re.fullmatch(r"\w+", str(it)))
    cursor.execute("select name, description from mysql.help_topic")
    for topic in cursor.fetchall():
        text = " ".join(map(str, topic)).replace("\\_", "_")
        yield from re.findall(r"\b[A-Z][A-Z0-9_]+(?=\s?\()", text)


def _arguments(cursor: Cursor, name: str) -> int | None:
    """How many arguments the function *name* takes, at least; ``None`` if there is none."""
    is_function = False
    for count in range(_MOST_ARGUMENTS + 1):
        try:
            # Nothing is evaluated: a function may sleep or lock.
            cursor.execute(f"explain select {name}({', '.join(['1'] * count)}) from dual where 1=0")
        except pymysql.MySQLError as error:
            code = error.args[0]
            if code in _NO_SUCH_FUNCTION:
                return None
            if code not in (_WRONG_COUNT, _SYNTAX):
                return count
            is_function |= code == _WRONG_COUNT
        else:
            return count
    return _MOST_ARGUMENTS + 1 if is_function else None
