"""The mends that rules know."""

from collections.abc import Iterator

from defog_lsp.ide.code_actions.actions import CodeAction
from defog_metadata.rules import Finding
from defog_metadata.rules.fixes import certain_fix

__all__ = ["quick_fixes"]


def quick_fixes(finding: Finding) -> Iterator[CodeAction]:
    """Each mend of *finding*, the likeliest first."""
    preferred = certain_fix(finding)
    for fix in finding.fixes:
        yield CodeAction(
            fix.title, "quickfix", fix.edits, (finding,), is_preferred=fix is preferred
        )
