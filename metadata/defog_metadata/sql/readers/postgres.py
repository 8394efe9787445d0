"""PostgreSQL's own parser, if the package that brings it (``pglast``) is installed.

It is an extra, since its licence is not ours: nothing may need it.
"""

from functools import lru_cache

from defog_metadata.sql.readers.refusal import Refusal
from defog_metadata.text import Span

__all__ = ["is_here", "refusal"]


@lru_cache(maxsize=1)
def is_here() -> bool:
    """Whether PostgreSQL's parser can be asked."""
    try:
        import pglast.parser  # noqa: F401, PLC0415 - a tenth of a second, if it is there at all
    except ImportError:
        return False
    return True


def refusal(text: str) -> Refusal | None:
    """Why PostgreSQL cannot read *text*; ``None`` if it can."""
    from pglast.parser import ParseError, parse_sql_protobuf  # noqa: PLC0415 - see is_here

    try:
        parse_sql_protobuf(text)
    except ParseError as error:
        message, offset = str(error.args[0]), error.args[1]
    except ValueError:  # a lone surrogate is no text that a database could be sent
        return None
    else:
        return None
    if message.startswith(_LIMITS):
        return None
    start = len(text) if offset is None else int(offset)
    reason = "" if message.startswith("syntax error") else message
    return Refusal(Span(start, start), reason)


# What is too deep or too long for the parser is no mistake in the text.
_LIMITS = ("stack depth", "memory exhausted", "out of memory")
