import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_lsp.cli.lines import Lines, excerpt
from defog_metadata.text import Span


def test_lines_end_as_the_protocol_ends_them() -> None:
    lines = Lines("a\r\nb\rc\nd\x85\u2028e")
    assert [lines.line_of(it) for it in range(len(lines.text) + 1)] == [
        0, 0, 0, 1, 1, 2, 2, 3, 3, 3, 3, 3,
    ]  # fmt: skip
    assert lines.span(0) == Span(0, 1)
    assert lines.column(10) == 3


def test_positions_are_in_utf_16() -> None:
    assert Lines("x\n'😀' y").position(6) == {"line": 1, "character": 5}


@given(st.text(alphabet="ab\n\r😀é"), st.integers(0, 50))
def test_positions_agree_with_the_encoding(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    lines = Lines(text)
    position = lines.position(offset)
    start = lines.span(position["line"]).start
    units = len(text[start:offset].encode("utf-16-le")) // 2
    assert position["character"] == units
    assert lines.text[start - 1 : start] in ("", "\n", "\r")


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("select nope", Span(7, 11), "select nope\n       ^^^^"),
        ("a\n\tselect x", Span(10, 11), "\tselect x\n\t       ^"),
        ("'漢字', x", Span(6, 7), "'漢字', x\n        ^"),
        ("a\u0301 b", Span(3, 4), "a\u0301 b\n  ^"),
        ("a", Span(1, 1), "a\n ^"),
        ("ab\ncd", Span(1, 5), "ab\n ^"),
        ("\x1b[2J\ta\0", Span(5, 6), "\ufffd[2J\ta\ufffd\n    \t^"),
    ],
)
def test_excerpt(text: str, span: Span, expected: str) -> None:
    assert "\n".join(excerpt(Lines(text), span)) == expected


def test_a_long_line_is_cut_around_the_place() -> None:
    text = "x" * 300 + "HERE" + "y" * 300
    source, carets = excerpt(Lines(text), Span(300, 304))
    assert len(source) < 110
    assert source.startswith("…x")
    assert source.endswith("y…")
    assert source[carets.index("^") : len(carets)] == "HERE"
    source, carets = excerpt(Lines(text), Span(0, 604))
    assert len(carets) <= len(source) < 110
