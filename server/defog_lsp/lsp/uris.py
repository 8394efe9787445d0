"""URIs and paths. pygls' own helpers lose what follows a ``;`` in a file's name."""

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["path_of", "uri_of"]

_DRIVE = re.compile(r"/[A-Za-z]:")


def path_of(uri: str) -> Path | None:
    """The file that *uri* names, ``None`` for an untitled or remote document."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or not parts.path:
        return None
    # A "?" or "#" that a client forgot to escape belongs to the name: no file has a query.
    _, _, rest = uri.partition(parts.path)
    name = unquote(parts.path + rest)
    if os.name == "nt" and _DRIVE.match(name):
        name = name[1:]
    host = unquote(parts.netloc)
    return Path(f"//{host}{name}" if host and host != "localhost" else name)


def uri_of(path: Path) -> str:
    return path.absolute().as_uri()
