"""An edited text has the sections that it has by itself, and shares what was not edited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.sql.source.sections import Section, Sections, read_sections

_PARTS = st.sampled_from(
    [
        "select 1", "select a from t", "update t set a = 'x'", ";", ";", ";\n", ";\n", ";\r\n", "\n",
        " ", "'", '"', "$$", "`", "[", "]", "/*", "*/", "--", "-- note\n", "-- defog: ignore\n", "it's",
        "'a\nb'", "\nGO\n", "\nDELIMITER //\n", "//", "\\d t\n", "create function f() ", "begin", "end",
        "case", "declare @a int\n", "select 2\nselect 3\n", "  select 4\n", "/* a\nb */ select 5\n",
        "copy t from stdin;\n", "1\t'x\n", "\\.\n", "\\.", "\r", ":x", "%s", "%(", ")s", "${", "}", "{",
        "{{ a }}", "{{", "}}", "{% if a %}", "{% else %}", "{% endif %}", "{# a\nb #}", "{%",
        "\n.read it's\n", "\n@x\n", "@@y", "\n/\n", "prompt it's\n", "source a;\n", "\n:r x.sql\n",
        "\u00e4", "\U0001f642",
    ]
)  # fmt: skip
_TEXTS = st.lists(_PARTS, max_size=30)


def facts(sections: Sections) -> object:
    """All that is said of a text; not how far one has looked, which may be less than before."""
    return (
        sections.starts,
        sections.templated,
        sections.filled.words,
        dict(sections.filled.names),
        [_of_section(it) for it in sections.parts],
    )


def _of_section(section: Section) -> object:
    template = section.template
    return (
        section.text, section.statements, section.defining, template.text,
        template.replaced, template.blocks, template.markup, template.words, dict(template.filled_in),
    )  # fmt: skip


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "tsql", "oracle", "bigquery", "duckdb"])
@given(before=_TEXTS, old=st.lists(_PARTS, max_size=3), new=_TEXTS, after=_TEXTS)
def test_an_edited_text_is_read_as_it_is_by_itself(
    dialect: str, before: list[str], old: list[str], new: list[str], after: list[str]
) -> None:
    start = "".join(["select 0;\n" * 3, *before])
    end = "".join([*after, ";\nselect 9;\n" * 3])
    texts = ["".join((start, *middle, end)) for middle in (old, new, old[1:], new[1:])]
    sections = read_sections(texts[0], dialect)
    for text in texts[1:]:
        # Edits are made to what edits have made.
        sections = read_sections(text, dialect, sections)
        assert facts(sections) == facts(read_sections(text, dialect))
        assert "".join(it.text for it in sections.parts) == text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_edit_reads_only_the_section_that_it_is_in(end: str) -> None:
    lines = [f"select {i}, $1{end}  from t where a = 'it''s {i}';{end}" for i in range(2000)]
    text = "".join(lines)
    known = read_sections(text, "postgres")
    for changed in (
        text.replace(" 1000,", " 1000 + 1,", 1),
        text.replace(" 1000,", f"{end}{end}1000,", 1),
        text.replace(" 1000,", " 1000; select 3,", 1),
    ):
        edited = read_sections(changed, "postgres", known)
        assert facts(edited) == facts(read_sections(changed, "postgres"))
        assert len(set(edited.parts) - set(known.parts)) == 1


def test_a_new_statement_leaves_the_others_alone() -> None:
    lines = [f"select {i};\n" for i in range(50)]
    known = read_sections("".join(lines), "postgres")
    edited = read_sections(
        "".join((*lines[:20], "delete from t;\n", *lines[20:])), "postgres", known
    )
    assert len(edited.parts) == len(known.parts) + 1
    assert len(set(edited.parts) - set(known.parts)) == 1


def test_an_open_quote_that_is_closed_later_changes_what_is_before() -> None:
    text = "select 'a;\n" + "select 1;\n" * 20
    closed = text + "'"
    edited = read_sections(closed, "postgres", read_sections(text, "postgres"))
    assert facts(edited) == facts(read_sections(closed, "postgres"))


def test_the_rows_of_a_dump_belong_to_their_statement() -> None:
    rows = "1\tit's; select\n2\t$$\n" * 100
    text = f"select 1;\ncopy t (a) from stdin;\n{rows}\\.\nselect 2;\n"
    known = read_sections(text, "postgres")
    assert [[x.text for x in it.statements] for it in known.parts] == [
        ["select 1"], ["copy t (a) from stdin"], ["select 2"], [],
    ]  # fmt: skip
    edited = read_sections(text.replace("select 2", "select 3"), "postgres", known)
    assert edited.parts[:2] == known.parts[:2]


def test_jinja_elsewhere_leaves_a_section_as_it_is() -> None:
    text = "select {{ a }};\n" * 20
    known = read_sections(text, "postgres")
    edited = read_sections(text + "select {{ a }} from t;\n", "postgres", known)
    assert edited.parts[:20] == known.parts[:20]
    assert edited.filled is known.filled
