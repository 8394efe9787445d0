"""What runs on a database: creating tables, trying statements out, explaining queries, comments.

All but ``explained`` write; each says whether what it does is one transaction.
"""

from defog_metadata.execution.comments import Descriptions, write_comments
from defog_metadata.execution.creation import Created, create_tables
from defog_metadata.execution.queries import explained
from defog_metadata.execution.running import dialect_of, run_statements
from defog_metadata.execution.scratch import Refused, Scratch, scratch_database

__all__ = [
    "Created",
    "Descriptions",
    "Refused",
    "Scratch",
    "create_tables",
    "dialect_of",
    "explained",
    "run_statements",
    "scratch_database",
    "write_comments",
]
