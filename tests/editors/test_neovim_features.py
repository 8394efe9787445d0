"""What Neovim shows and finds with the server, in one real Neovim.

Where the Neovim of the tests has no way of its own to ask, its client asks as a plugin would.
"""

from pathlib import Path

from tests.editors.nvim import Neovim
from tests.editors.nvim_shop import asked, open_sql, quickfix, sql_file

CUSTOMERS = "defog:/shop/main/customers.sql"
FLOATING = """
for _, window in ipairs(vim.api.nvim_list_wins()) do
  if vim.api.nvim_win_get_config(window).relative ~= '' then
    local buffer = vim.api.nvim_win_get_buf(window)
    local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\\n')
    return text:find(..., 1, true) and text
  end
end
"""
# What is marked anywhere by what has this name.
MARKED = """
local namespace = vim.api.nvim_get_namespaces()[...] or -1
local found = {}
for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
  local marks = vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, { details = true })
  for _, mark in ipairs(marks) do
    local _, row, column, it = unpack(mark)
    local text = vim.api.nvim_buf_get_text(buffer, row, column, it.end_row, it.end_col, {})
    table.insert(found, column .. ' ' .. text[1])
  end
end
return #found > 0 and found
"""


def wait_until_shown(nvim: Neovim, name: str) -> None:
    nvim.wait("return vim.api.nvim_buf_get_name(0) == ...", name)


def wait_for_caret(nvim: Neovim, line: int, column: int) -> None:
    """Until the caret is there; as Neovim counts, lines from 1 and bytes from 0."""
    nvim.wait("return vim.deep_equal(vim.api.nvim_win_get_cursor(0), ...)", [line, column])


