"""What Neovim changes with the server: completion, names, layout, mends, lenses, files.

Where the Neovim of the tests has no way of its own to ask, its client asks as a plugin would.
"""

from pathlib import Path

import pytest

from tests.editors.nvim import Neovim
from tests.editors.nvim_shop import asked, open_sql

SHOW_THE_MENU = "vim.o.completeopt = 'menuone,noselect,popup'"
COMPLETION = f"""
{SHOW_THE_MENU}
vim.lsp.completion.enable(true, require('defog').client().id, 0, {{ autotrigger = true }})
"""
# What is chosen in the menu, if it is another than that.
CHOSEN = """
local info = vim.fn.complete_info({ 'items', 'selected' })
local it = info.items[info.selected + 1]
return it and it.abbr ~= ... and it.abbr
"""
APPLY = "vim.lsp.util.apply_text_edits(..., vim.api.nvim_get_current_buf(), 'utf-8')"


def wait_for_line(nvim: Neovim, text: str) -> None:
    nvim.wait("return vim.api.nvim_get_current_line() == ...", text)


def accept(nvim: Neovim, label: str) -> None:
    """Go down the menu to *label*, and take it."""
    nvim.wait("return vim.fn.pumvisible() == 1")
    chosen = ""
    for _ in range(20):
        nvim.type("<C-n>")
        chosen = nvim.wait(CHOSEN, chosen)
        if chosen == label:
            nvim.type("<C-y>")
            return
    raise AssertionError(f"{label} is not offered")


def test_omnifunc_offers_the_columns_of_an_alias(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select '😀', c. from customers c\n")
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
    wait_for_line(nvim, "select '😀', c.city from customers c")


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("select 1 from customers c join ", "orders o ON o.customer_id = c.id"),
        ("select 1 from customers c where c.city i", "is not null"),
        ('select * from "gi', '"gift cards"'),
    ],
)
def test_omnifunc_puts_in_more_than_a_word(
    nvim: Neovim, small_shop: Path, written: str, label: str
) -> None:
    """Also where nothing hears of what was taken from the menu."""
    open_sql(nvim, small_shop, written + "\n")
    nvim.lua(SHOW_THE_MENU)
    nvim.type("A<C-x><C-o>")
    accept(nvim, label)
    wait_for_line(nvim, written.rpartition(" ")[0] + " " + label)


