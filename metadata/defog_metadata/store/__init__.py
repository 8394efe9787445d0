"""What is kept on disk: the shared ``~/.defog`` and the mirror in the platform's cache folder.

Modules are imported one by one, so that a start loads only what it needs.
"""
