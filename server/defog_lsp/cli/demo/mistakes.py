"""The mistakes that a sample file declares about itself.

Under a line stand carets where the mistake is, its rule, and what is wrong::

    SELECT p.prise FROM products AS p;
    --       ^^^^^ unknown-column: it is called price
"""

import re
from dataclasses import dataclass

from defog_lsp.cli.lines import Lines
from defog_metadata.text import Span

__all__ = ["Mistake", "declared_mistakes"]

_DECLARATION = re.compile(r"--\s*(?P<carets>\^+) (?P<code>[\w-]+): (?P<explanation>.+)")


@dataclass(frozen=True, slots=True)
class Mistake:
    span: Span
    code: str
    explanation: str


def declared_mistakes(text: str) -> tuple[Mistake, ...]:
    """The mistakes in *text*, in order; a declaration is about the nearest line that is none."""
    lines = Lines(text)
    found: list[Mistake] = []
    about = start = 0
    for line in text.splitlines(keepends=True):
        if match := _DECLARATION.match(line):
            span = Span(about + match.start("carets"), about + match.end("carets"))
            found.append(Mistake(span, match["code"], match["explanation"]))
        else:
            about = start
        start += len(line)
    return tuple(it for it in found if lines.line_of(it.span.end) == lines.line_of(it.span.start))
