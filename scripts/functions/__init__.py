"""Makes the data files of ``defog_metadata.sql.functions``: ``python -m scripts.functions``.

PostgreSQL, MariaDB, SQLite and DuckDB are asked themselves; the other dialects are what sqlglot's
grammars know. ``known/`` holds what neither can tell: names of parameters, descriptions in our own
words, functions of the grammar and of other versions.
"""
