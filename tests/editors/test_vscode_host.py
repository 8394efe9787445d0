"""The VS Code extension in its host: every feature as VS Code hears of it, with the real server."""

import json
from pathlib import Path
from typing import Any

import pytest

from defog_lsp.cli.demo.mistakes import declared_mistakes
from tests.editors.vscode.workbench import READY, Workbench

# The first of them may build the extension.
pytestmark = pytest.mark.timeout(600)


def declared(shop: Path) -> list[tuple[list[int], str]]:
    """Ranges, as VS Code counts them, and codes of the mistakes that the sample declares."""
    text = (shop / "mistakes.sql").read_text()
    assert text.isascii(), "else its columns would have to be counted in UTF-16"

    def place(offset: int) -> tuple[int, int]:
        return text.count("\n", 0, offset), offset - (text.rfind("\n", 0, offset) + 1)

    return [
        ([*place(it.span.start), *place(it.span.end)], it.code) for it in declared_mistakes(text)
    ]


def found(diagnostics: list[dict[str, Any]]) -> list[tuple[list[int], str]]:
    return sorted((it["range"], it["code"]) for it in diagnostics)


def test_the_life_of_the_server(workbench: Workbench, shop: Path) -> None:
    """Restarted, killed, refreshed: what it says is as before."""
    with (shop / "defog.toml").open("a") as configuration:
        configuration.write("[ruless]\n")
    done = workbench.run_suite(
        shop,
        [
            {"step": "status", "matching": READY},
            {"step": "diagnostics", "path": "mistakes.sql", "atLeast": 9},
            {"step": "diagnostics", "as": "toml", "path": "defog.toml", "atLeast": 1},
            {"step": "completion", "text": "SELECT * FROM products AS p WHERE p."},
            {"step": "commands"},
            {"step": "restart", "path": "mistakes.sql"},
            {"step": "status", "as": "status after restart", "matching": READY},
            {"step": "crash", "path": "mistakes.sql"},
            {
                "step": "edit",
                "path": "mistakes.sql",
                "replace": "p.prise",
                "by": "p.price",
                "gone": "prise",
            },
            {"step": "command", "name": "defog.refresh"},
            {"step": "status", "as": "status after refresh", "matching": READY},
        ],
    )
    expected = declared(shop)
    assert found(done["diagnostics"]) == sorted(expected)
    assert all(it["severity"] == "error" for it in done["diagnostics"])
    assert all(it["link"].endswith(f"docs/rules/{it['code']}.md") for it in done["diagnostics"])
    assert "ruless" in done["toml"][0]["message"]
    assert {"sku", "name", "price"} <= set(done["completion"])
    ours = {"refresh", "openConfiguration", "restartServer", "showOutput", "showMenu", "openPlace"}
    ours |= {
        "setUp",
        "forgetPasswords",
        "checkHealthPage",
        "copyHealth",
        "findTable",
        "getStarted",
        "newQuery",
    }
    ours |= {f"node.{it}" for it in ("describe", "generateDdl", "copyName", "refresh")}
    # VS Code's own, for the view.
    ours |= {f"metadata.{it}" for it in ("focus", "open", "removeView", "resetViewLocation")}
    ours |= {f"metadata.{it}" for it in ("toggleVisibility",)}
    on_tables = {"describe", "generateDdl", "createTables", "commentDatabase"}
    servers = {"applyEdit", "refreshMetadata", "showStatus", "showUncovered", "checkHealth"}
    servers |= on_tables | {"addConnection", "addMetadata", "forgetSecrets"}
    here = {f"editor.{it}" for it in on_tables}
    assert {it.removeprefix("defog.") for it in done["commands"]} == ours | here | servers
    assert found(done["edit"]) == sorted(expected[1:])
    assert "Connection: **shop**" in done["status after refresh"]["tooltip"]
    assert "less than a minute ago" in done["status after refresh"]["tooltip"]


