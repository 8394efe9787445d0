"""Settings in words: Markdown."""

from collections.abc import Iterator

from defog_metadata.documents.settings import Setting
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, page_of

__all__ = ["described"]

_MOST_CHOICES = 12


def described(setting: Setting) -> str:
    """What *setting* means, and what it can be."""
    return "\n\n".join(_paragraphs(setting))


def _paragraphs(setting: Setting) -> Iterator[str]:
    if setting.about:
        yield f"{setting.about[0].upper()}{setting.about[1:]}."
    if 0 < len(setting.choices) <= _MOST_CHOICES:
        yield "One of " + ", ".join(f"`{it}`" for it in setting.choices)
    if setting.kind == "secret":
        yield (
            "`{ ask = true }`: whoever uses the connection is asked, and an editor may keep it; "
            'else `{ env = "VARIABLE" }` or `{ keyring = "service" }`'
        )
    if setting.default:
        yield f"Default: `{setting.default}`"
    if setting.name in DEFAULT_SEVERITIES:
        yield f"[About {setting.name}]({page_of(setting.name)})"
