"""A password that Neovim asks for: how it is given and not given, and where it does not get to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.nvim import Neovim
from tests.editors.nvim_shop import asked, sql_file
from tests.support.asking import asking_workspace, files_with
from tests.support.databases import Server

PROMPT = "Password of postgres for dwh on 127.0.0.1: "
REFUSED = "The database refused the last one. "
NONE_GIVEN = "No password was given. Refreshing the metadata asks for it again."
WRONG = "n0t the passw0rd"
# The server has answered whatever was asked of it, so it waits for nobody.
IDLE = "return next(require('defog').client().requests) == nil and vim.fn.getcmdprompt() == ''"


@pytest.fixture
def nvim(tmp_path: Path) -> Iterator[Neovim]:
    editor = Neovim(tmp_path / "home")
    try:
        yield editor
    finally:
        editor.type("<C-c>")  # a question would keep it
        editor.close()


@pytest.fixture
def query(tmp_path: Path, postgres_server: Server) -> Path:
    dwh = asking_workspace(tmp_path / "dwh", postgres_server)
    return sql_file(dwh, "select o.total,\n  o.id\nfrom orders o\n")


def wait_for_question(nvim: Neovim, prompt: str) -> None:
    nvim.wait("return vim.fn.getcmdprompt() == ...", prompt)


def wait_for_status(nvim: Neovim, state: str, message: str) -> None:
    nvim.wait(
        """
        local status = require('defog').statuses()[1]
        return status and vim.deep_equal({ status.state, status.message }, ...)
        """,
        [state, message],
    )


def test_whoever_cancels_gives_none(nvim: Neovim, query: Path) -> None:
    nvim.show()
    nvim.lua("require('defog').setup()")
    nvim.open(query)
    for keys in ("abc<Esc>", "abc<C-c>", "<C-c>", "<CR>"):
        wait_for_question(nvim, PROMPT)
        # Neovim and the server go on meanwhile.
        assert len(asked(nvim, "textDocument/foldingRange")) == 1
        nvim.type(keys)
        nvim.wait(IDLE)
        wait_for_status(nvim, "none", NONE_GIVEN)
        assert nvim.lua("return vim.api.nvim_get_mode()") == {"mode": "n", "blocking": False}
        nvim.command("Defog refresh")
    wait_for_question(nvim, PROMPT)


def test_what_is_typed_is_nowhere(
    nvim: Neovim, query: Path, postgres_server: Server, tmp_path: Path, private_home: Path
) -> None:
    """Neither on the screen nor in a file: not in Neovim's own log, whatever it is to have."""
    password = postgres_server.password
    history = tmp_path / "home/main.shada"
    nvim.show()
    nvim.lua("vim.lsp.log.set_level('trace'); require('defog').setup()")
    nvim.command(f"set shadafile={history} undofile")
    nvim.open(query)
    for given, prompt in ((WRONG, PROMPT), (password, REFUSED + PROMPT)):
        wait_for_question(nvim, prompt)
        nvim.type(given)
        shown = prompt + "*" * len(given)
        nvim.wait("return vim.fn.screenstring(vim.o.lines, ...) == '*'", len(shown))
        assert nvim.screen()[-1] == shown
        nvim.type("<CR>")
    wait_for_status(nvim, "ready", "connection dwh")
    nvim.wait(IDLE)
    nvim.command("messages clear | Defog refresh")
    nvim.wait(IDLE)
    nvim.command("Defog forget-passwords")
    nvim.wait("return vim.fn.execute('messages'):find('passwords are asked for again')")
    nvim.command("Defog refresh")
    wait_for_question(nvim, PROMPT)
    nvim.type("<Esc>")
    nvim.wait(IDLE)
    assert not any(PROMPT in it or "*" in it for it in nvim.screen())
    nvim.command("write | wshada!")
    assert history.exists()
    log = Path(nvim.lua("return vim.lsp.log.get_filename()")).read_text()
    assert "rpc.send" in log.rpartition("defog/secret")[2], "the log goes on after the answer"
    for it in (password, WRONG):
        for command in ("messages", "history all", "registers", "let"):
            assert it not in nvim.command(command)
        assert not files_with(it, tmp_path, private_home)
