import asyncio
import subprocess
import sys

import pytest

from defog_lsp.lsp.tasks import Tasks
from defog_lsp.lsp.warming import Warming

SCRIPT = """
import asyncio, sys
from defog_lsp.lsp import late, loading
from defog_lsp.lsp.tasks import Tasks
from defog_lsp.lsp.warming import Warming

async def warm():
    tasks = Tasks()
    Warming(tasks, lambda: False).prepare({dialect!r})
    while tasks._running:
        await asyncio.sleep(0.01)

if {is_warmed}:
    asyncio.run(warm())
else:
    loading.warm_up()
before = set(sys.modules)
from defog_lsp.ide.completion import complete
from defog_lsp.ide.diagnostics import diagnostics
from defog_lsp.ide.hover import hover
from defog_metadata.catalog import Catalog, Column, Table
orders = Table("orders", (Column("id", "int"), Column("total", "numeric", description="Price")))
catalog = Catalog.of(orders, dialect={dialect!r}, search_path=())
for text in ("select ", "select o. from orders o", "select su", "-- orders\\nselect * from ",
             "select * from orders where total > 1 and ", "insert into orders ("):
    seen = late.snapshot(text, catalog, {dialect!r})
    complete(seen, len(text)), hover(seen, 8), diagnostics(seen, late.default_severities())
print(*sorted(it for it in set(sys.modules) - before if not it.startswith("encodings")))
"""


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite", "snowflake"])
def test_what_is_asked_first_is_loaded_before(dialect: str) -> None:
    def loaded(*, is_warmed: bool) -> list[str]:
        script = SCRIPT.format(dialect=dialect, is_warmed=is_warmed)
        return subprocess.check_output([sys.executable, "-c", script], text=True).split()

    assert loaded(is_warmed=True) == []
    cold = loaded(is_warmed=False)
    assert "rank_bm25" in cold, "or there is nothing to warm up any more"


async def test_it_waits_while_somebody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    is_busy = True
    used: list[str] = []
    monkeypatch.setattr(
        "defog_lsp.lsp.warming._first_uses", lambda it: iter([lambda: used.append(it)])
    )
    tasks = Tasks()
    warming = Warming(tasks, lambda: is_busy)
    warming.prepare("postgres")
    warming.prepare("postgres")
    await asyncio.sleep(0.2)
    assert used == []
    is_busy = False
    async with asyncio.timeout(20):
        while not used:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    warming.prepare("postgres")
    await asyncio.sleep(0.1)
    assert used == ["postgres"], "once for each dialect"
