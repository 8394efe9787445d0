"""A function as documentation."""

from defog_metadata.sql.functions.values import Function

__all__ = ["described", "facts"]

_MOST_SIGNATURES = 8


def described(function: Function) -> str:
    """Markdown: the signatures, then what the function does."""
    shown = [it.written(function.name) for it in function.signatures[:_MOST_SIGNATURES]]
    if function.is_bare and shown:
        shown[0] = shown[0].replace("()", "", 1)
    hidden = len(function.signatures) - len(shown)
    if hidden > 0:
        shown.append(f"-- and {hidden} more")
    code = "\n".join(shown) or function.name
    return "\n\n".join(filter(None, (f"```sql\n{code}\n```", facts(function))))


def facts(function: Function) -> str:
    """Markdown: what the function does, and where it comes from."""
    kind = "" if function.kind == "scalar" else f"*{function.kind.capitalize()} function*"
    extension = f"Needs the extension `{function.extension}`." if function.extension else ""
    return "\n\n".join(filter(None, (function.description, kind, extension)))