def test_hover_shows_type_and_description(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select '😀', c.email, lower(email) as mail from customers c\n")
    for name, shown_with_it in (("email", "customers.email"), ("mail from", "lower")):
        nvim.caret_on(name)
        nvim.type("K")
        shown = nvim.wait(FLOATING, shown_with_it)
        assert "text" in shown.lower()
        assert "Where the invoice goes." in shown
        nvim.type("<Esc>h")  # moving closes it


def test_signature_help_marks_the_argument(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select coalesce(c.email, ) from customers c\n")
    nvim.caret_on(") from")
    nvim.type("i<C-s>")
    assert "coalesce(value1, value2...)" in nvim.wait(FLOATING, "coalesce")
    [marked] = nvim.wait(MARKED, "nvim.lsp.signature_help")
    assert marked.endswith(" value2...")


def test_diagnostics_come_by_themselves(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select emial from customers\n")
    [found] = nvim.wait_for_marks((0, "emial", "unknown-column"))
    assert "did you mean email?" in found.message
    # This one would not ask again when there are new metadata; and nothing is said twice.
    asks = nvim.lua(
        """
        local client = require('defog').client()
        local can = client.capabilities.workspace.diagnostics
        return { can and can.refreshSupport or false, client:supports_method('workspace/diagnostic') }
        """
    )
    assert asks[0] == asks[1]


def test_a_tag_is_where_a_name_is_defined(nvim: Neovim, small_shop: Path) -> None:
    open_sql(
        nvim, small_shop, "with cte as (select email as m from customers)\nselect m from cte\n"
    )
    nvim.type("2Gw<C-]>")
    wait_for_caret(nvim, 1, 29)
    nvim.type("2G$<C-]>")
    wait_for_caret(nvim, 1, 5)
    nvim.type("2G$")
    wait_for_caret(nvim, 2, 16)
    nvim.lua("vim.lsp.buf.declaration()")
    wait_for_caret(nvim, 1, 5)


def test_a_definition_leads_into_the_database(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c.email from customers c\n")
    nvim.caret_on("email")
    nvim.lua("vim.lsp.buf.definition()")
    wait_until_shown(nvim, CUSTOMERS)
    nvim.wait("return vim.bo.readonly")
    assert any("Where the invoice goes." in it for it in nvim.lines())
    row, column = nvim.lua("return vim.api.nvim_win_get_cursor(0)")
    assert nvim.lines()[row - 1][column:].startswith("email")
    assert nvim.lua("return { vim.bo.readonly, vim.bo.filetype, #vim.lsp.get_clients({ bufnr = 0 }) }") == [
        True, "sql", 0,
    ]  # fmt: skip


def test_the_type_of_an_alias_is_its_table(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c.email from customers c\n")
    nvim.caret_on("c.email")
    nvim.lua("vim.lsp.buf.type_definition()")
    wait_until_shown(nvim, CUSTOMERS)


def test_references_are_in_all_files(nvim: Neovim, small_shop: Path) -> None:
    sql_file(small_shop, "select 1;\nselect email from customers\n", "closed.sql")
    open_sql(nvim, small_shop, "select c.email from customers c\n")
    nvim.caret_on("email")
    nvim.type("grr")
    places = [it.split(": ")[0] for it in quickfix(nvim, "References")]
    assert [it for it in places if it.startswith(("closed", "golden", "query"))] == [
        "closed.sql:2:8", "golden.json:2:58", "query.sql:1:10",
    ]  # fmt: skip


def test_implementations_are_the_views_that_use_a_table(nvim: Neovim, small_shop: Path) -> None:
    sql_file(small_shop, "create view cities as\nselect city from customers;\n", "views.sql")
    open_sql(nvim, small_shop, "select c.email from customers c\n")
    nvim.caret_on("customers")
    nvim.type("gri")
    found = quickfix(nvim, "LSP locations")
    assert sorted(it.partition(":")[0] for it in found) == ["buyers.sql", "views.sql"]


def test_calls_are_where_data_come_from_and_go_to(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "with c as (select city from customers)\nselect city from c\n")
    for way, place in (
        ("outgoing", "customers.sql:1:29: customers"),
        ("incoming", "query.sql:2:18"),
    ):
        nvim.caret_on("c as")
        nvim.lua(f"vim.lsp.buf.{way}_calls()")
        [found] = quickfix(nvim, "LSP call hierarchy")
        assert found.startswith(place)
        nvim.command("cclose | call setqflist([], 'f')")


def test_highlights_of_one_name(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c.email from customers c where c.email > '' and 'c' > ''\n")
    nvim.caret_on("c.email")
    nvim.lua("vim.lsp.buf.document_highlight()")
    assert nvim.wait(MARKED, "nvim.lsp.references") == ["7 c", "30 c", "38 c"]
    nvim.lua("vim.lsp.buf.clear_references()")


def test_outline(nvim: Neovim, small_shop: Path) -> None:
    open_sql(
        nvim, small_shop, "with c as (select city from customers)\nselect city from c;\nselect 2\n"
    )
    nvim.type("gO")
    items = nvim.wait(
        """
        local items = vim.fn.getloclist(0)
        return #items > 0 and vim.tbl_map(function(it) return it.lnum .. ' ' .. it.text end, items)
        """
    )
    assert items[1:4] == ["1 [Struct] c", "1 [Field] city", "2 [Field] city"]
    assert items[4] == "3 [Event] select 2"


def test_symbols_of_the_workspace(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select 1\n")
    nvim.lua("vim.lsp.buf.workspace_symbol('cust')")
    assert quickfix(nvim, "Symbols") == [
        "customers.sql:1:1: [Class] customers", "orders.sql:1:1: [Field] customer_id",
    ]  # fmt: skip


def test_folds(nvim: Neovim, small_shop: Path) -> None:
    text = "select 1;\nselect (\n  2\n  + 3\n) as five\nfrom customers;\nselect 3\n"
    open_sql(nvim, small_shop, text)
    nvim.command("setlocal foldmethod=expr foldexpr=v:lua.vim.lsp.foldexpr() foldlevel=1")
    nvim.wait("return vim.fn.foldclosed(3) == 2 and vim.fn.foldclosedend(3) == 5")
    nvim.type("zM")
    nvim.wait("return vim.fn.foldclosedend(3) == 6 and vim.fn.foldclosed(7) == -1")


def test_selections_grow(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select 1;\nselect lower(c.email) from customers c\n")
    line = nvim.lines()[1]
    place = {"line": 1, "character": line.index("mail")}
    [at] = asked(nvim, "textDocument/selectionRange", positions=[place])
    selected: list[str] = []
    while len(selected) < 4:
        selected.append(line[at["range"]["start"]["character"] : at["range"]["end"]["character"]])
        at = at["parent"]
    assert selected == ["email", "c.email", "(c.email)", "lower(c.email)"]


def test_semantic_tokens(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select lower(c.email) from customers c\n")
    tokens = nvim.wait(
        """
        local found = {}
        for column = 0, 37 do
          for _, token in ipairs(vim.lsp.semantic_tokens.get_at_pos(0, 0, column) or {}) do
            if token.start_col == column then
              table.insert(found, column .. ' ' .. token.type)
            end
          end
        end
        return #found > 0 and found
        """
    )
    assert tokens == ["7 function", "13 variable", "15 property", "27 class", "37 variable"]


def test_inlay_hints(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c.email as mail from customers c order by 1\n")
    nvim.lua("vim.lsp.inlay_hint.enable(true, { bufnr = 0 })")
    hints = nvim.wait(
        """
        local hints = vim.lsp.inlay_hint.get({ bufnr = 0 })
        return #hints > 0 and vim.tbl_map(function(it)
          return it.inlay_hint.position.character .. ' ' .. it.inlay_hint.label
        end, hints)
        """
    )
    assert hints == ["22 : TEXT", "50 mail"]


def test_links_of_a_glossary(nvim: Neovim, small_shop: Path) -> None:
    nvim.open(small_shop / "glossary.md")
    nvim.wait("return require('defog').client() ~= nil")
    [link] = asked(nvim, "textDocument/documentLink")
    assert link["range"]["start"]["character"] == nvim.lines()[0].index("customers`")
    assert asked(nvim, "documentLink/resolve", **link)["target"] == CUSTOMERS


def test_progress_is_shown(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select 1\n")
    nvim.lua(
        """
        progress = {}
        vim.api.nvim_create_autocmd('LspProgress', { callback = function(event)
          local value = event.data.params.value
          table.insert(progress, value.kind .. ' ' .. value.title)
        end })
        """
    )
    nvim.command("Defog refresh")
    title = "Reading the metadata of shop"
    nvim.wait("return progress[#progress] == ...", f"end {title}")
    assert nvim.lua("return progress[1]") == f"begin {title}"


def test_a_cancelled_request_is_not_answered(nvim: Neovim, small_shop: Path) -> None:
    """With a file whose layout takes long enough to be stopped."""
    lines = (f"select  c{it}.email from customers c{it}\n" for it in range(200))
    open_sql(nvim, small_shop, ";\n".join(lines))
    nvim.lua(
        """
        local client = require('defog').client()
        answers, ended = {}, {}
        vim.api.nvim_create_autocmd('LspRequest', { callback = function(event)
          ended[event.data.request_id] = event.data.request.type
        end })
        local params = {
          textDocument = { uri = vim.uri_from_bufnr(0) },
          options = { tabSize = 2, insertSpaces = true },
        }
        local function ask()
          local id, _
          _, id = client:request('textDocument/formatting', params, function(_, edits)
            answers[id] = #edits
          end)
          return id
        end
        cancelled, kept = ask(), nil
        client:cancel_request(cancelled)
        kept = ask()
        """
    )
    nvim.wait("return (answers[kept] or 0) > 0")
    assert nvim.lua("return { ended[cancelled], answers[cancelled] == nil }") == ["complete", True]


def test_settings_change_without_a_restart(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select * from customers\n")
    change = """
        local client = require('defog').client()
        client.settings.defog = ...
        client:notify('workspace/didChangeConfiguration', { settings = client.settings })
        """
    nvim.lua(change, {"rules": {"select-star": "warning"}})
    nvim.wait_for_marks((0, "*", "select-star"))
    nvim.lua(change, {"rules": {"select-star": "off"}})
    nvim.wait_for_marks()
