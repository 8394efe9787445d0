"""Completion in ``defog.toml``: keys, sections, and the values that a setting can have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from defog_lsp.ide.completion.items import Completions, Item
from defog_lsp.ide.configuration.described import described
from defog_lsp.ide.configuration.place import (
    ConfigurationPlace,
    place_at,
    section_at,
    values_at,
)
from defog_metadata.documents.settings import Setting
from defog_metadata.documents.toml_text import read_toml
from defog_metadata.text import Span

__all__ = ["complete_configuration"]

_SECTIONS = frozenset(("section", "named sections", "repeated sections"))
_FREE = "name"
"""What stands for a name of one's own until somebody writes it."""
_SECRETS = ("{ ask = true }", '{ env = "VARIABLE" }', '{ keyring = "service" }')


def complete_configuration(
    text: str, offset: int, settings: Setting, files: Sequence[str] = ()
) -> Completions:
    """What can be written at *offset*, in the order of the documentation.

    *files* are those that a setting may name, relative to the file, with ``/``.
    """
    place = place_at(text, offset)
    if place is None:
        return Completions()
    match place.kind:
        case "header":
            found = _headers(text, place, settings)
        case "key":
            found = _keys(text, place, settings)
        case "value":
            found = _values(text, place, settings, files)
    return Completions(tuple(found))


def _headers(text: str, place: ConfigurationPlace, settings: Setting) -> Iterator[Item]:
    written = text[place.word.start : place.word.end]
    brackets = "[" * (len(written) - len(written.lstrip("[")))
    there = read_toml(text[: place.word.start] + "\n" + text[place.word.end :]).values
    for item, setting in _sections(place.word, settings, there):
        is_named = setting.kind == "named sections"
        if not place.path or (is_named and place.path == (setting.name,)):
            yield replace(item, filter_text=f"{brackets}{item.label.strip('[]')}")


def _sections(
    span: Span, settings: Setting, there: Mapping[str, object]
) -> Iterator[tuple[Item, Setting]]:
    """Headers of the sections that can be begun."""
    for setting in settings.children:
        if setting.kind not in _SECTIONS or (setting.kind == "section" and setting.name in there):
            continue
        name = f"{setting.name}.{_FREE}" if setting.kind == "named sections" else setting.name
        header = f"[[{name}]]" if setting.kind == "repeated sections" else f"[{name}]"
        snippet = f"[{setting.name}.${{1:{_FREE}}}]" if name != setting.name else ""
        item = Item(
            header, "schema", span, header, documentation=described(setting), snippet=snippet,
            filter_text=header,
        )  # fmt: skip
        yield item, setting


def _keys(text: str, place: ConfigurationPlace, settings: Setting) -> Iterator[Item]:
    around = section_at(settings, place.path)
    values = values_at(text, place)
    written = text[place.word.start : place.word.end]
    for setting in _possible(around, values) if around else ():
        is_taken = setting.name in values and setting.name != written
        if setting.kind not in _SECTIONS and not is_taken:
            has_value = text[place.word.end :].lstrip(" \t").startswith("=")
            yield Item(
                setting.name,
                "column",
                place.word,
                setting.name if has_value else f"{setting.name} = ",
                documentation=described(setting),
                detail=_kind(setting),
                filter_text=setting.name,
            )
    if not text[text.rfind("\n", 0, place.word.start) + 1 : place.word.start].strip():
        yield from (it for it, _ in _sections(place.word, settings, read_toml(text).values))


def _possible(around: Setting, values: Mapping[str, object]) -> Sequence[Setting]:
    chosen = values.get(around.chooser)
    if around.kind == "named sections":
        return ()
    # Which fields there are is only known once it is known of what.
    if around.chooser and chosen not in around.variants:
        return around.children
    return around.children_for(chosen)


def _values(
    text: str, place: ConfigurationPlace, settings: Setting, files: Sequence[str]
) -> Iterator[Item]:
    around = section_at(settings, place.path)
    values = values_at(text, place)
    known = around.children_for(values.get(around.chooser)) if around else ()
    setting = next((it for it in known if it.name == place.key), None)
    if setting is None:
        return
    if setting.kind == "flag":
        yield from (_value(place, text, it) for it in ("true", "false"))
    elif setting.kind == "secret":
        yield from (_value(place, text, it) for it in _SECRETS)
    else:
        for it in _texts(setting, text, files):
            written = f'"{it}"'
            is_listed = setting.kind != "texts" or place.in_list
            yield _value(place, text, written if is_listed else f"[{written}]", it)


def _texts(setting: Setting, text: str, files: Sequence[str]) -> Iterator[str]:
    yield from setting.choices
    if setting.values == "connection":
        named = read_toml(text).values.get("connections")
        yield from named if isinstance(named, dict) else ()
    elif setting.values:
        fitting = [it for it in files if it.lower().endswith(setting.extensions)]
        if setting.values == "files":
            yield from dict.fromkeys(filter(None, map(_pattern, fitting)))
        yield from fitting


def _pattern(file: str) -> str:
    """What means *file* and the others like it in its folder; empty at the top."""
    path = PurePosixPath(file)
    return f"{path.parent}/*{path.suffix}" if len(path.parts) > 1 else ""


def _value(place: ConfigurationPlace, text: str, written: str, name: str = "") -> Item:
    quote = text[place.word.start : place.word.start + 1]
    typed_quote = quote if quote in ("'", '"') else ""
    name = name or written
    return Item(name, "value", place.word, written, filter_text=f"{typed_quote}{name}")


def _kind(setting: Setting) -> str:
    return {"texts": "list of texts", "flag": "true or false"}.get(setting.kind, setting.kind)
