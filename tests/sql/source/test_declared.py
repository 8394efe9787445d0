import pytest

from defog_metadata.sql.source.declared import declared_dialect, declaring


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-- defog: dialect mysql\nselect 1", "mysql"),
        ("--defog:dialect=MariaDB", "mysql"),
        ("\n\n/* ours */\n-- of 2020\n  # defog: dialect: tsql  \nselect 1", "tsql"),
        ("/* defog: dialect sqlite3 */ select 1", "sqlite"),
        ("-- defog: dialect klingon\nselect 1", None),
        ("-- defog: ignore select-star\n-- defog: dialect duckdb", "duckdb"),
        ("-- the defog: dialect mysql is meant\nselect 1", None),
        ("-- defog: dialect mysql or so\nselect 1", None),
        ("select 1 -- defog: dialect mysql", None),
        ("select 1;\n-- defog: dialect mysql", None),
        ("/* defog: dialect mysql", None),
        ("-- defog: dialect", None),
        ("", None),
    ],
)
def test_declared_dialect(text: str, expected: str | None) -> None:
    assert declared_dialect(text) == expected


def test_what_is_declared_is_read_again() -> None:
    assert declared_dialect(f"{declaring('bigquery')}\nselect 1") == "bigquery"
