import io

from defog_lsp.cli.progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_and_is_left_clean() -> None:
    stream = Terminal()
    with progress_bar(stream) as progress:
        assert progress is not None
        progress(0, 4, "reading columns")
        progress(4, 4, "done")
    drawn = stream.getvalue().split("\r\x1b[K")
    assert drawn == ["", f"[{'.' * 24}] 0/4 reading columns", f"[{'#' * 24}] 4/4 done", ""]


def test_an_unknown_total_is_a_count() -> None:
    stream = Terminal()
    with progress_bar(stream) as progress:
        assert progress is not None
        progress(1234, None, "tables")
    assert "1,234 tables" in stream.getvalue()


def test_nothing_is_drawn_where_nobody_looks() -> None:
    stream = io.StringIO()
    with progress_bar(stream) as progress:
        assert progress is None
    assert stream.getvalue() == ""
