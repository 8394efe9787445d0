"""URIs and paths. pygls' own helpers lose what follows a ``;`` in a file's name."""

from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

__all__ = ["path_of", "uri_of"]


def path_of(uri: str) -> Path | None:
    """The file that *uri* names, ``None`` for an untitled or remote document."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or not parts.path:
        return None
    # A "?" or "#" that a client forgot to escape belongs to the name: no file has a query.
    _, _, rest = uri.partition(parts.path)
    name = url2pathname(parts.path) + unquote(rest)
    host = unquote(parts.netloc)
    return Path(f"//{host}{name}" if host and host != "localhost" else name)


def uri_of(path: Path) -> str:
    return path.absolute().as_uri()
