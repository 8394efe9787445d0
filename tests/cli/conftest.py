from pathlib import Path

import pytest

from tests.support.shop import copy_examples


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample workspace, as the current folder."""
    folder = copy_examples(tmp_path)
    monkeypatch.chdir(folder)
    return folder
