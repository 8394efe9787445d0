"""Edits keep the buffer equal to the client's, in every encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp
from pygls.workspace import PositionCodec

from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.document import Documents, SqlDocument
from defog_metadata.text import Span

ENCODINGS = ["utf-8", "utf-16", "utf-32"]


def opened(text: str, encoding: str = "utf-16") -> SqlDocument:
    documents = Documents(None, position_encoding=lsp.PositionEncodingKind(encoding))
    documents.put_text_document(lsp.TextDocumentItem("file:///a.sql", "sql", 1, text))
    found = documents.opened("file:///a.sql")
    assert found is not None
    return found


def edit(
    start: tuple[int, int], end: tuple[int, int], text: str
) -> lsp.TextDocumentContentChangePartial:
    return lsp.TextDocumentContentChangePartial(
        lsp.Range(lsp.Position(*start), lsp.Position(*end)), text
    )


@pytest.mark.parametrize("odd", ["\f", "\v", "\x1c", "\x85", "\u2028", "\u2029", "\x00"])
def test_characters_that_are_no_line_ends(odd: str) -> None:
    document = opened(f"select 1{odd}\nfrom a\n")
    document.apply_change(edit((1, 5), (1, 6), "users"))
    assert document.source == f"select 1{odd}\nfrom users\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    document = opened(f"select 1{end}from a{end}")
    document.apply_change(edit((1, 5), (1, 6), "users"))
    document.apply_change(edit((2, 0), (2, 0), "limit 1"))
    assert document.source == f"select 1{end}from users{end}limit 1"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((0, 99), (0, 99), "abX\ncd"),  # a character past the end of its line
        ((9, 0), (9, 9), "ab\ncdX"),  # a line past the end of the text
        ((1, 2), (1, 2), "ab\ncdX"),
        ((1, 1), (0, 1), "aXd"),  # ends in the wrong order
        ((0, 0), (2**31 - 1, 2**31 - 1), "X"),
    ],
)
def test_positions_outside_the_text(
    start: tuple[int, int], end: tuple[int, int], expected: str
) -> None:
    document = opened("ab\ncd")
    document.apply_change(edit(start, end, "X"))
    assert document.source == expected


def test_change_of_the_whole_text() -> None:
    document = opened("select 1")
    document.apply_change(lsp.TextDocumentContentChangeWholeDocument("select 2"))
    assert document.source == "select 2"


@pytest.mark.parametrize(
    ("encoding", "units"),
    [("utf-8", [0, 4, 6, 9, 10]), ("utf-16", [0, 2, 3, 4, 5]), ("utf-32", [0, 1, 2, 3, 4])],
)
def test_units_of_a_line(encoding: str, units: list[int]) -> None:
    positions = Positions("😀é€x\r\n", encoding)
    assert [positions.position(it).character for it in range(5)] == units
    assert [positions.offset(lsp.Position(0, it)) for it in units] == [0, 1, 2, 3, 4]
    assert positions.position(5) == lsp.Position(0, units[-1]), "inside the line end"
    assert positions.position(6) == lsp.Position(1, 0)


@pytest.mark.parametrize(("encoding", "inside"), [("utf-8", 3), ("utf-16", 2)])
def test_inside_a_character_is_its_beginning(encoding: str, inside: int) -> None:
    assert Positions("a😀b", encoding).offset(lsp.Position(0, inside)) == 1


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_half_a_surrogate_pair(encoding: str) -> None:
    positions = Positions("a\ud83d b\ude00c", encoding)
    for offset in range(len(positions.text) + 1):
        assert positions.offset(positions.position(offset)) == offset


def test_spans_outside_the_text() -> None:
    positions = Positions("ab")
    assert positions.range_(Span(-3, 99)) == lsp.Range(lsp.Position(0, 0), lsp.Position(0, 2))
    assert Positions("").range_(Span(0, 1)) == lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))


# A model that shares nothing with the implementation: the text as a list of lines, each a list
# of characters with their width in client units.
def width(character: str, encoding: str) -> int:
    match encoding:
        case "utf-8":
            return len(character.encode("utf-8"))
        case "utf-16":
            return len(character.encode("utf-16-le")) // 2
        case _:
            return 1


def model_offset(text: str, line: int, character: int, encoding: str) -> int:
    offset = 0
    while line and offset < len(text):
        if text.startswith("\r\n", offset):
            offset, line = offset + 2, line - 1
        else:
            line -= text[offset] in "\r\n"
            offset += 1
    if line:
        return len(text)
    while offset < len(text) and text[offset] not in "\r\n":
        character -= width(text[offset], encoding)
        if character < 0:
            break
        offset += 1
    return offset


TEXT = st.text(st.sampled_from("ab \t\n\r\f\v\x85\u2028\u0301é€😀\ufeff"), max_size=40)
PLACE = st.tuples(st.integers(0, 12), st.integers(0, 30))


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXT, edits=st.lists(st.tuples(PLACE, PLACE, TEXT), max_size=6))
def test_edits_equal_a_model(
    encoding: str, text: str, edits: list[tuple[tuple[int, int], tuple[int, int], str]]
) -> None:
    document = opened(text, encoding)
    for start, end, inserted in edits:
        offsets = sorted(model_offset(text, *it, encoding) for it in (start, end))
        text = text[: offsets[0]] + inserted + text[offsets[1] :]
        document.apply_change(edit(start, end, inserted))
        assert document.source == text
        assert document.positions._starts == Positions(text, encoding)._starts


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXT)
def test_offsets_survive_the_way_there_and_back(encoding: str, text: str) -> None:
    positions = Positions(text, encoding)
    for offset in range(len(text) + 1):
        inside_line_end = text[offset - 1 : offset + 1] == "\r\n"
        assert positions.offset(positions.position(offset)) == offset - inside_line_end


def test_the_encoding_is_the_negotiated_one() -> None:
    assert opened("", "utf-8").position_codec.encoding == "utf-8"
    assert PositionCodec().encoding == "utf-16", "what clients that say nothing use"
