"""Work on metadata that would keep the server from answering, in a process of its own.

Threads are not enough: reading the JSON of a hundred thousand tables holds the interpreter's lock,
and every answer would wait for it. ``python -m defog_lsp.background`` is that process. It is given
one job on stdin, tells on stdout how far it is and how it ended, and ends soon when stdin does:
the job was cancelled, or the server has gone.
"""

from defog_lsp.background.child import BackgroundFailed, run
from defog_lsp.background.job import Job

__all__ = ["BackgroundFailed", "Job", "run"]
