"""Plots of the results: ``python plots.py results.json FOLDER``, in the peers' environment."""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
# Text stays text, and the same results make the same file.
mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "defog-lsp", "font.size": 9})

from matplotlib import pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.ticker import FuncFormatter, LogLocator  # noqa: E402

_COLOURS = ("#0b6e4f", "#888888", "#c1440e", "#2f6690", "#b08900", "#58b09c", "#7d3c98", "#444444")
_NUMBER = FuncFormatter(lambda number, _: f"{number:,g}")
_COMPLETIONS = ("after an alias dot", "in FROM with a prefix", "in WHERE over a join")


def main() -> None:
    document = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(it["contender"] for it in document["cells"]))
    colours = dict(zip(names, _COLOURS, strict=False))

    figure, panels = plt.subplots(1, 3, figsize=(9, 3.4), sharey=True)
    for panel, what in zip(panels, _COMPLETIONS, strict=True):
        _lines(panel, _by_tables(document, what), colours)
        panel.set(title=what, xlabel="tables")
    panels[0].set_ylabel("ms, median")
    _save(figure, folder / "completion.svg")

    figure, panel = plt.subplots(figsize=(6, 3.4))
    _lines(panel, _by_lines(document), colours)
    panel.set(xlabel="lines of the file", ylabel="ms, median")
    _save(figure, folder / "edits.svg")

    figure, panels = plt.subplots(1, 3, figsize=(9, 3.4))
    started = ("start to initialize", "start to the first right completion")
    for panel, what in zip(panels, started, strict=False):
        _lines(panel, _by_tables(document, what), colours)
        panel.set(title=what, xlabel="tables", ylabel="ms, median")
    _lines(panels[2], _memory(document), colours)
    panels[2].set(title="memory", xlabel="tables", ylabel="MiB, resident")
    _save(figure, folder / "start.svg")


Lines = dict[str, list[tuple[int, float]]]


def _by_tables(document: dict[str, Any], what: str) -> Lines:
    found: Lines = {}
    for it in document["cells"]:
        if it["what"] == what and it["tables"] and not it["problem"] and it["median_ms"]:
            found.setdefault(it["contender"], []).append((it["tables"], it["median_ms"]))
    return found


def _by_lines(document: dict[str, Any]) -> Lines:
    """Of ours, the largest catalog; of a peer, the one that it was measured with."""
    newest: dict[tuple[str, int], float] = {}
    for it in sorted(document["cells"], key=lambda it: it["tables"]):
        start, _, rest = it["what"].partition(", ")
        if start == "edit to diagnostics" and not it["problem"] and it["median_ms"]:
            newest[it["contender"], int(rest.split()[0].replace(",", ""))] = it["median_ms"]
    found: Lines = {}
    for (name, lines), median in newest.items():
        found.setdefault(name, []).append((lines, median))
    return found


def _memory(document: dict[str, Any]) -> Lines:
    found: Lines = {}
    for it in document["memory"]:
        if it["when"] == "after all requests" and it["tables"]:
            found.setdefault(it["contender"], []).append((it["tables"], it["resident_mib"]))
    return found


def _lines(panel: Axes, lines: Lines, colours: dict[str, str]) -> None:
    for name, points in lines.items():
        ours = name == "defog-lsp"
        panel.loglog(
            *zip(*sorted(points), strict=True),
            marker="o",
            markersize=4,
            linewidth=2.5 if ours else 1.2,
            linestyle="--" if name == "floor" else "-",
            color=colours.get(name),
            label=name,
        )
    panel.minorticks_off()
    panel.set_xticks(sorted({it for points in lines.values() for it, _ in points}))
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=12))
    panel.xaxis.set_major_formatter(_NUMBER)
    panel.yaxis.set_major_formatter(_NUMBER)
    panel.grid(visible=True, which="major", linewidth=0.3)


def _save(figure: Any, path: Path) -> None:
    labels = {}
    for panel in figure.axes:
        labels.update(dict(zip(*reversed(panel.get_legend_handles_labels()), strict=True)))
    figure.legend(labels.values(), labels.keys(), loc="lower center", ncols=4, frameon=False)
    figure.tight_layout(rect=(0, 0.14, 1, 1))
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
