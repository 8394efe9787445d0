"""Metadata as the statements that create its tables. Pure: nothing is run.

What a dialect cannot say is left out or said in another way; ``docs/ddl.md`` lists it all.
"""

from defog_metadata.ddl.create import CREATED_KINDS, chosen_tables, create_ddl_from_metadata
from defog_metadata.ddl.flavours import WITHOUT_DDL
from defog_metadata.ddl.problems import ddl_problems

__all__ = [
    "CREATED_KINDS",
    "WITHOUT_DDL",
    "chosen_tables",
    "create_ddl_from_metadata",
    "ddl_problems",
]
