"""The Neovim module, in a real Neovim, with the real server and a real database."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.editors.nvim import PLUGIN, Neovim

SHOP = """
create table customers (id integer primary key, email text not null, city text);
create table orders (id integer primary key, customer_id integer references customers (id));
"""
LIBRARY = "create table books (isbn text primary key, title text not null);"
DESCRIPTIONS = """
{"customers": [{"column_name": "email", "data_type": "text",
                "column_description": "Where the invoice goes."}]}
"""


@pytest.fixture
def nvim(tmp_path: Path) -> Iterator[Neovim]:
    editor = Neovim(tmp_path)
    try:
        yield editor
    finally:
        editor.close()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = workspace(tmp_path / "shop", "shop", SHOP)
    (folder / "descriptions.json").write_text(DESCRIPTIONS)
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_a_mistake_is_marked_exactly_in_every_encoding(
    nvim: Neovim, shop: Path, encoding: str
) -> None:
    nvim.lua(
        """
        local capabilities = vim.lsp.protocol.make_client_capabilities()
        capabilities.general.positionEncodings = { ... }
        vim.lsp.config('defog', { capabilities = capabilities })
        """,
        encoding,
    )
    query = "select '😀😀 ä', c.emial, c.city\nfrom customers c -- 😀\nwhere '😀' < c.nam\n"
    open_ready(nvim, sql_file(shop, query))
    first, _ = nvim.wait_for_marks((0, "emial", "unknown-column"), (2, "nam", "unknown-column"))
    assert "emial" in first.message
    assert nvim.lua("return require('defog').client().offset_encoding") == encoding


def test_golden_queries_in_json_are_served_where_a_configuration_names_them(
    nvim: Neovim, shop: Path, tmp_path: Path
) -> None:
    toml = shop / "defog.toml"
    toml.write_text(
        'golden_queries = ["golden.json"]\n' + toml.read_text().replace("*.json", "d.json")
    )
    text = '[{"question": "Größe?", "sql": "select \\"name\\", emial from customers"}]\n'
    open_ready(nvim, sql_file(shop, text, "golden.json"))
    nvim.wait_for_marks((0, "emial", "golden-invalid"))
    lenses = nvim.wait(
        """
        local uri = vim.uri_from_bufnr(0)
        local answer = require('defog').client():request_sync(
          'textDocument/codeLens', { textDocument = { uri = uri } }, 5000)
        return vim.tbl_map(function(it) return it.command.title end, answer.result)
        """
    )
    assert lenses[0].startswith("covers 1/")
    assert lenses[1] == "1 problem"
    nvim.open(sql_file(tmp_path, "[]", "other.json"))
    assert nvim.lua("return #vim.lsp.get_clients({ bufnr = 0 })") == 0


def test_neovim_is_served_in_utf_8(nvim: Neovim, shop: Path) -> None:
    """Its buffers are UTF-8, so nothing has to be converted."""
    open_ready(nvim, sql_file(shop, "select 1\n"))
    assert nvim.lua("return require('defog').client().offset_encoding") == "utf-8"


def test_a_definition_leads_into_the_database(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select c.email from customers c\n"))
    nvim.caret_on("email")
    nvim.lua("vim.lsp.buf.definition()")
    nvim.wait("return vim.api.nvim_buf_get_name(0) == 'defog:/shop/main/customers.sql'")
    nvim.wait("return vim.bo.readonly")
    assert any("Where the invoice goes." in it for it in nvim.lines())
    row, column = nvim.lua("return vim.api.nvim_win_get_cursor(0)")
    assert nvim.lines()[row - 1][column:].startswith("email")
    assert nvim.lua("return { vim.bo.readonly, vim.bo.filetype, #vim.lsp.get_clients({ bufnr = 0 }) }") == [
        True, "sql", 0,
    ]  # fmt: skip


def test_a_table_is_chosen_from_all(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select 1\n"))
    nvim.lua(
        """
        vim.ui.select = function(items, options, on_choice)
          shown = vim.tbl_map(options.format_item, items)
          on_choice(items[1])
        end
        """
    )
    nvim.command("Defog tables")
    nvim.wait("return vim.api.nvim_buf_get_name(0) == 'defog:/shop/main/customers.sql'")
    assert nvim.lua("return shown") == ["customers", "orders"]
    nvim.wait("return vim.bo.readonly")


def test_renaming_and_formatting(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select  c.email from customers c\n"))
    nvim.caret_on("c.email")
    nvim.lua("vim.lsp.buf.rename('buyer')")
    nvim.wait("return vim.api.nvim_buf_get_lines(0, 0, 1, true)[1]:find('customers buyer') ~= nil")
    nvim.lua("vim.lsp.buf.format()")
    assert nvim.lines() == ["select buyer.email from customers buyer"]


def test_hover_shows_type_and_description(nvim: Neovim, shop: Path) -> None:
    text = "select '😀', c.email, lower(email) as mail from customers c\n"
    open_ready(nvim, sql_file(shop, text))
    for name in ("email", "mail from"):
        nvim.caret_on(name)
        nvim.type("K")
        shown = "\n".join(
            nvim.wait(
                f"""
                for _, window in ipairs(vim.api.nvim_list_wins()) do
                  if vim.api.nvim_win_get_config(window).relative ~= '' then
                    local buffer = vim.api.nvim_win_get_buf(window)
                    local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
                    local has = table.concat(lines):find('lower', 1, true) ~= nil
                    return has == {"true" if name == "mail from" else "false"} and lines
                  end
                end
                """
            )
        )
        assert "text" in shown.lower()
        assert "Where the invoice goes." in shown


def test_omnifunc_offers_the_columns_of_an_alias(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select '😀', c. from customers c\n"))
    nvim.caret_on(". from")
    nvim.type("a<C-x><C-o>")
    words = nvim.wait(
        """
        local words = vim.tbl_map(function(item)
          return item.word
        end, vim.fn.complete_info({ 'items' }).items)
        return #words > 1 and words
        """
    )
    assert {"id", "email", "city"} <= set(words)
    assert not {"customer_id", "books"} & set(words)
    nvim.type("<C-e>ci<C-x><C-o>")
    nvim.wait("return vim.api.nvim_get_current_line() == \"select '😀', c.city from customers c\"")


def test_completion_by_the_language_server(nvim: Neovim, shop: Path) -> None:
    """Neovim's own: it resolves what it shows, and expands what it accepts."""
    open_ready(nvim, sql_file(shop, "select c. from customers c\n"))
    nvim.lua(
        """
        vim.o.completeopt = 'menuone,noselect,popup'
        vim.lsp.completion.enable(true, require('defog').client().id, 0)
        """
    )
    nvim.caret_on(". from")
    nvim.type("a")
    nvim.lua("vim.lsp.completion.get()")
    nvim.wait("return vim.fn.pumvisible() == 1")
    nvim.type("<C-n>")
    chosen = "local info = vim.fn.complete_info({ 'items', 'selected' }); "
    for _ in range(3):
        word = nvim.wait(
            f"{chosen} local it = info.items[info.selected + 1]; return it and it.word"
        )
        if word == "email":
            break
        nvim.type("<C-n>")
        nvim.wait(f"{chosen} return info.items[info.selected + 1].word ~= ...", word)
    assert word == "email"
    shown = nvim.wait(
        """
        local window = vim.fn.complete_info({ 'selected' }).preview_winid
        return window and vim.api.nvim_win_is_valid(window)
          and vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
        """
    )
    assert "Where the invoice goes." in "\n".join(shown)
    nvim.type("<C-y>")
    nvim.wait("return vim.api.nvim_get_current_line() == 'select c.email from customers c'")


