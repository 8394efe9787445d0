"""What there is without a ``defog.toml``: ``connection.json``, else the newest cache entry."""

from pathlib import Path
from types import MappingProxyType

from defog_metadata.errors import DefogError
from defog_metadata.store.cache import CacheEntry, MetadataCache
from defog_metadata.store.connections import stored_connection
from defog_metadata.workspace.configuration import Connection
from defog_metadata.workspace.engines import SECRET_FIELDS
from defog_metadata.workspace.secret import Secret

__all__ = ["newest", "stored"]


def stored(home: Path | None) -> Connection | None:
    """The connection in ``connection.json``; one that says why where it cannot be used."""
    try:
        found = stored_connection(home)
    except DefogError as error:
        return Connection("connection.json", "", unusable=str(error))
    if found is None:
        return None
    creds = {
        key: Secret("text", value) if key in SECRET_FIELDS and isinstance(value, str) else value
        for key, value in found.db_creds.items()
    }
    return Connection(
        found.path.name,
        found.db_type,
        MappingProxyType(creds),
        api_key=Secret("text", found.api_key) if found.api_key else None,
    )


def newest(cache: MetadataCache) -> tuple[CacheEntry, int] | None:
    """The newest entry of *cache*, and how many there are."""
    usable = [it for it in cache.entries() if not it.problem]
    return (usable[0], len(usable)) if usable else None
