"""``docs/ddl.md`` says of every dialect what its statements say."""

import re

from sqlglot.dialects.dialect import Dialect

from defog_metadata.ddl import WITHOUT_DDL
from defog_metadata.ddl.flavours import Flavour, flavour_of
from tests.support.tools import REPOSITORY

PAGE = REPOSITORY / "docs" / "ddl.md"


def row(flavour: Flavour) -> str:
    comments = {
        "statements": "`COMMENT ON`", "inline": "`COMMENT '…'`",
        "options": "`OPTIONS(description)`", "lines": "SQL comments",
    }  # fmt: skip
    keys = [("primary", flavour.primary_keys), ("unique", flavour.unique_keys)]
    foreign = {"altered": "yes", "inline": "yes, no circles", "none": ""}[flavour.foreign_keys]
    if flavour.dialect == "sqlite":
        foreign = "yes"
    enumerations = {"types": "type", "inline": "type"}.get(flavour.enumerations, "")
    cells = [
        flavour.dialect or "(standard SQL)",
        comments[flavour.comments],
        ", ".join(name for name, has in keys if has),
        foreign,
        enumerations or ("check" if flavour.checks else ""),
        {"statements": "yes", "inline": "yes", "none": ""}[flavour.indexes],
        "yes" if flavour.defaults else "",
        f"`{flavour.numbering}`" if flavour.numbering else "",
        {"created": "created", "databases": "as databases", "named": "named", "none": ""}[
            flavour.schemas
        ],
        "yes" if flavour.if_not_exists or flavour.dialect in ("tsql", "fabric") else "",
    ]
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


def test_the_table_of_dialects() -> None:
    known = sorted(set(Dialect.classes) - WITHOUT_DDL)
    expected = [row(flavour_of(it)) for it in known]
    shown = re.findall(
        r"^\| (?:\(standard|[a-z]\w+ \|).*\|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert [it for it in shown if it in expected] == expected
    without = ", ".join(sorted(WITHOUT_DDL))
    assert without in PAGE.read_text("utf-8")
