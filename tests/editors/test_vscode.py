"""The VS Code extension as it is installed: packaged, in a real workbench, with the real server."""

import json
import socket
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from defog_lsp import __version__
from tests.editors.test_vscode_package import manifest
from tests.editors.vscode.workbench import EXTENSION, Workbench

# The first of them builds the extension.
pytestmark = pytest.mark.timeout(600)


def test_the_package_has_what_it_needs_and_no_more(vsix: Path) -> None:
    with zipfile.ZipFile(vsix) as archive:
        names = {it.removeprefix("extension/") for it in archive.namelist()}
    [wheel] = {it for it in names if it.endswith(".whl")}
    assert wheel == f"bundled/defog_lsp-{__version__}-py3-none-any.whl"
    text = {"readme.md", "changelog.md", "LICENSE.txt", "package.json", "icon.png"}
    around = {"extension.vsixmanifest", "[Content_Types].xml"}
    schemas = {"schemas/metadata.schema.json", "schemas/golden-queries.schema.json"}
    shown = {"images/activity.svg", "toml-language.json"}
    shown |= {f"walkthrough/{it.name}" for it in (EXTENSION / "walkthrough").iterdir()}
    assert names - {wheel} == text | around | schemas | shown | {"dist/extension.js"}


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
    assert [it for it in seen["menu"] if "Set up a database" in it]


def test_the_tables_that_a_query_names(workbench: Workbench, shop: Path, screenshots: Path) -> None:
    """A description is typed and shown; their DDL comes in a document, and they are created."""
    with (shop / "defog.toml").open("a") as configuration:
        configuration.write('[connections.copy]\ndb_type = "sqlite"\ndatabase = "copy.db"\n')
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
            "create": {"what": "the 2 tables of this statement", "database": "copy"},
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
    with closing(sqlite3.connect(shop / "copy.db")) as connection:
        created = connection.execute("select name from sqlite_schema where type = 'table'")
        assert sorted(created) == [("order_items",), ("orders",)]


def test_what_greets_a_person(workbench: Workbench, shop: Path, screenshots: Path) -> None:
    """The walkthrough, the status with all that it tells, and help with defog.toml."""
    seen = workbench.drive(
        {
            "folder": str(shop),
            "screenshots": str(screenshots),
            "file": "low_stock.sql",
            "status": "shop: 12 tables",
            "key": {"expected": ["questions with the SQL that answers them"], "typed": "[for"},
            "step": "Look around in the metadata",
        },
        "drive_start.cjs",
    )
    assert "the setting defog.server.path" in seen["tooltip"]
    assert "less than a minute ago" in seen["tooltip"]
    assert "Refresh" in seen["tooltip"]
    assert "12 tables" in seen["ofLanguage"]
    assert seen["output"] == "Defog SQL"
    assert any("formatting" in it for it in seen["keys"])
    [walkthrough] = manifest()["contributes"]["walkthroughs"]
    assert seen["steps"] == [it["title"] for it in walkthrough["steps"]]


def test_a_database_that_does_not_answer(
    workbench: Workbench, tmp_path: Path, screenshots: Path
) -> None:
    """How far reading it has come is shown, and can be cancelled."""
    folder = tmp_path / "slow"
    folder.mkdir()
    (folder / "query.sql").write_text("SELECT 1;\n")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        (folder / "defog.toml").write_text(
            f"""
            [connections.slow]
            db_type = "postgres"
            host = "127.0.0.1"
            port = {deaf.getsockname()[1]}
            database = "slow"
            user = "nobody"
            """
        )
        seen = workbench.drive(
            {
                "folder": str(folder),
                "screenshots": str(screenshots),
                "file": "query.sql",
                "status": "slow: reading the database",
                "progress": "Reading the metadata of slow",
                "after": "slow: no metadata",
            },
            "drive_progress.cjs",
        )
    assert seen["spins"] == 1
    assert "reading the database was cancelled" in seen["tooltip"]
    assert "Refresh to read the database" in seen["tooltip"]


