"""JSON that is read whatever is wrong with it, and quickly, since people type in it."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.documents.json_text import read_json
from defog_metadata.documents.nodes import plain

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_NESTED = st.lists(_VALUES, max_size=4) | st.dictionaries(st.text(), _VALUES, max_size=4)


@given(value=_NESTED, is_ascii=st.booleans(), indent=st.sampled_from([None, 2]))
def test_what_is_json_has_no_faults(value: object, is_ascii: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii, indent=indent)
    found = read_json(text)
    assert found.faults == ()
    assert found.root is not None
    assert json.dumps(plain(found.root)) == json.dumps(value)


@given(value=_NESTED, data=st.data())
def test_what_is_no_json_has_a_fault_inside_the_text(value: object, data: st.DataObject) -> None:
    text = json.dumps(value, indent=1)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    put = data.draw(st.text('{}[],:"\\ \n\ta1-/', max_size=3))
    broken = text[:start] + put + text[end:]
    found = read_json(broken)
    try:
        json.loads(broken)
    except json.JSONDecodeError:
        assert found.faults
    else:
        assert found.faults == ()
    for fault in found.faults:
        assert 0 <= fault.span.start <= fault.span.end <= len(broken)


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("broken", ["", '"x" "y"'])
def test_the_time_grows_with_the_text_however_long_its_lines_are(
    indent: int | None, broken: str
) -> None:
    def seconds(count: int) -> float:
        entry = {"question": 'How "many"?', "sql": "SELECT 1\nFROM t"}
        text = json.dumps([entry] * count, indent=indent) + broken
        started = time.process_time()
        read_json(text)
        return time.process_time() - started

    few = min(seconds(500) for _ in range(3))
    many = min(seconds(4000) for _ in range(2))
    assert many < 3 * 8 * few
