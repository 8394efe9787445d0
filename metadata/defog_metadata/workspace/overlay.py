"""Editor settings over ``defog.toml``."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, cast

from defog_metadata.documents.toml_text import Node
from defog_metadata.text import Span
from defog_metadata.workspace.configuration import Configuration, Problem
from defog_metadata.workspace.reading import read_dialect, read_formatting, read_rules
from defog_metadata.workspace.sections import Section
from defog_metadata.workspace.settings import RUNS

__all__ = ["overlaid"]


def overlaid(
    configuration: Configuration, overrides: Mapping[str, object]
) -> tuple[Configuration, tuple[str, ...]]:
    """*configuration* with an editor's settings over it, and what is wrong with the settings.

    *overrides* is the section ``defog`` as an editor gives it: ``{"dialect": …, "rules": {…},
    "diagnostics": {"run": …, "debounce": …}, "cache": {"ttlSeconds": …}, "formatting":
    {"formatter": …, "lineLength": …, "keywordCase": …}, "codeLens": {"enable": …}}``.
    ``None``, the empty text and settings of other parts of the editor are passed over.
    """
    problems: list[Problem] = []
    nowhere = Node(Span(0, 0), Span(0, 0))
    top = Section("defog", _set(overrides), nowhere, problems)
    diagnostics, cache, formatting, lenses = (
        Section(it.name, _set(it.values), nowhere, problems)
        for it in map(top.section, ("diagnostics", "cache", "formatting", "codeLens"))
    )
    run = diagnostics.choice("run", RUNS)
    debounce = diagnostics.number("debounce", least=0)
    ttl = cache.number("ttlSeconds", least=0, whole=False)
    changed = replace(
        configuration,
        dialect=read_dialect(top) or configuration.dialect,
        rules=MappingProxyType({**configuration.rules, **read_rules(top.section("rules"))}),
        diagnostics_run=cast("Literal['onType', 'onSave']", run or configuration.diagnostics_run),
        debounce_ms=configuration.debounce_ms if debounce is None else int(debounce),
        ttl_seconds=configuration.ttl_seconds if ttl is None else ttl,
        formatting=read_formatting(
            formatting, configuration.formatting, "lineLength", "keywordCase"
        ),
        code_lens=lenses.flag("enable", default=configuration.code_lens),
    )
    return changed, tuple(it.message for it in problems)


def _set(values: Mapping[str, object]) -> Mapping[str, object]:
    return {key: value for key, value in values.items() if value is not None and value != ""}
