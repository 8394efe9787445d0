"""What rules say of themselves is what their pages' index says."""

from pathlib import Path

from defog_metadata.rules.about import ABOUT

INDEX = Path(__file__).parents[2] / "docs" / "rules" / "README.md"


def test_the_index_says_the_same() -> None:
    text = INDEX.read_text(encoding="utf-8")
    listed = {code: said for code, said in ABOUT.items() if f"[{code}]({code}.md)" in text}
    assert len(listed) > 10
    for code, said in listed.items():
        assert f"| {said} |" in text, code
