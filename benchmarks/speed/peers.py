"""What others would use instead, installed for the benchmarks alone.

A peer that cannot be installed here, or lacks its database, is told with the reason, and the rest
is measured.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks import warehouse
from benchmarks.speed.catalogs import fill_postgres, schema_file
from benchmarks.speed.contenders import COMPLETERS, Completer, Server
from benchmarks.speed.measure import say
from tests.support import databases, tools
from tests.support.install import InstallError, npm_target, pip_target

__all__ = ["NAMES", "PYTHON_OF_PEERS", "Peers", "gather", "install_peers"]

NAMES = ("sql-language-server", "postgres-language-server", "pgcli", "mycli", "sqruff")
_PINS = Path(__file__).resolve().parents[1] / "peers"
_NODE, _PYTHON = tools.TOOLS / "bench-node", tools.TOOLS / "bench-python"
PYTHON_OF_PEERS: Mapping[str, str] = {"PYTHONPATH": str(_PYTHON)}
"""The environment in which what is written in Python runs, and plots are drawn."""


@dataclass
class Peers:
    """Those that can be started, and why the others cannot."""

    servers: list[Server] = field(default_factory=list)
    completers: list[Completer] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)


def install_peers() -> Peers:
    """Install them; nobody is started yet."""
    peers = Peers()
    installed: dict[tuple[str, ...], Callable[[], None]] = {
        NAMES[:2]: partial(npm_target, _NODE, _PINS),
        NAMES[2:]: partial(pip_target, _PYTHON, _PINS / "python.txt"),
    }
    for names, install in installed.items():
        try:
            install()
        except (InstallError, OSError) as error:
            print(f"bench: {error}", file=sys.stderr)
            reason = f"it cannot be installed: {str(error).splitlines()[0]}"
            peers.missing.update(dict.fromkeys(names, reason))
    return peers


def gather(peers: Peers, sizes: Sequence[int], postgres: databases.Server | None) -> None:
    """Add those that are installed to *peers*, over catalogs of these *sizes*.

    *postgres*: an empty server for the one that needs a database.
    """
    for name, add in _ADDED.items():
        if name in peers.missing:
            continue
        say(f"what {name} reads")
        try:
            add(peers, sizes, postgres)
        except _Unusable as error:
            peers.missing[name] = str(error)


class _Unusable(Exception):
    pass


def _sql_language_server(peers: Peers, sizes: Sequence[int], _: databases.Server | None) -> None:
    package = _NODE / "node_modules/sql-language-server"
    node = tools.find("node")
    if node is None:
        raise _Unusable("there is no Node.js")
    peers.versions["sql-language-server"] = _npm_version(package)
    for size in sizes:
        connection = {"name": "warehouse", "adapter": "json", "filename": str(schema_file(size))}
        peers.servers.append(
            Server(
                "sql-language-server",
                size,
                (node, package / "npm_bin/cli.js", "up", "--method", "stdio"),
                settings={"connections": [connection]},
                judges="style",
            )
        )


def _postgres_language_server(
    peers: Peers, sizes: Sequence[int], postgres: databases.Server | None
) -> None:
    packages = _NODE / "node_modules/@postgres-language-server"
    programs = sorted(packages.glob("cli-*/postgres-language-server*"))
    if not programs:
        raise _Unusable("there is no program for this machine in its package")
    if postgres is None:
        raise _Unusable("there is no PostgreSQL: `make tools` installs it")
    peers.versions["postgres-language-server"] = _npm_version(programs[0].parent)
    for size in sizes:
        database = {
            "host": "127.0.0.1",
            "port": postgres.port,
            "username": postgres.user,
            "password": postgres.password,
            "database": fill_postgres(postgres, size),
        }
        configuration = {"db": database, "typecheck": {"searchPath": [warehouse.SCHEMAS[0]]}}
        peers.servers.append(
            Server(
                "postgres-language-server",
                size,
                (programs[0], "lsp-proxy"),
                files={"postgres-language-server.jsonc": json.dumps(configuration)},
            )
        )


def _completer(name: str, peers: Peers, sizes: Sequence[int], _: databases.Server | None) -> None:
    peers.versions[name] = _pip_version(name)
    for size in sizes:
        command = (sys.executable, "-P", COMPLETERS, name, schema_file(size))
        peers.completers.append(Completer(name, size, command, PYTHON_OF_PEERS))


def _sqruff(peers: Peers, _: Sequence[int], __: databases.Server | None) -> None:
    peers.versions["sqruff"] = _pip_version("sqruff")
    peers.servers.append(
        Server(
            "sqruff",
            0,
            (_PYTHON / "bin/sqruff", "lsp"),
            PYTHON_OF_PEERS,
            files={".sqruff": "[sqruff]\ndialect = postgres\n"},
            judges="style",
        )
    )


_ADDED: dict[str, Callable[[Peers, Sequence[int], databases.Server | None], None]] = {
    "sql-language-server": _sql_language_server,
    "postgres-language-server": _postgres_language_server,
    "pgcli": partial(_completer, "pgcli"),
    "mycli": partial(_completer, "mycli"),
    "sqruff": _sqruff,
}


def _npm_version(package: Path) -> str:
    version: str = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    return version


def _pip_version(name: str) -> str:
    found = next(_PYTHON.glob(f"{name}-*.dist-info"), None)
    if found is None:
        raise _Unusable("its package is not there")
    return found.name.removesuffix(".dist-info").rpartition("-")[2]
