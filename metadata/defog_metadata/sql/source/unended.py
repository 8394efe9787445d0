"""Statements of T-SQL that follow one another without a semicolon, which it does not ask for.

A statement is taken to begin where a line begins with a word that starts one, the brackets before
it are closed, and the statement before can neither go on with that word nor hold it.
"""

from collections.abc import Sequence

from defog_metadata.sql.source.lexer import Token

__all__ = ["Unended"]

_QUERIES = frozenset(("SELECT",))
_CHANGES = frozenset(("INSERT", "UPDATE", "DELETE"))
# What ends with its line, or at least holds no other statement.
_CLOSED = frozenset(
    """DROP TRUNCATE USE PRINT EXEC EXECUTE RAISERROR THROW WAITFOR COMMIT ROLLBACK GRANT DENY
    REVOKE""".split()
)
_OTHERS = frozenset("DECLARE SET CREATE ALTER IF WHILE BEGIN RETURN".split())
_STARTERS = _QUERIES | _CHANGES | _CLOSED | _OTHERS
# Behind these a word goes on with what stands before: UNION SELECT, ON DELETE, FOR UPDATE.
_CONTINUED = frozenset(
    """UNION ALL EXCEPT INTERSECT AS ON FOR AFTER OF OR THEN ELSE NOT GRANT DENY REVOKE TO BY , .
    = ( + - * / < > IN EXISTS ANY SOME AND""".split()
)
# Tables, indexes and the like are defined by one statement; routines and views hold others.
_DEFINED = frozenset("TABLE INDEX SCHEMA SEQUENCE TYPE SYNONYM DATABASE LOGIN USER ROLE".split())
_DEFINITION_HEAD = 5
# ALTER TABLE goes on with ALTER COLUMN and DROP CONSTRAINT, but not with these.
_ANOTHER = frozenset("TABLE VIEW PROCEDURE PROC FUNCTION TRIGGER".split())
_BLOCKS = frozenset(("IF", "WHILE", "BEGIN"))
_BLOCK_ENDS = frozenset(("END", "TRY", "CATCH"))
_SOURCES = frozenset(("VALUES", "SELECT", "EXEC", "EXECUTE"))


class Unended:
    """Reads the tokens of one statement, to say where the next one begins."""

    def __init__(self, tokens: Sequence[Token] = ()) -> None:
        self._depth = 0
        self._words: list[str] = []
        for it in tokens:
            self.read(it)

    def read(self, token: Token) -> None:
        """Take *token* as a part of the statement."""
        if token.text == ")":
            self._depth = max(0, self._depth - 1)
        if self._depth == 0:
            self._words.append(token.word or token.kind)
        if token.text == "(":
            self._depth += 1

    def ends_before(self, token: Token, following: Token | None) -> bool:
        """Whether *token*, the first of its line, begins another statement."""
        word, words = token.word, self._words
        if word not in _STARTERS or self._depth or not words:
            return False
        if words[-1] in _CONTINUED and words[0] != "SET":  # SET NOCOUNT ON is whole
            return False
        if words[-3:] == ["AS", "(", ")"]:
            return False  # a CTE, whose query comes now
        next_word = following.word if following is not None else ""
        main = self._main()
        head = main[0] if main else ""
        if head in _CLOSED or head == "SELECT":
            return True
        if head in _BLOCKS:
            return words[-1] in _BLOCK_ENDS or words[1:2] in (["TRAN"], ["TRANSACTION"])
        match head:
            case "SET" | "DELETE":
                return len(main) > 1
            case "DECLARE":
                return "CURSOR" not in main
            case "UPDATE":
                return "SET" in main
            case "INSERT":
                # Its own query or call comes first.
                return not _SOURCES.isdisjoint(main) or word not in _SOURCES
            case "CREATE":
                return not _DEFINED.isdisjoint(main[:_DEFINITION_HEAD])
            case "ALTER":
                is_part = word in {"ALTER", "DROP", "SET"} and next_word not in _ANOTHER
                return main[1:2] == ["TABLE"] and not is_part
            case _:
                return False

    def _main(self) -> list[str]:
        """The words of the statement without its WITH; none where that is not complete."""
        words = self._words
        if words[:1] != ["WITH"]:
            return words
        start = next((i for i, it in enumerate(words) if it in _QUERIES | _CHANGES), len(words))
        return words[start:]
