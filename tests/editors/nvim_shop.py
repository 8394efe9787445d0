"""The workspaces that the tests of Neovim open: small databases, each with its ``defog.toml``."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.editors.nvim import Neovim

__all__ = [
    "LIBRARY",
    "asked",
    "make_shop",
    "make_whole_shop",
    "open_ready",
    "open_sql",
    "quickfix",
    "run",
    "sql_file",
    "workspace",
]

_SHOP = """
create table customers (id integer primary key, email text not null, city text);
create table orders (id integer primary key, customer_id integer references customers (id));
"""
LIBRARY = "create table books (isbn text primary key, title text not null);"
_DESCRIPTIONS = """
{"customers": [{"column_name": "email", "data_type": "text",
                "column_description": "Where the invoice goes."}]}
"""
_MORE = """
create table "gift cards" (code text primary key);
create view buyers as
select c.email from customers c join orders o on o.customer_id = c.id;
"""
_GLOSSARY = "- A buyer is somebody of `customers` who has orders.\n"
_GOLDEN = """[
{"question": "Wie viele – 😀?", "sql": "select count(email) from customers"},
{"question": "Wie groß?", "sql": "select emial from customers"}
]
"""
# What a plugin does where Neovim has no function for a request.
_ASK = """
local method, params = ...
local client = require('defog').client()
assert(client:supports_method(method), method .. ' is not supported')
local here = vim.lsp.util.make_range_params(0, client.offset_encoding)
here.position = here.range.start
-- With the buffer's own number: what has been typed is then sent first.
local buffer = vim.api.nvim_get_current_buf()
params = vim.tbl_extend('force', here, vim.empty_dict(), params)
local answer = assert(client:request_sync(method, params, 5000, buffer))
assert(not answer.err, answer.err and answer.err.message)
return answer.result
"""
_QUICKFIX = """
local list = vim.fn.getqflist({ title = 1, items = 1 })
return list.title:find(..., 1, true) and #list.items > 0 and vim.tbl_map(function(it)
  local name = vim.fs.basename(vim.api.nvim_buf_get_name(it.bufnr))
  return ('%s:%d:%d: %s'):format(name, it.lnum, it.col, it.text)
end, list.items)
"""


def make_shop(folder: Path) -> Path:
    """A shop with customers and orders, and a description of one column."""
    workspace(folder, "shop", _SHOP)
    (folder / "descriptions.json").write_text(_DESCRIPTIONS)
    return folder


def make_whole_shop(folder: Path) -> Path:
    """Also gift cards, a view, golden queries and a glossary."""
    make_shop(folder)
    run(folder, _MORE)
    (folder / "golden.json").write_text(_GOLDEN, encoding="utf-8")
    (folder / "glossary.md").write_text(_GLOSSARY, encoding="utf-8")
    toml = (folder / "defog.toml").read_text().replace("*.json", "descriptions.json")
    named = 'golden_queries = ["golden.json"]\nglossary = ["glossary.md"]\n'
    (folder / "defog.toml").write_text(named + toml)
    return folder


def workspace(folder: Path, name: str, schema: str) -> Path:
    """A folder with a database and the ``defog.toml`` that names it."""
    folder.mkdir()
    run(folder, schema)
    (folder / "defog.toml").write_text(
        f'metadata = ["*.json"]\n\n[connections.{name}]\ndb_type = "sqlite"\ndatabase = "it.db"\n'
    )
    return folder


def run(folder: Path, sql: str) -> None:
    with closing(sqlite3.connect(folder / "it.db")) as connection, connection:
        connection.executescript(sql)


def sql_file(folder: Path, text: str, name: str = "query.sql") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def open_ready(nvim: Neovim, path: Path) -> None:
    """Open *path* with the module set up, and wait until its metadata is there."""
    nvim.lua("require('defog').setup()")
    nvim.open(path)
    nvim.wait("local s = require('defog').statuses()[1]; return s and s.state == 'ready'")


def open_sql(nvim: Neovim, folder: Path, text: str) -> None:
    """Open a file with *text*, once the server that runs serves it."""
    nvim.open(sql_file(folder, text))
    nvim.wait("return require('defog').client() ~= nil")


def asked(nvim: Neovim, method: str, **params: Any) -> Any:
    """What the server answers about the caret."""
    return nvim.lua(_ASK, method, params)


def quickfix(nvim: Neovim, title: str) -> list[str]:
    """Wait for the list called *title*; its places."""
    return list(nvim.wait(_QUICKFIX, title))
