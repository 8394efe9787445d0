"""Templates as text that can be read: everything at its place, whatever the template is like."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_lsp.ide.completion import complete
from defog_metadata.catalog import Catalog
from defog_metadata.rules import check
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.jinja import read_blocks, read_pieces
from defog_metadata.sql.source.templates import FILLED_IN
from tests.fixture import snapshot_of


@pytest.mark.parametrize(
    ("dialect", "text", "read"),
    [
        ("postgres", "select 1", "select 1"),
        ("postgres", "from {{ ref('a') }} x", 'from "a" x'),
        ("postgres", "from {{ref('p','a')}} x", 'from "a" x'),
        ("postgres", "from {{- source('s', 'a') -}} x", 'from "s". "a" x'),
        ("snowflake", "from {{ source('s', 'a') }} x", "from s . a x"),
        ("mysql", "from {{ ref('a-b') }} x", "from `a-b` x"),
        ("tsql", 'from {{ ref("a") }} x', "from [a] x"),
        ("snowflake", "from {{ ref('order') }} x", f"from {'#' * 18} x"),
        ("postgres", "from {{ ref('a', v=1) }} x", f"from {'#' * 19} x"),
        ("postgres", "{# a #}{{ config(x='{') }}b", "b"),
        ("postgres", """{{ config(a="{{ this }}", b={'c': {}}) }}d""", "d"),
        ("postgres", "{{ f({'a': {'b': 1}}) }}d", f"{'#' * 25}"),
        ("postgres", "{% set a = '%}' %}b", "b"),
        ("postgres", "'{{1,2},{3}}', 'a}}'", f"'{'#' * 11}', 'a}}}}'"),
        ("postgres", "{{ it's }} a", f"{'#' * 10} a"),
        ("postgres", "'{{ var('x') }}'", f"'{'#' * 14}'"),
        ("postgres", "a{% if x %}b{% else %}c{% endif %}", "a b c"),
        ("postgres", "${x} {y} {z.w} %(w)s :'v' :1", "#### ### ##### ##### ? ?"),
        ("postgres", "'${x}' -- {y}\n$$ {z} $$ \"{w}\"", "'${x}' -- {y} $$ {z} $$ \"{w}\""),
        ("postgres", "x::int, a[1:2], b %s, c%s", "x::int, a[1:2], b ##, c%s"),
        ("oracle", "&x + &&y", "## + ###"),
        ("postgres", "&x + &&y", "&x + &&y"),
    ],
)
def test_every_piece_gives_as_many_characters(dialect: str, text: str, read: str) -> None:
    found = Snapshot(text, Catalog(), dialect).template.text
    known = re.sub(rf"{FILLED_IN}\w*", lambda it: "#" * len(it.group()), found)
    assert " ".join(known.split()) == read
    assert len(found) == len(text)
    for before, after in zip(text, known, strict=True):
        assert after == before or not after.isalnum()


def test_what_is_written_differently_is_not_the_same() -> None:
    read = [
        Snapshot(it, Catalog(), "").template.text for it in ("{{ aa }}", "{{ bb }}", "{{ aa }}")
    ]
    assert read[0] == read[2] != read[1]


def blocks(text: str) -> list[tuple[str, str]]:
    found = read_blocks(text, read_pieces(text))
    return sorted((it.kind, text[it.span.start : it.span.end]) for it in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% if a %}b{% endif %}", []),
        ("{% if a %}b{% else %}c{% endif %}", [("alternative", "c")]),
        (
            "{% if a %}b{% elif c %}d{% else %}e{% endif %}",
            [("alternative", "d"), ("alternative", "e")],
        ),
        ("{% for a in b %}c{% else %}d{% endfor %}", [("alternative", "d")]),
        ("{% for a in b %}c{% if not loop.last %},{% endif %}{% endfor %}", [("separator", ",")]),
        ("{% macro a() %}b{% endmacro %}c", [("definition", "b")]),
        ("{% set a %}b{% endset %}c{% set d = 1 %}e", [("definition", "b")]),
        ("{%- macro a() -%}b{% if c %}d{% endmacro %}e", [("definition", "b{% if c %}d")]),
        ("{% macro a() %}b", [("definition", "b")]),
        ("{% endif %}{% else %}{% endfor %}a", []),
        ("like '{%' or '%}'", []),
    ],
)
def test_blocks(text: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(text) == expected


PARTS = st.sampled_from(
    """{{ }} {% %} {# #} {{x}} {{ref('orders')}} {{source('a','orders')}} {{config(a)}} {%if|x%}
    {%else%} {%endif%} {%for|x|in|y%} {%endfor%} {%macro|m()%} {%endmacro%} {%set|x%} {%endset%}
    select id from orders where ' " , ( ) ; -- /* */ ${x} {y} {} %(z)s %s :'w' :1 ?1 &v 😀 ᴊ
    group|by $$ \\ \n""".split()
)


@given(st.lists(PARTS, max_size=12), st.sampled_from(["postgres", "bigquery", "tsql", "oracle"]))
def test_no_template_is_too_broken(parts: list[str], dialect: str) -> None:
    text = " ".join(parts).replace("|", " ")
    snapshot = snapshot_of(text, dialect)
    assert len(snapshot.template.text) == len(text)
    for finding in check(snapshot):
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
    complete(snapshot, len(text) // 2)
