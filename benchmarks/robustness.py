"""Whether any broken text makes the features fail: every query, broken at every token.

At each token the query is cut, the token is left out, doubled, swapped with the next, or a quote, a
bracket, a comment or something else that belongs elsewhere is put before it; then every feature is
asked there.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import Pool

from benchmarks.corpus import Query, queries
from defog_lsp.ide.code_actions import Wanted, code_actions
from defog_lsp.ide.completion import Item, complete
from defog_lsp.ide.hover import hover
from defog_lsp.ide.signature_help import signature_help
from defog_metadata.catalog import Catalog
from defog_metadata.rules import Severity, check
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.text import Edit, Span

__all__ = ["WAYS", "Broken", "ask", "broken", "main"]

_STRAY = {
    "quote": "'",
    "name quote": '"',
    "bracket": "(",
    "closing": ")",
    "dot": ".",
    "comma": ",",
    "comment": "--",
    "block": "/*",
    "dollars": "$$",
    "semicolon": ";",
    "template": "{{ ",
}
WAYS = ("cut", "cut inside", "gap", "doubled", "swapped", *_STRAY)
_ALL_RULES: dict[str, Severity] = {"select-star": "warning"}
_MOST_ITEMS = 100


@dataclass(frozen=True)
class Broken:
    """A text and the caret in it."""

    way: str
    text: str
    offset: int


def broken(sql: str, dialect: str, ways: tuple[str, ...] = WAYS) -> Iterator[Broken]:
    """*sql* broken in each of the *ways* at each of its tokens, the caret where it was broken."""
    tokens = tokenize(sql, dialect)
    for index, token in enumerate(tokens):
        start, end = token.start, token.end
        before, word, behind = sql[:start], sql[start:end], sql[end:]
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        for way in ways:
            match way:
                case "cut":
                    yield Broken(way, before, start)
                case "cut inside":
                    middle = (start + end + 1) // 2
                    yield Broken(way, sql[:middle], middle)
                case "gap":
                    yield Broken(way, before + behind, start)
                case "doubled":
                    yield Broken(way, f"{before}{word} {word}{behind}", end)
                case "swapped" if following is not None:
                    other = sql[following.start : following.end]
                    rest = sql[following.end :]
                    yield Broken(way, f"{before}{other} {word}{rest}", start + len(other))
                case _ if stray := _STRAY.get(way):
                    yield Broken(way, f"{before}{stray}{word}{behind}", start + len(stray))


def ask(it: Broken, catalog: Catalog, dialect: str) -> str:
    """Ask everything there is to ask; what is wrong with an answer, or the empty string.

    What raises, raises.
    """
    snapshot = Snapshot(it.text, catalog, dialect)
    found = complete(snapshot, it.offset)
    size = len(it.text)
    if len(found.items) > _MOST_ITEMS:
        return f"{len(found.items)} items"
    for item in found.items:
        if not 0 <= item.span.start <= it.offset <= item.span.end <= size:
            return f"{item.label} replaces {item.span}, the caret is at {it.offset} of {size}"
        if wrong := _undeliverable(item, it):
            return f"{item.label} {wrong}"
    described = hover(snapshot, it.offset)
    if described is not None and not described.span.touches(it.offset):
        return f"hover at {described.span}"
    signature_help(snapshot, it.offset)
    for finding in check(snapshot, _ALL_RULES):
        if not 0 <= finding.span.start <= finding.span.end <= size:
            return f"{finding.code} at {finding.span} of {size}"
        if wrong := next(
            filter(None, (_unappliable(fix.edits, size) for fix in finding.fixes)), ""
        ):
            return f"{finding.code}: a fix {wrong}"
    wanted = Wanted(Span(it.offset, it.offset))
    for action in code_actions(snapshot, _ALL_RULES, wanted):
        if wrong := _unappliable(action.edits, size):
            return f"{action.title}: {wrong}"
    return ""


def _unappliable(edits: Sequence[Edit], size: int) -> str:
    """Why an editor cannot apply the edits together; the empty string where it can."""
    spans = sorted(edit.span for edit in edits)
    if spans and not (spans[0].start >= 0 and all(it.start <= it.end <= size for it in spans)):
        return f"edits {spans} of {size}"
    overlaps = any(first.end > second.start for first, second in pairwise(spans))
    return f"edits the same twice: {spans}" if overlaps else ""


def _undeliverable(item: Item, it: Broken) -> str:
    """What an editor would make wrong of *item*; the empty string where it takes it as it is."""
    if not item.filter_text.startswith(it.text[item.span.start : it.offset]):
        return f"is filtered by {item.filter_text!r}"
    if "\n" in it.text[item.span.start : item.span.end]:
        return f"replaces {item.span}, which is more than a line"
    for edit in item.extra_edits:
        is_apart = edit.span.end < item.span.start or edit.span.start > item.span.end
        if not (is_apart and 0 <= edit.span.start <= edit.span.end <= len(it.text)):
            return f"replaces {item.span} and {edit.span}"
    return ""


def _failures(task: tuple[Query, tuple[str, ...]]) -> tuple[int, list[str]]:
    query, ways = task
    asked = 0
    found: list[str] = []
    for it in broken(query.sql, query.dialect, ways):
        asked += 1
        try:
            problem = ask(it, query.catalog, query.dialect)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            problem = f"{type(error).__name__}: {error}"
        if problem:
            found.append(f"{query.id} {it.way} at {it.offset}: {problem}")
    return asked, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs="*", default=[], help="defog, tpch, tpcds")
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=WAYS)
    parser.add_argument("--every", type=int, default=1, help="only every n-th query")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    started = time.perf_counter()
    ways = tuple(arguments.ways)
    tasks = [(it, ways) for it in list(queries(*arguments.set))[:: arguments.every]]
    asked = 0
    failures: Counter[str] = Counter()
    with Pool(arguments.jobs) as pool:
        for count, found in pool.imap_unordered(_failures, tasks, chunksize=4):
            asked += count
            for line in found:
                failures[line.rpartition(": ")[2]] += 1
                print(f"  {line}", flush=True)
    spent = time.perf_counter() - started
    print(f"{len(tasks)} queries broken in {asked} ways: {failures.total()} failures")
    print(f"{spent:.0f} s")


if __name__ == "__main__":
    main()