# One more table in the database.
MORE = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("create table aisles (id integer)")
"""


def test_the_metadata_in_the_side_bar(workbench: Workbench, shop: Path, screenshots: Path) -> None:
    """Down to the columns; to drag, open, describe in place, find, copy, and to read anew."""
    text = "Where the letter box is."
    seen = workbench.drive(
        {
            "folder": str(shop),
            "screenshots": str(screenshots),
            "file": "low_stock.sql",
            "status": "shop: 12 tables",
            "path": ["shop", "customers"],
            "column": "email",
            "described": "Login name; unique, always in lower case.",
            "drag": {"name": "customers", "to": "p.sku;", "result": "p.sku;customers"},
            "ddl": "CREATE TABLE customers",
            "text": text,
            "find": {"typed": "supp", "name": "suppliers", "ddl": "CREATE TABLE suppliers"},
            "generated": {"dialect": "PostgreSQL", "ddl": "CREATE TABLE public.suppliers ("},
            "copied": {"typed": "SELECT s.name FROM ", "result": "SELECT s.name FROM suppliers"},
            "more": {"name": "aisles", "run": [sys.executable, "-c", MORE, str(shop / "shop.db")]},
        },
        "drive_tree.cjs",
    )
    assert any(it.startswith("connection, shop, 12 tables") for it in seen["rows"])
    assert any(it.startswith("table, customers, ") for it in seen["rows"])
    assert {"database", "table", "key", "symbol-field"} <= set(seen["icons"])
    assert text in (shop / "metadata/descriptions.json").read_text()
    assert any("supplier_id" in it for it in seen["found"]), "columns as well"


QUERY = """\
WITH big AS (
  SELECT order_id, total FROM order_totals WHERE total > 100
)
SELECT c.full_name, round(b.total, 1)   AS total
FROM big AS b JOIN orders AS o ON o.id = b.order_id JOIN customers AS c ON c.id = o.customer_id
ORDER BY 2 DESC;
"""


def test_the_way_through_a_query(workbench: Workbench, shop: Path, screenshots: Path) -> None:
    """Colours, hints, outline, breadcrumbs, a peek into the database, renaming, formatting."""
    (shop / "whole.sql").write_text(QUERY)
    (shop / ".vscode").mkdir()
    wanted = {"editor.linkedEditing": True, "editor.formatOnType": True}
    (shop / ".vscode/settings.json").write_text(json.dumps({"[sql]": wanted}))
    line = "FROM big AS b JOIN orders AS o ON o.id = b.order_id"
    seen = workbench.drive(
        {
            "folder": str(shop),
            "screenshots": str(screenshots),
            "file": "whole.sql",
            "status": "shop: 12 tables",
            "hint": ": real",
            "colors": [
                {"line": line, "name": "FROM"},
                {"line": line, "name": "big"},
                {"line": line, "name": "orders"},
                {"line": "SELECT c.full_name, round", "name": "full_name"},
                {"line": "SELECT c.full_name, round", "name": "round"},
            ],
            "outlined": "big",
            "inside": {"line": "FROM order_totals WHERE", "name": "order_totals"},
            "table": {"line": "JOIN customers AS c", "name": "customers"},
            "created": "CREATE TABLE customers",
            "rename": {
                "line": "SELECT c.full_name, round(b.total, 1)",
                "name": "b.",
                "to": "large",
                "result": "round(large.total, 1)",
            },
            "linked": {
                "line": "SELECT c.full_name, round(b.total, 1)",
                "name": "b.",
                "typed": "x",
                "here": "round(bx.total, 1)",
                "there": "FROM big AS bx JOIN orders AS o ON o.id = bx.order_id",
            },
            "formatted": "JOIN customers AS c ON c.id = o.customer_id",
            "ended": {
                "typed": "SELECT p.sku FROM    products AS p",
                "result": "SELECT p.sku FROM products AS p;",
            },
        },
        "drive_navigation.cjs",
    )
    colors = seen["colors"]
    assert len({colors[it] for it in ("FROM", "orders", "full_name", "round")}) == 4
    assert [it.strip() for it in seen["outline"]][:2]
    assert seen["crumbs"]
    assert seen["renamed"] == "b"
    assert "customers.sql" in seen["peek"]


def test_the_health_of_the_metadata(workbench: Workbench, shop: Path, screenshots: Path) -> None:
    """A page with shares, problems and links that lead to their places; it follows the files."""
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
            "uncovered": "Tables that no golden query reads: 11",
            "mended": "note",
        },
        "drive_health.cjs",
    )
    assert seen["headings"] == [
        "Metadata Health", "shop", "Descriptions: no problems",
        "Golden queries: 1 problem", "golden_queries.json", "Glossary: no problems",
    ]  # fmt: skip
    assert any("12 of 12" in it for it in seen["shares"])
    assert seen["unlabelled"] == []
    assert seen["scripts"] == 0
    assert seen["copied"].startswith("# Metadata Health\n\n## shop\n")
    assert "golden_queries.json:1: error: " in seen["copied"]
    assert seen["Dark Modern"]
    assert seen["Dark High Contrast"]


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