SQL = """\
WITH big AS (
  SELECT order_id, total FROM order_totals WHERE total > 100
)
SELECT * FROM big AS b JOIN orders AS o ON o.id = b.order_id ORDER BY 1;
INSERT INTO categories (id, name) VALUES (7, 'Tea');
SELECT round(p.price, 1) FROM   products AS p;
"""
FLOW = "WITH big AS (\n  SELECT id FROM orders\n)\nSELECT *\nFROM big CROSS JOIN order_totals;\n"
ORDERS = [1, 18]
BIG, ALIAS, ROUND, PRICE = [3, 15], [3, 21], [5, 22], [5, 17]
WHOLE = [0, 0, 6, 0]
LAYOUT = {"tabSize": 2, "insertSpaces": True}
PROVIDERS: dict[str, tuple[str, list[Any]]] = {
    "completion": ("executeCompletionItemProvider", [[5, 15], ".", 50]),
    "hover": ("executeHoverProvider", [PRICE]),
    "signature": ("executeSignatureHelpProvider", [ROUND, ","]),
    "definition": ("executeDefinitionProvider", [BIG]),
    "declaration": ("executeDeclarationProvider", [BIG]),
    "type definition": ("executeTypeDefinitionProvider", [[5, 13]]),
    "references": ("executeReferenceProvider", [ALIAS]),
    "highlights": ("executeDocumentHighlights", [ALIAS]),
    "prepare rename": ("prepareRename", [ALIAS]),
    "rename": ("executeDocumentRenameProvider", [ALIAS, "large"]),
    "symbols": ("executeDocumentSymbolProvider", []),
    "folds": ("executeFoldingRangeProvider", []),
    "selections": ("executeSelectionRangeProvider", [{"positions": [PRICE]}]),
    "tokens": ("provideDocumentSemanticTokens", []),
    "tokens of a range": ("provideDocumentRangeSemanticTokens", [WHOLE]),
    "legend": ("provideDocumentSemanticTokensLegend", []),
    "hints": ("executeInlayHintProvider", [WHOLE]),
    "actions": ("executeCodeActionProvider", [[3, 7, 3, 8], "refactor", 5]),
    "format": ("executeFormatDocumentProvider", [LAYOUT]),
    "format range": ("executeFormatRangeProvider", [[5, 0, 6, 0], LAYOUT]),
    "format on type": ("executeFormatOnTypeProvider", [[5, 46], ";", LAYOUT]),
}


