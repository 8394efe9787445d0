"""An edited text splits into what it would split into by itself."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from defog_metadata.sql.source.pieces import pieces_from
from defog_metadata.sql.source.statements import _FAR_REACHING, _edited, _Known, _known, split

_PARTS = st.sampled_from(
    [
        "select 1", "select a from t", "update t set a = 'x'", ";", ";", ";\n", ";\n", "\n", " ",
        "'", '"', "$$", "`", "[", "]", "/*", "*/", "--", "-- note\n", "it's", "'a\nb'",
        "\nGO\n", "\nDELIMITER //\n", "//", "\\d t\n", "create function f() ", "begin", "end", "case",
        "declare @a int\n", "select 2\nselect 3\n",
        "copy t from stdin;\n", ":x", "%s", "%(", ")s", "${", "}", "\u00e4", "\U0001f642",
    ]
)  # fmt: skip
_TEXTS = st.lists(_PARTS, max_size=30)


def whole(text: str, dialect: str) -> _Known:
    return _known(text, pieces_from(text, dialect))


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "tsql", "sqlite", "bigquery"])
@given(before=_TEXTS, old=st.lists(_PARTS, max_size=3), new=_TEXTS, after=_TEXTS)
def test_an_edited_text_splits_as_it_does_by_itself(
    dialect: str, before: list[str], old: list[str], new: list[str], after: list[str]
) -> None:
    start = "".join(["select 0;\n", *before])
    end = "".join([*after, ";\nselect 9;\n"])
    texts = ["".join((start, *middle, end)) for middle in (old, new, old[1:], new[1:])]
    assume(not any(it in text for text in texts for it in _FAR_REACHING))
    known = whole(texts[0], dialect)
    for text in texts[1:]:
        alone = whole(text, dialect)
        edited = _edited(known, text, dialect)
        assert edited is None or edited.statements == alone.statements
        # Edits are made to what edits have made.
        known = edited or alone


def test_an_edit_reads_only_around_itself() -> None:
    lines = [f"select {index} from t where a = 'it''s {index}';\n" for index in range(2000)]
    text = "".join(lines)
    known = whole(text, "postgres")
    changed = text.replace(" 1000 ", " 1000 + 1 ", 1)
    edited = _edited(known, changed, "postgres")
    assert edited is not None
    assert edited.statements == whole(changed, "postgres").statements
    # What was not read again is the very same, or its text is.
    same = [a.text is b.text for a, b in zip(known.statements, edited.statements, strict=True)]
    assert same.count(False) == 1


def test_an_open_quote_that_is_closed_later_changes_what_is_before() -> None:
    text = "select 'a;\n" + "select 1;\n" * 20
    known = whole(text, "postgres")
    closed = text + "'"
    edited = _edited(known, closed, "postgres")
    assert edited is not None
    assert edited.statements == whole(closed, "postgres").statements


def test_other_texts_are_split_by_themselves() -> None:
    first, second = "select 1;\nselect 2", "delete from t;\nupdate t set a = 1"
    assert _edited(whole(first, "postgres"), second, "postgres") is None
    assert [it.text for it in split(second, "postgres")] == ["delete from t", "update t set a = 1"]
