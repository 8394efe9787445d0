"""Completers in process, since pgcli and mycli are no servers: what is answered, what that took.

``python completers.py pgcli|mycli SCHEMA``, in the peers' environment, or ``defog-lsp FOLDER`` in
ours, reads ``{"text": …, "offset": …}`` from each line of its input and writes
``{"seconds": …, "labels": […]}``. The clock runs in this process, around the call alone: no
protocol and no edit is in it.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

# ruff: noqa: PLC0415 - each imports what the environments of the others do not have

Complete = Callable[[str, int], list[str]]

_SEARCHED = "sales"  # what is on the search path


def pgcli(schema: Path) -> Complete:
    from pgcli.pgcompleter import PGCompleter
    from prompt_toolkit.document import Document

    tables = json.loads(schema.read_text(encoding="utf-8"))["tables"]
    completer = PGCompleter()
    completer.extend_schemata(sorted({it["database"] for it in tables}))
    completer.set_search_path([_SEARCHED])
    completer.extend_relations([(it["database"], it["tableName"]) for it in tables], "tables")
    completer.extend_columns(
        [
            (table["database"], table["tableName"], column["columnName"], "text", False, None)
            for table in tables
            for column in table["columns"]
        ],
        "tables",
    )
    return lambda text, offset: [
        it.text for it in completer.get_completions(Document(text, offset), None)
    ]


def mycli(schema: Path) -> Complete:
    from mycli.packages.completion.sql_completer import SQLCompleter
    from prompt_toolkit.document import Document

    completer = SQLCompleter()
    schemas: dict[str, dict[str, list[str]]] = {}
    for table in json.loads(schema.read_text(encoding="utf-8"))["tables"]:
        columns = ["*", *(it["columnName"] for it in table["columns"])]
        schemas.setdefault(table["database"], {})[table["tableName"]] = columns
    completer.set_dbname(_SEARCHED)
    for name, tables in schemas.items():
        completer.load_schema_metadata(name, tables, {}, {}, {}, {}, {})
    return lambda text, offset: [
        it.text for it in completer.get_completions(Document(text, offset), None)
    ]


def defog_lsp(folder: Path) -> Complete:
    from defog_lsp.ide.completion import complete
    from defog_metadata.sql.snapshot import Snapshot
    from defog_metadata.workspace.workspace import Workspace

    workspace = Workspace.open(folder)
    catalog = workspace.metadata(workspace.connection()).catalog
    return lambda text, offset: [
        it.label for it in complete(Snapshot(text, catalog, "postgres"), offset).items
    ]


def main() -> None:
    which, given = sys.argv[1:]
    completers = {"pgcli": pgcli, "mycli": mycli, "defog-lsp": defog_lsp}
    complete = completers[which](Path(given))
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        begun = time.perf_counter()
        labels = complete(asked["text"], asked["offset"])
        seconds = time.perf_counter() - begun
        print(json.dumps({"seconds": seconds, "labels": labels}), flush=True)


if __name__ == "__main__":
    main()
