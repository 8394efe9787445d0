"""Every example of docs/library.md, on a real PostgreSQL."""

import doctest
import re
from pathlib import Path

import pytest

from tests.support.databases import Server
from tests.support.tools import REPOSITORY

DOCUMENT = REPOSITORY / "docs/library.md"
OPTIONS = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL


def test_every_example(
    postgres_server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    schema = re.search(r"```sql\n(.*?)```", text, re.DOTALL)
    assert schema is not None
    creds = postgres_server.create_database("library", schema[1])
    monkeypatch.chdir(tmp_path)
    # A fence ends what an example prints, as an empty line does.
    examples = re.sub(r"^```.*$", "", text, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(
        examples, {"db_creds": creds}, DOCUMENT.name, str(DOCUMENT), 0
    )
    assert len(test.examples) > 50
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS)
    results = runner.run(test, out=report.append)
    assert results.failed == 0, "".join(report)
