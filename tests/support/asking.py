"""Databases whose password nobody has written down, and where a password must not get to."""

import json
from pathlib import Path

from tests.support.databases import Server

__all__ = ["asking_section", "asking_workspace", "files_with"]

_DATABASE = "asked"


def asking_workspace(folder: Path, server: Server) -> Path:
    """*folder* made, with a connection ``dwh`` that has a table in the PostgreSQL *server*."""
    server.execute(f"drop database if exists {_DATABASE}")
    server.create_database(_DATABASE, "create table orders (id int, total numeric)")
    folder.mkdir()
    (folder / "defog.toml").write_text(asking_section("dwh", server))
    return folder


def asking_section(name: str, server: Server) -> str:
    """A connection called *name* to that database, in a ``defog.toml``."""
    creds = {**server.credentials(_DATABASE), "password": None}
    fields = "".join(f"{key} = {json.dumps(it)}\n" for key, it in creds.items() if it)
    return f'[connections.{name}]\ndb_type = "postgres"\n{fields}password = {{ ask = true }}\n'


def files_with(secret: str, *folders: Path) -> list[Path]:
    """The files in *folders* that have *secret* in them, as it is or as JSON would write it."""
    files = [it for folder in folders for it in folder.rglob("*") if it.is_file()]
    assert files
    forms = {secret.encode(), json.dumps(secret).strip('"').encode()}
    return [it for it in files if any(form in it.read_bytes() for form in forms)]