def test_completion_resolves_what_it_shows(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c from customers c\n")
    nvim.lua(COMPLETION)
    nvim.caret_on(" from")
    nvim.type("i.")  # what is typed opens the menu
    nvim.wait("return vim.fn.pumvisible() == 1")
    chosen = ""
    while chosen != "email":
        nvim.type("<C-n>")
        chosen = nvim.wait(CHOSEN, chosen)
    shown = nvim.wait(
        """
        local window = vim.fn.complete_info({ 'selected' }).preview_winid
        return window and vim.api.nvim_win_is_valid(window)
          and vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
        """
    )
    assert "Where the invoice goes." in "\n".join(shown)
    nvim.type("<C-y>")
    wait_for_line(nvim, "select c.email from customers c")


@pytest.mark.parametrize(
    ("written", "label", "expected"),
    [
        # A join has its condition.
        (
            "select 1 from customers c join ord",
            "orders o ON o.customer_id = c.id",
            "select 1 from customers c join orders o ON o.customer_id = c.id",
        ),
        # A function has a place for its argument.
        ("select low", "lower", "select lower(string)"),
        # The column of a table that is not in FROM brings it.
        ("select customers.ema", "email", "select customers.email from customers"),
        ("select 1 from customers c where c.city i", "is null", "select 1 from customers c where c.city is null"),
    ],
)  # fmt: skip
def test_completion_puts_in_what_belongs_to_a_name(
    nvim: Neovim, small_shop: Path, written: str, label: str, expected: str
) -> None:
    open_sql(nvim, small_shop, written + "\n")
    nvim.lua(COMPLETION)
    nvim.type("A")
    nvim.wait("return vim.api.nvim_get_mode().mode == 'i'")
    nvim.lua("vim.lsp.completion.get()")
    accept(nvim, label)
    wait_for_line(nvim, expected)


def test_marks_follow_edits(nvim: Neovim, small_shop: Path) -> None:
    """Edits at several places, as changes, leave the server with the text that Neovim has."""
    open_sql(nvim, small_shop, "select c.emial\nfrom customers c;\n")
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


def test_a_code_action_mends_a_mistake(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select '😀', c.emial, c.city from customers c\n")
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
    nvim.type("gra")
    wait_for_line(nvim, "select '😀', c.email, c.city from customers c")
    nvim.wait_for_marks()
    assert "Ignore unknown-column for this line" in nvim.lua("return vim.g.offered")


def test_fix_all_needs_no_question(nvim: Neovim, small_shop: Path) -> None:
    """What people run when they save."""
    open_sql(nvim, small_shop, "select c.emial\nfrom customers c\nwhere c.city = null\n")
    nvim.wait_for_marks((0, "emial", "unknown-column"), (2, "c.city = null", "null-comparison"))
    nvim.lua(
        """
        vim.lsp.buf.code_action({ context = { only = { 'source.fixAll' } }, apply = true })
        """
    )
    nvim.wait_for_marks()
    assert nvim.lines() == ["select c.email", "from customers c", "where c.city is null"]


def test_renaming_begins_with_the_name(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c.email, 'c' from customers c\n")
    nvim.lua(
        """
        vim.ui.input = function(options, answered)
          vim.g.asked = options.default
          answered('buyer')
        end
        """
    )
    nvim.caret_on("c.email")
    nvim.type("grn")
    wait_for_line(nvim, "select buyer.email, 'c' from customers buyer")
    assert nvim.lua("return vim.g.asked") == "c"


def test_names_that_are_edited_together(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select c.email from customers c\n")
    nvim.caret_on("c.email")
    linked = asked(nvim, "textDocument/linkedEditingRange")
    assert [it["start"]["character"] for it in linked["ranges"]] == [7, 30]
    if nvim.lua("return vim.lsp.linked_editing_range ~= nil"):
        nvim.lua("vim.lsp.linked_editing_range.enable(true)")
        nvim.type("clbuyer<Esc>")
        wait_for_line(nvim, "select buyer.email from customers buyer")


def test_formatting_of_a_part_and_of_the_whole(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select  1;\nselect  2;\nselect  3;\n")
    nvim.type("jVgq")
    nvim.wait("return vim.api.nvim_buf_get_lines(0, 1, 2, true)[1] == 'select 2;'")
    assert nvim.lines() == ["select  1;", "select 2;", "select  3;"]
    nvim.lua("vim.lsp.buf.format()")
    assert nvim.lines() == ["select 1;", "select 2;", "select 3;"]


def test_a_semicolon_lays_out_its_statement(nvim: Neovim, small_shop: Path) -> None:
    open_sql(nvim, small_shop, "select  1;\n\n")
    by_itself = nvim.lua("return vim.lsp.on_type_formatting ~= nil")
    if by_itself:
        nvim.lua("vim.lsp.on_type_formatting.enable(true)")
    nvim.type("Goselect  2;")
    if not by_itself:
        wait_for_line(nvim, "select  2;")
        options = {"tabSize": 2, "insertSpaces": True}
        nvim.lua(APPLY, asked(nvim, "textDocument/onTypeFormatting", ch=";", options=options))
    wait_for_line(nvim, "select 2;")
    assert nvim.lines()[0] == "select  1;"


def test_a_lens_is_shown_and_run(nvim: Neovim, small_shop: Path) -> None:
    text = "with c as (\n  select city\n  from customers\n), d as (select 1)\nselect city\nfrom c, orders\n"
    open_sql(nvim, small_shop, text)
    nvim.lua("vim.lsp.codelens.refresh({ bufnr = 0 })")
    lenses = nvim.wait(
        """
        local lenses = vim.lsp.codelens.get(0)
        return #lenses > 0 and vim.tbl_map(function(it) return it.command.title end, lenses)
        """
    )
    assert lenses == ["reads orders, customers", "unused CTE · Remove d"]
    nvim.caret_on("), d")
    nvim.lua("vim.lsp.codelens.run()")
    wait_for_line(nvim, ")")
    assert nvim.lines() == [*text.splitlines()[:3], ")", *text.splitlines()[4:]]


def test_files_that_are_moved_are_named_as_before(nvim: Neovim, small_shop: Path) -> None:
    """As plugins for files do it; Neovim itself moves none."""
    open_sql(nvim, small_shop, "select 1\n")
    old, new = small_shop / "glossary.md", small_shop / "words.md"
    moved = [{"oldUri": old.as_uri(), "newUri": new.as_uri()}]
    edit = asked(nvim, "workspace/willRenameFiles", files=moved)
    nvim.lua("vim.lsp.util.apply_workspace_edit(..., 'utf-8')", edit)
    nvim.open(small_shop / "defog.toml")
    assert 'glossary = ["words.md"]' in nvim.lines()
    nvim.command("edit!")
