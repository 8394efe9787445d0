"""The examples on the pages of the metadata rules are, and are not, what the pages say."""

import re

import pytest

from defog_metadata.checks.metadata.files import FileKind, check_metadata_file
from tests.fixture import snapshot_of
from tests.rules.test_pages import PAGES

CODES = ("metadata-duplicate", "metadata-type", "metadata-drift")


def examples(code: str, heading: str) -> list[tuple[FileKind, str]]:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    _, _, section = text.partition(f"## {heading}\n")
    found = re.findall(r"```(json|csv)\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    return [("csv" if kind == "csv" else "json", it) for kind, it in found]


@pytest.mark.parametrize("code", CODES)
def test_examples(code: str) -> None:
    bad, good = examples(code, "Bad"), examples(code, "Good")
    database = snapshot_of("").catalog
    assert bad
    assert good
    for kind, text in bad:
        assert {it.code for it in check_metadata_file(text, kind, database, database)} == {code}
    for kind, text in good:
        assert check_metadata_file(text, kind, database, database) == []