def test_an_item_of_several_words_is_accepted_whole(nvim: Neovim, tmp_path: Path) -> None:
    schema = SHOP + 'create table mails ("Sent to" text);'
    open_ready(
        nvim, sql_file(workspace(tmp_path / "shop", "shop", schema), "select m. from mails m\n")
    )
    nvim.lua(
        """
        vim.o.completeopt = 'menuone,noselect'
        vim.lsp.completion.enable(true, require('defog').client().id, 0)
        """
    )
    for place, expected in [
        (" from", 'select m."Sent to" from mails m'),
        (" where", "select * from orders o join customers c on c.id = o.customer_id where"),
    ]:
        nvim.caret_on(place)
        nvim.type("i")
        nvim.lua("vim.lsp.completion.get()")
        nvim.wait("return vim.fn.pumvisible() == 1")
        nvim.type("<C-n>")
        nvim.wait("return vim.fn.complete_info({ 'selected' }).selected == 0")
        nvim.type("<C-y>")
        nvim.wait("return vim.api.nvim_get_current_line() == ...", expected)
        nvim.type("<Esc>")
        nvim.lua(
            "vim.api.nvim_buf_set_lines(0, 0, -1, false, { ... })",
            "select * from orders o join customers c on  where",
        )


def test_a_code_action_mends_a_mistake(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select '😀', c.emial, c.city from customers c\n"))
    nvim.wait_for_marks((0, "emial", "unknown-column"))
    nvim.lua(
        """
        vim.ui.select = function(items, _, choose)
          vim.g.offered = vim.tbl_map(function(it) return it.action.title end, items)
          for _, it in ipairs(items) do
            if it.action.title == 'Change to email' then
              choose(it)
            end
          end
        end
        """
    )
    nvim.caret_on("emial")
    nvim.lua("vim.lsp.buf.code_action()")
    nvim.wait(
        "return vim.api.nvim_get_current_line() == \"select '😀', c.email, c.city from customers c\""
    )
    nvim.wait_for_marks()
    assert "Ignore unknown-column for this line" in nvim.lua("return vim.g.offered")


def test_fix_all_needs_no_question(nvim: Neovim, shop: Path) -> None:
    """What people run when they save."""
    open_ready(nvim, sql_file(shop, "select c.emial\nfrom customers c\nwhere c.city = null\n"))
    nvim.wait_for_marks((0, "emial", "unknown-column"), (2, "c.city = null", "null-comparison"))
    nvim.lua(
        """
        vim.lsp.buf.code_action({ context = { only = { 'source.fixAll' } }, apply = true })
        """
    )
    nvim.wait_for_marks()
    assert nvim.lines() == ["select c.email", "from customers c", "where c.city is null"]


def test_marks_follow_edits(nvim: Neovim, shop: Path) -> None:
    """Edits at several places, as changes, leave the server with the text that Neovim has."""
    open_ready(nvim, sql_file(shop, "select c.emial\nfrom customers c;\n"))
    nvim.wait_for_marks((0, "emial", "unknown-column"))
    nvim.edit((0, 0), (0, 0), "-- 😀\n")
    nvim.wait_for_marks((1, "emial", "unknown-column"))
    nvim.edit((1, 7), (1, 7), "'😀ä', ")
    nvim.edit((2, 17), (2, 17), "\nselect 2 + '😀', c.nope from customers c;")
    nvim.wait_for_marks((1, "emial", "unknown-column"), (3, "nope", "unknown-column"))
    nvim.caret_on("emial")
    nvim.type("ciwemail<Esc>")
    nvim.wait_for_marks((3, "nope", "unknown-column"))
    nvim.command("3,4delete")
    nvim.wait_for_marks((1, "c", "unknown-alias"))
    nvim.type("u")
    nvim.wait_for_marks((3, "nope", "unknown-column"))


def test_refresh_reads_the_database_anew(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select c.phone from customers c\n"))
    nvim.wait_for_marks((0, "phone", "unknown-column"))
    run(shop, "alter table customers add column phone text")
    nvim.command("Defog refresh")
    nvim.wait_for_marks()


def test_a_description_is_typed_and_shown(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select c.city, c.email from customers c\n"))
    nvim.lua(
        """
        vim.ui.input = function(options, answered)
          vim.g.asked = options.prompt .. options.default
          answered('Where they live – 😀.')
        end
        """
    )
    nvim.caret_on("city")
    nvim.command("Defog describe")
    nvim.wait("return vim.g.asked == 'What customers.city means: '")
    file = shop / "descriptions.json"
    shown = nvim.wait(
        """
        local client = require('defog').client()
        local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
        local answer = client:request_sync('textDocument/hover', params, 5000, 0)
        local text = answer.result.contents.value
        return text:find('Where they live – 😀.', 1, true) and text
        """
    )
    assert "text" in shown.lower()
    assert "Where they live – 😀." in file.read_text()

    # A buffer with the file follows.
    nvim.open(file)
    nvim.command("buffer query.sql")
    nvim.caret_on("email")
    nvim.command("Defog describe")
    nvim.wait("return vim.g.asked:find('Where the invoice goes.', 1, true)")
    nvim.command(f"buffer {file}")
    nvim.wait(
        "return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false)):find('invoice') == nil"
    )
    assert nvim.lines() == file.read_text().splitlines()


def test_ddl_opens_a_scratch_buffer(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select c.city from customers c join orders o on true\n"))
    nvim.lua(
        """
        vim.g.asked = {}
        vim.ui.select = function(items, options, choose)
          local asked = vim.g.asked
          table.insert(asked, options.prompt)
          vim.g.asked = asked
          choose(items[2], 2)
        end
        """
    )
    nvim.caret_on("city")
    nvim.command("Defog ddl")
    nvim.wait("return vim.bo.buftype == 'nofile'")
    lines = nvim.lines()
    assert lines[1] == "-- defog: dialect postgres", "the second, after SQLite"
    assert [it for it in lines if it.startswith("CREATE TABLE")] == [
        "CREATE TABLE public.customers (",
        "CREATE TABLE public.orders (",
    ]
    assert lines[-1] == ");"
    assert nvim.lua("return vim.bo.filetype") == "sql"
    assert nvim.lua("return vim.g.asked") == ["Generate DDL for", "In which dialect?"]
    nvim.lua("vim.ui.select = function(_, _, choose) choose(nil) vim.g.left = true end")
    nvim.command("close")
    nvim.command("Defog ddl")
    nvim.wait("return vim.g.left")
    assert len(nvim.lua("return vim.api.nvim_list_wins()")) == 1, "nothing was chosen"


def test_one_server_serves_every_folder(nvim: Neovim, shop: Path, tmp_path: Path) -> None:
    library = workspace(tmp_path / "library", "library", LIBRARY)
    query = "select b.title from books b;\nselect c.city from customers c;\n"
    in_shop, in_library = sql_file(shop, query), sql_file(library, query)
    nvim.lua("require('defog').setup()")
    nvim.open(in_shop)  # the second folder comes while the server is still starting
    nvim.open(in_library)
    nvim.wait_for_marks((1, "customers", "unknown-table"))
    nvim.wait("return require('defog').statusline() == 'library: 1 table'")
    nvim.open(in_shop)
    nvim.wait_for_marks((0, "books", "unknown-table"))
    nvim.wait("return require('defog').statusline() == 'shop: 2 tables'")
    third = workspace(tmp_path / "third", "third", LIBRARY)  # and this one when it is running
    nvim.open(sql_file(third, query))
    nvim.wait_for_marks((1, "customers", "unknown-table"))
    assert nvim.lua("return #vim.lsp.get_clients()") == 1


def test_restart_serves_the_same_buffers_again(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select c.emial from customers c\n"))
    nvim.wait_for_marks((0, "emial", "unknown-column"))
    before = nvim.lua("return require('defog').client().id")
    nvim.command("Defog restart")
    nvim.wait(
        "local client = require('defog').client(); return client and client.id ~= ...", before
    )
    nvim.wait_for_marks((0, "emial", "unknown-column"))
    assert nvim.lua("return vim.lsp.get_client_by_id(...)", before) is None


def test_a_typo_in_defog_toml_is_marked_and_other_toml_is_left_alone(
    nvim: Neovim, shop: Path
) -> None:
    configuration = shop / "defog.toml"
    configuration.write_text('dialekt = "sqlite"\n' + configuration.read_text())
    other = shop / "other.toml"
    other.write_text("dialekt = 1\n")
    nvim.lua("require('defog').setup()")
    nvim.open(configuration)
    nvim.wait("return #vim.diagnostic.get(0) > 0")
    (found,) = nvim.diagnostics()
    assert (found.line, found.marked) == (0, "dialekt")
    nvim.open(other)
    assert nvim.lua("return #vim.lsp.get_clients({ bufnr = 0 })") == 0


def test_a_metadata_file_is_checked_and_other_json_is_left_alone(
    nvim: Neovim, shop: Path, tmp_path: Path
) -> None:
    configuration = shop / "defog.toml"
    configuration.write_text('metadata = ["tables.json"]\n' + configuration.read_text())
    tables = shop / "tables.json"
    tables.write_text('{"nowhere": [{"column_name": "id", "data_type": "integr"}]}\n')
    nvim.lua("require('defog').setup()")
    nvim.open(tables)
    nvim.wait("return #vim.diagnostic.get(0) > 0")
    assert "nowhere" in {it.marked for it in nvim.diagnostics()}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "other.json").write_text('{"nowhere": 1}\n')
    nvim.open(elsewhere / "other.json")
    assert nvim.lua("return #vim.lsp.get_clients({ bufnr = 0 })") == 0


def test_status_says_which_database(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select 1\n"))
    nvim.command("Defog status")
    nvim.wait("return vim.fn.execute('messages'):find('shop')")


def test_log_opens_the_log_of_the_server(nvim: Neovim, shop: Path, private_home: Path) -> None:
    open_ready(nvim, sql_file(shop, "select 1\n"))
    nvim.command("Defog log")
    opened = Path(nvim.lua("return vim.api.nvim_buf_get_name(0)"))
    assert opened == private_home / "defog/logs/defog-lsp.jsonl"


def test_checkhealth(nvim: Neovim, shop: Path) -> None:
    open_ready(nvim, sql_file(shop, "select 1\n"))
    nvim.command("checkhealth defog")
    report = "\n".join(nvim.lines())
    assert "ERROR" not in report
    assert "WARNING" not in report
    assert f"folder {shop} with a defog.toml" in report
    assert "shop: 2 tables" in report
    assert "the server may use: askText, choose" in report
    assert "completion with snippets" in report
    assert "log: " in report
    nvim.open(shop / "query.sql")
    nvim.lua(
        """
        local function answer(_, _, on_answer)
          on_answer(nil, { capabilities = {} })
          return true, 1
        end
        local function nothing() return false end
        vim.lsp.start({ name = 'sqls', cmd = function()
          return { request = answer, notify = nothing, is_closing = nothing, terminate = nothing }
        end })
        """
    )
    nvim.wait("return vim.lsp.get_clients({ name = 'sqls', bufnr = 0 })[1] ~= nil")
    nvim.command("checkhealth defog")
    report = "\n".join(nvim.lines())
    assert '"sqls" serves ' in report
    assert "query.sql as well" in report


def test_checkhealth_says_how_to_install_the_server(nvim: Neovim) -> None:
    nvim.lua("require('defog').setup({ cmd = { 'no-such-server', 'serve' } })")
    nvim.command("checkhealth defog")
    report = "\n".join(nvim.lines())
    assert "ERROR" in report
    assert "pip install defog-lsp" in report


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("refresh", "no server is attached"), ("nonsense", 'no command "nonsense"')],
)
def test_a_command_that_cannot_work_says_why(nvim: Neovim, typed: str, shown: str) -> None:
    nvim.lua("vim.notify = function(message) vim.g.said = message end")
    nvim.command(f"Defog {typed}")
    assert shown in nvim.lua("return vim.g.said")


def test_commands_are_completed_and_documented(nvim: Neovim, tmp_path: Path) -> None:
    offered = nvim.lua("return vim.fn.getcompletion('Defog ', 'cmdline')")
    assert offered == [
        "comment",
        "create-tables",
        "ddl",
        "describe",
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
    assert all(f":Defog {it}" in text for it in offered)


def test_health_golden_questions_tables_and_secrets(nvim: Neovim, shop: Path) -> None:
    toml = shop / "defog.toml"
    toml.write_text('golden_queries = ["golden.json"]\n' + toml.read_text())
    golden = '[\n{"question": "Größe?", "sql": "select emial from customers"}\n]\n'
    (shop / "golden.json").write_text(golden, encoding="utf-8")
    toml.write_text(toml.read_text().replace("*.json", "descriptions.json"))
    query = sql_file(shop, "select 1\n")
    open_ready(nvim, query)

    nvim.command("Defog health")
    nvim.wait("return vim.b.defog_health")
    items = nvim.lua("return vim.fn.getqflist({ title = 1, items = 1 })")
    assert items["title"] == "Defog health"
    marked = [(it["lnum"], it["col"], it["type"]) for it in items["items"] if "emial" in it["text"]]
    column = len(golden.splitlines()[1].partition("emial")[0].encode()) + 1
    assert marked == [(2, column, "E")]
    assert "## shop" in nvim.lines()
    assert nvim.lua("return { vim.bo.filetype, vim.bo.modifiable }") == ["markdown", False]
    nvim.caret_on("- 2: error")
    nvim.type("<CR>")
    nvim.wait("return vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'golden.json'")
    assert nvim.lua("return vim.api.nvim_win_get_cursor(0)") == [2, column - 1]

    nvim.open(query)
    nvim.lua("vim.ui.select = function(items, _, on_choice) on_choice(items[1], 1) end")
    nvim.command("Defog golden größe")
    nvim.wait("return vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'golden.json'")

    nvim.open(query)
    assert nvim.lua("return vim.fn.getcompletion('Defog ddl custom', 'cmdline')") == ["customers"]
    nvim.command("Defog ddl orders")
    nvim.wait("return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true)):find('orders')")
    assert not any("CREATE TABLE customers" in it for it in nvim.lines())

    # As the server will ask: a handler that answers later than it returns.
    nvim.lua(
        """
        vim.fn.inputsecret = function(prompt) asked = prompt; return typed end
        answers = {}
        function secret(text)
          typed = text
          coroutine.wrap(function()
            local handler = require('defog.dialogue').handlers['defog/secret']
            table.insert(answers, { handler(nil, { title = 'Password' }) })
          end)()
        end
        secret('geheim')
        """
    )
    nvim.wait("return answers[1]")
    nvim.lua("secret('')")
    nvim.wait("return answers[2]")
    assert nvim.lua("return { answers[1][1], answers[2][1] == vim.NIL, asked }") == [
        "geheim", True, "Password: ",
    ]  # fmt: skip


def test_the_server_ends_with_neovim(tmp_path: Path, shop: Path) -> None:
    editor = Neovim(tmp_path)
    try:
        open_ready(editor, sql_file(shop, "select 1\n"))
        pid = editor.lua("return vim.api.nvim_get_proc_children(vim.fn.getpid())[1]")
        assert process_exists(pid)
    finally:
        editor.close()
    end = time.monotonic() + 10
    while process_exists(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not process_exists(pid)


def process_exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
