"""How Neovim finds the server and what it gives it: encodings, folders, files, its health."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.nvim import PLUGIN, Neovim
from tests.editors.nvim_shop import LIBRARY, make_shop, open_ready, sql_file, workspace


@pytest.fixture
def fresh_nvim(tmp_path: Path) -> Iterator[Neovim]:
    editor = Neovim(tmp_path)
    try:
        yield editor
    finally:
        editor.close()


@pytest.fixture
def fresh_shop(tmp_path: Path) -> Path:
    return make_shop(tmp_path / "shop")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_a_mistake_is_marked_exactly_in_every_encoding(
    fresh_nvim: Neovim, fresh_shop: Path, encoding: str
) -> None:
    """UTF-8, as its buffers are, unless it asks for another."""
    if encoding != "utf-8":
        fresh_nvim.lua(
            """
            local capabilities = vim.lsp.protocol.make_client_capabilities()
            capabilities.general.positionEncodings = { ... }
            vim.lsp.config('defog', { capabilities = capabilities })
            """,
            encoding,
        )
    query = "select '😀😀 ä', c.emial, c.city\nfrom customers c -- 😀\nwhere '😀' < c.nam\n"
    open_ready(fresh_nvim, sql_file(fresh_shop, query))
    first, _ = fresh_nvim.wait_for_marks(
        (0, "emial", "unknown-column"), (2, "nam", "unknown-column")
    )
    assert "emial" in first.message
    assert fresh_nvim.lua("return require('defog').client().offset_encoding") == encoding


def test_one_server_serves_every_folder(
    fresh_nvim: Neovim, fresh_shop: Path, tmp_path: Path
) -> None:
    library = workspace(tmp_path / "library", "library", LIBRARY)
    query = "select b.title from books b;\nselect c.city from customers c;\n"
    in_shop, in_library = sql_file(fresh_shop, query), sql_file(library, query)
    fresh_nvim.lua("require('defog').setup()")
    fresh_nvim.open(in_shop)  # the second folder comes while the server is still starting
    fresh_nvim.open(in_library)
    fresh_nvim.wait_for_marks((1, "customers", "unknown-table"))
    fresh_nvim.wait("return require('defog').statusline() == 'library: 1 table'")
    fresh_nvim.open(in_shop)
    fresh_nvim.wait_for_marks((0, "books", "unknown-table"))
    fresh_nvim.wait("return require('defog').statusline() == 'shop: 2 tables'")
    third = workspace(tmp_path / "third", "third", LIBRARY)  # and this one when it is running
    fresh_nvim.open(sql_file(third, query))
    fresh_nvim.wait_for_marks((1, "customers", "unknown-table"))
    assert fresh_nvim.lua("return #vim.lsp.get_clients()") == 1


def test_golden_queries_in_json_are_served_where_a_configuration_names_them(
    nvim: Neovim, fresh_shop: Path, tmp_path: Path
) -> None:
    toml = fresh_shop / "defog.toml"
    toml.write_text(
        'golden_queries = ["golden.json"]\n' + toml.read_text().replace("*.json", "d.json")
    )
    text = '[{"question": "Größe?", "sql": "select \\"name\\", emial from customers"}]\n'
    open_ready(nvim, sql_file(fresh_shop, text, "golden.json"))
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


def test_a_typo_in_defog_toml_is_marked_and_other_toml_is_left_alone(
    nvim: Neovim, fresh_shop: Path
) -> None:
    configuration = fresh_shop / "defog.toml"
    configuration.write_text('dialekt = "sqlite"\n' + configuration.read_text())
    other = fresh_shop / "other.toml"
    other.write_text("dialekt = 1\n")
    nvim.open(configuration)
    nvim.wait("return #vim.diagnostic.get(0) > 0")
    (found,) = nvim.diagnostics()
    assert (found.line, found.marked) == (0, "dialekt")
    nvim.open(other)
    assert nvim.lua("return #vim.lsp.get_clients({ bufnr = 0 })") == 0


def test_a_metadata_file_is_checked_and_other_json_is_left_alone(
    nvim: Neovim, fresh_shop: Path, tmp_path: Path
) -> None:
    tables = fresh_shop / "tables.json"
    tables.write_text('{"nowhere": [{"column_name": "id", "data_type": "integr"}]}\n')
    nvim.open(tables)
    nvim.wait("return #vim.diagnostic.get(0) > 0")
    assert "nowhere" in {it.marked for it in nvim.diagnostics()}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "other.json").write_text('{"nowhere": 1}\n')
    nvim.open(elsewhere / "other.json")
    assert nvim.lua("return #vim.lsp.get_clients({ bufnr = 0 })") == 0


def test_checkhealth(fresh_nvim: Neovim, fresh_shop: Path) -> None:
    open_ready(fresh_nvim, sql_file(fresh_shop, "select 1\n"))
    fresh_nvim.command("checkhealth defog")
    report = "\n".join(fresh_nvim.lines())
    assert "ERROR" not in report
    assert "WARNING" not in report
    assert f"folder {fresh_shop} with a defog.toml" in report
    assert "shop: 2 tables" in report
    assert "the server may use: askText, choose" in report
    assert "completion with snippets" in report
    assert "log: " in report
    fresh_nvim.open(fresh_shop / "query.sql")
    fresh_nvim.lua(
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
    fresh_nvim.wait("return vim.lsp.get_clients({ name = 'sqls', bufnr = 0 })[1] ~= nil")
    fresh_nvim.command("checkhealth defog")
    report = "\n".join(fresh_nvim.lines())
    assert '"sqls" serves ' in report
    assert "query.sql as well" in report


def test_checkhealth_says_how_to_install_the_server(fresh_nvim: Neovim) -> None:
    fresh_nvim.lua("require('defog').setup({ cmd = { 'no-such-server', 'serve' } })")
    fresh_nvim.command("checkhealth defog")
    report = "\n".join(fresh_nvim.lines())
    assert "ERROR" in report
    assert "pip install defog-lsp" in report


def test_what_the_help_turns_on(fresh_nvim: Neovim, fresh_shop: Path) -> None:
    """Its own text is run."""
    blocks = (PLUGIN / "doc/defog.txt").read_text().split(">lua\n")[1:]
    [block] = [it.partition("\n<")[0] for it in blocks if "LspAttach" in it]
    fresh_nvim.lua(block)
    text = "select c.email as mail\nfrom customers c\njoin orders o\n  on o.customer_id = c.id;\n"
    open_ready(fresh_nvim, sql_file(fresh_shop, text + "select c from customers c\n"))
    fresh_nvim.wait("return #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0")
    fresh_nvim.wait("return vim.fn.foldlevel(2) > 0")
    fresh_nvim.open(fresh_shop / "descriptions.json")
    fresh_nvim.open(fresh_shop / "query.sql")
    fresh_nvim.wait("return #vim.lsp.codelens.get(0) > 0")
    fresh_nvim.caret_on(" from customers c")
    fresh_nvim.type("i.")
    fresh_nvim.wait("return vim.fn.pumvisible() == 1")


def test_the_server_ends_with_neovim(tmp_path: Path, fresh_shop: Path) -> None:
    editor = Neovim(tmp_path)
    try:
        open_ready(editor, sql_file(fresh_shop, "select 1\n"))
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
