"""``defog-lsp check`` of glossaries."""

import json
from pathlib import Path

import pytest

from tests.cli.command import run


def test_the_sample_has_no_mistakes(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    run(capsys, "extract")
    shown = run(capsys, "check", "glossary.md")
    assert (shown.status, shown.out, shown.err) == (0, "", "no problems in 1 file\n")


def test_mistakes_are_told(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    run(capsys, "extract")
    glossary = shop / "glossary.md"
    right = glossary.read_text()
    assert "`orders.ordered_on`" in right
    glossary.write_text(right.replace("`orders.ordered_on`", "`orders.orderd_on`"))
    shown = run(capsys, "check", "glossary.md")
    assert shown.status == 1
    (line,) = [it for it in shown.out.splitlines() if it.startswith("glossary.md:3:")]
    assert "glossary-unknown-name" in line
    assert "did you mean ordered_on?" in shown.out
    found = [
        it
        for it in json.loads(run(capsys, "check", ".", "--format", "json").out)
        if it["path"] == "glossary.md"
    ]
    assert [it["code"] for it in found] == ["glossary-unknown-name"]


def test_rules_can_be_silenced(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    run(capsys, "extract")
    (shop / "glossary.md").write_text("- see `orders.orderd_on` <!-- defog: ignore -->\n")
    assert run(capsys, "check", "glossary.md").status == 0
    (shop / "glossary.md").write_text("- see `orders.orderd_on`\n")
    assert run(capsys, "check", "glossary.md").status == 1
    configuration = shop / "defog.toml"
    text = configuration.read_text()
    assert "[rules]\n" in text
    silent = text.replace("[rules]\n", '[rules]\nglossary-unknown-name = "off"\n')
    configuration.write_text(silent)
    assert run(capsys, "check", "glossary.md").status == 0
