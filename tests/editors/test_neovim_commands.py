"""The commands of ``:Defog``, in one real Neovim with the real server."""

from pathlib import Path

import pytest

from tests.editors.nvim import PLUGIN, Neovim
from tests.editors.nvim_shop import open_sql, run

SELECT_THE_SECOND = """
shown = {}
vim.ui.select = function(items, options, choose)
  shown[options.prompt] = vim.tbl_map(options.format_item or tostring, items)
  choose(items[2], 2)
end
"""
SAY = """
vim.ui.input = function(options, answered)
  vim.g.asked = options.prompt .. options.default
  answered('Where they live – 😀.')
end
"""


def wait_until_shown(nvim: Neovim, name: str) -> None:
    nvim.wait("return vim.fs.basename(vim.api.nvim_buf_get_name(0)) == ...", name)


def offered(nvim: Neovim, typed: str) -> list[str]:
    return list(nvim.lua("return vim.fn.getcompletion('Defog ' .. ..., 'cmdline')", typed))


def test_a_table_is_chosen_from_all(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select 1\n")
    nvim.lua(SELECT_THE_SECOND)
    nvim.command("Defog tables")
    wait_until_shown(nvim, "customers.sql")
    assert nvim.lua("return shown.Table") == ["buyers", "customers", "gift cards", "orders"]
    nvim.wait("return vim.bo.readonly")


def test_refresh_reads_the_database_anew(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c.phone from customers c\n")
    nvim.wait_for_marks((0, "phone", "unknown-column"))
    run(small_shop, "alter table customers add column phone text")
    nvim.command("Defog refresh")
    nvim.wait_for_marks()


def test_a_description_is_typed_and_shown(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c.city, c.email from customers c\n")
    nvim.lua(SAY)
    nvim.caret_on("city")
    nvim.command("Defog describe")
    nvim.wait("return vim.g.asked == 'What customers.city means: '")
    file = small_shop / "descriptions.json"
    nvim.wait(
        """
        local client = require('defog').client()
        local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
        local answer = client:request_sync('textDocument/hover', params, 5000, 0)
        local text = answer.result.contents.value
        return text:find('Where they live – 😀.', 1, true)
        """
    )
    assert "Where they live – 😀." in file.read_text()

    # A buffer with the file follows.
    nvim.open(file)
    nvim.command("buffer query.sql")
    nvim.caret_on("email")
    nvim.command("Defog describe")
    nvim.wait("return vim.g.asked:find('Where the invoice goes.', 1, true)")
    nvim.command(f"buffer {file}")
    nvim.wait(
        """
        local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false))
        return text:find('invoice') == nil and not vim.bo.modified
        """
    )
    assert nvim.lines() == file.read_text().splitlines()


@pytest.mark.parametrize("name", ["orders", "orders.customer_id", "gift\\ cards.code"])
def test_a_description_of_what_is_named(nvim: Neovim, small_shop: Path, name: str) -> None:
    open_sql(nvim, small_shop, "select c.city from customers c\n")
    nvim.lua(SAY)
    nvim.command(f"Defog describe {name}")
    nvim.wait("return vim.g.asked == ...", "What " + name.replace("\\", "") + " means: ")
    nvim.lua("vim.notify = function(message) vim.g.said = message end")
    nvim.command("Defog describe orders customers")
    assert "one table or column" in nvim.lua("return vim.g.said")


def test_names_of_tables_and_columns_are_completed(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select 1\n")
    tables = ["buyers", "customers", "gift\\ cards", "orders"]
    assert offered(nvim, "ddl ") == offered(nvim, "describe ") == tables
    assert offered(nvim, "ddl custom") == ["customers"]
    assert offered(nvim, "ddl orders customers.") == []
    assert sorted(offered(nvim, "describe orders.")) == ["orders.customer_id", "orders.id"]
    assert offered(nvim, "describe orders.cus") == ["orders.customer_id"]
    assert offered(nvim, "describe gift\\ cards.") == ["gift\\ cards.code"]
    assert offered(nvim, "describe main.ord") == ["main.orders"]
    assert offered(nvim, "describe main.orders.i")[0] == "main.orders.id"
    assert offered(nvim, "refresh ") == []


def test_ddl_opens_a_scratch_buffer(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c.city from customers c join orders o on true\n")
    nvim.lua(SELECT_THE_SECOND)
    nvim.caret_on("city")
    nvim.command("Defog ddl")
    nvim.wait("return vim.bo.buftype == 'nofile'")
    lines = nvim.lines()
    assert lines[1] == "-- defog: dialect postgres", "the second, after SQLite"
    assert [it for it in lines if it.startswith("CREATE TABLE")] == [
        "CREATE TABLE public.customers (",
        "CREATE TABLE public.orders (",
    ]
    assert lines[-1].endswith(";")
    assert nvim.lua("return vim.bo.filetype") == "sql"
    assert sorted(nvim.lua("return shown")) == ["Generate DDL for", "In which dialect?"]
    nvim.lua("vim.ui.select = function(_, _, choose) choose(nil) vim.g.left = true end")
    nvim.command("close")
    nvim.command("Defog ddl")
    nvim.wait("return vim.g.left")
    assert len(nvim.lua("return vim.api.nvim_list_wins()")) == 1, "nothing was chosen"


def test_ddl_of_what_is_named(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select 1 from customers\n")
    nvim.lua(SELECT_THE_SECOND)
    nvim.command("Defog ddl orders")
    nvim.wait("return vim.bo.buftype == 'nofile'")
    created = [it for it in nvim.lines() if it.startswith("CREATE TABLE")]
    assert created == ["CREATE TABLE public.orders ("]


def test_status_says_which_database(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select 1\n")
    nvim.command("messages clear | Defog status")
    nvim.wait("return vim.fn.execute('messages'):find('shop: 4 tables, read %d+ ')")


def test_log_opens_the_log_of_the_server(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select 1\n")
    nvim.command("Defog log")
    opened = Path(nvim.lua("return vim.api.nvim_buf_get_name(0)"))
    assert opened == nvim.defog_home / "logs/defog-lsp.jsonl"


def test_health_is_a_list_and_a_page(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select 1\n")
    nvim.command("Defog health")
    nvim.wait("return vim.b.defog_health")
    items = nvim.lua("return vim.fn.getqflist({ title = 1, items = 1 })")
    assert items["title"] == "Defog health"
    marked = [(it["lnum"], it["col"], it["type"]) for it in items["items"] if "emial" in it["text"]]
    golden = (small_shop / "golden.json").read_text(encoding="utf-8").splitlines()
    column = len(golden[2].partition("emial")[0].encode()) + 1
    assert marked == [(3, column, "E")]
    assert "## shop" in nvim.lines()
    assert nvim.lua("return { vim.bo.filetype, vim.bo.modifiable }") == ["markdown", False]
    nvim.caret_on("- 3: error")
    nvim.type("<CR>")
    wait_until_shown(nvim, "golden.json")
    assert nvim.lua("return vim.api.nvim_win_get_cursor(0)") == [3, column - 1]


def test_a_golden_question_is_found_by_its_words(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select 1\n")
    nvim.lua(SELECT_THE_SECOND)
    nvim.command("Defog golden WIE")
    wait_until_shown(nvim, "golden.json")
    assert nvim.lua("return shown['Golden question']") == ["Wie viele – 😀?", "Wie groß?"]
    assert nvim.lua("return vim.api.nvim_win_get_cursor(0)")[0] == 3


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("refresh", "no server is attached"), ("nonsense", 'no command "nonsense"')],
)
def test_a_command_that_cannot_work_says_why(nvim: Neovim, typed: str, shown: str) -> None:
    nvim.lua("vim.notify = function(message) vim.g.said = message end")
    nvim.command(f"Defog {typed}")
    assert shown in nvim.lua("return vim.g.said")


def test_commands_are_completed_and_documented(nvim: Neovim, tmp_path: Path) -> None:
    commands = offered(nvim, "")
    assert commands == [
        "comment",
        "create-tables",
        "ddl",
        "describe",
        "forget-passwords",
        "golden",
        "health",
        "log",
        "refresh",
        "restart",
        "status",
        "tables",
    ]
    help_folder = tmp_path / "help/doc"
    help_folder.mkdir(parents=True)
    text = (PLUGIN / "doc/defog.txt").read_text()
    (help_folder / "defog.txt").write_text(text)
    nvim.command(f"helptags {help_folder}")  # fails on a tag that stands twice
    nvim.command(f"set runtimepath^={help_folder.parent}")
    nvim.command("help :Defog")
    assert nvim.lua("return vim.bo.filetype") == "help"
    assert all(f":Defog {it}" in text for it in commands)
    readme = (PLUGIN / "README.md").read_text()
    assert all(it in readme for it in commands)


def test_restart_serves_the_same_buffers_again(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c.emial from customers c\n")
    nvim.wait_for_marks((0, "emial", "unknown-column"))
    before = nvim.lua("return require('defog').client().id")
    nvim.command("Defog restart")
    nvim.wait(
        "local client = require('defog').client(); return client and client.id ~= ...", before
    )
    nvim.wait_for_marks((0, "emial", "unknown-column"))
    assert nvim.lua("return vim.lsp.get_client_by_id(...)", before) is None
