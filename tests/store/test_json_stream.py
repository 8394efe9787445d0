"""Walking over JSON in windows of any size says what decoding it whole does."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from defog_metadata.store import json_stream
from defog_metadata.store.json_stream import JsonStream, NotJson, Place

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.sampled_from(
        [r"\ud83d", "\\", '"', "\u2028", "\x00", "été", "\ud800", "𝄞", "e", "-", "tru"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda it: st.lists(it, max_size=4) | st.dictionaries(st.text(max_size=4), it, max_size=4),
    max_leaves=12,
)
SPACE = st.text(" \t\n\r", max_size=4)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A document with white space wherever it may be, and escapes or none."""

    def written(value: Any) -> str:
        before, after = draw(SPACE), draw(SPACE)
        match value:
            case dict():
                parts = [f"{written(key)}:{written(it)}" for key, it in value.items()]
                text = "{" + (",".join(parts) or draw(SPACE)) + "}"
            case list():
                text = "[" + (",".join(map(written, value)) or draw(SPACE)) + "]"
            case _:
                text = json.dumps(value, ensure_ascii=draw(st.booleans()))
        return before + text + after

    return written(draw(VALUES))


def stream(text: str, window: int, monkeypatch: pytest.MonkeyPatch) -> JsonStream:
    data = text.encode("utf-8", "surrogatepass")
    monkeypatch.setattr(json_stream, "WINDOW_BYTES", window)
    return JsonStream(lambda offset, count: data[offset : offset + count])


def walked(found: JsonStream, depth: int) -> Any:
    """The value that begins here, stepping into containers *depth* levels deep."""
    if depth and found.peek() == "{":
        return {key: walked(found, depth - 1) for key in found.members()}
    if depth and found.peek() == "[":
        return [walked(found, depth - 1) for _ in found.elements()]
    return found.value()


def whole(found: JsonStream, depth: int) -> Any:
    value = walked(found, depth)
    found.end()
    return value


WINDOWS = st.one_of(st.integers(1, 20), st.just(1 << 18))


@settings(max_examples=100)
@given(texts(), WINDOWS, st.integers(0, 3))
@example("[1.5e+10, 12345, -0, Infinity, -Infinity, NaN]", 1, 1)
@example("12345678901234567890.25", 3, 0)
def test_values_are_those_of_the_standard_library(text: str, window: int, depth: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        assert repr(whole(stream(text, window, patch), depth)) == repr(json.loads(text))


BROKEN = ["", "}", "]", ",", ":", '"', "\\", "\n", "x", "1", "-", "{", "[", "\x01", "tru"]


@st.composite
def broken_texts(draw: st.DrawFn) -> str:
    """A document that ends early, or has something too much, too little or else at one place."""
    text, at = draw(texts()), draw(st.integers(0, 60))
    inserted, left_out = draw(st.sampled_from(BROKEN)), draw(st.integers(0, 2))
    is_cut_off = not inserted and not left_out
    return text[:at] + inserted + ("" if is_cut_off else text[at + left_out :])


@settings(max_examples=200)
@given(broken_texts(), WINDOWS, st.integers(0, 3))
@example('{"a": "b', 2, 1)
@example(r'["\ud83d\ude00", "\u12', 1, 1)
@example('{"a":1,}', 4, 1)
@example("[1,]", 4, 1)
@example("1 2", 1, 0)
def test_what_is_wrong_is_said_of_the_same_place(text: str, window: int, depth: int) -> None:
    try:
        expected = repr(json.loads(text))
    except json.JSONDecodeError as error:
        expected = str(error)
    with pytest.MonkeyPatch.context() as patch:
        try:
            found = repr(whole(stream(text, window, patch), depth))
        except NotJson as error:
            found = str(error)
    # Later versions of the library have words of their own for a comma too many.
    if "Illegal trailing comma" not in expected:
        assert found == expected


@pytest.mark.parametrize("window", [1, 2, 7, 1 << 18])
def test_bytes_that_are_no_text(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for bad in (b"\xff", b"\xc3(", b"\xe2\x82", b"\xf0\x9f\x98 "):
        data = b'["\xc3\xa9", "' + bad
        with pytest.raises(UnicodeDecodeError) as expected:
            json.loads(data)
        monkeypatch.setattr(json_stream, "WINDOW_BYTES", window)
        with pytest.raises(NotJson) as caught:
            whole(JsonStream(lambda offset, count: data[offset : offset + count]), 1)  # noqa: B023
        assert str(caught.value) == str(expected.value)


def test_too_deep_to_decode(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotJson, match="recursion"):
        stream("[" * 100_000, 1 << 18, monkeypatch).value()


@settings(max_examples=100)
@given(st.dictionaries(st.text(max_size=5), VALUES, min_size=1), SPACE, WINDOWS, st.data())
def test_going_on_from_a_place(
    document: dict[str, Any], space: str, window: int, data: st.DataObject
) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(f"{space},{space}", ":"))
    stop = data.draw(st.integers(1, len(document)))
    with pytest.MonkeyPatch.context() as patch:
        first = stream(text, window, patch)
        found: dict[str, Any] = {}
        for key in first.members():
            found[key] = first.value()
            if len(found) == stop:
                break
        place = first.place
        assert text[: place.character].count("\n") == place.line - 1
        encoded = text.encode("utf-8", "surrogatepass")
        second = JsonStream(lambda offset, count: encoded[offset : offset + count], place)
        found |= {key: second.value() for key in second.members(after=True)}
        second.end()
        assert repr(found) == repr(document)
        # Places count on from where they were.
        assert second.place == Place(
            len(encoded), len(text), text.count("\n") + 1, text.rfind("\n") + 1
        )


def test_a_window_holds_no_more_than_it_needs() -> None:
    text = json.dumps({f"key {it}": "x" * 1000 for it in range(5000)}).encode()
    wanted: list[int] = []

    def read(offset: int, count: int) -> bytes:
        wanted.append(count)
        return text[offset : offset + count]

    walker = JsonStream(read)
    assert len([walker.value() for _ in walker.members()]) == 5000
    assert sum(wanted[:-1]) <= len(text)
    assert max(wanted) == json_stream.WINDOW_BYTES


def test_what_is_wrong_is_noticed_without_reading_on() -> None:
    text = b'{"a": [1 2], "b": [' + b"1, " * 1_000_000 + b"1]}"
    wanted: list[int] = []

    def read(offset: int, count: int) -> bytes:
        wanted.append(count)
        return text[offset : offset + count]

    with pytest.raises(NotJson, match=r"Expecting ',' delimiter: line 1 column 10 \(char 9\)"):
        walked(JsonStream(read), 1)
    assert wanted == [json_stream.WINDOW_BYTES]
