"""``defog-lsp demo``: what `make demo` runs, through a real server over stdio."""

import re
from pathlib import Path

from defog_lsp.cli.demo.mistakes import declared_mistakes
from defog_lsp.cli.lines import Lines
from tests.cli.command import program


def test_the_demo_delivers_what_it_shows(shop: Path, private_home: Path) -> None:
    (shop / "shop.db").unlink()
    shown = program("demo", "--workspace", shop, folder=shop.parent)
    assert shown.status == 0, shown.err + shown.out
    text = (shop / "mistakes.sql").read_text()
    lines = Lines(text)
    mistakes = declared_mistakes(text)
    assert len(mistakes) == 9
    found = re.findall(r"^ +(\d+) \| .*\n +\| ( *)(\^+) ([\w-]+): .+$", shown.out, re.MULTILINE)
    assert [
        (int(line), len(before), len(carets), code) for line, before, carets, code in found
    ] == [
        (
            lines.line_of(it.span.start) + 1,
            lines.column(it.span.start),
            it.span.end - it.span.start,
            it.code,
        )
        for it in mistakes
    ]
    assert "Price of one piece on the day of the order" in shown.out
    for offered in ("full_name", "order_totals", "unit_price"):
        assert f"│ {offered} " in shown.out
    assert f'code "{shop}"' in shown.out
    assert "nvim " in shown.out
    # The demo has a cache of its own, and the database can be opened in an editor afterwards.
    assert not (private_home / "defog" / "cache").exists()
    assert (shop / "shop.db").is_file()


def test_a_demo_that_does_not_deliver_says_so(shop: Path) -> None:
    path = shop / "mistakes.sql"
    path.write_text(
        path.read_text() + "SELECT name FROM products;\n--     ^^^^ unknown-column: no\n"
    )
    shown = program("demo", "--workspace", shop, folder=shop)
    assert shown.status == 1
    assert "unknown-column expected, got None" in shown.err


def test_a_demo_without_its_sample_says_where_it_runs(tmp_path: Path) -> None:
    shown = program("demo", "--workspace", tmp_path, folder=tmp_path)
    assert shown.status == 2
    assert "a clone of the repository" in shown.err
