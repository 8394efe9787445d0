"""The recipes of docs/editors.md that it calls tested: the very text, in the real editors."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.editors.kate import Kate, open_kate
from tests.support.tools import REPOSITORY, require

QUERY = "select '😀', c.emial from customers c;\nselect c.email from customers c\n"


@pytest.fixture
def query(tmp_path: Path) -> Path:
    """An SQL file with one mistake, in a folder below the one with ``defog.toml``."""
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection, connection:
        connection.execute("create table customers (id integer primary key, email varchar(80))")
    (tmp_path / "defog.toml").write_text(
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
    )
    path = tmp_path / "queries/query.sql"
    path.parent.mkdir()
    path.write_text(QUERY, encoding="utf-8")
    return path


def recipe(heading: str) -> str:
    """The first code block under *heading* in docs/editors.md."""
    document = (REPOSITORY / "docs/editors.md").read_text()
    found = re.search(
        rf"^## {re.escape(heading)}$.*?^```\w+\n(.*?)^```", document, re.DOTALL | re.MULTILINE
    )
    assert found, f"no code block under {heading}"
    return found[1]


def run(command: Sequence[str | Path], home: Path) -> str:
    """Run an editor with the server of this environment on PATH and a home of its own."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        command, cwd=home, env={**os.environ, "HOME": str(home), "PATH": path},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    return output


def emacs(program: Path, script: str, home: Path) -> str:
    file = home / "script.el"
    file.write_text(script, encoding="utf-8")
    return run([program, "--batch", "-l", "package", "-f", "package-initialize", "-l", file], home)


def test_eglot(query: Path, tmp_path: Path) -> None:
    output = emacs(
        require("emacs"),
        recipe("Emacs with eglot")
        + f"""
(require 'eglot)
(setq eglot-sync-connect t)
(find-file "{query}")
(unless (memq #'eglot-ensure sql-mode-hook) (error "the hook is missing"))
(call-interactively #'eglot)
(let ((left 300))
  (while (and (> left 0) (null (flymake-diagnostics)))
    (flymake-start)
    (accept-process-output nil 0.1)
    (setq left (1- left))))
(dolist (it (flymake-diagnostics))
  (princ (format "MARK %s: %s\\n"
    (buffer-substring (flymake-diagnostic-beg it) (flymake-diagnostic-end it))
    (flymake-diagnostic-text it))))
(goto-char (point-max))
(search-backward "email")
(princ (format "HOVER %S\\n" (jsonrpc-request (eglot-current-server) :textDocument/hover
                                             (eglot--TextDocumentPositionParams))))
(princ (format "OFFERED %S\\n" (all-completions "" (nth 2 (eglot-completion-at-point)))))
(goto-char (point-min))
(search-forward "customers c")
(backward-char 3)
(let ((server (eglot-current-server)))
  (call-interactively #'xref-find-definitions)
  (princ (format "DEFINED %S\\n" (buffer-substring (line-beginning-position) (line-end-position))))
  (eglot-shutdown server))
""",
        tmp_path,
    )
    assert "MARK emial: " in output
    assert output.count("MARK ") == 1
    assert re.search(r"HOVER .*varchar", output, re.IGNORECASE | re.DOTALL)
    assert re.search(r"OFFERED .*email", output)
    assert re.search(r"DEFINED .*create table.*customers", output, re.IGNORECASE)


def test_lsp_mode(query: Path, tmp_path: Path) -> None:
    output = emacs(
        require("emacs-lsp-mode"),
        f"""
(require 'lsp-mode)
(setq lsp-session-file "{tmp_path}/session" lsp-auto-guess-root t lsp-enable-snippet nil
      lsp-diagnostics-provider :none)
(make-directory "{tmp_path}/.git")
"""
        + recipe("Emacs with lsp-mode")
        + f"""
(find-file "{query}")
(let ((left 300))
  (while (and (> left 0) (zerop (hash-table-count (lsp-diagnostics))))
    (accept-process-output nil 0.1)
    (setq left (1- left))))
(maphash (lambda (file marks) (dolist (it marks)
  (princ (format "MARK %s\\n" (gethash "message" it))))) (lsp-diagnostics))
(goto-char (point-max))
(search-backward "email")
(princ (format "HOVER %s\\n" (gethash "value" (gethash "contents"
  (lsp-request "textDocument/hover" (lsp--text-document-position-params))))))
(princ (format "OFFERED %S\\n" (all-completions "" (nth 2 (lsp-completion-at-point)))))
(goto-char (point-min))
(search-forward "customers c")
(backward-char 3)
(let ((workspace (car (lsp-workspaces))))
  (lsp-find-definition)
  (princ (format "DEFINED %S\\n" (buffer-substring (line-beginning-position) (line-end-position))))
  (lsp-workspace-shutdown workspace))
""",
        tmp_path,
    )
    assert re.findall(r"^MARK .*$", output, re.MULTILINE) != []
    assert output.count("MARK ") == 1
    assert "emial" in output
    assert re.search(r"HOVER .*varchar", output, re.IGNORECASE | re.DOTALL)
    assert re.search(r"OFFERED .*email", output)
    assert re.search(r"DEFINED .*create table.*customers", output, re.IGNORECASE)


