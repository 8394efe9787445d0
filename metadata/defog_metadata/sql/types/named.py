"""The results of built-in functions, as the function library knows them."""

from functools import lru_cache

from defog_metadata.sql.functions import functions_of

__all__ = ["result_of", "rows_of"]


@lru_cache(maxsize=4096)
def result_of(name: str, dialect: str) -> str:
    """What *name* (in lower case) returns however it is called; empty where that depends."""
    function = functions_of(dialect).get(name)
    results = {it.returns for it in function.signatures} if function else set()
    return results.pop() if len(results) == 1 else ""


@lru_cache(maxsize=4096)
def rows_of(name: str, dialect: str) -> str:
    """As ``result_of``, for a function in FROM: ``text`` for what returns ``setof text``."""
    return result_of(name, dialect).removeprefix("setof ")