ELSEWHERE: dict[str, tuple[str, str, list[Any]]] = {
    "table": ("executeDefinitionProvider", "whole.sql", [[4, 14]]),
    "lenses": ("executeCodeLensProvider", "golden_queries.json", [5]),
    "links": ("executeLinkProvider", "glossary.md", [20]),
    "mends": ("executeCodeActionProvider", "mistakes.sql", [[4, 18, 4, 18], "quickfix", 5]),
    "settings": ("executeCompletionItemProvider", "defog.toml", [[4, 0]]),
    "setting": ("executeHoverProvider", "defog.toml", [[2, 3]]),
}
CELL = {
    "cell_type": "code",
    "execution_count": None,
    "metadata": {"vscode": {"languageId": "sql"}},
    "outputs": [],
    "source": ["SELECT p.prise FROM products AS p"],
}
NOTEBOOK = {"cells": [CELL], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def check_flow(done: dict[str, Any]) -> None:
    """Who uses the table that a CTE and a view read."""
    assert [it["command"]["title"] for it in done["touched"]] == ["reads order_totals, orders"]
    assert any("order_totals" in json.dumps(it) for it in done["views"])
    assert done["calls"]["name"] == "orders"
    assert ["big", ["orders"]] in done["calls"]["incoming"]
    assert any(name == "order_totals" for name, _ in done["calls"]["incoming"])
    assert done["calls"]["outgoing"] == []


def asked(shop: Path) -> list[dict[str, Any]]:
    """The steps that ask every provider, about files that are made for it in *shop*."""
    (shop / "whole.sql").write_text(SQL)
    (shop / "flow.sql").write_text(FLOW)
    (shop / "book.ipynb").write_text(json.dumps(NOTEBOOK))
    todo: list[dict[str, Any]] = [{"step": "status", "matching": READY}]
    for name, (command, given) in PROVIDERS.items():
        todo.append(provider(name, command, given) | {"path": "whole.sql"})
    for name, (command, path, given) in ELSEWHERE.items():
        todo.append(provider(name, command, given) | {"path": path})
    todo.append(provider("names", "executeWorkspaceSymbolProvider", ["supp"]))
    flow = {"path": "flow.sql"}
    todo.append(provider("views", "executeImplementationProvider", [ORDERS]) | flow)
    todo.append(provider("touched", "executeCodeLensProvider", [5]) | flow)
    todo.append({"step": "calls", **flow, "line": ORDERS[0], "character": ORDERS[1]})
    in_cell = {"path": "book.ipynb", "step": "notebook"}
    todo.append(provider("cell", "executeHoverProvider", [[0, 25]]) | in_cell)
    return todo


def test_every_provider(workbench: Workbench, shop: Path) -> None:
    """What VS Code makes of each answer: the languages of all files, tables, notebooks."""
    done = workbench.run_suite(shop, asked(shop))

    check_flow(done)
    [price, *_] = done["completion"]["items"]
    assert price["label"]["label"] == "price"
    assert "Current list price in euros" in price["documentation"], "which is resolved"
    assert "Current list price in euros" in done["hover"][0]["contents"][0]
    assert done["signature"]["signatures"][0]["label"].startswith("round(")
    assert done["signature"]["activeParameter"] == 1
    for name in ("definition", "declaration"):
        assert leads_to(done[name]) == ("file", [0, 5, 0, 8])
    assert leads_to(done["type definition"])[0] == "defog"
    assert leads_to(done["table"])[0] == "defog"
    places = [[3, 21, 3, 22], [3, 50, 3, 51]]
    assert [numbers(it["range"]) for it in done["references"]] == places
    assert [numbers(it["range"]) for it in done["highlights"]] == places
    assert [it["kind"] for it in done["highlights"]] == ["Write", "Read"]
    assert done["prepare rename"]["placeholder"] == "b"
    [[_, edits]] = done["rename"]
    assert [(numbers(it["range"]), it["newText"]) for it in edits] == [
        (place, "large") for place in places
    ]
    assert len(done["symbols"]) == 3
    assert done["folds"] == [{"start": 0, "end": 3}]
    assert numbers(done["selections"][0]["range"]) == [5, 15, 5, 20]
    assert numbers(done["selections"][0]["parent"]["range"]) == [5, 13, 5, 20]
    check_tokens(done)
    hints = [it["label"] for it in done["hints"]]
    assert hints[0].startswith("order_id, total, id, "), "of the star"
    assert hints[1:] == ["order_id", "id:", "name:"]
    assert "Expand *" in [it["title"] for it in done["actions"]]
    blank = {"range": [{"line": 5, "character": 30}, {"line": 5, "character": 32}], "newText": ""}
    assert done["format"][-1] == blank
    assert done["format range"] == done["format on type"] == [blank]
    assert {it["name"] for it in done["names"]} == {"supplier_id", "suppliers"}
    titles = [it["command"]["title"] for it in done["lenses"]]
    assert titles[0].startswith("covers 8/12 tables")
    assert titles[1].startswith("valid")
    assert {it["target"]["path"] for it in done["links"]} >= {"/shop/main/orders.sql"}
    assert "Change to price" in [it["title"] for it in done["mends"]]
    assert any("dialect" in label_of(it) for it in done["settings"]["items"])
    assert "questions with the SQL" in done["setting"][0]["contents"][0]
    assert done["cell"]["language"] == "sql"
    assert found(done["cell"]["diagnostics"]) == [([0, 9, 0, 14], "unknown-column")]
    assert "Everything that is or was" in done["cell"]["answered"][0]["contents"][0]


def provider(name: str, command: str, given: list[Any]) -> dict[str, Any]:
    return {"step": "provider", "as": name, "command": f"vscode.{command}", "given": given}


def numbers(range_: list[dict[str, int]]) -> list[int]:
    return [number for it in range_ for number in (it["line"], it["character"])]


def leads_to(found: list[dict[str, Any]]) -> tuple[str, list[int]]:
    [link] = found
    return link["targetUri"]["scheme"], numbers(link["targetSelectionRange"])


def label_of(item: dict[str, Any]) -> str:
    label = item["label"]
    return str(label["label"] if isinstance(label, dict) else label)


def check_tokens(done: dict[str, Any]) -> None:
    """The first is the declared CTE; what is asked for a part of the text is that part."""
    data = list(done["tokens"]["data"].values())
    line, start, length, kind, modifiers = data[:5]
    assert (line, start, length) == (0, 5, 3)
    assert done["legend"]["tokenTypes"][kind] == "struct"
    assert modifiers == 1 << done["legend"]["tokenModifiers"].index("declaration")
    assert list(done["tokens of a range"]["data"].values()) == data


def test_what_changes_meanwhile(workbench: Workbench, shop: Path) -> None:
    """Settings, defog.toml and the shared cache, whoever changes them: the same server goes on."""
    mistakes = 9
    rules = {"step": "setting", "name": "defog.rules"}
    look = {"step": "outside", "diagnosed": "mistakes.sql"}
    unknown = sum(code == "unknown-column" for _, code in declared(shop))
    done = workbench.run_suite(
        shop,
        [
            {"step": "status", "matching": READY},
            {"step": "unopened", "path": "mistakes.sql", "count": mistakes},
            {**look, "as": "before", "count": mistakes},
            {**rules, "value": {"unknown-column": "off"}},
            {**look, "as": "set", "count": mistakes - unknown},
            {**rules, "value": {}},
            {**look, "as": "set back", "count": mistakes},
            {**look, "as": "file", "count": mistakes - unknown, "path": "defog.toml",
             "replace": "[rules]", "by": '[rules]\nunknown-column = "off"'},
            {"step": "cache", "table": "main.voucher",
             "columns": [{"column_name": "code", "data_type": "TEXT"}]},
            {"step": "status", "as": "more", "matching": r"shop: 13 tables"},
            {"step": "move", "from": "golden_queries.json", "to": "questions.json",
             "path": "defog.toml"},
        ],
    )  # fmt: skip
    [server] = done["before"]
    assert [done[it] for it in ("set", "set back", "file")] == [[server]] * 3
    assert done["unopened"] is False
    assert 'golden_queries = ["questions.json"]' in done["move"], "which names what was moved"
