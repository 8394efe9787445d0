"""From a tree and a catalog to scopes and references.

Layers, each a class that adds to the one below: ``tables`` looks tables up, ``names`` columns,
``sources`` reads FROM clauses, ``queries`` reads SELECT and its relatives, ``commands`` reads
everything else.
"""

from defog_metadata.sql.binding.commands import Binder

__all__ = ["Binder"]
