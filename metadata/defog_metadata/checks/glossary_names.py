"""glossary-unknown-name: tables and columns that a glossary names and the metadata does not have.

A glossary is prose, and a word of prose is no mistake because a database has none of its name. So
every finding rests on two things: that the word is meant as a name (it stands in SQL, behind a
table's name and a dot, in backticks, or is written as only names are), and that it is none: either
it comes near one, or what stands around it says that it is a table or column.
"""

from collections.abc import Iterator, Mapping, Sequence

from defog_metadata.catalog import Catalog
from defog_metadata.checks.glossary_facts import GlossaryFacts, is_in
from defog_metadata.checks.glossary_judge import Judge, Problem
from defog_metadata.checks.glossary_sql import Fragment
from defog_metadata.documents.glossary import GlossaryLine
from defog_metadata.pruning import Mention, mentions
from defog_metadata.rules import DEFAULT_SEVERITIES, Finding, Severity
from defog_metadata.rules.mends import change
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span

__all__ = ["glossary_names"]


def glossary_names(
    lines: Sequence[GlossaryLine],
    catalog: Catalog,
    dialect: str,
    severities: Mapping[str, Severity] | None = None,
) -> list[Finding]:
    """What is named in *lines* and not there, and SQL in them that does not parse.

    The findings count from the start of the text that the lines are of, and are in its order.
    """
    chosen = {**DEFAULT_SEVERITIES, **(severities or {})}
    found: list[Finding] = []
    for line, problem in _problems(GlossaryFacts(lines, catalog, dialect)):
        if chosen[problem.code] != "off":
            fixes = tuple(
                change(problem.span.shifted(line.span.start), it, is_certain=problem.is_certain)
                for it in problem.shown
            )
            found.append(
                Finding(
                    problem.span.shifted(line.span.start),
                    problem.code,
                    chosen[problem.code],
                    problem.message,
                    fixes,
                )
            )
    return sorted(found, key=lambda it: it.span)


def _problems(facts: GlossaryFacts) -> Iterator[tuple[GlossaryLine, Problem]]:
    """Each line's, a word that is surely an unknown name somewhere being one everywhere."""
    found: list[tuple[GlossaryLine, Problem]] = []
    sure: set[str] = set()
    for line in facts.lines:
        for problem in _line(facts, line.text, frozenset()):
            found.append((line, problem))
            sure.update(filter(None, (problem.key,)))
    if not sure:
        return iter(found)
    return iter(
        [(line, it) for line in facts.lines for it in _line(facts, line.text, frozenset(sure))]
    )


def _line(facts: GlossaryFacts, text: str, sure: frozenset[str]) -> Iterator[Problem]:
    found = facts.fragments(text)
    read = [it.span for it in found if it.tree is not None]
    for fragment in found:
        if fragment.problem is not None:
            yield _syntax(fragment)
    if not facts.vocabulary:
        return
    told: set[Span] = set()
    for fragment in found:
        for mention in _names(fragment, facts):
            problem = Judge(facts, text, mention, sure, is_sql=True).problem()
            if problem is not None and problem.span not in told:
                told.add(problem.span)
                yield problem
    for mention in mentions(text):
        if is_in(mention, read):
            continue
        problem = Judge(facts, text, mention, sure).problem()
        if problem is not None and problem.span not in told:
            told.add(problem.span)
            yield problem


def _names(fragment: Fragment, facts: GlossaryFacts) -> Iterator[Mention]:
    """The names in *fragment* that are not known to be right."""
    if not fragment.is_query:
        yield from fragment.names()
        return
    snapshot = Snapshot(fragment.sql, facts.catalog, facts.dialect)
    unknown = [it.span for it in snapshot.references() if it.status == "unknown"]
    for mention in fragment.names():
        place = mention.span.shifted(-fragment.shift)
        if any(place.start <= it.start and it.end - 1 <= place.end for it in unknown):
            yield mention


def _syntax(fragment: Fragment) -> Problem:
    problem = fragment.problem
    assert problem is not None  # noqa: S101
    start = max(problem.span.start + fragment.shift, fragment.span.start)
    end = min(max(problem.span.end + fragment.shift, start), fragment.span.end)
    if start == end:
        start = max(start - 1, fragment.span.start)
    return Problem(Span(start, end), problem.message, code="syntax-error")