def test_ale(query: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.vim"
    script.write_text(
        "set nocompatible\npackadd ale\nfiletype plugin on\n"
        + recipe("Vim with ALE")
        + f"""
edit {query}
let g:left = 300
while g:left > 0 && empty(ale#engine#GetLoclist(bufnr('%')))
  sleep 100m
  let g:left -= 1
endwhile
let g:found = map(copy(ale#engine#GetLoclist(bufnr('%'))),
  \\ {{_, it -> [it.lnum, it.col, get(it, 'end_col'), it.code, it.text]}})
call writefile([json_encode(g:found)], '{tmp_path}/found')

function! Wait(what) abort
  let g:left = 300
  while g:left > 0 && !eval(a:what)
    sleep 100m
    let g:left -= 1
  endwhile
endfunction

function! Previewed() abort
  let l:shown = filter(tabpagebuflist(), {{_, it -> getbufvar(it, '&filetype') =~# 'ale-preview'}})
  return empty(l:shown) ? '' : join(getbufline(l:shown[0], 1, '$'), "\\n")
endfunction

call cursor(2, 22)
ALEHover
call Wait('!empty(Previewed())')
call writefile([json_encode(Previewed())], '{tmp_path}/hovered')
pclose
function! KeepOffered() abort
  call ale#completion#GetCompletions('ale-omnifunc')
  call Wait('ale#completion#GetCompletionResult() isnot v:null')
  let g:offered = map(copy(ale#completion#GetCompletionResult()), {{_, it -> it.word}})
  return ''
endfunction

call cursor(2, 10)
execute "normal! i\\<C-r>=KeepOffered()\\<CR>"
call writefile([json_encode(g:offered)], '{tmp_path}/offered')
call cursor(2, 22)
ALEGoToDefinition
call Wait('bufname("%") !~# "query.sql"')
call writefile([getline('.')], '{tmp_path}/defined')
call ale#lsp#StopAll()
quitall!
""",
        encoding="utf-8",
    )
    run([require("vim-ale"), "-u", "NONE", "-N", "-es", "-S", script], tmp_path)
    found = (tmp_path / "found").read_text()
    assert "varchar" in (tmp_path / "hovered").read_text().lower()
    assert "email" in json.loads((tmp_path / "offered").read_text())
    assert re.match(r"create table.*customers", (tmp_path / "defined").read_text(), re.IGNORECASE)
    column = QUERY.index("emial") + 1
    assert re.fullmatch(rf'\[\[1,{column + 1},\d+,"unknown-column",".*emial.*"\]\]\s*', found)


def offered(kate: Kate) -> list[str]:
    answer = kate.answered("textDocument/completion") or {"items": []}
    return [it["label"] for it in answer["items"]]


def test_kate(query: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with open_kate(home) as kate:
        kate.open(query, recipe("Kate"))
        [mark] = kate.until(kate.published, "diagnostics")
        assert mark["code"] == "unknown-column"
        start = QUERY.index("emial") + 1  # in UTF-16
        assert mark["range"]["start"] == {"line": 0, "character": start}
        [greeting] = kate.sent("initialize")
        assert greeting["params"]["rootUri"] == tmp_path.as_uri()
        [opened] = kate.sent("textDocument/didOpen")
        assert opened["params"]["textDocument"]["languageId"] == "sql"

        kate.focus()
        kate.press("Down", "End")
        kate.type(" where c.em")
        kate.until(lambda: "email" in offered(kate), "completion")
        kate.until(lambda: len(kate.windows()) > 1, "the list of what is offered")
        left, below = kate.place_of_list()
        kate.press("Return", "ctrl+s")
        expected = QUERY.rstrip() + " where c.email\n"
        kate.until(lambda: query.read_text(encoding="utf-8") == expected, "the query to be saved")
        hovered = kate.hover(left + 20, below - 10)
        assert "varchar" in hovered["contents"]["value"].lower()
    [_] = kate.sent("shutdown")
