"""The VS Code extension as it is installed: packaged, in a real workbench, with the real server."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from defog_lsp import __version__
from defog_lsp.cli.demo.mistakes import declared_mistakes
from tests.editors.vscode.workbench import Workbench, demo_workspace, open_workbench, package
from tests.support import tools

# The first of them builds the extension.
pytestmark = pytest.mark.timeout(600)

SERVER = Path(sys.executable).with_name("defog-lsp")
READY = r"^\$\(database\) shop: 12 tables$"


@pytest.fixture(scope="module")
def vsix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for tool in ("node", "npm", "chromium", "code-server", "playwright-core", "vscode-extension"):
        tools.require(tool)
    return package(tmp_path_factory.mktemp("vsix"), Path(sys.executable))


@pytest.fixture(scope="module")
def workbench(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    data = tmp_path_factory.mktemp("workbench")
    with open_workbench(data, vsix, {"defog.server.path": str(SERVER)}) as opened:
        yield opened


@pytest.fixture
def screenshots() -> Path:
    """Where they can be looked at afterwards."""
    folder = tools.TOOLS / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return demo_workspace(tmp_path / "shop")


def mistakes(shop: Path) -> list[tuple[list[int], str]]:
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


def test_the_package_has_what_it_needs_and_no_more(vsix: Path) -> None:
    with zipfile.ZipFile(vsix) as archive:
        names = {it.removeprefix("extension/") for it in archive.namelist()}
    [wheel] = {it for it in names if it.endswith(".whl")}
    assert wheel == f"bundled/defog_lsp-{__version__}-py3-none-any.whl"
    text = {"readme.md", "changelog.md", "LICENSE.txt", "package.json", "icon.png"}
    around = {"extension.vsixmanifest", "[Content_Types].xml"}
    schemas = {"schemas/metadata.schema.json", "schemas/golden-queries.schema.json"}
    assert names - {wheel} == text | around | schemas | {"dist/extension.js"}


def test_a_person_at_the_screen(workbench: Workbench, shop: Path, screenshots: Path) -> None:
    misspelled = "SELECT p.name, p.prise FROM products AS p;"
    described = "FROM orders AS o JOIN customers AS c ON c.id = o.customer_id;"
    seen = workbench.drive(
        {
            "folder": str(shop),
            "screenshots": str(screenshots),
            "file": "mistakes.sql",
            "status": "shop: 12 tables",
            "width": 1160,
            "height": 700,
            "scale": 1.5,
            "misspelled": {"line": misspelled, "name": "prise", "expected": ["mean price"]},
            "fix": {
                "title": "Change to price",
                "result": "SELECT p.name, p.price FROM products AS p;",
            },
            "described": {"line": described, "name": "customer_id", "expected": ["Who ordered."]},
            "completion": {
                "file": "low_stock.sql",
                "statement": "SELECT FROM products AS p;",
                "after": "SELECT",
                "text": " p.",
                "more": "pri",
                "details": "Current list price in euros",
                "result": "SELECT p.price FROM products AS p;",
            },
        }
    )
    assert seen["status"] == "shop: 12 tables"
    assert any(is_under(squiggle, seen["misspelled"]) for squiggle in seen["squiggles"])
    assert "unknown-column" in seen["problem"]
    assert "INTEGER" in seen["hover"]
    assert "customers" in seen["hover"], "what it references"
    assert "Ignore unknown-column for this line" in seen["fixes"]
    offered = [it.split(",")[0].split(" ")[0] for it in seen["proposals"]]
    assert {"sku", "name", "price", "weight_g"} <= set(offered)
    assert "DECIMAL(10, 2)" in seen["details"], "what is resolved for the chosen one alone"
    assert seen["accepted"]
    assert [it for it in seen["menu"] if "Restart the language server" in it]
    if os.environ.get("UPDATE_SCREENSHOTS") == "1":
        images = tools.REPOSITORY / "docs/images"
        images.mkdir(exist_ok=True)
        shutil.copy(screenshots / "hover.png", images / "vscode.png")


def test_the_tables_that_a_query_names(workbench: Workbench, shop: Path, screenshots: Path) -> None:
    """A description is typed and shown; their DDL comes in a document of its own."""
    text = "Price of one piece in euros, when it was ordered."
    seen = workbench.drive(
        {
            "folder": str(shop),
            "screenshots": str(screenshots),
            "file": "revenue_by_month.sql",
            "status": "shop: 12 tables",
            "describe": {
                "line": "SUM(i.quantity * i.unit_price) AS revenue",
                "name": "unit_price",
                "action": "Describe order_items.unit_price…",
                "text": text,
            },
            "ddl": {
                "what": "the 2 tables of this statement",
                "dialect": "PostgreSQL",
                "result": "CREATE TABLE public.order_items (",
            },
        },
        "drive_tables.cjs",
    )
    assert "Generate DDL for order_items" in seen["actions"]
    assert seen["actions"].index("Describe order_items.unit_price…") < seen["actions"].index(
        "Generate DDL for order_items"
    )
    assert text in seen["hover"]
    assert text in (shop / "metadata/descriptions.json").read_text()
    assert seen["what"] == ["order_items", "the 2 tables of this statement", "all 12 tables"]
    assert seen["dialects"][:2] == ["SQLite", "PostgreSQL"]


def test_the_metadata_in_the_explorer(workbench: Workbench, shop: Path, screenshots: Path) -> None:
    """Down to the columns with their descriptions; a table as DDL; a description changed in place."""
    text = "Where the letter box is."
    seen = workbench.drive(
        {
            "folder": str(shop),
            "screenshots": str(screenshots),
            "file": "low_stock.sql",
            "status": "shop: 12 tables",
            "path": ["shop", "customers"],
            "column": "email",
            "ddl": "CREATE TABLE customers",
            "text": text,
        },
        "drive_tree.cjs",
    )
    assert any(it.startswith("connection, shop, 12 tables") for it in seen["rows"])
    assert any(it.startswith("table, customers, ") for it in seen["rows"])
    assert text in (shop / "metadata/descriptions.json").read_text()


def test_the_health_of_the_metadata(workbench: Workbench, shop: Path, screenshots: Path) -> None:
    """A page with shares, problems and links that lead to their places."""
    golden = [{"question": "What?", "sql": "SELECT nope FROM orders"}]
    (shop / "golden_queries.json").write_text(json.dumps(golden))
    seen = workbench.drive(
        {
            "folder": str(shop),
            "screenshots": str(screenshots),
            "file": "low_stock.sql",
            "status": "shop: 12 tables",
            "problem": "no column nope",
            "place": '"sql": "SELECT nope FROM orders"',
        },
        "drive_health.cjs",
    )
    assert seen["headings"][:2] == ["Metadata Health", "shop"]
    assert any("12 of 12" in it for it in seen["shares"])
    assert seen["unlabelled"] == []


def test_golden_queries(workbench: Workbench, shop: Path, screenshots: Path) -> None:
    """SQL in JSON strings: mistakes and descriptions at their place, lenses, what is not covered."""
    entry = {
        "question": 'How many "open" orders?',
        "sql": "SELECT\n  COUNT(*) AS open_orders\nFROM \"orders\" AS o\nWHERE o.sttatus = 'new'",
    }
    (shop / "golden_queries.json").write_text(json.dumps([entry], indent=2))
    seen = workbench.drive(
        {
            "folder": str(shop),
            "screenshots": str(screenshots),
            "file": "golden_queries.json",
            "status": "shop: 12 tables",
            "coverage": "1/12 tables",
            "misspelled": {
                "line": "WHERE o.sttatus = 'new'",
                "name": "sttatus",
                "fix": "Change to status",
                "result": "WHERE o.status = 'new'",
            },
            "described": {
                "line": '\\"orders\\" AS o',
                "name": "orders",
                "expected": ["One row for each order"],
            },
            "uncovered": "reviews",
        },
        "drive_golden.cjs",
    )
    assert any(is_under(squiggle, seen["misspelled"]) for squiggle in seen["squiggles"])
    assert "1 problem" in [it.replace("\xa0", " ") for it in seen["lenses"]]
    assert "Change to status" in seen["fixes"]
    assert "status" in seen["hover"]


def is_under(squiggle: dict[str, float], word: dict[str, float]) -> bool:
    """Whether a squiggle is as wide as the word and on its line, give or take two pixels."""
    return (
        abs(squiggle["x"] - word["x"]) <= 2
        and abs(squiggle["width"] - word["width"]) <= 2
        and abs(squiggle["y"] + squiggle["height"] / 2 - word["y"] - word["height"] / 2) <= 4
    )


def test_in_the_extension_host(workbench: Workbench, shop: Path) -> None:
    """Everything that a provider answers, and the server's life: restarted, killed, refreshed."""
    with (shop / "defog.toml").open("a") as configuration:
        configuration.write("[ruless]\n")
    (shop / "query.sql").write_text(QUERY)
    (shop / "flow.sql").write_text(FLOW)
    done = workbench.run_suite(
        shop,
        [
            {"step": "status", "matching": READY},
            {"step": "diagnostics", "path": "mistakes.sql", "atLeast": 9},
            {"step": "diagnostics", "as": "toml", "path": "defog.toml", "atLeast": 1},
            {"step": "hover", "path": "mistakes.sql", "line": 4, "character": 10},
            {"step": "completion", "text": "SELECT * FROM products AS p WHERE p."},
            {"step": "commands"},
            *NAVIGATION,
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
    expected = mistakes(shop)
    assert found(done["diagnostics"]) == sorted(expected)
    assert all(it["severity"] == "error" for it in done["diagnostics"])
    assert all(it["link"].endswith(f"docs/rules/{it['code']}.md") for it in done["diagnostics"])
    assert "ruless" in done["toml"][0]["message"]
    assert "Name shown in the shop" in done["hover"]
    assert {"sku", "name", "price"} <= set(done["completion"])
    ours = {"refresh", "openConfiguration", "restartServer", "showOutput", "showMenu", "openPlace"}
    ours |= {"checkHealthPage"}
    ours |= {f"node.{it}" for it in ("describe", "generateDdl", "copyName", "refresh")}
    # VS Code's own, for the view.
    ours |= {f"metadata.{it}" for it in ("focus", "open", "removeView", "resetViewLocation")}
    ours |= {f"metadata.{it}" for it in ("toggleVisibility",)}
    on_tables = {"describe", "generateDdl", "createTables", "commentDatabase"}
    servers = {"applyEdit", "refreshMetadata", "showStatus", "showUncovered", "checkHealth"}
    servers |= on_tables
    here = {f"editor.{it}" for it in on_tables}
    assert {it.removeprefix("defog.") for it in done["commands"]} == ours | here | servers
    check_navigation(done)
    assert found(done["edit"]) == sorted(expected[1:])
    assert "Connection: shop" in done["status after refresh"]["tooltip"]
    assert "less than a minute ago" in done["status after refresh"]["tooltip"]


QUERY = "SELECT  p.name,  p.price AS cost FROM products AS p\nORDER BY cost;\n"
FLOW = "WITH big AS (\n  SELECT id FROM orders\n)\nSELECT *\nFROM big CROSS JOIN order_totals;\n"
ORDERS = {"line": 1, "character": 18}
PRICE, ALIAS = {"line": 0, "character": 20}, {"line": 0, "character": 8}
NAVIGATION: list[dict[str, Any]] = [
    {"step": "definition", "path": "query.sql", **PRICE},
    *(
        {"step": "provider", "as": name, "command": f"vscode.{command}", "path": "query.sql", **more}
        for name, command, more in (
            ("references", "executeReferenceProvider", ALIAS),
            ("highlights", "executeDocumentHighlights", ALIAS),
            ("rename", "executeDocumentRenameProvider", {**ALIAS, "more": ["product"]}),
            ("symbols", "executeDocumentSymbolProvider", {}),
            ("folds", "executeFoldingRangeProvider", {}),
            ("format", "executeFormatDocumentProvider",
             {"more": [{"tabSize": 2, "insertSpaces": True}]}),
            ("tokens", "provideDocumentSemanticTokens", {}),
        )
    ),
    {"step": "provider", "as": "implementation", "command": "vscode.executeImplementationProvider",
     "path": "flow.sql", **ORDERS},
    {"step": "provider", "as": "lenses", "command": "vscode.executeCodeLensProvider",
     "path": "flow.sql"},
    {"step": "calls", "path": "flow.sql", **ORDERS},
]  # fmt: skip


def check_navigation(done: dict[str, Any]) -> None:
    assert done["definition"]["uri"] == "defog:/shop/main/products.sql"
    assert done["definition"]["name"] == "price"
    assert "Current list price in euros" in done["definition"]["text"]
    assert len(done["references"]) == len(done["highlights"]) == 3
    [[_, edits]] = done["rename"]
    assert [it["newText"] for it in edits] == ["product"] * 3
    assert [it["name"] for it in done["symbols"]] == ["SELECT p.name, p.price AS cost FROM"]
    assert done["folds"]
    # VS Code makes the least edits of ours: they only take white space away.
    assert [it["newText"].strip() for it in done["format"]] == [""] * len(done["format"])
    assert len(done["tokens"]["data"])
    assert [it["command"]["title"] for it in done["lenses"]] == ["reads order_totals, orders"]
    assert any("order_totals" in json.dumps(it) for it in done["implementation"])
    assert done["calls"]["name"] == "orders"
    assert ["big", ["orders"]] in done["calls"]["incoming"]
    assert any(name == "order_totals" for name, _ in done["calls"]["incoming"])
    assert done["calls"]["outgoing"] == []


def test_a_server_that_does_not_start(vsix: Path, tmp_path: Path, shop: Path) -> None:
    """Each setting that leads nowhere says so; the next good one is taken at once."""
    failing = tmp_path / "failing"
    failing.write_text("#!/bin/sh\necho 'no module named defog_lsp' >&2\nexit 3\n")
    failing.chmod(0o755)
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 600\n")
    silent.chmod(0o755)

    def try_server(path: Path, matching: str) -> list[dict[str, Any]]:
        return [
            {"step": "setting", "name": "defog.server.path", "value": str(path)},
            {"step": "status", "as": path.name, "matching": matching},
        ]

    settings = {"defog.server.path": str(tmp_path / "absent")}
    with open_workbench(tmp_path / "data", vsix, settings) as workbench:
        done = workbench.run_suite(
            shop,
            [
                {"step": "status", "as": "absent", "matching": r"\(error\)"},
                *try_server(failing, r"\(error\)"),
                *try_server(silent, "starting"),
                *try_server(SERVER, READY),
            ],
        )
    assert "absent, which is not an executable file" in plain(done["absent"])
    assert "ended with status 3 while it was starting" in plain(done["failing"])
    assert "no module named defog_lsp" in plain(done["failing"])
    assert "the setting defog.server.path" in plain(done[SERVER.name])


def test_nothing_of_an_untrusted_workspace_is_run(vsix: Path, tmp_path: Path, shop: Path) -> None:
    """Neither its settings nor its .venv choose a program, and no database is asked."""
    marker = tmp_path / "was-run"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {marker}\nexit 1\n")
    trap.chmod(0o755)
    (shop / ".vscode").mkdir()
    (shop / ".vscode/settings.json").write_text(
        f'{{"defog.server.path": "{trap}", "defog.python.path": "{trap}"}}'
    )
    (shop / ".venv/bin").mkdir(parents=True)
    shutil.copy(trap, shop / ".venv/bin/python")
    settings = {
        "security.workspace.trust.enabled": True,
        "security.workspace.trust.startupPrompt": "never",
    }
    on_path = {"PATH": f"{SERVER.parent}{os.pathsep}{tools.environment()['PATH']}"}
    with open_workbench(tmp_path / "data", vsix, settings, on_path) as workbench:
        done = workbench.run_suite(
            shop,
            [
                {"step": "trust"},
                {"step": "status", "matching": "shop: 12 tables.*not trusted"},
                {"step": "diagnostics", "path": "mistakes.sql", "atLeast": 1},
            ],
        )
    assert done["trust"] is False
    assert "defog-lsp on the PATH" in plain(done["status"])
    assert not marker.exists()


def test_the_extension_installs_its_own_server(vsix: Path, tmp_path: Path, shop: Path) -> None:
    """Where there is only a Python: an environment is made from the wheel in the VSIX, once."""
    require_registry(tmp_path)
    # Python 3.11 or later, without the server; nothing of this environment is on the PATH.
    settings = {"defog.python.path": getattr(sys, "_base_executable", sys.executable)}
    node = tools.require("node")
    on_path = {"PATH": f"{node.parent}{os.pathsep}{os.defpath}"}
    mine = f"{READY}.*extension's own environment"
    ready = [{"step": "status", "matching": mine, "timeoutMs": 180_000}]
    with open_workbench(tmp_path / "data", vsix, settings, on_path) as workbench:
        workbench.run_suite(shop, ready)
        [made] = (tmp_path / "data").glob("user/User/globalStorage/defog.defog-sql/environments/*")
        before = made.stat()
        workbench.run_suite(shop, ready)
        assert made.stat() == before, "the second window uses it as it is"


def require_registry(folder: Path) -> None:
    """Skip the test where pip can download nothing."""
    quick = ["--quiet", "--disable-pip-version-check", "--timeout", "10", "--retries", "0"]
    download = ["download", *quick, "--no-deps", "--dest", str(folder / "download"), "rank-bm25"]
    done = subprocess.run([sys.executable, "-m", "pip", *download], check=False)
    if done.returncode:
        reason = "pip cannot reach a package index"
        if tools.in_ci():
            pytest.fail(reason)
        pytest.skip(reason)


def plain(view: dict[str, Any]) -> str:
    """The tooltip without the backslashes of Markdown."""
    assert isinstance(view["tooltip"], str)
    return view["tooltip"].replace("\\", "")
