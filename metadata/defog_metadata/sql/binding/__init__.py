"""From a tree and a catalog to scopes and references.

Four layers, each a class that adds to the one below: ``names`` looks names up, ``sources`` reads
FROM clauses, ``queries`` reads SELECT and its relatives, ``commands`` reads everything else.
"""

from defog_metadata.sql.binding.commands import Binder

__all__ = ["Binder"]
