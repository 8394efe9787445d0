"""Which files a glob of ``defog.toml`` means."""

import glob
import re
from functools import lru_cache
from pathlib import Path

__all__ = ["expand", "matches", "matches_file"]


def expand(root: Path, pattern: str) -> tuple[Path, ...]:
    """The files under *root* that *pattern* matches, sorted; ``**`` is any number of folders."""
    found = glob.glob(pattern, root_dir=root, recursive=True)  # noqa: PTH207 - pathlib's refuses more
    paths = sorted({root / it for it in found})
    return tuple(it for it in paths if it.is_file())


def matches(pattern: str, path: str) -> bool:
    """Whether *pattern* matches *path* (both with ``/``) or a folder that *path* is in."""
    return _compiled(pattern).match(path) is not None


def matches_file(pattern: str, path: str) -> bool:
    """As ``matches``, but *path* itself, as ``expand`` would find it."""
    return _compiled(pattern).fullmatch(path) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    pattern = pattern.removeprefix("./").rstrip("/")
    expression = ""
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            expression += "(?:.*/)?"
            at += 3
        elif pattern.startswith("**", at):
            expression += ".*"
            at += 2
        elif pattern[at] == "*":
            expression += "[^/]*"
            at += 1
        elif pattern[at] == "?":
            expression += "[^/]"
            at += 1
        elif (group := _GROUP.match(pattern, at)) is not None:
            negated, members = group.groups()
            escaped = members.replace("\\", r"\\").replace("[", r"\[")
            expression += f"[{'^' if negated else ''}{escaped}]"
            at = group.end()
        else:
            expression += re.escape(pattern[at])
            at += 1
    return re.compile(rf"(?:{expression})(?:/|\Z)", re.DOTALL)


_GROUP = re.compile(r"\[(!?)(\]?[^\]/]+)\]")
