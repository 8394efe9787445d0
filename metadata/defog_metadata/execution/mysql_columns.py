"""A column's definition as MySQL and MariaDB show it, with another comment.

``SHOW CREATE TABLE`` is the only place that shows all of it: character set, default, ``ON UPDATE``,
what it is generated from, its check.
"""

import re

__all__ = ["with_comment"]

_TOKEN = re.compile(
    r"""(?P<name>`(?:[^`]|``)*`) | (?P<text>'(?:[^'\\]|''|\\.)*') | (?P<word>[\w$]+)
    | (?P<space>\s+) | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)


def with_comment(shown: str, column: str, comment: str) -> str | None:
    """The definition of *column* in *shown* (``SHOW CREATE TABLE``) with the literal *comment*.

    ``None`` when there is no such column.

    >>> with_comment("CREATE TABLE `t` (`a` int CHECK (`a` > 0), KEY `b` (`a`))", "a", "'x'")
    "`a` int COMMENT 'x' CHECK (`a` > 0)"
    """
    wanted = "`" + column.replace("`", "``") + "`"
    for definition in _definitions(shown):
        if definition and definition[0].group() == wanted:
            return _commented(definition, comment)
    return None


def _definitions(shown: str) -> list[list[re.Match[str]]]:
    """What stands between the commas of the outermost brackets, as tokens."""
    found: list[list[re.Match[str]]] = []
    depth = 0
    for token in _TOKEN.finditer(shown):
        text = token.group() if token.lastgroup == "mark" else ""
        depth -= text == ")"
        if depth == 0 and text == ")":
            return found
        if depth >= 1:
            if depth == 1 and text == ",":
                found.append([])
            elif found[-1] or token.lastgroup != "space":
                found[-1].append(token)
        depth += text == "("
        if depth == 1 and text == "(" and not found:
            found.append([])
    return found


def _commented(definition: list[re.Match[str]], comment: str) -> str:
    """*definition* with *comment* in the place of its own, else before its check or at its end."""
    depth, place, skipped = 0, len(definition), 0
    words = [it.group().upper() if it.lastgroup == "word" else "" for it in definition]
    for index, token in enumerate(definition):
        if depth == 0 and words[index] == "COMMENT":
            place = index
            behind = [i for i in range(index, len(definition)) if definition[i].lastgroup == "text"]
            skipped = behind[0] - index + 1
            break
        # `/*!80023 INVISIBLE */` is the end of a definition of MySQL's.
        is_hint = (
            token.group() == "/"
            and definition[index + 1 : index + 2]
            and (definition[index + 1].group() == "*")
        )
        if depth == 0 and (words[index] == "CHECK" or is_hint):
            place = index
            break
        depth += (token.group() == "(") - (token.group() == ")")
    before = "".join(it.group() for it in definition[:place]).rstrip()
    behind_it = "".join(it.group() for it in definition[place + skipped :]).strip()
    return f"{before} COMMENT {comment}" + (f" {behind_it}" if behind_it else "")
